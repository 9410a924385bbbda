"""What a measure reaches where it names no company: goods, places, uses, and what is owned."""

from decimal import Decimal
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


class ItemClass(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Items that are controlled together; an item belongs to it if any word or code meets.

    `name` is for a reader, as it stands inside a sentence (`gallium and its compounds`).

    `words` are what such items are called in any language. Those of one entry must stand one
    after the other in a description (`graphite` in "graphite electrodes"); case, accents and
    simple plurals do not matter. Chinese, Japanese and Korean ones may stand anywhere in it, so a
    single character finds much. `symbols` (`Dy`) meet only an item that is called just so.

    `hs` are beginnings of Harmonised System codes, digits only. The first six are the same
    everywhere; what follows is each country's own and cannot rule an item out.

    `control_codes` are beginnings of entries of the control list that the measure's authority
    keeps (`3A090`), in its numbering, down to the level at which all is controlled. Some
    authorities number their lists alike, some like nobody else.
    """

    name: str
    words: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    control_codes: tuple[str, ...] = ()


class Reach(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One set of facts that brings a measure into play; all that are given must be met.

    `items` empty: any item. `items_of` names a class nobody can list here (`dual-use items of the
    Chinese list`): whether an item is one of them stays a question, unless it has a control code.
    `origin` and `destination` are ISO 3166-1 alpha-2 codes, empty for any: where goods are sent
    from (of an `import_ban` where they come from), and where they go. `origin_except` and
    `destination_except` are those that it never reaches (`EU`, for what leaves it). `EU` stands
    for its member states; Hong Kong, Macao and Taiwan are themselves and no part of `CN`.
    `end_use`: `military` takes in `military_intelligence`. `beyond` is a fact that no question
    carries, as a statement (`a tenth of a percent of its value is Chinese`), so that a reach with
    one is never more than open.
    """

    items: tuple[ItemClass, ...] = ()
    items_of: str | None = None
    origin: tuple[str, ...] = ()
    origin_except: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    destination_except: tuple[str, ...] = ()
    end_use: tuple[EndUse, ...] = ()
    beyond: str | None = None


class OwnershipTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a rule takes what listed parties own for listed.

    `share` is in percent of ownership: `at_least` or `more_than` that. `aggregate`: the shares
    of several listed owners add up; else each is looked at alone. `control`: control without the
    share is enough. Through a chain, an owner that meets the test itself counts with all it holds.
    `adds_up_if` is what must hold of the listed owners for their shares to add up, as a statement
    (`they stand under the same directive`): it stays a question.
    """

    share: Decimal
    bound: Literal["at_least", "more_than"]
    aggregate: bool
    control: bool
    adds_up_if: str | None = None
