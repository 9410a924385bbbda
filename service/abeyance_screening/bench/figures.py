"""Compute the figures of a trial from its answers: thresholds, shares and intervals."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec
import numpy as np

from abeyance_screening.bench.arrays import Flags, Floats, Ints, float_list
from abeyance_screening.bench.trial_answers import Outcome

ALERT_RATES = (0.005, 0.01, 0.05)
ALL = "all"
# The level at which questions count as missed.
JUDGED_BY = "1.0% alerts"
_RESAMPLES = 1_000
_INTERVAL = (2.5, 97.5)
# Where the scores begin of which it is told what they mean.
_SCORES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


class Estimate(msgspec.Struct, frozen=True):
    """A mean over questions, and its 95 % interval by bootstrap over entities."""

    value: float
    low: float
    high: float


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """The figures at one threshold.

    `name` states how the threshold was chosen. At or over it are the share `alert_rate` of
    ordinary companies, the right entity of the share `recall` of the questions, by slice, and on
    average `entities_a_query` entities for each question.
    """

    name: str
    threshold: float
    alert_rate: float
    recall: dict[str, Estimate]
    entities_a_query: Estimate


class ScoreMeaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a score from `score` up to the next one says: how many best scores are there.

    They are those of the `right` entity of each question, and of `ordinary` companies, of which
    the shares `recall` and `alert_rate` are at or over `score`. `odds` are those of being right
    where as many names are listed ones as ordinary ones; None where no ordinary one is there.
    """

    score: float
    right: int
    ordinary: int
    recall: float
    alert_rate: float
    odds: float | None


class FigureSlice(msgspec.Struct, frozen=True):
    """A part of the questions: how many there are, and how often the right entity came first."""

    questions: int
    first: Estimate


class TrialFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one engine on one trial; the slice `all` is first.

    `pairs_a_second` is the number of pairs scored a second on one core, where it was measured.
    """

    trial: str
    engine: str
    names: int
    entities: int
    ordinary: int
    slices: dict[str, FigureSlice]
    levels: tuple[Level, ...]
    meanings: tuple[ScoreMeaning, ...]
    pairs_a_second: float | None = None


class Bootstrap:
    """Draws of entities with replacement, the same for every figure of a trial."""

    def __init__(self, entities: Ints, seed: int) -> None:
        """Draw from `entities`, which has the entity of each question."""
        self._seed = seed
        self._entities = entities

    def mean(self, values: Floats | Flags, of: Flags | None = None) -> Estimate:
        """Return the mean of `values`, one a question, over the questions marked by `of`."""
        chosen = slice(None) if of is None else of
        kept = values[chosen].astype(np.float64)
        if len(kept) == 0:
            return Estimate(0.0, 0.0, 0.0)
        _, group = np.unique(self._entities[chosen], return_inverse=True)
        sizes = np.bincount(group).astype(np.float64)
        sums = np.bincount(group, weights=kept)
        count = len(sizes)
        draw = np.random.default_rng(self._seed)
        drawn = draw.multinomial(count, np.full(count, 1.0 / count), size=_RESAMPLES)
        means = (drawn @ sums) / (drawn @ sizes)
        low, high = float_list(np.percentile(means, _INTERVAL))
        return Estimate(float(kept.mean()), low, high)


def threshold_for(rate: float, ordinary: Floats) -> float:
    """Return the lowest threshold at which at most the share `rate` of the scores alerts.

    It is above 1 where too many of the scores are 1.
    """
    allowed = int(rate * len(ordinary))
    if allowed >= len(ordinary):
        return 0.0
    first_too_many = sorted(float_list(ordinary), reverse=True)[allowed]
    return math.nextafter(first_too_many, math.inf)


def alert_thresholds(ordinary: Floats) -> list[tuple[str, float]]:
    """Return a threshold for each of `ALERT_RATES`, with its name."""
    return [(f"{rate:.1%} alerts", threshold_for(rate, ordinary)) for rate in ALERT_RATES]


def figures_of(
    outcome: Outcome,
    slices: Mapping[str, Flags],
    thresholds: Sequence[tuple[str, float]],
    seed: int,
) -> tuple[dict[str, FigureSlice], tuple[Level, ...]]:
    """Return the size and first places of each slice, and a level for each threshold."""
    bootstrap = Bootstrap(outcome.entities, seed)
    sizes = {
        name: FigureSlice(int(of.sum()), bootstrap.mean(outcome.first, of))
        for name, of in slices.items()
    }
    return sizes, tuple(_level(outcome, slices, each, bootstrap) for each in thresholds)


def meanings_of(outcome: Outcome) -> tuple[ScoreMeaning, ...]:
    """Return what scores from 0.5 on say, by the best scores of right and ordinary names."""
    return tuple(_meaning(outcome, low, high) for low, high in pairwise((*_SCORES, math.inf)))


def _meaning(outcome: Outcome, low: float, high: float) -> ScoreMeaning:
    every = (outcome.right, outcome.ordinary)
    right, ordinary = (int(((each >= low) & (each < high)).sum()) for each in every)
    recall, alert_rate = (float((each >= low).mean()) for each in every)
    asked = len(outcome.ordinary) / len(outcome.right)
    odds = asked * right / ordinary if ordinary else None
    return ScoreMeaning(
        score=low,
        right=right,
        ordinary=ordinary,
        recall=recall,
        alert_rate=alert_rate,
        odds=odds,
    )


def _level(
    outcome: Outcome,
    slices: Mapping[str, Flags],
    named: tuple[str, float],
    bootstrap: Bootstrap,
) -> Level:
    name, threshold = named
    over = outcome.right >= threshold
    answered = outcome.asked[outcome.scores >= threshold]
    counts = np.bincount(answered, minlength=len(outcome.right)).astype(np.float64)
    return Level(
        name=name,
        threshold=threshold,
        alert_rate=float((outcome.ordinary >= threshold).mean()),
        recall={each: bootstrap.mean(over, of) for each, of in slices.items()},
        entities_a_query=bootstrap.mean(counts),
    )
