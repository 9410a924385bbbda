"""JSON: each status says its day, and what was asked with days left open can be asked again."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from tests.integration.dated import AFFILIATES, AT_SIX, NIGHTS, NINTH, TENTH, Dated


@NIGHTS
def test_each_status_says_its_day(
    dated: Dated, now: datetime, measure: str, status: str, as_of: str, words: str | None
):
    dated.clock.now = now
    answer = dated.json(f"/v1/measures/{measure}")
    assert (answer["on_day"]["status"], answer["on_day"]["as_of"]) == (status, as_of)
    assert answer["as_of"] == now.date().isoformat()
    assert (answer["as_of"] != as_of) is (words is not None)
    listed = listed_measures(dated)
    assert (listed[measure]["status"], listed[measure]["as_of"]) == (status, as_of)


def listed_measures(dated: Dated) -> dict[str, Any]:
    """Every measure as the register lists it, by its id."""
    page = dated.json("/v1/measures", limit="500")
    items = page["items"]
    while page["next_cursor"] is not None:
        page = dated.json("/v1/measures", limit="500", cursor=page["next_cursor"])
        items += page["items"]
    return {each["id"]: each for each in items}


def test_a_search_says_the_day_of_each_status_and_its_own(dated: Dated):
    answer = dated.json("/v1/search", name="Hikvision")
    measures = {each["id"]: each for hit in answer["hits"] for each in hit["measures"]}
    assert answer["as_of"] == TENTH
    assert measures[AFFILIATES]["status"] == "suspended"
    assert {each["as_of"] for each in measures.values()} == {NINTH}


def test_an_open_question_says_the_day_of_its_status(dated: Dated):
    body = {"counterparties": [{"name": "Acme"}], "questions": "all"}
    answer = dated.post("/v1/screenings", json=body).json()["restrictions"]
    asked = {each["jurisdiction"]: each["as_of"] for each in answer["open_questions"]}
    assert answer["as_of"] == TENTH
    assert (asked["US"], asked["CN"], asked["EU"]) == (NINTH, TENTH, TENTH)


def test_a_moment_asks_again_what_was_asked_with_days_left_open(dated: Dated):
    then = dated.get("/v1/search", name="Hikvision").json()
    dated.clock.now = datetime(2026, 12, 24, 12, tzinfo=UTC)
    now = dated.json("/v1/search", name="Hikvision")
    again = dated.json("/v1/search", name="Hikvision", at="2026-11-10T02:00:00Z")
    assert [hit["measures"] for hit in again["hits"]] == [hit["measures"] for hit in then["hits"]]
    assert again["hits"] != now["hits"]
    assert again["as_of"] == TENTH
    body = {"counterparties": [{"name": "Hikvision"}], "at": "2026-11-10T10:00:00+08:00"}
    screened = dated.post("/v1/screenings", json=body).json()
    measures = [hit["measures"] for hit in screened["results"][0]["hits"]]
    assert measures == [hit["measures"] for hit in then["hits"]]


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        pytest.param({"at": "2026-11-10T02:00:00"}, "has no time zone", id="no zone"),
        pytest.param({"at": "yesterday"}, "", id="no moment"),
        pytest.param(
            {"at": "2026-11-10T02:00:00Z", "as_of": NINTH, "known_at": NINTH},
            "has no effect",
            id="both days given",
        ),
    ],
)
def test_a_moment_that_cannot_be_read_is_refused(
    dated: Dated, params: dict[str, str], reason: str
):
    answer = httpx.get(f"{dated.address}/v1/measures", params=params)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    (error,) = answer.json()["errors"]
    assert error["field"] == "at"
    assert reason in error["reason"]


def test_a_kept_screening_comes_back_byte_for_byte_on_another_day(dated: Dated):
    body = {"counterparties": [{"name": "Hikvision"}]}
    answer = dated.post("/v1/screenings", json=body)
    evidence = f"/evidence/{answer.json()['id']}.pdf"
    printed = dated.get(evidence).content
    dated.clock.now = AT_SIX
    assert dated.get(f"/v1/screenings/{answer.json()['id']}").content == answer.content
    assert dated.get(evidence).content == printed
