"""The parent's side: readers that give their work to a child process, within time and memory."""

import asyncio
import io
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, nullcontext, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from typing import IO, Literal, cast

import msgspec

from service.app.apart.job import RowsRequest
from service.app.apart.lists import HistoryRead, HistoryRequest, ListRequest, OwnListRequest
from service.app.apart.outcome import (
    END,
    LENGTH_BYTES,
    WORK,
    Broken,
    Outcome,
    Refusal,
    Success,
    error_of,
    framed,
)
from service.errors import (
    AbeyanceError,
    BadInputError,
    BusyError,
    ListRefusedError,
    StoreUnavailableError,
)
from service.jobs import JobFault, ReadChunk
from service.lists.edition import GivenFile, ReadFiles
from service.lists.formats import read_files
from service.lists.history import PrintedFiles
from service.lists.load import LoadRequest
from service.lists.ports import AnswerAsked, StreamPiece
from service.lists.reading.files import AskedEntities
from service.screening.parties.join import basis_of, join_written
from service.screening.turns import Aside, current_work
from service.settings import Settings
from service.store.parties import JoinedParties
from service.web.spreadsheet.files import TableRequest

logger = logging.getLogger(__name__)
type Kind = Literal[
    "lists",
    "own_list",
    "history",
    "tables",
    "parties",
    "results",
    "kept_results",
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
# The exit status of a process that used up its seconds of CPU.
_OUT_OF_CPU = -signal.SIGXCPU if sys.platform != "win32" else None


type _Way = Callable[[bytes], Awaitable[bytes]]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one piece of work: seconds, of elapsed time and of CPU, and megabytes.

    `settings` are the settings by which an operator may raise either, if there are any.
    """

    seconds: int
    megabytes: int
    settings: tuple[str, str] | None = None

    @property
    def seconds_in_words(self) -> str:
        """The seconds, as `300 s (ABEYANCE_READ_SECONDS)`."""
        return f"{self.seconds} s" + ("" if self.settings is None else f" ({self.settings[0]})")

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
                async with asyncio.timeout(self._limits.seconds):
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
            *(sys.executable, "-m", "service.app.apart.child", self._kind),
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
            return self._exceeded(f"needed more than {self._limits.megabytes_in_words}")
        keys = {"work": self._kind, "kind": broken.error, "place": broken.place}
        logger.error("apart.broke", extra=keys)
        return EndedError(f"could not be read by this program ({broken.error}); please report it")

    def _ended(self, status: int | None) -> EndedError:
        if status is None or status == _OUT_OF_CPU:
            return self._exceeded(f"took longer than {self._limits.seconds_in_words}")
        return self._exceeded(f"made its reader crash ({_name(status)})")

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
    """Kill the process if it still runs, and wait until it is gone.

    It is not gone for asyncio before its output was read to the end, which nobody does otherwise
    where so much had been written that reading was paused.
    """
    _kill(process)
    if process.stdout is not None:
        while await process.stdout.read(_DROPPED_BYTES):
            pass
    await process.wait()


def _kill(process: Process) -> None:
    """Kill the process if it still runs."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


def _name(status: int) -> str:
    """Write an exit status in words: `SIGSEGV`, `status 1`."""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"status {status}"


# --- The readers of list files: in a child process, or in this one.

_LISTS_WAITING = 100
# A user's own file may be of any size: the seconds of the settings are for each so many bytes.
_BYTES_IN_SECONDS = 100_000_000
# The largest size of an unpacked file of a user's own list: several times that of the largest
# export known. A decompression bomb would fill the disk.
MOST_OWN_BYTES = 10_000_000_000


class ApartReader:
    """A reader that works in child processes, one at a time, within the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._limits = _limits(settings)
        self._apart = Apart("lists", self._limits, at_once=1, waiting=_LISTS_WAITING)

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

    async def stream_list(
        self, list_code: str, paths: Sequence[Path], answer: AnswerAsked
    ) -> AsyncGenerator[StreamPiece]:
        """Read a user's own list piece by piece; see `service.app.apart.lists`.

        Raises:
            ListRefusedError: The files cannot be read whole, or not within the limits.
            RowRefusedError: A record cannot be read.
        """
        size = sum(path.stat().st_size for path in paths)
        seconds = self._limits.seconds * (1 + size // _BYTES_IN_SECONDS)
        limits = msgspec.structs.replace(self._limits, seconds=seconds)
        apart = Apart("own_list", limits, at_once=1, waiting=0)
        named = tuple(str(path.absolute()) for path in paths)
        said = asyncio.Queue[object]()
        said.put_nowait(OwnListRequest(list_code, named, MOST_OWN_BYTES))
        try:
            async with aclosing(apart.stream(_encoded(said))) as pieces:
                async for each in pieces:
                    piece = _decode_piece(each)
                    if isinstance(piece, AskedEntities):
                        said.put_nowait(await answer(piece))
                    else:
                        yield piece
        except EndedError as ended:
            names = ", ".join(path.name for path in paths)
            raise ListRefusedError(list_code, f"{names} {ended.reason}") from ended


_decode_piece: Callable[[bytes], StreamPiece | AskedEntities] = msgspec.msgpack.Decoder(
    StreamPiece | AskedEntities
).decode


async def _encoded(said: asyncio.Queue[object]) -> AsyncGenerator[bytes]:
    """Yield what is said to a process that ends before its request does."""
    while True:
        yield msgspec.msgpack.encode(await said.get())


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
    return Limits(
        seconds=settings.read_seconds,
        megabytes=settings.read_megabytes,
        settings=("ABEYANCE_READ_SECONDS", "ABEYANCE_READ_MEGABYTES"),
    )


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
        """Read a table and return it as JSON; see `service.web.spreadsheet.files.TableSent`.

        Raises:
            BadInputError: The table cannot be read, or not within the limits.
            BusyError: Too many tables are waiting to be read.
        """
        request = msgspec.msgpack.encode(TableRequest(content, name, most_rows))
        try:
            return await self._apart(request)
        except EndedError as ended:
            raise BadInputError("file", ended.reason) from ended


# --- The reader of tables of jobs.

# Ten million rows take some minutes, a workbook of Excel's full size half a gigabyte.
JOB_ROWS_LIMITS = Limits(seconds=7_200, megabytes=2_000)
JOB_ROWS_AT_ONCE, JOB_ROWS_WAITING = 3, 100


class ApartRows:
    """A reader of tables of jobs, each in its own child process."""

    def __init__(self, limits: Limits = JOB_ROWS_LIMITS) -> None:
        self._apart = Apart("job_rows", limits, at_once=JOB_ROWS_AT_ONCE, waiting=JOB_ROWS_WAITING)

    async def read(
        self, request: RowsRequest, table: AsyncIterator[bytes]
    ) -> AsyncGenerator[ReadChunk]:
        """Yield the chunks of a table that comes in pieces, as they are read.

        A fault of the table, or that it exceeds the limits, is the last chunk.

        Raises:
            As the pieces of the table do.
        """
        head = msgspec.msgpack.encode(request)
        try:
            async with aclosing(self._apart.stream(_chained((head,), table))) as pieces:
                async for piece in pieces:
                    yield _decode_chunk(piece)
        except EndedError as ended:
            yield ReadChunk(fault=JobFault(field="file", reason=ended.reason))


_decode_chunk = msgspec.msgpack.Decoder(ReadChunk).decode


# --- The writer of files of results and of evidence.

# A workbook of 20,000 rows, a tenth of them with hits, takes 3 s of CPU and 150 MB, a PDF of 400
# hits 8 s. On a busy machine a process of low priority takes ten times as long.
FILE_LIMITS = Limits(seconds=120, megabytes=1_000)
FILES_AT_ONCE, FILES_WAITING = 2, 6
# A file of a million rows takes some minutes of CPU, and the worst rows of a workbook memory.
JOB_FILE_LIMITS = Limits(seconds=14_400, megabytes=1_500)
# A process costs half a second of CPU before it writes anything. What is made of no more than this
# takes less in a thread, which ends with its client too, between two steps: 1,300 rows 0.2 s, an
# answer with 20 hits 0.4 s.
SMALL_RESULTS_BYTES = 2_000_000
SMALL_ANSWER_BYTES = 150_000


class ApartFiles:
    """A writer of files: a large one in a child process, one made of little in a thread."""

    def __init__(self, limits: Limits = FILE_LIMITS, small_bytes: int | None = None) -> None:
        """Take the limits, and up to how many bytes a request is small; the usual if left out."""
        self._limits = limits
        self._small_bytes = small_bytes
        self._results = self._ways("results", SMALL_RESULTS_BYTES)
        self._kept_results = self._ways("kept_results", SMALL_RESULTS_BYTES)
        self._evidence = self._ways("evidence", SMALL_ANSWER_BYTES)
        self._job_file = Apart(
            "job_file", JOB_FILE_LIMITS, at_once=FILES_AT_ONCE, waiting=FILES_WAITING
        )
        self._small_job_file = Aside("job_file", 1)

    async def results(self, lines: bytes) -> bytes:
        """Write results that were sent; see `service.web.spreadsheet.files.FileWriter`."""
        return await self._written(self._results, lines)

    async def kept_results(self, request: bytes) -> bytes:
        """Write results that are kept."""
        return await self._written(self._kept_results, request)

    async def evidence(self, request: bytes) -> bytes:
        """Write evidence as a PDF."""
        return await self._written(self._evidence, request)

    async def job_file(self, frames: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
        """Yield the file of a job's results that frames tell of; see `jobs.write_file`.

        Raises:
            BadInputError: There is nothing to write, or more than such a file takes.
            BusyError: Too many files wait to be written.
        """
        begun, size = list[bytes](), 0
        most = SMALL_RESULTS_BYTES if self._small_bytes is None else self._small_bytes
        async for each in frames:
            begun.append(each)
            size += len(each)
            if size > most:
                break
        else:
            content = await self._small_job_file(_job_file_here, begun)
            yield content
            return
        try:
            async with aclosing(self._job_file.stream(_chained(begun, frames))) as pieces:
                async for piece in pieces:
                    yield piece
        except EndedError as ended:
            reason = f"could not be written, because it {ended.reason}"
            raise BadInputError("format", reason) from ended

    def _ways(self, kind: Kind, small_bytes: int) -> "_Ways":
        """Return the two ways of one kind of work."""
        return _Ways(
            in_thread=partial(Aside(kind, 1), partial(_work_here, kind)),
            apart=Apart(kind, self._limits, at_once=FILES_AT_ONCE, waiting=FILES_WAITING),
            small_bytes=small_bytes if self._small_bytes is None else self._small_bytes,
        )

    async def _written(self, ways: "_Ways", request: bytes) -> bytes:
        if len(request) <= ways.small_bytes:
            return await ways.in_thread(request)
        try:
            return await ways.apart(request)
        except EndedError as ended:
            reason = f"could not be written, because it {ended.reason}"
            raise BadInputError("file", reason) from ended


class _Ways(msgspec.Struct, frozen=True):
    """Two ways to do one kind of work: a small request in a thread, another in a child process."""

    in_thread: _Way
    apart: _Way
    small_bytes: int


def _work_here(kind: Kind, request: bytes) -> bytes:
    """Do in this process what the child does; most commands never import it."""
    work = cast("Callable[[bytes], bytes]", resolve_name(WORK[kind]))
    return work(request)


def _job_file_here(frames: Sequence[bytes]) -> bytes:
    write = cast(
        "Callable[[Sequence[bytes], IO[bytes]], None]",
        resolve_name("service.jobs:write_file"),
    )
    stream = io.BytesIO()
    write(frames, stream)
    return stream.getvalue()


async def _chained(begun: Sequence[bytes], rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    for each in begun:
        yield each
    async for each in rest:
        yield each


# --- The joining of parties, whose memory a service does not keep.


_JOIN_LIMITS = Limits(seconds=120, megabytes=2_000)


class ApartParties:
    """Joins parties in a child process; in this one where that one was stopped or crashed.

    What was joined is kept in the database: the next process with the same listings reads it.
    """

    def __init__(self, kept: JoinedParties, now: Callable[[], datetime]) -> None:
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
