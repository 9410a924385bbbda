"""The scale of a timeline: days to user units, the stretch of days it shows, its ticks."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from service.web.dates import month

# A small picture begins so long before the earlier of today and the chosen day …
_MONTHS_BEFORE = 3
# … and ends so long after the later one.
_MONTHS_AFTER = 4
# Changes no further away than this widen the stretch, so that the last one is in the picture.
_MONTHS_BACK = 15
_MONTHS_AHEAD = 8
# Fewer units than this between two ticks and their words touch.
_TICK_UNITS = 55.0
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1_200, 6_000, 12_000)


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """The first day of a month: where it is, and what is written there."""

    x: float
    text: str


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Days from `first` to `last`, both in the picture, on `width` user units from `left` on."""

    first: date
    last: date
    width: float
    left: float = 0.0

    def x(self, day: date) -> float:
        """Where a day begins, held within the picture, to a tenth of a unit."""
        share = (day - self.first).days / ((self.last - self.first).days + 1)
        return round(self.left + self.width * min(1.0, max(0.0, share)), 1)

    @property
    def right(self) -> float:
        """Where the last day ends."""
        return self.left + self.width

    def holds(self, day: date) -> bool:
        """Whether a day is in the picture."""
        return self.first <= day <= self.last

    def ticks(self) -> tuple[Tick, ...]:
        """First days of months, as many as their words leave room for, the year where it turns."""
        first, last = _month_number(self.first), _month_number(self.last)
        step = next(
            (each for each in _STEPS if (last - first) / each * _TICK_UNITS <= self.width),
            _STEPS[-1],
        )
        places = range(first - first % step, last + 1, step)
        kept = [each for each in map(_first_of, places) if self.holds(each)]
        return tuple(
            Tick(x=self.x(each), text=_text(each, kept[place - 1] if place else None))
            for place, each in enumerate(kept)
        )


def stretch_around(chosen: date, today: date, changes: Iterable[date] = ()) -> tuple[date, date]:
    """The days a small picture shows: around both days, and the changes nearest to them."""
    early, late = min(chosen, today), max(chosen, today)
    first, last = months_from(early, -_MONTHS_BEFORE), months_from(late, _MONTHS_AFTER)
    oldest, newest = months_from(early, -_MONTHS_BACK), months_from(late, _MONTHS_AHEAD)
    near = [each for each in changes if oldest <= each <= newest]
    first = min([first, *(months_from(each, -1) for each in near)])
    return first, max([last, *(months_from(each, 1) for each in near)])


def day_after(day: date) -> date:
    """The next day; the last one that a calendar holds has none and stays."""
    return day if day == date.max else day + timedelta(days=1)


def months_from(day: date, months: int) -> date:
    """The same day some months later, or before; the last of the month where it has no such day.

    Days that no calendar holds become the first or the last one it does.
    """
    place = day.year * 12 + day.month - 1 + months
    if not date.min.year * 12 <= place < (date.max.year + 1) * 12:
        return date.min if months < 0 else date.max
    first = date(place // 12, place % 12 + 1, 1)
    return first + timedelta(days=min(day.day, _length(first)) - 1)


def _length(first: date) -> int:
    """Days of the month that begins on a day."""
    if (first.year, first.month) == (date.max.year, date.max.month):
        return date.max.day
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return (after - first).days


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(number: int) -> date:
    """The first day of a month by its number; of one before all days, the first day there is."""
    return date(number // 12, number % 12 + 1, 1) if number >= date.min.year * 12 else date.min


def _text(day: date, before: date | None) -> str:
    return month(day, with_year=before is None or before.year != day.year)
