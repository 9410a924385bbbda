"""A status as shapes: badges, days as pages write them, and the small timeline of a measure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.board import Span
from abeyance_screening.engine.measures.status import EventShown, MeasureOnDay
from abeyance_screening.engine.measures.status_table import STATUSES, Shape, StatusWord
from abeyance_screening.engine.wording import (
    badge,
    day_in_words,
    glance,
    plain_badge,
    plain_glance,
)
from abeyance_screening.engine.wording.hits import Act
from abeyance_screening.primitives.days import day_after

# --- Badges, links to acts, and days as pages write them.
#
# A badge is a status as a shape and words. The badge, the glance strip and the timeline use the
# same shape for the same status.


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """A status as a shape and words; `brief` has at most four words, `text` includes the day."""

    shape: Shape
    text: str
    brief: str


class ActLink(msgspec.Struct, frozen=True, kw_only=True):
    """An act as cited, with its address; `url` is None where none is on record."""

    text: str
    url: str | None


def badge_of(measure: MeasureOnDay) -> Badge:
    """Return the badge of a measure, with the days of its status."""
    return Badge(shape=STATUSES[measure.status].shape, text=badge(measure), brief=glance(measure))


def plain_badge_of(word: StatusWord) -> Badge:
    """Return the badge of a status without days, for use where they are not known."""
    return Badge(shape=STATUSES[word].shape, text=plain_badge(word), brief=plain_glance(word))


def in_brief(badge: Badge) -> Badge:
    """Return a badge whose text is the brief one, of at most four words."""
    return msgspec.structs.replace(badge, text=badge.brief)


def links_to(acts: Iterable[Act]) -> tuple[ActLink, ...]:
    """Return acts as links, in their order; an unsafe address gives no link."""
    return tuple(ActLink(text=each.text, url=safe_link(each.url)) for each in acts)


def safe_link(url: str | None) -> str | None:
    """Return the address if it is an HTTP or HTTPS one, which a page may link to; else None."""
    return url if url is not None and url.startswith(("https://", "http://")) else None


def day(on: date | None) -> str:
    """Write a day as `27 Nov 2026`, None as a dash."""
    return "—" if on is None else day_in_words(on)


def weekday(on: date) -> str:
    """Write a day with its weekday: `Tue 24 Nov 2026`."""
    return f"{on:%a} {day_in_words(on)}"


def month(on: date, *, with_year: bool) -> str:
    """Write the month of a day: `Oct`, or `Oct 2025`."""
    return f"{on:%b %Y}" if with_year else f"{on:%b}"


# --- The small timeline: spans and events of a measure as bars, boxes and flags in user units.

# A small picture begins three months before the earlier of today and the chosen day …
_MONTHS_BEFORE = 3
# … and ends four months after the later one.
_MONTHS_AFTER = 4
# Changes up to 15 months earlier and 8 months later widen the picture until it contains them.
_MONTHS_BACK = 15
_MONTHS_AHEAD = 8
# The least distance between two ticks in user units: closer together their words would touch.
_TICK_UNITS = 55.0
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1_200, 6_000, 12_000)


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """The first day of a month on a scale: its position and its label."""

    x: float
    text: str


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """A scale from days to user units.

    The days from `first` to `last`, both included, take `width` units from `left` on.
    """

    first: date
    last: date
    width: float
    left: float = 0.0

    def x(self, day: date) -> float:
        """Return where a day begins, to a tenth of a unit; days outside are at the edge."""
        share = (day - self.first).days / ((self.last - self.first).days + 1)
        return round(self.left + self.width * min(1.0, max(0.0, share)), 1)

    @property
    def right(self) -> float:
        """Return where the last day ends, in user units."""
        return self.left + self.width

    def holds(self, day: date) -> bool:
        """Whether a day is in the picture."""
        return self.first <= day <= self.last

    def ticks(self) -> tuple[Tick, ...]:
        """Return ticks at first days of months, as many as fit, with the year where it changes."""
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


BAR_TOP, BAR_HEIGHT = 14.0, 16.0
EASED_HEIGHT = 5.0
THIN = 3.0
# The width of the box of an announcement without an end: its duration is not known.
_OPEN_BOX = 10.0


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of a bar: a box in one pattern (`ink`).

    `is_expected`: it is after today, and true only if nothing new is recorded. `torn`: it began
    before the picture, or on a day not recorded. `open_end`: the source does not state whether its
    last day is included.
    """

    ink: Shape
    x: float
    y: float
    width: float
    height: float
    is_expected: bool = False
    torn: bool = False
    open_end: bool = False


