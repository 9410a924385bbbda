"""The pool of connections of a process, and the connections on which it follows the database."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self
from uuid import uuid4

import asyncpg
from asyncpg.connection import LoggedQuery

from abeyance_screening.platform.postgres.database import (
    QUERY_TIMEOUT_S,
    AnyConnection,
    QueryPlace,
    connected,
    current_unit,
    name_author,
    reaching,
)
from abeyance_screening.primitives.errors import StoreUnavailableError


class PooledStore:
    """A pool of connections, which is open inside `async with`."""

    def __init__(self, dsn: str, on_query: Callable[[LoggedQuery], None] | None = None) -> None:
        """Take the address of the database; `on_query` is called after each query that is made.

        It gets what asyncpg's loggers of queries get, with the text and the values apart.
        """
        self.process = uuid4()
        self._dsn = dsn
        self._on_query = on_query
        self._pool: asyncpg.Pool | None = None

    async def __aenter__(self) -> Self:
        # No connection is made before one is needed, so the database may start after us.
        self._pool = await asyncpg.create_pool(
            self._dsn, min_size=0, max_size=8, timeout=QUERY_TIMEOUT_S, init=self._watched
        )
        return self

    async def _watched(self, connection: asyncpg.Connection) -> None:
        if self._on_query is not None:
            connection.add_query_logger(self._on_query)

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.terminate()

    @property
    def pool(self) -> asyncpg.Pool:
        """The open pool."""
        if self._pool is None:
            raise StoreUnavailableError
        return self._pool

    @property
    def place(self) -> QueryPlace:
        """This request's unit of work, or the pool without one."""
        return current_unit() or self.pool

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[AnyConnection]:
        """Lend a connection."""
        with reaching():
            async with self.pool.acquire(timeout=QUERY_TIMEOUT_S) as connection:
                await name_author(connection)
                yield connection

    @asynccontextmanager
    async def connect_unit(self) -> AsyncGenerator[AnyConnection]:
        """Lend the connection of this request's unit of work, or one of the pool without one."""
        unit = current_unit()
        if unit is None:
            async with self.connect() as connection:
                yield connection
        else:
            with reaching():
                yield await unit.connection()


# --- Following: notice what other processes store, and when the database comes back.

CHANNEL = "abeyance_lists"
# The lists are also checked this often, because a notification can get lost with a connection.
LOOK_EVERY_S = 30.0


async def connections_with_news(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """Yield a connection at once, and again whenever there may be something new to read.

    The generator ends when the connection is closed.
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
