"""Reading tables of counterparties from CSV, JSON lines and workbooks."""

import csv
import io
import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from itertools import islice
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NoReturn, Protocol, cast

import msgspec

from abeyance_screening.engine.lists.reading.records import doubles
from abeyance_screening.engine.lists.reading.tables import (
    BROKEN,
    check_archive,
    text_of,
)
from abeyance_screening.engine.lists.reading.texts import line_of
from abeyance_screening.engine.tables.columns import FIELDS, ColumnMap, header_at, names_a_party
from abeyance_screening.engine.tables.files import ANY_SIZE, WorkbookLimits, check_room, read_text
from abeyance_screening.primitives.errors import BadInputError, ListRefusedError

if TYPE_CHECKING:
    from openpyxl import Workbook

type TableKind = Literal["csv", "xlsx", "jsonl"]
type CellValue = str | int | float | bool | Decimal | list[object] | dict[str, object] | None

SUFFIXES: dict[str, TableKind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
RESULT_SUFFIXES: dict[str, TableKind] = {".xlsx": "xlsx", ".csv": "csv", ".jsonl": "jsonl"}
# 100,000 counterparties with addresses take about 20 MB.
MAX_TABLE_BYTES = 100_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 1_000


class Cell(msgspec.Struct, frozen=True):
    """The value of one cell: a text, a number, a boolean or (only in JSON) a list or an object.

    `fault` says why the cell cannot be read, if so: it has a formula or an error. A fault matters
    only in a column that is read.
    """

    value: CellValue
    fault: str | None = None


EMPTY = Cell(None)


class TableRow(msgspec.Struct, frozen=True):
    """One row: its number as in a spreadsheet (the first is 1), and its cells by column.

    With a `fault`, the row as a whole cannot be read and has no cells.
    """

    number: int
    cells: dict[str, Cell]
    fault: str | None = None


class Table(msgspec.Struct, frozen=True):
    """A table whose header row is read; each call of `rows` yields the rows from the beginning.

    `described` says how the file was read: `CSV, UTF-8, separated by semicolons`. `columns` are
    the column names in order, each unique: a second `Name` is `Name (2)`, a column without a name
    is `column E`. `header_row` is the number of the header row, 0 for JSON lines. Blank rows are
    left out.
    """

    kind: TableKind | Literal["parquet"]
    described: str
    columns: tuple[str, ...]
    header_row: int
    rows: Callable[[], Iterator[TableRow]]


class HowToRead(msgspec.Struct, frozen=True, kw_only=True):
    """The user's settings for reading a file; None means that the setting is detected.

    `sheet` is the name of a workbook's sheet. `columns` are column names by which the header row
    is recognised.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns: frozenset[str] = frozenset()


DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "\\t": "\t"}
# The delimiter of a file with one column, which no file contains: each line is one cell.
NO_DELIMITER = "\x1f"
# How many first records decide on the delimiter and the header row.
SAMPLED_RECORDS = 50
_LONGEST_CELL = 200_000


class Record(msgspec.Struct, frozen=True):
    """One record of a CSV file: its number and its cells, or why it cannot be read."""

    number: int
    cells: Sequence[str]
    fault: str | None


_MOST_DIGITS = 200

# The most characters of a JSON error that a fault quotes.
_LONGEST_REASON = 100


class _NotOneRowError(ValueError):
    """A line that may be JSON but is no row; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _TwiceError(_NotOneRowError):
    """A field that is used twice in one object."""

    def __init__(self, field: str) -> None:
        super().__init__(f"field {field!r} is used twice")


class _NoNumberError(_NotOneRowError):
    """NaN or Infinity, which JSON does not have."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word} is no number")


# How many first rows are searched for the header row.
_HEADER_ROWS = 50
_LAST_ROW = 1_048_576
_FORMULA = "has a formula, which is not calculated; replace it with its value"


class _OpenpyxlCell(Protocol):
    """A cell as openpyxl reads it."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def open_table(
    kind: TableKind, content: bytes, how: HowToRead, room: WorkbookLimits = ANY_SIZE
) -> Table:
    """Open a file's content as a table; a workbook must be within the limits of `room`.

    Raises:
        BadInputError: The file is empty, too large, or not a readable file of this kind, or a
            setting of `how` does not apply to the kind.
    """
    check_size(content)
    _check_how(kind, how)
    if content.startswith(_OLD_EXCEL):
        raise BadInputError("file", "is a workbook in the old format; save it as .xlsx")
    if kind != "xlsx" and content.startswith(_ZIP):
        raise BadInputError("file", f"is a workbook or a zip file, not {kind}")
    if kind == "xlsx":
        return open_workbook(content, how, room)
    return _OPEN_TEXT[kind](content, how)


