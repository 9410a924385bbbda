"""The board: measures with their status on a day, for a listing or for the whole register.

A board never changes; `CurrentBoard` holds the one that answers now, and replaces it as a whole
when the stored register changes.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Self

import msgspec

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.law.per_listing import (
    Imposed,
    imposed_on,
    since_its_entry,
    status_for_listing,
)
from abeyance_screening.engine.measures.law.resolve import in_words, not_worked_out, status_on
from abeyance_screening.engine.measures.measure import (
    Event,
    Measure,
    OwnerStatement,
    RegisterMark,
    StoredRegister,
    UntilBound,
    announced_by,
    only_eases,
)
from abeyance_screening.engine.measures.publishers import reading_of, reading_of_event
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.register_rows import (
    RegisterReader,
    register_of,
)
from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.measures.status import (
    DEEDS,
    EventShown,
    MeasureOnDay,
    MeasureStatus,
)
from abeyance_screening.engine.measures.status_table import StatusWord, binds
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import (
    BadInputError,
    NotReadyError,
)
from abeyance_screening.primitives.structs import copy_as

logger = logging.getLogger(__name__)
_REMEMBERED_FAILURES = 4_096

# One cache entry is one measure on one pair of days: a whole register on some forty pairs of days.
_REMEMBERED_STATUSES = 16_384
# More changes than any measure has in a stretch that a picture can show.
_MOST_SPANS = 60

type _OnDay = Callable[[date], MeasureOnDay]


class MeasureBoard:
    """The register with the status of each measure, worked out on demand and cached."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._status = lru_cache(maxsize=_REMEMBERED_STATUSES)(self._work_out)
        self._events = lru_cache(maxsize=None)(self._show_events)
        self._restricting = frozenset(
            each.id
            for each in register.measures
            if each.condition is None and not only_eases(each)
        )

    def _work_out(self, measure_id: str, as_of: date, known_at: date) -> MeasureStatus:
        measure = self.register.get(measure_id)
        return unfailing(
            measure_id,
            lambda: status_on(measure, as_of, known_at),
            not_worked_out(measure, as_of),
        )

    def _show_events(self, measure_id: str) -> Mapping[str, EventShown]:
        measure = self.register.get(measure_id)
        return {each.id: _shown(each, measure.authority) for each in measure.events}

    def of_prints(self, prints: Iterable[Listing], days: Days) -> tuple[MeasureOnDay, ...]:
        """Return the measures that reach an entry in any of its prints, by their severity.

        Where a measure reaches two prints, its status is the one for the first of them. Where one
        ownership rule succeeded another, only the rule that holds on the day is returned.
        """
        shown: dict[str, MeasureOnDay] = {}
        for listing in prints:
            for measure in self.register.attached_to(listing):
                if measure.id not in shown:
                    shown[measure.id] = self._for_listing(measure, listing, days)
        kept = [each for each in shown.values() if not self._is_superseded(each, shown)]
        eased = (self._with_own_licences(each, kept) for each in kept)
        return tuple(sorted(eased, key=severity))

    def _with_own_licences(
        self, measure: MeasureOnDay, others: Collection[MeasureOnDay]
    ) -> MeasureOnDay:
        """Return a measure that licences ease with those licences that reach the same entry.

        A measure states every licence that eases any of it. Where licences with a record of their
        own reach the entry, the status for it rests on these in place of the others.
        """
        if measure.status != "in_force_eased":
            return measure
        licences = [
            each
            for each in others
            if each.status == "eased_by_licence" and measure.id in self._eases(each.id)
        ]
        if not licences:
            return measure
        own = (each for each in measure.rests_on if DEEDS[each.kind] != "ease")
        running = (each for licence in licences for each in licence.rests_on)
        return msgspec.structs.replace(measure, rests_on=(*own, *running))

    def _eases(self, measure_id: str) -> tuple[str, ...]:
        return self.register.get(measure_id).eases

    def unknown_programmes(self, prints: Iterable[Listing]) -> tuple[str, ...]:
        """Return the programmes of an entry's prints that the register does not know."""
        found = (code for each in prints for code in self.register.unknown_programmes(each))
        return tuple(dict.fromkeys(found))

    def binding(self, prints: Iterable[Listing], days: Days) -> Mapping[str, MeasureStatus]:
        """Return the status of each measure that restricts an entry's party itself, by id.

        They are those of `of_prints` that bind on the day, have no condition, and do not only
        ease; without what is shown of them, so that all listings can be counted.
        """
        found: dict[str, MeasureStatus] = {}
        for listing in prints:
            for measure in self.register.attached_to(listing):
                if measure.id in self._restricting and measure.id not in found:
                    found[measure.id] = self._status_for(measure, listing, days)
        return {key: status for key, status in found.items() if binds(status.word)}

    def _for_listing(self, measure: Measure, listing: Listing, days: Days) -> MeasureOnDay:
        as_of, _ = days.of(measure.jurisdiction)
        shown = self._on_day(measure, self._status_for(measure, listing, days), as_of)
        return _as_imposed(shown, imposed_on(measure, listing))

    def _status_for(self, measure: Measure, listing: Listing, days: Days) -> MeasureStatus:
        as_of, known_at = days.of(measure.jurisdiction)
        status = self._status(measure.id, as_of, known_at)
        return unfailing(
            measure.id,
            lambda: self._narrowed(measure, status, listing, (as_of, known_at)),
            not_worked_out(measure, as_of),
        )

    def _narrowed(
        self, measure: Measure, status: MeasureStatus, listing: Listing, on: tuple[date, date]
    ) -> MeasureStatus:
        """Return the status for a listing; a rule on what its party owns keeps its own days."""
        own = status_for_listing(status, listing, *on)
        if measure.condition is not None:
            return own
        return since_its_entry(own, self.register.entered_on(listing), on[0])

    def _is_superseded(self, rule: MeasureOnDay, shown: Mapping[str, MeasureOnDay]) -> bool:
        """Return whether an ownership rule is over or not begun while its neighbour is shown."""
        measure = self.register.get(rule.id)
        other = {"ended": measure.successor, "not_yet": measure.predecessor}.get(rule.force)
        return measure.condition is not None and other in shown

    def reaching(self, measure_id: str, listing: Listing, days: Days) -> MeasureOnDay:
        """Return one measure with its status for a listing that it reaches."""
        return self._for_listing(self.register.get(measure_id), listing, days)

    def owners_stated(self, measure_id: str, days: Days) -> Iterator[OwnerStatement]:
        """Yield who owns parties of a measure, as was public on the day of knowledge."""
        owners = self.register.get(measure_id).owners
        return (each for each in owners if each.as_of <= days.known_at)

    def one(self, measure_id: str, days: Days) -> MeasureOnDay:
        """Return one measure with its status.

        Raises:
            NotFoundError: No measure has that id.
        """
        return self._of_itself(self.register.get(measure_id), days)

    def events(self, measure_id: str) -> tuple[EventShown, ...]:
        """Return the events of a measure, without those that were retracted."""
        measure, shown = self.register.get(measure_id), self._events(measure_id)
        return tuple(shown[each.id] for each in measure.events if each.retracted_at is None)

    def every(self, measures: Iterable[Measure], days: Days) -> tuple[MeasureOnDay, ...]:
        """Return these measures with their status, in the order given."""
        return tuple(self._of_itself(measure, days) for measure in measures)

    def _of_itself(self, measure: Measure, days: Days) -> MeasureOnDay:
        as_of, known_at = days.of(measure.jurisdiction)
        return self._on_day(measure, self._status(measure.id, as_of, known_at), as_of)

    def _on_day(self, measure: Measure, status: MeasureStatus, as_of: date) -> MeasureOnDay:
        return _on_day(measure, status, as_of, self._events(measure.id))


class MeasureFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which measures to show; None lets every value through.

    `list_code` keeps those that reach at least one listing of that list, or may.
    """

    jurisdiction: str | None = None
    authority: str | None = None
    status: StatusWord | None = None
    list_code: str | None = None


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Consecutive days with one status: from `first` up to the day before `end`.

    `end` is None where the stretch asked for ends before the next change. `since` is the first
    day of the status, which may be before `first`; for a measure that has not begun, it is the
    day the measure became public; None where it is not recorded. `until` and `until_bound` are
    the end that the acts state.
    """

    first: date
    end: date | None
    status: StatusWord
    since: date | None
    until: date | None
    until_bound: UntilBound | None


class CurrentBoard:
    """The board of the register in the database; `NotReadyError` until it is first read."""

    def __init__(self) -> None:
        self._board: MeasureBoard | None = None
        self._mark: RegisterMark | None = None
        self._digest = ""
        self._catching_up = asyncio.Lock()

    def get(self) -> MeasureBoard:
        """Return the board to answer from."""
        if self._board is None:
            raise NotReadyError
        return self._board

    @property
    def revision(self) -> int:
        """The revision of the register that the board was built from."""
        if self._mark is None:
            raise NotReadyError
        return self._mark.revision

    @property
    def changed(self) -> int:
        """How often the register that the board was built from had changed."""
        if self._mark is None:
            raise NotReadyError
        return self._mark.changed

    @property
    def digest(self) -> str:
        """The SHA-256 of all that the register had, in hexadecimal digits."""
        return self._digest

    @property
    def mark(self) -> RegisterMark | None:
        """The mark of the register that the board was built from; None before it was read."""
        return self._mark

    @classmethod
    def pinned(cls, stored: StoredRegister) -> Self:
        """Return the board of a register that stays as it is."""
        current = cls()
        current._take(stored, register_of(stored), _digest_of(stored))
        return current

    async def catch_up(self, reader: RegisterReader) -> None:
        """Read the register if it has changed since it was last read.

        A call during a read waits for that read to finish, so that the board never goes back to
        an older state.
        """
        async with self._catching_up:
            mark = await reader.read_mark()
            if self._mark is None or mark.changed != self._mark.changed:
                stored = await reader.read_register()
                register = await asyncio.to_thread(register_of, stored)
                self._take(stored, register, await asyncio.to_thread(_digest_of, stored))
                logger.info("register.swapped", extra={"measures": len(stored.measures)})

    def _take(self, stored: StoredRegister, register: Register, digest: str) -> None:
        self._board, self._mark, self._digest = MeasureBoard(register), stored.mark, digest


