"""How `abeyance serve` has its requests answered."""

import asyncio
import socket
from typing import cast, override
from urllib.parse import urlsplit

import pytest
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send
from uvicorn.protocols.websockets import auto

from abeyance_screening.app.answering import _config
from tests.served import listening

UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Upgraded(asyncio.Protocol):
    """Takes a connection over, as a library for WebSockets does where one is installed."""

    def __init__(self, **_: object) -> None:
        super().__init__()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        taken = cast("asyncio.WriteTransport", transport)
        taken.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        taken.close()


async def answer(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == ScopeType.HTTP:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def first_line(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(UPGRADE)
        return connection.recv(65_536).partition(b"\r\n")[0]


def test_no_connection_becomes_a_websocket(monkeypatch: pytest.MonkeyPatch):
    """Such a connection would be within no limits; the request is answered like any other."""
    monkeypatch.setattr(auto, "AutoWebSocketsProtocol", Upgraded)
    lines = list[bytes]()
    for ws in (str(_config().ws), "auto"):
        with listening(answer, ws=ws) as address:
            lines.append(first_line(urlsplit(address).port or 0))
    assert lines == [b"HTTP/1.1 204 No Content", b"HTTP/1.1 101 Switching Protocols"]
