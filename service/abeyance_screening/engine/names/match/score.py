"""Score one listed name: align its words with the question's, measure, and add up.

What is measured of a pair of names is one row of values, a value for each of `PARTS`; the tables
turn each value into log-odds, which add up to the score.
"""

import math
from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from abeyance_screening.engine.names.form.normalise import MOST_WORDS
from abeyance_screening.engine.names.match.edges import MOST_EDGES, Edges, reach_of
from abeyance_screening.engine.names.match.kernel import (
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
from abeyance_screening.engine.names.match.layout import (
    ACRONYMS,
    IDENTITY,
    ONLY_WORD,
    PLACE,
    SAME,
    SAME_LETTERS,
    SPAN,
    NameRow,
    Names,
    QuestionArrays,
    Rows,
    Traits,
    entry_kind,
    entry_weight,
)
from abeyance_screening.engine.names.match.name_keys import ACRONYM_SPELLINGS, TRADE
from abeyance_screening.engine.names.match.spelling import (
    LETTERS,
    MOST_LETTERS,
    common_letters,
    count_bits,
)

# --- Align: which words of a question meet which words of a listed name, and how fully.


class Chains(NamedTuple):
    """The edges of a question as linked lists, one for each word of the vocabulary.

    The first edge of a word is `first[word]`, or -1 where it has none, and the next one after an
    edge is `after[edge]`. `marks` has a bit for each word, set if it has an edge: most have none.
    """

    edges: Edges
    first: Wholes
    after: Wholes
    marks: Words


class WordAlignment(NamedTuple):
    """How fully each word of the question and of the listed name was met.

    `…_met` is the most weight of the word that was met, `…_best` the highest credit, 0 to 1.
    `query_edge` and `query_entry` are the edge and the entry that met the most weight.
    """

    query_met: Reals
    query_best: Reals
    listed_met: Reals
    listed_best: Reals
    query_edge: Wholes
    query_entry: Wholes


class Meeting(NamedTuple):
    """An edge that meets an entry: the credit, and the share of one side's weight that is met."""

    edge: int
    entry: int
    credit: float
    share: float


def chain_space(words: int, edges: Edges) -> Chains:
    """Return scratch arrays for the edges to a vocabulary of `words` words."""
    return Chains(
        edges=edges,
        first=np.full(words, -1, dtype=np.int32),
        after=np.zeros(MOST_EDGES, dtype=np.int32),
        marks=no_bits(words),
    )


def align_space() -> WordAlignment:
    """Return scratch arrays for the alignment of one pair of names."""
    places = [np.zeros(MOST_WORDS, dtype=np.int32) for _ in range(2)]
    return WordAlignment(*(np.zeros(MOST_WORDS, dtype=np.float64) for _ in range(4)), *places)


@inner
def unit_weight(question: QuestionArrays, unit: int) -> float:
    """Return the sum of the weights of a unit's words."""
    first = question.units[unit, PLACE]
    total = 0.0
    for place in range(first, first + question.units[unit, SPAN]):
        total += question.weights[place]
    return total


@inner
def total_weight(question: QuestionArrays) -> float:
    """Return the sum of the weights of a question's words."""
    total = 0.0
    for weight in question.weights:
        total += weight
    return total


@inner
def chain(chains: Chains, count: int) -> None:
    """Link the first `count` edges into the lists of their words."""
    for edge in range(count):
        word = chains.edges.words[edge]
        chains.after[edge] = chains.first[word]
        chains.first[word] = edge
        set_bit(chains.marks, word)


@inner
def unchain(chains: Chains, count: int) -> None:
    """Empty the lists again, so that no word has an edge."""
    for edge in range(count):
        word = chains.edges.words[edge]
        chains.first[word] = -1
        clear_bits(chains.marks, word)


@inner
def align(
    question: QuestionArrays, names: Names, row: NameRow, chains: Chains, aligned: WordAlignment
) -> None:
    """Fill `aligned` for one name: each edge of the question meets each entry with its word.

    A meeting is worth its credit times the lesser of the two weights, and each word keeps the most
    that it was met by.
    """
    for place in range(len(question.weights)):
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
            if entry_kind(names, entry) <= reach_of(question, chains.edges, edge):
                ours = unit_weight(question, chains.edges.units[edge])
                theirs = entry_weight(names, row.weights, entry)
                credit = chains.edges.credits[edge] * names.factors[entry]
                met = credit * min(ours, theirs)
                _meet_query(
                    question, chains.edges, Meeting(edge, entry, credit, met / ours), aligned
                )
                _meet_listed(names, row, Meeting(edge, entry, credit, met / theirs), aligned)
            edge = chains.after[edge]


@inner
def _meet_query(
    question: QuestionArrays, edges: Edges, meeting: Meeting, aligned: WordAlignment
) -> None:
    unit = edges.units[meeting.edge]
    first = question.units[unit, PLACE]
    for place in range(first, first + question.units[unit, SPAN]):
        met = meeting.share * question.weights[place]
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


# --- The score's tables: log-odds by measured value, with straight lines between the points.

SCORER_VERSION = "14"

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
    "common_words",
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
    COMMON_WORDS,
    TYPE_CONFLICT,
    WEAK_ALIAS,
    SAME_WORDS,
    IDENTICAL,
) = range(len(PARTS))


