"""Japan's asset freezes, mutated: a sheet of the workbook, and the table."""

import io
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Files,
    Mutation,
    Sample,
    column_added,
    replaced,
)

_RUSSIA = "28.ロシア連邦(団体(特定銀行を除く))"


def _sheet_changed(change: Callable[[Any], None]) -> Mutation:
    """Change the sheet of one programme; the header is in its second row."""

    def mutate(files: Files) -> Files:
        book = load_workbook(io.BytesIO(files[0]))
        change(book[_RUSSIA])
        book.save(changed := io.BytesIO())
        return (changed.getvalue(), *files[1:])

    return mutate


def _add_column(sheet: Any) -> None:
    column = sheet.max_column + 1
    sheet.cell(2, column).value = UNKNOWN
    sheet.cell(3, column).value = VALUE


def _blank_number(sheet: Any) -> None:
    sheet["B3"] = None


def _add_word(sheet: Any) -> None:
    sheet["A3"] = f"{sheet['A3'].value}\n2026.4.1凍結"


SAMPLES = (
    Sample(
        word="jp_mof_xlsx",
        source="jp_mof",
        files=("jp_mof/2026-03-05_shisantouketsu.xlsx",),
        unknown=_sheet_changed(_add_column),
        blank=_sheet_changed(_blank_number),
        code=_sheet_changed(_add_word),
    ),
    Sample(
        word="jp_mof_csv",
        source="jp_mof",
        files=("jp_mof/shisantouketsu.csv",),
        unknown=column_added(),
        blank=replaced("\r\n30,030-", "\r\n,030-"),
        code=replaced(",団体,", ",法人格なき社団,"),
        header=0,
        cut_is_seen=False,
    ),
)
