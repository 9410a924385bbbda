"""Tables too large for memory: read row by row from a stream, once, within bounds.

A row is read as from a table in memory. What differs: the encoding and the columns are recognised
by the beginning alone, so that a doubt about what comes later ends the reading with its reason.
"""

import io
from collections.abc import Buffer, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pkgutil import resolve_name
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Literal, cast, override

from abeyance_screening.engine.tables.columns import (
    ONE_COLUMN,
    ColumnMap,
    FieldChoice,
    map_columns,
)
from abeyance_screening.engine.tables.counterparties import RowOfTable
from abeyance_screening.engine.tables.delimited import CsvLayout, csv_layout
from abeyance_screening.engine.tables.files import WorkbookLimits, stream_encoding
from abeyance_screening.engine.tables.json_lines import json_row
from abeyance_screening.engine.tables.open_table import open_table
from abeyance_screening.engine.tables.read_report import (
    TableReader,
    TableReading,
    map_table,
    told_by_cells,
)
from abeyance_screening.engine.tables.table import (
    EMPTY,
    MAX_COLUMNS,
    MAX_TABLE_BYTES,
    Cell,
    HowToRead,
    TableOpened,
    TableRow,
    cell_of,
    named_columns,
)
from abeyance_screening.primitives.errors import BadInputError, needs_extra

if TYPE_CHECKING:
    from arro3.core import Array, RecordBatchReader


type StreamKind = Literal["csv", "xlsx", "ndjson", "parquet"]

MOST_ROWS = 10_000_000
# The beginning by which the encoding, the delimiter and the header row are recognised, in bytes.
HEAD_BYTES = 1_000_000
# The longest line, and the longest record of CSV, whose quoted cells may have several lines.
MOST_LINE, MOST_RECORD = 1_000_000, 4_000_000
# By so many first lines of JSON the columns are recognised; a later one may add some.
_SAMPLED_LINES = 1_000
# Excel's own number of rows, with some twenty cells each; openpyxl holds all shared texts at once.
_ROOM = WorkbookLimits(
    unpacked_bytes=400_000_000,
    rows=1_048_576,
    cells=20_000_000,
    texts=5_000_000,
    others=2_000_000,
)
_ROWS_AT_ONCE = 1_000


class StreamedTable:
    """The parties of the rows of a table, which are read once, and what was read and left so far.

    An iteration raises `BadInputError` where the table cannot be read any further.
    """

    def __init__(self, reader: TableReader, rows: Iterator[TableRow]) -> None:
        self._reader = reader
        self._rows = rows

    def __iter__(self) -> Iterator[RowOfTable]:
        """Yield each party of each row, in order, as a counterparty or as unreadable."""
        return self._reader.parties(self._rows)

    @property
    def reading(self) -> TableReading:
        """What was read and left so far."""
        return self._reader.reading


def streamed_counterparties(
    kind: StreamKind, stream: IO[bytes], how: HowToRead, choices: Sequence[FieldChoice]
) -> StreamedTable:
    """Open a table whose rows are read as they are wanted, and as `counterparties` does.

    A stream of Parquet must be a file, in which the reader goes back and forth.

    Raises:
        BadInputError: The beginning cannot be read, or its columns cannot be recognised.
    """
    wanted = frozenset(each.column for each in choices if each.column is not None)
    how = HowToRead(
        encoding=how.encoding, delimiter=how.delimiter, sheet=how.sheet, columns=wanted
    )
    return _OPENED[kind](stream, how, choices)


