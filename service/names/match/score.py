"""What is measured of a question and a listed name: one row of values, see `tables.PARTS`."""

import math
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from service.names.match.edges import MOST_EDGES, Edges, reach_of
from service.names.match.kernel import (
    NumberTable,
    Reals,
    Wholes,
    Words,
    clear_bits,
    compiled,
    has_bit,
    inner,
    no_bits,
    set_bit,
)
from service.names.match.layout import NameRow, Names, Rows, Traits, entry_kind, entry_weight
from service.names.match.question import (
    ACRONYMS,
    IDENTITY,
    ONLY_WORD,
    PLACE,
    SAME,
    SAME_LETTERS,
    SPAN,
    QuestionArrays,
)
from service.names.match.spelling import LETTERS, MOST_LETTERS, common_letters
from service.names.match.words import ACRONYM_SPELLINGS, MOST_WORDS, TRADE

# --- Soft alignment: which words of a question meet which words of a listed name, and how fully.


class Chains(NamedTuple):
    """The edges of a question by word: the first is `first[word]` or -1, then `after[edge]`.

    `marks` has a bit for each word, set if it has an edge: most have none.
    """

    edges: Edges
    first: Wholes
    after: Wholes
    marks: Words


class WordAlignment(NamedTuple):
    """Of each word of the question and of the listed name what it was met by.

    `…_met` is the weight that was met, `…_best` the share of the word that was, 0 to 1;
    `query_edge` and `query_entry` say by which edge and entry the most was met.
    """

    query_met: Reals
    query_best: Reals
    listed_met: Reals
    listed_best: Reals
    query_edge: Wholes
    query_entry: Wholes


class Meeting(NamedTuple):
    """That an edge meets an entry: how fully, and the share of its words' weight that is met."""

    edge: int
    entry: int
    credit: float
    share: float


def chain_space(words: int, edges: Edges) -> Chains:
    """Room for a vocabulary of so many words."""
    return Chains(
        edges=edges,
        first=np.full(words, -1, dtype=np.int32),
        after=np.zeros(MOST_EDGES, dtype=np.int32),
        marks=no_bits(words),
    )


def align_space() -> WordAlignment:
    """Room for one pair of names."""
    places = [np.zeros(MOST_WORDS, dtype=np.int32) for _ in range(2)]
    return WordAlignment(*(np.zeros(MOST_WORDS, dtype=np.float64) for _ in range(4)), *places)


@inner
def unit_weight(asked: QuestionArrays, unit: int) -> float:
    """The weight of the words that a unit stands for."""
    first = asked.units[unit, PLACE]
    total = 0.0
    for place in range(first, first + asked.units[unit, SPAN]):
        total += asked.weights[place]
    return total


@inner
def total_weight(asked: QuestionArrays) -> float:
    """The weight of all words of a question."""
    total = 0.0
    for weight in asked.weights:
        total += weight
    return total


@inner
def chain(chains: Chains, count: int) -> None:
    """Chain the edges up by their words."""
    for edge in range(count):
        word = chains.edges.words[edge]
        chains.after[edge] = chains.first[word]
        chains.first[word] = edge
        set_bit(chains.marks, word)


@inner
def unchain(chains: Chains, count: int) -> None:
    """Leave no word with an edge."""
    for edge in range(count):
        word = chains.edges.words[edge]
        chains.first[word] = -1
        clear_bits(chains.marks, word)


@inner
def align(
    asked: QuestionArrays, names: Names, row: NameRow, chains: Chains, aligned: WordAlignment
) -> None:
    """Fill `aligned` for one name."""
    for place in range(len(asked.weights)):
        aligned.query_met[place] = 0.0
        aligned.query_best[place] = 0.0
    for place in range(row.slots):
        aligned.listed_met[place] = 0.0
        aligned.listed_best[place] = 0.0
    for entry in range(row.entries, row.entries + row.entry_count):
        word = names.words[entry]
        if not has_bit(chains.marks, word):
            continue
        edge = chains.first[word]
        while edge >= 0:
            if entry_kind(names, entry) <= reach_of(asked, chains.edges, edge):
                ours = unit_weight(asked, chains.edges.units[edge])
                theirs = entry_weight(names, row.weights, entry)
                credit = chains.edges.credits[edge] * names.factors[entry]
                met = credit * min(ours, theirs)
                _meet_query(asked, chains.edges, Meeting(edge, entry, credit, met / ours), aligned)
                _meet_listed(names, row, Meeting(edge, entry, credit, met / theirs), aligned)
            edge = chains.after[edge]


@inner
def _meet_query(
    asked: QuestionArrays, edges: Edges, meeting: Meeting, aligned: WordAlignment
) -> None:
    unit = edges.units[meeting.edge]
    first = asked.units[unit, PLACE]
    for place in range(first, first + asked.units[unit, SPAN]):
        met = meeting.share * asked.weights[place]
        if met > aligned.query_met[place]:
            aligned.query_met[place] = met
            aligned.query_edge[place] = meeting.edge
            aligned.query_entry[place] = meeting.entry
        aligned.query_best[place] = max(aligned.query_best[place], meeting.credit)


