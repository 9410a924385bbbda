"""Errors as pages: what was wrong, in a sentence, and where to go from there.

As in the API, a bug shows nothing of its text and only its number is logged.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import urlsplit

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers, MultiDict, State
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.response import Template
from litestar.types import ExceptionHandlersMap

from service.errors import (
    AbeyanceError,
    BadInputError,
    BrokenOffError,
    BusyError,
    NotFoundError,
    NotReadyError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from service.logs import log_bug
from service.web.frame import Frame, Given
from service.web.pages import RETRY_AFTER_S, AnyRequest, page

logger = logging.getLogger(__name__)
_STATUS: dict[type[AbeyanceError], HTTPStatus] = {
    BadInputError: HTTPStatus.BAD_REQUEST,
    NotFoundError: HTTPStatus.NOT_FOUND,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    BrokenOffError: HTTPStatus.BAD_REQUEST,
}
_UNREADABLE = "The address or what was sent to it cannot be read."
_HTTP_WORDS: Mapping[HTTPStatus, tuple[str, str]] = MappingProxyType(
    {
        HTTPStatus.NOT_FOUND: ("There is no such page", "Nothing has this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: (
            "This address takes no such request",
            "It is reached from another page of the desk, not by itself.",
        ),
        HTTPStatus.FORBIDDEN: (
            "Another site asked for this",
            "Only the pages of this desk may ask for it, so nothing was done.",
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            "That is too large to be sent",
            "The command “abeyance screen” takes tables of any size.",
        ),
    }
)


class FaultPage(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong; `then` says what can be done."""

    heading: str
    text: str
    then: str


def _knowingly(request: AnyRequest, error: AbeyanceError) -> Template:
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), None)
    if status is None:
        return _bug(request, error)
    return _respond(request, _words(error), status)


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
            then="It may stand under another id, or on another day.",
        )
    if isinstance(error, NotReadyError):
        return FaultPage(
            heading="Nothing can be searched yet",
            text="No list has been loaded, or the loading is not finished.",
            then="Load one with “abeyance load”, then ask again.",
        )
    needs_mending = isinstance(error, StoreFullError | StoreReadOnlyError)
    return FaultPage(
        heading=error.title,
        text="The question was not answered.",
        then=(
            "Tell whoever runs this service, and try again once it is mended."
            if needs_mending
            else "Try again in a moment."
        ),
    )


def _http(request: AnyRequest, error: HTTPException) -> Template:
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _bug(request, error)
    status = HTTPStatus(error.status_code)
    heading, text = _HTTP_WORDS.get(status, (status.phrase, _UNREADABLE))
    told = FaultPage(heading=heading, text=text, then="Start a new search.")
    return _respond(request, told, status)


def _bug(request: AnyRequest, error: Exception) -> Template:
    number = log_bug(logger, error)
    told = FaultPage(
        heading="Something failed here; nothing was stored",
        text=f"Number {number}",
        then="Quote the number to whoever runs this service.",
    )
    return _respond(request, told, HTTPStatus.INTERNAL_SERVER_ERROR)


def _respond(request: AnyRequest, told: FaultPage, status: HTTPStatus) -> Template:
    now = datetime.now(UTC)
    frame = Frame(title=told.heading, path=request.url.path, section="", now=now)
    answer = page("fault.html", frame, told, status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["retry-after"] = RETRY_AFTER_S
    return answer


def nowhere(request: AnyRequest, error: HTTPException) -> Template | None:
    """A page for whoever looks with a browser for what is not there; None for a program."""
    is_looking = "text/html" in request.headers.get("accept", "")
    if not is_looking or request.url.path.startswith("/v1/"):
        return None
    return _http(request, error)


FAULT_PAGES: ExceptionHandlersMap = {  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    AbeyanceError: _knowingly,
    HTTPException: _http,
    Exception: _bug,
}


# --- Forms as they are sent to the pages: only from our own pages, and within limits.

# What a browser says of where a request comes from, of a link that was typed `none`.
_OURS = frozenset({"same-origin", "none"})


def refuse_foreign(
    connection: ASGIConnection[object, object, object, State], _: BaseRouteHandler
) -> None:
    """Lets no other site make this one keep, write or show something in its name.

    Raises:
        PermissionDeniedException: The browser says that another site sent the form.
    """
    if not _is_ours(connection.headers):
        raise PermissionDeniedException


def _is_ours(headers: Headers) -> bool:
    """Whether our own page sent a request, or what is no browser and says nothing.

    A browser says it in so many words over HTTPS and to its own machine alone. Elsewhere it names
    the origin, which must be the address that was asked; our pages' referrer policy lets their
    forms name it.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def sent_form(request: AnyRequest) -> Given:
    """The fields of a form, as if they stood in an address; files are left out."""
    form = await request.form()
    pairs: list[tuple[str, object]] = list(form.multi_items())
    return MultiDict([(name, each) for name, each in pairs if isinstance(each, str)])
