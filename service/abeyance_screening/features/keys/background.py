"""What runs beside the service for its keys: changes are followed, uses recorded."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress

from litestar.di import Provide

from abeyance_screening.platform.access.callers import LOOK_EVERY_S, Keyring
from abeyance_screening.platform.access.keys import ApiKeyStore, Keys
from abeyance_screening.platform.limits.limits import SETTLE_EVERY_S, Limiter
from abeyance_screening.platform.postgres.database import CLOSE_TIMEOUT_S, connected, on
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.questions.pending_desk import keys_of_service, keys_over
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.settings import read_settings
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import StoreUnavailableError

logger = logging.getLogger(__name__)


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the keys of a service."""
    return {"keys": always(keys_of_service(parts))}


@asynccontextmanager
async def keeping_keys(parts: ServiceParts) -> AsyncGenerator[None]:
    """Keep the keyring and the limits as the database has them, until the last request."""
    pool, keyring, limiter = parts.pool, parts.entrance.keyring, parts.entrance.limiter
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
    """Look for changed keys; return whether the database answered, and log the first silence."""
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

    A user with access to the database may change it anyway. Where an account asks for four eyes,
    a key that is made or replaced here waits all the same, and nobody approves anything here.
    """
    async with connected(dsn) as connection:
        yield keys_over(on(connection), read_settings())


async def is_any_key(dsn: str) -> bool:
    """Return whether a database has any key that works now."""
    async with connected(dsn) as connection:
        return await ApiKeyStore(connection).is_any(utc_now())
