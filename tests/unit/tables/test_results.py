"""Results as rows and as files."""

import csv
import io
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from abeyance_screening.engine.screening.answer import InputWarning, OwnerResult, OwnershipResult
from abeyance_screening.engine.screening.ownership_findings import Holding, PartyNamed
from abeyance_screening.engine.screening.question import Counterparty, Owner, PartyIdentifier
from abeyance_screening.engine.tables import (
    COLUMNS,
    Counts,
    EvidenceRow,
    ReadRow,
    TableKind,
    UnreadableRow,
    evidence_of,
    result_writer,
    summary_of,
    unreadable,
)
from abeyance_screening.engine.tables.write import WorkbookWriter
from tests.unit.tables.results import answer_of, hit_of, result_of

NAME = "Hikvision"
READ = ReadRow(
    number=5,
    counterparty=Counterparty(
        name=NAME,
        id="C-1",
        aliases=("HIK",),
        countries=("CN",),
        identifiers=(PartyIdentifier(value="1", kind="LEI"),),
        owners=(Owner(name="CETC", share=Decimal(40)),),
    ),
    warnings=(InputWarning(field="Type", reason="'X' is no type we know; left out"),),
)


def rows_of(*, found: bool) -> list[EvidenceRow]:
    result = result_of(NAME, hit_of(NAME)) if found else result_of(NAME)
    return list(evidence_of(READ, result, answer_of(result)))


def written(kind: TableKind, *rows: EvidenceRow) -> bytes:
    stream = io.BytesIO()
    writer = result_writer(kind, stream)
    writer.add(rows)
    result = result_of(NAME)
    counts = Counts().with_result(result).with_unreadable()
    writer.finish(summary_of("parties.csv", ("CSV, UTF-8",), answer_of(result), counts))
    return stream.getvalue()


def test_a_hit_has_a_row_for_each_measure_with_all_that_an_auditor_asks():
    entity_list, affiliates = rows_of(found=True)
    assert entity_list.row == 5
    assert entity_list.counterparty_id == "C-1"
    assert entity_list.kind == "hit"
    assert entity_list.asked == (
        "aliases: HIK | countries: CN | numbers: LEI 1 | owners: CETC 40 %"
    )
    assert entity_list.coverage == ("incomplete: 1 of 1 required list is too old (Entity List).")
    assert (entity_list.list, entity_list.list_title) == ("us_bis_el", "Entity List")
    assert (entity_list.edition, entity_list.edition_day) == (7, date(2026, 7, 31))
    assert entity_list.why == "listed name “Hikvision”, word for word; country agrees"
    assert entity_list.measure_id == "us-bis-entity-list"
    assert affiliates.status == "in_force_by_lapse"
    assert affiliates.badge == "In force since 10 Nov 2026 — unconfirmed"
    assert affiliates.confirmed is False
    assert affiliates.since == date(2026, 11, 10)
    assert "An extension to 10 Jan 2027: announced on 23 Sep 2026" in (affiliates.notes or "")
    assert "90 FR 50857" in (affiliates.citations or "")
    assert (affiliates.citations or "").endswith("84 FR 54002")
    assert "https://example.org/el" in (affiliates.links or "")
    assert affiliates.warnings == "Type: 'X' is no type we know; left out"
    assert str(affiliates.screening_id) == "01934f5e-0000-7000-8000-000000000001"
    assert affiliates.scorer == "3"


def test_nothing_found_has_one_row_that_says_how_much_that_is_worth():
    (row,) = rows_of(found=False)
    assert (row.kind, row.outcome) == ("none", "incomplete")
    assert (row.coverage or "").startswith("incomplete: ")
    assert row.list is None


def test_an_owners_hit_names_the_owner():
    hit = hit_of("CETC")
    owner = OwnerResult(
        id=None,
        name="CETC",
        outcome="hits",
        total=1,
        hits=(hit,),
        delisted=(),
        holdings=(
            Holding(
                at="owners[0]",
                owned=PartyNamed(id="C-1", name=NAME),
                share=Decimal(40),
                control=None,
            ),
        ),
    )
    result = msgspec.structs.replace(
        result_of(NAME),
        outcome="owner_hits",
        ownership=OwnershipResult(owners=(owner,), findings=(), not_known=()),
    )
    rows = list(evidence_of(READ, result, answer_of(result)))
    assert {row.kind for row in rows} == {"owner"}
    assert {row.owner for row in rows} == {"CETC (40 % of Hikvision)"}


def test_a_party_that_left_is_history():
    hit = hit_of(NAME)
    gone = msgspec.structs.replace(
        hit,
        measures=(),
        standing=msgspec.structs.replace(hit.standing, state="left", left_on=date(2025, 1, 2)),
    )
    result = msgspec.structs.replace(result_of(NAME), delisted=(gone,))
    (row,) = evidence_of(READ, result, answer_of(result))
    assert row.kind == "history"
    assert row.notes == "Hikvision, Entity List. No longer listed: taken off on 2 Jan 2025."


