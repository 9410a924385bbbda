"""Which versions of an entry apply on a day, and whether the party is on its list."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.edition import (
    Edition,
    EditionSpan,
    ListingVersion,
    StoredLists,
    unpacked,
)
from abeyance_screening.engine.lists.listing import EntityType, Listing, NameKind
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.screening.answer import Print, Standing, TextPlace
from abeyance_screening.engine.screening.identifiers import Number, numbers_in
from abeyance_screening.engine.screening.question import Counterparty


class EntryName(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A name of an entry; `versions` are the places of the versions that print it."""

    text: str
    kind: NameKind
    versions: tuple[int, ...]


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One listing id with versions of it, and all names that they have.

    For each source that ever had it, the newest version is among them, which is the last one where
    the listing is gone; which others are depends on the days that an index is for.
    `versions` begin with the list's primary source and are ordered by time within a source;
    `delisted` has the day of delisting that each of them states. `identifiers` are the entry's
    numbers, each with the places of the versions that print it. `entity_type` comes from the first
    version that states one.
    """

    listing_id: str
    list_code: str
    entity_type: EntityType | None
    versions: tuple[ListingVersion, ...]
    delisted: tuple[date | None, ...]
    names: tuple[EntryName, ...]
    identifiers: tuple[tuple[Number, tuple[int, ...]], ...]

    def primary_name(self, place: int) -> str:
        """Return the primary name as the version at that place prints it."""
        return decode(self.versions[place].body).primary_name


class ApplicableVersions(msgspec.Struct, frozen=True, gc=False):
    """The versions of an entry that apply on a day.

    `places` are those in the editions of the day, the primary source's first; for a party that has
    left, the last ones that had it. `gone_with` is the first edition without the party, if it left
    by being dropped.
    """

    is_listed: bool
    places: tuple[int, ...]
    gone_with: Edition | None = None


class EntryOnDay(msgspec.Struct, frozen=True, gc=False):
    """An entry on a day: the print to show, and the other prints of the same day."""

    standing: Standing
    listing: Listing
    copies: tuple[Print, ...]

    @property
    def prints(self) -> tuple[Listing, ...]:
        """Every print of the day, the one shown first."""
        return self.listing, *(copy.listing for copy in self.copies)


def make_entry(versions: Iterable[ListingVersion]) -> Entry:
    """Return the entry with these versions, at least one and all of one listing id.

    Those of one source are given in order of time.
    """
    ordered = in_order(versions)
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
        tuple(EntryName(text, kind, tuple(places)) for text, (kind, places) in names.items()),
        tuple((number, tuple(places)) for number, places in numbers.items()),
    )


def in_order(versions: Iterable[ListingVersion]) -> tuple[ListingVersion, ...]:
    """Return versions with those of the list's primary source first.

    Those of one source stay as they are given, in order of time.
    """
    return tuple(sorted(versions, key=_place))


type VersionsBySource = dict[str, list[ListingVersion]]


def replaced(entry: Entry | None, by_source: VersionsBySource) -> Iterator[ListingVersion]:
    """Yield the versions of an entry, those of some sources replaced."""
    for version in () if entry is None else entry.versions:
        if version.source not in by_source:
            yield version
    for versions in by_source.values():
        yield from versions


def applies(places: Collection[int], applicable: Collection[int]) -> bool:
    """Return whether any of these places of versions is among the applicable ones."""
    return any(place in applicable for place in places)


def decode(body: bytes) -> Listing:
    """Return a stored listing."""
    return msgspec.json.decode(unpacked(body), type=Listing)


def on_no_list(listing: Listing) -> str | None:
    """Return why a party of the register's own list is there; None for any other listing.

    The sentences say that no published list has the party, or that the list of the measure's
    authority, which has it, is not loaded.
    """
    known = LIST_BY_CODE.get(listing.list_code)
    if known is None or not known.of_register:
        return None
    other = next((each.value for each in listing.facts if each.kind == "list_not_loaded"), None)
    sentence = (
        "On no published list: the register of measures itself names this party."
        if other is None
        else f"On no list that is loaded: {other} is not, and the register of measures itself "
        "names this party."
    )
    return f"{sentence} {listing.remarks or ''}".strip()


def spans_of_days(lists: StoredLists, first: date, last: date) -> tuple[EditionSpan, ...]:
    """Return the editions that apply from one day to another, for each list from each source."""
    begins, ends = (EditionsOfDay(lists, day).by_source for day in (first, last))
    return tuple(
        EditionSpan(list_code=key[0], source=key[1], first=edition.id, last=ends[key].id)
        for key, edition in begins.items()
    )


class EditionsOfDay:
    """For each list from each source, the edition that applies on a day.

    That is the newest one known by then. If no source of a list has any, the first there ever was
    is used for want of a better one, and the coverage of the answer says so; if another source has
    one, sources without one are ignored.
    """

    def __init__(self, lists: StoredLists, day: date) -> None:
        self.by_source: dict[tuple[str, str], Edition] = {}
        self.by_id: dict[int, Edition] = {edition.id: edition for edition in lists.editions}
        # the place of each edition in time, among those of its list from its source
        self._places = {edition.id: place for place, edition in enumerate(lists.editions)}
        for edition in lists.editions:
            key = (edition.list_code, edition.source)
            if edition.known_on <= day or key not in self.by_source:
                self.by_source[key] = edition
        current = {code for (code, _), each in self.by_source.items() if each.known_on <= day}
        self._ignored = {
            key
            for key, each in self.by_source.items()
            if each.known_on > day and key[0] in current
        }

    def of(self, version: ListingVersion) -> Edition:
        """Return the edition of the day from the source of this version."""
        return self.by_source[version.list_code, version.source]

    def is_in(self, version: ListingVersion) -> bool:
        """Return whether the edition of the day has this version."""
        edition = self.of(version)
        if (version.list_code, version.source) in self._ignored:
            return False
        place, until = self._places[edition.id], version.until_edition
        if place < self._places[version.first_edition]:
            return False
        return until is None or place < self._places[until]

    def has_lost(self, version: ListingVersion) -> bool:
        """Return whether the version ended with the edition of the day or one before it."""
        until = version.until_edition
        if (version.list_code, version.source) in self._ignored:
            return False
        return until is not None and self._places[until] <= self._places[self.of(version).id]


def speaking(entry: Entry, editions: EditionsOfDay, as_of: date) -> ApplicableVersions | None:
    """Return the versions that apply; None if the party was added to the list only after the day.

    The party has left if every print of the day says so by its own day of delisting, or if no
    edition of the day has it any more. A copy that still has the party does not outweigh an
    edition by the list's own authority, no older than the copy, that has dropped it.
    """
    places = tuple(place for place, each in enumerate(entry.versions) if editions.is_in(each))
    dropped = _last_dropped(entry, editions)
    if dropped is not None and all(_is_older(entry, editions, dropped, each) for each in places):
        gone_with = editions.by_id[entry.versions[dropped].until_edition or 0]
        return ApplicableVersions(is_listed=False, places=(dropped,), gone_with=gone_with)
    listed = tuple(place for place in places if not _is_delisted(entry.delisted[place], as_of))
    if not places:
        return None
    return ApplicableVersions(is_listed=bool(listed), places=listed or places)


def on_day(
    entry: Entry, editions: EditionsOfDay, versions: ApplicableVersions, as_of: date
) -> EntryOnDay:
    """Return the entry as these versions of it print it."""
    printed = [entry.versions[place] for place in versions.places]
    main, *others = map(decode, (version.body for version in printed))
    first_seen_on = min(editions.by_id[each.entered].known_on for each in entry.versions)
    return EntryOnDay(
        standing=Standing(
            state="listed" if versions.is_listed else "left",
            source=printed[0].source,
            edition=editions.of(printed[0]).id
            if versions.gone_with is None
            else versions.gone_with.id,
            first_seen_on=first_seen_on,
            known=first_seen_on <= as_of or main.listed_on is not None,
            left_on=None if versions.is_listed else main.delisted_on,
            left_by=None if versions.gone_with is None else versions.gone_with.known_on,
        ),
        listing=main,
        copies=tuple(
            Print(source=version.source, edition=editions.of(version).id, listing=listing)
            for version, listing in zip(printed[1:], others, strict=True)
        ),
    )


def _place(version: ListingVersion) -> tuple[int, str]:
    known = LIST_BY_CODE.get(version.list_code)
    sources = () if known is None else known.sources
    rank = sources.index(version.source) if version.source in sources else len(sources)
    return rank, version.source


def _numbers_of(listing: Listing) -> dict[Number, None]:
    """Return the listing's numbers, each once, in printed order."""
    return {
        number: None
        for each in listing.identifiers
        for number in numbers_in(each.kind, each.value, each.country)
    }


