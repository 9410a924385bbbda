"""A table of counterparties: whatever its file, columns with names and rows of cells."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import PurePath
from typing import Literal

import msgspec

from service.model.errors import BadInputError

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
