"""The calendar: every change that is known to come, in the order in which it comes."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache, partial
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from service.flow.coming_words import coming_in_words, slice_in_words
from service.flow.measures import MeasureBoard, MeasureFilter, chosen_measures
from service.flow.unfailing import unfailing
from service.model.coming import ComingChange, EventCited
from service.model.days import Days
from service.model.errors import BadInputError, NotFoundError
from service.model.event import Event
from service.model.measure import Measure
from service.status.coming import Coming, coming_changes, said_to_come
from service.status.days import ALWAYS, public_on

# Answers of up to some hundred rows.
_REMEMBERED = 16


class CalendarFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows are wanted; None lets everything through. `until` is the last day told."""

    until: date | None = None
    measure_id: str | None = None
    measures: MeasureFilter = MeasureFilter()

    @property
    def in_words(self) -> tuple[str, ...]:
        """What the measures are chosen by, for a reader."""
        by = self.measures
        given = (self.measure_id, by.list_code, by.jurisdiction, by.authority)
        return tuple(each for each in given if each is not None)


def coming(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[ComingChange, ...]:
    """The changes after a day that are known on another, in the order of `place_of`.

    The last answers are remembered: subscribers all ask the same.

    Raises:
        BadInputError: No measure has that id, jurisdiction, authority or list, or `until` lies
            before `as_of`.
    """
    if chosen.until is not None and chosen.until < days.as_of:
        raise BadInputError("until", "lies before `as_of`")
    return _rows(board, chosen, days)


@lru_cache(maxsize=_REMEMBERED)
def _rows(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[ComingChange, ...]:
    last = date.max if chosen.until is None else chosen.until
    rows = (
        row
        for measure in _measures(board, chosen)
        for row in unfailing(measure.id, partial(_rows_of, measure, days), ())
        if row.on <= last
    )
    return tuple(sorted(rows, key=place_of))


def _rows_of(measure: Measure, days: Days) -> tuple[ComingChange, ...]:
    as_of, known_at = days.of(measure.jurisdiction)
    return tuple(
        _row(measure, change, as_of)
        for tell in (coming_changes, said_to_come)
        for change in tell(measure, as_of, known_at)
    )


def place_of(row: ComingChange) -> str:
    """A key that sorts by day, measure, the whole before its parts; no other row has it."""
    return f"{row.on} {row.measure_id} {row.status_of} {row.id}"


def cite(event: Event) -> EventCited:
    """An event with where it can be read."""
    return EventCited(
        id=event.id,
        kind=event.kind,
        citation=event.citation,
        url=None if event.source is None else event.source.url,
        quote=event.quote,
        confidence=event.confidence,
    )


def _measures(board: MeasureBoard, chosen: CalendarFilter) -> Iterator[Measure]:
    wanted = None if chosen.measure_id is None else _id_of(board, chosen.measure_id)
    for measure in chosen_measures(board.register.measures, chosen.measures):
        if wanted in {None, measure.id}:
            yield measure


def _id_of(board: MeasureBoard, measure_id: str) -> str:
    try:
        return board.register.get(measure_id).id
    except NotFoundError as error:
        raise BadInputError("measure", f"no measure has the id {measure_id!r}") from error


def _row(measure: Measure, change: Coming, as_of: date) -> ComingChange:
    event, part = change.event, slice_in_words(change)
    known_on = public_on(event)
    ends = change.is_said or change.is_lapse
    return ComingChange(
        id=_lasting_id(measure.id, event.id, change.what, str(change.on), part or ""),
        on=change.on,
        as_of=as_of,
        days_ahead=(change.on - as_of).days,
        what=change.what,
        announced=change.is_said,
        disputed=event.confidence == "disputed",
        measure_id=measure.id,
        title=measure.title,
        authority=measure.authority,
        jurisdiction=measure.jurisdiction,
        lists=tuple(dict.fromkeys(each.list_code for each in measure.attaches)),
        slice=part,
        status_of="measure" if change.is_said or change.part is None else "slice",
        status_before=change.before,
        status_after=change.after,
        stated_end=event.until if ends else None,
        until_bound=event.until_bound if ends else None,
        sentence=coming_in_words(change),
        known_on=None if known_on == ALWAYS else known_on,
        event=cite(event),
    )


def _lasting_id(*what: str) -> UUID:
    return uuid5(NAMESPACE_URL, "/".join(("urn:abeyance:calendar", *what)))
