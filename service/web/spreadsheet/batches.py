"""The requests of the spreadsheet page's script: read a table, screen rows, write results.

The service stores nothing. The browser keeps the rows and sends them a batch at a time; with
`keep` ticked each batch is a screening that is stored like any other.
"""

import asyncio
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import batched, groupby, islice
from types import MappingProxyType
from typing import IO, Annotated, Literal

import msgspec
from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ExceptionHandlersMap

from service.days import Days, plural
from service.errors import (
    AbeyanceError,
    BadInputError,
    BusyError,
    NotReadyError,
    StoreUnavailableError,
)
from service.measures.status import BITES
from service.screening.answer import ScreeningAnswer
from service.screening.ask import QuestionDraft
from service.screening.desk import Desk
from service.screening.turns import read_moment
from service.tables import (
    ColumnField,
    ColumnMap,
    Counts,
    EvidenceRow,
    ReadRow,
    Summary,
    Table,
    UnreadableRow,
    counterparties,
    evidence_of,
    read_as,
    result_writer,
    summary_of,
    unreadable,
)
from service.web.badges import SHAPES, Shape
from service.web.frame import AddressDays, link
from service.web.pages import HEADERS, RETRY_AFTER_S, AnyRequest, TheDesk
from service.web.search.question import NOT_STATED
from service.web.spreadsheet.table import MAX_ROWS, RowSent, TableReader, map_chosen, restore_table
from service.wording.titles import list_title


class Aside:
    """A pool of threads for one kind of long work, so that the event loop stays free.

    Work that finds no free thread waits in a queue.
    """

    def __init__(self, name: str, most_at_once: int) -> None:
        self._threads = ThreadPoolExecutor(most_at_once, thread_name_prefix=name)

    async def __call__[**P, T](self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the work in a thread, and return or raise what it does.

        The work must be made of many short steps, so that other threads have their turn.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))


# Python threads take turns of five milliseconds, and the event loop waits for the turn of each: so
# there are few. Evidence and results have separate threads and do not wait for each other.
EVIDENCE = Aside("evidence", 2)
RESULTS = Aside("results", 1)

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
_SHAPES: dict[str, Shape] = {**SHAPES}
_BITES: frozenset[str] = BITES

