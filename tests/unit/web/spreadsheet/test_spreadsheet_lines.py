"""Lines of results: what needs a look comes first, each row once."""

from datetime import UTC, date, datetime
from typing import Any

from service.tables import EvidenceRow
from service.web.frame import AddressDays
from service.web.spreadsheet.batches import ResultLine, lines_of

CLOCKS = AddressDays(as_of=date(2026, 11, 24))


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


def lines(rows: list[EvidenceRow]) -> tuple[ResultLine, ...]:
    return lines_of(rows, CLOCKS)


def nothing(row: int, outcome: str, **fields) -> EvidenceRow:
    empty: dict[str, Any] = dict.fromkeys(
        ("list", "listing_id", "score", "status", "badge", "measure_id")
    )
    return evidence(row, kind="none", outcome=outcome, **empty, **fields)


def test_one_line_a_row_of_the_table():
    rows = [evidence(2), evidence(2, measure_id="other"), evidence(3)]
    found = lines(rows)
    assert [line.row for line in found] == [2, 3]
    assert found[0].measures == ("us-bis-entity-list", "other")
    assert found[0].found == "1 listing: Entity List"


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
    placed = sorted(lines(rows), key=lambda line: line.place)
    assert [line.row for line in placed] == [8, 7, 6, 5, 4, 3, 2]


def test_the_badge_is_of_what_bites_among_equal_names():
    rows = [evidence(2, status="ended", badge="Ended"), evidence(2, badge="In force")]
    assert (lines(rows)[0].shape, lines(rows)[0].badge) == ("force", "In force")


def test_a_hit_without_a_measure_counts_as_restricted():
    line = lines([evidence(2, status=None, badge=None, measure_id=None)])[0]
    assert (line.shape, line.badge) == ("unknown", "Status not on record — treat as restricted")


def test_a_line_leads_to_the_card_on_the_same_day():
    line = lines([evidence(2, counterparty="Acme & Söhne")])[0]
    assert line.href == "/?name=Acme+%26+S%C3%B6hne&as_of=2026-11-24"


def test_a_line_of_a_day_left_open_leads_to_the_days_of_that_moment():
    at = datetime(2026, 11, 10, 2, tzinfo=UTC)
    line = lines_of([evidence(2)], AddressDays(at=at))[0]
    assert line.href == "/?name=Party+2&at=2026-11-10T02%3A00%3A00Z"


def test_the_day_of_a_status_goes_with_its_badge():
    own = "Status of 9 Nov 2026: in Washington that day had not ended."
    found = lines([evidence(2, own_day=own), evidence(2, score=0.7), evidence(3)])
    assert [line.own_day for line in found] == [own, None]


def test_a_line_found_by_an_owner_leads_to_the_question_with_that_owner():
    row = evidence(2, counterparty="Acme", kind="owner", outcome="owner_hits", owner="Rosneft")
    href = "/?name=Acme&owner=Rosneft&share=%3F&as_of=2026-11-24"
    assert lines([row, row])[0].href == href


def test_an_unreadable_row_says_why_and_leads_nowhere():
    row = evidence(4, kind="unreadable", outcome="unreadable", reason="Name: is empty")
    line = lines([row])[0]
    assert (line.found, line.href, line.shape) == ("Name: is empty", None, None)
