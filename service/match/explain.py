"""Puts a score's arithmetic into words a person can read."""

from collections.abc import Iterator, Sequence

import numpy as np

from service.match.arrays import Floats, float_list, row
from service.match.columns import distinct_words
from service.match.evidence import Evidence
from service.model.matching import ComparisonForm, Explanation, MetBy, Part, Word, WordPair


def explain_match(
    query: ComparisonForm, listed: ComparisonForm, evidence: Evidence
) -> Explanation:
    """Explain the one name that `evidence` was weighed for."""
    ours, theirs = distinct_words(query), distinct_words(listed)
    ours_earned: Floats = evidence.aligned.credit.max(axis=1)
    theirs_earned: Floats = evidence.aligned.credit.max(axis=0)
    total = float_list(evidence.total)[0]
    return Explanation(
        exact=float_list(evidence.values["identical"])[0] > 0.0,
        pairs=tuple(_pair_words(ours, theirs, evidence)),
        query_left_over=_left_over(ours, ours_earned),
        listed_left_over=_left_over(theirs, theirs_earned),
        parts=tuple(_read_parts(evidence)),
        log_odds=total,
    )


def _pair_words(
    ours: Sequence[Word], theirs: Sequence[Word], evidence: Evidence
) -> Iterator[WordPair]:
    """Each word that was met with its best partner; their worths add up to `matched_words`."""
    weights = np.array([word.weight for word in theirs])
    worth = float_list(evidence.log_odds["matched_words"])[0]
    bits = float_list(evidence.aligned.bits)[0]
    for place, word in enumerate(ours):
        credit = row(evidence.aligned.credit, place)
        met: Floats = credit * np.minimum(weights, word.weight)
        best = int(met.argmax())
        earned = float_list(met)[best]
        if earned > 0.0:
            yield WordPair(
                query=word.printed,
                listed=theirs[best].printed,
                by=_met_by(word, theirs[best]),
                similarity=float_list(credit)[best],
                worth=worth * earned / bits,
            )


def _read_parts(evidence: Evidence) -> Iterator[Part]:
    for part, log_odds in evidence.log_odds.items():
        added = float_list(log_odds)[0]
        if added != 0.0:
            yield Part(name=part, value=float_list(evidence.values[part])[0], log_odds=added)


def _left_over(words: Sequence[Word], credit: Floats) -> tuple[str, ...]:
    pairs = zip(words, float_list(credit), strict=True)
    return tuple(word.printed for word, earned in pairs if earned == 0.0)


def _met_by(ours: Word, theirs: Word) -> MetBy:
    if ours.text != theirs.text:
        return "spelling"
    return "same"
