"""Following the database: notice what other processes store, and when the database comes back."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import asyncpg

from service.store.sql import connected, reaching

CHANNEL = "abeyance_lists"
# The lists are also checked this often, because a notification can get lost with a connection.
LOOK_EVERY_S = 30.0


async def connections_with_news(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """Yield a connection at once, and again whenever there may be something new to read.

    The generator ends when the connection is closed.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        async for _ in _news(connection):
            yield connection


async def _news(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Yield at once, on each notification and after each quiet `LOOK_EVERY_S`, until it closes."""
    notified = asyncio.Event()

    def notify(*_: object) -> None:
        notified.set()

    with reaching():
        await connection.add_listener(CHANNEL, notify)
    connection.add_termination_listener(notify)
    while not connection.is_closed():
        notified.clear()
        yield
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await notified.wait()
        except TimeoutError:
            continue
