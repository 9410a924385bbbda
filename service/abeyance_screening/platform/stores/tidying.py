"""The deletion of what is kept no longer: what features do it with.

A request with an `Idempotency-Key` is remembered for every feature alike, so its deletion is here.
What else is deleted each feature says itself, as its `retention`.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import asyncpg

from abeyance_screening.platform.access.idempotency import REPEATED_FOR
from abeyance_screening.platform.postgres.database import connected, fetched, holding
from abeyance_screening.platform.stores.accounts import AccountStores
from abeyance_screening.platform.stores.retention import kept_for_ever

_DELETED_AT_ONCE = 500


class Tidying(NamedTuple):
    """What features delete old rows with, all accounts' alike, in one process at a time.

    `now` is the current moment in UTC. `accounts` say from when on screenings and results of
    tables are kept.
    """

    connection: asyncpg.Connection
    accounts: AccountStores
    now: datetime

    async def delete_all(
        self, query: str, *arguments: object, most: int = _DELETED_AT_ONCE
    ) -> int:
        """Delete by a query until it returns no row, and return how many it returned.

        The last parameter of the query is how many rows it deletes, so few that nobody waits.
        """
        count = 0
        while rows := await fetched(self.connection, query, *arguments, most):
            count += len(rows)
        return count

    async def delete_kept_too_long(self, query: str) -> int:
        """Delete by a query what is kept no longer, if anything is, and return how much it was."""
        since = self.accounts.kept_since()
        return await self.delete_all(query, since) if since > kept_for_ever() else 0


async def delete_old_requests(work: Tidying) -> None:
    """Delete what is known of requests that are not repeated any more."""
    await work.delete_all("delete_old_idempotency_keys", REPEATED_FOR)


@asynccontextmanager
async def tidying(
    dsn: str, accounts: AccountStores, now: datetime
) -> AsyncGenerator[Tidying | None]:
    """Yield what tidies up a database; None if another process does so just now."""
    async with (
        connected(dsn) as connection,
        holding(connection, "try_lock_tidying", "unlock_tidying") as is_ours,
    ):
        yield Tidying(connection, accounts, now) if is_ours else None
