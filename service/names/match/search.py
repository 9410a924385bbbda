"""The whole search in machine code: gather, bound, measure, add up."""

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
    set_bit,
)
from service.names.match.layout import KINDS, NameRow, Postings, lines_of
from service.names.match.question import PLACE, SPAN, QuestionArrays
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
from service.names.match.spelling import Vocabulary, mark_blocks
from service.names.match.words import MOST_WORDS

# --- The first stage: the names that share a word with a question, and the most they can earn.

# More than any weight that words can earn.
SURE = 1e9
# To look a name up among others takes as long as to run over so many.
_LOOK_UP = 16
_EARNED = np.dtype([("bits", "f8"), ("credit", "f8"), ("rarest", "f8"), ("last", "i8")])


class NameBound(Protocol):
    """What a name can earn, and the unit by which it earned last.

    `bits` is the most weight that may be met, `credit` the most weight of the question's words
    that may be covered, `rarest` the most that one word may count.
    """

    bits: float
    credit: float
    rarest: float
    last: int


class GatherSpace(NamedTuple):
    """Room for what was gathered: the `names` touched, and what each of them can earn.

    `names[k]` can earn `earned[k]`, and `places` says of a name which `k` that is. `seen` has a
    bit for each name, none set between two uses; only of those seen is `places` filled in. A name
    found by one of its keys is `SURE` to be looked at, whatever words it shares.
    Of the edges are `worths`, the most weight that each may meet, and `peaks`, the most weight of
    the question that it and those of its unit after it may cover. `most` is the most log-odds of
    `names[k]` once the names are sifted, without end for one that is sure.
    """

    names: Wholes
    earned: NumberRow[NameBound]
    places: Wholes
    seen: Words
    worths: Reals
    peaks: Reals
    most: Reals


def gather_space(names: int) -> GatherSpace:
    """Room for so many names."""
    return GatherSpace(
        names=np.zeros(names, dtype=np.int32),
        earned=cast("NumberRow[NameBound]", cast("object", lines_of(_EARNED, names))),
        places=np.zeros(names, dtype=np.int32),
        seen=no_bits(names),
        worths=np.zeros(MOST_EDGES, dtype=np.float64),
        peaks=np.zeros(MOST_EDGES, dtype=np.float64),
        most=np.zeros(names, dtype=np.float64),
    )


@inner
def sort_edges(
    asked: QuestionArrays, postings: Postings, edges: Edges, count: int, worths: Reals
) -> None:
    """Unit by unit in their own order, within each what is worth most first; fills `worths`.

    A Shell sort: numpy's own takes seconds to compile.
    """
    for edge in range(count):
        weight = unit_weight(asked, edges.units[edge])
        last = KINDS * edges.words[edge] + reach_of(asked, edges, edge)
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
def peak_credits(asked: QuestionArrays, edges: Edges, count: int, peaks: Reals) -> None:
    """Fills `peaks` of sorted edges.

    A name that meets one edge may meet a later one as well, which is worth less only because the
    word stands in names where it weighs less.
    """
    for edge in range(count - 1, -1, -1):
        peaks[edge] = edges.credits[edge] * unit_weight(asked, edges.units[edge])
        if edge + 1 < count and edges.units[edge + 1] == edges.units[edge]:
            peaks[edge] = max(peaks[edge], peaks[edge + 1])


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
def gather(
    asked: QuestionArrays,
    postings: Postings,
    edges: Edges,
    count: int,
    opens: Wholes,
    space: GatherSpace,
) -> int:
    """Adds up what each name may earn and says how many names were touched.

    The edges of a unit must stand together, the one worth most first. Where `opens[unit]` is 0
    only names that other units bring in are added to.
    """
    touched = 0
    for edge in range(count):
        if opens[edges.units[edge]] != 0:
            touched = _bring_in(asked, postings, edges, edge, space, touched)
    for edge in range(count):
        if opens[edges.units[edge]] == 0:
            _add_to(asked, postings, edges, edge, space, touched)
    return touched


