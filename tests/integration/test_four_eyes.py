"""Four eyes: what waits for a second person, who is none, and the last key that stays."""

import asyncio
import getpass
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.features.keys.background import local_keys
from abeyance_screening.platform.access.identity import at_machine
from abeyance_screening.primitives.errors import LastKeyError
from tests.forked import abeyance_command
from tests.integration.test_accounts import LISTED_NAME
from tests.served import run, without_database_url

type Service = TestClient[Litestar]


class Firm:
    """An account of its own, whose keys are handed out at the command line."""

    def __init__(self, service: Service, dsn: str) -> None:
        self.account, self._service, self._dsn = f"firm-{uuid4().hex[:8]}", service, dsn
        self.keys = dict[str, str]()

    def hire(self, name: str, *scopes: str, is_waiting: bool = False) -> str:
        """Hands a key to somebody, which works when this returns, and returns their name."""
        given = [part for each in scopes or ("admin",) for part in ("--scope", each)]
        printed = run(
            self._dsn,
            "keys",
            "add",
            f"of-{uuid4().hex[:8]}",
            "--account",
            self.account,
            "--owner",
            name,
            *given,
        )
        self.keys[name] = printed.strip()
        # a change of any key over the service has it look at all of them
        made = {"name": f"look-{uuid4().hex[:8]}", "owner": "nobody", "scopes": ["read"]}
        assert self._service.post("/v1/keys", json=made).is_success
        is_known = self.ask(name, "GET", "/v1/audit").status_code != HTTPStatus.UNAUTHORIZED
        assert is_known is not is_waiting
        return name

    def ask(self, name: str, method: str, address: str, **asked: Any) -> httpx.Response:
        headers = {"x-api-key": self.keys[name]}
        return self._service.request(method, address, headers=headers, **asked)

    def switch(self, name: str, *, four_eyes: bool) -> httpx.Response:
        return self.ask(name, "PUT", "/v1/judgement-terms", json={"four_eyes": four_eyes})

    def is_on(self) -> bool:
        name = next(iter(self.keys))
        return self.ask(name, "GET", "/v1/judgement-terms").json()["four_eyes"]

    def make(self, by: str, owner: str, *scopes: str) -> httpx.Response:
        """Makes a key for somebody over the service, and keeps its secret under their name."""
        body = {"name": f"by-{uuid4().hex[:8]}", "owner": owner, "scopes": scopes or ("admin",)}
        made = self.ask(by, "POST", "/v1/keys", json=body)
        self.keys[owner] = made.json()["secret"]
        return made

    def approve(self, name: str, change: int) -> httpx.Response:
        return self.ask(name, "POST", f"/v1/pending-changes/{change}/approve")

    def refuse(self, name: str, change: int) -> httpx.Response:
        return self.ask(name, "POST", f"/v1/pending-changes/{change}/refuse")

    def judge(self, name: str) -> int:
        """The id of a judgement that somebody makes, about a new counterparty."""
        key = str(uuid4())
        put = self.ask(name, "PUT", f"/v1/counterparties/{key}", json={"name": LISTED_NAME})
        best = put.json()["answer"]["results"][0]["hits"][0]["listing"]["id"]
        asked = {"counterparty": key, "listing": best, "decision": "different", "reason": "no"}
        made = self.ask(name, "POST", "/v1/judgements", json=asked)
        assert made.status_code == HTTPStatus.CREATED, made.text
        return made.json()["items"][0]["id"]

    def approve_judgement(self, name: str, judgement: int) -> httpx.Response:
        return self.ask(name, "POST", f"/v1/judgements/{judgement}/approve")

    def actions(self, name: str) -> list[Mapping[str, Any]]:
        return self.ask(name, "GET", "/v1/audit?limit=100").json()["items"]


def waits(answer: httpx.Response) -> int:
    """The number of the change that an answer says waits."""
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    body = answer.json()
    change = body.get("waits") or body
    assert change["state"] == "waiting"
    return change["id"]


@pytest.fixture
def firm(service: Service, listed_database: str) -> Firm:
    """Two admins and a clerk who judges, who ask for four eyes."""
    firm = Firm(service, listed_database)
    firm.hire("anna")
    firm.hire("ben")
    firm.hire("clara", "counterparties", "judge")
    assert firm.switch("anna", four_eyes=True).json() == {"four_eyes": True}
    return firm


