"""What changed in a hit since an earlier day."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.screening.answer import Hit
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.played import MILLS, OWN_SOURCE, TOVES, WORKS, Desk, Plays, listing


@pytest.fixture
async def desk(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    plays = Plays()
    monkeypatch.setattr(formats, "public_formats", lambda: (plays.format(OWN_SOURCE),))
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute(
            "truncate listing_version, edition, load_attempt, download cascade"
        )
        desk = Desk(StoreOnConnection(connection), plays)
        await desk.load("2026-01-01", listing("1", MILLS), listing("2", WORKS))
        await desk.load(
            "2026-06-01",
            listing("1", MILLS, remarks="moved"),
            listing("3", TOVES),
            accepted=True,
        )
        yield desk


@pytest.mark.parametrize(
    ("name", "since", "told", "fields"),
    [
        pytest.param(MILLS, "2026-05-31", "changed", ("remarks",), id="printed otherwise"),
        pytest.param(MILLS, "2026-06-01", "same", (), id="printed so since"),
        pytest.param(TOVES, "2026-05-31", "listed", (), id="came"),
        pytest.param(TOVES, "2026-06-01", "same", (), id="there since"),
        pytest.param(MILLS, "2025-12-31", "unknown", (), id="before the first edition"),
        pytest.param(WORKS, "2026-05-31", "left", (), id="left"),
        pytest.param(WORKS, "2026-06-01", "same", (), id="left before"),
    ],
)
async def test_a_hit_says_what_became_of_its_entry(
    desk: Desk, name: str, since: str, told: str, fields: tuple[str, ...]
):
    hit = _only(await desk.ask(name, since=since))
    assert hit.changed is not None
    assert (hit.changed.listing, hit.changed.fields) == (told, fields)


async def test_without_a_day_nothing_is_compared(desk: Desk):
    assert _only(await desk.ask(MILLS)).changed is None


def _only(result) -> Hit:
    (hit,) = (*result.hits, *result.delisted)
    return hit


def test_a_hit_says_what_became_of_the_measures_behind_it(client: TestClient[Litestar]):
    asked = {
        "name": "Hikvision",
        "lists": "us_bis_el",
        "as_of": "2026-11-24",
        "known_at": "2026-11-24",
        "since": "2025-10-15",
    }
    hit = client.get("/v1/search", params=asked).json()["hits"][0]
    changed = {each["measure_id"]: each for each in hit["changed"]["measures"]}
    # that no source was read for more than a month is no change of the list's own rule
    assert changed.keys() == {"us-bis-affiliates-rule"}
    rule = changed["us-bis-affiliates-rule"]
    assert (rule["before"]["status"], rule["after"]["status"]) == (
        "in_force_eased",
        "in_force_by_lapse",
    )
    assert rule["before"]["known_at"] == "2025-10-15"
    assert {did["what"] for each in rule["events"] for did in each["did"]} >= {
        "became_known",
        "took_effect",
        "lapsed",
    }


def test_the_same_day_changes_nothing(client: TestClient[Litestar]):
    body = {
        "counterparties": [{"name": "Hikvision"}],
        "as_of": "2026-11-24",
        "known_at": "2026-11-24",
        "since": "2026-11-24",
    }
    [result] = client.post("/v1/screenings", json=body).json()["results"]
    assert result["hits"]
    assert {hit["changed"]["listing"] for hit in result["hits"]} == {"same"}
    assert [hit["changed"]["measures"] for hit in result["hits"]] == [[]] * len(result["hits"])


def test_a_day_after_the_one_asked_about_is_refused(client: TestClient[Litestar]):
    asked = {"name": "Hikvision", "as_of": "2026-11-24", "since": "2026-11-25"}
    refused = client.get("/v1/search", params=asked)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in refused.json()["errors"]] == ["since"]
