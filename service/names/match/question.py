"""Lay a question out as arrays, and cut it into the units that may meet listed words."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from service.names.match.kernel import Grid, Reals, Wholes
from service.names.match.spelling import LEAST_SIMILAR, is_fuzzy, letter_codes
from service.names.match.words import (
    ACRONYM_SPELLINGS,
    INITIALS,
    PARTNERS,
    READING,
    TRADE,
    acronyms,
    distinct_words,
    form_bits,
    identity_key,
    join_words,
    key,
    letters_key,
    run_together,
    runs_of,
    same_words_key,
    telling,
    word_key,
)
from service.names.matching import ComparisonForm, Word

# The columns of `QuestionArrays.units`.
PLACE, SPAN, KNOWN, FUZZY, LETTERS_FROM = range(5)
_COLUMNS = 5
# The places of the keys in `QuestionArrays.keys`; the spellings of the acronym come last.
IDENTITY, SAME, SAME_LETTERS, ONLY_WORD, ACRONYMS = range(5)
_KEYS = ACRONYMS + ACRONYM_SPELLINGS
# A unit of two words is looked for in similar spellings if one of them has at least this weight.
_RARE = 0.9
type _Unit = tuple[str, int, int, float]


class QuestionArrays(NamedTuple):
    """One question as arrays.

    A unit is one way to write a run of the question's words, by which they may meet one word of a
    listed name. It is a row of `units`: the place of its first word (`PLACE`), its number of words
    (`SPAN`), the word of the vocabulary with the same spelling or -1 (`KNOWN`), whether similar
    spellings are looked for (`FUZZY`), and where its letters begin in `letters` (`LETTERS_FROM`).
    The unit can earn the share `factors[u]` of its words' weight.

    `keys` are the keys of the whole name, of its words in any order, of its letters, of its only
    word and of the spellings of its acronym, 0 where there is none; `acronyms` are the lengths of
    these spellings. `telling` marks each word as a number (1), patronymic (2), trade word (3) or
    none of these (0).
    """

    weights: Reals
    telling: Wholes
    units: Grid
    factors: Reals
    letters: Wholes
    run_together: Wholes
    keys: Wholes
    acronyms: Wholes
    legal_forms: int


def lay_out_question(form: ComparisonForm, vocabulary: Mapping[str, int] | None) -> QuestionArrays:
    """Lay out a question for an index whose words have these places in its vocabulary.

    Units that can meet no word of the vocabulary are left out; without a vocabulary none is.
    """
    words = distinct_words(form)
    weights = [word.weight for word in words]
    rows: list[int] = []
    factors: list[float] = []
    texts: list[str] = []
    length = 0
    for text, place, span, factor in _units(words):
        known = -1 if vocabulary is None else vocabulary.get(text, -1)
        fuzzy = factor >= READING and is_fuzzy(text)
        if span > 1:
            fuzzy = fuzzy and _is_one_word(words[place], words[place + 1], len(text))
        if known >= 0 or fuzzy or vocabulary is None:
            rows += (place, span, known, fuzzy, length)
            factors.append(factor)
            texts.append(text)
            length += len(text)
    rows += (0, 0, -1, 0, length)
    spellings = acronyms(form)
    keys = [identity_key(form), same_words_key(form), letters_key(form), word_key(form)]
    keys += map(key, spellings)
    return QuestionArrays(
        weights=np.array(weights, dtype=np.float64),
        telling=np.array([_telling_class(word) for word in words], dtype=np.uint8),
        units=np.array(rows, dtype=np.int32).reshape(-1, _COLUMNS),
        factors=np.array(factors, dtype=np.float64),
        letters=letter_codes("".join(texts)),
        run_together=letter_codes(run_together(form)),
        keys=np.array(keys + [0] * (_KEYS - len(keys)), dtype=np.int64),
        acronyms=np.array(list(map(len, spellings)), dtype=np.int64),
        legal_forms=form_bits(form),
    )


def _units(words: Sequence[Word]) -> list[_Unit]:
    """Return the units in the order in which names are gathered, those that few names have first.

    They are pairs of neighbours written as one, runs of initials, other readings of a word, words
    that lists print instead of it, and the single words, of which the commonest is last.
    """
    units: list[_Unit] = []
    if len(words) > 1:
        for place, (word, after) in enumerate(pairwise(words)):
            units.append((join_words(word.text, after.text), place, 2, 1.0))
        runs = runs_of(tuple([word.initials for word in words]))
        each_run = zip(runs.texts, runs.places, runs.spans, strict=True)
        units += [(initials, place, span, INITIALS) for initials, place, span in each_run]
    for place, word in enumerate(words):
        units += [(reading, place, 1, READING) for reading in word.readings]
        units += [(each.text, place, 1, each.credit) for each in PARTNERS.get(word.text, ())]
    alone = [(word.text, place, 1, 1.0) for place, word in enumerate(words)]
    units += sorted(alone, key=lambda unit: -words[unit[1]].weight)
    return units


def _is_one_word(one: Word, other: Word, length: int) -> bool:
    """Return whether two words written as one are looked for in similar spellings.

    Neither may be so short that leaving it out is within the permitted edits (VTB Vneshtorgbank).
    """
    shorter = min(len(one.text), len(other.text))
    return max(one.weight, other.weight) >= _RARE and shorter > (1.0 - LEAST_SIMILAR) * length


def _telling_class(word: Word) -> int:
    return telling(word.text) or (TRADE if word.is_trade_word else 0)
