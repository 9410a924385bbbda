"""Files as they come: titles, blank rows, formulas, and what is no table."""

import io

import pytest
from openpyxl import Workbook

from abeyance_screening.engine.tables import (
    HowToRead,
    TableKind,
    kind_of,
    map_columns,
    open_table,
    read_as,
    result_kind_of,
    sample,
)
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.tables.tables import as_csv, as_xlsx, faults, names, read


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.CSV", "csv"), ("a.tsv", "csv"), ("x/a.xlsx", "xlsx"), ("a.b.jsonl", "jsonl")],
)
def test_a_files_name_tells_its_kind(name: str, kind: TableKind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("a.xls", "save it as .xlsx", id="old Excel"),
        pytest.param("a.pdf", "ends in none of csv, xlsx, jsonl", id="no table"),
        pytest.param("a", "ends in none of csv, xlsx, jsonl", id="no ending"),
    ],
)
def test_another_file_is_refused(name: str, reason: str):
    with pytest.raises(BadInputError, match=reason):
        kind_of(name)


def test_a_title_above_the_header_is_no_row():
    records = [("Our customers", ""), ("", ""), ("Company", "Country"), ("A", "DE")]
    files: list[tuple[TableKind, bytes]] = [
        ("csv", as_csv(records)),
        ("xlsx", as_xlsx(records)),
    ]
    for kind, content in files:
        table = open_table(kind, content, HowToRead())
        assert (table.header_row, table.columns) == (3, ("Company", "Country"))
        assert [row.number for row in table.rows()] == [4]


def test_a_row_is_never_taken_for_a_title():
    with pytest.raises(BadInputError, match="no column could be the name"):
        read("csv", as_csv([("Bezeichner", "Land"), ("A", "DE"), ("Company", "DE")]))


def test_a_table_of_one_column_has_lines_for_cells():
    assert names(read("csv", b"Name\nAcme, Inc.\n'Beta' Ltd\n")) == ["Acme, Inc.", "'Beta' Ltd"]


def test_columns_are_told_apart_though_their_names_are_alike_or_missing():
    table = open_table("csv", b"Name,,Name\nA,B,C\n", HowToRead())
    assert table.columns == ("Name", "column B", "Name (2)")
    assert sample(table, 3) == (("A", "B", "C"),)


def test_how_a_table_was_read_is_told():
    table = open_table("csv", b"Firma;Land;Farbe\nA;DE;rot\n", HowToRead())
    assert read_as(table, map_columns(table.columns)) == (
        "CSV, UTF-8, separated by semicolons",
        "name (guessed): Firma",
        "country (guessed): Land",
        "not read: Farbe",
    )


