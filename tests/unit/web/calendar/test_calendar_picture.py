"""The picture of twelve months: marks on their day, words that meet neither words nor the edge."""

from datetime import date, timedelta

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.calendar import CalendarFilter
from abeyance_screening.features.calendar.page import entries_on
from abeyance_screening.features.calendar.picture import (
    LEFT,
    RIGHT,
    CalendarEntry,
    CalendarPicture,
    Mark,
    Member,
    picture_of,
)
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
TODAY = date(2026, 11, 24)
CHAR = 6.3


def packaged(today: date = TODAY) -> CalendarPicture:
    return picture_of(
        entries_on(BOARD, CalendarFilter(), Days(as_of=today, known_at=today)), today, "today"
    )


def entry(on: date, title: str = "A measure") -> CalendarEntry:
    member = Member(
        measure_id=f"m-{on}",
        title=title,
        jurisdiction="US",
        authority="BIS",
        part=None,
        owed=None,
        citation=None,
        url=None,
    )
    return CalendarEntry(
        on=on,
        when="",
        direction="comes",
        before="suspended",
        after="in_force_by_lapse",
        sentence="",
        members=(member,),
    )


def span(mark: Mark) -> tuple[float, float]:
    """From where to where the words of a mark reach."""
    wide = CHAR * (len(mark.day) + 1 + len(mark.text))
    return (
        (mark.text_x, mark.text_x + wide)
        if mark.anchor == "start"
        else (
            mark.text_x - wide,
            mark.text_x,
        )
    )


def test_it_begins_with_this_month_and_has_twelve():
    picture = packaged()
    assert [month.label for month in picture.months] == [
        *("Nov 2026", "Dec", "Jan 2027", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"),
        "Oct",
    ]
    assert picture.months[0].x == LEFT


@pytest.mark.parametrize("months", range(0, 14, 3))
def test_no_words_meet_other_words_or_leave_the_picture(months):
    picture = packaged(TODAY + timedelta(days=30 * months))
    for row in picture.rows:
        for number, mark in enumerate(row.marks):
            start, end = span(mark)
            assert start >= LEFT - 1
            assert end <= RIGHT + 1
            assert row.top < mark.y < row.top + row.height
            for other in row.marks[number + 1 :]:
                if other.y == mark.y:
                    assert end <= span(other)[0] or span(other)[1] <= start


def test_changes_of_one_day_stand_below_each_other():
    days = [TODAY + timedelta(days=10)] * 5
    marks = picture_of([entry(each, "A long title of a measure") for each in days], TODAY, "x")
    assert len({mark.y for mark in marks.rows[0].marks}) == 5
    assert len({mark.x for mark in marks.rows[0].marks}) == 1


def test_what_passed_unconfirmed_has_a_dashed_shape():
    marks = {mark.href: mark for row in packaged().rows for mark in row.marks}
    dashed = [mark for mark in marks.values() if mark.dashed]
    assert [mark.day for mark in dashed] == ["10 Nov", "10 Nov", "21 Nov", "1 Nov"]


def test_words_of_a_day_just_passed_stand_behind_the_line_of_today():
    picture = packaged()
    first = picture.rows[0].marks[0]
    assert first.x < picture.today_x < first.text_x


def test_late_changes_have_their_words_to_the_left():
    late = picture_of([entry(date(2027, 10, 30))], TODAY, "today").rows[0].marks[0]
    assert late.anchor == "end"


def test_what_lies_beyond_is_counted_and_not_drawn():
    picture = picture_of([entry(date(2027, 10, 31)), entry(date(2027, 11, 1))], TODAY, "today")
    assert len(picture.rows[0].marks) == 1
    assert picture.later == 1


def test_an_empty_calendar_still_has_its_rows_and_a_label():
    picture = picture_of([], TODAY, "today")
    assert [row.direction for row in picture.rows] == [
        *("comes", "licence_ends", "loosens"),
        "announced",
    ]
    assert "nothing changes" in picture.label
