"""The whole search in machine code: gather, bound, measure, add up."""

import numpy as np

from service.match.align import chain, total_weight, unchain
from service.match.arrays import Marks
from service.match.bits import clear_bits
from service.match.compiled import compiled, inner
from service.match.edges import find_edges, pair_edges
from service.match.gather import SURE, Gathered, add_sure, gather, peak_credits, sort_edges
from service.match.held import Finding, Held, Index, Room, Space
from service.match.measure import (
    Bench,
    Scoring,
    measure_traits,
    measure_whole,
    measure_words,
    most_alike,
)
from service.match.prefetch import fetch_soon
from service.match.question import PLACE, SPAN, Asked
from service.match.rows import Row
from service.match.score import add_up, is_certain, score_of
from service.match.spelling import mark_blocks
from service.match.tables import (
    FIRST_WORD,
    MATCHED,
    QUERY_COVERED,
    RAREST,
    WHOLE,
    Tables,
    read_table,
)

# To within a sixty-thousandth of the weight.
_HALVINGS = 16


@compiled
def search(held: Held, asked: Asked, allowed: Marks, least: float) -> int:
    """Fills `found` and `scores` with the names whose log-odds are `least` or more.

    `allowed` marks the lists that are searched, by number; with none at all every list is. A
    name is measured only if the most that it can reach is enough: the answer is the same as if
    every name had been.
    """
    return _search(held.index, held.space, asked, allowed, least)


@inner
def _search(index: Index, space: Space, asked: Asked, allowed: Marks, least: float) -> int:
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
    index: Index, gathered: Gathered, asked: Asked, allowed: Marks, least: float, touched: int
) -> int:
    """Moves the names that may reach `least` to the front and says how many they are.

    To look at all of them before one is worked on lets the processor fetch the next ones
    meanwhile.
    """
    tables, rows = index.scoring.tables, index.scoring.rows
    likely, kept = _sift_by_words(index, gathered, asked, allowed, least, touched), 0
    for place in range(likely):
        name, most = gathered.names[place], gathered.most[place]
        row = rows[name]
        if most - tables.peaks[WHOLE] + _whole_at_most(tables, asked, row) >= least:
            gathered.names[kept], gathered.most[kept] = name, most
            kept += 1
            _fetch(index.scoring, row)
    return kept


@inner
def _sift_by_words(
    index: Index, gathered: Gathered, asked: Asked, allowed: Marks, least: float, touched: int
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
            fetch_soon(index.scoring.rows, name)
    return likely


@inner
def _fetch(scoring: Scoring, row: Row) -> None:
    """Asks for what will be read of a name that is measured."""
    fetch_soon(scoring.names.words, row.entries)
    fetch_soon(scoring.names.weights, row.weights)
    fetch_soon(scoring.names.places, row.entries)
    fetch_soon(scoring.names.spans, row.entries)
    fetch_soon(scoring.names.factors, row.entries)
    fetch_soon(scoring.traits.letters, row.letters)


@compiled
def weigh_pair(held: Held, asked: Asked, name: int) -> float:
    """The log-odds of one name, measured to the end in the room's `scoring`; its edges stay."""
    return weigh_alone(held.index, held.space, asked, name)


@inner
def weigh_alone(index: Index, space: Space, asked: Asked, name: int) -> float:
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
    finding: Finding, asked: Asked, tables: Tables, least: float, edges: int, room: Room
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
    scoring: Scoring, asked: Asked, name: int, blocks: int, least: float, bench: Bench
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
def _whole_at_most(tables: Tables, asked: Asked, row: Row) -> float:
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
def _choose_openers(asked: Asked, tables: Tables, least: float, room: Room) -> None:
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
