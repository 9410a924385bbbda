"""Workbooks that hold more than a table of 20,000 rows does are refused before they are built."""

from collections.abc import Callable
from functools import partial

import pytest

from abeyance_screening.features.tables.files import MAX_ROWS, read_sent, read_table
from abeyance_screening.features.tables.requests import TablesInChild
from abeyance_screening.platform.sandbox.pool import Limits
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.tables.tables import as_xlsx
from tests.unit.tables.workbooks import NAME, PARTY, workbook
from tests.walks import at_most_letters

# What they took before went from 2 s and 130 MB to a minute and 1,200 MB; now they take up to
# 2.2 s of a slow core, which could look at a fifth of these letters meanwhile.
LETTERS_AT_MOST = 500_000_000
MEMORY_AT_MOST_MB = 500


def _numbers(rows: int, columns: int) -> str:
    return f"<row>{'<c><v>1</v></c>' * columns}</row>" * rows


HOSTILE = {
    "a million blank rows": (
        partial(workbook, NAME + PARTY + "<row/>" * 1_000_000),
        "100,000 rows",
    ),
    "rows of a prefix": (
        partial(workbook, NAME + PARTY + '<x:row xmlns:x="y"/>' * 1_000_000),
        "100,000 rows",
    ),
    "two million cells": (partial(workbook, NAME + _numbers(2_000, 1_000)), "1,200,000 cells"),
    "cells in the last column": (
        partial(workbook, NAME + '<row><c r="XFD2"><v>1</v></c></row>' * 3_000),
        "1,200,000 cells",
    ),
    "a row that no program has": (
        partial(workbook, NAME + '<row r="9000000"/>'),
        "below row 1,048,576",
    ),
    "a million texts": (
        partial(workbook, NAME + PARTY, strings="<si><t>a</t></si>" * 1_000_000),
        "500,000 texts",
    ),
    "a text of a million pieces": (
        partial(workbook, NAME + PARTY, strings=f"<si>{'<r><t>a</t></r>' * 1_000_000}</si>"),
        "500,000 styles, links",
    ),
    "300,000 cell styles": (
        partial(workbook, NAME + PARTY, styles='<xf numFmtId="0"/>' * 300_000),
        "100,000 cell styles",
    ),
    "a million columns": (
        partial(workbook, NAME + PARTY, before=f"<cols>{'<col/>' * 1_000_000}</cols>"),
        "500,000 styles, links",
    ),
    "two million elements, one in another": (
        partial(workbook, NAME + PARTY + "<x>" * 2_000_000),
        "500,000 styles, links",
    ),
    "a long comment": (
        partial(workbook, f"{NAME}{PARTY}<!--{' ' * 100_000_000}-->"),
        "unpacks to 100,",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_workbook_made_to_be_a_bomb_is_refused_soon(make: Callable[[], bytes], reason: str):
    content = make()
    with (
        pytest.raises(BadInputError, match=reason) as refused,
        at_most_letters(LETTERS_AT_MOST),
    ):
        _ = read_sent(content, "table.xlsx", MAX_ROWS)
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    "kind",
    [
        "two million cells",
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in (
                "a million texts",
                "two million elements, one in another",
                "a long comment",
            )
        ),
    ],
)
async def test_a_bomb_takes_little_memory(kind: str):
    make, reason = HOSTILE[kind]
    tables = TablesInChild(Limits(seconds=30, megabytes=MEMORY_AT_MOST_MB))
    with pytest.raises(BadInputError, match=reason):
        _ = await tables.read_table(make(), "table.xlsx", MAX_ROWS)


def test_long_formulas_are_no_names_and_take_no_time():
    formula = "(" * 8_000 + ")" * 8_000
    rows = f"<row><c><f>{formula}</f><v>1</v></c></row>" * 1_000
    with at_most_letters(LETTERS_AT_MOST):
        found = list(read_table(workbook(NAME + rows), "table.xlsx").rows())
    assert len(found) == 1_000
    assert "has a formula" in (found[0].cells["Name"].fault or "")


def test_a_party_far_below_the_others_is_read():
    last = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>Jabberwock</t></is></c></row>'
    rows = list(read_table(workbook(NAME + PARTY + last), "table.xlsx").rows())
    assert [(row.number, row.cells["Name"].value) for row in rows] == [
        (2, "Borogove Mills"),
        (1_048_576, "Jabberwock"),
    ]


def test_a_table_of_all_rows_and_blank_ones_below_is_read():
    header, *rows = [["Name", "Country"], *[[f"Mill {n}", "DE"] for n in range(MAX_ROWS)]]
    blank = [[None, ""]] * MAX_ROWS
    found = read_table(as_xlsx([header, *rows, *blank]), "table.xlsx")
    assert sum(1 for _ in found.rows()) == MAX_ROWS
