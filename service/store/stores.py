"""The store as classes: on one connection for loading and following, on a pool for requests."""

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Self
from uuid import uuid4

import asyncpg
import msgspec
from asyncpg.connection import LoggedQuery

from service.errors import ListRefusedError, StoreUnavailableError
from service.lists.edition import (
    AttemptOnDay,
    EditionCounts,
    EditionPair,
    EditionSpan,
    ListedNames,
    ListingChange,
    ListingDifference,
    ListingRecord,
    ListingVersion,
    StoredLists,
    StoredSeries,
)
from service.lists.listing import EntityType, Name
from service.lists.ports import StagedCounts
from service.lists.reading.files import AskedEntities, FoundEntities, KeptEntity
from service.measures.arrival import RegisterState
from service.measures.measure import RegisterMark, StoredRegister
from service.measures.watch.reading import Look, OpenDocument, PlaceState
from service.store import editions, register
from service.store import editions as changes
from service.store import editions as listings
from service.store.access import ApiKeyStore, PooledBudgets, StoredAudit, UserSessionStore
from service.store.accounts import AccountStore, KeptSince, Tidying, kept_for_ever, tidying
from service.store.jobs import Backlog, WorkerJobs
from service.store.screenings import ScreeningKeeper
from service.store.sql import QUERY_TIMEOUT_S, connected, current_unit, query, reaching
from service.store.written import PartySplit

# --- The listings of an edition that is not stored yet, in a table of the loading session.

# A million listings are stored in a minute; a slow disk may take much longer.
STAGED_TIMEOUT_S = 3_600.0
_ROWS_AT_ONCE = 1_000
_STAGED = "staged_listing"
_DROPPED = ("drop_staging", "drop_entity_staging")
_MADE = ("make_staging", "make_entity_staging")
_NAMES = msgspec.json.Decoder(tuple[Name, ...])


