"""What the spreadsheet page's script asks: a table read, rows screened, results written.

Nothing of it is kept here. The browser holds the rows and sends them a batch at a time; with
`keep` ticked each batch is a screening that is stored as any other.
"""

import asyncio
import io
from datetime import date, datetime
from typing import IO, Annotated

import msgspec
from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ExceptionHandlersMap

from service.flow.clocks import read_moment
from service.model.errors import (
    AbeyanceError,
    BadInputError,
    BusyError,
    NotReadyError,
    StoreUnavailableError,
)
from service.sheet import ColumnField, Counts, EvidenceRow, Summary
from service.web.address import Clocks
from service.web.aside import RESULTS
from service.web.pages import HEADERS, RETRY_AFTER_S, AnyRequest, TheDesk
from service.web.spreadsheet_lines import ResultLine, lines_of
from service.web.spreadsheet_screen import (
    BATCH,
    MEDIA_TYPES,
    FileKind,
    Screened,
    Terms,
    screened,
    written,
)
from service.web.spreadsheet_table import MAX_ROWS, RowSent, TableReader, again, mapped

# Results of 20,000 rows, a tenth of them with hits, have some 20 MB without their empty cells.
MAX_RESULT_BYTES = 60_000_000
_JSON = "application/json"
TheTables = NamedDependency[SkipValidation[TableReader]]


class BatchAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


class ResultsAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    asked = _decoded(await request.body(), BatchAsked)
    if len(asked.fields) != len(asked.columns):
        raise BadInputError("fields", "says not of every column what it holds")
    at = desk.now() if asked.at is None else read_moment(asked.at)
    clocks = Clocks(as_of=asked.as_of, known_at=asked.known_at, at=at)
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


def _batch_sent(done: Screened, clocks: Clocks, at: datetime) -> bytes:
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
    asked = _decoded(lines.readline(), ResultsAsked)
    rows = (_decoded(line, EvidenceRow) for line in lines if line.strip())
    return asked.kind, written(asked.kind, rows, asked.summary)


def _json(content: bytes, status: int = 200) -> Response[bytes]:
    return Response(
        content,
        media_type=_JSON,
        status_code=status,
        headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
    )
