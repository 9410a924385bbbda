"""A table screened: rows to counterparties, those to an answer, that to rows of evidence."""

import io
from collections.abc import Sequence
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
    batch: list[ReadRow | UnreadableRow] = []
    for row in counterparties(table, mapped):
        batch.append(row)
        if len(batch) == BATCH:
            counts, first = await _batch(desk, batch, terms, rows, (counts, first))
            batch = []
    if batch:
        counts, first = await _batch(desk, batch, terms, rows, (counts, first))
    summary = None
    if first is not None:
        summary = summary_of(terms.name, read_as(table, mapped), first, counts)
    return Screened(rows=tuple(rows), counts=counts, summary=summary)


def written(kind: FileKind, rows: Sequence[EvidenceRow], summary: Summary) -> bytes:
    """A file of results with every column of the evidence."""
    stream = io.BytesIO()
    writer = result_writer(kind, stream)
    writer.add(rows)
    writer.finish(summary)
    return stream.getvalue()


type _SoFar = tuple[Counts, ScreeningAnswer | None]


async def _batch(
    desk: Desk,
    batch: Sequence[ReadRow | UnreadableRow],
    terms: Terms,
    into: list[EvidenceRow],
    so_far: _SoFar,
) -> _SoFar:
    counts, first = so_far
    read = [each for each in batch if isinstance(each, ReadRow)]
    answer = await _answer(desk, read, terms) if read else None
    results = iter(() if answer is None else answer.results)
    for each in batch:
        if isinstance(each, UnreadableRow):
            into.append(unreadable(each))
            counts = counts.with_unreadable()
        elif answer is not None:
            result = next(results)
            into += (_unkept(row, answer) for row in evidence_of(each, result, answer))
            counts = counts.with_result(result)
    return counts, first or answer


async def _answer(desk: Desk, read: Sequence[ReadRow], terms: Terms) -> ScreeningAnswer:
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
