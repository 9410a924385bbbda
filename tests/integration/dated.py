"""A service whose clock a test can set, around the night when the autumn's suspensions run out.

The Affiliates Rule is suspended until 9 November 2026, by the day in Washington; China's controls
on superhard materials return on 10 November, by the day in Beijing.
"""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx
import msgspec
import pypdfium2  # pyright: ignore[reportMissingTypeStubs] - annotated, but without a marker
import pytest
from hypothesis import strategies as st

from abeyance_screening.engine.wording.notes import SEATS
from abeyance_screening.primitives.days import day_of
from tests.served import FixedClock

EVENING = datetime(2026, 11, 9, 18, tzinfo=UTC)
AT_TWO = datetime(2026, 11, 10, 2, tzinfo=UTC)
BEFORE_FIVE = datetime(2026, 11, 10, 4, 59, tzinfo=UTC)
AT_FIVE = datetime(2026, 11, 10, 5, tzinfo=UTC)
AT_SIX = datetime(2026, 11, 10, 6, tzinfo=UTC)
NINTH, TENTH = "2026-11-09", "2026-11-10"
AFFILIATES, SUPERHARD = "us-bis-affiliates-rule", "cn-2025-55"
BEHIND = "Status of 9 Nov 2026: in Washington that day had not ended."
AHEAD = "Status of 10 Nov 2026: in Beijing that day had begun."
SUSPENDED = "Suspended until 9 Nov 2026 — today"
LAPSED = "In force since 10 Nov 2026 — unconfirmed"
# Everything below is asked about as it is on both sides of midnight in Washington and in Beijing.
NIGHTS = pytest.mark.parametrize(
    ("now", "measure", "status", "as_of", "words"),
    [
        pytest.param(AT_TWO, AFFILIATES, "suspended", NINTH, BEHIND, id="Washington at two"),
        pytest.param(BEFORE_FIVE, AFFILIATES, "suspended", NINTH, BEHIND, id="a minute before"),
        pytest.param(AT_FIVE, AFFILIATES, "in_force_by_lapse", TENTH, None, id="at midnight"),
        pytest.param(AT_SIX, AFFILIATES, "in_force_by_lapse", TENTH, None, id="at six"),
        pytest.param(
            EVENING.replace(hour=15, minute=59),
            SUPERHARD,
            "suspended",
            NINTH,
            None,
            id="a minute before midnight in Beijing",
        ),
        pytest.param(
            EVENING.replace(hour=16),
            SUPERHARD,
            "in_force_by_lapse",
            TENTH,
            AHEAD,
            id="at midnight",
        ),
        pytest.param(EVENING, SUPERHARD, "in_force_by_lapse", TENTH, AHEAD, id="Beijing ahead"),
        pytest.param(AT_TWO, SUPERHARD, "in_force_by_lapse", TENTH, None, id="Beijing at two"),
    ],
)


class Dated(msgspec.Struct, frozen=True):
    """A service whose clock can be set."""

    address: str
    clock: FixedClock

    def get(self, path: str, **params: str) -> httpx.Response:
        answer = httpx.get(f"{self.address}{path}", params=params or None, timeout=60)
        assert answer.status_code == HTTPStatus.OK, answer.text[:500]
        return answer

    def json(self, path: str, **params: str) -> Any:
        return self.get(path, **params).json()

    def post(self, path: str, **sent: Any) -> httpx.Response:
        answer = httpx.post(f"{self.address}{path}", timeout=60, follow_redirects=True, **sent)
        assert answer.status_code == HTTPStatus.OK, answer.text[:500]
        return answer


def rows_of(html: str) -> dict[str, list[str]]:
    """The text of each row of a page by the measure it links to first."""
    rows: dict[str, list[str]] = {}
    for piece in re.split(r"<[^>]*\bdata-row\b", html)[1:]:
        found = re.search(r"/measures/([\w.-]+)", piece)
        if found is not None:
            rows.setdefault(found[1], []).append(text_of(re.split("</article>|</tr>", piece)[0]))
    return rows


def text_of(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def pdf_text(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(each.get_textpage().get_text_range().split()) for each in pages)


MOMENTS = st.datetimes(
    min_value=AT_TWO.replace(year=2025, tzinfo=None),
    max_value=AT_TWO.replace(year=2027, tzinfo=None),
    timezones=st.just(UTC),
)


def beside(now: datetime, jurisdiction: str) -> str | None:
    """What must stand beside a status of a jurisdiction: worked out from the time zones alone."""
    on, utc = day_of(now, jurisdiction), now.date()
    if on == utc:
        return None
    told = "had not ended" if on < utc else "had begun"
    place = SEATS[jurisdiction]
    return f"Status of {on.day} {on:%b %Y}: in {place} that day {told}."


class _Known(msgspec.Struct, frozen=True):
    id: str
    jurisdiction: str


class _Page(msgspec.Struct, frozen=True):
    items: tuple[_Known, ...]
    next_cursor: str | None


def places_of(desk: Dated) -> dict[str, str]:
    """The jurisdiction of each measure."""
    places, cursor = dict[str, str](), dict[str, str]()
    while True:
        content = desk.get("/v1/measures", limit="500", **cursor).content
        page = msgspec.json.decode(content, type=_Page)
        places |= {each.id: each.jurisdiction for each in page.items}
        if page.next_cursor is None:
            return places
        cursor = {"cursor": page.next_cursor}
