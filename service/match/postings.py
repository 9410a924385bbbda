"""The first stage: which names share letters with a question.

Every word with its two ends is cut into runs of three letters (grams); a gram's posting is the
ascending list of names that have it. A name's nearness is the weight of the question's words that
its grams cover. Rare grams are read first, up to a budget of postings, so that the cost grows
slower than the number of names.
"""

from collections.abc import Sequence

import numpy as np

from service.match.arrays import Flags, Floats, Ints, Positions, int_list, spread
from service.match.columns import Columns
from service.match.question import Question
from service.model.pace import Rest, no_rest

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS = np.zeros(256, dtype=np.int64)
_LETTERS[np.frombuffer(_ALPHABET.encode(), dtype=np.uint8)] = np.arange(1, len(_ALPHABET) + 1)
_BASE = len(_ALPHABET) + 1
_GRAMS = _BASE**3

# Postings read for one question, as a share of the names and at the least. Against 0.25 and 20,000
# the right name is among the first 64 as often (one letter dropped: .987 and .989; held-out names
# at 1 % alerts: .612 and .609), in three fifths of the time.
_BUDGET_SHARE = 0.16
_LEAST_BUDGET = 12_000
# A name is a candidate when it covers this share of the question's weight.
_LEAST_COVER = 0.25


class Postings:
    """Names by the grams of their words; immutable."""

    def __init__(self, columns: Columns, rest: Rest = no_rest) -> None:
        self._size = len(columns.counts)
        self._weights: Floats = np.add.reduceat(columns.weights[columns.flat], columns.starts)
        grams, lengths = cut_grams(columns.words)
        rest()
        starts = np.cumsum(lengths) - lengths
        per_word = lengths[columns.flat]
        gram_of = grams[spread(starts[columns.flat], per_word)]
        rest()
        name_of = np.repeat(np.repeat(np.arange(self._size), columns.counts), per_word)
        rest()
        # a sort lets other threads run meanwhile, numpy's own unique does not
        pairs = np.sort(gram_of * self._size + name_of)
        rest()
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        rest()
        self._names: Positions = (pairs % self._size).astype(np.int32)
        rest()
        counts = np.bincount(pairs // self._size, minlength=_GRAMS)
        self._starts: Ints = np.concatenate([[0], np.cumsum(counts)])
        rest()

    def find(self, question: Question, allowed: Flags | None, most: int) -> Ints:
        """At most `most` names, nearest first; `allowed` marks the names that may be found.

        With `allowed` no budget is kept: a small list is searched to the end.
        """
        grams, weights = self._choose(question, whole=allowed is not None)
        if len(grams) == 0:
            return np.zeros(0, dtype=np.int64)
        starts = int_list(self._starts[grams])
        ends = int_list(self._starts[grams + 1])
        read = [self._names[start:end] for start, end in zip(starts, ends, strict=True)]
        lengths = self._starts[grams + 1] - self._starts[grams]
        near = np.bincount(
            np.concatenate(read), weights=np.repeat(weights, lengths), minlength=self._size
        )
        if allowed is not None:
            near *= allowed
        found = np.flatnonzero(near > _LEAST_COVER * weights.sum())
        return self._nearest(found, near[found], question.total, most)

    def _choose(self, question: Question, *, whole: bool) -> tuple[Ints, Floats]:
        """The grams to read with the weight that each covers, rarest first."""
        grams, lengths = cut_grams(question.words)
        shares = np.repeat(question.weights / lengths, lengths)
        grams, place = np.unique(grams, return_inverse=True)
        weights = np.bincount(place, weights=shares)
        sizes = self._starts[grams + 1] - self._starts[grams]
        order = np.argsort(sizes, kind="stable")
        order = order[sizes[order] > 0]
        if not whole:
            budget = max(_LEAST_BUDGET, int(_BUDGET_SHARE * self._size))
            within = int(np.searchsorted(np.cumsum(sizes[order]), budget, side="right"))
            order = order[: max(within, 1)]
        return grams[order], weights[order]

    def _nearest(self, found: Ints, near: Floats, total: float, most: int) -> Ints:
        """Nearest first: what is covered, of the question and of the name."""
        rank = near / total + 0.5 * np.minimum(near / self._weights[found], 1.0)
        if len(found) > most:
            best = np.sort(np.argpartition(-rank, most)[:most])
            found, rank = found[best], rank[best]
        return found[np.argsort(-rank, kind="stable")]


def cut_grams(words: Sequence[str]) -> tuple[Ints, Ints]:
    """The grams of all words one after another, and how many each word has: its length."""
    letters = _LETTERS[np.frombuffer(f" {' '.join(words)} ".encode(), dtype=np.uint8)]
    middle = np.flatnonzero(letters)
    grams = (letters[middle - 1] * _BASE + letters[middle]) * _BASE + letters[middle + 1]
    return grams, np.array([len(word) for word in words], dtype=np.int64)