# A table has this many cells for each 1.0 of the value; its points lie on cell borders.
_FINENESS = 20


class Tables(NamedTuple):
    """The tables of all parts, one after another, cut into cells of equal width.

    The cells of part `p` are `starts[p]` up to, but not including, `starts[p + 1]`. Cell `c`
    begins at `values[c]` with `log_odds[c]`, which rise by `slopes[c]` for each 1.0 of the value;
    the last cell of a part is level. `base` is the log-odds of two names that have nothing in
    common, and `peaks` the highest log-odds of each part.
    """

    starts: Wholes
    values: Reals
    log_odds: Reals
    slopes: Reals
    peaks: Reals
    base: float


@inner
def read_table(tables: Tables, part: int, value: float) -> float:
    """Return the log-odds of a measured value; outside a table, those of its nearest point."""
    value = max(value, 0.0)
    start, end = tables.starts[part], tables.starts[part + 1]
    cell = min(start + int(value * _FINENESS), end - 1)
    return tables.log_odds[cell] + (value - tables.values[cell]) * tables.slopes[cell]


def load_tables(text: str) -> Tables:
    """Read tables in the format of `score_tables.txt`; a part that has no table adds nothing.

    Raises:
        ValueError: A line is not a table, names an unknown part, or has points out of order.
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
    """Return each cell of a table: where it begins, its log-odds there, and its slope.

    Raises:
        ValueError: The first point is not at 0, the points do not ascend, or one is inside a cell.
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
    files("abeyance_screening.engine.names.match")
    .joinpath("data", "score_tables.txt")
    .read_text("utf-8")
)


# --- Measure one pair of names.

# The most that a trade word can count as the rarest word: it is no brand, however rare it is.
_MOST_OF_TRADE = 0.85
# Where the rarest word that met counts no more, many firms share the words (United Energy), and
# their legal forms tell them apart: a contradiction counts half as much again.
_COMMON = 0.65
# Where such words weigh no more than this together, and the listed name has a word of its own of
# this weight, they are names of trades and places that both names have by chance (Royal Chemical,
# ROYAL PEARL CHEMICAL): an eighth of the alerts of made-up generic names, 5 of 9,270 aliases.
_LITTLE, _OWN = 1.2, 0.5
# The same of a place and two trades, some of them rarer, beside a brand of the listed name's own
# (Beijing Hezong Science & Technology is not Beijing Beihang Science & Technology); and more where
# the question has another brand: of 3,000 invented firms of Chinese cities 7.7 % alerted, now 3.3.
_COMMON_OF_TRADE, _LITTLE_OF_TRADE, _BRAND = 0.75, 2.0, 0.85
# Four initials of a name that is no company's (an institute), with a company's legal form, say as
# little as three: many firms are called so (PIMS D.O.O., Peac Institute of Multiscale Science).
_FEWEST_INITIALS = 4.0
_MOST_BLOCKS = MOST_LETTERS // 64
# The value of `NameRow.strange` for a person; persons do not go by their initials.
_PERSON = 1.0
_WORD_PARTS = (MATCHED, QUERY_COVERED, RAREST, LISTED_GAP, FIRST_WORD)
# The names that are fetched from main memory together.
AT_ONCE = 16
# The columns of `Bench.meetings`, which `explain` names.
_COLUMNS = 7
# A word with a slip in it counts as rare as without, so that the slip is charged once, by the
# weight that it loses: if its credit is this at the least, another word stands beside it, no more
# is left over on either side, and no person or ship is listed (Renovs Group, Renova Group).
# Of 600 brands beside a trade word with one letter wrong .958 are found so, and .908 without; of
# 24,000 ordinary companies 3 more alert. Of single words, too alike, two fifths more did.
SLIPPED = 0.5


