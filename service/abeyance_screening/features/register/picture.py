"""The large timeline of one measure: the rule, relief on top, announcements, proposals.

The events table of the same page is here too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.board import Span
from abeyance_screening.engine.measures.law.resolve import in_words
from abeyance_screening.engine.measures.measure import Confidence, Event, EventKind, LapseEffect
from abeyance_screening.engine.measures.publishers import (
    WordsRead,
    hosts_of,
    reading_grade,
    reading_of_event,
)
from abeyance_screening.engine.wording import plain_glance
from abeyance_screening.engine.wording.hits import short_citation
from abeyance_screening.engine.wording.shapes import (
    Bar,
    Clock,
    Flag,
    Scale,
    Tick,
    bars_of,
    day,
    flags_of,
    label_of,
    months_from,
    safe_link,
)
from abeyance_screening.primitives.days import count, day_after

# Who told of an act is named by so many hosts at most.
_MOST_HOSTS = 2
_DEEDS: Mapping[EventKind, str] = MappingProxyType(
    {
        "announce": "Announced; changes nothing yet",
        "announce_suspension": "Suspension announced; changes nothing yet",
        "announce_extension": "Extension announced; changes nothing yet",
        "announce_easing": "Easing announced; changes nothing yet",
        "announce_revocation": "Revocation announced; changes nothing yet",
        "publish": "Published",
        "take_effect": "Takes effect",
        "list": "Listed",
        "is_informed": "Imposed by letter",
        "delay": "Start postponed",
        "amend": "Amended",
        "expand": "Widened",
        "narrow": "Narrowed",
        "correct": "Corrected",
        "suspend": "Suspended",
        "extend_suspension": "Suspension extended",
        "resume": "Resumed",
        "authorise": "Eased by a licence",
        "extend_authorisation": "Licence extended",
        "replace_authorisation": "Licence replaced",
        "revoke_authorisation": "Licence withdrawn",
        "renew": "Renewed",
        "expire": "Expired",
        "revoke": "Revoked",
        "delist": "Taken off the list",
        "annul": "Annulled",
        "replace": "Replaced",
        "stop_measures": "Measures stopped; the name stays on the list",
        "stay": "Stayed by a court",
        "lift_stay": "Court's stay lifted",
        "not_enforced": "Not enforced, according to its authority",
        "reinstate": "Put in force again",
        "challenge_pending": "A challenge is pending",
        "dispute": "Sources contradict each other",
    }
)
_LAPSES: Mapping[LapseEffect, str] = MappingProxyType(
    {
        "restriction_returns": "The restriction returns.",
        "restriction_ends": "The restriction ends, unconfirmed.",
        "authorisation_ends": "The relief ends; the restriction under it stays.",
        "restriction_begins": "The restriction begins.",
    }
)
_BOUND = MappingProxyType(
    {
        "inclusive": "that day included",
        "exclusive": "that day not included",
        "unknown": "whether that day is included is not stated",
    }
)


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the events table; days are in words, a dash where none is recorded."""

    id: str
    effective: str
    public: str
    what: str
    part: str | None
    note: str | None
    quote: str | None
    reading: str | None
    source: str
    url: str | None
    sure: str
    is_retracted: bool


WIDTH, GUTTER = 1060.0, 140.0
_LANE_HEIGHT = 46.0
_RULE_TOP = 44.0
# The width of a letter in user units, rounded up: labels that would touch are left out.
_LETTER = 6.2
# The width of the box of an announcement without an end.
_OPEN_BOX = 12.0
# The least width of a bar that has words inside.
_WORDS_FROM = 210.0
# Days of events that are more than five years before today and the chosen day are left out.
_LONGEST_MONTHS = 60
_LICENCES: frozenset[EventKind] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation"}
)
_PROPOSALS: frozenset[EventKind] = frozenset({"challenge_pending", "dispute"})

