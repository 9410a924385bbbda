"""Rows: one measure with its status on the day, in words and with its lane."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Self

import msgspec

from service.days import Days
from service.lists.listing import Listing
from service.measures.board import MeasureBoard, Span, spans_of_listing, spans_of_measure
from service.measures.on_day import MeasureOnDay
from service.web.badges import ActLink, Badge, badge_of, links_to
from service.web.frame import Frame
from service.web.lanes import Clock, Lane, Scale, lane_of, months_from, stretch_around
from service.wording import MeasureText, measure_text
from service.wording.notes import OwnDay, own_day_of

# Months before and after the days of a question in which changes of a status are looked for.
_LOOK_BACK, _LOOK_AHEAD = -15, 8
LANE_WIDTH = 400.0


class MeasureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on the day: its words, badge and acts, and the spans of its lane.

    `today` is the badge of today where today's status differs, and `own_today` the day of that
    status where it is not the page's day.
    """

    anchor: str
    text: MeasureText
    badge: Badge
    acts: tuple[ActLink, ...]
    today: Badge | None
    own_today: OwnDay | None
    spans: tuple[Span, ...]
    clock: Clock

    @property
    def measure(self) -> MeasureOnDay:
        """Return the measure that the row is about."""
        return self.text.measure

    def lane(self, scale: Scale) -> Lane:
        """Return the lane of the measure on the common scale of the page."""
        events = (*self.measure.disputed, *self.measure.upcoming)
        announced = [each for each in events if each.kind.startswith("announce")]
        return lane_of(self.spans, scale, self.clock, announced)


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """The context of all rows of a page: the register, the days asked about, and today."""

    board: MeasureBoard
    days: Days
    now: Days
    chosen: date
    today: date

    @classmethod
    def of(cls, board: MeasureBoard, frame: Frame) -> Self:
        """Return the context of the rows of the page with this frame."""
        return cls(
            board=board,
            days=frame.days,
            now=frame.days_now,
            chosen=frame.chosen,
            today=frame.today,
        )

    @property
    def is_today(self) -> bool:
        """Whether the page shows today as it is known today."""
        return self.days == self.now

    def row(self, measure: MeasureOnDay, prints: Sequence[Listing] = ()) -> MeasureRow:
        """Return the row of a measure.

        `prints` are the listings of the entry that it reaches, empty where it reaches none.
        """
        return self.row_of(measure_text(measure, self.chosen), prints)

    def row_of(self, text: MeasureText, prints: Sequence[Listing] = ()) -> MeasureRow:
        """Return the row of a measure whose text is at hand; `prints` as in `row`."""
        measure = text.measure
        listing = self._reached(measure, prints)
        now = self._now(measure, listing)
        today = self.now.of(measure.jurisdiction)[0]
        return MeasureRow(
            anchor=f"m-{measure.id}" if listing is None else f"l-{listing.id}-{measure.id}",
            text=text,
            badge=badge_of(measure),
            acts=links_to(text.acts),
            today=None if now is None else badge_of(now),
            own_today=None if now is None else own_day_of(now, self.today),
            spans=self._spans(measure, listing),
            clock=Clock(chosen=measure.as_of, today=today, checked_until=measure.checked_until),
        )

    def scale(self, rows: Iterable[MeasureRow]) -> Scale:
        """Return one scale for all these rows, so that one ruler fits all their lanes."""
        first, last = stretch_around(self.chosen, self.today, changes_of(rows))
        return Scale(first=first, last=last, width=LANE_WIDTH)

    def _reached(self, measure: MeasureOnDay, prints: Sequence[Listing]) -> Listing | None:
        """Return the first print that the measure reaches, else the first one."""
        if len(prints) < 2:  # noqa: PLR2004 - one print is the one it reaches
            return next(iter(prints), None)
        for each in prints:
            if any(measure.id == found.id for found in self.board.register.attached_to(each)):
                return each
        return prints[0]

    def _now(self, measure: MeasureOnDay, listing: Listing | None) -> MeasureOnDay | None:
        """Return the measure today where its status differs; else None."""
        if self.is_today:
            return None
        if listing is None:
            now = self.board.one(measure.id, self.now)
        else:
            now = self.board.reaching(measure.id, listing, self.now)
        return None if now.status == measure.status else now

    def _spans(self, measure: MeasureOnDay, listing: Listing | None) -> tuple[Span, ...]:
        stretch = (
            months_from(min(self.chosen, self.today), _LOOK_BACK),
            months_from(max(self.chosen, self.today), _LOOK_AHEAD),
        )
        if listing is None:
            return spans_of_measure(self.board, measure.id, self.days, stretch)
        return spans_of_listing(self.board, measure.id, listing, self.days, stretch)


def changes_of(rows: Iterable[MeasureRow]) -> tuple[date, ...]:
    """Return the days on which the status of any row changes, ascending, each once."""
    return tuple(sorted({day for row in rows for day in _changes(row)}))


def _changes(row: MeasureRow) -> Iterator[date]:
    return (span.first for span in row.spans[1:])