class Scoring(NamedTuple):
    """The parts of an index by which names are scored."""

    names: Names
    traits: Traits
    rows: Rows
    tables: Tables


class Bench(NamedTuple):
    """Scratch arrays for measuring one pair of names at a time.

    `values` has the measured value of each part, and `parts` the log-odds that each part adds; the
    columns of `meetings` are named in `explain`. `signs[0]` are those of the question, and
    `fetched[0]` is written by `fetch_rows` and `fetch_names`.
    """

    chains: Chains
    aligned: WordAlignment
    marks: Words
    rows: Words
    values: Reals
    parts: Reals
    meetings: NumberTable
    signs: Words
    fetched: Wholes


def bench_space(words: int, edges: Edges) -> Bench:
    """Return scratch arrays for names of any length, over a vocabulary of `words` words."""
    return Bench(
        chains=chain_space(words, edges),
        aligned=align_space(),
        marks=np.zeros(_MOST_BLOCKS * LETTERS, dtype=np.uint64),
        rows=np.zeros(_MOST_BLOCKS, dtype=np.uint64),
        values=np.zeros(len(PARTS), dtype=np.float64),
        parts=np.zeros(len(PARTS), dtype=np.float64),
        meetings=np.zeros((MOST_WORDS, _COLUMNS), dtype=np.float64),
        signs=np.zeros(1, dtype=np.uint64),
        fetched=np.zeros(1, dtype=np.int64),
    )


@inner
def fetch_rows(rows: Rows, names: Wholes, start: int, end: int, bench: Bench) -> None:
    """Read something of the rows of the next `AT_ONCE` of the `names` from `start` to `end`.

    Where each row is worked on as it comes, the processor waits for main memory for one after
    another, and here for all of them together: over four million names, a quarter of the time of
    a search that finds many. What was read is written, or the compiler leaves the reading out.
    """
    read = 0
    for place in range(start, min(start + AT_ONCE, end)):
        read |= rows[names[place]].entries
    bench.fetched[0] = read


@inner
def fetch_names(scoring: Scoring, names: Wholes, start: int, end: int, bench: Bench) -> None:
    """Read something of all that scoring reads of these names, as `fetch_rows` does."""
    read, written = 0, scoring.names
    for place in range(start, min(start + AT_ONCE, end)):
        row = scoring.rows[names[place]]
        entry = row.entries
        read |= written.words[entry] | written.places[entry] | written.spans[entry]
        read |= written.telling[row.weights] | scoring.traits.letters[row.letters]
        read |= int(written.factors[entry] + written.weights[row.weights])
    bench.fetched[0] = read


@inner
def measure_words(question: QuestionArrays, names: Names, row: NameRow, bench: Bench) -> None:
    """Align one name and fill the values of `bench` that come from words; set the others to 0."""
    values, aligned = bench.values, bench.aligned
    values[:] = 0.0
    align(question, names, row, bench.chains, aligned)
    query_left, without_slip, ours = _weigh_query(question, names, aligned, values)
    theirs = _weigh_listed(names, row, aligned, values)
    is_beside = len(question.weights) > 1 and row.strange == 0.0
    if is_beside and query_left <= SLIPPED and values[LISTED_GAP] <= SLIPPED:
        values[RAREST] = without_slip
    values[COMMON_WORDS] = _common_words(values, ours, theirs)
    met = values[MATCHED]
    values[QUERY_COVERED] = met / (met + query_left) if met > 0.0 else 0.0


@inner
def _common_words(values: Reals, ours: float, theirs: float) -> float:
    """Return 1 where only common words met, 2 where the listed name has a brand besides.

    It is 3 where each has a word of its own, of weight `ours` and `theirs`, and no rarer ones met.
    """
    rarest, matched, gap = values[RAREST], values[MATCHED], values[LISTED_GAP]
    if rarest <= 0.0:
        return 0.0
    if (
        matched <= _LITTLE_OF_TRADE
        and rarest <= _MOST_OF_TRADE
        and ours >= _BRAND
        and theirs >= _OWN
    ):
        return 3.0
    if matched <= _LITTLE_OF_TRADE and gap >= _BRAND and rarest <= _COMMON_OF_TRADE:
        return 2.0
    return 1.0 if rarest <= _COMMON and matched <= _LITTLE and gap >= _OWN else 0.0


