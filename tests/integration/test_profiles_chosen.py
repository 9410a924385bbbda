"""Profiles that are chosen in the service: by an operator, by an account, by a question."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.lists.profile import ListProfile, profiles
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.forked import abeyance_command
from tests.integration.conftest import wait_until_ready
from tests.served import FixedClock, run, wait_for

# The day of the bundled American lists. No edition of the EU's list comes with the program.
NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
NOBODY = "Nordlicht Pumpen"
INSTALLATION, ACCOUNT = "/v1/profiles/installation", "/v1/profiles/account"
WHY = "we export from the United States"
type Service = TestClient[Litestar]


@pytest.fixture(scope="module")
def operator(listed_database: str) -> dict[str, str]:
    key = run(listed_database, "keys", "add", "first", "--owner", "anna", "--scope", "operator")
    return {"x-api-key": key.strip()}


@pytest.fixture
def site(
    listed_database: str, bundled_index: ListingIndex, operator: dict[str, str]
) -> Iterator[Service]:
    with serving(listed_database, bundled_index) as client:
        wait_until_ready(client)
        yield client
        client.put(INSTALLATION, json={"because": "the end of a test"}, headers=operator)
        client.put(ACCOUNT, json={"because": "the end of a test"}, headers=operator)


def serving(dsn: str, index: ListingIndex, profile: ListProfile | None = None) -> Service:
    settings = Settings(data_dir=Path(), database_url=dsn, profile=profile or ListProfile())
    return TestClient(create_app(settings, index, FixedClock(NOW)))


def searched(site: Service, headers: dict[str, str] | None = None, **asked: Any) -> Any:
    answer = site.get("/v1/search", params={"name": NOBODY, **asked}, headers=headers)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json()


def policy(answer: Any) -> tuple[str, bool, str]:
    return answer["outcome"], answer["coverage"]["complete"], answer["coverage"]["profile"]


def required(answer: Any) -> set[str]:
    lists = answer["coverage"]["lists"]
    return {each["code"] for each in lists if each["role"] == "required"}


def test_an_operator_chooses_for_the_installation_and_every_answer_follows(
    site: Service, operator: dict[str, str]
):
    assert policy(searched(site)) == ("incomplete", False, "default")
    chosen = site.put(INSTALLATION, json={"profiles": ["us"], "because": WHY}, headers=operator)
    assert chosen.status_code == HTTPStatus.OK, chosen.text
    assert (chosen.json()["profiles"], chosen.json()["chosen_by"]) == (["us"], "anna")
    wait_for(lambda: policy(searched(site)) == ("no_hits", True, "us"), "answers by the choice")
    assert required(searched(site)) == {*profiles()["us"], "named_in_measures"}

    kept = site.post("/v1/screenings", json={"counterparties": [{"name": NOBODY}]}).json()
    shown = site.get("/v1/profiles").json()
    assert (kept["coverage"]["profile"], shown["name"], shown["chosen_in"]) == (
        *("us", "us"),
        "service",
    )
    assert "Required is what the profile us names, as chosen here" in site.get("/lists").text
    page = site.get("/profile").text
    assert f"anna chose us on 31 Jul 2026: {WHY}" in page
    assert "who is subject to United States law" in page
    of_profile = {"action": "profile.chosen", "limit": 1}
    [entry] = site.get("/v1/audit", params=of_profile, headers=operator).json()["items"]
    assert (entry["actor"], entry["about"]) == ("anna", "installation")
    assert (entry["details"]["profiles"], entry["details"]["because"]) == (["us"], WHY)

    # the screening that was kept says what it was complete for, whatever is chosen later
    by_hand = {"required": ["us_bis_el", "un_sc"], "because": "two lists are enough"}
    site.put(INSTALLATION, json=by_hand, headers=operator)
    wait_for(lambda: policy(searched(site))[2] == "by_hand", "answers by two lists")
    assert required(searched(site)) == {"us_bis_el", "un_sc"}
    again = site.get(f"/v1/screenings/{kept['id']}").json()
    assert again["coverage"] == kept["coverage"]


def test_a_past_day_is_answered_by_the_choice_too(site: Service, operator: dict[str, str]):
    assert searched(site, as_of="2026-07-29")["coverage"]["profile"] == "default"
    site.put(INSTALLATION, json={"profiles": ["eu"], "because": WHY}, headers=operator)
    wait_for(lambda: policy(searched(site))[2] == "eu", "answers by the choice")
    assert searched(site, as_of="2026-07-29")["coverage"]["profile"] == "eu"


def test_a_question_or_an_account_names_another_profile(site: Service, operator: dict[str, str]):
    assert policy(searched(site, profile="us")) == ("no_hits", True, "us")
    assert policy(searched(site, profile=["us", "eu"])) == ("incomplete", False, "us,eu")
    asked = {"counterparties": [{"name": NOBODY}], "profile": ["us"]}
    brief = site.post("/v1/screenings?view=brief", json=asked).json()
    assert (brief["coverage"]["complete"], brief["coverage"]["profile"]) == (True, "us")
    of_lines = {"content-type": "application/x-ndjson"}
    stream = site.post(
        "/v1/screenings?profile=us", content=f'{{"name": "{NOBODY}"}}\n', headers=of_lines
    )
    assert '"profile":"us"' in stream.text.splitlines()[-1]
    assert policy(site.post("/v1/texts", json={"text": NOBODY, "profile": ["us"]}).json()) == (
        *("no_hits", True),
        "us",
    )

    made = {"name": "r", "account": "research", "owner": "r", "scopes": ["admin"]}
    key = {"x-api-key": site.post("/v1/keys", json=made, headers=operator).json()["secret"]}
    said = site.put(ACCOUNT, json={"profiles": ["us"], "because": WHY}, headers=key)
    assert said.status_code == HTTPStatus.OK, said.text
    wait_for(lambda: policy(searched(site, key))[2] == "us", "answers of the account")
    assert policy(searched(site)) == ("incomplete", False, "default")
    assert policy(searched(site, key, profile="eu"))[2] == "eu"
    assert policy(searched(site, key, lists="un_sc"))[2] == "question"
    job = site.post("/v1/jobs?name=a.csv", content="name\nA\n", headers=key).json()
    assert job["terms"]["profile"] == ["us"]
    refused = site.put(INSTALLATION, json={"profiles": ["eu"], "because": WHY}, headers=key)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert site.put(INSTALLATION, json={"because": WHY}).status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param({"profile": "ue"}, "'ue' is not one of: us, eu", id="no such profile"),
        pytest.param(
            {"profile": "us", "lists": "un_sc"}, "cannot be given with `lists`", id="and lists"
        ),
    ],
)
def test_a_profile_that_cannot_count_is_refused(site: Service, asked: dict[str, str], reason: str):
    answer = site.get("/v1/search", params={"name": NOBODY, **asked})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param({"profiles": ["ue"]}, "'ue' is not one of", id="no such profile"),
        pytest.param({"required": ["un_cs"]}, "did you mean un_sc?", id="no such list"),
        pytest.param(
            {"profiles": ["us"], "required": ["un_sc"]}, "one or the other", id="both at once"
        ),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(
    site: Service, operator: dict[str, str], body: dict[str, object], reason: str
):
    answer = site.put(INSTALLATION, json={**body, "because": WHY}, headers=operator)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert reason in answer.json()["detail"]


@pytest.mark.parametrize(
    ("profile", "name", "fixed_by"),
    [
        pytest.param(
            ListProfile(required=("us_bis_el",)),
            "by_hand",
            "ABEYANCE_REQUIRED_LISTS",
            id="an installation that named its required lists before there were profiles",
        ),
        pytest.param(ListProfile(names=("uk",)), "uk", "ABEYANCE_PROFILE", id="a profile"),
    ],
)
def test_settings_come_before_the_choice_of_the_service(
    listed_database: str,
    bundled_index: ListingIndex,
    operator: dict[str, str],
    profile: ListProfile,
    name: str,
    fixed_by: str,
):
    run(listed_database, "profile", "us", "--because", WHY)
    with serving(listed_database, bundled_index, profile) as client:
        wait_until_ready(client)
        assert searched(client)["coverage"]["profile"] == name
        refused = client.put(INSTALLATION, json={"because": WHY}, headers=operator)
        assert refused.status_code == HTTPStatus.BAD_REQUEST
        assert f"{fixed_by} says what is required here" in refused.json()["detail"]
        assert f"<code>{fixed_by}</code> in the settings" in client.get("/profile").text
    run(listed_database, "profile", "--none", "--because", "the end of a test")


def test_the_terminal_chooses_shows_and_asks_by_a_profile(listed_database: str):
    def ran(*words: str) -> tuple[str, str]:
        given = {**os.environ, "DATABASE_URL": listed_database}
        done = abeyance_command(words, given, Path.cwd())
        return " ".join(done.stdout.split()), done.stderr

    told = run(listed_database, "profile", "us", "eu", "--because", WHY)
    assert "Required is what the profiles us and eu name, as chosen here" in " ".join(told.split())
    assert "incomplete for the profiles us and eu" in ran("screen", NOBODY)[0]
    assert "for the profile uk" in ran("screen", NOBODY, "--profile", "uk")[0]
    back = run(listed_database, "profile", "--none", "--because", "the end of a test")
    assert "Required is every list that this installation keeps fresh" in " ".join(back.split())
    assert "--because: is missing" in ran("profile", "us")[1]
