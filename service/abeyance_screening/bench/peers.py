"""Measure other engines on the same trial: nomenklatura's matchers and plain string measures.

These engines score pairs and have no index, so each gets the same candidates: the names that this
program's index finds nearest, and all names of the right entity. That favours them, because alerts
on any other names are not counted.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Protocol, cast

import msgspec
from rapidfuzz import fuzz, utils
from rapidfuzz.distance import JaroWinkler

from abeyance_screening.bench.trial_answers import Forms, Outcome, TrialIndex
from abeyance_screening.bench.trials import Trial
from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, SCORER_VERSION, score
from abeyance_screening.primitives.errors import BadInputError

_FUZZY = {
    "ratio": fuzz.ratio,
    "partial_ratio": fuzz.partial_ratio,
    "token_sort_ratio": fuzz.token_sort_ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
    "QRatio": fuzz.QRatio,
}
_JARO_WINKLER = "jaro_winkler"
_NOMENKLATURA = ("logic-v2", "logic-v1", "name-based", "name-qualified", "ofac", "regression-v1")
PEERS = (*_NOMENKLATURA, *_FUZZY, _JARO_WINKLER)
# The default threshold of yente, the service built on nomenklatura.
# Source: https://www.opensanctions.org/docs/api/scoring/
_YENTE_THRESHOLD = 0.7
_SCHEMATA: dict[EntityType, str] = {
    "organisation": "Company",
    "person": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
}


class Engine(msgspec.Struct, frozen=True):
    """An engine that scores two printed names in [0, 1]; `threshold` is its default, if any."""

    name: str
    score: Callable[[str, str], float]
    threshold: float | None = None


class _PeerProxy(Protocol):
    id: str | None

    def add(self, prop: str, values: str) -> None: ...


class _Model(Protocol):
    def make_entity(self, schema: str) -> _PeerProxy: ...


class _FollowTheMoney(Protocol):
    model: _Model


class _Result(Protocol):
    score: float


class _Algorithm(Protocol):
    def default_config(self) -> object: ...
    def compare(self, query: _PeerProxy, result: _PeerProxy, config: object) -> _Result: ...


class _Matching(Protocol):
    def get_algorithm(self, name: str) -> _Algorithm | None: ...


def peer(name: str, entity_type: EntityType) -> Engine:
    """Return one of `PEERS`; nomenklatura treats every name as one of `entity_type`.

    Raises:
        BadInputError: There is no such peer, or its packages are not installed.
    """
    if name in _FUZZY:
        measure = _FUZZY[name]
        return Engine(
            name, lambda one, other: measure(one, other, processor=utils.default_process) / 100.0
        )
    if name == _JARO_WINKLER:
        return Engine(
            name,
            lambda one, other: JaroWinkler.normalized_similarity(
                one, other, processor=utils.default_process
            ),
        )
    return Engine(name, _nomenklatura(name, _SCHEMATA[entity_type]), _YENTE_THRESHOLD)


def _nomenklatura(name: str, schema: str) -> Callable[[str, str], float]:
    """Return a matcher of nomenklatura, with the entities of names cached."""
    try:
        matching = cast("_Matching", cast("object", import_module("nomenklatura.matching")))
        ftm = cast("_FollowTheMoney", cast("object", import_module("followthemoney")))
    except ImportError:
        reason = f"{name} is not installed; `uv sync --group peers` installs it"
        raise BadInputError("--peers", reason) from None
    algorithm = matching.get_algorithm(name) if name in _NOMENKLATURA else None
    if algorithm is None:
        reason = f"{name!r} is not one of: {', '.join(PEERS)}"
        raise BadInputError("--peers", reason)
    proxies: dict[str, _PeerProxy] = {}
    config = algorithm.default_config()

    def proxy(printed: str) -> _PeerProxy:
        if printed not in proxies:
            made = ftm.model.make_entity(schema)
            made.id = f"name-{len(proxies)}"
            made.add("name", printed)
            proxies[printed] = made
        return proxies[printed]

    return lambda one, other: algorithm.compare(proxy(one), proxy(other), config).score


def pair_score(forms: Forms) -> Engine:
    """Return this program as a peer: its score of single pairs, on the same candidates."""
    return Engine(
        f"abeyance {SCORER_VERSION}, pairs",
        lambda one, other: score(forms.of(one), forms.of(other)),
        DEFAULT_THRESHOLD,
    )


class Candidates:
    """The candidates of each question and each ordinary name, as places of names to score."""

    def __init__(
        self, index: TrialIndex, trial: Trial, ordinary: Sequence[str], most: int
    ) -> None:
        """Find the nearest `most` names of each question, and add those of the right entity."""
        self.index = index
        self.trial = trial
        self.ordinary = ordinary
        own: dict[int, list[int]] = {}
        for place, name in enumerate(trial.names):
            own.setdefault(name.entity, []).append(place)
        self._asked = [
            list(dict.fromkeys((*self._near(query.printed, most), *own.get(query.entity, ()))))
            for query in trial.queries
        ]
        self._met = [self._near(name, most) for name in ordinary]

    def _near(self, printed: str, most: int) -> list[int]:
        found = self.index.near(printed, 0.0)
        return [self.index.places[match.name] for match in found[:most]]

    def ask(self, engine: Engine) -> Outcome:
        """Score all candidates of questions and ordinary names; ties keep our index's order."""
        answers = (
            self._best(engine, query.printed, places)
            for query, places in zip(self.trial.queries, self._asked, strict=True)
        )
        tops = (
            max(self._best(engine, name, places).values(), default=0.0)
            for name, places in zip(self.ordinary, self._met, strict=True)
        )
        return Outcome.of(self.trial.queries, answers, tops)

    def _best(self, engine: Engine, printed: str, places: Sequence[int]) -> dict[int, float]:
        names = self.trial.names
        scored = [(engine.score(printed, names[place].printed), place) for place in places]
        best: dict[int, float] = {}
        for reached, place in sorted(scored, key=lambda each: -each[0]):
            best.setdefault(names[place].entity, reached)
        return best

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs of all questions, as printed."""
        for query, places in zip(self.trial.queries, self._asked, strict=True):
            for place in places:
                yield query.printed, self.trial.names[place].printed


def pairs_a_second(engine: Engine, pairs: Sequence[tuple[str, str]]) -> float:
    """Return the pairs scored a CPU second, once all names are cached."""
    for one, other in pairs:
        engine.score(one, other)
    started = time.process_time()
    for one, other in pairs:
        engine.score(one, other)
    return len(pairs) / max(time.process_time() - started, 1e-9)
