"""Upkeep beside answering: what is kept deleted in time, lists refreshed, places looked at."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from abeyance_screening.app.features import functions_of
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.features.lists.refresh import refresh_lists
from abeyance_screening.features.register.bundles import refresh_register
from abeyance_screening.features.watch.look import look_when_due
from abeyance_screening.platform.publishers import UnreachablePublishers
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.accounts import AccountStores
from abeyance_screening.platform.stores.tidying import Tidying, delete_old_requests, tidying
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    RefreshingElsewhereError,
    StoreUnavailableError,
)

type Retention = Callable[[Tidying], Awaitable[None]]
logger = logging.getLogger(__name__)


# --- What is kept no longer is deleted, feature by feature.

TIDY_EVERY_S = 600.0
# A process that has just begun has other things to do.
_FIRST_AFTER_S = 20.0


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
    async with tidying(dsn, accounts, utc_now()) as work:
        if work is None:
            return
        await delete_old_requests(work)
        for delete_old in cast("list[Retention]", functions_of("retention")):
            await delete_old(work)


# How often `watch` checks whether the register, a source or a place is due.
LOOK_EVERY_S = 60.0


async def watch(settings: Settings, dsn: str, sources: Sequence[ListSource]) -> None:
    """Refresh the register and each source, and look at each place, whenever it is due.

    A failure is logged, and the next round tries again. Looking at places waits for no list and no
    list waits for it.
    """
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_refresh_for_ever(settings, dsn, sources))
        if settings.watch_every_hours is not None:
            tasks.create_task(_look_for_ever(settings, dsn))


async def _refresh_for_ever(settings: Settings, dsn: str, sources: Sequence[ListSource]) -> None:
    reach = UnreachablePublishers()
    while True:
        try:
            await refresh_register(settings, dsn, only_due=True)
            async for source, reports in refresh_lists(settings, dsn, sources, only_due=True):
                reach.note(source, reports)
        except RefreshingElsewhereError:
            logger.debug("refresh.elsewhere")
        except AbeyanceError as error:
            logger.warning("refresh.failed", extra={"reason": str(error)})
        except Exception:
            logger.exception("refresh.failed")
        reach.end_round()
        await asyncio.sleep(LOOK_EVERY_S)


async def _look_for_ever(settings: Settings, dsn: str) -> None:
    while True:
        try:
            await look_when_due(settings, dsn)
        except AbeyanceError as error:
            logger.warning("register.watch_failed", extra={"reason": str(error)})
        except Exception:
            logger.exception("register.watch_failed")
        await asyncio.sleep(LOOK_EVERY_S)
