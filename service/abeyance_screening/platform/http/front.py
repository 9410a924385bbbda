"""The front of the application: what every request passes before it reaches a handler.

It must be for this service by its Host, its answer carries the headers that protect a browser,
and it is one piece of work that ends when its client leaves. A caller has a limited number of
requests worked on at once; others wait, and more than those are refused.
"""

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Protocol, cast

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from abeyance_screening.platform.http.bodies import header_of
from abeyance_screening.platform.http.clients import address_of
from abeyance_screening.platform.http.hosts import host_check
from abeyance_screening.platform.http.security import CONNECTION, SECURITY_HEADERS, answer_problem
from abeyance_screening.platform.settings import HOSTS, Settings
from abeyance_screening.primitives.fair_scheduler import Work

# The interactive pages of the API are the only ones without a policy of their own; the library
# that draws them sets styles inside elements.
_CSP_OF_DOCS = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PROTECTED = frozenset(name for name, _ in SECURITY_HEADERS)
logger = logging.getLogger(__name__)


class _Connection(Protocol):
    """A connection that can tell the work on its request that the client has left."""

    work: Work | None
    client: tuple[str, int] | None

    def stream(self) -> None:
        """Go on at the pace of the client."""
        ...


def fronted(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Wrap an application so that each request passes the front of the service."""
    is_ours = None if settings.hosts is None else host_check(settings.hosts)
    seconds = settings.answer_seconds

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        if is_ours is not None and not is_ours(header_of(scope, b"host")):
            await _misdirected(scope, send)
            return
        work = Work(seconds)
        connection = _connection_of(scope)
        if connection is not None:
            connection.work, work.on_stream = work, connection.stream
        with work:
            await app(scope, receive, _protected(send))
        if work.is_broken_off:
            logger.info("request.broken_off")

    return answer


def _connection_of(scope: HTTPScope) -> _Connection | None:
    try:
        found = (scope["extensions"] or {}).get(CONNECTION)
    except KeyError:
        return None
    return None if found is None else cast("_Connection", found["connection"])


def peer_of(scope: HTTPScope) -> str:
    """Return the address that a request came from directly; empty if unknown.

    The header X-Forwarded-For does not change it.
    """
    connection = _connection_of(scope)
    if connection is None:
        return address_of(scope)
    return "" if connection.client is None else connection.client[0]


def _protected(send: Send) -> Send:
    """Wrap `send` so that an answer has every protecting header."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            given = {name for name, _ in headers}
            if b"content-security-policy" not in given and _is_page(headers):
                headers.append((b"content-security-policy", _CSP_OF_DOCS))
                given.add(b"content-security-policy")
            if not given >= _PROTECTED:
                headers += [each for each in SECURITY_HEADERS if each[0] not in given]
                message["headers"] = headers
        await send(message)

    return sent


def _is_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and kind.startswith(b"text/html") for name, kind in headers)


async def _misdirected(scope: HTTPScope, send: Send) -> None:
    """Refuse a request for another name, without naming the names of this service.

    A page of another site can read this answer, if the site gives a name of its own our address.
    """
    detail = (
        "the header Host does not name this service; the operator can add the name to the "
        f"setting {HOSTS}"
    )
    await answer_problem(scope, send, HTTPStatus.MISDIRECTED_REQUEST, detail)


def answering_head(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that it answers HEAD wherever it answers GET, and OPTIONS says so."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            method = scope["method"]
            if method == "HEAD":
                # a copy, because the server reads its own scope to know that no body may follow
                scope, send = scope.copy(), _without_body(send)
                scope["method"] = HttpMethod.GET
            elif method == "OPTIONS":
                send = with_allow(send, allowing_head)
        await app(scope, receive, send)

    return answer


def allowing_head(allow: str) -> str:
    """Return an Allow header with HEAD added if it has GET."""
    methods = allow.split(", ")
    return ", ".join([*methods, "HEAD"]) if "GET" in methods else allow


def _without_body(send: Send) -> Send:
    """Wrap `send` so that bodies are empty; the headers still state the body's length."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return sent


def with_allow(send: Send, allow: Callable[[str], str]) -> Send:
    """Wrap `send` so that an Allow header is what `allow` makes of it."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, allow(value.decode()).encode() if name == b"allow" else value)
                for name, value in message["headers"]
            ]
        await send(message)

    return sent
