"""Screenings, kept exactly as they were answered."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from service.store.sql import QUERY_TIMEOUT_S, query, reaching


async def add_screening(pool: asyncpg.Pool, key: UUID, asked_at: datetime, answer: bytes) -> None:
    """Keeps one answer.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was kept.
    """
    with reaching():
        await pool.execute(query("add_screening"), key, asked_at, answer, timeout=QUERY_TIMEOUT_S)


async def screening_answer(pool: asyncpg.Pool, key: UUID) -> bytes | None:
    """The answer as it was given, byte for byte, or None where there is none of that id.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        rows = await pool.fetch(query("screening_answer"), key, timeout=QUERY_TIMEOUT_S)
    answers = msgspec.convert([tuple(row) for row in rows], list[tuple[bytes]])
    return answers[0][0] if answers else None
