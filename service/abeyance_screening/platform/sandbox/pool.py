"""The parent's side: readers that give their work to a child process, within time and memory."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, nullcontext, suppress
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec

from abeyance_screening.platform.sandbox.frames import END, LENGTH_BYTES, framed
from abeyance_screening.platform.sandbox.outcome import Broken, Outcome, Refusal, Success, error_of
from abeyance_screening.primitives.errors import AbeyanceError, BusyError
from abeyance_screening.primitives.fair_scheduler import current_work
from abeyance_screening.primitives.processes import ending_in_words

logger = logging.getLogger(__name__)
type Kind = Literal[
    "lists",
    "own_list",
    "history",
    "tables",
    "parties",
    "results",
    "saved_results",
    "evidence",
    "job_file",
    "job_rows",
]

# A reader needs only the paths of Python and its libraries from the environment. A process that
# reads an untrusted file must not hold a password or an operator's key.
_SECRETS = ("ABEYANCE_", "DATABASE_URL", "PG")
_OUTCOMES: msgspec.msgpack.Decoder[Outcome] = msgspec.msgpack.Decoder(Outcome)
# Where Python looks for the folder of temporary files.
_FOLDERS = ("TMPDIR", "TEMP", "TMP")
_DROPPED_BYTES = 65_536
# A child of low priority that shares a core with ten other processes gets a hundredth of it.
_LEAST_WALL_S, _WALL_FOR_CPU = 900.0, 30
# The exit status of a process that used up its seconds of CPU.
_OUT_OF_CPU = -signal.SIGXCPU if sys.platform != "win32" else None
_KILLED = -signal.SIGKILL if sys.platform != "win32" else None


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one piece of work: seconds of CPU, and megabytes.

    `settings` are the settings by which an operator may raise either, if there are any.
    """

    seconds: int
    megabytes: int
    settings: tuple[str, str] | None = None

    @property
    def seconds_in_words(self) -> str:
        """The seconds, as `300 s of CPU (ABEYANCE_READ_SECONDS)`."""
        by = "" if self.settings is None else f" ({self.settings[0]})"
        return f"{self.seconds} s of CPU{by}"

    @property
    def wall_s(self) -> float:
        """The elapsed seconds after which work is ended that has not had its seconds of CPU.

        That says nothing about the work, so that it is far above what a busy machine takes.
        """
        return max(_LEAST_WALL_S, _WALL_FOR_CPU * self.seconds)

    @property
    def megabytes_in_words(self) -> str:
        """The megabytes, as `2000 MB of memory (ABEYANCE_READ_MEGABYTES)`."""
        by = "" if self.settings is None else f" ({self.settings[1]})"
        return f"{self.megabytes} MB of memory{by}"


