"""Tables and PDFs written in a sandbox."""

import io
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from pkgutil import resolve_name
from typing import IO, cast

import msgspec

from abeyance_screening.platform.sandbox.outcome import WORK
from abeyance_screening.platform.sandbox.pool import ChildPool, EndedError, Kind, Limits, chained
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import ThreadPool

type _Way = Callable[[bytes], Awaitable[bytes]]


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


class FilesInChild:
    """A writer of files: a large one in a child process, one made of little in a thread.

    Its work ends with its client, and is held to a time and a size. Each method raises BusyError
    if too many files wait to be written, and TooMuchWorkError if one takes too long.
    """

    def __init__(self, limits: Limits = FILE_LIMITS, small_bytes: int | None = None) -> None:
        """Take the limits, and up to how many bytes a request is small; the usual if left out."""
        self._limits = limits
        self._small_bytes = small_bytes
        self._results = self._ways("results", SMALL_RESULTS_BYTES)
        self._kept_results = self._ways("saved_results", SMALL_RESULTS_BYTES)
        self._evidence = self._ways("evidence", SMALL_ANSWER_BYTES)
        self._job_file = ChildPool(
            "job_file", JOB_FILE_LIMITS, at_once=FILES_AT_ONCE, waiting=FILES_WAITING
        )
        self._small_job_file = ThreadPool("job_file", 1)

    async def results(self, lines: bytes) -> bytes:
        """Write results that were sent, as `file_of_lines` does."""
        return await self._written(self._results, lines)

    async def saved_results(self, request: bytes) -> bytes:
        """Write results that are kept, as `write_saved` does."""
        return await self._written(self._kept_results, request)

    async def evidence(self, request: bytes) -> bytes:
        """Write evidence as a PDF, as `evidence.document.write_pdf` does."""
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
            async with aclosing(self._job_file.stream(chained(begun, frames))) as pieces:
                async for piece in pieces:
                    yield piece
        except EndedError as ended:
            reason = f"could not be written, because it {ended.reason}"
            raise BadInputError("format", reason) from ended

    def _ways(self, kind: Kind, small_bytes: int) -> "_WorkPools":
        """Return the two ways of one kind of work."""
        return _WorkPools(
            in_thread=partial(ThreadPool(kind, 1), partial(_work_here, kind)),
            apart=ChildPool(kind, self._limits, at_once=FILES_AT_ONCE, waiting=FILES_WAITING),
            small_bytes=small_bytes if self._small_bytes is None else self._small_bytes,
        )

    async def _written(self, ways: "_WorkPools", request: bytes) -> bytes:
        if len(request) <= ways.small_bytes:
            return await ways.in_thread(request)
        try:
            return await ways.apart(request)
        except EndedError as ended:
            reason = f"could not be written, because it {ended.reason}"
            raise BadInputError("file", reason) from ended


class _WorkPools(msgspec.Struct, frozen=True):
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
        resolve_name("abeyance_screening.features.jobs.results:write_file"),
    )
    stream = io.BytesIO()
    write(frames, stream)
    return stream.getvalue()
