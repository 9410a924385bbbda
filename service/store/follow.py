"""Hears when another process has stored something, and notices when the database comes back."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import asyncpg

from service.store.sql import connected, reaching

CHANNEL = "abeyance_lists"
# Also without a word the lists are looked at this often: a notice can get lost with a connection.
LOOK_EVERY_S = 30.0


async def connections_with_news(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """Yields a connection at once, and again whenever there may be something new to read.

    Ends when the connection does.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        async for _ in _news(connection):
            yield connection


async def _news(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """One turn at once, one for each notice, one for each quiet half minute; ends if cut off."""
    heard = asyncio.Event()

    def hear(*_: object) -> None:
        heard.set()

    with reaching():
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
