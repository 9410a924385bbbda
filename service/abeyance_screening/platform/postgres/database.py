"""The database: connections, units of work, the named queries of `sql`, and its errors."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from contextvars import ContextVar
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Protocol, cast
from uuid import UUID

import aiosql
import asyncpg
import msgspec
from aiosql.types import QueryFn

from abeyance_screening.platform.settings import user_name
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    StoreFullError,
    StoreOverloadedError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

logger = logging.getLogger(__name__)


class NamedQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query of `sql/queries`: its SQL, and its header, the comment lines above it."""

    text: str
    header: str


# The timeout of connecting and of one query, after which the database counts as unavailable.
# Loading has its own, longer timeout.
QUERY_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0
# Errors of a server that is away, starting or stopping: trying again may help.
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    # shutting down, starting, dropped, or a session or query ended by the server's own limits
    asyncpg.OperatorInterventionError,
    # out of connections, memory or disk space
    asyncpg.InsufficientResourcesError,
    # asyncpg's error for a server that died during the handshake
    asyncpg.InternalClientError,
)
_UNREACHABLE = (*_PASSING, asyncpg.InterfaceError)
# The errors of a server that answers but cannot write, the narrower class first.
_CONDITIONS: tuple[tuple[type[asyncpg.PostgresError], type[StoreUnavailableError]], ...] = (
    (asyncpg.ReadOnlySQLTransactionError, StoreReadOnlyError),
    (asyncpg.DiskFullError, StoreFullError),
    (asyncpg.InsufficientResourcesError, StoreOverloadedError),
)


def sql_folder() -> Path:
    """Return the folder of the SQL files, in the installed package or in the source tree."""
    package = Path(str(resources.files("abeyance_screening")))
    inside = package / "sql"
    return inside if inside.is_dir() else package.parents[1] / "sql"


def query(name: str) -> str:
    """Return the SQL of a named query, with parameters `$1`, `$2`, …."""
    return queries()[name].text


@cache
def queries() -> dict[str, NamedQuery]:
    """Return every query of `sql/queries` by name."""
    loaded = aiosql.from_path(  # pyright: ignore[reportUnknownMemberType] - bare dict in its stub
        sql_folder() / "queries", "asyncpg", mandatory_parameters=False
    )
    functions = {name: cast("QueryFn", getattr(loaded, name)) for name in loaded.available_queries}
    return {
        name: NamedQuery(text=function.sql, header=function.__doc__ or "")
        for name, function in functions.items()
        if not name.endswith("_cursor")
    }


class DatabaseRefusedError(AbeyanceError):
    """The database refuses the connection, or its address is invalid."""

    slug = "database-refused"
    title = "DATABASE_URL cannot be used"


@contextmanager
def reaching() -> Generator[None]:
    """Turn asyncpg's errors about a database that cannot be used now into the store's errors.

    Raises:
        StoreUnavailableError: The database does not answer.
        StoreReadOnlyError: The database is read-only.
        StoreFullError: The database's disk is full.
        StoreOverloadedError: The database is out of connections or memory.
        BadInputError: The database cannot store a value, such as a text with a NUL character.
    """
    try:
        yield
    except asyncpg.DataError as error:
        raise BadInputError("request", "has a value that the database cannot store") from error
    except (*_UNREACHABLE, asyncpg.ReadOnlySQLTransactionError) as error:
        raise _condition(error) from error


type AnyConnection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
type Connect = Callable[[], AbstractAsyncContextManager[AnyConnection]]
"""Lends a connection for as long as the context lasts."""


def on(connection: AnyConnection) -> Connect:
    """Return what lends this one connection, which is open already."""
    return lambda: nullcontext(connection)


def at(dsn: str) -> Connect:
    """Return what lends a new connection to a database each time, outside any pool."""
    return partial(connected, dsn)


