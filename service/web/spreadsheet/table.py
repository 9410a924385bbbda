"""The table of the spreadsheet page: a file, pasted text, or rows that the browser sends back.

The service stores no part of it: between two steps the browser keeps the rows.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol

import msgspec

from service.errors import BadInputError
from service.tables import (
    FIELDS,
    ColumnField,
    ColumnMap,
    FieldChoice,
    HowToRead,
    Table,
    TableKind,
    kind_of,
    map_columns,
    open_table,
)
from service.tables.columns import field_of, is_telling
from service.tables.read import Cell, TableRow
from service.tables.room import WorkbookLimits

MAX_ROWS = 20_000
MAX_FILE_BYTES = 9_000_000
# Limits of a workbook: sixty columns in each row, half of them with a unique text; five times the
# rows, since formatted blank rows are common. openpyxl reads a workbook at these limits in 20 s.
ROOM = WorkbookLimits(
    unpacked_bytes=100_000_000,
    rows=5 * MAX_ROWS,
    cells=60 * MAX_ROWS,
    texts=25 * MAX_ROWS,
    others=25 * MAX_ROWS,
)
SAMPLE_ROWS = 3
PASTED = "pasted rows"

type CellSent = str | int | float | bool | list[object] | dict[str, object] | None


class RowSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row of a table on its way to the browser and back.

    `cells` are in the order of the columns. `faults` say, by the index of a cell, why it cannot be
    read; `fault` says why the whole row cannot.
    """

    number: int
    cells: tuple[CellSent, ...]
    faults: dict[str, str] = {}
    fault: str | None = None


class TableReader(Protocol):
    """A reader of uploaded tables that runs where a hostile file can do no harm."""

    async def read_table(self, content: bytes, name: str | None, most_rows: int) -> bytes:
        """Read a table and return it as the JSON of a `TableSent`.

        Raises:
            BadInputError: The table cannot be read, or is too large.
            BusyError: Too many tables are waiting to be read.
        """
        ...


class TableSent(msgspec.Struct, frozen=True, kw_only=True):
    """A whole table, with the guessed field of each column, in the order of the columns.

    `doubt` says why no column was guessed to be the name; None where one was.
    """

    name: str
    described: str
    columns: tuple[str, ...]
    guessed: tuple[ColumnField | None, ...]
    doubt: str | None
    rows: tuple[RowSent, ...]


def read_table(content: bytes, file_name: str | None) -> Table:
    """Read a table from the bytes of a file, or from pasted text where there is no file name.

    Raises:
        BadInputError: The table is empty, too large, or cannot be read.
    """
    if len(content) > MAX_FILE_BYTES:
        reason = f"has {len(content):,} bytes, more than the {MAX_FILE_BYTES:,} allowed"
        raise BadInputError("file", f"{reason}; use “abeyance screen” for larger files")
    kind: TableKind = "csv" if file_name is None else kind_of(file_name)
    return open_table(kind, content, HowToRead(), ROOM)


def read_sent(content: bytes, file_name: str | None, most: int) -> bytes:
    """Read a table from the bytes of a file, and return it as the JSON of a `TableSent`.

    Rows are encoded one by one, so that other threads have their turn.

    Raises:
        BadInputError: The table is empty, too large, or cannot be read.
    """
    table = table_sent(read_table(content, file_name), file_name, most)
    head = msgspec.json.encode(msgspec.structs.replace(table, rows=()))
    rows = b",".join([msgspec.json.encode(each) for each in table.rows])
    return head.removesuffix(b"]}") + rows + b"]}"


def table_sent(table: Table, file_name: str | None, most: int = MAX_ROWS) -> TableSent:
    """Return a table in the form that is sent to the browser.

    Raises:
        BadInputError: The table ends early, or has more than `most` rows.
    """
    guessed, doubt = guess(table.columns)
    return TableSent(
        name=file_name or PASTED,
        described=table.described,
        columns=table.columns,
        guessed=guessed,
        doubt=doubt,
        rows=tuple(_row(row, table.columns) for row in limited(table.rows(), most)),
    )


