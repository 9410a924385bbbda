"""Spans: how a measure's status went, and will go, over a stretch of days."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import msgspec

from service.flow.measures import MeasureBoard
from service.model.days import Days
from service.model.event import UntilBound
from service.model.listing import Listing
from service.model.on_day import MeasureOnDay
from service.model.status import StatusWord

# More changes than any measure has in a stretch that a picture can show.
_MOST_SPANS = 60
_ONE_DAY = timedelta(days=1)
# Of what has not begun, `since` is the day that became public, which may lie within the span.
_NOT_BEGUN: frozenset[StatusWord] = frozenset({"announced", "published_not_effective"})

type _OnDay = Callable[[date], MeasureOnDay]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days in a row with one status: from `first` up to the day before `end`.

    `end` is None where the stretch that was asked for ends before the next change. `since` is the
    first day of the status, which may lie before `first`, and of what has not begun the day that
    became public; None where it is not recorded. `until` and `until_bound` are the end that the
    acts state.
    """

    first: date
    end: date | None
    status: StatusWord
    since: date | None
    until: date | None
    until_bound: UntilBound | None


def spans_of_measure(
    board: MeasureBoard, measure_id: str, days: Days, stretch: tuple[date, date]
) -> tuple[Span, ...]:
    """The statuses of a measure from the first to the last day of a stretch, in order.

    All are what is known on the day of knowledge of `days`; the future is what happens if nothing
    more is recorded.

    Raises:
        NotFoundError: No measure has that id.
    """
    return _spans(lambda day: board.one(measure_id, _on(day, days)), stretch, ())


def spans_of_listing(
    board: MeasureBoard,
    measure_id: str,
    listing: Listing,
    days: Days,
    stretch: tuple[date, date],
) -> tuple[Span, ...]:
    """The same for a listing that the measure reaches: the entry has days of its own.

    Raises:
        NotFoundError: No measure has that id.
    """
    own = [day for day in (listing.listed_on, listing.delisted_on) if day is not None]
    return _spans(
        lambda day: board.reaching(measure_id, listing, _on(day, days)), stretch, sorted(own)
    )


def _on(day: date, days: Days) -> Days:
    return Days(as_of=day, known_at=days.known_at, known_at_by=days.known_at_by)


def _spans(on: _OnDay, stretch: tuple[date, date], also: Iterable[date]) -> tuple[Span, ...]:
    """Goes from change to change; `also` are days on which one may be that no status foretells."""
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
            found.append(_span(measure, day, end))
        if measure.status in _NOT_BEGUN:
            known = on(last if end is None else end - _ONE_DAY)
            found[-1] = msgspec.structs.replace(found[-1], since=known.since)
        day = end
    return tuple(found)


def _span(measure: MeasureOnDay, first: date, end: date | None) -> Span:
    return Span(
        first=first,
        end=end,
        status=measure.status,
        since=measure.since,
        until=measure.until,
        until_bound=measure.until_bound,
    )
