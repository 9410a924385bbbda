"""Responses: rendered pages, static files and pages for errors, with their security headers.

A form is accepted only if one of our own pages sent it.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, override
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response, get
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers, MultiDict, State
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import PathParameter, SkipValidation
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, ExceptionHandlersMap, Receive, Scope, Send

from service.days import count, plural
from service.errors import (
    AbeyanceError,
    BadInputError,
    BrokenOffError,
    BusyError,
    ForbiddenError,
    ForeignSiteError,
    ForgedHeaderError,
    LoginNeededError,
    LoginRefusedError,
    NotFoundError,
    NotReadyError,
    ProviderFailedError,
    QuotaExceededError,
    RoleLackedError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
    TooMuchWorkError,
    UnauthorisedError,
)
from service.logs import log_bug
from service.screening.desk import Desk
from service.web import shapes as dates
from service.web.frame import Frame, Given
from service.web.shapes import badge_of, plain_badge_of
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
        "cross-origin-opener-policy": "same-origin",
        # our own forms send their origin, and no other site sees an address of ours
        "referrer-policy": "same-origin",
        # the page contains a counterparty's name: no proxy or cache may keep it
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


# --- Pages for errors: a bug shows its number only, and the log has the rest under that number.

logger = logging.getLogger(__name__)
_STATUS: dict[type[AbeyanceError], HTTPStatus] = {
    BadInputError: HTTPStatus.BAD_REQUEST,
    UnauthorisedError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    QuotaExceededError: HTTPStatus.TOO_MANY_REQUESTS,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    ProviderFailedError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    BrokenOffError: HTTPStatus.BAD_REQUEST,
    TooMuchWorkError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
_UNREADABLE = "The address or the data sent to it cannot be read."
_HTTP_WORDS: Mapping[HTTPStatus, tuple[str, str]] = MappingProxyType(
    {
        HTTPStatus.NOT_FOUND: ("There is no such page", "No page has this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: (
            "This page cannot be opened by its address",
            "Open it from another page of the desk.",
        ),
        HTTPStatus.FORBIDDEN: (
            "Another site sent this request",
            "Only the pages of this desk may send it, so nothing was done.",
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            "That is too large to send",
            "Use the command “abeyance screen”, which takes tables of any size.",
        ),
    }
)


class FaultPage(msgspec.Struct, frozen=True, kw_only=True):
    """The words of an error page: what went wrong, and in `then` what to do about it."""

    heading: str
    text: str
    then: str


_WITHOUT_KEY = FaultPage(
    heading="These pages ask for a key",
    text="This service answers only callers whose key may see this, and a browser sends no key.",
    then=(
        "Open the address at which your organisation offers these pages with a login: a proxy "
        "there adds the key. The guide “Give out keys” shows how. Programs send a key in the "
        "header “Authorization”."
    ),
)


def _known_error(request: AnyRequest, error: AbeyanceError) -> Template | Redirect:
    if isinstance(error, LoginNeededError) and _is_opening_a_page(request):
        return _to_login(request)
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), None)
    if status is None:
        return _bug(request, error)
    answer = _respond(request, _words_on_people(error) or _words(error), status)
    if isinstance(error, QuotaExceededError):
        answer.headers["retry-after"] = str(error.retry_after_s)
    return answer


def _is_opening_a_page(request: AnyRequest) -> bool:
    """Whether a browser opens a page, not a script of a page that is open already."""
    headers = request.headers
    is_page = request.method == "GET" and "text/html" in headers.get("accept", "")
    return is_page and headers.get("sec-fetch-mode", "navigate") == "navigate"


def _to_login(request: AnyRequest) -> Redirect:
    """Send a browser to log in, and afterwards back to the page that it asked for."""
    path, query = request.url.path, request.url.query
    to = f"{quote(path)}?{query}" if query else quote(path)
    headers = {"cache-control": "no-store"}
    return Redirect(f"/login?{urlencode({'to': to})}", status_code=303, headers=headers)


def _words_on_people(error: AbeyanceError) -> FaultPage | None:
    """Return what a page says to somebody who logs in, or cannot; None of other errors."""
    match error:
        case RoleLackedError():
            text = f"You are logged in as {error.name}, who {error.lacking}."
            then = f"To be given a role, ask {error.contact}."
        case LoginNeededError():
            text = "You are not logged in, or no longer, so nothing was done."
            then = "Log in, then try again."
        case LoginRefusedError() | ForgedHeaderError() | ForeignSiteError():
            text = f"{str(error)[:1].upper()}{str(error)[1:]}."
            then = "Nothing was done. Start again from the first page."
        case ProviderFailedError():
            text = "Nobody can log in at the moment."
            then = "Try again in a moment. The log of this service says what fails."
        case _:
            return None
    return FaultPage(heading=error.title, text=text, then=then)


def _words(error: AbeyanceError) -> FaultPage:
    if isinstance(error, BadInputError):
        return FaultPage(
            heading="That cannot be read",
            text=f"{error.field}: {error.reason}",
            then="Go back, or start a new search.",
        )
    if isinstance(error, NotFoundError):
        return FaultPage(
            heading=f"There is no such {error.what}",
            text=f"No {error.what} has the id {error.key[:100]!r} on the day asked about.",
            then="It may have another id, or exist on another day.",
        )
    if isinstance(error, UnauthorisedError | ForbiddenError):
        return _WITHOUT_KEY
    if isinstance(error, NotReadyError):
        return FaultPage(
            heading="Nothing can be searched yet",
            text="No list has been loaded, or loading has not finished.",
            then="Load a list with “abeyance load”, then try again.",
        )
    return FaultPage(
        heading=error.title,
        text="The question was not answered.",
        then=_then(error),
    )


def _then(error: AbeyanceError) -> str:
    if isinstance(error, StoreFullError | StoreReadOnlyError):
        return "Tell the operator of this service, and try again when it is repaired."
    if isinstance(error, TooMuchWorkError):
        return "Ask about fewer parties at once, or with a lower limit."
    return "Try again in a moment."


def _http_error(request: AnyRequest, error: HTTPException) -> Template:
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _bug(request, error)
    status = HTTPStatus(error.status_code)
    heading, text = _HTTP_WORDS.get(status, (status.phrase, _UNREADABLE))
    words = FaultPage(heading=heading, text=text, then="Start a new search.")
    return _respond(request, words, status)


def _bug(request: AnyRequest, error: Exception) -> Template:
    number = log_bug(logger, error)
    words = FaultPage(
        heading="Something failed here; nothing was stored",
        text=f"Number {number}",
        then="Send this number to the operator of this service.",
    )
    return _respond(request, words, HTTPStatus.INTERNAL_SERVER_ERROR)


def _respond(request: AnyRequest, words: FaultPage, status: HTTPStatus) -> Template:
    now = datetime.now(UTC)
    frame = Frame(title=words.heading, path=request.url.path, section="", now=now)
    answer = page("fault.html", frame, words, status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["retry-after"] = RETRY_AFTER_S
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["www-authenticate"] = "Bearer"
    return answer


def nowhere(request: AnyRequest, error: HTTPException) -> Template | None:
    """Return the page for an address that does not exist; None where a program asks for it.

    A client that does not accept HTML is a program, and so is any client of `/v1/`.
    """
    is_browser = "text/html" in request.headers.get("accept", "")
    if not is_browser or request.url.path.startswith("/v1/"):
        return None
    return _http_error(request, error)


FAULT_PAGES: ExceptionHandlersMap = {  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    AbeyanceError: _known_error,
    HTTPException: _http_error,
    Exception: _bug,
}

# --- Forms that are sent to the pages: accepted only from our own pages.

# Values of `Sec-Fetch-Site` that are accepted; `none` is an address that a person typed.
_OURS = frozenset({"same-origin", "none"})


def refuse_foreign(
    connection: ASGIConnection[object, object, object, State], _: BaseRouteHandler
) -> None:
    """Refuse a form that another site sent (cross-site request forgery).

    Raises:
        PermissionDeniedException: The browser's headers name another site as the sender.
    """
    if not _is_ours(connection.headers):
        raise PermissionDeniedException


def _is_ours(headers: Headers) -> bool:
    """Whether one of our pages sent a request, or a program that sends neither header.

    Browsers send `Sec-Fetch-Site` only over HTTPS and to the local machine. Elsewhere they send
    `Origin`, which must be the host of the request; the referrer policy of our pages allows it.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def sent_form(request: AnyRequest) -> Given:
    """Return the text fields of a form in the shape of a query; files are left out."""
    form = await request.form()
    pairs: list[tuple[str, object]] = list(form.multi_items())
    return MultiDict([(name, each) for name, each in pairs if isinstance(each, str)])
