"""Measure the likeliest candidates of a question, for the fitting of the score's tables."""

import numba
import numpy as np

from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match.edges import find_edges
from abeyance_screening.engine.names.match.gather import (
    SURE,
    WHATEVER,
    Openers,
    gather,
    sort_edges,
)
from abeyance_screening.engine.names.match.index import NameIndex
from abeyance_screening.engine.names.match.kernel import Flags, Floats, Ints, clear_bits
from abeyance_screening.engine.names.match.layout import lay_out_question
from abeyance_screening.engine.names.match.score import (
    PARTS,
    chain,
    measure_traits,
    measure_whole,
    measure_words,
    total_weight,
    unchain,
)
from abeyance_screening.engine.names.match.search import search_space
from abeyance_screening.engine.names.match.spelling import mark_blocks


class Survey:
    """A survey of one index: the candidates that can meet most of a question and of themselves."""

    def __init__(self, index: NameIndex, most: int) -> None:
        self._index = index
        self._most = most
        self._space = search_space(index.index)

    def of(self, form: ComparisonForm) -> tuple[Ints, Floats]:
        """Return the positions of at most `most` names, and a row of measured values for each."""
        names = np.zeros(self._most, dtype=np.int64)
        rows = np.zeros((self._most, len(PARTS)))
        if not form.words:
            return names[:0], rows[:0]
        question = lay_out_question(form)
        count = _survey(self._index.index, question, self._space, names, rows)
        return names[:count], rows[:count]


@numba.njit
def _survey(index, question, space, names, rows):
    finding, scoring = index.finding, index.scoring
    room, bench = space.finding, space.scoring
    edges = find_edges(question, finding.vocabulary, finding.slots, room.edges)
    sort_edges(question, finding.postings, room.edges.edges, edges, room.gathered.worths)
    room.opens[:] = WHATEVER
    openers = Openers(room.opens, 0.0)
    touched = gather(question, finding, room.edges.edges, edges, openers, room.gathered)
    chain(bench.chains, edges)
    blocks = mark_blocks(question.run_together, bench.marks)
    weight = total_weight(question)
    near = np.empty(touched)
    for place in range(touched):
        name = room.gathered.names[place]
        clear_bits(room.gathered.seen, name)
        near[place] = 100.0
        bits = room.gathered.earned[place].bits
        if bits != SURE:
            left = max(0.0, weight - room.gathered.earned[place].credit)
            near[place] = bits + 2.0 * bits / (bits + left + 1e-9)
            near[place] += 0.7 * bits / (scoring.rows[name].slots + 1e-9)
    order = np.argsort(-near)
    count = min(touched, len(names))
    for place in range(count):
        name = room.gathered.names[order[place]]
        measure_words(question, scoring.names, scoring.rows[name], bench)
        measure_traits(question, scoring, name, bench)
        measure_whole(question, scoring.traits, scoring.rows[name], blocks, bench)
        names[place] = name
        rows[place] = bench.values
    unchain(bench.chains, edges)
    return count


def best_of(values: Floats, among: Flags) -> int:
    """Return the place of the largest marked value, or -1 where none is marked."""
    return int(np.where(among, values, -np.inf).argmax()) if among.any() else -1
