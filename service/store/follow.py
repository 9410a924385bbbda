"""Hears when another process has stored something, and notices when the database comes back."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg

from service.model.errors import StoreUnavailableError
from service.store.sql import connected

CHANNEL = "abeyance_lists"
# Also without a word the lists are looked at this often: a notice can get lost with a connection.
LOOK_EVERY_S = 30.0
# How long to wait before a lost database is tried again.
RETRY_AFTER_S = 0.5


async def connections_with_news(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Yields a connection at once, and again whenever there may be something new to read.

    Never ends. While the database is out of reach it tries again and again.
    """
    while True:
        try:
            async with connected(dsn) as connection:
                async for _ in _news(connection):
                    yield connection
        except StoreUnavailableError:
            await asyncio.sleep(RETRY_AFTER_S)


async def _news(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """One turn at once, one for each notice, one for each quiet half minute; ends if cut off."""
    heard = asyncio.Event()

    def hear(*_: object) -> None:
        heard.set()

    await connection.add_listener(CHANNEL, hear)
    connection.add_termination_listener(hear)
    while not connection.is_closed():
        heard.clear()
        yield
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await heard.wait()
        except TimeoutError:
            continue