class Staging:
    """The staged listings of one list from one source, beside its current ones.

    Nobody else sees them, and they are gone with the session, however it ends.
    """

    def __init__(self, connection: asyncpg.Connection, list_code: str, source: str) -> None:
        self._connection = connection
        self._list = (list_code, source)

    async def put(self, records: AsyncIterable[ListingRecord]) -> int:
        """Stage the listings of an edition, or those that a delta puts; return their number.

        Raises:
            ListRefusedError: Two have the same id.
            StoreUnavailableError: The database does not answer.
        """
        with reaching():
            done = await self._connection.copy_records_to_table(
                _STAGED,
                columns=("listing_id", "digest", "body"),
                records=_rows(records),
                timeout=STAGED_TIMEOUT_S,
            )
        try:
            await self._run("index_staging")
        except asyncpg.UniqueViolationError as error:
            reason = f"two entries have the same id: {error.detail}"
            raise ListRefusedError(self._list[0], reason) from None
        await self._run("analyse_staging")
        return int(done.removeprefix("COPY "))

    async def remove_others(self) -> None:
        """Stage that all current listings leave that are not staged."""
        await self._run("stage_gone", *self._list)
        await self._run("analyse_staging")

    async def remove(self, listing_ids: Iterable[str]) -> None:
        """Stage that these listings leave."""
        with reaching():
            await self._connection.copy_records_to_table(
                _STAGED,
                columns=("listing_id",),
                records=[(each,) for each in listing_ids],
                timeout=STAGED_TIMEOUT_S,
            )
        await self._run("analyse_staging")

    async def current_among(self, listing_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these listings are current."""
        with reaching():
            rows = await self._connection.fetch(
                query("current_among"), *self._list, list(listing_ids), timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert([row["listing_id"] for row in rows], frozenset[str])

    async def counts(self) -> StagedCounts:
        """Return how many listings are new, differ, and leave."""
        with reaching():
            row = await self._connection.fetchrow(
                query("staged_counts"), *self._list, timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert(dict(row or {}), StagedCounts)

    async def leaving_at_end(self, most: int) -> tuple[bool, ...]:
        """Return whether each current listing leaves, from the end of the last whole file on."""
        with reaching():
            rows = await self._connection.fetch(
                query("leaving_at_end"), *self._list, most, timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert([row["leaves"] for row in rows], tuple[bool, ...])

    async def coming_at_end(self) -> int:
        """Return how many new listings stand at the end of the file that is staged."""
        with reaching():
            row = await self._connection.fetchrow(
                query("coming_at_end"), *self._list, timeout=STAGED_TIMEOUT_S
            )
        return 0 if row is None else msgspec.convert(row["coming"], int)

    async def store_order(self) -> None:
        """Store the order of what is staged, a whole file."""
        await self._run("put_staged_order", *self._list)

    async def changed_names(
        self,
    ) -> AsyncIterator[tuple[ListedNames | None, ListedNames | None]]:
        """Yield what a question can match of each listing that is new, differs or leaves.

        That is before and after; None where it was not listed, or is no more.
        """
        async for row in self._cursor("staged_names"):
            yield _listed(row[:3]), _listed(row[3:])

    async def unchanged_names(self) -> AsyncIterator[ListedNames]:
        """Yield what a question can match of each listing that stays as it is."""
        async for row in self._cursor("unstaged_names"):
            names = _listed(row)
            if names is not None:
                yield names

    async def store(self, edition_id: int) -> None:
        """Store what is new and differs, current from an edition on, and end what it replaces."""
        await self._run("close_staged", edition_id, *self._list)
        await self._run("add_staged", edition_id, *self._list)

    async def put_entities(self, entities: AsyncIterable[KeptEntity]) -> None:
        """Stage entities that are to be kept, or deleted."""
        with reaching():
            await self._connection.copy_records_to_table(
                "staged_entity",
                columns=("entity_id", "ends", "pointers", "body"),
                records=_entity_rows(entities),
                timeout=STAGED_TIMEOUT_S,
            )
        await self._run("analyse_entity_staging")

    async def keeps_entities(self, edition_id: int) -> bool:
        """Return whether the entities of an edition, which must be the current one, are kept."""
        with reaching():
            row = await self._connection.fetchrow(query("keeps_entities"), edition_id)
        return row is not None and msgspec.convert(row["keeps_entities"], bool)

    async def entities_beside(self, asked: AskedEntities) -> FoundEntities:
        """Return the kept entities that the listings depend on which a delta may change.

        These are the listings of what the delta touches, of what points there, and of what either
        points to. Each is made of the entity, of the links that point to it, and of what all these
        point to.
        """
        found = _FoundById()
        touched = frozenset(asked.touched)
        near = found.add(
            await self._entities("entities_by_id", touched),
            await self._entities("entities_ending_at", touched),
            await self._entities("entities_holding", touched),
        )
        affected = touched | set(asked.ends) | near.keys()
        affected |= {other for each in near.values() for other in each.ends}
        found.add(
            await self._entities("entities_by_id", affected - near.keys()),
            await self._entities("entities_ending_at", affected),
        )
        held = {*asked.pointers, *found.pointed_to}
        found.add(await self._entities("entities_by_id", held - found.by_id.keys()))
        return FoundEntities(
            affected=tuple(sorted(affected)),
            bodies=tuple(each.body for each in found.by_id.values() if each.body is not None),
        )

    async def replace_entities(self, edition_id: int, *, are_kept: bool) -> None:
        """Keep what is staged as the entities of an edition; none with `are_kept` false."""
        code, _ = self._list
        if not are_kept:
            await self._run("delete_entities", code)
        else:
            await self._run("delete_other_entities", code)
            await self._run("keep_staged_entities", code)
            await self._run("mark_entities", edition_id)

    async def change_entities(self, edition_id: int) -> None:
        """Keep what is staged, and delete what is staged without a body, for an edition."""
        code, _ = self._list
        await self._run("delete_staged_entities", code)
        await self._run("keep_staged_entities", code)
        await self._run("mark_entities", edition_id)

    async def _entities(self, name: str, entity_ids: Iterable[str]) -> list[KeptEntity]:
        with reaching():
            rows = await self._connection.fetch(
                query(name), self._list[0], list(entity_ids), timeout=STAGED_TIMEOUT_S
            )
        return msgspec.convert([tuple(row) for row in rows], list[KeptEntity])

    async def _cursor(self, name: str) -> AsyncIterator[tuple[object, ...]]:
        with reaching():
            rows = self._connection.cursor(
                query(name), *self._list, prefetch=_ROWS_AT_ONCE, timeout=STAGED_TIMEOUT_S
            )
            async for row in rows:
                yield tuple(row)

    async def _run(self, name: str, *arguments: object) -> None:
        with reaching():
            await self._connection.execute(query(name), *arguments, timeout=STAGED_TIMEOUT_S)


@asynccontextmanager
async def staging(
    connection: asyncpg.Connection, list_code: str, source: str
) -> AsyncGenerator[Staging]:
    """Open a table for the listings of an edition, and drop it at the end.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        for name in _DROPPED:
            await connection.execute(query(name))
        for name in _MADE:
            await connection.execute(query(name))
    try:
        yield Staging(connection, list_code, source)
    finally:
        if not connection.is_closed():
            with reaching():
                for name in _DROPPED:
                    await connection.execute(query(name))


class _FoundById:
    """Kept entities that were found, by their ids."""

    def __init__(self) -> None:
        self.by_id = dict[str, KeptEntity]()

    def add(self, *found: Iterable[KeptEntity]) -> Mapping[str, KeptEntity]:
        """Add entities and return them, each once."""
        these = {each.entity_id: each for some in found for each in some}
        self.by_id |= these
        return these

    @property
    def pointed_to(self) -> set[str]:
        """What the entities point to in any way."""
        return {other for each in self.by_id.values() for other in (*each.ends, *each.pointers)}


async def _entity_rows(
    entities: AsyncIterable[KeptEntity],
) -> AsyncIterator[tuple[str, tuple[str, ...], tuple[str, ...], str | None]]:
    async for each in entities:
        yield each.entity_id, each.ends, each.pointers, each.body


async def _rows(
    records: AsyncIterable[ListingRecord],
) -> AsyncIterator[tuple[str, str, str]]:
    async for each in records:
        yield each.listing_id, each.digest, each.body


def _listed(row: tuple[object, ...]) -> ListedNames | None:
    entity_type, printed, numbers = msgspec.convert(row, tuple[EntityType | None, str | None, int])
    if printed is None:
        return None
    return ListedNames(entity_type=entity_type, names=_NAMES.decode(printed), number_count=numbers)


# --- The stores.

# How many units of work have a connection at once; the others of a pool are for other work.
_UNITS_AT_ONCE = 3


class StoreOnConnection:
    """The store on one connection, as loading and following use it."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    def loading(self) -> AbstractAsyncContextManager[editions.Loading]:
        """Open a transaction that stores editions, locked against other processes."""
        return editions.loading(self._connection)

    def staging(self, list_code: str, source: str) -> AbstractAsyncContextManager[Staging]:
        """Open a table for the listings of an edition that is too large to be held."""
        return staging(self._connection, list_code, source)

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
        return await register.place_states(self._connection)

    async def open_documents(self, place_ids: Sequence[str]) -> tuple[OpenDocument, ...]:
        """Return the documents of these places that no person has read yet, oldest first."""
        return await register.open_documents(self._connection, place_ids)

    async def add_look(self, look: Look) -> frozenset[str]:
        """Store a look, and return the keys of the documents that are new since the last one."""
        return await register.add_look(self._connection, look)

    def newest_versions(
        self, since: int
    ) -> AbstractAsyncContextManager[tuple[StoredLists, AsyncIterator[Sequence[ListingVersion]]]]:
        """Open the lists, and the newest version of each listing that changed since."""
        return listings.newest_versions(self._connection, since)

    async def read_basis(self, until: int | None = None) -> tuple[StoredLists, bytes]:
        """Return the lists, and a digest of all versions of all listings, as of one moment."""
        return await listings.read_basis(self._connection, until)

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
        return await editions.party_splits(self._connection)


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
            return await editions.party_splits(connection)

    async def add_party_split(
        self,
        listings: Sequence[str],
        apart_from: Sequence[str],
        because: str,
        by: tuple[str, datetime],
    ) -> PartySplit:
        """Record a split by an operator at a moment, and return it."""
        async with self._writing() as connection:
            return await editions.add_party_split(connection, listings, apart_from, because, by)

    async def withdraw_party_split(
        self, split_id: int, because: str, by: tuple[str, datetime]
    ) -> PartySplit | None:
        """Record that a split no longer counts; None if no such split does."""
        async with self._writing() as connection:
            return await editions.withdraw_party_split(connection, split_id, because, by)

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
