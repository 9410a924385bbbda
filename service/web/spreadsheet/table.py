"""A table as it comes to the spreadsheet page: a file, text that was pasted, or rows sent again.

Nothing of it is kept: between two steps it is the browser that holds the rows.
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
# Sixty columns in each of the rows, with a text of their own in half of them; five times the rows,
# since formatted blank ones are common. openpyxl takes 20 s over a workbook of all that.
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

    `cells` stand in the order of the columns; `faults` say of some, by their place, why they
    cannot be read, `fault` of the whole row.
    """

    number: int
    cells: tuple[CellSent, ...]
    faults: dict[str, str] = {}
    fault: str | None = None


class TableReader(Protocol):
    """Reads a table that a stranger uploaded, where it can do no harm."""

    async def read_table(self, content: bytes, name: str | None, most_rows: int) -> bytes:
        """The table as JSON; see `TableSent`.

        Raises:
            BadInputError: It is no table that can be read, or holds too much.
            BusyError: Too many wait to be read already.
        """
        ...


class TableSent(msgspec.Struct, frozen=True, kw_only=True):
    """A whole table, with what each column is guessed to hold, in the order of the columns.

    `doubt` says why no column could be taken for the name, None where one was.
    """

    name: str
    described: str
    columns: tuple[str, ...]
    guessed: tuple[ColumnField | None, ...]
    doubt: str | None
    rows: tuple[RowSent, ...]


def read_table(content: bytes, file_name: str | None) -> Table:
    """A table out of a file's bytes; without a name, out of text that was pasted.

    Raises:
        BadInputError: It is empty, too large, or no table that can be read.
    """
    if len(content) > MAX_FILE_BYTES:
        reason = f"has {len(content):,} bytes; {MAX_FILE_BYTES:,} may be"
        raise BadInputError("file", f"{reason}. “abeyance screen” takes larger ones")
    kind: TableKind = "csv" if file_name is None else kind_of(file_name)
    return open_table(kind, content, HowToRead(), ROOM)


def read_sent(content: bytes, file_name: str | None, most: int) -> bytes:
    """A table out of a file's bytes as JSON for the browser, row by row (`TableSent`).

    Raises:
        BadInputError: It is empty, holds too much, or is no table that can be read.
    """
    table = sent(read_table(content, file_name), file_name, most)
    head = msgspec.json.encode(msgspec.structs.replace(table, rows=()))
    rows = b",".join([msgspec.json.encode(each) for each in table.rows])
    return head.removesuffix(b"]}") + rows + b"]}"


def sent(table: Table, file_name: str | None, most: int = MAX_ROWS) -> TableSent:
    """The table as the browser gets it.

    Raises:
        BadInputError: It breaks off, or has more rows than that.
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
    """The rows, as long as there are not more than that.

    Raises:
        BadInputError: There are more.
    """
    for count, row in enumerate(rows, start=1):
        if count > most:
            reason = f"has more than {most:,} rows; “abeyance screen” takes larger ones"
            raise BadInputError("file", reason)
        yield row


def again(described: str, columns: Sequence[str], rows: Sequence[RowSent]) -> Table:
    """A table out of rows that the browser sent back.

    Raises:
        BadInputError: A column stands twice, or a row has another number of cells.
    """
    if len(set(columns)) < len(columns):
        raise BadInputError("columns", "has a column twice")
    for row in rows:
        if row.fault is None and len(row.cells) != len(columns):
            raise BadInputError("rows", f"row {row.number} has another number of cells")
    made = [_made(row, columns) for row in rows]
    return Table(
        kind="csv",
        described=described,
        columns=tuple(columns),
        header_row=1,
        rows=lambda: iter(made),
    )


def mapped(columns: Sequence[str], fields: Sequence[ColumnField | None]) -> ColumnMap:
    """The columns as the person said; a field that no column has is not guessed.

    Raises:
        BadInputError: No column is the name, or two columns are what only one may be.
    """
    said = [
        FieldChoice(field, column)
        for column, field in zip(columns, fields, strict=True)
        if field is not None
    ]
    unsaid = [FieldChoice(field, None) for field in FIELDS if field not in fields]
    return map_columns(columns, [*said, *unsaid])


def guess(columns: Sequence[str]) -> tuple[tuple[ColumnField | None, ...], str | None]:
    """What each column is taken for by its header, and why none is taken for the name."""
    try:
        found = map_columns(columns)
    except BadInputError:
        return tuple(_by_header(each) for each in columns), _doubt(columns)
    field_by_column: dict[str, ColumnField] = {}
    for field in FIELDS:
        field_by_column |= dict.fromkeys(found.columns_of(field), field)
    return tuple(field_by_column.get(each) for each in columns), None


def _by_header(column: str) -> ColumnField | None:
    """The field of one column, where the table as a whole leaves doubt; never the name."""
    field = field_of(column)
    return None if field == "name" else field


def _doubt(columns: Sequence[str]) -> str:
    names = [each for each in columns if field_of(each) == "name"]
    if any(map(is_telling, names)):
        return f"{len(names)} columns could be the name ({', '.join(names[:4])}): say which."
    return "No column is called like a name: say which one it is."


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
    """A number with decimals goes as its digits, which read the same."""
    return str(cell.value) if isinstance(cell.value, Decimal) else cell.value


def _made(row: RowSent, columns: Sequence[str]) -> TableRow:
    if row.fault is not None:
        return TableRow(number=row.number, cells={}, fault=row.fault)
    cells = {
        column: Cell(value, row.faults.get(str(place)))
        for place, (column, value) in enumerate(zip(columns, row.cells, strict=True))
    }
    return TableRow(number=row.number, cells=cells)
