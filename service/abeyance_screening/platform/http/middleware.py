"""The middleware of the application: what every request passes before it reaches a handler.

It must be for this service by its Host, its answer carries the headers that protect a browser,
and it is one piece of work that ends when its client leaves. A caller has a limited number of
requests worked on at once; others wait, and more than those are refused.
"""

import asyncio
import hashlib
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, unquote, unquote_plus

import msgspec
from litestar.enums import HttpMethod, ScopeType
from litestar.types import (
    ASGIApp,
    HTTPResponseStartEvent,
    HTTPScope,
    Message,
    Receive,
    Scope,
    Send,
)

from abeyance_screening.platform.access.callers import Caller, client_group
from abeyance_screening.platform.http.bodies import JOBS_PATH, STREAM_PATH, header_of
from abeyance_screening.platform.http.encodings import ANSWER_ENCODERS, Encoder, encoding_for
from abeyance_screening.platform.http.entrance import address_of, caller_of, name_whole
from abeyance_screening.platform.http.hosts import host_check
from abeyance_screening.platform.http.problems import AnyRequest
from abeyance_screening.platform.http.security import CONNECTION, SECURITY_HEADERS, answer_problem
from abeyance_screening.platform.settings import HOSTS, Settings
from abeyance_screening.primitives.errors import BrokenOffError, BusyError
from abeyance_screening.primitives.fair_scheduler import Work, current_work, give_turns

if TYPE_CHECKING:
    from abeyance_screening.platform.http.connections import BoundedProtocol


# The interactive pages of the API are the only ones without a policy of their own; the library
# that draws them sets styles inside elements.
_CSP_OF_DOCS = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Addresses that will be gone: their answers say since when they are deprecated (RFC 9745), from
# when they may be gone (RFC 8594), and what to use. `docs/reference/promise.md` says how long.
DEPRECATED: Mapping[str, tuple[tuple[bytes, bytes], ...]] = MappingProxyType(
    {
        "/docs/openapi.json": (
            (b"deprecation", b"@1796083200"),
            (b"sunset", b"Wed, 01 Dec 2027 00:00:00 GMT"),
            (b"link", b'</openapi.json>; rel="successor-version"'),
        )
    }
)
# Of an answer that does not say itself what may be kept of it, nothing may.
_ALWAYS = (*SECURITY_HEADERS, (b"cache-control", b"no-store"))
logger = logging.getLogger(__name__)