@inner
def _bring_in(
    asked: QuestionArrays,
    postings: Postings,
    edges: Edges,
    edge: int,
    space: GatherSpace,
    touched: int,
) -> int:
    """Adds an edge to all names with its word; says how many names are touched by now."""
    first, reach = KINDS * edges.words[edge], reach_of(asked, edges, edge)
    for post in range(postings.starts[first], postings.starts[first + reach + 1]):
        name = postings.names[post]
        place = touched
        if has_bit(space.seen, name):
            place = space.places[name]
        else:
            earned = _see(space, name, touched)
            earned.bits, earned.credit, earned.rarest, earned.last = 0.0, 0.0, 0.0, -1
            touched += 1
        _earn(edges, edge, space, place)
    return touched


@inner
def _see(space: GatherSpace, name: int, place: int) -> NameBound:
    """Takes a name in at the next place; what it can earn is to be filled in."""
    set_bit(space.seen, name)
    space.names[place] = name
    space.places[name] = place
    return space.earned[place]


@inner
def _earn(edges: Edges, edge: int, space: GatherSpace, place: int) -> None:
    """A name earns by each unit once, by the edge that is worth most."""
    unit, earned = edges.units[edge], space.earned[place]
    if earned.last != unit:
        earned.last = unit
        earned.bits += space.worths[edge]
        earned.credit += space.peaks[edge]
        earned.rarest = max(earned.rarest, space.worths[edge])


@inner
def _add_to(
    asked: QuestionArrays,
    postings: Postings,
    edges: Edges,
    edge: int,
    space: GatherSpace,
    touched: int,
) -> None:
    """Adds an edge to those of the touched names that have its word.

    A common word stands in thousands of names; a few are looked up in them instead.
    """
    first, reach = KINDS * edges.words[edge], reach_of(asked, edges, edge)
    for posting in range(first, first + reach + 1):
        start, end = postings.starts[posting], postings.starts[posting + 1]
        if end - start > _LOOK_UP * touched:
            for place in range(touched):
                name = space.names[place]
                post = first_at_least(postings.names, start, end, name)
                if post < end and postings.names[post] == name:
                    _earn(edges, edge, space, place)
        else:
            for post in range(start, end):
                name = postings.names[post]
                if has_bit(space.seen, name):
                    _earn(edges, edge, space, space.places[name])


@inner
def add_sure(
    asked: QuestionArrays, keys: Wholes, keyed: Wholes, gathered: GatherSpace, touched: int
) -> int:
    """Adds the names with one of the question's keys, whatever words they share."""
    for key in asked.keys:
        if key == 0:
            continue
        place = first_at_least(keys, 0, len(keys), key)
        while place < len(keys) and keys[place] == key:
            name = keyed[place]
            if has_bit(gathered.seen, name):
                gathered.earned[gathered.places[name]].bits = SURE
            else:
                _see(gathered, name, touched).bits = SURE
                touched += 1
            place += 1
    return touched


# --- An index and room to search it, handed to machine code as one thing.

# A unit may be every pair of words, every run of initials and every reading of a long name.
_MOST_UNITS = 4096


class Finding(NamedTuple):
    """What names are found by: their words, the sorted keys of each, and its list."""

    vocabulary: Vocabulary
    postings: Postings
    keys: Wholes
    keyed: Wholes
    lists: Wholes


class Index(NamedTuple):
    """Names ready to be found and scored."""

    finding: Finding
    scoring: Scoring


class SearchSpace(NamedTuple):
    """Room to find names in, and for those found with their scores.

    `opens` is by unit, `common` by word of the question, see `search`.
    """

    edges: EdgeSpace
    gathered: GatherSpace
    opens: Wholes
    common: Wholes
    found: Wholes
    scores: Reals


class Space(NamedTuple):
    """Room for one search at a time over one index."""

    finding: SearchSpace
    scoring: Bench


def search_space(index: Index) -> Space:
    """Room to search these names."""
    words, names = len(index.finding.vocabulary.starts) - 1, len(index.finding.lists)
    edges = edge_space(words)
    room = SearchSpace(
        edges=edges,
        gathered=gather_space(names),
        opens=np.zeros(_MOST_UNITS, dtype=np.uint8),
        common=np.zeros(MOST_WORDS, dtype=np.uint8),
        found=np.zeros(names, dtype=np.int32),
        scores=np.zeros(names, dtype=np.float64),
    )
    return Space(room, bench_space(words, edges.edges))