Anchor = Literal["start", "middle", "end"]
BoxKind = Literal["relief", "announced", "proposed"]


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """Words in the picture; `anchor` says which point of them is at `x`."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A bar of relief, or the box of an announcement; `mark` is where it was made public."""

    kind: BoxKind
    x: float
    width: float
    mark: float | None


class PictureLane(msgspec.Struct, frozen=True, kw_only=True):
    """One lane below that of the rule."""

    title: str
    y: float
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]


class MeasurePicture(msgspec.Struct, frozen=True, kw_only=True):
    """The large picture in user units; `label` says in a sentence what it shows."""

    label: str
    width: float
    height: float
    gutter: float
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    lanes: tuple[PictureLane, ...]
    ticks: tuple[Tick, ...]
    flags: tuple[Flag, ...]
    shaded_from: float | None
    shade_text: str | None


_SHORT: dict[EventKind, str] = {
    "announce": "change announced",
    "announce_suspension": "suspension announced",
    "announce_extension": "extension announced",
    "announce_easing": "easing announced",
    "announce_revocation": "revocation announced",
    "challenge_pending": "challenge",
    "dispute": "dispute",
}


def event_row(event: Event) -> EventRow:
    """Return an event as a row of the table."""
    reading = reading_of_event(event)
    url = None if event.source is None else safe_link(event.source.url)
    return EventRow(
        id=event.id,
        effective=day(event.effective_on) + _roughly(event),
        public=day(public_day(event)),
        what=what_happened(event),
        part=in_words(event.slice),
        note=event.retracted_because or event.note,
        quote=event.quote,
        reading=None if reading is None else f"Act's words {reading_in_words(reading)}.",
        source=event.citation or ("source" if url else "—"),
        url=url,
        sure=sure_in_words(event.confidence, reading, hosts_of([url] if url else [])),
        is_retracted=event.retracted_at is not None,
    )


def what_happened(event: Event) -> str:
    """Write an event as `Suspended, until 9 Nov 2026, that day included`."""
    deed = _DEEDS[event.kind]
    if event.until is None:
        return deed
    bound = "" if event.until_bound is None else f", {_BOUND[event.until_bound]}"
    return f"{deed}, until {day(event.until)}{bound}"


def public_day(event: Event) -> date | None:
    """Return the day on which an event became public: announced or published, the earlier."""
    days = [each for each in (event.announced_on, event.published_on) if each is not None]
    return min(days, default=None)


def lapse_in_words(event: Event) -> str:
    """Write what happens when the end of an event passes and no further act is recorded."""
    return "Nothing is recorded." if event.lapse_effect is None else _LAPSES[event.lapse_effect]


def sure_in_words(
    confidence: Confidence, reading: WordsRead | None, told_by: Sequence[str] = ()
) -> str:
    """Write who says a fact, and when that was read, in place of a tick.

    `act's words, publisher's page (bis.gov), read 9 Oct 2026`, `act's words, from a copy at
    github.com`, or `told by lawfirm.example, words not seen`; `told_by` are the hosts of who told
    it.
    """
    match reading_grade(confidence, reading):
        case "publisher" | "copy":
            return (
                "act's words; where they were read is not recorded"
                if reading is None
                else (f"act's words, {_whence(reading)}{_read_on(reading)}")
            )
        case "told":
            told = f"told by {_few(told_by) or 'others, who are not recorded'}"
            seen = (
                ", words not seen"
                if reading is None
                else f"; some of the act's words, {_whence(reading)}{_read_on(reading)}"
            )
            doubt = "; sources contradict each other" if confidence == "disputed" else ""
            return f"{told}{seen}{doubt}"
        case "none":
            return "general knowledge, no source read"


def _few(hosts: Sequence[str]) -> str:
    more = len(hosts) - _MOST_HOSTS
    return ", ".join(hosts[:_MOST_HOSTS]) + (f" and {count(more)} more" if more > 0 else "")


