"""Standing: which of an entry's versions speak on a day, and whether the party is on the list."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache

import msgspec

from service.lists.catalogue import LIST_BY_CODE
from service.lists.edition import Edition, ListingVersion, StoredLists
from service.lists.listing import EntityType, Listing, NameKind
from service.names.form import normalise_all
from service.names.matching import ComparisonForm
from service.screening.answer import Print, Standing
from service.screening.identifiers import Number, numbers_in

# The places of versions, and days of delisting, that entries share.
_SHARED_TUPLES = 1 << 10

# --- An entry: everything one listing id ever stood for, from every source, in memory.


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
        _one(tuple(listing.delisted_on for listing in prints)),
        tuple(
            EntryName(text, kind, normalise_all(text), _one(tuple(places)))
            for text, (kind, places) in names.items()
        ),
        tuple((number, _one(tuple(places))) for number, places in numbers.items()),
    )


@lru_cache(_SHARED_TUPLES)
def _one[T](values: tuple[T, ...]) -> tuple[T, ...]:
    """The same object for the same values: nearly all names are in the first version alone."""
    return values


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


class EditionsOfDay:
    """For each list from each source, the edition that speaks on a day.

    That is the newest one known by then. Where no source of a list has any, the first there ever
    was stands in, for want of a better one, and the coverage of the answer says so; where another
    source has one, the others are silent.
    """

    def __init__(self, lists: StoredLists, day: date) -> None:
        self.by_source: dict[tuple[str, str], Edition] = {}
        self.by_id: dict[int, Edition] = {edition.id: edition for edition in lists.editions}
        for edition in lists.editions:
            key = (edition.list_code, edition.source)
            if edition.known_on <= day or key not in self.by_source:
                self.by_source[key] = edition
        spoken = {code for (code, _), each in self.by_source.items() if each.known_on <= day}
        self._silent = {
            key for key, each in self.by_source.items() if each.known_on > day and key[0] in spoken
        }

    def of(self, version: ListingVersion) -> Edition:
        """The edition of the day from the source of this version."""
        return self.by_source[version.list_code, version.source]

    def is_in(self, version: ListingVersion) -> bool:
        """Whether the edition of the day has this version."""
        edition = self.of(version)
        if (version.list_code, version.source) in self._silent:
            return False
        if edition.id < version.first_edition:
            return False
        return version.until_edition is None or edition.id < version.until_edition

    def has_lost(self, version: ListingVersion) -> bool:
        """Whether the version ended with the edition of the day or one before it."""
        until = version.until_edition
        if (version.list_code, version.source) in self._silent:
            return False
        return until is not None and until <= self.of(version).id


class Speaking(msgspec.Struct, frozen=True):
    """Which versions of an entry speak on a day.

    `places` are those in the editions of the day, the primary source's first; of a party that has
    left, the last ones that had it. `gone_with` is the first edition without it, where it left by
    being dropped.
    """

    is_listed: bool
    places: tuple[int, ...]
    gone_with: Edition | None = None


class EntryOnDay(msgspec.Struct, frozen=True):
    """How an entry stands on a day: the print to show, and the others of the same day."""

    standing: Standing
    listing: Listing
    copies: tuple[Print, ...]

    @property
    def prints(self) -> tuple[Listing, ...]:
        """Every print of the day, the one shown first."""
        return self.listing, *(copy.listing for copy in self.copies)


def speaking(entry: Entry, editions: EditionsOfDay, as_of: date) -> Speaking | None:
    """The versions that speak; None where the party came onto the list only after the day.

    It has left where every print of the day says so by its own day of delisting, or where no
    edition of the day has it any more. A copy that still has it says nothing against an edition
    of the list's own authority, no older than the copy, that has dropped it.
    """
    places = tuple(place for place, each in enumerate(entry.versions) if editions.is_in(each))
    dropped = _last_dropped(entry, editions)
    if dropped is not None and all(_is_older(entry, editions, dropped, each) for each in places):
        gone_with = editions.by_id[entry.versions[dropped].until_edition or 0]
        return Speaking(is_listed=False, places=(dropped,), gone_with=gone_with)
    listed = tuple(place for place in places if not _is_delisted(entry.delisted[place], as_of))
    if not places:
        return None
    return Speaking(is_listed=bool(listed), places=listed or places)


def on_day(entry: Entry, editions: EditionsOfDay, said: Speaking, as_of: date) -> EntryOnDay:
    """The entry as those versions print it."""
    versions = [entry.versions[place] for place in said.places]
    main, *others = map(decode, (version.body for version in versions))
    first_seen_on = min(editions.by_id[each.first_edition].known_on for each in entry.versions)
    return EntryOnDay(
        standing=Standing(
            state="listed" if said.is_listed else "left",
            source=versions[0].source,
            edition=editions.of(versions[0]).id if said.gone_with is None else said.gone_with.id,
            first_seen_on=first_seen_on,
            known=first_seen_on <= as_of or main.listed_on is not None,
            left_on=None if said.is_listed else main.delisted_on,
            left_by=None if said.gone_with is None else said.gone_with.known_on,
        ),
        listing=main,
        copies=tuple(
            Print(source=version.source, edition=editions.of(version).id, listing=listing)
            for version, listing in zip(versions[1:], others, strict=True)
        ),
    )


def _last_dropped(entry: Entry, editions: EditionsOfDay) -> int | None:
    """The version that was the last of its source and is in no edition of the day.

    Of several sources the first one counts, which is the primary one if it ever had the party.
    """
    for place, version in enumerate(entry.versions):
        of_source = [each for each in entry.versions if each.source == version.source]
        if editions.has_lost(version) and not any(map(editions.is_in, of_source)):
            later = [each for each in of_source if editions.has_lost(each)]
            if version is later[-1]:
                return place
    return None


def _is_older(entry: Entry, editions: EditionsOfDay, dropped: int, place: int) -> bool:
    """Whether the print at `place` is a copy, and no newer than the edition that dropped it."""
    copy, primary = entry.versions[place], entry.versions[dropped]
    if place < dropped:
        return False
    return editions.of(copy).known_on <= editions.of(primary).known_on


def _is_delisted(delisted_on: date | None, as_of: date) -> bool:
    return delisted_on is not None and delisted_on <= as_of
