"""What an earlier question left on the shelf never shows in an answer once it is out of date."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, wanted_by_name
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.features.lists.load import load_into
from abeyance_screening.platform.settings import Settings
from tests.integration.anna import ANNA, EVENTS, EXTENSION, OPERATOR
from tests.integration.conftest import wait_until_ready
from tests.served import wait_for

DAYS = (
    {"as_of": "2026-11-24", "known_at": "2026-11-24"},
    {"as_of": "2026-11-24", "known_at": "2025-11-24"},
    {"as_of": "2025-10-15", "known_at": "2026-11-24"},
    {"as_of": "2025-10-15", "known_at": "2025-10-15"},
)
NAMES = ("Hikvision", "Huawei Technologies", "Rosoboroneksport", "Quixotic Zeppelin Works")


@pytest.fixture(scope="module")
def settings(listed_database: str) -> Settings:
    return Settings(data_dir=Path(), database_url=listed_database, operators=(OPERATOR,))


@pytest.fixture
def client(settings: Settings, bundled_index: ListingIndex) -> Iterator[TestClient[Litestar]]:
    app = create_app(settings, bundled_index)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client


def answers(client: TestClient[Litestar], names: tuple[str, ...] = NAMES) -> list[bytes]:
    """Everything asked on every day, without what makes each screening one of its own."""
    counterparties = [{"name": name} for name in names]
    asked = [{"counterparties": counterparties, **day} for day in DAYS]
    said = [client.post("/v1/screenings", json=each) for each in asked]
    assert {each.status_code for each in said} == {HTTPStatus.OK}
    searched = [client.get("/v1/search", params={"name": name}).content for name in names]
    return [
        *(re.sub(rb'^\{"id":"[^"]+","asked_at":"[^"]+"', b"", each.content) for each in said),
        *searched,
    ]


def cold(settings: Settings, index: ListingIndex) -> list[bytes]:
    """The same from a service that was never asked before."""
    with TestClient(create_app(settings, index), raise_server_exceptions=False) as client:
        wait_until_ready(client)
        return answers(client)


def test_a_warm_shelf_answers_like_a_cold_one(client: TestClient[Litestar]):
    first = answers(client)
    assert answers(client) == first
    assert answers(client, NAMES[::-1])[::-1][: len(NAMES)] == first[len(DAYS) :]
    assert len(set(first)) == len(first)


def test_an_operators_event_shows_at_once_whatever_stood_on_the_shelf(
    client: TestClient[Litestar], settings: Settings, bundled_index: ListingIndex
):
    before = answers(client)
    added = client.post(EVENTS, json=EXTENSION, headers=ANNA)
    assert added.status_code == HTTPStatus.CREATED
    after = answers(client)
    assert after[0] != before[0]
    assert b"91 FR 99999" in after[0]
    assert after == cold(settings, bundled_index)
    event = added.json()["event"]["id"]
    client.post(f"{EVENTS}/{event}/retraction", json={"because": "a test"}, headers=ANNA)
    assert answers(client) == cold(settings, bundled_index)


def test_a_new_edition_shows_whatever_stood_on_the_shelf(
    client: TestClient[Litestar], settings: Settings, bundled_index: ListingIndex
):
    _load(settings, "2026-11-01", "first remark")
    _wait_for(client, b"first remark")
    assert b"first remark" in answers(client)[0]
    _load(settings, "2026-11-02", "second remark")
    _wait_for(client, b"second remark")
    after = answers(client)
    assert b"second remark" in after[0]
    assert b"first remark" not in after[0]
    assert after == cold(settings, bundled_index)


def _load(settings: Settings, day: str, remarks: str) -> None:
    entry = json.dumps({"id": "1", "name": "Quixotic Zeppelin Works", "remarks": remarks})
    given = ListFiles(
        wanted=wanted_by_name("house_list"),
        files=(GivenFile("a file", entry.encode()),),
        published_on=date.fromisoformat(day),
    )
    asyncio.run(load_into(settings, settings.database_url or "", given))


def _wait_for(client: TestClient[Litestar], text: bytes) -> None:
    asked = {"name": "Quixotic Zeppelin Works"}
    wait_for(
        lambda: text in client.get("/v1/search", params=asked).content,
        f"the edition with {text!r}",
    )