@pytest.mark.parametrize(
    "twin",
    [
        "Clara",
        "clara ",
        " CLARA",
        "cl\u0430ra",
        "\uff43\uff4cara",
        "c\u034flara",
        "cIara",
        "CL\u0410RA",
    ],
)
def test_whoever_can_be_taken_for_who_judged_is_no_second_person(
    service: Service, listed_database: str, firm: Firm, twin: str
):
    judgement = firm.judge("clara")
    other = Firm(service, listed_database)
    other.account = firm.account
    # at the command line it would wait: it is handed out while nobody asks for four eyes
    assert firm.approve("ben", waits(firm.switch("anna", four_eyes=False))).is_success
    other.hire(twin, "judge", "counterparties")
    assert firm.switch("anna", four_eyes=True).is_success
    refused = other.approve_judgement(twin, judgement)
    assert (refused.status_code, refused.json()["title"]) == (
        HTTPStatus.FORBIDDEN,
        "This takes a second person",
    )
    assert firm.approve_judgement("ben", judgement).json()["state"] == "holds"


def test_one_admin_alone_switches_nothing_off(firm: Firm):
    change = waits(firm.switch("anna", four_eyes=False))
    assert firm.is_on()
    assert firm.approve("anna", change).status_code == HTTPStatus.FORBIDDEN
    assert firm.approve("clara", change).status_code == HTTPStatus.FORBIDDEN
    again = firm.switch("anna", four_eyes=False)
    assert again.status_code == HTTPStatus.BAD_REQUEST
    assert firm.is_on()
    listed = firm.ask("ben", "GET", "/v1/pending-changes?state=waiting").json()["items"]
    assert [(each["id"], each["kind"], each["asked_by"]) for each in listed] == [
        (change, "judgement.terms_set", "anna")
    ]
    assert firm.refuse("ben", change).json()["state"] == "refused"
    assert firm.approve("ben", change).status_code == HTTPStatus.BAD_REQUEST
    assert firm.is_on()
    change = waits(firm.switch("anna", four_eyes=False))
    assert firm.approve("ben", change).json()["decided_by"] == "ben"
    assert not firm.is_on()


def test_a_key_made_for_oneself_under_another_name_waits_and_does_not_work(firm: Firm):
    made = firm.make("anna", "dora")
    change = waits(made)
    assert "key" not in made.json()
    assert firm.ask("dora", "GET", "/v1/keys").status_code == HTTPStatus.UNAUTHORIZED
    assert firm.approve("anna", change).status_code == HTTPStatus.FORBIDDEN
    assert firm.approve("ben", change).is_success
    assert firm.ask("dora", "GET", "/v1/keys").is_success
    # it works now, and is still no second person for who made it, nor the other way round
    off = waits(firm.switch("anna", four_eyes=False))
    assert firm.approve("dora", off).status_code == HTTPStatus.FORBIDDEN
    assert firm.approve("ben", off).is_success
    assert firm.switch("anna", four_eyes=True).is_success
    off = waits(firm.switch("dora", four_eyes=False))
    assert firm.approve("anna", off).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "chain", [("anna", "anna"), ("anna", "dora")], ids=["two of hers", "hers makes one"]
)
def test_keys_that_one_admin_prepared_before_are_one_person(
    service: Service, listed_database: str, chain: tuple[str, str]
):
    firm = Firm(service, listed_database)
    firm.hire("anna")
    for by, owner in zip(chain, ("dora", "emil"), strict=True):
        assert firm.make(by, owner).status_code == HTTPStatus.CREATED
    for name in ("anna", "dora", "emil"):
        refused = firm.switch(name, four_eyes=True)
        assert refused.status_code == HTTPStatus.BAD_REQUEST
        assert refused.json()["errors"][0]["field"] == "four_eyes"
    firm.hire("ben")
    assert firm.switch("ben", four_eyes=True).is_success
    judgement = firm.judge("dora")
    for name in ("anna", "dora", "emil"):
        assert firm.approve_judgement(name, judgement).status_code == HTTPStatus.FORBIDDEN
    assert firm.approve_judgement("ben", judgement).is_success


