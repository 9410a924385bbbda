"""The lane of a measure from a kept answer alone: what it says of before, of the day, and of next.

A kept answer has a status, since when, and the next change; earlier statuses are not in it, and
nothing is drawn for them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.flow.spans import Span
from service.model.on_day import MeasureOnDay
from service.paper import Swatch
from service.paper.patterns import Pattern
from service.web.badges import Shape
from service.web.dates import day
from service.web.scale import Scale
from service.web.timeline import BAR_HEIGHT, BAR_TOP, Clock, Flag, Lane, lane_of
from service.wording import own_since, plain_glance

WIDTH = 400.0
# The highest and the lowest a bar of a lane reaches, the relief above it with it.
_TOP, _HEIGHT = BAR_TOP - 6.0, BAR_HEIGHT + 6.0
_PATTERNS: Mapping[Shape, Pattern] = MappingProxyType(
    {
        "force": "solid",
        "part": "halves",
        "sleeps": "hatch",
        "stayed": "cross",
        "lapsed": "dashed",
        "frame": "frame",
        "coming": "outline",
        "said": "outline",
        "over": "thin",
        "over-unsure": "thin",
        "unknown": "dotted",
        "licence": "relief",
        "licence-gone": "dotted",
    }
)


def lane_from(measure: MeasureOnDay, scale: Scale, asked_on: date | None) -> Lane:
    """The lane of a measure as the answer has it.

    `asked_on` is the day on which it was asked, None where that is the very day asked about, which
    may still be another one at the authority.
    """
    clock = Clock(
        chosen=measure.as_of,
        today=asked_on or measure.as_of,
        checked_until=measure.checked_until,
    )
    said = [
        each for each in (*measure.disputed, *measure.upcoming) if each.kind.startswith("announce")
    ]
    lane = lane_of(tuple(_spans(measure, scale)), scale, clock, said)
    flags = tuple(msgspec.structs.replace(each, text=_flag(each, clock)) for each in lane.flags)
    return msgspec.structs.replace(lane, label=_label(measure), flags=flags)


def swatches(lane: Lane) -> Iterator[Swatch]:
    """The same lane for paper."""
    for bar in lane.bars:
        yield Swatch(
            start=bar.x / lane.width,
            end=(bar.x + bar.width) / lane.width,
            pattern=_PATTERNS[bar.ink],
            top=(bar.y - _TOP) / _HEIGHT,
            height=bar.height / _HEIGHT,
        )
    for flag in lane.flags:
        if flag.kind == "chosen":
            yield Swatch(start=flag.x / lane.width, end=flag.x / lane.width, pattern="mark")


def _flag(flag: Flag, clock: Clock) -> str:
    """A print outlives the day that it calls today."""
    return day(clock.chosen) if flag.kind == "chosen" else f"asked {day(clock.today)}"


def _label(measure: MeasureOnDay) -> str:
    """What the lane shows, and no more than the answer says."""
    own = own_since(measure)
    since = "" if own is None else f", since {day(own)}"
    told = f"{plain_glance(measure.status)} on {day(measure.as_of)}{since}"
    then = measure.next_change_on
    if then is None or measure.next_change_to is None:
        return f"{told}; no change ahead is on record."
    becomes = plain_glance(measure.next_change_to).lower()
    return f"{told}; {becomes} from {day(then)} if nothing new is recorded."


def _spans(measure: MeasureOnDay, scale: Scale) -> Iterator[Span]:
    first = scale.first if measure.since is None else max(measure.since, scale.first)
    then = measure.next_change_on
    if first <= scale.last:
        yield Span(
            first=first,
            end=then if then is not None and then <= scale.last else None,
            status=measure.status,
            since=measure.since,
            until=measure.until,
            until_bound=measure.until_bound,
        )
    if then is not None and measure.next_change_to is not None and then <= scale.last:
        yield Span(
            first=then,
            end=None,
            status=measure.next_change_to,
            since=then,
            until=None,
            until_bound=None,
        )