def kind_of(file_name: str) -> TableKind:
    """Return the kind of table by a file's name.

    Raises:
        BadInputError: The name ends in none of `SUFFIXES`.
    """
    suffix = PurePath(file_name).suffix.lower()
    kind = SUFFIXES.get(suffix)
    if kind is None:
        hint = "; save it as .xlsx" if suffix in {".xls", ".xlsb", ".ods"} else ""
        known = "csv, xlsx, jsonl"
        raise BadInputError("file", f"{file_name!r} ends in none of {known}{hint}")
    return kind


def result_kind_of(file_name: str) -> TableKind:
    """Return the kind of results by a file's name.

    Raises:
        BadInputError: The name ends in none of `RESULT_SUFFIXES`.
    """
    kind = RESULT_SUFFIXES.get(PurePath(file_name).suffix.lower())
    if kind is None:
        known = ", ".join(RESULT_SUFFIXES)
        raise BadInputError("out", f"{file_name!r} ends in none of {known}")
    return kind


def read_as(table: Table, mapped: ColumnMap) -> tuple[str, ...]:
    """Return how a table was read, in lines: the file, each field's columns, columns not read."""
    lines = [table.described]
    for field in FIELDS:
        columns = mapped.columns_of(field)
        if columns:
            guess = " (guessed)" if field in mapped.guessed else ""
            lines.append(f"{field.replace('_', ' ')}{guess}: {', '.join(columns)}")
    if mapped.unread:
        lines.append(f"not read: {', '.join(mapped.unread)}")
    return tuple(lines)


def sample(table: Table, most: int) -> tuple[tuple[str, ...], ...]:
    """Return up to `most` first readable rows as texts, in the order of the columns."""
    readable = (row for row in table.rows() if row.fault is None)
    return tuple(
        tuple(_shown_value(row.cells[column].value) for column in table.columns)
        for row in islice(readable, most)
    )


def check_size(content: bytes) -> None:
    """Check that a file is neither empty nor too large.

    Raises:
        BadInputError: The file is blank, or has more than `MAX_TABLE_BYTES` bytes.
    """
    if not content.strip():
        raise BadInputError("file", "is empty")
    if len(content) > MAX_TABLE_BYTES:
        reason = f"has {len(content):,} bytes; at most {MAX_TABLE_BYTES:,} are allowed"
        raise BadInputError("file", reason)


def named_columns(header: list[str]) -> tuple[str, ...]:
    """Return a unique name for every column: duplicates get a number, blank ones a letter.

    Raises:
        BadInputError: There are too many columns, or none at all.
    """
    if not header:
        raise BadInputError("file", "the header row cannot be read")
    if len(header) > MAX_COLUMNS:
        reason = f"has {len(header):,} columns; at most {MAX_COLUMNS:,} are allowed"
        raise BadInputError("file", reason)
    names: dict[str, None] = {}
    for place, printed in enumerate(header):
        name = " ".join(printed.split()) or f"column {letters_of(place)}"
        count, unique = 1, name
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names[unique] = None
    return tuple(names)


