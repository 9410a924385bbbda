"""What the law behind the bundled lists rests on, and that it does not become worse."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.law_evidence import RegisterEvidence, register_evidence
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

DAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def evidence(bundled_index: ListingIndex) -> RegisterEvidence:
    board = MeasureBoard(load())
    return register_evidence(bundled_index, board, Days(as_of=DAY, known_at=DAY))


def test_every_listing_counts_once(evidence: RegisterEvidence):
    for row in (*evidence.lists, evidence.total):
        parts = row.with_words, row.second_hand, row.general_knowledge, row.unbound
        assert sum(parts) == row.listings
    assert sum(row.listings for row in evidence.lists) == evidence.total.listings > 40_000


def test_four_of_five_listings_have_a_binding_measure_in_the_acts_own_words(
    evidence: RegisterEvidence,
):
    assert evidence.total.with_words >= 0.8 * evidence.total.listings


def test_hardly_a_listing_rests_on_general_knowledge_alone(evidence: RegisterEvidence):
    assert evidence.total.general_knowledge <= 0.01 * evidence.total.listings


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 10, 9), id="the day of the last reading"),
        pytest.param(DAY, id="49 days later"),
    ],
)
def test_the_flag_for_old_readings_says_something(day: date):
    board = MeasureBoard(load())
    days = Days(as_of=day, known_at=day)
    in_force = [
        each for each in board.every(board.register.measures, days) if each.status == "in_force"
    ]
    assert 0.5 < sum(each.stale for each in in_force) / len(in_force) < 0.95


def test_every_listing_is_stale_once_no_list_was_read_for_thirty_days(evidence: RegisterEvidence):
    # until somebody confirms that the places where acts appear were read
    assert evidence.total.stale > 0.99 * evidence.total.listings


def test_measures_come_by_the_listings_that_they_bind(evidence: RegisterEvidence):
    counts = [each.listings for each in evidence.measures]
    assert counts == sorted(counts, reverse=True)
    assert evidence.measures[0].listings > 10_000
