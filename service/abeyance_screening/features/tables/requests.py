"""The requests of the spreadsheet page's script: read a table, screen rows, write results.

The browser keeps the rows and sends them a batch at a time. Their results are kept where the
person chose: under an id at the service (see `kept`), or in the browser alone. With `keep` ticked
each batch is also a screening that is stored like any other.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation
from litestar.status_codes import HTTP_204_NO_CONTENT
from litestar.types import ExceptionHandlersMap
from msgspec.structs import force_setattr

from abeyance_screening.engine.measures.status_table import STATUSES, Shape
from abeyance_screening.engine.screening.answer import ScreeningAnswer
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import ScreeningQuestion, read_percent
from abeyance_screening.engine.tables import (
    ColumnField,
    ColumnMap,
    Counts,
    EvidenceRow,
    PartyRow,
    ReadRow,
    Summary,
    Table,
    UnreadableRow,
    counterparties,
    counterparties_of,
    evidence_of,
    party_rows,
    read_as,
    summary_of,
    unanswered,
    unreadable,
)
from abeyance_screening.engine.tables.counterparties import RowOfTable, read_whole
from abeyance_screening.engine.wording.hits import score_in_words
from abeyance_screening.engine.wording.parties import line_words
from abeyance_screening.features.tables.files import (
    MAX_ROWS,
    FileKind,
    RowSent,
    TableRequest,
    TableSent,
    decoded,
    map_chosen,
    request_in,
    restore_table,
)
from abeyance_screening.features.tables.saved_results import ResultHead, SavedResults, part_json
from abeyance_screening.features.tables.store import ResultPart
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.access.idempotency import REPLAYED
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    NOT_FOUND,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.pages.frame import (
    HEADERS,
    RETRY_AFTER_S,
    AddressDays,
    AnyRequest,
    TheDesk,
    TheFiles,
    link,
)
from abeyance_screening.platform.questions.form import NOT_STATED
from abeyance_screening.platform.questions.table_parties import PartiesOfTable
from abeyance_screening.platform.sandbox.pool import ChildPool, EndedError, Limits
from abeyance_screening.primitives.days import Days, plural, read_moment
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    BusyError,
    ForbiddenError,
    KeyReusedError,
    NotFoundError,
    NotReadyError,
    QuotaExceededError,
    RequestOutstandingError,
    StoreUnavailableError,
    TooMuchWorkError,
    UnauthorisedError,
)
from abeyance_screening.primitives.structs import copy_as

Outcome = Literal["hits", "owner_hits", "unreadable", "incomplete", "no_hits"]
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        "hits": "With hits",
        "owner_hits": "Hits for an owner only",
        "unreadable": "Unreadable",
        "incomplete": "Cannot say",
        "no_hits": "Nothing found",
    }
)
"""Each outcome with its title, those that need a look first."""
_ORDER: tuple[Outcome, ...] = tuple(OUTCOMES)
# The most list titles in one line.
_MOST_LISTS = 3

BATCH = 200
MEDIA_TYPES: dict[FileKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

# Results of 20,000 rows, a tenth of them with hits, are about 20 MB without their empty cells.
MAX_RESULT_BYTES = 60_000_000
_JSON = "application/json"

# The largest table that the page accepts needs 20 s and 150 MB. A table close to a decompression
# bomb keeps a process of low priority busy for the whole limit; two at once leave room for others.
TABLE_LIMITS = Limits(seconds=60, megabytes=1_000)
TABLES_AT_ONCE, TABLES_WAITING = 2, 6


class TablesInChild:
    """A reader of uploaded tables, each in its own child process."""

    def __init__(self, limits: Limits = TABLE_LIMITS) -> None:
        self._apart = ChildPool("tables", limits, at_once=TABLES_AT_ONCE, waiting=TABLES_WAITING)

    async def read_table(self, content: bytes, name: str | None, most_rows: int) -> bytes:
        """Read a table and return it as the JSON of a `TableSent`.

        Raises:
            BadInputError: The table cannot be read, or not within the limits.
            BusyError: Too many tables are waiting to be read, or the machine is too busy.
        """
        request = msgspec.msgpack.encode(TableRequest(content, name, most_rows))
        try:
            return await self._apart(request)
        except EndedError as ended:
            raise BadInputError("file", ended.reason) from ended


def parties_of_tables(tables: TablesInChild) -> PartiesOfTable:
    """Return what reads the counterparties of a table that was uploaded."""

    def read(sent: bytes) -> Sequence[RowOfTable]:
        table = msgspec.json.decode(sent, type=TableSent)
        whole = restore_table(table.described, table.columns, table.rows)
        mapped = map_chosen(table.columns, table.guessed)
        return tuple(read_whole(row, mapped) for row in whole.rows())

    async def parties_of(request: AnyRequest) -> Sequence[RowOfTable]:
        content, name = await content_of(request)
        return await asyncio.to_thread(read, await tables.read_table(content, name, MAX_ROWS))

    return parties_of


TheTables = NamedDependency[SkipValidation[TablesInChild]]
TheKept = NamedDependency[SkipValidation[SavedResults]]

type _Batch = Sequence[ReadRow | UnreadableRow]


class ResultLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A counterparty of the table and one party that it may be, as the page lists it.

    `place` is a sort key: lines that need a look come first. `part` is the part of the results
    that has more about the line, under the same `place`. `shape`, `badge` and `does` are those of
    the first measure, `own_day` the day of its status where it is not the day of the answer, and
    `more` counts the other measures. `found` names the lists or says that nothing was found;
    `lists` are the titles of all.
    `facts` are those of the party. `measures` are the ids of all measures. `href` is the address
    of the answer about the counterparty, whose query the page sends in a form.
    """

    place: str
    part: int
    row: int
    id: str | None
    name: str
    outcome: Outcome
    found: str
    href: str | None = None
    party: str | None = None
    facts: str | None = None
    owner: str | None = None
    why: str | None = None
    score: str | None = None
    shape: Shape | None = None
    badge: str | None = None
    does: str | None = None
    own_day: str | None = None
    more: int = 0
    lists: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    countries: str | None = None
    """Codes of the party's countries, `CN, HK`; all the facts of a line of an older version."""

    def __post_init__(self) -> None:
        """Take over the facts of an older line."""
        if self.countries and not self.facts:
            force_setattr(self, "facts", self.countries)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The name of a table and how it is screened; answers are stored only with `keep`.

    `notes` are lines on what was left of it beside its columns.
    """

    name: str
    days: Days
    threshold: float | None = None
    keep: bool = False
    notes: tuple[str, ...] = ()


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of evidence and the parties of a table, in its order, with counts and a summary.

    `summary` is None where no row could be screened.
    """

    rows: tuple[EvidenceRow, ...]
    parties: tuple[PartyRow, ...]
    counts: Counts
    summary: Summary | None


