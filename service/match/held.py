"""An index and room to search it, handed to machine code as one thing."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

import numpy as np
from numba.core import types
from numba.experimental import structref

from service.match.arrays import Reals, Wholes
from service.match.columns import Postings
from service.match.compiled import compiled
from service.match.edges import EdgeSpace, edge_space
from service.match.entries import MOST_WORDS
from service.match.gather import Gathered, gather_space
from service.match.measure import Bench, Scoring, bench_space
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
    """Room to find names in, and for those found with their scores.

    `opens` is by unit, `common` by word of the question, see `search`.
    """

    edges: EdgeSpace
    gathered: Gathered
    opens: Wholes
    common: Wholes
    found: Wholes
    scores: Reals


class Space(NamedTuple):
    """Room for one search at a time over one index."""

    finding: Room
    scoring: Bench


def search_space(index: Index) -> Space:
    """Room to search these names."""
    words, names = len(index.finding.vocabulary.starts) - 1, len(index.finding.lists)
    edges = edge_space(words)
    room = Room(
        edges=edges,
        gathered=gather_space(names),
        opens=np.zeros(_MOST_UNITS, dtype=np.uint8),
        common=np.zeros(MOST_WORDS, dtype=np.uint8),
        found=np.zeros(names, dtype=np.int32),
        scores=np.zeros(names, dtype=np.float64),
    )
    return Space(room, bench_space(words, edges.edges))


class Held(Protocol):
    """One index and room for one search at a time.

    Compiled code unwraps every array that it is given, half a microsecond each, and an index and
    its room have some sixty. Held together they are unwrapped once, when they are put together.
    """

    index: Index
    space: Space


class _HeldType(types.StructRef):
    """What compiled code calls it."""


class _Proxy(structref.StructRefProxy):
    """What Python code is given of it."""


# Its own types call the classes that it takes unknown.
structref.register(_HeldType)  # pyright: ignore[reportUnknownMemberType]
structref.define_boxing(_HeldType, _Proxy)  # pyright: ignore[reportUnknownMemberType]
structref.define_constructor(  # pyright: ignore[reportUnknownMemberType]
    _Proxy, _HeldType, ("index", "space")
)
_put_together = cast("Callable[[Index, Space], Held]", _Proxy)


class Seat(NamedTuple):
    """Room for one search at a time, and the same with its index as machine code takes them.

    `base` is the log-odds of two names that have nothing in common.
    """

    held: Held
    space: Space
    base: float


def take_seat(index: Index) -> Seat:
    """Room of one's own over an index."""
    space = search_space(index)
    return Seat(_hold(index, space), space, index.scoring.tables.base)


@compiled
def _hold(index: Index, space: Space) -> Held:
    """Puts them together."""
    return _put_together(index, space)
