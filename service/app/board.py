"""The measures of a prepared database, for commands that search no names."""

from service.measures.board import MeasureBoard
from service.measures.current_board import CurrentBoard
from service.store.sql import connected
from service.store.stores import StoreOnConnection


async def local_board(dsn: str) -> MeasureBoard:
    """Load all measures from a prepared database, for one question on the command line.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        await boards.catch_up(StoreOnConnection(connection))
    return boards.get()
