"""Spans: the statuses of real measures over a stretch, and of a listing with days of its own."""

import itertools
from datetime import date, timedelta

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import (
    MeasureBoard,
    Span,
    spans_of_listing,
    spans_of_measure,
)
from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.primitives.days import Days
from tests.cases import for_each
from tests.shipped_register import load

BOARD = MeasureBoard(load())
TODAY = date(2026, 11, 24)
DAYS = Days(as_of=TODAY, known_at=TODAY)
STRETCH = date(2025, 8, 1), date(2027, 3, 1)
LISTING = Listing(
    id="us_bis_el-1", list_code="us_bis_el", names=(Name(text="Acme", kind="primary"),)
)


def told(spans: tuple[Span, ...]) -> list[tuple[date, str]]:
    return [(span.first, span.status) for span in spans]


def test_the_affiliates_rule_goes_from_change_to_change():
    assert told(spans_of_measure(BOARD, "us-bis-affiliates-rule", DAYS, STRETCH)) == [
        (date(2025, 8, 1), "not_yet_made"),
        (date(2025, 9, 29), "in_force_eased"),
        (date(2025, 11, 10), "suspended"),
        (date(2026, 11, 10), "in_force_by_lapse"),
    ]


def test_what_nobody_knew_of_yet_is_no_part_of_what_was_known():
    then = Days(as_of=TODAY, known_at=date(2025, 10, 15))
    spans = spans_of_measure(BOARD, "us-bis-affiliates-rule", then, STRETCH)
    assert "suspended" not in {span.status for span in spans}


def test_what_has_not_begun_is_published_from_the_day_it_was_public():
    stretch = (date(2025, 8, 1), date(2025, 12, 1))
    spans = spans_of_measure(BOARD, "us-bis-veu-revocation", DAYS, stretch)
    assert told(spans) == [
        (date(2025, 8, 1), "not_yet_made"),
        (date(2025, 8, 29), "announced"),
        (date(2025, 9, 2), "published_not_effective"),
    ]
    assert [span.since for span in spans] == [None, date(2025, 8, 29), date(2025, 9, 2)]


@for_each("measure", {each.id: each for each in BOARD.register.measures[::20]})
def test_spans_of_some_measures_say_what_the_status_of_each_day_says(
    measure: Measure,
):
    _assert_spans_agree(measure.id)


@pytest.mark.slow
@for_each("measure", {each.id: each for each in BOARD.register.measures})
def test_spans_say_on_every_day_what_the_status_of_that_day_says(measure: Measure):
    _assert_spans_agree(measure.id)


def _assert_spans_agree(key: str) -> None:
    """Every tenth day of three years, and both sides of each change."""
    first, last = date(2024, 6, 1), date(2027, 6, 1)
    spans = spans_of_measure(BOARD, key, DAYS, (first, last))
    assert spans[0].first == first
    assert spans[-1].end is None
    for one, other in itertools.pairwise(spans):
        assert one.end == other.first
        assert one.status != other.status
    edges = {span.first for span in spans}
    days = {first + timedelta(days=each) for each in range(0, (last - first).days, 10)}
    days |= edges | {edge - timedelta(days=1) for edge in edges if edge > first}
    for day in sorted(days):
        (span,) = [
            each for each in spans if each.first <= day and (each.end is None or day < each.end)
        ]
        assert span.status == BOARD.one(key, Days(as_of=day, known_at=TODAY)).status, day


def test_a_listing_is_not_reached_before_it_was_listed():
    listed = msgspec.structs.replace(LISTING, listed_on=date(2026, 5, 4))
    spans = spans_of_listing(BOARD, "us-bis-entity-list", listed, DAYS, STRETCH)
    assert told(spans) == [
        (date(2025, 8, 1), "not_yet_made"),
        (date(2026, 5, 4), "in_force"),
    ]


def test_the_term_of_an_entry_ends_its_span():
    denied = msgspec.structs.replace(
        LISTING, list_code="us_bis_dpl", listed_on=date(2020, 1, 1), expires_on=date(2026, 1, 31)
    )
    measures = [each.id for each in BOARD.of_prints([denied], DAYS) if each.condition is None]
    spans = spans_of_listing(BOARD, measures[0], denied, DAYS, STRETCH)
    assert spans[-1].first == date(2026, 2, 1)
    assert spans[-1].status == "ended_by_term_unconfirmed"