def check_head(
    kind: StreamKind,
    head: bytes,
    how: HowToRead,
    choices: Sequence[FieldChoice],
    *,
    is_whole: bool = False,
) -> None:
    """Check what the beginning of a table shows: its encoding, header row and columns.

    `head` has up to `HEAD_BYTES`. Of workbooks and Parquet only their first bytes are checked.

    Raises:
        BadInputError: The table cannot be read, or its columns cannot be recognised.
    """
    begins = _BEGINS.get(kind)
    if begins is not None:
        if not head.startswith(begins[0]):
            raise BadInputError("file", f"is no {begins[1]}")
        return
    if not head.strip():
        raise BadInputError("file", "is empty")
    for other, (start, name) in _BEGINS.items():
        if head.startswith(start):
            raise BadInputError("file", f"is {name}, not {kind}; say format={other}")
    wanted = frozenset(each.column for each in choices if each.column is not None)
    how = HowToRead(encoding=how.encoding, delimiter=how.delimiter, columns=wanted)
    if kind == "csv":
        _mapped(_opened_csv(_Beginning(head, is_whole=is_whole), how), choices)
    else:
        _opened_json(_TextLines(_Beginning(head, is_whole=is_whole), how), choices)


_BEGINS: Mapping[StreamKind, tuple[bytes, str]] = MappingProxyType(
    {"xlsx": (b"PK\x03\x04", "workbook (.xlsx)"), "parquet": (b"PAR1", "Parquet file")}
)


# --- Text: the beginning is read first, then the rest as it comes, a line at a time.


class _Beginning:
    """The beginning of a stream, up to the end of its last whole line, and all of it as text."""

    def __init__(self, head: bytes, rest: IO[bytes] | None = None, *, is_whole: bool) -> None:
        self.head = head if is_whole else head[: _whole_lines(head)]
        self.is_whole = is_whole
        self._all = io.BytesIO(head) if rest is None else _Joined(head, rest)

    def text(self, encoding: str) -> io.TextIOWrapper:
        """Return all of the stream as text whose lines keep their ends."""
        raw = io.BufferedReader(self._all) if isinstance(self._all, _Joined) else self._all
        return io.TextIOWrapper(raw, encoding=encoding, newline="")


class _Joined(io.RawIOBase):
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = bytes(self._head[: len(view)]) or self._rest.read(len(view))
        self._head = self._head[len(data) :]
        view[: len(data)] = data
        return len(data)


class _TextLines:
    """The lines of a text with their ends, none of which is longer than `MOST_LINE`."""

    def __init__(self, beginning: _Beginning, how: HowToRead) -> None:
        codec, self.encoding = stream_encoding(
            beginning.head, how.encoding, is_whole=beginning.is_whole
        )
        self._text = beginning.text(codec)
        self.number = 0
        self.of_record = 0

    def __iter__(self) -> Iterator[str]:
        """Yield the lines of CSV."""
        while line := self.read():
            self.of_record += len(line)
            if len(line) > MOST_LINE:
                reason = f"line {self.number:,} is longer than {MOST_LINE:,} characters"
                raise BadInputError("file", reason)
            if self.of_record > MOST_RECORD:
                reason = (
                    f"the row that ends at line {self.number:,} or later is longer than "
                    f"{MOST_RECORD:,} characters; a quoted cell may not end"
                )
                raise BadInputError("file", reason)
            yield line

    def read(self) -> str:
        """Return the next line, or as much of it as shows that it is too long; "" at the end."""
        try:
            line = self._text.readline(MOST_LINE + 1)
        except UnicodeError:
            reason = (
                f"line {self.number + 1:,} or one soon after cannot be read as {self.encoding}"
            )
            raise BadInputError("encoding", f"{reason}; name the encoding") from None
        if line:
            self.number += 1
        return line

    def skip(self) -> None:
        """Read over the rest of a line that is too long."""
        while (rest := self.read()) and rest[-1] not in "\r\n":
            self.number -= 1
        self.number -= bool(rest)


def _begun(stream: IO[bytes]) -> _Beginning:
    """Read the beginning of a stream."""
    head = bytearray()
    while len(head) < HEAD_BYTES and (data := stream.read(HEAD_BYTES - len(head))):
        head += data
    if not head.strip():
        raise BadInputError("file", "is empty")
    return _Beginning(bytes(head), stream, is_whole=len(head) < HEAD_BYTES)


def _outside_quotes(text: str) -> str:
    """Return a beginning of CSV without its last lines if a quoted cell goes on after them."""
    end, is_open = len(text), text.count('"') % 2 == 1
    while is_open:
        start = text.rfind("\n", 0, text.rfind('"', 0, end)) + 1
        if not start:
            return text
        # that line may begin within an earlier cell
        is_open ^= text.count('"', start, end) % 2 == 1
        end = start
    return text[:end]


