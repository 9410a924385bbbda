from typing import get_args

from service.model.measure import EventKind
from service.status.kinds import ANSWERS, BY_A_COURT, DEEDS, OPEN_BY_NATURE, OPERATIONS


def test_every_kind_of_event_has_a_deed():
    assert set(DEEDS) == set(get_args(EventKind))


def test_every_announcement_is_words_and_knows_what_makes_it_good():
    said = {kind for kind, deed in DEEDS.items() if deed == "say"}
    assert said == {kind for kind in get_args(EventKind) if kind.startswith("announce")}
    assert set(ANSWERS) == said


def test_every_pause_says_how_the_measure_operates():
    assert set(OPERATIONS) == {kind for kind, deed in DEEDS.items() if deed == "pause"}
    assert set(OPERATIONS) >= OPEN_BY_NATURE


def test_what_a_court_does_loosens():
    assert {DEEDS[kind] for kind in BY_A_COURT} == {"pause", "end"}
