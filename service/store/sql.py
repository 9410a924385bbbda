"""The named queries of `sql/queries`, and the way to the database."""

import hashlib
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol, cast

import aiosql
import asyncpg
import msgspec

from service.errors import (
    AbeyanceError,
    BadInputError,
    StoreFullError,
    StoreOverloadedError,
    StoreReadOnlyError,
    StoreUnavailableError,
)

logger = logging.getLogger(__name__)


class NamedQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query of `sql/queries`: its SQL, and the comment lines above it."""

    text: str
    header: str


# How long connecting or one query may take before the database counts as gone. Loading has its
# own, longer limit.
QUERY_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2.0
# A server that is away, starting or stopping: trying again may help.
_PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    # shut down, starting, dropped, a session or a query ended by the server's own limits
    asyncpg.OperatorInterventionError,
    # out of connections, memory, room on disk
    asyncpg.InsufficientResourcesError,
    # what asyncpg says of a server that died in the middle of the greeting
    asyncpg.InternalClientError,
)
_UNREACHABLE = (*_PASSING, asyncpg.InterfaceError)
# What a server that answers says of itself, the narrower kind first.
_CONDITIONS: tuple[tuple[type[asyncpg.PostgresError], type[StoreUnavailableError]], ...] = (
    (asyncpg.ReadOnlySQLTransactionError, StoreReadOnlyError),
    (asyncpg.DiskFullError, StoreFullError),
    (asyncpg.InsufficientResourcesError, StoreOverloadedError),
)


def sql_folder() -> Path:
    """Where the SQL files are: inside the installed package, or beside it in a source tree."""
    package = Path(str(resources.files("service")))
    inside = package / "sql"
    return inside if inside.is_dir() else package.parent / "sql"


def query(name: str) -> str:
    """The text of a named query, its parameters written `$1`, `$2`, …."""
    return queries()[name].text


@cache
def queries() -> dict[str, NamedQuery]:
    """Every query of `sql/queries` by name."""
    loaded = aiosql.from_path(  # pyright: ignore[reportUnknownMemberType] - bare dict in its stub
        sql_folder() / "queries", "asyncpg", mandatory_parameters=False
    )
    functions = {
        name: cast("_QueryFunction", getattr(loaded, name)) for name in loaded.available_queries
    }
    return {
        name: NamedQuery(text=function.sql, header=function.__doc__ or "")
        for name, function in functions.items()
        if not name.endswith("_cursor")
    }


class _QueryFunction(Protocol):
    """What aiosql makes of a query."""

    sql: str
    __doc__: str | None


class DatabaseRefusedError(AbeyanceError):
    """The database, or the address given for it, is not one that can be used."""

    slug = "database-refused"
    title = "DATABASE_URL cannot be used"


@contextmanager
def reaching() -> Generator[None]:
    """Turns every way a database can be of no use for now into one error and its kinds.

    Raises:
        StoreUnavailableError: The database does not answer.
        StoreReadOnlyError, StoreFullError, StoreOverloadedError: It answers that it cannot.
        BadInputError: It answers that a value is none it can hold, such as a text with a NUL.
    """
    try:
        yield
    except asyncpg.DataError as error:
        raise BadInputError("request", "holds a value that the database cannot hold") from error
    except (*_UNREACHABLE, asyncpg.ReadOnlySQLTransactionError) as error:
        raise _condition(error) from error


def _condition(error: Exception) -> StoreUnavailableError:
    """What a failure says; logged where the server itself says why, for somebody must mend it."""
    for kind, condition in _CONDITIONS:
        if isinstance(error, kind):
            logger.warning("store.refuses", extra={"reason": condition.slug})
            return condition()
    return StoreUnavailableError()


@asynccontextmanager
async def connected(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """One connection of its own, closed at the end.

    Raises:
        StoreUnavailableError: The database does not answer.
        DatabaseRefusedError: It answers with a refusal, or the address is none.
    """
    with reaching():
        connection = await _connect(dsn)
    try:
        yield connection
    finally:
        await _close(connection)


async def _connect(dsn: str) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(dsn, timeout=QUERY_TIMEOUT_S, command_timeout=QUERY_TIMEOUT_S)
    except _PASSING:
        raise
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError, OverflowError) as error:
        raise DatabaseRefusedError(str(error)) from error


async def _close(connection: asyncpg.Connection) -> None:
    """Says goodbye, but does not wait for a server that does not listen."""
    try:
        await connection.close(timeout=CLOSE_TIMEOUT_S)
    except _UNREACHABLE:
        connection.terminate()


# --- Brings the database to the newest schema: `sql/migrations/NNNN_what.sql`, forward only.
#
# No library is used: those that run plain SQL files either speak another driver or bring a
# program of their own, and what is needed is a lock, a table of what ran, and a loop.

_BOOK = """
create table if not exists migration (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
)
"""


class MigrationChangedError(AbeyanceError):
    """A migration that ran in this database is not the file of the same name any more."""

    slug = "migration-changed"
    title = "The database was made by other migrations"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"migration {name} has run here, but with other content than the file has"
        )


async def migrate(connection: asyncpg.Connection) -> tuple[str, ...]:
    """Runs the migrations that have not run here yet, each in the order of its name.

    All run in one transaction under an advisory lock, so that of many processes that start at
    once one migrates and the others wait. Returns the names of those that ran now.

    Raises:
        MigrationChangedError: A file was edited after it had run.
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(hashtext('abeyance.migrate'))")
            await connection.execute(_BOOK)
            rows = await connection.fetch("select name, sha256 from migration")
            done = msgspec.convert([tuple(row) for row in rows], list[tuple[str, str]])
            pending = [path for path in _files() if _is_pending(path, dict(done))]
            for path in pending:
                await connection.execute(path.read_text("utf-8"))
                await connection.execute(
                    "insert into migration (name, sha256) values ($1, $2)",
                    path.name,
                    _digest(path),
                )
    return tuple(path.name for path in pending)


def _files() -> list[Path]:
    return sorted((sql_folder() / "migrations").glob("[0-9][0-9][0-9][0-9]_*.sql"))


def _is_pending(path: Path, done: dict[str, str]) -> bool:
    if path.name not in done:
        return True
    if done[path.name] != _digest(path):
        raise MigrationChangedError(path.name)
    return False


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
