"""Jobs: large tables that are screened apart from the request that sends them.

A table is received in pieces, each of which is stored before the next is read, so that it is never
whole in memory. What is broken off leaves nothing. A worker then reads it and screens its rows;
what it answers is kept, and given out by `job_results`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import QuestionTerms
from abeyance_screening.engine.tables import FIELDS, read_said
from abeyance_screening.features.jobs.quota import JobQuota
from abeyance_screening.features.jobs.rows import check_beginning
from abeyance_screening.features.jobs.store import StoredJobs
from abeyance_screening.features.jobs.types import (
    ENDINGS,
    Job,
    JobAnswer,
    JobTerms,
    JobTermsShown,
    NewJob,
    TableFormat,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.access.idempotency import REPLAYED
from abeyance_screening.platform.http.bodies import (
    JOBS_PATH,
    EncodedResponse,
    TypedRequest,
    expander_of,
    header_of,
    media_type_of,
)
from abeyance_screening.platform.http.entrance import check_scope
from abeyance_screening.platform.http.idempotent import Fingerprint, Idempotency, TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    NOT_FOUND,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.limits.limits import Budget
from abeyance_screening.platform.questions.parameters import TheDays, ThePage, TheTerms, terms_of
from abeyance_screening.platform.stores.processes import ProcessesSeen
from abeyance_screening.primitives.cursors import NextCursor, moment_key, moment_of, page_ahead
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import (
    BadInputError,
    NotFoundError,
    StoreUnavailableError,
)
from abeyance_screening.primitives.fair_scheduler import current_work
from abeyance_screening.primitives.structs import copy_as

# A table is stored in pieces of this size.
PIECE_BYTES = 1_000_000
_FORMATS: Mapping[str, TableFormat] = MappingProxyType(
    {
        "text/csv": "csv",
        "text/tab-separated-values": "csv",
        "application/x-ndjson": "ndjson",
        "application/ndjson": "ndjson",
        "application/jsonl": "ndjson",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/vnd.ms-excel.sheet.macroenabled.12": "xlsx",
        "application/vnd.apache.parquet": "parquet",
    }
)
"""The kinds of table by their media types."""

_KEEPS_NOTHING = "nothing is kept for this caller, and a job is kept until its results are read"
_NAMELESS = "table"
_LONGEST_NAME = 200
_FORM = b"multipart/form-data"

JobId = Annotated[UUID, PathParameter(description="The `id` of the job.")]
FormatAsked = Annotated[
    TableFormat | None,
    QueryParameter(
        name="format",
        description="What kind of table it is. If left out, the Content-Type or the ending of "
        "the file's name says so.",
    ),
]
NameAsked = Annotated[
    str | None,
    QueryParameter(
        name="name",
        min_length=1,
        max_length=_LONGEST_NAME,
        description="The name of the file, to be shown. If left out, the one in a "
        "Content-Disposition.",
    ),
]
MapAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="map",
        description="`field=column` for a column that its header does not tell, `field=` for "
        f"none; repeat it for several. Fields: {', '.join(FIELDS)}.",
    ),
]
EncodingAsked = Annotated[
    str | None,
    QueryParameter(name="encoding", max_length=40, description="Of a CSV, if not detected."),
]
DelimiterAsked = Annotated[
    str | None,
    QueryParameter(name="delimiter", max_length=10, description="Of a CSV, if not detected."),
]
SheetAsked = Annotated[
    str | None,
    QueryParameter(
        name="sheet", max_length=100, description="The sheet of a workbook; the first if left out."
    ),
]


class TableQuery(msgspec.Struct, frozen=True, kw_only=True):
    """How the table of a request is to be read."""

    format: TableFormat | None
    name: str | None
    columns: tuple[tuple[str, str | None], ...]
    encoding: str | None
    delimiter: str | None
    sheet: str | None


class JobPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of jobs, the newest first."""

    items: tuple[JobAnswer, ...]
    """The jobs, the newest first."""
    next_cursor: NextCursor


