"""METI's Foreign End User List as a workbook, mutated."""

from typing import Any

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Mutation,
    Sample,
    workbook_changed,
)


def _changed(place: str, value: str | None, heading: str | None = None) -> Mutation:
    """Put a value into a cell; the numbers, whose results openpyxl would drop, become plain."""

    def change(sheet: Any) -> None:
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 1).value = row - 1
        sheet[place] = value
        if heading is not None:
            sheet[f"{place[0]}1"] = heading

    return workbook_changed(change)


def _row_lost(sheet: Any) -> None:
    """Leave the second entry out, so that its number is missing."""
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 1).value = row - 1
    sheet.delete_rows(3)


SAMPLES = (
    Sample(
        word="meti_eul_xlsx",
        source="jp_meti_eul",
        files=("jp_meti_eul/list_2025.xlsx",),
        unknown=_changed("G2", VALUE, UNKNOWN),
        blank=_changed("B3", None),
        code=_changed("E3", "毒\nQ"),
        torn=workbook_changed(_row_lost),
    ),
)
