"""The results of a job: NDJSON that can be taken up where it broke off, and files.

Results can be read while the job goes on: what is given is what is there without a gap from the
first row. NDJSON has the bytes of a stream, which never change, so that a client that lost its
connection asks for the rest with `Range`. With the last line they are whole.
"""

import asyncio
import hashlib
import re
from bisect import bisect_right
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from http import HTTPStatus
from itertools import accumulate
from types import MappingProxyType
from typing import Annotated, Literal, override
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.datastructures.headers import Accept
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter, SkipValidation
from litestar.types import ASGIApp, Receive, Scope, Send

from abeyance_screening.engine.screening.answer import StreamEnd
from abeyance_screening.features.jobs.api import JobDesk, JobId, TheJobs, read_as_of
from abeyance_screening.features.jobs.results import (
    check_parquet,
    check_workbook,
    last_line,
    lines_of,
)
from abeyance_screening.features.jobs.store import StoredJobs
from abeyance_screening.features.jobs.types import FileKind, FileWanted, Job, JobPart, ResultKind
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import NDJSON, TypedRequest, header_of
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    NOT_FOUND,
    UNAVAILABLE,
    Problem,
    plain_problem,
    problem_responses,
)
from abeyance_screening.platform.http.spool import SHARED_DISK, Spool, send_spooled
from abeyance_screening.platform.questions.parameters import Cursor
from abeyance_screening.platform.sandbox.file_writer import FilesInChild
from abeyance_screening.primitives.cursors import cursor_at, number_of
from abeyance_screening.primitives.errors import BadInputError, NotFoundError
from abeyance_screening.primitives.fair_scheduler import Work

NEXT_CURSOR = "next-cursor"
"""The header with the cursor of the results that come after those of an answer."""

MEDIA_TYPES: Mapping[ResultKind, str] = MappingProxyType(
    {
        "ndjson": NDJSON,
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "parquet": "application/vnd.apache.parquet",
    }
)
# Parts that are read from the database at a time; one has some 500 rows, at most some megabytes.
_PARTS_AT_ONCE = 2
_SENT_AT_ONCE = 65_536
_RANGE = re.compile(
    r"bytes=(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-(?P<end>[0-9]{1,18}))"
)
KindAsked = Annotated[
    ResultKind | None,
    QueryParameter(
        name="format",
        description="`ndjson` has the lines of a stream; the others have a row for each hit and "
        "measure, with every column of the evidence. Left out, it is what `Accept` prefers of "
        "these, and `ndjson` where `Accept` has none of them.",
    ),
]
OnlyAsked = Annotated[
    Literal["hits"] | None,
    QueryParameter(
        name="only", description="Only rows where the counterparty or an owner of it has a hit."
    ),
]


class ResultsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which results are wanted, and as what."""

    kind: ResultKind
    only: Literal["hits"] | None
    cursor: str | None


async def _results_query(
    request: TypedRequest, kind: KindAsked = None, only: OnlyAsked = None, cursor: Cursor = None
) -> ResultsQuery:
    wanted = kind or _accepted(header_of(request.scope, b"accept").decode("latin-1"))
    return ResultsQuery(kind=wanted, only=only, cursor=cursor)


def _accepted(header: str) -> ResultKind:
    """Return the kind of file that an `Accept` header prefers; NDJSON where it names none.

    Nobody is refused for it (406): a client that takes only `application/json` gets NDJSON, as
    ever. Source: RFC 9110, 12.4.1.
    """
    kinds: dict[str, ResultKind] = {
        named.partition(";")[0]: kind for kind, named in MEDIA_TYPES.items()
    }
    best = Accept(header).best_match([NDJSON, *kinds]) if header else None
    return "ndjson" if best is None else kinds[best]


TheFiles = NamedDependency[SkipValidation[FilesInChild]]
TheResultsQuery = NamedDependency[SkipValidation[ResultsQuery]]


class StoredResults(msgspec.Struct, frozen=True):
    """The results that are there of a job as it was at a moment, in order and without a gap.

    `head` is what holds for all answers, None before the first. `ends` are the places after each
    chunk, among the bytes of all lines, or of those with hits; `first` is how many chunks a cursor
    leaves out. `last` is the last line, empty where it is not there yet.
    """

    job: Job
    store: StoredJobs
    head: StreamEnd | None
    rows: int
    only_hits: bool
    chunks: tuple[int, ...]
    ends: tuple[int, ...]
    first: int
    last: bytes

    @property
    def size(self) -> int:
        """The bytes of the lines that are given, the last one included."""
        whole = self.ends[-1] if self.ends else 0
        return whole - self.left_out + len(self.last)

    @property
    def left_out(self) -> int:
        """The bytes of the lines that a cursor leaves out."""
        return self.ends[self.first - 1] if self.first else 0

    @property
    def next_cursor(self) -> str | None:
        """The cursor of what comes after these; None where nothing more will come."""
        if self.job.ended_at is not None or not self.chunks:
            return None
        return cursor_at("job-results", str(self.chunks[-1]))

    async def parts(self, first: int) -> AsyncGenerator[JobPart]:
        """Yield the parts from a place among `chunks` on.

        Raises:
            NotFoundError: The job was deleted meanwhile.
        """
        wanted = self.chunks[first:]
        after = wanted[0] - 1 if wanted else 0
        while wanted and after < wanted[-1]:
            most = min(_PARTS_AT_ONCE, wanted[-1] - after)
            found = await self.store.parts(self.job.id, after, most)
            if not found:
                raise NotFoundError("job", str(self.job.id))
            for part in found:
                yield part
            after = found[-1].chunk

    async def lines(self, start: int, stop: int) -> AsyncGenerator[bytes]:
        """Yield the bytes from a place to another, counted from what is given."""
        begin, end = start + self.left_out, stop + self.left_out
        whole = self.ends[-1] if self.ends else 0
        if begin < whole and begin < end:
            place = bisect_right(self.ends, begin)
            at = self.ends[place - 1] if place else 0
            async with aclosing(self.parts(place)) as parts:
                async for part in parts:
                    lines = await asyncio.to_thread(lines_of, part, only_hits=self.only_hits)
                    yield lines[max(0, begin - at) : max(0, end - at)]
                    at += len(lines)
                    if at >= end:
                        break
        if end > whole:
            yield self.last[max(0, begin - whole) : end - whole]


@get(
    "/v1/jobs/{job_id:uuid}/results",
    opt=needs("jobs", reading="job.exported", about="job_id"),
    operation_id="jobResults",
    responses={
        200: ResponseSpec(
            data_container=str,
            generate_examples=False,
            media_type=NDJSON,
            description="NDJSON, or the file; `Next-Cursor` is the `cursor` of what comes later.",
        ),
        206: ResponseSpec(
            data_container=str,
            generate_examples=False,
            media_type=NDJSON,
            description="The part that `Range` asks for.",
        ),
        304: ResponseSpec(data_container=None, description="The results have not changed."),
        416: ResponseSpec(
            data_container=Problem,
            media_type="application/problem+json",
            description="Nothing is there after the beginning of `Range`, or not yet.",
            generate_examples=False,
        ),
        **problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    },
    dependencies={"results_query": Provide(_results_query)},
    summary="The results of a job",
    tags=["Jobs"],
    media_type=NDJSON,
)
async def job_results(
    request: TypedRequest,
    job_id: JobId,
    jobs: TheJobs,
    files: TheFiles,
    results_query: TheResultsQuery,
) -> Response[str] | Response[Problem]:
    """Return the results that are there, in the order of the table, while the job goes on too.

    NDJSON has for each row a `CounterpartyResult`, or `line`, `field` and `reason` where it could
    not be read or screened; where a row names several parties there is one for each, with the
    `line` and `column` of its name. Its last line alone has `coverage`, `count`, `refused`,
    `read_as`, and no `outcome`: without it the results are not whole. With `Range: bytes=` it
    goes on from where it broke off.
    """
    kept = await _stored_results(jobs, job_id, results_query)
    if results_query.kind == "ndjson":
        return _lines_answer(request, kept)
    return await _file_answer(kept, results_query.kind, files)


async def _stored_results(jobs: JobDesk, key: UUID, query: ResultsQuery) -> StoredResults:
    # in this order: what ends in between is not taken for whole
    job, store = await jobs.job(key), jobs.opened(key)
    sizes = await store.part_sizes(key)
    chunks = tuple(each.chunk for each in sizes)
    only_hits = query.only == "hits"
    ends = accumulate(each.hits_size if only_hits else each.size for each in sizes)
    content = await store.head(key)
    head = None if content is None else msgspec.json.decode(content, type=StreamEnd)
    is_whole = job.stage == "done" and head is not None
    return StoredResults(
        job=job,
        store=store,
        head=head,
        only_hits=only_hits,
        chunks=chunks,
        ends=tuple(ends),
        first=0 if query.cursor is None else _place_of(query.cursor, chunks),
        rows=sum(each.rows for each in sizes),
        last=_last(job, head) if is_whole and head is not None else b"",
    )


def _last(job: Job, head: StreamEnd) -> bytes:
    return last_line(head, job.rows_done, job.refused, read_as_of(job))


def _place_of(cursor: str, chunks: Sequence[int]) -> int:
    """Return the place of the first chunk after a cursor."""
    number = number_of("job-results", cursor)
    if number not in chunks:
        raise BadInputError("cursor", "is not a cursor from an earlier answer about this job")
    return bisect_right(chunks, number)


# --- NDJSON, whole or from a place on.


def _lines_answer(
    request: TypedRequest, results: StoredResults
) -> Response[str] | Response[Problem]:
    headers = {"accept-ranges": "bytes", **_headers(results, "ndjson")}
    tag = _tag_of(results)
    if tag is not None:
        headers["etag"] = tag
        given = header_of(request.scope, b"if-none-match").decode("latin-1")
        if tag in {each.strip() for each in given.split(",")}:
            return _SentResponse(HTTPStatus.NOT_MODIFIED, headers, _nothing())
    size = results.size
    wanted = _range_in(request, size, tag)
    if wanted is None:
        headers["content-length"] = str(size)
        return _SentResponse(HTTPStatus.OK, headers, results.lines(0, size))
    start, stop = wanted
    if start >= stop:
        detail = f"there are {size:,} bytes of results, and none after the beginning of Range"
        refused = {"content-range": f"bytes */{size}"}
        return plain_problem(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, detail, refused)
    total = "*" if results.job.ended_at is None else str(size)
    headers["content-range"] = f"bytes {start}-{stop - 1}/{total}"
    headers["content-length"] = str(stop - start)
    return _SentResponse(HTTPStatus.PARTIAL_CONTENT, headers, results.lines(start, stop))


def _range_in(request: TypedRequest, size: int, tag: str | None) -> tuple[int, int] | None:
    """Return the bytes asked for (RFC 9110, 14.2); None for an unreadable range or several."""
    found = _RANGE.fullmatch(header_of(request.scope, b"range").decode("latin-1").strip())
    if_range = header_of(request.scope, b"if-range").decode("latin-1").strip()
    if found is None or (if_range and if_range != tag):
        return None
    if found["end"] is not None:
        return max(0, size - int(found["end"])), size
    first, last = int(found["first"]), found["last"]
    if not last:
        return first, size
    return None if int(last) < first else (first, min(size, int(last) + 1))


def _tag_of(results: StoredResults) -> str | None:
    """Return the strong ETag of results that do not grow any more; None while they may."""
    job = results.job
    if job.ended_at is None:
        return None
    marks = (job.id, job.ended_at.isoformat(), results.only_hits, results.first, results.size)
    return f'"{hashlib.sha256(repr(marks).encode()).hexdigest()[:32]}"'


# --- Files.


async def _file_answer(
    results: StoredResults, kind: FileKind, files: FilesInChild
) -> Response[str]:
    """Return a file once its first bytes are there."""
    job = results.job
    if results.head is None:
        raise BadInputError("job_id", "has no results yet")
    if kind == "parquet":
        check_parquet()
    elif kind == "xlsx":
        hits = job.hits + job.owner_hits
        check_workbook(
            *((hits, hits) if results.only_hits else (results.rows, hits + job.refused))
        )
    wanted = FileWanted(
        kind=kind,
        name=job.name,
        read_as=(f"Job {job.id}", *read_as_of(job)),
        head=results.head,
        only_hits=results.only_hits,
        row_count=job.rows,
    )
    pieces = files.job_file(_frames(wanted, results))
    # by then it is known whether there will be a file
    first = await anext(pieces, b"")
    headers = {
        "content-disposition": f'attachment; filename="job-{job.id}.{kind}"',
        **_headers(results, kind),
    }
    return _SentResponse(HTTPStatus.OK, headers, _after(first, pieces), Spool(SHARED_DISK))


async def _frames(wanted: FileWanted, results: StoredResults) -> AsyncGenerator[bytes]:
    yield msgspec.msgpack.encode(wanted)
    async with aclosing(results.parts(results.first)) as parts:
        async for part in parts:
            yield msgspec.msgpack.encode(part)


async def _after(first: bytes, pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(pieces):
        yield first
        async for each in pieces:
            yield each


# --- An answer of any size.


def _headers(results: StoredResults, kind: ResultKind) -> dict[str, str]:
    more = {} if results.next_cursor is None else {NEXT_CURSOR: results.next_cursor}
    return {
        "content-type": MEDIA_TYPES[kind],
        "cache-control": "no-store",
        "vary": "Accept",
        # nginx would otherwise collect the answer
        "x-accel-buffering": "no",
        **more,
    }


async def _nothing() -> AsyncGenerator[bytes]:
    for each in ():
        yield each


class _SentResponse(Response[str]):
    """An answer in pieces, made as the client takes them, or as far ahead as a spool takes."""

    def __init__(  # pyright: ignore[reportMissingSuperCall] - it sends itself
        self,
        status: HTTPStatus,
        headers: Mapping[str, str],
        pieces: AsyncGenerator[bytes],
        spool: Spool | None = None,
    ) -> None:
        self._status = status
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._pieces = pieces
        self._spool = Spool(SHARED_DISK, most=0) if spool is None else spool

    @override
    def to_asgi_response(self, *_args: object, **_kwargs: object) -> ASGIApp:  # pyright: ignore[reportIncompatibleMethodOverride] - litestar calls it and no more
        """Return the application that sends the pieces."""
        return self._send

    async def _send(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send_spooled(send, (self._status, self._headers), self._spool, self._make)

    async def _make(self, _work: Work) -> None:
        try:
            async with aclosing(self._pieces):
                async for piece in self._pieces:
                    for at in range(0, len(piece), _SENT_AT_ONCE):
                        await self._spool.put(piece[at : at + _SENT_AT_ONCE])
        finally:
            self._spool.end()


ROUTES = (job_results,)
