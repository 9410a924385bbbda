"""The store as classes: on one connection for loading and following, on a pool for requests."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Self
from uuid import uuid4

import asyncpg
from asyncpg.connection import LoggedQuery

from service.errors import StoreUnavailableError
from service.lists.edition import (
    AttemptOnDay,
    EditionCounts,
    EditionPair,
    EditionSpan,
    ListedNames,
    ListingChange,
    ListingDifference,
    ListingVersion,
    StoredLists,
    StoredSeries,
)
from service.measures.measure import RegisterMark, StoredRegister
from service.measures.stored import RegisterState
from service.measures.watch.reading import Look, OpenDocument, PlaceState
from service.store import editions, parties, places, register, staged
from service.store import editions as changes
from service.store import editions as listings
from service.store.accounts import AccountStore, KeptSince, Tidying, kept_for_ever, tidying
from service.store.audit import StoredAudit
from service.store.jobs import Backlog, WorkerJobs
from service.store.keeper import ScreeningKeeper
from service.store.keys import ApiKeyStore, PooledBudgets
from service.store.people import UserSessionStore
from service.store.sql import QUERY_TIMEOUT_S, connected, current_unit, reaching
from service.store.written import PartySplit

# How many units of work have a connection at once; the others of a pool are for other work.
_UNITS_AT_ONCE = 3


class StoreOnConnection:
    """The store on one connection, as loading and following use it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    def loading(self) -> AbstractAsyncContextManager[editions.Loading]:
        """Open a transaction that stores editions, locked against other processes."""
        return editions.loading(self._connection)

    def staging(self, list_code: str, source: str) -> AbstractAsyncContextManager[staged.Staging]:
        """Open a table for the listings of an edition that is too large to be held."""
        return staged.staging(self._connection, list_code, source)

    async def read_lists(self) -> StoredLists:
        """Return editions, last load attempts and terms as of one moment."""
        return await listings.read_lists(self._connection)

    def recording(self) -> AbstractAsyncContextManager[register.Recording]:
        """Open a transaction that changes the register."""
        return register.recording(self._connection)

    async def read_mark(self) -> RegisterMark:
        """Return the mark of the stored register."""
        return await register.register_mark(self._connection)

    async def read_register(self) -> StoredRegister:
        """Return the whole stored register as of one moment."""
        return await register.read_register(self._connection)

    async def place_states(self) -> dict[str, PlaceState]:
        """Return the state of each place that was looked at or confirmed, by its id."""
        return await places.place_states(self._connection)

    async def open_documents(self, place_ids: Sequence[str]) -> tuple[OpenDocument, ...]:
        """Return the documents of these places that no person has read yet, oldest first."""
        return await places.open_documents(self._connection, place_ids)

    async def add_look(self, look: Look) -> frozenset[str]:
        """Store a look, and return the keys of the documents that are new since the last one."""
        return await places.add_look(self._connection, look)

    def newest_versions(
        self, since: int
    ) -> AbstractAsyncContextManager[tuple[StoredLists, AsyncIterator[Sequence[ListingVersion]]]]:
        """Open the lists, and the newest version of each listing that changed since."""
        return listings.newest_versions(self._connection, since)

    async def read_basis(self) -> tuple[StoredLists, bytes]:
        """Return the lists, and a digest of all versions of all listings, as of one moment."""
        return await listings.read_basis(self._connection)

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """Return the lists and versions that applied in the past; see `ports.PastReader`."""
        return await listings.read_past(self._connection, spans_of, since)

    async def read_series(self, list_code: str, source: str) -> StoredSeries:
        """Return all editions of a list from a source, with all versions of its listings."""
        return await listings.read_series(self._connection, list_code, source)

    async def printed_names(
        self, source: str, digests: Mapping[str, str]
    ) -> Mapping[str, ListedNames]:
        """Return what a question can match of versions, given by listing id and digest."""
        return await listings.printed_names(self._connection, source, digests)

    async def party_splits(self) -> tuple[PartySplit, ...]:
        """Return every split of a party and every withdrawal, as they were recorded."""
        return await parties.party_splits(self._connection)


