"""The first and the last day there are, and moments near them, wherever a day is asked for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from abeyance_screening.app.openapi_examples import _RECORDED
from abeyance_screening.app.routes import desk_pages

DOCUMENT: dict[str, Any] = json.loads(Path("openapi/openapi.json").read_bytes())
RECORDED: dict[str, Any] = json.loads(_RECORDED.read_bytes())
DAYS = ("0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31")
MOMENTS = ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-12:00")
FORMATS = {"date": DAYS, "date-time": (*MOMENTS, "9999-12-31T23:59:59Z")}
# Names by which a page may ask for a day.
ON_PAGES = ("as_of", "known_at", "at", "since", "until", "from", "to", "on", "day")
NEEDED = {"name": "Hikvision", "item": "gallium", "from": "2026-01-01", "to": "2026-11-24"}


def format_of(schema: dict[str, Any]) -> str | None:
    """The format of a day or a moment in a schema, which may also be null."""
    formats = [each.get("format") for each in (schema, *schema.get("anyOf", []))]
    formats += [each.get("format") for each in schema.get("oneOf", [])]
    return next((each for each in formats if each in FORMATS), None)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "delete"}:
                yield method, path, operation


def asking() -> Iterator[Any]:
    """Each parameter of an operation that is a day or a moment."""
    for method, path, operation in operations():
        parameters = [each for each in operation.get("parameters", []) if each["in"] == "query"]
        for each in parameters:
            known = format_of(each["schema"])
            if known is not None:
                place = f"{operation['operationId']}-{each['name']}"
                yield pytest.param(method, path, parameters, (each["name"], known), id=place)


@pytest.fixture(scope="module")
def ids(client: TestClient[Litestar]) -> dict[str, str]:
    """An id for each place of an address."""
    party = client.get("/v1/search", params={"name": "Hikvision"}).json()["parties"][0]
    measures = client.get("/v1/measures", params={"limit": 1}).json()["items"]
    return {
        "party_id": party["id"],
        "listing_id": party["hits"][0]["listing"]["id"] if "hits" in party else "us_bis_el-1",
        "measure_id": measures[0]["id"],
    }


@pytest.mark.parametrize(("method", "path", "parameters", "asked"), list(asking()))
def test_every_day_there_is_can_be_asked_for(
    client: TestClient[Litestar],
    ids: dict[str, str],
    method: str,
    path: str,
    parameters: list[dict[str, Any]],
    asked: tuple[str, str],
):
    name, known = asked
    needed = {each["name"]: NEEDED[each["name"]] for each in parameters if each.get("required")}
    days = {each["name"] for each in parameters if format_of(each["schema"]) == "date"}
    for value in FORMATS[known]:
        for beside in ({}, *({other: value[:10]} for other in sorted(days - {name}))):
            params = needed | beside | {name: value}
            answer = client.request(
                method,
                path.format(**ids),
                params=params,
                content=None if method == "get" else b'{"name": "Acme"}\n',
                headers={"content-type": "application/x-ndjson"},
            )
            assert answer.status_code < 500, (params, answer.text)


def dated_bodies() -> Iterator[Any]:
    """Each recorded request with a body that has a day, and the path to a day in its schema."""
    for method, path, operation in operations():
        recorded = RECORDED.get(operation["operationId"], {}).get("request")
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None or not isinstance(recorded, dict):
            continue
        for place in days_in(content["schema"], ()):
            yield pytest.param(
                method,
                path,
                recorded,
                place,
                id=f"{operation['operationId']}-{'.'.join(place)}",
            )


def days_in(schema: dict[str, Any], place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The places of days in objects of a schema; those inside lists are of no single place."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if format_of(schema) == "date":
        yield place
    for name, each in schema.get("properties", {}).items():
        yield from days_in(each, (*place, name))


@pytest.mark.parametrize(("method", "path", "recorded", "place"), list(dated_bodies()))
def test_every_day_there_is_can_be_sent(
    client: TestClient[Litestar],
    ids: dict[str, str],
    method: str,
    path: str,
    recorded: dict[str, Any],
    place: tuple[str, ...],
):
    for value in DAYS:
        body = json.loads(json.dumps(recorded))
        inside = body
        for name in place[:-1]:
            inside = inside.setdefault(name, {})
        inside[place[-1]] = value
        answer = client.request(method, path.format_map(ids), json=body)
        assert answer.status_code < 500, (body, answer.text)


def pages() -> list[str]:
    """The addresses of all pages without a part that must be filled in."""
    return sorted(
        path
        for route in desk_pages().routes
        if isinstance(route, HTTPRoute) and "GET" in route.methods
        for path in (route.path_format,)
        if "{" not in path
    )


@pytest.mark.parametrize("path", pages())
def test_every_page_can_be_asked_for_on_every_day_there_is(
    client: TestClient[Litestar], path: str
):
    for value in (*DAYS, *MOMENTS):
        for names in (("as_of", "known_at"), *((name,) for name in ON_PAGES)):
            answer = client.get(path, params=NEEDED | dict.fromkeys(names, value))
            assert answer.status_code < 500, (names, value)
