"""Several changes in one transaction."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from uuid import UUID

import asyncpg

from abeyance_screening.platform.postgres.queries import QUERY_TIMEOUT_S, reaching

# --- A unit of work: what one request stores, in one transaction over several stores.


class UnitOfWork:
    """A transaction on a connection that is taken when the first query needs it.

    `screening` and `table_result` are the ids of what was kept in it.
    """

    def __init__(
        self, pool: asyncpg.Pool, turns: asyncio.Semaphore, stack: AsyncExitStack
    ) -> None:
        self._pool = pool
        self._turns = turns
        self._stack = stack
        self._connection: asyncpg.pool.PoolConnectionProxy | None = None
        self.screening: UUID | None = None
        self.table_result: UUID | None = None

    async def connection(self) -> asyncpg.pool.PoolConnectionProxy:
        """Return the connection, inside the transaction."""
        if self._connection is None:
            await self._stack.enter_async_context(self._turns)
            acquired = self._pool.acquire(timeout=QUERY_TIMEOUT_S)
            connection = await self._stack.enter_async_context(acquired)
            await self._stack.enter_async_context(connection.transaction())
            self._connection = connection
        return self._connection

    async def fetch(self, query: str, /, *args: object) -> list[asyncpg.Record]:
        """Return the rows of a query."""
        return await (await self.connection()).fetch(query, *args)


_unit: ContextVar[UnitOfWork | None] = ContextVar("_unit", default=None)


def current_unit() -> UnitOfWork | None:
    """Return the unit of work of this request; None where each change is committed by itself."""
    return _unit.get()


@asynccontextmanager
async def unit_of_work(pool: asyncpg.Pool, turns: asyncio.Semaphore) -> AsyncGenerator[UnitOfWork]:
    """Open a unit of work for all that this task stores; its end commits, an error rolls back.

    Only what writes runs in it, and what reads the same rows again. `turns` are how many units may
    have a connection at once.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    with reaching():
        async with AsyncExitStack() as stack:
            unit = UnitOfWork(pool, turns, stack)
            before = _unit.set(unit)
            try:
                yield unit
            finally:
                _unit.reset(before)
