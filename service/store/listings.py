"""Listings, read to build an index."""

import asyncpg
import msgspec

from service.model.edition import Snapshot, StoredLists
from service.store.editions import LOAD_TIMEOUT_S, current_editions, last_attempts
from service.store.sql import query, reaching


async def read_lists(connection: asyncpg.Connection) -> StoredLists:
    """Editions and last tries, of one moment."""
    with reaching():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _lists(connection)


async def read_snapshot(connection: asyncpg.Connection) -> Snapshot:
    """Everything an index is built from, of one moment; listings by list code and id."""
    with reaching():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            lists = await _lists(connection)
            rows = await connection.fetch(query("current_listings"), timeout=LOAD_TIMEOUT_S)
    pairs = msgspec.convert([tuple(row) for row in rows], list[tuple[str]])
    return Snapshot(lists=lists, bodies=tuple(body.encode() for (body,) in pairs))


async def _lists(connection: asyncpg.Connection) -> StoredLists:
    return StoredLists(
        editions=await current_editions(connection), attempts=await last_attempts(connection)
    )
