"""The tables keep what the guarantees rest on."""

import numpy as np
import pytest

from service.match import DEFAULT_THRESHOLD
from service.match.credit import compare_words, give_credit
from service.match.tables import TABLES

_FALLING = ("legal_form_conflict", "number_conflict", "weak_alias")


@pytest.mark.parametrize("part", sorted(TABLES))
def test_a_table_never_turns(part: str) -> None:
    steps = np.diff(TABLES[part].log_odds)
    assert (steps <= 0.0).all() if part in _FALLING else (steps >= 0.0).all()


@pytest.mark.parametrize("part", sorted(set(TABLES) - {"base"}))
def test_nothing_measured_adds_nothing(part: str) -> None:
    assert TABLES[part].read(np.zeros(1))[0] == 0.0


def test_the_same_words_are_over_the_default_threshold_whatever_they_say() -> None:
    least = TABLES["same_words"].log_odds[-1]
    assert 1.0 / (1.0 + np.exp(-least)) > DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("ours", "theirs", "least", "most"),
    [
        pytest.param("huawei", "huawei", 1.0, 1.0, id="same"),
        pytest.param("hikvison", "hikvision", 0.7, 0.9, id="one letter in nine"),
        pytest.param("hikvsiion", "hikvision", 0.7, 0.9, id="two letters swapped"),
        pytest.param("zto", "zte", 0.0, 0.0, id="one letter in three"),
        pytest.param("smit", "smic", 0.05, 0.2, id="one letter in four"),
        pytest.param("iran", "iraq", 0.05, 0.2, id="Iran and Iraq"),
        pytest.param("siemens", "hikvision", 0.0, 0.0, id="another word"),
    ],
)
def test_credit_falls_with_edits_and_shortness(
    ours: str, theirs: str, least: float, most: float
) -> None:
    credit = give_credit(compare_words([ours], [theirs]))[0, 0]
    assert least <= credit <= most