@inner
def measure_traits(question: QuestionArrays, scoring: Scoring, name: int, bench: Bench) -> None:
    """Fill the values that the name has as a whole, all but `whole_spelling`."""
    values, row = bench.values, scoring.rows[name]
    values[CONFLICT] = _conflict(question, scoring.names, row, bench.aligned)
    if row.strange < _PERSON:
        values[ACRONYM] = _acronym_length(question, scoring.traits, name)
        values[SPELLED_OUT] = _spelled_out_length(question, scoring.traits, name)
    ours, theirs = question.legal_forms, row.legal_forms
    if values[ACRONYM] == _FEWEST_INITIALS and ours != 0 and theirs == 0:
        values[ACRONYM] -= 1.0
    if values[ACRONYM] + values[SPELLED_OUT] > 0.0:
        _keep_the_better(scoring.tables, values)
    if ours != 0 and theirs != 0 and ours & theirs == 0:
        values[FORM_CONFLICT] = 2.0 if 0.0 < values[RAREST] <= _COMMON else 1.0
    values[TYPE_CONFLICT] = row.strange if ours != 0 else 0.0
    values[WEAK_ALIAS] = 1.0 if row.weak else 0.0
    same = row.same_letters != 0 and row.same_letters == question.keys[SAME_LETTERS]
    is_same = same or row.same_words == question.keys[SAME]
    values[SAME_WORDS] = (2.0 if row.strange >= _PERSON else 1.0) if is_same else 0.0
    values[IDENTICAL] = 1.0 if row.identity == question.keys[IDENTITY] else 0.0


@inner
def most_alike(question: QuestionArrays, row: NameRow, signs: np.uint64) -> float:
    """Return the highest value that `measure_whole` can give for a question with these signs.

    Neither name has more letters in common with the other than it has letters, less those that the
    other has not, or not as often.
    """
    ours, theirs = len(question.run_together), row.letter_count
    lost, new = count_bits(signs & ~row.signs), count_bits(row.signs & ~signs)
    common = min(ours - lost, theirs - new)
    return 2.0 * common / (ours + theirs)


@inner
def measure_whole(
    question: QuestionArrays, traits: Traits, row: NameRow, blocks: int, bench: Bench
) -> None:
    """Fill `whole_spelling`: the share of letters that both names have in order, 0 to 1."""
    other = traits.letters[row.letters : row.letters + row.letter_count]
    common = common_letters(bench.marks, blocks, other, bench.rows)
    bench.values[WHOLE] = 2.0 * common / (len(question.run_together) + len(other))


@inner
def _weigh_query(
    question: QuestionArrays, names: Names, aligned: WordAlignment, values: Reals
) -> tuple[float, float, float]:
    """Fill the values that measure how the question was met.

    Return the weight left unmet, how much the rarest word counts without a slip in it, and the
    weight of the heaviest word, but for those of trades, that nothing met.
    """
    met, left, rarest, together, without_slip, unmet = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for place in range(len(question.weights)):
        met += aligned.query_met[place]
        left += (1.0 - aligned.query_best[place]) * question.weights[place]
        if aligned.query_best[place] == 0.0 and question.telling[place] != TRADE:
            unmet = max(unmet, question.weights[place])
        rarity = aligned.query_met[place]
        if question.telling[place] == TRADE:
            rarity = min(rarity, _MOST_OF_TRADE)
        if aligned.query_best[place] >= SLIPPED:
            without_slip = max(without_slip, rarity / aligned.query_best[place])
        together = rarity + (together if _goes_on(names, aligned, place) else 0.0)
        rarest = max(rarest, together)
    values[MATCHED], values[RAREST] = met, rarest
    return left, max(without_slip, rarest), unmet


@inner
def _goes_on(names: Names, aligned: WordAlignment, place: int) -> bool:
    """Return whether the word at `place` and the one before it are met by the same listed word."""
    return (
        place > 0
        and min(aligned.query_met[place - 1], aligned.query_met[place]) > 0.0
        and aligned.query_edge[place - 1] == aligned.query_edge[place]
        and aligned.query_entry[place - 1] == aligned.query_entry[place]
        and names.spans[aligned.query_entry[place]] == 1
    )


@inner
def _weigh_listed(names: Names, row: NameRow, aligned: WordAlignment, values: Reals) -> float:
    """Fill the values that measure how the listed name was met.

    Return the weight of its heaviest word, but for those of trades, that nothing met.
    """
    met, gap, unmet = 0.0, 0.0, 0.0
    start = row.weights
    for place in range(row.slots):
        met += aligned.listed_met[place]
        gap = max(gap, (1.0 - aligned.listed_best[place]) * names.weights[start + place])
        if aligned.listed_best[place] == 0.0 and names.telling[start + place] != TRADE:
            unmet = max(unmet, names.weights[start + place])
    values[MATCHED] = min(values[MATCHED], met)
    values[LISTED_GAP] = gap
    values[FIRST_WORD] = min(aligned.query_best[0], aligned.listed_best[0])
    return unmet