def _whence(reading: WordsRead) -> str:
    if reading.read_from == "publisher":
        return f"publisher's page ({reading.host})"
    if reading.host is not None:
        return f"from a copy at {reading.host}"
    return f"as given in: {reading.copy}"


def _read_on(reading: WordsRead) -> str:
    return "" if reading.read_on is None else f", read {day(reading.read_on)}"


def reading_in_words(reading: WordsRead) -> str:
    """Write where an act's words were read: `read on 27 Nov 2026 in: a copy of that page`."""
    on = "read" if reading.read_on is None else f"read on {day(reading.read_on)}"
    if reading.read_from == "publisher":
        return f"{on} on the publisher's own page, {reading.host}"
    return f"{on} in: {reading.copy}"


def picture_of(
    spans: Sequence[Span], events: Sequence[Event], scale: Scale, clock: Clock
) -> MeasurePicture:
    """Return the picture of a measure with these spans and events; retracted ones are left out."""
    live = [each for each in events if each.retracted_at is None]
    lanes = tuple(_lanes(live, scale))
    checked = clock.checked_until
    shaded = None if checked is None or checked >= scale.last else scale.x(day_after(checked))
    return MeasurePicture(
        label=label_of(spans, clock),
        width=WIDTH,
        height=_RULE_TOP + _LANE_HEIGHT * (len(lanes) + 1) + 10,
        gutter=GUTTER,
        bars=bars_of(spans, scale, clock.today),
        labels=tuple(_rule_labels(spans, scale, flags_of(scale, clock))),
        lanes=lanes,
        ticks=scale.ticks(),
        flags=flags_of(scale, clock),
        shaded_from=shaded,
        shade_text=None if checked is None else f"shaded: no source read after {day(checked)}",
    )


def stretch_of(events: Iterable[Event], clock: Clock) -> tuple[date, date]:
    """Return the first and last day of a large picture.

    It begins at least four months before the earlier of today and the chosen day, ends at least
    four months after the later one, and contains events up to five years back and two years ahead.
    """
    days = [
        each
        for event in events
        for each in (event.announced_on, event.published_on, event.effective_on, event.until)
        if each is not None
    ]
    late = max(clock.chosen, clock.today)
    oldest = months_from(min(clock.chosen, clock.today), -_LONGEST_MONTHS)
    near = [each for each in days if oldest <= each <= months_from(late, 24)]
    first = min([months_from(min(clock.chosen, clock.today), -3), *near])
    last = max([months_from(late, 4), *(months_from(each, 1) for each in near)])
    return months_from(first, -1), last


def big_scale(stretch: tuple[date, date]) -> Scale:
    """Return the scale of a large picture, to the right of the titles of its lanes."""
    return Scale(first=stretch[0], last=stretch[1], width=WIDTH - GUTTER - 10, left=GUTTER)


def _roughly(event: Event) -> str:
    return "" if event.exactness == "day" or event.effective_on is None else " (about)"


def _lanes(events: Sequence[Event], scale: Scale) -> Iterator[PictureLane]:
    kinds: list[tuple[str, BoxKind, list[Event]]] = [
        ("Easing on top", "relief", [each for each in events if each.kind in _LICENCES]),
        ("Announced only", "announced", [each for each in events if _is_announced(each)]),
        ("Proposed", "proposed", [each for each in events if each.kind in _PROPOSALS]),
    ]
    y = _RULE_TOP + _LANE_HEIGHT
    for title, kind, of_it in kinds:
        boxes = [(event, box) for event in of_it for box in _box(event, kind, scale)]
        if not boxes:
            continue
        yield PictureLane(
            title=title,
            y=y,
            boxes=tuple(box for _, box in boxes),
            labels=tuple(_box_labels(boxes, y, scale)),
        )
        y += _LANE_HEIGHT


def _is_announced(event: Event) -> bool:
    return event.kind.startswith("announce")


