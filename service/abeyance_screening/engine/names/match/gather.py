"""Gather the names that have a word or a key of the question, and the most that each can earn.

This is the first step of a search, see `engine.names.match.search`.
"""

from typing import NamedTuple, Protocol, cast

import numpy as np

from abeyance_screening.engine.names.match.edges import MOST_EDGES, Edges, reach_of
from abeyance_screening.engine.names.match.kernel import (
    NumberRow,
    Reals,
    Wholes,
    Words,
    first_at_least,
    has_bit,
    inner,
    no_bits,
    none_yet,
    set_bit,
)
from abeyance_screening.engine.names.match.layout import KINDS, Postings, QuestionArrays, lines_of
from abeyance_screening.engine.names.match.score import SLIPPED, unit_weight
from abeyance_screening.engine.names.match.spelling import Vocabulary

# More than any weight that words can earn.
SURE = 1e9
# Finding one name in a sorted posting by bisection takes as long as reading 16 of its names.
_LOOK_UP = 16
# Which edges of a unit add names: all, or those for enough credit; 0 for none.
WHATEVER, SPELLED_ALIKE = 2, 1
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


class EdgePostings(NamedTuple):
    """The edges of a question, and the postings of the words that they may mean."""

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
    finding: Finding,
    edges: Edges,
    count: int,
    openers: Openers,
    space: GatherSpace,
) -> int:
    """Add up what each name can earn, and return how many names were gathered.

    The edges must be sorted by `sort_edges`. An edge that opens nothing adds no names: it only
    raises the bounds of names that other edges have added. Names with one of the question's keys
    are gathered as well.
    """
    posted, touched = EdgePostings(question, finding.postings, edges), none_yet()
    last = _clear_slots(posted, count, openers, space)
    for edge in range(count):
        if _opens(edges, edge, openers):
            touched = _add_names(posted, edge, space, touched, last)
    for edge in range(count):
        if not _opens(edges, edge, openers):
            _raise_bounds(posted, edge, space, touched, last)
    return _add_sure(question, finding.keys, finding.keyed, space, touched, last)


@inner
def _clear_slots(posted: EdgePostings, count: int, openers: Openers, space: GatherSpace) -> int:
    """Clear as many slots as the names that edges may add need, and return the last of them."""
    starts, names, slots = posted.postings.starts, none_yet(), _FEWEST_SLOTS
    for edge in range(count):
        if _opens(posted.edges, edge, openers):
            first, end = _postings_of(posted, edge)
            names += starts[end] - starts[first]
    while slots < 2 * min(names, len(space.names)):
        slots *= 2
    for slot in range(slots):
        space.slots[slot] = 0
    return slots - 1


@inner
def _postings_of(posted: EdgePostings, edge: int) -> tuple[int, int]:
    """Return the first posting of the names that an edge may meet, and the one after the last."""
    first = KINDS * posted.edges.words[edge]
    return first, first + reach_of(posted.question, posted.edges, edge) + 1


@inner
def _opens(edges: Edges, edge: int, openers: Openers) -> bool:
    opens = openers.units[edges.units[edge]]
    return opens == WHATEVER or (opens == SPELLED_ALIKE and edges.credits[edge] > openers.credit)


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
def _add_names(
    posted: EdgePostings, edge: int, space: GatherSpace, touched: int, last: int
) -> int:
    """Credit an edge to every name with its word; return how many names are gathered so far."""
    edges, postings = posted.edges, posted.postings
    first, end = _postings_of(posted, edge)
    worth, peak, unit = space.worths[edge], space.peaks[edge], edges.units[edge]
    rarity = _rarity(edges, space, edge)
    for name in postings.names[postings.starts[first] : postings.starts[end]]:
        slot = _slot_of(space, name, last)
        if space.slots[slot] != 0:
            _raise_bound(edges, edge, space, space.slots[slot] - 1)
        else:
            earned = _add_name(space, name, touched)
            earned.bits, earned.credit, earned.rarest, earned.last = worth, peak, rarity, unit
            touched += 1
            space.slots[slot] = touched
    return touched


@inner
def _raise_bounds(
    posted: EdgePostings, edge: int, space: GatherSpace, touched: int, last: int
) -> None:
    """Credit an edge to those of the gathered names that have its word.

    A common word is in thousands of names; where few names are gathered, each of them is looked up
    in the posting instead of reading the whole posting.
    """
    edges, postings = posted.edges, posted.postings
    for posting in range(*_postings_of(posted, edge)):
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
        earned.rarest = max(earned.rarest, _rarity(edges, space, edge))


@inner
def _rarity(edges: Edges, space: GatherSpace, edge: int) -> float:
    """Return the most that the word of an edge can count as the rarest one, see `SLIPPED`."""
    worth, credit = space.worths[edge], edges.credits[edge]
    return worth / credit if credit >= SLIPPED else worth


@inner
def _add_name(space: GatherSpace, name: int, place: int) -> NameBound:
    """Add a name at `place`, and return its bounds, which the caller must fill in."""
    set_bit(space.seen, name)
    space.names[place] = name
    return space.earned[place]
