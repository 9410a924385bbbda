r"""Fits the score's tables; writes `score_tables.txt`.

python -m tests.quality.fit_tables --us CSL.json --un UN.xml --ordinary GLEIF.csv \
    --leave-out Q.jsonl

Matches are the held-out names of half of the entities (`retrieval.hold_out`), each with its best
candidate of the right entity; the other half is what `abeyance bench quality --half 1` asks.
Others are ordinary companies' best candidates, and at a fifth of their weight the best wrong
candidates of the held-out names. Names of the benchmark's ordinary companies are left out. The
model is a logistic regression on straight pieces that may only rise (or only fall), so that more
likeness never lowers a score. Inputs are in the public domain or CC0.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from service.match.arrays import Flags, Floats
from service.match.evidence import weigh_evidence
from service.match.index import NameIndex
from service.match.question import Question
from service.model.matching import ComparisonForm
from service.normalise import normalise
from tests.quality.names import read_ordinary, read_ordinary_queries, read_un, read_us
from tests.quality.retrieval import Trial, digest, hold_out

_TARGET = Path("service/match/data/score_tables.txt")
_HEAD = """# Log-odds that each part of the score adds, by what was measured: value=log_odds …,
# straight lines between the points. Built by tests/quality/fit_tables.py; do not edit.
"""
# Points of the fitted tables; a table falls where its sign is negative.
_POINTS: dict[str, tuple[float, ...]] = {
    "matched_words": (0, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5),
    "query_covered": (0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1),
    "listed_covered": (0, 0.2, 0.4, 0.6, 0.8, 1),
    "rarest_word": (0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1),
    "whole_spelling": (0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1),
    "acronym": (0, 4, 5),
    "legal_form_conflict": (0, 1),
}
_FALLING = frozenset({"legal_form_conflict"})
# Not fitted, because the guarantees rest on them. `same_words` is the sum that the same words in
# another order reach at the least, whatever they say ("General Trading LLC"); what it adds is what
# the other parts lack. The identical name is above every other. Plant 27 is not Plant 29. A weak
# alias is worth less than another name of the same spelling.
_GIVEN = {
    "same_words": "0=0 1=2",
    "identical": "0=0 1=1",
    "number_conflict": "0=0 1=-3",
    "weak_alias": "0=0 1=-3",
}
_ORDINARY = 12_000
_CANDIDATES = 128
_WRONG_WEIGHT = 0.2
_ROUNDS = 4
_STEPS = 1500
_RIDGE = 1e-3


class Choice(msgspec.Struct, frozen=True):
    """The candidates of one query: what was measured (rows), which are right, which identical."""

    values: Floats
    right: Flags
    identical: Flags


def main() -> None:
    """Read, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("us", "un", "ordinary", "leave-out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    trial = hold_out(read_us(options.us) + read_un(options.un))
    left_out = frozenset(read_ordinary_queries(options.leave_out))
    ordinary = [name for name in read_ordinary(options.ordinary) if name not in left_out]
    forms = [normalise(name) for name in sorted(ordinary, key=digest)[:_ORDINARY]]
    listed = list(_listed_choices(trial))
    others = [_measure(trial.index, form) for form in forms]
    _TARGET.write_text(_HEAD + _write(_fit_rounds(listed, others)) + "\n", encoding="utf-8")


def _listed_choices(trial: Trial) -> Iterator[Choice]:
    entities = np.array([trial.entities[name.listing] for name in trial.names])
    for query in trial.queries:
        if query.half == 0 and query.shares_word:
            yield _measure(trial.index, query.form, entities == query.entity)


def _measure(index: NameIndex, form: ComparisonForm, entity: Flags | None = None) -> Choice:
    question = Question(form)
    names = index.find_candidates(question, None)[0][:_CANDIDATES]
    if len(names) == 0:
        return Choice(np.zeros((0, len(_POINTS))), np.zeros(0, bool), np.zeros(0, bool))
    values = weigh_evidence(question, index.columns, names).values
    right = entity[names] if entity is not None else np.zeros(len(names), dtype=bool)
    measured = np.stack([values[part].astype(np.float64) for part in _POINTS], axis=1)
    return Choice(measured, right, values["identical"] > 0)


def _fit_rounds(listed: Sequence[Choice], others: Sequence[Choice]) -> Floats:
    """Choose each query's best candidates by the last fit, fit again."""
    weights = np.ones(1 + sum(len(points) - 1 for points in _POINTS.values()))
    for _ in range(_ROUNDS):
        rows: list[Floats] = []
        labels: list[tuple[float, float]] = []
        for choice in listed:
            _choose(rows, labels, choice, choice.right, (1.0, 1.0), weights)
            wrong = ~choice.right & ~choice.identical
            _choose(rows, labels, choice, wrong, (0.0, _WRONG_WEIGHT), weights)
        for choice in others:
            _choose(rows, labels, choice, ~choice.identical, (0.0, 1.0), weights)
        truth, importance = np.array(labels).T
        weights = _fit(_pieces(np.array(rows)), truth, importance)
    return weights


def _choose(rows, labels, choice: Choice, of: Flags, label, weights: Floats) -> None:
    if of.any():
        rated = _pieces(choice.values[of]) @ weights
        rows.append(choice.values[of][rated.argmax()])
        labels.append(label)


def _pieces(values: Floats) -> Floats:
    """A column of ones, then for each piece of each table how far it has been run through."""
    columns = [np.ones(len(values))]
    for place, (part, points) in enumerate(_POINTS.items()):
        sign = -1.0 if part in _FALLING else 1.0
        for start, end in pairwise(points):
            columns.append(sign * np.clip((values[:, place] - start) / (end - start), 0.0, 1.0))
    return np.stack(columns, axis=1)


def _fit(pieces: Floats, truth: Floats, importance: Floats) -> Floats:
    """Weights of the pieces, none below zero but the first: accelerated projected gradient."""
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
        pairs = zip(points, risen, strict=True)
        lines.append(f"{part}: " + " ".join(f"{point:g}={odds:.2f}" for point, odds in pairs))
        start += len(points) - 1
    lines += [f"{part}: {points}" for part, points in _GIVEN.items()]
    return "\n".join(lines).replace("=-0.00", "=0.00")


if __name__ == "__main__":
    main()
