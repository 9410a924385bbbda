"""What a listing says of who owns its party, in a cell of its own, its name or its remarks.

Only what is said of the party itself counts, in the present: `A subsidiary of …`, `… is the parent
company of …` with one of its own names. Whoever is named so is looked up among the listed names.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.lists.listing import Listing


class OwnerMention(msgspec.Struct, frozen=True, order=True, gc=False):
    """An owner of a listing's party as the listing prints it, and the words that it says it in."""

    name: str
    says: str


# The cells that name an owner, and the words of each.
_CELLS: Mapping[str, str] = MappingProxyType(
    {
        "parent_company": "parent company",
        "current_owner_or_operator": "current owner or operator",
        "vessel_owner": "owner of the ship",
    }
)
# `owner: PSB LIZING OOO (ofac-psb-lizing); role: Linked To`, as exports of graphs have it.
_LINK, _LINK_OWNER = "ownership", re.compile(r"\bowner: (?P<owner>[^;]+?)(?: \([^()]*\))?(?:;|$)")
_OWNED_CELL = "subsidiary"
_NAME = r"(?:the |The )?(?P<owner>[A-Z][^.;,()]*?)(?: \([^()]*\))?"
_OWNER = rf"{_NAME}(?=[.;,)]| [\u2013-] | which\b| who\b| and (?:is|has)\b|$)"
_SELF = r"(?P<self>[^.;,]+?)(?: \([^()]*\))?"
_KIND = r"(?:(?!is |was |not |former |formerly )[\w-]+ ){0,8}?subsidiary of "
_BY = r"wned(?: or controlled)? by "
_HOW = rf"(?:(?:directly|indirectly|wholly|fully|majority)[ -])*o{_BY}"
_IN_NAME = re.compile(rf"\((?:an? )?{_KIND}{_OWNER}", re.IGNORECASE)
_IN_REMARKS = (
    (re.compile(rf"An? {_KIND}{_OWNER}"), "subsidiary of"),
    (re.compile(rf"(?:[Ww]holly[ -]owned )?[Ss]ubsidiary of {_OWNER}"), "subsidiary of"),
    (re.compile(rf"{_SELF} is an? {_KIND}{_OWNER}"), "subsidiary of"),
    (re.compile(rf"{_NAME} is the parent company of {_SELF}(?=[.;,]|$)"), "parent company"),
    (re.compile(rf"{_SELF} is {_HOW}{_OWNER}"), "owned by"),
    (re.compile(rf"[Oo]{_BY}{_OWNER}"), "owned by"),
)
_SENTENCES = re.compile(r"(?<=[.;])\s+")
_MENTIONS = re.compile(r"subsidiary of|parent company of|owned (?:or controlled )?by")
_PRONOUNS = frozenset({"it", "the company", "the entity", "the firm", "the group"})


def owners_said(listing: Listing, is_own: Callable[[str], bool]) -> tuple[OwnerMention, ...]:
    """Return the owners that a listing names, each once; `is_own` tells its own names."""
    found = (*_of_cells(listing), *_of_names(listing), *_of_remarks(listing, is_own))
    return tuple(dict.fromkeys(found))


def owned_said(listing: Listing) -> tuple[str, ...]:
    """Return the names of the companies that a listing says its party owns."""
    return tuple(fact.value for fact in listing.facts if fact.kind == _OWNED_CELL)


def _of_cells(listing: Listing) -> Iterator[OwnerMention]:
    for fact in listing.facts:
        if fact.kind in _CELLS:
            yield OwnerMention(fact.value.strip(), _CELLS[fact.kind])
        elif fact.kind == _LINK and (named := _LINK_OWNER.search(fact.value)) is not None:
            yield OwnerMention(named["owner"].strip(), "owned by")


def _of_names(listing: Listing) -> Iterator[OwnerMention]:
    for name in listing.names:
        found = _IN_NAME.search(name.text) if "(" in name.text else None
        if found is not None:
            yield OwnerMention(found["owner"].strip(), "subsidiary of")


def _of_remarks(listing: Listing, is_own: Callable[[str], bool]) -> Iterator[OwnerMention]:
    remarks = " ".join((listing.remarks or "").split())
    if _MENTIONS.search(remarks) is None:
        return
    for sentence in _SENTENCES.split(remarks):
        for pattern, says in _IN_REMARKS:
            found = pattern.match(sentence)
            whom = None if found is None else found.groupdict().get("self")
            if found is not None and (whom is None or _is_it(whom, is_own)):
                yield OwnerMention(found["owner"].strip(), says)
                break


def _is_it(whom: str, is_own: Callable[[str], bool]) -> bool:
    return whom.casefold() in _PRONOUNS or is_own(whom)
