"""Soft alignment: which words of a question meet which words of many names, and how fully."""

import msgspec
import numpy as np

from service.match.arrays import Flags, Floats, Ints, equal, int_list, spread
from service.match.columns import Columns
from service.match.credit import compare_words, give_credit
from service.match.question import Question


class Alignment(msgspec.Struct, frozen=True, gc=False):
    """One row a name, in the order asked.

    `bits` is the weight of the words that were met, each pair at most the lesser weight of the
    two, times its credit, and no word counted twice; `rarest` is the largest pair. `query_left`
    and `listed_left` are the weights left over.
    `number_conflict` marks names where each side has a number the other lacks.
    `credit` is question words by words of all names, whose runs begin at `begins`.
    """

    bits: Floats
    rarest: Floats
    query_left: Floats
    listed_left: Floats
    number_conflict: Flags
    credit: Floats
    flat: Ints
    begins: Ints

    @property
    def query_covered(self) -> Floats:
        """The share of the question that was met, 0 to 1."""
        return _share(self.bits, self.query_left)

    @property
    def listed_covered(self) -> Floats:
        """The share of the listed name that was met, 0 to 1."""
        return _share(self.bits, self.listed_left)


def align(question: Question, columns: Columns, names: Ints) -> Alignment:
    """Align the question with each of `names`; every name and the question have words."""
    counts = columns.counts[names]
    places = spread(columns.starts[names], counts)
    flat = columns.flat[places]
    begins = np.cumsum(counts) - counts
    similar = compare_words(question.words, [columns.words[word] for word in int_list(flat)])
    digits = question.digits[:, None] | columns.digits[flat]
    similar[digits & (similar < 1.0)] = 0.0
    credit = give_credit(similar)
    if columns.may_join(question.word_keys, question.pair_keys):
        _credit_joined(credit, question, columns.word_keys[flat], columns.pair_keys[places])
    weights = columns.weights[flat]
    met = credit * np.minimum(question.weights[:, None], weights)
    listed_met: Floats = met.max(axis=0)
    best_met = np.maximum.reduceat(met, begins, axis=1)
    best = np.maximum.reduceat(credit, begins, axis=1)
    listed_best = credit.max(axis=0)
    return Alignment(
        bits=np.minimum(best_met.sum(axis=0), np.add.reduceat(listed_met, begins)),
        rarest=best_met.max(axis=0),
        query_left=((1.0 - best) * question.weights[:, None]).sum(axis=0),
        listed_left=np.add.reduceat((1.0 - listed_best) * weights, begins),
        number_conflict=_number_conflict(
            question, best, listed_best, columns.numbers[flat], begins
        )
        if question.has_number
        else np.zeros(len(names), dtype=np.bool_),
        credit=credit,
        flat=flat.astype(np.int64),
        begins=begins,
    )


def _credit_joined(credit: Floats, question: Question, words: Ints, pairs: Ints) -> None:
    """Give full credit where two neighbouring words of one side are one word of the other."""
    split, place = np.nonzero(equal(question.word_keys[:, None], pairs))
    credit[split, place] = credit[split, place + 1] = 1.0
    joined, place = np.nonzero(equal(question.pair_keys[:, None], words))
    credit[joined, place] = credit[joined + 1, place] = 1.0


def _number_conflict(
    question: Question, best: Floats, listed_best: Floats, numbers: Flags, begins: Ints
) -> Flags:
    unmet: Flags = (equal(best, 0.0) & question.numbers[:, None]).max(axis=0)
    return unmet & np.maximum.reduceat(equal(listed_best, 0.0) & numbers, begins)


def _share(met: Floats, left: Floats) -> Floats:
    return met / (met + left)