class JobDesk(msgspec.Struct, frozen=True):
    """The jobs of a caller's account, and what a new one of the caller needs.

    `store` is called within the unit of work that shall have what is stored; None where nothing of
    the caller's is kept. `budgets` are the caller's limits of counterparties a day.
    `quota` is what the caller may have at once. `processes` returns the workers that were seen,
    None where that is not known.
    """

    desk: Desk
    store: Callable[[], StoredJobs] | None
    budgets: tuple[Budget, ...]
    most_bytes: int
    quota: JobQuota
    processes: Callable[[], Awaitable[Sequence[ProcessesSeen] | None]]

    def opened(self, key: UUID | None = None) -> StoredJobs:
        """Return the place of the jobs.

        Raises:
            NotFoundError: No job is kept for this caller.
        """
        if self.store is None:
            raise _missing(key)
        return self.store()

    async def job(self, key: UUID) -> Job:
        """Return a job as it is now.

        Raises:
            NotFoundError: The account has none with the id.
        """
        found = await self.opened(key).get(key)
        if found is None:
            raise _missing(key)
        return found

    async def answer(self, job: Job) -> JobAnswer:
        """Return a job as callers see it, with the reason if no worker goes on with it."""
        shown = _answer(job, self.desk.now())
        if job.ended_at is not None:
            return shown
        processes = await self.processes()
        no_worker = None if processes is None else _no_worker(processes)
        return msgspec.structs.replace(shown, no_worker=no_worker)


TheJobs = NamedDependency[SkipValidation[JobDesk]]
TheTable = NamedDependency[SkipValidation[TableQuery]]


async def _table(
    kind: FormatAsked = None,
    name: NameAsked = None,
    columns: MapAsked = None,
    encoding: EncodingAsked = None,
    delimiter: DelimiterAsked = None,
    sheet: SheetAsked = None,
) -> TableQuery:
    choices = tuple(map(read_said, columns or ()))
    return TableQuery(
        format=kind,
        name=name,
        columns=tuple((each.field, each.column) for each in choices),
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
    )


def _the_job(status: int, description: str) -> dict[int, ResponseSpec]:
    spec = ResponseSpec(data_container=JobAnswer, description=description, generate_examples=False)
    return {status: spec}


@post(
    JOBS_PATH,
    opt=needs("jobs", change="job.sent"),
    operation_id="addJob",
    dependencies={"terms": Provide(terms_of), "table": Provide(_table)},
    request_max_body_size=None,
    responses={
        **_the_job(202, "The table is there whole, and its job waits for a worker."),
        **problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    },
    summary="Have a large table screened",
    tags=["Jobs"],
    status_code=HTTP_202_ACCEPTED,
)
async def add_job(
    request: TypedRequest,
    jobs: TheJobs,
    once: TheOnce,
    days: TheDays,
    terms: TheTerms,
    table: TheTable,
) -> Response[JobAnswer]:
    """Take a table of up to 10,000,000 rows: CSV, XLSX, NDJSON or Parquet, as the body.

    The body is stored as it comes, in gzip or zstd too, and may take its time. The answer is the
    job, and `Location` its address. NDJSON has an object a line, whose fields are the columns:
    `name`, `id`, `countries`, and others as `map` says.
    """
    new = await _new_job(jobs, request, table, (days, terms))
    body, is_replayed = await _receive(jobs, request, once, new)
    key = msgspec.json.decode(body, type=_JobNamed).id
    more = {"location": f"{JOBS_PATH}/{key}"} | ({REPLAYED: "true"} if is_replayed else {})
    return EncodedResponse((body,), HTTP_202_ACCEPTED, more)


@get(
    JOBS_PATH,
    opt=needs("jobs", reading="jobs.listed"),
    operation_id="listJobs",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="List jobs",
    tags=["Jobs"],
)
async def list_jobs(jobs: TheJobs, page: ThePage) -> JobPage:
    """Return the jobs of the account, the newest first."""
    after = None if page.cursor is None else moment_of("jobs", page.cursor)
    if jobs.store is None:
        return JobPage(items=(), next_cursor=None)
    found = await jobs.store().listed(after, page.limit + 1)
    items, more = page_ahead(
        "jobs", found, lambda job: moment_key(job.accepted_at, job.id), page.limit
    )
    answered = tuple(_answer(each, jobs.desk.now()) for each in items)
    return JobPage(items=answered, next_cursor=more)


@get(
    JOBS_PATH + "/{job_id:uuid}",
    opt=needs("jobs"),
    operation_id="getJob",
    responses={
        **_the_job(200, "The job as it is now."),
        **problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    },
    summary="One job",
    tags=["Jobs"],
)
async def get_job(job_id: JobId, jobs: TheJobs) -> JobAnswer:
    """Return a job: how far it is, when it may end, and what it is answered from."""
    return await jobs.answer(await jobs.job(job_id))