def letters_of(place: int) -> str:
    """Return a spreadsheet's letters for a column, counted from 0: A for 0, AA for 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def open_csv(content: bytes, how: HowToRead) -> Table:
    """Open a CSV file as a table.

    Unless given, the delimiter is detected: the one with which the first records have the most
    cells, and as many as the header row.

    Raises:
        BadInputError: The encoding is uncertain, there is no header row, or a quoted cell does
            not end.
    """
    read = read_text(content, how.encoding)
    text, stated = without_statement(read.text)
    delimiter = DELIMITERS.get(how.delimiter or "", how.delimiter) or stated
    delimiter = delimiter or detected_delimiter(text, how.columns)
    if len(delimiter) != 1:
        known = ", ".join(repr(each) for each in DELIMITER_NAMES)
        raise BadInputError("delimiter", f"{delimiter!r} is not one of {known} or one character")
    skipped = 0 if text is read.text else 1
    first = [
        (each.number, each.cells)
        for each in islice(records(_lines(text), delimiter, skipped), SAMPLED_RECORDS)
    ]
    place, header = header_at(first, how.columns)
    columns = named_columns(header)

    def rows() -> Iterator[TableRow]:
        for record in records(_lines(text), delimiter, skipped, header_row=place):
            if record.number > place:
                yield delimited_row(record, columns)

    separated = f"separated by {DELIMITER_NAMES.get(delimiter, repr(delimiter))}"
    described = f"CSV, {read.encoding}, {'one column' if delimiter == NO_DELIMITER else separated}"
    return Table("csv", described, columns, place, rows)


def one_text(cell: Cell, column: str) -> str | None:
    """Return a cell as one text, trimmed and on one line; None where it is empty.

    Raises:
        BadInputError: The cell cannot be read, or has a list or an object; the field is the
            column.
    """
    if cell.fault is not None:
        raise BadInputError(column, cell.fault)
    match cell.value:
        case None:
            return None
        case str():
            return " ".join(cell.value.split()) or None
        case bool():
            return "true" if cell.value else "false"
        case int() | float() | Decimal():
            return _number(cell.value, column)
        case _:
            raise BadInputError(column, "has a list or an object instead of one text")


def texts_of(cell: Cell, column: str, separators: str) -> tuple[str, ...]:
    """Return a cell as several texts: those of a list, or a text split at any of `separators`.

    Raises:
        BadInputError: The cell cannot be read, or has an object; the field is the column.
    """
    if cell.fault is not None:
        raise BadInputError(column, cell.fault)
    if isinstance(cell.value, list):
        return tuple(_of_list(cell.value, column))
    if isinstance(cell.value, str):
        parts = re.split(f"[{re.escape(separators)}]", cell.value)
        return tuple(text for part in parts if (text := " ".join(part.split())))
    text = one_text(cell, column)
    return () if text is None else (text,)


def cell_of(value: object) -> Cell:
    """Return a cell for a value from JSON, all of whose types a cell may have."""
    return Cell(cast("CellValue", value))


def open_jsonl(content: bytes, how: HowToRead) -> Table:
    """Open JSON lines as a table; its columns are all fields, in order of first appearance.

    Raises:
        BadInputError: The file is no text, or no line is an object.
    """
    read = read_text(content, how.encoding)
    lines = read.text.removesuffix("\n").split("\n")
    if len(lines) > MAX_ROWS:
        raise BadInputError("file", f"has more than {MAX_ROWS:,} lines")
    names = dict.fromkeys(
        name for row in _json_rows(lines, None) if row.fault is None for name in row.cells
    )
    if not names:
        raise BadInputError("file", "has no line that is a JSON object")
    columns = named_columns(list(names))
    return Table(
        "jsonl", f"JSON lines, {read.encoding}", columns, 0, lambda: _json_rows(lines, columns)
    )


def open_workbook(content: bytes, how: HowToRead, room: WorkbookLimits) -> Table:
    """Open a sheet of a workbook as a table: the one named, else the first visible one.

    Formulas are never calculated: a cell with a formula or an error cannot be read.

    Raises:
        BadInputError: The file is no workbook, exceeds the limits of `room`, or has no such sheet
            or no rows.
    """
    try:
        check_room(content, room)
        check_archive("file", content)
        title = _sheet_title(content, how.sheet)
        first = [
            (number, [_shown(cell) for cell in cells])
            for number, cells in islice(_workbook_rows(content, title, room), _HEADER_ROWS)
        ]
    except ListRefusedError as error:
        raise BadInputError("file", error.reason) from None
    except BROKEN as error:
        raise _broken(error) from None
    place, header = header_at(first, how.columns)
    columns = named_columns(header)
    described = f"workbook, sheet {title!r}"

    def rows() -> Iterator[TableRow]:
        try:
            for number, cells in _workbook_rows(content, title, room):
                if number > place:
                    yield _workbook_row(number, cells, columns)
        except BROKEN as error:
            raise _broken(error) from None

    return Table("xlsx", described, columns, place, rows)


def _check_how(kind: TableKind, how: HowToRead) -> None:
    """Refuse settings that apply only to other kinds of file."""
    for field, value, kinds in (
        ("sheet", how.sheet, ("xlsx",)),
        ("encoding", how.encoding, ("csv", "jsonl")),
        ("delimiter", how.delimiter, ("csv",)),
    ):
        if value is not None and kind not in kinds:
            reason = f"applies only to {' or '.join(kinds)}, and this file is {kind}"
            raise BadInputError(field, reason)


def _shown_value(value: object) -> str:
    return "" if value is None else str(value)


def without_statement(text: str) -> tuple[str, str | None]:
    """Return the text without a first line `sep=;`, which Excel writes, and its delimiter."""
    first, _, rest = text.partition("\n")
    delimiter = first.strip().removeprefix("sep=")
    is_stated = first.startswith("sep=") and len(first.rstrip("\r\n").removeprefix("sep=")) == 1
    return (rest, delimiter or "\t") if is_stated else (text, None)


def detected_delimiter(text: str, columns: frozenset[str]) -> str:
    """Return the delimiter with which the header has a name and most records are as wide as it.

    `NO_DELIMITER` where no header has more than one cell.
    """
    best, most = NO_DELIMITER, (False, 0.0, 1)
    fault: BadInputError | None = None
    for delimiter in DELIMITER_NAMES:
        try:
            score = _score(text, delimiter, columns)
        except BadInputError as error:
            # with another delimiter, the same quotes may begin and end cells
            fault = error
            continue
        if score > most:
            best, most = delimiter, score
    if fault is not None and best == NO_DELIMITER:
        raise fault
    return best


def _score(text: str, delimiter: str, columns: frozenset[str]) -> tuple[bool, float, int]:
    """Return how well a delimiter splits the first records: has a name, share as wide, width."""
    first = [
        (each.number, each.cells)
        for each in islice(records(_lines(text), delimiter), SAMPLED_RECORDS)
    ]
    place, header = header_at(first, columns)
    widths = [len(cells) for number, cells in first if number >= place]
    if not header[1:]:
        return False, 0.0, 0
    alike = widths.count(len(header)) / len(widths)
    return names_a_party(header, columns), alike, len(header)


def _lines(text: str) -> Iterable[str]:
    return io.StringIO(text, newline="")


def records(
    lines: Iterable[str],
    delimiter: str,
    skipped: int = 0,
    *,
    header_row: int = 0,
    most: int = MAX_ROWS,
) -> Iterator[Record]:
    """Yield the records that are not blank, each with its number, of lines with their ends.

    Raises:
        BadInputError: A quoted cell does not end, so that everything after it is lost, or there
            are more than `most` rows after the header row.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, line = skipped, skipped
    while True:
        number, began = number + 1, line + 1
        try:
            record = Record(number, next(reader), None)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                reason = f"a quoted cell begins in line {began} and does not end"
                raise BadInputError("file", reason) from None
            record = Record(number, (), f"not readable as CSV: {error}")
        if record.fault is not None or any(cell.strip() for cell in record.cells):
            if number > header_row + most:
                raise BadInputError("file", f"has more than {most:,} rows")
            yield record
        line = reader.line_num + skipped