def _whole_lines(head: bytes) -> int:
    """Return where the last line end of a text is, at a whole character of UTF-16 too."""
    end = head.rfind(b"\n") + 1 or head.rfind(b"\r") + 1
    if not end:
        raise BadInputError("file", f"its first line is longer than {len(head):,} bytes")
    return end + end % 2 if b"\x00" in head else end


# --- The kinds of tables.


class _OpenedCsv(TableOpened, frozen=True, kw_only=True):
    """A CSV file whose layout is known by its beginning."""

    lines: _TextLines
    layout: CsvLayout

    def rows(self) -> Iterator[TableRow]:
        """Yield the rows, once."""
        for row in self.layout.rows(self.lines, MOST_ROWS):
            self.lines.of_record = 0
            yield row


def _csv(stream: IO[bytes], how: HowToRead, choices: Sequence[FieldChoice]) -> StreamedTable:
    opened = _opened_csv(_begun(stream), how)
    mapped = _mapped(opened, choices)
    return StreamedTable(TableReader(opened, mapped), opened.rows())


def _mapped(opened: _OpenedCsv, choices: Sequence[FieldChoice]) -> ColumnMap:
    if opened.header_row == 0:
        choices = (*choices, *told_by_cells(opened.columns, opened.layout.first, choices))
    return map_columns(opened.columns, choices)


def _opened_csv(beginning: _Beginning, how: HowToRead) -> _OpenedCsv:
    """Open a CSV file by its beginning."""
    lines = _TextLines(beginning, how)
    codec, _ = stream_encoding(beginning.head, how.encoding, is_whole=beginning.is_whole)
    text = beginning.head.decode(codec)
    layout = csv_layout(text if beginning.is_whole else _outside_quotes(text), how)
    if layout.skipped:
        _ = lines.read()
    return _OpenedCsv(
        kind="csv",
        described=layout.described(lines.encoding),
        columns=layout.columns,
        header_row=layout.header_row,
        lines=lines,
        layout=layout,
    )


def _ndjson(stream: IO[bytes], how: HowToRead, choices: Sequence[FieldChoice]) -> StreamedTable:
    return _opened_json(_TextLines(_begun(stream), how), choices)


def _opened_json(lines: _TextLines, choices: Sequence[FieldChoice]) -> StreamedTable:
    """Open JSON lines, whose columns are all fields that were there so far."""
    numbered = _json_lines(lines)
    first = list(islice(numbered, _SAMPLED_LINES))
    names = dict.fromkeys(name for row in first if row.fault is None for name in row.cells)
    if not names:
        raise BadInputError("file", "has no line that is a JSON object")
    columns = _Columns(list(names), choices, f"JSON lines, {lines.encoding}")
    return StreamedTable(columns.reader, map(columns.whole, chain(first, numbered)))


def _json_lines(lines: _TextLines) -> Iterator[TableRow]:
    while line := lines.read():
        number = lines.number
        if number > MOST_ROWS and line.strip():
            raise BadInputError("file", f"has more than {MOST_ROWS:,} lines")
        if len(line) > MOST_LINE:
            lines.skip()
            yield TableRow(number, {}, f"is longer than {MOST_LINE:,} characters")
        elif line.strip():
            yield json_row(number, line)