class AnnouncedBox(msgspec.Struct, frozen=True, kw_only=True):
    """An announcement without an act: a box over its days, a mark on the day it was made."""

    x: float
    width: float
    mark: float | None


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """A day marked in a picture: the day asked about, or today."""

    x: float
    text: str
    kind: Literal["chosen", "today"]


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One lane of the small picture; `label` says in a sentence what it shows."""

    label: str
    bars: tuple[Bar, ...]
    announced: tuple[AnnouncedBox, ...]
    flags: tuple[Flag, ...]
    ticks: tuple[Tick, ...]
    shaded_from: float | None
    width: float


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """The days that a picture marks: the day asked about, today, the last reading of sources."""

    chosen: date
    today: date
    checked_until: date | None = None


def stretch_around(chosen: date, today: date, changes: Iterable[date] = ()) -> tuple[date, date]:
    """Return the first and last day of a small picture.

    It contains both days with a margin, and the changes that are not too far away.
    """
    early, late = min(chosen, today), max(chosen, today)
    first, last = months_from(early, -_MONTHS_BEFORE), months_from(late, _MONTHS_AFTER)
    oldest, newest = months_from(early, -_MONTHS_BACK), months_from(late, _MONTHS_AHEAD)
    near = [each for each in changes if oldest <= each <= newest]
    first = min([first, *(months_from(each, -1) for each in near)])
    return first, max([last, *(months_from(each, 1) for each in near)])


def months_from(day: date, months: int) -> date:
    """Return the same day of the month some months later, or earlier where `months` is negative.

    A month without that day gives its last day. The result is never outside the range of `date`.
    """
    place = day.year * 12 + day.month - 1 + months
    if not date.min.year * 12 <= place < (date.max.year + 1) * 12:
        return date.min if months < 0 else date.max
    first = date(place // 12, place % 12 + 1, 1)
    return first + timedelta(days=min(day.day, _length(first)) - 1)


def lane_of(
    spans: Sequence[Span], scale: Scale, clock: "Clock", events: Iterable[EventShown] = ()
) -> Lane:
    """Return the lane of one measure; `events` are those that were only announced."""
    checked = clock.checked_until
    is_shaded = checked is not None and checked < scale.last
    return Lane(
        label=label_of(spans, clock),
        bars=bars_of(spans, scale, clock.today),
        announced=tuple(_announced(events, scale)),
        flags=flags_of(scale, clock),
        ticks=scale.ticks(),
        shaded_from=scale.x(day_after(checked)) if is_shaded and checked is not None else None,
        width=scale.right,
    )


def flags_of(scale: Scale, clock: Clock) -> tuple[Flag, ...]:
    """Return a flag for today and one for the chosen day; one flag where both are the same."""
    today = Flag(x=scale.x(clock.today), text="today", kind="today")
    if clock.chosen == clock.today:
        return (Flag(x=today.x, text="today", kind="chosen"),)
    return today, Flag(x=scale.x(clock.chosen), text=day(clock.chosen), kind="chosen")


def label_of(spans: Sequence[Span], clock: Clock) -> str:
    """Return the picture as a sentence: `In force, eased from 29 Sep 2025; suspended from …`."""
    if not spans:
        return "Nothing is on record for these days."
    first, *later = spans
    known = first.since is not None and first.since >= first.first
    start = f" from {day(first.since)}" if known else f" on {day(first.first)} and before"
    words = [plain_glance(first.status) + start] if _is_seen(first) else []
    words += [
        f"{plain_glance(each.status).lower()} from {day(each.first)}"
        + (" if nothing new is recorded" if each.first > clock.today else "")
        for each in later
    ]
    sentence = "; ".join(words) or "nothing is in force yet"
    return f"{sentence[0].upper()}{sentence[1:]}."


def bars_of(spans: Sequence[Span], scale: Scale, today: date) -> tuple[Bar, ...]:
    """Return the boxes of all spans that are in the picture, from left to right."""
    held = [span for span in spans if span.end is None or span.end > scale.first]
    return tuple(_bars(held, scale, today))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(number: int) -> date:
    """Return the first day of a month by its number, at the earliest `date.min`."""
    return date(number // 12, number % 12 + 1, 1) if number >= date.min.year * 12 else date.min


def _text(day: date, before: date | None) -> str:
    return month(day, with_year=before is None or before.year != day.year)


def _length(first: date) -> int:
    """Return how many days the month has that begins on a day."""
    if (first.year, first.month) == (date.max.year, date.max.month):
        return date.max.day
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return (after - first).days


def _announced(events: Iterable[EventShown], scale: Scale) -> Iterator[AnnouncedBox]:
    """Yield the boxes of announcements, which change no status, that are in the picture."""
    for event in events:
        first, last = event.effective_on, event.until
        on = event.announced_on or event.published_on
        mark = scale.x(on) if on is not None and scale.holds(on) else None
        if first is None or first > scale.last or (last is not None and last < scale.first):
            if mark is not None:
                yield AnnouncedBox(x=mark, width=0.0, mark=mark)
            continue
        x = scale.x(first)
        right = x + _OPEN_BOX if last is None else scale.x(day_after(last))
        yield AnnouncedBox(x=x, width=round(right - x, 1), mark=mark)


def _is_seen(span: Span) -> bool:
    """Whether a span is drawn: not where nobody could know the measure on those days."""
    return span.status not in {"not_known", "not_yet_made"}


def _bars(spans: Sequence[Span], scale: Scale, today: date) -> Iterator[Bar]:
    for place, span in enumerate(spans):
        if not _is_seen(span):
            continue
        end = day_after(scale.last) if span.end is None else span.end
        split = min(end, day_after(today))
        torn = place == 0 and (span.since is None or span.since < scale.first)
        if span.first < split:
            yield from _pieces(span, (scale.x(span.first), scale.x(split)), torn=torn)
        if end > split:
            later = (scale.x(max(split, span.first)), scale.x(end))
            yield from _pieces(span, later, torn=False, is_expected=True)


def _pieces(
    span: Span, ends: tuple[float, float], *, torn: bool, is_expected: bool = False
) -> Iterator[Bar]:
    """Yield the boxes of one span; relief has a second box above the bar that it eases."""
    ink = STATUSES[span.status].shape
    left, right = ends
    height = BAR_HEIGHT / 2 if is_expected else BAR_HEIGHT
    if ink in {"over", "over-unsure", "announced", "coming"}:
        height = THIN if ink.startswith("over") else BAR_HEIGHT / 2
    top = BAR_TOP + (BAR_HEIGHT - height) / 2
    whole = Bar(
        ink="force" if ink == "eased" else ink,
        x=left,
        y=top,
        width=round(right - left, 1),
        height=height,
        is_expected=is_expected,
        torn=torn,
        open_end=span.until_bound == "unknown" and span.end is not None,
    )
    if whole.width <= 0:
        return
    yield whole
    if ink == "eased":
        above = top - EASED_HEIGHT - 1
        yield msgspec.structs.replace(
            whole, ink="licence", y=above, height=EASED_HEIGHT, torn=False
        )
