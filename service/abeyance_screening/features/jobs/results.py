"""The results of a job as lines and as files."""

from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from itertools import chain
from pkgutil import resolve_name
from typing import IO, cast

import msgspec

from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    RefusedLine,
    ScreeningHead,
    StreamEnd,
)
from abeyance_screening.engine.screening.question import read_percent
from abeyance_screening.engine.tables import (
    Counts,
    EvidenceRow,
    PartyRow,
    ReadRow,
    ResultWriter,
    UnreadableRow,
    evidence_of,
    party_rows,
    result_writer,
    summary_of,
    unanswered,
    unreadable,
)
from abeyance_screening.engine.tables.write import MOST_TO_REVIEW, MOST_WORKBOOK_ROWS
from abeyance_screening.features.jobs.rows import RowQuestion, rows_in
from abeyance_screening.features.jobs.types import FileWanted, JobEnd, JobPart
from abeyance_screening.primitives import zstd
from abeyance_screening.primitives.errors import BadInputError, needs_extra
from abeyance_screening.primitives.fair_scheduler import go_on

# Imported only where it is wanted, since it needs an extra.
_PARQUET = "abeyance_screening.engine.tables.parquet:write_parquet"
type _WriteParquet = Callable[[Iterable[Iterable[EvidenceRow]], ScreeningHead, IO[bytes]], None]
# Letters of the kinds of line.
_HITS, _REFUSED = b"ho", ord("r")


# --- NDJSON.


def lines_of(part: JobPart, *, only_hits: bool) -> bytes:
    """Return the lines of a part; with `only_hits` those where a counterparty or owner has one."""
    lines = zstd.decompress(part.lines)
    if not only_hits:
        return lines
    each_line = zip(lines.splitlines(keepends=True), part.kinds, strict=True)
    return b"".join(line for line, kind in each_line if kind in _HITS)


def last_line(head: StreamEnd, count: int, refused: int, read_as: tuple[str, ...] = ()) -> bytes:
    """Return the line with which results end, as a stream does; without it they are not whole.

    `read_as` are lines on how the table was read and what was left of it.
    """
    end = msgspec.convert(head, JobEnd, from_attributes=True)
    end = msgspec.structs.replace(end, count=count, refused=refused, read_as=read_as)
    return msgspec.json.encode(end) + b"\n"


# --- Files of evidence.


class _RowResult(msgspec.Struct, frozen=True):
    """One row of the table with its answer, or with the reason why it has none."""

    row: ReadRow | UnreadableRow
    result: CounterpartyResult | None


def check_workbook(rows: int, to_review: int) -> None:
    """Check that results are not too many for a workbook.

    Raises:
        BadInputError: They are; the error says what takes them.
    """
    for what, number, most in (
        ("rows", rows, MOST_WORKBOOK_ROWS),
        ("rows to review", to_review, MOST_TO_REVIEW),
    ):
        if number > most:
            reason = (
                f"xlsx takes at most {most:,} {what}, and these are {number:,}; csv, parquet and "
                "ndjson take any number"
            )
            raise BadInputError("format", reason)


def check_parquet() -> None:
    """Check that this installation can write Parquet.

    Raises:
        BadInputError: It lacks the extra.
    """
    if find_spec("arro3") is None:
        raise BadInputError("format", f"parquet {needs_extra('arrow')}")


def write_file(frames: Iterable[bytes], stream: IO[bytes]) -> None:
    """Write the file that frames tell of; a stream without a way back will do.

    Raises:
        BadInputError: There is nothing to write, or more than such a file takes.
    """
    told = iter(frames)
    wanted = msgspec.msgpack.decode(next(told), type=FileWanted)
    parts = (msgspec.msgpack.decode(each, type=JobPart) for each in told)
    results = _results(parts, only_hits=wanted.only_hits)
    if wanted.kind == "parquet":
        rows = (chain.from_iterable(_evidence(wanted, each) for each in some) for some in results)
        check_parquet()
        cast("_WriteParquet", resolve_name(_PARQUET))(rows, wanted.head, stream)
    else:
        _write_table(wanted, results, result_writer(wanted.kind, stream))


def _write_table(
    wanted: FileWanted, results: Iterable[list[_RowResult]], writer: ResultWriter
) -> None:
    counts, to_review = Counts(), 0
    for some in results:
        go_on()
        counts = _counted(counts, some)
        writer.add(chain.from_iterable(_evidence(wanted, each) for each in some))
        if wanted.kind == "xlsx":
            parties = [row for each in some for row in _parties(wanted, each) if row.needs_review]
            to_review += len(parties)
            check_workbook(counts.rows, to_review)
            writer.add_parties(parties)
    read_as = wanted.read_as
    if wanted.only_hits:
        read_as = (*read_as, "Only rows with hits are in this file.")
    elif wanted.row_count is None:
        read_as = (*read_as, f"Only the first {counts.rows:,} rows are in this file.")
    elif wanted.row_count != counts.rows:
        left = f"Only {counts.rows:,} of {wanted.row_count:,} rows are in this file."
        read_as = (*read_as, left)
    writer.finish(summary_of(wanted.name, read_as, wanted.head, counts))


def _counted(counts: Counts, results: Iterable[_RowResult]) -> Counts:
    for each in results:
        counts = (
            counts.with_unreadable() if each.result is None else counts.with_result(each.result)
        )
    return counts


def _results(parts: Iterable[JobPart], *, only_hits: bool) -> Iterator[list[_RowResult]]:
    """Yield the rows of each part with their results."""
    result_of = msgspec.json.Decoder(CounterpartyResult, dec_hook=read_percent)
    refused_of = msgspec.json.Decoder(RefusedLine)
    for part in parts:
        lines = zstd.decompress(part.lines).splitlines()
        some = list[_RowResult]()
        for asked, line, kind in zip(rows_in(part.asked), lines, part.kinds, strict=True):
            if only_hits and kind not in _HITS:
                continue
            if asked.counterparty is None or kind == _REFUSED:
                some.append(_RowResult(_unread(asked, refused_of.decode(line)), None))
            else:
                read = ReadRow(
                    number=asked.row,
                    counterparty=asked.counterparty,
                    warnings=asked.warnings,
                    part=asked.part,
                    column=asked.column,
                )
                some.append(_RowResult(read, result_of.decode(line)))
        yield some


def _unread(row: RowQuestion, refused: RefusedLine) -> UnreadableRow:
    """Return a row that was not screened, with what is known of it."""
    party = row.counterparty
    reason = f"{refused.field}: {refused.reason}" if refused.field else refused.reason
    return UnreadableRow(
        number=row.row,
        reason=row.reason or reason,
        id=row.id if party is None else party.id,
        name=row.name if party is None else party.name,
        part=row.part,
        column=row.column,
    )


def _evidence(wanted: FileWanted, each: _RowResult) -> Iterable[EvidenceRow]:
    if isinstance(each.row, UnreadableRow):
        return (unreadable(each.row),)
    return () if each.result is None else evidence_of(each.row, each.result, wanted.head)


def _parties(wanted: FileWanted, each: _RowResult) -> Iterable[PartyRow]:
    if isinstance(each.row, UnreadableRow):
        return (unanswered(each.row),)
    return () if each.result is None else party_rows(each.row, each.result, wanted.head)
