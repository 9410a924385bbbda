"""Screenings, kept exactly as they were answered."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from service.store.sql import QUERY_TIMEOUT_S, query, reaching


@asynccontextmanager
async def _connection(pool: asyncpg.Pool) -> AsyncGenerator[asyncpg.pool.PoolConnectionProxy]:
    """A connection of the pool; giving it back waits no longer than a query may take."""
    async with pool.acquire(timeout=QUERY_TIMEOUT_S) as connection:
        yield connection


async def add_screening(pool: asyncpg.Pool, key: UUID, asked_at: datetime, answer: bytes) -> None:
    """Keeps one answer.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was kept.
    """
    with reaching():
        async with asyncio.timeout(QUERY_TIMEOUT_S), _connection(pool) as connection:
            await connection.execute(query("add_screening"), key, asked_at, answer)


async def screening_answer(pool: asyncpg.Pool, key: UUID) -> bytes | None:
    """The answer as it was given, byte for byte, or None where there is none of that id.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        async with asyncio.timeout(QUERY_TIMEOUT_S), _connection(pool) as connection:
            rows = await connection.fetch(query("screening_answer"), key)
    answers = msgspec.convert([tuple(row) for row in rows], list[tuple[bytes]])
    return answers[0][0] if answers else None