def fronted(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Wrap an application so that each request passes the front of the service."""
    is_ours = None if settings.hosts is None else host_check(settings.hosts)
    origins, seconds = frozenset(settings.origins), settings.answer_seconds

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        if is_ours is not None and not is_ours(header_of(scope, b"host")):
            await _misdirected(scope, send)
            return
        send = _protected(send, DEPRECATED.get(scope["path"], ()))
        if origins:
            origin = _named_origin(scope, origins)
            if origin and _is_preflight(scope):
                await _answer_preflight(send, origin)
                return
            send = _readable(send, origin)
        work = Work(seconds)
        connection = _connection_of(scope)
        if connection is not None:
            connection.work, work.on_stream = work, connection.stream
        with work:
            await app(scope, receive, send)
        if work.is_broken_off:
            logger.info("request.broken_off")

    return answer


def _connection_of(scope: HTTPScope) -> "BoundedProtocol | None":
    try:
        found = (scope["extensions"] or {}).get(CONNECTION)
    except KeyError:
        return None
    return None if found is None else cast("BoundedProtocol", found["connection"])


def peer_of(scope: HTTPScope) -> str:
    """Return the address that a request came from directly; empty if unknown.

    The header X-Forwarded-For does not change it.
    """
    connection = _connection_of(scope)
    if connection is None:
        return address_of(scope)
    return "" if connection.client is None else connection.client[0]


def _protected(send: Send, more: Iterable[tuple[bytes, bytes]]) -> Send:
    """Wrap `send`: every protecting header and `more`, and whether it may be kept."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], *more]
            given = {name for name, _ in headers}
            if b"content-security-policy" not in given and _is_page(headers):
                headers.append((b"content-security-policy", _CSP_OF_DOCS))
                given.add(b"content-security-policy")
            headers += [each for each in _ALWAYS if each[0] not in given]
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


# --- What pages of other sites may read, if the settings name them (CORS, of the Fetch standard).
#
# They read the API, never the pages of the desk. Browsers are not told to send cookies along, as
# nobody who has logged in acts through another site: a page of one sends a key.


_SHARED = re.compile(r"/(?:v1|openapi\.json)(?:/|$)")
_BY_ORIGIN = (b"vary", b"origin")
# Beside those that every page may read, such as `Cache-Control` and `Content-Type`.
READABLE_HEADERS = (
    "Abeyance-Audit-Head, Accept-Encoding, Accept-Ranges, Allow, Content-Disposition, "
    "Content-Encoding, Content-Range, Deprecation, ETag, Idempotent-Replayed, "
    "Link, Location, Next-Cursor, RateLimit, RateLimit-Policy, Retry-After, Sunset, Vary, "
    "WWW-Authenticate, X-Request-ID"
)
_READABLE = (b"access-control-expose-headers", READABLE_HEADERS.encode())
SENDABLE_METHODS = "GET, HEAD, POST, PUT, DELETE"
SENDABLE_HEADERS = (
    "Accept, Authorization, Content-Disposition, Content-Encoding, Content-Type, Idempotency-Key, "
    "If-Match, If-None-Match, If-Range, Range, traceparent, tracestate, X-API-Key, X-Request-ID"
)
_SENDABLE = (
    (b"access-control-allow-methods", SENDABLE_METHODS.encode()),
    (b"access-control-allow-headers", SENDABLE_HEADERS.encode()),
    # after an hour a browser asks again
    (b"access-control-max-age", b"3600"),
)


def _named_origin(scope: HTTPScope, origins: Collection[str]) -> bytes:
    """Return the origin of a page that may read the answer; empty where there is none."""
    origin = header_of(scope, b"origin")
    is_named = origin.decode("latin-1").lower() in origins
    return origin if is_named and _SHARED.match(scope["path"]) else b""


def _is_preflight(scope: HTTPScope) -> bool:
    """Return whether a browser asks what a page may send, which it does without a key."""
    is_asked = bool(header_of(scope, b"access-control-request-method"))
    return is_asked and scope["method"] == HttpMethod.OPTIONS


async def _answer_preflight(send: Send, origin: bytes) -> None:
    headers = [_BY_ORIGIN, (b"access-control-allow-origin", origin), *_SENDABLE]
    status = HTTPStatus.NO_CONTENT
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _readable(send: Send, origin: bytes) -> Send:
    """Wrap `send` so that a browser lets the page of a named origin read the answer."""
    allowed = (b"access-control-allow-origin", origin)
    more = (_BY_ORIGIN, allowed, _READABLE) if origin else (_BY_ORIGIN,)

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return sent


# --- Ids that callers gave, which may have any sign, also the one that parts paths.


_NAMING = frozenset({"GET", "HEAD", "PUT", "DELETE"})


def naming_whole(app: ASGIApp, paths: Collection[str]) -> ASGIApp:
    """Wrap an application so that what stands below some paths is one id, as it was encoded.

    Servers decode a path before it is routed, so that `a%2Fb` would be two parts of it, and a
    browser leaves out `.` and `..`, also encoded: these may stand in the query, as `?id=..` after
    the path itself. POST is sent to parts that are none of a caller, and OPTIONS asks about them.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["method"] in _NAMING:
            for path in paths:
                if scope["path"].startswith(path) and (given := _id_below(scope, path)):
                    name_whole(scope, path, given)
        await app(scope, receive, send)

    return answer


def _id_below(scope: HTTPScope, path: str) -> str:
    """Return the id that a request names below a path; empty where it names none."""
    if scope["path"] == path:
        name, _, value = scope["query_string"].partition(b"&")[0].partition(b"=")
        if name != b"id":
            return ""
        scope["query_string"] = scope["query_string"].partition(b"&")[2]
        return unquote_plus(value.decode("latin-1"))
    # the test client has none
    whole = scope["raw_path"] if "raw_path" in scope else quote(scope["path"]).encode()
    before, _, given = whole.partition(b"?")[0].decode("latin-1").partition(f"{path}/")
    return "" if before else unquote(given)


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


_TOO_MANY = "{} requests of this key or address are being answered, and {} wait; try again later"


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
        work.caller = queue_of(caller_of(request), scope)
        if _is_stream(scope):
            await streams.enter(work)
            return
        if _is_large(scope):
            await large.enter(work)
        await every.enter(work)

    return enter


def queue_of(caller: Caller, scope: HTTPScope) -> str:
    """Return in whose queue a request waits: its key's, its person's, or its address's."""
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


# --- Answers in the encoding that the client likes best: zstd, brotli or gzip.
#
# A stream encodes itself (see `features.screen.stream`), since it begins before its length is
# known. Whatever else is text and longer than `SHORT_BYTES` is encoded here. Litestar's own
# middleware knows one encoding beside gzip, and screenings do not go through it.


# An answer up to this length fits one packet as it is.
SHORT_BYTES = 1_000
_TEXTS = (
    b"text/",
    b"application/json",
    b"application/problem+json",
    b"application/x-ndjson",
    b"application/atom+xml",
    b"application/javascript",
    b"image/svg+xml",
)


def compressing(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that long answers in text come in an encoding the client takes."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            accepted = header_of(scope, b"accept-encoding").decode("latin-1")
            encoding = encoding_for(accepted, ANSWER_ENCODERS)
            await app(scope, receive, _Compressed(send, encoding).send)
        else:
            await app(scope, receive, send)

    return answer


class _Compressed:
    """What is sent of one answer; it is encoded if it is long and a text."""

    def __init__(self, send: Send, encoding: str) -> None:
        self._send = send
        self._encoding = encoding
        self._encoder: Encoder | None = None
        self._start: HTTPResponseStartEvent | None = None

    async def send(self, message: Message) -> None:
        """Send the next part of the answer, encoded or as it is."""
        if message["type"] == "http.response.start" and _is_long_text(message):
            message["headers"] = [*message["headers"], (b"vary", b"accept-encoding")]
            if self._encoding:
                self._encoder = ANSWER_ENCODERS[self._encoding]()
                self._start = message
                return
        if self._encoder is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        await self._send_piece(self._encoder, message["body"], is_last=not message["more_body"])

    async def _send_piece(self, encoder: Encoder, body: bytes, *, is_last: bool) -> None:
        await give_turns()
        piece = encoder.add(body) if body else b""
        if is_last:
            piece += encoder.end()
        if self._start is not None:
            self._start["headers"] = _encoded(
                self._start, self._encoding, len(piece) if is_last else None
            )
            await self._send(self._start)
            self._start = None
        await self._send({"type": "http.response.body", "body": piece, "more_body": not is_last})


def _is_long_text(start: HTTPResponseStartEvent) -> bool:
    """Return whether an answer is text without an encoding, and known to be long."""
    headers = dict(start["headers"])
    length = headers.get(b"content-length", b"")
    return (
        length.isdigit()
        and int(length) > SHORT_BYTES
        and headers.get(b"content-type", b"").startswith(_TEXTS)
        and b"content-encoding" not in headers
        # its parts may be asked for by their positions
        and b"accept-ranges" not in headers
    )


def _encoded(
    start: HTTPResponseStartEvent, encoding: str, length: int | None
) -> list[tuple[bytes, bytes]]:
    """Return the headers of an encoded answer: a weak ETag, and no length if in pieces."""
    headers = [(b"content-encoding", encoding.encode())]
    for name, value in start["headers"]:
        if name == b"etag" and not value.startswith(b"W/"):
            headers.append((name, b"W/" + value))
        elif name != b"content-length":
            headers.append((name, value))
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return headers


# --- Answers that a client may have already: `ETag`, `If-None-Match` and 304, by RFC 9110, 13.1.2.
#
# What changes seldom and is asked for often has them: the register, the lists, the calendar, the
# OpenAPI document and the files of the pages. They are worked out before it is known that the
# client has them, so that what is saved is the sending.


_VALIDATED = re.compile(
    r"/(?:v1/(?:register|measures|lists|calendar)|openapi\.json|static|docs/files)(?:[./]|$)"
)
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# An answer that says how long it may be kept asks first, since the next may differ.
_ASK_FIRST = (b"cache-control", b"private, no-cache")
# What RFC 9110, 15.4.5 wants to be told of an answer that is not sent again.
_KEPT = frozenset({b"cache-control", b"vary", b"etag"})


def is_validated(path: str) -> bool:
    """Return whether what is at an address has an `ETag`."""
    return _VALIDATED.match(path) is not None


def validating(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that what a client has already is not sent again."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == ScopeType.HTTP
            and scope["method"] == "GET"
            and is_validated(scope["path"])
        ):
            given = header_of(scope, b"if-none-match").decode("latin-1")
            send = _Validated(send, given).send
        await app(scope, receive, send)

    return answer


class _Validated:
    """What is sent of one answer, which is held until its end to tell its tag."""

    def __init__(self, send: Send, given: str) -> None:
        self._send = send
        self._given = given
        self._start: HTTPResponseStartEvent | None = None
        self._pieces: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Hold the next part of the answer, and send all of it at its end."""
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._pieces.append(message["body"])
        if not message["more_body"]:
            await self._end(self._start)

    async def _end(self, start: HTTPResponseStartEvent) -> None:
        body = b"".join(self._pieces)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        start["headers"] = [
            (b"etag", tag.encode()),
            _ASK_FIRST,
            *(each for each in start["headers"] if each[0] != b"cache-control"),
        ]
        if _names(self._given, tag):
            start["status"], body = HTTPStatus.NOT_MODIFIED, b""
            start["headers"] = [each for each in start["headers"] if each[0] in _KEPT]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _names(given: str, tag: str) -> bool:
    """Return whether an If-None-Match header names a tag, be it as a weak one."""
    return given.strip() == "*" or tag in _TAG.findall(given)
