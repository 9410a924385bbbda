"""Downloads, from a server that does what servers do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date

import pytest

from service.fetch import fetch
from service.model.errors import FetchFailedError

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
BODY = b"id,name\n1,Acme\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"


@pytest.fixture
async def publisher() -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    """Starts a server that sends these bytes to whoever asks, and gives its address."""
    servers: list[asyncio.Server] = []

    async def start(raw: bytes) -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/list.csv"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


def whole(head: bytes = HEAD, body: bytes = BODY) -> bytes:
    return head + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


async def test_a_file_comes_whole_with_the_day_it_last_changed(publisher):
    head = HEAD + b"Last-Modified: Fri, 31 Jul 2026 13:15:00 GMT\r\n"
    fetched = await fetch(await publisher(whole(head)))
    assert fetched.content == BODY
    assert fetched.last_modified_on == date(2026, 7, 31)


@pytest.mark.parametrize("header", [b"", b"Last-Modified: yesterday\r\n"], ids=["none", "unread"])
async def test_a_day_that_is_not_said_is_not_known(publisher, header: bytes):
    assert (await fetch(await publisher(whole(HEAD + header)))).last_modified_on is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(whole(b"HTTP/1.1 404 Not Found\r\n"), "answered 404", id="gone"),
        pytest.param(whole(b"HTTP/1.1 503 Busy\r\n"), "answered 503", id="busy"),
        pytest.param(whole()[:-3], r"incomplete|closed", id="cut off"),
        pytest.param(b"", "disconnected", id="no answer"),
        pytest.param(b"SSH-2.0-x\r\n\r\n", "status line", id="not HTTP"),
        pytest.param(whole(body=b"x" * 101), "more than 100 bytes", id="too big"),
        pytest.param(
            b"HTTP/1.1 302 Found\r\nLocation: /list.csv\r\nContent-Length: 0\r\n\r\n",
            "redirects",
            id="round in circles",
        ),
    ],
)
async def test_a_file_that_does_not_come_whole_does_not_come(publisher, raw: bytes, reason: str):
    with pytest.raises(FetchFailedError, match=reason):
        await fetch(await publisher(raw), max_bytes=100)


async def test_nobody_there_is_a_failed_download():
    with pytest.raises(FetchFailedError, match=r"http://127\.0\.0\.1:9/"):
        await fetch("http://127.0.0.1:9/list.csv")
