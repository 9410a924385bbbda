"""A process that screens counterparties again, as a replica does, until it is killed.

    python -m tests.integration.rescreening_process DSN CLOCK

`CLOCK` is a file with the moment that it takes for now.
"""

import asyncio
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.features.counterparties.rescreen import Rescreening
from abeyance_screening.platform.postgres.database import connected, holding
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.errors import StoreUnavailableError


async def rescreen(dsn: str, clock: Path) -> None:
    """Screens again whatever changes, by the lock of the service, for ever."""
    while True:
        with suppress(StoreUnavailableError):
            async with PooledStore(dsn) as pool, connected(dsn) as reading, connected(dsn) as held:
                store, boards = StoreOnConnection(reading), CurrentBoard()
                current = CurrentIndex(past=store)
                work = Rescreening(
                    pool, current, boards, lambda: datetime.fromisoformat(clock.read_text("ascii"))
                )
                async with holding(held, "try_lock_rescreening", "unlock_rescreening") as is_ours:
                    while is_ours and not held.is_closed():
                        await boards.catch_up(store)
                        await current.catch_up(store)
                        await work.round()
                        await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(rescreen(sys.argv[1], Path(sys.argv[2])))
