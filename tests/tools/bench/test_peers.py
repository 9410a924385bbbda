"""Other engines on the same candidates."""

from importlib.util import find_spec

import pytest

from abeyance_screening.bench.peers import (
    PEERS,
    Candidates,
    Engine,
    pair_score,
    pairs_a_second,
    peer,
)
from abeyance_screening.bench.trial_answers import Forms, TrialIndex
from abeyance_screening.bench.trials import hold_out_aliases
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import score
from abeyance_screening.primitives.errors import BadInputError
from tests.tools.bench.listed import LISTED, joined, party

INSTALLED = find_spec("nomenklatura") is not None
LIGHT = ("token_sort_ratio", "token_set_ratio", "WRatio", "ratio", "QRatio", "jaro_winkler")
HERE = [name for name in PEERS if INSTALLED or name in LIGHT]


@pytest.mark.parametrize("name", HERE)
def test_a_peer_scores_the_same_name_above_another(name: str):
    engine = peer(name, "organisation")
    same = engine.score("Hangzhou Hikvision", "HANGZHOU HIKVISION")
    other = engine.score("Hangzhou Hikvision", "Bank of Kunlun")
    assert 0.0 <= other < same <= 1.0


@pytest.mark.skipif(INSTALLED, reason="the group is installed")
def test_a_peer_that_is_not_installed_says_how_to_install_it():
    with pytest.raises(BadInputError, match="uv sync --group peers"):
        peer("logic-v2", "organisation")


def test_every_engine_gets_the_nearest_names_and_always_the_right_ones():
    names = [f"Nordlicht Pumps {number}" for number in range(40)]
    trial = hold_out_aliases(joined(party("own-1", *names), *LISTED), range(5))
    index = TrialIndex(trial.names, Forms())
    seen: list[tuple[str, str]] = []
    blind = Engine("blind", lambda one, other: float(bool(seen.append((one, other)))))
    candidates = Candidates(index, trial, ["Nordlicht Dairy"], most=3)
    outcome = candidates.ask(blind)
    for query in trial.queries:
        right = {name.printed for name in trial.names if name.entity == query.entity}
        assert right <= {listed for asked, listed in seen if asked == query.printed}
    assert sum(asked == "Nordlicht Dairy" for asked, _ in seen) == 3
    assert outcome.right.tolist() == [0.0] * len(trial.queries)
    assert outcome.ordinary.tolist() == [0.0]


def test_our_own_pairs_score_as_the_engine_does():
    engine = pair_score(Forms())
    expected = score(normalise("Hikvison"), normalise("Hikvision"))
    assert engine.score("Hikvison", "Hikvision") == expected
    assert pairs_a_second(engine, [("Hikvison", "Hikvision")] * 10) > 0
