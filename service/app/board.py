"""The measures of a prepared database, for commands that search no names."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from service.measures.board import CurrentBoard, MeasureBoard
from service.store.sql import connected
from service.store.stores import StoreOnConnection


@asynccontextmanager
async def register_at(dsn: str) -> AsyncGenerator[tuple[StoreOnConnection, CurrentBoard]]:
    """Yield the store of a prepared database, and the board of the register that it holds.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        await boards.catch_up(store)
        yield store, boards


async def local_board(dsn: str) -> MeasureBoard:
    """Load all measures from a prepared database, for one question on the command line.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with register_at(dsn) as (_, boards):
        return boards.get()
