"""HEAD is answered wherever GET is: the same status and headers, and no body."""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.served import listening
from tools.quality.write_examples import exchanges

DAY = "as_of=2026-08-01&known_at=2026-08-01"
NOBODYS = "00000000-0000-4000-8000-000000000000"
# Addresses that neither the path of a route nor its example gives.
ADDRESSES = {
    "/": f"/?name=Hikvision&{DAY}",
    "/calendar": f"/calendar?{DAY}",
    "/counterparties/{counterparty_id:str}": "/counterparties/nobodys",
    "/deadlines": f"/deadlines?{DAY}",
    "/docs/files/{name:str}": "/docs/files/start.js",
    "/docs/{path:str}": "/docs/nowhere",
    "/evidence/{key:str}": "/evidence/{screening}",
    "/flows": f"/flows?{DAY}",
    "/listings/{listing_id:str}": "/listings/{listing}",
    "/measures/{measure_id:str}": "/measures/us-bis-affiliates-rule",
    "/parties/{listing_id:str}": f"/parties/{{listing}}?{DAY}",
    "/problems/{slug:str}": "/problems/bad-input",
    "/register/review": f"/register/review?{DAY}",
    "/spreadsheet/{key:uuid}": "/spreadsheet/{table}",
    "/spreadsheet/{key:uuid}/lines": "/spreadsheet/{table}/lines",
    "/spreadsheet/{key:uuid}/parties/{part:int}": "/spreadsheet/{table}/parties/0",
    "/static/{name:str}": "/static/desk.css",
    "/v1/alerts/{alert_id:int}": "/v1/alerts/9000000",
    "/v1/counterparties/{counterparty_id:str}": "/v1/counterparties/nobodys",
    "/v1/coverage/{coverage_id:str}": "/v1/coverage/{coverage}",
    "/v1/deadlines.ics": f"/v1/deadlines.ics?{DAY}",
    "/v1/listings/{listing_id:str}": "/v1/listings/{listing}",
    "/v1/screenings/{screening_id:uuid}": "/v1/screenings/{screening}",
    "/v1/screenings/{screening_id:uuid}/hold": "/v1/screenings/{screening}/hold",
}
# A first edition differs from none, of the framework's own page there is one alone, and of some
# things there is none here.
NOT_THERE = {
    "/counterparties/{counterparty_id:str}",
    "/docs/{path:str}",
    "/v1/alerts/{alert_id:int}",
    "/v1/alerts/{alert_id:int}/changes",
    "/v1/counterparties/{counterparty_id:str}",
    "/v1/jobs/{job_id:uuid}",
    "/v1/jobs/{job_id:uuid}/results",
    "/v1/lists/{list_code:str}/editions/{edition:int}/changes",
    "/v1/screenings/{screening_id:uuid}/hold",
    "/v1/webhooks/{webhook_id:uuid}",
    "/v1/webhooks/{webhook_id:uuid}/deliveries",
}
# Only an admin reads which keys there are.
WITH_A_KEY = {
    *("/v1/audit", "/v1/audit.ndjson", "/v1/keys", "/v1/pending-changes"),
    *("/v1/installation/audit", "/v1/installation/audit.ndjson"),
}
# This service has no login, so those lead nowhere here; counts differ from request to request.
LEFT_OUT = {"/login", "/login/back", "/logout", "/metrics"}
REFUSED = {
    "no login": "/login",
    "no name": "/v1/search",
    "an unknown parameter": "/v1/search?name=a&x=1",
    "no such list": "/v1/search?name=Hikvision&lists=none",
    "no day": "/v1/search?name=Hikvision&as_of=tomorrow",
    "no such screening": "/v1/screenings/00000000-0000-0000-0000-000000000000",
    "no such address": "/nowhere",
    "only POST": "/v1/texts",
    "a page that only takes POST": "/evidence",
}


@pytest.fixture(scope="module")
def found(client: TestClient[Litestar]) -> dict[str, str]:
    """Ids to ask for."""
    screened = client.post("/v1/screenings", json={"counterparties": [{"name": "Hikvision"}]})
    answer = screened.json()
    rows = [{"number": 2, "cells": ["Hikvision"]}]
    table = {"name": "t", "described": "t", "columns": ["Name"], "fields": ["name"], "rows": rows}
    brief = client.get("/v1/search", params={"name": "Hikvision", "view": "brief"}).json()
    kept = client.post("/spreadsheet/screen", json=table | {"store": True, "row_count": 1})
    return {
        "table": kept.json()["result"],
        "screening": answer["id"],
        "coverage": brief["coverage"]["id"],
        "listing": answer["results"][0]["hits"][0]["listing"]["id"],
    }


