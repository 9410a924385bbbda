"""The OpenAPI document: that of litestar, completed where litestar leaves something out."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, override

import msgspec
from litestar import Litestar, MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, OpenAPIType, Parameter, Schema
from litestar.params import PathParameter

from service.api.access import (
    NEEDED_SCOPES,
    SCHEMES,
    SECURITY,
    KeyAsked,
    RotationAsked,
)
from service.api.bodies import PLAIN, NumberText, TheDesk
from service.api.measures import EventAsked, RetractionAsked
from service.api.problems import (
    FORBIDDEN,
    UNAUTHORISED,
    UNAVAILABLE,
    described_problem,
    problem_responses,
)
from service.api.screenings import CounterpartyAsked, IdentifierAsked, ScreeningAsked
from service.errors import NotFoundError

_ASKED = (
    CounterpartyAsked,
    EventAsked,
    IdentifierAsked,
    KeyAsked,
    RetractionAsked,
    RotationAsked,
    ScreeningAsked,
)
_FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "docs.css": "text/css",
    "start.js": "text/javascript",
}
_DOCS = Path(str(resources.files("service.api"))) / "docs"


class _Pages(OpenAPIRenderPlugin):
    """The interactive pages; they load nothing from another host."""

    def __init__(self) -> None:
        super().__init__(path="/")

    @override
    def render(
        self, request: Request[object, object, State], openapi_schema: dict[str, object]
    ) -> bytes:
        """Return the page, whose script loads /openapi.json."""
        return (_DOCS / "index.html").read_bytes()


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The health of a process: always `ok` while it runs."""

    status: Literal["ok"]


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """A process that is ready to answer, with the numbers of listings and names searched.

    `register_revision` is that of the register it answers from; replicas that took up another
    register show another number.
    """

    status: Literal["ready"]
    listings: int
    names: int
    register_revision: int


def openapi_config(version: str) -> OpenAPIConfig:
    """Return the settings of the document: its title, description and pages."""
    return OpenAPIConfig(
        title="Abeyance",
        version=version,
        description=(
            "Who a counterparty may be on public sanctions and export-control lists, which "
            "measures reach it, and whether they are in force on the day that matters. "
            "Errors are `application/problem+json` (RFC 9457)."
        ),
        path="/docs",
        render_plugins=[_Pages()],
        use_handler_docstrings=True,
        components=Components(security_schemes=dict(SCHEMES)),
    )


def openapi_document(app: Litestar) -> bytes:
    """Return the OpenAPI document of an application as JSON."""
    document = app.openapi_schema
    for path in (document.paths or {}).values():
        for operation in (path.get, path.post):
            for parameter in (operation.parameters if operation else None) or []:
                if isinstance(parameter, Parameter) and isinstance(parameter.schema, Schema):
                    parameter.schema = _of_parameter(parameter.name, parameter.schema)
    schemas = document.components.schemas or {}
    _, exact = msgspec.json.schema_components(
        _ASKED, schema_hook=_of_number, ref_template="#/components/schemas/{name}"
    )
    # For request bodies msgspec's own schema is exact: litestar's leaves out that objects are
    # closed, the type of an array's items, and bounds of zero.
    whole: dict[str, object] = document.to_schema()
    whole["paths"] = _with_keys(whole["paths"])
    # A service that listens on its own machine alone asks for no key.
    whole["security"] = [{}, *SECURITY]
    whole["components"] = {
        "schemas": {**_plain(schemas), **exact},
        "securitySchemes": {name: each.to_schema() for name, each in SCHEMES.items()},
    }
    return msgspec.json.encode(whole, order="sorted")


@get("/openapi.json", include_in_schema=False)
async def openapi_json(request: Request[object, object, State]) -> Response[bytes]:
    """Return the OpenAPI document of this service."""
    return Response(openapi_document(request.app), media_type=MediaType.JSON)


@get("/docs/files/{name:str}", include_in_schema=False)
async def docs_file(name: Annotated[str, PathParameter(max_length=100)]) -> Response[bytes]:
    """Return a script or style sheet of the interactive pages; `name` is not a path.

    Raises:
        NotFoundError: The pages have no file of that name.
    """
    if name not in _FILES:
        raise NotFoundError("file", name)
    return Response((_DOCS / name).read_bytes(), media_type=_FILES[name])


@get("/healthz", operation_id="health", summary="Alive", tags=["Running it"])
async def health() -> Health:
    """Answer as long as the process runs."""
    return Health(status="ok")


@get(
    "/readyz",
    operation_id="readiness",
    responses=problem_responses(UNAVAILABLE),
    summary="Ready",
    tags=["Running it"],
)
async def readiness(desk: TheDesk) -> Readiness:
    """Return the size of the index, once it is loaded and while the database can be reached.

    Before that, and after a minute without the database, the answer is a problem with status 503.
    """
    index = desk.current.check()
    return Readiness(
        status="ready",
        listings=index.listing_count,
        names=index.name_count,
        register_revision=desk.register_revision,
    )


def _with_keys(paths: object) -> dict[str, dict[str, dict[str, object]]]:
    """Return the paths with how a key is refused, or with no key where none is ever needed."""
    refused = {str(int(each)): described_problem(each) for each in (UNAUTHORISED, FORBIDDEN)}
    operations = msgspec.convert(paths, dict[str, dict[str, dict[str, object]]])
    for path, methods in operations.items():
        for operation in methods.values():
            if NEEDED_SCOPES.get(path, "admin") is None:
                operation["security"] = []
            else:
                responses = msgspec.convert(operation["responses"], dict[str, object])
                operation["responses"] = responses | refused
    return operations


def _of_number(kind: type) -> dict[str, object]:
    """Return the schema of a NumberText, as the `schema_hook` of msgspec."""
    if kind is not NumberText:
        raise NotImplementedError
    return {"type": ["number", "string"], "format": "decimal", "pattern": PLAIN}


def _of_parameter(name: str, schema: Schema) -> Schema:
    """Return a parameter's schema without null, and with the bound of zero that litestar drops."""
    kinds = [each for each in schema.one_of or [] if each != Schema(type=OpenAPIType.NULL)]
    known = kinds[0] if len(kinds) == 1 and isinstance(kinds[0], Schema) else None
    if known is not None:
        schema = replace(known, description=schema.description, maximum=schema.maximum)
    elif schema.enum is not None:
        schema = replace(schema, type=OpenAPIType.STRING, enum=[*filter(None, schema.enum)])
    return replace(schema, minimum=0) if name == "threshold" else schema


def _plain(schemas: Mapping[str, Schema]) -> dict[str, object]:
    return {name: schema.to_schema() for name, schema in schemas.items()}