_Note = Annotated[str, msgspec.Meta(max_length=5_000)]


class SheetBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows to screen, with the field of each column, in the order of the columns.

    Days left open are those of the moment `at`, or of now where `at` is absent. With `store` the
    results are kept at the service as a part of `result`, or of new results where that is absent;
    `part` is the place of the part, and `row_count` how many rows the whole table has. `notes` are
    those of the `TableSent`.
    """

    name: Annotated[str, msgspec.Meta(max_length=300)]
    described: Annotated[str, msgspec.Meta(max_length=300)]
    columns: tuple[str, ...]
    fields: tuple[ColumnField | None, ...]
    rows: Annotated[tuple[RowSent, ...], msgspec.Meta(min_length=1, max_length=BATCH)]
    as_of: date | None = None
    known_at: date | None = None
    at: datetime | None = None
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    keep: bool = False
    store: bool = False
    result: UUID | None = None
    part: Annotated[int, msgspec.Meta(ge=0, le=MAX_ROWS)] = 0
    row_count: Annotated[int, msgspec.Meta(ge=0, le=MAX_ROWS)] = 0
    notes: Annotated[tuple[_Note, ...], msgspec.Meta(max_length=20)] = ()


class BatchDone(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a batch: its lines, all evidence, counts and a summary.

    `at` is the moment whose days were used, to be sent with the next batch of the same table, and
    `result` the id of the results where they are kept at the service. `parties` and `rows` are
    empty then.
    """

    result: UUID | None
    lines: tuple[ResultLine, ...]
    parties: tuple[PartyRow, ...]
    rows: tuple[EvidenceRow, ...]
    counts: Counts
    summary: Summary | None
    at: datetime


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused, in a sentence for a person."""

    detail: str


_STATUSES: dict[type[AbeyanceError], int] = {
    UnauthorisedError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    TooMuchWorkError: 413,
    QuotaExceededError: 429,
    RequestOutstandingError: 409,
    KeyReusedError: 422,
}


def _refusal(_: AnyRequest, error: AbeyanceError) -> Response[bytes]:
    later = isinstance(error, BusyError | NotReadyError | StoreUnavailableError)
    known = (_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    status = 503 if later else next(known, 400)
    answer = json_response(msgspec.json.encode(Trouble(detail=trouble_of(error))), status)
    if later:
        answer.headers["retry-after"] = RETRY_AFTER_S
    if isinstance(error, QuotaExceededError):
        answer.headers["retry-after"] = str(error.retry_after_s)
    if isinstance(error, UnauthorisedError):
        answer.headers["www-authenticate"] = "Bearer"
    return answer


REFUSALS: ExceptionHandlersMap = {AbeyanceError: _refusal}  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub


@post(
    "/spreadsheet/read", opt=needs("screen"), include_in_schema=False, exception_handlers=REFUSALS
)
async def read_spreadsheet(request: AnyRequest, tables: TheTables) -> Response[bytes]:
    """Read a file or pasted text, and return the table with guessed columns and all its rows."""
    content, name = await content_of(request)
    return json_response(await tables.read_table(content, name, MAX_ROWS))


@post(
    "/spreadsheet/screen",
    opt=needs("screen"),
    include_in_schema=False,
    exception_handlers=REFUSALS,
)
async def screen_batch(
    request: AnyRequest, desk: TheDesk, saved_results: TheKept, once: TheOnce
) -> Response[bytes]:
    """Screen a batch of rows, and return their lines, and their evidence unless it is kept.

    An `Idempotency-Key` counts where anything is kept.
    """
    batch = decoded(await request.body(), SheetBatch)
    if len(batch.fields) != len(batch.columns):
        raise BadInputError("fields", "must name the field of every column, or null")
    if not ((batch.store and saved_results.keeps) or (batch.keep and desk.keeps)):
        return json_response(await _screened(batch, desk, saved_results))
    body, is_repeated = await once.body(lambda: _screened(batch, desk, saved_results), 200)
    answer = json_response(body)
    if is_repeated:
        answer.headers[REPLAYED] = "true"
    return answer


async def _screened(batch: SheetBatch, desk: Desk, saved_results: SavedResults) -> bytes:
    """Screen a batch, keep what is to be kept, and return the JSON of a `BatchDone`."""
    at = desk.now() if batch.at is None else read_moment(batch.at)
    clocks = AddressDays(as_of=batch.as_of, known_at=batch.known_at, at=at)
    terms = copy_as(Terms, batch, days=clocks.days(at))
    table = restore_table(batch.described, batch.columns, batch.rows)
    mapped = map_chosen(batch.columns, batch.fields)
    done = await screen_table(desk, table, mapped, terms)
    lasting = clocks.lasting(at)
    lines = await asyncio.to_thread(lines_of, done.parties, lasting, batch.part)
    result = None
    if batch.store and saved_results.keeps:
        head = ResultHead(
            name=batch.name,
            row_count=batch.row_count,
            clocks=lasting.query(),
            read_as=how_read(table, mapped, terms),
        )
        part = await asyncio.to_thread(part_of, done, lines)
        result = await saved_results.add(batch.result, head, batch.part, part, at)
        done = msgspec.structs.replace(done, rows=(), parties=())
    return await asyncio.to_thread(_batch_sent, done, lines, at, result)


@post(
    "/spreadsheet/write",
    opt=needs("screen", reading="table.exported"),
    include_in_schema=False,
    exception_handlers=REFUSALS,
    request_max_body_size=MAX_RESULT_BYTES,
)
async def write_results(request: AnyRequest, files: TheFiles) -> Response[bytes]:
    """Write results as a file with every column of the evidence."""
    lines = await request.body()
    return file_response(request_in(lines).kind, await files.results(lines))


def lines_of(
    rows: Iterable[PartyRow], clocks: AddressDays, part: int = 0
) -> tuple[ResultLine, ...]:
    """Return a line for each row, in their order.

    `clocks` are the days for the links to the answers.
    """
    return tuple(
        _line(row, group, clocks, part) for group in counterparties_of(rows) for row in group
    )


def part_of(done: BatchResult, lines: Sequence[ResultLine]) -> ResultPart:
    """Return the results of some rows as they are kept."""
    return part_json(lines, done.parties, done.rows, (done.counts, done.summary))


async def screen_table(desk: Desk, table: Table, mapped: ColumnMap, terms: Terms) -> BatchResult:
    """Screen a table, `BATCH` rows at a time; answers are stored only if the terms say so.

    Raises:
        BadInputError: The table ends early, or a batch cannot be answered as it is.
        NotReadyError: No list has been loaded.
        StoreUnavailableError: The answers could not be stored.
    """
    rows: list[EvidenceRow] = []
    parties: list[PartyRow] = []
    counts, first = Counts(), None
    read = counterparties(table, mapped)
    while batch := await asyncio.to_thread(_next, read):
        answer = await _answer(desk, batch, terms)
        counts = await asyncio.to_thread(_add, batch, answer, (rows, parties), counts)
        # the summary is that of the first incomplete answer, if there is one
        first = answer if first is None or first.coverage.complete else first
    summary = None
    if first is not None:
        summary = summary_of(terms.name, how_read(table, mapped, terms), first, counts)
    return BatchResult(rows=tuple(rows), parties=tuple(parties), counts=counts, summary=summary)


def how_read(table: Table, mapped: ColumnMap, terms: Terms) -> tuple[str, ...]:
    """Return lines on how a table was read and what was left of it."""
    return (*read_as(table, mapped), *terms.notes)


def trouble_of(error: AbeyanceError) -> str:
    """Write an error in words for a person."""
    match error:
        case BadInputError():
            return f"{error.field}: {error.reason}" if error.field else error.reason
        case NotReadyError():
            return "Nothing can be searched yet: no list has been loaded."
        case NotFoundError():
            return "These results are not kept here: they were deleted."
        case StoreUnavailableError():
            return f"{error.title}; nothing was stored. Try again in a moment."
        case _:
            return error.title


def file_response(kind: FileKind, content: bytes) -> Response[bytes]:
    """Return a response that the browser saves as a file of results."""
    headers = dict(HEADERS) | {"content-disposition": f'attachment; filename="results.{kind}"'}
    return Response(content, media_type=MEDIA_TYPES[kind], headers=headers, status_code=200)


async def content_of(request: AnyRequest) -> tuple[bytes, str | None]:
    """Return the bytes and name of the file in an upload form, or its pasted text and None.

    Raises:
        BadInputError: The form has neither a file nor pasted text.
    """
    form = await request.form()
    file: object = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return await file.read(), file.filename
    pasted: object = form.get("pasted")
    if isinstance(pasted, str) and pasted.strip():
        return pasted.encode(), None
    raise BadInputError("file", "choose a file, or paste rows with their header")


def json_response(content: bytes, status: int = 200) -> Response[bytes]:
    """Return JSON that no cache may keep."""
    return Response(
        content,
        media_type=_JSON,
        status_code=status,
        headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
    )


def _batch_sent(
    done: BatchResult, lines: tuple[ResultLine, ...], at: datetime, result: UUID | None
) -> bytes:
    return msgspec.json.encode(copy_as(BatchDone, done, result=result, lines=lines, at=at))


def _line(row: PartyRow, group: Sequence[PartyRow], clocks: AddressDays, part: int) -> ResultLine:
    worst = row.worst
    return ResultLine(
        place=row.place,
        part=part,
        row=row.row,
        id=row.counterparty_id,
        name=row.counterparty,
        outcome=_outcome(row),
        party=row.party,
        facts=" · ".join(line_words(row.facts)) or None,
        countries=row.facts.get("country"),
        owner=row.owner,
        why=row.why,
        score=None if row.score is None else score_in_words(row.score, number_met=row.number_met),
        shape=_shape(row),
        badge=row.badge,
        does=row.gravest or (None if worst is None else worst.effect or worst.title),
        own_day=None if worst is None else worst.own_day,
        more=max(0, len(row.measures) - 1),
        found=_found_text(row),
        lists=row.lists,
        measures=tuple(each.id for each in row.measures),
        href=None if row.kind == "unreadable" else _href(row, group, clocks),
    )


def _outcome(row: PartyRow) -> Outcome:
    """Return the outcome of a row; an unknown word raises StopIteration."""
    return next(word for word in _ORDER if word == row.outcome)


def _shape(row: PartyRow) -> Shape | None:
    if row.party_id is None:
        return None
    return "unknown" if row.worst is None else STATUSES[row.worst.status].shape


def _found_text(row: PartyRow) -> str:
    if row.kind == "unreadable":
        return row.why or "cannot be read"
    if row.party_id is None:
        doubt = ", but a listed party may be missed" if row.outcome == "incomplete" else ""
        return f"nothing found{doubt}"
    names = ", ".join(row.lists[:_MOST_LISTS])
    over = len(row.lists) - _MOST_LISTS
    more = f" and {over} more lists" if over > 0 else ""
    return f"{plural(len(row.listings) + len(row.through), 'listing')}: {names}{more}"


def _href(row: PartyRow, group: Sequence[PartyRow], clocks: AddressDays) -> str:
    """Return the address of the answer with owners that have hits, of shares not stated."""
    query = [("name", row.counterparty)]
    for owner in dict.fromkeys(each.owner for each in group if each.owner is not None):
        query += [("owner", owner), ("share", NOT_STATED)]
    return link("/", [*query, *clocks.query()])


def _next(rows: Iterator[ReadRow | UnreadableRow]) -> _Batch:
    return list(islice(rows, BATCH))


async def _answer(desk: Desk, batch: _Batch, terms: Terms) -> ScreeningAnswer | None:
    """Return the answer for the rows that can be screened; None where there are none."""
    read = [each for each in batch if isinstance(each, ReadRow)]
    if not read:
        return None
    question = ScreeningQuestion(
        counterparties=tuple(each.counterparty for each in read), threshold=terms.threshold
    )
    if terms.keep and desk.keeps:
        pieces = await desk.screen(question, terms.days)
        return msgspec.json.decode(b"".join(pieces), type=ScreeningAnswer, dec_hook=read_percent)
    return await desk.answered(question, terms.days)


def _add(
    batch: _Batch,
    answer: ScreeningAnswer | None,
    into: tuple[list[EvidenceRow], list[PartyRow]],
    counts: Counts,
) -> Counts:
    rows, parties = into
    results = iter(() if answer is None else answer.results)
    for each in batch:
        if isinstance(each, UnreadableRow):
            rows.append(unreadable(each))
            parties.append(unanswered(each))
            counts = counts.with_unreadable()
        elif answer is not None:
            result = next(results)
            rows += evidence_of(each, result, answer)
            parties += party_rows(each, result, answer)
            counts = counts.with_result(result)
    return counts


@delete(
    "/v1/spreadsheets/{spreadsheet_id:uuid}",
    opt=needs("delete", change="table.deleted", about="spreadsheet_id"),
    operation_id="deleteSpreadsheet",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Delete results of the spreadsheet page",
    tags=["Screening"],
    status_code=HTTP_204_NO_CONTENT,
)
async def delete_spreadsheet(
    spreadsheet_id: Annotated[UUID, PathParameter(description="The id in the page's address.")],
    saved_results: TheKept,
) -> None:
    """Delete what the spreadsheet page keeps of a table at an address.

    Any key of the account with the scope `delete` may. Screenings that were kept as evidence stay.
    """
    await saved_results.delete(spreadsheet_id)


ROUTES = (delete_spreadsheet,)


PAGES = (
    read_spreadsheet,
    screen_batch,
    write_results,
)
