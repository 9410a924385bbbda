"""The front of the application: what every request passes before it reaches a handler.

It must be for this service by its Host, its answer carries the headers that protect a browser,
and it is one piece of work that ends when its client leaves. A caller has a limited number of
requests worked on at once; others wait, and more than those are refused.
"""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import Protocol, cast
from urllib.parse import urlsplit

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from service.access.keys import Caller, client_group
from service.api.access import address_of, caller_of
from service.api.bodies import JOBS_PATH, STREAM_PATH, header_of
from service.api.problems import AnyRequest, problem_named, send_problem, written_problem
from service.errors import BrokenOffError, BusyError
from service.screening.turns import Work, current_work
from service.settings import HOSTS, Settings

CONNECTION = "abeyance.connection"
"""The extension of a scope that has the connection of a request."""

_CSP = b"default-src 'none'; frame-ancestors 'none'"
# Headers of every answer that does not have them itself, as pages do.
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", _CSP),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
# The interactive pages of the API are the only ones without a policy of their own; the library
# that draws them sets styles inside elements.
_CSP_OF_DOCS = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PROTECTED = frozenset(name for name, _ in SECURITY_HEADERS)
_ANY = "*"
_TOO_MANY = "{} requests of this key or address are being answered, and {} wait; try again later"
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


def host_check(hosts: Iterable[str]) -> Callable[[bytes], bool]:
    """Return a function that tells whether a Host header names this service.

    Beside the names given, the local machine's are taken, and any IP address: a page of another
    site can give its own name our address (DNS rebinding), but never an address as its name.
    """
    names = frozenset(each.lower() for each in hosts)

    @lru_cache(maxsize=256)
    def is_ours(host: bytes) -> bool:
        name, port = _without_port(host.decode("latin-1").strip().lower())
        if port and not port.isdigit():
            return False
        return (
            _ANY in names
            or name in names
            or name == "localhost"
            or name.endswith(".localhost")
            or _is_address(name)
        )

    return is_ours


