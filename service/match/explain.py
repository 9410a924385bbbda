"""Puts a score's arithmetic into words a person can read."""

from collections.abc import Iterator, Sequence
from typing import cast

from rapidfuzz.distance import OSA

from service.match.arrays import float_list
from service.match.columns import distinct_words
from service.match.evidence import Evidence
from service.model.matching import ComparisonForm, Explanation, MetBy, Part, Word, WordPair

# Two printings of one canonical word are an abbreviation where the shorter has at most this share
# of the longer's letters, all in its order (COMM in Communication), and a spelling where at least
# `_SPELLING` of the letters stand alike; else they are synonyms. For the reader only: all count
# alike.
_ABBREVIATION = 0.7
_SPELLING = 0.6


def explain_match(
    query: ComparisonForm, listed: ComparisonForm, evidence: Evidence
) -> Explanation:
    """Explain the one name that `evidence` was weighed for.

    The worths of the word pairs add up to the part `matched_words`; that of an acronym is the part
    `acronym`. Parts that add nothing are left out.
    """
    ours, theirs = distinct_words(query), distinct_words(listed)
    credit = cast("list[list[float]]", evidence.aligned.credit.tolist())
    parts = tuple(_read_parts(evidence))
    added = {part.name: part.log_odds for part in parts}
    pairs = tuple(_pair_words(ours, theirs, credit, added.get("matched_words", 0.0)))
    unmet = [word for word, row in zip(ours, credit, strict=True) if max(row) == 0.0]
    missed = [
        word
        for word, column in zip(theirs, zip(*credit, strict=True), strict=True)
        if max(column) == 0.0
    ]
    if "acronym" in added:
        pairs = (*pairs, _pair_acronym(unmet, missed, added["acronym"]))
        unmet, missed = [], []
    return Explanation(
        exact=evidence.values["identical"].item(0) is True,
        pairs=pairs,
        query_left_over=tuple(word.printed for word in unmet),
        listed_left_over=tuple(word.printed for word in missed),
        parts=parts,
        log_odds=float_list(evidence.total)[0],
    )


def _read_parts(evidence: Evidence) -> Iterator[Part]:
    for part, log_odds in evidence.log_odds.items():
        added = float_list(log_odds)[0]
        if added != 0.0:
            yield Part(name=part, value=float_list(evidence.values[part])[0], log_odds=added)


def _pair_words(
    ours: Sequence[Word], theirs: Sequence[Word], credit: list[list[float]], worth: float
) -> Iterator[WordPair]:
    """Each word that was met, with the partner that it earned most by."""
    met: list[tuple[float, int, Word]] = []
    for word, row in zip(ours, credit, strict=True):
        earned = [
            each * min(word.weight, other.weight) for each, other in zip(row, theirs, strict=True)
        ]
        met.append((max(earned), earned.index(max(earned)), word))
    total = sum(earned for earned, _, _ in met)
    for place, (earned, best, word) in enumerate(met):
        if earned > 0.0:
            yield WordPair(
                query=word.printed,
                listed=theirs[best].printed,
                by=_met_by(word, theirs[best], credit[place][best]),
                similarity=credit[place][best],
                worth=worth * earned / total,
            )


def _pair_acronym(ours: Sequence[Word], theirs: Sequence[Word], worth: float) -> WordPair:
    return WordPair(
        query=" ".join(word.printed for word in ours),
        listed=" ".join(word.printed for word in theirs),
        by="acronym",
        similarity=1.0,
        worth=worth,
    )


def _met_by(ours: Word, theirs: Word, credit: float) -> MetBy:
    if ours.text != theirs.text:
        return "joined" if credit == 1.0 else "spelling"
    query, listed = _letters(ours.printed), _letters(theirs.printed)
    if query == listed:
        return "same"
    if query.isascii() != listed.isascii():
        return "transliteration"
    return _met_in_latin(query, listed)


def _met_in_latin(query: str, listed: str) -> MetBy:
    shorter, longer = sorted((query, listed), key=len)
    letters = iter(longer)
    if len(shorter) <= _ABBREVIATION * len(longer) and all(each in letters for each in shorter):
        return "abbreviation"
    alike = OSA.normalized_similarity(query, listed) >= _SPELLING
    return "spelling" if alike else "synonym"


def _letters(printed: str) -> str:
    return "".join(letter for letter in printed.casefold() if letter.isalnum())
