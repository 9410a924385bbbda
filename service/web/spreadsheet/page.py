"""The spreadsheet page: upload of a table, choice of its columns, results to read or to download.

With scripts the browser keeps the rows and sends them in batches (see `batches`). Without scripts
a form field carries the whole table from step to step, so it must be small. Either way the results
have an address of their own until somebody deletes them, where the person wants them kept here.
"""

import asyncio
import base64
import binascii
import io
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import MultiDict
from litestar.params import PathParameter
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from service.days import Days
from service.errors import BadInputError
from service.measures.status import StatusWord
from service.screening.desk import Desk
from service.tables import (
    FIELDS,
    ColumnField,
    Counts,
    PartyRow,
    ResultWriter,
    Summary,
    Table,
    result_writer,
    sample,
)
from service.tables.kept import KeptEvidence, KeptResults, ResultHead
from service.web.badges import SHAPES, Shape
from service.web.frame import AddressDays, FieldFault, Frame, Given, read_clocks, text_of, texts_of
from service.web.pages import AnyRequest, TheDesk, page, sent_form
from service.web.spreadsheet.batches import (
    OUTCOMES,
    REFUSALS,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    RESULTS,
    FileKind,
    ResultLine,
    Terms,
    TheKept,
    TheTables,
    content_of,
    file_response,
    json_response,
    lines_of,
    part_of,
    result_file,
    screen_table,
    trouble_of,
    write_rows,
)
from service.web.spreadsheet.table import (
    MAX_FILE_BYTES,
    MAX_ROWS,
    PASTED,
    SAMPLE_ROWS,
    TableReader,
    TableSent,
    guess,
    map_chosen,
    restore_table,
)

# The largest table without scripts, since a form field carries it from step to step.
PLAIN_ROWS = 1_000
PLAIN_BYTES = 1_000_000
_TERMS = ("as_of", "known_at", "at", "threshold", "keep", "where")
Key = Annotated[UUID, PathParameter(description="The id of the results.")]
_NOTHING = "-"
FIELD_WORDS: dict[ColumnField, str] = {
    "name": "Name (needed)",
    "alias": "Other names",
    "id": "Your own id",
    "country": "Country",
    "entity_type": "Person or company",
    "birth_date": "Date of birth",
    "identifier": "Number (tax, LEI, IMO …)",
    "address": "Address",
    "owner": "Owner",
    "share": "Owner's share in %",
}


class SpreadsheetColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its header, the field it is read as, and its cells in the first rows."""

    name: str
    field: str
    cells: tuple[str, ...]


class SpreadsheetPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page in one of its steps: `upload`, `columns`, `results` or `kept`.

    `key` and `row_count` are those of results that are kept here; they are read by a script, or
    shown whole in `results` where there is none. `deleted` is whether results were just deleted.
    `hidden` are the form fields carried from step to step. `groups` are the result lines by
    outcome, each as outcome, title and lines, those that need a look first.
    """

    step: str
    keeps: bool
    max_rows: int = MAX_ROWS
    plain_rows: int = PLAIN_ROWS
    max_megabytes: int = MAX_FILE_BYTES // 1_000_000
    fields: tuple[tuple[str, str], ...] = tuple(FIELD_WORDS.items())
    outcomes: tuple[tuple[str, str], ...] = tuple(OUTCOMES.items())
    shapes: tuple[tuple[StatusWord, Shape], ...] = tuple(SHAPES.items())
    swatches: tuple[Shape, ...] = tuple(SHAPES.values())
    name: str = ""
    doubt: str | None = None
    columns: tuple[SpreadsheetColumn, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    total: int = 0
    groups: tuple[tuple[str, str, tuple[ResultLine, ...]], ...] = ()
    key: UUID | None = None
    row_count: int = 0
    deleted: bool = False


class _KeptLinesRead(msgspec.Struct, frozen=True):
    """The lines of a part of kept results, with their counts."""

    lines: tuple[ResultLine, ...]
    counts: Counts


@get("/spreadsheet", include_in_schema=False)
async def spreadsheet_page(request: AnyRequest, desk: TheDesk) -> Template:
    """Show the form in which a table is dropped, pasted or chosen."""
    given = request.query_params
    clocks, faults = read_clocks(given)
    deleted = bool(text_of(given, "deleted"))
    empty = SpreadsheetPage(step="upload", keeps=desk.keeps, deleted=deleted)
    return _page(desk, empty, clocks, faults)


@post("/spreadsheet", include_in_schema=False, status_code=HTTPStatus.OK)
async def spreadsheet_columns(request: AnyRequest, desk: TheDesk, tables: TheTables) -> Template:
    """Show the columns with guesses and first rows; used without scripts."""
    given = await sent_form(request)
    clocks, faults = read_clocks(given)
    try:
        content, name = await content_of(request)
        table = await _plain_table(tables, content, name)
        chosen, doubt = guess(table.columns)
        shown = _columns(table, [each or _NOTHING for each in chosen])
    except BadInputError as error:
        fault = FieldFault(field=error.field, text=trouble_of(error))
        empty = SpreadsheetPage(step="upload", keeps=desk.keeps)
        return _page(desk, empty, clocks, (*faults, fault))
    hidden = (
        ("content", base64.b64encode(content).decode()),
        ("filename", name or ""),
        *((each, text_of(given, each)) for each in _TERMS if text_of(given, each)),
    )
    content_shown = SpreadsheetPage(
        step="columns",
        keeps=desk.keeps,
        name=name or PASTED,
        doubt=doubt,
        columns=shown,
        hidden=hidden,
    )
    return _page(desk, content_shown, clocks, faults)


@post("/spreadsheet/results", include_in_schema=False, status_code=HTTPStatus.OK)
async def spreadsheet_results(
    request: AnyRequest, desk: TheDesk, tables: TheTables, kept_results: TheKept
) -> Template | Redirect | Response[bytes]:
    """Return the results of a small table as a page or as a file; used without scripts.

    Results that are to be kept here are shown at their own address.
    """
    given = await sent_form(request)
    clocks, faults = read_clocks(given)
    content, name = _carried(given)
    table = await _plain_table(tables, content, name)
    fields = [str(each) for each in given.getall("field", [])]
    now = desk.now()
    terms = _terms(given, name or PASTED, clocks.days(now))
    done = await screen_table(
        desk, table, map_chosen(table.columns, _fields(table, fields)), terms
    )
    kind = _kind(given)
    if kind is not None and done.summary is not None:
        file = await RESULTS(result_file, kind, done.parties, done.rows, done.summary)
        return file_response(kind, file)
    lasting = clocks.lasting(now)
    lines = await asyncio.to_thread(lines_of, done.parties, lasting)
    if text_of(given, "where") == "service" and kept_results.keeps:
        head = ResultHead(name=terms.name, row_count=done.counts.rows, clocks=lasting.query())
        part = await asyncio.to_thread(part_of, done, lines)
        key = await kept_results.add(None, head, 0, part, now)
        return Redirect(f"/spreadsheet/{key}?plain=yes", status_code=HTTP_303_SEE_OTHER)
    shown = SpreadsheetPage(
        step="results",
        keeps=desk.keeps,
        name=terms.name,
        hidden=_carried_on(given, lasting, fields),
        total=done.counts.rows,
        groups=await asyncio.to_thread(_groups, lines),
    )
    return _page(desk, shown, clocks, faults)


@get("/spreadsheet/{key:uuid}", include_in_schema=False)
async def kept_page(
    request: AnyRequest, key: Key, desk: TheDesk, kept_results: TheKept
) -> Template:
    """Show results that are kept here; with `plain` in the address, without a script."""
    head = await kept_results.head(key)
    clocks, _ = read_clocks(MultiDict(head.clocks))
    content = SpreadsheetPage(
        step="kept", keeps=desk.keeps, name=head.name, key=key, row_count=head.row_count
    )
    if text_of(request.query_params, "plain"):
        parts = await kept_results.lines(key)
        lines, total = await asyncio.to_thread(_lines_in, parts)
        content = msgspec.structs.replace(
            content, step="results", total=total, groups=await asyncio.to_thread(_groups, lines)
        )
    return _page(desk, content, clocks, ())


@get("/spreadsheet/{key:uuid}/lines", include_in_schema=False, exception_handlers=REFUSALS)
async def kept_lines(key: Key, kept_results: TheKept) -> Response[bytes]:
    """Return the head of kept results, and the lines of all parts with their counts."""
    head = msgspec.json.encode(await kept_results.head(key))
    parts = b",".join(await kept_results.lines(key))
    return json_response(b'{"head":%b,"parts":[%b]}' % (head, parts))


@get(
    "/spreadsheet/{key:uuid}/parties/{part:int}",
    include_in_schema=False,
    exception_handlers=REFUSALS,
)
async def kept_parties(
    key: Key, part: Annotated[int, PathParameter(ge=0, le=MAX_ROWS)], kept_results: TheKept
) -> Response[bytes]:
    """Return what is shown beside the lines of one part of kept results."""
    return json_response(await kept_results.parties(key, part))


@post("/spreadsheet/{key:uuid}/write", include_in_schema=False, status_code=HTTPStatus.OK)
async def write_kept(request: AnyRequest, key: Key, kept_results: TheKept) -> Response[bytes]:
    """Write kept results as a file: all of them, or the lines at the places in the form."""
    given = await sent_form(request)
    kind = _kind(given)
    if kind is None:
        raise BadInputError("format", "must be xlsx or csv")
    places = frozenset(texts_of(given, "place")) or None
    return file_response(kind, await _kept_file(kept_results, key, kind, places))


@post("/spreadsheet/{key:uuid}/delete", include_in_schema=False)
async def delete_kept(key: Key, kept_results: TheKept) -> Redirect:
    """Delete kept results, and show the page on which a table is dropped."""
    await kept_results.delete(key)
    return Redirect("/spreadsheet?deleted=yes", status_code=HTTP_303_SEE_OTHER)


async def _kept_file(
    kept_results: KeptResults, key: UUID, kind: FileKind, places: frozenset[str] | None
) -> bytes:
    """Write a file from kept results, one part after another."""
    head, stream = await kept_results.head(key), io.BytesIO()
    writer, numbers = result_writer(kind, stream), list[tuple[Counts, Summary | None]]()
    async for parties, evidence in kept_results.evidence(key):
        numbers.append(await RESULTS(_write_part, writer, parties, evidence, places))
    summary = _summary(numbers, head)
    await RESULTS(writer.finish, summary)
    return stream.getvalue()


def _write_part(
    writer: ResultWriter, parties: bytes, evidence: bytes, places: frozenset[str] | None
) -> tuple[Counts, Summary | None]:
    """Write the rows of one part, and return its counts and summary."""
    rows = msgspec.json.decode(parties, type=list[PartyRow])
    kept = msgspec.json.decode(evidence, type=KeptEvidence)
    chosen = [each for each in rows if places is None or each.place in places]
    numbers = {each.row for each in chosen}
    write_rows(writer, chosen, (each for each in kept.rows if each.row in numbers))
    return kept.counts, kept.summary


def _summary(numbers: Iterable[tuple[Counts, Summary | None]], head: ResultHead) -> Summary:
    """Return the summary of all parts, that of an incomplete answer if there is one.

    Raises:
        BadInputError: No row could be screened.
    """
    counts, first = Counts(), None
    for more, summary in numbers:
        counts = counts.with_counts(more)
        if summary is not None and (first is None or _is_complete(first)):
            first = summary
    if first is None:
        raise BadInputError("file", "no row could be screened, so there is nothing to write")
    read = first.read_as
    if counts.rows < head.row_count:
        left = f"Only {counts.rows:,} of {head.row_count:,} rows were screened."
        read = (*read, left)
    return msgspec.structs.replace(first, counts=counts, read_as=read)


def _is_complete(summary: Summary) -> bool:
    return summary.coverage is None or summary.coverage.complete


def _lines_in(parts: Iterable[bytes]) -> tuple[list[ResultLine], int]:
    """Return the lines of all parts, and the number of rows of the table they are about."""
    read = [msgspec.json.decode(each, type=_KeptLinesRead) for each in parts]
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


async def _plain_table(tables: TableReader, content: bytes, name: str | None) -> Table:
    """Read a table that is small enough for a form field.

    Raises:
        BadInputError: The table is too large, or cannot be read.
        BusyError: Too many tables are waiting to be read.
    """
    if len(content) > PLAIN_BYTES:
        reason = f"has {len(content):,} bytes; without scripts at most {PLAIN_BYTES:,} are allowed"
        raise BadInputError("file", reason)
    read = await tables.read_table(content, name, PLAIN_ROWS)
    table = msgspec.json.decode(read, type=TableSent)
    return restore_table(table.described, table.columns, table.rows)


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


def _terms(given: Given, name: str, days: Days) -> Terms:
    return Terms(
        name=name, days=days, threshold=_threshold(given), keep=bool(text_of(given, "keep"))
    )


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
