from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading.days import (
    find_day,
    is_dated,
    read_american_day,
    read_day,
    read_day_first,
)
from abeyance_screening.primitives.errors import RowRefusedError


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        pytest.param("2003-06-19", date(2003, 6, 19), id="a day"),
        pytest.param(" 2003-06-19 ", date(2003, 6, 19), id="with blanks"),
        pytest.param("2015-07-01-04:00", date(2015, 7, 1), id="UN SSi.005: a time zone behind"),
        pytest.param("2024-02-29", date(2024, 2, 29), id="a leap day"),
        pytest.param("0097-06-30", None, id="CSL 2022: a year of two digits"),
        pytest.param("1799-12-31", None, id="before any list"),
        pytest.param("1800-01-01", date(1800, 1, 1), id="the first that may be meant"),
        pytest.param(None, None, id="nothing"),
        pytest.param("  ", None, id="blank"),
    ],
)
def test_a_printed_day_is_read(printed: str | None, day: date | None):
    assert read_day("line 2", "start_date", printed) == day


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param("2023-02-29", "no calendar has '2023-02-29'", id="no leap year"),
        pytest.param("2023-13-01", "no calendar has", id="a thirteenth month"),
        pytest.param("0000-01-01", "no calendar has", id="the year 0"),
        pytest.param("06/19/2003", r"is not a day \(YYYY-MM-DD\)", id="American"),
        pytest.param("20030619", "is not a day", id="without hyphens"),
        pytest.param("2003-W25-4", "is not a day", id="a week date"),
        pytest.param("2003-06", "is not a day", id="a month"),
        pytest.param("tbd", "is not a day", id="words"),
    ],
)
def test_what_is_no_day_is_refused_with_field_and_place(printed: str, reason: str):
    with pytest.raises(RowRefusedError, match=f"^line 2: start_date: .*{reason}"):
        read_day("line 2", "start_date", printed)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        pytest.param("2009-08-31", date(2009, 8, 31), id="ISO"),
        pytest.param("19 Jun 1987", date(1987, 6, 19), id="OFAC"),
        pytest.param("1 September 1999", date(1999, 9, 1), id="the month in full"),
        pytest.param("31 Jun 1987", None, id="no 31 June"),
        pytest.param("12 Foo 1987", None, id="no month"),
        pytest.param("Jul 1997", None, id="a month"),
        pytest.param("1969", None, id="a year"),
    ],
)
def test_a_day_is_found_only_where_the_whole_text_is_one(printed: str, day: date | None):
    assert find_day(printed) == day


@pytest.mark.parametrize(
    ("printed", "dated"),
    [
        ("19 Jun 1987", True),
        ("Jul 1997", True),
        ("1969", True),
        ("2017", True),
        ("1669", False),
        ("97380018185", False),
        ("TN", False),
        ("Diplomatic", False),
    ],
)
def test_days_months_and_years_are_told_from_numbers(printed: str, *, dated: bool):
    assert is_dated(printed) is dated


@given(st.dates(min_value=date(1800, 1, 1)))
def test_every_day_comes_back_as_printed(day: date):
    assert read_day("here", "day", day.isoformat()) == find_day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        pytest.param("16/04/2026", date(2026, 4, 16), id="a day"),
        pytest.param(" 01/02/2003 ", date(2003, 2, 1), id="with blanks, the day first"),
        pytest.param(None, None, id="nothing"),
        pytest.param("  ", None, id="blank"),
    ],
)
def test_a_day_printed_with_the_day_first_is_read(printed: str | None, day: date | None):
    assert read_day_first("line 2", "Listed On", printed) == day


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param("29/02/2023", "no calendar has '29/02/2023'", id="no leap year"),
        pytest.param("04/16/2026", "no calendar has", id="American"),
        pytest.param("1/4/2026", r"is not a day \(DD/MM/YYYY\)", id="single digits"),
        pytest.param("dd/mm/1945", "is not a day", id="a year"),
        pytest.param("2026-04-16", "is not a day", id="ISO"),
    ],
)
def test_what_is_no_day_with_the_day_first_is_refused(printed: str, reason: str):
    with pytest.raises(RowRefusedError, match=f"^line 2: Listed On: .*{reason}"):
        read_day_first("line 2", "Listed On", printed)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        pytest.param("4/16/2026", date(2026, 4, 16), id="a day"),
        pytest.param("01/02/2003", date(2003, 1, 2), id="the month first"),
        pytest.param(" June 21,\xa02022 ", date(2022, 6, 21), id="the month in full"),
        pytest.param("Mar 17, 2026", date(2026, 3, 17), id="the month in three letters"),
        pytest.param(None, None, id="nothing"),
        pytest.param("  ", None, id="blank"),
    ],
)
def test_a_day_printed_with_the_month_first_is_read(printed: str | None, day: date | None):
    assert read_american_day("line 2", "Effective_Date", printed) == day


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param("2/29/2023", "no calendar has '2/29/2023'", id="no leap year"),
        pytest.param("16/04/2026", "no calendar has", id="the day first"),
        pytest.param("Foo 3, 2026", r"is not a day \(MM/DD/YYYY\)", id="no month"),
        pytest.param("June 31, 2022", "no calendar has", id="no 31 June"),
        pytest.param("4/16/26", "is not a day", id="two digits of a year"),
        pytest.param("2026-04-16", "is not a day", id="ISO"),
    ],
)
def test_what_is_no_day_with_the_month_first_is_refused(printed: str, reason: str):
    with pytest.raises(RowRefusedError, match=f"^line 2: Effective_Date: .*{reason}"):
        read_american_day("line 2", "Effective_Date", printed)
