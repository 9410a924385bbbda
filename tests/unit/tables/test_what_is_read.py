"""What is read of a table and what is left: columns, parties, sheets, rows, and lines."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from abeyance_screening.engine.tables import (
    HowToRead,
    ReadRow,
    TableKind,
    UnreadableRow,
    map_table,
    open_table,
    read_said,
)
from abeyance_screening.engine.tables.counterparties import counterparties, read_whole
from abeyance_screening.engine.tables.read_report import TableReader, TableReading, names_left
from abeyance_screening.engine.tables.stream import StreamKind, streamed_counterparties
from abeyance_screening.engine.tables.values import ColumnLook
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.tables.tables import as_csv, as_xlsx, faults, names, read

EXPORTS = Path(__file__).parents[2] / "fixtures" / "tables"
QUIXOTIC, NORDLICHT = "Quixotic Zeppelin Works", "Nordlicht Pumpen GmbH"
type Parties = list[tuple[int, str]]


def as_workbook(text: bytes) -> bytes:
    """The same table as a workbook, with its cells as texts."""
    first = text.split(b"\n", 1)[0].decode()
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return as_xlsx(list(csv.reader(io.StringIO(text.decode(), newline=""), delimiter=delimiter)))


def parties_in(kind: TableKind, content: bytes) -> Parties:
    return [
        (row.number, row.counterparty.name)
        for row in read(kind, content)
        if isinstance(row, ReadRow)
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "sap_deliveries",
            [
                (2, f"{QUIXOTIC} GmbH"),
                (2, "Rosoboronexport OAO"),
                (3, f"{QUIXOTIC} GmbH"),
                (3, NORDLICHT),
            ],
            id="SAP, deliveries",
        ),
        pytest.param(
            "sap_customers",
            [(2, f"{QUIXOTIC} GmbH"), (3, "Muster Handels GmbH Rosoboronexport OAO")],
            id="SAP, customers",
        ),
        pytest.param(
            "business_central_orders",
            [
                (2, QUIXOTIC),
                (2, "Rosoboronexport"),
                (3, "Nordlicht Pumpen und Armaturen GmbH"),
                (3, "Nordlicht Pumpen"),
                (3, "Hafen Finanz GmbH"),
            ],
            id="Business Central, orders",
        ),
        pytest.param(
            "finance_orders",
            [(2, QUIXOTIC), (2, "Rosoboronexport"), (3, NORDLICHT)],
            id="Dynamics 365 Finance, orders",
        ),
        pytest.param(
            "datev_debitoren",
            [(3, f"{QUIXOTIC} GmbH"), (4, "Iwan Petrow"), (5, "Rosoboronexport OAO")],
            id="DATEV, Debitoren",
        ),
        pytest.param(
            "oracle_shipments",
            [
                (2, QUIXOTIC),
                (2, NORDLICHT),
                (2, "Rosoboronexport"),
                (2, "Fast Freight Ltd"),
                (3, QUIXOTIC),
                (3, "Fast Freight Ltd"),
            ],
            id="Oracle, shipments",
        ),
    ],
)
def test_every_party_of_an_export_is_read(kind: TableKind, name: str, expected: Parties):
    content = (EXPORTS / f"{name}.csv").read_bytes()
    found = parties_in(kind, content if kind == "csv" else as_workbook(content))
    assert sorted(found) == sorted(expected)


def test_parts_of_a_name_that_may_be_names_are_asked_for_by_themselves():
    content = (EXPORTS / "sap_customers.csv").read_bytes()
    _, second = read("csv", content)
    assert isinstance(second, ReadRow)
    assert second.counterparty.aliases == ("Muster Handels GmbH", "Rosoboronexport OAO")


def test_parties_of_a_row_are_told_apart_and_have_fields_of_their_own():
    rows = read("csv", b"No;Sold-to;Country;Ship-to;Ship-to country\n7;A;DE;B;RU\n8;A;DE;a;RU\n")
    told = [
        (each.number, each.part, each.column, each.counterparty.id, each.counterparty.countries)
        for each in rows
        if isinstance(each, ReadRow)
    ]
    assert told == [
        (2, 0, "Sold-to", "7", ("DE",)),
        (2, 1, "Ship-to", "7", ("RU",)),
        (3, 0, "Sold-to", "8", ("DE",)),
    ]


def test_a_party_without_a_name_is_none_but_a_row_without_any_is_left():
    rows = read("csv", b"Sold-to;Ship-to\n;B\n0000104711;C\n;\nA;=\n-;0815\n")
    assert names(rows) == ["B", "C", "A"]
    (_, second, *_) = rows
    assert isinstance(second, ReadRow)
    # the number of a party that another column names
    assert second.counterparty.id == "0000104711"
    assert faults(rows) == [(6, "Sold-to: has no letter or digit to compare")]


def test_a_row_read_as_one_counterparty_has_the_names_of_all_its_parties():
    table = open_table("csv", b"Sold-to;Ship-to;Consignee\nA;B;C\n", HowToRead())
    (row,) = table.rows()
    whole = read_whole(row, map_table(table))
    assert isinstance(whole, ReadRow)
    assert (whole.counterparty.name, whole.counterparty.aliases) == ("A", ("B", "C"))


SWALLOWED = [
    pytest.param(
        'Name;Country\n"Alpha;DE\nRosoboronexport;RU\nHuawei;CN\nBeta";FR\n',
        (2, 5),
        id="a quote that a later row closes",
    ),
    pytest.param(
        'Nr;Name;Country\n1;"Alpha;DE\n2;Rosoboronexport";RU\n', (2, 3), id="in the next row"
    ),
    pytest.param(
        'Nr\tName\tNote\n1\tAlpha\t"19 inch\n2\tRosoboronexport\tRU\n3\tBeta\t24 inch"\n',
        (2, 4),
        id="an inch sign",
    ),
    pytest.param('Name,Country\n"Alpha,DE\nRosoboronexport,RU\nBeta",FR\n', (2, 4), id="commas"),
]


@pytest.mark.parametrize("streamed", [False, True], ids=["in memory", "streamed"])
@pytest.mark.parametrize(("text", "lines"), SWALLOWED)
def test_a_quote_left_open_never_swallows_rows_in_silence(
    text: str, lines: tuple[int, int], streamed: bool
):
    header = text.splitlines()[0]
    last = header.replace("Name", "Gamma").replace("Country", "NL").replace("Nr", "9")
    content = f"{text}{last}\n".encode()
    rows = (
        list(streamed_counterparties("csv", io.BytesIO(content), HowToRead(), ()))
        if streamed
        else read("csv", content)
    )
    (number, reason), *_ = faults(rows)
    assert number == 2
    assert reason.startswith(f"lines {lines[0]} to {lines[1]} are one row by a quote")
    assert "Gamma" in names(rows)[0]


def test_a_quote_left_open_in_the_header_is_refused():
    with pytest.raises(BadInputError, match="header row cannot be read: lines 1 to 3 are one row"):
        read("csv", b'Name;"Country\nAlpha;DE\nBeta;19"\nGamma;FR\n')


def test_cells_with_line_ends_are_read_and_counted():
    text = 'Name;Address;Country\n"Acme\nWorks";"Kai 1\nKiel, Germany";DE\nBeta;"a\n\nb";FR\n'
    reading = reading_of("csv", text.encode())
    assert (reading.rows, reading.rows_left, reading.lines) == (2, 0, 6)
    assert (reading.cells_with_line_ends, reading.rows_with_line_ends) == (3, (2, 3))
    assert reading.in_words[-2:] == ("2 rows in 6 lines", "3 cells with line ends, in rows 2, 3")
    first, _ = read("csv", text.encode())
    assert isinstance(first, ReadRow)
    # each line may be a name
    assert first.counterparty.name == "Acme\nWorks"
    assert first.counterparty.addresses == ("Kai 1 Kiel, Germany",)


def reading_of(kind: TableKind, content: bytes, *said: str) -> TableReading:
    table = open_table(kind, content, HowToRead())
    reader = TableReader(table, map_table(table, tuple(map(read_said, said))))
    assert list(reader.parties(table.rows()))
    return reader.reading


_CELL = st.text(st.sampled_from([*'ab;,"\n\r x1']), max_size=8)
_ROWS = st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=8)


@settings(max_examples=150)
@given(_ROWS, st.sampled_from([";", ",", "\t"]), st.booleans())
def test_rows_read_and_rows_left_are_all_rows_and_all_lines_are_told(
    rows: list[tuple[str, str, str]], delimiter: str, is_streamed: bool
):
    content = as_csv([("Name", "City", "Country"), *rows, ("Omega", "x", "y")], delimiter)
    if is_streamed:
        table = streamed_counterparties("csv", io.BytesIO(content), HowToRead(), ())
        found = list(table)
        reading = table.reading
    else:
        found, reading = read("csv", content), reading_of("csv", content)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert reading.rows == len(filled) + 1
    assert len({row.number for row in found}) == reading.rows
    left = {row.number for row in found if isinstance(row, UnreadableRow)}
    assert reading.rows_left == len(left)
    blank = [row for row in rows if row not in filled]
    all_lines = len(io.StringIO(content.decode(), newline="").readlines())
    of_blank = sum(
        len(io.StringIO(as_csv([row], delimiter).decode(), newline="").readlines())
        for row in blank
    )
    assert reading.lines == all_lines - 1 - of_blank


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Customer;Rosoboronexport OAO;RU\nSupplier;Quixotic Zeppelin Works GmbH;DE\n",
            [(1, "Rosoboronexport OAO"), (2, "Quixotic Zeppelin Works GmbH")],
            id="the kind of party first",
        ),
        pytest.param(
            "Customer Solutions GmbH;DE\nRosoboronexport OAO;RU\n",
            [(1, "Customer Solutions GmbH"), (2, "Rosoboronexport OAO")],
            id="a word for a header in a name",
        ),
        pytest.param(
            "Customer;Ivan Petrov;x\nCustomer;Anna Schmidt;y\nCustomer;Li Wei;z\n",
            [(1, "Ivan Petrov"), (2, "Anna Schmidt"), (3, "Li Wei")],
            id="a word that comes again",
        ),
        pytest.param(
            "Customer Care Ltd\nRosoboronexport OAO\n",
            [(1, "Customer Care Ltd"), (2, "Rosoboronexport OAO")],
            id="one column",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_without_a_header_row_loses_no_row(kind: TableKind, text: str, expected: Parties):
    content = text.encode() if kind == "csv" else as_workbook(text.encode())
    table = open_table(kind, content, HowToRead())
    mapped = map_table(table)
    reader = TableReader(table, mapped)
    found = [
        (row.number, row.counterparty.name)
        for row in reader.parties(table.rows())
        if isinstance(row, ReadRow)
    ]
    assert found == expected
    assert "no header row: the first row is read like the others" in reader.reading.in_words
    if kind == "csv":
        streamed = streamed_counterparties("csv", io.BytesIO(content), HowToRead(), ())
        assert [
            (row.number, row.counterparty.name) for row in streamed if isinstance(row, ReadRow)
        ] == expected


def test_the_columns_of_a_table_without_a_header_row_can_be_said_by_their_letters():
    text = b"Alpha;Beta\nGamma;Delta\n"
    how = HowToRead(columns=frozenset({"column A", "column B"}))
    table = open_table("csv", text, how)
    said = tuple(map(read_said, ["name=column A", "party=column B"]))
    found = [each for row in table.rows() for each in [row.number]]
    assert (table.header_row, found) == (0, [1, 2])
    assert map_table(table, said).party == ("column B",)


def test_no_plain_names_and_no_header_row_is_asked_about():
    table = open_table("csv", b"alpha;RU\nbeta;DE\ngamma;FR\n", HowToRead())
    reason = r"no header row, and no column is plainly one of names; .* --map name=\"column A\""
    with pytest.raises(BadInputError, match=reason):
        map_table(table)


def test_a_header_row_that_comes_again_on_each_page_is_still_one():
    table = open_table("csv", b"Customer;Country\nA;DE\nCustomer;Country\nB;FR\n", HowToRead())
    assert (table.header_row, table.columns) == (1, ("Customer", "Country"))


LEFT = "Kunde;Verbleib;Bemerkung\nA;Rosoboronexport OAO;gut\nB;Nordlicht GmbH;ok\nC;;ok\n"


@pytest.mark.parametrize("kind", ["csv", "ndjson", "xlsx"])
def test_a_column_left_out_that_holds_names_makes_its_rows_doubtful(kind: StreamKind):
    lines = list(csv.reader(io.StringIO(LEFT), delimiter=";"))
    content = {
        "csv": LEFT.encode(),
        "xlsx": as_xlsx(lines),
        "ndjson": b'{"Kunde": "A", "Verbleib": "Rosoboronexport OAO"}\n',
    }[kind]
    table = streamed_counterparties(kind, io.BytesIO(content), HowToRead(), ())
    for row in table:
        assert isinstance(row, ReadRow)
        (warning,) = row.warnings
        assert (warning.field, warning.may_hide) == ("Verbleib", True)
    assert "not read, though it looks like names: Verbleib" in table.reading.in_words
    said = (read_said("unused=Verbleib"),)
    assert all(
        isinstance(row, ReadRow) and row.warnings == ()
        for row in streamed_counterparties(kind, io.BytesIO(content), HowToRead(), said)
    )


def test_a_column_that_is_filled_only_later_is_looked_at_too():
    rows = [("A", "")] * 500 + [("B", "Rosoboronexport OAO"), ("C", "")]
    content = as_csv([("Kunde", "Verbleib"), *rows])
    table = streamed_counterparties("csv", io.BytesIO(content), HowToRead(), ())
    warned = [row.number for row in table if isinstance(row, ReadRow) and row.warnings]
    assert warned == [502, 503]
    assert "not read, though it looks like names: Verbleib" in table.reading.in_words


def test_with_names_such_a_column_is_read_as_another_party():
    table = open_table("csv", LEFT.encode(), HowToRead())
    mapped = map_table(table, with_names=True)
    assert (mapped.name, mapped.party, mapped.unread) == ("Kunde", ("Verbleib",), ("Bemerkung",))
    assert "party" in mapped.guessed
    assert map_table(table, (read_said("party="),), with_names=True).party == ()


@pytest.mark.parametrize(
    ("cells", "holds_names"),
    [
        pytest.param(["Rosoboronexport OAO"], True, id="one company"),
        pytest.param(["Ivan Petrov", "Anna von Schmidt", "LI WEI"], True, id="persons"),
        pytest.param(["华为技术有限公司", "中国银行"], True, id="Chinese companies"),
        pytest.param(
            ["\u041e\u041e\u041e Ромашка", "\u0410\u041e Завод"], True, id="Russian companies"
        ),
        pytest.param(["Kiel", "Hamburg", "Moskau"], False, id="towns"),
        pytest.param(["Jan Reuter", *["Jan Reuter", "Eva Lund"] * 9], False, id="staff"),
        pytest.param(
            ["General Cargo", "Container Ship", "Bulk Carrier", *["General Cargo"] * 9],
            False,
            id="kinds of ship",
        ),
        pytest.param(["30 days net", "14 days 2 %", "prepaid"], False, id="terms"),
        pytest.param(["EXW", "DAP", "FCA"], False, id="terms of delivery"),
        pytest.param(["4711", "4712-A", "AB 12"], False, id="numbers"),
        pytest.param(["pays late", "asked Meyer GmbH", *["ok"] * 8], False, id="notes"),
        pytest.param(["Kai 1, Kiel", "Am Markt 3, Ulm", "Hof 9"], False, id="streets"),
    ],
)
def test_a_column_holds_names_by_what_its_cells_look_like(cells: list[str], holds_names: bool):
    look = ColumnLook()
    for cell in cells:
        look.see(cell)
    assert look.holds_names is holds_names


def test_sheets_that_are_not_read_are_told():
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Kunden"
    first.append(("Kunde", "Land"))
    first.append(("A", "DE"))
    book.create_sheet("Lieferanten").append(("Rosoboronexport",))
    book.create_sheet("Leer")
    stream = io.BytesIO()
    book.save(stream)
    reading = reading_of("xlsx", stream.getvalue())
    assert reading.sheets_left == ("Lieferanten",)
    assert "sheets not read: 'Lieferanten'" in reading.in_words


def test_what_was_read_and_left_is_told_by_column_and_row():
    reading = reading_of("csv", b"Sold-to;Ship-to;Land;Farbe\nA;B;DE;rot\n;;FR;blau\n")
    assert [(each.column, each.field, each.party, each.guessed) for each in reading.columns] == [
        ("Sold-to", "name", None, True),
        ("Ship-to", "party", "Ship-to", True),
        ("Land", "country", None, True),
        ("Farbe", None, None, False),
    ]
    assert reading.in_words == (
        "CSV, UTF-8, separated by semicolons",
        "name (guessed): Sold-to",
        "another party (guessed): Ship-to",
        "country (guessed): Land",
        "not read: Farbe",
        "left out: row 3: Sold-to: is empty",
    )


# --- Tables as three systems export them.

_SAP = (
    "Lieferant;Name;Name 2;Suchbegriff;Bankinhaber;abweichender Zahlungsempf\u00e4nger;Umsatz\r\n"
    '4711;Muster Garten;"bau\nGmbH";MUST;Rosoboronexport OAO;Bank Melli Iran;1.234,56\r\n'
)
_ORACLE = (
    "VENDOR_NAME|VENDOR_NAME_ALT|VENDOR_SITE_CODE|VENDOR_NUMBER|COUNTRY|REMIT_TO_SUPPLIER_NAME\n"
    "Muster GmbH|Gartenbau Muster|ULM|4711|DE|Bank Melli Iran\n"
)
_DYNAMICS = (
    '"Customer account","Name","Search name","Delivery name","Attention","Currency"\r\n'
    '"US-001","Contoso Retail","CONTOSO","Rosoboronexport\r\nMoscow","Ramzan Kadyrov","USD"\r\n'
)


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        pytest.param(_SAP.encode("cp1252"), ["Rosoboronexport OAO", "Bank Melli Iran"], id="SAP"),
        pytest.param(
            _SAP.encode("utf-16"), ["Rosoboronexport OAO", "Bank Melli Iran"], id="UTF-16"
        ),
        pytest.param(
            b"\xef\xbb\xbf" + _ORACLE.encode(),
            ["Gartenbau Muster", "Bank Melli Iran"],
            id="Oracle",
        ),
        pytest.param(
            _DYNAMICS.encode(),
            ["CONTOSO", "Rosoboronexport\nMoscow", "Ramzan Kadyrov"],
            id="Dynamics",
        ),
    ],
)
def test_every_name_of_an_export_is_read(content: bytes, printed: list[str]):
    table = open_table("csv", content, HowToRead())
    mapped = map_table(table)
    assert names_left(table, mapped) == ()
    parties = [
        row.counterparty for row in counterparties(table, mapped) if isinstance(row, ReadRow)
    ]
    read = {name for party in parties for name in (party.name, *party.aliases)}
    assert {*printed} <= read, read


@pytest.mark.parametrize(
    ("header", "asks"),
    [("Vendor remark", True), ("Ship-to remark 2", True), ("Remark", False), ("Colour", False)],
)
def test_one_name_is_enough_in_a_column_whose_header_has_a_role(header: str, asks: bool):
    rows = f"Company;{header}\nMuster GmbH;Bank Melli Iran\nAhorn KG;\n"
    table = open_table("csv", rows.encode(), HowToRead())
    assert bool(names_left(table, map_table(table))) is asks


def test_a_column_of_a_few_kinds_is_not_asked_about_for_its_first_rows():
    kinds = ["General Cargo", "Container Ship", "Bulk Carrier", *["General Cargo"] * 9]
    rows = [("Company", "Kind"), *(("Muster GmbH", kind) for kind in kinds)]
    table = open_table("csv", as_csv(rows), HowToRead())
    assert names_left(table, map_table(table)) == ()
