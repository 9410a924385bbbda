"""Jobs in the database: what an account sees of its own, and what workers do on all of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.engine.tables import TableReading
from abeyance_screening.features.jobs.types import (
    Job,
    JobBasis,
    JobFault,
    JobPart,
    JobTerms,
    NewJob,
    PartSize,
    TableFormat,
)
from abeyance_screening.platform.postgres.database import QueryPlace, fetched

_LAST = datetime.max.replace(tzinfo=UTC)
_LAST_ID = UUID(int=2**128 - 1)
_decode_terms = msgspec.json.Decoder(JobTerms).decode
_decode_fault = msgspec.json.Decoder(JobFault).decode
_decode_reading = msgspec.json.Decoder(TableReading).decode
_decode_basis = msgspec.json.Decoder(JobBasis).decode
_encode = msgspec.json.Encoder().encode


class JobSender(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends jobs: a key, a person or an address; and from where, if few share the address.

    `address` is None for people, who may all come from that of one proxy.
    """

    name: str
    address: str | None


class OpenJobs(msgspec.Struct, frozen=True):
    """How many jobs have not ended, also those still on their way in, and their tables' bytes."""

    jobs: int
    table_bytes: int


class StoredJobs:
    """The jobs of one account; those that have expired are not there any more.

    `keep_for` is how long a job is kept after it has ended, `now` the current moment in UTC.
    """

    def __init__(
        self, place: QueryPlace, account: str, keep_for: timedelta, now: datetime
    ) -> None:
        self._place = place
        self._account = account
        self._keep_for = keep_for
        self._now = now

    async def begin(self, new: NewJob, sender: JobSender | None = None) -> None:
        """Begin a job, which nobody sees before it is accepted."""
        sent = new.name, new.format, _encode(new.terms), self._now
        by = (None, None) if sender is None else (sender.name, sender.address)
        await self._fetch("add_job", new.id, *sent, *by)

    async def opened_by(self, sender: JobSender) -> tuple[OpenJobs, OpenJobs]:
        """Return what a sender has of jobs that have not ended, and what its address has."""
        rows = await fetched(self._place, "open_jobs", sender.name, sender.address)
        sent, sent_bytes, near, near_bytes = msgspec.convert(tuple(rows[0]), tuple[int, ...])
        return OpenJobs(sent, sent_bytes), OpenJobs(near, near_bytes)

    async def add_piece(self, key: UUID, place: int, content: bytes) -> bool:
        """Add a piece of its table, counted from 0; return False if there is no such job."""
        return bool(await self._fetch("add_job_piece", key, place, content))

    async def accept(self, key: UUID, size: int) -> bool:
        """Accept a job whose table of `size` bytes is there whole, so that workers do it.

        Return False if there is no such job, or it was accepted before.
        """
        queued = priority_of(size), key.bytes
        return bool(await self._fetch("accept_job", key, self._now, size, *queued))

    async def get(self, key: UUID) -> Job | None:
        """Return a job as it is now; None if the account has none with the id."""
        rows = await self._fetch("job_of_account", key, self._now)
        return _job(rows[0]) if rows else None

    async def listed(self, after: tuple[datetime, UUID] | None, most: int) -> tuple[Job, ...]:
        """Return up to `most` jobs, the newest first; `after` is the last one's moment and id."""
        before = (_LAST, _LAST_ID) if after is None else after
        rows = await self._fetch("jobs_of_account", self._now, *before, most)
        keys = msgspec.convert([row[0] for row in rows], list[UUID])
        found = [await self.get(key) for key in keys]
        return tuple(each for each in found if each is not None)

    async def cancel(self, key: UUID) -> bool:
        """End a job that goes on; what was done can be read until it expires.

        Return False if there is none, or it has ended.
        """
        return bool(await self._fetch("cancel_job", key, self._now, self._now + self._keep_for))

    async def delete(self, key: UUID) -> bool:
        """Delete a job that has ended; return False if none is there."""
        return bool(await self._fetch("delete_job", key, self._now))

    async def drop(self, key: UUID) -> None:
        """Drop what has come of a table that was not received whole, unless it was accepted."""
        await self._fetch("drop_job", key, self._now)

    async def part_sizes(self, key: UUID) -> tuple[PartSize, ...]:
        """Return the sizes of the results in order, as far as they are there without a gap."""
        rows = await self._fetch("job_part_sizes", key, self._now)
        return msgspec.convert([dict(row) for row in rows], tuple[PartSize, ...])

    async def parts(self, key: UUID, after: int, most: int) -> tuple[JobPart, ...]:
        """Return up to `most` results after a chunk (-1: from the first), as in `part_sizes`."""
        rows = await self._fetch("job_parts", key, self._now, after, most)
        return msgspec.convert([dict(row) for row in rows], tuple[JobPart, ...])

    async def head(self, key: UUID) -> bytes | None:
        """Return a `StreamEnd` of no lines: what holds for all answers; None if unknown."""
        rows = await self._fetch("job_head", key, self._now)
        return cast("bytes | None", rows[0][0]) if rows else None

    async def _fetch(self, name: str, *asked: object) -> Sequence[asyncpg.Record]:
        return await fetched(self._place, name, self._account, *asked)


