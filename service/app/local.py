"""What the command line asks of a prepared database, without a service."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

from service.app.clock import utc_now
from service.app.stores import StoreOnConnection
from service.flow.current_board import CurrentBoard
from service.flow.desk import Desk, Outside
from service.flow.follow import CurrentIndex
from service.flow.operators import Operators
from service.store.sql import connected


async def local_desk(dsn: str) -> Desk:
    """A desk for one question on the command line; it keeps no screenings."""
    current, boards = CurrentIndex(), CurrentBoard()
    async with connected(dsn) as connection:
        await boards.catch_up(StoreOnConnection(connection))
        await current.catch_up(StoreOnConnection(connection))
    outside = Outside(now=utc_now, new_id=uuid4, screenings=None, changes=None)
    return Desk(current, boards, outside)


@asynccontextmanager
async def local_operators(dsn: str) -> AsyncGenerator[Operators]:
    """The register of a database, for somebody who may change the database anyway.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    boards = CurrentBoard()
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        await boards.catch_up(store)
        yield Operators(store, boards, utc_now)
