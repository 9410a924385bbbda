"""What accounts keep is deleted in time, and what an earlier version kept is read for the list."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import msgspec

from service.app import utc_now
from service.errors import StoreUnavailableError
from service.screening.kept import summary_in
from service.settings import Settings
from service.store.accounts import AccountStore, Tidying, kept_for_ever
from service.store.stores import PooledStore
from service.store.written import ScreeningSummary

TIDY_EVERY_S = 600.0
# A process that has just begun has other things to do.
_FIRST_AFTER_S = 20.0
# Answers read one after another; between them other work has its turn.
_READ_AT_ONCE = 100
logger = logging.getLogger(__name__)


def kept_since(settings: Settings, now: Callable[[], datetime]) -> datetime:
    """Return the moment from which on screenings and results of tables are still kept."""
    days = settings.keep_screenings_days
    return kept_for_ever() if days is None else now() - timedelta(days=days)


@asynccontextmanager
async def kept_of(account: str, settings: Settings, dsn: str) -> AsyncGenerator[AccountStore]:
    """Yield what an account keeps in a database, to be listed and deleted without a key.

    A user with access to the database may do so anyway.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with PooledStore(dsn, partial(kept_since, settings, utc_now)) as kept:
        yield kept.of(account)


async def tidy_for_ever(kept: PooledStore) -> None:
    """Tidy up a database every ten minutes; a failure is logged, and tried again the next time."""
    await asyncio.sleep(_FIRST_AFTER_S)
    while True:
        try:
            await tidy(kept)
        except StoreUnavailableError:
            logger.warning("tidying.database_unreachable")
        except Exception:
            logger.exception("tidying.failed")
        await asyncio.sleep(TIDY_EVERY_S)


async def tidy(kept: PooledStore) -> None:
    """Delete what is kept no longer, unless another process does so just now.

    Raises:
        StoreUnavailableError: The database does not answer; some of it may be done.
    """
    since = kept.kept_since()
    async with kept.tidying() as work:
        if work is None:
            return
        await work.delete_old_requests()
        jobs = await work.delete_old_jobs(utc_now())
        if jobs:
            logger.info("jobs.deleted_in_time", extra={"count": jobs})
        if since > kept_for_ever():
            deleted = await work.delete_kept_before(since)
            if deleted:
                logger.info("screenings.deleted_in_time", extra={"count": deleted})
        await _describe_all(work, kept)


async def _describe_all(work: Tidying, kept: PooledStore) -> None:
    while keys := await work.not_described(_READ_AT_ONCE):
        for key, account in keys:
            await _describe(kept, key, account)


async def _describe(kept: PooledStore, key: UUID, account: str) -> None:
    """Record what a screening is about; one that cannot be read is about nobody known."""
    store = kept.of(account)
    answer = await store.answer(key)
    try:
        summary = await asyncio.to_thread(summary_in, b"".join(answer or ()))
    except msgspec.MsgspecError:
        logger.warning("screening.not_read", extra={"screening": str(key)})
        summary = ScreeningSummary(counterparty_count=0, counterparty_ids=(), outcome="incomplete")
    await store.describe(key, summary)
