"""Keys over HTTP and on the command line: what each opens, rotation, and revocation elsewhere."""

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.access.callers import all_scopes
from abeyance_screening.platform.http.entrance import MOST_WRONG, access_of
from abeyance_screening.platform.settings import SCOPES, Scope, Settings
from tests.forked import abeyance_command
from tests.integration.conftest import wait_until_ready
from tests.served import run, running, wait_for, without_database_url

UUID = "00000000-0000-4000-8000-000000000000"
VALUES = {"str": "x", "int": "999999", "uuid": UUID, "path": "x"}
EVERYWHERE = ".".join("0000")
# Pages that take seconds to make: that they refuse all other keys says enough.
SLOW = {"/parties/{listing_id}", "/register/review", "/spreadsheet/results"}
SLOWED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
OF_A_DAY = 40
REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
ANY_KEY = {"x-api-key": f"abey_{'0' * 49}"}
type Service = TestClient[Litestar]


def hand_out_key(dsn: str, account: str, owner: str, *scopes: str) -> str:
    """The key of somebody, made at the command line, so that nobody else of the service has it."""
    given = [part for each in scopes for part in ("--scope", each)]
    made = run(dsn, "keys", "add", owner, "--account", account, "--owner", owner, *given)
    return made.strip()


@pytest.fixture(scope="module")
def admin(listed_database: str) -> str:
    return run(listed_database, "keys", "add", "admin", "--scope", "operator").strip()


@pytest.fixture(scope="module")
def service(listed_database: str, bundled_index: ListingIndex, admin: str) -> Iterator[Service]:
    """A service that asks everybody for a key, with that of an operator."""
    settings = Settings(data_dir=Path(), database_url=listed_database, access="keys")
    with TestClient(create_app(settings, bundled_index), raise_server_exceptions=False) as client:
        wait_until_ready(client)
        client.headers["x-api-key"] = admin
        yield client


def made(service: Service, name: str, *scopes: str, **more: object) -> tuple[int, dict[str, str]]:
    """The id of a new key, and the header that shows it."""
    asked = {"name": name, "owner": "Ben B.", "scopes": scopes, **more}
    answer = service.post("/v1/keys", json=asked)
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["key"]["id"], {"x-api-key": answer.json()["secret"]}


@pytest.fixture(scope="module")
def by_scope(service: Service) -> Mapping[str, dict[str, str]]:
    """A header with a key of each scope alone."""
    return {each: made(service, f"only-{each}", each)[1] for each in SCOPES}


def endpoints() -> Iterator[tuple[str, str, str, frozenset[Scope]]]:
    """Method, template, an address and the scopes of every route."""
    settings = Settings(data_dir=Path(), database_url="postgresql://127.0.0.1/x")
    for route in create_app(settings).routes:
        if not isinstance(route, HTTPRoute):
            continue
        address = re.sub(r"{\w+:(\w+)}", lambda found: VALUES[found[1]], route.path)
        for method in sorted(route.methods - {"OPTIONS"}):
            handler, _ = route.route_handler_map[method]
            yield method, route.path_format, address, access_of(handler).scopes


