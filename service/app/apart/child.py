"""The process that works apart: `python -m service.app.apart.child lists 4711 300 2000`.

Told are the kind of work, the process that asks, and how many seconds of CPU and megabytes of
memory it may take. The request comes in over standard input, the outcome goes out over standard
output. It imports what its one piece of work needs and nothing else.
"""

import ctypes
import importlib
import os
import signal
import sys
from contextlib import suppress
from types import ModuleType
from typing import Protocol, cast

import msgspec

from service.app.apart.outcome import Broken, Outcome, Success, refused_by
from service.errors import AbeyanceError

_PR_SET_PDEATHSIG = 1
_MEGABYTE = 1_000_000
# Whoever asks for an answer meanwhile has ten times the share of a CPU that both want.
_LESS_URGENT = 10


if sys.platform == "win32":

    def _limit(seconds: int, megabytes: int) -> None:
        """Nothing: Windows has no such limits, so there the process that asks has the clock."""

else:
    import resource

    def _limit(seconds: int, megabytes: int) -> None:
        """Sets the limits, as far as the system has them: macOS takes none of memory."""
        memory = megabytes * _MEGABYTE
        for limit, softly, hard in (
            (resource.RLIMIT_CORE, 0, 0),
            # at the first the signal that tells of it, at the second one that tells nothing
            (resource.RLIMIT_CPU, seconds, seconds + 1),
            (resource.RLIMIT_AS, memory, memory),
        ):
            with suppress(OSError, ValueError):
                resource.setrlimit(limit, (softly, hard))


class _Work(Protocol):
    """A module of work."""

    def work(self, request: bytes) -> bytes: ...


def main(kind: str, parent: int, seconds: int, megabytes: int) -> None:
    """Does one piece of work and tells how it ended."""
    _leave_with(parent)
    if sys.platform != "win32":
        os.nice(_LESS_URGENT)
    # What a library prints must not stand in the outcome.
    answers = os.dup(1)
    os.dup2(2, 1)
    request = sys.stdin.buffer.read()
    _limit(seconds, megabytes)
    outcome = msgspec.msgpack.encode(_done(kind, request))
    with os.fdopen(answers, "wb") as stream:
        stream.write(outcome)


def _leave_with(parent: int) -> None:
    """Ends this process when the one that asks is killed; elsewhere its own limits end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)


def _done(kind: str, request: bytes) -> Outcome:
    # openpyxl takes numpy where it is there, which costs a fifth of a second and, by the threads
    # of its algebra, half a gigabyte of addresses; no reader has a use for it.
    sys.modules["numpy"] = cast("ModuleType", cast("object", None))
    try:
        module = cast(
            "_Work", cast("object", importlib.import_module(f"service.app.apart.{kind}"))
        )
        return Success(module.work(request))
    except AbeyanceError as error:
        return refused_by(error) or _broken(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the process that asks is told
        return _broken(error)


def _broken(error: Exception) -> Broken:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
    return Broken(type(error).__name__, place)


if __name__ == "__main__":
    _kind, *_numbers = sys.argv[1:]
    main(_kind, *map(int, _numbers))