def _digest_of(stored: StoredRegister) -> str:
    """Return the SHA-256 of a stored register, whatever its mark."""
    content = stored.measures, stored.events, stored.confirmations, stored.reviews
    return hashlib.sha256(msgspec.msgpack.encode(content)).hexdigest()


def unfailing[T](measure_id: str, work: Callable[[], T], otherwise: T) -> T:
    """Return the result of `work` for a measure, or `otherwise` where it fails.

    Each failure is logged once.
    """
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - logged, without the record's own words
        _log_failure(measure_id, type(error).__name__, _line_of(error))
        return otherwise


def select_measures(
    board: MeasureBoard, chosen: MeasureFilter, days: Days
) -> tuple[MeasureOnDay, ...]:
    """Return the measures that a filter lets through, with their status, by id.

    Raises:
        BadInputError: No measure has that jurisdiction, authority or list.
    """
    shown = board.every(chosen_measures(board.register.measures, chosen), days)
    return tuple(each for each in shown if chosen.status in {None, each.status})


def chosen_measures(measures: Sequence[Measure], chosen: MeasureFilter) -> tuple[Measure, ...]:
    """Return the measures that a filter lets through, whatever their status, in the order given.

    Raises:
        BadInputError: No measure has that jurisdiction, authority or list.
    """
    _check_known("jurisdiction", chosen.jurisdiction, {each.jurisdiction for each in measures})
    _check_known("authority", chosen.authority, {each.authority for each in measures})
    _check_known("list", chosen.list_code, {code for each in measures for code in _codes(each)})
    return tuple(
        measure
        for measure in measures
        if chosen.jurisdiction in {None, measure.jurisdiction}
        and chosen.authority in {None, measure.authority}
        and (chosen.list_code is None or chosen.list_code in _codes(measure))
    )


def spans_of_measure(
    board: MeasureBoard, measure_id: str, days: Days, stretch: tuple[date, date]
) -> tuple[Span, ...]:
    """Return the statuses of a measure from the first to the last day of a stretch, in order.

    All are as known on the day of knowledge of `days`; the future is what happens if nothing more
    is recorded.
    """
    return _spans(lambda day: board.one(measure_id, _on(day, days)), stretch, ())


