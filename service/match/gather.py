"""The first stage: the names that share a word with a question, and the most they can earn."""

from typing import NamedTuple, Protocol, cast

import numpy as np

from service.match.align import unit_weight
from service.match.arrays import Reals, Run, Wholes, Words, first_at_least
from service.match.bits import has_bit, no_bits, set_bit
from service.match.columns import KINDS, Postings
from service.match.compiled import inner
from service.match.edges import MOST_EDGES, Edges, reach_of
from service.match.question import Asked
from service.match.rows import lines_of

# More than any weight that words can earn.
SURE = 1e9
# To look a name up among others takes as long as to run over so many.
_LOOK_UP = 16
_EARNED = np.dtype([("bits", "f8"), ("credit", "f8"), ("rarest", "f8"), ("last", "i8")])


class Earned(Protocol):
    """What a name can earn, and the unit by which it earned last.

    `bits` is the most weight that may be met, `credit` the most weight of the question's words
    that may be covered, `rarest` the most that one word may count.
    """

    bits: float
    credit: float
    rarest: float
    last: int


class Gathered(NamedTuple):
    """Room for what was gathered: the `names` touched, and what each of them can earn.

    `names[k]` can earn `earned[k]`, and `places` says of a name which `k` that is. `seen` has a
    bit for each name, none set between two uses; only of those seen is `places` filled in. A name
    found by one of its keys is `SURE` to be looked at, whatever words it shares.
    Of the edges are `worths`, the most weight that each may meet, and `peaks`, the most weight of
    the question that it and those of its unit after it may cover. `most` is the most log-odds of
    `names[k]` once the names are sifted, without end for one that is sure.
    """

    names: Wholes
    earned: Run[Earned]
    places: Wholes
    seen: Words
    worths: Reals
    peaks: Reals
    most: Reals


def gather_space(names: int) -> Gathered:
    """Room for so many names."""
    return Gathered(
        names=np.zeros(names, dtype=np.int32),
        earned=cast("Run[Earned]", cast("object", lines_of(_EARNED, names))),
        places=np.zeros(names, dtype=np.int32),
        seen=no_bits(names),
        worths=np.zeros(MOST_EDGES, dtype=np.float64),
        peaks=np.zeros(MOST_EDGES, dtype=np.float64),
        most=np.zeros(names, dtype=np.float64),
    )


@inner
def sort_edges(asked: Asked, postings: Postings, edges: Edges, count: int, worths: Reals) -> None:
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
def peak_credits(asked: Asked, edges: Edges, count: int, peaks: Reals) -> None:
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
    asked: Asked, postings: Postings, edges: Edges, count: int, opens: Wholes, space: Gathered
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
    asked: Asked, postings: Postings, edges: Edges, edge: int, space: Gathered, touched: int
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
def _see(space: Gathered, name: int, place: int) -> Earned:
    """Takes a name in at the next place; what it can earn is to be filled in."""
    set_bit(space.seen, name)
    space.names[place] = name
    space.places[name] = place
    return space.earned[place]


@inner
def _earn(edges: Edges, edge: int, space: Gathered, place: int) -> None:
    """A name earns by each unit once, by the edge that is worth most."""
    unit, earned = edges.units[edge], space.earned[place]
    if earned.last != unit:
        earned.last = unit
        earned.bits += space.worths[edge]
        earned.credit += space.peaks[edge]
        earned.rarest = max(earned.rarest, space.worths[edge])


@inner
def _add_to(
    asked: Asked, postings: Postings, edges: Edges, edge: int, space: Gathered, touched: int
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
def add_sure(asked: Asked, keys: Wholes, keyed: Wholes, gathered: Gathered, touched: int) -> int:
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
