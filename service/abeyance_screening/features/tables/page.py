"""The spreadsheet page: upload of a table, choice of its columns, results to read or to download.

With scripts the browser keeps the rows and sends them in batches (see `batches`). Without scripts
a form field carries the whole table from step to step, so it must be small. Either way the results
have an address of their own until they are deleted, where the person wants them kept here.
"""

import asyncio
import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import MultiDict
from litestar.params import PathParameter
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from abeyance_screening.engine.measures.status_table import (
    STATUS_WORDS,
    STATUSES,
    Shape,
    StatusWord,
)
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.tables import (
    FIELD_LABELS,
    FIELDS,
    ColumnField,
    ColumnMap,
    Counts,
    Table,
    sample,
)
from abeyance_screening.engine.tables.write import MOST_TO_REVIEW, MOST_WORKBOOK_ROWS
from abeyance_screening.engine.wording.parties import LINE_FACTS
from abeyance_screening.features.tables.files import (
    MAX_FILE_BYTES,
    MAX_ROWS,
    PASTED,
    SAMPLE_ROWS,
    FileKind,
    SavedFileRequest,
    TableSent,
    lines_for,
    map_chosen,
    restore_table,
)
from abeyance_screening.features.tables.requests import (
    OUTCOMES,
    REFUSALS,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    BatchResult,
    ResultLine,
    TablesInChild,
    Terms,
    TheKept,
    TheTables,
    content_of,
    file_response,
    how_read,
    json_response,
    lines_of,
    part_of,
    screen_table,
    trouble_of,
)
from abeyance_screening.features.tables.saved_results import ResultHead, SavedResults
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.access.idempotency import FORM_ID
from abeyance_screening.platform.http.idempotent import Idempotency, TheOnce
from abeyance_screening.platform.pages.frame import (
    AddressDays,
    AnyRequest,
    FieldFault,
    Frame,
    Given,
    TheDesk,
    TheFiles,
    page,
    read_clocks,
    sent_form,
    sent_once,
    text_of,
    texts_of,
)
from abeyance_screening.primitives.errors import BadInputError

# The largest table without scripts, since a form field carries it from step to step.
PLAIN_ROWS = 1_000
PLAIN_BYTES = 1_000_000
_TERMS = ("as_of", "known_at", "at", "threshold", "keep", "where")
Key = Annotated[UUID, PathParameter(description="The id of the results.")]
_NOTHING = "-"


class SpreadsheetColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its header, the field it is read as, and its cells in the first rows."""

    name: str
    field: str
    cells: tuple[str, ...]


class SpreadsheetPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page in one of its steps: `upload`, `columns`, `results` or `kept`.

    `key` and `row_count` are those of results that are kept here; they are read by a script, or
    shown whole in `results` where there is none. `deleted` is whether results were just deleted.
    `notes` are lines on how the table was read and what was left of it.
    `keeps_days` is after how many days what is kept is deleted, None for never. `hidden` are the
    form fields carried from step to step. `groups` are the result lines by outcome, each as
    outcome, title and lines, those that need a look first. `about_party` heads the column of the
    listed party with what is said of it.
    """

    step: str
    keeps: bool
    keeps_days: int | None = None
    max_rows: int = MAX_ROWS
    plain_rows: int = PLAIN_ROWS
    max_megabytes: int = MAX_FILE_BYTES // 1_000_000
    most_workbook_rows: int = MOST_WORKBOOK_ROWS
    most_to_review: int = MOST_TO_REVIEW
    fields: tuple[tuple[str, str], ...] = tuple(FIELD_LABELS.items())
    outcomes: tuple[tuple[str, str], ...] = tuple(OUTCOMES.items())
    shapes: tuple[tuple[StatusWord, Shape], ...] = tuple(
        (word, STATUSES[word].shape) for word in STATUS_WORDS
    )
    swatches: tuple[Shape, ...] = tuple(STATUSES[word].shape for word in STATUS_WORDS)
    name: str = ""
    doubt: str | None = None
    notes: tuple[str, ...] = ()
    columns: tuple[SpreadsheetColumn, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    total: int = 0
    groups: tuple[tuple[str, str, tuple[ResultLine, ...]], ...] = ()
    key: UUID | None = None
    row_count: int = 0
    deleted: bool = False
    about_party: str = ", ".join(
        ("Listed party", *(each.replace("_", " ") for each in LINE_FACTS))
    )


class _SavedLinesRead(msgspec.Struct, frozen=True):
    """The lines of a part of kept results, with their counts."""

    lines: tuple[ResultLine, ...]
    counts: Counts


@get("/spreadsheet", opt=needs("screen"), include_in_schema=False)
async def spreadsheet_page(request: AnyRequest, desk: TheDesk, saved_results: TheKept) -> Template:
    """Show the form in which a table is dropped, pasted or chosen."""
    given = request.query_params
    clocks, faults = read_clocks(given)
    deleted = bool(text_of(given, "deleted"))
    empty = SpreadsheetPage(
        step="upload", keeps=desk.keeps, keeps_days=saved_results.days, deleted=deleted
    )
    return _page(desk, empty, clocks, faults)


@post("/spreadsheet", opt=needs("screen"), include_in_schema=False, status_code=HTTPStatus.OK)
async def spreadsheet_columns(
    request: AnyRequest, desk: TheDesk, tables: TheTables, saved_results: TheKept
) -> Template:
    """Show the columns with guesses and first rows; used without scripts."""
    given = await sent_form(request)
    clocks, faults = read_clocks(given)
    try:
        content, name = await content_of(request)
        sent = await _plain_sent(tables, content, name)
        table = restore_table(sent.described, sent.columns, sent.rows)
        shown = _columns(table, [each or _NOTHING for each in sent.guessed])
    except BadInputError as error:
        fault = FieldFault(field=error.field, text=trouble_of(error))
        empty = SpreadsheetPage(step="upload", keeps=desk.keeps, keeps_days=saved_results.days)
        return _page(desk, empty, clocks, (*faults, fault))
    hidden = (
        ("content", base64.b64encode(content).decode()),
        ("filename", name or ""),
        (FORM_ID, str(desk.new_id())),
        *((each, text_of(given, each)) for each in _TERMS if text_of(given, each)),
    )
    content_shown = SpreadsheetPage(
        step="columns",
        keeps=desk.keeps,
        keeps_days=saved_results.days,
        name=name or PASTED,
        doubt=sent.doubt,
        notes=(sent.described, *sent.notes),
        columns=shown,
        hidden=hidden,
    )
    return _page(desk, content_shown, clocks, faults)


async def _question_in(
    given: Given, clocks: AddressDays, fields: list[str], desk: Desk, tables: TablesInChild
) -> "_PlainQuestion":
    """Return the question of a form that carries its table along."""
    content, name = _carried(given)
    sent = await _plain_sent(tables, content, name)
    table = restore_table(sent.described, sent.columns, sent.rows)
    now = desk.now()
    return _PlainQuestion(
        table=table,
        mapped=map_chosen(table.columns, _fields(table, fields)),
        terms=Terms(
            name=name or PASTED,
            days=clocks.days(now),
            threshold=_threshold(given),
            keep=bool(text_of(given, "keep")),
            notes=sent.notes,
        ),
        lasting=clocks.lasting(now),
        at=now,
    )


@post(
    "/spreadsheet/results", opt=needs("screen"), include_in_schema=False, status_code=HTTPStatus.OK
)
async def spreadsheet_results(
    request: AnyRequest,
    desk: TheDesk,
    tables: TheTables,
    saved_results: TheKept,
    files: TheFiles,
    once: TheOnce,
) -> Template | Redirect | Response[bytes]:
    """Return the results of a small table as a page or as a file; used without scripts.

    Results that are to be kept here are shown at their own address.
    """
    given = await sent_form(request)
    clocks, faults = read_clocks(given)
    kind, fields = _kind(given), [str(each) for each in given.getall("field", [])]
    asked = await _question_in(given, clocks, fields, desk, tables)
    if kind is None and text_of(given, "where") == "service" and saved_results.keeps:
        work = partial(_kept_at, desk, asked, saved_results)
        _, address = await once.form(*sent_once(given, ("kept", "results")), work)
        return Redirect(address.decode(), status_code=HTTP_303_SEE_OTHER)
    sent, answered = await _answered(desk, asked, once, given)
    done = answered.done
    if kind is not None and done.summary is not None:
        wanted = (kind, done.parties, done.rows, done.summary)
        lines_sent = await asyncio.to_thread(lines_for, *wanted)
        return file_response(kind, await files.results(lines_sent))
    lines = await asyncio.to_thread(lines_of, done.parties, answered.lasting)
    shown = SpreadsheetPage(
        step="results",
        keeps=desk.keeps,
        keeps_days=saved_results.days,
        name=asked.terms.name,
        hidden=(*_carried_on(given, answered.lasting, fields), (FORM_ID, sent)),
        notes=how_read(asked.table, asked.mapped, asked.terms),
        total=done.counts.rows,
        groups=await asyncio.to_thread(_groups, lines),
    )
    return _page(desk, shown, clocks, faults)


@get(
    "/spreadsheet/{key:uuid}",
    opt=needs("screen", reading="table.read", about="key"),
    include_in_schema=False,
)
async def kept_page(
    request: AnyRequest, key: Key, desk: TheDesk, saved_results: TheKept
) -> Template:
    """Show results that are kept here; with `plain` in the address, without a script."""
    head = await saved_results.head(key)
    clocks, _ = read_clocks(MultiDict(head.clocks))
    content = SpreadsheetPage(
        step="kept",
        keeps=desk.keeps,
        keeps_days=saved_results.days,
        name=head.name,
        notes=head.read_as,
        key=key,
        row_count=head.row_count,
    )
    if text_of(request.query_params, "plain"):
        parts = await saved_results.lines(key)
        lines, total = await asyncio.to_thread(_lines_in, parts)
        content = msgspec.structs.replace(
            content, step="results", total=total, groups=await asyncio.to_thread(_groups, lines)
        )
    return _page(desk, content, clocks, ())


@get(
    "/spreadsheet/{key:uuid}/lines",
    opt=needs("screen", reading="table.read", about="key"),
    include_in_schema=False,
    exception_handlers=REFUSALS,
)
async def saved_lines(key: Key, saved_results: TheKept) -> Response[bytes]:
    """Return the head of kept results, and the lines of all parts with their counts."""
    head = msgspec.json.encode(await saved_results.head(key))
    parts = b",".join(await saved_results.lines(key))
    return json_response(b'{"head":%b,"parts":[%b]}' % (head, parts))


@get(
    "/spreadsheet/{key:uuid}/parties/{part:int}",
    opt=needs("screen", reading="table.read", about="key"),
    include_in_schema=False,
    exception_handlers=REFUSALS,
)
async def saved_parties(
    key: Key, part: Annotated[int, PathParameter(ge=0, le=MAX_ROWS)], saved_results: TheKept
) -> Response[bytes]:
    """Return what is shown beside the lines of one part of kept results."""
    return json_response(await saved_results.parties(key, part))


@post(
    "/spreadsheet/{key:uuid}/write",
    opt=needs("screen", reading="table.exported", about="key"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def write_saved(
    request: AnyRequest, key: Key, saved_results: TheKept, files: TheFiles
) -> Response[bytes]:
    """Write kept results as a file: all of them, or the lines at the places in the form."""
    given = await sent_form(request)
    kind = _kind(given)
    if kind is None:
        raise BadInputError("format", "must be xlsx or csv")
    places = frozenset(texts_of(given, "place")) or None
    head = await saved_results.head(key)
    parts = [part async for part in saved_results.evidence(key)]
    wanted = SavedFileRequest(
        kind=kind, row_count=head.row_count, places=places, parts=tuple(parts)
    )
    return file_response(kind, await files.saved_results(msgspec.msgpack.encode(wanted)))


@post(
    "/spreadsheet/{key:uuid}/delete",
    opt=needs("delete", change="table.deleted", about="key"),
    include_in_schema=False,
)
async def delete_saved(key: Key, saved_results: TheKept) -> Redirect:
    """Delete kept results, and show the page on which a table is dropped."""
    await saved_results.delete(key)
    return Redirect("/spreadsheet?deleted=yes", status_code=HTTP_303_SEE_OTHER)


def _lines_in(parts: Iterable[bytes]) -> tuple[list[ResultLine], int]:
    """Return the lines of all parts, and the number of rows of the table they are about."""
    read = [msgspec.json.decode(each, type=_SavedLinesRead) for each in parts]
    return [line for each in read for line in each.lines], sum(each.counts.rows for each in read)


def _page(
    desk: Desk, content: SpreadsheetPage, clocks: AddressDays, faults: Sequence[FieldFault]
) -> Template:
    frame = Frame(
        title="Spreadsheet",
        path="/spreadsheet",
        section="/spreadsheet",
        now=desk.now(),
        clocks=clocks,
        faults=tuple(faults),
    )
    status = HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    return page("spreadsheet.html", frame, content, status)


class _PlainQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A table to screen at a moment, and the days for links to its answers."""

    table: Table
    mapped: ColumnMap
    terms: Terms
    lasting: AddressDays
    at: datetime


class _Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The results of a table, and the days for links to its answers."""

    done: BatchResult
    lasting: AddressDays


async def _answered(
    desk: Desk, question: _PlainQuestion, once: Idempotency, given: Given
) -> tuple[str, _Answered]:
    """Screen a table, once for a form if its answers are kept; return the id of what was sent."""

    async def answered() -> _Answered:
        done = await screen_table(desk, question.table, question.mapped, question.terms)
        return _Answered(done=done, lasting=question.lasting)

    async def written() -> bytes:
        return await asyncio.to_thread(msgspec.json.encode, await answered())

    if not (question.terms.keep and desk.keeps):
        return text_of(given, FORM_ID), await answered()
    sent, body = await once.form(*sent_once(given), written)
    return sent, await asyncio.to_thread(msgspec.json.decode, body, type=_Answered)


async def _kept_at(desk: Desk, question: _PlainQuestion, saved_results: SavedResults) -> bytes:
    """Screen a table and keep its results, and return their address."""
    done = await screen_table(desk, question.table, question.mapped, question.terms)
    lines = await asyncio.to_thread(lines_of, done.parties, question.lasting)
    clocks = question.lasting.query()
    head = ResultHead(
        name=question.terms.name,
        row_count=done.counts.rows,
        clocks=clocks,
        read_as=how_read(question.table, question.mapped, question.terms),
    )
    part = await asyncio.to_thread(part_of, done, lines)
    key = await saved_results.add(None, head, 0, part, question.at)
    return f"/spreadsheet/{key}?plain=yes".encode()


async def _plain_sent(tables: TablesInChild, content: bytes, name: str | None) -> TableSent:
    """Read a table that is small enough for a form field."""
    if len(content) > PLAIN_BYTES:
        reason = f"has {len(content):,} bytes; without scripts at most {PLAIN_BYTES:,} are allowed"
        raise BadInputError("file", reason)
    read = await tables.read_table(content, name, PLAIN_ROWS)
    return msgspec.json.decode(read, type=TableSent)


def _columns(table: Table, fields: Sequence[str]) -> tuple[SpreadsheetColumn, ...]:
    rows = sample(table, SAMPLE_ROWS)
    return tuple(
        SpreadsheetColumn(name=name, field=field, cells=tuple(row[place] for row in rows))
        for place, (name, field) in enumerate(zip(table.columns, fields, strict=True))
    )


def _carried(given: Given) -> tuple[bytes, str | None]:
    try:
        content = base64.b64decode(text_of(given, "content"), validate=True)
    except binascii.Error as error:
        raise BadInputError("content", "is not what the previous page sent") from error
    return content, text_of(given, "filename") or None


def _carried_on(
    given: Given, lasting: AddressDays, fields: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the hidden fields with which the results can be had again as a file."""
    carried = ("content", "filename", "threshold", "keep", "where")
    return (
        *((each, text_of(given, each)) for each in carried if text_of(given, each)),
        *lasting.query(),
        *(("field", each) for each in fields),
    )


def _threshold(given: Given) -> float | None:
    printed = text_of(given, "threshold").replace(",", ".")
    if not printed:
        return None
    try:
        threshold = float(printed)
    except ValueError as error:
        raise BadInputError("threshold", f"{printed[:20]!r} is not a score from 0 to 1") from error
    if not 0 <= threshold <= 1:
        raise BadInputError("threshold", f"{printed[:20]!r} is not a score from 0 to 1")
    return threshold


def _fields(table: Table, given: Sequence[str]) -> tuple[ColumnField | None, ...]:
    if len(given) != len(table.columns):
        raise BadInputError("field", "must name the field of every column")
    by_word: dict[str, ColumnField] = {each: each for each in FIELDS}
    return tuple(by_word.get(each) for each in given)


def _kind(given: Given) -> FileKind | None:
    kinds: dict[str, FileKind] = {"xlsx": "xlsx", "csv": "csv"}
    return kinds.get(text_of(given, "format"))


def _groups(
    lines: Iterable[ResultLine],
) -> tuple[tuple[str, str, tuple[ResultLine, ...]], ...]:
    ordered = sorted(lines, key=lambda line: line.place)
    groups = (
        (word, title, tuple(each for each in ordered if each.outcome == word))
        for word, title in OUTCOMES.items()
    )
    return tuple(group for group in groups if group[2])


PAGES = (
    spreadsheet_page,
    spreadsheet_columns,
    spreadsheet_results,
    kept_page,
    saved_lines,
    saved_parties,
    write_saved,
    delete_saved,
)