@delete(
    JOBS_PATH + "/{job_id:uuid}",
    opt=needs("jobs", change="job.deleted", about="job_id"),
    operation_id="deleteJob",
    responses={
        **_the_job(200, "It went on, and is cancelled; what was done can be read."),
        204: ResponseSpec(data_container=None, description="It had ended, and is deleted."),
        **problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    },
    summary="Cancel or delete a job",
    tags=["Jobs"],
    status_code=HTTP_200_OK,
)
async def delete_job(
    request: TypedRequest, job_id: JobId, jobs: TheJobs
) -> Response[JobAnswer] | Response[None]:
    """Cancel a job that goes on; delete one that has ended, with its results, for good.

    Deleting takes the scope `delete`, cancelling does not.
    """
    job = await jobs.job(job_id)
    if job.ended_at is None:
        await jobs.opened().cancel(job_id)
        return Response(_answer(await jobs.job(job_id), jobs.desk.now()))
    check_scope(request, "delete")
    if not await jobs.opened().delete(job_id):
        raise _missing(job_id)
    return Response(None, status_code=HTTPStatus.NO_CONTENT)


class _JobNamed(msgspec.Struct, frozen=True):
    """The id of a job in an answer."""

    id: UUID


def _answer(job: Job, now: datetime) -> JobAnswer:
    """Return a job as callers see it."""
    rate, ends_about = _pace(job, now)
    terms = job.terms
    progress = msgspec.structs.asdict(job)
    shown = {
        "rate": rate,
        "ends_about": ends_about,
        "read_as": read_as_of(job),
        "terms": copy_as(
            JobTermsShown, terms, as_of=terms.days.as_of, known_at=terms.days.known_at
        ),
    }
    return msgspec.convert(progress | shown, JobAnswer)


def read_as_of(job: Job) -> tuple[str, ...]:
    """Return lines on how the table of a job was read, and what was left of it so far."""
    return () if job.reading is None else job.reading.in_words


def _no_worker(processes: Iterable[ProcessesSeen]) -> str | None:
    """Say that a job waits for a worker; None where one runs."""
    workers = next(each for each in processes if each.kind == "worker")
    if workers.running:
        return None
    seen = "in the last day"
    if workers.seen_at is not None:
        seen = f"since {workers.seen_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"No worker has been seen {seen}; the job waits until one runs (`abeyance work`)."


def _pace(job: Job, now: datetime) -> tuple[float | None, datetime | None]:
    """Return rows a second so far, and the moment at which a job may end at that pace."""
    if job.started_at is None or not job.rows_done:
        return None, None
    seconds = ((job.ended_at or now) - job.started_at).total_seconds()
    if seconds <= 0:
        return None, None
    rate = job.rows_done / seconds
    if job.ended_at is not None or job.rows is None:
        return round(rate, 1), None
    left = timedelta(seconds=round((job.rows - job.rows_done) / rate))
    return round(rate, 1), now.replace(microsecond=0) + left


def _missing(key: UUID | None) -> NotFoundError:
    return NotFoundError("job", "" if key is None else str(key))


# --- A table on its way in.


async def _new_job(
    jobs: JobDesk,
    request: TypedRequest,
    table: TableQuery,
    days_and_terms: tuple[Days, QuestionTerms],
) -> NewJob:
    """Return the job that a request asks for, with all that it leaves open filled in."""
    if jobs.store is None:
        raise BadInputError("body", _KEEPS_NOTHING)
    if media_type_of(request.scope) == _FORM:
        detail = "the body must be the file itself, not a form: curl --data-binary @parties.csv"
        raise HTTPException(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail=detail)
    name = table.name or _name_in(header_of(request.scope, b"content-disposition"))
    days, sent = days_and_terms
    terms = jobs.desk.filled(sent)
    # whatever no row could be answered with is refused before the table comes
    _ = await jobs.desk.open(terms, days)
    return NewJob(
        id=jobs.desk.new_id(),
        name=name or _NAMELESS,
        format=_format_of(request, table.format, name),
        terms=msgspec.structs.replace(_terms(jobs, table, terms, days), sent=sent),
    )


