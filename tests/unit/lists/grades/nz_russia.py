"""New Zealand's Russia Sanctions Register, mutated; its header is in the fourth row."""

from typing import Any

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Sample, workbook_changed

_HEADER = 4
_NAME, _STATUS = 3, 20


def add_column(sheet: Any) -> None:
    """Add a column, filled in the first record."""
    column = sheet.max_column + 1
    sheet.cell(_HEADER, column).value = UNKNOWN
    sheet.cell(_HEADER + 1, column).value = VALUE


def put(column: int, value: str | None) -> Any:
    """Return a change of one cell of the first record."""

    def change(sheet: Any) -> None:
        sheet.cell(_HEADER + 1, column).value = value

    return change


SAMPLES = (
    Sample(
        word="nz_russia_xlsx",
        source="nz_russia",
        files=("nz_russia/Russia-Sanctions-Register.xlsx",),
        unknown=workbook_changed(add_column),
        blank=workbook_changed(put(_NAME, None)),
        code=workbook_changed(put(_STATUS, "Paused")),
    ),
)
