"""The OpenAPI document: what litestar writes, mended where it says less than what holds."""

from importlib import resources
from pathlib import Path
from typing import override

import msgspec
from litestar import Litestar, MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.response import Redirect
from litestar.router import Router
from litestar.static_files import (
    create_static_files_router,  # pyright: ignore[reportUnknownVariableType] - bare dict in its stub
)

from service.api.screenings import CounterpartyAsked, IdentifierAsked, ScreeningAsked

# litestar enforces forbid_unknown_fields and does not write it down.
_CLOSED = (CounterpartyAsked, IdentifierAsked, ScreeningAsked)


_DOCS = Path(str(resources.files("service.api"))) / "docs"


class _Pages(OpenAPIRenderPlugin):
    """The interactive pages; they load nothing from another host."""

    def __init__(self) -> None:
        super().__init__(path="/")

    @override
    def render(
        self, request: Request[object, object, State], openapi_schema: dict[str, object]
    ) -> bytes:
        """The one page; its script asks for /openapi.json."""
        return (_DOCS / "index.html").read_bytes()


def openapi_config(version: str) -> OpenAPIConfig:
    """What stands at the head of the document."""
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
    )


def openapi_document(app: Litestar) -> bytes:
    """The whole document as JSON."""
    document = app.openapi_schema
    schemas = document.components.schemas or {}
    for struct in _CLOSED:
        schemas[struct.__name__].additional_properties = False
    return msgspec.json.encode(document.to_schema(), order="sorted")


@get("/openapi.json", include_in_schema=False)
async def openapi_json(request: Request[object, object, State]) -> Response[bytes]:
    """The document of this very program."""
    return Response(openapi_document(request.app), media_type=MediaType.JSON)


@get("/", include_in_schema=False)
async def front_door() -> Redirect:
    """Leads to the interactive pages."""
    return Redirect("/docs")


def docs_files() -> Router:
    """The scripts and styles of the interactive pages, from files of this package alone."""
    return create_static_files_router(
        path="/docs/files", directories=[_DOCS], include_in_schema=False
    )
