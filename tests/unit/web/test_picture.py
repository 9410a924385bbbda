"""The large picture: lanes for relief, talk and proposals, and labels that do not touch."""

import itertools
from datetime import UTC, date, datetime

import msgspec

from abeyance_screening.engine.measures.board import Span
from abeyance_screening.engine.measures.measure import Event
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.wording.shapes import Clock
from abeyance_screening.features.register.picture import (
    GUTTER,
    WIDTH,
    big_scale,
    picture_of,
    stretch_of,
)

CLOCK = Clock(chosen=date(2026, 11, 24), today=date(2026, 11, 24), checked_until=date(2026, 10, 9))
EVENTS = (
    Event(id="a", kind="take_effect", effective_on=date(2025, 9, 29)),
    Event(
        id="b",
        kind="authorise",
        effective_on=date(2025, 9, 29),
        until=date(2025, 11, 28),
        until_bound="unknown",
        citation="TGL",
    ),
    Event(id="c", kind="announce_suspension", announced_on=date(2025, 11, 1)),
    Event(
        id="d",
        kind="announce_extension",
        announced_on=date(2026, 9, 23),
        effective_on=date(2026, 11, 10),
        until=date(2027, 1, 10),
    ),
    Event(id="e", kind="challenge_pending", published_on=date(2026, 3, 5)),
)


def span(first: date, end: date | None, status: StatusWord) -> Span:
    return Span(first=first, end=end, status=status, since=first, until=None, until_bound=None)


SPANS = (
    span(date(2025, 9, 29), date(2025, 11, 10), "in_force_eased"),
    span(date(2025, 11, 10), date(2026, 11, 10), "suspended"),
    span(date(2026, 11, 10), None, "in_force_by_lapse"),
)
STRETCH = stretch_of(EVENTS, CLOCK)
SCALE = big_scale(STRETCH)
PICTURE = picture_of(SPANS, EVENTS, SCALE, CLOCK)


def test_the_stretch_takes_in_every_event_and_what_is_announced():
    assert STRETCH[0] < date(2025, 9, 29)
    assert STRETCH[1] > date(2027, 1, 10)


def test_old_events_do_not_squeeze_the_picture():
    old = Event(id="z", kind="list", effective_on=date(1997, 2, 3))
    assert stretch_of((old, *EVENTS), CLOCK) == STRETCH


def test_there_is_a_lane_for_each_kind_of_thing_that_happened():
    assert [lane.title for lane in PICTURE.lanes] == [
        "Easing on top",
        "Announced only",
        "Proposed",
    ]
    assert picture_of(SPANS, EVENTS[:1], SCALE, CLOCK).lanes == ()


def test_relief_of_unknown_bound_is_drawn_to_the_start_of_its_last_day():
    box = PICTURE.lanes[0].boxes[0]
    assert box.x + box.width == SCALE.x(date(2025, 11, 28))


def test_a_retracted_event_is_not_drawn():
    taken_back = msgspec.structs.replace(EVENTS[4], retracted_at=datetime(2026, 4, 1, tzinfo=UTC))
    lanes = picture_of(SPANS, (*EVENTS[:4], taken_back), SCALE, CLOCK).lanes
    assert [lane.title for lane in lanes] == ["Easing on top", "Announced only"]


def test_everything_lies_within_the_picture():
    for lane in PICTURE.lanes:
        for box in lane.boxes:
            assert GUTTER <= box.x <= box.x + box.width <= WIDTH
    for bar in PICTURE.bars:
        assert GUTTER <= bar.x <= round(bar.x + bar.width, 1) <= WIDTH


def test_labels_of_one_line_do_not_touch():
    for labels in (PICTURE.labels, *(lane.labels for lane in PICTURE.lanes)):
        spans = sorted(
            (label.y, label.x - length, label.x)
            if label.anchor == "end"
            else (label.y, label.x, label.x + length)
            for label in labels
            if label.anchor != "middle"
            for length in [len(label.text) * 6.0]
        )
        for one, other in itertools.pairwise(spans):
            assert one[0] != other[0] or one[2] <= other[1]


def test_the_ground_is_shaded_after_the_last_reading():
    assert PICTURE.shaded_from == SCALE.x(date(2026, 10, 10))
    assert PICTURE.shade_text == "shaded: no source read after 9 Oct 2026"
