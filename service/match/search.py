"""The whole search in machine code: gather, bound, measure, add up."""

from typing import NamedTuple

import numpy as np

from service.match.align import chain, total_weight, unchain, unit_weight
from service.match.arrays import Marks, Reals, Wholes
from service.match.columns import Postings
from service.match.compiled import compiled, inner
from service.match.edges import EdgeSpace, edge_space, find_edges, pair_edges
from service.match.gather import (
    SURE,
    Gathered,
    add_sure,
    gather,
    gather_space,
    peak_credits,
    sort_edges,
)
from service.match.measure import Bench, Scoring, bench_space, measure, measure_whole
from service.match.question import SPAN, Asked
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
from service.match.vocabulary import Vocabulary

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


class Room(NamedTuple):
    """Room to find names in, and for those found with their scores."""

    edges: EdgeSpace
    gathered: Gathered
    opens: Wholes
    found: Wholes
    scores: Reals


class Space(NamedTuple):
    """Room for one search at a time over one index."""

    finding: Room
    scoring: Bench


def search_space(index: Index) -> Space:
    """Room to search these names."""
    words, names = len(index.finding.postings.caps), len(index.finding.lists)
    edges = edge_space(words)
    room = Room(
        edges=edges,
        gathered=gather_space(names),
        opens=np.zeros(_MOST_UNITS, dtype=np.uint8),
        found=np.zeros(names, dtype=np.int32),
        scores=np.zeros(names, dtype=np.float64),
    )
    return Space(room, bench_space(words, edges.edges))


@compiled
def search(index: Index, asked: Asked, allowed: Marks, least: float, space: Space) -> int:
    """Fills `found` and `scores` with the names whose log-odds are `least` or more.

    `allowed` marks the lists that are searched, by number; with none at all every list is. A
    name is measured only if the most that it can reach is enough: the answer is the same as if
    every name had been.
    """
    room, bench, tables = space.finding, space.scoring, index.scoring.tables
    edges = find_edges(asked, index.finding.vocabulary, room.edges)
    touched = _find(index.finding, asked, tables, least, edges, room)
    chain(bench.chains, edges)
    blocks = mark_blocks(asked.run_together, bench.marks)
    weight, found = total_weight(asked), 0
    for place in range(touched):
        name = room.gathered.names[place]
        sure = room.gathered.seen[name] == SURE
        room.gathered.seen[name] = 0
        room.gathered.last[name] = -1
        if len(allowed) > 0 and not allowed[index.finding.lists[name]]:
            continue
        left = max(0.0, weight - room.gathered.credit[name])
        if sure or _most(tables, room.gathered.bits[name], left) >= least:
            total = _weigh(index.scoring, asked, name, blocks, least, bench)
            if total >= least or is_certain(bench.values):
                room.found[found] = name
                room.scores[found] = score_of(total, bench.values)
                found += 1
    unchain(bench.chains, edges)
    return found


@compiled
def weigh_pair(index: Index, asked: Asked, name: int, space: Space) -> float:
    """The log-odds of one name, measured to the end in `space.scoring`; its edges stay."""
    scoring, bench = index.scoring, space.scoring
    words = scoring.names.words[scoring.names.starts[name] : scoring.names.starts[name + 1]]
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
    peak_credits(known, edges, gathered.peaks)
    _choose_openers(asked, tables, least, room.opens)
    touched = gather(asked, finding.postings, known, edges, room.opens, gathered)
    return add_sure(asked, finding.keys, finding.keyed, gathered, touched)


@inner
def _weigh(
    scoring: Scoring, asked: Asked, name: int, blocks: int, least: float, bench: Bench
) -> float:
    """The log-odds of one name; what is surely below `least` is not worked out to the end."""
    measure(asked, scoring, name, bench)
    tables = scoring.tables
    most = add_up(bench.values, tables, tables.peaks[WHOLE])
    if most < least:
        return most
    measure_whole(asked, scoring.traits, name, blocks, bench)
    return add_up(bench.values, tables, read_table(tables, WHOLE, bench.values[WHOLE]))


@inner
def _most(tables: Tables, bits: float, left: float) -> float:
    """The most log-odds of a name that meets so much weight and leaves so much of the question.

    Without those that share a key with the question: these are measured whatever they share.
    """
    covered = bits / (bits + left) if bits > 0.0 else 0.0
    return (
        tables.base
        + read_table(tables, MATCHED, bits)
        + read_table(tables, QUERY_COVERED, covered)
        + read_table(tables, RAREST, min(bits, 1.0))
        + tables.peaks[WHOLE]
        + tables.peaks[FIRST_WORD]
        + 1e-9
    )


@inner
def _choose_openers(asked: Asked, tables: Tables, least: float, opens: Wholes) -> None:
    """Marks the units that can bring in names of their own: those with enough weight to come."""
    total, rest = total_weight(asked), 0.0
    for unit in range(len(asked.factors) - 1, -1, -1):
        opens[unit] = 1
        if asked.units[unit, SPAN] == 1 and asked.factors[unit] == 1.0:
            rest += unit_weight(asked, unit)
            opens[unit] = 1 if _most(tables, rest, total - rest) >= least else 0
