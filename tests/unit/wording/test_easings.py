"""An easing that leaves a licence in place never reads as a permission."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import LICENCE_KINDS, Measure
from abeyance_screening.engine.wording import measure_text
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
EASINGS = [
    each
    for each in BOARD.register.measures
    if any(effect.kind == "easing" for effect in each.effect)
]
# What changes how a licence is decided, or who may ask for one, and allows nothing by itself.
ON_APPLICATION = ("case-by-case", "review policy", "licence exceptions", "on application")


def _changes_the_deciding(measure: Measure) -> bool:
    said = " ".join(each.what or "" for each in measure.effect)
    return measure.kind not in LICENCE_KINDS or any(each in said for each in ON_APPLICATION)


CHANGING = [each for each in EASINGS if _changes_the_deciding(each)]


@pytest.mark.parametrize("day", [date(2025, 9, 1), date(2026, 11, 24)], ids=str)
@pytest.mark.parametrize("measure", CHANGING, ids=lambda each: each.id)
def test_an_easing_of_how_a_licence_is_decided_is_not_called_allowed(measure: Measure, day: date):
    text = measure_text(BOARD.one(measure.id, Days(as_of=day, known_at=day)), day)
    told = " ".join((text.sentence, text.badge, *(each.text for each in text.lines)))
    assert "llowed" not in told, told


def test_there_are_such_easings_beside_licences():
    changing = {each.id for each in CHANGING}
    assert {"us-bis-h200-review-policy", "us-bis-syria-2025", "eu-ukr-yangjie-derogation"} <= (
        changing
    )
    assert len(EASINGS) - len(changing) > 50


def test_the_h200_policy_says_that_a_licence_is_required_and_on_which_conditions():
    """91 FR 1684: on sale in the US, enough supply, foundry capacity, security, a US test."""
    day = date(2026, 11, 24)
    said = measure_text(BOARD.one("us-bis-h200-review-policy", Days(as_of=day, known_at=day)), day)
    assert said.sentence.startswith("A licence is still required.")
    for condition in (
        "on sale in the United States",
        "US supply is sufficient",
        "foundry capacity",
        "security procedures",
        "independent third party",
        "refused as a rule",
    ):
        assert condition in said.sentence
