"""A site that chose a profile: complete for that policy, from the setting to every way to ask."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.lists.profile import ListProfile, profiles
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.forked import abeyance_command
from tests.integration.conftest import wait_until_ready
from tests.served import FixedClock

# The day of the bundled American lists. No edition of the EU's list comes with the program.
NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
NOT_LOADED = "eu_fsf"
NOBODY = "Nordlicht Pumpen"


@pytest.fixture(scope="module")
def site(listed_database: str, bundled_index: ListingIndex) -> Iterator[TestClient[Litestar]]:
    with asking(listed_database, bundled_index, ListProfile(names=("us",))) as client:
        wait_until_ready(client)
        yield client


def asking(dsn: str, index: ListingIndex, profile: ListProfile) -> TestClient[Litestar]:
    settings = Settings(data_dir=Path(), database_url=dsn, profile=profile)
    return TestClient(create_app(settings, index, FixedClock(NOW)))


def test_without_a_list_outside_its_profile_a_site_gets_a_clear_that_says_for_what(site):
    answer = site.get("/v1/search", params={"name": NOBODY}).json()
    coverage = answer["coverage"]
    assert (answer["outcome"], coverage["complete"], coverage["profile"]) == (
        "no_hits",
        True,
        "us",
    )
    required = {each["code"] for each in coverage["lists"] if each["role"] == "required"}
    assert required == {*profiles()["us"], "named_in_measures"}
    assert NOT_LOADED not in {each["code"] for each in coverage["lists"]}
    assert NOT_LOADED in {each["code"] for each in coverage["not_loaded"]}

    page = site.get("/", params={"name": NOBODY}).text
    assert "No listing on 16 required lists" in page
    assert "complete for the profile us" in page
    told = site.get("/lists").text
    assert "Required is what the profile us of ABEYANCE_PROFILE names" in told


def test_the_profile_is_in_a_brief_answer_and_in_a_stored_screening(site):
    asked = {"counterparties": [{"name": NOBODY}]}
    brief = site.post("/v1/screenings?view=brief", json=asked).json()
    assert (brief["coverage"]["complete"], brief["coverage"]["profile"]) == (True, "us")
    kept = site.get(f"/v1/screenings/{brief['id']}").json()
    assert (kept["coverage"]["complete"], kept["coverage"]["profile"]) == (True, "us")
    again = site.get(f"/v1/screenings/{brief['id']}?view=brief").json()
    assert again["coverage"]["profile"] == "us"


def test_a_question_about_a_list_that_is_not_loaded_is_incomplete_whatever_the_profile(site):
    asked = {"name": NOBODY, "lists": NOT_LOADED}
    answer = site.get("/v1/search", params=asked).json()
    assert (answer["outcome"], answer["coverage"]["profile"]) == ("incomplete", "question")


@pytest.mark.parametrize(
    ("profile", "outcome"),
    [
        pytest.param(ListProfile(), "incomplete", id="none chosen, as before"),
        pytest.param(ListProfile(names=("us", "eu")), "incomplete", id="us,eu"),
        pytest.param(
            ListProfile(names=("eu",), required=("us_bis_el",)), "no_hits", id="required by hand"
        ),
    ],
)
def test_the_same_lists_are_not_enough_for_every_policy(
    listed_database: str, bundled_index: ListingIndex, profile: ListProfile, outcome: str
):
    with asking(listed_database, bundled_index, profile) as client:
        wait_until_ready(client)
        answer = client.get("/v1/search", params={"name": NOBODY}).json()
    assert (answer["outcome"], answer["coverage"]["profile"]) == (outcome, profile.name)


def test_the_terminal_says_which_profile_an_answer_is_not_complete_for(listed_database: str):
    given = {"DATABASE_URL": listed_database, "ABEYANCE_PROFILE": "us,eu"}
    ran = abeyance_command(["screen", NOBODY], {**os.environ, **given}, Path.cwd())
    assert "incomplete for the profiles us and eu" in " ".join(ran.stdout.split())
