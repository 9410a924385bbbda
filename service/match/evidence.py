"""The score: what an alignment is worth in log-odds, part by part."""

import msgspec
import numpy as np

from service.match.align import Alignment, align
from service.match.arrays import Flags, Floats, Ints, equal, int_list
from service.match.columns import Columns
from service.match.credit import compare_whole
from service.match.question import Question
from service.match.tables import TABLES

_BASE = np.zeros(1)
_OWN_NAME = frozenset({"same_words", "identical"})


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """One row a name: what was measured, what each part adds, their sum, and the score.

    The score is in [0, 1]: 1 for an identical name, unless its publisher calls it weak, and
    below 1 for every other.
    """

    aligned: Alignment
    values: dict[str, Floats | Flags]
    log_odds: dict[str, Floats]
    total: Floats
    scores: Floats


def weigh_evidence(question: Question, columns: Columns, names: Ints) -> Evidence:
    """Measure each of `names` against the question and add up; all have words."""
    aligned = align(question, columns, names)
    values = _measure(aligned, question, columns, names)
    log_odds = {part: TABLES[part].read(value) for part, value in values.items()}
    # The same words in another order reach at least what their table says; the part adds the rest.
    likeness = np.zeros(len(names))
    for part, added in log_odds.items():
        if part not in _OWN_NAME:
            likeness = likeness + added
    lift = np.maximum(log_odds["same_words"] - likeness, 0.0)
    log_odds["same_words"] = np.where(values["same_words"], lift, 0.0)
    total = likeness + log_odds["same_words"] + log_odds["identical"]
    scores = 1.0 / (1.0 + np.exp(-total))
    scores[values["identical"] > values["weak_alias"]] = 1.0
    return Evidence(aligned, values, log_odds, total, scores)


def _measure(
    aligned: Alignment, question: Question, columns: Columns, names: Ints
) -> dict[str, Floats | Flags]:
    return {
        "base": _BASE,
        "matched_words": aligned.bits,
        "query_covered": aligned.query_covered,
        "listed_covered": aligned.listed_covered,
        "rarest_word": aligned.rarest,
        "whole_spelling": compare_whole(question.run_together, _run_together(columns, names)),
        "acronym": _acronym_length(question, columns, names, aligned),
        "number_conflict": aligned.number_conflict,
        "legal_form_conflict": _legal_form_conflict(question, columns, names),
        "weak_alias": columns.weak[names],
        "same_words": equal(columns.same_words[names], question.same_words),
        "identical": equal(columns.identity[names], question.identity),
    }


def _run_together(columns: Columns, names: Ints) -> list[str]:
    return [columns.run_together[name] for name in int_list(names)]


def _legal_form_conflict(question: Question, columns: Columns, names: Ints) -> Flags:
    """Where both sides have a legal form and none in common."""
    if question.legal_forms == 0:
        return np.zeros(len(names), dtype=np.bool_)
    legal_forms = columns.legal_forms[names]
    return equal(legal_forms & question.legal_forms, 0) & ~equal(legal_forms, 0)


def _acronym_length(
    question: Question, columns: Columns, names: Ints, aligned: Alignment
) -> Floats:
    """Letters of the acronym where one side is one word and the other spells it out, else 0.

    Where a word was met it is not counted: the evidence would count twice.
    """
    lengths = np.zeros(len(names))
    if len(question.words) == 1:
        met = equal(columns.acronym_keys[names], question.word_keys[:1]).max(axis=1)
        lengths[met & equal(aligned.bits, 0.0)] = len(question.words[0])
        return lengths
    for key, length in question.acronyms:
        first = columns.word_keys[aligned.flat[aligned.begins]]
        met = equal(columns.counts[names], 1) & equal(first, key) & equal(aligned.bits, 0.0)
        lengths[met] = length
    return lengths