def own_hosts(host: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a service that listens on `host`: those given, and the machine's own."""
    own = (each for each in (host, socket.gethostname()) if not _is_address(each))
    return tuple(dict.fromkeys([*given, *(each.lower() for each in own if each)]))


def public_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the name by which browsers reach the service, if a setting says so."""
    people = settings.people
    name = None if people is None else urlsplit(people.public_url or "").hostname
    return () if name is None or _is_address(name) else (name,)


def _without_port(host: str) -> tuple[str, str]:
    """Return the name or address in a Host header, and its port, "" without one."""
    if host.startswith("["):
        name, bracket, port = host[1:].partition("]")
        return (name, port.removeprefix(":")) if bracket else ("", "")
    name, _, port = host.partition(":")
    return name.removesuffix("."), port


def _is_address(name: str) -> bool:
    try:
        _ = ip_address(name)
    except ValueError:
        return False
    return True


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


# --- Answers that come before any handler.


def problem_bytes(
    status: HTTPStatus, detail: str, headers: Iterable[tuple[bytes, bytes]] = ()
) -> bytes:
    """Return a whole HTTP answer with a problem document, after which the connection closes."""
    own, body = written_problem(problem_named(status, detail))
    lines = [b"HTTP/1.1 %d %b" % (status, status.phrase.encode())]
    lines += [name + b": " + value for name, value in [*headers, *own, *SECURITY_HEADERS]]
    return b"\r\n".join([*lines, b"connection: close", b"", body])


async def _misdirected(scope: HTTPScope, send: Send) -> None:
    """Refuse a request for another name, without naming the names of this service.

    A page of another site can read this answer, if the site gives a name of its own our address.
    """
    detail = (
        "the header Host does not name this service; the operator can add the name to the "
        f"setting {HOSTS}"
    )
    await answer_problem(scope, send, HTTPStatus.MISDIRECTED_REQUEST, detail)


async def answer_problem(scope: HTTPScope, send: Send, status: HTTPStatus, detail: str) -> None:
    """Answer a request with a problem document."""
    await send_problem(scope, send, problem_named(status, detail), SECURITY_HEADERS)


# --- How many requests of one caller are worked on at once.

# A body above this is a batch, or a file.
LARGE_BYTES = 64_000
# Requests of one caller at once, and how many more may wait; any, and those with a large body.
ANY_AT_ONCE, ANY_WAITING = 64, 192
LARGE_AT_ONCE, LARGE_WAITING = 4, 12
# Streams may take hours: none waits for another, or takes the place of other requests.
STREAMS_AT_ONCE = 4


class _Queue(msgspec.Struct):
    """How many requests of a caller are worked on, and those that wait, the oldest first."""

    running: int = 0
    waiting: deque[asyncio.Future[None]] = msgspec.field(default_factory=deque)


class CallerQueues:
    """A queue for each caller: `at_once` requests are worked on, and `waiting` more may wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._queues: dict[str, _Queue] = {}

    async def enter(self, work: Work) -> None:
        """Wait for a turn among the requests of the same caller; it lasts until the work ends.

        Raises:
            BusyError: Too many requests of the caller wait already.
            BrokenOffError: The client left while it waited.
        """
        queue = self._queues.get(work.caller)
        if queue is None:
            queue = self._queues[work.caller] = _Queue()
        if queue.running < self._at_once:
            queue.running += 1
        elif len(queue.waiting) < self._waiting:
            await self._turn(queue, work)
        else:
            raise BusyError(_TOO_MANY.format(queue.running, len(queue.waiting)))
        caller = work.caller
        work.at_end(lambda: self._leave(caller, queue))

    async def _turn(self, queue: _Queue, work: Work) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def broken_off() -> None:
            if not turn.done():
                turn.set_exception(BrokenOffError())

        queue.waiting.append(turn)
        try:
            with work.ending(broken_off):
                await turn
        except BaseException:
            if turn in queue.waiting:
                queue.waiting.remove(turn)
            raise

    def _leave(self, caller: str, queue: _Queue) -> None:
        """Give the place of a request that has ended to the next that waits."""
        while queue.waiting:
            turn = queue.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        queue.running -= 1
        if not queue.running:
            del self._queues[caller]


def entering() -> Callable[[AnyRequest], Awaitable[None]]:
    """Return a function that waits until it is a request's turn among those of its caller."""
    every = CallerQueues(ANY_AT_ONCE, ANY_WAITING)
    large = CallerQueues(LARGE_AT_ONCE, LARGE_WAITING)
    streams = CallerQueues(STREAMS_AT_ONCE, 0)

    async def enter(request: AnyRequest) -> None:
        work = current_work()
        if work is None:
            return
        scope = request.scope
        work.caller = _queue_of(caller_of(request), scope)
        if _is_stream(scope):
            await streams.enter(work)
            return
        if _is_large(scope):
            await large.enter(work)
        await every.enter(work)

    return enter


def _queue_of(caller: Caller, scope: HTTPScope) -> str:
    """Return in which queue a request waits: its key's, its person's, or its address's."""
    if caller.login is not None:
        # many may come from the address of one proxy
        return f"person {caller.account} {caller.owner}"
    return client_group(address_of(scope)) if caller.key is None else f"key {caller.key}"


def _is_stream(scope: HTTPScope) -> bool:
    """Return whether a request may take hours: a stream, or a table that is sent for a job."""
    path = scope["path_template"]
    return path == STREAM_PATH or (path == JOBS_PATH and scope["method"] == "POST")


def _is_large(scope: HTTPScope) -> bool:
    """Return whether a body is large, or may be so once it has come and is expanded."""
    if header_of(scope, b"content-encoding"):
        return True
    length = header_of(scope, b"content-length")
    if length:
        return length.isdigit() and int(length) > LARGE_BYTES
    return bool(header_of(scope, b"transfer-encoding"))
