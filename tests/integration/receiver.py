"""A receiver of webhooks on this machine, with every fault that one may have."""

import asyncio
import json
import queue
import socket
import ssl
import struct
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

type Answer = Callable[["Received", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    target: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)


def answering(status: int, *headers: str) -> Answer:
    """An answer with a status and headers, without a body."""

    async def answer(_: Received, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Because", "content-length: 0", *headers]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await writer.drain()

    return answer


OK = answering(200)


async def resetting(_: Received, writer: asyncio.StreamWriter) -> None:
    """The connection is reset."""
    taken: socket.socket = writer.get_extra_info("socket")
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def never(_: Received, writer: asyncio.StreamWriter) -> None:
    """No answer ever comes."""
    await writer.wait_closed()


async def endless(_: Received, writer: asyncio.StreamWriter) -> None:
    """A good answer whose body never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n")
    while True:
        writer.write(bytes(100_000))
        await writer.drain()


async def nonsense(_: Received, writer: asyncio.StreamWriter) -> None:
    """Something else than HTTP."""
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


class HookReceiver:
    """What came, in order, and how the next request is answered."""

    def __init__(self) -> None:
        self.came = list[Received]()
        self.answer: Answer = OK
        self.port = 0
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook?token=sesame"

    @property
    def taken(self) -> list[str]:
        """The ids of all that came."""
        return [each.id for each in self.came]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, ssl.SSLError):
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                pairs = (line.partition(": ") for line in head[1:] if line)
                headers = {name.lower(): value for name, _, value in pairs}
                body = await reader.readexactly(int(headers["content-length"]))
                received = Received(head[0].split(" ")[1], headers, body.decode())
                self.came.append(received)
                await self.answer(received, writer)
            except asyncio.IncompleteReadError:
                return
            finally:
                writer.close()


@asynccontextmanager
async def receiving(trusted: ssl.SSLContext | None = None) -> AsyncGenerator[HookReceiver]:
    """A receiver that listens until the end, by TLS if it has a context."""
    receiver = HookReceiver()
    going_on = set[asyncio.Task[None]]()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(receiver.serve(reader, writer))
        going_on.add(task)
        task.add_done_callback(going_on.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=trusted)
    receiver.port = server.sockets[0].getsockname()[1]
    receiver.scheme = "http" if trusted is None else "https"
    try:
        yield receiver
    finally:
        server.close()
        for task in going_on:
            task.cancel()
        await asyncio.gather(*going_on, return_exceptions=True)


@contextmanager
def receiving_beside() -> Generator[HookReceiver]:
    """A receiver in a thread of its own, for tests that are not asynchronous."""
    begun, ended = queue.Queue[HookReceiver](), threading.Event()

    async def receive() -> None:
        async with receiving() as receiver:
            begun.put(receiver)
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(receive()), daemon=True)
    thread.start()
    try:
        yield begun.get()
    finally:
        ended.set()
        thread.join()