@inner
def _meet_listed(names: Names, row: NameRow, meeting: Meeting, aligned: WordAlignment) -> None:
    first = names.places[meeting.entry]
    for place in range(first, first + names.spans[meeting.entry]):
        met = meeting.share * names.weights[row.weights + place]
        aligned.listed_met[place] = max(aligned.listed_met[place], met)
        aligned.listed_best[place] = max(aligned.listed_best[place], meeting.credit)


# --- The score's tables: log-odds by what was measured, straight lines between the points.

SCORER_VERSION = "7"

# What is measured of a pair of names, in the order of a row of measured values.
PARTS = (
    "matched_words",
    "query_covered",
    "rarest_word",
    "whole_spelling",
    "listed_gap",
    "first_word",
    "acronym",
    "spelled_out",
    "conflict",
    "legal_form_conflict",
    "type_conflict",
    "weak_alias",
    "same_words",
    "identical",
)
(
    MATCHED,
    QUERY_COVERED,
    RAREST,
    WHOLE,
    LISTED_GAP,
    FIRST_WORD,
    ACRONYM,
    SPELLED_OUT,
    CONFLICT,
    FORM_CONFLICT,
    TYPE_CONFLICT,
    WEAK_ALIAS,
    SAME_WORDS,
    IDENTICAL,
) = range(len(PARTS))


# The cells of a table in a value of one; its points lie on their borders.
_FINENESS = 20


class Tables(NamedTuple):
    """All tables one after another, in cells of one width: a value's cell is known at once.

    Those of part `p` are `starts[p]` to `starts[p + 1]`. Cell `c` begins at `values[c]` with
    `log_odds[c]`, which rise by `slopes[c]` in a value of one; the last cell of a part is level.
    `base` is the sum of a pair of names that have nothing in common. `peaks` are the highest
    log-odds of each part.
    """

    starts: Wholes
    values: Reals
    log_odds: Reals
    slopes: Reals
    peaks: Reals
    base: float


@inner
def read_table(tables: Tables, part: int, value: float) -> float:
    """Log-odds of a measured value; outside a table's points the nearest one holds."""
    value = max(value, 0.0)
    start, end = tables.starts[part], tables.starts[part + 1]
    cell = min(start + int(value * _FINENESS), end - 1)
    return tables.log_odds[cell] + (value - tables.values[cell]) * tables.slopes[cell]


def load_tables(text: str) -> Tables:
    """The tables in the form of `score_tables.txt`; a part without one adds nothing.

    Raises:
        ValueError: A line is no table, of no known part, or its points are not in order.
    """
    base = 0.0
    points: dict[str, list[tuple[float, float]]] = {part: [(0.0, 0.0)] for part in PARTS}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        part, _, pairs = line.partition(": ")
        read = [
            (float(at), float(odds)) for at, _, odds in (p.partition("=") for p in pairs.split())
        ]
        if part == "base":
            base = read[0][1]
        elif part in points:
            points[part] = read
        else:
            raise ValueError(line)
    cut = [_cut(points[part]) for part in PARTS]
    cells = np.array([cell for table in cut for cell in table], dtype=np.float64)
    return Tables(
        starts=np.cumsum([0, *map(len, cut)]),
        values=cells[:, 0].copy(),
        log_odds=cells[:, 1].copy(),
        slopes=cells[:, 2].copy(),
        peaks=np.array([max(odds for _, odds in points[part]) for part in PARTS]),
        base=base,
    )