def delimited_row(record: Record, columns: tuple[str, ...]) -> TableRow:
    """Return the row of a record, which must have a cell for each column."""
    if record.fault is not None:
        return TableRow(record.number, {}, record.fault)
    cells = list(record.cells)
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(columns):
        fault = f"has {len(cells)} cells, but the header row has {len(columns)}"
        return TableRow(record.number, {}, fault)
    texts = (cell.strip() for cell in cells)
    found = (Cell(text) if text else EMPTY for text in texts)
    return TableRow(record.number, dict(zip(columns, found, strict=True)))


def _number(value: float | Decimal, column: str) -> str:
    """Return a number in decimal digits, whole numbers without a decimal point.

    Raises:
        BadInputError: The number has more digits than any number of a party: `1e999999999`.
    """
    if isinstance(value, Decimal) and abs(value.adjusted()) > _MOST_DIGITS:
        raise BadInputError(column, f"has a number of more than {_MOST_DIGITS} digits")
    whole = int(value)
    return (
        str(whole) if whole == value else format(value, "f" if isinstance(value, Decimal) else "")
    )


def _of_list(values: list[object], column: str) -> Iterator[str]:
    for value in values:
        text = one_text(cell_of(value), column)
        if text is not None:
            yield text


def _json_rows(lines: list[str], columns: tuple[str, ...] | None) -> Iterator[TableRow]:
    """Yield a row for each line that is not blank; with `columns`, each row has all of them."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = json_row(number, line)
            if columns is None or row.fault is not None:
                yield row
            else:
                cells = {name: row.cells.get(name, EMPTY) for name in columns}
                yield TableRow(number, cells)


def json_row(number: int, line: str) -> TableRow:
    """Return the row of a line of JSON, with the cells that the line has."""
    try:
        read = cast("CellValue", _loads(line))
    except _NotOneRowError as error:
        return TableRow(number, {}, error.reason)
    except RecursionError:
        return TableRow(number, {}, "is nested too deeply")
    except ValueError as error:
        return TableRow(number, {}, f"is not readable as JSON: {error}"[:_LONGEST_REASON])
    if not isinstance(read, dict):
        return TableRow(number, {}, "is no JSON object")
    cells = {name: EMPTY if value is None else cell_of(value) for name, value in read.items()}
    return TableRow(number, cells)


def _loads(line: str) -> object:
    return cast(
        "object",
        json.loads(
            line, object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_no_number
        ),
    )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _TwiceError(doubles(name for name, _ in pairs)[0])
    return fields


def _no_number(word: str) -> NoReturn:
    raise _NoNumberError(word)


def _sheet_title(content: bytes, wanted: str | None) -> str:
    book = _open_book(content)
    sheets = {sheet.title: sheet.sheet_state for sheet in book.worksheets}
    book.close()
    if wanted is None:
        visible = [title for title, state in sheets.items() if state == "visible"]
        if not (visible or sheets):
            raise BadInputError("file", "is a workbook without a sheet")
        return (visible or list(sheets))[0]
    if wanted not in sheets:
        raise BadInputError(
            "sheet", f"no sheet is called {wanted!r}; there are {', '.join(map(repr, sheets))}"
        )
    return wanted


def _open_book(content: bytes) -> "Workbook":
    """Open a workbook; what reads none does without the library's 0.15 s of import."""
    load = cast("Callable[..., Workbook]", import_module("openpyxl").load_workbook)
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it does not read
        warnings.simplefilter("ignore", UserWarning)
        return load(io.BytesIO(content), read_only=True)


