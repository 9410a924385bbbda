from typing import get_args

import pytest

from abeyance_screening.engine.measures.measure import EventKind
from abeyance_screening.engine.measures.status import (
    ANSWERS,
    BY_A_COURT,
    DEEDS,
    OPEN_BY_NATURE,
    OPERATIONS,
    loosens,
)


def test_every_kind_of_event_has_a_deed():
    assert set(DEEDS) == set(get_args(EventKind))


def test_every_announcement_is_words_and_knows_what_makes_it_good():
    said = {kind for kind, deed in DEEDS.items() if deed == "say"}
    assert said == {kind for kind in get_args(EventKind) if kind.startswith("announce")}
    assert set(ANSWERS) == said


def test_every_pause_says_how_the_measure_operates():
    assert set(OPERATIONS) == {kind for kind, deed in DEEDS.items() if deed == "pause"}
    assert set(OPERATIONS) >= OPEN_BY_NATURE


def test_a_court_pauses_and_ends_and_lifts_its_own_pause():
    assert {DEEDS[kind] for kind in BY_A_COURT} == {"pause", "lift_stay", "end"}


@pytest.mark.parametrize("kind", get_args(EventKind))
def test_what_gives_a_licence_loosens_and_what_takes_it_away_does_not(kind: EventKind):
    either_way = {"say", "question", "note", "withdraw_easing"}
    if DEEDS[kind] in either_way:
        assert not loosens(kind, licence=True)
    elif DEEDS[kind] == "ease":
        assert loosens(kind, licence=True)
        assert loosens(kind, licence=False)
    else:
        assert loosens(kind, licence=True) is not loosens(kind, licence=False)
