import pytest
from defusedxml.ElementTree import fromstring

from abeyance_screening.engine.lists.reading.xml import ElementRow
from abeyance_screening.engine.lists.us_ofac.parties import read_period
from abeyance_screening.primitives.errors import RowRefusedError


def _period(first: str, last: str, *, circa: str = "false") -> str | None:
    text = (
        f"<x><p><fromDateBegin>{first}</fromDateBegin><fromDateEnd>{first}</fromDateEnd>"
        f"<toDateBegin>{last}</toDateBegin><toDateEnd>{last}</toDateEnd>"
        f"<isApproximate>{circa}</isApproximate><isDateRange>false</isDateRange></p></x>"
    )
    return read_period(ElementRow("entry 1", fromstring(text)), "p")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        pytest.param("1977-06-20", "1977-06-20", "20 Jun 1977", id="a day"),
        pytest.param("1977-06-01", "1977-06-30", "Jun 1977", id="a month"),
        pytest.param("1977-06-01", "1977-06-29", "01 Jun 1977 to 29 Jun 1977", id="not a month"),
        pytest.param("1976-02-01", "1976-02-29", "Feb 1976", id="a leap month"),
        pytest.param("1977-01-01", "1977-12-31", "1977", id="a year"),
        pytest.param("1977-01-01", "1979-12-31", "1977 to 1979", id="years"),
    ],
)
def test_a_period_is_said_as_the_older_files_say_it(first: str, last: str, words: str):
    assert _period(first, last) == words


def test_an_approximate_period_says_so():
    assert _period("1977-01-01", "1977-12-31", circa="true") == "circa 1977"


def test_no_period_is_none():
    assert read_period(ElementRow("entry 1", fromstring("<x/>")), "p") is None


def test_a_bound_that_is_no_day_is_refused():
    with pytest.raises(RowRefusedError, match=r"^entry 1, p: fromDateBegin: 'x' is not a day"):
        _period("x", "1977-01-01")