def workbook_with(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title, first.sheet_state = "Hidden", "hidden"
    shown = book.create_sheet("Parties")
    for row in rows:
        shown.append(row)
    book.create_sheet("Other").append(("Company", "X"))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_formula_is_not_worked_out():
    rows = read(
        "xlsx", workbook_with(("Company", "Note"), ("=A1&B1", 1), ("#N/A", 2), ("A", "=B2"))
    )
    assert names(rows) == ["A"]
    assert faults(rows) == [
        (2, "Company: has a formula, which is not calculated; replace it with its value"),
        (3, "Company: has an error: #N/A"),
        (5, "the sheet 'Other' was not read (1 row): screen it by itself"),
    ]


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
@pytest.mark.parametrize("blank", [0, 60])
@pytest.mark.parametrize("sheet", [None, "Kunden"])
def test_a_sheet_that_is_not_read_is_a_row_that_could_not_be(
    state: str, blank: int, sheet: str | None
):
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Kunden"
    first.append(["Company"])
    first.append(["A"])
    other, _ = book.create_sheet("Lieferanten"), book.create_sheet("Leer")
    other.sheet_state = state
    for place in range(2):
        other.cell(row=blank + place + 1, column=3, value="Rosoboronexport")
    stream = io.BytesIO()
    book.save(stream)
    rows = read("xlsx", stream.getvalue(), how=HowToRead(sheet=sheet))
    assert names(rows) == ["A"]
    told = "the sheet 'Lieferanten' was not read (2 rows): screen it by itself"
    assert faults(rows) == [(3, told)]


@pytest.mark.parametrize(
    "below",
    [
        pytest.param("B;DE;x\n", id="a cell too many"),
        pytest.param("end of the report\n", id="a line after the table"),
        pytest.param('"B;DE', id="a quote left open"),
    ],
)
def test_no_line_of_a_csv_is_left_in_silence(below: str):
    try:
        rows = read("csv", f"Company;Land\nA;DE\n{below}".encode())
    except BadInputError:
        return
    assert names(rows) == ["A"]
    assert [number for number, _ in faults(rows)] == [3]


def test_a_second_header_row_is_read_as_a_row():
    rows = read("csv", b"Company;Land\nA;DE\nCompany;Land\nB;DE\n")
    assert names(rows) == ["A", "Company", "B"]


def test_a_text_that_begins_like_a_formula_is_a_name():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Company"])
    sheet.append(["+Pluspunkt GmbH"])
    stream = io.BytesIO()
    book.save(stream)
    assert names(read("xlsx", stream.getvalue())) == ["+Pluspunkt GmbH"]


def test_the_first_sheet_that_shows_is_read_or_the_one_named():
    content = workbook_with(("Company",), ("A",))
    assert names(read("xlsx", content)) == ["A"]
    assert names(read("xlsx", content, how=HowToRead(sheet="Other"))) == []
    with pytest.raises(
        BadInputError, match="no sheet is called 'B'; there are 'Hidden', 'Parties'"
    ):
        read("xlsx", content, how=HowToRead(sheet="B"))


def test_numbers_in_cells_are_their_digits():
    (row,) = read("xlsx", as_xlsx([("Name", "ID"), (4711, 12345.0)]))
    assert (row.counterparty.name, row.counterparty.id) == ("4711", "12345")  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        pytest.param("csv", b"", "is empty", id="empty"),
        pytest.param("csv", b" \n \n", "is empty", id="blank"),
        pytest.param(
            "csv", as_xlsx([("Name",)]), "is a workbook or a zip file, not csv", id="zip"
        ),
        pytest.param("xlsx", b"Name\nA\n", "is not readable as a workbook", id="text"),
        pytest.param(
            "xlsx", b"PK\x03\x04" + b"x" * 99, "is not readable as a workbook", id="torn"
        ),
        pytest.param("xlsx", b"\xd0\xcf\x11\xe0" + b"x" * 99, "save it as .xlsx", id="old Excel"),
        pytest.param(
            "csv", b'Name,x\nA,"1\nB,2\n', "begins in line 2 and does not end", id="quote"
        ),
        pytest.param(
            "csv",
            b"Name" + b"," * 200_001 + b"\nA\n",
            "header row cannot be read",
            id="endless header",
        ),
        pytest.param("jsonl", b"nonsense\n", "has no line that is a JSON object", id="no object"),
    ],
)
def test_what_is_no_table_is_refused(kind: TableKind, content: bytes, reason: str):
    with pytest.raises(BadInputError, match=reason):
        read(kind, content)


def test_a_delimiter_can_be_said():
    assert names(read("csv", b"Name:Country\nA:DE\n", how=HowToRead(delimiter=":"))) == ["A"]
    assert names(read("csv", b"Name\tCountry\nA\tDE\n", how=HowToRead(delimiter="tab"))) == ["A"]
    with pytest.raises(BadInputError, match="'::' is not one of"):
        read("csv", b"Name::Country\n", how=HowToRead(delimiter="::"))


@pytest.mark.parametrize(
    ("kind", "content", "how", "reason"),
    [
        pytest.param(
            "csv", b"Name\nA\n", HowToRead(sheet="B"), "sheet: applies only to xlsx", id="sheet"
        ),
        pytest.param(
            "xlsx",
            as_xlsx([("Name",)]),
            HowToRead(encoding="utf-8"),
            "encoding: applies only to csv or jsonl, and this file is xlsx",
            id="encoding",
        ),
        pytest.param(
            "jsonl",
            b"{}",
            HowToRead(delimiter=";"),
            "delimiter: applies only to csv",
            id="delimiter",
        ),
    ],
)
def test_what_is_said_of_another_kind_of_file_is_refused(
    kind: TableKind, content: bytes, how: HowToRead, reason: str
):
    with pytest.raises(BadInputError, match=reason):
        read(kind, content, how=how)


def test_results_are_of_three_kinds():
    assert [result_kind_of(f"a.{end}") for end in ("xlsx", "CSV", "jsonl")] == [
        "xlsx",
        "csv",
        "jsonl",
    ]
    with pytest.raises(BadInputError, match=r"ends in none of \.xlsx, \.csv, \.jsonl"):
        result_kind_of("a.txt")


def test_a_quote_that_another_delimiter_would_not_end_is_no_fault():
    content = b'ID;Name\n1;"a;b"\n2;"x, ""y"""\n3;"z ,"\n'
    assert names(read("csv", content)) == ["a;b", 'x, "y"', "z ,"]
