"""Responses: pages rendered from templates, and static files, with their security headers."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, override

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, Receive, Scope, Send

from service.days import count, plural
from service.errors import NotFoundError
from service.screening.desk import Desk
from service.web import badges as dates
from service.web.badges import badge_of, plain_badge_of
from service.web.frame import Frame
from service.wording.notes import own_day_of
from service.wording.titles import jurisdiction_name, list_title, measure_title

# --- Static files, read once at import: styles, scripts, the logo.

_STATIC_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class StaticFile(msgspec.Struct, frozen=True, kw_only=True):
    """A static file: its bytes, its media type, and an ETag that changes with the bytes."""

    body: bytes
    kind: str
    tag: str


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:20]
    return StaticFile(body=body, kind=_KINDS[path.suffix], tag=f'"{digest}"')


FILES: Mapping[str, StaticFile] = MappingProxyType(
    {path.name: _read(path) for path in sorted(_STATIC_FOLDER.iterdir()) if path.suffix in _KINDS}
)
"""The styles, scripts and pictures of the static folder, by file name."""


_FOLDER = Path(__file__).parent / "templates"
TheDesk = NamedDependency[SkipValidation[Desk]]
# Sent as `Retry-After` with every 503.
RETRY_AFTER_S = "5"
AnyRequest = Request[object, object, State]

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "x-content-type-options": "nosniff",
        # our own forms send their origin, and no other site sees an address of ours
        "referrer-policy": "same-origin",
        # the address contains a counterparty's name: no proxy or shared cache may keep the page
        "cache-control": "no-store",
    }
)
_FILTERS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        "day": dates.day,
        "weekday": dates.weekday,
        "plural": plural,
        "count": count,
        "list_title": list_title,
        "jurisdiction": jurisdiction_name,
        "measure_title": measure_title,
        "as_badge": badge_of,
        "as_plain_badge": plain_badge_of,
        "own_day": own_day_of,
    }
)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(_FILTERS)
    for name in environment.list_templates():
        environment.get_template(name)
    return environment


TEMPLATES = TemplateConfig(instance=JinjaTemplateEngine.from_environment(_environment()))


class _RenderedPage(Template):
    """A page that is rendered in a thread, because the longest take a tenth of a second."""

    @override
    def to_asgi_response(self, *args: object, **kwargs: object) -> ASGIApp:  # pyright: ignore[reportIncompatibleMethodOverride] - litestar calls it and no more
        """Return an ASGI app that renders the page in a thread when it is sent."""
        render = partial(super().to_asgi_response, *args, **kwargs)  # pyright: ignore[reportUnknownMemberType] - its arguments as they came

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            rendered = await asyncio.to_thread(render)
            await rendered(scope, receive, send)

        return answer


def page(
    template: str, frame: Frame, content: object, status: HTTPStatus = HTTPStatus.OK
) -> Template:
    """Return a page; the template sees the frame as `frame` and the content as `page`."""
    return _RenderedPage(
        template,
        context={"frame": frame, "page": content},
        headers=dict(HEADERS),
        media_type=MediaType.HTML,
        status_code=status,
    )


@get("/static/{name:str}", include_in_schema=False, sync_to_thread=False)
def static_file(
    request: AnyRequest, name: Annotated[str, PathParameter(max_length=100)]
) -> Response[bytes]:
    """Send a style, script or picture, or 304 where the browser has it already.

    Raises:
        NotFoundError: No static file has that name.
    """
    file = FILES.get(name)
    if file is None:
        raise NotFoundError("file", name)
    headers = {"etag": file.tag, "cache-control": "no-cache", "x-content-type-options": "nosniff"}
    if request.headers.get("if-none-match") == file.tag:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(file.body, media_type=file.kind, headers=headers)
