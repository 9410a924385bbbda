"""What a measure reaches without naming a company: goods, places, persons and uses."""

from typing import Literal

import msgspec

EndUse = Literal[
    "military",
    "military_intelligence",
    "nuclear",
    "missile",
    "chemical_biological",
    "semiconductor_manufacturing",
    "advanced_computing",
    "internal_repression",
    "civil",
]
"""The use to which items are put; `military` includes `military_intelligence`. Further: `nuclear`,
`missile`, `chemical_biological`, `semiconductor_manufacturing`, `advanced_computing`,
`internal_repression`, `civil`."""


class ItemClass(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Items that are controlled together; an item belongs if any word, symbol or code matches."""

    name: str
    """Name of the class, as inside a sentence: `gallium and its compounds`."""
    words: tuple[str, ...] = ()
    """Names of such items in any language. The words of one entry must follow one another in a
    description; case, accents and simple plurals do not matter. Chinese, Japanese and Korean words
    may occur anywhere in it."""
    symbols: tuple[str, ...] = ()
    """Chemical symbols, such as `Dy`, that match only an item with exactly that name."""
    hs: tuple[str, ...] = ()
    """Prefixes of Harmonised System codes, digits only. The first six digits are the same
    everywhere; further digits differ by country and cannot rule an item out."""
    control_codes: tuple[str, ...] = ()
    """Prefixes of entries of the authority's own control list (`3A090`), down to the level at
    which everything is controlled."""


class Reach(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One set of facts under which a measure applies; all that are given must be met.

    `EU` stands for its member states; Hong Kong, Macao and Taiwan have their own codes and are not
    part of `CN`.
    """

    items: tuple[ItemClass, ...] = ()
    """Classes of items, any of which is enough; empty for any item."""
    items_of: str | None = None
    """A class that cannot be listed here (`dual-use items of the Chinese list`): whether an item
    belongs to it stays open unless the item has a control code."""
    annexes: tuple[str, ...] = ()
    """Ids of annexes: an item with a code of one of them belongs as well."""
    goods: tuple[str, ...] = ()
    """Beginnings of the HS codes that such items can have at all (`8542`), or ranges of chapters
    (`84-90`): an item with another HS code is none of them. Empty where nothing is known of
    their codes."""
    origin: tuple[str, ...] = ()
    """Where goods are sent from or, for an `import_ban`, come from: ISO 3166-1 alpha-2; empty for
    anywhere."""
    origin_except: tuple[str, ...] = ()
    """Origins that the measure never reaches."""
    destination: tuple[str, ...] = ()
    """Where goods go: ISO 3166-1 alpha-2; empty for anywhere."""
    destination_except: tuple[str, ...] = ()
    """Destinations that the measure never reaches."""
    end_use: tuple[EndUse, ...] = ()
    """End uses, any of which is enough; empty for any."""
    exporter: tuple[str, ...] = ()
    """Whose persons sell or send it, wherever it is sent from: ISO 3166-1 alpha-2; empty for
    anybody's."""
    us_rules: bool = False
    """True if it reaches only items under US export rules. All that is sent from the United States
    is under them; an item sent from elsewhere may be (15 CFR 734.3)."""
    beyond: str | None = None
    """A fact that no question can contain, as a statement; with one, the answer is at most an open
    question."""
