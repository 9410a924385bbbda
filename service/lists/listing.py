"""A listing: one entry of one list, as its publisher printed it."""

import re
from datetime import date
from functools import lru_cache
from typing import Literal

import msgspec

EntityType = Literal["person", "organisation", "vessel", "aircraft"]
NameKind = Literal["primary", "alias", "weak_alias", "former"]


class Name(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One printed name.

    `text` is as printed, trimmed; `kind` says how sure the publisher is of the name; `language`
    is the language or script that the publisher gives, else None.
    """

    text: str
    kind: NameKind
    language: str | None = None


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One address; `text` is the whole address on one line, the other fields its parts.

    `country` is an ISO 3166-1 alpha-2 code where the printed country could be read as one;
    `text` always contains the printed words.
    """

    text: str
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    note: str | None = None


class Identifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A number or code that somebody issued: `kind` and `value` as printed, `country` alpha-2."""

    kind: str
    value: str
    country: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    note: str | None = None


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Anything else printed on an entry: `kind` is our snake_case word, `value` as printed.

    For example `date_of_birth`, `place_of_birth`, `nationality`, `title`, `vessel_type`.
    """

    kind: str
    value: str


class Listing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One entry of one list.

    `id` is ours and stays the same from edition to edition: `<list_code>-<key>`, where the key is
    the publisher's lasting number, or a digest of the primary name where there is none.
    `entry_id` is the publisher's own id as printed, if any. `names` holds exactly one primary
    name, first. `countries` are ISO alpha-2 codes in order of appearance, without repeats.
    `listed_on` is the day the entry took effect, `expires_on` the last day of its own term
    (as of a denial order), `delisted_on` the day its publisher removed it; each is None where the
    publisher does not say. `unread` is the reason why no more than its names could be read, None
    for a listing that was read whole; what an unread one means is unknown.
    """

    id: str
    list_code: str
    names: tuple[Name, ...]
    entity_type: EntityType | None = None
    entry_id: str | None = None
    addresses: tuple[Address, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    programmes: tuple[str, ...] = ()
    licence_requirement: str | None = None
    licence_review_policy: str | None = None
    citations: tuple[str, ...] = ()
    listed_on: date | None = None
    expires_on: date | None = None
    delisted_on: date | None = None
    remarks: str | None = None
    facts: tuple[Fact, ...] = ()
    source_url: str | None = None
    information_url: str | None = None
    unread: str | None = None

    @property
    def primary_name(self) -> str:
        """The primary name as printed."""
        return self.names[0].text


# --- Licence terms: what a list prints on licences for one party, in structured form.

RequirementScope = Literal["all_items", "named_items"]
PolicyKind = Literal[
    "presumption_of_denial",
    "policy_of_denial",
    "case_by_case",
    "presumption_of_approval",
    "under_named_section",
]

# The size of the caches of texts read. All editions seen print 196 different texts.
REMEMBERED_TEXTS = 4096

# The paragraphs on foreign-produced items that hold for the entries of one footnote alone.
# The paragraph of footnote 1 was 736.2(b)(3)(vi) until 2022-02-03.
_FOOTNOTE_OF_SECTION = {
    "736.2(b)(3)(vi)": "1",
    "734.9(e)(1)": "1",
    "734.9(g)": "3",
    "734.9(e)(2)": "4",
    "734.9(e)(3)": "5",
}
# A superscript number loses its position: `734.9(g),3 746.8`, `734.9(e)1 and 744.11`,
# `of the EAR)4.`, `of the EAR2`. `EAR99` is a class of items and no footnote.
_MARK = re.compile(
    r"734\.9\([a-z]\)(?:\(\d\))?,? ?(?P<after_section>\d)(?!\d)"
    r"|\bEAR ?\) ?(?P<after_bracket>\d)(?![\w])"
    r"|\bEAR ?(?P<at_end>\d)\W*$"
    r"|\bfootnote (?P<in_words>\d{1,2})\b",
    re.IGNORECASE,
)


class LicenceRequirement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What needs a licence, in the printed words.

    `scope` is `all_items` for all items subject to the EAR, `named_items` for only those that
    `items` names. With `used_in`, the requirement holds only for items used there. What
    `except_for` names needs no licence under this entry. `overcome_by` is the licence exception
    that may be used. `extends_to` says where else the requirement holds.
    """

    scope: RequirementScope
    items: str
    used_in: str | None = None
    except_for: str | None = None
    overcome_by: str | None = None
    extends_to: str | None = None


class ReviewPolicy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a licence application is reviewed.

    `applies_to` names the items or uses in printed words; None means everything that needs a
    licence and is named by no other policy. The kind `under_named_section` means that the entry
    states no policy and refers to the sections among the references.
    """

    kind: PolicyKind
    applies_to: str | None = None


class LicenceTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a list prints on licences for one party, in words and in structure.

    `requirement_text` and `policy_text` are as printed, None where nothing is printed. A text is
    read whole or not at all: `unread` True means that one of the two could not be read with
    certainty, so that `requirement` is None, or nothing of `policy_text` is among the policies.
    Treat such terms as a licence requirement for all items under a presumption of denial, and
    show the text.

    `policies` are in printed order; empty with `unread` False means that none is printed.
    `footnotes` are numbers of the list's own footnotes, ascending, among them those of the
    foreign-direct-product rules (see `footnotes_in`). `references` are sections of the
    regulations, such as `15 CFR 744.11`, in order of appearance. `includes_subsidiaries` is True
    where the entry itself says that it extends to subsidiaries, units or affiliates that it does
    not name.
    """

    requirement_text: str | None
    policy_text: str | None
    requirement: LicenceRequirement | None
    policies: tuple[ReviewPolicy, ...]
    footnotes: tuple[str, ...]
    references: tuple[str, ...]
    includes_subsidiaries: bool
    unread: bool


@lru_cache(maxsize=REMEMBERED_TEXTS)
def footnotes_in(text: str) -> tuple[str, ...]:
    """Return the numbers of the footnotes that a printed text refers to, ascending, each once.

    A footnote is recognised by its number, or by the section on foreign-produced items that
    holds for its entries alone: 15 CFR 734.9(e)(1) for 1, (g) for 3, (e)(2) for 4, (e)(3) for 5.
    Some prints have lost the number, and the section means the same.
    """
    line = " ".join(text.split())
    marked = {mark[mark.lastgroup or 0] for mark in _MARK.finditer(line)}
    named = {number for section, number in _FOOTNOTE_OF_SECTION.items() if section in line}
    return tuple(sorted(marked | named, key=int))


def footnotes_of(listing: Listing) -> tuple[str, ...]:
    """Return the numbers of all footnotes that a listing refers to, ascending, each once."""
    terms = (listing.licence_requirement, listing.licence_review_policy, listing.remarks)
    texts = [text for text in (*terms, *listing.citations) if text is not None]
    # `3: For this entity, …`, as the reader of the list's own authority writes it
    marks = [fact.value.partition(":")[0] for fact in listing.facts if fact.kind == "footnote"]
    found = {number for text in texts for number in footnotes_in(text)}
    return tuple(sorted(found.union(filter(str.isdecimal, marks)), key=int))


# --- Printed codes, citations and names in forms that can be compared.

_FEDERAL_REGISTER = re.compile(
    r"\b(?P<volume>\d{1,3})\s*F\.?\s?R\.?\s*(?P<page>\d{1,6})\b", re.IGNORECASE
)


def programme_form(printed: str) -> str:
    """Return a programme code with each run of white space as one space; case is kept."""
    return " ".join(printed.split())


def name_form(printed: str) -> str:
    """Return a name case-folded, with each run of white space as one space; punctuation stays."""
    return " ".join(printed.split()).casefold()


def citation_forms(printed: str) -> frozenset[str]:
    """Return the acts that one printed citation names.

    Federal Register pages come out as `90 FR 4617`, however they are punctuated, dated or joined
    (`90 F.R. 4617 1/16/25; 87 FR 34136`). Any other citation comes out whole, by `name_form`.
    """
    found = _FEDERAL_REGISTER.finditer(printed)
    pages = frozenset(f"{match['volume']} FR {match['page']}" for match in found)
    return pages or frozenset({name_form(printed)})
