import io
import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.reading import tables as workbooks
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.tables import is_workbook_with, read_sheet, text_of
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

DAY = datetime.combine(date(2026, 2, 20), time())
HEADER = ("Reference", "Name")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
type Rows = list[tuple[object, ...]]


def workbook(*rows: tuple[object, ...], sheets: tuple[Rows, ...] = ()) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for table in (list(rows), *sheets):
        sheet = book.create_sheet()
        for row in table:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_member(content: bytes, name: str, text: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            new.writestr(member, text if member == name else old.read(member))
    return stream.getvalue()


def cells(content: bytes) -> list[tuple[object, ...]]:
    rows = read_sheet("list", content, HEADER)
    return [tuple(row.take(name) for name in HEADER) for row in rows]


def test_cells_keep_their_kind():
    content = workbook(HEADER, (2, "A"), (True, DAY), (1.5, None), (None, None), (3, "B"))
    assert cells(content) == [(2, "A"), (True, DAY), (1.5, None), (3, "B")]


def test_a_record_has_the_number_of_its_row_as_its_place():
    rows = read_sheet("list", workbook(HEADER, (1, "A")), HEADER)
    assert [row.where for row in rows] == ["row 2"]


def test_the_sheet_with_the_columns_is_found_among_others():
    content = workbook(("a note",), sheets=([HEADER, (1, "A")],))
    assert cells(content) == [(1, "A")]


def test_what_xml_cannot_hold_is_unescaped():
    assert cells(workbook(HEADER, (1, "SOi.025_x000D_\nGender"))) == [(1, "SOi.025\nGender")]


def with_results(content: bytes, *results: str) -> bytes:
    """The workbook with a kept result behind each formula, as a spreadsheet program saves it."""
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(name)
    for result in results:
        kept = f"</f><v>{result}</v>".encode()
        text = re.sub(rb"</f><v(?: ?/>|></v>)", kept, text, count=1)
    return with_member(content, name, text)


def test_a_formula_in_a_column_that_may_compute_counts_as_its_result():
    content = workbook(HEADER, ("=ROW()-1", "A"), (None, None), (7, "B"), ("=ROW()-1", "C"))
    rows = read_sheet("list", with_results(content, "1", "4"), HEADER, may_compute=HEADER[:1])
    assert [(row.where, row.take("Reference"), row.take("Name")) for row in rows] == [
        ("row 2", 1, "A"),
        ("row 4", 7, "B"),
        ("row 5", 4, "C"),
    ]


@pytest.mark.parametrize(
    ("row", "results", "reason"),
    [
        pytest.param(("=A1", "A"), [], "row 2: a cell holds a formula", id="none"),
        pytest.param(("=A1", "=A1"), ["1", "2"], "row 2: a cell holds a formula", id="elsewhere"),
        pytest.param(("#REF!", "A"), [], "row 2: a cell holds an error", id="an error"),
    ],
)
def test_a_formula_counts_as_nothing_else(
    row: tuple[object, ...], results: list[str], reason: str
):
    content = with_results(workbook(HEADER, row), *results)
    with pytest.raises(RowRefusedError, match=reason):
        read_sheet("list", content, HEADER, may_compute=HEADER[:1])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(None, "", id="empty"),
        pytest.param(" A ", "A", id="trimmed"),
        pytest.param(8785, "8785", id="a number"),
        pytest.param(8785.0, "8785", id="a whole number as a fraction"),
        pytest.param(True, "True", id="a boolean"),
        pytest.param(DAY, "2026-02-20", id="a day"),
    ],
)
def test_a_cell_has_a_text(cell: workbooks.Cell, text: str):
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "not readable as a workbook", id="empty"),
        pytest.param(b"PK\x03\x04nothing", "not readable as a workbook", id="no zip archive"),
        pytest.param(workbook(HEADER, (1, "A"))[:-40], "not readable as a workbook", id="cut"),
        pytest.param(workbook(("Other",)), "no sheet of the workbook has", id="another table"),
        pytest.param(workbook(()), "no sheet of the workbook has", id="an empty sheet"),
        pytest.param(workbook(("Reference",)), "missing column: Name", id="a column missing"),
        pytest.param(workbook((*HEADER, "New")), "unknown column: New", id="a column new"),
        pytest.param(workbook((*HEADER, "Name")), "column twice: Name", id="a column twice"),
        pytest.param(
            with_member(
                workbook(HEADER),
                "xl/worksheets/sheet1.xml",
                b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>',
            ),
            "declares a document type",
            id="entities",
        ),
        pytest.param(
            with_member(workbook(HEADER), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"),
            "not readable as a workbook|no sheet",
            id="a sheet cut off",
        ),
    ],
)
def test_what_is_no_such_workbook_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^list: .*(?:{reason})"):
        read_sheet("list", content, HEADER)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param((1, "=A1"), "row 2: a cell holds a formula", id="a formula"),
        pytest.param((1, "#REF!"), "row 2: a cell holds an error: #REF!", id="an error"),
        pytest.param((1, time(12)), "a time of day or a duration", id="a time of day"),
        pytest.param((1, "A", "B"), "cells beyond the 2 of the header", id="a cell too many"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_number(row: tuple[object, ...], reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        read_sheet("list", workbook(HEADER, row), HEADER)


def test_a_repeated_header_row_is_refused():
    with pytest.raises(ListRefusedError, match=r"^list: the header row is repeated in row 2"):
        read_sheet("list", workbook(HEADER, HEADER), HEADER)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(ListRefusedError, match=r"unpacks to .* bytes; at most 1,000 are allowed"):
        read_sheet("list", workbook(HEADER), HEADER)


def test_a_sheet_with_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbooks, "MAX_CELLS", 5)
    with pytest.raises(ListRefusedError, match="more than 5 cells"):
        read_sheet("list", workbook(HEADER, (1, "A"), (2, "B")), HEADER)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(workbook(HEADER), True, id="a workbook with the word"),
        pytest.param(workbook(("Other",)), False, id="another workbook"),
        pytest.param(b"Reference,Name\n", False, id="a text with the word"),
        pytest.param(b"PK\x03\x04Reference", False, id="no zip archive"),
    ],
)
def test_a_workbook_is_told_by_its_words(content: bytes, told: bool):
    assert is_workbook_with(GivenFile("x", content), ("Reference",)) is told


