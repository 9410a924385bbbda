"""A job: what its account sees of it, its table read into rows, and its results as files."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib.util import find_spec
from itertools import chain
from pkgutil import resolve_name
from types import MappingProxyType
from typing import IO, Literal, cast

import msgspec

from service import zstd
from service.errors import BadInputError, needs_extra
from service.screening.answer import (
    CounterpartyResult,
    InputWarning,
    RefusedLine,
    ScreeningHead,
    StreamEnd,
)
from service.screening.question import Counterparty, Owner, PartyIdentifier, Percent, read_percent
from service.screening.turns import go_on
from service.store.jobs import NewJob, PartSize
from service.store.written import (
    Job,
    JobBasis,
    JobEdition,
    JobFault,
    JobPart,
    JobProgress,
    JobStage,
    JobTerms,
    TableFormat,
)
from service.tables import (
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
from service.tables.columns import FIELD_BY_NAME, FIELDS, FieldChoice
from service.tables.read import HowToRead
from service.tables.stream import (
    HEAD_BYTES,
    RowOfTable,
    check_head,
    streamed_counterparties,
)

__all__ = [
    "ENDINGS",
    "MOST_TO_REVIEW",
    "MOST_WORKBOOK_ROWS",
    "ROWS_IN_CHUNK",
    "AskedRow",
    "FileKind",
    "FileWanted",
    "Job",
    "JobAnswer",
    "JobBasis",
    "JobEdition",
    "JobFault",
    "JobPart",
    "JobStage",
    "JobTerms",
    "JobTermsShown",
    "NewJob",
    "PartSize",
    "ReadChunk",
    "ResultKind",
    "TableFormat",
    "check_beginning",
    "check_parquet",
    "check_workbook",
    "choices_of",
    "how_of",
    "last_line",
    "lines_of",
    "read_chunks",
    "rows_in",
    "write_file",
]


ENDINGS: Mapping[str, TableFormat] = MappingProxyType(
    {
        "csv": "csv",
        "tsv": "csv",
        "txt": "csv",
        "ndjson": "ndjson",
        "jsonl": "ndjson",
        "xlsx": "xlsx",
        "xlsm": "xlsx",
        "parquet": "parquet",
    }
)
"""The kinds of table by the endings of their files."""


class AskedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a job's table as it was read: what is asked, or why nothing can be.

    `row` is its number as in a spreadsheet, `warnings` are cells that were left out. Of a row that
    has no `counterparty`, `id` and `name` are what can be read.
    """

    row: int
    counterparty: Counterparty | None = None
    warnings: tuple[InputWarning, ...] = ()
    reason: str | None = None
    id: str | None = None
    name: str | None = None


class JobTermsShown(msgspec.Struct, frozen=True, kw_only=True):
    """How the table of a job is screened; what was left open has been filled in."""

    as_of: date
    known_at: date
    lists: tuple[str, ...] | None
    since: date | None
    threshold: float | None
    limit: int | None


class JobAnswer(JobProgress, frozen=True, kw_only=True):
    """A job as it is at a moment.

    It is `reading` until its whole table is read, though rows are screened meanwhile, then
    `running`, and ends as `done`, `failed` (`fault` says why) or `cancelled`. `rows` is null until
    the table is read, `rows_read` how many rows of it are. Each of `rows_done` counts once among
    `hits`, `owner_hits`, `no_hits`, `incomplete` and `refused`: rows that cannot be read or
    screened, with their reasons among the results. `rate` is rows a second since
    `started_at`, and `ends_about` what follows from it, both null where nothing can be said.
    `basis` is what all rows are answered from, whatever changes meanwhile. Results are kept until
    `expires_at`.
    """

    rate: float | None
    ends_about: datetime | None
    terms: JobTermsShown
    basis: JobBasis | None

    @property
    def counts(self) -> Counts:
        """The rows that are done, by outcome."""
        return Counts(
            rows=self.rows_done,
            hits=self.hits,
            owner_hits=self.owner_hits,
            no_hits=self.no_hits,
            incomplete=self.incomplete,
            unreadable=self.refused,
        )


# --- Reading a job's table: a stream of bytes in, chunks of rows out, always the same ones.

