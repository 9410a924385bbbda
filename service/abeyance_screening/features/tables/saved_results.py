"""Results of tables that the service keeps, in parts, until they are deleted.

Their id is random, and only callers of the account that keeps them find them by it. Where nothing
may be kept there is no store, and results stay in the browser.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from abeyance_screening.engine.tables.evidence import Counts, EvidenceRow, PartyRow, Summary
from abeyance_screening.features.tables.store import ResultPart, TableResultStore
from abeyance_screening.primitives.errors import NotFoundError


class ResultHead(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose results are kept: its name and number of rows, and the days as a query.

    `read_as` are lines on how it was read; results that were kept earlier have none.
    """

    name: str
    row_count: int
    clocks: tuple[tuple[str, str], ...]
    read_as: tuple[str, ...] = ()


class SavedLines(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a part; `complete` says whether its lists could be relied on."""

    lines: msgspec.Raw
    counts: Counts
    complete: bool | None


class SavedEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence of a part, with its counts; `summary` is None where no row was screened."""

    counts: Counts
    summary: Summary | None
    rows: tuple[EvidenceRow, ...]


def part_json(
    lines: Sequence[msgspec.Struct],
    parties: Sequence[PartyRow],
    rows: tuple[EvidenceRow, ...],
    numbers: tuple[Counts, Summary | None],
) -> ResultPart:
    """Return the results of some rows as JSON, with their counts and summary."""
    counts, summary = numbers
    coverage = None if summary is None else summary.coverage
    complete = None if coverage is None else coverage.complete
    sent = SavedLines(
        lines=msgspec.Raw(msgspec.json.encode(lines)), counts=counts, complete=complete
    )
    evidence = SavedEvidence(counts=counts, summary=summary, rows=rows)
    return ResultPart(
        lines=msgspec.json.encode(sent),
        parties=msgspec.json.encode(parties),
        evidence=msgspec.json.encode(evidence),
    )


class SavedResults:
    """The results that this installation keeps; none at all without a store.

    `days` is after how many days they are deleted; None for never.
    """

    def __init__(
        self,
        store: Callable[[], TableResultStore] | None,
        new_id: Callable[[], UUID],
        days: int | None = None,
    ) -> None:
        self.days = days
        self._store = store
        self._new_id = new_id

    @property
    def keeps(self) -> bool:
        """Whether results are kept at all."""
        return self._store is not None

    async def add(
        self, key: UUID | None, head: ResultHead, place: int, part: ResultPart, at: datetime
    ) -> UUID:
        """Keep a part of results, new ones where `key` is None, and return their id.

        Raises:
            NotFoundError: There are no such results, or they were deleted meanwhile.
            StoreUnavailableError: The part was not kept.
        """
        store = self._open(key)
        if key is None:
            key = self._new_id()
            await store.begin(key, at, msgspec.json.encode(head))
        if not await store.add(key, place, part):
            raise _missing(key)
        return key

    async def head(self, key: UUID) -> ResultHead:
        """Return the head of results.

        Raises:
            NotFoundError: There are no such results.
        """
        head = await self._open(key).head(key)
        if head is None:
            raise _missing(key)
        return msgspec.json.decode(head, type=ResultHead)

    async def lines(self, key: UUID) -> list[bytes]:
        """Return the JSON of a `SavedLines` for each part, in order; none of unknown results.

        Raises:
            NotFoundError: This installation keeps no results.
        """
        return await self._open(key).lines(key)

    async def parties(self, key: UUID, place: int) -> bytes:
        """Return the JSON of the parties of one part.

        Raises:
            NotFoundError: There are no such results, or no such part.
        """
        parties = await self._open(key).parties(key, place)
        if parties is None:
            raise _missing(key)
        return parties

    def evidence(self, key: UUID) -> AsyncIterator[tuple[bytes, bytes]]:
        """Yield the JSON of the parties and of the evidence of each part, in order.

        Raises:
            NotFoundError: This installation keeps no results.
        """
        return self._open(key).evidence(key)

    async def delete(self, key: UUID) -> None:
        """Delete results with everything in them.

        Raises:
            NotFoundError: There are no such results.
        """
        if not await self._open(key).delete(key):
            raise _missing(key)

    def _open(self, key: UUID | None) -> TableResultStore:
        if self._store is None:
            raise _missing(key)
        return self._store()


def _missing(key: UUID | None) -> NotFoundError:
    return NotFoundError("spreadsheet", "" if key is None else str(key))
