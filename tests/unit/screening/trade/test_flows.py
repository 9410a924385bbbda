"""The flows that people ask about: goods, from here to there, on a day.

`flows.csv` has a question a line: the item as one types it, the places, whose person exports and
the day; the measures that must be met, those that must be among the first questions, and those
that must be neither; the regimes and annexes that must be named as not covered: each by id and
separated by `|`. Where `listed_in` names an annex, the code
was drawn from it by chance.
"""

import csv
from datetime import date
from pathlib import Path

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.trade.open_questions import MOST_QUESTIONS
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import QuestionExtent, Restrictions
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.primitives.days import Days
from tests.cases import for_each
from tests.shipped_register import load

BOARD = MeasureBoard(load())
KNOWN_AT = date(2026, 12, 1)
with Path(__file__).with_name("flows.csv").open(encoding="utf-8") as lines:
    FLOWS = list(csv.DictReader(lines))


def ids(text: str) -> set[str]:
    return set(filter(None, text.split("|")))


def asked(flow: dict[str, str], questions: QuestionExtent = "first") -> Restrictions:
    described = plain_transaction(
        [flow["item"]],
        flow["origin"],
        flow["destination"],
        None,
        flow["exporter"] or None,
    )
    days = Days(as_of=date.fromisoformat(flow["day"]), known_at=KNOWN_AT)
    return restrictions_on(BOARD, described, days, questions)


def decided(found: Restrictions) -> set[str]:
    return {key for each in found.open_questions for key in (each.id, *each.also)}


def named(flow: dict[str, str], number: int) -> str:
    return f"{number}: {flow['item']} {flow['origin']}-{flow['destination']} {flow['day']}"


CASES = {named(flow, number): flow for number, flow in enumerate(FLOWS, start=2)}


def test_there_are_two_hundred_flows_and_half_are_drawn_from_the_acts():
    assert len(CASES) >= 200
    assert sum(bool(flow["listed_in"]) for flow in FLOWS) >= len(FLOWS) // 2


@for_each("flow", CASES)
def test_a_flow_meets_what_it_must(flow: dict[str, str]):
    assert ids(flow["met"]) <= {each.measure.id for each in asked(flow).met}


@for_each("flow", CASES)
def test_a_flow_raises_at_most_six_questions_and_among_them_what_it_must(flow: dict[str, str]):
    found = asked(flow)
    assert len(found.open_questions) <= MOST_QUESTIONS
    assert ids(flow["asked"]) <= decided(found)


@for_each("flow", CASES)
def test_a_flow_is_neither_met_nor_asked_by_what_has_no_part_in_it(flow: dict[str, str]):
    found = asked(flow, "all")
    reached = decided(found) | {each.measure.id for each in found.met}
    assert ids(flow["not_asked"]).isdisjoint(reached)


@for_each("flow", CASES)
def test_a_flow_names_what_is_not_covered(flow: dict[str, str]):
    assert ids(flow["not_covered"]) <= {each.id for each in asked(flow).not_covered}


@for_each("flow", CASES)
def test_what_is_met_is_told_in_one_line_with_what_loosens_it(flow: dict[str, str]):
    for each in asked(flow).met:
        assert each.line
        for easing in each.eased_by:
            assert easing.applies is (easing.question is None)
