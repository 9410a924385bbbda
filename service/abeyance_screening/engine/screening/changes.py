"""What changed about a listing between two days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import Edition, ListingVersion, StoredLists, unpacked
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.calendar import DiffDays, changes_between
from abeyance_screening.engine.measures.law.coming import HitChange, ListingChangeKind, MeasureDiff
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.applicable_versions import (
    Entry,
    EntryOnDay,
    in_order,
    on_day,
    speaking,
)
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.primitives.days import Days


class ListingState(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a listing, as one source printed it.

    `seen_on` is the day of `edition`, the first of ours with this state, and `until` the day of
    the first edition with another state or none; None while the state is current. `changed` are
    the fields that differ from the previous state of the same source; empty for the first state,
    or if the listing came back.
    """

    source: str
    edition: int
    seen_on: date
    until: date | None
    changed: tuple[str, ...]


def states_of(versions: Sequence[ListingVersion], lists: StoredLists) -> tuple[ListingState, ...]:
    """Return the states that a listing's versions are, those of the primary source first.

    A version that began with an edition that `lists` does not have yet is left out.
    """
    editions = {edition.id: edition for edition in lists.editions}
    bodies: dict[tuple[str, int | None], bytes] = {}
    seen: list[ListingState] = []
    for version in in_order(versions):
        if version.first_edition not in editions:
            continue
        before = bodies.get((version.source, version.first_edition))
        body = unpacked(version.body)
        bodies[version.source, version.until_edition] = body
        seen.append(
            ListingState(
                source=version.source,
                edition=version.first_edition,
                seen_on=editions[version.first_edition].known_on,
                until=_day(version.until_edition, editions),
                changed=() if before is None else _changed(before, body),
            )
        )
    return tuple(seen)


def _day(edition: int | None, editions: Mapping[int, Edition]) -> date | None:
    return None if edition is None or edition not in editions else editions[edition].known_on


def _changed(before: bytes, after: bytes) -> tuple[str, ...]:
    """Return the fields that are printed differently, in printed order."""
    fields = dict[str, msgspec.Raw]
    one, other = (msgspec.json.decode(body, type=fields) for body in (before, after))
    names = dict.fromkeys((*one, *other))
    return tuple(name for name in names if _raw(one, name) != _raw(other, name))


def _raw(fields: Mapping[str, msgspec.Raw], name: str) -> bytes | None:
    return bytes(fields[name]) if name in fields else None


# --- What changed in a hit after an earlier day.


class Since:
    """The earlier day of one question, to compare its hits with; `index` is for that day."""

    def __init__(self, index: ListingIndex, board: MeasureBoard, then: Days, now: Days) -> None:
        self._index = index
        self._board = board
        self._then = then
        self._now = now
        self._day = then.edition_day
        self.editions = index.on_day(self._day)

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
        versions = speaking(then, self.editions, self._then.as_of)
        if versions is None or not versions.is_listed:
            return None
        return on_day(then, self.editions, versions, self._then.as_of).listing

    def _had_an_edition(self, entry: Entry) -> bool:
        return any(self.editions.of(each).known_on <= self._day for each in entry.versions)

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
