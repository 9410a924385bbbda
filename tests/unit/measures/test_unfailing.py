"""One measure that cannot be worked out leaves the answers about all others as they are."""

import logging
from datetime import date
from typing import cast

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard, unfailing
from abeyance_screening.engine.measures.calendar import (
    CalendarFilter,
    coming,
    measure_diff,
    span_of,
)
from abeyance_screening.engine.measures.measure import Event
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

TODAY = date(2026, 11, 24)
DAYS = Days(as_of=TODAY, known_at=TODAY)
SHIPPED = load()
BROKEN, LISTED = "cn-2024-46-2", "us-bis-entity-list"
NO_DAY = cast("date", cast("object", "a text where a day must be"))


def _board(broken: str) -> MeasureBoard:
    """The register, in which one measure has what no measure can have."""
    wrong = Event(id="wrong", kind="suspend", published_on=TODAY, until=NO_DAY)
    return MeasureBoard(
        Register(
            msgspec.structs.replace(each, events=(*each.events, wrong))
            if each.id == broken
            else each
            for each in SHIPPED.measures
        )
    )


def test_its_status_is_unknown_and_every_other_one_as_it_was():
    whole, board = MeasureBoard(SHIPPED), _board(BROKEN)
    shown = {each.id: each for each in board.every(board.register.measures, DAYS)}
    assert shown[BROKEN].status == "unknown"
    assert shown[BROKEN].flags == ("status_cannot_be_worked_out",)
    expected = {each.id: each for each in whole.every(SHIPPED.measures, DAYS)}
    assert {**shown, BROKEN: None} == {**expected, BROKEN: None}


def test_a_listing_behind_it_is_answered():
    listing = Listing(id="x", list_code="us_bis_el", names=(Name(text="Acme", kind="primary"),))
    behind = {each.id: each.status for each in _board(LISTED).of_prints((listing,), DAYS)}
    assert behind[LISTED] == "unknown"
    assert len(behind) > 1


def test_the_calendar_leaves_it_out_and_has_the_others():
    rows = coming(_board(BROKEN), CalendarFilter(), DAYS)
    expected = coming(MeasureBoard(SHIPPED), CalendarFilter(), DAYS)
    assert rows == tuple(each for each in expected if each.measure_id != BROKEN)
    assert len(rows) < len(expected)


def test_its_diff_tells_no_event_and_restrictions_keep_it():
    board = _board(BROKEN)
    diff = measure_diff(board, BROKEN, span_of(date(2026, 1, 1), TODAY, None))
    assert (diff.after.status, diff.events) == ("unknown", ())
    assert BROKEN in {each.id for each in restrictions_on(board, None, DAYS, "all").open_questions}


def test_a_failure_is_logged_once_without_what_was_written(caplog: pytest.LogCaptureFixture):
    def fail() -> str:
        return date.fromisoformat("what an operator wrote").isoformat()

    with caplog.at_level(logging.ERROR):
        assert [unfailing("xx-once", fail, "else") for _ in range(3)] == ["else"] * 3
    [record] = caplog.records
    assert vars(record)["measure"] == "xx-once"
    assert "operator wrote" not in str(vars(record))
