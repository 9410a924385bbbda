"""Compile the inner loops of matching to machine code, and name the arrays that they work on."""

import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast, overload

import numba
import numpy as np
from numba.core import config
from numpy.typing import NDArray

_KERNELS = Path(__file__).parent
_ALL = ".all"


class _Compiler(Protocol):
    """The type of `numba.njit` as it is used here; numba has no usable types."""

    def __call__(self, **options: object) -> Callable[[object], object]: ...


_compile = cast("_Compiler", cast("object", numba.njit))
# With NUMBA_DISABLE_JIT=1 everything stays Python, and a debugger can step through it.
INTERPRETED = cast("object", config.__dict__["DISABLE_JIT"]) == 1


def compiled[F: Callable[..., object]](function: F) -> F:
    """Compile a function to machine code, which releases the interpreter's lock while it runs.

    Compilation happens at the first call, and takes 25 to 40 seconds of CPU for all functions
    together. The result is cached in the user's cache folder, or in a temporary one where that is
    not writable; where neither is, each process compiles anew. With `NUMBA_DISABLE_JIT=1` the
    function stays Python, with overflow warnings off, because machine code gives none.
    """
    if INTERPRETED:
        return np.errstate(all="ignore")(function)
    return cast(
        "F", _compile(nogil=True, error_model="numpy", cache=_FOLDER is not None)(function)
    )


def inner[F: Callable[..., object]](function: F) -> F:
    """Compile a function that only compiled functions call, in half the time of `compiled`.

    The function counts no references to its arrays, which took half of the time of a search, so it
    can neither create an array nor return one.
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
    """Return whether a process on this machine has compiled and cached everything."""
    return _FOLDER is not None and (_FOLDER / _ALL).exists()


def note_compiled() -> None:
    """Record for other processes that everything is in the cache."""
    if _FOLDER is not None:
        (_FOLDER / _ALL).touch()


def _provide_cache() -> Path | None:
    """Return a cache folder for this very version of the code, or None where none is writable.

    numba does not notice when a function that another one calls has changed, so the name of the
    folder is a digest of all source files.
    """
    if INTERPRETED:
        return None
    digest = sha256(f"{version('numba')} {_KERNELS}".encode())
    for source in sorted(_KERNELS.glob("*.py")):
        digest.update(source.read_bytes())
        digest.update(str(source.stat().st_mtime_ns).encode())
    name = f"compiled-{digest.hexdigest()[:16]}"
    try:
        folder = Path.home() / ".cache" / "abeyance" / name
    except RuntimeError:
        folder = None
    if folder is None or not _is_writable(folder):
        folder = provide_stand_in(Path(tempfile.gettempdir()) / f"abeyance-{name}", folder)
    if folder is not None:
        config.__dict__["CACHE_DIR"] = str(folder)
    return folder


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
    except OSError:
        return False
    return True


def provide_stand_in(folder: Path, cache: Path | None) -> Path | None:
    """A temporary folder that starts with what a cache that cannot be written holds, or None.

    A container with a read-only file system has all compiled in its image, which numba reads only
    where it may write. Anybody can make a folder there beforehand, and what it holds would be
    run: one that is not ours alone is not used.
    """
    try:
        made = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
        ours = made.stat().st_uid
        if cache is not None and (cache / _ALL).exists() and not folder.exists():
            shutil.copytree(cache, made, dirs_exist_ok=True, copy_function=shutil.copyfile)
            made.chmod(0o700)
        with suppress(OSError):
            made.rename(folder)
        shutil.rmtree(made, ignore_errors=True)
        found = folder.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == ours
    return folder if is_ours and stat.S_IMODE(found.st_mode) == stat.S_IRWXU else None


_FOLDER = _provide_cache()


# --- Types of the arrays that matching works on, and conversions.

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Positions = NDArray[np.int32]
type Flags = NDArray[np.bool_]
type Bytes = NDArray[np.uint8]


class NumberRow[T](Protocol):
    """A row of numbers as compiled code sees it; numpy's own type has elements of type Any."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[T]: ...
    @overload
    def __getitem__(self, place: int, /) -> T: ...
    @overload
    def __getitem__(self, places: slice, /) -> "NumberRow[T]": ...
    def __setitem__(self, place: int | slice, value: T, /) -> None: ...


