"""A table opened by its kind, and how it was read, in words."""

import csv
import io
import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from types import MappingProxyType
from typing import Literal, NoReturn, Protocol, cast

import msgspec
from openpyxl import load_workbook

from service.errors import BadInputError, ListRefusedError
from service.lists.reading.tables import BROKEN, check_archive, doubles, text_of
from service.tables.columns import FIELDS, ColumnMap, header_at, names_a_party
from service.tables.encodings import read_text
from service.tables.room import ANY_SIZE, WorkbookLimits, check_room

# --- A table of counterparties: whatever its file, columns with names and rows of cells.

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
    """What stands in one cell: text, number, truth or (JSON alone) a list or an object.

    `fault` says why it cannot be read, where it cannot: a formula, an error. A cell that nobody
    asks for may have one.
    """

    value: CellValue
    fault: str | None = None


EMPTY = Cell(None)


class TableRow(msgspec.Struct, frozen=True):
    """One row: its number as a spreadsheet counts (the first is 1), and its cells by column.

    With a `fault` the row as a whole cannot be read, and has no cells.
    """

    number: int
    cells: dict[str, Cell]
    fault: str | None = None


class Table(msgspec.Struct, frozen=True):
    """A table whose header is read. `rows` gives its rows anew each time, one by one.

    `described` tells how the file was read: `CSV, UTF-8, parted by ;`. `columns` are the names
    in their order, each once: a second `Name` is `Name (2)`, one without a name `column E`.
    `header_row` is the number of the row they stand in. Blank rows are no rows.
    """

    kind: TableKind
    described: str
    columns: tuple[str, ...]
    header_row: int
    rows: Callable[[], Iterator[TableRow]]


class HowToRead(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says of the file; None is found out.

    `sheet` is the name of a workbook's sheet, `columns` are names that the header must hold.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns: frozenset[str] = frozenset()


def kind_of(file_name: str) -> TableKind:
    """The kind of table that a file's name says.

    Raises:
        BadInputError: Its ending is none of `SUFFIXES`.
    """
    suffix = PurePath(file_name).suffix.lower()
    kind = SUFFIXES.get(suffix)
    if kind is None:
        hint = "; save it as .xlsx" if suffix in {".xls", ".xlsb", ".ods"} else ""
        known = "csv, xlsx, jsonl"
        raise BadInputError("file", f"{file_name!r} ends in none of {known}{hint}")
    return kind


def result_kind_of(file_name: str) -> TableKind:
    """The kind of results that a file's name asks for.

    Raises:
        BadInputError: Its ending is none of `RESULT_SUFFIXES`.
    """
    kind = RESULT_SUFFIXES.get(PurePath(file_name).suffix.lower())
    if kind is None:
        known = ", ".join(RESULT_SUFFIXES)
        raise BadInputError("out", f"{file_name!r} ends in none of {known}")
    return kind


def check_size(content: bytes) -> None:
    """Refuses a file that is empty or too large to be a table.

    Raises:
        BadInputError: It is.
    """
    if not content.strip():
        raise BadInputError("file", "is empty")
    if len(content) > MAX_TABLE_BYTES:
        reason = f"has {len(content):,} bytes; {MAX_TABLE_BYTES:,} may be"
        raise BadInputError("file", reason)


def named_columns(header: list[str]) -> tuple[str, ...]:
    """Names that tell every column: doubles are numbered, empty ones called by their letter.

    Raises:
        BadInputError: There are too many, or none at all.
    """
    if not header:
        raise BadInputError("file", "the row of its header cannot be read")
    if len(header) > MAX_COLUMNS:
        raise BadInputError("file", f"has {len(header):,} columns; {MAX_COLUMNS:,} may be")
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
    """How a spreadsheet calls a column: A for the first (0), AA for the 27th."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# --- Tables as text: CSV with commas, semicolons, tabs or bars.

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
                yield _delimited_row(record, columns)

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


def _delimited_row(record: _Record, columns: tuple[str, ...]) -> TableRow:
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


# --- What stands in a cell, as one text or as several.

_MOST_DIGITS = 200


def one_text(cell: Cell, column: str) -> str | None:
    """A cell as one text, trimmed and on one line; None where it is empty.

    Raises:
        BadInputError: It cannot be read, or holds a list or an object; the field is the column.
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
            raise BadInputError(column, "holds a list or an object where one text belongs")


def texts_of(cell: Cell, column: str, parted_by: str) -> tuple[str, ...]:
    """A cell as several texts: those of a list, or one text parted by any of these signs.

    Raises:
        BadInputError: It cannot be read, or holds an object; the field is the column.
    """
    if cell.fault is not None:
        raise BadInputError(column, cell.fault)
    if isinstance(cell.value, list):
        return tuple(_of_list(cell.value, column))
    if isinstance(cell.value, str):
        parts = re.split(f"[{re.escape(parted_by)}]", cell.value)
        return tuple(text for part in parts if (text := " ".join(part.split())))
    text = one_text(cell, column)
    return () if text is None else (text,)


def cell_of(value: object) -> Cell:
    """A cell of a value out of a list of JSON, which holds nothing that a cell may not."""
    return Cell(cast("CellValue", value))


def _of_list(values: list[object], column: str) -> Iterator[str]:
    for value in values:
        text = one_text(cell_of(value), column)
        if text is not None:
            yield text


def _number(value: float | Decimal, column: str) -> str:
    """Digits as they are written, whole numbers without a point.

    Raises:
        BadInputError: The digits would be more than any number of a party has: `1e999999999`.
    """
    if isinstance(value, Decimal) and abs(value.adjusted()) > _MOST_DIGITS:
        raise BadInputError(column, f"holds a number of more than {_MOST_DIGITS} digits")
    whole = int(value)
    return (
        str(whole) if whole == value else format(value, "f" if isinstance(value, Decimal) else "")
    )


# --- Tables as JSON lines: one object a line, its fields the columns.

_LONGEST_SAID = 100


class _NotOneRowError(ValueError):
    """A line that may be JSON and is no row; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _TwiceError(_NotOneRowError):
    """A field stands twice in one object."""

    def __init__(self, field: str) -> None:
        super().__init__(f"field {field!r} stands twice")


class _NoNumberError(_NotOneRowError):
    """NaN or Infinity, which JSON does not have."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word} is no number")


