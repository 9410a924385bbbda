"""Refresh lists: ask their publishers for newer editions, and load them."""

import logging
from collections.abc import (
    AsyncIterator,
    Callable,
    Sequence,
)

from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE, SOURCES
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.engine.lists.edition import Download
from abeyance_screening.engine.lists.load import LoadReport, downloadable_sources, wanted_by_name
from abeyance_screening.engine.lists.refresh import Refresher, is_due
from abeyance_screening.platform.postgres.database import connected, refreshing
from abeyance_screening.platform.publishers import HttpPublisher
from abeyance_screening.platform.sandbox.list_reader import ReaderInChild
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.lists import every_download
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import AbeyanceError, RefreshingElsewhereError

logger = logging.getLogger(__name__)


def sources_to_refresh(
    names: Sequence[str], *, has_bundle: bool = False
) -> tuple[ListSource, ...]:
    """Return the sources of list and source codes; without codes, all that can be downloaded.

    With a bundle to fetch, a public list that no program can download is nothing wrong: it may
    come with that.

    Raises:
        BadInputError: A code is unknown, or has no publisher or no permanent download address.
    """
    if not names:
        return tuple(source for source in SOURCES if source.offers)
    found: dict[str, ListSource] = {}
    for name in names:
        if has_bundle and not wanted_by_name(name).is_own and not _has_address(name):
            continue
        found |= {source.code: source for source in downloadable_sources(name)}
    return tuple(found.values())


def _has_address(name: str) -> bool:
    return any(SOURCE_BY_CODE[code].offers for code in wanted_by_name(name).sources)


async def refresh_lists(
    settings: Settings,
    dsn: str,
    sources: Sequence[ListSource],
    *,
    only_due: bool,
    begin: Callable[[ListSource], None] = lambda _: None,
    arrived: Callable[[int, int | None], None] | None = None,
) -> AsyncIterator[tuple[ListSource, tuple[LoadReport, ...]]]:
    """Ask publishers for newer editions, and yield the reports of each source.

    `begin` receives each source before its publisher is asked; `arrived` receives the bytes
    received of a file, and the total or None.

    Raises:
        RefreshingElsewhereError: Another process is refreshing.
    """
    async with connected(dsn) as guard, refreshing(guard) as is_ours, connected(dsn) as connection:
        if not is_ours:
            raise RefreshingElsewhereError
        downloads = await every_download(connection)
        store = StoreOnConnection(connection)
        publisher = HttpPublisher(settings.mirror, arrived=arrived)
        reader = ReaderInChild(settings)
        for source in sources:
            last = downloads.get(source.code)
            if not only_due or is_due(source, last, utc_now()):
                begin(source)
                refresher = Refresher(store, publisher, reader, utc_now())
                yield source, await _refreshed(refresher, source, last)


async def _refreshed(
    refresher: Refresher, source: ListSource, last: Download | None
) -> tuple[LoadReport, ...]:
    """Refresh one source; a bug in its reader fails this source only."""
    try:
        return await refresher.refresh(source, last)
    except AbeyanceError:
        raise
    except Exception as error:
        logger.exception("refresh.broke", extra={"source": source.code})
        reason = f"this program could not read it ({type(error).__name__}); please report it"
        return await refresher.give_up(source, last, reason)
