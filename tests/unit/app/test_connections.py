"""Connections are bounded: whatever one client does, another gets its answer."""

import asyncio
import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from abeyance_screening.platform.http.connections import (
    BoundedProtocol,
    ConnectionLimits,
    limits_of,
)
from abeyance_screening.platform.http.middleware import fronted
from abeyance_screening.platform.http.security import SECURITY_HEADERS
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.fair_scheduler import current_work
from tests.served import HANGS_AFTER_S, listening, wait_for

HOST = b"Host: localhost\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST
POST = b"POST / HTTP/1.1\r\n" + HOST
# Addresses of this machine that no proxy has.
CLIENT, OTHER = "127.0.0.2", "127.0.0.3"


class Impatient(BoundedProtocol):
    """A connection within small limits."""

    limits = ConnectionLimits(
        most=8,
        by_address=4,
        head_s=0.3,
        body_s=0.3,
        unread_s=0.3,
        close_s=0.3,
        look_every_s=0.05,
    )


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers once the body is read; `/held` once the client leaves, `/long` with 30 MB.

    `/stream` answers while it reads, at the pace of its client. `/bug` fails before it answers.
    `/headers` says which headers came, `/body` what body.
    """
    if scope["type"] != ScopeType.HTTP:
        return
    if scope["path"] == "/stream":
        await answer_as_a_stream(receive, send)
        return
    if scope["path"] == "/bug":
        raise RuntimeError
    sent = await whole_body(receive)
    if sent is None:
        return
    if scope["path"] == "/held":
        work, left = current_work(), asyncio.Event()
        assert work is not None
        with work.ending(left.set):
            await left.wait()
        return
    bodies = {
        "/long": lambda: b"x" * 30_000_000,
        "/headers": lambda: b" ".join(name for name, _ in scope["headers"]),
        "/body": lambda: sent,
    }
    body = bodies.get(scope["path"], lambda: b"{}")()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def whole_body(receive: Receive) -> bytes | None:
    """The body of a request; None if its client leaves before the end."""
    sent, is_more = b"", True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        sent, is_more = sent + message["body"], message["more_body"]
    return sent


async def answer_as_a_stream(receive: Receive, send: Send) -> None:
    work = current_work()
    assert work is not None
    work.stream()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    is_more = True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            return
        work.has_moved, is_more = True, message["more_body"]
        await send({"type": "http.response.body", "body": message["body"], "more_body": is_more})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with listening(fronted(answer, Settings(data_dir=Path())), Impatient) as address:
        yield urlsplit(address).port or 0


def connected_from(port: int, client: str = CLIENT) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), HANGS_AFTER_S, (client, 0))


def received(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def asked(port: int, client: str = OTHER, request: bytes = GET) -> bytes:
    connection = connected_from(port, client)
    connection.sendall(request + b"Connection: close\r\n\r\n")
    return received(connection)


def test_who_leaves_answers_unread_leaves_no_error_in_the_log(
    port: int, caplog: pytest.LogCaptureFixture
):
    """More requests follow the one whose answer is not read."""
    with connected_from(port) as connection:
        connection.sendall((GET.replace(b"/", b"/long", 1) + b"\r\n") * 4)
        time.sleep(1)
    assert asked(port).startswith(b"HTTP/1.1 200")
    assert "Exception in ASGI application" not in caplog.text


def test_a_trailer_is_no_header(port: int):
    """A proxy that replaces what a client says of itself in headers passes trailers on."""
    connection = connected_from(port)
    head = POST.replace(b"/", b"/headers", 1) + b"Transfer-Encoding: chunked\r\n\r\n"
    forged = b"X-Forwarded-For: 10.0.0.1\r\nX-Remote-User: anna\r\nX-API-Key: abey_\r\n\r\n"
    again = GET.replace(b"/", b"/headers", 1) + b"A: b\r\nConnection: close\r\n\r\n"
    connection.sendall(head + b"0\r\n" + forged + again)
    first, second = received(connection).split(b"HTTP/1.1 200")[1:]
    assert first.rpartition(b"\r\n")[2] == b"host transfer-encoding"
    assert second.rpartition(b"\r\n")[2] == b"host a connection"


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        pytest.param([b""], b"", id="nothing"),
        pytest.param([GET], b"408", id="half a head"),
        pytest.param([GET + b"\r\n", GET], b"408", id="half a second head"),
        pytest.param([POST + b"Content-Length: 10\r\n\r\n", b"{"], b"408", id="half a body"),
        pytest.param([b"GET /?" + b"a" * 40_000], b"431", id="address"),
        pytest.param([GET, b"A: " + b"b" * 20_000, b"b" * 40_000], b"431", id="one header"),
        pytest.param([GET + b"A: b\r\n" * 6_000], b"431", id="many headers"),
        pytest.param(
            [POST + b"Transfer-Encoding: chunked\r\n\r\n1;a=", b"a" * 40_000],
            b"431",
            id="an extension of a chunk",
        ),
        pytest.param(
            [POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n" * 6_000],
            b"431",
            id="a trailer",
        ),
        pytest.param([b"nonsense\r\n\r\n"], b"400", id="no HTTP"),
    ],
)
def test_what_takes_too_long_or_too_much_is_ended(port: int, pieces: list[bytes], status: bytes):
    connection = connected_from(port)
    for each in pieces:
        connection.sendall(each)
        time.sleep(0.03)
    head, _, body = received(connection).rpartition(b"\r\n\r\n")
    if not status:
        assert (head, body) == (b"", b"")
        return
    # a second request comes after the answer to the first
    last = head[head.rindex(b"HTTP/1.1") :]
    assert last.startswith(b"HTTP/1.1 " + status)
    assert b"nosniff" in last
    assert b"application/problem+json" in last
    assert b'"status":' + status in body
    assert asked(port).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("request_sent", "status"),
    [
        pytest.param(b"nonsense\r\n\r\n", b"400", id="no HTTP"),
        pytest.param(b"GET /bug HTTP/1.1\r\n" + HOST + b"\r\n", b"500", id="a bug"),
    ],
)
def test_an_answer_of_the_server_itself_is_a_problem_that_protects_the_browser(
    port: int, request_sent: bytes, status: bytes
):
    connection = connected_from(port)
    connection.sendall(request_sent)
    head, _, body = received(connection).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    headers = dict(line.lower().split(b": ", 1) for line in head.splitlines()[1:])
    assert headers.items() >= {(name, value.lower()) for name, value in SECURITY_HEADERS}
    assert json.loads(body)["status"] == int(status)


def test_a_body_that_keeps_coming_may_take_its_time(port: int):
    connection = connected_from(port)
    connection.sendall(POST + b"Connection: close\r\nContent-Length: 60000\r\n\r\n")
    for _ in range(20):
        connection.sendall(b"x" * 3_000)
        time.sleep(0.04)
    assert received(connection).startswith(b"HTTP/1.1 200")


def test_a_stream_goes_on_as_long_as_it_moves_and_no_longer(port: int):
    head = b"POST /stream HTTP/1.1\r\n" + HOST
    head += b"Connection: close\r\nContent-Length: 60\r\n\r\n"
    slow, stalled = connected_from(port), connected_from(port)
    stalled.sendall(head + b"y")
    slow.sendall(head)
    for _ in range(20):
        slow.sendall(b"xyz")
        time.sleep(0.04)
    assert received(slow).count(b"xyz") == 20
    assert received(stalled).endswith(b"\r\n1\r\ny\r\n")


def test_whoever_opens_too_many_loses_the_oldest_and_nobody_else(port: int):
    with ExitStack() as opened:
        many = [opened.enter_context(connected_from(port)) for _ in range(40)]
        assert asked(port).startswith(b"HTTP/1.1 200")
        many[-1].sendall(GET + b"Connection: close\r\n\r\n")
        assert received(many[-1]).startswith(b"HTTP/1.1 200")
        assert many[0].recv(1) == b""


def test_whoever_asks_too_much_at_once_is_refused_and_nobody_else(port: int):
    with ExitStack() as opened:
        for _ in range(4):
            busy = opened.enter_context(connected_from(port))
            busy.sendall(b"GET /held HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(0.1)
        refused = received(connected_from(port))
        assert refused.startswith(b"HTTP/1.1 503")
        assert b"retry-after: " in refused
        assert asked(port).startswith(b"HTTP/1.1 200")
    wait_for(lambda: b" 200 " in asked(port, CLIENT)[:20], "work ends when its clients leave")


def test_an_answer_that_nobody_reads_is_not_kept(port: int, caplog: pytest.LogCaptureFixture):
    with connected_from(port) as connection:
        connection.sendall(b"GET /long HTTP/1.1\r\n" + HOST + b"\r\n")
        time.sleep(1)
        taken = 0
        with suppress(ConnectionResetError):
            while piece := connection.recv(1_000_000):
                taken += len(piece)
    assert taken < 30_000_000
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


def test_there_are_never_more_connections_than_descriptors():
    assert limits_of(Settings(data_dir=Path(), connections=3)).most == 3
    assert limits_of(Settings(data_dir=Path(), connections=10**6)).most < 10**6


# What Java's client sends with its first request, and a request of another client.
TO_HTTP_2 = (
    b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA\r\n"
    b"Upgrade: h2c\r\n"
)
TO_WEBSOCKET = b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
SMUGGLED = b"GET /headers HTTP/1.1\r\nHost: other\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED)
WHOLE = b"Content-Length: %d\r\n\r\n%b" % (len(SMUGGLED), SMUGGLED)


@pytest.mark.parametrize("upgrade", [TO_HTTP_2, TO_WEBSOCKET], ids=["HTTP/2", "WebSocket"])
@pytest.mark.parametrize("body", [WHOLE, CHUNKED], ids=["with its length", "in chunks"])
@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_a_request_that_asks_for_another_protocol_is_read_with_its_body(
    port: int, upgrade: bytes, body: bytes, size: int
):
    """A body that looks like a request is none, however the bytes come."""
    post = b"POST /body HTTP/1.1\r\n" + HOST + upgrade + body
    sent = post + post + GET + b"Connection: close\r\n\r\n"
    connection = connected_from(port)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for start in range(0, len(sent), size):
        connection.sendall(sent[start : start + size])
    answers = received(connection).split(b"HTTP/1.1 ")[1:]
    assert [each[:3] for each in answers] == [b"200"] * 3
    assert [each.partition(b"\r\n\r\n")[2] for each in answers] == [SMUGGLED, SMUGGLED, b"{}"]


def test_of_a_request_that_asks_for_another_protocol_all_else_counts(port: int):
    sent = b"GET /headers HTTP/1.1\r\n" + HOST + TO_HTTP_2 + b"X-Api-Key: a\r\n"
    connection = connected_from(port)
    connection.sendall(sent + b"Connection: close\r\n\r\n")
    head, _, body = received(connection).partition(b"\r\n\r\n")
    assert b"connection: close" in head
    assert body == b"host connection http2-settings x-api-key connection"


def test_many_requests_that_ask_for_another_protocol_are_answered_in_turn(port: int):
    connection = connected_from(port)
    connection.sendall((GET + TO_WEBSOCKET + b"\r\n") * 2_000 + GET + b"Connection: close\r\n\r\n")
    assert received(connection).count(b"HTTP/1.1 200 ") == 2_001


def test_a_head_that_asks_for_another_protocol_may_be_no_larger_than_others(port: int):
    long = b"X-Long: %b\r\n" % (b"x" * 40_000)
    for head in (TO_HTTP_2 + long, long + TO_HTTP_2):
        assert asked(port, CLIENT, GET + head).startswith(b"HTTP/1.1 431 ")


ONE_LINE = b"GET / HTTP/1.1\r\n"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(GET + HOST, id="same host twice"),
        pytest.param(GET + b"Host: evil.example\r\n", id="another host behind ours"),
        pytest.param(ONE_LINE + b"host: evil.example\r\nHOST: localhost\r\n", id="before ours"),
        pytest.param(GET + b"Accept: */*\r\nhOsT: localhost\r\n", id="not side by side"),
        pytest.param(ONE_LINE + b"Host:\r\n" + HOST, id="an empty one"),
        pytest.param(ONE_LINE, id="none"),
        pytest.param(GET + b"Host: evil.example\r\nUpgrade: h2c\r\n", id="with an upgrade"),
        pytest.param(b"GET / HTTP/1.0\r\n" + HOST + HOST, id="twice in HTTP 1.0"),
        pytest.param(b"GET http://evil.example/ HTTP/1.1\r\n" + HOST, id="another site"),
        pytest.param(b"GET HTTP://evil.example HTTP/1.1\r\n" + HOST, id="without a path"),
        pytest.param(b"GET http://localhost@evil.example/ HTTP/1.1\r\n" + HOST, id="a user"),
        pytest.param(b"GET http://localhost:81/ HTTP/1.1\r\n" + HOST, id="another port"),
        pytest.param(b"GET http://evil.example?/ HTTP/1.1\r\n" + HOST, id="a query behind it"),
        pytest.param(b"GET ftp://localhost/ HTTP/1.1\r\n" + HOST, id="another scheme"),
        pytest.param(b"GET http://localhost/ HTTP/1.1\r\n", id="whole address, no header"),
        pytest.param(b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST, id="a tunnel"),
    ],
)
def test_a_request_that_names_two_hosts_or_none_is_refused(port: int, head: bytes):
    with connected_from(port) as connection:
        connection.sendall(head + b"\r\n")
        answered = received(connection)
    assert answered.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answered
    assert answered.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(GET, id="one host"),
        pytest.param(b"GET http://localhost/ HTTP/1.1\r\n" + HOST, id="whole address"),
        pytest.param(b"GET http://LOCALHOST:80/ HTTP/1.1\r\n" + HOST, id="in other words"),
        pytest.param(b"GET https://localhost:443/ HTTP/1.1\r\n" + HOST, id="as a proxy asks"),
        pytest.param(b"GET / HTTP/1.0\r\n", id="none in HTTP 1.0"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\n" + HOST, id="the whole service"),
    ],
)
def test_a_request_that_names_its_host_once_is_answered(port: int, head: bytes):
    with connected_from(port) as connection:
        connection.sendall(head + b"Connection: close\r\n\r\n")
        assert received(connection).startswith(b"HTTP/1.1 200 ")


def test_a_second_request_that_names_two_hosts_ends_the_connection(port: int):
    with connected_from(port) as connection:
        connection.sendall(GET + b"\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(GET + HOST + b"\r\n" + GET + b"\r\n")
        answered = received(connection)
    assert answered.startswith(b"HTTP/1.1 400 ")
    assert answered.count(b"HTTP/1.1 ") == 1
