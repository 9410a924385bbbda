"""What a listing prints that says who it is: names, numbers, references, births and places."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import msgspec

from service.lists.listing import EntityType, Listing, NameKind
from service.names.matching import ComparisonForm
from service.screening.identifiers import Number, numbers_in
from service.screening.schemes import UNIQUE


class NamedForms(Protocol):
    """A printed name with its comparison forms."""

    @property
    def kind(self) -> NameKind:
        """How sure the publisher is of the name."""
        ...

    @property
    def forms(self) -> tuple[ComparisonForm, ...]:
        """The comparison forms of the name, the whole name first."""
        ...


type CurrentListing = tuple[Listing, Iterable[NamedForms]]
"""A listing of a newest edition, and its names."""


class KeyedName(msgspec.Struct, frozen=True, gc=False):
    """A name without its legal form, as the key under which equal names meet.

    The key has the canonical words in alphabetical order, so that neither the order of words nor
    a transliteration keeps equal names apart. `weight` is the sum of the weights of the words.
    """

    key: str
    printed: str
    word_count: int
    weight: float
    is_primary: bool
    legal_forms: tuple[str, ...]


class ListingTraits(msgspec.Struct, frozen=True, gc=False):
    """What one listing prints that says who it is.

    `once` has the numbers of each kind that a party has once for life, `births` the birth dates
    that are printed with a day, `years` all years of birth that they allow. `references` are the
    publisher's own and those of other publishers that it prints, each with whose it is.
    `linked_to` names parties to which this one belongs.
    """

    listing_id: str
    list_code: str
    entity_type: EntityType | None
    names: dict[str, KeyedName]
    countries: frozenset[str]
    addresses: tuple[str, ...]
    numbers: tuple[Number, ...]
    once: dict[str, frozenset[str]]
    births: frozenset[str]
    years: frozenset[int]
    references: frozenset[tuple[str, str]]
    programmes: frozenset[str]
    linked_to: tuple[str, ...]

    @property
    def primary(self) -> KeyedName | None:
        """The primary name; None if it has nothing to compare."""
        return next((each for each in self.names.values() if each.is_primary), None)


# Whose number each reference is. An entry of the OFAC lists has one number (uid) on all of them.
_OWN_REFERENCE = {"un_sc": "UN", "uk_sl": "UK", "uk_ofsi": "OFSI", "eu_fsf": "EU"}
_OFAC = "us_ofac_"
FOREIGN_REFERENCES: Mapping[str, str] = {
    "un_reference_number": "UN",
    "united_nations_id": "UN",
    "foreign_identifier": "UN",
    "ofsi_group_id": "OFSI",
    "uk_sanctions_list_ref": "UK",
    "eu_reference_number": "EU",
}
"""Whose reference a fact of a listing is, by the kind of the fact."""
# The UN's permanent reference: the regime, an individual or an entity, a number.
_UN_REFERENCE = re.compile(r"[A-Z]{2}[IE]\.[0-9]{3}")
# The Australian list begins its remarks with the UN's reference.
_REMARKS_BEGIN = re.compile(r"\s*([A-Z]{2}[ie]\.[0-9]{3})(?![0-9])")
_FIRST_IN_REMARKS = frozenset({"au_dfat"})
# Facts of a listing that name a party to which it belongs, not the party itself.
_LINKED = frozenset({"linked_to", "parent_company", "subsidiary", "listed_under"})
_LINKED_IN_REMARKS = re.compile(r"\(?Linked To: ([^)]+)\)")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_DAY = re.compile(r"(1[89]\d\d|20\d\d)-\d\d-\d\d")
_ABOUT = re.compile(r"circa|approx|about|around|\bc\.|~", re.IGNORECASE)
_BETWEEN = re.compile(r"\bto\b|\bbetween\b|\d{4}\s*[-\u2013/]\s*\d{4}", re.IGNORECASE)
# How many years a date that is printed as approximate may be wrong.
_ABOUT_YEARS = 2
_LONGEST_SPAN = 15
# The states whose addresses lists give for one and the same company.
_ONE_STATE = {"HK": "CN", "MO": "CN"}


def traits_of(current: CurrentListing) -> ListingTraits:
    """Return what a listing prints that says who it is; weak aliases are left out."""
    listing, names = current
    numbers = _numbers_of(listing)
    births = [fact.value for fact in listing.facts if fact.kind == "date_of_birth"]
    return ListingTraits(
        listing_id=listing.id,
        list_code=listing.list_code,
        entity_type=listing.entity_type,
        names={each.key: each for each in _keyed(names)},
        countries=frozenset(_ONE_STATE.get(each, each) for each in listing.countries),
        addresses=tuple(each.text for each in listing.addresses),
        numbers=numbers,
        once={
            kind: frozenset(each.key for each in numbers if each.kind == kind)
            for kind in {each.kind for each in numbers if each.kind in UNIQUE}
        },
        births=frozenset(day for text in births for day in _days(text)),
        years=frozenset(year for text in births for year in _years(text)),
        references=frozenset(_references(listing)),
        programmes=frozenset(listing.programmes),
        linked_to=tuple(dict.fromkeys(_linked(listing))),
    )


def _keyed(names: Iterable[NamedForms]) -> Iterator[KeyedName]:
    """Yield the names under their keys, the primary one last: it wins over an alias."""
    for name in sorted(names, key=lambda each: each.kind == "primary"):
        if name.kind != "weak_alias":
            for form in name.forms:
                key = key_of(form)
                if key:
                    yield KeyedName(
                        key,
                        form.printed,
                        len(form.words),
                        sum(word.weight for word in form.words),
                        name.kind == "primary",
                        form.legal_forms,
                    )


def key_of(form: ComparisonForm) -> str:
    """Return the key under which equal names meet; empty for a name with nothing to compare."""
    return " ".join(sorted(word.text for word in form.words))


def _numbers_of(listing: Listing) -> tuple[Number, ...]:
    return tuple(
        dict.fromkeys(
            number
            for each in listing.identifiers
            for number in numbers_in(each.kind, each.value, each.country)
        )
    )


def _references(listing: Listing) -> Iterator[tuple[str, str]]:
    if listing.entry_id is not None:
        if listing.list_code in _OWN_REFERENCE:
            yield _OWN_REFERENCE[listing.list_code], listing.entry_id.strip().upper()
        elif listing.list_code.startswith(_OFAC):
            yield "OFAC", listing.entry_id.strip()
    for fact in listing.facts:
        whose, value = FOREIGN_REFERENCES.get(fact.kind), fact.value.strip().upper()
        if whose is not None and (whose != "UN" or _UN_REFERENCE.fullmatch(value)):
            yield whose, value
    if listing.list_code in _FIRST_IN_REMARKS and listing.remarks is not None:
        begins = _REMARKS_BEGIN.match(listing.remarks)
        if begins is not None:
            yield "UN", begins[1].upper()


def _linked(listing: Listing) -> Iterator[str]:
    yield from (fact.value for fact in listing.facts if fact.kind in _LINKED)
    if listing.remarks is not None:
        yield from _LINKED_IN_REMARKS.findall(listing.remarks)


def _days(text: str) -> Iterator[str]:
    yield from (found.group() for found in _DAY.finditer(text))


def _years(text: str) -> Iterator[int]:
    """Yield the years of birth that a printed date allows."""
    years = sorted(int(found.group()) for found in _YEAR.finditer(text))
    if not years:
        return
    is_span = len(years) > 1 and _BETWEEN.search(text) is not None
    if is_span and years[-1] - years[0] <= _LONGEST_SPAN:
        yield from range(years[0], years[-1] + 1)
        return
    around = _ABOUT_YEARS if _ABOUT.search(text) is not None else 0
    for year in years:
        yield from range(year - around, year + around + 1)