class ConnectedStore:
    """Named queries over connections that `connect` lends, of a pool or always the same one."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect


class QueryPlace(Protocol):
    """Where a query runs: a connection, a pool of them, or the unit of work of a request."""

    async def fetch(self, query: str, /, *args: object) -> list[asyncpg.Record]:
        """Return the rows of a query."""
        ...


async def fetched(place: QueryPlace, name: str, *arguments: object) -> list[asyncpg.Record]:
    """Return the rows of a named query, which has the time of one query.

    What `reaching` raises is raised by every store, and by whatever asks one; then a change of
    one query, or in one transaction, is not stored.
    """
    with reaching():
        async with asyncio.timeout(QUERY_TIMEOUT_S):
            if _author.get() is not None and isinstance(place, asyncpg.Pool):
                pool = cast("asyncpg.Pool[asyncpg.Record]", cast("object", place))
                async with pool.acquire() as connection:
                    await name_author(connection)
                    return await connection.fetch(query(name), *arguments)
            return await place.fetch(query(name), *arguments)


class Author(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who changes something, for the audit log: by which `key`, in which request, from where."""

    actor: str
    key: int | None = None
    request: str | None = None
    address: str | None = None


_author: ContextVar[Author | None] = ContextVar("_author", default=None)


def say_author(author: Author) -> None:
    """Have the audit log name an author for what the rest of this task changes."""
    _author.set(author)


async def name_author(connection: AnyConnection) -> None:
    """Tell a connection who changes what follows, until its pool takes it back."""
    author = _author.get()
    if author is not None:
        await connection.fetch(query("name_request"), msgspec.json.encode(author).decode())


def _condition(error: Exception) -> StoreUnavailableError:
    """Return the store's error for one of asyncpg's; what an operator must mend is logged."""
    for kind, condition in _CONDITIONS:
        if isinstance(error, kind):
            logger.warning("store.refuses", extra={"reason": condition.slug})
            return condition()
    return StoreUnavailableError()


@asynccontextmanager
async def connected(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """Open a connection outside any pool, and close it at the end.

    For the audit log, what is changed on it is changed by the user of this process.

    Raises:
        StoreUnavailableError: The database does not answer.
        DatabaseRefusedError: The database refuses the connection, or `dsn` is invalid.
    """
    with reaching():
        connection = await _connect(dsn)
    try:
        await fetched(connection, "name_actor", user_name())
        yield connection
    finally:
        await _close(connection)


@asynccontextmanager
async def holding(connection: asyncpg.Connection, lock: str, unlock: str) -> AsyncGenerator[bool]:
    """Try to take a lock by the query `lock`, and release it at the end by the query `unlock`.

    Yields:
        Whether this process holds the lock; while it does, no other process can.
    """
    with reaching():
        is_ours = await connection.fetchval(query(lock)) is True
    try:
        yield is_ours
    finally:
        if is_ours and not connection.is_closed():
            with reaching():
                await connection.fetchval(query(unlock))


async def _connect(dsn: str) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(dsn, timeout=QUERY_TIMEOUT_S, command_timeout=QUERY_TIMEOUT_S)
    except _PASSING:
        raise
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, OverflowError) as error:
        raise DatabaseRefusedError(str(error)) from error


async def _close(connection: asyncpg.Connection) -> None:
    """Close a connection, or terminate it if the server does not answer in time."""
    try:
        await connection.close(timeout=CLOSE_TIMEOUT_S)
    except _UNREACHABLE:
        connection.terminate()


def refreshing(connection: asyncpg.Connection) -> AbstractAsyncContextManager[bool]:
    """Hold the lock for refreshing lists, as `holding` does."""
    return holding(connection, "try_lock_refreshing", "unlock_refreshing")


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
            await name_author(connection)
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
    """
    with reaching():
        async with AsyncExitStack() as stack:
            unit = UnitOfWork(pool, turns, stack)
            before = _unit.set(unit)
            try:
                yield unit
            finally:
                _unit.reset(before)
