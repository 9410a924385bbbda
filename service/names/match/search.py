"""Search an index in machine code, in four steps: gather, bound, align, add up.

`_search` is the whole search; docs/how-a-score-comes-about.md follows one question through it.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

import msgspec
import numpy as np
from numba.core import types
from numba.experimental import structref

from service.names.match.edges import (
    MOST_EDGES,
    Edges,
    EdgeSpace,
    edge_space,
    find_edges,
    is_met,
    pair_edges,
    reach_of,
)
from service.names.match.kernel import (
    INTERPRETED,
    Marks,
    NumberRow,
    Reals,
    Wholes,
    Words,
    clear_bits,
    compiled,
    first_at_least,
    has_bit,
    inner,
    no_bits,
    none_yet,
    set_bit,
)
from service.names.match.layout import (
    KINDS,
    PLACE,
    SPAN,
    Postings,
    QuestionArrays,
    lines_of,
)
from service.names.match.score import (
    FIRST_WORD,
    MATCHED,
    QUERY_COVERED,
    RAREST,
    WHOLE,
    Bench,
    Scoring,
    Tables,
    add_up,
    bench_space,
    chain,
    is_certain,
    measure_traits,
    measure_whole,
    measure_words,
    most_alike,
    read_table,
    score_of,
    total_weight,
    unchain,
    unit_weight,
)
from service.names.match.spelling import Vocabulary, gather_signs, mark_blocks
from service.names.match.words import MOST_WORDS

# --- Gather: the names that have a word or a key of the question, and the most they can earn.

# More than any weight that words can earn.
SURE = 1e9
# Finding one name in a sorted posting by bisection takes as long as reading 16 of its names.
_LOOK_UP = 16
# Which edges of a unit add names: all, or those for enough credit; 0 for none.
WHATEVER, _SPELLED_ALIKE = 2, 1
# A hash of a name, of bits in the middle of a product (Knuth's multiplicative hashing).
_SPREAD, _SPREAD_BITS = 2_654_435_769, 16
_FEWEST_SLOTS = 64
_EARNED = np.dtype([("bits", "f8"), ("credit", "f8"), ("rarest", "f8"), ("last", "i8")])


class NameBound(Protocol):
    """The upper bounds of one gathered name, and the last unit that added to them.

    `bits` is the most weight that the name and the question can share, `credit` the most weight of
    the question's words that can be covered, `rarest` the most that a single word can count.
    """

    bits: float
    credit: float
    rarest: float
    last: int


class GatherSpace(NamedTuple):
    """Scratch arrays for the gathered names and their bounds.

    The bounds of `names[k]` are `earned[k]`. `seen` has a bit for each name of the index, all
    clear between two searches; where it is set, `slots` has the `k` of the name, unless it was
    found by its keys alone. A name found by a key has `SURE` for `bits`: it is measured whatever
    words it shares.

    `slots` is a hash table, of as many places as a search may need, with 1 + k or 0 where there is
    none. An array by name would take a wait for main memory for each name: over four million names
    that was a third of the time of a search.

    By edge, `worths` is the most weight that the edge can meet, and `peaks` the most weight of the
    question that the edge, or a later one of the same unit, can cover. After the bound step,
    `most[k]` is the most log-odds that `names[k]` can reach, infinite for a `SURE` name.
    """

    names: Wholes
    earned: NumberRow[NameBound]
    slots: Wholes
    seen: Words
    worths: Reals
    peaks: Reals
    most: Reals


class Meetings(NamedTuple):
    """The edges of a question, and the names that have their words."""

    question: QuestionArrays
    postings: Postings
    edges: Edges


class Openers(NamedTuple):
    """The edges that may add names, by unit: none, all, or those for more than `credit`."""

    units: Wholes
    credit: float


def gather_space(names: int) -> GatherSpace:
    """Return scratch arrays for an index of `names` names."""
    return GatherSpace(
        names=np.zeros(names, dtype=np.int32),
        earned=cast("NumberRow[NameBound]", cast("object", lines_of(_EARNED, names))),
        slots=np.zeros(max(_FEWEST_SLOTS, 1 << (2 * names).bit_length()), dtype=np.int32),
        seen=no_bits(names),
        worths=np.zeros(MOST_EDGES, dtype=np.float64),
        peaks=np.zeros(MOST_EDGES, dtype=np.float64),
        most=np.zeros(names, dtype=np.float64),
    )


@inner
def _slot_of(space: GatherSpace, name: int, last: int) -> int:
    """Return the slot of a name, or an empty one; `last` is the last slot in use."""
    slot = (int(np.int64(name)) * _SPREAD >> _SPREAD_BITS) & last
    while space.slots[slot] != 0 and space.names[space.slots[slot] - 1] != name:
        slot = (slot + 1) & last
    return slot


@inner
def sort_edges(
    question: QuestionArrays, postings: Postings, edges: Edges, count: int, worths: Reals
) -> None:
    """Sort the edges by unit, and within a unit by worth, highest first; fill `worths`.

    This is a Shell sort, because numpy's own sort takes seconds to compile.
    """
    for edge in range(count):
        weight = unit_weight(question, edges.units[edge])
        last = KINDS * edges.words[edge] + reach_of(question, edges, edge)
        worths[edge] = edges.credits[edge] * min(weight, postings.caps[last])
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for start in range(gap, count):
            edge = start
            while edge >= gap and _is_before(edges, worths, edge, edge - gap):
                _swap(edges, worths, edge, edge - gap)
                edge -= gap
        gap //= 3


@inner
def peak_credits(question: QuestionArrays, edges: Edges, count: int, peaks: Reals) -> None:
    """Fill `peaks` for sorted edges.

    A name that meets one edge may meet a later one of the same unit as well. The later edge can
    cover more of the question even though its listed word weighs less.
    """
    for edge in range(count - 1, -1, -1):
        peaks[edge] = edges.credits[edge] * unit_weight(question, edges.units[edge])
        if edge + 1 < count and edges.units[edge + 1] == edges.units[edge]:
            peaks[edge] = max(peaks[edge], peaks[edge + 1])


@inner
def gather(
    question: QuestionArrays,
    finding: "Finding",
    edges: Edges,
    count: int,
    openers: "Openers",
    space: GatherSpace,
) -> int:
    """Add up what each name can earn, and return how many names were gathered.

    The edges must be sorted by `sort_edges`. An edge that opens nothing adds no names: it only
    raises the bounds of names that other edges have added. Names with one of the question's keys
    are gathered as well.
    """
    meetings, touched = Meetings(question, finding.postings, edges), none_yet()
    last = _clear_slots(meetings, count, openers, space)
    for edge in range(count):
        if _opens(edges, edge, openers):
            touched = _add_names(meetings, edge, space, touched, last)
    for edge in range(count):
        if not _opens(edges, edge, openers):
            _raise_bounds(meetings, edge, space, touched, last)
    return _add_sure(question, finding.keys, finding.keyed, space, touched, last)


@inner
def _clear_slots(meetings: Meetings, count: int, openers: "Openers", space: GatherSpace) -> int:
    """Clear as many slots as the names that edges may add need, and return the last of them."""
    starts, names, slots = meetings.postings.starts, none_yet(), _FEWEST_SLOTS
    for edge in range(count):
        if _opens(meetings.edges, edge, openers):
            first, end = _postings_of(meetings, edge)
            names += starts[end] - starts[first]
    while slots < 2 * min(names, len(space.names)):
        slots *= 2
    for slot in range(slots):
        space.slots[slot] = 0
    return slots - 1


@inner
def _postings_of(meetings: Meetings, edge: int) -> tuple[int, int]:
    """Return the first posting of the names that an edge may meet, and the one after the last."""
    first = KINDS * meetings.edges.words[edge]
    return first, first + reach_of(meetings.question, meetings.edges, edge) + 1


@inner
def _opens(edges: Edges, edge: int, openers: "Openers") -> bool:
    opens = openers.units[edges.units[edge]]
    return opens == WHATEVER or (opens == _SPELLED_ALIKE and edges.credits[edge] > openers.credit)


@inner
def _add_sure(
    question: QuestionArrays,
    keys: Wholes,
    keyed: Wholes,
    gathered: GatherSpace,
    touched: int,
    last: int,
) -> int:
    """Add the names with one of the question's keys; return how many are gathered so far."""
    for key in question.keys:
        if key == 0:
            continue
        place = first_at_least(keys, 0, len(keys), key)
        while place < len(keys) and keys[place] == key:
            name = keyed[place]
            if has_bit(gathered.seen, name):
                # one that was found by another key has no slot
                known = gathered.slots[_slot_of(gathered, name, last)]
                if known != 0:
                    gathered.earned[known - 1].bits = SURE
            else:
                _add_name(gathered, name, touched).bits = SURE
                touched += 1
            place += 1
    return touched