def _box(event: Event, kind: BoxKind, scale: Scale) -> Iterator[Box]:
    """Yield the box of an event, or nothing where it is outside the picture."""
    on = public_day(event)
    mark = scale.x(on) if on is not None and scale.holds(on) and kind != "relief" else None
    first, last = event.effective_on, event.until
    is_inside = first is not None and first <= scale.last and (last is None or last >= scale.first)
    if first is None or not is_inside or kind == "proposed":
        if mark is not None:
            yield Box(kind=kind, x=mark, width=0.0, mark=mark)
        return
    is_within = event.until_bound == "inclusive"
    x = scale.x(first)
    end = scale.right if kind == "relief" else x + _OPEN_BOX
    if last is not None:
        end = scale.x(day_after(last) if is_within else last)
    yield Box(kind=kind, x=x, width=round(max(2.0, end - x), 1), mark=mark)


def _box_labels(boxes: Sequence[tuple[Event, Box]], y: float, scale: Scale) -> Iterator[Label]:
    """Yield a label for each box, on the side that has room, in at most two lines."""
    taken: list[tuple[float, float]] = []
    for event, box in boxes:
        text = _text(event)
        length = len(text) * _LETTER
        right = max(box.x + box.width, box.mark or 0.0) + 8
        left = min(box.x, box.mark or box.x) - 8
        to_the_right = right + length <= scale.right
        start, end = (right, right + length) if to_the_right else (left - length, left)
        lines = [each for each in (y + 14, y + 30) if _is_free(taken, each, start, end)]
        if not lines or start < scale.left - 10:
            continue
        taken.append((lines[0], start))
        taken.append((lines[0], end))
        if to_the_right:
            yield Label(x=round(right, 1), y=lines[0], text=text)
        else:
            yield Label(x=round(left, 1), y=lines[0], text=text, anchor="end")


def _text(event: Event) -> str:
    on = public_day(event)
    if event.kind in _LICENCES:
        until = "" if event.until is None else f" to {day(event.until)}"
        return f"{short_citation(event.citation or 'licence')}{until}"
    words = _SHORT.get(event.kind, event.kind.replace("_", " "))
    dated = words if on is None else f"{words} on {day(on)}"
    return f"{dated}, to {day(event.until)}" if event.until is not None else dated


def _is_free(taken: Sequence[tuple[float, float]], line: float, start: float, end: float) -> bool:
    """Whether a stretch of a line is free; `taken` has pairs of line and x: start, then end."""
    ends = [x for at, x in taken if at == line]
    pairs = zip(ends[::2], ends[1::2], strict=True)
    return all(end + 6 <= begins or start >= ends_at + 6 for begins, ends_at in pairs)


def _rule_labels(spans: Sequence[Span], scale: Scale, flags: Sequence[Flag]) -> Iterator[Label]:
    """Yield the first day of each status above its bar, and its name inside where it fits."""
    free_from = scale.left
    for place, span in enumerate(spans):
        left = scale.x(span.first)
        right = scale.right if span.end is None else scale.x(span.end)
        text = _beginning(span, spans[place + 1] if place + 1 < len(spans) else None)
        length = len(text) * _LETTER
        turns = left + length > scale.right or any(left < f.x < left + length for f in flags)
        start = left - length if turns else left
        if place and start >= free_from:
            yield Label(x=left, y=_RULE_TOP, text=text, anchor="end" if turns else "start")
            free_from = start + length + 6
        if right - left >= _WORDS_FROM and span.status != "in_force":
            middle = round((left + right) / 2, 1)
            yield Label(x=middle, y=_RULE_TOP + 26, text=_inside(span), anchor="middle")


def _beginning(span: Span, after: Span | None) -> str:
    """Write the first day of a span, without the year where the next span begins in that year."""
    in_full = after is None or after.first.year != span.first.year
    return day(span.first) if in_full else f"{span.first.day} {span.first:%b}"


def _inside(span: Span) -> str:
    if span.status == "suspended":
        return "suspended: not repealed, without effect"
    return plain_glance(span.status).lower()