class Grid(Protocol):
    """A table of whole numbers as compiled code sees it."""

    def __getitem__(self, place: tuple[int, int], /) -> int: ...

    def __setitem__(self, place: tuple[int, int], value: int, /) -> None: ...


class NumberTable(Protocol):
    """A table of numbers as compiled code sees it."""

    def __setitem__(self, place: tuple[int, int], value: float, /) -> None: ...


type Reals = NumberRow[float]
type Wholes = NumberRow[int]
type Marks = NumberRow[bool]
type Words = NumberRow[np.uint64]


def ints_of(run: Wholes) -> Ints:
    """Return a row of whole numbers with its type as an array."""
    return cast("Ints", run)


def floats_of(run: Reals) -> Floats:
    """Return a row of floats with its type as an array."""
    return cast("Floats", run)


def words_of(run: Words) -> "NDArray[np.uint64]":
    """Return a row of 64-bit words with its type as an array."""
    return cast("NDArray[np.uint64]", run)


def reals_of(run: Reals) -> list[float]:
    """Return a row as Python floats."""
    return cast("list[float]", floats_of(run).tolist())


def rows_of(table: NumberTable, count: int) -> list[list[float]]:
    """Return the first `count` rows of a table as Python floats."""
    return cast("list[list[float]]", cast("Floats", table)[:count].tolist())


@inner
def none_yet() -> int:
    """Return 0, from which something is counted.

    From a constant, each function that is given the count would be compiled twice: for the
    constant, and for any number.
    """
    return int(np.int64(0))


@inner
def first_at_least(values: Wholes, start: int, end: int, least: int) -> int:
    """Return the first place from `start` on whose value is at least `least`, or else `end`.

    The values from `start` up to, but not including, `end` must be ascending.
    """
    while start < end:
        middle = (start + end) // 2
        if values[middle] < least:
            start = middle + 1
        else:
            end = middle
    return start


def spread(starts: Ints | Positions, lengths: Ints | Positions) -> Ints:
    """Return the positions `start … start + length - 1` of each run, one run after another.

    No run may be empty.
    """
    ends = np.cumsum(lengths, dtype=np.int64)
    if len(ends) == 0:
        return ends
    steps = np.ones(int_list(ends)[-1], dtype=np.int64)
    steps[0] = starts[0]
    steps[ends[:-1]] = starts[1:] - (starts[:-1] + lengths[:-1]) + 1
    return np.cumsum(steps)


def int_list(values: Ints | Positions) -> list[int]:
    """Return the values as Python integers."""
    return cast("list[int]", values.tolist())


def float_list(values: Floats | Flags) -> list[float]:
    """Return the values as Python floats; a flag is 0 or 1."""
    return cast("list[float]", values.astype(np.float64).tolist())


# --- Flags, one bit each: so little memory stays in the nearest cache of the processor.

_ZERO, _ONE = np.uint64(0), np.uint64(1)


def no_bits(count: int) -> Words:
    """Return `count` flags, all clear."""
    return words_of(np.zeros(count // 64 + 1, dtype=np.uint64))


@inner
def has_bit(bits: Words, place: int) -> bool:
    """Return whether a flag is set."""
    # an unsigned place is not looked at for being counted from the end
    word = bits[int(np.uint64(place) >> np.uint64(6))]
    return int((word >> np.uint64(place & 63)) & _ONE) != 0


@inner
def set_bit(bits: Words, place: int) -> None:
    """Set a flag."""
    bits[place >> 6] |= _ONE << np.uint64(place & 63)


@inner
def clear_bits(bits: Words, place: int) -> None:
    """Clear the 64 flags around `place`; a caller must be done with all flags that it has set."""
    bits[place >> 6] = _ZERO
