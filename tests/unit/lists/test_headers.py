"""Header fields as servers write them."""

from datetime import date

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.platform.server_answers import day_of, retry_after_s, sendable

NOON = "Fri, 31 Jul 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param(NOON, date(2026, 7, 31), id="as the standard has it"),
        pytest.param("Friday, 31-Jul-26 12:00:00 GMT", date(2026, 7, 31), id="as in RFC 850"),
        pytest.param("Fri Jul 31 12:00:00 2026", date(2026, 7, 31), id="as asctime has it"),
        pytest.param("Sat, 01 Aug 2026 01:00:00 +0200", date(2026, 7, 31), id="another zone"),
        pytest.param("Fri, 31 Jul 2026 23:59:59 -0000", date(2026, 7, 31), id="no zone"),
        pytest.param("yesterday", None, id="unreadable"),
        pytest.param("Fri, 32 Jul 2026 12:00:00 GMT", None, id="no such day"),
        pytest.param("Fri, 31 Jul 2026 12:00:00 +99999999999999", None, id="no such zone"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_a_day_is_read_in_utc_or_not_known(text: str | None, day: date | None):
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        pytest.param({}, None, id="missing"),
        pytest.param({"Retry-After": "0"}, 0, id="none"),
        pytest.param({"Retry-After": " 120 "}, 120, id="seconds"),
        pytest.param({"Retry-After": "9" * 5000}, float("inf"), id="for ever"),
        pytest.param({"Retry-After": "-1"}, None, id="negative"),
        pytest.param({"Retry-After": "1.5"}, None, id="not whole"),
        pytest.param({"Retry-After": "soon"}, None, id="words"),
        pytest.param({"Retry-After": NOON}, None, id="a date without the server's clock"),
        pytest.param(
            {"Retry-After": NOON, "Date": "Fri, 31 Jul 2026 11:58:00 GMT"}, 120, id="a date"
        ),
        pytest.param(
            {"Retry-After": NOON, "Date": "Fri, 31 Jul 2026 12:58:00 GMT"}, 0, id="a past date"
        ),
    ],
)
def test_the_wait_that_a_server_asks_for(headers: dict[str, str], wait_s: float | None):
    assert retry_after_s(httpx.Headers(headers)) == wait_s


@given(st.text())
def test_no_text_is_too_odd_for_a_field(text: str):
    day_of(text)
    kept = sendable(text)
    assert kept is None or httpx.Headers({"ETag": kept})["etag"] == text
