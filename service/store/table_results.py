"""Results of tables screened on the spreadsheet page: kept in parts, until they are deleted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from service.store.sql import QUERY_TIMEOUT_S, query, reaching
from service.store.written import ResultPart


class TableResultStore:
    """The results of tables, on a pool of connections."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self, key: UUID, begun_at: datetime, head: bytes) -> None:
        """Begin results under a new id.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        with reaching():
            async with asyncio.timeout(QUERY_TIMEOUT_S):
                await self._pool.execute(query("add_table_result"), key, begun_at, head)

    async def add(self, key: UUID, place: int, part: ResultPart) -> bool:
        """Add the results of some rows, or replace those of the same place.

        Return False if there are no such results, or they were deleted.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await self._fetch(
            "add_table_result_part", key, place, part.lines, part.parties, part.evidence
        )
        return bool(rows)

    async def head(self, key: UUID) -> bytes | None:
        """Return the head of results; None if there are none, or they were deleted.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return next(iter(await self._bodies("table_result_head", key)), None)

    async def lines(self, key: UUID) -> list[bytes]:
        """Return the lines of each part, in order.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return await self._bodies("table_result_lines", key)

    async def parties(self, key: UUID, place: int) -> bytes | None:
        """Return what is shown beside the lines of one part; None if there is no such part.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return next(iter(await self._bodies("table_result_parties", key, place)), None)

    async def evidence(self, key: UUID) -> AsyncIterator[tuple[bytes, bytes]]:
        """Yield the parties and the evidence of each part, one part at a time, in order.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        after = -1
        while rows := await self._fetch("table_result_evidence", key, after):
            after, parties, evidence = msgspec.convert(tuple(rows[0]), tuple[int, bytes, bytes])
            yield parties, evidence

    async def delete(self, key: UUID) -> bool:
        """Delete results with all their parts; return False if there were none.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return bool(await self._fetch("delete_table_result", key))

    async def _bodies(self, name: str, *asked: object) -> list[bytes]:
        rows = await self._fetch(name, *asked)
        return [body for (body,) in msgspec.convert([tuple(r) for r in rows], list[tuple[bytes]])]

    async def _fetch(self, name: str, *asked: object) -> list[asyncpg.Record]:
        with reaching():
            async with asyncio.timeout(QUERY_TIMEOUT_S):
                return await self._pool.fetch(query(name), *asked)
