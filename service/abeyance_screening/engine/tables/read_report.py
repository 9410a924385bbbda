"""What was read of a table and what was left: by column, sheet, row and cell, and in words."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from abeyance_screening.engine.screening.answer import InputWarning
from abeyance_screening.engine.tables.columns import ColumnMap, FieldChoice, map_columns
from abeyance_screening.engine.tables.counterparties import (
    RowOfTable,
    UnreadableRow,
    read_parties,
)
from abeyance_screening.engine.tables.headers import (
    FIELDS,
    ColumnField,
    hints_at_party,
    is_no_party,
)
from abeyance_screening.engine.tables.table import LINE_END, Table, TableOpened, TableRow
from abeyance_screening.engine.tables.values import ColumnLook
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import BadInputError

# By so many first rows the columns of a table without a header row are told, and those left out
# are looked at before the first row is answered.
FIRST_ROWS = 50
_LOOKED_AT_FIRST = 200
NO_HEADER_ROW = "no header row: the first row is read like the others"
# The most rows that are named one by one.
_MOST_NAMED = 20
_MOST_SAID = 5


class ColumnRead(msgspec.Struct, frozen=True, kw_only=True):
    """A column and what it was read as."""

    column: str
    """The column, by its header or its number."""
    field: ColumnField | None
    """What it was read as: the counterparty's `name`, a further `name_part` of it, the name of
    another `party`, an `alias`, the caller's `id`, a `country`, the `entity_type`, a `birth_date`,
    an `identifier` (a number), an `address`, an `owner`, the owner's `share`, or `unused`, as
    somebody chose. Null where it was left out."""
    party: str | None = None
    """The column with the name of that party of a row whose field it is; null for the
    counterparty."""
    guessed: bool = False
    """Whether nobody chose it."""
    holds_names: bool = False
    """Whether it was left out, though nobody said so, and has cells that look like names."""


class RowLeft(msgspec.Struct, frozen=True):
    """A row that could not be read, or of which a party could not, and why."""

    row: int
    """Number of the row in the file, from 1."""
    reason: str
    """Why it could not be read."""


class TableReading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a table, and what was left."""

    described: str
    """How the file was read, in words."""
    header_row: int
    """Row of the headers, from 1; 0 where there is none."""
    columns: tuple[ColumnRead, ...]
    """Every column, in the order of the table."""
    sheets_left: tuple[str, ...] = ()
    """The other sheets of a workbook, which were not read."""
    rows: int = 0
    """How many rows were read so far."""
    rows_left: int = 0
    """How many of them, or of their parties, could not be read."""
    left: tuple[RowLeft, ...] = ()
    """The first rows that could not be read."""
    lines: int | None = None
    """The lines of the file that the rows take up, more than `rows` where cells have line ends;
    null where rows are no lines."""
    cells_with_line_ends: int = 0
    """How many cells have line ends."""
    rows_with_line_ends: tuple[int, ...] = ()
    """The first rows with such cells, by their numbers."""

    @property
    def in_words(self) -> tuple[str, ...]:
        """The reading in lines: the file, each field's columns, and what was left."""
        return (self.described, *_fields_in_words(self), *notes_of(self))


class Tally:
    """Counts what a table has, row by row, and looks at the columns that are not read."""

    def __init__(self, columns: Iterable[str] = ()) -> None:
        self.rows = self.rows_left = self.cells_with_line_ends = 0
        self.lines: int | None = None
        self.left = list[RowLeft]()
        self.rows_with_line_ends = list[int]()
        self._looks = {each: _look(each) for each in columns if not is_no_party(each)}

    @property
    def holding_names(self) -> frozenset[str]:
        """Those of the columns looked at whose cells look like names."""
        return frozenset(each for each, look in self._looks.items() if look.holds_names)

    def look_only_at(self, columns: Collection[str]) -> None:
        """Look at these columns alone, and at new ones among them from now on."""
        self._looks = {
            each: self._looks.get(each) or _look(each) for each in columns if not is_no_party(each)
        }

    def see(self, row: TableRow) -> None:
        """Count a row."""
        self.rows += 1
        if row.span is not None:
            first, last = row.span
            self.lines = (self.lines or 0) + last - first + 1
        if row.span is None or row.span[0] < row.span[1]:
            self._see_line_ends(row)
        for column, look in self._looks.items():
            if look.is_over:
                continue
            cell = row.cells.get(column)
            if cell is not None and isinstance(cell.value, str) and (text := cell.value.strip()):
                look.see(" ".join(text.split()))

    def leave(self, left: UnreadableRow) -> None:
        """Count a row, or a party of it, that could not be read."""
        self.rows_left += 1
        if len(self.left) < _MOST_NAMED:
            self.left.append(RowLeft(left.number, left.reason))

    def _see_line_ends(self, row: TableRow) -> None:
        values = (cell.value for cell in row.cells.values())
        found = sum(isinstance(each, str) and LINE_END.search(each) is not None for each in values)
        self.cells_with_line_ends += found
        if found and len(self.rows_with_line_ends) < _MOST_NAMED:
            self.rows_with_line_ends.append(row.number)


