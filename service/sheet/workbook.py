"""Tables as XLSX workbooks, row by row, once they are known to hold no more than they may."""

import io
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Protocol

from openpyxl import load_workbook

from service.model.errors import BadInputError, ListRefusedError
from service.parse.workbooks import BROKEN, check_archive, text_of
from service.sheet.headers import header_at
from service.sheet.room import Room, check_room
from service.sheet.table import EMPTY, Cell, HowToRead, Table, TableRow, named_columns

_FIRST = 50
_LAST_ROW = 1_048_576
_FORMULA = "holds a formula, which is not worked out; paste its values"


class _Printed(Protocol):
    """A cell as openpyxl gives it."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


def open_workbook(content: bytes, how: HowToRead, room: Room) -> Table:
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
                    yield _row(number, cells, columns)
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


def _filled(content: bytes, title: str, room: Room) -> Iterator[tuple[int, Sequence[_Printed]]]:
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


def _row(number: int, cells: Sequence[_Printed], columns: tuple[str, ...]) -> TableRow:
    read = [_cell(cell) for cell in cells]
    if any(cell is not EMPTY for cell in read[len(columns) :]):
        return TableRow(number, {}, f"has cells beyond the {len(columns)} of the header")
    read += [EMPTY] * (len(columns) - len(read))
    return TableRow(number, dict(zip(columns, read, strict=False)))


def _shown(printed: _Printed) -> str:
    """A cell as text for telling the header."""
    value = _cell(printed).value
    return "" if value is None else str(value)


def _cell(printed: _Printed) -> Cell:
    fault = _fault(printed)
    if fault is not None:
        return Cell(None, fault)
    value = printed.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return Cell(value.isoformat())
    text = text_of(value) if isinstance(value, str | bool | int | float | datetime) else ""
    return Cell(text) if text else EMPTY


def _fault(printed: _Printed) -> str | None:
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
