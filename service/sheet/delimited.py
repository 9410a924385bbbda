"""Tables as text: CSV with commas, semicolons, tabs or bars."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from service.model.errors import BadInputError
from service.sheet.encodings import read_text
from service.sheet.headers import header_at, names_a_party
from service.sheet.table import (
    EMPTY,
    MAX_ROWS,
    Cell,
    HowToRead,
    Table,
    TableRow,
    named_columns,
)

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAID = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "\\t": "\t"}
# What no file holds: of a file with one column, each line is a cell.
_NONE = "\x1f"
_SAMPLE = 50
_LONGEST_CELL = 200_000


class _Record(msgspec.Struct, frozen=True):
    number: int
    cells: Sequence[str]
    fault: str | None


def open_csv(content: bytes, how: HowToRead) -> Table:
    """A table out of CSV.

    Its delimiter is the one by which the first records have most cells and as many as the header.

    Raises:
        BadInputError: The encoding cannot be told, there is no header, or a quoted cell does not
            end.
    """
    read = read_text(content, how.encoding)
    text, stated = _without_statement(read.text)
    delimiter = _SAID.get(how.delimiter or "", how.delimiter) or stated
    delimiter = delimiter or _found(text, how.columns)
    if len(delimiter) != 1:
        known = ", ".join(repr(each) for each in _NAMES)
        raise BadInputError("delimiter", f"{delimiter!r} is not one of {known} or one character")
    skipped = 0 if text is read.text else 1
    first = [
        (each.number, each.cells) for each in islice(_records(text, delimiter, skipped), _SAMPLE)
    ]
    place, header = header_at(first, how.columns)
    columns = named_columns(header)

    def rows() -> Iterator[TableRow]:
        for record in _records(text, delimiter, skipped):
            if record.number > place:
                yield _row(record, columns)

    parted = f"parted by {_NAMES.get(delimiter, repr(delimiter))}"
    described = f"CSV, {read.encoding}, {'one column' if delimiter == _NONE else parted}"
    return Table("csv", described, columns, place, rows)


def _without_statement(text: str) -> tuple[str, str | None]:
    """The text without the line `sep=;` that Excel takes a delimiter from."""
    first, _, rest = text.partition("\n")
    said = first.strip().removeprefix("sep=")
    is_said = first.startswith("sep=") and len(first.rstrip("\r\n").removeprefix("sep=")) == 1
    return (rest, said or "\t") if is_said else (text, None)


def _found(text: str, columns: frozenset[str]) -> str:
    """The delimiter that makes a header with a name, and most first records as wide as it.

    None at all where no header has more than one cell: then each line is a cell.
    """
    best, most = _NONE, (False, 0.0, 1)
    fault: BadInputError | None = None
    for delimiter in _NAMES:
        try:
            score = _score(text, delimiter, columns)
        except BadInputError as error:
            # by another delimiter the same quotes may begin and end cells
            fault = error
            continue
        if score > most:
            best, most = delimiter, score
    if fault is not None and best == _NONE:
        raise fault
    return best


def _score(text: str, delimiter: str, columns: frozenset[str]) -> tuple[bool, float, int]:
    """How well a delimiter makes a table of the first records."""
    first = [(each.number, each.cells) for each in islice(_records(text, delimiter), _SAMPLE)]
    place, header = header_at(first, columns)
    widths = [len(cells) for number, cells in first if number >= place]
    if not header[1:]:
        return False, 0.0, 0
    alike = widths.count(len(header)) / len(widths)
    return names_a_party(header, columns), alike, len(header)


def _records(text: str, delimiter: str, skipped: int = 0) -> Iterator[_Record]:
    """The records that are not blank, each with its number.

    Raises:
        BadInputError: A quoted cell does not end, so that whatever follows it is lost.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, line = skipped, skipped
    while True:
        number, began = number + 1, line + 1
        if number > MAX_ROWS:
            raise BadInputError("file", f"has more than {MAX_ROWS:,} rows")
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                reason = f"a quoted cell begins in line {began} and does not end"
                raise BadInputError("file", reason) from None
            yield _Record(number, (), f"not readable as CSV: {error}")
        else:
            if any(cell.strip() for cell in cells):
                yield _Record(number, cells, None)
        line = reader.line_num + skipped


def _row(record: _Record, columns: tuple[str, ...]) -> TableRow:
    if record.fault is not None:
        return TableRow(record.number, {}, record.fault)
    cells = list(record.cells)
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(columns):
        fault = f"has {len(cells)} cells, the header {len(columns)}"
        return TableRow(record.number, {}, fault)
    texts = (cell.strip() for cell in cells)
    found = (Cell(text) if text else EMPTY for text in texts)
    return TableRow(record.number, dict(zip(columns, found, strict=True)))