WHOLE = workbook(HEADER, (1, "A"), (date(2026, 2, 20), "B"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6))
def test_a_damaged_workbook_is_read_or_refused(place: int, damage: bytes):
    content = WHOLE[:place] + damage + WHOLE[place + len(damage) :]
    is_workbook_with(GivenFile("x", content), ("Reference",))
    try:
        read_sheet("list", content, HEADER)
    except AbeyanceError:
        return


def with_cells(rows: str) -> bytes:
    """A workbook whose sheet is this XML."""
    sheet = f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}'
    text = f"{sheet}</x:sheetData></x:worksheet>"
    return with_member(workbook(HEADER), "xl/worksheets/sheet1.xml", text.encode())


def cell(place: str, text: str) -> str:
    return f'<x:c r="{place}" t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>'


WITH_BLANK_ROWS = (
    f'<x:row r="1">{cell("A1", "Reference")}{cell("B1", "Name")}</x:row>'
    f'<x:row r="9">{cell("A9", "1")}{cell("B9", "A")}</x:row>'
)


def test_blank_rows_count_where_a_row_is_named_and_nowhere_else():
    rows = read_sheet("list", with_cells(WITH_BLANK_ROWS), HEADER)
    assert [(row.where, row.take("Name")) for row in rows] == [("row 9", "A")]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        pytest.param(
            '<x:c r="B9"><x:f>A9</x:f></x:c>', "a cell holds a formula: =A9", id="no result"
        ),
        pytest.param(
            '<x:c r="B9" t="str"><x:f>A9</x:f><x:v>B</x:v></x:c>',
            "a cell holds a formula: =A9",
            id="a result",
        ),
        pytest.param(
            '<x:c r="B9" t="e"><x:v>#N/A</x:v></x:c>', "a cell holds an error: #N/A", id="an error"
        ),
        pytest.param(
            '<x:c t="e"><x:v>#N/A</x:v></x:c>', "a cell holds an error: #N/A", id="without a place"
        ),
    ],
)
def test_a_formula_or_an_error_is_never_taken_for_an_empty_cell(odd: str, reason: str):
    content = with_cells(WITH_BLANK_ROWS.replace(cell("B9", "A"), odd))
    with pytest.raises(RowRefusedError, match=f"row 9: {re.escape(reason)}"):
        read_sheet("list", content, HEADER)


def test_where_notes_are_taken_a_formula_is_noted_and_its_stored_result_read():
    odd = '<x:c r="B9" t="str"><x:f>A9</x:f><x:v>B</x:v></x:c>'
    content = with_cells(WITH_BLANK_ROWS.replace(cell("B9", "A"), odd))
    with taking_notes() as notes:
        (row,) = read_sheet("list", content, HEADER)
        assert row.take("Name") == "B"
    (edition,) = notes.on((ParsedEdition(list_code="list", published_on=None, listings=()),))
    assert [(part.what, part.example) for part in edition.read_in_part] == [
        ("formula in column 2", "=A9")
    ]


def test_a_formula_that_gives_an_error_is_an_error_where_its_result_is_read():
    odd = '<x:c r="A9" t="e"><x:f>B9/0</x:f><x:v>#DIV/0!</x:v></x:c>'
    content = with_cells(WITH_BLANK_ROWS.replace(cell("A9", "1"), odd))
    with pytest.raises(RowRefusedError, match="row 9: a cell holds an error: #DIV/0!"):
        read_sheet("list", content, HEADER, may_compute=HEADER[:1])


@pytest.mark.parametrize(
    ("far", "size"),
    [
        pytest.param(
            f'<x:row r="1048576">{cell("XFD1048576", "1")}</x:row>',
            "1,048,576 rows and 16,384 columns",
            id="a cell in the far corner",
        ),
        pytest.param(
            '<x:row r="90000000000"><x:c><x:f>A1</x:f></x:c></x:row>',
            "90,000,000,000 rows and 2 columns",
            id="a row that no sheet has",
        ),
    ],
)
def test_a_sheet_that_reaches_too_far_is_refused_before_it_takes_the_memory(far: str, size: str):
    with pytest.raises(ListRefusedError, match=f"cells over {size}"):
        read_sheet("list", with_cells(WITH_BLANK_ROWS + far), HEADER)


def test_a_remark_far_to_the_right_costs_no_other_row():
    content = with_cells(f'{WITH_BLANK_ROWS}<x:row r="12">{cell("ZZ12", "checked")}</x:row>')
    with taking_notes():
        named, remark = read_sheet("list", content, HEADER)
    assert named.take("Name") == "A"
    with pytest.raises(RowRefusedError, match="row 12: cells beyond the 2 of the header"):
        remark.take("Name")