def _shown(printed: _OpenpyxlCell) -> str:
    """Return a cell as a text for finding the header row."""
    return str(_cell(printed).value or "")


def _cell(printed: _OpenpyxlCell) -> Cell:
    fault = _fault(printed)
    if fault is not None:
        return Cell(None, fault)
    value = printed.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return Cell(value.isoformat())
    text = text_of(value) if isinstance(value, str | bool | int | float | datetime) else ""
    return Cell(text) if text else EMPTY


def _fault(printed: _OpenpyxlCell) -> str | None:
    """Return why a cell cannot be read, None where it can."""
    value = printed.value
    if value is None:
        return None
    if printed.data_type == "e":
        return f"has an error: {value}"
    if isinstance(value, time | timedelta):
        return f"has a time of day or a duration: {value}"
    is_plain = isinstance(value, str | bool | int | float | date)
    return _FORMULA if printed.data_type == "f" or not is_plain else None


def _workbook_rows(
    content: bytes, title: str, room: WorkbookLimits
) -> Iterator[tuple[int, Sequence[_OpenpyxlCell]]]:
    """Yield the rows that are not blank, each with its number.

    Raises:
        BadInputError: There are too many cells or rows.
    """
    book = _open_book(content)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        count = 0
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            count += len(cells)
            # openpyxl fills gaps with blank rows, and each row with cells up to its last one
            if count > room.cells or number > _LAST_ROW:
                too_much = f"{room.cells:,} cells, or rows below row {_LAST_ROW:,}"
                reason = f"the sheet has more than {too_much}"
                raise BadInputError("file", reason)
            if any(cell.value is not None and str(cell.value).strip() for cell in cells):
                yield number, cells
    finally:
        book.close()


def _broken(error: Exception) -> BadInputError:
    return BadInputError("file", f"is not readable as a workbook: {line_of(f'{error}')[:200]}")


def _workbook_row(
    number: int, cells: Sequence[_OpenpyxlCell], columns: tuple[str, ...]
) -> TableRow:
    read = [_cell(cell) for cell in cells]
    if any(cell is not EMPTY for cell in read[len(columns) :]):
        return TableRow(number, {}, f"has cells beyond the {len(columns)} of the header row")
    read += [EMPTY] * (len(columns) - len(read))
    return TableRow(number, dict(zip(columns, read, strict=False)))


_OPEN_TEXT: Mapping[TableKind, Callable[[bytes, HowToRead], Table]] = MappingProxyType(
    {"csv": open_csv, "jsonl": open_jsonl}
)
