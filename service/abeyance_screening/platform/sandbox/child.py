"""The child process: `python -m abeyance_screening.platform.sandbox.child lists 4711 300 2000`.

Its arguments are the kind of work, the id of the parent process, and its limits in seconds of CPU
and megabytes of memory. It reads the request from standard input and writes the outcome to
standard output, each whole or, where it may be of any size, in frames. It imports only what its
piece of work needs.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pkgutil import resolve_name
from types import ModuleType
from typing import IO, cast

import msgspec

from abeyance_screening.platform.sandbox.frames import END, framed, frames_in
from abeyance_screening.platform.sandbox.outcome import WORK, Broken, Outcome, Success, refused_by
from abeyance_screening.primitives.errors import AbeyanceError
from abeyance_screening.primitives.processes import end_with

_MEGABYTE = 1_000_000
# A niceness of 10: a process that answers requests gets ten times the share of a busy CPU.
_NICENESS = 10


if sys.platform == "win32":

    def _limit(seconds: int, megabytes: int) -> None:
        """Do nothing: Windows has no such limits, and the parent's timeout remains."""

else:
    import resource

    def _limit(seconds: int, megabytes: int) -> None:
        """Set the limits that the system supports; macOS has none on memory."""
        memory = megabytes * _MEGABYTE
        for limit, softly, hard in (
            (resource.RLIMIT_CORE, 0, 0),
            # the soft limit sends SIGXCPU, which the parent recognises; the hard one kills
            (resource.RLIMIT_CPU, seconds, seconds + 1),
            (resource.RLIMIT_AS, memory, memory),
        ):
            with suppress(OSError, ValueError):
                resource.setrlimit(limit, (softly, hard))
        if time.process_time() >= seconds:
            # the system takes a limit of no seconds as one second
            signal.raise_signal(signal.SIGXCPU)


type _Work = Callable[[bytes], bytes]
type _StreamedWork = Callable[[Iterator[bytes], Callable[[bytes], None]], None]

STREAMED = frozenset({"job_file", "job_rows", "own_list"})
"""The kinds of work that get and give frames."""


def main(kind: str, parent: int, seconds: int, megabytes: int) -> None:
    """Do one piece of work and write its outcome to standard output."""
    end_with(parent)
    if sys.platform != "win32":
        os.nice(_NICENESS)
    # Anything that a library prints goes to standard error, not into the outcome.
    answers = os.dup(1)
    os.dup2(2, 1)
    if kind in STREAMED:
        _limit(seconds, megabytes)
        with os.fdopen(answers, "wb") as stream:
            outcome = _outcome_of(lambda: _streamed(kind, stream))
            stream.write(END + framed(msgspec.msgpack.encode(outcome)))
        return
    request = sys.stdin.buffer.read()
    _limit(seconds, megabytes)
    outcome = _outcome_of(lambda: cast("_Work", _work_of(kind))(request))
    with os.fdopen(answers, "wb") as stream:
        stream.write(msgspec.msgpack.encode(outcome))


def _streamed(kind: str, stream: IO[bytes]) -> bytes:
    """Do a piece of work in frames, and return the rest of its result, which is nothing."""

    def send(piece: bytes) -> None:
        stream.write(framed(piece))
        stream.flush()

    cast("_StreamedWork", _work_of(kind))(frames_in(sys.stdin.buffer), send)
    return b""


def _work_of(kind: str) -> object:
    # openpyxl imports numpy if it is installed, which costs a fifth of a second and, by its linear
    # algebra threads, half a gigabyte of address space; no reader uses it.
    sys.modules["numpy"] = cast("ModuleType", cast("object", None))
    return cast("object", resolve_name(WORK[kind]))


def _outcome_of(work: Callable[[], bytes]) -> Outcome:
    try:
        return Success(work())
    except AbeyanceError as error:
        return refused_by(error) or _broken(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must receive it
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
