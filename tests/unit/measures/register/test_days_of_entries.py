"""The day of an entry whose list prints none, by the oldest act that it cites."""

from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.wording import badge
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
DAYS = Days(as_of=date(2026, 11, 24), known_at=date(2026, 11, 24))
# Entries of the Entity List as of 2026-07-31: name, what they cite, the day of the oldest act.
ENTRIES = [
    pytest.param("Hangzhou Hikvision Digital Technology Co., Ltd.", ("84 FR 54002", "85 FR 44159"),
                 None, id="Hikvision: the act is not in the register"),
    pytest.param("Huawei Technology", ("84 FR 22961", "85 FR 29852", "87 FR 55250"),
                 date(2019, 5, 16), id="Huawei Technology: 84 FR 22961"),
    pytest.param("Inspur Taiwan", ("90 FR 14046",), date(2025, 3, 25), id="Inspur Taiwan"),
    pytest.param("A later change alone", ("85 FR 83420", "90 FR 14046"), None,
                 id="an act that is not the oldest says nothing"),
    pytest.param("No act", (), None, id="no citation"),
]  # fmt: skip


def entry(name: str, citations: tuple[str, ...]) -> Listing:
    names = (Name(text=name, kind="primary"),)
    return Listing(id="us_bis_el-1", list_code="us_bis_el", names=names, citations=citations)


@pytest.mark.parametrize(("name", "citations", "entered"), ENTRIES)
def test_an_entry_is_told_since_its_own_day_or_none(
    name: str, citations: tuple[str, ...], entered: date | None
):
    listing = entry(name, citations)
    assert BOARD.register.entered_on(listing) == entered
    measures = BOARD.of_prints([listing], DAYS)
    own = [each for each in measures if each.condition is None and each.status == "in_force"]
    assert own
    for each in own:
        assert (each.since is None) == (entered is None)
    the_list = next(each for each in own if each.id == "us-bis-entity-list")
    assert the_list.since == entered
    assert "1997" not in badge(the_list)


def test_the_rule_on_what_an_entry_owns_keeps_its_own_day():
    listing = entry("Hangzhou Hikvision Digital Technology Co., Ltd.", ("84 FR 54002",))
    rule = BOARD.reaching("us-bis-affiliates-rule", listing, DAYS)
    assert (rule.status, rule.since) == ("in_force_by_lapse", date(2026, 11, 10))