def test_an_unreadable_row_keeps_its_number_and_reason():
    row = unreadable(UnreadableRow(number=9, reason="Name: is empty", id="C-9"))
    assert (row.row, row.kind, row.counterparty_id, row.reason) == (
        9,
        "unreadable",
        "C-9",
        "Name: is empty",
    )


def test_a_csv_has_a_header_and_every_row():
    text = written("csv", *rows_of(found=True)).decode("utf-8-sig")
    records = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(records[0]) == COLUMNS
    assert [record["status"] for record in records] == ["in_force", "in_force_by_lapse"]
    assert records[1]["confirmed"] == "no"
    assert records[1]["asked_at"] == "2026-11-24 09:30:00+00:00"


def test_json_lines_hold_the_same_with_their_types():
    rows = rows_of(found=True)
    lines = written("jsonl", *rows).splitlines()
    assert [msgspec.json.decode(line, type=EvidenceRow) for line in lines] == rows


def test_a_workbook_has_its_sheets_in_sight():
    broken = unreadable(UnreadableRow(number=9, reason="Name: is empty"))
    content = written("xlsx", *rows_of(found=True), broken)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == [
        "Summary",
        "To review",
        "Results",
        "Without hits",
        "Unreadable",
        "Lists",
    ]
    results = book["Results"]
    assert results.freeze_panes == "D2"
    assert results.max_row == 3
    assert [cell.value for cell in results[1]][:3] == ["Row", "Counterparty id", "Counterparty"]
    assert [cell.value for cell in book["Unreadable"][2]] == [9, None, None, "Name: is empty"]
    assert book["Lists"]["A2"].value == "us_bis_el"
    summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows()}
    assert (
        summary["Abeyance"]
        == book.properties.description
        == (
            "This workbook shows what lists and legal acts state. It is not legal advice. "
            "No match does not mean that a transaction is permitted."
        )
    )
    assert summary["Rows"] == 2
    line = "1 of 1 required list is too old (Entity List)."
    assert (summary["Lists"], book["Lists"]["C2"].value) == (line, "required")
    assert summary["Rows that could not be read"] == 1
    assert summary["Rows without hits, coverage incomplete"] == 1
    assert str(summary["Incomplete"]).startswith(
        "No match is not a clear result: 1 of 1 required list is"
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", " =", "\r=", "\uff1d", "\uff20"])
def test_no_name_becomes_a_formula(sign: str):
    evil = f"{sign}HYPERLINK(1)"
    row = EvidenceRow(row=1, counterparty_id=None, counterparty=evil, kind="hit", outcome="hits")
    text = written("csv", row).decode("utf-8-sig")
    (record,) = csv.DictReader(io.StringIO(text, newline=""))
    assert record["counterparty"] == f"'{evil}".replace("\r", record["counterparty"][1])
    content = written("xlsx", row)
    cell = load_workbook(io.BytesIO(content))["Results"]["C2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    with ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet3.xml")
    assert msgspec.json.decode(written("jsonl", row))["counterparty"] == evil


def test_more_rows_than_a_sheet_holds_go_on_in_the_next():
    stream = io.BytesIO()
    writer = WorkbookWriter(stream, most_rows=3)
    row = EvidenceRow(row=1, counterparty_id=None, counterparty="A", kind="hit", outcome="hits")
    writer.add([row] * 5)
    writer.finish(summary_of("t.csv", (), answer_of(), Counts()))
    book = load_workbook(io.BytesIO(stream.getvalue()))
    sizes = [book[name].max_row for name in ("Results", "Results 2", "Results 3")]
    assert sizes == [3, 3, 2]


def test_a_text_longer_than_a_cell_is_cut_with_a_mark():
    row = EvidenceRow(
        row=1,
        counterparty_id=None,
        counterparty="A",
        kind="hit",
        outcome="hits",
        why="x" * 40_000,
    )
    book = load_workbook(io.BytesIO(written("xlsx", row)))
    value = book["Results"].cell(row=2, column=COLUMNS.index("why") + 1).value
    assert len(str(value)) == 32_767
    assert str(value).endswith(" …")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_whatever_a_name_is_made_of_can_be_written_and_read_back(texts: list[str]):
    rows = [
        EvidenceRow(row=1, counterparty_id=None, counterparty=text, kind="hit", outcome="x")
        for text in texts
    ]
    sheet = load_workbook(io.BytesIO(written("xlsx", *rows)))["Results"]
    assert sheet.max_row == len(texts) + 1
    text = written("csv", *rows).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text, newline="")))) == len(texts)