@inner
def _is_before(edges: Edges, worths: Reals, one: int, other: int) -> bool:
    if edges.units[one] != edges.units[other]:
        return edges.units[one] < edges.units[other]
    if worths[one] != worths[other]:
        return worths[one] > worths[other]
    return edges.words[one] < edges.words[other]


@inner
def _swap(edges: Edges, worths: Reals, one: int, other: int) -> None:
    edges.units[one], edges.units[other] = edges.units[other], edges.units[one]
    edges.words[one], edges.words[other] = edges.words[other], edges.words[one]
    edges.credits[one], edges.credits[other] = edges.credits[other], edges.credits[one]
    worths[one], worths[other] = worths[other], worths[one]


@inner
def _add_names(meetings: Meetings, edge: int, space: GatherSpace, touched: int, last: int) -> int:
    """Credit an edge to every name with its word; return how many names are gathered so far."""
    edges, postings = meetings.edges, meetings.postings
    first, end = _postings_of(meetings, edge)
    for name in postings.names[postings.starts[first] : postings.starts[end]]:
        place, slot = touched, _slot_of(space, name, last)
        if space.slots[slot] != 0:
            place = space.slots[slot] - 1
        else:
            earned = _add_name(space, name, touched)
            space.slots[slot] = touched + 1
            earned.bits, earned.credit, earned.rarest, earned.last = 0.0, 0.0, 0.0, -1
            touched += 1
        _raise_bound(edges, edge, space, place)
    return touched


