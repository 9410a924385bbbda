"""Compiles the inner loops of matching to machine code, once a machine."""

from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast

import numba
from numba.core import config

_KERNELS = Path(__file__).parent
_ALL = ".all"


class _Compiler(Protocol):
    """What of `numba.njit` is used; its own types call everything unknown."""

    def __call__(self, **options: object) -> Callable[[object], object]: ...


_compile = cast("_Compiler", cast("object", numba.njit))


def compiled[F: Callable[..., object]](function: F) -> F:
    """The same function as machine code, which lets other threads run while it does.

    It is compiled at its first call, some ten seconds for all of them, and kept in the user's
    cache folder for the next process; where none can be written, each process compiles.
    """
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
