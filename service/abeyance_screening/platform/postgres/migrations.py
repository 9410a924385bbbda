"""Migrations of the database, each applied once."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import asyncpg
import msgspec

from abeyance_screening.platform.postgres.database import reaching, sql_folder
from abeyance_screening.primitives.errors import AbeyanceError

# --- Migrations to the newest schema: `sql/migrations/NNNN_what.sql`, forward only.
#
# No library is used: those that run plain SQL files either need another driver or are separate
# programs, while a lock, a table of applied migrations and a loop are enough.

_MIGRATION_TABLE = """
create table if not exists migration (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
)
"""


class MigrationChangedError(AbeyanceError):
    """A migration that was applied to this database differs from the file of the same name."""

    slug = "migration-changed"
    title = "The database was made by other migrations"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"migration {name} was applied to this database, but its file has changed since"
        )


class DatabaseNewerError(AbeyanceError):
    """A newer version has migrated this database: this one would read only what it knows of it."""

    slug = "database-newer"
    title = "The database is of a newer version"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"migration {name} was applied to it, which version {version('abeyance-screening')} "
            "does not have; start the newer version, or restore the backup from before the upgrade"
        )


async def migrate(connection: asyncpg.Connection) -> tuple[str, ...]:
    """Apply the migrations that this database lacks, in the order of their names.

    All run in one transaction under an advisory lock: of several processes that start at once,
    one migrates and the others wait.

    Returns:
        The names of the migrations that were applied now.

    Raises:
        DatabaseNewerError: A newer version has migrated the database; nothing is changed.
        MigrationChangedError: One that was applied differs from its file; nothing is changed.
    """
    with reaching():
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(hashtext('abeyance.migrate'))")
            await connection.execute(_MIGRATION_TABLE)
            done = await _done(connection)
            pending = [path for path in _files() if _is_pending(path, done)]
            for path in pending:
                await connection.execute(path.read_text("utf-8"))
                await connection.execute(
                    "insert into migration (name, sha256) values ($1, $2)",
                    path.name,
                    _digest(path),
                )
    return tuple(path.name for path in pending)


async def check_not_newer(connection: asyncpg.Connection) -> None:
    """Check that no newer version has migrated a database, which may be empty; change nothing.

    Raises:
        DatabaseNewerError: One has.
    """
    with reaching():
        if await connection.fetchval("select to_regclass('migration')") is not None:
            await _done(connection)


async def _done(connection: asyncpg.Connection) -> dict[str, str]:
    """Return the digest of each migration that was applied; all of them are ours."""
    rows = await connection.fetch("select name, sha256 from migration")
    done = dict(msgspec.convert([tuple(row) for row in rows], list[tuple[str, str]]))
    if newer := done.keys() - {path.name for path in _files()}:
        raise DatabaseNewerError(max(newer))
    return done


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
