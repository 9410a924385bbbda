"""The score: what an alignment is worth in log-odds, part by part."""

import msgspec
import numpy as np

from service.match.align import Alignment, align
from service.match.arrays import Flags, Floats, Ints, equal
from service.match.columns import Columns
from service.match.question import Question
from service.match.tables import TABLES

_BASE = np.zeros(1)


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """One row a name: what was measured, what each part adds, their sum, and the score.

    The score is in [0, 1]: 1 for an identical name, unless its publisher calls it weak, and
    below 1 for every other.
    """

    aligned: Alignment
    values: dict[str, Floats]
    log_odds: dict[str, Floats]
    total: Floats
    scores: Floats


def weigh_evidence(question: Question, columns: Columns, names: Ints) -> Evidence:
    """Measure each of `names` against the question and add up; all have words."""
    aligned = align(question, columns, names)
    values = _measure(aligned, question, columns, names)
    log_odds = {part: TABLES[part].read(value) for part, value in values.items()}
    total = np.zeros(len(names))
    for part in log_odds.values():
        total = total + part
    scores = 1.0 / (1.0 + np.exp(-total))
    certain = ~equal(values["identical"], 0.0) & equal(values["weak_alias"], 0.0)
    scores[certain] = 1.0
    return Evidence(aligned, values, log_odds, total, scores)


def _measure(
    aligned: Alignment, question: Question, columns: Columns, names: Ints
) -> dict[str, Floats]:
    legal_forms = columns.legal_forms[names]
    conflict = (
        ~equal(legal_forms, 0)
        & (question.legal_forms != 0)
        & equal(legal_forms & question.legal_forms, 0)
    )
    measured: dict[str, Floats | Flags] = {
        "base": _BASE,
        "matched_words": aligned.bits,
        "query_covered": aligned.query_covered,
        "listed_covered": aligned.listed_covered,
        "same_words": (aligned.query_left == 0.0) & (aligned.listed_left == 0.0),
        "identical": columns.identity[names] == question.identity,
        "acronym": _acronym_length(question, columns, names),
        "number_conflict": aligned.number_conflict,
        "legal_form_conflict": conflict,
        "weak_alias": columns.weak[names],
    }
    return {part: value.astype(np.float64) for part, value in measured.items()}


def _acronym_length(question: Question, columns: Columns, names: Ints) -> Floats:
    """Letters of the acronym where one side is one word and the other spells it out, else 0."""
    lengths = np.zeros(len(names))
    if len(question.words) == 1:
        met = equal(columns.acronym_keys[names], question.word_keys[:1]).max(axis=1)
        lengths[met] = len(question.words[0])
        return lengths
    first = columns.word_keys[columns.flat[columns.starts[names]]]
    for key, length in question.acronyms:
        met = equal(columns.counts[names], 1) & equal(first, key)
        lengths[met] = length
    return lengths
