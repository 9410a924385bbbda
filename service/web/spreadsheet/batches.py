"""What the spreadsheet page's script asks: a table read, rows screened, results written.

Nothing of it is kept here. The browser holds the rows and sends them a batch at a time; with
`keep` ticked each batch is a screening that is stored as any other.
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
from service.web.spreadsheet.table import MAX_ROWS, RowSent, TableReader, again, mapped
from service.wording.titles import list_title

# --- Aside: long work of one request in a thread, so that the event loop answers others meanwhile.


class Aside:
    """Threads for one kind of work; whoever comes over their number waits in a row."""

    def __init__(self, name: str, most_at_once: int) -> None:
        self._threads = ThreadPoolExecutor(most_at_once, thread_name_prefix=name)

    async def __call__[**P, T](self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the work gives, or raises; it must be made of many short steps."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))


# Threads of Python take turns of five milliseconds. With more of them at work the loop would wait
# for each before it has its own turn. However many results are written, evidence has its threads.
EVIDENCE = Aside("evidence", 2)
RESULTS = Aside("results", 1)


# --- One line a counterparty of a spreadsheet: what needs a look, and the badge that says why.

Outcome = Literal["hits", "owner_hits", "unreadable", "incomplete", "no_hits"]
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        "hits": "With hits",
        "owner_hits": "Only an owner",
        "unreadable": "Unreadable",
        "incomplete": "Cannot say",
        "no_hits": "Nothing found",
    }
)
"""In the order in which they need a look."""
_ORDER: tuple[Outcome, ...] = tuple(OUTCOMES)
# More lists than a line has room for.
_MOST_LISTS = 3
_SHAPES: dict[str, Shape] = {**SHAPES}
_BITES: frozenset[str] = BITES


class ResultLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table and what was found of it.

    `place` sorts: what needs a look first. `shape` and `badge` are those of the most telling
    measure, `own_day` the day of that status where it is not the day of the answer. `found` says
    which listings, `href` leads to the card. `measures` are the ids of all measures behind its
    hits.
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


def lines_of(rows: Iterable[EvidenceRow], clocks: AddressDays) -> tuple[ResultLine, ...]:
    """The lines of evidence rows, in the order of the table; `clocks` show the same on a card."""
    return tuple(
        _line(list(group), clocks)
        for _, group in groupby(rows, key=lambda row: (row.row, row.counterparty))
    )


def _line(rows: Sequence[EvidenceRow], clocks: AddressDays) -> ResultLine:
    first = rows[0]
    outcome = _outcome(first)
    telling = [each for each in rows if each.kind in {"hit", "owner"}]
    best = min(telling, key=_need) if telling else first
    status = best.status if telling else None
    return ResultLine(
        place=_place(outcome, best, first.row or 0),
        row=first.row or 0,
        id=first.counterparty_id,
        name=first.counterparty,
        outcome=outcome,
        score=best.score,
        shape=_shape(telling, status),
        own_day=best.own_day if telling else None,
        badge=(best.badge or "Status not on record — treat as restricted") if telling else None,
        found=_found(outcome, telling, first),
        measures=tuple(dict.fromkeys(each.measure_id for each in rows if each.measure_id)),
        href=None if outcome == "unreadable" else _href(first, telling, clocks),
    )


def _outcome(first: EvidenceRow) -> Outcome:
    """Its outcome; a word that is none of ours is a mistake."""
    return next(word for word in _ORDER if word == first.outcome)


def _need(row: EvidenceRow) -> tuple[bool, float, bool]:
    """What a look is needed for first: a party itself, its best name, what bites."""
    return row.kind != "hit", -(row.score or 0.0), row.status not in _BITES | {None}


def _place(outcome: Outcome, best: EvidenceRow, row: int) -> str:
    order = _ORDER.index(outcome)
    bites = best.status is None or best.status in _BITES
    return f"{order}{int(not bites)}{1 - (best.score or 0.0):.4f}{row:09d}"


def _shape(telling: Sequence[EvidenceRow], status: str | None) -> Shape | None:
    if not telling:
        return None
    return "unknown" if status is None else _SHAPES[status]


def _found(outcome: Outcome, telling: Sequence[EvidenceRow], first: EvidenceRow) -> str:
    if outcome == "unreadable":
        return first.reason or "cannot be read"
    lists = dict.fromkeys(list_title(each.list or "") for each in telling)
    listings = {each.listing_id for each in telling}
    if not telling:
        doubt = ", but a listed party may be missed" if outcome == "incomplete" else ""
        return f"nothing found{doubt}"
    names = ", ".join(list(lists)[:_MOST_LISTS])
    more = "" if len(lists) <= _MOST_LISTS else f" and {len(lists) - _MOST_LISTS} more lists"
    return f"{plural(len(listings), 'listing')}: {names}{more}"


def _href(first: EvidenceRow, telling: Sequence[EvidenceRow], clocks: AddressDays) -> str:
    """The card on the same days, with the owners that were found; their shares no row tells."""
    query = [("name", first.counterparty)]
    for owner in dict.fromkeys(each.owner for each in telling if each.kind == "owner"):
        query += [("owner", owner or ""), ("share", NOT_STATED)]
    return link("/", [*query, *clocks.query()])


# --- A table screened: rows to counterparties, those to an answer, that to rows of evidence.

BATCH = 200
# So many rows of evidence are written between two looks whether others have a turn.
_AT_ONCE = 200
FileKind = Literal["xlsx", "csv"]
MEDIA_TYPES: dict[FileKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a table is called, and how it is screened; kept are its answers only with `keep`."""

    name: str
    days: Days
    threshold: float | None = None
    keep: bool = False


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of evidence of a table, in its order, and how it came out.

    `summary` is None where no row could be asked about.
    """

    rows: tuple[EvidenceRow, ...]
    counts: Counts
    summary: Summary | None


async def screened(desk: Desk, table: Table, mapped: ColumnMap, terms: Terms) -> BatchResult:
    """A table screened, `BATCH` rows at a time; kept only if the terms say so.

    Raises:
        BadInputError: The table breaks off, or a batch cannot be answered as it stands.
        NotReadyError: Nothing was loaded yet.
        StoreUnavailableError: The answers could not be kept.
    """
    rows: list[EvidenceRow] = []
    counts, first = Counts(), None
    read = counterparties(table, mapped)
    while batch := await asyncio.to_thread(_next, read):
        answer = await _answer(desk, batch, terms)
        counts = await asyncio.to_thread(_add, batch, answer, rows, counts)
        # the summary is that of an answer which says what is wrong, if any does
        first = answer if first is None or first.coverage.complete else first
    summary = None
    if first is not None:
        summary = summary_of(terms.name, read_as(table, mapped), first, counts)
    return BatchResult(rows=tuple(rows), counts=counts, summary=summary)


def written(kind: FileKind, rows: Iterable[EvidenceRow], summary: Summary) -> bytes:
    """A file of results with every column of the evidence."""
    stream = io.BytesIO()
    writer = result_writer(kind, stream)
    for some in batched(rows, _AT_ONCE, strict=False):
        writer.add(some)
    writer.finish(summary)
    return stream.getvalue()


type _Batch = Sequence[ReadRow | UnreadableRow]


def _next(rows: Iterator[ReadRow | UnreadableRow]) -> _Batch:
    return list(islice(rows, BATCH))


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


async def _answer(desk: Desk, batch: _Batch, terms: Terms) -> ScreeningAnswer | None:
    """The answer for the rows that can be asked about; None where there are none."""
    read = [each for each in batch if isinstance(each, ReadRow)]
    if not read:
        return None
    asked = QuestionDraft(
        counterparties=tuple(each.counterparty for each in read),
        days=terms.days,
        threshold=terms.threshold,
    )
    if terms.keep and desk.keeps:
        return msgspec.json.decode(b"".join(await desk.screen(asked)), type=ScreeningAnswer)
    return await desk.answered(asked)


def _unkept(row: EvidenceRow, answer: ScreeningAnswer) -> EvidenceRow:
    """An id under which nothing can be had again is none."""
    return row if answer.stored else msgspec.structs.replace(row, screening_id=None)


# Results of 20,000 rows, a tenth of them with hits, have some 20 MB without their empty cells.
MAX_RESULT_BYTES = 60_000_000
_JSON = "application/json"
TheTables = NamedDependency[SkipValidation[TableReader]]


class SheetBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows to screen, and what each column holds, in the order of the columns.

    Days left open are those of the moment `at`, or of now without one.
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
    """Those rows screened: a line each to look at, all their evidence, and how they came out.

    `at` is the moment whose days were asked about, for the next batch of the same table.
    """

    lines: tuple[ResultLine, ...]
    rows: tuple[EvidenceRow, ...]
    counts: Counts
    summary: Summary | None
    at: datetime


class ResultsRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Results to write as a file: the first of lines of JSON; each row is a line behind it."""

    kind: FileKind
    summary: Summary


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why something was not done, in a sentence for a person."""

    detail: str


def trouble_of(error: AbeyanceError) -> str:
    """An error in words."""
    match error:
        case BadInputError():
            return f"{error.field}: {error.reason}" if error.field else error.reason
        case NotReadyError():
            return "Nothing can be searched yet: no list has been loaded."
        case StoreUnavailableError():
            return f"{error.title}; nothing was stored. Try again in a moment."
        case _:
            return error.title


def _told(_: AnyRequest, error: AbeyanceError) -> Response[bytes]:
    later = isinstance(error, BusyError | NotReadyError | StoreUnavailableError)
    answer = _json(msgspec.json.encode(Trouble(detail=trouble_of(error))), 503 if later else 400)
    if later:
        answer.headers["retry-after"] = RETRY_AFTER_S
    return answer


_TELL: ExceptionHandlersMap = {AbeyanceError: _told}  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub


@post("/spreadsheet/read", include_in_schema=False, exception_handlers=_TELL)
async def read_spreadsheet(request: AnyRequest, tables: TheTables) -> Response[bytes]:
    """A file, or text that was pasted, as a table with guessed columns and all its rows."""
    content, name = await content_of(request)
    return _json(await tables.read_table(content, name, MAX_ROWS))


@post("/spreadsheet/screen", include_in_schema=False, exception_handlers=_TELL)
async def screen_batch(request: AnyRequest, desk: TheDesk) -> Response[bytes]:
    """A batch of rows screened."""
    asked = _decoded(await request.body(), SheetBatch)
    if len(asked.fields) != len(asked.columns):
        raise BadInputError("fields", "says not of every column what it holds")
    at = desk.now() if asked.at is None else read_moment(asked.at)
    clocks = AddressDays(as_of=asked.as_of, known_at=asked.known_at, at=at)
    terms = Terms(
        name=asked.name,
        days=clocks.days(at),
        threshold=asked.threshold,
        keep=asked.keep,
    )
    table = again(asked.described, asked.columns, asked.rows)
    done = await screened(desk, table, mapped(asked.columns, asked.fields), terms)
    return _json(await asyncio.to_thread(_batch_sent, done, clocks.lasting(at), at))


@post(
    "/spreadsheet/write",
    include_in_schema=False,
    exception_handlers=_TELL,
    request_max_body_size=MAX_RESULT_BYTES,
)
async def write_results(request: AnyRequest) -> Response[bytes]:
    """Results as a file with every column of the evidence."""
    sent_lines = io.BytesIO()
    async for piece in request.stream():
        _ = sent_lines.write(piece)
    _ = sent_lines.seek(0)
    return file_response(*await RESULTS(_file_of, sent_lines))


def file_response(kind: FileKind, content: bytes) -> Response[bytes]:
    """A file of results to save."""
    headers = dict(HEADERS) | {"content-disposition": f'attachment; filename="results.{kind}"'}
    return Response(content, media_type=MEDIA_TYPES[kind], headers=headers, status_code=200)


async def content_of(request: AnyRequest) -> tuple[bytes, str | None]:
    """The bytes of an upload form's file and its name, or of its pasted text and None.

    Raises:
        BadInputError: There is neither.
    """
    form = await request.form()
    file: object = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return await file.read(), file.filename
    pasted: object = form.get("pasted")
    if isinstance(pasted, str) and pasted.strip():
        return pasted.encode(), None
    raise BadInputError("file", "choose a file, or paste rows with their header")


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
    asked = _decoded(lines.readline(), ResultsRequest)
    rows = (_decoded(line, EvidenceRow) for line in lines if line.strip())
    return asked.kind, written(asked.kind, rows, asked.summary)


def _json(content: bytes, status: int = 200) -> Response[bytes]:
    return Response(
        content,
        media_type=_JSON,
        status_code=status,
        headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
    )