def _cut(points: Sequence[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """Where each cell of a table begins, with what log-odds, and how fast they rise.

    Raises:
        ValueError: The first point is not at 0, one is not after the one before, or in a cell.
    """
    cells: list[tuple[float, float, float]] = []
    if points[0][0] != 0.0:
        raise ValueError(points)
    for (low, start), (high, end) in pairwise(points):
        count = round((high - low) * _FINENESS)
        if count < 1 or not math.isclose(count, (high - low) * _FINENESS):
            raise ValueError(points)
        slope = (end - start) / (high - low)
        steps = [step / _FINENESS for step in range(count)]
        cells += [(low + step, start + slope * step, slope) for step in steps]
    return [*cells, (*points[-1], 0.0)]


TABLES = load_tables(
    files("service.names.match").joinpath("data", "score_tables.txt").read_text("utf-8")
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
    aligned: WordAlignment
    marks: Words
    rows: Words
    values: Reals
    parts: Reals
    meetings: NumberTable


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
def measure_words(asked: QuestionArrays, names: Names, row: NameRow, bench: Bench) -> None:
    """Fill `bench.values` for the words of one name; the other values are 0."""
    values, aligned = bench.values, bench.aligned
    values[:] = 0.0
    align(asked, names, row, bench.chains, aligned)
    query_left = _weigh_query(asked, names, aligned, values)
    _weigh_listed(names, row, aligned, values)
    met = values[MATCHED]
    values[QUERY_COVERED] = met / (met + query_left) if met > 0.0 else 0.0


@inner
def measure_traits(asked: QuestionArrays, scoring: Scoring, name: int, bench: Bench) -> None:
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
def most_alike(asked: QuestionArrays, row: NameRow) -> float:
    """The most that `measure_whole` can say of two names of these lengths."""
    ours = len(asked.run_together)
    theirs = row.letter_count
    return 2.0 * min(ours, theirs) / (ours + theirs)


@inner
def measure_whole(
    asked: QuestionArrays, traits: Traits, row: NameRow, blocks: int, bench: Bench
) -> None:
    """The share of letters that both whole names have in common and in order, 0 to 1."""
    other = traits.letters[row.letters : row.letters + row.letter_count]
    common = common_letters(bench.marks, blocks, other, bench.rows)
    bench.values[WHOLE] = 2.0 * common / (len(asked.run_together) + len(other))


@inner
def _weigh_query(
    asked: QuestionArrays, names: Names, aligned: WordAlignment, values: Reals
) -> float:
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
def _goes_on(names: Names, aligned: WordAlignment, place: int) -> bool:
    """Whether a word of the question is met by the one listed word that the word before is."""
    return (
        place > 0
        and min(aligned.query_met[place - 1], aligned.query_met[place]) > 0.0
        and aligned.query_edge[place - 1] == aligned.query_edge[place]
        and aligned.query_entry[place - 1] == aligned.query_entry[place]
        and names.spans[aligned.query_entry[place]] == 1
    )


@inner
def _weigh_listed(names: Names, row: NameRow, aligned: WordAlignment, values: Reals) -> None:
    met, gap = 0.0, 0.0
    start = row.weights
    for place in range(row.slots):
        met += aligned.listed_met[place]
        gap = max(gap, (1.0 - aligned.listed_best[place]) * names.weights[start + place])
    values[MATCHED] = min(values[MATCHED], met)
    values[LISTED_GAP] = gap
    values[FIRST_WORD] = min(aligned.query_best[0], aligned.listed_best[0])


@inner
def _conflict(asked: QuestionArrays, names: Names, row: NameRow, aligned: WordAlignment) -> float:
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
def _acronym_length(asked: QuestionArrays, traits: Traits, name: int) -> float:
    """Letters of the question where it is one word, the listed name's initials; else 0."""
    if asked.keys[ONLY_WORD] != 0:
        for spelling in range(ACRONYM_SPELLINGS):
            if traits.acronym_keys[name, spelling] == asked.keys[ONLY_WORD]:
                return float(len(asked.run_together))
    return 0.0


@inner
def _spelled_out_length(asked: QuestionArrays, row: NameRow) -> float:
    """Letters of the listed name, where it is one word and the question's initials, else 0."""
    if row.word_key != 0:
        for spelling in range(len(asked.acronyms)):
            if row.word_key == asked.keys[ACRONYMS + spelling]:
                return float(asked.acronyms[spelling])
    return 0.0


# --- The score of one pair of names, and what each part of it adds.

_COUNT = len(PARTS)
_APART = (WHOLE, SAME_WORDS, IDENTICAL)


@inner
def add_up(values: Reals, tables: Tables, whole: float) -> float:
    """The log-odds of measured values, with `whole` for what the spelling as a whole adds."""
    likeness = tables.base + whole
    for part in range(_COUNT):
        if part not in _APART:
            likeness += read_table(tables, part, values[part])
    total = likeness
    if values[SAME_WORDS] > 0.0:
        total = max(total, read_table(tables, SAME_WORDS, 1.0))
    if values[IDENTICAL] > 0.0:
        total = max(total, read_table(tables, IDENTICAL, 1.0))
    return total


@compiled
def fill_parts(values: Reals, tables: Tables, parts: Reals) -> None:
    """What each part adds, into `parts`; of the same words that is what the others lack to it.

    The same words in another order reach at least what their table says, whatever they say; so
    does the identical name, which is above all that other strings reach by a weak alias.
    """
    likeness = tables.base
    for part in range(_COUNT):
        parts[part] = 0.0
        if part not in (SAME_WORDS, IDENTICAL):
            parts[part] = read_table(tables, part, values[part])
            likeness += parts[part]
    if values[SAME_WORDS] > 0.0:
        parts[SAME_WORDS] = max(0.0, read_table(tables, SAME_WORDS, 1.0) - likeness)
    if values[IDENTICAL] > 0.0:
        reached = likeness + parts[SAME_WORDS]
        parts[IDENTICAL] = max(0.0, read_table(tables, IDENTICAL, 1.0) - reached)


@compiled
def is_certain(values: Reals) -> bool:
    """Whether both are the same name, which its publisher does not call weak."""
    return values[IDENTICAL] > values[WEAK_ALIAS]


@compiled
def score_of(total: float, values: Reals) -> float:
    """The score in [0, 1]: 1 for an identical name, unless its publisher calls it weak."""
    if is_certain(values):
        return 1.0
    return 1.0 / (1.0 + math.exp(-total))
