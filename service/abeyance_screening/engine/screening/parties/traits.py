"""What a listing prints that says who it is, and what two listings have in common."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
from rapidfuzz import fuzz, utils

from abeyance_screening.engine.lists.listing import EntityType, Listing, NameKind
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.normalise import distinct_words
from abeyance_screening.engine.names.form.stems import stem_of, without_variant
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.screening.answer import LinkKind
from abeyance_screening.engine.screening.identifiers import (
    REGISTRATION,
    SCHEMES,
    UNIQUE,
    Number,
    label_of,
    numbers_in,
)
from abeyance_screening.engine.screening.parties.programmes import regimes_of
from abeyance_screening.engine.screening.parties.said_owners import (
    OwnerMention,
    owned_said,
    owners_said,
)

# --- Traits: names, numbers, references, births and places.


class NamedForms(NamedTuple):
    """A printed name with its comparison forms, the whole name first; `kind` is how sure it is."""

    kind: NameKind
    forms: tuple[ComparisonForm, ...]


type CurrentListing = tuple[Listing, Iterable[NamedForms]]
"""A listing of a newest edition, and its names."""


class KeyedName(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A name without its legal form, as the key under which equal names meet.

    The key has the canonical words in alphabetical order, so that neither the order of words nor
    a transliteration keeps equal names apart. `weight` is the sum of the weights of the words.
    With `is_closed_up` the key is of a name with a hyphen, written as one word: T-Bank, TBank.
    """

    key: str
    printed: str
    word_count: int
    weight: float
    is_primary: bool
    legal_forms: tuple[str, ...]
    is_closed_up: bool = False