def test_whoever_replaces_a_key_is_no_second_person_for_its_owner(
    service: Service, listed_database: str
):
    firm = Firm(service, listed_database)
    for name in ("anna", "ben", "clara"):
        firm.hire(name)
    keys = firm.ask("anna", "GET", "/v1/keys").json()["items"]
    bens = next(each["id"] for each in keys if each["owner"] == "ben")
    rotated = firm.ask("anna", "POST", f"/v1/keys/{bens}/rotate", json={"overlap_hours": 1})
    firm.keys["stolen"] = rotated.json()["secret"]
    # replaced by itself it looks untouched; whoever had it before does not
    again = firm.ask("stolen", "POST", f"/v1/keys/{bens}/rotate", json={"overlap_hours": 0})
    firm.keys["stolen"] = again.json()["secret"]
    assert firm.switch("clara", four_eyes=True).is_success
    change = waits(firm.switch("anna", four_eyes=False))
    assert firm.approve("stolen", change).status_code == HTTPStatus.FORBIDDEN
    # with four eyes on it waits, and the secret shown does not work
    waiting = firm.ask("clara", "POST", f"/v1/keys/{bens}/rotate", json={})
    waits(waiting)
    firm.keys["new"] = waiting.json()["secret"]
    assert firm.ask("new", "GET", "/v1/keys").status_code == HTTPStatus.UNAUTHORIZED
    assert firm.approve("clara", change).is_success


def test_the_command_line_makes_and_replaces_keys_that_wait_and_approves_nothing(
    firm: Firm,
):
    firm.hire("ghost", is_waiting=True)
    assert firm.ask("ghost", "GET", "/v1/keys").status_code == HTTPStatus.UNAUTHORIZED
    listed = firm.ask("ben", "GET", "/v1/pending-changes?state=waiting").json()["items"]
    assert [(each["kind"], each["asked_by"]) for each in listed] == [
        ("key.added", getpass.getuser())
    ]
    assert firm.approve("ben", listed[0]["id"]).is_success
    assert firm.ask("ghost", "GET", "/v1/keys").is_success


def test_the_user_of_the_machine_is_no_second_person_for_an_owner_whose_key_they_made(
    service: Service, listed_database: str
):
    firm = Firm(service, listed_database)
    user = firm.hire(getpass.getuser())
    firm.hire("ben")
    refused = firm.switch(user, four_eyes=True)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    firm.hire("clara")
    assert firm.switch(user, four_eyes=True).is_success


def test_anothers_key_is_revoked_by_two_and_ones_own_or_at_the_machine_at_once(
    firm: Firm, listed_database: str
):
    keys = firm.ask("anna", "GET", "/v1/keys").json()["items"]
    ids = {each["owner"]: each["id"] for each in keys}
    change = waits(firm.ask("anna", "DELETE", f"/v1/keys/{ids['clara']}"))
    assert firm.ask("clara", "GET", "/v1/judgement-terms").is_success
    assert firm.approve("ben", change).is_success
    assert firm.ask("clara", "GET", "/v1/judgement-terms").status_code == HTTPStatus.UNAUTHORIZED
    done = firm.ask("ben", "DELETE", f"/v1/keys/{ids['ben']}")
    assert done.status_code == HTTPStatus.NO_CONTENT
    assert "revoked" in run(listed_database, "keys", "revoke", str(ids["anna"]))


def test_a_hold_is_released_by_two(firm: Firm):
    question = {"counterparties": [{"name": LISTED_NAME}]}
    key = firm.ask("anna", "POST", "/v1/screenings", json=question).json()["id"]
    hold = f"/v1/screenings/{key}/hold"
    assert firm.ask("anna", "PUT", hold, json={"because": "audit"}).is_success
    nowhere = f"/v1/screenings/{uuid4()}/hold"
    missing = firm.ask("anna", "DELETE", nowhere, params={"because": "over"})
    assert missing.status_code == HTTPStatus.NOT_FOUND
    change = waits(firm.ask("anna", "DELETE", hold, params={"because": "over"}))
    assert firm.ask("anna", "DELETE", f"/v1/screenings/{key}").status_code == HTTPStatus.CONFLICT
    assert firm.approve("anna", change).status_code == HTTPStatus.FORBIDDEN
    assert firm.approve("ben", change).is_success
    assert firm.ask("anna", "GET", hold).status_code == HTTPStatus.NOT_FOUND


