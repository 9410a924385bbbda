"""DDTC's two lists as workbooks, the form in which the State Department serves them."""

from collections.abc import Collection
from datetime import datetime

from service.parse.files import GivenFile
from service.parse.rows import Row
from service.parse.us_ddtc.debarments import BIRTH, LIST_CODE
from service.parse.workbooks import Cell, read_sheet, text_of


def read_workbook(file: GivenFile, columns: Collection[str]) -> list[Row[str]]:
    """The records with their cells as the csv files print them, each with its place as `row 12`.

    Raises:
        ListRefusedError: not readable as a workbook, or a column is missing, new or there twice.
        RowRefusedError: a cell holds a formula, an error or a duration.
    """
    return [_printed(row, columns) for row in read_sheet(LIST_CODE, file.content, columns).rows]


def _printed(row: Row[Cell], columns: Collection[str]) -> Row[str]:
    return Row(row.where, {name: _text(name, row.take(name)) for name in columns})


def _text(column: str, cell: Cell) -> str:
    """A cell as text, a day as `4/25/2018`.

    Of a birth DDTC prints the month alone, in all 479 rows that have one, so the first day of a
    month is what Excel makes of `November, 1975`.
    """
    if not isinstance(cell, datetime):
        return text_of(cell)
    if column == BIRTH and cell.day == 1:
        return f"{cell:%B, %Y}"
    return f"{cell.month}/{cell.day}/{cell.year}"