class EndedError(AbeyanceError):
    """Work that was stopped or that crashed; `reason` is a phrase that follows "it"."""

    slug = "work-ended"
    title = "Reading was stopped"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChildPool:
    """A queue for one kind of work: `at_once` pieces run at a time, `waiting` more may wait."""

    def __init__(self, kind: Kind, limits: Limits, *, at_once: int, waiting: int) -> None:
        self._kind = kind
        self._limits = limits
        self._turns = asyncio.Semaphore(at_once)
        self._room = at_once + waiting

    async def __call__(self, request: bytes) -> bytes:
        """Run the work on a request and return its result.

        Raises:
            AbeyanceError: The work refuses the request.
            EndedError: The work exceeded a limit or crashed.
            BusyError: The queue is full, or the machine gave the work too little time or memory.
            BrokenOffError: The client that asked for the work has left; the process was ended.
        """
        if self._room == 0:
            raise BusyError
        self._room -= 1
        try:
            async with self._turns:
                return self._result_of(*await self._run(request))
        finally:
            self._room += 1

    async def _run(self, request: bytes) -> tuple[int | None, bytes]:
        """Return the exit status, None after a timeout, and the output of the child process."""
        # what a library keeps on disk while it works is gone with it, however it ends
        with TemporaryDirectory(prefix="abeyance-", ignore_cleanup_errors=True) as folder:
            return await self._run_in(folder, request)

    async def _run_in(self, folder: str, request: bytes) -> tuple[int | None, bytes]:
        process = await self._started(folder)
        work = current_work()
        leaving = nullcontext() if work is None else work.ending(lambda: _kill(process))
        try:
            with leaving:
                async with asyncio.timeout(self._limits.wall_s):
                    written, _ = await process.communicate(request)
        except TimeoutError:
            return None, b""
        finally:
            await _end(process)
        if work is not None:
            work.check()
        return process.returncode, written

    async def _started(self, folder: str) -> Process:
        """Start a child process whose temporary files are in the folder."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "abeyance_screening.platform.sandbox.child", self._kind),
            *map(str, (os.getpid(), self._limits.seconds, self._limits.megabytes)),
            stdin=PIPE,
            stdout=PIPE,
            # a traceback may hold text of the file
            stderr=DEVNULL,
            env=_without_secrets() | dict.fromkeys(_FOLDERS, folder),
        )

    async def stream(self, frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
        """Run the work on a request that comes in pieces, and yield its result in pieces.

        What the result takes of time is not limited, but for the CPU; whoever reads it may wait.

        Raises:
            As `__call__`, and what the pieces of the request raise.
        """
        if self._room == 0:
            raise BusyError
        self._room -= 1
        try:
            async with self._turns:
                with TemporaryDirectory(prefix="abeyance-", ignore_cleanup_errors=True) as folder:
                    async with aclosing(self._pieces(folder, frames)) as pieces:
                        async for piece in pieces:
                            yield piece
        finally:
            self._room += 1

    async def _pieces(self, folder: str, frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
        process = await self._started(folder)
        feeding = asyncio.create_task(_feed(process, frames))
        work, written = current_work(), b""
        leaving = nullcontext() if work is None else work.ending(lambda: _kill(process))
        try:
            with leaving:
                while piece := await _next_frame(process):
                    yield piece
                written = await _next_frame(process) or b""
                await process.wait()
        finally:
            feeding.cancel()
            await _end(process)
            (fault,) = await asyncio.gather(feeding, return_exceptions=True)
        if work is not None:
            work.check()
        if isinstance(fault, Exception):
            raise fault
        self._result_of(process.returncode, written)

    def _result_of(self, status: int | None, body: bytes) -> bytes:
        if status is None:
            limits = self._limits
            reason = f"did not get {limits.seconds} s of CPU within {limits.wall_s:.0f} s"
            raise self._starved(reason)
        if status == _KILLED:
            # by the system or an operator: none of our limits ends it so
            reason = "was killed, as where memory is short"
            raise self._starved(reason)
        if status != 0:
            raise self._ended(status)
        outcome = _OUTCOMES.decode(body)
        match outcome:
            case Success():
                return outcome.content
            case Refusal():
                raise error_of(outcome)
            case Broken():
                raise self._broken(outcome)

    def _broken(self, broken: Broken) -> EndedError:
        if broken.error == MemoryError.__name__:
            return self._exceeded(f"needed more than {self._limits.megabytes_in_words}")
        keys = {"work": self._kind, "kind": broken.error, "place": broken.place}
        logger.error("apart.broke", extra=keys)
        return EndedError(f"could not be read by this program ({broken.error}); please report it")

    def _starved(self, reason: str) -> BusyError:
        """Return the error of work that the machine failed; it may be tried again."""
        logger.warning("apart.starved", extra={"work": self._kind, "reason": reason})
        return BusyError(f"a process of this service {reason}")

    def _ended(self, status: int) -> EndedError:
        if status == _OUT_OF_CPU:
            return self._exceeded(f"took more than {self._limits.seconds_in_words}")
        return self._exceeded(f"made its reader crash ({ending_in_words(status)})")

    def _exceeded(self, reason: str) -> EndedError:
        logger.warning("apart.ended", extra={"work": self._kind, "reason": reason})
        return EndedError(reason)


def _without_secrets() -> dict[str, str]:
    """Return the environment of a process that reads what others sent."""
    return {key: value for key, value in os.environ.items() if not key.startswith(_SECRETS)}


async def _feed(process: Process, frames: AsyncIterator[bytes]) -> None:
    """Send a request in frames; where it breaks off, the process learns that, and ends."""
    stdin = process.stdin
    if stdin is None:
        return
    try:
        async for each in frames:
            stdin.write(framed(each))
            await stdin.drain()
        stdin.write(END)
        await stdin.drain()
    except ConnectionError:
        # the process has ended, and says why
        return
    finally:
        stdin.close()


async def _next_frame(process: Process) -> bytes | None:
    """Return the next piece of a result; none where it ends, or the process has ended."""
    stdout = process.stdout
    if stdout is None:
        return None
    try:
        return await stdout.readexactly(int.from_bytes(await stdout.readexactly(LENGTH_BYTES)))
    except asyncio.IncompleteReadError:
        return None


async def _end(process: Process) -> None:
    """Kill the process if it still runs, and wait until it is gone, though cancelled meanwhile.

    A service that ends cancels its work, and then its loop whatever is not over yet.
    """
    _kill(process)
    cancelled: asyncio.CancelledError | None = None
    while True:
        try:
            await _gone(process)
        except asyncio.CancelledError as error:
            cancelled = error
        else:
            break
    if cancelled is not None:
        raise cancelled


async def _gone(process: Process) -> None:
    """Wait until a process that was killed is gone.

    It is not gone for asyncio before its output was read to the end, which nobody does otherwise
    where so much had been written that reading was paused.
    """
    if process.stdout is not None:
        while await process.stdout.read(_DROPPED_BYTES):
            pass
    await process.wait()


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def chained(begun: Sequence[bytes], rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """Yield what has begun, and then the rest."""
    for each in begun:
        yield each
    async for each in rest:
        yield each
