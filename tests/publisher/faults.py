"""What can go wrong with an answer; each fault is a function with what it takes besides."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

from tests.publisher.exchange import Exchange

MAINTENANCE = b"<!DOCTYPE html><title>Maintenance</title><h1>We will be back soon</h1>"

type Send = Callable[..., Awaitable[None]]
"""Sends the answer to one exchange; what it takes besides its signature says."""


async def _status(
    exchange: Exchange, *, code: int, headers: dict[str, str] | None = None, body: bytes = b""
) -> None:
    await exchange.head(code, {"Content-Length": str(len(body))} | (headers or {}))
    await exchange.raw(body)


async def _html(exchange: Exchange, *, body: bytes = MAINTENANCE) -> None:
    await _status(exchange, code=200, headers={"Content-Type": "text/html"}, body=body)


async def _redirect(
    exchange: Exchange, *, to: str, code: int = 302, headers: dict[str, str] | None = None
) -> None:
    await _status(exchange, code=code, headers={"Location": to} | (headers or {}))


async def _cut(exchange: Exchange, *, after: int, is_announced: bool = True) -> None:
    """Closes after so many bytes of the body, in good order if no length was announced."""
    body, headers = exchange.packed()
    await exchange.head(200, headers | (exchange.framing(len(body)) if is_announced else {}))
    await exchange.body(body[:after], is_whole=False)


async def _wrong_length(exchange: Exchange, *, announced: int) -> None:
    body, headers = exchange.packed()
    await exchange.head(200, headers | {"Content-Length": str(announced)})
    await exchange.raw(body)


async def _dribble(exchange: Exchange, *, every_s: float, size: int = 1) -> None:
    body, headers = exchange.packed()
    await exchange.head(200, headers | exchange.framing(len(body)))
    for start in range(0, len(body), size):
        await exchange.body(body[start : start + size], is_whole=False)
        await asyncio.sleep(every_s)


async def _hang(exchange: Exchange, *, for_s: float = 60, after: int | None = None) -> None:
    """Says nothing: at all, or after so many bytes of the body."""
    if after is not None:
        await _cut(exchange, after=after)
    await asyncio.sleep(for_s)


async def _reset(exchange: Exchange, *, after: int | None = None) -> None:
    """Resets the connection: before the answer, or after so many bytes of the body."""
    if after is not None:
        await _cut(exchange, after=after)
        # A reset throws away what still lies in the buffers.
        await asyncio.sleep(0.05)
    exchange.reset()


async def _bomb(exchange: Exchange, *, size: int) -> None:
    """So many zeros, gzipped to about a thousandth of that."""
    packed = gzip.compress(bytes(size))
    await _status(exchange, code=200, headers={"Content-Encoding": "gzip"}, body=packed)


async def _raw(exchange: Exchange, *, content: bytes) -> None:
    """These bytes in the place of an answer."""
    await exchange.raw(content)


FAULTS: dict[str, Send] = {
    "status": _status,
    "html": _html,
    "redirect": _redirect,
    "cut": _cut,
    "wrong length": _wrong_length,
    "dribble": _dribble,
    "hang": _hang,
    "reset": _reset,
    "bomb": _bomb,
    "raw": _raw,
}
