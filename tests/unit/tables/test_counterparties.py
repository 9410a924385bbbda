"""From rows to counterparties, whatever the file."""

from decimal import Decimal

import pytest

from abeyance_screening.engine.screening.question import Owner, PartyIdentifier
from abeyance_screening.engine.tables import ReadRow, TableKind, UnreadableRow
from tests.unit.tables.tables import as_csv, as_jsonl, as_xlsx, faults, names, read

RECORDS = [
    ("ID", "Company name", "Aliases", "Country", "Type of entity", "VAT number", "Street", "City"),
    (
        "C-1",
        "Nordlicht Pumpen GmbH",
        "Nordlicht; NLP",
        "Deutschland",
        "Company",
        "DE1",
        "Kai 1",
        "Kiel",
    ),
    ("C-2", "海康威视", "", "CHN", "公司", "", "", ""),
    ("C-3", "Acme", "", "Congo, Democratic Republic of the", "", "", "", ""),
    ("C-4", "Beta", "", "DE, fr", "", "", "", ""),
]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param("csv", as_csv(RECORDS), id="commas"),
        pytest.param("csv", as_csv(RECORDS, ";", "utf-8-sig"), id="semicolons"),
        pytest.param("csv", as_csv(RECORDS, "\t", "utf-16"), id="tabs"),
        pytest.param("csv", as_csv(RECORDS, "|"), id="bars"),
        pytest.param("csv", b"sep=;\r\n" + as_csv(RECORDS, ";"), id="said as Excel does"),
        pytest.param("xlsx", as_xlsx(RECORDS), id="workbook"),
        pytest.param("jsonl", as_jsonl(RECORDS), id="JSON lines"),
    ],
)
def test_the_same_table_is_read_the_same_from_every_file(kind: TableKind, content: bytes):
    rows = read(kind, content)
    assert all(isinstance(row, ReadRow) and row.warnings == () for row in rows)
    first, *_ = parties = [row.counterparty for row in rows if isinstance(row, ReadRow)]
    assert first.id == "C-1"
    assert first.aliases == ("Nordlicht", "NLP")
    assert first.entity_type == "organisation"
    assert first.addresses == ("Kai 1, Kiel",)
    assert first.identifiers == (PartyIdentifier(value="DE1", kind="VAT number"),)
    assert [party.countries for party in parties] == [("DE",), ("CN",), ("CD",), ("DE", "FR")]


def test_rows_that_cannot_be_read_are_told_with_their_number():
    content = as_csv(
        [("Name", "Country"), ("A", "DE"), ("", "DE"), ("", ""), ("...", "DE"), ("x" * 501, "DE")]
    )
    rows = read("csv", content + b"B\nC,DE,FR\n")
    assert names(rows) == ["A"]
    assert faults(rows) == [
        (3, "Name: is empty"),
        (5, "Name: has no letter or digit to compare"),
        (6, "Name: is 501 characters long, the most is 500"),
        (7, "has 1 cells, but the header row has 2"),
        (8, "has 3 cells, but the header row has 2"),
    ]


def test_a_broken_quote_loses_its_row_and_no_other():
    rows = read("csv", b'Name,x\n"Acme" Ltd,1\nB,2\n')
    assert names(rows) == ["B"]
    assert faults(rows)[0][0] == 2


def test_a_country_or_type_that_is_none_is_left_out_and_told():
    (row,) = read("csv", as_csv([("Name", "Country", "Entity type"), ("A", "Narnia", "Customer")]))
    assert isinstance(row, ReadRow)
    assert row.counterparty.countries == ()
    assert [(each.field, each.reason) for each in row.warnings] == [
        ("Entity type", "'Customer' is no type we know; left out"),
        ("Country", "'Narnia' is no country we know; left out"),
    ]


def test_owners_stand_beside_each_other_or_in_one_cell():
    beside = as_csv(
        [("Name", "Owner 1", "Share 1", "Owner 2", "Share 2"), ("A", "X", "25 %", "Y", "")]
    )
    within = as_csv([("Name", "Owners"), ("A", "X (25%); Y, 10,5 %; Z")])
    listed = as_csv([("Name", "Owners", "%"), ("A", "X; Y", "25; 30")])
    shown = [read("csv", each)[0] for each in (beside, within, listed)]
    assert [row.counterparty.owners for row in shown if isinstance(row, ReadRow)] == [
        (Owner(name="X", share=Decimal(25)), Owner(name="Y")),
        (
            Owner(name="X", share=Decimal(25)),
            Owner(name="Y", share=Decimal("10.5")),
            Owner(name="Z"),
        ),
        (Owner(name="X", share=Decimal(25)), Owner(name="Y", share=Decimal(30))),
    ]


