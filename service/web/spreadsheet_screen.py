"""A table screened: rows to counterparties, those to an answer, that to rows of evidence."""

import asyncio
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, islice
from typing import Literal

import msgspec

from service.flow.ask import Asked
from service.flow.desk import Desk
from service.model.answer import ScreeningAnswer
from service.model.days import Days
from service.sheet import (
    ColumnMap,
    Counts,
    EvidenceRow,
    ReadRow,
    Summary,
    Table,
    UnreadableRow,
    counterparties,
    evidence_of,
    read_as,
    result_writer,
    summary_of,
    unreadable,
)

BATCH = 200
# So many rows of evidence are written between two looks whether others have a turn.
_AT_ONCE = 200
FileKind = Literal["xlsx", "csv"]
MEDIA_TYPES: dict[FileKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a table is called, and how it is screened; kept are its answers only with `keep`."""

    name: str
    days: Days
    threshold: float | None = None
    keep: bool = False


class Screened(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of evidence of a table, in its order, and how it came out.

    `summary` is None where no row could be asked about.
    """

    rows: tuple[EvidenceRow, ...]
    counts: Counts
    summary: Summary | None


async def screened(desk: Desk, table: Table, mapped: ColumnMap, terms: Terms) -> Screened:
    """A table screened, `BATCH` rows at a time; kept only if the terms say so.

    Raises:
        BadInputError: The table breaks off, or a batch cannot be answered as it stands.
        NotReadyError: Nothing was loaded yet.
        StoreUnavailableError: The answers could not be kept.
    """
    rows: list[EvidenceRow] = []
    counts, first = Counts(), None
    read = counterparties(table, mapped)
    while batch := await asyncio.to_thread(_next, read):
        answer = await _answer(desk, batch, terms)
        counts = await asyncio.to_thread(_add, batch, answer, rows, counts)
        # the summary is that of an answer which says what is wrong, if any does
        first = answer if first is None or first.coverage.complete else first
    summary = None
    if first is not None:
        summary = summary_of(terms.name, read_as(table, mapped), first, counts)
    return Screened(rows=tuple(rows), counts=counts, summary=summary)


def written(kind: FileKind, rows: Iterable[EvidenceRow], summary: Summary) -> bytes:
    """A file of results with every column of the evidence."""
    stream = io.BytesIO()
    writer = result_writer(kind, stream)
    for some in batched(rows, _AT_ONCE, strict=False):
        writer.add(some)
    writer.finish(summary)
    return stream.getvalue()


type _Batch = Sequence[ReadRow | UnreadableRow]


def _next(rows: Iterator[ReadRow | UnreadableRow]) -> _Batch:
    return list(islice(rows, BATCH))


def _add(
    batch: _Batch, answer: ScreeningAnswer | None, into: list[EvidenceRow], counts: Counts
) -> Counts:
    results = iter(() if answer is None else answer.results)
    for each in batch:
        if isinstance(each, UnreadableRow):
            into.append(unreadable(each))
            counts = counts.with_unreadable()
        elif answer is not None:
            result = next(results)
            into += (_unkept(row, answer) for row in evidence_of(each, result, answer))
            counts = counts.with_result(result)
    return counts


async def _answer(desk: Desk, batch: _Batch, terms: Terms) -> ScreeningAnswer | None:
    """The answer for the rows that can be asked about; None where there are none."""
    read = [each for each in batch if isinstance(each, ReadRow)]
    if not read:
        return None
    asked = Asked(
        counterparties=tuple(each.counterparty for each in read),
        days=terms.days,
        threshold=terms.threshold,
    )
    if terms.keep and desk.keeps:
        return msgspec.json.decode(b"".join(await desk.screen(asked)), type=ScreeningAnswer)
    return await desk.answered(asked)


def _unkept(row: EvidenceRow, answer: ScreeningAnswer) -> EvidenceRow:
    """An id under which nothing can be had again is none."""
    return row if answer.stored else msgspec.structs.replace(row, screening_id=None)
