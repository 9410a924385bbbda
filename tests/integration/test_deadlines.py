"""The board of deadlines: over HTTP, as a calendar file, as a metric, and who looks after what."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import icalendar
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Operator, Settings
from tests.integration.anna import ANNA, OPERATOR
from tests.integration.conftest import wait_until_ready
from tests.served import FixedClock

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LOOKERS = "/v1/deadlines/lookers"
GALLIUM = "cn-2024-46-2"
type Service = TestClient[Litestar]


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    return (OPERATOR,)


@pytest.fixture(scope="module")
def client(
    listed_database: str, bundled_index: ListingIndex, operators: tuple[Operator, ...]
) -> Iterator[Service]:
    settings = Settings(data_dir=Path(), database_url=listed_database, operators=operators)
    with TestClient(create_app(settings, bundled_index, FixedClock(NOW))) as client:
        wait_until_ready(client)
        yield client


def board(client: Service) -> Any:
    return client.get("/v1/deadlines").json()


def of_measure(rows: Any, measure: str) -> Any:
    [row] = [each for each in rows if measure in {one["id"] for one in each["measures"]}]
    return row


def test_what_lapsed_without_an_act_says_what_would_settle_it_and_how_old_the_reading_is(
    client: Service,
):
    found = board(client)
    gallium = of_measure(found["lapsed"], GALLIUM)
    assert (gallium["on"], gallium["days"], gallium["before"], gallium["after"]) == (
        "2026-11-27",
        -3,
        "suspended",
        "in_force_by_lapse",
    )
    assert gallium["settles"] == "an act published by MOFCOM, either way"
    assert (gallium["last_read_on"], gallium["read_days"], gallium["read_limit_days"]) == (
        "2026-09-30",
        61,
        30,
    )
    assert {each["id"] for each in gallium["places"]} >= {"cn-mofcom-announcements"}
    days = [date.fromisoformat(each["on"]) for each in found["lapsed"]]
    assert days == sorted(days, reverse=True)
    assert all(date(2026, 10, 31) <= each <= NOW.date() for each in days)
    rule = of_measure(found["lapsed"], "us-bis-affiliates-rule")
    assert (rule["on"], rule["authority"]) == ("2026-11-10", "BIS")


def test_what_starts_by_its_act_needs_no_look_and_what_ends_needs_a_renewal(client: Service):
    coming = board(client)["coming"]
    duty = of_measure(coming, "us-232-polysilicon")
    assert (duty["on"], duty["settles"], duty["places"]) == (
        "2026-12-04",
        "nothing: the day stands in the act",
        [],
    )
    licence = next(each for each in coming if each["authority"] == "OFAC")
    assert (licence["on"], licence["after"]) == ("2026-12-18", "authorisation_lapsed_unconfirmed")
    assert licence["settles"] == "an act of OFAC that renews or extends it"
    assert all(each["on"] <= "2026-12-30" for each in coming)


def test_the_file_for_calendars_says_the_same_and_keeps_its_ids(client: Service):
    found = board(client)
    answer = client.get("/v1/deadlines.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = entries_in(answer.content)
    assert len(events) == len(found["lapsed"]) + len(found["coming"])
    [gallium] = [each for each in events if f"Measure: {GALLIUM}" in each["description"]]
    assert gallium["summary"] == "lapsed, unconfirmed: Gallium etc. to the US (MOFCOM)"
    assert gallium["status"] == "TENTATIVE"
    told = gallium["description"]
    assert "What would settle it: an act published by MOFCOM, either way." in told
    assert "Last read 30 Sep 2026: 61 days, limit 30" in told
    later = client.get("/v1/deadlines.ics", params={"as_of": "2026-12-01"})
    assert gallium["uid"] in {each["uid"] for each in entries_in(later.content)}


def entries_in(content: bytes) -> list[dict[str, str]]:
    names = ("summary", "status", "description", "uid")
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return [{name: str(each[name]) for name in names} for each in events]


def test_somebody_takes_a_deadline_gives_it_back_and_both_are_on_record(client: Service):
    metric = re.compile(r'abeyance_deadlines\{what="nobody_looks"\} (\d+)')
    before = int(float(metric.findall(client.get("/metrics").text)[0]))
    assert of_measure(board(client)["lapsed"], GALLIUM)["looker"] is None
    body = {"measures": [GALLIUM], "looker": "analyst 1"}
    taken = client.post(LOOKERS, json=body, headers=ANNA)
    assert taken.status_code == HTTPStatus.CREATED, taken.text
    assert (taken.json()["looker"], taken.json()["recorded_by"]) == ("analyst 1", "anna")
    assert of_measure(board(client)["lapsed"], GALLIUM)["looker"] == "analyst 1"
    assert "Who looks: analyst 1" in client.get("/v1/deadlines.ics").text.replace("\r\n ", "")
    assert int(float(metric.findall(client.get("/metrics").text)[0])) == before - 1
    back = client.post(LOOKERS, json={"measures": [GALLIUM], "looker": None}, headers=ANNA)
    assert back.status_code == HTTPStatus.CREATED
    assert of_measure(board(client)["lapsed"], GALLIUM)["looker"] is None


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param({"measures": [GALLIUM], "looker": "x"}, {}, 401, id="without a key"),
        pytest.param({"measures": ["no-such"], "looker": "x"}, ANNA, 404, id="no measure"),
        pytest.param({"measures": [], "looker": "x"}, ANNA, 400, id="nothing"),
        pytest.param({"measures": [GALLIUM], "looker": " "}, ANNA, 400, id="a blank name"),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: Service, body: dict[str, object], headers: dict[str, str], status: int
):
    assert client.post(LOOKERS, json=body, headers=headers).status_code == status


def test_a_reading_that_is_recorded_makes_the_board_young_again(client: Service):
    row = of_measure(board(client)["lapsed"], GALLIUM)
    for place in row["places"]:
        body = {"place": place["id"], "until": "2026-11-29"}
        done = client.post("/v1/register/confirmations", json=body, headers=ANNA)
        assert done.status_code == HTTPStatus.CREATED, done.text
    again = of_measure(board(client)["lapsed"], GALLIUM)
    assert (again["last_read_on"], again["read_days"]) == ("2026-11-29", 1)


def test_the_page_counts_what_needs_somebody(client: Service):
    page = client.get("/deadlines").text
    found, lists = board(client), client.get("/v1/lists?limit=500").json()["reading"]
    number = sum(len(each["measures"]) for each in found["lapsed"])
    required = sum(each["required"] for each in lists["needs"])
    assert f"{required} required lists and {number} lapsed measures need somebody" in page
    assert lists["sentence"] in page
    assert "Nobody yet" in page
    assert f">{found['unread_in_force']}</a>" in page
    assert client.get("/calendar").text.count("/deadlines") == 1