def spans_of_listing(
    board: MeasureBoard,
    measure_id: str,
    listing: Listing,
    days: Days,
    stretch: tuple[date, date],
) -> tuple[Span, ...]:
    """Return the statuses of a measure for one listing over a stretch of days, in order.

    The days on which the entry was listed and delisted begin new spans.
    """
    own = [day for day in (listing.listed_on, listing.delisted_on) if day is not None]
    return _spans(
        lambda day: board.reaching(measure_id, listing, _on(day, days)), stretch, sorted(own)
    )


def _shown(event: Event, authority: str) -> EventShown:
    reading = reading_of_event(event)
    return copy_as(
        EventShown,
        event,
        slice=in_words(event.slice),
        url=None if event.source is None else event.source.url,
        quote=event.quote if event.words is None else event.words.quote,
        announced_by=announced_by(event, authority),
        read_from=None if reading is None else reading.read_from,
    )


def _as_imposed(shown: MeasureOnDay, imposed: Imposed) -> MeasureOnDay:
    """Return the measure with one listing's effects; plain words go where it prints its own."""
    return msgspec.structs.replace(
        shown,
        effect=imposed.effects,
        imposed=imposed.by,
        plain=None if imposed.by == "entry" else shown.plain,
    )


def _on_day(
    measure: Measure, status: MeasureStatus, as_of: date, events: Mapping[str, EventShown]
) -> MeasureOnDay:
    change = status.next_change
    return MeasureOnDay(
        id=measure.id,
        title=measure.title,
        authority=measure.authority,
        jurisdiction=measure.jurisdiction,
        kind=measure.kind,
        effect=measure.effect,
        attaches_by=measure.attaches_by,
        condition=measure.condition,
        as_of=as_of,
        status=status.word,
        force=status.force,
        operation=status.operation,
        evidence=status.evidence,
        since=status.since,
        until=status.until,
        until_bound=status.until_bound,
        lapsed=status.lapsed,
        next_change_on=None if change is None else change.on,
        next_change_to=None if change is None else change.status,
        confirmed=status.confirmed,
        residual_obligation=status.residual_obligation,
        slices=status.slices,
        flags=status.flags,
        rests_on=tuple(events[key] for key in status.rests_on),
        upcoming=tuple(events[key] for key in status.upcoming),
        disputed=tuple(events[key] for key in status.disputed),
        citation=measure.citation,
        url=measure.url,
        quote=None if measure.words is None else measure.words.quote,
        plain=measure.plain,
        confidence=measure.confidence,
        checked_until=status.checked_until,
        stale=status.is_stale,
        read_from=None if measure.words is None else reading_of(measure.words).read_from,
    )


@lru_cache(maxsize=_REMEMBERED_FAILURES)
def _log_failure(measure_id: str, kind: str, place: str) -> None:
    fields = {"measure": measure_id, "kind": kind, "place": place}
    logger.error("measure.cannot_be_worked_out", extra=fields)


def _line_of(error: Exception) -> str:
    """Return the function and line that failed, without the text of an operator's event."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"


def _check_known(field: str, value: str | None, known: set[str]) -> None:
    if value is not None and value not in known:
        raise BadInputError(
            field, f"no measure has {value!r}; there are: {', '.join(sorted(known))}"
        )


def _codes(measure: Measure) -> set[str]:
    return {attachment.list_code for attachment in measure.attaches}


def _spans(on: _OnDay, stretch: tuple[date, date], also: Iterable[date]) -> tuple[Span, ...]:
    """Return the spans from change to change, also looking for one on each day of `also`."""
    first, last = stretch
    found: list[Span] = []
    day: date | None = first
    while day is not None and day <= last and len(found) < _MOST_SPANS:
        measure = on(day)
        changes = (each for each in (measure.next_change_on, *also) if each is not None)
        end = min((each for each in changes if day < each <= last), default=None)
        if found and found[-1].status == measure.status:
            found[-1] = msgspec.structs.replace(found[-1], end=end)
        else:
            found.append(copy_as(Span, measure, first=day, end=end))
        day = end
    return tuple(found)


def _on(day: date, days: Days) -> Days:
    return Days(as_of=day, known_at=days.known_at, known_at_by=days.known_at_by)
