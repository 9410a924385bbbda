"""Connections: how many there are, and how long each may take, so that no client holds them all.

uvicorn with httptools bounds neither the size of a head nor the time for one, and accepts
connections until there are no more descriptors. Here every connection counts, and one look a
second at all of them ends those that take too long, so that a request costs no timer.

A connection is idle until the head of a request is complete, and again once its answer is sent.
Where there are too many connections, the one that has been idle longest gives way.
"""

import asyncio
import logging
import socket
import sys
from collections import Counter
from http import HTTPStatus
from ipaddress import ip_network
from typing import TYPE_CHECKING, Literal, cast, override
from weakref import WeakKeyDictionary

import msgspec
from httptools import HttpParserUpgrade, HttpRequestParser
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from abeyance_screening.platform.access.callers import Network, client_group, is_within
from abeyance_screening.platform.http.hosts import fault_of_host
from abeyance_screening.platform.http.security import CONNECTION, answer_problem, problem_bytes
from abeyance_screening.platform.settings import CONNECTIONS_BY_ADDRESS, Settings, read_settings
from abeyance_screening.primitives.fair_scheduler import Work

if TYPE_CHECKING:
    from array import array

# More connections than this help nobody: one process answers some 2,000 requests a second.
MOST_CONNECTIONS = 4_000
# What lists, the database, child processes and log files need beside connections.
DESCRIPTORS_KEPT = 128
# A limit of a billion, as some container engines set it, makes programs slow that walk through it.
MOST_DESCRIPTORS = 65_536
_LOG_EVERY_S = 60.0
# The system doubles it, and lets more be written once a third is sent.
_STREAM_BUFFER_BYTES = 131_072
_TCP = (socket.AF_INET, socket.AF_INET6)
_BUG = "nothing was stored; the log of the service says what failed"
logger = logging.getLogger(__name__)


class ConnectionLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of connections: their number, bytes of a head, seconds, bytes a second.

    Attributes:
        most: How many connections one process has at once.
        by_address: How many of them one address may have; a trusted proxy's is not counted.
        forwarders: Networks of proxies, and our own machine, have no limit of one address: all
            their clients would share it.
        head_bytes: The largest head, which is the address and all headers; also the largest
            trailer or chunk extension.
        head_s: How long a head may take, and how long a new connection may wait with it.
        body_s: How long a body may take that comes more slowly than `body_rate`.
        body_rate: Bytes a second.
        unread_s: How long a client may leave an answer unread, or a stream may stand still.
        close_s: How long a refused client has to take the refusal and close the connection.
        look_every_s: How often all connections are looked at.
    """

    most: int = MOST_CONNECTIONS
    by_address: int = CONNECTIONS_BY_ADDRESS
    forwarders: tuple[Network, ...] = ()
    head_bytes: int = 32_768
    head_s: float = 10.0
    body_s: float = 20.0
    body_rate: int = 10_000
    unread_s: float = 60.0
    close_s: float = 2.0
    look_every_s: float = 1.0


def limits_of(settings: Settings) -> ConnectionLimits:
    """Return the limits of this process: never more connections than it has descriptors for."""
    most = MOST_CONNECTIONS if settings.connections is None else settings.connections
    descriptors = descriptor_limit()
    if descriptors is not None:
        most = max(1, min(most, descriptors - DESCRIPTORS_KEPT))
    return ConnectionLimits(
        most=most,
        by_address=settings.connections_by_address,
        forwarders=tuple(map(ip_network, settings.forwarders)),
    )


if sys.platform == "win32":

    def raise_descriptor_limit() -> int | None:
        """Return None: Windows has no such limit."""

    def descriptor_limit() -> int | None:
        """Return None: Windows has no such limit."""

else:
    import resource

    def raise_descriptor_limit() -> int | None:
        """Raise the limit of open descriptors as far as allowed; return it, None for no limit."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = (
            MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
        )
        if soft != resource.RLIM_INFINITY and soft < wanted:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            except (OSError, ValueError):
                logger.warning("descriptors.not_raised", extra={"limit": soft, "wanted": wanted})
        return descriptor_limit()

    def descriptor_limit() -> int | None:
        """Return how many descriptors this process may have open; None for no limit."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return None if soft == resource.RLIM_INFINITY else soft


class ConnectionTable:
    """The connections of one server, and the look at all of them once a second."""

    def __init__(self, limits: ConnectionLimits, loop: asyncio.AbstractEventLoop) -> None:
        self.limits = limits
        self._loop = loop
        self._all: dict[BoundedProtocol, None] = {}
        # in the order in which they became idle
        self._idle: dict[BoundedProtocol, None] = {}
        self._by_address: dict[str, dict[BoundedProtocol, None]] = {}
        self._is_looking = False
        self._refused: Counter[str] = Counter()
        self._logged_at = -_LOG_EVERY_S

    def enter(self, connection: "BoundedProtocol") -> bool:
        """Take in a new connection, and return whether there was room for it."""
        address = connection.address
        near = {} if address is None else self._by_address.setdefault(address, {})
        has_room = True
        if len(near) >= self.limits.by_address:
            has_room = self._make_room(near)
        if has_room and len(self._all) >= self.limits.most:
            has_room = self._make_room(self._idle)
        self._all[connection] = self._idle[connection] = None
        if address is not None:
            near[connection] = None
            self._by_address[address] = near
        if not self._is_looking:
            self._is_looking = True
            self._loop.call_later(self.limits.look_every_s, self._look)
        return has_room

    def leave(self, connection: "BoundedProtocol") -> None:
        """Forget a connection that is closed."""
        self._all.pop(connection, None)
        self._idle.pop(connection, None)
        if connection.address is not None:
            near = self._by_address.get(connection.address, {})
            near.pop(connection, None)
            if not near:
                self._by_address.pop(connection.address, None)

    def busy(self, connection: "BoundedProtocol") -> None:
        """Note that the head of a request is complete."""
        self._idle.pop(connection, None)

    def idle(self, connection: "BoundedProtocol") -> None:
        """Note that an answer is sent, or that the rest of a request is not read."""
        if connection in self._all:
            self._idle[connection] = None

    def count(self, why: str) -> None:
        """Count a connection that was closed, for the log."""
        self._refused[why] += 1

    def _make_room(self, among: dict["BoundedProtocol", None]) -> bool:
        """Close the connection that has been idle longest, and return whether there was one."""
        oldest = next((each for each in among if each in self._idle), None)
        if oldest is None:
            return False
        self.count("gave_way")
        self.leave(oldest)
        oldest.abort()
        return True

    def _look(self) -> None:
        now = self._loop.time()
        for each in list(self._all):
            each.look(now)
        if self._refused and now - self._logged_at >= _LOG_EVERY_S:
            # a line for each would let one client fill the disk
            reasons = ",".join(f"{why}:{count}" for why, count in sorted(self._refused.items()))
            logger.warning(
                "connections.refused", extra={"open": len(self._all), "reasons": reasons}
            )
            self._refused.clear()
            self._logged_at = now
        self._is_looking = bool(self._all)
        if self._is_looking:
            self._loop.call_later(self.limits.look_every_s, self._look)


class _HeadFirst:
    """The transport of one answer: its head is written together with what comes after it.

    A write of its own costs the service, and a client on the same machine, some 15 µs. A head with
    nothing behind it is written once the loop comes round; all else is written at once.
    """

    __slots__ = ("_head", "_is_begun", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self._is_begun = False

    def write(self, data: bytes) -> None:
        """Write data, after the head if that waits; the first data wait for the next."""
        if not self._is_begun:
            self._is_begun, self._head = True, data
            self._loop.call_soon(self._write_head)
        elif self._head:
            head, self._head = self._head, b""
            self._transport.writelines((head, data))
        else:
            self._transport.write(data)

    def is_closing(self) -> bool:
        """Return whether the connection is closed, or about to be."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Write what waits, and close the connection."""
        self._write_head()
        self._transport.close()

    def _write_head(self) -> None:
        head, self._head = self._head, b""
        if head and not self._transport.is_closing():
            self._transport.write(head)


class _RequestParser(HttpRequestParser):
    """A parser that reads a request with `Upgrade` as one without, as RFC 9110, 7.8, allows.

    Java's client asks with its first request for HTTP/2. The parser of the library takes what
    comes after such a head for another protocol, and so a body for the next request.
    """

    def __init__(self, connection: "BoundedProtocol") -> None:
        super().__init__(connection)
        # as uvicorn has it: a request is answered whatever comes behind it
        self.set_dangerous_leniencies(lenient_data_after_close=True)
        self._connection = connection

    @override
    def feed_data(self, data: "bytes | bytearray | memoryview[int] | array[int]") -> None:
        reading = self
        while True:
            try:
                HttpRequestParser.feed_data(reading, data)
            except HttpParserUpgrade as upgrade:
                head = self._connection.take_plain_head()
                if not head:
                    raise
                data = head + bytes(data)[cast("int", upgrade.args[0]) :]
                # after a head with `Connection: close` the same parser would read nothing
                reading = self._connection.parser = _RequestParser(self._connection)
            else:
                return


