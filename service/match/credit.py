"""How much of a word's weight another spelling of it earns."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cdist

from service.match.arrays import Floats, row

# Similarity is 1 - edits / length of the longer word, a swap of neighbours being one edit. One
# edit in three letters earns nothing (ZTE is not ZTO), in four next to nothing, in nine most of
# the weight (Hikvison). Chosen on held-out aliases of the US and UN lists; raising the middle of
# the table finds more misspellings and alerts on more ordinary look-alikes.
_SIMILARITIES = (0.72, 0.75, 0.80, 0.834, 0.86, 0.89, 0.92, 1.0)
_CREDITS = (0.0, 0.15, 0.40, 0.55, 0.68, 0.83, 0.89, 1.0)


def give_credit(similarities: Floats) -> Floats:
    """Credit in [0, 1] for each similarity in [0, 1]; monotone, 1 only for the same word."""
    return np.interp(similarities, _SIMILARITIES, _CREDITS)


def compare_words(ours: Sequence[str], theirs: Sequence[str]) -> Floats:
    """Similarity of every word of `ours` (rows) with every word of `theirs` (columns)."""
    return cdist(
        ours,
        theirs,
        scorer=OSA.normalized_similarity,
        score_cutoff=_SIMILARITIES[0],
        dtype=np.float64,
    )


def compare_whole(ours: str, theirs: Sequence[str]) -> Floats:
    """Share of letters that two names without spaces have in common and in order, 0 to 1."""
    return row(cdist([ours], theirs, scorer=Indel.normalized_similarity, dtype=np.float64), 0)
