"""Tables in CSV: the delimiter, the records, and the rows that a quote left open swallows."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from abeyance_screening.engine.tables.files import read_text
from abeyance_screening.engine.tables.header_row import header_at, names_a_party
from abeyance_screening.engine.tables.table import (
    EMPTY,
    LINE_END,
    MAX_ROWS,
    Cell,
    HowToRead,
    Table,
    TableRow,
    named_columns,
)
from abeyance_screening.primitives.errors import BadInputError

_DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "\\t": "\t"}
# The delimiter of a file with one column, which no file contains: each line is one cell.
_NO_DELIMITER = "\x1f"
# How many first records decide on the delimiter and the header row.
_SAMPLED_RECORDS = 50
_LONGEST_CELL = 200_000


class Record(msgspec.Struct, frozen=True):
    """One record of a CSV file: its number and its cells, or why it cannot be read.

    `span` are its first and last line, counted from 1.
    """

    number: int
    cells: Sequence[str]
    fault: str | None
    span: tuple[int, int]


def open_csv(content: bytes, how: HowToRead) -> Table:
    """Open a CSV file as a table.

    Unless given, the delimiter is detected: the one with which the first records have the most
    cells, and as many as the header row.
    """
    read = read_text(content, how.encoding)
    layout = csv_layout(read.text, how)
    text = read.text.partition("\n")[2] if layout.skipped else read.text
    return Table(
        kind="csv",
        described=layout.described(read.encoding),
        columns=layout.columns,
        header_row=layout.header_row,
        rows=lambda: layout.rows(_lines(text), MAX_ROWS),
    )


class CsvLayout(msgspec.Struct, frozen=True, kw_only=True):
    """How a CSV file is laid out, as its beginning shows; `skipped` is 1 below a line `sep=;`."""

    delimiter: str
    skipped: int
    columns: tuple[str, ...]
    header_row: int
    first: tuple[TableRow, ...]
    """The first rows below the header row."""

    def described(self, encoding: str) -> str:
        """Return how the file is read: `CSV, UTF-8, separated by semicolons`."""
        separated = f"separated by {_DELIMITER_NAMES.get(self.delimiter, repr(self.delimiter))}"
        is_one = self.delimiter == _NO_DELIMITER
        return f"CSV, {encoding}, {'one column' if is_one else separated}"

    def rows(self, lines: Iterable[str], most: int) -> Iterator[TableRow]:
        """Yield at most so many rows of lines with their ends, the skipped one left out."""
        for record in _records(
            lines, self.delimiter, self.skipped, header_row=self.header_row, most=most
        ):
            if record.number > self.header_row:
                yield _row(record, self.columns, self.delimiter)


def csv_layout(text: str, how: HowToRead) -> CsvLayout:
    """Return the layout of a CSV file by its text, or by the whole records of its beginning."""
    below, stated = _without_statement(text)
    delimiter = _DELIMITERS.get(how.delimiter or "", how.delimiter) or stated
    delimiter = delimiter or _detected_delimiter(below, how.columns)
    if len(delimiter) != 1:
        known = ", ".join(repr(each) for each in _DELIMITER_NAMES)
        raise BadInputError("delimiter", f"{delimiter!r} is not one of {known} or one character")
    skipped = 0 if stated is None else 1
    first = list(islice(_records(_lines(below), delimiter, skipped), _SAMPLED_RECORDS))
    columns, place = _header_of(first, how.columns, delimiter)
    rows = tuple(_row(each, columns, delimiter) for each in first if each.number > place)
    return CsvLayout(
        delimiter=delimiter, skipped=skipped, columns=columns, header_row=place, first=rows
    )


def _without_statement(text: str) -> tuple[str, str | None]:
    """Return the text without a first line `sep=;`, which Excel writes, and its delimiter."""
    first, _, rest = text.partition("\n")
    delimiter = first.strip().removeprefix("sep=")
    is_stated = first.startswith("sep=") and len(first.rstrip("\r\n").removeprefix("sep=")) == 1
    return (rest, delimiter or "\t") if is_stated else (text, None)


def _detected_delimiter(text: str, columns: frozenset[str]) -> str:
    """Return the delimiter with which the header has a name and most records are as wide as it."""
    best, most = _NO_DELIMITER, (False, 0.0, 1)
    fault: BadInputError | None = None
    for delimiter in _DELIMITER_NAMES:
        try:
            score = _score(text, delimiter, columns)
        except BadInputError as error:
            # with another delimiter, the same quotes may begin and end cells
            fault = error
            continue
        if score > most:
            best, most = delimiter, score
    if fault is not None and best == _NO_DELIMITER:
        raise fault
    return best


def _records(
    lines: Iterable[str],
    delimiter: str,
    skipped: int = 0,
    *,
    header_row: int = 0,
    most: int = MAX_ROWS,
) -> Iterator[Record]:
    """Yield the records that are not blank, each with its number, of lines with their ends."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, line = skipped, skipped
    while True:
        number, began = number + 1, line + 1
        try:
            cells, fault = next(reader), None
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                reason = f"a quoted cell begins in line {began} and does not end"
                raise BadInputError("file", reason) from None
            cells, fault = (), f"not readable as CSV: {error}"
        line = reader.line_num + skipped
        if fault is not None and line > began:
            fault = f"{fault} in lines {began} to {line}, which a quote makes one row"
        record = Record(number, cells, fault, (began, line))
        if record.fault is not None or any(cell.strip() for cell in record.cells):
            if number > header_row + most:
                raise BadInputError("file", f"has more than {most:,} rows")
            yield record