class Searcher(Protocol):
    """One index and room for one search at a time.

    Compiled code unwraps every array that it is given, half a microsecond each, and an index and
    its room have some sixty. Held together they are unwrapped once, when they are put together.
    Without it a question over 100,000 names takes 14 to 22 % longer (p50 of three runs by turns:
    200, 212 and 248 microseconds against 169, 185 and 203; `abeyance bench speed --no-http`).
    """

    index: Index
    space: Space


class _HeldType(types.StructRef):
    """What compiled code calls it."""


class _Proxy(structref.StructRefProxy):
    """What Python code is given of it."""


class _Plain(msgspec.Struct, frozen=True):
    """The same where nothing is compiled: there a structref would make itself without end."""

    index: Index
    space: Space


# Its own types call the classes that it takes unknown.
structref.register(_HeldType)  # pyright: ignore[reportUnknownMemberType]
structref.define_boxing(_HeldType, _Proxy)  # pyright: ignore[reportUnknownMemberType]
structref.define_constructor(  # pyright: ignore[reportUnknownMemberType]
    _Proxy, _HeldType, ("index", "space")
)
_put_together = cast("Callable[[Index, Space], Searcher]", _Plain if INTERPRETED else _Proxy)


class Seat(NamedTuple):
    """Room for one search at a time, and the same with its index as machine code takes them.

    `base` is the log-odds of two names that have nothing in common.
    """

    held: Searcher
    space: Space
    base: float


def take_seat(index: Index) -> Seat:
    """Room of one's own over an index."""
    space = search_space(index)
    return Seat(_hold(index, space), space, index.scoring.tables.base)


@compiled
def _hold(index: Index, space: Space) -> Searcher:
    """Puts them together."""
    return _put_together(index, space)


# To within a sixty-thousandth of the weight.
_HALVINGS = 16


@compiled
def search(held: Searcher, asked: QuestionArrays, allowed: Marks, least: float) -> int:
    """Fills `found` and `scores` with the names whose log-odds are `least` or more.

    `allowed` marks the lists that are searched, by number; with none at all every list is. A
    name is measured only if the most that it can reach is enough: the answer is the same as if
    every name had been.
    """
    return _search(held.index, held.space, asked, allowed, least)


@inner
def _search(
    index: Index, space: Space, asked: QuestionArrays, allowed: Marks, least: float
) -> int:
    room, bench = space.finding, space.scoring
    edges = find_edges(asked, index.finding.vocabulary, room.edges)
    touched = _find(index.finding, asked, index.scoring.tables, least, edges, room)
    kept = _sift(index, room.gathered, asked, allowed, least, touched)
    chain(bench.chains, edges)
    blocks, found = mark_blocks(asked.run_together, bench.marks), 0
    for place in range(kept):
        name = room.gathered.names[place]
        floor = -np.inf if room.gathered.most[place] == np.inf else least
        total = _weigh(index.scoring, asked, name, blocks, floor, bench)
        if total >= least or is_certain(bench.values):
            room.found[found] = name
            room.scores[found] = score_of(total, bench.values)
            found += 1
    unchain(bench.chains, edges)
    return found


@inner
def _sift(
    index: Index,
    gathered: GatherSpace,
    asked: QuestionArrays,
    allowed: Marks,
    least: float,
    touched: int,
) -> int:
    """Moves the names that may reach `least` to the front and says how many they are."""
    tables, rows = index.scoring.tables, index.scoring.rows
    likely, kept = _sift_by_words(index, gathered, asked, allowed, least, touched), 0
    for place in range(likely):
        name, most = gathered.names[place], gathered.most[place]
        row = rows[name]
        if most - tables.peaks[WHOLE] + _whole_at_most(tables, asked, row) >= least:
            gathered.names[kept], gathered.most[kept] = name, most
            kept += 1
    return kept


@inner
def _sift_by_words(
    index: Index,
    gathered: GatherSpace,
    asked: QuestionArrays,
    allowed: Marks,
    least: float,
    touched: int,
) -> int:
    """The same by what the words earned alone; no name stays `seen`."""
    tables, weight, likely = index.scoring.tables, total_weight(asked), 0
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
            most = _most(tables, earned.bits, left, earned.rarest)
        if most >= least:
            gathered.names[likely], gathered.most[likely] = name, most
            likely += 1
    return likely