@inner
def _raise_bounds(
    meetings: Meetings, edge: int, space: GatherSpace, touched: int, last: int
) -> None:
    """Credit an edge to those of the gathered names that have its word.

    A common word is in thousands of names; where few names are gathered, each of them is looked up
    in the posting instead of reading the whole posting.
    """
    edges, postings = meetings.edges, meetings.postings
    for posting in range(*_postings_of(meetings, edge)):
        start, end = postings.starts[posting], postings.starts[posting + 1]
        if end - start > _LOOK_UP * touched:
            for place in range(touched):
                name = space.names[place]
                post = first_at_least(postings.names, start, end, name)
                if post < end and postings.names[post] == name:
                    _raise_bound(edges, edge, space, place)
        else:
            for name in postings.names[start:end]:
                if has_bit(space.seen, name):
                    slot = _slot_of(space, name, last)
                    _raise_bound(edges, edge, space, space.slots[slot] - 1)


@inner
def _raise_bound(edges: Edges, edge: int, space: GatherSpace, place: int) -> None:
    """Raise the bounds of the name at `place`, once a unit, by the edge that is worth most."""
    unit, earned = edges.units[edge], space.earned[place]
    if earned.last != unit:
        earned.last = unit
        earned.bits += space.worths[edge]
        earned.credit += space.peaks[edge]
        earned.rarest = max(earned.rarest, space.worths[edge])


@inner
def _add_name(space: GatherSpace, name: int, place: int) -> NameBound:
    """Add a name at `place`, and return its bounds, which the caller must fill in."""
    set_bit(space.seen, name)
    space.names[place] = name
    return space.earned[place]


# --- The search: an index and its scratch arrays, which machine code gets as one object.

# Enough for every pair of words, every run of initials and every reading of a long name: each word
# begins at most one pair and seven runs, has at most six readings, and two partners.
_MOST_UNITS = 24 * MOST_WORDS
# Bisection to within 1 / 65,536 of the weight.
_HALVINGS = 16


class Finding(NamedTuple):
    """The parts of an index by which names are found.

    `keys` are the keys of all names, ascending, and `keyed[k]` is the name that has `keys[k]`;
    `lists` is the list of each name, by number, and `slots` are those of the vocabulary.
    """

    vocabulary: Vocabulary
    slots: Wholes
    postings: Postings
    keys: Wholes
    keyed: Wholes
    lists: Wholes


class Index(NamedTuple):
    """All names, laid out to be found and scored."""

    finding: Finding
    scoring: Scoring


class SearchSpace(NamedTuple):
    """Scratch arrays for finding names, and the answer: the names `found` and their `scores`.

    `opens` says which edges of each unit may add names, see `Openers`; `common` is 1 for each word
    of the question that may not.
    """

    edges: EdgeSpace
    gathered: GatherSpace
    opens: Wholes
    common: Wholes
    found: Wholes
    scores: Reals


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
        opens=np.zeros(_MOST_UNITS, dtype=np.uint8),
        common=np.zeros(MOST_WORDS, dtype=np.uint8),
        found=np.zeros(names, dtype=np.int32),
        scores=np.zeros(names, dtype=np.float64),
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

    The names and their scores are in `found` and `scores` of the scratch arrays, in no order.
    `allowed` has a flag for each list, by number; an empty `allowed` means every list. A name is
    measured only if its bound reaches `least`, which never changes the answer.
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
        # as wide as in `log_odds_alone`, or all that scores it is compiled twice
        name = int(np.int64(scratch.gathered.names[place]))
        floor = -np.inf if scratch.gathered.most[place] == np.inf else least
        total = _log_odds_of(index.scoring, question, name, blocks, floor, bench)
        if total >= least or is_certain(bench.values):
            scratch.found[found] = name
            scratch.scores[found] = score_of(total, bench.values)
            found += 1
    unchain(bench.chains, edges)
    return found


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
        scratch.opens[unit] = 0 if is_common else _SPELLED_ALIKE if alone else WHATEVER
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
        + read_table(tables, RAREST, min(bits, rarest))
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
