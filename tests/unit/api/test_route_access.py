"""What each route declares beside it: the scope it needs, and what the audit log says of it."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from litestar import Litestar, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from abeyance_screening.app.application import create_app
from abeyance_screening.platform.access.callers import access_in, needs
from abeyance_screening.platform.http.bodies import query_parameters
from abeyance_screening.platform.http.entrance import access_of, declare_options
from abeyance_screening.platform.settings import Settings

OPEN_TO_ALL = {
    "/docs",
    "/docs/files/{name}",
    "/docs/openapi.json",
    "/docs/{path}",
    "/healthz",
    "/login",
    "/login/back",
    "/logout",
    "/openapi.json",
    "/problems",
    "/problems/{slug}",
    "/readyz",
    "/static/{name}",
}
# They answer questions, or read a table; what they keep is the caller's own and no change to
# anything that was there.
QUESTIONS = {
    "/",
    "/counterparties/new",
    "/evidence",
    "/spreadsheet",
    "/spreadsheet/read",
    "/spreadsheet/results",
    "/spreadsheet/screen",
    "/v1/screenings",
    "/v1/screenings/stream",
    "/v1/search",
    "/v1/texts",
    # sent once more, which changes nothing that is kept
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
    "/v1/webhooks/{webhook_id}/test",
}
SAFE = {"GET", "HEAD", "OPTIONS"}


@cache
def routes() -> tuple[tuple[str, str, HTTPRouteHandler], ...]:
    """Method, template and handler of every route."""
    settings = Settings(data_dir=Path(), database_url="postgresql://127.0.0.1/x")
    return tuple(
        (method, route.path_format, handler)
        for route in create_app(settings).routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
    )


def test_every_route_says_which_scope_it_needs_or_that_it_is_public():
    lacking = [(method, path) for method, path, each in routes() if access_in(each.opt) is None]
    assert not lacking, "give these routes `opt=needs(…)` or `opt=public()`"


def test_the_routes_that_need_no_key_are_these():
    assert {path for _, path, each in routes() if access_of(each).scope is None} == OPEN_TO_ALL


def test_every_writing_route_names_what_the_audit_log_says_of_it():
    silent = {
        path
        for method, path, each in routes()
        if method not in SAFE and not (access_of(each).reading or access_of(each).change)
    }
    assert silent == QUESTIONS


def test_the_changes_that_routes_name_are_those_that_the_database_records():
    written = "".join(each.read_text() for each in sorted(Path("sql").glob("*/*.sql")))
    named = {change for _, _, each in routes() if (change := access_of(each).change) is not None}
    assert named <= set(re.findall(r"'([a-z]+\.[a-z_]+)'", written))


def test_what_an_entry_is_about_is_a_part_of_the_path():
    for method, path, each in routes():
        about = access_of(each).about
        assert about is None or f"{{{about}}}" in path, (method, path)


@get("/forgotten")
async def forgotten() -> None: ...


@get("/both", opt=needs("read"))
async def look() -> None: ...


@post("/both", opt=needs("screen"))
async def ask() -> None: ...


@post("/one", opt=needs("screen"))
async def ask_one() -> None: ...


def test_a_route_that_says_nothing_opens_to_an_operator_alone():
    assert access_of(forgotten).scope == "operator"


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        pytest.param("/one", "screen", id="the scope of the others"),
        pytest.param("/both", "read", id="the scope of GET, where the others do not agree"),
        pytest.param("/forgotten", "operator", id="the other says nothing"),
    ],
)
def test_options_needs_what_the_other_methods_of_its_address_need(path: str, scope: str):
    app = Litestar([forgotten, look, ask, ask_one], openapi_config=None)
    declare_options(app)
    [options] = (
        route.route_handler_map["OPTIONS"][0]
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path == path
    )
    assert access_of(options).scope == scope


def test_a_route_takes_the_parameters_that_the_document_has_and_no_others():
    """Those of dependencies of dependencies too; whatever is unknown is refused."""
    document = json.loads(Path("openapi/openapi.json").read_bytes())
    declared = {
        operation["operationId"]: {
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
        }
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    taken = {
        each.operation_id: set(query_parameters(each))
        for _, _, each in routes()
        if each.operation_id in declared
    }
    assert len(taken) > 50
    assert taken == {operation: declared[operation] for operation in taken}
