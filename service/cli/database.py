"""The database a command works on: the one named by DATABASE_URL, else the embedded one."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from service.app.board import local_board
from service.app.lists import prepare
from service.cli.options import settings_with
from service.flow.measures import MeasureBoard
from service.postgres import embedded_postgres
from service.settings import Settings


@contextmanager
def prepared_database(settings: Settings, *, keep_alive: bool = False) -> Generator[str]:
    """Address of a running database with the newest schema and at least the bundled lists.

    An embedded server that another command runs on the same folder is joined. With `keep_alive`
    an embedded server that dies is started again until the end.
    """
    if settings.database_url is not None:
        asyncio.run(prepare(settings.database_url))
        yield settings.database_url
        return
    with embedded_postgres(
        settings.data_dir, binaries=settings.postgres_bin, keep_alive=keep_alive
    ) as dsn:
        asyncio.run(prepare(dsn))
        yield dsn


def measures_at_hand(data_dir: Path | None) -> MeasureBoard:
    """The measures of the database a command works on, with what operators added to it."""
    with prepared_database(settings_with(data_dir)) as dsn:
        return asyncio.run(local_board(dsn))
