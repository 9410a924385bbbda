"""Upkeep beside answering: keys and limits kept as the database has them, deletion in time."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from secrets import token_bytes
from uuid import UUID

import msgspec

from service.access.keys import LOOK_EVERY_S, Keyring, Keys
from service.access.limits import SETTLE_EVERY_S, Limiter
from service.app import utc_now
from service.errors import StoreUnavailableError
from service.screening.coverage import codes_of
from service.screening.kept import summary_in
from service.settings import Settings
from service.store.access import ApiKeyStore
from service.store.accounts import (
    AccountStore,
    AccountStores,
    Tidying,
    kept_for_ever,
    open_accounts,
    tidying,
)
from service.store.sql import CLOSE_TIMEOUT_S, connected
from service.store.stores import PooledStore, StoreOnConnection
from service.store.written import ScreeningSummary

# --- Keys and limits: as the database has them in each process, and keys on the command line.

logger = logging.getLogger(__name__)


def served_keys(pool: PooledStore, keyring: Keyring) -> Keys:
    """Return the keys of a service; what is changed counts in this process at once."""

    async def changed() -> None:
        with suppress(StoreUnavailableError):
            await keyring.look(ApiKeyStore(pool.place))

    return Keys(lambda: ApiKeyStore(pool.place), utc_now, token_bytes, changed)


@asynccontextmanager
async def keeping_keys(
    pool: PooledStore, keyring: Keyring, limiter: Limiter
) -> AsyncGenerator[None]:
    """Keep the keyring and the limits as the database has them, until the last request."""
    is_away = not await _has_looked(pool, keyring, is_away=False)
    tasks = (
        asyncio.create_task(_look_for_ever(pool, keyring, is_away=is_away)),
        asyncio.create_task(_settle_for_ever(limiter)),
    )
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        with suppress(StoreUnavailableError, TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await keyring.write_uses(ApiKeyStore(pool.place))
                await limiter.give_back()


async def _look_for_ever(pool: PooledStore, keyring: Keyring, *, is_away: bool) -> None:
    """Look for changed keys every `LOOK_EVERY_S` seconds."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        is_away = not await _has_looked(pool, keyring, is_away=is_away)


async def _settle_for_ever(limiter: Limiter) -> None:
    """Settle every second what this process leased of limits and did not spend."""
    while True:
        await asyncio.sleep(SETTLE_EVERY_S)
        try:
            await limiter.settle_due()
        except Exception:
            logger.exception("limits.settle_failed")


async def _has_looked(pool: PooledStore, keyring: Keyring, *, is_away: bool) -> bool:
    """Look for changed keys, and return whether the database answered; else all stays as it is.

    It is logged once that the database does not answer: not if it was away before.
    """
    try:
        await keyring.look(ApiKeyStore(pool.place))
    except StoreUnavailableError:
        if not is_away:
            logger.warning("keys.database_unreachable")
        return False
    except Exception:
        logger.exception("keys.look_failed")
    return True


@asynccontextmanager
async def local_keys(dsn: str) -> AsyncGenerator[Keys]:
    """Yield the keys of a database, for changes without a key.

    A user with access to the database may change it anyway.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        store = ApiKeyStore(connection)
        yield Keys(lambda: store, utc_now, token_bytes)


async def is_any_key(dsn: str) -> bool:
    """Return whether a database has any key that works now.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        return await ApiKeyStore(connection).is_any(utc_now())


async def list_codes_of(dsn: str) -> frozenset[str]:
    """Return the codes of all lists of a database.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        return frozenset(codes_of(await StoreOnConnection(connection).read_lists()))


# --- What accounts keep is deleted in time, and what an earlier version kept is read for the list.

TIDY_EVERY_S = 600.0
# A process that has just begun has other things to do.
_FIRST_AFTER_S = 20.0
# Answers read one after another; between them other work has its turn.
_READ_AT_ONCE = 100


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
    async with open_accounts(dsn, partial(kept_since, settings, utc_now)) as accounts:
        yield accounts.of(account)


async def tidy_for_ever(dsn: str, accounts: AccountStores) -> None:
    """Tidy up a database every ten minutes; a failure is logged, and tried again the next time."""
    await asyncio.sleep(_FIRST_AFTER_S)
    while True:
        try:
            await tidy(dsn, accounts)
        except StoreUnavailableError:
            logger.warning("tidying.database_unreachable")
        except Exception:
            logger.exception("tidying.failed")
        await asyncio.sleep(TIDY_EVERY_S)


async def tidy(dsn: str, accounts: AccountStores) -> None:
    """Delete what is kept no longer, unless another process does so just now.

    Raises:
        StoreUnavailableError: The database does not answer; some of it may be done.
    """
    since = accounts.kept_since()
    async with tidying(dsn) as work:
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
        await _describe_all(work, accounts)


async def _describe_all(work: Tidying, accounts: AccountStores) -> None:
    while keys := await work.not_described(_READ_AT_ONCE):
        for key, account in keys:
            await _describe(accounts, key, account)


async def _describe(accounts: AccountStores, key: UUID, account: str) -> None:
    """Record what a screening is about; one that cannot be read is about nobody known."""
    store = accounts.of(account)
    answer = await store.answer(key)
    try:
        summary = await asyncio.to_thread(summary_in, b"".join(answer or ()))
    except msgspec.MsgspecError:
        logger.warning("screening.not_read", extra={"screening": str(key)})
        summary = ScreeningSummary(counterparty_count=0, counterparty_ids=(), outcome="incomplete")
    await store.describe(key, summary)