ROWS_IN_CHUNK = 500
# Rows with hundreds of owners are few to a chunk, so that none takes much memory.
_BYTES_IN_CHUNK = 2_000_000
_encoder = msgspec.json.Encoder()
_decode_objects = msgspec.json.Decoder(dict[str, object]).decode_lines
_decode_rows = msgspec.json.Decoder(AskedRow, dec_hook=read_percent).decode_lines


class ReadChunk(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows of a table: the number of the first, how many, and zstd of an `AskedRow` a line.

    `counterparties` are how many of them can be screened. With a `fault` the table cannot be read
    any further, and there are no rows.
    """

    first_row: int = 0
    rows: int = 0
    counterparties: int = 0
    asked: bytes = b""
    fault: JobFault | None = None


def read_chunks(
    stream: IO[bytes], table_format: TableFormat, terms: JobTerms
) -> Iterator[ReadChunk]:
    """Yield the rows of a table in chunks of `ROWS_IN_CHUNK`; a fault, if any, comes last.

    The same table yields the same chunks. A stream of Parquet must be a file, in which the reader
    goes back and forth.
    """
    gathered = _Gathered()
    try:
        for row in streamed_counterparties(table_format, stream, how_of(terms), choices_of(terms)):
            gathered.add(row)
            if gathered.is_full():
                yield gathered.chunk()
                gathered = _Gathered()
    except BadInputError as error:
        yield ReadChunk(fault=JobFault(field=error.field, reason=error.reason))
        return
    if gathered.lines:
        yield gathered.chunk()


def check_beginning(
    table_format: TableFormat, head: bytes, terms: JobTerms, *, is_whole: bool
) -> None:
    """Check the first bytes of a table, up to `HEAD_BYTES`, before the rest of it is taken.

    Raises:
        BadInputError: It cannot be read, as far as its beginning shows.
    """
    how, choices = how_of(terms), choices_of(terms)
    check_head(table_format, head[:HEAD_BYTES], how, choices, is_whole=is_whole)


def rows_in(asked: bytes) -> list[AskedRow]:
    """Return the rows of a chunk.

    A job may be older than the bounds of a counterparty's fields: its rows are then read as they
    are, for they were answered so.
    """
    lines = zstd.decompress(asked)
    try:
        return _decode_rows(lines)
    except msgspec.ValidationError:
        return list(
            map(_unbounded_row, msgspec.json.Decoder(dict[str, object]).decode_lines(lines))
        )


def _unbounded_row(stored: dict[str, object]) -> AskedRow:
    party = stored.pop("counterparty", None)
    row = msgspec.convert(stored, AskedRow)
    if party is None:
        return row
    return msgspec.structs.replace(row, counterparty=_unbounded(Counterparty(name=""), party))


def _unbounded[T: Counterparty](empty: T, stored: object) -> T:
    """Return an empty party with stored fields, whatever they are."""
    fields = msgspec.convert(stored, dict[str, object])
    inner = {
        each: msgspec.convert(fields.get(each, ()), tuple[dict[str, object], ...])
        for each in ("identifiers", "owners")
    }
    number = PartyIdentifier(value="")
    read: dict[str, object] = {
        name: tuple(cast("list[object]", each)) if isinstance(each, list) else each
        for name, each in fields.items()
    } | {
        "identifiers": tuple(
            msgspec.structs.replace(number, **each) for each in inner["identifiers"]
        ),
        "owners": tuple(_unbounded(Owner(name=""), each) for each in inner["owners"]),
    }
    if fields.get("share") is not None:
        read["share"] = read_percent(Percent, fields["share"])
    return msgspec.structs.replace(empty, **read)


def how_of(terms: JobTerms) -> HowToRead:
    """Return how a job's table is read."""
    return HowToRead(encoding=terms.encoding, delimiter=terms.delimiter, sheet=terms.sheet)


def choices_of(terms: JobTerms) -> tuple[FieldChoice, ...]:
    """Return the columns that were chosen for a job's table.

    Raises:
        BadInputError: There is no such field.
    """
    found = list[FieldChoice]()
    for name, column in terms.columns:
        field = FIELD_BY_NAME.get(name)
        if field is None:
            raise BadInputError("map", f"{name!r} is none of the fields {', '.join(FIELDS)}")
        found.append(FieldChoice(field, column))
    return tuple(found)


def _asked(row: RowOfTable) -> AskedRow:
    if isinstance(row, ReadRow):
        return AskedRow(row=row.number, counterparty=row.counterparty, warnings=row.warnings)
    return AskedRow(row=row.number, reason=row.reason, id=row.id, name=row.name)


class _Gathered:
    """The rows of the chunk that comes next."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._first_row = self._size = self._counterparties = 0

    def add(self, row: RowOfTable) -> None:
        self._first_row = self._first_row or row.number
        self._counterparties += isinstance(row, ReadRow)
        self.lines.append(_encoder.encode(_asked(row)))
        self._size += len(self.lines[-1])

    def is_full(self) -> bool:
        return len(self.lines) == ROWS_IN_CHUNK or self._size > _BYTES_IN_CHUNK

    def chunk(self) -> ReadChunk:
        return ReadChunk(
            first_row=self._first_row,
            rows=len(self.lines),
            counterparties=self._counterparties,
            asked=zstd.compress(b"\n".join(self.lines), level=3),
        )


# --- The kept results of a job, as NDJSON, CSV, a workbook or Parquet.
#
# Results are kept in parts, each the rows of one chunk, in order. They are read and written part
# by part, so that a file of millions of rows takes no more memory than one of a thousand. NDJSON
# has the lines of a stream, byte for byte. The other kinds have the columns of `EvidenceRow`, as
# every file of results does.
#
# What is written as CSV, a workbook or Parquet is passed on as frames, since a process of its own
# writes it: first a `FileWanted`, then each part, in msgpack.

ResultKind = Literal["ndjson", "csv", "xlsx", "parquet"]
"""The kinds of file that results are given as."""

FileKind = Literal["csv", "xlsx", "parquet"]
# A workbook of more rows takes minutes to open, where it opens at all. Those that a person has to
# look at are sorted, the worst first, and take some 3 kB of memory each.
MOST_WORKBOOK_ROWS, MOST_TO_REVIEW = 1_000_000, 100_000
# Imported only where it is wanted, since it needs an extra.
_PARQUET = "service.tables.parquet:write_parquet"
type _WriteParquet = Callable[[Iterable[Iterable[EvidenceRow]], ScreeningHead, IO[bytes]], None]
# Letters of the kinds of line.
_HITS, _REFUSED = b"ho", ord("r")


class FileWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file of results that is wanted, and what holds for all of its rows.

    `row_count` is that of the whole table, None while that is not known.
    """

    kind: FileKind
    name: str
    read_as: tuple[str, ...]
    head: StreamEnd
    only_hits: bool
    row_count: int | None


# --- NDJSON.


def lines_of(part: JobPart, *, only_hits: bool) -> bytes:
    """Return the lines of a part; with `only_hits` those where a counterparty or owner has one."""
    lines = zstd.decompress(part.lines)
    if not only_hits:
        return lines
    each_line = zip(lines.splitlines(keepends=True), part.kinds, strict=True)
    return b"".join(line for line, kind in each_line if kind in _HITS)


def last_line(head: StreamEnd, count: int, refused: int) -> bytes:
    """Return the line with which results end, as a stream does; without it they are not whole."""
    end = msgspec.structs.replace(head, count=count, refused=refused)
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
    result_of = msgspec.json.Decoder(CounterpartyResult)
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
                    number=asked.row, counterparty=asked.counterparty, warnings=asked.warnings
                )
                some.append(_RowResult(read, result_of.decode(line)))
        yield some


def _unread(asked: AskedRow, refused: RefusedLine) -> UnreadableRow:
    """Return a row that was not screened, with what is known of it."""
    party = asked.counterparty
    reason = f"{refused.field}: {refused.reason}" if refused.field else refused.reason
    return UnreadableRow(
        number=asked.row,
        reason=asked.reason or reason,
        id=asked.id if party is None else party.id,
        name=asked.name if party is None else party.name,
    )


def _evidence(wanted: FileWanted, each: _RowResult) -> Iterable[EvidenceRow]:
    if isinstance(each.row, UnreadableRow):
        return (unreadable(each.row),)
    return () if each.result is None else evidence_of(each.row, each.result, wanted.head)


def _parties(wanted: FileWanted, each: _RowResult) -> Iterable[PartyRow]:
    if isinstance(each.row, UnreadableRow):
        return (unanswered(each.row),)
    return () if each.result is None else party_rows(each.row, each.result, wanted.head)
