"""Brings the database to the newest schema: `sql/migrations/NNNN_what.sql`, forward only.

No library is used: those that run plain SQL files either speak another driver or bring a program
of their own, and what is needed is a lock, a table of what ran, and a loop.
"""

import hashlib
from pathlib import Path

import asyncpg
import msgspec

from service.model.errors import AbeyanceError
from service.store.sql import reaching, sql_folder

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
