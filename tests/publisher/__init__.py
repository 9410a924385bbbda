"""A publisher's web server on this machine, which does its work well until told otherwise.

with Publisher() as publisher:
    publisher.serve("/un.xml", content)
    publisher.fault("/un.xml", "cut", after=1000, times=2)
    publisher.url("/un.xml"), publisher.requests
"""

import asyncio
import hashlib
import inspect
import ssl
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from tests.publisher.exchange import Exchange, File, Request, read_request
from tests.publisher.faults import FAULTS, Send

_LIMIT_S = 10


@dataclass
class _Fault:
    send: Send
    left: int | None


class Publisher:
    """The server; every path is without faults until `fault` says otherwise."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.port = 0
        self._tls = tls
        self._broken: list[Exception] = []
        self._files: dict[str, File] = {}
        self._faults: dict[str, list[_Fault]] = {}
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._has_started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._has_started.wait(_LIMIT_S), "the publisher did not start"
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(_LIMIT_S)
        assert not self._thread.is_alive(), "the publisher did not stop"
        assert self._broken == [], "the publisher was asked for what it cannot do"

    def url(self, path: str) -> str:
        """The address of a path."""
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """What was asked for one path, oldest first."""
        return [request for request in self.requests if request.path == path]

    def serve(
        self,
        path: str,
        content: bytes,
        *,
        etag: str | None = "",
        last_modified: datetime | None = None,
        how: tuple[str, ...] = (),
    ) -> None:
        """Puts a file under a path, in the place of the one there.

        Args:
            path: With its slash.
            content: The file as it is before packing.
            etag: As sent; "" is one made of the content, None is none.
            last_modified: An aware moment; the server says it and answers 304 by it.
            how: "gzip" packs it for who accepts that, "chunked" sends it without its length.
        """
        assert {"gzip", "chunked"}.issuperset(how), how
        if etag == "":
            etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        self._files[path] = File(content, etag, last_modified, how)

    def fault(self, path: str, kind: str, *, times: int | None = None, **how: object) -> None:
        """Makes the next answers for a path go wrong, after those that earlier faults take.

        Args:
            path: With its slash.
            kind: One of "status" (code, headers, body), "html" (body), "redirect" (to, code,
                headers), "cut" (after, is_announced), "wrong length" (announced), "dribble"
                (every_s, size), "hang" (for_s, after), "reset" (after), "bomb" (size), "raw"
                (content).
            times: How many answers; None is every one from then on.
            how: What the kind takes.
        """
        send = FAULTS[kind]
        inspect.signature(send).bind(None, **how)
        faults = self._faults.setdefault(path, [])
        faults.append(_Fault(partial(send, **how), times))

    def has(self, path: str) -> bool:
        """Whether there is a file under a path."""
        return path in self._files

    def content(self, path: str) -> bytes:
        """The file under a path, before packing."""
        return self._files[path].content

    def heal(self, path: str) -> None:
        """Takes all faults from a path."""
        self._faults.pop(path, None)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._has_started.set()
        await self._over.wait()
        server.close()
        server.abort_clients()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The other side may go at any time, and it is part of the play that it does.
        with suppress(OSError, asyncio.IncompleteReadError), closing(writer):
            request = read_request(await reader.readuntil(b"\r\n\r\n"))
            self.requests.append(request)
            exchange = Exchange(request, self._files.get(request.path), writer)
            try:
                await self._next_send(request.path)(exchange)
            except AssertionError as error:
                self._broken.append(error)

    def _next_send(self, path: str) -> Send:
        for fault in self._faults.get(path, []):
            if fault.left is None:
                return fault.send
            if fault.left > 0:
                fault.left -= 1
                return fault.send
        return Exchange.answer
