"""Results of tables in the database."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.platform.postgres.database import QueryPlace, current_unit, fetched


class ResultPart(msgspec.Struct, frozen=True):
    """The results of some rows of a table as JSON, in three parts that are read apart."""

    lines: bytes
    parties: bytes
    evidence: bytes


class TableResultStore:
    """The results of the tables of one account, on a pool of connections or in a unit of work.

    Those that were begun before `since` are not read any more.
    """

    def __init__(self, place: QueryPlace, account: str, since: datetime) -> None:
        self._place = place
        self._account = account
        self._since = since

    async def begin(self, key: UUID, begun_at: datetime, head: bytes) -> None:
        """Begin results under a new id."""
        await self._fetch("add_table_result", key, begun_at, head)

    async def add(self, key: UUID, place: int, part: ResultPart) -> bool:
        """Add the results of some rows, or replace those of the same place.

        Return False if there are no such results, or they were deleted.
        """
        if (unit := current_unit()) is not None:
            unit.table_result = key
        body = part.lines, part.parties, part.evidence
        rows = await self._fetch("add_table_result_part", key, place, *body, self._since)
        return bool(rows)

    async def head(self, key: UUID) -> bytes | None:
        """Return the head of results; None if there are none, or they were deleted."""
        return next(iter(await self._bodies("table_result_head", key, self._since)), None)

    async def lines(self, key: UUID) -> list[bytes]:
        """Return the lines of each part, in order."""
        return await self._bodies("table_result_lines", key, self._since)

    async def parties(self, key: UUID, place: int) -> bytes | None:
        """Return what is shown beside the lines of one part; None if there is no such part."""
        bodies = await self._bodies("table_result_parties", key, self._since, place)
        return next(iter(bodies), None)

    async def evidence(self, key: UUID) -> AsyncIterator[tuple[bytes, bytes]]:
        """Yield the parties and the evidence of each part, one part at a time, in order."""
        after = -1
        while rows := await self._fetch("table_result_evidence", key, self._since, after):
            after, parties, evidence = msgspec.convert(tuple(rows[0]), tuple[int, bytes, bytes])
            yield parties, evidence

    async def delete(self, key: UUID) -> bool:
        """Delete results with all their parts; return False if there were none."""
        return bool(await self._fetch("delete_table_result", key))

    async def _bodies(self, name: str, *asked: object) -> list[bytes]:
        rows = await self._fetch(name, *asked)
        return [body for (body,) in msgspec.convert([tuple(r) for r in rows], list[tuple[bytes]])]

    async def _fetch(self, name: str, *asked: object) -> list[asyncpg.Record]:
        return await fetched(self._place, name, self._account, *asked)
