"""Results as a workbook: summary, results, unreadable rows, lists."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Protocol, cast
from uuid import UUID

import msgspec
from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

from service.sheet.evidence import COLUMNS, EvidenceRow
from service.sheet.neutral import cut, is_formula_like, printable
from service.sheet.summary import Summary
from service.wording import doubts

type Value = str | int | float | bool | date | datetime | UUID | None

# As many rows as a sheet can hold, the header among them.
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
_NO_ADVICE = "What lists and legal acts say. No legal advice, and no finding is a permission."
_UNREADABLE = ("row", "counterparty_id", "counterparty", "reason")
_LISTS = (
    "code",
    "title",
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


class _Page(Protocol):
    """What is used of a worksheet, which has no types of its own."""

    def set_column(self, first_col: int, last_col: int, width: float) -> int: ...
    def freeze_panes(self, row: int, col: int) -> None: ...
    def autofilter(self, first_row: int, first_col: int, last_row: int, last_col: int) -> None: ...
    def write_string(self, row: int, col: int, string: str, cell_format: object) -> int: ...
    def write_number(self, row: int, col: int, number: float, cell_format: object) -> int: ...
    def write_boolean(self, row: int, col: int, boolean: bool, cell_format: object) -> int: ...  # noqa: FBT001
    def write_datetime(self, row: int, col: int, date: date, cell_format: object) -> int: ...


class _Book(Protocol):
    """What is used of a workbook."""

    def add_worksheet(self, name: str) -> _Page: ...
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
    """One sheet and the row to be written next."""

    def __init__(self, sheet: _Page, formats: _Formats) -> None:
        self._sheet = sheet
        self._formats = formats
        self.rows = 0

    def head(self, columns: Sequence[str], in_sight: int) -> None:
        """The header: it and the first columns stay in sight, each column has a filter."""
        for place, name in enumerate(columns):
            self._sheet.set_column(place, place, _WIDTHS.get(name, _WIDTH))
            words = name.replace("_", " ").capitalize()
            self._sheet.write_string(0, place, words, self._formats.head)
        self._sheet.freeze_panes(1, in_sight)
        self._sheet.autofilter(0, 0, 0, len(columns) - 1)
        self.rows = 1

    def append(self, values: Iterable[Value]) -> None:
        """One row more."""
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
    """A workbook written row by row: `Summary`, `Results`, what was `Unreadable`, `Lists`.

    Headers stay in sight, columns have widths and filters. Each text is a text, whatever it
    begins with: no cell is a formula, nor becomes one when it is edited. One longer than a cell
    holds ends with `…`. Results beyond what a sheet holds go on in `Results 2`.
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
        """Writes more rows, each to the sheet it belongs to."""
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
        """Writes the summary and the lists, and the whole workbook into the stream."""
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
    yield "Rows of which nothing can be said", counts.incomplete
    yield "Rows that could not be read", counts.unreadable
    if summary.coverage is not None and not summary.coverage.complete:
        doubt = doubts(summary.coverage)
        yield "Incomplete", f"“Nothing found” means nothing: {doubt}"
