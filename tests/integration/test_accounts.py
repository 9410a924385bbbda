"""Accounts: what one keeps no key of another sees; the list of what is kept, and its deletion."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.routes import ASGIRoute, HTTPRoute
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.app.background import tidy
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.access.callers import all_scopes
from abeyance_screening.platform.http.entrance import access_of
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import SCOPES, Scope, Settings
from abeyance_screening.platform.stores.accounts import open_accounts
from tests.integration.anna import EVENTS, EXTENSION, RULE
from tests.integration.conftest import wait_until_ready
from tests.served import FixedClock, run

NAME, THEIR_ID, TABLE = "Quorvath Zibelline Works", "their-id-7731", "quorvath-suppliers.csv"
LISTED_NAME = "Huawei Technologies Co., Ltd."
NOWHERE = "00000000-0000-4000-8000-000000000000"
KEPT_DAYS = 30
BATCH: dict[str, Any] = {
    "name": TABLE,
    "described": "",
    "columns": ["name"],
    "fields": ["name"],
    "rows": [{"number": 2, "cells": [NAME]}],
    "store": True,
    "row_count": 1,
}
# What an account keeps, by the address that names it.
OF_ACCOUNT = {
    "/v1/screenings/{screening_id:uuid}": "screening",
    "/evidence/{key:str}": "screening",
    "/v1/spreadsheets/{spreadsheet_id:uuid}": "table",
    "/spreadsheet/{key:uuid}": "table",
    "/v1/jobs/{job_id:uuid}": "job",
    "/v1/keys/{key_id:int}": "key",
    "/v1/counterparties/{counterparty_id:str}": "counterparty",
    "/counterparties/{counterparty_id:str}": "counterparty",
    "/v1/judgements/{judgement_id:int}": "judgement",
    "/counterparties/decision/{judgement_id:int}": "judgement",
    "/v1/alerts/{alert_id:int}": "alert",
    "/v1/webhooks/{webhook_id:uuid}": "webhook",
    "/v1/pending-changes/{change_id:int}": "change",
}
# What is the same for every account: lists, law, parties, files of the pages. None is called this.
OF_EVERYBODY = {
    **dict.fromkeys(("coverage_id", "measure_id", "event_id", "list_code", "listing_id"), "x"),
    **dict.fromkeys(("party_id", "name", "slug", "path"), "x"),
    "edition": "999999",
    "split_id": "999999",
    "part": "0",
    "delivery_id": NOWHERE,
}
# Of lists and law alone, and seconds of work: asked for a day that is none, or left out.
SLOW = {"/parties/{listing_id}", "/v1/register/review"}
LEFT_OUT = {"/register/review"}
type Service = TestClient[Litestar]


class Account:
    """A caller whose key belongs to an account of its own."""

    def __init__(self, service: Service, name: str, *scopes: str) -> None:
        asked = {"name": "".join(("key", *scopes)), "account": name, "owner": name}
        given = scopes or ("admin", "register", "judge")
        made = service.post("/v1/keys", json=asked | {"scopes": given})
        assert made.json()["key"]["account"] == name
        self.key, self.service = made.json()["secret"], service

    def ask(self, method: str, address: str, **asked: Any) -> httpx.Response:
        headers = {"x-api-key": self.key, **asked.pop("headers", {})}
        return self.service.request(
            method, address, headers=headers, follow_redirects=False, **asked
        )

    def screen(self, *ids: str, **asked: object) -> dict[str, Any]:
        parties = [{"name": NAME, "id": each} for each in ids]
        answer = self.ask("POST", "/v1/screenings", json={"counterparties": parties, **asked})
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()

    def listed(self, **asked: object) -> list[dict[str, Any]]:
        answer = self.ask("GET", "/v1/screenings", params=asked)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()["items"]

    def job(self) -> str:
        """The id of a job of the account, which nobody works on."""
        params, body = {"name": f"{TABLE}.csv"}, f"name\n{NAME}\n"
        answer = self.ask("POST", "/v1/jobs", params=params, content=body)
        assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
        return answer.json()["id"]

    def table(self) -> str:
        """The id of the results of a table that are kept for the account."""
        answer = self.ask("POST", "/spreadsheet/screen", json=BATCH)
        assert answer.status_code == HTTPStatus.OK, answer.text[:300]
        return answer.json()["result"]

    def webhook(self) -> str:
        """The id of a webhook that nothing can be sent to."""
        asked = {"url": "https://receiver.invalid/hook", "events": ["hit.gone"]}
        made = self.ask("POST", "/v1/webhooks", json=asked)
        assert made.status_code == HTTPStatus.CREATED, made.text[:300]
        return made.json()["id"]

    def counterparty(self) -> tuple[str, str, str]:
        """The ids of a counterparty, of a judgement on its first hit, and of its first alert."""
        key = str(uuid4())
        put = self.ask("PUT", f"/v1/counterparties/{key}", json={"name": LISTED_NAME})
        assert put.status_code == HTTPStatus.CREATED, put.text[:300]
        listing = put.json()["answer"]["results"][0]["hits"][0]["listing"]["id"]
        asked = {"counterparty": key, "listing": listing, "decision": "same", "reason": "it is"}
        judged = self.ask("POST", "/v1/judgements", json=asked)
        assert judged.status_code == HTTPStatus.CREATED, judged.text[:300]
        alerts = self.ask("GET", "/v1/alerts", params={"counterparty": key}).json()["items"]
        return key, str(judged.json()["items"][0]["id"]), str(alerts[0]["id"])


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


@pytest.fixture(scope="module")
def admin(listed_database: str) -> str:
    return run(listed_database, "keys", "add", "first", "--scope", "operator").strip()


@pytest.fixture(scope="module")
def service(
    listed_database: str, bundled_index: ListingIndex, clock: FixedClock, admin: str
) -> Iterator[Service]:
    settings = Settings(
        data_dir=Path(),
        database_url=listed_database,
        access="keys",
        keep_screenings_days=KEPT_DAYS,
    )
    app = create_app(settings, bundled_index, clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = admin
        yield client


@pytest.fixture(scope="module")
def ours(service: Service) -> Account:
    return Account(service, "ours")


@pytest.fixture(scope="module")
def others(service: Service) -> Account:
    return Account(service, "others")


class Kept(msgspec.Struct):
    """The ids of what an account keeps."""

    screening: str = NOWHERE
    table: str = NOWHERE
    job: str = NOWHERE
    key: str = "999999"
    counterparty: str = NOWHERE
    judgement: str = "999999"
    alert: str = "999999"
    webhook: str = NOWHERE
    # only where four eyes are asked for: see the tests of these
    change: str = "999999"

    @classmethod
    def of(cls, account: Account) -> "Kept":
        """New ones; the key is one that nothing is asked with."""
        spare = {"name": str(uuid4()), "owner": "o", "scopes": ["read"]}
        key = account.ask("POST", "/v1/keys", json=spare).json()["key"]["id"]
        screening = account.screen(THEIR_ID)["id"]
        watched = account.counterparty()
        kept = account.table(), account.job(), str(key), *watched
        return cls(screening, *kept, account.webhook())

    def ids(self) -> list[str]:
        """Those that nothing else is called like."""
        return [self.screening, self.table, self.job, self.counterparty, self.webhook]


class Endpoint(msgspec.Struct, frozen=True):
    """A method of an address, with what it asks for as the document says by example."""

    method: str
    route: str
    address: str
    body: object = None

    def ask(self, who: Account, **asked: Any) -> httpx.Response:
        sent = asked if self.body is None else asked | {"json": self.body}
        return who.ask(self.method, self.address, **sent)


def address_of(route: str, kept: Kept) -> str:
    """The address of a route, with these ids wherever one belongs.

    A route with an id of which nobody has said whose it is fails the test.
    """
    for begin, what in OF_ACCOUNT.items():
        if route.startswith(begin):
            route = re.sub(r"{\w+:\w+}", getattr(kept, what), route, count=1)
    return re.sub(r"{(\w+):\w+}", lambda found: OF_EVERYBODY[found[1]], route)


def endpoints(app: Litestar, kept: Kept) -> list[Endpoint]:
    """Every method of every route, the audit log first: it has later what is asked here."""
    found = list[Endpoint]()
    document = app.openapi_schema.to_schema()
    for route in app.routes:
        address = address_of(route.path, kept)
        names = re.sub(r"{(\w+):\w+}", r"{\1}", route.path)
        if route.path_format in SLOW:
            address += "?as_of=x"
        for method in sorted(getattr(route, "methods", set()) - {"OPTIONS"}):
            told = document["paths"].get(names, {}).get(method.lower(), {})
            # elsewhere a body would change what is the same for every account
            is_of_account = any(map(route.path.startswith, OF_ACCOUNT))
            body = _example(document, told) if is_of_account else None
            query = _needed(told) if is_of_account else ""
            if route.path_format not in LEFT_OUT:
                found.append(Endpoint(method, route.path, address + query, body))
    return sorted(found, key=lambda each: "/audit" not in each.address)


def _example(document: dict[str, Any], told: dict[str, Any]) -> object:
    content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    for example in content.get("examples", {}).values():
        name = example["$ref"].rpartition("/")[2] if "$ref" in example else None
        return (example if name is None else document["components"]["examples"][name])["value"]
    return None


def _needed(told: dict[str, Any]) -> str:
    """The query that an endpoint cannot do without."""
    asked = (each for each in told.get("parameters", ()) if each["in"] == "query")
    names = [each["name"] for each in asked if each.get("required")]
    return f"?{'&'.join(f'{name}=x' for name in names)}" if names else ""


def test_an_id_of_which_nobody_has_said_whose_it_is_fails():
    with pytest.raises(KeyError, match="letter_id"):
        address_of("/v1/letters/{letter_id:uuid}", Kept())


def test_no_endpoint_and_no_page_shows_what_another_account_keeps(
    ours: Account, others: Account, service: Service
):
    kept = Kept.of(ours)
    marks = [each.encode() for each in (NAME, THEIR_ID, TABLE, *kept.ids())]

    def shown(who: Account, asked: Endpoint) -> list[bytes]:
        content = asked.ask(who).content
        # an answer may repeat the address
        repeated = [each for each in marks if each.decode() in asked.address]
        return [each for each in marks if each in content and each not in repeated]

    walked, unknown = endpoints(service.app, kept), endpoints(service.app, Kept())
    assert {each.address for each in walked if shown(others, each)} == set()
    # an account may call a counterparty of its own as another one calls one
    others.ask("DELETE", f"/v1/counterparties/{kept.counterparty}")
    numbers = "|".join((kept.key, kept.judgement, kept.alert, Kept().key))
    named = rf"{'|'.join(kept.ids())}|\b({numbers})\b"
    for there, nowhere in zip(walked, unknown, strict=True):
        if there.address != nowhere.address:
            # answered exactly like an id that nobody has
            same = {"x-request-id": "the-same"}
            theirs, nobodys = (each.ask(others, headers=same) for each in (there, nowhere))
            assert theirs.status_code == nobodys.status_code, there
            assert re.sub(named, NOWHERE, theirs.text) == re.sub(named, NOWHERE, nobodys.text)
    pages = {each.address: each for each in walked if each.method == "GET"}
    for page in (
        f"/evidence/{kept.screening}",
        f"/spreadsheet/{kept.table}",
        f"/spreadsheet/{kept.table}/lines",
        f"/spreadsheet/{kept.table}/parties/0",
        "/v1/screenings",
        f"/v1/screenings/{kept.screening}",
        "/v1/jobs",
        f"/v1/jobs/{kept.job}",
        "/v1/counterparties",
        "/v1/alerts",
        "/v1/judgements",
    ):
        assert shown(ours, pages[page])


# What the operator of the installation sees of all accounts: who did what, and all keys.
OF_OPERATORS = {
    "/v1/installation/audit",
    "/v1/installation/audit.ndjson",
    "/v1/keys",
}


@pytest.mark.parametrize("scope", SCOPES)
def test_no_scope_opens_what_another_account_keeps(ours: Account, service: Service, scope: Scope):
    """Every endpoint with a key of this scope alone: it shows and changes nothing of ours."""
    other, kept = Account(service, f"other-{scope}", scope), Kept.of(ours)
    marks = [each.encode() for each in (NAME, THEIR_ID, TABLE, *kept.ids())]
    needed = scopes_of(service.app)
    allowed, opened, seen = set[str](), set[str](), set[str]()
    for each in endpoints(service.app, kept):
        answer = each.ask(other)
        what = f"{each.method} {each.route}"
        if needed[what] <= all_scopes([scope]):
            allowed.add(what)
        if answer.status_code != HTTPStatus.FORBIDDEN:
            opened.add(what)
        # an answer may repeat the address
        repeated = [mark for mark in marks if mark.decode() in each.address]
        if any(mark in answer.content and mark not in repeated for mark in marks):
            seen.add(each.address)
    assert opened == allowed
    assert seen <= (OF_OPERATORS if scope == "operator" else set())
    for page in (
        f"/v1/screenings/{kept.screening}",
        f"/spreadsheet/{kept.table}",
        f"/v1/jobs/{kept.job}",
    ):
        assert ours.ask("GET", page).status_code == HTTPStatus.OK
    assert ours.ask("GET", f"/v1/jobs/{kept.job}").json()["stage"] == "reading"
    assert ours.ask("GET", f"/v1/screenings/{kept.screening}/hold").status_code == 404
    keys = ours.ask("GET", "/v1/keys").json()["items"]
    (key,) = (each for each in keys if str(each["id"]) == kept.key)
    is_touched = (key["revoked_at"], key["rotated_at"]) != (None, None)
    assert is_touched is (scope == "operator")


def scopes_of(app: Litestar) -> Mapping[str, frozenset[Scope]]:
    """The scopes that each method of each route declares."""
    return {
        f"{method} {route.path}": access_of(handler).scopes
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
    } | {
        f"{method} {route.path}": access_of(route.route_handler).scopes
        for route in app.routes
        if isinstance(route, ASGIRoute)
        for method in ("GET", "HEAD")
    }


def test_what_joins_parties_for_everybody_takes_more_than_judging_for_an_account(
    service: Service,
):
    sides = {"listings": ["us_dod_1260h-1044d4414744"], "because": "one seat"}
    joined = {**sides, "same_as": ["us_bis_el-638886d0843b"]}
    pressed = {"one": sides["listings"][0], "other": joined["same_as"][0], "question": "name=x"}
    judge = Account(service, "judging", "judge")
    refused = judge.ask("POST", "/v1/parties/joins", json=joined)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "lacks the scope `register`" in refused.text
    for word in ("same", "different"):
        page = judge.ask("POST", "/parties/decision", data={**pressed, "word": word})
        assert page.status_code == HTTPStatus.FORBIDDEN
    keeper = Account(service, "keeping", "register")
    recorded = keeper.ask("POST", "/v1/parties/joins", json=joined)
    assert recorded.status_code == HTTPStatus.CREATED, recorded.text
    path = f"/v1/parties/splits/{recorded.json()['id']}/withdrawal"
    assert keeper.ask("POST", path, json={"because": "tried"}).status_code == HTTPStatus.OK


def test_decisions_on_counterparties_are_shown_to_no_key_that_only_screens(service: Service):
    only = Account(service, "screens-only", "screen")
    asked = {"counterparties": [{"id": "x", "name": LISTED_NAME}]}
    assert only.ask("POST", "/v1/screenings", json=asked).status_code == HTTPStatus.OK
    refused = only.ask("POST", "/v1/screenings?judged=show", json=asked)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "counterparties" in refused.text


@pytest.mark.parametrize("scope", ["judge", "counterparties"])
def test_the_search_page_lets_nobody_decide_who_may_not_judge_and_watch(
    service: Service, scope: str
):
    half = Account(service, f"half-{scope}", scope, "screen")
    page = half.ask("GET", "/", params={"name": LISTED_NAME})
    assert page.status_code == HTTPStatus.OK
    assert "/counterparties/decision" not in page.text
    form = {"id": "h", "listing": "x", "decision": "same", "reason": "r", "question": "name=x"}
    refused = half.ask("POST", "/counterparties/decision", data=form)
    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_an_admin_manages_the_keys_of_the_own_account_alone(ours: Account, service: Service):
    admin = Account(service, "beta", "admin")
    theirs = ours.ask("GET", "/v1/keys").json()["items"]
    assert {each["account"] for each in theirs} == {"ours"}
    body = {"name": "k", "owner": "o", "scopes": ["read"]}
    made = admin.ask("POST", "/v1/keys", json=body)
    assert (made.status_code, made.json()["key"]["account"]) == (HTTPStatus.CREATED, "beta")
    listed = admin.ask("GET", "/v1/keys").json()["items"]
    assert {each["account"] for each in listed} == {"beta"}
    for asked in (
        body | {"account": "ours"},
        body | {"account": "new"},
        body | {"name": "l", "scopes": ["operator"]},
        body | {"name": "l", "scopes": ["register"]},
    ):
        refused = admin.ask("POST", "/v1/keys", json=asked)
        assert refused.status_code == HTTPStatus.FORBIDDEN, asked
    for key in theirs:
        path = f"/v1/keys/{key['id']}"
        assert admin.ask("POST", f"{path}/rotate", json={}).status_code == HTTPStatus.NOT_FOUND
        assert admin.ask("DELETE", path).status_code == HTTPStatus.NOT_FOUND
    # one of the account that can do more, which an operator made, is not given out either
    more = {"name": "more", "account": "beta", "owner": "o", "scopes": ["register"]}
    stronger = service.post("/v1/keys", json=more).json()["key"]["id"]
    rotated = admin.ask("POST", f"/v1/keys/{stronger}/rotate", json={})
    assert rotated.status_code == HTTPStatus.FORBIDDEN
    assert admin.ask("DELETE", f"/v1/keys/{stronger}").status_code == HTTPStatus.NO_CONTENT
    for path in ("/v1/installation/audit", "/v1/installation/audit.ndjson"):
        assert admin.ask("GET", path).status_code == HTTPStatus.FORBIDDEN


def test_the_list_has_what_an_account_keeps_newest_first_and_pages_it(
    ours: Account, clock: FixedClock
):
    ids = list[str]()
    for number in range(3):
        clock.now += timedelta(seconds=1)
        ids.insert(0, ours.screen(f"paged-{number}", "paged")["id"])
    found = ours.listed(counterparty_id="paged")
    assert [each["id"] for each in found] == ids
    assert {each["account"] for each in found} == {"ours"}
    assert found[0]["counterparty_ids"] == ["paged-2", "paged"]
    assert (found[0]["counterparty_count"], found[0]["outcome"]) == (2, "incomplete")
    assert [each["id"] for each in ours.listed(counterparty_id="paged-1")] == [ids[1]]
    day = datetime.fromisoformat(found[0]["asked_at"]).date()
    asked = {"counterparty_id": "paged", "from": day, "until": day, "limit": 2}
    first = ours.ask("GET", "/v1/screenings", params=asked).json()
    rest = ours.ask("GET", "/v1/screenings", params={**asked, "cursor": first["next_cursor"]})
    assert [each["id"] for each in first["items"] + rest.json()["items"]] == ids
    assert rest.json()["next_cursor"] is None
    assert ours.listed(until=day - timedelta(days=1)) == []
    for wrong in ({"until": "2026-01-01", "from": "2026-01-02"}, {"cursor": "c2NyZWVuaW5ncyB4"}):
        refused = ours.ask("GET", "/v1/screenings", params=wrong)
        assert [each["field"] for each in refused.json()["errors"]] == [next(iter(wrong))]


async def test_a_screening_that_is_deleted_is_gone_from_the_database(
    ours: Account, listed_database: str
):
    key = {"idempotency-key": "deleted"}
    body = {"counterparties": [{"name": NAME}]}
    kept = ours.ask("POST", "/v1/screenings", json=body, headers=key).json()["id"]
    path = f"/v1/screenings/{kept}"
    on_command = ("screenings", "list", "--account", "ours", "--json")
    assert kept in run(listed_database, *on_command)
    assert kept not in run(listed_database, "screenings", "list")
    statuses = [ours.ask(method, path).status_code for method in ("DELETE", "GET", "DELETE")]
    assert statuses == [HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND]
    assert await count(listed_database, "select count(*) from screening where id = $1", kept) == 0
    repeated = "select count(*) from idempotency_key where screening = $1"
    assert await count(listed_database, repeated, kept) == 0
    again = ours.ask("POST", "/v1/screenings", json=body, headers=key).json()["id"]
    assert again != kept
    run(listed_database, "screenings", "delete", again, "--account", "ours")
    assert ours.ask("GET", f"/v1/screenings/{again}").status_code == HTTPStatus.NOT_FOUND


async def count(dsn: str, query: str, *arguments: object) -> int:
    async with connected(dsn) as connection:
        return await connection.fetchval(query, *arguments)


async def test_what_is_kept_too_long_is_not_read_and_then_deleted(
    ours: Account, clock: FixedClock, listed_database: str
):
    old, table = ours.screen("old")["id"], ours.table()
    async with connected(listed_database) as connection:
        await connection.execute(
            "update screening set counterparty_count = null, counterparty_ids = null, "
            "outcome = null where id = $1",
            old,
        )
    (listed,) = ours.listed(counterparty_id="of nobody")
    assert (listed["id"], listed["outcome"]) == (old, None)
    now, lasting = clock.now, timedelta(days=KEPT_DAYS)
    async with open_accounts(listed_database, lambda: clock.now - lasting) as store:
        await tidy(listed_database, store)
        assert ours.listed(counterparty_id="of nobody") == []
        (listed,) = ours.listed(counterparty_id="old")
        assert (listed["counterparty_count"], listed["outcome"]) == (1, "incomplete")
        clock.now = now + lasting + timedelta(seconds=1)
        for path in (f"/v1/screenings/{old}", f"/spreadsheet/{table}"):
            assert ours.ask("GET", path).status_code == HTTPStatus.NOT_FOUND
        assert ours.listed() == []
        await tidy(listed_database, store)
        clock.now = now
    assert await count(listed_database, "select count(*) from screening where id = $1", old) == 0
    assert (
        await count(listed_database, "select count(*) from table_result where id = $1", table) == 0
    )


def test_a_question_may_say_that_nothing_of_it_is_kept(ours: Account):
    before = ours.listed()
    answer = ours.screen("unkept", store=False)
    assert (answer["id"], answer["stored"]) == (None, False)
    assert ours.listed() == before
    assert ours.screen("kept", store=True)["stored"] is True
    asked = {"name": "quiet", "account": "ours", "owner": "o", "scopes": ["screen"]}
    made = ours.ask("POST", "/v1/keys", json=asked | {"defaults": {"store": False}})
    body = {"counterparties": [{"name": NAME}], "store": True}
    header = {"x-api-key": made.json()["secret"]}
    refused = ours.service.post("/v1/screenings", json=body, headers=header)
    assert [each["field"] for each in refused.json()["errors"]] == ["store"]


def test_a_search_in_a_body_is_that_in_an_address(ours: Account):
    asked: dict[str, Any] = {
        "name": "Hikvision",
        "countries": ["CN"],
        "entity_type": "organisation",
        "lists": ["us_bis_el"],
        "threshold": 0.7,
        "limit": 3,
        "as_of": "2026-11-24",
        "since": "2026-11-01",
    }
    in_body = ours.ask("POST", "/v1/search", json=asked)
    assert in_body.json()["hits"]
    assert in_body.content == ours.ask("GET", "/v1/search", params=asked).content


# --- Requests that are sent again.

SCREENING = {"counterparties": [{"name": NAME}]}
KEY = {"name": "n", "owner": "o", "scopes": ["read"]}
TWICE: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "a screening": ("/v1/screenings", SCREENING, {"limit": 3}, "select count(*) from screening"),
    "a table": (
        "/spreadsheet/screen",
        BATCH,
        {"keep": True},
        "select count(*) from table_result_part",
    ),
    "a key": ("/v1/keys", KEY, {"name": "m"}, "select count(*) from api_key"),
    "an event": (EVENTS, EXTENSION, {"quote": "Another."}, "select count(*) from register_event"),
    "a review": (
        "/v1/register/reviews",
        {"measure_id": RULE},
        {"note": "x"},
        "select count(*) from measure_review",
    ),
    "a confirmation": (
        "/v1/register/confirmations",
        {"place": "ch-news", "until": "2026-11-20"},
        {"until": "2026-11-19"},
        "select count(*) from place_confirmation",
    ),
    "a split": (
        "/v1/parties/splits",
        {"listings": ["au_dfat-3428"], "because": "another bank"},
        {"because": "x"},
        "select count(*) from party_split",
    ),
}


@pytest.mark.parametrize(
    ("path", "body", "change", "rows"),
    [pytest.param(*each, id=name) for name, each in TWICE.items()],
)
async def test_a_request_that_comes_again_gets_the_first_answer_and_stores_nothing(
    ours: Account,
    listed_database: str,
    path: str,
    body: dict[str, Any],
    change: dict[str, Any],
    rows: str,
):
    before = await count(listed_database, rows)
    key = {"idempotency-key": '"6c7f: a key"'}
    first, second = (ours.ask("POST", path, json=body, headers=key) for _ in range(2))
    assert first.is_success, first.text[:300]
    again = ("idempotent-replayed", "true")
    assert (again in first.headers.items(), again in second.headers.items()) == (False, True)
    assert await count(listed_database, rows) == before + 1
    secret = first.json().get("secret")
    assert second.status_code == first.status_code
    assert second.text == first.text.replace(f'"{secret}"', "null")
    if secret is not None:
        holds_it = "select count(*) from idempotency_key where position($1 in body) > 0"
        assert await count(listed_database, holds_it, secret.encode()) == 0
    refused = ours.ask("POST", path, json=body | change, headers=key)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert await count(listed_database, rows) == before + 1


async def test_a_key_is_held_while_the_first_request_runs_and_no_longer_than_its_process(
    ours: Account, others: Account, listed_database: str
):
    def ask(who: Account = ours) -> httpx.Response:
        header = {"idempotency-key": "running"}
        return who.ask("POST", "/v1/screenings", json=SCREENING, headers=header)

    async with connected(listed_database) as connection:
        async with connection.transaction():
            await connection.execute("lock table screening in share row exclusive mode")
            first = asyncio.create_task(asyncio.to_thread(ask))
            held = "select count(*) from idempotency_key where key = 'running'"
            for _ in range(1_000):
                if await count(listed_database, held):
                    break
                await asyncio.sleep(0.01)
            second = await asyncio.to_thread(ask)
            assert second.status_code == HTTPStatus.CONFLICT
            assert second.json()["type"] == "/problems/request-outstanding"
        assert (await first).status_code == HTTPStatus.OK
        assert ask(others).json()["id"] != (await first).json()["id"]
        # as a process leaves it that dies before it has stored anything
        await connection.execute(
            "update idempotency_key set finished_at = null, status = null, screening = null, "
            "held_until = now() + interval '20 s' where account = 'ours' and key = 'running'"
        )
        assert ask().status_code == HTTPStatus.CONFLICT
        await connection.execute("update idempotency_key set held_until = now() - interval '1 s'")
        assert ask().headers.get("idempotent-replayed") is None


async def test_an_answer_that_cannot_be_kept_takes_back_what_was_stored(
    ours: Account, listed_database: str
):
    stored = ("select count(*) from screening", "select count(*) from api_key")
    before = [await count(listed_database, each) for each in stored]
    async with connected(listed_database) as connection:
        await connection.execute(
            "alter table idempotency_key add constraint broken check (status is null) not valid"
        )
        for path, body in (("/v1/screenings", SCREENING), ("/v1/keys", KEY | {"name": "o"})):
            header = {"idempotency-key": "broken"}
            assert ours.ask("POST", path, json=body, headers=header).status_code == 500
        assert (
            await count(
                listed_database, "select count(*) from idempotency_key where key = 'broken'"
            )
            == 0
        )
        await connection.execute("alter table idempotency_key drop constraint broken")
    assert [await count(listed_database, each) for each in stored] == before


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([("idempotency-key", "")], id="empty"),
        pytest.param([("idempotency-key", "x" * 256)], id="too long"),
        pytest.param([("idempotency-key", "a b")], id="a space without quotes"),
        pytest.param([("idempotency-key", '"a"; b=1')], id="a parameter"),
        pytest.param([("idempotency-key", "ü".encode())], id="not ASCII"),
        pytest.param([("idempotency-key", "a"), ("idempotency-key", "b")], id="two"),
    ],
)
def test_a_key_of_a_request_that_is_none_is_refused(ours: Account, headers: list[Any]):
    headers = [*headers, ("x-api-key", ours.key)]
    refused = ours.service.post("/v1/screenings", json=SCREENING, headers=headers)
    assert [each["field"] for each in refused.json()["errors"]] == ["Idempotency-Key"]
