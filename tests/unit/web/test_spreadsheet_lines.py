"""Lines of results: what needs a look comes first, each row once."""

from datetime import date
from typing import Any

from service.sheet import EvidenceRow
from service.web.spreadsheet_lines import lines_of


def evidence(row: int, **fields) -> EvidenceRow:
    given: dict[str, Any] = {
        "row": row,
        "counterparty_id": None,
        "counterparty": f"Party {row}",
        "kind": "hit",
        "outcome": "hits",
        "as_of": date(2026, 11, 24),
        "list": "us_bis_el",
        "listing_id": f"us_bis_el-{row}",
        "score": 0.9,
        "status": "in_force",
        "badge": "In force",
        "measure_id": "us-bis-entity-list",
    }
    return EvidenceRow(**(given | fields))


def nothing(row: int, outcome: str, **fields) -> EvidenceRow:
    empty: dict[str, Any] = dict.fromkeys(
        ("list", "listing_id", "score", "status", "badge", "measure_id")
    )
    return evidence(row, kind="none", outcome=outcome, **empty, **fields)


def test_one_line_a_row_of_the_table():
    rows = [evidence(2), evidence(2, measure_id="other"), evidence(3)]
    lines = lines_of(rows)
    assert [line.row for line in lines] == [2, 3]
    assert lines[0].measures == ("us-bis-entity-list", "other")
    assert lines[0].found == "1 listing: Entity List"


def test_what_needs_a_look_comes_first():
    rows = [
        nothing(2, "no_hits"),
        nothing(3, "incomplete"),
        evidence(4, kind="unreadable", outcome="unreadable", reason="Name: is empty"),
        evidence(5, kind="owner", outcome="owner_hits"),
        evidence(6, status="ended", badge="Ended", score=1.0),
        evidence(7, score=0.8),
        evidence(8, score=0.95),
    ]
    placed = sorted(lines_of(rows), key=lambda line: line.place)
    assert [line.row for line in placed] == [8, 7, 6, 5, 4, 3, 2]


def test_the_badge_is_of_what_bites_among_equal_names():
    rows = [evidence(2, status="ended", badge="Ended"), evidence(2, badge="In force")]
    assert (lines_of(rows)[0].shape, lines_of(rows)[0].badge) == ("force", "In force")


def test_a_hit_without_a_measure_counts_as_restricted():
    line = lines_of([evidence(2, status=None, badge=None, measure_id=None)])[0]
    assert (line.shape, line.badge) == ("unknown", "Status not on record — treat as restricted")


def test_a_line_leads_to_the_card_on_the_same_day():
    line = lines_of([evidence(2, counterparty="Acme & Söhne")])[0]
    assert line.href == "/?name=Acme+%26+S%C3%B6hne&as_of=2026-11-24"


def test_a_line_found_by_an_owner_leads_to_the_question_with_that_owner():
    row = evidence(2, counterparty="Acme", kind="owner", outcome="owner_hits", owner="Rosneft")
    href = "/?name=Acme&owner=Rosneft&share=%3F&as_of=2026-11-24"
    assert lines_of([row, row])[0].href == href


def test_an_unreadable_row_says_why_and_leads_nowhere():
    row = evidence(4, kind="unreadable", outcome="unreadable", reason="Name: is empty")
    line = lines_of([row])[0]
    assert (line.found, line.href, line.shape) == ("Name: is empty", None, None)
