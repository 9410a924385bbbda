"""The audit log: every change, and every reading of what is kept, by whom; it only grows."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings, user_name
from abeyance_screening.primitives.errors import StoreUnavailableError
from tests.integration.conftest import wait_until_ready
from tests.integration.test_keys import run

LIST = "un_sc"
type Service = TestClient[Litestar]
type Entry = dict[str, Any]


@pytest.fixture(scope="module")
def service(listed_database: str, bundled_index: ListingIndex) -> Iterator[Service]:
    """A service that asks everybody for a key, with that of an admin."""
    admin = run(listed_database, "keys", "add", "admin", "--owner", "anna", "--scope", "admin")
    settings = Settings(data_dir=Path(), database_url=listed_database, access="keys")
    with TestClient(create_app(settings, bundled_index), raise_server_exceptions=False) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = admin.strip()
        yield client


def entries(service: Service, **asked: str) -> list[Entry]:
    answer = service.get("/v1/audit", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_the_bundled_lists_were_loaded_by_the_user_of_the_machine(service: Service):
    (loaded,) = entries(service, about=LIST, action="list.loaded")
    assert (loaded["actor"], loaded["key_id"]) == (user_name(), None)
    assert loaded["details"]["entries"] > 500
    assert set(loaded["details"]) == {"edition", "source", "sha256", "entries"}


def test_the_life_of_a_key_is_on_record_and_its_secret_is_not(service: Service):
    asked = {"name": "erp", "owner": "ben", "scopes": ["read"], "networks": ["10.0.0.0/8"]}
    made = service.post("/v1/keys", json=asked).json()
    key_id = str(made["key"]["id"])
    rotated = service.post(f"/v1/keys/{key_id}/rotate", json={}).json()
    assert service.delete(f"/v1/keys/{key_id}").status_code == 204
    found = [each for each in entries(service, about=key_id) if each["action"][:4] == "key."]
    assert [each["action"] for each in found] == ["key.revoked", "key.rotated", "key.added"]
    assert {each["actor"] for each in found} == {"anna"}
    assert found[-1]["details"]["scopes"] == ["read"]
    for secret in (made["secret"], rotated["secret"]):
        assert secret[5:] not in json.dumps(found)


def test_words_of_operators_are_on_record(service: Service):
    listings = service.get("/v1/search", params={"name": "Hikvision"}).json()["hits"]
    first, second = (hit["listing"]["id"] for hit in listings[:2])
    body = {"listings": [first], "apart_from": [second], "because": "two firms, see our file 7"}
    split = service.post("/v1/parties/splits", json=body)
    assert split.status_code == 201, split.text
    number = split.json()["id"]
    undone = {"because": "one firm after all"}
    assert service.post(f"/v1/parties/splits/{number}/withdrawal", json=undone).is_success
    about = entries(service, about=str(number))
    found = [each for each in about if each["action"].startswith("party.")]
    assert [each["action"] for each in found] == ["party.split_withdrawn", "party.split"]
    assert found[0]["details"] == undone
    assert found[1]["details"]["listings"] == [first]


def test_who_reads_a_kept_screening_is_on_record_once_a_minute(service: Service):
    body = {"counterparties": [{"name": "Qzxvkwob Trading"}]}
    kept = service.post("/v1/screenings", json=body).json()["id"]
    asked_at = datetime.now(UTC)
    for _ in range(3):
        headers = {"x-request-id": "order-9"}
        assert service.get(f"/v1/screenings/{kept}", headers=headers).status_code == 200
    (read,) = entries(service, about=kept)
    assert (read["action"], read["actor"]) == ("screening.read", "anna")
    assert (read["request_id"], read["key_id"] is None) == ("order-9", False)
    assert abs(datetime.fromisoformat(read["at"]) - asked_at).total_seconds() < 60
    assert service.get(f"/evidence/{uuid4()}").status_code == 404
    assert "Qzxvkwob" not in json.dumps(entries(service, limit="100"))


def test_what_cannot_be_recorded_is_not_shown(service: Service, monkeypatch: pytest.MonkeyPatch):
    kept = service.post("/v1/screenings", json={"counterparties": [{"name": "Acme"}]}).json()
    monkeypatch.setattr("abeyance_screening.platform.access.audit_log.StoredAudit.add", _away)
    assert service.get(f"/v1/screenings/{kept['id']}").status_code == 503


async def _away(*_: object) -> None:
    raise StoreUnavailableError


def test_pages_and_the_file_have_the_same_entries(service: Service, listed_database: str):
    paged: list[Entry] = []
    cursor: dict[str, str] = {}
    while True:
        page = service.get("/v1/audit", params={"limit": "7", **cursor}).json()
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    ids = [each["id"] for each in paged]
    assert ids == sorted(set(ids), reverse=True)
    exported = service.get("/v1/audit.ndjson")
    assert exported.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in exported.text.splitlines()]
    assert lines[: len(paged)] == paged[::-1]
    printed = run(listed_database, "audit", "--json").splitlines()
    assert [json.loads(line) for line in printed][: len(lines)] == lines
    assert "key.added" in run(listed_database, "audit", "--action", "key.added")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param({"cursor": "bm8"}, "cursor", id="a cursor of nothing"),
        pytest.param({"cursor": "YXVkaXQgeA"}, "cursor", id="a cursor without a number"),
        pytest.param({"since": "2026-11-01T00:00:00"}, "since", id="no time zone"),
        pytest.param({"until": "yesterday"}, "until", id="no moment"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    service: Service, asked: dict[str, str], field: str
):
    answer = service.get("/v1/audit", params=asked)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set actor = 'nobody'",
        "delete from audit_entry",
        "truncate audit_entry",
    ],
)
async def test_an_entry_is_never_changed_or_deleted(
    service: Service, listed_database: str, statement: str
):
    assert entries(service)
    connection = await asyncpg.connect(listed_database)
    try:
        with pytest.raises(asyncpg.RaiseError, match="never changed or deleted"):
            await connection.execute(statement)
    finally:
        await connection.close()
