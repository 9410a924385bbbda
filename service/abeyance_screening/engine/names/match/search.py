"""Search an index in machine code, in four steps: gather, bound, align, add up.

`_search` is the whole search; docs/how-a-score-comes-about.md follows one question through it.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

import msgspec
import numpy as np
from numba.core import types
from numba.experimental import structref

from abeyance_screening.engine.names.form.normalise import MOST_WORDS
from abeyance_screening.engine.names.match.brand import MOST_NAMED
from abeyance_screening.engine.names.match.edges import (
    EdgeSpace,
    edge_space,
    find_edges,
    is_met,
    pair_edges,
)
from abeyance_screening.engine.names.match.gather import (
    SPELLED_ALIKE,
    SURE,
    WHATEVER,
    Finding,
    GatherSpace,
    Openers,
    gather,
    gather_space,
    peak_credits,
    sort_edges,
)
from abeyance_screening.engine.names.match.kernel import (
    INTERPRETED,
    Marks,
    Reals,
    Wholes,
    clear_bits,
    compiled,
    inner,
)
from abeyance_screening.engine.names.match.layout import PLACE, SPAN, QuestionArrays
from abeyance_screening.engine.names.match.score import (
    AT_ONCE,
    FIRST_WORD,
    MATCHED,
    QUERY_COVERED,
    RAREST,
    SLIPPED,
    WHOLE,
    Bench,
    Scoring,
    Tables,
    add_up,
    bench_space,
    chain,
    fetch_names,
    fetch_rows,
    is_certain,
    measure_traits,
    measure_whole,
    measure_words,
    most_alike,
    read_table,
    score_of,
    total_weight,
    unchain,
)
from abeyance_screening.engine.names.match.spelling import gather_signs, mark_blocks

# --- The search: an index and its scratch arrays, which machine code gets as one object.

# Enough for every pair of words, every run of initials and every reading of a long name: each word
# begins at most one pair and seven runs, has at most six readings, and two partners.
MOST_UNITS = 24 * MOST_WORDS
# A firm that a question may be told apart from, by its brand or as a person, has fewer words.
_FEWEST_OWN = MOST_NAMED + 1
# Bisection to within 1 / 65,536 of the weight.
_HALVINGS = 16


class Index(NamedTuple):
    """All names, laid out to be found and scored."""

    finding: Finding
    scoring: Scoring


class SearchSpace(NamedTuple):
    """Scratch arrays for finding names, and the answer: the names `found` and their `scores`.

    `opens` says which edges of each unit may add names, see `Openers`; `common` is 1 for each word
    of the question that may not. `worded[k]` is 1 where `found[k]` has three words or more that
    are neither of a trade nor numbers nor patronymics.
    """

    edges: EdgeSpace
    gathered: GatherSpace
    opens: Wholes
    common: Wholes
    found: Wholes
    scores: Reals
    worded: Wholes


class Space(NamedTuple):
    """Scratch arrays for one search at a time over one index."""

    finding: SearchSpace
    scoring: Bench


def search_space(index: Index) -> Space:
    """Return scratch arrays for searching an index."""
    words, names = len(index.finding.vocabulary.starts) - 1, len(index.finding.lists)
    edges = edge_space(words)
    scratch = SearchSpace(
        edges=edges,
        gathered=gather_space(names),
        opens=np.zeros(MOST_UNITS, dtype=np.uint8),
        common=np.zeros(MOST_WORDS, dtype=np.uint8),
        found=np.zeros(names, dtype=np.int32),
        scores=np.zeros(names, dtype=np.float64),
        worded=np.zeros(names, dtype=np.uint8),
    )
    return Space(scratch, bench_space(words, edges.edges))


class Searcher(Protocol):
    """An index and its scratch arrays as one object, for one search at a time.

    Compiled code unwraps every array that it is given, half a microsecond each, and an index and
    its scratch arrays are some sixty. In this object they are unwrapped once, when it is made.
    Without it a question over 100,000 names takes 14 to 22 % longer (p50 of three runs by turns:
    200, 212 and 248 microseconds against 169, 185 and 203; `abeyance bench speed --no-http`).
    """

    index: Index
    space: Space


class _HeldType(types.StructRef):
    """The type of a `Searcher` in compiled code."""


class _Proxy(structref.StructRefProxy):
    """A `Searcher` as Python code sees it."""


class _Interpreted(msgspec.Struct, frozen=True):
    """A `Searcher` where nothing is compiled: there a structref would construct itself forever."""

    index: Index
    space: Space


# numba has no types for the classes that these take.
structref.register(_HeldType)  # pyright: ignore[reportUnknownMemberType]
structref.define_boxing(_HeldType, _Proxy)  # pyright: ignore[reportUnknownMemberType]
structref.define_constructor(  # pyright: ignore[reportUnknownMemberType]
    _Proxy, _HeldType, ("index", "space")
)
_new_searcher = cast("Callable[[Index, Space], Searcher]", _Interpreted if INTERPRETED else _Proxy)


class Seat(NamedTuple):
    """What one thread needs for a search: a searcher, and its scratch arrays for reading results.

    `base` is the log-odds of two names that have nothing in common.
    """

    searcher: Searcher
    space: Space
    base: float


def take_seat(index: Index) -> Seat:
    """Return a new seat at an index."""
    space = search_space(index)
    return Seat(_make_searcher(index, space), space, index.scoring.tables.base)


@compiled
def search(searcher: Searcher, question: QuestionArrays, allowed: Marks, least: float) -> int:
    """Find the names whose log-odds are `least` or more, and return how many there are.

    The names are in `found` of the scratch arrays, in no order, and what is said of each in
    `scores` and `worded`. `allowed` has a flag for each list, by number; an empty `allowed` means
    every list. A name is measured only if its bound reaches `least`, which never changes the
    answer.
    """
    return _search(searcher.index, searcher.space, question, allowed, least)


@compiled
def pair_log_odds(searcher: Searcher, question: QuestionArrays, name: int) -> float:
    """Return the log-odds of one name; its measured values stay in the scratch arrays."""
    return log_odds_alone(searcher.index, searcher.space, question, name)


@inner
def log_odds_alone(index: Index, space: Space, question: QuestionArrays, name: int) -> float:
    """Return the log-odds of one name, for compiled callers; see `pair_log_odds`."""
    scoring, bench, row = index.scoring, space.scoring, index.scoring.rows[name]
    words = scoring.names.words[row.entries : row.entries + row.entry_count]
    finding = index.finding
    edges = pair_edges(question, words, finding.vocabulary, finding.slots, space.finding.edges)
    chain(bench.chains, edges)
    blocks = mark_blocks(question.run_together, bench.marks)
    bench.signs[0] = gather_signs(question.run_together)
    total = _log_odds_of(scoring, question, name, blocks, -np.inf, bench)
    unchain(bench.chains, edges)
    return total


@compiled
def _make_searcher(index: Index, space: Space) -> Searcher:
    return _new_searcher(index, space)


@inner
def _search(
    index: Index, space: Space, question: QuestionArrays, allowed: Marks, least: float
) -> int:
    scratch, bench = space.finding, space.scoring
    finding = index.finding
    edges = find_edges(question, finding.vocabulary, finding.slots, scratch.edges)
    touched = _gather_names(finding, question, index.scoring.tables, least, edges, scratch)
    bench.signs[0] = gather_signs(question.run_together)
    likely = _bound_by_words(index, scratch.gathered, question, allowed, least, touched)
    kept = _bound_by_letters(index.scoring, scratch.gathered, question, least, likely, bench)
    chain(bench.chains, edges)
    blocks, found = mark_blocks(question.run_together, bench.marks), 0
    for place in range(kept):
        if place % AT_ONCE == 0:
            fetch_names(index.scoring, scratch.gathered.names, place, kept, bench)
        # as wide as in `log_odds_alone`, or all that scores it is compiled twice
        name = int(np.int64(scratch.gathered.names[place]))
        floor = -np.inf if scratch.gathered.most[place] == np.inf else least
        total = _log_odds_of(index.scoring, question, name, blocks, floor, bench)
        if total >= least or is_certain(bench.values):
            scratch.found[found] = name
            scratch.scores[found] = score_of(total, bench.values)
            scratch.worded[found] = _is_worded(index.scoring, name)
            found += 1
    unchain(bench.chains, edges)
    return found


@inner
def _is_worded(scoring: Scoring, name: int) -> int:
    """Return 1 if a name has so many words of its own that no firm with it is told apart."""
    row, own = scoring.rows[name], 0
    for place in range(row.weights, row.weights + row.slots):
        if scoring.names.telling[place] == 0:
            own += 1
    return 1 if own >= _FEWEST_OWN else 0


@inner
def _gather_names(
    finding: Finding,
    question: QuestionArrays,
    tables: Tables,
    least: float,
    edges: int,
    scratch: SearchSpace,
) -> int:
    """Gather the names that may mean the question, and return how many they are."""
    known, gathered = scratch.edges.edges, scratch.gathered
    sort_edges(question, finding.postings, known, edges, gathered.worths)
    peak_credits(question, known, edges, gathered.peaks)
    openers = _choose_openers(question, tables, least, scratch)
    return gather(question, finding, known, edges, openers, gathered)


@inner
def _choose_openers(
    question: QuestionArrays, tables: Tables, least: float, scratch: SearchSpace
) -> Openers:
    """Choose which edges may add names.

    The commonest words of the question add none as long as all of them together cannot reach
    `least`. A unit of several words always may: it can be one rare word of a listed name, however
    common its own words are. Nor do spellings so unlike that `least` stays out of reach with the
    common words and all other words in spellings no better.
    """
    common, total, rest, rarest = scratch.common, total_weight(question), 0.0, 0.0
    common[: len(question.weights)] = 0
    for unit in range(len(question.factors) - 1, -1, -1):
        if not is_met(question, unit):
            continue
        place = question.units[unit, PLACE]
        more = rest + question.weights[place]
        rarer = max(rarest, question.weights[place])
        # single words are the last units, the commonest last of all
        alone = question.units[unit, SPAN] == 1 and question.factors[unit] == 1.0
        if not alone or _most_log_odds(tables, more, total - more, rarer) >= least:
            break
        rest, rarest = more, rarer
        common[place] = 1
    for unit in range(len(question.factors)):
        alone = question.units[unit, SPAN] == 1
        is_common = alone and common[question.units[unit, PLACE]] != 0
        scratch.opens[unit] = 0 if is_common else SPELLED_ALIKE if alone else WHATEVER
    short = _least_credit(tables, total, least) - rest
    return Openers(scratch.opens, short / (total - rest) if total > rest and short > 0.0 else 0.0)


@inner
def _bound_by_words(
    index: Index,
    gathered: GatherSpace,
    question: QuestionArrays,
    allowed: Marks,
    least: float,
    touched: int,
) -> int:
    """Move the names whose words alone can reach `least` to the front; return how many they are.

    Names of lists that are not `allowed` are dropped, and `seen` is cleared.
    """
    tables, weight, likely = index.scoring.tables, total_weight(question), 0
    enough = _least_credit(tables, weight, least)
    for place in range(touched):
        name, earned = gathered.names[place], gathered.earned[place]
        clear_bits(gathered.seen, name)
        if len(allowed) > 0 and not allowed[index.finding.lists[name]]:
            continue
        most = np.inf
        if earned.bits != SURE:
            if earned.credit < enough:
                continue
            left = max(0.0, weight - earned.credit)
            most = _most_log_odds(tables, earned.bits, left, earned.rarest)
        if most >= least:
            gathered.names[likely], gathered.most[likely] = name, most
            likely += 1
    return likely


@inner
def _bound_by_letters(
    scoring: Scoring,
    gathered: GatherSpace,
    question: QuestionArrays,
    least: float,
    likely: int,
    bench: Bench,
) -> int:
    """Move the names that can reach `least` by their letters too to the front; return how many.

    The words are already known to reach it for the first `likely` names.
    """
    tables, kept = scoring.tables, 0
    for place in range(likely):
        if place % AT_ONCE == 0:
            fetch_rows(scoring.rows, gathered.names, place, likely, bench)
        # as wide as where it is scored, see `_search`
        name, most = int(np.int64(gathered.names[place])), gathered.most[place]
        if most - tables.peaks[WHOLE] + _whole_at_most(scoring, question, name, bench) >= least:
            gathered.names[kept], gathered.most[kept] = name, most
            kept += 1
    return kept


@inner
def _least_credit(tables: Tables, weight: float, least: float) -> float:
    """Return the least weight of the question that must be covered to reach `least` log-odds."""
    low, high = 0.0, weight
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if _most_log_odds(tables, middle, weight - middle, 1.0) >= least:
            high = middle
        else:
            low = middle
    return low


@inner
def _most_log_odds(tables: Tables, bits: float, left: float, rarest: float) -> float:
    """Return the most log-odds of a name that meets the weight `bits` and leaves `left` unmet.

    `rarest` is the most that a single word can count. This bounds no name that shares a key with
    the question: such names are always measured.
    """
    covered = bits / (bits + left) if bits > 0.0 else 0.0
    return (
        tables.base
        + read_table(tables, MATCHED, bits)
        + read_table(tables, QUERY_COVERED, covered)
        + read_table(tables, RAREST, min(bits / SLIPPED, rarest))
        + tables.peaks[WHOLE]
        + tables.peaks[FIRST_WORD]
        + 1e-9
    )


@inner
def _log_odds_of(
    scoring: Scoring, question: QuestionArrays, name: int, blocks: int, least: float, bench: Bench
) -> float:
    """Align one name and add up its log-odds, or stop early where they cannot reach `least`.

    A name that shares a key with the question must be given -inf for `least`, because its words
    do not bound its score.
    """
    tables, row = scoring.tables, scoring.rows[name]
    whole = _whole_at_most(scoring, question, name, bench)
    measure_words(question, scoring.names, row, bench)
    most = add_up(bench.values, tables, whole)
    if most < least:
        return most
    measure_traits(question, scoring, name, bench)
    most = add_up(bench.values, tables, whole)
    if most < least:
        return most
    measure_whole(question, scoring.traits, row, blocks, bench)
    return add_up(bench.values, tables, read_table(tables, WHOLE, bench.values[WHOLE]))


@inner
def _whole_at_most(scoring: Scoring, question: QuestionArrays, name: int, bench: Bench) -> float:
    """Return the most that the part `whole_spelling` can add, given the letters of both names."""
    alike = most_alike(question, scoring.rows[name], bench.signs[0])
    return read_table(scoring.tables, WHOLE, alike)
