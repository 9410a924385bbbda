"""A table: its rows and cells, however its file is written, and the texts in a cell."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import Literal, cast

import msgspec

from abeyance_screening.primitives.errors import BadInputError

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
_MOST_DIGITS = 200


LINE_END = re.compile(r"\r\n|\r|\n")


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

    With a `fault`, the row as a whole cannot be read and has no cells. `span` are its first and
    last line in a file of lines.
    """

    number: int
    cells: dict[str, Cell]
    fault: str | None = None
    span: tuple[int, int] | None = None


class TableOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose header row is read.

    `described` says how the file was read: `CSV, UTF-8, separated by semicolons`. `columns` are
    the column names in order, each unique: a second `Name` is `Name (2)`, a column without a name
    is `column E`. `header_row` is the number of the header row, 0 for JSON lines and
    where there is none. Blank rows are left out. `sheets_left` are a workbook's other sheets that
    are not blank.
    """

    kind: TableKind | Literal["parquet"]
    described: str
    columns: tuple[str, ...]
    header_row: int = 0
    sheets_left: tuple[str, ...] = ()


class Table(TableOpened, frozen=True, kw_only=True):
    """A table in memory; each call of `rows` yields its rows from the beginning."""

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


def sample(table: Table, most: int) -> tuple[tuple[str, ...], ...]:
    """Return up to `most` first readable rows as texts, in the order of the columns."""
    readable = (row for row in table.rows() if row.fault is None)
    return tuple(
        tuple(_shown_value(row.cells[column].value) for column in table.columns)
        for row in islice(readable, most)
    )


def check_size(content: bytes) -> None:
    """Check that a file is neither empty nor too large."""
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


def one_text(cell: Cell, column: str) -> str | None:
    """Return a cell as one text, trimmed and on one line; None where it is empty."""
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


def lines_of(cell: Cell, column: str) -> str | None:
    """Return a cell as one text, each of its lines trimmed; None where it is empty."""
    if cell.fault is not None or not isinstance(cell.value, str):
        return one_text(cell, column)
    lines = (" ".join(line.split()) for line in LINE_END.split(cell.value))
    return "\n".join(filter(None, lines)) or None


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


def _shown_value(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: float | Decimal, column: str) -> str:
    """Return a number in decimal digits, whole numbers without a decimal point."""
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