class _Columns:
    """The columns of JSON lines, to which a line may add what no earlier one has."""

    def __init__(
        self, names: Sequence[str], choices: Sequence[FieldChoice], described: str
    ) -> None:
        self._names = dict.fromkeys(names)
        self._choices = choices
        mapped = _checked(names, map_columns(names, choices))
        opened = TableOpened(kind="jsonl", described=described, columns=tuple(names))
        self.reader = TableReader(opened, mapped)

    def whole(self, row: TableRow) -> TableRow:
        """Return a row with a cell for each column."""
        if row.fault is None and not row.cells.keys() <= self._names.keys():
            try:
                self._take(list(dict.fromkeys((*self._names, *row.cells))))
            except BadInputError as error:
                row = TableRow(row.number, {}, error.reason)
        if row.fault is None:
            cells = {name: row.cells.get(name, EMPTY) for name in self._names}
            row = TableRow(row.number, cells)
        return row

    def _take(self, names: list[str]) -> None:
        """Take columns in, unless that changes what those before were read as."""
        before, after = self.reader.mapped, _checked(names, map_columns(names, self._choices))
        for field in ONE_COLUMN:
            known = before.columns_of(field)
            if known and known != after.columns_of(field):
                reason = f"has another column for {field} than the lines before: {names[-1]!r}"
                raise BadInputError("line", reason)
        self._names = dict.fromkeys(names)
        self.reader.add_columns(names, after)


def _checked(names: Sequence[str], mapped: ColumnMap) -> ColumnMap:
    if len(names) > MAX_COLUMNS:
        raise BadInputError("file", f"has more than {MAX_COLUMNS:,} fields")
    return mapped


def _workbook(stream: IO[bytes], how: HowToRead, choices: Sequence[FieldChoice]) -> StreamedTable:
    # a workbook of Excel's number of rows is smaller; its parts are unpacked as they are read
    table = open_table("xlsx", stream.read(MAX_TABLE_BYTES + 1), how, _ROOM)
    return StreamedTable(TableReader(table, map_table(table, choices)), table.rows())


# --- Parquet, by a library of the extra `arrow`.


def _parquet(stream: IO[bytes], _: HowToRead, choices: Sequence[FieldChoice]) -> StreamedTable:
    try:
        read = cast("Callable[..., RecordBatchReader]", resolve_name("arro3.io:read_parquet"))
    except ImportError:
        raise BadInputError("file", f"Parquet {needs_extra('arrow')}") from None
    with _reading_parquet():
        batches = read(stream, batch_size=_ROWS_AT_ONCE)
        columns = named_columns(list(batches.schema.names))
    opened = TableOpened(kind="parquet", described="Parquet", columns=columns)
    reader = TableReader(opened, map_columns(columns, choices))
    return StreamedTable(reader, _parquet_rows(batches, columns))


def _parquet_rows(batches: "RecordBatchReader", columns: tuple[str, ...]) -> Iterator[TableRow]:
    with _reading_parquet():
        for number, values in _values(batches):
            cells = dict(zip(columns, map(_cell, values), strict=True))
            yield TableRow(number, cells)


@contextmanager
def _reading_parquet() -> Generator[None]:
    try:
        yield
    except BadInputError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the library finds in the file
        what = " ".join(str(error).split())[:200]
        raise BadInputError("file", f"is not readable as Parquet: {what}") from None


def _values(batches: "RecordBatchReader") -> Iterator[tuple[int, tuple[object, ...]]]:
    number = 0
    for batch in batches:
        for values in zip(*map(_values_of, batch.columns), strict=True):
            number += 1
            if number > MOST_ROWS:
                raise BadInputError("file", f"has more than {MOST_ROWS:,} rows")
            yield number, values


def _values_of(column: "Array") -> list[object]:
    return cast("list[object]", cast("object", column.to_pylist()))  # pyright: ignore[reportUnknownMemberType] - its stub says it is an array


_PLAIN = (bool, int, float, Decimal, list, dict)


def _cell(value: object) -> Cell:
    match value:
        case str():
            return Cell(value.strip() or None)
        case datetime() | date():
            return Cell(value.isoformat())
        case _ if value is None or isinstance(value, _PLAIN):
            return cell_of(cast("object", value))
        case _:
            kind = type(value).__name__
            return Cell(None, f"has a value that is no text, number or list but {kind}")


type _Opener = Callable[[IO[bytes], HowToRead, Sequence[FieldChoice]], StreamedTable]
_OPENED: Mapping[StreamKind, _Opener] = MappingProxyType(
    {"csv": _csv, "ndjson": _ndjson, "xlsx": _workbook, "parquet": _parquet}
)
