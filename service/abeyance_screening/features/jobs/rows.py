"""The rows of a job's table, as they are uploaded and read."""

from collections.abc import Iterator
from typing import IO, cast

import msgspec

from abeyance_screening.engine.screening.answer import InputWarning
from abeyance_screening.engine.screening.question import (
    Counterparty,
    Owner,
    PartyIdentifier,
    Percent,
    read_percent,
)
from abeyance_screening.engine.tables import ReadRow, TableReading
from abeyance_screening.engine.tables.columns import FIELD_BY_NAME, FieldChoice
from abeyance_screening.engine.tables.counterparties import RowOfTable
from abeyance_screening.engine.tables.headers import FIELDS
from abeyance_screening.engine.tables.stream import (
    HEAD_BYTES,
    check_head,
    streamed_counterparties,
)
from abeyance_screening.engine.tables.table import HowToRead
from abeyance_screening.features.jobs.types import JobFault, JobTerms, TableFormat
from abeyance_screening.primitives import zstd
from abeyance_screening.primitives.errors import BadInputError


class RowQuestion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a job's table as it was read: what is asked, or why nothing can be.

    `row` is its number as in a spreadsheet, `warnings` are cells that were left out. Of a row that
    has no `counterparty`, `id` and `name` are what can be read. A row that names several parties
    comes once for each: `part` counts them from 0, `column` is that of the party's name.
    """

    row: int
    counterparty: Counterparty | None = None
    warnings: tuple[InputWarning, ...] = ()
    reason: str | None = None
    id: str | None = None
    name: str | None = None
    part: int = 0
    column: str | None = None


# --- Reading a job's table: a stream of bytes in, chunks of rows out, always the same ones.

ROWS_IN_CHUNK = 500
# Rows with hundreds of owners are few to a chunk, so that none takes much memory.
_BYTES_IN_CHUNK = 2_000_000
_encoder = msgspec.json.Encoder()
_decode_rows = msgspec.json.Decoder(RowQuestion, dec_hook=read_percent).decode_lines


class ReadChunk(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows of a table: the number of the first, how many, and zstd of a `RowQuestion` a line.

    `counterparties` are how many of them can be screened, `reading` what was read of the table up
    to here. With a `fault` the table cannot be read any further, and there are no rows.
    """

    first_row: int = 0
    rows: int = 0
    counterparties: int = 0
    asked: bytes = b""
    fault: JobFault | None = None
    reading: TableReading | None = None


def read_chunks(
    stream: IO[bytes], table_format: TableFormat, terms: JobTerms
) -> Iterator[ReadChunk]:
    """Yield the rows of a table in chunks of `ROWS_IN_CHUNK`; a fault, if any, comes last.

    The same table yields the same chunks. A stream of Parquet must be a file, in which the reader
    goes back and forth.
    """
    gathered = _Gathered()
    try:
        table = streamed_counterparties(table_format, stream, how_of(terms), choices_of(terms))
        for row in table:
            gathered.add(row)
            if gathered.is_full():
                yield gathered.chunk(table.reading)
                gathered = _Gathered()
    except BadInputError as error:
        yield ReadChunk(fault=JobFault(field=error.field, reason=error.reason))
        return
    if gathered.lines:
        yield gathered.chunk(table.reading)


def check_beginning(
    table_format: TableFormat, head: bytes, terms: JobTerms, *, is_whole: bool
) -> None:
    """Check the first bytes of a table, up to `HEAD_BYTES`, before the rest of it is taken.

    Raises:
        BadInputError: It cannot be read, as far as its beginning shows.
    """
    how, choices = how_of(terms), choices_of(terms)
    check_head(table_format, head[:HEAD_BYTES], how, choices, is_whole=is_whole)


def rows_in(request: bytes) -> list[RowQuestion]:
    """Return the rows of a chunk.

    A job may be older than the bounds of a counterparty's fields: its rows are then read as they
    are, for they were answered so.
    """
    lines = zstd.decompress(request)
    try:
        return _decode_rows(lines)
    except msgspec.ValidationError:
        return list(
            map(_unbounded_row, msgspec.json.Decoder(dict[str, object]).decode_lines(lines))
        )


def _unbounded_row(stored: dict[str, object]) -> RowQuestion:
    party = stored.pop("counterparty", None)
    row = msgspec.convert(stored, RowQuestion)
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


def _row_question(row: RowOfTable) -> RowQuestion:
    if isinstance(row, ReadRow):
        return RowQuestion(
            row=row.number,
            counterparty=row.counterparty,
            warnings=row.warnings,
            part=row.part,
            column=row.column,
        )
    return RowQuestion(
        row=row.number,
        reason=row.reason,
        id=row.id,
        name=row.name,
        part=row.part,
        column=row.column,
    )


class _Gathered:
    """The rows of the chunk that comes next."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._first_row = self._size = self._counterparties = 0

    def add(self, row: RowOfTable) -> None:
        self._first_row = self._first_row or row.number
        self._counterparties += isinstance(row, ReadRow)
        self.lines.append(_encoder.encode(_row_question(row)))
        self._size += len(self.lines[-1])

    def is_full(self) -> bool:
        return len(self.lines) == ROWS_IN_CHUNK or self._size > _BYTES_IN_CHUNK

    def chunk(self, reading: TableReading) -> ReadChunk:
        return ReadChunk(
            reading=reading,
            first_row=self._first_row,
            rows=len(self.lines),
            counterparties=self._counterparties,
            asked=zstd.compress(b"\n".join(self.lines), level=3),
        )