def addresses(app: Litestar, found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The path and an address of every route that answers GET."""
    of_examples = {
        each.operation: each.request.removeprefix("GET ")
        for each in exchanges()
        if each.request.startswith("GET ") and "{" not in each.request
    }
    for route in app.routes:
        if "GET" in getattr(route, "methods", ()) and route.path not in LEFT_OUT:
            handlers = getattr(route, "route_handler_map", {})
            operation = str(handlers["GET"][0].operation_id) if handlers else ""
            address = ADDRESSES.get(route.path) or of_examples.get(operation)
            yield route.path, (address or sample_of(route.path)).format(**found)


def head_and_get(client: TestClient[Litestar], address: str, accept: str) -> list[httpx.Response]:
    headers = {"accept": accept, "x-request-id": "one-and-the-same", "accept-encoding": "identity"}
    return [
        client.request(method, address, headers=headers, follow_redirects=False)
        for method in ("HEAD", "GET")
    ]


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_head_says_what_get_says_and_sends_no_body(
    client: TestClient[Litestar], found: dict[str, str], accept: str
):
    every = [address for _, address in addresses(client.app, found)]
    assert len(every) > len(ADDRESSES)
    wrong = list[str]()
    for address in (*every, *REFUSED.values()):
        head, got = head_and_get(client, address, accept)
        is_same = (head.status_code, head.headers) == (got.status_code, got.headers)
        is_counted = int(head.headers["content-length"]) == len(got.content) > 0
        if not is_same or not is_counted or head.content:
            wrong.append(address)
    assert wrong == []


def test_those_addresses_are_really_answered(client: TestClient[Litestar], found: dict[str, str]):
    statuses = {
        path: client.head(address, follow_redirects=False).status_code
        for path, address in addresses(client.app, found)
    }
    expected = dict.fromkeys(statuses, HTTPStatus.OK)
    expected |= dict.fromkeys(NOT_THERE, HTTPStatus.NOT_FOUND)
    expected |= dict.fromkeys(WITH_A_KEY, HTTPStatus.UNAUTHORIZED)
    assert statuses == expected


def test_a_file_that_did_not_change_is_not_sent_to_head_either(client: TestClient[Litestar]):
    tag = client.head("/static/desk.css").headers["etag"]
    again = client.head("/static/desk.css", headers={"if-none-match": tag})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        pytest.param("OPTIONS", "/v1/lists", {"GET", "HEAD", "OPTIONS"}, id="asked for"),
        pytest.param("OPTIONS", "/v1/search", {"GET", "HEAD", "OPTIONS", "POST"}, id="two ways"),
        pytest.param("POST", "/v1/lists", {"GET", "HEAD", "OPTIONS"}, id="refused"),
        pytest.param("OPTIONS", "/v1/texts", {"POST", "OPTIONS"}, id="only POST"),
        pytest.param("HEAD", "/v1/texts", {"POST", "OPTIONS"}, id="only POST, refused"),
    ],
)
def test_what_is_allowed_names_head_with_get(
    client: TestClient[Litestar], method: str, address: str, allowed: set[str]
):
    answer = client.request(method, address)
    assert set(answer.headers["allow"].split(", ")) == allowed


def sample_of(path: str) -> str:
    """An address of a route, whoever is asked about."""
    values = {"int": "1", "uuid": NOBODYS}
    return re.sub(r"{\w+:(\w+)}", lambda found: values.get(found[1], "x"), path)


def test_options_names_every_method_of_every_route(client: TestClient[Litestar]):
    routes = [each for each in client.app.routes if isinstance(each, HTTPRoute)]
    assert any(len(each.methods) > 2 for each in routes)
    wrong = dict[str, str | None]()
    for route in routes:
        answer = client.options(sample_of(route.path))
        wanted = {*route.methods, *({"HEAD"} if "GET" in route.methods else ())}
        allow = answer.headers.get("allow")
        # without a key nobody learns what one may do
        if (
            answer.status_code != HTTPStatus.UNAUTHORIZED
            and set((allow or "").split(", ")) != wanted
        ):
            wrong[route.path] = allow
    assert wrong == {}


def test_over_a_socket_the_next_answer_begins_right_behind_the_head(
    listed_database: str, bundled_index: ListingIndex
):
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with listening(app) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname or "", place.port or 0), 30) as connection:
            host = f"Host: {place.netloc}\r\n"
            connection.sendall(
                f"HEAD /v1/search?name=Hikvision HTTP/1.1\r\n{host}\r\n"
                f"GET /healthz HTTP/1.1\r\n{host}Connection: close\r\n\r\n".encode()
            )
            received = b"".join(iter(lambda: connection.recv(65_536), b""))
        whole = httpx.get(f"{address}/v1/search?name=Hikvision", timeout=30)
    head, second, body = received.split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"content-length: %d" % len(whole.content) in head
    assert second.startswith(b"HTTP/1.1 200")
    assert json.loads(body) == {"status": "ok"}
