"""The timeline: whole days to user units, inks by status, what is expected after today."""

import itertools
from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.measures.board import Span
from abeyance_screening.engine.wording.shapes import (
    BAR_HEIGHT,
    Clock,
    Scale,
    flags_of,
    label_of,
    lane_of,
    months_from,
    stretch_around,
)
from tests.unit.web.measures import event

TODAY = date(2026, 11, 24)
SCALE = Scale(first=date(2026, 11, 1), last=date(2026, 11, 30), width=300.0)
CLOCK = Clock(chosen=TODAY, today=TODAY)
RULE = (
    Span(
        first=date(2026, 11, 1),
        end=date(2026, 11, 10),
        status="suspended",
        since=date(2025, 11, 10),
        until=date(2026, 11, 9),
        until_bound="inclusive",
    ),
    Span(
        first=date(2026, 11, 10),
        end=None,
        status="in_force_by_lapse",
        since=date(2026, 11, 10),
        until=None,
        until_bound=None,
    ),
)


@pytest.mark.parametrize(
    ("day", "x"),
    [
        pytest.param(date(2026, 11, 1), 0.0, id="first day"),
        pytest.param(date(2026, 11, 16), 150.0, id="half way"),
        pytest.param(date(2026, 11, 30), 290.0, id="a day begins at its left"),
        pytest.param(date(2026, 10, 1), 0.0, id="before"),
        pytest.param(date(2027, 1, 1), 300.0, id="after"),
    ],
)
def test_a_day_has_its_place(day: date, x: float):
    assert SCALE.x(day) == x


def test_an_inclusive_end_is_drawn_to_the_end_of_that_day():
    bars = lane_of(RULE, SCALE, CLOCK).bars
    assert (bars[0].ink, bars[0].x, bars[0].width) == ("sleeps", 0.0, 90.0)
    assert bars[1].x == 90.0


def test_what_lies_after_today_is_half_as_high():
    *_, now, expected = lane_of(RULE, SCALE, CLOCK).bars
    assert (now.ink, now.is_expected, now.height) == ("lapsed", False, BAR_HEIGHT)
    assert (expected.ink, expected.is_expected, expected.height) == (
        "lapsed",
        True,
        BAR_HEIGHT / 2,
    )
    assert now.x + now.width == expected.x == 240.0
    assert expected.x + expected.width == 300.0


def test_only_what_began_before_the_picture_is_torn():
    first, *others = lane_of(RULE, SCALE, CLOCK).bars
    assert first.torn
    assert not any(each.torn for each in others)


def test_relief_lies_above_the_bar_it_eases():
    eased = msgspec.structs.replace(RULE[0], status="in_force_eased")
    bar, above = lane_of((eased,), SCALE, CLOCK).bars[:2]
    assert (bar.ink, above.ink) == ("force", "licence")
    assert above.y + above.height < bar.y
    assert (above.x, above.width) == (bar.x, bar.width)


def test_an_end_that_may_be_a_day_earlier_is_open():
    unsure = msgspec.structs.replace(RULE[0], until_bound="unknown")
    assert lane_of((unsure, RULE[1]), SCALE, CLOCK).bars[0].open_end
    assert not lane_of(RULE, SCALE, CLOCK).bars[0].open_end


def test_nothing_is_drawn_before_anything_was_public():
    nobody_knew = msgspec.structs.replace(RULE[0], status="not_known")
    assert lane_of((nobody_knew,), SCALE, CLOCK).bars == ()


def test_what_was_only_said_is_a_box_and_a_mark_on_the_day_it_was_said():
    said = event(
        "announce_extension",
        announced_on=date(2026, 11, 6),
        effective_on=date(2026, 11, 10),
        until=date(2027, 1, 10),
    )
    (drawn,) = lane_of(RULE, SCALE, CLOCK, (said,)).announced
    assert (drawn.x, drawn.width, drawn.mark) == (90.0, 210.0, 50.0)


def test_the_ground_is_shaded_from_the_day_after_sources_were_read():
    clock = msgspec.structs.replace(CLOCK, checked_until=date(2026, 11, 10))
    assert lane_of(RULE, SCALE, clock).shaded_from == 100.0
    assert lane_of(RULE, SCALE, CLOCK).shaded_from is None


def test_one_flag_where_the_chosen_day_is_today():
    assert [flag.text for flag in flags_of(SCALE, CLOCK)] == ["today"]
    other = Clock(chosen=date(2026, 11, 10), today=TODAY)
    assert [(flag.text, flag.kind) for flag in flags_of(SCALE, other)] == [
        ("today", "today"),
        ("10 Nov 2026", "chosen"),
    ]


def test_the_label_says_what_the_picture_shows():
    assert label_of(RULE, CLOCK) == (
        "Suspended on 1 Nov 2026 and before; in force, unconfirmed from 10 Nov 2026."
    )
    assert label_of((), CLOCK) == "Nothing is on record for these days."


def test_the_label_tells_what_is_expected_from_what_is():
    clock = Clock(chosen=date(2026, 11, 5), today=date(2026, 11, 5))
    assert label_of(RULE, clock).endswith("from 10 Nov 2026 if nothing new is recorded.")


def test_the_picture_reaches_around_both_days_and_the_nearest_changes():
    assert stretch_around(TODAY, TODAY) == (date(2026, 8, 24), date(2027, 3, 24))
    widened = stretch_around(TODAY, TODAY, [date(2025, 9, 29), date(2019, 10, 9)])
    assert widened == (date(2025, 8, 29), date(2027, 3, 24))
    assert stretch_around(date(2025, 10, 15), TODAY)[0] == date(2025, 7, 15)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        pytest.param(date(2026, 1, 31), 1, date(2026, 2, 28), id="shorter month"),
        pytest.param(date(2024, 1, 31), 1, date(2024, 2, 29), id="leap year"),
        pytest.param(date(2026, 1, 15), -1, date(2025, 12, 15), id="year before"),
        pytest.param(date(2026, 11, 30), 3, date(2027, 2, 28), id="year after"),
        pytest.param(date.min, -1, date.min, id="no earlier day"),
        pytest.param(date.max, 1, date.max, id="no later day"),
        pytest.param(date(9999, 11, 30), 1, date(9999, 12, 30), id="last month"),
    ],
)
def test_months_are_counted_in_the_calendar(day: date, months: int, then: date):
    assert months_from(day, months) == then


def test_ticks_name_the_year_where_it_turns():
    scale = Scale(first=date(2026, 8, 24), last=date(2027, 3, 24), width=400.0)
    assert [tick.text for tick in scale.ticks()] == [
        "Sep 2026",
        "Oct",
        "Nov",
        "Dec",
        "Jan 2027",
        "Feb",
        "Mar",
    ]


def test_any_stretch_has_ticks_that_have_room():
    for first in (date.min, date(1900, 5, 5), date(2026, 11, 30)):
        for last in (date(2026, 12, 1), date(2100, 1, 1), date.max):
            places = [tick.x for tick in Scale(first=first, last=last, width=400.0).ticks()]
            assert len(places) < 12
            assert all(later - sooner > 35 for sooner, later in itertools.pairwise(places))


def test_ticks_are_fewer_where_there_is_no_room():
    long = Scale(first=date(2020, 1, 1), last=date(2026, 12, 31), width=400.0)
    assert [tick.text for tick in long.ticks()] == [
        "Jan 2020",
        "Jan 2021",
        "Jan 2022",
        "Jan 2023",
        "Jan 2024",
        "Jan 2025",
        "Jan 2026",
    ]
