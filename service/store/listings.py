"""Lists and listings, read to build an index."""

from collections.abc import AsyncIterator

import asyncpg
import msgspec

from service.model.edition import ListingVersion, StoredLists
from service.store.editions import LOAD_TIMEOUT_S, every_edition, last_attempts
from service.store.sql import query, reaching
from service.store.terms import every_terms

# So many rows are turned into structs before other work gets its turn.
_ROWS_AT_ONCE = 500


async def read_lists(connection: asyncpg.Connection) -> StoredLists:
    """Editions and last tries, of one moment."""
    with reaching():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _lists(connection)


async def read_versions(
    connection: asyncpg.Connection, since: int
) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
    """The lists, and every version that began or ended after edition `since`, of one moment."""
    with reaching():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            lists = await _lists(connection)
            versions = [version async for version in _versions(connection, since)]
    return lists, tuple(versions)


async def _versions(connection: asyncpg.Connection, since: int) -> AsyncIterator[ListingVersion]:
    cursor = connection.cursor(
        query("versions_since"), since, prefetch=_ROWS_AT_ONCE, timeout=LOAD_TIMEOUT_S
    )
    async for row in cursor:
        listing_id, list_code, source, first, until, body = msgspec.convert(
            tuple(row), tuple[str, str, str, int, int | None, str]
        )
        yield ListingVersion(
            listing_id=listing_id,
            list_code=list_code,
            source=source,
            first_edition=first,
            until_edition=until,
            body=body.encode(),
        )


async def _lists(connection: asyncpg.Connection) -> StoredLists:
    return StoredLists(
        editions=await every_edition(connection),
        attempts=await last_attempts(connection),
        terms=await every_terms(connection),
    )
