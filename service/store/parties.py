"""Operators' words that listings are different parties: recorded, withdrawn, never changed."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from service.store.sql import query, reaching
from service.store.written import PartySplit

type AnyConnection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


async def party_splits(connection: AnyConnection) -> tuple[PartySplit, ...]:
    """Return every split and every withdrawal, in the order in which they were recorded.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        rows = await connection.fetch(query("party_splits"))
    return msgspec.convert([dict(row) for row in rows], tuple[PartySplit, ...])


async def add_party_split(
    connection: AnyConnection,
    listings: Sequence[str],
    apart_from: Sequence[str],
    because: str,
    by: tuple[str, datetime],
) -> PartySplit:
    """Record a split by an operator at a moment, notify the followers, and return it.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    with reaching():
        async with connection.transaction():
            row = await connection.fetchrow(
                query("add_party_split"), listings, apart_from, because, *by
            )
            await connection.fetch(query("notify_followers"))
    return msgspec.convert(dict(row or {}), PartySplit)


async def withdraw_party_split(
    connection: AnyConnection, split_id: int, because: str, by: tuple[str, datetime]
) -> PartySplit | None:
    """Record that a split no longer counts, notify the followers, and return the withdrawal.

    Return None if there is no such split, or it is withdrawn already.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    with reaching():
        async with connection.transaction():
            row = await connection.fetchrow(query("withdraw_party_split"), split_id, because, *by)
            await connection.fetch(query("notify_followers"))
    return None if row is None else msgspec.convert(dict(row), PartySplit)
