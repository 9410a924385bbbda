"""All of these stores on one connection, as the engine reads them."""

import asyncpg

from abeyance_screening.platform.postgres.database import on
from abeyance_screening.platform.stores.lists import DatabaseLists
from abeyance_screening.platform.stores.parties import DatabaseSplits
from abeyance_screening.platform.stores.register import DatabaseRegister


class StoreOnConnection(DatabaseLists, DatabaseSplits, DatabaseRegister):
    """The stores of all that an index holds, on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        super().__init__(on(connection))
