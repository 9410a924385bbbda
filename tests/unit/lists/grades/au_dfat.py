"""The Australian list, mutated."""

from typing import Any

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Mutation,
    Sample,
    workbook_changed,
)


def cell_changed(row: int, column: str, value: object) -> Mutation:
    """Put a value into a column of a row; the header is row 1."""

    def change(sheet: Any) -> None:
        place = [cell.value for cell in sheet[1]].index(column)
        sheet[row][place].value = value

    return workbook_changed(change)


def _column_added(sheet: Any) -> None:
    place = sheet.max_column + 1
    sheet.cell(1, place).value = UNKNOWN
    sheet.cell(2, place).value = VALUE


def _reference_blanked(reference: str) -> Mutation:
    def change(sheet: Any) -> None:
        (cell,) = (row[0] for row in sheet.iter_rows() if str(row[0].value) == reference)
        cell.value = None

    return workbook_changed(change)


SAMPLES = (
    Sample(
        word="dfat_xlsx",
        source="au_dfat",
        files=("au_dfat/Australian_Sanctions_Consolidated_List.xlsx",),
        unknown=workbook_changed(_column_added),
        blank=_reference_blanked("6855"),
        code=cell_changed(2, "Type", "Aircraft"),
        cut_is_seen=False,
    ),
)