def _header_of(
    first: Sequence[Record], wanted: frozenset[str], delimiter: str
) -> tuple[tuple[str, ...], int]:
    """Return the columns and the number of the header row, found among the first records."""
    place, header = header_at([(each.number, each.cells) for each in first], wanted)
    columns = named_columns(header)
    for record in first:
        fault = _swallowed(record, len(columns), delimiter)
        if record.number == place and fault is not None:
            raise BadInputError("file", f"the header row cannot be read: {fault}")
    return columns, place


def _row(record: Record, columns: tuple[str, ...], delimiter: str) -> TableRow:
    """Return the row of a record, which must have a cell for each column.

    A row of which a cell holds lines that look like rows of the table cannot be read: most likely
    a quote was left open, and what comes after it is lost until another quote closes it.
    """
    fault = record.fault or _swallowed(record, len(columns), delimiter)
    if fault is not None:
        return TableRow(record.number, {}, fault, record.span)
    cells = list(record.cells)
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(columns):
        fault = f"has {len(cells)} cells, but the header row has {len(columns)}"
        return TableRow(record.number, {}, fault, record.span)
    texts = (cell.strip() for cell in cells)
    found = (Cell(text) if text else EMPTY for text in texts)
    return TableRow(record.number, dict(zip(columns, found, strict=True)), None, record.span)


def _swallowed(record: Record, width: int, delimiter: str) -> str | None:
    """Return a fault if a quoted cell holds lines with as many delimiters as the header row.

    With what stands before and after the cell, its first and last lines count too. A comma or
    semicolon before a blank is one of a sentence, unless the table has blanks there itself.
    """
    began, ended = record.span
    if began == ended or width == 1:
        return None
    is_spaced = any(cell[:1] == " " for cell in record.cells[1:])
    parting = re.compile(re.escape(delimiter) + ("" if is_spaced else "(?! )"))
    rows = 0
    for place, cell in enumerate(record.cells):
        lines = LINE_END.split(cell)
        for number, line in enumerate(lines[: 0 if len(lines) == 1 else None]):
            before = place if number == 0 else 0
            after = len(record.cells) - 1 - place if number == len(lines) - 1 else 0
            count = len(parting.findall(line))
            rows += count > 0 and before + count + after == width - 1
    if not rows:
        return None
    are = "one of them looks like a row" if rows == 1 else f"{rows} of them look like rows"
    return (
        f"lines {began} to {ended} are one row by a quote that is left open, and {are} of the "
        "table: close the quote, or write it twice"
    )


def _score(text: str, delimiter: str, columns: frozenset[str]) -> tuple[bool, float, int]:
    """Return how well a delimiter splits the first records: has a name, share as wide, width."""
    first = [
        (each.number, each.cells)
        for each in islice(_records(_lines(text), delimiter), _SAMPLED_RECORDS)
    ]
    place, header = header_at(first, columns)
    widths = [len(cells) for number, cells in first if number >= place]
    if not header[1:]:
        return False, 0.0, 0
    alike = widths.count(len(header)) / len(widths)
    return names_a_party(header, columns), alike, len(header)


def _lines(text: str) -> Iterable[str]:
    return io.StringIO(text, newline="")
