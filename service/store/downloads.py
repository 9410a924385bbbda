"""Downloads: how the last one of each source went, and which process may make the next."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from service.model.edition import Download
from service.store.sql import query, reaching


async def every_download(connection: asyncpg.Connection) -> dict[str, Download]:
    """The last download of each source that was ever tried, by source code."""
    with reaching():
        rows = await connection.fetch(query("every_download"))
    found = [dict(row) | {"seen": _decoded(row)} for row in rows]
    return {each.source: each for each in msgspec.convert(found, list[Download])}


def _decoded(row: asyncpg.Record) -> tuple[tuple[str | None, str | None], ...]:
    seen = msgspec.convert(row["seen"], str)
    return msgspec.json.decode(seen, type=tuple[tuple[str | None, str | None], ...])


@asynccontextmanager
async def refreshing(connection: asyncpg.Connection) -> AsyncGenerator[bool]:
    """Whether this process is the one that refreshes now; until the end, no other can be.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        is_ours = await connection.fetchval(query("try_lock_refreshing")) is True
    try:
        yield is_ours
    finally:
        if is_ours and not connection.is_closed():
            with reaching():
                await connection.fetchval(query("unlock_refreshing"))
