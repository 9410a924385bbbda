"""What stays of a counterparty that is deleted, and who may delete it."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from abeyance_screening.platform.settings import SCOPES, Scope
from tests.integration.test_accounts import LISTED_NAME, Account, Service
from tests.integration.test_judgements import hired

PATH, PRIVATE = "/v1/counterparties", "Zyxwvut"
ALONE: dict[str, Any] = {"name": f"{PRIVATE} Handel", "aliases": [LISTED_NAME]}


@pytest.fixture(scope="module")
def ours(service: Service) -> Account:
    return Account(service, "ours", "admin")


def with_scopes(service: Service, *scopes: Scope) -> Account:
    """Return somebody with these scopes alone."""
    body = {"name": str(uuid4()), "account": "ours", "owner": "ben", "scopes": scopes}
    one = Account.__new__(Account)
    one.key, one.service = service.post("/v1/keys", json=body).json()["secret"], service
    return one


def watched(who: Account, key: str) -> str:
    """Put a counterparty on watch, and return its first hit."""
    put = who.ask("PUT", f"{PATH}/{key}", json=ALONE)
    return put.json()["answer"]["results"][0]["hits"][0]["listing"]["id"]


def judge(who: Account, key: str, listing: str, decision: str = "same") -> dict[str, Any]:
    asked = {"counterparty": key, "listing": listing, "decision": decision}
    made = who.ask("POST", "/v1/judgements", json={**asked, "reason": f"{PRIVATE} says so"})
    return made.json()["items"][0]


async def test_judgements_stay_with_decision_people_times_and_listing_and_without_names(
    service: Service, listed_database: str
):
    ours, ben = (hired(service, listed_database, each) for each in ("anna", "ben"))
    listing = watched(ours, "goes")
    ended = judge(ours, "goes", listing, "different")
    assert ours.ask("PUT", "/v1/judgement-terms", json={"four_eyes": True}).is_success
    asked = judge(ben, "goes", listing)
    ours.ask("POST", f"/v1/judgements/{asked['id']}/approve")
    waits = judge(ben, "goes", listing, "unsure")
    query = {"counterparty": "goes"}
    before = ours.ask("GET", "/v1/judgements", params=query).json()["items"]
    assert ours.ask("DELETE", f"{PATH}/goes").status_code == HTTPStatus.NO_CONTENT
    after = ours.ask("GET", "/v1/judgements", params=query).json()["items"]
    assert [each["id"] for each in after] == [waits["id"], asked["id"], ended["id"]]
    kept = ("id", "listing", "decision", "asked_by", "asked_at", "approved_by", "approved_at")
    for one, other in zip(before, after, strict=True):
        assert {name: one[name] for name in kept} == {name: other[name] for name in kept}
        assert other["reason"] == ""
        assert other["ended_at"] is not None
    states = [(each["state"], [change["before"] for change in each["because"]]) for each in after]
    assert states == [("gone", ["waiting"]), ("gone", ["holds"]), ("replaced", [])]
    assert (after[1]["asked_by"], after[1]["approved_by"]) == ("ben", "anna")
    connection = await asyncpg.connect(listed_database)
    rows = await connection.fetch("select j::text, basis, digest from judgement as j")
    await connection.close()
    assert all(PRIVATE not in row[0] for row in rows)
    assert all(len(row["digest"]) == 32 for row in rows)
    log = ours.ask("GET", "/v1/audit", params={"about": "goes"}).json()["items"]
    (deleted,) = [each for each in log if each["action"] == "counterparty.deleted"]
    assert deleted["details"]["judgements"] == 3
    assert len(deleted["details"]["before"]) == 64
    assert PRIVATE not in str(log)


def test_another_counterparty_under_the_id_has_no_judgements_and_what_waited_is_over(
    ours: Account,
):
    made = judge(ours, "again", watched(ours, "again"))
    assert ours.ask("DELETE", f"{PATH}/again").status_code == HTTPStatus.NO_CONTENT
    assert ours.ask("PUT", f"{PATH}/again", json=ALONE).json()["judgements"] == []
    for deed, method in (("/approve", "POST"), ("", "DELETE")):
        answer = ours.ask(method, f"/v1/judgements/{made['id']}{deed}")
        assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert ours.ask("DELETE", f"{PATH}/again").status_code == HTTPStatus.NO_CONTENT


async def test_a_program_of_an_earlier_version_deletes_no_judgement_either(
    ours: Account, listed_database: str
):
    asked = {"owners": [{"name": LISTED_NAME, "share": 60}], "name": "Some Holding"}
    put = ours.ask("PUT", f"{PATH}/by-hand", json=asked).json()
    owner = put["answer"]["results"][0]["ownership"]["owners"][0]
    listing = owner["hits"][0]["listing"]["id"]
    body = {"counterparty": "by-hand", "listing": listing, "owner": LISTED_NAME}
    made = ours.ask("POST", "/v1/judgements", json={**body, "decision": "same", "reason": PRIVATE})
    assert made.status_code == HTTPStatus.CREATED, made.text
    connection = await asyncpg.connect(listed_database)
    await connection.execute("delete from counterparty where id = 'by-hand'")
    await connection.close()
    (stays,) = ours.ask("GET", "/v1/judgements", params={"counterparty": "by-hand"}).json()[
        "items"
    ]
    assert (stays["state"], stays["reason"]) == ("gone", "")
    assert stays["owner"].startswith("sha256:")


@pytest.mark.parametrize("scope", SCOPES)
def test_deletion_takes_the_scope_delete_and_that_of_counterparties(
    service: Service, ours: Account, scope: Scope
):
    watched(ours, "kept")
    may = scope in {"admin", "operator"}
    alone = with_scopes(service, scope)
    deleted = alone.ask("DELETE", f"{PATH}/kept")
    assert (deleted.status_code == HTTPStatus.NO_CONTENT) is may, deleted.text
    if not may:
        assert deleted.status_code == HTTPStatus.FORBIDDEN
        form = {"of": "kept", "revision": "1"}
        page = alone.service.post(
            "/counterparties/delete", data=form, headers={"x-api-key": alone.key}
        )
        assert page.status_code == HTTPStatus.FORBIDDEN
        assert ours.ask("GET", f"{PATH}/kept").status_code == HTTPStatus.OK
    both = with_scopes(service, "counterparties", "delete")
    status = both.ask("DELETE", f"{PATH}/kept").status_code
    assert status == (HTTPStatus.NOT_FOUND if may else HTTPStatus.NO_CONTENT)


def test_a_counterparty_of_a_held_screening_is_not_deleted_until_that_is_released(ours: Account):
    watched(ours, "held")
    asked = {"counterparties": [{"id": "held", **ALONE}, {"id": "other", "name": "B"}]}
    screening = ours.ask("POST", "/v1/screenings", json=asked).json()["id"]
    hold = f"/v1/screenings/{screening}/hold"
    assert ours.ask("PUT", hold, json={"because": f"{PRIVATE} sues"}).status_code == HTTPStatus.OK
    refused = ours.ask("DELETE", f"{PATH}/held")
    assert refused.status_code == HTTPStatus.CONFLICT
    said = refused.json()
    assert said["type"].endswith("/problems/counterparty-held")
    assert f"ours holds screening {screening}" in said["detail"]
    assert f"since {datetime.now(UTC):%Y-%m-%d}" in said["detail"]
    assert PRIVATE not in refused.text
    assert ours.ask("GET", f"{PATH}/held").status_code == HTTPStatus.OK
    ours.ask("DELETE", hold, params={"because": "settled"})
    assert ours.ask("DELETE", f"{PATH}/held").status_code == HTTPStatus.NO_CONTENT


async def test_with_a_counterparty_go_comments_on_its_alerts_and_names_in_keys_of_events(
    ours: Account, listed_database: str
):
    owner = {"name": LISTED_NAME, "id": f"{PRIVATE}-owner", "share": 60}
    ours.ask("PUT", f"{PATH}/talked-of", json={**ALONE, "owners": [owner]})
    query = {"counterparty": "talked-of"}
    alerts = ours.ask("GET", "/v1/alerts", params=query).json()["items"]
    for each in alerts:
        path = f"/v1/alerts/{each['id']}/comments"
        answer = ours.ask("POST", path, json={"comment": f"asked {PRIVATE}"})
        assert answer.is_success, answer.text
        assert ours.ask("POST", path, json={"comment": "and again"}).is_success
    assert ours.ask("DELETE", f"{PATH}/talked-of").status_code == HTTPStatus.NO_CONTENT
    after = ours.ask("GET", "/v1/alerts", params=query).json()["items"]
    assert [each["id"] for each in after] == [each["id"] for each in alerts] != []
    assert all(
        [(made["by"], made["text"]) for made in each["comments"]] == [("ours", ""), ("ours", "")]
        for each in after
    )
    commented = ours.ask("GET", "/v1/audit", params={"action": "alert.commented", "limit": 500})
    told = [each["about"] for each in commented.json()["items"]]
    assert sorted(told) == sorted(2 * [str(each["id"]) for each in alerts])
    connection = await asyncpg.connect(listed_database)
    for table in ("event", "event_work", "judgement", "counterparty", "webhook_delivery"):
        rows = await connection.fetch(f"select t::text from {table} as t")  # noqa: S608 - our own
        assert [row[0] for row in rows if PRIVATE in row[0]] == [], table
    await connection.close()
