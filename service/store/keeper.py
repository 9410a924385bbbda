"""Group commit: answers that arrive together are stored together, with one commit for all.

A commit waits some milliseconds for the disk; meanwhile the next answers gather. Each answer
waits for the commit of its own row, so that nothing is answered before it is stored durably.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import asyncpg

from service.store.screenings import Connection, KeptScreening, add_screenings
from service.store.sql import CLOSE_TIMEOUT_S, QUERY_TIMEOUT_S, reaching

# An answer longer than this uses its own connection, because others would wait for it.
_LONG_BYTES = 1_000_000
# So does an answer of more parts than this, because they may all be new.
_MANY_PARTS = 100
# How many long answers are written at once; the other connections are for other work.
_LONG_AT_ONCE = 3
# How many answers may wait for a commit; further ones wait until there is room.
_MOST_WAITING = 1_000
# A batch of this size or more takes no further answers.
_BATCH_BYTES = 8_000_000
# How many digests of stored parts are remembered: some 10 MB.
_MOST_KNOWN = 100_000


class _Batch:
    """Screenings that are stored with one commit."""

    def __init__(self) -> None:
        self.screenings: list[KeptScreening] = []
        self.byte_count = 0

    def take(self, screening: KeptScreening) -> None:
        self.screenings.append(screening)
        self.byte_count += screening.byte_count


class ScreeningKeeper:
    """A writer of screenings that uses a pool of connections and keeps one of them open.

    As long as that connection lasts, the keeper remembers which parts of answers are stored. It
    forgets them with the connection, because a database that comes back may have lost them.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._known: set[bytes] = set()
        self._gathering = _Batch()
        self._writing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._room = asyncio.Semaphore(_MOST_WAITING)
        self._long = asyncio.Semaphore(_LONG_AT_ONCE)

    async def add(self, screening: KeptScreening) -> None:
        """Store a screening, and return when it is committed.

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
        """Wait until all screenings are stored, at most `CLOSE_TIMEOUT_S`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S), self._turn:
                pass

    async def _add_long(self, screening: KeptScreening) -> None:
        async with self._long, self._pool.acquire(timeout=QUERY_TIMEOUT_S) as connection:
            await self._write([screening], connection)

    async def _add(self, screening: KeptScreening) -> None:
        async with self._room:
            if self._writing is None or self._gathering.byte_count > _BATCH_BYTES:
                self._gathering = _Batch()
                self._writing = asyncio.create_task(self._write_batch(self._gathering))
            self._gathering.take(screening)
            # a caller that is cancelled does not cancel the commit of the others
            await asyncio.shield(self._writing)

    async def _write_batch(self, batch: _Batch) -> None:
        """Store a batch once the one before it is stored; until then it may grow."""
        async with self._turn:
            if self._gathering is batch:
                self._writing = None
            try:
                async with asyncio.timeout(QUERY_TIMEOUT_S):
                    await self._write(batch.screenings, await self._connected())
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
        """Terminate the connection, whose state is unknown after a failure."""
        connection, self._connection = self._connection, None
        self._known = set()
        if connection is not None:
            if not _is_lost(connection):
                connection.terminate()
            await self._pool.release(connection)


def _is_lost(connection: Connection) -> bool:
    """Return whether the server has closed the connection, or the pool has taken it back."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True
