"""The worker: it reads the tables of jobs, and screens their rows, chunk by chunk.

Whatever ends a worker, the next one goes on: chunks are read the same each time, and the answers
to a chunk are kept once, in one change.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import AsyncExitStack, aclosing, contextmanager, suppress
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from uuid import UUID

import msgspec

from abeyance_screening.engine.screening.answer import RefusedLine
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.open_screening import OpenScreening
from abeyance_screening.engine.tables import TableReading
from abeyance_screening.features.jobs.basis import Bases, IndexLostError, OtherProgramError
from abeyance_screening.features.jobs.queue import Later, PgQueue, WorkHandler, WorkKind
from abeyance_screening.features.jobs.rows import ReadChunk, RowQuestion, read_chunks, rows_in
from abeyance_screening.features.jobs.sandbox_work import RowsRequest
from abeyance_screening.features.jobs.store import ChunkAnswers, ChunkKey, WorkerJobs, WorkOnJob
from abeyance_screening.features.jobs.types import JobFault
from abeyance_screening.platform.limits.limits import Settlement
from abeyance_screening.platform.limits.store import PooledBudgets
from abeyance_screening.platform.logs import log_bug
from abeyance_screening.platform.memory import give_back
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.sandbox.pool import ChildPool, EndedError, Limits, chained
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.joiner import PartiesInChild
from abeyance_screening.platform.stores.lists import DatabaseLists
from abeyance_screening.platform.stores.parties import JoinedParties
from abeyance_screening.primitives import zstd
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    BusyError,
    StoreUnavailableError,
    TooMuchWorkError,
    shortened,
)
from abeyance_screening.primitives.fair_scheduler import Work, give_turns

# --- The reader of tables of jobs.

# Ten million rows take some minutes, a workbook of Excel's full size half a gigabyte.
JOB_ROWS_LIMITS = Limits(seconds=7_200, megabytes=2_000)
JOB_ROWS_AT_ONCE, JOB_ROWS_WAITING = 3, 100


class RowsInChild:
    """A reader of tables of jobs, each in its own child process."""

    def __init__(self, limits: Limits = JOB_ROWS_LIMITS) -> None:
        self._apart = ChildPool(
            "job_rows", limits, at_once=JOB_ROWS_AT_ONCE, waiting=JOB_ROWS_WAITING
        )

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
            async with aclosing(self._apart.stream(chained((head,), table))) as pieces:
                async for piece in pieces:
                    yield _decode_chunk(piece)
        except EndedError as ended:
            yield ReadChunk(fault=JobFault(field="file", reason=ended.reason))
        except BusyError as busy:
            reason = f"was not read: {busy}; send it again"
            yield ReadChunk(fault=JobFault(field="file", reason=reason))


_decode_chunk = msgspec.msgpack.Decoder(ReadChunk).decode


# A table of text of this size is read in a thread within a tenth of a second; a process of its own
# takes half a second to start. Workbooks and Parquet can unpack to any size.
SMALL_TABLE_BYTES = 1_000_000
_SMALL_FORMATS = frozenset({"csv", "ndjson"})
# Small tables are read beside large ones; most of them wait for the database.
_READ_AT_ONCE = 8
# A chunk in hand when the worker is asked to end is done to its end if that comes soon.
_LAST_CHUNK_S = 1.5
# Whether a job was cancelled is asked for all chunks in hand at once.
_LOOK_EVERY_S = 0.5
_AGAIN_AFTER_S = 1.0
# A job that only another version of the program may go on with waits for one, for so long.
_OTHER_AGAIN_S = 10.0
WAITS_FOR_OTHERS = timedelta(minutes=10)
# How often a piece of work may break this program before the job fails.
_TRIES = 3
_SCREENINGS_AT_HAND = 4
_LETTERS = {"hits": "h", "owner_hits": "o", "no_hits": "n", "incomplete": "i"}
_KINDS = "honir"
_encode = msgspec.json.Encoder().encode
logger = logging.getLogger(__name__)


class LeftWorkError(Exception):
    """Work that is left undone here; `later` is when it may be done, None for never."""

    later: Later | None = None


class EndedJobError(LeftWorkError):
    """The job has ended meanwhile: it was cancelled, or another worker found a fault."""


class StoppingError(LeftWorkError):
    """The worker shall end, and gives back what it has in hand."""

    later: Later | None = Later()


class TableGoneError(LeftWorkError):
    """The table of a job is not there whole: another worker has read it by now."""

    later: Later | None = Later(_AGAIN_AFTER_S)


class Worker:
    """A worker on the jobs of a database."""

    def __init__(
        self,
        settings: Settings,
        pool: PooledStore,
        jobs: WorkerJobs,
        bases: Bases,
        stopping: asyncio.Event,
    ) -> None:
        self._settings = settings
        self._budgets = PooledBudgets(pool)
        self._jobs = jobs
        self._bases = bases
        self._stopping = stopping
        self._stops_at: float | None = None
        self._screenings: dict[UUID, _Screening] = {}
        self._in_hand: dict[UUID, int] = {}
        self._ended: frozenset[UUID] = frozenset()
        self._screens = asyncio.Lock()
        self._reader = RowsInChild()
        self._broke: dict[bytes, int] = {}

    def kinds(self) -> dict[str, WorkKind]:
        """Return what this worker does, by the names under which it is queued."""
        return {
            "read": WorkKind(handler=self._guarded(self._read), at_once=_READ_AT_ONCE),
            "screen": WorkKind(handler=self._guarded(self._screen)),
        }

    async def look_for_ever(self) -> None:
        """Notice jobs that were cancelled, and that the worker shall end."""
        while True:
            if self._in_hand:
                with suppress(StoreUnavailableError):
                    self._ended = await self._jobs.ended(list(self._in_hand))
            if self._stopping.is_set() and self._stops_at is None:
                self._stops_at = monotonic() + _LAST_CHUNK_S
            await asyncio.sleep(_LOOK_EVERY_S)

    # --- What may go wrong with any piece of work.

    def _guarded(self, work: Callable[[bytes], Awaitable[Later | None]]) -> WorkHandler:
        """Return what does a piece of work however often that takes, or leaves it to others."""

        async def do(payload: bytes) -> Later | None:
            key = UUID(bytes=payload[:16])
            while not self._stopping.is_set():
                with self._holding(key):
                    (outcome,) = await asyncio.gather(work(payload), return_exceptions=True)
                match outcome:
                    case None | Later():
                        return outcome
                    case LeftWorkError():
                        return outcome.later
                    case StoreUnavailableError():
                        return Later(_AGAIN_AFTER_S)
                    case OtherProgramError() | IndexLostError():
                        return await self._leave_to_others(key, outcome)
                    case _:
                        await self._note_bug(key, payload, outcome)
            return Later()

        return do

    @contextmanager
    def _holding(self, key: UUID) -> Generator[None]:
        self._in_hand[key] = self._in_hand.get(key, 0) + 1
        try:
            yield
        finally:
            self._in_hand[key] -= 1
            if not self._in_hand[key]:
                del self._in_hand[key]

    async def _leave_to_others(self, key: UUID, error: AbeyanceError) -> Later | None:
        """Leave a job to workers who answer as it was begun, or begin it anew if that may be."""
        try:
            job = await self._jobs.at_work(key)
            if job is None:
                return None
            if job.basis is not None and await self._jobs.unpin(key, job.basis):
                logger.info("job.begun_anew", extra={"job": str(key), "reason": error.slug})
                return Later()
            moved_at = await self._jobs.moved_at(key)
            if moved_at is not None and utc_now() - moved_at > WAITS_FOR_OTHERS:
                reason = (
                    f"{error.title[:1].lower()}{error.title[1:]}, and for "
                    f"{WAITS_FOR_OTHERS.seconds // 60} minutes no worker could go on with it; "
                    "send the table again"
                )
                await self._fail(key, JobFault(field="job", reason=reason))
                return None
        except StoreUnavailableError:
            return Later(_AGAIN_AFTER_S)
        return Later(_OTHER_AGAIN_S)

    async def _note_bug(self, key: UUID, payload: bytes, error: BaseException) -> None:
        """Log a bug; a job that breaks this program again and again fails."""
        if not isinstance(error, Exception):
            raise error
        number = log_bug(logger, error)
        tries = self._broke[payload] = self._broke.get(payload, 0) + 1
        if tries >= _TRIES:
            reason = f"something failed here; its number is urn:uuid:{number}"
            with suppress(StoreUnavailableError):
                await self._fail(key, JobFault(field="job", reason=reason))
            del self._broke[payload]
        await asyncio.sleep(_AGAIN_AFTER_S)

    async def _fail(self, key: UUID, fault: JobFault) -> None:
        fault = msgspec.structs.replace(fault, reason=shortened(fault.reason))
        if await self._jobs.fail(key, fault, utc_now()):
            logger.info("job.failed", extra={"job": str(key), "field": fault.field})

    def _check(self, key: UUID) -> None:
        """Go on with a job unless it has ended, or the worker has had its time to finish."""
        if key in self._ended:
            raise EndedJobError
        if self._stops_at is not None and monotonic() > self._stops_at:
            raise StoppingError

    # --- Reading.

    async def _read(self, payload: bytes) -> Later | None:
        """Read the table of a job into chunks, and have each screened as soon as it is read."""
        job = await self._jobs.at_work(UUID(bytes=payload))
        if job is None:
            return None
        if job.chunks is not None:
            # the process that read it was killed before it could see whether all is answered
            await self._finish(job.id)
            return None
        job = await self._pinned(job)
        try:
            await self._screening_of(job)
        except BadInputError as error:
            await self._fail(job.id, JobFault(field=error.field, reason=error.reason))
            return None
        await self._read_chunks(job)
        return None

    async def _pinned(self, job: WorkOnJob) -> WorkOnJob:
        """Return a job with what answers it, which is pinned now unless it was before."""
        if job.basis is not None:
            return job
        digest = await self._bases.pin(job.id)
        if digest is None:
            raise EndedJobError
        return msgspec.structs.replace(job, basis=digest)

    async def _read_chunks(self, job: WorkOnJob) -> None:
        known = await self._jobs.chunks_read(job.id)
        rows = chunks = 0
        reading: TableReading | None = None
        async with aclosing(self._chunks_of(job)) as read:
            async for each in read:
                self._check(job.id)
                if self._stopping.is_set():
                    raise StoppingError
                if each.fault is not None:
                    await self._fail(job.id, each.fault)
                    return
                if reading is None and each.reading is not None:
                    # which columns are read is known from the first chunk on
                    await self._jobs.set_reading(job.id, each.reading)
                if chunks >= known:
                    await self._add(job, chunks, each)
                reading = each.reading
                rows, chunks = rows + each.rows, chunks + 1
        if not rows:
            fault = JobFault(field="file", reason="has a header row and no other rows")
            await self._fail(job.id, fault)
            return
        if reading is not None:
            await self._jobs.set_reading(job.id, reading)
        await self._jobs.finish_reading(job.id, rows, chunks, utc_now())
        await self._finish(job.id)

    async def _add(self, job: WorkOnJob, chunk: int, read: ReadChunk) -> None:
        """Keep a chunk that was read; all its rows count against the limits of a day."""
        if not await self._is_within_limits(job, read.rows):
            reason = "are more than the limit of counterparties a day has room for"
            await self._fail(
                job.id, JobFault(field="counterparties", reason=reason, row=read.first_row)
            )
            raise EndedJobError
        rows = read.first_row, read.rows, read.asked
        if not await self._jobs.add_chunk(job, chunk, rows, utc_now()) and (
            await self._jobs.at_work(job.id) is None
        ):
            raise EndedJobError

    async def _is_within_limits(self, job: WorkOnJob, count: int) -> bool:
        budgets = sorted(job.terms.budgets, key=lambda each: each.name)
        if not budgets or not count:
            return True
        said = [
            Settlement(budget=each, kept=0, returned=0, overspent=0, wanted=count, least=count)
            for each in budgets
        ]
        grants = await self._budgets.settle(said)
        return all(each.granted >= count for each in grants)

    async def _chunks_of(self, job: WorkOnJob) -> AsyncGenerator[ReadChunk]:
        """Yield the chunks of a job's table, read here if it is small, else in a process apart."""
        if job.size <= SMALL_TABLE_BYTES and job.format in _SMALL_FORMATS:
            content = b"".join([piece async for piece in self._pieces_of(job)])
            chunks = read_chunks(BytesIO(content), job.format, job.terms)
            while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
                yield chunk
            return
        request = RowsRequest(format=job.format, terms=job.terms)
        async with aclosing(self._reader.read(request, self._pieces_of(job))) as read:
            async for chunk in read:
                yield chunk

    async def _pieces_of(self, job: WorkOnJob) -> AsyncIterator[bytes]:
        place = size = 0
        while (piece := await self._jobs.piece(job.id, place)) is not None:
            yield piece
            place, size = place + 1, size + len(piece)
        if size != job.size:
            raise TableGoneError

    # --- Screening.

    async def _screen(self, payload: bytes) -> Later | None:
        """Answer the rows of a chunk, unless that is done."""
        key = ChunkKey.of(payload)
        job = await self._jobs.at_work(key.job)
        if job is None:
            return None
        asked = await self._jobs.chunk_to_do(key.job, key.chunk)
        if asked is not None:
            job = await self._pinned(job)
            async with self._screens:
                screening = await self._screening_of(job)
                with Work(self._settings.answer_seconds) as work:
                    answers = await self._answers(screening, rows_in(asked), work)
            await self._jobs.finish_chunk(key.job, key.chunk, answers, utc_now())
        await self._finish(key.job)
        return None

    async def _answers(
        self, screening: "_Screening", rows: Sequence[RowQuestion], work: Work
    ) -> ChunkAnswers:
        packing = zstd.ZstdCompressor(level=3)
        packed, kinds, size, hits_size = list[bytes](), list[str](), 0, 0
        for row in rows:
            self._check(screening.key)
            work.begin_anew()
            await give_turns()
            kind, line = await screening.line(row)
            packed.append(packing.compress(line + b"\n"))
            kinds.append(kind)
            size += len(line) + 1
            hits_size += len(line) + 1 if kind in "ho" else 0
        packed.append(packing.flush())
        hits, owner_hits, no_hits, incomplete, refused = map(kinds.count, _KINDS)
        return ChunkAnswers(
            lines=b"".join(packed),
            kinds="".join(kinds).encode(),
            size=size,
            hits_size=hits_size,
            counts=(hits, owner_hits, no_hits, incomplete, refused),
        )

    async def _screening_of(self, job: WorkOnJob) -> "_Screening":
        """Return the screening of a job, which is made once for the jobs worked on last."""
        found = self._screenings.pop(job.id, None)
        if job.basis is None or found is None or found.basis != job.basis:
            if job.basis is None:
                raise EndedJobError
            while len(self._screenings) >= _SCREENINGS_AT_HAND:
                del self._screenings[next(iter(self._screenings))]
            basis = await self._bases.of(job.basis)
            outcomes = list[str]()
            opened = await basis.open(job.terms, outcomes.append)
            found = _Screening(job.id, job.basis, opened, outcomes)
            if job.head is None:
                await self._jobs.set_head(job.id, _encode(opened.end(0, 0)))
        self._screenings[job.id] = found
        return found

    async def _finish(self, key: UUID) -> None:
        if await self._jobs.finish(key, utc_now()):
            self._screenings.pop(key, None)
            logger.info("job.done", extra={"job": str(key)})


