"""The measures of a prepared database, for commands that search no names."""

from service.measures.board import MeasureBoard
from service.measures.current_board import CurrentBoard
from service.store.sql import connected
from service.store.stores import StoreOnConnection


async def local_board(dsn: str) -> MeasureBoard:
    """The measures for one question on the command line."""
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        await boards.catch_up(StoreOnConnection(connection))
    return boards.get()
