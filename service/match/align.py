"""Soft alignment: which words of a question meet which words of a listed name, and how fully."""

from typing import NamedTuple

import numpy as np

from service.match.arrays import Reals, Wholes, Words
from service.match.bits import clear_bits, has_bit, no_bits, set_bit
from service.match.columns import Names, entry_kind, entry_weight
from service.match.compiled import inner
from service.match.edges import MOST_EDGES, Edges, reach_of
from service.match.entries import MOST_WORDS
from service.match.question import PLACE, SPAN, Asked
from service.match.rows import Row


class Chains(NamedTuple):
    """The edges of a question by word: the first is `first[word]` or -1, then `after[edge]`.

    `marks` has a bit for each word, set if it has an edge: most have none.
    """

    edges: Edges
    first: Wholes
    after: Wholes
    marks: Words


class Aligned(NamedTuple):
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


def align_space() -> Aligned:
    """Room for one pair of names."""
    places = [np.zeros(MOST_WORDS, dtype=np.int32) for _ in range(2)]
    return Aligned(*(np.zeros(MOST_WORDS, dtype=np.float64) for _ in range(4)), *places)


@inner
def unit_weight(asked: Asked, unit: int) -> float:
    """The weight of the words that a unit stands for."""
    first = asked.units[unit, PLACE]
    total = 0.0
    for place in range(first, first + asked.units[unit, SPAN]):
        total += asked.weights[place]
    return total


@inner
def total_weight(asked: Asked) -> float:
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
def align(asked: Asked, names: Names, row: Row, chains: Chains, aligned: Aligned) -> None:
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
def _meet_query(asked: Asked, edges: Edges, meeting: Meeting, aligned: Aligned) -> None:
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
def _meet_listed(names: Names, row: Row, meeting: Meeting, aligned: Aligned) -> None:
    first = names.places[meeting.entry]
    for place in range(first, first + names.spans[meeting.entry]):
        met = meeting.share * names.weights[row.weights + place]
        aligned.listed_met[place] = max(aligned.listed_met[place], met)
        aligned.listed_best[place] = max(aligned.listed_best[place], meeting.credit)