class _Screening:
    """The screening of one job, which answers one row after another."""

    def __init__(
        self, key: UUID, basis: bytes, opened: OpenScreening, outcomes: list[str]
    ) -> None:
        self.key = key
        self.basis = basis
        self._opened = opened
        self._outcomes = outcomes

    async def line(self, row: RowQuestion) -> tuple[str, bytes]:
        """Return the letter of a row's answer, and the answer as JSON."""
        if row.counterparty is None:
            return "r", _refusal(row.row, "row", row.reason or "cannot be read")
        self._outcomes.clear()
        try:
            line = await self._opened.result(row.counterparty, row.warnings)
        except BadInputError as error:
            return "r", _refusal(row.row, error.field, error.reason)
        except TooMuchWorkError as error:
            return "r", _refusal(row.row, "row", str(error))
        return _LETTERS[self._outcomes[-1]], _placed(line, row)


def _placed(line: bytes, row: RowQuestion) -> bytes:
    """Return an answer with its row and column where a row of the table has several answers."""
    if row.column is None:
        return line
    return line.removesuffix(b"}") + b"," + _encode(_Place(row.row, row.column)).removeprefix(b"{")


class _Place(msgspec.Struct, frozen=True):
    """Where in its table the name of a party stands."""

    line: int
    column: str


