"""Reading a job's table: a stream of bytes in, chunks of rows out, always the same ones."""

from collections.abc import Iterator
from typing import IO

import msgspec

from service import zstd
from service.errors import BadInputError
from service.jobs.job import AskedRow, JobFault, JobTerms, TableFormat
from service.tables.columns import FIELD_BY_NAME, FIELDS, FieldChoice
from service.tables.counterparties import ReadRow
from service.tables.read import HowToRead
from service.tables.stream import (
    HEAD_BYTES,
    RowOfTable,
    check_head,
    streamed_counterparties,
)

ROWS_IN_CHUNK = 500
# Rows with hundreds of owners are few to a chunk, so that none takes much memory.
_BYTES_IN_CHUNK = 2_000_000
_encoder = msgspec.json.Encoder()
_decode_rows = msgspec.json.Decoder(AskedRow).decode_lines


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
    """Return the rows of a chunk."""
    return _decode_rows(zstd.decompress(asked))


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