def test_what_two_people_judged_one_alone_does_not_withdraw(firm: Firm):
    judgement = firm.judge("clara")
    assert firm.approve_judgement("ben", judgement).is_success
    for name in ("clara", "ben"):
        withdrawn = firm.ask(name, "DELETE", f"/v1/judgements/{judgement}")
        assert withdrawn.status_code in {HTTPStatus.ACCEPTED, HTTPStatus.BAD_REQUEST}
    kept = firm.ask("clara", "GET", "/v1/judgements").json()["items"]
    assert [each["state"] for each in kept] == ["holds"]
    (change,) = firm.ask("ben", "GET", "/v1/pending-changes?state=waiting").json()["items"]
    assert firm.approve("anna", change["id"]).is_success
    kept = firm.ask("clara", "GET", "/v1/judgements").json()["items"]
    assert [(each["state"], each["ended_by"]) for each in kept] == [("withdrawn", "clara")]
    # one of hers that waits she takes back alone
    judgement = firm.judge("clara")
    withdrawn = firm.ask("clara", "DELETE", f"/v1/judgements/{judgement}")
    assert withdrawn.json()["state"] == "withdrawn"


def test_another_account_neither_sees_nor_decides_what_waits(
    service: Service, listed_database: str, firm: Firm
):
    change = waits(firm.switch("anna", four_eyes=False))
    others = Firm(service, listed_database)
    others.hire("ben")
    assert others.ask("ben", "GET", "/v1/pending-changes").json()["items"] == []
    assert others.approve("ben", change).status_code == HTTPStatus.NOT_FOUND
    assert others.refuse("ben", change).status_code == HTTPStatus.NOT_FOUND


def test_what_waited_is_in_the_log_with_who_asked_and_who_approved(firm: Firm):
    change = waits(firm.switch("anna", four_eyes=False))
    assert firm.approve("ben", change).is_success
    log = [
        (each["action"], each["actor"], each["details"].get("asked_by"))
        for each in firm.actions("ben")
        if each["action"].startswith(("change.", "judgement."))
    ]
    assert log[:3] == [
        ("change.approved", "ben", "anna"),
        ("judgement.terms_set", "ben", None),
        ("change.asked", "anna", None),
    ]


# --- The last key.


async def test_of_two_who_revoke_the_last_two_operators_at_once_one_is_refused(
    emptied_database: str,
):
    async with local_keys(emptied_database) as keys:
        for name in ("one", "two"):
            run(emptied_database, "keys", "add", name, "--scope", "operator")
        run(emptied_database, "keys", "add", "asks", "--scope", "screen")
        ids = [each.id for each in await keys.all() if "operator" in each.scopes]

    async def revoke(key: int) -> bool:
        async with local_keys(emptied_database) as own:
            try:
                await own.revoke(key, at_machine("root"))
            except LastKeyError:
                return False
            return True

    assert sorted(await asyncio.gather(*map(revoke, ids))) == [False, True]
    async with local_keys(emptied_database) as keys:
        left = [each for each in await keys.all() if each.revoked_at is None]
        assert [each.name for each in left if "operator" in each.scopes] in (["one"], ["two"])
        asks = next(each for each in left if each.name == "asks")
        await keys.revoke(asks.id, at_machine("root"))
    environment = without_database_url() | {"DATABASE_URL": emptied_database}
    last = next(each.id for each in left if "operator" in each.scopes)
    refused = abeyance_command(("keys", "revoke", str(last)), environment, Path.cwd())
    assert refused.returncode != 0
    assert "operator" in refused.stderr
    rotated = run(emptied_database, "keys", "rotate", str(last), "--overlap-hours", "0")
    assert rotated.startswith("abey_")


def test_the_last_operators_key_is_kept_over_the_api_too(service: Service):
    keys = service.get("/v1/keys", params={"limit": 200}).json()["items"]
    (last,) = [
        each["id"] for each in keys if "operator" in each["scopes"] and not each["revoked_at"]
    ]
    refused = service.delete(f"/v1/keys/{last}")
    assert (refused.status_code, refused.json()["type"]) == (
        HTTPStatus.CONFLICT,
        "/problems/last-key",
    )
    assert service.get("/v1/keys").is_success
