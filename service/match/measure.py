"""What is measured of a question and a listed name: one row of values, see `tables.PARTS`."""

from typing import NamedTuple

import numpy as np

from service.match.align import Aligned, Chains, align, align_space, chain_space
from service.match.arrays import Reals, Table, Words
from service.match.columns import Names, Traits
from service.match.compiled import inner
from service.match.edges import Edges
from service.match.entries import MOST_WORDS, TRADE
from service.match.initials import ACRONYM_SPELLINGS
from service.match.question import (
    ACRONYMS,
    IDENTITY,
    ONLY_WORD,
    SAME,
    SAME_LETTERS,
    Asked,
)
from service.match.rows import Row, Rows
from service.match.spelling import LETTERS, MOST_LETTERS, common_letters
from service.match.tables import (
    ACRONYM,
    CONFLICT,
    FIRST_WORD,
    FORM_CONFLICT,
    IDENTICAL,
    LISTED_GAP,
    MATCHED,
    PARTS,
    QUERY_COVERED,
    RAREST,
    SAME_WORDS,
    SPELLED_OUT,
    TYPE_CONFLICT,
    WEAK_ALIAS,
    WHOLE,
    Tables,
    read_table,
)

# As how rare a word of trade may count at most: it is no brand, however few names have it.
_MOST_OF_TRADE = 0.85
_MOST_BLOCKS = MOST_LETTERS // 64
# How strange a company is to be a person, see `layout`; persons do not go by their initials.
_PERSON = 1.0
_OF_WORDS = (MATCHED, QUERY_COVERED, RAREST, LISTED_GAP, FIRST_WORD)
# What is told of a meeting of words, see `meetings`.
_COLUMNS = 7


class Scoring(NamedTuple):
    """What names are scored by."""

    names: Names
    traits: Traits
    rows: Rows
    tables: Tables


class Bench(NamedTuple):
    """Room to measure one pair of names at a time.

    `values` is what was measured and `parts` what each adds; see `meetings` for the columns there.
    """

    chains: Chains
    aligned: Aligned
    marks: Words
    rows: Words
    values: Reals
    parts: Reals
    meetings: Table


def bench_space(words: int, edges: Edges) -> Bench:
    """Room for one pair of names of any length, whose words are of a vocabulary of so many."""
    return Bench(
        chains=chain_space(words, edges),
        aligned=align_space(),
        marks=np.zeros(_MOST_BLOCKS * LETTERS, dtype=np.uint64),
        rows=np.zeros(_MOST_BLOCKS, dtype=np.uint64),
        values=np.zeros(len(PARTS), dtype=np.float64),
        parts=np.zeros(len(PARTS), dtype=np.float64),
        meetings=np.zeros((MOST_WORDS, _COLUMNS), dtype=np.float64),
    )


@inner
def measure_words(asked: Asked, names: Names, row: Row, bench: Bench) -> None:
    """Fill `bench.values` for the words of one name; the other values are 0."""
    values, aligned = bench.values, bench.aligned
    values[:] = 0.0
    align(asked, names, row, bench.chains, aligned)
    query_left = _weigh_query(asked, names, aligned, values)
    _weigh_listed(names, row, aligned, values)
    met = values[MATCHED]
    values[QUERY_COVERED] = met / (met + query_left) if met > 0.0 else 0.0


@inner
def measure_traits(asked: Asked, scoring: Scoring, name: int, bench: Bench) -> None:
    """Add to these what the name is as a whole, but for its spelling."""
    values, row = bench.values, scoring.rows[name]
    values[CONFLICT] = _conflict(asked, scoring.names, row, bench.aligned)
    if row.strange < _PERSON:
        values[ACRONYM] = _acronym_length(asked, scoring.traits, name)
        values[SPELLED_OUT] = _spelled_out_length(asked, row)
    if values[ACRONYM] + values[SPELLED_OUT] > 0.0:
        _keep_the_better(scoring.tables, values)
    ours, theirs = asked.legal_forms, row.legal_forms
    values[FORM_CONFLICT] = 1.0 if ours != 0 and theirs != 0 and ours & theirs == 0 else 0.0
    values[TYPE_CONFLICT] = row.strange if ours != 0 else 0.0
    values[WEAK_ALIAS] = 1.0 if row.weak else 0.0
    same = row.same_letters != 0 and row.same_letters == asked.keys[SAME_LETTERS]
    values[SAME_WORDS] = 1.0 if same or row.same_words == asked.keys[SAME] else 0.0
    values[IDENTICAL] = 1.0 if row.identity == asked.keys[IDENTITY] else 0.0


