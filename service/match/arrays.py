"""Names for the arrays that matching works on."""

from collections.abc import Iterator, Sequence
from typing import Protocol, cast, overload

import numpy as np
from numpy.typing import NDArray

from service.match.compiled import inner
from service.model.pace import Rest

# Some half a millisecond of work.
_PIECE = 4_096
type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Positions = NDArray[np.int32]
type Flags = NDArray[np.bool_]
type Bytes = NDArray[np.uint8]


class Run[T](Protocol):
    """One row of numbers as compiled code sees it; numpy's own types call its elements Any."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[T]: ...
    @overload
    def __getitem__(self, place: int, /) -> T: ...
    @overload
    def __getitem__(self, places: slice, /) -> "Run[T]": ...
    def __setitem__(self, place: int | slice, value: T, /) -> None: ...


class Grid(Protocol):
    """Rows and columns of whole numbers as compiled code sees them."""

    def __getitem__(self, place: tuple[int, int], /) -> int: ...


class Table(Protocol):
    """Rows and columns of numbers as compiled code sees them."""

    def __setitem__(self, place: tuple[int, int], value: float, /) -> None: ...


type Reals = Run[float]
type Wholes = Run[int]
type Marks = Run[bool]
type Words = Run[np.uint64]


def ints_of(run: Wholes) -> Ints:
    """A row as the array that it is."""
    return cast("Ints", run)


def floats_of(run: Reals) -> Floats:
    """A row as the array that it is."""
    return cast("Floats", run)


def words_of(run: Words) -> "NDArray[np.uint64]":
    """A row as the array that it is."""
    return cast("NDArray[np.uint64]", run)


def reals_of(run: Reals) -> list[float]:
    """A row as Python floats."""
    return cast("list[float]", floats_of(run).tolist())


def rows_of(table: Table, count: int) -> list[list[float]]:
    """The first rows as Python floats."""
    return cast("list[list[float]]", cast("Floats", table)[:count].tolist())


@inner
def first_at_least(values: Wholes, start: int, end: int, least: int) -> int:
    """The first place from `start` on, before `end`, with `least` or more; else `end`.

    The values between must be ascending.
    """
    while start < end:
        middle = (start + end) // 2
        if values[middle] < least:
            start = middle + 1
        else:
            end = middle
    return start


def spread(starts: Ints | Positions, lengths: Ints | Positions) -> Ints:
    """Positions `start … start + length - 1` of every run, one after another.

    Runs must not be empty.
    """
    ends = np.cumsum(lengths, dtype=np.int64)
    if len(ends) == 0:
        return ends
    steps = np.ones(int_list(ends)[-1], dtype=np.int64)
    steps[0] = starts[0]
    steps[ends[:-1]] = starts[1:] - (starts[:-1] + lengths[:-1]) + 1
    return np.cumsum(steps)


def ints(values: Sequence[int], rest: Rest) -> Ints:
    """Integers as an array, piece by piece, with a look between two whether it is time to rest."""
    array = np.empty(len(values), dtype=np.int64)
    for start in range(0, len(values), _PIECE):
        array[start : start + _PIECE] = values[start : start + _PIECE]
        rest()
    return array


def int_list(values: Ints | Positions) -> list[int]:
    """The values as Python integers."""
    return cast("list[int]", values.tolist())


def float_list(values: Floats | Flags) -> list[float]:
    """The values as Python floats; a flag is 0 or 1."""
    return cast("list[float]", values.astype(np.float64).tolist())
