r"""Fit the tables of the score, and write `score_tables.txt`.

python -m tools.quality.fit_tables --ordinary GLEIF.csv --leave-out Q.jsonl [--half 0]

Matches are the names asked for in the trials of `bundled_trials`, each with its best candidate of
the right entity; with `--half 0` only those of one half of the entities, so that `abeyance bench
quality --half 1` measures entities that were not fitted on. Non-matches are the best candidates of
ordinary companies and of made-up firms of cities (see `city_alerts`), and, at a fifth of the
weight, the best wrong candidates of the names asked for. Names of the benchmark's ordinary
companies are left out. The model is a logistic regression on piecewise linear tables that only
rise (or only fall), so that more likeness never lowers a score.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from abeyance_screening.bench.plain_folding import digest
from abeyance_screening.bench.reading import read_ordinary
from abeyance_screening.bench.trial_answers import Forms, TrialIndex
from abeyance_screening.bench.trials import Trial
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.names.match.kernel import Flags, Floats
from abeyance_screening.engine.names.match.score import (
    ACRONYM,
    IDENTICAL,
    MATCHED,
    PARTS,
    QUERY_COVERED,
    SPELLED_OUT,
    WHOLE,
)
from tools.quality.bundled_trials import trials
from tools.quality.city_alerts import make_up
from tools.quality.survey import Survey, best_of

_TARGET = Path("service/abeyance_screening/engine/names/match/data/score_tables.txt")
_HEAD = """# Log-odds that each part of the score adds, by what was measured: value=log_odds …,
# straight lines between the points. Built by tools/quality/fit_tables.py; do not edit.
"""
# The points of the fitted tables, in twentieths; the tables of `_FALLING` fall. In `listed_gap` a
# city or a trade phrase left over counts as much as a rare word.
_POINTS: dict[str, tuple[float, ...]] = {
    "matched_words": (0, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3),
    "query_covered": (0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1),
    "rarest_word": (0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1),
    "whole_spelling": (0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1),
    "listed_gap": (0, 0.65, 1),
    "first_word": (0, 0.5, 1),
    "acronym": (0, 3, 4, 5),
    "spelled_out": (0, 3, 4, 5),
    "conflict": (0, 1),
    "legal_form_conflict": (0, 1, 2),
    "type_conflict": (0, 0.5, 1),
}
_FALLING = frozenset({"listed_gap", "conflict", "legal_form_conflict", "type_conflict"})
# Not fitted, because guarantees depend on them. `same_words` is the least sum of the same words in
# another order, however common they are ("General Trading LLC"); of a person they are 2, because
# surname and given names come in any order. `identical` is that of the
# identical name: a weak alias with it must stay above every other spelling, and any other name
# with it scores 1. A weak alias is worth less than another name of the same spelling.
# `common_words` is chosen by the alerts of made-up names of trades and places.
_GIVEN = {
    "same_words": "0=0 1=2 2=3.5",
    "identical": "0=0 1=5",
    "common_words": "0=0 1=-0.6 2=-1.2 3=-1.5",
    "weak_alias": "0=0 1=-3",
}
# The least fall: Plant 27 is not Plant 29, and Ivan Petrovich is not the son of Pavel.
_LEAST_FALL = {"conflict": -3.0}
# The most that two names without a common word reach by their spelling: a score under 0.1.
_UNSHARED_LOG_ODDS = -2.25
_ORDINARY = 9_000
_CANDIDATES = 60
_WRONG_WEIGHT = 0.2
_LATER_ORDINARY_WEIGHT = 0.3
_MADE_UP_WEIGHT = 0.3
_LEAST_MATCHED = 0.3
_ROUNDS = 3
_STEPS = 800
_RIDGE = 1e-3


class Choice(msgspec.Struct, frozen=True):
    """The candidates of one question: rows of measured values, which are right, and its weight.

    No candidate is right for an ordinary company.
    """

    values: Floats
    right: Flags
    weight: float


def main() -> None:
    """Read the names, fit the tables, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("ordinary", "leave-out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--half", type=int, choices=(0, 1))
    options = parser.parse_args()
    left_out = frozenset(_ordinary(options.leave_out))
    names = [name for name in _ordinary(options.ordinary) if name not in left_out]
    ordinary = sorted(names, key=digest)[:_ORDINARY]
    made_up = [firm for firms in make_up(names, 0).values() for firm in firms]
    choices = list(_choices(ordinary, made_up, options.half))
    _TARGET.write_text(_HEAD + _write(_fit_rounds(choices)) + "\n", encoding="utf-8")


def _ordinary(path: Path) -> list[str]:
    return read_ordinary(GivenFile(path.name, path.read_bytes()))


