"""Writing results as XLSX, CSV and JSON lines, row by row into a stream."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import IO, Protocol, cast
from uuid import UUID

import msgspec
from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

from service.tables.evidence import COLUMNS, EvidenceRow, Summary
from service.tables.read import TableKind
from service.wording import doubts
from service.wording.coverage import coverage_line

# The signs with which a text in a CSV becomes a formula in a spreadsheet: an attacker may choose
# names. Japanese and Chinese spreadsheets also accept the full-width forms of the signs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# The characters that XML cannot represent, and that no name has.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST_CELL = 32_767

type Value = str | int | float | bool | date | datetime | UUID | None

# The most rows of a sheet, with the header row.
MOST_ROWS = 1_048_576
_WIDTHS = {
    "row": 7,
    "counterparty": 34,
    "coverage": 30,
    "asked": 30,
    "list_title": 28,
    "listed_name": 36,
    "matched_name": 30,
    "why": 44,
    "measure": 40,
    "effect": 34,
    "condition": 40,
    "own_day": 34,
    "badge": 34,
    "sentence": 70,
    "residual_obligation": 40,
    "licence": 50,
    "notes": 60,
    "citations": 36,
    "links": 44,
    "warnings": 30,
    "reason": 40,
    "screening_id": 38,
    "asked_at": 20,
}
_WIDTH = 15
_NO_ADVICE = "What lists and legal acts state. No legal advice; finding nothing is no permission."
_UNREADABLE = ("row", "counterparty_id", "counterparty", "reason")
_LISTS = (
    "code",
    "title",
    "role",
    "state",
    "published_on",
    "age_days",
    "max_age_days",
    "edition",
    "entry_count",
    "source",
    "sha256",
    "reason",
)
_IN_SIGHT = 3


class _Worksheet(Protocol):
    """The part of xlsxwriter's worksheet that is used here; the library has no types."""

    def set_column(self, first_col: int, last_col: int, width: float) -> int: ...
    def freeze_panes(self, row: int, col: int) -> None: ...
    def autofilter(self, first_row: int, first_col: int, last_row: int, last_col: int) -> None: ...
    def write_string(self, row: int, col: int, string: str, cell_format: object) -> int: ...
    def write_number(self, row: int, col: int, number: float, cell_format: object) -> int: ...
    def write_boolean(self, row: int, col: int, boolean: bool, cell_format: object) -> int: ...  # noqa: FBT001
    def write_datetime(self, row: int, col: int, date: date, cell_format: object) -> int: ...


class _Book(Protocol):
    """The part of xlsxwriter's workbook that is used here; the library has no types."""

    def add_worksheet(self, name: str) -> _Worksheet: ...
    def add_format(self, properties: dict[str, object]) -> object: ...
    def set_properties(self, properties: dict[str, object]) -> None: ...
    def close(self) -> None: ...


class _Formats(msgspec.Struct, frozen=True):
    head: object
    text: object
    quoted: object
    day: object
    moment: object


class _Sheet:
    """One sheet, and the number of rows written to it."""

    def __init__(self, sheet: _Worksheet, formats: _Formats) -> None:
        self._sheet = sheet
        self._formats = formats
        self.rows = 0

    def head(self, columns: Sequence[str], in_sight: int) -> None:
        """Write the header row with a filter on each column, and freeze the first columns."""
        for place, name in enumerate(columns):
            self._sheet.set_column(place, place, _WIDTHS.get(name, _WIDTH))
            words = name.replace("_", " ").capitalize()
            self._sheet.write_string(0, place, words, self._formats.head)
        self._sheet.freeze_panes(1, in_sight)
        self._sheet.autofilter(0, 0, 0, len(columns) - 1)
        self.rows = 1

    def append(self, values: Iterable[Value]) -> None:
        """Write one more row."""
        for place, value in enumerate(values):
            self._write(place, value)
        self.rows += 1

    def _write(self, place: int, value: Value) -> None:
        sheet, row, formats = self._sheet, self.rows, self._formats
        match value:
            case None | "":
                return
            case bool():
                sheet.write_boolean(row, place, value, formats.text)
            case int() | float():
                sheet.write_number(row, place, value, formats.text)
            case datetime():
                moment = value.replace(tzinfo=None, microsecond=0)
                sheet.write_datetime(row, place, moment, formats.moment)
            case date():
                sheet.write_datetime(row, place, value, formats.day)
            case _:
                text = cut(printable(str(value)))
                chosen = formats.quoted if is_formula_like(text) else formats.text
                sheet.write_string(row, place, text, chosen)