@inner
def _keep_the_better(tables: Tables, values: Reals) -> None:
    """Forget the words that met, or that one name is the other's initials: what says less.

    Initials that meet the words one by one are the same evidence told twice.
    """
    initials = read_table(tables, ACRONYM, values[ACRONYM])
    initials += read_table(tables, SPELLED_OUT, values[SPELLED_OUT])
    words = 0.0
    for part in _OF_WORDS:
        words += read_table(tables, part, values[part])
    if words > initials:
        values[ACRONYM] = values[SPELLED_OUT] = 0.0
    else:
        for part in _OF_WORDS:
            values[part] = 0.0


@inner
def most_alike(asked: Asked, row: Row) -> float:
    """The most that `measure_whole` can say of two names of these lengths."""
    ours = len(asked.run_together)
    theirs = row.letter_count
    return 2.0 * min(ours, theirs) / (ours + theirs)


@inner
def measure_whole(asked: Asked, traits: Traits, row: Row, blocks: int, bench: Bench) -> None:
    """The share of letters that both whole names have in common and in order, 0 to 1."""
    other = traits.letters[row.letters : row.letters + row.letter_count]
    common = common_letters(bench.marks, blocks, other, bench.rows)
    bench.values[WHOLE] = 2.0 * common / (len(asked.run_together) + len(other))


@inner
def _weigh_query(asked: Asked, names: Names, aligned: Aligned, values: Reals) -> float:
    """Notes what of the question was met; gives the weight that was not."""
    met, left, rarest, together = 0.0, 0.0, 0.0, 0.0
    for place in range(len(asked.weights)):
        met += aligned.query_met[place]
        left += (1.0 - aligned.query_best[place]) * asked.weights[place]
        telling = aligned.query_met[place]
        if asked.telling[place] == TRADE:
            telling = min(telling, _MOST_OF_TRADE)
        together = telling + (together if _goes_on(names, aligned, place) else 0.0)
        rarest = max(rarest, together)
    values[MATCHED], values[RAREST] = met, rarest
    return left


@inner
def _goes_on(names: Names, aligned: Aligned, place: int) -> bool:
    """Whether a word of the question is met by the one listed word that the word before is."""
    return (
        place > 0
        and min(aligned.query_met[place - 1], aligned.query_met[place]) > 0.0
        and aligned.query_edge[place - 1] == aligned.query_edge[place]
        and aligned.query_entry[place - 1] == aligned.query_entry[place]
        and names.spans[aligned.query_entry[place]] == 1
    )


@inner
def _weigh_listed(names: Names, row: Row, aligned: Aligned, values: Reals) -> None:
    met, gap = 0.0, 0.0
    start = row.weights
    for place in range(row.slots):
        met += aligned.listed_met[place]
        gap = max(gap, (1.0 - aligned.listed_best[place]) * names.weights[start + place])
    values[MATCHED] = min(values[MATCHED], met)
    values[LISTED_GAP] = gap
    values[FIRST_WORD] = min(aligned.query_best[0], aligned.listed_best[0])


@inner
def _conflict(asked: Asked, names: Names, row: Row, aligned: Aligned) -> float:
    """1 where each side has a number, or a father's name, that the other lacks."""
    start = row.weights
    for ours in range(len(asked.weights)):
        if asked.telling[ours] and aligned.query_best[ours] == 0.0:
            for theirs in range(row.slots):
                same = names.telling[start + theirs] == asked.telling[ours]
                if same and aligned.listed_best[theirs] == 0.0:
                    return 1.0
    return 0.0


@inner
def _acronym_length(asked: Asked, traits: Traits, name: int) -> float:
    """Letters of the question where it is one word, the listed name's initials; else 0."""
    if asked.keys[ONLY_WORD] != 0:
        for spelling in range(ACRONYM_SPELLINGS):
            if traits.acronym_keys[name, spelling] == asked.keys[ONLY_WORD]:
                return float(len(asked.run_together))
    return 0.0


@inner
def _spelled_out_length(asked: Asked, row: Row) -> float:
    """Letters of the listed name, where it is one word and the question's initials, else 0."""
    if row.word_key != 0:
        for spelling in range(len(asked.acronyms)):
            if row.word_key == asked.keys[ACRONYMS + spelling]:
                return float(asked.acronyms[spelling])
    return 0.0
