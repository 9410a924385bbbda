"""Compiles the inner loops of matching to machine code, once a machine."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast, overload

import numba
import numpy as np
from numba.core import config
from numpy.typing import NDArray

from service.days import Rest

_KERNELS = Path(__file__).parent
_ALL = ".all"


class _Compiler(Protocol):
    """What of `numba.njit` is used; its own types call everything unknown."""

    def __call__(self, **options: object) -> Callable[[object], object]: ...


_compile = cast("_Compiler", cast("object", numba.njit))
# NUMBA_DISABLE_JIT=1 leaves all of this Python, in which a debugger goes step by step.
INTERPRETED = cast("object", config.__dict__["DISABLE_JIT"]) == 1


def compiled[F: Callable[..., object]](function: F) -> F:
    """The same function as machine code, which lets other threads run while it does.

    It is compiled at its first call, some ten seconds for all of them, and kept in the user's
    cache folder for the next process; where none can be written, each process compiles.
    With `NUMBA_DISABLE_JIT=1` it stays Python, whose numbers overflow as silently.
    """
    if INTERPRETED:
        return np.errstate(all="ignore")(function)
    return cast(
        "F", _compile(nogil=True, error_model="numpy", cache=_FOLDER is not None)(function)
    )


def inner[F: Callable[..., object]](function: F) -> F:
    """The same for a function that only compiled ones call: it takes half the time to compile.

    It counts no references to the arrays that it is given, which took half of a search, so it can
    neither make an array nor hand one back.
    """
    compiler = _compile(
        nogil=True,
        error_model="numpy",
        cache=_FOLDER is not None,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
        _nrt=False,
    )
    return cast("F", compiler(function))


def is_compiled() -> bool:
    """Whether a process of this machine has compiled everything before and could keep it."""
    return _FOLDER is not None and (_FOLDER / _ALL).exists()


def note_compiled() -> None:
    """Notes that everything is in the cache, for other processes."""
    if _FOLDER is not None:
        (_FOLDER / _ALL).touch()


def _provide_cache() -> Path | None:
    """A folder for exactly these files, or None; numba does not see that a called one changed."""
    if INTERPRETED:
        return None
    digest = sha256(f"{version('numba')} {_KERNELS}".encode())
    for source in sorted(_KERNELS.glob("*.py")):
        digest.update(source.read_bytes())
        digest.update(str(source.stat().st_mtime_ns).encode())
    try:
        folder = Path.home() / ".cache" / "abeyance" / f"compiled-{digest.hexdigest()[:16]}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
    except (OSError, RuntimeError):
        return None
    config.__dict__["CACHE_DIR"] = str(folder)
    return folder


_FOLDER = _provide_cache()


# --- Names for the arrays that matching works on.

# Some half a millisecond of work.
_PIECE = 4_096
type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Positions = NDArray[np.int32]
type Flags = NDArray[np.bool_]
type Bytes = NDArray[np.uint8]


class NumberRow[T](Protocol):
    """One row of numbers as compiled code sees it; numpy's own types call its elements Any."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[T]: ...
    @overload
    def __getitem__(self, place: int, /) -> T: ...
    @overload
    def __getitem__(self, places: slice, /) -> "NumberRow[T]": ...
    def __setitem__(self, place: int | slice, value: T, /) -> None: ...


class Grid(Protocol):
    """Rows and columns of whole numbers as compiled code sees them."""

    def __getitem__(self, place: tuple[int, int], /) -> int: ...


class NumberTable(Protocol):
    """Rows and columns of numbers as compiled code sees them."""

    def __setitem__(self, place: tuple[int, int], value: float, /) -> None: ...


type Reals = NumberRow[float]
type Wholes = NumberRow[int]
type Marks = NumberRow[bool]
type Words = NumberRow[np.uint64]


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


def rows_of(table: NumberTable, count: int) -> list[list[float]]:
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


# --- Flags of many things in little memory, a bit each: they stay in the nearest caches.

_ZERO, _ONE = np.uint64(0), np.uint64(1)


def no_bits(count: int) -> Words:
    """So many flags, none of them set."""
    return words_of(np.zeros(count // 64 + 1, dtype=np.uint64))


@inner
def has_bit(bits: Words, place: int) -> bool:
    """Whether the flag is set."""
    return int((bits[place >> 6] >> np.uint64(place & 63)) & _ONE) != 0


@inner
def set_bit(bits: Words, place: int) -> None:
    """Sets the flag."""
    bits[place >> 6] |= _ONE << np.uint64(place & 63)


@inner
def clear_bits(bits: Words, place: int) -> None:
    """Takes the flag back, and those beside it with it: whoever set them is done with all."""
    bits[place >> 6] = _ZERO