def _refusal(row: int, field: str, reason: str) -> bytes:
    return _encode(RefusedLine(line=row, field=shortened(field), reason=shortened(reason)))


# --- A worker from its start to its end.


async def run_worker(
    settings: Settings, dsn: str, stopping: asyncio.Event, *, warm: bool = False
) -> None:
    """Work on the jobs of a database until `stopping` is set.

    With `warm` the index is made ready before there is any job.
    """
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(_index_folder(settings))
        pool = await stack.enter_async_context(PooledStore(dsn))
        jobs = WorkerJobs(pool.pool, timedelta(days=settings.keep_jobs_days))
        join = PartiesInChild(JoinedParties(dsn), utc_now)
        index = partial(CurrentIndex, profile=settings.profile, join=join)
        bases = Bases(dsn, folder, DatabaseLists(pool.connect), jobs, index)
        worker = Worker(settings, pool, jobs, bases, stopping)
        # a worker may wait for days
        await asyncio.to_thread(give_back)
        looking = asyncio.create_task(worker.look_for_ever())
        warming = asyncio.create_task(_warm(bases) if warm else asyncio.sleep(0))
        logger.info("worker.started")
        try:
            await PgQueue(dsn).run(worker.kinds(), stopping)
        finally:
            looking.cancel()
            warming.cancel()
            await asyncio.wait({looking, warming})
        logger.info("worker.ended")


async def _warm(bases: Bases) -> None:
    try:
        await bases.warm()
    except StoreUnavailableError:
        logger.warning("worker.database_unreachable")


@contextmanager
def _index_folder(settings: Settings) -> Generator[Path]:
    """Yield the folder of indexes; one that goes with the worker where no folder is named."""
    if settings.keep_indexes:
        yield settings.data_dir / "index"
        return
    with TemporaryDirectory(prefix="abeyance-index-") as folder:
        yield Path(folder)
