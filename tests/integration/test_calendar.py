"""The calendar and the differences of measures, as they are asked for."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.command_line import abeyance

type Said = Callable[..., str]

TODAY = "2026-11-24"
DAYS = {"as_of": TODAY, "known_at": TODAY}
RULE = "us-bis-affiliates-rule"
PARAGRAPH = "cn-2024-46-2"


def rows(client: TestClient[Litestar], **params: Any) -> dict[str, Any]:
    """A page of the calendar, so long that every row is on it unless it is asked for shorter."""
    answer = client.get("/v1/calendar", params=DAYS | {"limit": 500} | params)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json()


def subscribed(client: TestClient[Litestar], **params: Any) -> icalendar.Calendar:
    answer = client.get("/v1/calendar.ics", params=DAYS | params)
    assert answer.status_code == HTTPStatus.OK, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(answer.content)


def test_the_first_row_is_three_days_ahead(client):
    page = rows(client)
    first = page["items"][0]
    assert (first["measure_id"], first["on"], first["days_ahead"]) == (PARAGRAPH, "2026-11-27", 3)
    assert page["total"] == len(page["items"])
    assert page["next_cursor"] is None


def test_an_announced_extension_is_shown_and_changes_nothing(client):
    items = rows(client, measure=RULE)["items"]
    assert [(each["what"], each["announced"], each["disputed"]) for each in items] == [
        ("announced_extension", True, True)
    ]
    assert items[0]["status_before"] == items[0]["status_after"] == "in_force_by_lapse"


@pytest.mark.parametrize("limit", [1, 3])
def test_pages_give_each_row_once_and_in_order(client, limit: int):
    found, cursor = [], None
    while True:
        page = rows(client, limit=limit, **({} if cursor is None else {"cursor": cursor}))
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == rows(client)["items"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        pytest.param({"until": "2026-11-23"}, "until", id="until before the day"),
        pytest.param({"until": "soon"}, "until", id="until is no day"),
        pytest.param({"measure": "no-such"}, "measure", id="measure"),
        pytest.param({"list": "no_such"}, "list", id="list"),
        pytest.param({"jurisdiction": "XX"}, "jurisdiction", id="jurisdiction"),
        pytest.param({"authority": "Nobody"}, "authority", id="authority"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/calendar", "/v1/calendar.ics"])
def test_a_filter_that_nothing_has_is_refused_naming_it(client, path: str, params, field: str):
    answer = client.get(path, params=DAYS | params)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_subscription_has_an_all_day_entry_for_each_row(client):
    items = rows(client)["items"]
    calendar = subscribed(client, passed_days=0)
    assert [each.start for each in calendar.events] == [
        date.fromisoformat(each["on"]) for each in items
    ]
    assert [each.uid for each in calendar.events] == [each["id"] for each in items]
    first = calendar.events[0]
    assert first.summary == f"Suspension ends: {items[0]['title']}"
    assert first.description is not None
    assert items[0]["sentence"] in first.description
    assert items[0]["event"]["citation"] in first.description
    assert first.get("url") == items[0]["event"]["url"]
    assert {"suspension ends", "MOFCOM", "CN"} <= set(first.categories)


def kept(client: TestClient[Litestar], **params: Any) -> list[dict[str, Any]]:
    """Every row of the calendar with those of the last 90 days."""
    found = rows(client, limit=500, passed_days=90, **params)
    assert found["total"] == len(found["items"])
    return found["items"]


def test_what_has_passed_is_there_where_it_is_asked_for(client):
    passed = [each for each in kept(client) if each["is_passed"]]
    assert passed == kept(client)[: len(passed)]
    by_rule = {each["measure_id"]: each for each in passed if not each["announced"]}
    assert by_rule[RULE]["on"] == "2026-11-10"
    assert by_rule[RULE]["days_ahead"] == -14
    assert by_rule[RULE]["outcome"]["word"] == "nothing_confirmed"
    assert by_rule[RULE]["outcome"]["sentence"].startswith(
        "Passed on 10 Nov 2026, nothing confirmed since"
    )
    ahead = rows(client)["items"]
    assert not any(each["is_passed"] or each["outcome"] for each in ahead)
    assert kept(client)[len(passed) :] == ahead


@pytest.mark.parametrize("number", ["-1", "367", "all"])
@pytest.mark.parametrize("path", ["/v1/calendar", "/v1/calendar.ics"])
def test_a_number_of_days_that_is_none_is_refused(client, path: str, number: str):
    answer = client.get(path, params=DAYS | {"passed_days": number})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in answer.json()["errors"]] == ["passed_days"]


def test_a_subscription_keeps_an_entry_and_updates_it_when_its_day_passes(client):
    eve = {str(each.uid): each for each in subscribed(client, as_of="2026-11-26").events}
    day = {str(each.uid): each for each in subscribed(client, as_of="2026-11-27").events}
    later = {str(each.uid): each for each in subscribed(client, as_of="2027-01-01").events}
    (key,) = [
        each["id"]
        for each in rows(client, measure=PARAGRAPH)["items"]
        if each["on"] == "2026-11-27"
    ]
    assert [each[key].get("sequence") for each in (eve, day, later)] == [0, 1, 1]
    assert eve[key].stamp < day[key].stamp == later[key].stamp
    assert [each[key].start for each in (eve, day, later)] == [date(2026, 11, 27)] * 3
    assert "(passed, nothing confirmed since)" in str(later[key].summary)
    assert "Passed on 27 Nov 2026, nothing confirmed since" in str(later[key].description)
    assert set(eve) - set(day) <= {each["id"] for each in kept(client)}


def test_only_what_is_announced_is_tentative(client):
    tentative = {each.uid for each in subscribed(client).events if each.status == "TENTATIVE"}
    assert tentative == {each["id"] for each in kept(client) if each["announced"]}
    assert tentative


def test_a_calendar_says_its_name_and_how_often_to_ask(client):
    calendar = subscribed(client, jurisdiction="CN")
    assert calendar.calendar_name == "Abeyance: CN"
    assert calendar.refresh_interval == timedelta(days=1)
    assert calendar.get("REFRESH-INTERVAL").params == {"VALUE": "DURATION"}


def test_what_was_subscribed_to_stays_the_same_entry_from_day_to_day(client):
    earlier = {each.uid for each in subscribed(client, as_of="2026-11-23").events}
    assert {each.uid for each in subscribed(client).events} <= earlier


def test_a_calendar_held_already_is_not_sent_again(client):
    params = DAYS | {"jurisdiction": "US"}
    held = client.get("/v1/calendar.ics", params=params).headers["etag"]
    again = client.get("/v1/calendar.ics", params=params, headers={"if-none-match": held})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    other = client.get("/v1/calendar.ics", params=DAYS, headers={"if-none-match": held})
    assert other.status_code == HTTPStatus.OK


def test_lines_are_folded_and_text_is_escaped(client):
    content = client.get("/v1/calendar.ics", params=DAYS).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def diff(client: TestClient[Litestar], **params: str) -> Any:
    return client.get(f"/v1/measures/{RULE}/diff", params=params)


def test_what_changed_about_a_measure_stands_with_its_evidence(client):
    answer = diff(client, **{"from": "2025-12-01", "to": TODAY}).json()
    statuses = answer["before"]["status"], answer["after"]["status"]
    assert statuses == ("suspended", "in_force_by_lapse")
    assert "status" in answer["changed"]
    lapsed = [each["event"] for each in answer["events"] if each["did"][0]["what"] == "lapsed"]
    assert [each["id"] for each in lapsed] == ["suspend-2025-11-10"]
    assert lapsed[0]["citation"].startswith("90 FR 50857")
    assert lapsed[0]["url"].startswith("https://")


def test_a_difference_as_known_on_one_day_says_so_twice(client):
    answer = diff(client, **{"from": "2025-12-01", "to": TODAY, "known_at": "2025-12-01"}).json()
    assert answer["before"]["known_at"] == answer["after"]["known_at"] == "2025-12-01"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        pytest.param({"from": "2026-11-25", "to": TODAY}, "from", id="from after to"),
        pytest.param({"to": TODAY}, "from", id="no from"),
        pytest.param({"from": TODAY}, "to", id="no to"),
        pytest.param({"from": "then", "to": TODAY}, "from", id="from is no day"),
    ],
)
def test_two_days_that_are_none_are_refused_naming_the_field(client, params, field: str):
    answer = diff(client, **params)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_difference_of_no_measure_is_not_found(client):
    answer = client.get("/v1/measures/no-such/diff", params={"from": TODAY, "to": TODAY})
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.fixture(scope="module")
def said(listed_database: str) -> Said:
    """Runs `abeyance calendar` on the database that the service has, and gives what it prints."""
    runner = CliRunner(env={"DATABASE_URL": listed_database})

    def run(*options: str) -> str:
        days = ("--as-of", TODAY, "--known-at", TODAY)
        result = runner.invoke(abeyance, ["calendar", *days, *options], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    return run


def test_the_table_fits_eighty_columns_and_names_the_day_first(said: Said):
    lines = said("--until", "2026-11-30").splitlines()
    assert max(map(len, lines)) <= 80
    assert any("27 Nov 2026" in line and " 3 " in line for line in lines)


def test_the_table_shows_what_passed_where_it_is_asked_for(said: Said):
    table = said("--passed-days", "15", "--measure", "cn-2025-55", "--until", "2026-11-30")
    assert "-14" in table
    assert "nothing confirmed since" in " ".join(table.replace("│", " ").split())


def test_a_calendar_without_rows_says_so(said: Said):
    assert said("--until", TODAY) == "Nothing is known to change after 24 Nov 2026.\n"


def test_the_command_answers_as_the_service_does(client, said: Said):
    assert (
        json.loads(said("--list", "us_dod_1260h", "--json"))
        == (rows(client, list="us_dod_1260h")["items"])
    )


def test_the_command_writes_the_file_that_the_service_serves(client, said: Said, tmp_path: Path):
    file = tmp_path / "coming.ics"
    assert said("--jurisdiction", "CN", "--ics", str(file)) == ""
    served = client.get("/v1/calendar.ics", params=DAYS | {"jurisdiction": "CN"}).content
    assert file.read_bytes() == served