class TableReader:
    """Reads the rows of a table as parties, and tells at any time what was read and left.

    A party of a row warns of each column that was left out though it holds names: a listed one may
    stand there. Columns may be added as the table goes on.
    """

    def __init__(self, table: TableOpened, mapped: ColumnMap) -> None:
        self._table = table
        self._columns: Sequence[str] = table.columns
        self.mapped = mapped
        self._tally = Tally(unsaid_columns(mapped))
        self._named = frozenset[str]()
        self._warnings = tuple[InputWarning, ...]()

    def add_columns(self, columns: Sequence[str], mapped: ColumnMap) -> None:
        """Go on with more columns, and with what they are read as."""
        self._columns, self.mapped = columns, mapped
        self._tally.look_only_at(unsaid_columns(mapped))

    def parties(self, rows: Iterator[TableRow]) -> Iterator[RowOfTable]:
        """Yield the parties of rows, the first of which are looked at before they are yielded."""
        room, first = _MOST_LOOKED_AT, list[TableRow]()
        for row in islice(rows, _LOOKED_AT_FIRST):
            self.see(row)
            first.append(row)
            room -= _size_of(row)
            if room < 0:
                break
        for row in first:
            yield from self.read(row)
        for row in rows:
            self.see(row)
            yield from self.read(row)

    def see(self, row: TableRow) -> None:
        """Look at a row before it, or any row after it, is read."""
        self._tally.see(row)

    def read(self, row: TableRow) -> Iterator[RowOfTable]:
        """Yield the parties of a row that was looked at, with what may be missed of it."""
        if self._tally.holding_names != self._named:
            self._named = self._tally.holding_names
            self._warnings = unread_warnings(self._named)
        for each in read_parties(row, self.mapped):
            if isinstance(each, UnreadableRow):
                self._tally.leave(each)
                yield each
            elif self._warnings:
                yield msgspec.structs.replace(each, warnings=(*each.warnings, *self._warnings))
            else:
                yield each

    @property
    def reading(self) -> TableReading:
        """What was read and left so far."""
        columns = columns_read(self._columns, self.mapped, self._tally.holding_names)
        return reading_of(self._table, columns, self._tally)


# What the rows may take that are looked at before the first of them is read, in characters.
_MOST_LOOKED_AT = 8_000_000


def map_table(
    table: Table, choices: Collection[FieldChoice] = (), *, with_names: bool = False
) -> ColumnMap:
    """Return the columns of each field of a table; see `map_columns`.

    Of a table without a header row, those columns are names whose cells look like names: the first
    one of the counterparty, the others of other parties. `with_names` reads such columns of any
    table, whose headers do not say what they are, as names of other parties too.

    Raises:
        BadInputError: As `map_columns`; or the table cannot be read to its end.
    """
    said = tuple(choices)
    if is_headless(table):
        said = (*said, *told_by_cells(table.columns, islice(table.rows(), FIRST_ROWS), said))
    mapped = _as_guess(map_columns(table.columns, said), _fields(said) - _fields(choices))
    if with_names:
        more = [FieldChoice("party", each) for each in names_left(table, mapped)]
        return _as_guess(map_columns(table.columns, (*said, *more)), {"party"} if more else set())
    return mapped


def _as_guess(mapped: ColumnMap, fields: Collection[ColumnField]) -> ColumnMap:
    """Return columns of which some fields were told by the cells, not chosen."""
    guessed = {*mapped.guessed, *fields}
    return msgspec.structs.replace(
        mapped, guessed=tuple(each for each in FIELDS if each in guessed)
    )


def _fields(choices: Iterable[FieldChoice]) -> set[ColumnField]:
    return {each.field for each in choices}


def is_headless(table: Table) -> bool:
    """Return whether a table has columns without names, since it has no header row."""
    return table.header_row == 0 and table.kind in {"csv", "xlsx"}


def names_left(table: Table, mapped: ColumnMap) -> tuple[str, ...]:
    """Return the columns that are not read, and not said to be left, but hold names.

    Raises:
        BadInputError: The table cannot be read to its end.
    """
    tally = Tally(unsaid_columns(mapped))
    for row in table.rows():
        tally.see(row)
    return tuple(each for each in table.columns if each in tally.holding_names)


def told_by_cells(
    columns: Sequence[str], rows: Iterable[TableRow], said: Collection[FieldChoice]
) -> tuple[FieldChoice, ...]:
    """Return the names among the columns of a table without a header row, by its first rows."""
    if any(each.field == "name" for each in said):
        return ()
    tally = Tally(set(columns) - {each.column for each in said})
    for row in rows:
        tally.see(row)
    named = [each for each in columns if each in tally.holding_names]
    if not named:
        reason = "the table has no header row, and no column is plainly one of names; say which"
        raise BadInputError("map", f'{reason}, as --map name="{columns[0]}"')
    parties = named[1:] if all(each.field != "party" for each in said) else []
    return FieldChoice("name", named[0]), *(FieldChoice("party", each) for each in parties)