@inner
def _conflict(
    question: QuestionArrays, names: Names, row: NameRow, aligned: WordAlignment
) -> float:
    """Return 1 where each name has a number, or each a patronymic, that the other lacks."""
    start = row.weights
    for ours in range(len(question.weights)):
        if 0 < question.telling[ours] < TRADE and aligned.query_best[ours] == 0.0:
            for theirs in range(row.slots):
                same = names.telling[start + theirs] == question.telling[ours]
                if same and aligned.listed_best[theirs] == 0.0:
                    return 1.0
    return 0.0


@inner
def _acronym_length(question: QuestionArrays, traits: Traits, name: int) -> float:
    """Return how many letters the question has if it is the listed name's initials, else 0."""
    if question.keys[ONLY_WORD] != 0:
        for spelling in range(ACRONYM_SPELLINGS):
            if traits.acronym_keys[name, spelling] == question.keys[ONLY_WORD]:
                return float(len(question.run_together))
    return 0.0


@inner
def _spelled_out_length(question: QuestionArrays, traits: Traits, name: int) -> float:
    """Return how many letters the listed name has if it is the question's initials, else 0."""
    if len(question.acronyms) > 0 and traits.word_keys[name] != 0:
        for spelling in range(len(question.acronyms)):
            if traits.word_keys[name] == question.keys[ACRONYMS + spelling]:
                return float(question.acronyms[spelling])
    return 0.0


@inner
def _keep_the_better(tables: Tables, values: Reals) -> None:
    """Set to 0 the values of the words or those of the initials, whichever add less.

    Initials that meet the words one by one are the same evidence, which must not count twice.
    """
    initials = read_table(tables, ACRONYM, values[ACRONYM])
    initials += read_table(tables, SPELLED_OUT, values[SPELLED_OUT])
    words = 0.0
    for part in _WORD_PARTS:
        words += read_table(tables, part, values[part])
    if words > initials:
        values[ACRONYM] = values[SPELLED_OUT] = 0.0
    else:
        for part in _WORD_PARTS:
            values[part] = 0.0
        values[COMMON_WORDS] = 0.0


# --- Add up: the score of one pair of names, and what each part adds.

_COUNT = len(PARTS)
_APART = (WHOLE, SAME_WORDS, IDENTICAL)


@inner
def add_up(values: Reals, tables: Tables, whole: float) -> float:
    """Return the log-odds of measured values, with `whole` for what `whole_spelling` adds."""
    likeness = tables.base + whole
    for part in range(_COUNT):
        if part not in _APART:
            likeness += read_table(tables, part, values[part])
    total = likeness
    if values[SAME_WORDS] > 0.0:
        total = max(total, read_table(tables, SAME_WORDS, values[SAME_WORDS]))
    if values[IDENTICAL] > 0.0:
        total = max(total, read_table(tables, IDENTICAL, 1.0))
    return total


@compiled
def fill_parts(values: Reals, tables: Tables, parts: Reals) -> None:
    """Fill `parts` with the log-odds that each part adds.

    The tables of `same_words` and `identical` are floors: each of these two parts adds what the
    sum of the others lacks to reach its floor. A weak alias with the identical name is therefore
    above every other spelling of it.
    """
    likeness = tables.base
    for part in range(_COUNT):
        parts[part] = 0.0
        if part not in (SAME_WORDS, IDENTICAL):
            parts[part] = read_table(tables, part, values[part])
            likeness += parts[part]
    if values[SAME_WORDS] > 0.0:
        parts[SAME_WORDS] = max(0.0, read_table(tables, SAME_WORDS, values[SAME_WORDS]) - likeness)
    if values[IDENTICAL] > 0.0:
        reached = likeness + parts[SAME_WORDS]
        parts[IDENTICAL] = max(0.0, read_table(tables, IDENTICAL, 1.0) - reached)


@compiled
def is_certain(values: Reals) -> bool:
    """Return whether both names are identical and the listed one is no weak alias."""
    return values[IDENTICAL] > values[WEAK_ALIAS]


@compiled
def score_of(total: float, values: Reals) -> float:
    """Return the score in [0, 1]: 1 for an identical name, unless it is a weak alias."""
    if is_certain(values):
        return 1.0
    return 1.0 / (1.0 + math.exp(-total))
