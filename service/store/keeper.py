"""Keeper: answers that come together are kept together, with one commit for all of them.

A commit waits for the disk, some milliseconds; while it does, the next answers gather. Each of
them waits for the commit of its own row, so that nothing is answered which is not kept for good.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import asyncpg

from service.store.screenings import Connection, KeptScreening, add_screenings
from service.store.sql import CLOSE_TIMEOUT_S, QUERY_TIMEOUT_S, reaching

# An answer longer than this goes by a connection of its own: others would wait for it.
_LONG_BYTES = 1_000_000
# An answer of more parts as well: they may all be new.
_MANY_PARTS = 100
# So many long ones are on their way at once; the other connections are for the others.
_LONG_AT_ONCE = 3
# Whoever comes while so many wait, waits for room among them.
_MOST_WAITING = 1_000
# What is kept together grows no more from so many bytes on.
_TOGETHER_BYTES = 8_000_000
# Parts of which it is remembered that they are there, by their digests: some 10 MB.
_MOST_KNOWN = 100_000


class _Together:
    """Screenings that are kept with one commit."""

    def __init__(self) -> None:
        self.screenings: list[KeptScreening] = []
        self.byte_count = 0

    def take(self, screening: KeptScreening) -> None:
        """One more."""
        self.screenings.append(screening)
        self.byte_count += screening.byte_count


class ScreeningKeeper:
    """Keeps screenings through a pool of connections, of which it holds on to one.

    It remembers which parts of answers are there, as long as that connection lasts: a database
    that comes back may be one that has lost them.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._known: set[bytes] = set()
        self._gathering = _Together()
        self._kept: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._room = asyncio.Semaphore(_MOST_WAITING)
        self._long = asyncio.Semaphore(_LONG_AT_ONCE)

    async def add(self, screening: KeptScreening) -> None:
        """Returns when the screening is kept.

        Raises:
            StoreUnavailableError: The database does not answer within the time of a query.
        """
        with reaching():
            async with asyncio.timeout(QUERY_TIMEOUT_S):
                parts = screening.answer.parts
                if screening.byte_count > _LONG_BYTES or len(parts) > _MANY_PARTS:
                    await self._add_long(screening)
                else:
                    await self._add(screening)

    async def close(self) -> None:
        """Waits until all it was given is kept, unless the database is away."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S), self._turn:
                pass

    async def _add_long(self, screening: KeptScreening) -> None:
        async with self._long, self._pool.acquire(timeout=QUERY_TIMEOUT_S) as connection:
            await self._write([screening], connection)

    async def _add(self, screening: KeptScreening) -> None:
        async with self._room:
            if self._kept is None or self._gathering.byte_count > _TOGETHER_BYTES:
                self._gathering = _Together()
                self._kept = asyncio.create_task(self._write_together(self._gathering))
            self._gathering.take(screening)
            # whoever gives up leaves the others their commit
            await asyncio.shield(self._kept)

    async def _write_together(self, together: _Together) -> None:
        """Keeps them once those before them are kept; until then others may join them."""
        async with self._turn:
            if self._gathering is together:
                self._kept = None
            try:
                async with asyncio.timeout(QUERY_TIMEOUT_S):
                    await self._write(together.screenings, await self._connected())
            except BaseException:
                await self._disconnect()
                raise

    async def _write(self, screenings: Sequence[KeptScreening], connection: Connection) -> None:
        parts = {part.digest: part for each in screenings for _, part in each.answer.parts}
        new = [part for digest, part in parts.items() if digest not in self._known]
        await add_screenings(connection, screenings, new)
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._known.update(part.digest for part in new)

    async def _connected(self) -> Connection:
        if self._connection is not None and _is_lost(self._connection):
            await self._disconnect()
        if self._connection is None:
            self._connection = await self._pool.acquire(timeout=QUERY_TIMEOUT_S)
        return self._connection

    async def _disconnect(self) -> None:
        """Lets the connection go: after a failure nobody knows what it is at."""
        connection, self._connection = self._connection, None
        self._known = set()
        if connection is not None:
            if not _is_lost(connection):
                connection.terminate()
            await self._pool.release(connection)


def _is_lost(connection: Connection) -> bool:
    """Whether the server has closed it; the pool may have taken it back by itself then."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True
