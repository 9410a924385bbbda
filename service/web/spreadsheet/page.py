"""The spreadsheet page: upload of a table, choice of its columns, results to read or to download.

With scripts the browser keeps the rows and sends them in batches (see `batches`). Without scripts
a form field carries the whole table from step to step, so it must be small. Either way the service
stores nothing unless *keep* is ticked.
"""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from http import HTTPStatus

import msgspec
from litestar import Response, get, post
from litestar.response import Template

from service.errors import BadInputError
from service.screening.desk import Desk
from service.tables import FIELDS, ColumnField, EvidenceRow, Table, sample
from service.web.frame import AddressDays, FieldFault, Frame, Given, read_clocks, text_of
from service.web.pages import AnyRequest, TheDesk, page, sent_form
from service.web.spreadsheet.batches import (
    OUTCOMES,
    RESULTS,
    FileKind,
    ResultLine,
    Terms,
    TheTables,
    content_of,
    file_response,
    lines_of,
    result_file,
    screen_table,
    trouble_of,
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
_TERMS = ("as_of", "known_at", "at", "threshold", "keep")
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
    """The page in one of its steps: `upload`, `columns` or `results`.

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
    name: str = ""
    doubt: str | None = None
    columns: tuple[SpreadsheetColumn, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    total: int = 0
    groups: tuple[tuple[str, str, tuple[ResultLine, ...]], ...] = ()


@get("/spreadsheet", include_in_schema=False)
async def spreadsheet_page(request: AnyRequest, desk: TheDesk) -> Template:
    """Show the form in which a table is dropped, pasted or chosen."""
    clocks, faults = read_clocks(request.query_params)
    return _page(desk, SpreadsheetPage(step="upload", keeps=desk.keeps), clocks, faults)


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
    request: AnyRequest, desk: TheDesk, tables: TheTables
) -> Template | Response[bytes]:
    """Return the results of a small table as a page or as a file; used without scripts."""
    given = await sent_form(request)
    clocks, faults = read_clocks(given)
    content, name = _carried(given)
    table = await _plain_table(tables, content, name)
    fields = [str(each) for each in given.getall("field", [])]
    now = desk.now()
    terms = Terms(
        name=name or PASTED,
        days=clocks.days(now),
        threshold=_threshold(given),
        keep=bool(text_of(given, "keep")),
    )
    done = await screen_table(
        desk, table, map_chosen(table.columns, _fields(table, fields)), terms
    )
    kind = _kind(given)
    if kind is not None and done.summary is not None:
        return file_response(kind, await RESULTS(result_file, kind, done.rows, done.summary))
    carried = ("content", "filename", "threshold", "keep")
    lasting = clocks.lasting(now)
    shown = SpreadsheetPage(
        step="results",
        keeps=desk.keeps,
        name=terms.name,
        hidden=(
            *((each, text_of(given, each)) for each in carried if text_of(given, each)),
            *lasting.query(),
            *(("field", each) for each in fields),
        ),
        total=done.counts.rows,
        groups=await asyncio.to_thread(_groups, done.rows, lasting),
    )
    return _page(desk, shown, clocks, faults)


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
    rows: Sequence[EvidenceRow], clocks: AddressDays
) -> tuple[tuple[str, str, tuple[ResultLine, ...]], ...]:
    ordered = sorted(lines_of(rows, clocks), key=lambda line: line.place)
    groups = (
        (word, title, tuple(each for each in ordered if each.outcome == word))
        for word, title in OUTCOMES.items()
    )
    return tuple(group for group in groups if group[2])