@pytest.mark.parametrize(
    ("share", "reason"),
    [
        pytest.param("most", "'most' is no percentage", id="words"),
        pytest.param("101", "'101' is no percentage from 0 to 100", id="too much"),
        pytest.param("25; 30", "has 2 shares for 1 owners", id="too many"),
        pytest.param("NaN", "'NaN' is no percentage from 0 to 100", id="no number"),
        pytest.param("0." + "1" * 13, "has more than 12 decimals", id="too fine"),
    ],
)
def test_a_share_that_cannot_be_read_makes_the_row_unreadable(share: str, reason: str):
    rows = read("csv", as_csv([("Name", "Owner", "Share"), ("A", "X", share)]))
    assert faults(rows) == [(2, f"Share: {reason}")]


def test_shares_of_more_than_everything_are_refused():
    rows = read("csv", as_csv([("Name", "Owners"), ("A", "X 60%; Y 60%")]))
    assert faults(rows) == [(2, "Owners: the shares add up to 120 percent")]


def test_a_number_of_no_kind_may_name_it_before_a_colon():
    (row,) = read("csv", as_csv([("Name", "Identifiers"), ("A", "INN: 7736640919; 5")]))
    assert isinstance(row, ReadRow)
    assert row.counterparty.identifiers == (
        PartyIdentifier(value="7736640919", kind="INN"),
        PartyIdentifier(value="5"),
    )


def test_json_may_hold_what_the_service_takes():
    line = b"""{"name": "A", "aliases": ["B"], "countries": ["DE", "France"],
        "identifiers": [{"value": "1", "kind": "INN"}],
        "owners": [{"name": "R", "share": 25.5, "owners": [{"name": "Z", "share": "60"}]}]}"""
    (row,) = read("jsonl", line.replace(b"\n", b" "))
    assert isinstance(row, ReadRow)
    party = row.counterparty
    assert (party.aliases, party.countries) == (("B",), ("DE", "FR"))
    assert party.identifiers == (PartyIdentifier(value="1", kind="INN"),)
    assert party.owners[0].share == Decimal("25.5")
    assert party.owners[0].owners[0].share == Decimal(60)


def test_what_is_empty_or_unknown_of_a_number_is_left_out():
    line = b"""{"name": "A", "identifiers":
        [{"value": "1", "kind": "", "note": "of 2019"}, {"value": "", "kind": "LEI"}]}"""
    (row,) = read("jsonl", line.replace(b"\n", b" "))
    assert isinstance(row, ReadRow)
    assert row.counterparty.identifiers == (PartyIdentifier(value="1"),)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(b"nonsense", "is not readable as JSON", id="no JSON"),
        pytest.param(b"[1]", "is no JSON object", id="no object"),
        pytest.param(b'{"name": "B", "name": "C"}', "field 'name' is used twice", id="twice"),
        pytest.param(b'{"name": NaN}', "NaN is no number", id="no number"),
        pytest.param(b"[" * 100_000, "is nested too deeply", id="too deep"),
        pytest.param(
            b'{"name": "B", "owners": [{"name": "R", "percent": 1}]}',
            "the field `percent` is unknown",
            id="unknown field of an owner",
        ),
        pytest.param(
            b'{"name": "B", "owners": [{"name": ""}]}', "is empty", id="an owner of no name"
        ),
        pytest.param(
            b'{"name": "B", "identifiers": [{"value": "1", "country": "China"}]}',
            "$[0].country",
            id="a number of no country",
        ),
        pytest.param(b'{"name": {"de": "B"}}', "a list or an object", id="an object for a name"),
    ],
)
def test_a_line_that_is_no_row_is_told(line: bytes, reason: str):
    rows = read("jsonl", b'{"name": "A", "owners": []}\n' + line + b"\n")
    assert names(rows) == ["A"]
    assert faults(rows)[0][0] == 2
    assert reason in faults(rows)[0][1]


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e-999999999"])
def test_a_number_that_would_fill_the_memory_is_none(number: str):
    (row,) = read("jsonl", f'{{"name": "Borogove Mills", "id": {number}}}'.encode())
    assert isinstance(row, UnreadableRow)
    assert row.reason == "id: has a number of more than 200 digits"


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("1952-10-07", "1952-10-07"),
        ("1952-10-07 00:00:00", "1952-10-07"),
        ("7.10.1952", "1952-10-07"),
        ("1952-10", "1952-10"),
        ("1952", "1952"),
        ("07/10/1952", "1952"),
        ("1952-13-07", None),
        ("unknown", None),
    ],
)
def test_a_date_of_birth_is_read_or_left_out_with_a_warning(printed: str, read_as: str | None):
    (row,) = read("csv", as_csv([("Name", "Date of birth"), ("Ivan Petrov", printed)]))
    assert isinstance(row, ReadRow)
    assert row.counterparty.birth_date == read_as
    assert [warning.field for warning in row.warnings] == ["Date of birth"] * (read_as is None)
