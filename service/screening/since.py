"""Since: what changed in a hit after an earlier day."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from service.days import Days
from service.lists.listing import Listing
from service.measures.board import MeasureBoard
from service.measures.calendar import DiffDays, changes_between
from service.measures.coming_model import HitChange, ListingChangeKind, MeasureDiff
from service.measures.on_day import MeasureOnDay
from service.screening.coverage import Clocks
from service.screening.index import ListingIndex
from service.screening.standing import Entry, EntryOnDay, on_day, speaking


class Since:
    """The earlier day of one question, to compare its hits with; `index` is for that day."""

    def __init__(
        self, index: ListingIndex, board: MeasureBoard, then: Days, now: Days, today: date
    ) -> None:
        self._index = index
        self._board = board
        self._then = then
        self._now = now
        self._day = Clocks(then.as_of, then.known_at, today).edition_day
        self._editions = index.on_day(self._day)

    def of(self, entry: Entry, shown: EntryOnDay, measures: Sequence[MeasureOnDay]) -> HitChange:
        """Return what changed in an entry and in the measures that reach it."""
        before = self._listing_then(entry)
        change = self._of_listing(entry, shown, before)
        return HitChange(
            since=self._then.as_of,
            listing=change,
            fields=_fields_that_differ(before, shown.listing) if change == "changed" else (),
            measures=tuple(self._of_measures(shown, measures)),
        )

    def _of_listing(
        self, entry: Entry, shown: EntryOnDay, before: Listing | None
    ) -> ListingChangeKind:
        listed_on = shown.listing.listed_on
        if not self._had_an_edition(entry):
            is_new = listed_on is not None and listed_on > self._then.as_of
            return "listed" if is_new else "unknown"
        if shown.standing.state == "left":
            return "same" if before is None else "left"
        if before is None:
            return "listed"
        return "changed" if _fields_that_differ(before, shown.listing) else "same"

    def _listing_then(self, entry: Entry) -> Listing | None:
        """Return the entry as an edition of the earlier day prints it, or None."""
        if not self._had_an_edition(entry):
            return None
        # an index of other days may have other versions of it
        then = self._index.by_id(entry.listing_id) or entry
        versions = speaking(then, self._editions, self._then.as_of)
        if versions is None or not versions.is_listed:
            return None
        return on_day(then, self._editions, versions, self._then.as_of).listing

    def _had_an_edition(self, entry: Entry) -> bool:
        return any(self._editions.of(each).known_on <= self._day for each in entry.versions)

    def _of_measures(
        self, shown: EntryOnDay, measures: Sequence[MeasureOnDay]
    ) -> Iterator[MeasureDiff]:
        before = {each.id: each for each in self._board.of_prints(shown.prints, self._then)}
        for after in measures:
            as_of, known_at = self._now.of(after.jurisdiction)
            span = DiffDays(
                since=self._then.as_of,
                to=as_of,
                known_since=self._then.known_at,
                known_to=known_at,
            )
            measure = self._board.register.get(after.id)
            diff = changes_between(measure, span, before.get(after.id, after), after)
            if diff is not None:
                yield diff


def _fields_that_differ(before: Listing | None, after: Listing) -> tuple[str, ...]:
    if before is None:
        return ()
    then, now = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    return tuple(sorted(field for field in now if then[field] != now[field]))