class WorkbookWriter:
    """A workbook written row by row, with sheets `Summary`, `Results`, `Unreadable` and `Lists`.

    Header rows are frozen, columns have widths and filters. Every text is stored as text,
    whatever its first sign: no cell is a formula, or becomes one when it is edited. A text too
    long for a cell is cut and ends with `…`. Results that exceed a sheet continue in `Results 2`.
    """

    def __init__(self, stream: IO[bytes], most_rows: int = MOST_ROWS) -> None:
        self._most_rows = most_rows
        self._book = cast("_Book", cast("object", Workbook(stream, {"constant_memory": True})))
        self._formats = _formats(self._book)
        self._summary = self._sheet("Summary")
        self._results = self._headed("Results", COLUMNS)
        self._unreadable = self._headed("Unreadable", _UNREADABLE)
        self._sheets = 1
        self._has_own_days = False

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Write more rows, each to the sheet it belongs to."""
        for row in rows:
            if row.kind == "unreadable":
                self._unreadable.append(_values(row, _UNREADABLE))
                continue
            if self._results.rows == self._most_rows:
                self._sheets += 1
                self._results = self._headed(f"Results {self._sheets}", COLUMNS)
            self._results.append(_values(row, COLUMNS))
            self._has_own_days |= row.own_day is not None

    def finish(self, summary: Summary) -> None:
        """Write the summary and the lists, and then the whole workbook into the stream."""
        for what, value in _lines(summary, has_own_days=self._has_own_days):
            self._summary.append([what, value])
        lists = self._headed("Lists", _LISTS)
        for covered in () if summary.coverage is None else summary.coverage.lists:
            lists.append(_values(covered, _LISTS))
        self._book.set_properties({"created": summary.first_asked_at, "comments": _NO_ADVICE})
        self._book.close()

    def _headed(self, title: str, columns: Sequence[str]) -> _Sheet:
        sheet = self._sheet(title)
        sheet.head(columns, _IN_SIGHT if columns is COLUMNS else 1)
        return sheet

    def _sheet(self, title: str) -> _Sheet:
        sheet = self._book.add_worksheet(title)
        if title == "Summary":
            sheet.set_column(0, 0, 34)
            sheet.set_column(1, 1, 100)
        return _Sheet(sheet, self._formats)


class ResultWriter(Protocol):
    """A writer of evidence, row by row; it is finished once, with the summary."""

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Write more rows, unreadable ones included."""
        ...

    def finish(self, summary: Summary) -> None:
        """Write the rest of the file; after that, the stream has the whole file."""
        ...


class CsvWriter:
    """A writer of CSV for Excel: UTF-8 with a byte order mark, commas, and a header row.

    A text that a spreadsheet would read as a formula gets a leading `'`, the only change made.
    CSV has no summary.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._stream.write("\ufeff".encode())
        self._write([list(COLUMNS)])

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Write more rows."""
        self._write(list(map(_cell, msgspec.structs.astuple(row))) for row in rows)

    def finish(self, summary: Summary) -> None:
        """Write nothing: the file is complete without the summary."""

    def _write(self, records: Iterable[list[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(records)
        self._stream.write(text.getvalue().encode("utf-8", "replace"))


class JsonlWriter:
    """A writer of JSON lines: one object for each row, with days as ISO 8601 texts."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._encoder = msgspec.json.Encoder()

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Write more rows."""
        self._stream.write(self._encoder.encode_lines(list(rows)))

    def finish(self, summary: Summary) -> None:
        """Write nothing: the file is complete without the summary."""


def result_writer(kind: TableKind, stream: IO[bytes]) -> ResultWriter:
    """Return a writer for a kind of file; it writes to the stream and leaves it open."""
    match kind:
        case "csv":
            return CsvWriter(stream)
        case "jsonl":
            return JsonlWriter(stream)
        case "xlsx":
            return WorkbookWriter(stream)


def is_formula_like(text: str) -> bool:
    """Return whether a spreadsheet may read the text as a formula, also after leading spaces."""
    return text.lstrip(" \u00a0\n").startswith(_FORMULA)


def neutral(text: str) -> str:
    """Return the text for a CSV; one that may be read as a formula gets a leading `'`."""
    clean = printable(text)
    return f"'{clean}" if is_formula_like(text) else clean


def printable(text: str) -> str:
    """Return the text with each character that no cell can hold replaced by `U+FFFD`."""
    return _CONTROLS.sub("\ufffd", text)


def cut(text: str) -> str:
    """Return the text, cut to the length of a workbook's cell with ` …` at the end."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 2]} …"


def _formats(book: _Book) -> _Formats:
    top: dict[str, object] = {"valign": "top"}
    return _Formats(
        head=book.add_format({"bold": True, "bg_color": "#E9E6DF"} | top),
        text=book.add_format(top),
        quoted=book.add_format({"quote_prefix": True} | top),
        day=book.add_format({"num_format": "yyyy-mm-dd"} | top),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"} | top),
    )


def _values(of: msgspec.Struct, columns: Sequence[str]) -> list[Value]:
    values: dict[str, Value] = msgspec.structs.asdict(of)
    return [values[name] for name in columns]


def _lines(summary: Summary, *, has_own_days: bool) -> Iterator[tuple[str, Value]]:
    counts = summary.counts
    yield "Abeyance", _NO_ADVICE
    yield "Table", summary.table
    for place, line in enumerate(summary.read_as):
        yield "Read as" if place == 0 else "", line
    yield "Legal day", summary.as_of
    if has_own_days:
        yield "", "By UTC; where an authority's own day was another, “Own day” says so."
    yield "As known on", summary.known_at
    yield "First asked at (UTC)", summary.first_asked_at
    yield "Scorer, threshold, limit", f"{summary.scorer}, {summary.threshold}, {summary.limit}"
    yield "Rows", counts.rows
    yield "Rows with hits", counts.hits
    yield "Rows with hits of owners alone", counts.owner_hits
    yield "Rows without hits", counts.no_hits
    yield "Rows without hits, coverage incomplete", counts.incomplete
    yield "Rows that could not be read", counts.unreadable
    if summary.coverage is not None:
        asked_on = None if (at := summary.first_asked_at) is None else at.astimezone(UTC).date()
        yield "Lists", coverage_line(summary.coverage, summary.as_of, asked_on, found=True)
    if summary.coverage is not None and not summary.coverage.complete:
        doubt = doubts(summary.coverage)
        yield "Incomplete", f"An answer without hits proves nothing: {doubt}"


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return neutral(value)
        case datetime():
            return value.isoformat(" ", "seconds")
        case _:
            return str(value)
