"""The store in the shapes that the sentences of `flow` ask for."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime
from typing import Self
from uuid import UUID

import asyncpg

from service.errors import StoreUnavailableError
from service.lists.edition import (
    AttemptOnDay,
    EditionCounts,
    EditionPair,
    ListingChange,
    ListingDifference,
    ListingVersion,
    StoredLists,
)
from service.measures.measure import RegisterMark, StoredRegister
from service.store import editions, register, screenings
from service.store import editions as changes
from service.store import editions as listings
from service.store.keeper import ScreeningKeeper
from service.store.sql import QUERY_TIMEOUT_S, reaching
from service.store.written import AnswerPieces


class StoreOnConnection:
    """The store on one connection, in the shape that loading and following ask for."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    def loading(self) -> AbstractAsyncContextManager[editions.Loading]:
        """The transaction in which editions are stored."""
        return editions.loading(self._connection)

    async def read_lists(self) -> StoredLists:
        """Editions and last tries."""
        return await listings.read_lists(self._connection)

    def recording(self) -> AbstractAsyncContextManager[register.Recording]:
        """The transaction in which the register is changed."""
        return register.recording(self._connection)

    async def read_mark(self) -> RegisterMark:
        """Which register is stored."""
        return await register.register_mark(self._connection)

    async def read_register(self) -> StoredRegister:
        """The whole register."""
        return await register.read_register(self._connection)

    async def read_versions(self, since: int) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """The lists, and the versions of listings that began or ended after edition `since`."""
        return await listings.read_versions(self._connection, since)


class PooledStore:
    """Screenings and changes through a pool of connections, open between `async with` and end."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool | None = None
        self._keeper: ScreeningKeeper | None = None

    async def __aenter__(self) -> Self:
        # No connection is made before one is needed, so a database may come up after us.
        self._pool = await asyncpg.create_pool(
            self._dsn, min_size=0, max_size=8, timeout=QUERY_TIMEOUT_S
        )
        self._keeper = ScreeningKeeper(self._pool)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeper is not None:
            await self._keeper.close()
        if self._pool is not None:
            self._pool.terminate()

    async def add(self, key: UUID, asked_at: datetime, answer: AnswerPieces) -> None:
        """Keeps one answer, with one commit for all that come together."""
        if self._keeper is None:
            raise StoreUnavailableError
        await self._keeper.add(screenings.KeptScreening(key, asked_at, answer))

    async def answer(self, key: UUID) -> Sequence[bytes] | None:
        """An earlier answer in pieces, or None."""
        return await screenings.screening_answer(self._open(), key)

    @asynccontextmanager
    async def recording(self) -> AsyncGenerator[register.Recording]:
        """The transaction in which the register is changed."""
        async with self._connection() as connection, register.recording(connection) as recording:
            yield recording

    async def read_mark(self) -> RegisterMark:
        """Which register is stored."""
        async with self._connection() as connection:
            return await register.register_mark(connection)

    async def read_register(self) -> StoredRegister:
        """The whole register."""
        async with self._connection() as connection:
            return await register.read_register(connection)

    async def listing_changes(
        self,
        since: datetime,
        list_code: str | None,
        after: tuple[int, str],
        most: int,
        *,
        newest_first: bool,
    ) -> tuple[ListingChange, ...]:
        """What editions loaded since then changed."""
        return await changes.listing_changes(
            self._open(), since, list_code, after, most, newest_first=newest_first
        )

    async def edition_difference(
        self, editions: EditionPair, after: str, most: int
    ) -> tuple[ListingDifference, ...]:
        """The listings that two editions print differently."""
        return await changes.edition_difference(self._open(), editions, after, most)

    async def edition_counts(self, since: datetime) -> tuple[EditionCounts, ...]:
        """What editions loaded since then changed, in numbers."""
        return await changes.edition_counts(self._open(), since)

    async def attempts_by_day(self, since: date) -> tuple[AttemptOnDay, ...]:
        """How tries to load lists ended from a day on."""
        return await changes.attempts_by_day(self._open(), since)

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[asyncpg.pool.PoolConnectionProxy]:
        with reaching():
            async with self._open().acquire(timeout=QUERY_TIMEOUT_S) as connection:
                yield connection

    def _open(self) -> asyncpg.Pool:
        if self._pool is None:
            raise StoreUnavailableError
        return self._pool