@pytest.mark.parametrize(
    ("method", "template", "address", "needed"),
    [pytest.param(*each, id=f"{each[0]} {each[1]}") for each in endpoints()],
)
def test_an_endpoint_opens_to_its_scope_alone(
    service: Service,
    by_scope: Mapping[str, dict[str, str]],
    method: str,
    template: str,
    address: str,
    needed: frozenset[Scope],
):
    # what is refused for another reason after the key was looked at is refused soon
    address = f"{address}?as_of=x&lists=x&list=x"
    with_none = service.request(method, address, headers={"x-api-key": ""})
    if not needed:
        assert with_none.status_code not in REFUSALS
        return
    assert with_none.status_code == HTTPStatus.UNAUTHORIZED
    assert with_none.headers["www-authenticate"] == "Bearer"
    for scope, key in by_scope.items():
        is_enough = needed <= all_scopes([scope])
        if template in SLOW and is_enough:
            continue
        status = service.request(method, address, headers=key).status_code
        if is_enough:
            assert status not in REFUSALS
        else:
            assert status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(lambda key: {"authorization": f"Bearer {key}"}, id="Bearer"),
        pytest.param(lambda key: {"authorization": f"ApiKey {key}"}, id="ApiKey"),
        pytest.param(lambda key: {"authorization": "Basic eDp5", "x-api-key": key}, id="a proxy"),
    ],
)
def test_a_key_is_taken_in_headers_and_refused_as_a_problem_or_a_page(
    service: Service, admin: str, headers: Callable[[str], dict[str, str]]
):
    none = {"x-api-key": ""}
    assert service.get("/v1/lists", headers=none | headers(admin)).status_code == HTTPStatus.OK
    refused = service.get("/v1/lists", headers=none | headers(f"{admin[:-1]}-"))
    assert refused.json()["type"] == "/problems/unauthorised"
    assert admin[:-1] not in refused.text
    in_address = service.get("/v1/lists", params={"api_key": admin}, headers=none)
    assert in_address.status_code == HTTPStatus.UNAUTHORIZED
    page = service.get("/", headers=none | {"accept": "text/html"})
    assert (page.status_code, page.headers["www-authenticate"]) == (401, "Bearer")
    assert "These pages ask for a key" in page.text


async def test_of_a_key_only_its_sha_256_is_stored_and_nothing_is_listed(
    service: Service, listed_database: str
):
    key_id, header = made(service, "stored", "read", networks=["127.0.0.0/8"])
    assert service.get("/v1/lists", headers=header).status_code == HTTPStatus.FORBIDDEN
    connection = await asyncpg.connect(listed_database)
    row = await connection.fetchrow("select * from api_key where id = $1", key_id)
    await connection.close()
    secret = header["x-api-key"]
    assert row is not None
    assert row["digest"] == hashlib.sha256(secret.encode()).digest()
    assert secret not in str(dict(row))
    listed = service.get("/v1/keys")
    shown = {each["id"]: each for each in listed.json()["items"]}[key_id]
    assert (shown["name"], shown["owner"], shown["scopes"]) == ("stored", "Ben B.", ["read"])
    assert secret not in listed.text
    assert "digest" not in listed.text


def test_keys_come_in_pages_each_once_and_in_order(service: Service):
    for each in ("paged-1", "paged-2", "paged-3"):
        made(service, each, "read")
    found, cursor = [], None
    while True:
        asked = {"limit": 2} | ({} if cursor is None else {"cursor": cursor})
        page = service.get("/v1/keys", params=asked).json()
        assert len(page["items"]) in {1, 2}
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [each["id"] for each in service.get("/v1/keys").json()["items"]]
    assert found == sorted(set(found))
    foreign = service.get("/v1/lists", params={"limit": 1}).json()["next_cursor"]
    refused = service.get("/v1/keys", params={"cursor": foreign})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "cursor")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"name": "a b"}, "name", id="a name with a space"),
        pytest.param({"name": "admin"}, "name", id="a name that is taken"),
        pytest.param({"owner": "  "}, "owner", id="no owner"),
        pytest.param({"scopes": []}, "scopes", id="no scope"),
        pytest.param({"scopes": ["all"]}, "scopes[0]", id="no such scope"),
        pytest.param({"scopes": ["read", "read"]}, "scopes", id="a scope twice"),
        pytest.param({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at", id="expired"),
        pytest.param({"expires_at": "2099-01-01T00:00:00"}, "expires_at", id="of no time zone"),
        pytest.param({"networks": ["10.0.0.1/8"]}, "networks[0]", id="no network"),
        pytest.param({"defaults": {"lists": ["none"]}}, "defaults.lists[0]", id="no such list"),
        pytest.param({"defaults": {"lists": []}}, "defaults.lists", id="no list"),
        pytest.param({"defaults": {"threshold": 2}}, "defaults.threshold", id="no score"),
        pytest.param({"limits": {"requests": 1}}, "limits.requests", id="no such limit"),
        pytest.param({"limits": {"request_burst": 1}}, "limits.request_burst", id="burst alone"),
    ],
)
def test_a_key_that_cannot_be_is_refused_naming_the_field(
    service: Service, change: dict[str, object], field: str
):
    asked = {"name": "faulty", "owner": "Ben", "scopes": ["read"], **change}
    refused = service.post("/v1/keys", json=asked)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in refused.json()["errors"]] == [field]


