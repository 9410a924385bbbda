"""Watching: the register and every list refreshed by their schedule, for ever."""

import asyncio
import logging
from collections.abc import Sequence

from service.app.lists import UnreachablePublishers, refresh_lists
from service.app.register import refresh_register
from service.errors import AbeyanceError, RefreshingElsewhereError
from service.lists.kinds import ListSource
from service.settings import Settings

# How often `watch` checks whether the register or a source is due.
LOOK_EVERY_S = 60.0
logger = logging.getLogger(__name__)


async def watch(settings: Settings, dsn: str, sources: Sequence[ListSource]) -> None:
    """Refresh the register and each source whenever it is due; log a failure and try again."""
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
