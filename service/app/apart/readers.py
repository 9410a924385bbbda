"""The parent's side: readers that give their work to a child process, within time and memory."""

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from service.app.apart.history import HistoryRead, HistoryRequest
from service.app.apart.lists import ListRequest
from service.app.apart.outcome import Broken, Outcome, Refusal, Success, error_of
from service.app.apart.tables import TableRequest
from service.errors import (
    AbeyanceError,
    BadInputError,
    BusyError,
    ListRefusedError,
    StoreUnavailableError,
)
from service.lists.edition import GivenFile, ReadFiles
from service.lists.formats import read_files
from service.lists.history import PrintedFiles
from service.lists.load import LoadRequest
from service.screening.parties.join import basis_of, join_written
from service.settings import Settings

logger = logging.getLogger(__name__)
type Kind = Literal["lists", "history", "tables", "parties"]

# A reader needs only the paths of Python and its libraries from the environment. A process that
# reads an untrusted file must not hold a password or an operator's key.
_SECRETS = ("ABEYANCE_", "DATABASE_URL", "PG")
_OUTCOMES: msgspec.msgpack.Decoder[Outcome] = msgspec.msgpack.Decoder(Outcome)
# The exit status of a process that used up its seconds of CPU.
_OUT_OF_CPU = -signal.SIGXCPU if sys.platform != "win32" else None


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one piece of work: seconds, of elapsed time and of CPU, and megabytes."""

    seconds: int
    megabytes: int


class EndedError(AbeyanceError):
    """Work that was stopped or that crashed; `reason` is a phrase that follows "it"."""

    slug = "work-ended"
    title = "Reading was stopped"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Apart:
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
            BusyError: The queue is full.
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
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "service.app.apart.child", self._kind),
            *map(str, (os.getpid(), self._limits.seconds, self._limits.megabytes)),
            stdin=PIPE,
            stdout=PIPE,
            # a traceback may hold text of the file
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

    def _result_of(self, status: int | None, written: bytes) -> bytes:
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
    """Kill the process if it still runs, and wait for its end."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def _name(status: int) -> str:
    """Write an exit status in words: `SIGSEGV`, `status 1`."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"status {status}"


# --- The readers of list files: in a child process, or in this one.

_LISTS_WAITING = 100


class ApartReader:
    """A reader that works in child processes, one at a time, within the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._apart = Apart("lists", _limits(settings), at_once=1, waiting=_LISTS_WAITING)

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """Read all files of one edition; see `service.lists.formats.read_files`.

        Raises:
            ListRefusedError: The files are not what the source publishes, or cannot be read
                within the limits.
            RowRefusedError: A record cannot be read.
        """
        request = ListRequest(wanted, tuple(files), tuple(sources), list_code)
        try:
            read = await self._apart(msgspec.msgpack.encode(request))
        except EndedError as ended:
            names = ", ".join(file.name for file in files)
            raise ListRefusedError(wanted, f"{names} {ended.reason}") from ended
        return msgspec.msgpack.decode(read, type=ReadFiles)


class HereReader:
    """A reader that works in this process, for the trusted files that come with the program."""

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """Read all files of one edition; see `service.lists.formats.read_files`."""
        return read_files(wanted, files, sources=sources, list_code=list_code)


def _limits(settings: Settings) -> Limits:
    return Limits(seconds=settings.read_seconds, megabytes=settings.read_megabytes)


# --- The reader of the editions of a history.

# After this share of the time that one edition may take, the next has a process of its own.
_SHARE_FOR_MANY = 0.25


