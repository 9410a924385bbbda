"""Lines of results: one for each counterparty and party, which leads to the answer about it."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from abeyance_screening.engine.tables import PartyRow, PartyRowMeasure
from abeyance_screening.features.tables.requests import ResultLine, lines_of
from abeyance_screening.platform.pages.frame import AddressDays

CLOCKS = AddressDays(as_of=date(2026, 11, 24))
LISTED = PartyRowMeasure(
    id="us-bis-entity-list",
    title="Entity List",
    authority="BIS",
    status="in_force",
    badge="In force",
    effect="licence required",
    sentence="",
    lists=("Entity List",),
)


def party(row: int, **fields: Any) -> PartyRow:
    given: dict[str, Any] = {
        "place": f"{row:09d}",
        "row": row,
        "counterparty_id": None,
        "counterparty": f"Party {row}",
        "kind": "hit",
        "outcome": "hits",
        "party_id": f"us_bis_el-{row}",
        "party": "Listed",
        "facts": {"country": "CN, HK"},
        "lists": ("Entity List",),
        "listings": (f"us_bis_el-{row}",),
        "measures": (LISTED,),
        "score": 0.9,
    }
    return PartyRow(**(given | fields))


def line(row: PartyRow, clocks: AddressDays = CLOCKS) -> ResultLine:
    (made,) = lines_of([row], clocks)
    return made


def test_a_line_says_who_the_party_is_and_what_the_first_measure_does():
    more = msgspec.structs.replace(LISTED, id="other", status="suspended", badge="Suspended")
    made = line(party(2, measures=(LISTED, more), through=("au_dfat-1",)))
    assert (made.party, made.facts, made.shape) == ("Listed", "CN, HK", "force")
    assert (made.badge, made.does, made.more) == ("In force", "licence required", 1)
    assert made.measures == ("us-bis-entity-list", "other")
    assert made.found == "2 listings: Entity List"


def test_a_line_that_an_older_version_kept_still_has_its_country():
    kept = msgspec.to_builtins(line(party(2)))
    kept["countries"] = kept.pop("facts")
    assert msgspec.convert(kept, ResultLine).facts == "CN, HK"


def test_a_party_without_a_measure_counts_as_restricted():
    made = line(party(2, measures=()))
    assert (made.shape, made.badge) == ("unknown", "Status not on record — treat as restricted")


@pytest.mark.parametrize(
    ("row", "clocks", "href"),
    [
        (
            party(2, counterparty="Acme & Söhne"),
            CLOCKS,
            "/?name=Acme+%26+S%C3%B6hne&as_of=2026-11-24",
        ),
        (
            party(2),
            AddressDays(at=datetime(2026, 11, 10, 2, tzinfo=UTC)),
            "/?name=Party+2&at=2026-11-10T02%3A00%3A00Z",
        ),
        (
            party(2, kind="owner", outcome="owner_hits", owner="Rosneft"),
            CLOCKS,
            "/?name=Party+2&owner=Rosneft&share=%3F&as_of=2026-11-24",
        ),
    ],
    ids=["the same day", "a day left open", "found by an owner"],
)
def test_a_line_leads_to_the_answer(row: PartyRow, clocks: AddressDays, href: str):
    assert line(row, clocks).href == href


def test_the_day_of_a_status_goes_with_its_badge():
    own = "Status of 9 Nov 2026: in Washington that day had not ended."
    measure = msgspec.structs.replace(LISTED, own_day=own)
    assert line(party(2, measures=(measure,))).own_day == own


def test_an_unreadable_row_says_why_and_leads_nowhere():
    row = PartyRow(
        place="2",
        row=4,
        counterparty_id=None,
        counterparty="",
        kind="unreadable",
        outcome="unreadable",
        why="Name: is empty",
    )
    made = line(row)
    assert (made.found, made.href, made.shape) == ("Name: is empty", None, None)
