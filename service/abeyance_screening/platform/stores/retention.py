"""What is deleted once it is old: screenings, results, requests and jobs."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.platform.access.idempotency import REPEATED_FOR
from abeyance_screening.platform.postgres.queries import connected, fetched, holding
from abeyance_screening.platform.settings import Settings

_EVER = datetime.min.replace(tzinfo=UTC)
_DELETED_AT_ONCE = 500
# Each is a megabyte, or the answers to hundreds of rows.
_ROWS_OF_JOBS_AT_ONCE = 50
# A table is received, and what a job is answered from is pinned, within these times.
_RECEIVED_IN, _PINNED_IN = timedelta(days=1), timedelta(hours=1)
_QUEUE_LOG_KEPT = timedelta(hours=1)
type KeptSince = Callable[[], datetime]
"""Returns the moment before which nothing that is kept is read any more."""


def kept_for_ever() -> datetime:
    """Return the first moment there is: what is kept is read until somebody deletes it."""
    return _EVER


class Tidying:
    """What is done to what all accounts keep, by one process at a time; no answer is read here.

    Each deletion is of so many rows that nobody waits for it.
    """

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def delete_kept_before(self, moment: datetime) -> int:
        """Delete screenings and results of tables from before a moment, and return how many.

        Raises:
            StoreUnavailableError: The database does not answer; some may be deleted.
        """
        queries = "delete_old_screenings", "delete_old_table_results"
        return sum([await self._delete_all(each, moment) for each in queries])

    async def delete_old_requests(self) -> int:
        """Delete what is known of requests that are not repeated any more, and return how many.

        Raises:
            StoreUnavailableError: The database does not answer; some may be deleted.
        """
        return await self._delete_all("delete_old_idempotency_keys", REPEATED_FOR)

    async def delete_old_jobs(self, now: datetime) -> int:
        """Delete jobs whose time to be kept is over, and what only they needed; return how many.

        Nobody sees them from the first moment on; their rows go a few at a time.

        Raises:
            StoreUnavailableError: The database does not answer; some may be deleted.
        """
        hidden = await fetched(self._connection, "delete_expired_jobs", now, now - _RECEIVED_IN)
        await self._delete_all("delete_job_rows", most=_ROWS_OF_JOBS_AT_ONCE)
        await self._delete_all("delete_empty_jobs")
        for name in ("delete_unused_bases", "delete_unused_job_files"):
            await fetched(self._connection, name, now - _PINNED_IN)
        await self._delete_all("delete_old_queue_log", now - _QUEUE_LOG_KEPT)
        return len(hidden)

    async def not_described(self, most: int) -> tuple[tuple[UUID, str], ...]:
        """Return id and account of screenings that nobody has read for what they are about.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._connection, "screenings_to_describe", most)
        return msgspec.convert([tuple(row) for row in rows], tuple[tuple[UUID, str], ...])

    async def _delete_all(
        self, name: str, *arguments: object, most: int = _DELETED_AT_ONCE
    ) -> int:
        count = 0
        while rows := await fetched(self._connection, name, *arguments, most):
            count += len(rows)
        return count


@asynccontextmanager
async def tidying(dsn: str) -> AsyncGenerator[Tidying | None]:
    """Yield what tidies up a database; None if another process does so just now.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with (
        connected(dsn) as connection,
        holding(connection, "try_lock_tidying", "unlock_tidying") as is_ours,
    ):
        yield Tidying(connection) if is_ours else None


def kept_since(settings: Settings, now: Callable[[], datetime]) -> datetime:
    """Return the moment from which on screenings and results of tables are still kept."""
    days = settings.keep_screenings_days
    return kept_for_ever() if days is None else now() - timedelta(days=days)