def columns_read(
    columns: Iterable[str], mapped: ColumnMap, holding_names: Collection[str] = ()
) -> tuple[ColumnRead, ...]:
    """Return what each column is read as, in the order of the table."""
    found = dict[str, ColumnRead]()
    for each in reversed((mapped, *mapped.parties)):
        is_other = each is not mapped
        for field in FIELDS:
            told: ColumnField = "party" if is_other and field == "name" else field
            for column in each.columns_of(field) if field not in {"party", "unused"} else ():
                found[column] = ColumnRead(
                    column=column,
                    field=told,
                    party=each.name if is_other else None,
                    guessed=told in mapped.guessed,
                )
    return tuple(
        found.get(each) or ColumnRead(column=each, field=None, holds_names=each in holding_names)
        for each in columns
    )


def reading_of(table: TableOpened, columns: tuple[ColumnRead, ...], tally: Tally) -> TableReading:
    """Return what was read of a table: its columns, and what was counted of its rows."""
    return TableReading(
        described=table.described,
        header_row=table.header_row,
        columns=columns,
        sheets_left=table.sheets_left,
        rows=tally.rows,
        rows_left=tally.rows_left,
        left=tuple(tally.left),
        lines=tally.lines,
        cells_with_line_ends=tally.cells_with_line_ends,
        rows_with_line_ends=tuple(tally.rows_with_line_ends),
    )


def read_as(table: Table, mapped: ColumnMap) -> tuple[str, ...]:
    """Return how a table is read, in lines: the file, each field's columns, columns not read."""
    columns = columns_read(table.columns, mapped)
    return reading_of(table, columns, Tally()).in_words


def notes_of(reading: TableReading) -> tuple[str, ...]:
    """Return in lines what was left of a table beside its columns; nothing for most tables."""
    notes = list[str]()
    named = [each.column for each in reading.columns if each.holds_names]
    if named:
        notes.append(f"not read, though it looks like names: {', '.join(named)}")
    if reading.sheets_left:
        notes.append(f"sheets not read: {', '.join(map(repr, reading.sheets_left))}")
    if reading.lines is not None and reading.lines != reading.rows:
        notes.append(f"{plural(reading.rows, 'row')} in {plural(reading.lines, 'line')}")
    if reading.cells_with_line_ends:
        cells = plural(reading.cells_with_line_ends, "cell")
        rows = list(map(str, reading.rows_with_line_ends))
        notes.append(f"{cells} with line ends, in {_listed('row', rows, reading.rows)}")
    if reading.rows_left:
        left = [f"row {each.row}: {each.reason}" for each in reading.left[:_MOST_SAID]]
        more = reading.rows_left - len(left)
        said = [*left, *([f"and {more:,} more"] if more else [])]
        notes.append(f"left out: {'; '.join(said)}")
    return tuple(notes)


def _fields_in_words(reading: TableReading) -> Iterator[str]:
    if reading.header_row == 0 and any(each.column == "column A" for each in reading.columns):
        yield NO_HEADER_ROW
    for field in FIELDS:
        for party, columns in _by_party(reading.columns, field).items():
            guess = " (guessed)" if any(each.guessed for each in columns) else ""
            whose = "" if party is None or field == "party" else f" of {party}"
            listed = ", ".join(each.column for each in columns)
            yield f"{_WORDS.get(field, field.replace('_', ' '))}{whose}{guess}: {listed}"
    left = [each.column for each in reading.columns if each.field is None and not each.holds_names]
    if left:
        yield f"not read: {', '.join(left)}"


_WORDS: dict[ColumnField, str] = {"party": "another party", "name_part": "more of the name"}


def _by_party(
    columns: Iterable[ColumnRead], field: ColumnField
) -> dict[str | None, list[ColumnRead]]:
    found = dict[str | None, list[ColumnRead]]()
    for each in columns:
        if each.field == field:
            found.setdefault(None if field == "party" else each.party, []).append(each)
    return found


def _listed(what: str, numbers: Sequence[str], rows: int) -> str:
    words = what if len(numbers) == 1 else f"{what}s"
    more = " and others" if len(numbers) == _MOST_NAMED and rows > _MOST_NAMED else ""
    return f"{words} {', '.join(numbers)}{more}"


def _look(column: str) -> ColumnLook:
    return ColumnLook(has_hint=hints_at_party(column))


def _size_of(row: TableRow) -> int:
    """Return about how much a row takes, in characters."""
    return sum(len(cell.value) for cell in row.cells.values() if isinstance(cell.value, str))


def unread_warnings(columns: Collection[str]) -> tuple[InputWarning, ...]:
    """Return a warning for each column that holds names and was left out, in order."""
    reason = (
        "this column is not read, though its cells look like names: say party=… to screen them, "
        "or unused=… to leave it out"
    )
    return tuple(
        InputWarning(field=each, reason=reason, may_hide=True) for each in sorted(columns)
    )


def unsaid_columns(mapped: ColumnMap) -> tuple[str, ...]:
    """Return the columns that are not read, without those that the user left out."""
    return tuple(each for each in mapped.unread if each not in mapped.unused)