class PooledStore:
    """The store on a pool of connections, which is open inside `async with`."""

    def __init__(
        self,
        dsn: str,
        kept_since: KeptSince = kept_for_ever,
        on_query: Callable[[LoggedQuery], None] | None = None,
    ) -> None:
        """Take the address of the database; `on_query` is called after each query that is made.

        It gets what asyncpg's loggers of queries get, with the text and the values apart.
        """
        self._dsn = dsn
        self.kept_since = kept_since
        self._on_query = on_query
        self._pool: asyncpg.Pool | None = None
        self._keeper: ScreeningKeeper | None = None
        self._process = uuid4()
        self._units = asyncio.Semaphore(_UNITS_AT_ONCE)
        self._accounts: dict[str, AccountStore] = {}

    async def __aenter__(self) -> Self:
        # No connection is made before one is needed, so the database may start after us.
        self._pool = await asyncpg.create_pool(
            self._dsn, min_size=0, max_size=8, timeout=QUERY_TIMEOUT_S, init=self._watched
        )
        self._keeper, self._accounts = ScreeningKeeper(self._pool), {}
        return self

    async def _watched(self, connection: asyncpg.Connection) -> None:
        if self._on_query is not None:
            connection.add_query_logger(self._on_query)

    async def __aexit__(self, *_: object) -> None:
        if self._keeper is not None:
            await self._keeper.close()
        if self._pool is not None:
            self._pool.terminate()

    def of(self, account: str) -> AccountStore:
        """Return what belongs to an account; it is nowhere else to be had.

        Raises:
            StoreUnavailableError: The store is not open.
        """
        store = self._accounts.get(account)
        if store is None:
            if self._keeper is None:
                raise StoreUnavailableError
            store = AccountStore(self._open(), self._units, self._keeper, account, self.kept_since)
            self._accounts[account] = store
        return store

    def worker_jobs(self, keep_for: timedelta) -> WorkerJobs:
        """Return the jobs of all accounts, for a worker; each is kept so long after its end.

        Raises:
            StoreUnavailableError: The store is not open.
        """
        return WorkerJobs(self._open(), keep_for)

    async def backlog(self) -> Backlog | None:
        """Return what is left to do of all jobs; None while the database does not answer."""
        try:
            return await self.worker_jobs(timedelta()).backlog()
        except StoreUnavailableError:
            return None

    def tidying(self) -> AbstractAsyncContextManager[Tidying | None]:
        """Open what tidies up for all accounts; None if another process does so just now."""
        return tidying(self._dsn)

    def api_keys(self) -> ApiKeyStore:
        """Return the keys of callers.

        Raises:
            StoreUnavailableError: The store is not open.
        """
        return ApiKeyStore(current_unit() or self._open())

    def user_sessions(self) -> UserSessionStore:
        """Return the sessions of people who logged in.

        Raises:
            StoreUnavailableError: The store is not open.
        """
        return UserSessionStore(self._open())

    def audit(self) -> StoredAudit:
        """Return the audit log.

        Raises:
            StoreUnavailableError: The store is not open.
        """
        return StoredAudit(self._open())

    def budgets(self) -> PooledBudgets:
        """Return the budgets of callers' limits, as this process settles them.

        Raises:
            StoreUnavailableError: The store is not open.
        """
        return PooledBudgets(self._open(), self._process)

    @asynccontextmanager
    async def recording(self) -> AsyncGenerator[register.Recording]:
        """Open a transaction that changes the register."""
        async with self._writing() as connection, register.recording(connection) as recording:
            yield recording

    async def read_mark(self) -> RegisterMark:
        """Return the mark of the stored register."""
        async with self._writing() as connection:
            return await register.register_mark(connection)

    async def read_register(self) -> StoredRegister:
        """Return the whole stored register as of one moment."""
        async with self._writing() as connection:
            return await register.read_register(connection)

    async def register_state(self) -> RegisterState:
        """Return the state of the stored register."""
        async with self._connection() as connection:
            return await register.register_state(connection)

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        """Return the lists and versions that applied in the past; see `ports.PastReader`."""
        async with self._connection() as connection:
            return await listings.read_past(connection, spans_of, since)

    async def listing_states(self, listing_id: str) -> tuple[ListingVersion, ...]:
        """Return every version of a listing, source by source, each in order of time."""
        async with self._connection() as connection:
            return await listings.listing_states(connection, listing_id)

    async def party_splits(self) -> tuple[PartySplit, ...]:
        """Return every split of a party and every withdrawal, as they were recorded."""
        async with self._connection() as connection:
            return await parties.party_splits(connection)

    async def add_party_split(
        self,
        listings: Sequence[str],
        apart_from: Sequence[str],
        because: str,
        by: tuple[str, datetime],
    ) -> PartySplit:
        """Record a split by an operator at a moment, and return it."""
        async with self._writing() as connection:
            return await parties.add_party_split(connection, listings, apart_from, because, by)

    async def withdraw_party_split(
        self, split_id: int, because: str, by: tuple[str, datetime]
    ) -> PartySplit | None:
        """Record that a split no longer counts; None if no such split does."""
        async with self._writing() as connection:
            return await parties.withdraw_party_split(connection, split_id, because, by)

    async def listing_changes(
        self,
        since: datetime,
        list_code: str | None,
        after: tuple[int, str],
        most: int,
        *,
        newest_first: bool,
    ) -> tuple[ListingChange, ...]:
        """Return the changes by editions loaded since a moment; see `editions.listing_changes`."""
        return await changes.listing_changes(
            self._open(), since, list_code, after, most, newest_first=newest_first
        )

    async def edition_difference(
        self, editions: EditionPair, after: str, most: int
    ) -> tuple[ListingDifference, ...]:
        """Return up to `most` listings that two editions print differently, by listing id.

        Only listings with ids after `after`.
        """
        return await changes.edition_difference(self._open(), editions, after, most)

    async def edition_counts(self, since: datetime) -> tuple[EditionCounts, ...]:
        """Return the numbers of changes by editions loaded since a moment, the newest first."""
        return await changes.edition_counts(self._open(), since)

    async def attempts_by_day(self, since: date) -> tuple[AttemptOnDay, ...]:
        """Return the outcomes of load attempts from a day (UTC) on, by list code and day."""
        return await changes.attempts_by_day(self._open(), since)

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[asyncpg.pool.PoolConnectionProxy]:
        with reaching():
            async with self._open().acquire(timeout=QUERY_TIMEOUT_S) as connection:
                yield connection

    @asynccontextmanager
    async def _writing(self) -> AsyncGenerator[asyncpg.pool.PoolConnectionProxy]:
        """Yield the connection of this request's unit of work, or one of the pool without one."""
        unit = current_unit()
        if unit is not None:
            with reaching():
                yield await unit.connection()
            return
        async with self._connection() as connection:
            yield connection

    def _open(self) -> asyncpg.Pool:
        if self._pool is None:
            raise StoreUnavailableError
        return self._pool


# --- Following: notice what other processes store, and when the database comes back.

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
