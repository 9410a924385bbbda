"""Tables in a workbook: its sheets, and the cells of one of them."""

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Protocol, cast

from abeyance_screening.engine.lists.reading.tables import BROKEN, check_archive, text_of
from abeyance_screening.engine.lists.reading.texts import line_of
from abeyance_screening.engine.tables.files import WorkbookLimits, check_room
from abeyance_screening.engine.tables.header_row import header_at
from abeyance_screening.engine.tables.table import (
    EMPTY,
    Cell,
    HowToRead,
    Table,
    TableRow,
    named_columns,
)
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import BadInputError, ListRefusedError

if TYPE_CHECKING:
    from openpyxl import Workbook
# How many first rows are searched for the header row.
_HEADER_ROWS = 50
_LAST_ROW = 1_048_576
# Rows of a sheet that is not read are counted up to this number.
_MOST_COUNTED = 10_000
_FORMULA = "has a formula, which is not calculated; replace it with its value"


class _OpenpyxlCell(Protocol):
    """A cell as openpyxl reads it."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


def open_workbook(content: bytes, how: HowToRead, room: WorkbookLimits) -> Table:
    """Open a sheet of a workbook as a table: the one named, else the first visible one.

    Each other sheet that is not blank, hidden or not, is a last row that cannot be read.
    Formulas are never calculated: a cell with a formula or an error cannot be read.
    """
    try:
        check_room(content, room)
        check_archive("file", content)
        title, others = _sheets(content, how.sheet, room)
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

    def rows() -> Iterator[TableRow]:
        number = place
        try:
            for number, cells in _workbook_rows(content, title, room):
                if number > place:
                    yield _workbook_row(number, cells, columns)
        except BROKEN as error:
            raise _broken(error) from None
        for after, (other, count) in enumerate(others.items(), start=number + 1):
            yield TableRow(after, {}, _not_read(other, count))

    return Table(
        kind="xlsx",
        described=f"workbook, sheet {title!r}",
        columns=columns,
        header_row=place,
        sheets_left=tuple(others),
        rows=rows,
    )


def _sheets(
    content: bytes, wanted: str | None, room: WorkbookLimits
) -> tuple[str, Mapping[str, int]]:
    """Return the title of the sheet that is read, and how many rows the others have, not blank."""
    book = _open_book(content)
    try:
        sheets = {sheet.title: sheet.sheet_state for sheet in book.worksheets}
        title = _sheet_title(sheets, wanted)
        counts = {each: _count_rows(book, each, room) for each in sheets if each != title}
        return title, {each: count for each, count in counts.items() if count}
    finally:
        book.close()


def _sheet_title(sheets: Mapping[str, str], wanted: str | None) -> str:
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


def _count_rows(book: "Workbook", title: str, room: WorkbookLimits) -> int:
    """Return how many rows of a sheet are not blank; no more are counted than have to be."""
    sheet = book[title]
    sheet.reset_dimensions()
    count = cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += len(row)
        count += any(value is not None and str(value).strip() for value in row)
        # a sheet that goes on without an end, blank or not, is not taken for a blank one
        if cells > room.cells:
            return max(count, 1)
        if count > _MOST_COUNTED:
            break
    return count


def _not_read(title: str, count: int) -> str:
    rows = f"more than {_MOST_COUNTED:,} rows" if count > _MOST_COUNTED else plural(count, "row")
    return f"the sheet {title!r} was not read ({rows}): screen it by itself"


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
    """Yield the rows that are not blank, each with its number."""
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
