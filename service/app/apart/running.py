"""Work given to a process of its own, with an end to its time and its memory."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Literal

import msgspec

from service.app.apart.outcome import Broken, Outcome, Refusal, Success, error_of
from service.errors import AbeyanceError, BusyError

logger = logging.getLogger(__name__)
type Kind = Literal["lists", "tables"]

# What a reader needs of the environment is where Python and its libraries are; an address with a
# password or an operator's key is nothing that a process with a stranger's file should hold.
_SECRETS = ("ABEYANCE_", "DATABASE_URL", "PG")
_OUTCOMES: msgspec.msgpack.Decoder[Outcome] = msgspec.msgpack.Decoder(Outcome)
# Ends a process that used up its seconds of CPU.
_OUT_OF_CPU = -signal.SIGXCPU if sys.platform != "win32" else None


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one piece of work may take: seconds, both of the clock and of CPU, and megabytes."""

    seconds: int
    megabytes: int


class EndedError(AbeyanceError):
    """Work that was ended, or that broke; `reason` says why, in words that follow "it"."""

    slug = "work-ended"
    title = "The reading was ended"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Apart:
    """One kind of work, so much of it `at_once` and so much `waiting` in a row behind that."""

    def __init__(self, kind: Kind, limits: Limits, *, at_once: int, waiting: int) -> None:
        self._kind = kind
        self._limits = limits
        self._turns = asyncio.Semaphore(at_once)
        self._room = at_once + waiting

    async def __call__(self, request: bytes) -> bytes:
        """What the work makes of a request.

        Raises:
            AbeyanceError: The work refuses it.
            EndedError: It took too long or too much, or broke.
            BusyError: Too many wait already.
        """
        if self._room == 0:
            raise BusyError
        self._room -= 1
        try:
            async with self._turns:
                return self._taken(*await self._run(request))
        finally:
            self._room += 1

    async def _run(self, request: bytes) -> tuple[int | None, bytes]:
        """The exit status and what was written; None for one that ran out of time."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "service.app.apart.child", self._kind),
            *map(str, (os.getpid(), self._limits.seconds, self._limits.megabytes)),
            stdin=PIPE,
            stdout=PIPE,
            # a traceback may hold what the file holds
            stderr=DEVNULL,
            env={key: value for key, value in os.environ.items() if not key.startswith(_SECRETS)},
        )
        try:
            async with asyncio.timeout(self._limits.seconds):
                written, _ = await process.communicate(request)
        except TimeoutError:
            return None, b""
        finally:
            await _end(process)
        return process.returncode, written

    def _taken(self, status: int | None, written: bytes) -> bytes:
        if status != 0:
            raise self._ended(status)
        outcome = _OUTCOMES.decode(written)
        match outcome:
            case Success():
                return outcome.content
            case Refusal():
                raise error_of(outcome)
            case Broken():
                raise self._broken(outcome)

    def _broken(self, broken: Broken) -> EndedError:
        if broken.error == MemoryError.__name__:
            return self._exceeded(f"needed more than {self._limits.megabytes} MB of memory")
        keys = {"work": self._kind, "kind": broken.error, "place": broken.place}
        logger.error("apart.broke", extra=keys)
        return EndedError(f"could not be read by this program ({broken.error}); please report it")

    def _ended(self, status: int | None) -> EndedError:
        if status is None or status == _OUT_OF_CPU:
            return self._exceeded(f"took longer than {self._limits.seconds} s")
        return self._exceeded(f"made its reader crash ({_name(status)})")

    def _exceeded(self, reason: str) -> EndedError:
        logger.warning("apart.ended", extra={"work": self._kind, "reason": reason})
        return EndedError(reason)


async def _end(process: Process) -> None:
    """Sees to it that the process is gone, whatever ended the waiting for it."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def _name(status: int) -> str:
    """An exit status in words: `SIGSEGV`, `status 1`."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"status {status}"
