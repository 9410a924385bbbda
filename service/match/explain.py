"""Puts a score's arithmetic into words a person can read."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from rapidfuzz.distance import OSA

from service.match.arrays import reals_of
from service.match.columns import Names
from service.match.entries import INITIALS, distinct_words
from service.match.question import PLACE, SPAN, Asked
from service.match.score import fill_parts, is_certain
from service.match.search import Index, Space, weigh_pair
from service.match.tables import ACRONYM, MATCHED, PARTS, SPELLED_OUT
from service.match.word_pairs import PARTNERS
from service.model.matching import ComparisonForm, Explanation, MetBy, Part, Word, WordPair

# Two printings of one canonical word are an abbreviation where the shorter has at most this share
# of the longer's letters, all in its order (COMM in Communication), and a spelling where at least
# `_SPELLING` of the letters stand alike; else they are synonyms. For the reader only: all count
# alike.
_ABBREVIATION = 0.7
_SPELLING = 0.6


class _Meeting(msgspec.Struct, frozen=True, gc=False):
    """That words of the question met words of the listed name, and the weight that was met."""

    query: tuple[int, int]
    listed: tuple[int, int]
    factor: float
    credit: float
    met: float


def explain_pair(
    index: Index,
    space: Space,
    asked: Asked,
    name: int,
    forms: tuple[ComparisonForm, ComparisonForm],
) -> Explanation:
    """Explain the score of one name; `forms` are the question's and the name's.

    The worths of the word pairs add up to the part `matched_words`; that of an acronym is the part
    `acronym` or `spelled_out`. Parts that add nothing are left out.
    """
    total = weigh_pair(index, asked, name, space)
    values = reals_of(space.scoring.values)
    filled = np.zeros(len(PARTS))
    fill_parts(space.scoring.values, index.scoring.tables, filled)
    added = reals_of(filled)
    ours, theirs = distinct_words(forms[0]), distinct_words(forms[1])
    best = reals_of(space.scoring.aligned.query_best[: len(ours)])
    listed_best = reals_of(space.scoring.aligned.listed_best[: len(theirs)])
    met = tuple(_meetings(asked, index.scoring.names, space))
    pairs = tuple(_pair(each, ours, theirs, added[MATCHED], met) for each in met)
    unmet = tuple(word for word, share in zip(ours, best, strict=True) if share == 0.0)
    missed = tuple(word for word, share in zip(theirs, listed_best, strict=True) if share == 0.0)
    if added[ACRONYM] + added[SPELLED_OUT] > 0.0:
        pairs = (*pairs, _pair_acronym(unmet, missed, added[ACRONYM] + added[SPELLED_OUT]))
        unmet, missed = (), ()
    parts = zip(PARTS, values, added, strict=True)
    base = Part(name="base", value=0.0, log_odds=index.scoring.tables.base)
    return Explanation(
        exact=is_certain(space.scoring.values),
        pairs=pairs,
        query_left_over=tuple(word.printed for word in unmet),
        listed_left_over=tuple(word.printed for word in missed),
        parts=(
            base,
            *(Part(name=part, value=v, log_odds=odds) for part, v, odds in parts if odds),
        ),
        log_odds=total,
    )


def _meetings(asked: Asked, names: Names, space: Space) -> Iterator[_Meeting]:
    """What each word of the question met most by; words that met as one stand together."""
    aligned, edges = space.scoring.aligned, space.finding.edges.edges
    last = (-1, -1)
    for place, met in enumerate(reals_of(aligned.query_met[: len(asked.weights)])):
        edge, entry = int(aligned.query_edge[place]), int(aligned.query_entry[place])
        if met <= 0.0:
            continue
        unit = int(edges.units[edge])
        first, span = int(asked.units[unit, PLACE]), int(asked.units[unit, SPAN])
        start = int(names.places[entry])
        factor = float(names.factors[entry]) * float(asked.factors[unit])
        credit = float(names.factors[entry] * edges.credits[edge])
        whole = sum(
            float(aligned.query_met[each]) if int(aligned.query_edge[each]) == edge else 0.0
            for each in range(first, first + span)
        )
        if span > 1 and (edge, entry) == last:
            continue
        last = edge, entry
        listed = start, start + int(names.spans[entry])
        yield _Meeting((first, first + span), listed, factor, credit, whole if span > 1 else met)


def _pair(
    met: _Meeting,
    ours: Sequence[Word],
    theirs: Sequence[Word],
    worth: float,
    every: Sequence[_Meeting],
) -> WordPair:
    query, listed = ours[slice(*met.query)], theirs[slice(*met.listed)]
    return WordPair(
        query=" ".join(word.printed for word in query),
        listed=" ".join(word.printed for word in listed),
        by=_met_by(query, listed, met),
        similarity=met.credit,
        worth=worth * met.met / sum(each.met for each in every),
    )


def _pair_acronym(ours: Sequence[Word], theirs: Sequence[Word], worth: float) -> WordPair:
    return WordPair(
        query=" ".join(word.printed for word in ours),
        listed=" ".join(word.printed for word in theirs),
        by="acronym",
        similarity=1.0,
        worth=worth,
    )


def _met_by(ours: Sequence[Word], theirs: Sequence[Word], met: _Meeting) -> MetBy:
    if met.factor == INITIALS:
        return "acronym"
    if len(ours) > 1 or len(theirs) > 1:
        return "joined"
    return _met_alone(ours[0], theirs[0], met.factor)


def _met_alone(query: Word, listed: Word, factor: float) -> MetBy:
    if listed.text in {partner.text for partner in PARTNERS.get(query.text, ())}:
        return "synonym"
    one, other = _letters(query.printed), _letters(listed.printed)
    if one == other:
        return "same"
    if one.isascii() != other.isascii() or factor < 1.0:
        return "transliteration"
    return _met_in_latin(one, other) if query.text == listed.text else "spelling"


def _met_in_latin(query: str, listed: str) -> MetBy:
    shorter, longer = sorted((query, listed), key=len)
    letters = iter(longer)
    if len(shorter) <= _ABBREVIATION * len(longer) and all(each in letters for each in shorter):
        return "abbreviation"
    alike = OSA.normalized_similarity(query, listed) >= _SPELLING
    return "spelling" if alike else "synonym"


def _letters(printed: str) -> str:
    return "".join(letter for letter in printed.casefold() if letter.isalnum())