@compiled
def weigh_pair(held: Searcher, asked: QuestionArrays, name: int) -> float:
    """The log-odds of one name, measured to the end in the room's `scoring`; its edges stay."""
    return weigh_alone(held.index, held.space, asked, name)


@inner
def weigh_alone(index: Index, space: Space, asked: QuestionArrays, name: int) -> float:
    """The same for compiled code."""
    scoring, bench, row = index.scoring, space.scoring, index.scoring.rows[name]
    words = scoring.names.words[row.entries : row.entries + row.entry_count]
    edges = pair_edges(asked, words, index.finding.vocabulary, space.finding.edges)
    chain(bench.chains, edges)
    blocks = mark_blocks(asked.run_together, bench.marks)
    total = _weigh(scoring, asked, name, blocks, -np.inf, bench)
    unchain(bench.chains, edges)
    return total


@inner
def _find(
    finding: Finding,
    asked: QuestionArrays,
    tables: Tables,
    least: float,
    edges: int,
    room: SearchSpace,
) -> int:
    """Gathers the names worth a look and says how many they are."""
    known, gathered = room.edges.edges, room.gathered
    sort_edges(asked, finding.postings, known, edges, gathered.worths)
    peak_credits(asked, known, edges, gathered.peaks)
    _choose_openers(asked, tables, least, room)
    touched = gather(asked, finding.postings, known, edges, room.opens, gathered)
    return add_sure(asked, finding.keys, finding.keyed, gathered, touched)


@inner
def _weigh(
    scoring: Scoring, asked: QuestionArrays, name: int, blocks: int, least: float, bench: Bench
) -> float:
    """The log-odds of one name; what is surely below `least` is not worked out to the end.

    A name that shares a key with the question needs -inf for `least`: what its words say is no
    bound of it.
    """
    tables, row = scoring.tables, scoring.rows[name]
    whole = _whole_at_most(tables, asked, row)
    measure_words(asked, scoring.names, row, bench)
    most = add_up(bench.values, tables, whole)
    if most < least:
        return most
    measure_traits(asked, scoring, name, bench)
    most = add_up(bench.values, tables, whole)
    if most < least:
        return most
    measure_whole(asked, scoring.traits, row, blocks, bench)
    return add_up(bench.values, tables, read_table(tables, WHOLE, bench.values[WHOLE]))


@inner
def _whole_at_most(tables: Tables, asked: QuestionArrays, row: NameRow) -> float:
    """The most that the spelling as a whole can add, by the lengths alone."""
    return read_table(tables, WHOLE, most_alike(asked, row))


@inner
def _most(tables: Tables, bits: float, left: float, rarest: float) -> float:
    """The most log-odds of a name that meets so much weight and leaves so much of the question.

    `rarest` is the most that one word may count. Without those that share a key with the question:
    these are measured whatever they share.
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
def _least_credit(tables: Tables, weight: float, least: float) -> float:
    """What of the question's weight must be covered at the least to reach so many log-odds."""
    low, high = 0.0, weight
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if _most(tables, middle, weight - middle, 1.0) >= least:
            high = middle
        else:
            low = middle
    return low


@inner
def _choose_openers(
    asked: QuestionArrays, tables: Tables, least: float, room: SearchSpace
) -> None:
    """Marks the units that can bring in names of their own.

    The commonest words of the question, as many as are not enough together, bring in none: a name
    that meets no other word cannot reach `least`. What stands for several words may be one rare
    word of a name, however common they are.
    """
    common, total, rest, rarest = room.common, total_weight(asked), 0.0, 0.0
    common[: len(asked.weights)] = 0
    for unit in range(len(asked.factors) - 1, -1, -1):
        place = asked.units[unit, PLACE]
        more = rest + asked.weights[place]
        rarer = max(rarest, asked.weights[place])
        # the words one by one stand last, the commonest last of all
        alone = asked.units[unit, SPAN] == 1 and asked.factors[unit] == 1.0
        if not alone or _most(tables, more, total - more, rarer) >= least:
            break
        rest, rarest = more, rarer
        common[place] = 1
    for unit in range(len(asked.factors)):
        alone = asked.units[unit, SPAN] == 1
        room.opens[unit] = 0 if alone and common[asked.units[unit, PLACE]] else 1
