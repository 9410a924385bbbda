"""OFSI's list, mutated: the layouts of 2020 and of 2022, as CSV and as a workbook."""

from typing import Any

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Mutation,
    Sample,
    cell_put,
    column_added,
    workbook_changed,
)

_OLD = "cp1252"


def _cell_changed(column: str, value: object) -> Mutation:
    """Put a value into a column of the first record; the header is row 2."""

    def change(sheet: Any) -> None:
        place = [cell.value for cell in sheet[2]].index(column)
        sheet[3][place].value = value

    return workbook_changed(change)


def _column_added(sheet: Any) -> None:
    place = sheet.max_column + 1
    sheet.cell(2, place).value = UNKNOWN
    sheet.cell(3, place).value = VALUE


SAMPLES = (
    Sample(
        word="ofsi_csv",
        source="uk_ofsi",
        files=("uk_ofsi/ConList_2020.csv",),
        unknown=column_added(header=1, encoding=_OLD),
        blank=cell_put("Group ID", "", header=1, encoding=_OLD),
        code=cell_put("Alias Type", "Nickname", header=1, encoding=_OLD),
        header=1,
        cut_is_seen=False,
    ),
    Sample(
        word="ofsi_csv",
        source="uk_ofsi",
        files=("uk_ofsi/ConList_2022.csv",),
        unknown=column_added(header=1),
        blank=cell_put("Listed On", "in May", header=1),
        code=cell_put("Alias Quality", "Fair", header=1),
        header=1,
        cut_is_seen=False,
    ),
    Sample(
        word="ofsi_xlsx",
        source="uk_ofsi",
        files=("uk_ofsi/ConList_2022.xlsx",),
        unknown=workbook_changed(_column_added),
        blank=_cell_changed("DOB", "#REF!"),
        code=_cell_changed("Group Type", "Aircraft"),
        cut_is_seen=False,
    ),
)
