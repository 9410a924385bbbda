"""Standing: which of an entry's versions speak on a day, and whether the party is on the list."""

from datetime import date

import msgspec

from service.flow.entries import Entry, decode
from service.model.answer import Print, Standing
from service.model.edition import Edition, ListingVersion, StoredLists
from service.model.listing import Listing


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
