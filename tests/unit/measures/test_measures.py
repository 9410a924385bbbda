"""The board of measures: what a listing meets, and which measures a filter lets through."""

from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard, MeasureFilter, select_measures
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError, NotFoundError
from tests.shipped_register import load

BOARD = MeasureBoard(load())
TODAY = date(2026, 11, 24)
DAYS = Days(as_of=TODAY, known_at=TODAY)


EVERY = MeasureFilter()


def select(chosen: MeasureFilter = EVERY, as_of: date = TODAY, known_at: date = TODAY):
    return select_measures(BOARD, chosen, Days(as_of=as_of, known_at=known_at))


def listing(list_code: str, *programmes: str) -> Listing:
    return Listing(
        id=f"{list_code}-1",
        list_code=list_code,
        names=(Name(text="Acme", kind="primary"),),
        programmes=programmes,
    )


def test_what_reaches_the_party_stands_before_what_asks_a_question():
    measures = BOARD.of_prints([listing("us_bis_el")], DAYS)
    assert [each.id for each in measures] == ["us-bis-entity-list", "us-bis-affiliates-rule"]
    assert [each.condition is None for each in measures] == [True, False]


def test_what_has_ended_stands_after_what_binds():
    """SYRIA ended on 30 June 2025; a party may carry it beside a programme that goes on."""
    measures = BOARD.of_prints([listing("us_ofac_sdn", "SYRIA", "SDGT")], DAYS)
    statuses = [each.status for each in measures if each.condition is None]
    assert statuses == sorted(statuses, key=lambda word: word == "ended")
    assert {"ended", "in_force"} <= set(statuses)


def test_a_programme_nobody_registered_is_unknown_and_so_restricted():
    measures = BOARD.of_prints([listing("us_state_isn", "Brand-new Act")], DAYS)
    assert [(each.id, each.status) for each in measures] == [
        ("not-in-register", "unknown"),
        ("us-state-isn-list", "in_force"),
    ]


def test_an_own_list_says_that_no_law_is_behind_it():
    (measure,) = BOARD.of_prints([listing("my_list")], DAYS)
    assert (measure.id, measure.status) == ("own-list", "in_force")
    assert measure.effect[0].kind == "own_policy"


def test_every_filter_narrows_and_all_together_meet():
    everything = select()
    assert len(everything) == len(BOARD.register.measures)
    by_law = select(MeasureFilter(jurisdiction="CN", status="suspended"))
    assert [each.id for each in by_law] == ["cn-2024-46-2"]
    assert {each.authority for each in select(MeasureFilter(authority="BIS"))} == {"BIS"}
    assert "us-bis-entity-list" in {
        each.id for each in select(MeasureFilter(list_code="us_bis_el"))
    }


@pytest.mark.parametrize(
    ("known_at", "status"),
    [
        pytest.param(date(2025, 10, 5), "not_known", id="before it was public"),
        pytest.param(date(2025, 12, 1), "in_force", id="looking back"),
    ],
)
def test_the_two_clocks_are_two(known_at: date, status: str):
    dutch = select(MeasureFilter(jurisdiction="NL"), date(2025, 10, 5), known_at)
    assert [each.status for each in dutch if each.id == "nl-nexperia-order"] == [status]


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(MeasureFilter(jurisdiction="nothing"), id="jurisdiction"),
        pytest.param(MeasureFilter(authority="nothing"), id="authority"),
        pytest.param(MeasureFilter(list_code="nothing"), id="list"),
    ],
)
def test_a_filter_that_fits_no_measure_is_refused_and_names_those_that_fit(chosen: MeasureFilter):
    with pytest.raises(BadInputError, match="no measure has 'nothing'; there are: "):
        select(chosen)


def test_a_measure_nobody_has_is_not_found():
    with pytest.raises(NotFoundError, match="nothing"):
        BOARD.one("nothing", DAYS)
