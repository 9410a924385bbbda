"""Errors as pages."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import quote, urlencode

import msgspec
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template
from litestar.types import ExceptionHandlersMap

from abeyance_screening.platform.logs import log_bug
from abeyance_screening.platform.pages.frame import RETRY_AFTER_S, AnyRequest, Frame, page
from abeyance_screening.primitives.errors import (
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
    OwnDecisionError,
    ProviderFailedError,
    QuotaExceededError,
    RoleLackedError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnavailableError,
    TooMuchWorkError,
    UnauthorisedError,
)

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
        case OwnDecisionError():
            text = (
                f"This was decided by {error.asked_by}, so another person has to approve it: you "
                "are that one, or one of you has made or replaced the other's key."
            )
            then = "Nothing was done."
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
