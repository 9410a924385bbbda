"""Compiles the inner loops of matching to machine code, once a machine."""

from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast

import numba
from numba.core import config

_KERNELS = Path(__file__).parent


class _Compiler(Protocol):
    """What of `numba.njit` is used; its own types call everything unknown."""

    def __call__(self, **options: object) -> Callable[[object], object]: ...


_compile = cast("_Compiler", cast("object", numba.njit))


def compiled[F: Callable[..., object]](function: F) -> F:
    """The same function as machine code, which lets other threads run while it does.

    It is compiled at its first call, some ten seconds for all of them, and kept in the user's
    cache folder for the next process; where none can be written, each process compiles.
    """
    return cast("F", _compile(nogil=True, error_model="numpy", cache=_CACHED)(function))


def inner[F: Callable[..., object]](function: F) -> F:
    """The same for a function that only compiled ones call: it takes half the time to compile."""
    compiler = _compile(
        nogil=True,
        error_model="numpy",
        cache=_CACHED,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=True,
    )
    return cast("F", compiler(function))


def _provide_cache() -> bool:
    """Whether there is a folder of our own; numba does not see that a called function changed."""
    digest = sha256(version("numba").encode())
    for source in sorted(_KERNELS.glob("*.py")):
        digest.update(source.read_bytes())
    try:
        folder = Path.home() / ".cache" / "abeyance" / f"compiled-{digest.hexdigest()[:16]}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
    except (OSError, RuntimeError):
        return False
    config.__dict__["CACHE_DIR"] = str(folder)
    return True


_CACHED = _provide_cache()
