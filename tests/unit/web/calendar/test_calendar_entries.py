"""What the calendar page lists, from the packaged register on 24 November 2026."""

from datetime import date
from typing import get_args

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard, MeasureFilter
from abeyance_screening.engine.measures.calendar import CalendarFilter
from abeyance_screening.engine.measures.law.coming import ActKind, AnnouncedKind, LapseKind
from abeyance_screening.features.calendar.page import entries_on, grouped
from abeyance_screening.features.calendar.picture import DIRECTIONS, CalendarEntry
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
TODAY = date(2026, 11, 24)


def told(as_of: date = TODAY, **chosen) -> tuple[CalendarEntry, ...]:
    days = Days(as_of=as_of, known_at=TODAY)
    return entries_on(BOARD, CalendarFilter(**chosen), days)


def entry(measure_id: str, *, is_passed: bool = False) -> CalendarEntry:
    return next(
        each
        for each in told()
        if each.is_passed is is_passed and measure_id in {of.measure_id for of in each.members}
    )


def test_every_kind_of_change_has_its_direction():
    kinds = {kind for each in (LapseKind, ActKind, AnnouncedKind) for kind in get_args(each)}
    assert set(DIRECTIONS) == kinds


def test_the_suspensions_of_the_truce_that_ran_out_are_one_entry():
    lapsed = entry("us-bis-affiliates-rule", is_passed=True)
    assert lapsed.on == date(2026, 11, 10)
    assert (lapsed.before, lapsed.after) == ("suspended", "in_force_by_lapse")
    assert lapsed.title == f"{len(lapsed.members)} measures: China and United States"
    assert len(lapsed.members) >= 12
    assert lapsed.doubt is not None
    assert "10 Jan 2027" in lapsed.doubt.text


def test_what_was_only_announced_changes_nothing_in_force():
    said = entry("us-bis-affiliates-rule")
    assert (said.direction, said.after, len(said.members) >= 12) == ("announced", None, True)


def test_two_lapses_of_one_day_stay_apart():
    last = [each for each in told() if each.on == date(2026, 12, 31)]
    assert [len(each.members) for each in last] == [1, 1]


def test_a_part_that_lapsed_is_told_with_its_name():
    lapsed = entry("eu-acyclic-hydrocarbons", is_passed=True)
    assert lapsed.members[0].part == "HU"


def test_groups_come_in_the_order_of_need():
    assert [each.title for each in grouped(told(), TODAY)] == [
        "Passed, and nothing confirmed since",
        "Passed in the last 90 days",
        "Within a week",
        "By the end of the year",
        "In 2027",
        "In 2028",
        "In 2029",
        "In 2032",
    ]


@pytest.mark.parametrize(
    ("today", "title"),
    [
        (date(2026, 11, 19), "By the end of the year"),
        (date(2026, 11, 20), "Within a week"),
        (date(2026, 11, 26), "Within a week"),
    ],
    ids=["eight days before", "seven days before", "the day before"],
)
def test_within_a_week_counts_the_seventh_day(today, title):
    told_then = [each for each in told(today) if each.on == date(2026, 11, 27)]
    assert [each.title for each in grouped(told_then, today)] == [title]


def test_filters_keep_what_they_name():
    chinese = told(measures=MeasureFilter(jurisdiction="CN"))
    assert {of.jurisdiction for each in chinese for of in each.members} == {"CN"}
    only = told(measure_id="cn-2024-46-2")
    assert {of.measure_id for each in only for of in each.members} == {"cn-2024-46-2"}


def test_no_two_entries_share_their_place_on_the_page():
    anchors = [each.anchor for each in told()]
    assert len(set(anchors)) == len(anchors)
