"""The audit log: every change, and every reading of what is kept, by whom; it only grows."""

import hashlib
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
from abeyance_screening.platform.http.entrance import access_of
from abeyance_screening.platform.settings import Settings, user_name
from abeyance_screening.primitives.errors import StoreUnavailableError
from tests.integration.conftest import wait_until_ready
from tests.served import run

LIST = "un_sc"
type Service = TestClient[Litestar]
type Entry = dict[str, Any]


@pytest.fixture(scope="module")
def service(listed_database: str, bundled_index: ListingIndex) -> Iterator[Service]:
    """A service that asks everybody for a key, with that of an operator."""
    admin = run(listed_database, "keys", "add", "admin", "--owner", "anna", "--scope", "operator")
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
    body = {"listings": [first], "same_as": [second], "because": "one firm, see our file 8"}
    joined = service.post("/v1/parties/joins", json=body).json()["id"]
    assert service.post(f"/v1/parties/splits/{joined}/withdrawal", json=undone).is_success
    about = [each["action"] for each in entries(service, about=str(joined))]
    assert about == ["party.join_withdrawn", "party.join"]


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


def made(service: Service, account: str, *scopes: str) -> tuple[str, dict[str, str]]:
    """The id of a new key of an account, and the header that shows it."""
    asked = {"name": "-".join(scopes), "account": account, "owner": account, "scopes": scopes}
    answer = service.post("/v1/keys", json=asked, headers={"x-request-id": f"for-{account}"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"]["id"]), {"x-api-key": answer.json()["secret"]}


def test_a_job_that_is_sent_is_in_the_log_with_who_sent_it(service: Service):
    key, ours = made(service, "senders", "jobs", "admin")
    sent = ours | {"x-request-id": "sent-1"}
    answer = service.post(
        "/v1/jobs", headers=sent, params={"name": "t.csv"}, content="name\nAcme\n"
    )
    log = service.get("/v1/audit", headers=ours).json()["items"]
    found = next(each for each in log if each["action"] == "job.sent")
    assert (found["about"], found["outcome"]) == (answer.json()["id"], "done")
    assert (str(found["key_id"]), found["request_id"]) == (key, "sent-1")


def test_what_was_refused_or_not_there_is_told_from_what_was_done(service: Service):
    key, ours = made(service, "ours", "screen", "jobs", "delete", "admin")
    _, others = made(service, "others", "screen", "jobs", "delete")
    asker, weak = made(service, "others", "screen", "jobs")
    named, table = {"name": "t.csv"}, "name\nAcme\n"
    job = service.post("/v1/jobs", headers=ours, params=named, content=table).json()["id"]
    body = {"counterparties": [{"name": "Acme"}]}
    screening = service.post("/v1/screenings", headers=ours, json=body).json()["id"]
    paths = f"/v1/jobs/{job}", f"/v1/screenings/{screening}"
    for path in (*paths, f"/v1/jobs/{job}/results", f"/v1/jobs/{uuid4()}"):
        method = "GET" if path.endswith("results") else "DELETE"
        assert service.request(method, path, headers=others).status_code == 404
    sent = weak | {"x-request-id": "try-7"}
    assert service.delete(paths[1], headers=sent).status_code == 403
    # nothing of it was done to ours, and their log does not have it
    assert all(service.get(path, headers=ours).status_code == 200 for path in paths)
    tried = service.get("/v1/installation/audit", params={"account": "others"}).json()["items"]
    found = [(each["action"], each["about"], each["outcome"]) for each in tried]
    assert ("job.deleted", job, "not_found") in found
    assert ("job.exported", job, "not_found") in found
    assert ("screening.deleted", screening, "not_found") in found
    refused = next(each for each in tried if each["outcome"] == "refused")
    assert (refused["action"], refused["about"]) == ("screening.deleted", screening)
    assert (str(refused["key_id"]), refused["request_id"]) == (asker, "try-7")
    assert refused["address"]
    # what is done says so, with key, request and address
    for path in (paths[0], paths[0], paths[1]):
        assert service.delete(path, headers=ours | {"x-request-id": "gone-1"}).is_success
    log = service.get("/v1/audit", headers=ours, params={"limit": "50"}).json()["items"]
    done = {each["action"]: each for each in log if each["request_id"] == "gone-1"}
    assert set(done) == {"job.cancelled", "job.deleted", "screening.deleted"}
    for entry in done.values():
        assert (entry["outcome"], entry["account"], entry["actor"]) == ("done", "ours", "ours")
        assert str(entry["key_id"]) == key
        assert entry["address"]
    assert not [each for each in log if each["outcome"] == "not_found"]


def test_a_refusal_says_which_problem_it_was_and_the_file_of_an_id_is_about_the_id(
    service: Service,
):
    _, clerk = made(service, "audited", "screen", "read")
    _, chief = made(service, "audited", "admin")
    body = {"counterparties": [{"name": "Acme"}]}
    screening = service.post("/v1/screenings", headers=clerk, json=body).json()["id"]
    path, hold = f"/v1/screenings/{screening}", {"because": "customs asked"}
    assert service.delete(path, headers=clerk).status_code == 403
    assert service.put(f"{path}/hold", headers=chief, json=hold).status_code == 200
    assert service.delete(path, headers=chief).status_code == 409
    assert service.put(f"{path}/hold", headers=chief, json={}).status_code == 400
    assert service.get(f"/evidence/{screening}.pdf", headers=clerk).status_code == 200
    body = {"name": "x", "owner": "x", "scopes": ["operator"]}
    assert service.post("/v1/keys", headers=chief, json=body).status_code == 403
    assert service.post("/v1/keys", headers=chief, json={}).status_code == 400
    log = service.get("/v1/audit", headers=chief, params={"limit": "50"}).json()["items"]
    told = [
        (each["action"], each["about"], each["outcome"], each["details"].get("problem"))
        for each in reversed(log)
        if (each["action"], each["outcome"]) != ("key.added", "done")
    ]
    assert told == [
        ("screening.deleted", screening, "refused", "forbidden"),
        ("screening.held", screening, "done", None),
        ("screening.deleted", screening, "refused", "screening-held"),
        ("screening.held", screening, "refused", "bad-input"),
        ("screening.read", screening, "done", None),
        ("key.added", "", "refused", "forbidden"),
        ("key.added", "", "refused", "bad-input"),
    ]


def test_whatever_is_recorded_of_an_address_with_an_id_is_about_it(service: Service):
    silent = set[str]()
    app = service.app
    for route in app.routes:
        for handler, _ in getattr(route, "route_handler_map", {}).values():
            access = access_of(handler)
            is_recorded = access.reading is not None or access.change is not None
            if "{" in route.path and is_recorded and access.about is None:
                silent.add(route.path)
    assert silent == set()


def test_changes_of_keys_are_in_the_log_of_their_account_with_whose_request_it_was(
    service: Service,
):
    key, header = made(service, "gamma", "admin")
    (added,) = service.get("/v1/audit", headers=header, params={"action": "key.added"}).json()[
        "items"
    ]
    assert (added["about"], added["account"], added["actor"]) == (key, "gamma", "anna")
    assert (added["request_id"], added["outcome"]) == ("for-gamma", "done")
    assert added["address"]
    assert added["key_id"] is not None
    assert not entries(service, about=key)
    # the operator has all logs in one
    (seen,) = service.get("/v1/installation/audit", params={"about": key}).json()["items"]
    assert seen == added
    lines = service.get("/v1/installation/audit.ndjson", params={"account": "gamma"}).text
    assert added in [json.loads(line) for line in lines.splitlines()]


def test_what_cannot_be_recorded_is_not_shown(service: Service, monkeypatch: pytest.MonkeyPatch):
    kept = service.post("/v1/screenings", json={"counterparties": [{"name": "Acme"}]}).json()
    monkeypatch.setattr("abeyance_screening.platform.access.audit_log.StoredAudit.add", _away)
    assert service.get(f"/v1/screenings/{kept['id']}").status_code == 503
    # a refusal shows nothing, and stands
    assert service.get(f"/v1/screenings/{uuid4()}").status_code == 404


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


def test_a_change_tells_what_was_before_and_after_and_no_name(service: Service):
    limits = {"requests_per_second": 7}
    asked = {"name": "told", "owner": "ben", "scopes": ["read"], "limits": limits}
    asked |= {"defaults": {"lists": [LIST], "threshold": 0.9, "store": False}}
    key = str(service.post("/v1/keys", json=asked).json()["key"]["id"])
    (added,) = entries(service, about=key, action="key.added")
    assert added["details"]["limits"]["requests_per_second"] == 7
    assert added["details"]["defaults"] == {"lists": [LIST], "threshold": 0.9, "store": False}
    firm = {"name": "Quorvath Zibelline Works", "countries": ["DE"]}
    service.put("/v1/counterparties/t-1", json=firm)
    service.put("/v1/counterparties/t-1", json=firm | {"countries": ["FR"]})
    lines = "".join(f'{{"id": "t-{each}", "name": "Zibelline {each}"}}\n' for each in range(2, 5))
    header = {"content-type": "application/x-ndjson"}
    bulk = service.post("/v1/counterparties", content=lines, headers=header)
    assert bulk.is_success, bulk.text
    service.delete("/v1/counterparties/t-1")
    log = entries(service)
    put = [each["details"] for each in log if each["action"] == "counterparty.put"]
    many, changed, first = put[:3]
    assert changed["fields"] == ["countries"]
    assert {"countries", "name"} <= set(first["fields"])
    assert (changed["before"], len(changed["after"])) == (first["after"], 64)
    ids = hashlib.sha256(b"t-2\nt-3\nt-4").hexdigest()
    assert (many["counterparties"], many["ids_sha256"]) == (3, ids)
    (gone,) = [each for each in log if each["action"] == "counterparty.deleted"]
    assert gone["details"]["before"] == changed["after"]
    assert "Zibelline" not in json.dumps(log)
    for four_eyes in (False, False):
        service.put("/v1/judgement-terms", json={"four_eyes": four_eyes})
    terms = entries(service, action="judgement.terms_set")
    assert [each["details"]["before"] for each in terms] == [{"four_eyes": False}] * 2
