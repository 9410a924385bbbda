"""A site's required lists, from the setting to the answer, the pages and the command line."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.forked import abeyance_command
from tests.integration.conftest import wait_until_ready
from tests.served import FixedClock

# The day after the bundled UN list was published, and two after the bundled Entity List was.
NOW = datetime(2026, 8, 2, 12, tzinfo=UTC)
REQUIRED = ("un_sc", "us_bis_el")
BY_HAND = ListProfile(required=REQUIRED)
NOBODY = "Nordlicht Pumpen"


@pytest.fixture(scope="module")
def site(listed_for_all: str, bundled_index: ListingIndex) -> Iterator[TestClient[Litestar]]:
    settings = Settings(data_dir=Path(), database_url=listed_for_all, profile=BY_HAND)
    with TestClient(create_app(settings, bundled_index, FixedClock(NOW))) as client:
        wait_until_ready(client)
        yield client


def test_with_its_required_lists_fresh_a_site_gets_a_clear_that_names_the_rest(site):
    answer = site.get("/v1/search", params={"name": NOBODY}).json()
    roles = {each["code"]: each["role"] for each in answer["coverage"]["lists"]}
    assert (answer["outcome"], answer["coverage"]["complete"]) == ("no_hits", True)
    assert {code for code, role in roles.items() if role == "required"} == {*REQUIRED}
    assert roles["eu_fsf"] == "advisory"

    page = site.get("/", params={"name": NOBODY}).text
    assert "No listing on 2 required lists, the oldest 2 days old, nor on 15 advisory" in page
    assert "<code>abeyance refresh eu_fsf</code>" in page
    assert "Required is what ABEYANCE_REQUIRED_LISTS names" in site.get("/lists").text


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"as_of": "2026-07-30"}, id="before the editions"),
        pytest.param({"as_of": "2026-08-09"}, id="too long after them"),
        pytest.param({"lists": "eu_fsf"}, id="of a list that is missing"),
        pytest.param({"name": "A"}, id="of a name that nothing can be compared with"),
    ],
)
def test_a_profile_makes_no_clear_of_a_question(site, asked: dict[str, str]):
    answer = site.get("/v1/search", params={"name": NOBODY} | asked).json()
    assert answer["outcome"] == "incomplete"


def test_a_list_that_is_none_is_refused_in_a_line_that_names_the_setting(listed_for_all: str):
    given = {"DATABASE_URL": listed_for_all, "ABEYANCE_ADVISORY_LISTS": "eu_fsf,us_ofac_snd"}
    ran = abeyance_command(["lists"], {**os.environ, **given}, Path.cwd())
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert line.startswith("abeyance: ABEYANCE_ADVISORY_LISTS: no list is called 'us_ofac_snd'")
