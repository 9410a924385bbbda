"""An entry: everything one listing id ever stood for, from every source, in memory."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import msgspec

from service.identify import Number, numbers_in
from service.model.catalogue import LIST_BY_CODE
from service.model.edition import ListingVersion
from service.model.listing import EntityType, Listing, NameKind
from service.model.matching import ComparisonForm
from service.normalise import normalise_all


class EntryName(msgspec.Struct, frozen=True, gc=False):
    """A name of an entry; `versions` are the places of the versions that print it.

    `forms` are its comparison forms, see `normalise_all`.
    """

    text: str
    kind: NameKind
    forms: tuple[ComparisonForm, ...]
    versions: tuple[int, ...]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One listing id with all its versions and all names they ever had.

    `versions` stand with the list's primary source first, within a source in the order of time;
    `delisted` beside them are the days of delisting that they state. `identifiers` are its
    numbers, each with the places of the versions that print it. `entity_type` is what the first
    version to say so calls it.
    """

    listing_id: str
    list_code: str
    entity_type: EntityType | None
    versions: tuple[ListingVersion, ...]
    delisted: tuple[date | None, ...]
    names: tuple[EntryName, ...]
    identifiers: tuple[tuple[Number, tuple[int, ...]], ...]

    def primary_name(self, place: int) -> str:
        """The primary name as the version at that place prints it."""
        return decode(self.versions[place].body).primary_name


def make_entry(versions: Iterable[ListingVersion]) -> Entry:
    """The entry of these versions, at least one and all of one listing id."""
    ordered = tuple(sorted(versions, key=_place))
    prints = [decode(version.body) for version in ordered]
    names = dict[str, tuple[NameKind, list[int]]]()
    numbers = dict[Number, list[int]]()
    for place, listing in enumerate(prints):
        for name in listing.names:
            names.setdefault(name.text, (name.kind, []))[1].append(place)
        for number in _numbers_of(listing):
            numbers.setdefault(number, []).append(place)
    return Entry(
        ordered[0].listing_id,
        ordered[0].list_code,
        next((each.entity_type for each in prints if each.entity_type is not None), None),
        ordered,
        tuple(listing.delisted_on for listing in prints),
        tuple(
            EntryName(text, kind, normalise_all(text), tuple(places))
            for text, (kind, places) in names.items()
        ),
        tuple((number, tuple(places)) for number, places in numbers.items()),
    )


def with_versions(
    entries: Mapping[str, Entry], versions: Iterable[ListingVersion]
) -> dict[str, Entry]:
    """The entries by listing id, with these versions added to them or in place of their own.

    Entries that none of them touches are shared, not read again.
    """
    touched = dict[str, dict[tuple[str, int], ListingVersion]]()
    for version in versions:
        known = touched.get(version.listing_id)
        if known is None:
            entry = entries.get(version.listing_id)
            known = {_key(each): each for each in (() if entry is None else entry.versions)}
            touched[version.listing_id] = known
        known[_key(version)] = version
    made = {listing_id: make_entry(known.values()) for listing_id, known in touched.items()}
    if entries:
        return {**entries, **made}
    return dict(sorted(made.items()))


def is_standing(places: Collection[int], standing: Collection[int]) -> bool:
    """Whether any of the versions at these places stands."""
    return any(place in standing for place in places)


def decode(body: bytes) -> Listing:
    """A stored listing."""
    return msgspec.json.decode(body, type=Listing)


def _numbers_of(listing: Listing) -> dict[Number, None]:
    """Its numbers, each once, in printed order."""
    return {
        number: None
        for each in listing.identifiers
        for number in numbers_in(each.kind, each.value, each.country)
    }


def _place(version: ListingVersion) -> tuple[int, str, int]:
    known = LIST_BY_CODE.get(version.list_code)
    sources = () if known is None else known.sources
    rank = sources.index(version.source) if version.source in sources else len(sources)
    return rank, version.source, version.first_edition


def _key(version: ListingVersion) -> tuple[str, int]:
    return version.source, version.first_edition