def _last_dropped(entry: Entry, editions: EditionsOfDay) -> int | None:
    """Return the place of the last version of a source that is in no edition of the day."""
    for place, version in enumerate(entry.versions):
        of_source = [each for each in entry.versions if each.source == version.source]
        if editions.has_lost(version) and not any(map(editions.is_in, of_source)):
            later = [each for each in of_source if editions.has_lost(each)]
            if version is later[-1]:
                return place
    return None


def _is_older(entry: Entry, editions: EditionsOfDay, dropped: int, place: int) -> bool:
    """Return whether the print at `place` is a copy no newer than the edition that dropped it."""
    copy, primary = entry.versions[place], entry.versions[dropped]
    if place < dropped:
        return False
    return editions.of(copy).known_on <= editions.of(primary).known_on


def _is_delisted(delisted_on: date | None, as_of: date) -> bool:
    return delisted_on is not None and delisted_on <= as_of


# --- What a question meets: entries of the index, each with how it was found.


class EntryMatch(msgspec.Struct, frozen=True):
    """How an entry was found: the best of its names, and which of the question's names it met.

    `name` None means that only a number met; the score is then that of the primary name.
    `set_aside` are numbers of the question's name that are no words of `query`; `in_text` is where
    a text has the name.
    """

    score: float
    query: ComparisonForm
    name: int | None

    versions: ApplicableVersions
    set_aside: tuple[str, ...] = ()
    in_text: "InText | None" = None


class InText(msgspec.Struct, frozen=True):
    """The places of a text that name an entry, and what is asked about it alone."""

    places: tuple[TextPlace, ...]
    asked: Counterparty


class PartyMatches(msgspec.Struct, frozen=True):
    """The entries that a party met, by position; `numbered` are those met by a number."""

    listed: dict[int, EntryMatch]
    delisted: dict[int, EntryMatch]
    numbered: frozenset[int]


def finds_of(matches: dict[int, EntryMatch], numbered: frozenset[int]) -> PartyMatches:
    """Part the entries that were found into those listed on the day and those that have left."""
    return PartyMatches(
        listed={each: matches[each] for each in matches if matches[each].versions.is_listed},
        delisted={each: matches[each] for each in matches if not matches[each].versions.is_listed},
        numbered=numbered,
    )