def open_jsonl(content: bytes, how: HowToRead) -> Table:
    """A table out of JSON lines; its columns are all fields, in the order of appearance.

    Raises:
        BadInputError: It is no text, or no line has an object.
    """
    read = read_text(content, how.encoding)
    lines = read.text.split("\n")
    if len(lines) > MAX_ROWS:
        raise BadInputError("file", f"has more than {MAX_ROWS:,} lines")
    names = dict.fromkeys(
        name for row in _rows(lines, None) if row.fault is None for name in row.cells
    )
    if not names:
        raise BadInputError("file", "no line of it is a JSON object")
    columns = named_columns(list(names))
    return Table(
        "jsonl", f"JSON lines, {read.encoding}", columns, 0, lambda: _rows(lines, columns)
    )


def _rows(lines: list[str], columns: tuple[str, ...] | None) -> Iterator[TableRow]:
    """The lines that are not blank; with `columns`, each row has all of them."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = _row(number, line)
            if columns is None or row.fault is not None:
                yield row
            else:
                cells = {name: row.cells.get(name, EMPTY) for name in columns}
                yield TableRow(number, cells)


def _row(number: int, line: str) -> TableRow:
    try:
        read = cast("CellValue", _loads(line))
    except _NotOneRowError as error:
        return TableRow(number, {}, error.reason)
    except RecursionError:
        return TableRow(number, {}, "is nested too deeply")
    except ValueError as error:
        return TableRow(number, {}, f"is not readable as JSON: {error}"[:_LONGEST_SAID])
    if not isinstance(read, dict):
        return TableRow(number, {}, "is no JSON object")
    cells = {name: EMPTY if value is None else cell_of(value) for name, value in read.items()}
    return TableRow(number, cells)


def _loads(line: str) -> object:
    return cast(
        "object",
        json.loads(line, object_pairs_hook=_once, parse_float=Decimal, parse_constant=_no_number),
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _TwiceError(doubles(name for name, _ in pairs)[0])
    return fields


def _no_number(word: str) -> NoReturn:
    raise _NoNumberError(word)


# --- Tables as XLSX workbooks, row by row, once they are known to hold no more than they may.

_FIRST = 50
_LAST_ROW = 1_048_576
_FORMULA = "holds a formula, which is not worked out; paste its values"


class _OpenpyxlCell(Protocol):
    """A cell as openpyxl gives it."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