class ApartHistory:
    """A reader of histories in child processes, each of which reads several editions in turn.

    The editions of a history differ little, and a process reads again only what has changed. An
    edition that exceeds a limit or crashes its reader costs no other: the editions that were read
    with it are read again, each by itself.
    """

    def __init__(self, settings: Settings, at_once: int) -> None:
        limits = _limits(settings)
        self._seconds = limits.seconds * _SHARE_FOR_MANY
        self._apart = Apart("history", limits, at_once=at_once, waiting=_LISTS_WAITING)

    async def read(
        self, wanted: LoadRequest, editions: Sequence[Sequence[Path]]
    ) -> tuple[PrintedFiles | AbeyanceError, ...]:
        """Return what each edition prints, given by its files, or why it is refused."""
        printed: list[PrintedFiles | AbeyanceError] = []
        while len(printed) < len(editions):
            rest = editions[len(printed) :]
            try:
                printed += await self._together(wanted, rest)
            except EndedError as ended:
                if len(rest) > 1:
                    for each in rest:
                        printed += await self.read(wanted, [each])
                else:
                    names = ", ".join(path.name for path in rest[0])
                    printed.append(ListRefusedError(wanted.name, f"{names} {ended.reason}"))
        return tuple(printed)

    async def _together(
        self, wanted: LoadRequest, editions: Sequence[Sequence[Path]]
    ) -> list[PrintedFiles | AbeyanceError]:
        """Return what the first of the editions print, as many as one process reads in time."""
        paths = tuple(tuple(str(path.absolute()) for path in each) for each in editions)
        request = HistoryRequest(wanted, paths, self._seconds)
        reply = await self._apart(msgspec.msgpack.encode(request))
        read = msgspec.msgpack.decode(reply, type=HistoryRead)
        return [error_of(each) if isinstance(each, Refusal) else each for each in read.printed()]


# --- The reader of tables that the spreadsheet page was sent.

# The largest table that the page accepts needs 20 s and 150 MB. A table close to a decompression
# bomb keeps a process of low priority busy for the whole limit; two at once leave room for others.
TABLE_LIMITS = Limits(seconds=60, megabytes=1_000)
TABLES_AT_ONCE, TABLES_WAITING = 2, 6


class ApartTables:
    """A reader of uploaded tables, each in its own child process."""

    def __init__(self, limits: Limits = TABLE_LIMITS) -> None:
        self._apart = Apart("tables", limits, at_once=TABLES_AT_ONCE, waiting=TABLES_WAITING)

    async def read_table(self, content: bytes, name: str | None, most_rows: int) -> bytes:
        """Read a table and return it as JSON; see `service.web.spreadsheet.table.TableSent`.

        Raises:
            BadInputError: The table cannot be read, or not within the limits.
            BusyError: Too many tables are waiting to be read.
        """
        request = msgspec.msgpack.encode(TableRequest(content, name, most_rows))
        try:
            return await self._apart(request)
        except EndedError as ended:
            raise BadInputError("file", ended.reason) from ended


# --- The joining of parties, whose memory a service does not keep.


class JoinedStore(Protocol):
    """Where joined parties are kept; see `store.parties.JoinedParties`."""

    async def read(self, basis: bytes) -> bytes | None:
        """Return the parties that were joined from a basis; None if they were not kept."""
        ...

    async def keep(self, basis: bytes, written: bytes, at: datetime) -> None:
        """Keep the parties that were joined from a basis."""
        ...


_JOIN_LIMITS = Limits(seconds=120, megabytes=2_000)


class ApartParties:
    """Joins parties in a child process; in this one where that one was stopped or crashed.

    What was joined is kept in the database: the next process with the same listings reads it.
    """

    def __init__(self, kept: JoinedStore, now: Callable[[], datetime]) -> None:
        self._kept = kept
        self._now = now
        self._apart = Apart("parties", _JOIN_LIMITS, at_once=1, waiting=1)

    async def __call__(self, listings: bytes) -> bytes:
        """Return what `join_written` does."""
        basis = await asyncio.to_thread(basis_of, listings)
        with suppress(StoreUnavailableError):
            known = await self._kept.read(basis)
            if known is not None:
                return known
        written = await self._joined(listings)
        with suppress(StoreUnavailableError):
            await self._kept.keep(basis, written, self._now())
        return written

    async def _joined(self, listings: bytes) -> bytes:
        try:
            return await self._apart(listings)
        except (EndedError, BusyError):
            return await asyncio.to_thread(join_written, listings)
