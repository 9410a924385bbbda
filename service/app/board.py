"""The measures of a prepared database, for commands that search no names."""

from service.app.stores import StoreOnConnection
from service.flow.current_board import CurrentBoard
from service.flow.measures import MeasureBoard
from service.store.sql import connected


async def local_board(dsn: str) -> MeasureBoard:
    """The measures for one question on the command line."""
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        await boards.catch_up(StoreOnConnection(connection))
    return boards.get()