def test_what_a_key_says_of_questions_counts_where_they_say_nothing(service: Service):
    defaults = {"lists": ["us_bis_el"], "threshold": 0.93, "store": False}
    _, header = made(service, "quiet", "screen", defaults=defaults)

    def searched(**asked: Any) -> tuple[list[str], float]:
        answer = service.get("/v1/search", params={"name": "Hikvision", **asked}, headers=header)
        found = answer.json()
        return [each["code"] for each in found["coverage"]["lists"]], found["threshold"]

    assert searched() == (["us_bis_el"], 0.93)
    assert searched(lists="un_sc", threshold=0.5) == (["un_sc"], 0.5)
    question = {"counterparties": [{"name": "Hikvision"}]}
    answer = service.post("/v1/screenings", json=question, headers=header).json()
    assert (answer["stored"], answer["threshold"]) == (False, 0.93)
    assert service.get(f"/v1/screenings/{answer['id']}").status_code == HTTPStatus.NOT_FOUND
    assert service.post("/v1/screenings", json=question).json()["stored"] is True


def test_a_rotated_key_works_beside_the_old_one_as_long_as_asked(service: Service):
    key_id, old = made(service, "turning", "read")

    def rotated(hours: int) -> dict[str, str]:
        answer = service.post(f"/v1/keys/{key_id}/rotate", json={"overlap_hours": hours})
        assert answer.json()["key"]["id"] == key_id
        return {"x-api-key": answer.json()["secret"]}

    def works(header: dict[str, str]) -> bool:
        return service.get("/v1/lists", headers=header).status_code == HTTPStatus.OK

    new = rotated(1)
    assert works(old)
    assert works(new)
    newest = rotated(0)
    assert [works(each) for each in (old, new, newest)] == [False, False, True]
    assert service.delete(f"/v1/keys/{key_id}").status_code == HTTPStatus.NO_CONTENT
    assert not works(newest)
    for again in (
        service.delete(f"/v1/keys/{key_id}"),
        service.post(f"/v1/keys/{key_id}/rotate", json={}),
    ):
        assert again.status_code == HTTPStatus.NOT_FOUND


def test_what_another_process_makes_and_revokes_counts_here_too(
    service: Service, listed_database: str
):
    secret = run(listed_database, "keys", "add", "elsewhere", "--scope", "read").strip()
    header = {"authorization": f"Bearer {secret}", "x-api-key": ""}

    def status() -> int:
        return service.get("/v1/lists", headers=header).status_code

    wait_for(lambda: status() == HTTPStatus.OK, "the key is known")
    listed = json.loads(run(listed_database, "keys", "list", "--json"))
    (key_id,) = [each["id"] for each in listed if each["name"] == "elsewhere"]
    assert "revoked" in run(listed_database, "keys", "revoke", str(key_id))
    # an address that asked so often with a key that was not known yet may be slowed by now
    wait_for(lambda: status() in SLOWED, "the key is revoked")


def test_two_services_hold_a_key_to_one_limit(
    service: Service, listed_database: str, bundled_index: ListingIndex
):
    """A limit of a day is the same however long this takes; rates have tests with a clock."""
    _, header = made(service, "limited", "screen", limits={"counterparties_per_day": OF_A_DAY})
    settings = Settings(data_dir=Path(), database_url=listed_database, access="keys")
    app = create_app(settings, bundled_index)
    counts = {HTTPStatus.OK: 0, HTTPStatus.TOO_MANY_REQUESTS: 0}
    with running(app) as elsewhere, httpx.Client(base_url=elsewhere) as other:

        def ask_both() -> None:
            for each in (service, other):
                answer = each.get("/v1/search?name=Hikvision&lists=us_bis_el", headers=header)
                counts[HTTPStatus(answer.status_code)] += 1

        # what one of them has in reserve the other one has a second later
        def are_spent() -> bool:
            ask_both()
            return counts[HTTPStatus.OK] >= OF_A_DAY

        wait_for(are_spent, "all of the day's counterparties")
        for _ in range(OF_A_DAY):
            ask_both()
    assert counts[HTTPStatus.OK] == OF_A_DAY
    assert counts[HTTPStatus.TOO_MANY_REQUESTS] >= 2 * OF_A_DAY


