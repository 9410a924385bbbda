"""One request to a publisher's server, and the answer it gets when nothing goes wrong."""

import asyncio
import gzip
import socket
import struct
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

_CHUNK = 16 * 1024
_NO_LINGER = struct.pack("ii", 1, 0)
"""SO_LINGER: on, for no seconds, which makes close() a reset."""


@dataclass(frozen=True)
class Request:
    """What was asked; header names are in lower case."""

    path: str
    headers: dict[str, str]


def read_request(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    assert method == "GET", f"a publisher's file is asked for with GET, not {method}"
    fields = (line.partition(":") for line in lines)
    return Request(path, {name.lower(): value.strip() for name, _, value in fields})


@dataclass(frozen=True)
class File:
    """What stands under one path, and how it is offered."""

    content: bytes
    etag: str | None
    last_modified: datetime | None
    how: tuple[str, ...]

    def state_headers(self) -> dict[str, str]:
        found = {} if self.etag is None else {"ETag": self.etag}
        if self.last_modified is not None:
            found["Last-Modified"] = format_datetime(self.last_modified, usegmt=True)
        return found

    def is_known(self, request: Request) -> bool:
        """Whether the asker has this state: RFC 9110, 13.2.2, If-None-Match before the date."""
        asked = request.headers.get("if-none-match")
        if asked is not None:
            tags = {_opaque(each) for each in asked.split(",")}
            return "*" in tags or (self.etag is not None and _opaque(self.etag) in tags)
        since = request.headers.get("if-modified-since")
        if since is None or self.last_modified is None:
            return False
        return self.last_modified <= parsedate_to_datetime(since)


@dataclass(frozen=True)
class Exchange:
    """One request, the file it asks for (if there is one) and the way back."""

    request: Request
    file: File | None
    writer: asyncio.StreamWriter

    async def answer(self) -> None:
        """What a server without faults does."""
        if self.file is None:
            await self.head(404, {"Content-Length": "0"})
        elif self.file.is_known(self.request):
            await self.head(304, self.file.state_headers())
        else:
            body, headers = self.packed()
            await self.head(200, headers | self.framing(len(body)))
            await self.body(body)

    def packed(self) -> tuple[bytes, dict[str, str]]:
        """The body as it is sent, with the headers that belong to it apart from its length."""
        assert self.file is not None, f"nothing is served at {self.request.path}"
        headers = self.file.state_headers()
        if "gzip" in self.file.how and "gzip" in self.request.headers.get("accept-encoding", ""):
            return gzip.compress(self.file.content, mtime=0), headers | {
                "Content-Encoding": "gzip"
            }
        return self.file.content, headers

    def framing(self, size: int) -> dict[str, str]:
        if self.is_chunked:
            return {"Transfer-Encoding": "chunked"}
        return {"Content-Length": str(size)}

    @property
    def is_chunked(self) -> bool:
        return self.file is not None and "chunked" in self.file.how

    async def head(self, status: int, headers: dict[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        await self.raw("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def body(self, body: bytes, *, is_whole: bool = True) -> None:
        if not self.is_chunked:
            await self.raw(body)
            return
        for start in range(0, len(body), _CHUNK):
            part = body[start : start + _CHUNK]
            await self.raw(b"%x\r\n%b\r\n" % (len(part), part))
        if is_whole:
            await self.raw(b"0\r\n\r\n")

    async def raw(self, content: bytes) -> None:
        self.writer.write(content)
        await self.writer.drain()

    def reset(self) -> None:
        connection: socket.socket = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.writer.transport.abort()


def _opaque(etag: str) -> str:
    """An entity tag for the weak comparison, which If-None-Match takes."""
    return etag.strip().removeprefix("W/")
