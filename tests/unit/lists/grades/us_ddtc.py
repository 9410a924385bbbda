"""DDTC's two files, mutated; they have no codes.

The workbooks are re-made from the CSV files, as the tests of the reader do.
"""

from typing import Any

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Sample,
    cell_put,
    column_added,
    workbook_changed,
)

_NO_CODES = "no column of the files is a code"


def _column(sheet: Any) -> None:
    sheet["G1"], sheet["G2"] = UNKNOWN, VALUE


def _no_name(sheet: Any) -> None:
    sheet["A3"] = None


SAMPLES = (
    Sample(
        word="ddtc_csv",
        source="us_ddtc",
        files=("us_ddtc/statutory_2026-06-18.csv", "us_ddtc/administrative_2026-06-18.csv"),
        unknown=column_added(),
        blank=cell_put("Party Name", ""),
        code=None,
        not_applicable=_NO_CODES,
        header=0,
        cut_is_seen=False,
    ),
    Sample(
        word="ddtc_xlsx",
        source="us_ddtc",
        files=("us_ddtc/statutory_2026-06-18.xlsx", "us_ddtc/administrative_2026-06-18.xlsx"),
        unknown=workbook_changed(_column),
        blank=workbook_changed(_no_name),
        code=None,
        not_applicable=_NO_CODES,
    ),
)