# Our own machine may have a proxy.
_OURS = frozenset({"127.0.0.1", "::1"})
_tables: WeakKeyDictionary[ServerState, ConnectionTable] = WeakKeyDictionary()
type _Phase = Literal["idle", "head", "body", "done"]


class BoundedProtocol(HttpToolsProtocol):
    """A connection within the limits; `limits` None means those of the settings."""

    limits: ConnectionLimits | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.app = answering_bugs(self.app)
        self.parser = _RequestParser(self)
        table = _tables.get(server_state)
        if table is None:
            limits = limits_of(read_settings()) if self.limits is None else self.limits
            table = _tables[server_state] = ConnectionTable(limits, self.loop)
        self.work: Work | None = None
        self.address: str | None = None
        self._table = table
        self._most_head = table.limits.head_bytes
        self._phase: _Phase = "idle"
        self._has_asked = False
        self._since = self.loop.time()
        self._head = self._quiet = self._came = 0
        self._plain_head = b""
        self._refusal: HTTPStatus | None = None
        self._unread_since: float | None = None
        self._closing_since: float | None = None

    def abort(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def stream(self) -> None:
        """Let the request take its time while anything moves, with little of its answer unsent.

        A large send buffer would fall silent for minutes where the client reads slowly.
        """
        connected = cast("socket.socket | None", self.transport.get_extra_info("socket"))
        if connected is not None and connected.family in _TCP:
            with socket.fromfd(connected.fileno(), connected.family, connected.type) as same:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _STREAM_BUFFER_BYTES)

    # --- What the transport calls.

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        address = None if self.client is None else self.client[0]
        forwarders = self._table.limits.forwarders
        if address is not None and not (address in _OURS or is_within(address, forwarders)):
            self.address = client_group(address)
        if not self._table.enter(self):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections; try again later")
            # at once: a client that comes too often must not keep a descriptor each time
            transport.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._table.leave(self)
        super().connection_lost(exc)
        if self.work is not None:
            self.work.abandon()

    @override
    def data_received(self, data: bytes) -> None:
        if self._refusal is not None:
            return
        self._quiet += len(data)
        super().data_received(data)
        # more than 32 kB in which nothing was complete, such as one header, or a chunk extension
        if self._quiet > self._most_head and self._refusal is None:
            self._refuse_head()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since = self.loop.time()

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None

    # --- What the parser calls.

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: {"connection": self}}
        if self._phase != "head":
            self._phase, self._since = "head", self.loop.time()
        self._head = self._quiet = self._came = 0

    @override
    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._add_to_head(len(url))

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        # a trailer is no header: a proxy that replaces what a client says of itself passes it on
        if self._phase == "head":
            super().on_header(name, value)
        # with `: ` and the end of the line
        self._add_to_head(len(name) + len(value) + 4)

    @override
    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade() and not self._should_upgrade():
            self._plain_head = self._head_without_upgrade()
            if self._plain_head:
                return
        self._check_host()
        self._phase, self._since = "body", self.loop.time()
        self._table.busy(self)
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:
            head_first = _HeadFirst(self.transport, self.loop)
            self.cycle.transport = cast("asyncio.Transport", cast("object", head_first))
        self._has_asked = True

    @override
    def on_body(self, body: bytes) -> None:
        self._came += len(body)
        self._quiet = 0
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        if self._plain_head:
            return
        self._phase = "done"
        self._quiet = 0
        super().on_message_complete()
        if not self.pipeline:
            # while nothing is read, nobody notices that the client leaves
            self.flow.resume_reading()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:
            self._table.idle(self)
            if self._phase == "done":
                self._phase, self._since = "idle", self.loop.time()

    def take_plain_head(self) -> bytes:
        """Return the head of the request that was just read, to be read again without `Upgrade`.

        It is empty where the request does not ask for another protocol, or gets it.
        """
        head, self._plain_head = self._plain_head, b""
        return head

    def _head_without_upgrade(self) -> bytes:
        method = self.parser.get_method()
        if method == b"CONNECT":
            # what comes behind it is another protocol, with a header or without
            return b""
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (method, self.url, version)]
        lines += [b"%b: %b" % each for each in self.headers if each[0] != b"upgrade"]
        return b"\r\n".join([*lines, b"", b""])

    # --- Refusals that no application sees.

    @override
    def send_400_response(self, msg: str) -> None:
        if self._refusal is not None:
            return
        if self._head > self._most_head:
            self._refuse_head()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, "this is no HTTP request")

    def look(self, now: float) -> None:
        """Close the connection if it has taken too long."""
        if self.work is not None and self.work.is_stream and self._is_answering():
            self._look_at_stream(self.work, now)
        else:
            self._look_at_request(now)

    def _look_at_request(self, now: float) -> None:
        limits, waited_s = self._table.limits, now - self._since
        if self.transport.is_closing() and self._closing_since is None:
            self._closing_since = now
        since = self._unread_since or self._closing_since
        if since is not None and now - since > limits.unread_s:
            self.abort()
        elif self._refusal is not None:
            if waited_s > limits.close_s:
                self.abort()
        elif self._is_answering():
            self._look_at_body(waited_s, now)
        elif waited_s > limits.head_s:
            if self._phase == "head":
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the request did not come in time")
            else:
                self._table.count("idle")
                self.transport.close()

    def _is_answering(self) -> bool:
        return self._has_asked and not self.cycle.response_complete

    def _look_at_body(self, waited_s: float, now: float) -> None:
        """Refuse a body that comes too slowly; while the application lets it wait, it may."""
        limits = self._table.limits
        if self._phase != "body" or self.flow.read_paused:
            self._since = now if self._phase == "body" else self._since
        elif waited_s > limits.body_s:
            if self._came < limits.body_rate * waited_s:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time")
            else:
                self._since, self._came = now, 0

    def _look_at_stream(self, work: Work, now: float) -> None:
        """End a stream that has waited too long for its client to send or to read."""
        is_awaited = self._phase == "body" and not self.flow.read_paused
        is_ours = not is_awaited and not self.flow.write_paused
        if work.has_moved or is_ours:
            work.has_moved, self._since = False, now
        elif now - self._since > self._table.limits.unread_s:
            self._table.count("stream_stalled")
            self.abort()

    def _check_host(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        is_required = self.parser.get_http_version() != "1.0"
        fault = fault_of_host(self.url, hosts, is_required=is_required)
        if fault is not None:
            self._refuse(HTTPStatus.BAD_REQUEST, fault)
            # the parser passes it on as an error of its own, and reads no further
            raise ValueError

    def _add_to_head(self, size: int) -> None:
        self._head += size
        self._quiet = 0
        if self._head > self._most_head:
            # the parser passes it on as an error of its own, and that leads to a refusal
            raise ValueError

    def _refuse_head(self) -> None:
        detail = f"the address and the headers are larger than {self._most_head:,} bytes"
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Answer with a problem and close, dropping what comes; without one if an answer began."""
        self._table.count(f"status_{status:d}")
        self._refusal, self._since = status, self.loop.time()
        self._table.idle(self)
        is_answering = self._is_answering()
        if is_answering and (
            self.cycle.response_started or self._phase == "head" or self.pipeline
        ):
            self.abort()
            return
        if is_answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if not self.transport.is_closing():
            self.transport.write(problem_bytes(status, detail, self.server_state.default_headers))
            # closing at once could lose the answer while the client is still sending
            self.transport.write_eof()


def answering_bugs(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that an error it lets out is answered as a problem, too.

    uvicorn logs the error, and would answer without a protecting header. That an answer which has
    begun cannot be written because its client has left is no error: that is for the client to
    decide, once for each connection, and would fill the log.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_begun = False

        async def sent(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await app(scope, receive, sent)
        except Exception:
            if is_begun and _has_left(scope):
                return
            if not is_begun and scope["type"] == ScopeType.HTTP:
                await answer_problem(scope, send, HTTPStatus.INTERNAL_SERVER_ERROR, _BUG)
            raise

    return answer


def _has_left(scope: Scope) -> bool:
    """Return whether the connection of a request is closed, or about to be."""
    if scope["type"] != ScopeType.HTTP:
        return False
    found = (scope["extensions"] or {}).get(CONNECTION)
    return (
        found is not None and cast("BoundedProtocol", found["connection"]).transport.is_closing()
    )
