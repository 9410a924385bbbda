"""What a measure demands is told together with what loosens it, in one line."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import Restriction
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
DAY = date(2026, 11, 24)


def met(item: str, origin: str, destination: str, day: date = DAY) -> dict[str, Restriction]:
    described = plain_transaction([item], origin, destination, None)
    found = restrictions_on(BOARD, described, Days(as_of=day, known_at=date(2026, 12, 1)))
    return {each.measure.id: each for each in found.met}


def test_an_h200_needs_a_licence_that_is_decided_case_by_case_under_conditions():
    base = met("H200", "US", "CN")["us-bis-advanced-computing"]
    assert f"{base.line}".startswith("licence needed; ")
    assert "decided on its own" in f"{base.line}"
    assert "the exporter certifies" in f"{base.line}"
    assert [(each.id, each.applies) for each in base.eased_by] == [
        ("us-bis-h200-review-policy", True)
    ]


def test_what_may_loosen_a_rule_is_told_with_its_question():
    base = met("3A090.a", "US", "CN")["us-bis-advanced-computing"]
    (easing,) = base.eased_by
    assert not easing.applies
    assert "no more advanced than H200" in f"{easing.question}"
    assert "where it applies" in f"{base.line}"


@pytest.mark.parametrize(
    ("item", "origin", "destination", "base", "line"),
    [
        pytest.param(
            "medical devices", "US", "IR", "us-ofac-iran-embargo",
            "prohibited; where it applies (Iran: food, medicine and medical devices): Food and ",
            id="medical devices to Iran",
        ),
        pytest.param(
            "9018.90", "US", "IR", "us-ofac-iran-embargo",
            "prohibited; where it applies (Iran: food, medicine and medical devices): Food and ",
            id="a code of medical devices",
        ),
        pytest.param(
            "rice", "US", "CU", "us-bis-cuba",
            "licence needed; where it applies (Licence Exception AGR: agricultural commodities to "
            "Cuba): Agricultural commodities that are EAR99 may go to Cuba",
            id="rice to Cuba, Commerce",
        ),
        pytest.param(
            "rice", "US", "CU", "us-ofac-cuba-embargo",
            "prohibited; where it applies (Cuba: exports that Commerce authorises): What ",
            id="rice to Cuba, Treasury",
        ),
        pytest.param(
            "crude oil", "RU", "HU", "eu-russia-oil",
            "import prohibited; where it applies (Crude oil by pipeline from Russia): Crude oil ",
            id="pipeline oil to Hungary",
        ),
    ],
)  # fmt: skip
def test_an_embargo_is_told_in_one_line_with_what_loosens_it(
    item: str, origin: str, destination: str, base: str, line: str
):
    assert f"{met(item, origin, destination)[base].line}".startswith(line)


def test_what_loosens_an_embargo_is_not_told_of_other_goods():
    assert met("things", "US", "IR")["us-ofac-iran-embargo"].line == "prohibited."
    assert met("2709.00", "RU", "DE")["eu-russia-oil"].line == "import prohibited."


def test_an_easing_says_first_what_it_loosens():
    easing = met("H200", "US", "CN")["us-bis-h200-review-policy"]
    assert f"{easing.line}".startswith("Only loosens what stands: ")


def test_a_rule_that_nothing_loosens_is_told_alone():
    assert met("8542.31", "DE", "RU")["eu-russia-advanced-technology"].line == "prohibited."


def test_a_suspended_rule_does_not_bind_in_its_line():
    line = met("gallium", "CN", "US", date(2026, 11, 26))["cn-2024-46-2"].line
    assert line == "prohibited, but not binding on the day."
