"""This machine's database, prepared for one command."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path

from abeyance_screening.platform.cli.options import settings_with
from abeyance_screening.platform.local_data import bring_up_to_date, check_database, prepare
from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.postgres.data_directory import CLUSTER
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import BadInputError, StoreUnavailableError


@contextmanager
def prepared_database(settings: Settings, *, keep_alive: bool = False) -> Generator[str]:
    """Yield the address of a running database, with the newest schema and the bundled lists."""
    with opened_database(settings, keep_alive=keep_alive) as dsn:
        asyncio.run(prepare(dsn, lambda _: None, settings))
        yield dsn


@contextmanager
def opened_database(
    settings: Settings, *, keep_alive: bool = False, say: Callable[[str], None] = lambda _: None
) -> Generator[str]:
    """Yield the address of a running database with the newest schema, whatever lists it has.

    It is the database of DATABASE_URL if that is set, otherwise the embedded one; an embedded
    server that another command runs on the same folder is shared. With `keep_alive` an embedded
    server that dies is started again until the context ends. `say` receives each step in words.

    Raises:
        BadInputError: The database of DATABASE_URL does not answer, or the data directory cannot
            be written.
        EmbeddedPostgresError: The embedded database cannot run.
        DatabaseNewerError: A newer version has migrated the database.
    """
    if settings.database_url is not None:
        try:
            asyncio.run(bring_up_to_date(settings.database_url))
        except StoreUnavailableError as error:
            raise BadInputError("DATABASE_URL", "the database does not answer") from error
        yield settings.database_url
        return
    _provide(settings.data_dir)
    say(f"starting the database in {settings.data_dir}")
    with embedded_postgres(
        settings.data_dir, binaries=settings.postgres_bin, keep_alive=keep_alive, say=say
    ) as dsn:
        asyncio.run(bring_up_to_date(dsn))
        yield dsn


@contextmanager
def database_there(settings: Settings) -> Generator[str | None]:
    """Yield the address of this installation's database as it is; None where there is none yet.

    Nothing is created, and the schema stays as it is.

    Raises:
        EmbeddedPostgresError: The embedded database cannot run.
        DatabaseNewerError: A newer version has migrated the database.
    """
    if settings.database_url is not None:
        asyncio.run(check_database(settings.database_url))
        yield settings.database_url
    elif not (settings.data_dir / CLUSTER).is_dir():
        yield None
    else:
        with embedded_postgres(settings.data_dir, binaries=settings.postgres_bin) as dsn:
            asyncio.run(check_database(dsn))
            yield dsn


def _provide(folder: Path) -> None:
    """Create the data directory if it is missing, before any work is announced."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        reason = f"{folder} cannot be written: {error.strerror}"
        raise BadInputError("ABEYANCE_DATA_DIR", reason) from error


def with_database[T](folder: Path | None, work: Callable[[str], Coroutine[None, None, T]]) -> T:
    """Do some work with the command's database, which needs no lists for it."""
    with opened_database(settings_with(folder)) as dsn:
        return asyncio.run(work(dsn))
