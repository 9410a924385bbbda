"""Error pages, and the check that a form was sent by one of our own pages.

As in the API, the page of a bug shows its number only; the log has the rest under that number.
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


def _known_error(request: AnyRequest, error: AbeyanceError) -> Template:
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
            then="It may have another id, or exist on another day.",
        )
    if isinstance(error, NotReadyError):
        return FaultPage(
            heading="Nothing can be searched yet",
            text="No list has been loaded, or loading has not finished.",
            then="Load a list with “abeyance load”, then try again.",
        )
    needs_repair = isinstance(error, StoreFullError | StoreReadOnlyError)
    return FaultPage(
        heading=error.title,
        text="The question was not answered.",
        then=(
            "Tell the operator of this service, and try again when it is repaired."
            if needs_repair
            else "Try again in a moment."
        ),
    )


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