BATCH = 200
# The rows of evidence written at a time, so that other threads have their turn.
_AT_ONCE = 200
FileKind = Literal["xlsx", "csv"]
MEDIA_TYPES: dict[FileKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

# Results of 20,000 rows, a tenth of them with hits, are about 20 MB without their empty cells.
MAX_RESULT_BYTES = 60_000_000
_JSON = "application/json"
TheTables = NamedDependency[SkipValidation[TableReader]]

type _Batch = Sequence[ReadRow | UnreadableRow]


class ResultLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table and its result.

    `place` is a sort key: lines that need a look come first. `shape` and `badge` are those of the
    most important measure, `own_day` the day of that status where it is not the day of the answer.
    `found` names the lists, `href` links to the card. `measures` are the ids of all measures that
    reach its hits.
    """

    place: str
    row: int
    id: str | None
    name: str
    outcome: Outcome
    score: float | None
    shape: Shape | None
    badge: str | None
    own_day: str | None
    found: str
    measures: tuple[str, ...]
    href: str | None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The name of a table and how it is screened; answers are stored only with `keep`."""

    name: str
    days: Days
    threshold: float | None = None
    keep: bool = False


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of evidence of a table, in its order, with counts and a summary.

    `summary` is None where no row could be screened.
    """

    rows: tuple[EvidenceRow, ...]
    counts: Counts
    summary: Summary | None


class SheetBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows to screen, with the field of each column, in the order of the columns.

    Days left open are those of the moment `at`, or of now where `at` is absent.
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


class BatchDone(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a batch: a line for each row, all evidence, counts and a summary.

    `at` is the moment whose days were used, to be sent with the next batch of the same table.
    """

    lines: tuple[ResultLine, ...]
    rows: tuple[EvidenceRow, ...]
    counts: Counts
    summary: Summary | None
    at: datetime


class ResultsRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line of a request to write results; each row is a further line of JSON."""

    kind: FileKind
    summary: Summary


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused, in a sentence for a person."""

    detail: str


def _refusal(_: AnyRequest, error: AbeyanceError) -> Response[bytes]:
    later = isinstance(error, BusyError | NotReadyError | StoreUnavailableError)
    answer = _json(msgspec.json.encode(Trouble(detail=trouble_of(error))), 503 if later else 400)
    if later:
        answer.headers["retry-after"] = RETRY_AFTER_S
    return answer


_REFUSALS: ExceptionHandlersMap = {AbeyanceError: _refusal}  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub


@post("/spreadsheet/read", include_in_schema=False, exception_handlers=_REFUSALS)
async def read_spreadsheet(request: AnyRequest, tables: TheTables) -> Response[bytes]:
    """Read a file or pasted text, and return the table with guessed columns and all its rows."""
    content, name = await content_of(request)
    return _json(await tables.read_table(content, name, MAX_ROWS))


@post("/spreadsheet/screen", include_in_schema=False, exception_handlers=_REFUSALS)
async def screen_batch(request: AnyRequest, desk: TheDesk) -> Response[bytes]:
    """Screen a batch of rows, and return their lines and evidence."""
    batch = _decoded(await request.body(), SheetBatch)
    if len(batch.fields) != len(batch.columns):
        raise BadInputError("fields", "must name the field of every column, or null")
    at = desk.now() if batch.at is None else read_moment(batch.at)
    clocks = AddressDays(as_of=batch.as_of, known_at=batch.known_at, at=at)
    terms = Terms(
        name=batch.name,
        days=clocks.days(at),
        threshold=batch.threshold,
        keep=batch.keep,
    )
    table = restore_table(batch.described, batch.columns, batch.rows)
    done = await screen_table(desk, table, map_chosen(batch.columns, batch.fields), terms)
    return _json(await asyncio.to_thread(_batch_sent, done, clocks.lasting(at), at))


@post(
    "/spreadsheet/write",
    include_in_schema=False,
    exception_handlers=_REFUSALS,
    request_max_body_size=MAX_RESULT_BYTES,
)
async def write_results(request: AnyRequest) -> Response[bytes]:
    """Write results as a file with every column of the evidence."""
    sent_lines = io.BytesIO()
    async for piece in request.stream():
        _ = sent_lines.write(piece)
    _ = sent_lines.seek(0)
    return file_response(*await RESULTS(_file_of, sent_lines))


def lines_of(rows: Iterable[EvidenceRow], clocks: AddressDays) -> tuple[ResultLine, ...]:
    """Return a line for each row of the table, in the order of the evidence rows.

    `clocks` are the days for the links to the cards.
    """
    return tuple(
        _line(list(group), clocks)
        for _, group in groupby(rows, key=lambda row: (row.row, row.counterparty))
    )


async def screen_table(desk: Desk, table: Table, mapped: ColumnMap, terms: Terms) -> BatchResult:
    """Screen a table, `BATCH` rows at a time; answers are stored only if the terms say so.

    Raises:
        BadInputError: The table ends early, or a batch cannot be answered as it is.
        NotReadyError: No list has been loaded.
        StoreUnavailableError: The answers could not be stored.
    """
    rows: list[EvidenceRow] = []
    counts, first = Counts(), None
    read = counterparties(table, mapped)
    while batch := await asyncio.to_thread(_next, read):
        answer = await _answer(desk, batch, terms)
        counts = await asyncio.to_thread(_add, batch, answer, rows, counts)
        # the summary is that of the first incomplete answer, if there is one
        first = answer if first is None or first.coverage.complete else first
    summary = None
    if first is not None:
        summary = summary_of(terms.name, read_as(table, mapped), first, counts)
    return BatchResult(rows=tuple(rows), counts=counts, summary=summary)


def result_file(kind: FileKind, rows: Iterable[EvidenceRow], summary: Summary) -> bytes:
    """Write a file of results with every column of the evidence."""
    stream = io.BytesIO()
    writer = result_writer(kind, stream)
    for some in batched(rows, _AT_ONCE, strict=False):
        writer.add(some)
    writer.finish(summary)
    return stream.getvalue()


def trouble_of(error: AbeyanceError) -> str:
    """Write an error in words for a person."""
    match error:
        case BadInputError():
            return f"{error.field}: {error.reason}" if error.field else error.reason
        case NotReadyError():
            return "Nothing can be searched yet: no list has been loaded."
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


def _json(content: bytes, status: int = 200) -> Response[bytes]:
    return Response(
        content,
        media_type=_JSON,
        status_code=status,
        headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
    )


def _decoded[T](body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError("body", str(error)[:300]) from error


def _batch_sent(done: BatchResult, clocks: AddressDays, at: datetime) -> bytes:
    return msgspec.json.encode(
        BatchDone(
            lines=lines_of(done.rows, clocks),
            rows=done.rows,
            counts=done.counts,
            summary=done.summary,
            at=at,
        )
    )


def _file_of(lines: IO[bytes]) -> tuple[FileKind, bytes]:
    wanted = _decoded(lines.readline(), ResultsRequest)
    rows = (_decoded(line, EvidenceRow) for line in lines if line.strip())
    return wanted.kind, result_file(wanted.kind, rows, wanted.summary)


def _line(rows: Sequence[EvidenceRow], clocks: AddressDays) -> ResultLine:
    first = rows[0]
    outcome = _outcome(first)
    hits = [each for each in rows if each.kind in {"hit", "owner"}]
    best = min(hits, key=_urgency) if hits else first
    status = best.status if hits else None
    return ResultLine(
        place=_place(outcome, best, first.row or 0),
        row=first.row or 0,
        id=first.counterparty_id,
        name=first.counterparty,
        outcome=outcome,
        score=best.score,
        shape=_shape(hits, status),
        own_day=best.own_day if hits else None,
        badge=(best.badge or "Status not on record — treat as restricted") if hits else None,
        found=_found(outcome, hits, first),
        measures=tuple(dict.fromkeys(each.measure_id for each in rows if each.measure_id)),
        href=None if outcome == "unreadable" else _href(first, hits, clocks),
    )


def _outcome(first: EvidenceRow) -> Outcome:
    """Return the outcome of an evidence row; an unknown word raises StopIteration."""
    return next(word for word in _ORDER if word == first.outcome)


def _urgency(row: EvidenceRow) -> tuple[bool, float, bool]:
    """Return a sort key: hits of the party itself first, then by score, then those in force."""
    return row.kind != "hit", -(row.score or 0.0), row.status not in _BITES | {None}


def _shape(hits: Sequence[EvidenceRow], status: str | None) -> Shape | None:
    if not hits:
        return None
    return "unknown" if status is None else _SHAPES[status]


def _found(outcome: Outcome, hits: Sequence[EvidenceRow], first: EvidenceRow) -> str:
    if outcome == "unreadable":
        return first.reason or "cannot be read"
    lists = dict.fromkeys(list_title(each.list or "") for each in hits)
    listings = {each.listing_id for each in hits}
    if not hits:
        doubt = ", but a listed party may be missed" if outcome == "incomplete" else ""
        return f"nothing found{doubt}"
    names = ", ".join(list(lists)[:_MOST_LISTS])
    more = "" if len(lists) <= _MOST_LISTS else f" and {len(lists) - _MOST_LISTS} more lists"
    return f"{plural(len(listings), 'listing')}: {names}{more}"


def _href(first: EvidenceRow, hits: Sequence[EvidenceRow], clocks: AddressDays) -> str:
    """Return the address of the card on the same days, with owners that have hits.

    Evidence rows have no shares, so the shares of these owners are not stated.
    """
    query = [("name", first.counterparty)]
    for owner in dict.fromkeys(each.owner for each in hits if each.kind == "owner"):
        query += [("owner", owner or ""), ("share", NOT_STATED)]
    return link("/", [*query, *clocks.query()])


def _place(outcome: Outcome, best: EvidenceRow, row: int) -> str:
    order = _ORDER.index(outcome)
    bites = best.status is None or best.status in _BITES
    return f"{order}{int(not bites)}{1 - (best.score or 0.0):.4f}{row:09d}"


def _next(rows: Iterator[ReadRow | UnreadableRow]) -> _Batch:
    return list(islice(rows, BATCH))


async def _answer(desk: Desk, batch: _Batch, terms: Terms) -> ScreeningAnswer | None:
    """Return the answer for the rows that can be screened; None where there are none."""
    read = [each for each in batch if isinstance(each, ReadRow)]
    if not read:
        return None
    question = QuestionDraft(
        counterparties=tuple(each.counterparty for each in read),
        days=terms.days,
        threshold=terms.threshold,
    )
    if terms.keep and desk.keeps:
        return msgspec.json.decode(b"".join(await desk.screen(question)), type=ScreeningAnswer)
    return await desk.answered(question)


def _add(
    batch: _Batch, answer: ScreeningAnswer | None, into: list[EvidenceRow], counts: Counts
) -> Counts:
    results = iter(() if answer is None else answer.results)
    for each in batch:
        if isinstance(each, UnreadableRow):
            into.append(unreadable(each))
            counts = counts.with_unreadable()
        elif answer is not None:
            result = next(results)
            into += (_unkept(row, answer) for row in evidence_of(each, result, answer))
            counts = counts.with_result(result)
    return counts


def _unkept(row: EvidenceRow, answer: ScreeningAnswer) -> EvidenceRow:
    """Remove the screening's id from a row where the screening is not stored."""
    return row if answer.stored else msgspec.structs.replace(row, screening_id=None)