def test_who_asks_too_fast_is_told_so_and_when_to_ask_again(service: Service):
    _, header = made(service, "fast", "read", limits={"requests_per_second": 1})
    while (answer := service.get("/v1/measures?limit=1", headers=header)).is_success:
        """Others of the burst."""
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["ratelimit-policy"] == '"requests";q=1;w=1'
    assert re.fullmatch('"requests";r=\\d+;t=1', answer.headers["ratelimit"])
    assert answer.json()["type"] == "/problems/quota-exceeded"
    assert answer.json()["violated-policies"] == ["requests"]


def test_counterparties_are_counted_whichever_way_they_come(service: Service):
    _, header = made(service, "daily", "screen", limits={"counterparties_per_day": 6})

    def screened(names: int) -> httpx.Response:
        body = {"counterparties": [{"name": "Hikvision"}] * names, "lists": ["us_bis_el"]}
        return service.post("/v1/screenings", json=body, headers=header)

    large = screened(7)
    assert large.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in large.json()["errors"]] == ["counterparties"]
    assert screened(3).headers["ratelimit"].startswith('"counterparties-day";r=3;t=')
    assert screened(4).status_code == HTTPStatus.TOO_MANY_REQUESTS
    body = {"text": "Hikvision", "lists": ["us_bis_el"]}
    for answer in (
        service.get("/v1/search?name=Hikvision&lists=us_bis_el", headers=header),
        service.post("/v1/texts", json=body, headers=header),
        service.get("/?name=Hikvision&list=us_bis_el", headers=header),
    ):
        assert answer.status_code == HTTPStatus.OK
    page = service.get("/?name=Hikvision", headers=header | {"accept": "text/html"})
    assert page.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 0 < int(page.headers["retry-after"]) <= 86_400
    assert "That is more than this caller may ask" in page.text
    assert service.get("/v1/screenings/x", headers=header).status_code == HTTPStatus.NOT_FOUND


def test_an_address_with_many_wrong_keys_is_slowed_but_its_right_ones_are_not(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("abeyance_screening.platform.http.entrance._HOLD_S", (0.0, 0.0))
    wrong = f"abey_{'1' * 49}"
    for _ in range(MOST_WRONG):
        refused = service.get("/v1/lists", headers={"x-api-key": wrong})
        assert refused.status_code in SLOWED
    slowed = service.get("/v1/lists", headers={"authorization": "Bearer xyz"})
    assert slowed.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert slowed.json()["type"] == "/problems/too-many-wrong-keys"
    assert 0 < int(slowed.headers["retry-after"]) <= 61
    assert slowed.headers["connection"] == "close"
    assert slowed.json()["request_id"] == slowed.headers["x-request-id"]
    assert service.get("/v1/lists").status_code == HTTPStatus.OK
    without = service.get("/v1/lists", headers={"x-api-key": ""})
    assert without.status_code == HTTPStatus.UNAUTHORIZED
    assert not any(wrong in str(vars(each)) for each in caplog.records)


def test_beyond_this_machine_it_starts_only_with_a_key_and_says_how_to_make_it(
    fresh_database: str,
):
    environment = without_database_url() | {"DATABASE_URL": fresh_database}
    refused = abeyance_command(["serve", "--host", EVERYWHERE], environment, Path.cwd())
    (line,) = refused.stderr.splitlines()
    assert (refused.returncode, line.startswith("abeyance: --host: ")) == (1, True)
    (command,) = re.findall(r"`abeyance (.*?)`", line)
    assert run(fresh_database, *shlex.split(command)).startswith("abey_")