def priority_of(size: int) -> int:
    """Return how early a table of so many bytes is worked on: small ones pass large ones."""
    return -size.bit_length()


def _job(row: asyncpg.Record) -> Job:
    columns: dict[str, object] = dict(row)
    read = (
        ("terms", _decode_terms),
        ("fault", _decode_fault),
        ("reading", _decode_reading),
        ("basis", _decode_basis),
    )
    for name, decode in read:
        content = cast("bytes | None", columns[name])
        columns[name] = None if content is None else decode(content)
    return msgspec.convert(columns, Job)


# --- What workers do, on the jobs of all accounts.


class WorkOnJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job that goes on, as its worker knows it; `basis` is the digest of what answers it."""

    id: UUID
    account: str
    format: TableFormat
    terms: JobTerms
    size: int
    chunks: int | None
    basis: bytes | None
    head: bytes | None


class ChunkAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """The answers to the rows of a chunk, as in `JobPart`.

    `counts` are the lines by their kind: `h`, `o`, `n`, `i` and `r`, in this order.
    """

    lines: bytes
    kinds: bytes
    size: int
    hits_size: int
    counts: tuple[int, int, int, int, int]


class StoredBasis(msgspec.Struct, frozen=True, kw_only=True):
    """What jobs are answered from, as it is kept: two files by their digests, and the rest."""

    index_digest: bytes
    register_digest: bytes
    rules: bytes
    content: bytes
    shown: bytes


class Backlog(msgspec.Struct, frozen=True):
    """How many jobs go on, and how many of their rows are read and not answered yet."""

    jobs: int
    rows: int


class WorkerJobs:
    """The jobs of all accounts, for a worker."""

    def __init__(self, place: QueryPlace, keep_for: timedelta) -> None:
        self._place = place
        self._keep_for = keep_for

    async def at_work(self, key: UUID) -> WorkOnJob | None:
        """Return a job; None once it has ended."""
        rows = await self._fetch("job_at_work", key)
        if not rows:
            return None
        columns: dict[str, object] = dict(rows[0])
        columns["terms"] = _decode_terms(cast("bytes", columns["terms"]))
        return msgspec.convert(columns, WorkOnJob)

    async def ended(self, keys: Sequence[UUID]) -> frozenset[UUID]:
        """Return those of some jobs on which no more work is done."""
        rows = await self._fetch("jobs_that_ended", list(keys))
        return frozenset(msgspec.convert([row[0] for row in rows], list[UUID]))

    async def pin(self, key: UUID, basis: bytes, now: datetime) -> bytes | None:
        """Record what a job is answered from, and return what was recorded first.

        None once the job has ended.
        """
        rows = await self._fetch("pin_job", key, basis, now)
        return cast("bytes", rows[0][0]) if rows else None

    async def unpin(self, key: UUID, basis: bytes) -> bool:
        """Forget what a job is answered from; return False if something was answered."""
        return bool(await self._fetch("repin_job", key, basis))

    async def set_head(self, key: UUID, head: bytes) -> None:
        """Record what holds for all answers of a job, once."""
        await self._fetch("set_job_head", key, head)

    async def piece(self, key: UUID, place: int) -> bytes | None:
        """Return a piece of a job's table; None if there is none."""
        rows = await self._fetch("next_job_piece", key, place)
        return cast("bytes", rows[0][0]) if rows else None

    async def chunks_read(self, key: UUID) -> int:
        """Return how many chunks of a job's table are read."""
        rows = await self._fetch("job_chunks_read", key)
        return cast("int", rows[0]["chunks"])

    async def add_chunk(
        self, job: WorkOnJob, chunk: int, rows: tuple[int, int, bytes], now: datetime
    ) -> bool:
        """Keep rows that were read, and have them screened, in one change.

        `rows` are the number of the first, how many, and all of them as in `JobPart.asked`. Return
        False if they are there already, or the job has ended.
        """
        queued = priority_of(job.size), ChunkKey(job.id, chunk).payload()
        return bool(await self._fetch("add_job_chunk", job.id, chunk, *rows, *queued, now))

    async def set_reading(self, key: UUID, reading: TableReading) -> bool:
        """Record what was read of a job's table so far; return False if the job has ended."""
        return bool(await self._fetch("set_job_reading", key, _encode(reading)))

    async def finish_reading(self, key: UUID, rows: int, chunks: int, now: datetime) -> bool:
        """Record that a job's table is read, and delete it; return False if the job has ended."""
        return bool(await self._fetch("finish_reading", key, rows, chunks, now))

    async def chunk_to_do(self, key: UUID, chunk: int) -> bytes | None:
        """Return the rows of a chunk as in `JobPart.asked`; None if they are answered."""
        rows = await self._fetch("job_chunk_to_do", key, chunk)
        return cast("bytes", rows[0]["asked"]) if rows else None

    async def finish_chunk(
        self, key: UUID, chunk: int, answers: ChunkAnswers, now: datetime
    ) -> bool:
        """Keep the answers to a chunk; return False if some are kept, or the job has ended."""
        sizes = answers.size, answers.hits_size, list(answers.counts)
        kept = answers.lines, answers.kinds, *sizes
        return bool(await self._fetch("finish_job_chunk", key, chunk, *kept, now))

    async def finish(self, key: UUID, now: datetime) -> bool:
        """End a job of which everything is read and answered; return whether it ended now."""
        return bool(await self._fetch("finish_job", key, now, now + self._keep_for))

    async def fail(self, key: UUID, fault: JobFault, now: datetime) -> bool:
        """End a job that cannot be done; return False if it has ended."""
        ended = _encode(fault), now, now + self._keep_for
        return bool(await self._fetch("fail_job", key, *ended))

    async def moved_at(self, key: UUID) -> datetime | None:
        """Return when anything was last done on a job; None if there is no such job."""
        rows = await self._fetch("job_progress", key)
        return cast("datetime | None", rows[0][0]) if rows else None

    async def basis(self, digest: bytes) -> StoredBasis | None:
        """Return what jobs are answered from; None if it is not kept."""
        rows = await self._fetch("job_basis_content", digest)
        return msgspec.convert(dict(rows[0]), StoredBasis) if rows else None

    async def keep_basis(self, digest: bytes, basis: StoredBasis) -> None:
        """Keep what jobs are answered from, of which both files are kept."""
        files = basis.index_digest, basis.register_digest
        await self._fetch("add_job_basis", digest, *files, basis.rules, basis.content, basis.shown)

    async def begin_file(self, digest: bytes, size: int, whole: bytes | None = None) -> bool:
        """Begin to keep a file; return False if it is kept whole.

        One that adds to another file, which is kept whole, stays `whole` that one.
        """
        rows = await self._fetch("begin_job_file", digest, size, whole)
        return cast("datetime | None", rows[0][0]) is None

    async def add_to_file(self, digest: bytes, place: int, content: bytes) -> None:
        """Keep a piece of a file."""
        await self._fetch("add_job_file_piece", digest, place, content)

    async def finish_file(self, digest: bytes) -> None:
        """Record that a file is kept whole."""
        await self._fetch("finish_job_file", digest)

    async def file_size(self, digest: bytes) -> int | None:
        """Return the size of a file that is kept whole; None if there is none."""
        rows = await self._fetch("job_file_size", digest)
        return cast("int", rows[0][0]) if rows else None

    async def piece_of_file(self, digest: bytes, place: int) -> bytes | None:
        """Return a piece of a file; None if there is none."""
        rows = await self._fetch("next_job_file_piece", digest, place)
        return cast("bytes", rows[0][0]) if rows else None

    async def backlog(self) -> Backlog:
        """Return what is left to do of all jobs."""
        return msgspec.convert(dict((await self._fetch("job_backlog"))[0]), Backlog)

    async def _fetch(self, name: str, *asked: object) -> Sequence[asyncpg.Record]:
        return await fetched(self._place, name, *asked)


class ChunkKey(msgspec.Struct, frozen=True):
    """A chunk of a job, as the queue names it."""

    job: UUID
    chunk: int

    def payload(self) -> bytes:
        """Return the key as bytes."""
        return self.job.bytes + self.chunk.to_bytes(4)

    @classmethod
    def of(cls, payload: bytes) -> "ChunkKey":
        """Return the key that was written as bytes."""
        return cls(UUID(bytes=payload[:16]), int.from_bytes(payload[16:]))