def _choices(
    ordinary: Sequence[str], made_up: Sequence[str], half: int | None
) -> Iterator[Choice]:
    """Yield the candidates of all questions; made-up firms are only in the first trial."""
    forms, asked = Forms(), [(name, 1.0) for name in ordinary]
    asked += [(firm, _MADE_UP_WEIGHT) for firm in made_up]
    for joined, trial in trials():
        index = TrialIndex(trial.names, forms)
        survey = Survey(index.index, _CANDIDATES)
        entities = np.array([trial.names[place].entity for place in index.places])
        for query in trial.queries:
            if half is None or joined.half(query.entity) == half:
                names, rows = survey.of(forms.of(query.printed))
                yield Choice(rows.copy(), entities[names] == query.entity, 1.0)
        for name, weight in asked:
            names, rows = survey.of(forms.of(name))
            yield Choice(rows.copy(), np.zeros(len(names), dtype=np.bool_), weight)
        asked = [(name, _LATER_ORDINARY_WEIGHT) for name in ordinary[: len(ordinary) // 4]]
        print(_title(trial), flush=True)


def _title(trial: Trial) -> str:
    return f"{trial.title}: {len(trial.names)} names, {len(trial.queries)} questions"


def _fit_rounds(choices: Sequence[Choice]) -> Floats:
    """Fit in rounds: each round fits on the candidates that the last fit rates best."""
    weights = np.zeros(0)
    for _ in range(_ROUNDS):
        rows: list[Floats] = []
        labels: list[tuple[float, float]] = []
        for choice in choices:
            rated = _rate(choice.values, weights)
            identical = choice.values[:, IDENTICAL] > 0.0
            best = best_of(rated, choice.right)
            if best >= 0 and _says_something(choice.values[best]):
                rows.append(choice.values[best])
                labels.append((1.0, choice.weight))
            wrong = best_of(rated, ~choice.right & ~identical)
            if wrong >= 0:
                rows.append(choice.values[wrong])
                share = _WRONG_WEIGHT if choice.right.any() else 1.0
                labels.append((0.0, share * choice.weight))
        truth, importance = np.array(labels).T
        weights = _fit(_pieces(np.array(rows)), truth, importance)
    return weights


def _says_something(values: Floats) -> bool:
    """Return whether enough was met: a pair that shares nothing cannot show how names meet."""
    acronym = values[ACRONYM] + values[SPELLED_OUT]
    return bool(values[MATCHED] >= _LEAST_MATCHED or acronym > 0.0)


def _rate(values: Floats, weights: Floats) -> Floats:
    """Rate each candidate by the last fit, or in the first round by three of its values."""
    if len(weights) == 0:
        return values[:, 0] + 2.0 * values[:, QUERY_COVERED] + 1.5 * values[:, WHOLE]
    return _pieces(values) @ weights


def _pieces(values: Floats) -> Floats:
    """Return a column of ones, then for each piece of each table the share that a value covers."""
    columns = [np.ones(len(values))]
    for part, points in _POINTS.items():
        sign, place = -1.0 if part in _FALLING else 1.0, PARTS.index(part)
        for start, end in pairwise(points):
            columns.append(sign * np.clip((values[:, place] - start) / (end - start), 0.0, 1.0))
    return np.stack(columns, axis=1)


def _fit(pieces: Floats, truth: Floats, importance: Floats) -> Floats:
    """Fit weights of the pieces, only the first below 0, by accelerated projected gradient."""
    curvature = 0.25 * np.linalg.eigvalsh((pieces * importance[:, None]).T @ pieces)[-1] + _RIDGE
    weights = ahead = np.full(pieces.shape[1], 0.3)
    momentum = 1.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-pieces @ ahead))
        step = ahead - (pieces.T @ (importance * (chance - truth)) + _RIDGE * ahead) / curvature
        step[1:] = np.maximum(step[1:], 0.0)
        faster = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = step + (momentum - 1.0) / faster * (step - weights)
        weights, momentum = step, faster
    return weights


def _write(weights: Floats) -> str:
    lines = [f"base: 0={weights[0]:.2f}"]
    start = 1
    for part, points in _POINTS.items():
        sign = -1.0 if part in _FALLING else 1.0
        risen = sign * np.concatenate([[0.0], np.cumsum(weights[start : start + len(points) - 1])])
        risen[1:] = np.minimum(risen[1:], _LEAST_FALL.get(part, np.inf))
        if part == "whole_spelling":
            risen = np.minimum(risen, _UNSHARED_LOG_ODDS - weights[0])
        pairs = zip(points, risen, strict=True)
        lines.append(f"{part}: " + " ".join(f"{point:g}={odds:.2f}" for point, odds in pairs))
        start += len(points) - 1
    lines += [f"{part}: {points}" for part, points in _GIVEN.items()]
    return "\n".join(lines).replace("=-0.00", "=0.00")


if __name__ == "__main__":
    main()
