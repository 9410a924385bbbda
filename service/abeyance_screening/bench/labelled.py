"""Figures of labelled pairs of names: how well the score separates matches from others."""

from collections.abc import Sequence

import msgspec
import numpy as np

from abeyance_screening.bench.arrays import Flags, Floats, equal_to
from abeyance_screening.bench.figures import ALL
from abeyance_screening.bench.other_trials import Pair
from abeyance_screening.bench.trial_answers import Forms
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, score_forms


class PairFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the pairs of one file, or of one category in it.

    `recall` is the share of matches at or over the threshold, `false_share` that of the other
    pairs, and `auc` how often a match scores above another pair, where a tie counts half. Each is
    None where there are no such pairs.
    """

    name: str
    category: str
    matches: int
    others: int
    recall: float | None
    false_share: float | None
    auc: float | None


def score_pairs(pairs: Sequence[Pair], forms: Forms) -> Floats:
    """Return the score of each pair, with the candidate as a primary name."""
    return np.array(
        [score_forms(forms.asked(pair.query), forms.all(pair.candidate)) for pair in pairs],
        dtype=np.float64,
    )


def pair_figures(
    name: str, pairs: Sequence[Pair], scores: Floats, threshold: float = DEFAULT_THRESHOLD
) -> tuple[PairFigures, ...]:
    """Return the figures of all pairs, then those of each category in alphabetical order."""
    truth = np.array([pair.is_match for pair in pairs], dtype=np.bool_)
    categories = [pair.category for pair in pairs]
    chosen = {ALL: np.ones(len(pairs), dtype=np.bool_)}
    chosen |= {each: equal_to(categories, each) for each in sorted(set(categories))}
    return tuple(
        _figures(name, category, truth[of], scores[of], threshold)
        for category, of in chosen.items()
    )


def _figures(
    name: str, category: str, truth: Flags, scores: Floats, threshold: float
) -> PairFigures:
    over = scores >= threshold
    return PairFigures(
        name=name,
        category=category,
        matches=int(truth.sum()),
        others=int((~truth).sum()),
        recall=_share(over[truth]),
        false_share=_share(over[~truth]),
        auc=auc(scores[truth], scores[~truth]),
    )


def _share(flags: Flags) -> float | None:
    return float(flags.mean()) if len(flags) else None


def auc(matches: Floats, others: Floats) -> float | None:
    """Return how often a match scores above another pair; None if either kind is missing."""
    if len(matches) == 0 or len(others) == 0:
        return None
    ordered = np.sort(others)
    below = np.searchsorted(ordered, matches, side="left")
    not_above = np.searchsorted(ordered, matches, side="right")
    return float((below + not_above).mean() / (2 * len(others)))