def _terms(jobs: JobDesk, table: TableQuery, terms: QuestionTerms, days: Days) -> JobTerms:
    return copy_as(
        JobTerms,
        terms,
        asked_at=jobs.desk.now(),
        days=days,
        columns=table.columns,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        budgets=jobs.budgets,
        sent=terms,
    )


def _name_in(disposition: bytes) -> str | None:
    """Return the name of a file, without folders, in a Content-Disposition; None without one."""
    header = EmailMessage()
    try:
        header["content-disposition"] = disposition.decode("latin-1")
    except ValueError:
        return None
    name = (header.get_filename() or "").rpartition("/")[2].strip()
    return "".join(filter(str.isprintable, name))[:_LONGEST_NAME] or None


def _format_of(request: TypedRequest, given: TableFormat | None, name: str | None) -> TableFormat:
    by_type = _FORMATS.get(media_type_of(request.scope).decode("latin-1"))
    by_ending = ENDINGS.get((name or "").rpartition(".")[2].lower())
    known = given or by_type or by_ending
    if known is None:
        reason = (
            "is not known: say csv, xlsx, ndjson or parquet here, in the Content-Type, or by the "
            "ending of `name`, such as parties.csv"
        )
        raise BadInputError("format", reason)
    return known


async def _receive(
    jobs: JobDesk, request: TypedRequest, once: Idempotency, new: NewJob
) -> tuple[bytes, bool]:
    """Store the table of a request, and return its job as JSON; True if it came before."""
    fingerprint, is_accepted = Fingerprint(request), False
    upload = _Upload(jobs, new)
    try:
        await upload.take_all(request, fingerprint)
        accept = partial(_accepted, jobs, new.id, upload)
        body, is_replayed = await once.body(accept, HTTP_202_ACCEPTED, fingerprint.digest())
        is_accepted = not is_replayed
    finally:
        if not is_accepted:
            # whatever stops it, nothing of the table stays; what is missed here is tidied later
            with suppress(StoreUnavailableError):
                await asyncio.shield(jobs.opened().drop(new.id))
    return body, is_replayed


async def _accepted(jobs: JobDesk, key: UUID, upload: "_Upload") -> bytes:
    """Accept a job whose table is there whole, in the unit of work that keeps the answer too."""
    store = jobs.opened()
    if not await store.accept(key, upload.size):
        raise _missing(key)
    job = await store.get(key)
    if job is None:
        raise _missing(key)
    return msgspec.json.encode(await jobs.answer(job))


class _Upload:
    """A table that is stored piece by piece as it comes."""

    def __init__(self, jobs: JobDesk, new: NewJob) -> None:
        self.size = 0
        self._store = jobs.opened()
        self._quota = jobs.quota
        self._new = new
        self._most_bytes = jobs.most_bytes
        self._begun = bytearray()
        self._place = 0

    async def take_all(self, request: TypedRequest, fingerprint: Fingerprint) -> None:
        """Store the body of a request; it may take as long as anything comes."""
        expander = expander_of(request.scope)
        work = current_work()
        if work is not None:
            work.stream()
        await self._quota.check(self._store, is_begun=False)
        await self._store.begin(self._new, self._quota.sender)
        async for data in request.stream():
            fingerprint.add(data)
            for piece in expander.expand(data):
                await self._take(piece)
            if work is not None:
                work.has_moved = True
        expander.check_end()
        if not self.size:
            raise BadInputError("body", "is empty")
        await self._keep(is_last=True)

    async def _take(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._most_bytes:
            raise _too_large(self._most_bytes)
        self._begun += data
        if len(self._begun) >= PIECE_BYTES:
            await self._keep()

    async def _keep(self, *, is_last: bool = False) -> None:
        """Store what has come since the last piece."""
        if not self._begun:
            return
        content = bytes(self._begun)
        self._begun.clear()
        if self._place == 0:
            is_whole = len(content) == self.size and is_last
            check_beginning(self._new.format, content, self._new.terms, is_whole=is_whole)
        if not await self._store.add_piece(self._new.id, self._place, content):
            raise _missing(self._new.id)
        self._place += 1
        await self._quota.check(self._store, is_begun=True)


def _too_large(most: int) -> HTTPException:
    detail = f"the table has more than {most:,} bytes, the most that this service takes"
    return HTTPException(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail=detail)


ROUTES = (add_job, list_jobs, get_job, delete_job)