def open_workbook(content: bytes, how: HowToRead, room: WorkbookLimits) -> Table:
    """The first visible sheet of a workbook, or the one named.

    Formulas are never worked out: a cell that holds one cannot be read, nor one with an error.

    Raises:
        BadInputError: It is no workbook, holds more than there is room for, or has no such sheet
            or no rows.
    """
    try:
        check_room(content, room)
        check_archive("file", content)
        title = _title(content, how.sheet)
        first = [
            (number, [_shown(cell) for cell in cells])
            for number, cells in islice(_filled(content, title, room), _FIRST)
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
            for number, cells in _filled(content, title, room):
                if number > place:
                    yield _workbook_row(number, cells, columns)
        except BROKEN as error:
            raise _broken(error) from None

    return Table("xlsx", described, columns, place, rows)


def _title(content: bytes, wanted: str | None) -> str:
    with warnings.catch_warnings():
        # openpyxl tells of styles and validations that it does not read
        warnings.simplefilter("ignore", UserWarning)
        book = load_workbook(io.BytesIO(content), read_only=True)
    sheets = {sheet.title: sheet.sheet_state for sheet in book.worksheets}
    book.close()
    if wanted is None:
        visible = [title for title, state in sheets.items() if state == "visible"]
        if not (visible or sheets):
            raise BadInputError("file", "is a workbook without a sheet")
        return (visible or list(sheets))[0]
    if wanted not in sheets:
        raise BadInputError("sheet", f"no sheet is called {wanted!r}; there are {_list(sheets)}")
    return wanted


def _list(names: dict[str, str]) -> str:
    return ", ".join(map(repr, names))


def _filled(
    content: bytes, title: str, room: WorkbookLimits
) -> Iterator[tuple[int, Sequence[_OpenpyxlCell]]]:
    """The rows that are not blank, each with its number, while they are not too many.

    Raises:
        BadInputError: There are too many cells.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        count = 0
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            count += len(cells)
            # openpyxl gives a row for each that a gap leaves out, and cells as far as the last one
            if count > room.cells or number > _LAST_ROW:
                reason = f"the sheet has more than {room.cells:,} cells, or rows below the last"
                raise BadInputError("file", reason)
            if any(cell.value is not None and str(cell.value).strip() for cell in cells):
                yield number, cells
    finally:
        book.close()


def _broken(error: Exception) -> BadInputError:
    what = " ".join(str(error).split())[:200]
    return BadInputError("file", f"is not readable as a workbook: {what}")


def _workbook_row(
    number: int, cells: Sequence[_OpenpyxlCell], columns: tuple[str, ...]
) -> TableRow:
    read = [_cell(cell) for cell in cells]
    if any(cell is not EMPTY for cell in read[len(columns) :]):
        return TableRow(number, {}, f"has cells beyond the {len(columns)} of the header")
    read += [EMPTY] * (len(columns) - len(read))
    return TableRow(number, dict(zip(columns, read, strict=False)))


def _shown(printed: _OpenpyxlCell) -> str:
    """A cell as text for telling the header."""
    value = _cell(printed).value
    return "" if value is None else str(value)


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
    """Why a cell cannot be read."""
    value = printed.value
    if value is None:
        return None
    if printed.data_type == "e":
        return f"holds an error: {value}"
    if isinstance(value, time | timedelta):
        return f"holds a time of day or a duration: {value}"
    is_plain = isinstance(value, str | bool | int | float | date)
    return _FORMULA if printed.data_type == "f" or not is_plain else None


_OPEN_TEXT: Mapping[TableKind, Callable[[bytes, HowToRead], Table]] = MappingProxyType(
    {"csv": open_csv, "jsonl": open_jsonl}
)

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def open_table(
    kind: TableKind, content: bytes, how: HowToRead, room: WorkbookLimits = ANY_SIZE
) -> Table:
    """A table out of a file's content; of a workbook, one that holds no more than `room`.

    Raises:
        BadInputError: It is empty, too large, or cannot be read as what it is said to be.
    """
    check_size(content)
    _check_how(kind, how)
    if content.startswith(_OLD_EXCEL):
        raise BadInputError("file", "is a workbook of the old kind; save it as .xlsx")
    if kind != "xlsx" and content.startswith(_ZIP):
        raise BadInputError("file", f"is a workbook or a zip file, and no {kind}")
    if kind == "xlsx":
        return open_workbook(content, how, room)
    return _OPEN_TEXT[kind](content, how)


def _check_how(kind: TableKind, how: HowToRead) -> None:
    """Refuses what is said of another kind of file than this."""
    for field, said, kinds in (
        ("sheet", how.sheet, ("xlsx",)),
        ("encoding", how.encoding, ("csv", "jsonl")),
        ("delimiter", how.delimiter, ("csv",)),
    ):
        if said is not None and kind not in kinds:
            raise BadInputError(field, f"goes with {' or '.join(kinds)}, and this is {kind}")


def read_as(table: Table, mapped: ColumnMap) -> tuple[str, ...]:
    """How the table was read, a line each: the file, then each field with its columns."""
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
    """The first rows as texts, in the order of the columns; unreadable ones left out."""
    readable = (row for row in table.rows() if row.fault is None)
    return tuple(
        tuple(_text(row.cells[column].value) for column in table.columns)
        for row in islice(readable, most)
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