class ListingTraits(msgspec.Struct, frozen=True, gc=False):
    """What one listing prints that says who it is.

    `once` has the numbers of each kind that a party has once for life, `births` the birth dates
    that are printed with a day, `years` all years of birth that they allow. `references` are the
    publisher's own and those of other publishers that it prints, each with whose it is.
    `linked_to` names parties to which this one belongs, `owners` those of which the listing says
    that they own it, and `owned` those that it owns. `stems` has what remains of its names
    without a word such as Group or the place of a branch, as a key, and the whole name as printed.
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
    regimes: frozenset[str]
    linked_to: tuple[str, ...]
    owners: tuple[OwnerMention, ...]
    owned: tuple[str, ...]
    stems: dict[str, str]

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
# People and ships are called by no brand to which a word is added.
NOT_BRANDED = frozenset({"person", "vessel", "aircraft"})
_HYPHENED = re.compile(r"[^\W\d_]+-[^\W\d_]+")
# The states whose addresses lists give for one and the same company.
_ONE_STATE = {"HK": "CN", "MO": "CN"}
# Where companies of other countries are registered: Yitu Limited of the Cayman Islands is Yitu.
_OFFSHORE = frozenset({"BM", "KY", "VG"})


def traits_of(current: CurrentListing) -> ListingTraits:
    """Return what a listing prints that says who it is; weak aliases are left out."""
    listing, names = current[0], tuple(current[1])
    numbers = _numbers_of(listing)
    births = [fact.value for fact in listing.facts if fact.kind == "date_of_birth"]
    keyed = {each.key: each for each in _keyed(names)}
    return ListingTraits(
        listing_id=listing.id,
        list_code=listing.list_code,
        entity_type=listing.entity_type,
        names=keyed,
        countries=seats_of(listing.countries),
        addresses=tuple(each.text for each in listing.addresses),
        numbers=numbers,
        once=_once(numbers),
        births=frozenset(found.group() for text in births for found in _DAY.finditer(text)),
        years=frozenset(year for text in births for year in _years(text)),
        references=frozenset(_references(listing)),
        programmes=frozenset(listing.programmes),
        regimes=regimes_of(listing.programmes) or regimes_of(listing.citations),
        linked_to=tuple(dict.fromkeys(_linked(listing))),
        owners=owners_said(listing, lambda name: key_of(normalise(name)) in keyed),
        owned=owned_said(listing),
        stems={} if listing.entity_type in NOT_BRANDED else dict(_stems(names)),
    )


def seats_of(countries: Iterable[str]) -> frozenset[str]:
    """Return the countries that tell parties apart, one for all that lists give for one firm."""
    return frozenset(_ONE_STATE.get(each, each) for each in countries) - _OFFSHORE


def _keyed(names: Iterable[NamedForms]) -> Iterator[KeyedName]:
    """Yield the names under their keys, the primary one last: it wins over an alias."""
    sure = [each for each in names if each.kind != "weak_alias"]
    sure.sort(key=lambda each: each.kind == "primary")
    closed_up = [each for name in sure if (each := _closed_up(name)) is not None]
    yield from closed_up
    for name in sure:
        for form in name.forms:
            if key := key_of(form):
                yield _keyed_name(key, form, is_primary=name.kind == "primary")


def _keyed_name(key: str, form: ComparisonForm, *, is_primary: bool) -> KeyedName:
    weight = sum([word.weight for word in form.words])
    return KeyedName(key, form.printed, len(form.words), weight, is_primary, form.legal_forms)


def _closed_up(name: NamedForms) -> KeyedName | None:
    """Return a name of two words with a hyphen between them as one word; None for any other."""
    for form in name.forms[:1]:
        if len(form.words) == _TWO_WORDS and _HYPHENED.fullmatch(form.printed):
            key = key_of(normalise(form.joined))
            if key and " " not in key:
                own = _keyed_name(key, form, is_primary=name.kind == "primary")
                return msgspec.structs.replace(own, word_count=1, is_closed_up=True)
    return None


def _stems(names: Iterable[NamedForms]) -> Iterator[tuple[str, str]]:
    """Yield what remains of names without words that say nothing of whose they are."""
    for name in names:
        if name.kind != "weak_alias":
            for form in name.forms:
                words = distinct_words(form)
                varied = " ".join(sorted([without_variant(word.text) for word in words]))
                if varied != _key(words) and _is_rare_word(words):
                    yield varied, form.printed
                stem = stem_of(words)
                if sum([len(word.text) for word in stem]) >= _SHORTEST_WORD:
                    yield _key(stem), form.printed


def _is_rare_word(words: Iterable[Word]) -> bool:
    return sum([word.weight for word in words]) >= _LEAST_FOR_FIRMS


def key_of(form: ComparisonForm) -> str:
    """Return the key under which equal names meet; empty for a name with nothing to compare."""
    return _key(form.words)


def _key(words: Iterable[Word]) -> str:
    return " ".join(sorted([word.text for word in words]))


def _numbers_of(listing: Listing) -> tuple[Number, ...]:
    return tuple(
        dict.fromkeys(
            number
            for each in listing.identifiers
            for number in numbers_in(each.kind, each.value, each.country)
        )
    )


def _once(numbers: Iterable[Number]) -> dict[str, frozenset[str]]:
    """Return the numbers that a party has once for life, without those whose digits are wrong.

    Australia prints 9434980 for the ship that the UK has as 9434890: a misprint is no other ship.
    """
    held: dict[str, set[str]] = {}
    for each in numbers:
        if each.kind in UNIQUE and SCHEMES[each.kind].holds(each.key):
            held.setdefault(each.kind, set()).add(each.key)
    return {kind: frozenset(keys) for kind, keys in held.items()}


def _references(listing: Listing) -> Iterator[tuple[str, str]]:
    if listing.entry_id is not None:
        if listing.list_code in _OWN_REFERENCE:
            yield _OWN_REFERENCE[listing.list_code], listing.entry_id.strip().upper()
        elif listing.list_code.startswith(_OFAC):
            yield "OFAC", listing.entry_id.strip()
    for fact in listing.facts:
        whose, value = FOREIGN_REFERENCES.get(fact.kind), fact.value.strip().upper()
        if whose is not None and (whose != "UN" or _is_of_un(value, listing.entity_type)):
            yield whose, value
    if listing.list_code in _FIRST_IN_REMARKS and listing.remarks is not None:
        begins = _REMARKS_BEGIN.match(listing.remarks)
        if begins is not None and _is_of_un(begins[1].upper(), listing.entity_type):
            yield "UN", begins[1].upper()


def _is_of_un(reference: str, entity_type: EntityType | None) -> bool:
    """Return whether a reference of the UN can be this party's: I is a person, E is none.

    Australia prints Al-Shabaab's SOe.001 before what it says of one of its leaders.
    """
    fits = entity_type is None or (entity_type == "person") == (reference[2:3] == "I")
    return fits and _UN_REFERENCE.fullmatch(reference) is not None


def _linked(listing: Listing) -> Iterator[str]:
    yield from (fact.value for fact in listing.facts if fact.kind in _LINKED)
    if listing.remarks is not None:
        yield from _LINKED_IN_REMARKS.findall(listing.remarks)


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


# --- Evidence: what two listings have in common, what speaks against them, what settles it.

STRENGTH: dict[LinkKind, int] = {
    "operator": 9,
    "entered_twice": 8,
    "reference": 7,
    "number": 6,
    "name_and_birth": 5,
    "name_and_address": 4,
    "names": 3,
    "name_and_country": 2,
    "name": 1,
}
"""Which links are drawn first: one that contradicts a stronger one is not drawn at all."""

# How much a shared name must weigh, where a word that no other name has weighs 1, by what else is
# known. Chosen on pairs that print numbers, references or birth dates on both sides, of OFAC's,
# the UN's, the UK's and Australia's lists of 2021 to 2026. Organisations with a name that each
# list has once were two firms in 4 pairs, all of an alias below 1.25 or with other legal forms.
# People with one name of two words were born in different years in 17 % of the pairs below 1.5 and
# in 3 % of those above, people with one name of three words in 3 %, often one under two dates.
_LEAST_FOR_FIRMS = 0.95
_LEAST_OF_ALIASES = 1.25
_LEAST_WITH_COUNTRY = 1.0
_LEAST_FOR_SHIPS = 1.0
_LEAST_WITH_BIRTH = 0.9
_LEAST_WITH_YEAR = 1.0
_LEAST_OF_THREE_WORDS = 1.75
_LEAST_OF_TWO_WORDS = 1.7
_LEAST_OF_TWO_WORDS_IN_COUNTRY = 1.5
_LEAST_OF_SEVERAL_NAMES = 1.25
# The same under sanctions on one country, of a name that each list has once. Of people of one such
# name, 3 pairs of 1,260 have birth years more than one apart if both lists call them so, whatever
# the name weighs, and 1 of 106 from here on if one has it as an alias. Of organisations no pair of
# 700 has two references, of ships 2 of 235 two IMO numbers, however common the name.
_LEAST_UNDER_ONE_REGIME = 0.7
_LEAST_OF_PEOPLES_ALIASES = 1.6
_LEAST_OF_FIRMS_ALIASES = 1.0
_LEAST_OF_SHIPS_UNDER_ONE_REGIME = 0.4
# What is not rare must be as like as Belaruskali OAO and Open Joint Stock Company 'Belaruskali'
# (85); Metalink Trading and Metalloinvest Trading are two firms (73).
_SAME_PRINTED = 78.0
_TWO_WORDS = 2
_SHORTEST_WORD = 5
# Two addresses of the same text, apart from the order of words and a missing country.
_SAME_ADDRESS = 90.0
_LEAST_ADDRESS_WORDS = 4
# Legal forms that one firm does not have at once; all others are translated too freely.
_GROUPS: tuple[frozenset[str], ...] = (
    frozenset({"llc", "gmbh", "srl", "sarl", "bv", "osoo", "doo", "kft", "sp zoo", "sro", "alc"}),
    frozenset({"jsc", "ojsc", "cjsc", "pjsc", "pjs", "ag", "sa", "spa", "nv", "mkao"}),
    frozenset({"fgup", "gup", "fkp", "gp", "mup", "fgbu", "fgau", "fku"}),
)
_FORMS_OF_FIRMS = frozenset(form for group in _GROUPS for form in group)


class InCommon(msgspec.Struct, gc=False):
    """What two listings share: keys of names, numbers, references."""

    keys: list[str]
    numbers: list[Number]
    references: list[tuple[str, str]]


class Judged(msgspec.Struct, frozen=True, gc=False):
    """What a meeting shows: `kind` is None if it does not settle that both are one party.

    With `is_shared`, one of their lists has several parties of that name: the evidence counts only
    if it is better for this pair than for the other parties. `closeness` orders evidence of one
    kind: how often a shared name is a primary one, and how many are shared.
    """

    kind: LinkKind | None
    met: str
    is_shared: bool = False
    closeness: tuple[int, int] = (0, 0)


def against(one: ListingTraits, other: ListingTraits) -> str | None:
    """Return why two listings cannot be one party, in words; None if nothing says so."""
    if one.entity_type and other.entity_type and one.entity_type != other.entity_type:
        return f"one is listed as {one.entity_type}, the other as {other.entity_type}"
    for kind in one.once.keys() & other.once.keys():
        if not one.once[kind] & other.once[kind]:
            return f"different {label_of(kind)} numbers"
    if one.years and other.years and not one.years & other.years:
        return "different years of birth"
    if _unlike_references(one, other):
        return "different UN references"
    return None


def _unlike_references(one: ListingTraits, other: ListingTraits) -> bool:
    if not one.references or not other.references:
        return False
    here = {each for each in one.references if each[0] == "UN"}
    there = {each for each in other.references if each[0] == "UN"}
    return bool(here and there and not here & there)


def are_entered_twice(one: ListingTraits, other: ListingTraits) -> bool:
    """Return whether two entries of one list are the same party, entered twice.

    A list that names a branch or a subsidiary apart does so by another name, in another country,
    or under the same programme. So the primary names must be equal, legal forms included, and
    beside them a number, a birth date or an address; or else the name must be rare, the programmes
    different, and the countries not.
    """
    first, second = one.primary, other.primary
    if first is None or second is None or first.key != second.key:
        return False
    if first.legal_forms != second.legal_forms or against(one, other) is not None:
        return False
    if _same_once(one, other) or one.births & other.births:
        return True
    if not is_person(one, other) and same_address(one, other) is not None:
        return True
    return _are_two_programmes(one, other, first)


def _same_once(one: ListingTraits, other: ListingTraits) -> bool:
    return any(one.once[kind] & other.once[kind] for kind in one.once.keys() & other.once.keys())


def _are_two_programmes(one: ListingTraits, other: ListingTraits, name: KeyedName) -> bool:
    """Return whether a list has entered a party of a rare name under two programmes.

    OFAC prints all programmes of a person in one entry: another entry is another Kim Yong Chol.
    """
    if one.list_code.startswith(_OFAC) and is_person(one, other):
        return False
    least = _LEAST_OF_THREE_WORDS if is_person(one, other) else _LEAST_OF_ALIASES
    if name.word_count == 1 or name.weight < least or are_abroad(one, other):
        return False
    return bool(one.programmes and other.programmes and not one.programmes & other.programmes)


def is_person(one: ListingTraits, other: ListingTraits) -> bool:
    """Return whether two listings may be of people: one says so, or neither says what it is."""
    types = {one.entity_type, other.entity_type}
    return "person" in types or (types == {None} and not _has_form(one) and not _has_form(other))


def _has_form(traits: ListingTraits) -> bool:
    primary = traits.primary
    return primary is not None and bool(primary.legal_forms)


def judge(
    one: ListingTraits, other: ListingTraits, meeting: InCommon, shared: Collection[str]
) -> Judged:
    """Return what a meeting of two listings shows.

    `shared` are the keys under which one of their two lists has several parties. Contradictions
    are not considered; see `against`.
    """
    if meeting.references:
        whose, number = meeting.references[0]
        return Judged("reference", f"{whose} reference {number}")
    number = _deciding_number(one, other, meeting)
    if number is not None:
        return Judged("number", _number_in_words(number))
    names = [_Name(one.names[key], other.names[key], key in shared) for key in meeting.keys]
    names = [each for each in names if not each.is_closed_up] or names
    if not names:
        return Judged(None, "")
    names.sort(key=lambda each: (each.is_shared, -each.weight, each.key))
    shown = (_of_persons if is_person(one, other) else _of_organisations)(one, other, names)
    primary = sum(each.here.is_primary + each.there.is_primary for each in names)
    return msgspec.structs.replace(shown, closeness=(primary, len(names)))


def are_printed_alike(one: ListingTraits, other: ListingTraits, key: str) -> bool:
    """Return whether a name is the primary one of both, with the same legal form.

    Without a legal form, both must be of one country or under sanctions on one: there is a
    Ministry of Defence in each.
    """
    here, there = one.names[key], other.names[key]
    if not (here.is_primary and there.is_primary and here.legal_forms == there.legal_forms):
        return False
    is_placed = bool(one.regimes & other.regimes) or _countries(one, other) == "agree"
    return bool(here.legal_forms) or is_placed


class _Name(msgspec.Struct, frozen=True, gc=False):
    """A name that two listings share, as each prints it."""

    here: KeyedName
    there: KeyedName
    is_shared: bool

    @property
    def key(self) -> str:
        return self.here.key

    @property
    def printed(self) -> str:
        return self.here.printed

    @property
    def is_closed_up(self) -> bool:
        return self.here.is_closed_up or self.there.is_closed_up

    @property
    def weight(self) -> float:
        return min(self.here.weight, self.there.weight)

    @property
    def words(self) -> int:
        return min(self.here.word_count, self.there.word_count)

    @property
    def are_primary(self) -> bool:
        return self.here.is_primary and self.there.is_primary


def _deciding_number(one: ListingTraits, other: ListingTraits, meeting: InCommon) -> Number | None:
    """Return a shared number that settles it: one held for life, or any beside a shared name.

    A number that is not held for life, such as one of a register, must be of one known country.
    """
    for number in meeting.numbers:
        if number.kind in UNIQUE:
            return number
    if not meeting.keys and not _share_a_word(one, other):
        return None
    for number in meeting.numbers:
        is_placed = number.country is not None and bool(number.kinds & REGISTRATION)
        if is_placed or number.kind in {"bic", "passport", "isin", "mmsi", "tail_number"}:
            return number
        if meeting.keys and number.kinds:
            return number
    return None


def _share_a_word(one: ListingTraits, other: ListingTraits) -> bool:
    words = {word for name in one.names for word in name.split(" ")}
    return any(word in words for name in other.names for word in name.split(" "))


def _number_in_words(number: Number) -> str:
    kind = number.kind
    if kind in UNIQUE:
        return f"{label_of(kind)} {number.key}"
    named = "number" if kind is None else kind.replace("_", " ")
    return f"{named} {number.key}" + ("" if number.country is None else f" ({number.country})")


def _of_persons(one: ListingTraits, other: ListingTraits, names: Sequence[_Name]) -> Judged:
    """Judge people of one name by birth; without one, only a rare name settles it."""
    name, is_abroad = names[0], are_abroad(one, other)
    dated = one.births & other.births
    if dated and name.weight >= _LEAST_WITH_BIRTH:
        return Judged("name_and_birth", f"{name.printed}, born {min(dated)}", name.is_shared)
    years = frozenset[int]() if one.births and other.births else one.years & other.years
    if years and not is_abroad and name.words > 1 and name.weight >= _LEAST_WITH_YEAR:
        return Judged("name_and_birth", f"{name.printed}, born {min(years)}", name.is_shared)
    if one.entity_type != other.entity_type or name.is_shared or is_abroad:
        return Judged(None, name.printed)
    whole = [each for each in names if each.words > 1 and not each.is_shared]
    if len(whole) > 1 and name.weight >= _LEAST_OF_SEVERAL_NAMES:
        return Judged("names", _both(whole))
    is_rare = _is_rare_of_person(one, other, name)
    under = None if is_rare else _under_one_regime(one, other, names, _LEAST_OF_PEOPLES_ALIASES)
    return Judged("name" if is_rare or under else None, under or name.printed)


def _is_rare_of_person(one: ListingTraits, other: ListingTraits, name: _Name) -> bool:
    """Return whether a name that each list has once settles alone which person it is."""
    if name.words > _TWO_WORDS:
        return name.weight >= _LEAST_OF_THREE_WORDS
    if name.words < _TWO_WORDS or not name.are_primary:
        return False
    is_known = _countries(one, other) == "agree"
    least = _LEAST_OF_TWO_WORDS_IN_COUNTRY if is_known else _LEAST_OF_TWO_WORDS
    return name.weight >= least


def _of_organisations(one: ListingTraits, other: ListingTraits, names: Sequence[_Name]) -> Judged:
    """Judge firms, ships and aircraft by the names they share, their places and addresses."""
    met, countries = names[0].printed, _countries(one, other)
    fitting = [each for each in names if not _unlike_forms(each.here, each.there)]
    if countries == "differ" or not fitting:
        return Judged(None, met)
    name = fitting[0]
    met = name.printed
    address = same_address(one, other)
    if address is not None:
        return Judged("name_and_address", f"{met}, {address}", name.is_shared)
    own = [each for each in fitting if not each.is_shared]
    if len(own) > 1 and name.weight >= _LEAST_OF_SEVERAL_NAMES:
        return Judged("names", _both(own))
    if countries == "agree" and name.weight >= _LEAST_WITH_COUNTRY:
        place = ", ".join(sorted(one.countries & other.countries))
        if name.are_primary or name.weight >= _LEAST_OF_ALIASES or _is_a_word(name):
            return Judged("name_and_country", f"{met}, {place}", name.is_shared)
    is_rare = bool(own) and _is_rare(one, own)
    under = None if is_rare else _under_one_regime(one, other, own, _LEAST_OF_FIRMS_ALIASES)
    return Judged("name" if is_rare or under else None, under or met)


def _under_one_regime(
    one: ListingTraits, other: ListingTraits, names: Sequence[_Name], least_of_aliases: float
) -> str | None:
    """Return what two listings under sanctions on one country meet by; None if that is too little.

    Of an alias, a name of one word is too little, but not of a ship, which is renamed every year.
    """
    regimes = one.regimes & other.regimes
    is_ship = one.entity_type == "vessel"
    for each in names if regimes else ():
        if is_ship:
            is_enough = each.weight >= _LEAST_OF_SHIPS_UNDER_ONE_REGIME
        elif each.are_primary:
            is_enough = each.weight >= _LEAST_UNDER_ONE_REGIME
        else:
            is_enough = each.words > 1 and each.weight >= least_of_aliases
        if is_enough and not each.is_shared and _read_alike(each, is_ship=is_ship):
            return f"{each.printed}, both under sanctions on {min(regimes)}"
    return None


def _read_alike(name: _Name, *, is_ship: bool) -> bool:
    """Return whether a name is the same as printed, not in its sense or stem alone.

    NOVA ENERGY and NEW ENERGY are two ships, and Metalink Trading is not Metalloinvest Trading.
    """
    if is_ship:
        here, there = (utils.default_process(each.printed) for each in (name.here, name.there))
        return here.replace(" ", "") == there.replace(" ", "")
    printed = name.here.printed, name.there.printed
    is_rare = name.weight >= _LEAST_FOR_FIRMS
    return (
        is_rare or fuzz.token_set_ratio(*printed, processor=utils.default_process) >= _SAME_PRINTED
    )


def _is_rare(one: ListingTraits, own: Sequence[_Name]) -> bool:
    """Return whether a name that each list has once settles it alone."""
    if one.entity_type in {"vessel", "aircraft"}:
        return any(each.are_primary and each.weight >= _LEAST_FOR_SHIPS for each in own)
    return any(
        (each.weight >= _LEAST_FOR_FIRMS and (each.are_primary or _is_a_word(each)))
        or (each.words > 1 and each.weight >= _LEAST_OF_ALIASES)
        for each in own
    )


def _is_a_word(name: _Name) -> bool:
    """Return whether a name of one word is too long to be the initials of many."""
    return name.words == 1 and len(name.key) >= _SHORTEST_WORD


def _both(names: Sequence[_Name]) -> str:
    return f"{names[0].printed} and {names[1].printed}"


def are_abroad(one: ListingTraits, other: ListingTraits) -> bool:
    """Return whether two listings are of different countries, both of which are known."""
    return _countries(one, other) == "differ"


def _countries(one: ListingTraits, other: ListingTraits) -> Literal["agree", "differ", "unknown"]:
    if not one.countries or not other.countries:
        return "unknown"
    return "agree" if one.countries & other.countries else "differ"


def same_address(one: ListingTraits, other: ListingTraits) -> str | None:
    """Return an address that both print, as the first prints it; None if there is none."""
    for here in one.addresses:
        if len(here.split()) < _LEAST_ADDRESS_WORDS:
            continue
        for there in other.addresses:
            if (
                len(there.split()) >= _LEAST_ADDRESS_WORDS
                and fuzz.token_sort_ratio(here, there, processor=utils.default_process)
                >= _SAME_ADDRESS
            ):
                return here
    return None


def _unlike_forms(one: KeyedName, other: KeyedName) -> bool:
    """Return whether two equal names are of firms of different legal forms (LLC, JSC)."""
    here = {form for form in one.legal_forms if form in _FORMS_OF_FIRMS}
    there = {form for form in other.legal_forms if form in _FORMS_OF_FIRMS}
    if not here or not there:
        return False
    return not any(here & group and there & group for group in _GROUPS)