def limited(rows: Iterator[TableRow], most: int) -> Iterator[TableRow]:
    """Yield the rows.

    Raises:
        BadInputError: There are more than `most` rows.
    """
    for count, row in enumerate(rows, start=1):
        if count > most:
            reason = f"has more than {most:,} rows; use “abeyance screen” for larger files"
            raise BadInputError("file", reason)
        yield row


def restore_table(described: str, columns: Sequence[str], rows: Sequence[RowSent]) -> Table:
    """Return a table made of the rows that the browser sent back.

    Raises:
        BadInputError: Two columns have the same name, or a row has too many or too few cells.
    """
    if len(set(columns)) < len(columns):
        raise BadInputError("columns", "has two columns of the same name")
    for row in rows:
        if row.fault is None and len(row.cells) != len(columns):
            reason = (
                f"row {row.number} has {len(row.cells)} cells, the table {len(columns)} columns"
            )
            raise BadInputError("rows", reason)
    made = [_made(row, columns) for row in rows]
    return Table(
        kind="csv",
        described=described,
        columns=tuple(columns),
        header_row=1,
        rows=lambda: iter(made),
    )


def map_chosen(columns: Sequence[str], fields: Sequence[ColumnField | None]) -> ColumnMap:
    """Map the columns to the fields that a person chose; no other field is guessed.

    Raises:
        BadInputError: No column is the name, or two columns have a field that only one may have.
    """
    chosen = [
        FieldChoice(field, column)
        for column, field in zip(columns, fields, strict=True)
        if field is not None
    ]
    absent = [FieldChoice(field, None) for field in FIELDS if field not in fields]
    return map_columns(columns, [*chosen, *absent])


def guess(columns: Sequence[str]) -> tuple[tuple[ColumnField | None, ...], str | None]:
    """Guess the field of each column from its header, and say why none was found for the name.

    The second value is None where a column was guessed to be the name.
    """
    try:
        found = map_columns(columns)
    except BadInputError:
        return tuple(_by_header(each) for each in columns), _doubt(columns)
    field_by_column: dict[str, ColumnField] = {}
    for field in FIELDS:
        field_by_column |= dict.fromkeys(found.columns_of(field), field)
    return tuple(field_by_column.get(each) for each in columns), None


def _row(row: TableRow, columns: Sequence[str]) -> RowSent:
    if row.fault is not None:
        return RowSent(number=row.number, cells=(), fault=row.fault)
    cells = [row.cells.get(column, Cell(None)) for column in columns]
    return RowSent(
        number=row.number,
        cells=tuple(_sent(each) for each in cells),
        faults={
            str(place): each.fault for place, each in enumerate(cells) if each.fault is not None
        },
    )


def _sent(cell: Cell) -> CellSent:
    """Return the value of a cell for JSON; a decimal number as a string of the same digits."""
    return str(cell.value) if isinstance(cell.value, Decimal) else cell.value


def _made(row: RowSent, columns: Sequence[str]) -> TableRow:
    if row.fault is not None:
        return TableRow(number=row.number, cells={}, fault=row.fault)
    cells = {
        column: Cell(value, row.faults.get(str(place)))
        for place, (column, value) in enumerate(zip(columns, row.cells, strict=True))
    }
    return TableRow(number=row.number, cells=cells)


def _by_header(column: str) -> ColumnField | None:
    """Return the field of one column by its header alone; never the name."""
    field = field_of(column)
    return None if field == "name" else field


def _doubt(columns: Sequence[str]) -> str:
    names = [each for each in columns if field_of(each) == "name"]
    if any(map(is_telling, names)):
        return f"{len(names)} columns could be the name ({', '.join(names[:4])}): choose one."
    return "No column header looks like a name: choose the column that contains it."
