"""Changes from edition to edition."""

import asyncio
from datetime import date, datetime

import asyncpg
import msgspec

from service.model.change import EditionCounts, EditionPair, ListingChange, ListingDifference
from service.model.edition import AttemptOnDay
from service.store.sql import QUERY_TIMEOUT_S, query, reaching


async def listing_changes(
    pool: asyncpg.Pool,
    since: datetime,
    list_code: str | None,
    after: tuple[int, str],
    most: int,
    *,
    newest_first: bool,
) -> tuple[ListingChange, ...]:
    """What editions loaded since then changed, after a place given as edition and listing id.

    By edition and listing id; `list_code` None means every list. `newest_first` turns the order
    of editions around.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    rows = await _fetch(pool, "listing_changes", since, list_code, *after, most, newest_first)
    return msgspec.convert(rows, tuple[ListingChange, ...])


async def edition_counts(pool: asyncpg.Pool, since: datetime) -> tuple[EditionCounts, ...]:
    """What the editions loaded since then changed, in numbers, the newest first.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    rows = await _fetch(pool, "edition_counts", since)
    return msgspec.convert(rows, tuple[EditionCounts, ...])


async def attempts_by_day(pool: asyncpg.Pool, since: date) -> tuple[AttemptOnDay, ...]:
    """How tries to load lists ended from a day (UTC) on, by list code and day.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    rows = await _fetch(pool, "attempts_by_day", since)
    return msgspec.convert(rows, tuple[AttemptOnDay, ...])


async def edition_difference(
    pool: asyncpg.Pool, editions: EditionPair, after: str, most: int
) -> tuple[ListingDifference, ...]:
    """The listings that two editions print differently, after a listing id, by that id.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    rows = await _fetch(
        pool,
        "edition_difference",
        editions.list_code,
        editions.source,
        editions.older,
        editions.newer,
        after,
        most,
    )
    return msgspec.convert(rows, tuple[ListingDifference, ...])


async def _fetch(pool: asyncpg.Pool, name: str, *arguments: object) -> list[dict[str, object]]:
    with reaching():
        async with (
            asyncio.timeout(QUERY_TIMEOUT_S),
            pool.acquire(timeout=QUERY_TIMEOUT_S) as connection,
        ):
            rows = await connection.fetch(query(name), *arguments)
    return [dict(row) for row in rows]
