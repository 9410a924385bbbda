"""Writing results as XLSX, CSV and JSON lines, row by row into a stream."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import IO, Protocol, cast
from uuid import UUID

import msgspec
from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

from abeyance_screening.engine.screening.coverage_line import coverage_line
from abeyance_screening.engine.tables.evidence import (
    COLUMNS,
    EvidenceRow,
    PartyRow,
    Summary,
    worst_first,
)
from abeyance_screening.engine.tables.table import TableKind
from abeyance_screening.engine.wording import doubts
from abeyance_screening.engine.wording.parties import LINE_FACTS
from abeyance_screening.engine.wording.questions import question_text

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
    "listed_party": 36,
    "status": 30,
    "lists": 28,
    "what_it_does": 34,
    "applies_if": 34,
    "next_change": 26,
    "decision": 18,
    "by": 18,
    "when": 12,
    "other_measures": 50,
    "listings": 28,
    "through_its_party": 28,
    "more_found": 12,
}
_WIDTH = 15
_NO_ADVICE = (
    "This workbook shows what lists and legal acts state. It is not legal advice. No match does "
    "not mean that a transaction is permitted."
)
_UNREADABLE = ("row", "counterparty_id", "counterparty", "reason")
# Every column that a row without a hit can have.
_WITHOUT_HITS = (
    "row",
    "counterparty_id",
    "counterparty",
    "outcome",
    "coverage",
    "asked",
    "as_of",
    "known_at",
    "warnings",
    "screening_id",
    "asked_at",
    "scorer",
    "threshold",
    "question",
)
_REVIEW = (
    "row",
    "counterparty_id",
    "counterparty",
    "listed_party",
    *LINE_FACTS,
    "score",
    "status",
    "what_it_does",
    "applies_if",
    "decision",
    "by",
    "when",
    "reason",
    "lists",
    "why",
    "until",
    "next_change",
    "owner",
    "other_measures",
    "listings",
    "through_its_party",
    "more_found",
)
_DECIDED = ("decision", "by", "when", "reason")
DECISIONS = ("The same party", "Another party", "Not settled")
"""What a person may choose in the column of decisions."""
_LONGEST_NAME, _LONGEST_REASON = 100, 2_000
_EARLIEST = date(2000, 1, 1)
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
_REVIEW_IN_SIGHT = 4


class _Worksheet(Protocol):
    """The part of xlsxwriter's worksheet that is used here; the library has no types."""

    def set_column(self, first_col: int, last_col: int, width: float) -> int: ...
    def freeze_panes(self, row: int, col: int) -> None: ...
    def autofilter(self, first_row: int, first_col: int, last_row: int, last_col: int) -> None: ...
    def write_string(self, row: int, col: int, string: str, cell_format: object) -> int: ...
    def write_number(self, row: int, col: int, number: float, cell_format: object) -> int: ...
    def write_boolean(self, row: int, col: int, boolean: bool, cell_format: object) -> int: ...  # noqa: FBT001
    def write_datetime(self, row: int, col: int, date: date, cell_format: object) -> int: ...
    def write_blank(self, row: int, col: int, blank: str, cell_format: object) -> int: ...
    def data_validation(self, *cells: int, options: dict[str, object]) -> int: ...


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
    blank: object
    blank_day: object


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

    def leave_blank(self, places: Sequence[int], day: int) -> None:
        """Mark cells of the last row as those that a person fills in; `day` is one for a day."""
        for place in places:
            chosen = self._formats.blank_day if place == day else self._formats.blank
            self._sheet.write_blank(self.rows - 1, place, "", chosen)

    def allow(self, place: int, options: dict[str, object]) -> None:
        """Accept in a column, below the header, only what the options allow."""
        last = max(1, self.rows - 1)
        self._sheet.data_validation(1, place, last, place, options=options)

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


class _SheetSeries:
    """Rows in as many sheets as they need: `Results`, `Results 2`, …."""

    def __init__(self, sheet_of: Callable[[str], _Sheet], title: str, most_rows: int) -> None:
        self._sheet_of = sheet_of
        self._title = title
        self._most_rows = most_rows
        self._sheet = sheet_of(title)
        self._count = 1

    def append(self, values: Iterable[Value]) -> _Sheet:
        """Write one more row, and return the sheet that has it."""
        if self._sheet.rows == self._most_rows:
            self._count += 1
            self._sheet = self._sheet_of(f"{self._title} {self._count}")
        self._sheet.append(values)
        return self._sheet


class WorkbookWriter:
    """A workbook written row by row.

    Its sheets are `Summary`, `To review`, `Results`, `Without hits`, `Unreadable` and `Lists`.
    `To review` has a row for each counterparty and party, the worst first, with columns for what
    a person decides. Header rows are frozen, columns have widths and filters. Every text is stored
    as text, whatever its first sign: no cell is a formula, or becomes one when it is edited. A
    text too long for a cell is cut and ends with `…`. What exceeds a sheet continues in
    `Results 2`.
    """

    def __init__(self, stream: IO[bytes], most_rows: int = MOST_ROWS) -> None:
        self._book = cast("_Book", cast("object", Workbook(stream, {"constant_memory": True})))
        self._formats = _formats(self._book)
        self._summary = self._sheet("Summary")
        self._review = _SheetSeries(
            self._headed_as(_REVIEW, _REVIEW_IN_SIGHT), "To review", most_rows
        )
        self._results = _SheetSeries(self._headed_as(COLUMNS, _IN_SIGHT), "Results", most_rows)
        self._without = _SheetSeries(
            self._headed_as(_WITHOUT_HITS, _IN_SIGHT), "Without hits", most_rows
        )
        self._unreadable = self._headed_as(_UNREADABLE, 1)("Unreadable")
        self._has_own_days = False
        self._parties: list[PartyRow] = []

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Write more rows, each to the sheet it belongs to."""
        for row in rows:
            match row.kind:
                case "unreadable":
                    self._unreadable.append(_values(row, _UNREADABLE))
                case "none":
                    self._without.append(_values(row, _WITHOUT_HITS))
                case _:
                    self._results.append(_values(row, COLUMNS))
                    self._has_own_days |= row.own_day is not None

    def add_parties(self, rows: Iterable[PartyRow]) -> None:
        """Take more rows to review; they are written in their order at the end."""
        self._parties += (each for each in rows if each.needs_review)

    def finish(self, summary: Summary) -> None:
        """Write the rows to review, the summary and the lists; then the whole workbook."""
        self._write_review(summary)
        for what, value in _lines(summary, has_own_days=self._has_own_days):
            self._summary.append([what, value])
        lists = self._headed_as(_LISTS, 1)("Lists")
        for covered in () if summary.coverage is None else summary.coverage.lists:
            lists.append(_values(covered, _LISTS))
        self._book.set_properties({"created": summary.first_asked_at, "comments": _NO_ADVICE})
        self._book.close()

    def _write_review(self, summary: Summary) -> None:
        places = [_REVIEW.index(name) for name in _DECIDED]
        written: dict[int, _Sheet] = {}
        for row in worst_first(self._parties):
            sheet = self._review.append(_review_values(row))
            sheet.leave_blank(places, _REVIEW.index("when"))
            written[id(sheet)] = sheet
        asked_at = summary.first_asked_at
        for sheet in written.values():
            for name, options in _allowed(_EARLIEST if asked_at is None else asked_at.date()):
                sheet.allow(_REVIEW.index(name), options)

    def _headed_as(self, columns: Sequence[str], in_sight: int) -> Callable[[str], _Sheet]:
        """Return a function that makes a sheet with these columns, the first of them frozen."""

        def headed(title: str) -> _Sheet:
            sheet = self._sheet(title)
            sheet.head(columns, in_sight)
            return sheet

        return headed

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

    def add_parties(self, rows: Iterable[PartyRow]) -> None:
        """Take more counterparties and parties, for a kind of file that has a place for them."""
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

    def add_parties(self, rows: Iterable[PartyRow]) -> None:
        """Take nothing: such a file has the evidence alone."""

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

    def add_parties(self, rows: Iterable[PartyRow]) -> None:
        """Take nothing: such a file has the evidence alone."""

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
        blank=book.add_format({"bg_color": "#FFF9E5", "border": 4, "text_wrap": True} | top),
        blank_day=book.add_format(
            {"bg_color": "#FFF9E5", "border": 4, "num_format": "yyyy-mm-dd"} | top
        ),
    )


def _values(of: msgspec.Struct, columns: Sequence[str]) -> list[Value]:
    values: dict[str, Value] = msgspec.structs.asdict(of)
    return [values[name] for name in columns]


def _review_values(row: PartyRow) -> list[Value]:
    worst = row.worst
    values: dict[str, Value] = {
        **row.facts,
        "row": row.row,
        "counterparty_id": row.counterparty_id,
        "counterparty": row.counterparty,
        "listed_party": row.party,
        "score": row.score,
        "status": row.badge or ("Unreadable" if row.kind == "unreadable" else "Cannot say"),
        "lists": "; ".join(row.lists),
        "why": row.why,
        "owner": row.owner,
        "other_measures": "\n".join(f"{each.badge}: {each.title}" for each in row.measures[1:]),
        "listings": ", ".join(row.listings),
        "through_its_party": ", ".join(row.through),
        "more_found": row.unshown or None,
    }
    if worst is not None:
        change = worst.next_change_on
        values |= {
            "what_it_does": f"{worst.effect} ({worst.title})",
            "applies_if": worst.condition,
            "until": worst.until,
            "next_change": None if change is None else f"{change}: {worst.next_change_to}",
        }
    return [values.get(name) for name in _REVIEW]


def _allowed(asked_on: date) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what each column that a person fills in accepts."""
    yield (
        "decision",
        {
            "validate": "list",
            "source": list(DECISIONS),
            "error_message": f"Choose one of: {', '.join(DECISIONS)}.",
        },
    )
    yield "by", _short_text(_LONGEST_NAME, "The name of the person who decided.")
    yield (
        "when",
        {
            "validate": "date",
            "criteria": ">=",
            "value": asked_on,
            "error_message": f"A day on or after {asked_on}, when this was screened.",
        },
    )
    yield "reason", _short_text(_LONGEST_REASON, "Why, in a sentence.")


def _short_text(longest: int, words: str) -> dict[str, object]:
    return {
        "validate": "length",
        "criteria": "between",
        "minimum": 1,
        "maximum": longest,
        "input_message": words,
        "error_message": f"At most {longest:,} characters.",
    }


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
    yield "Rows where only an owner matched", counts.owner_hits
    yield "Rows without hits", counts.no_hits
    yield "Rows without hits, coverage incomplete", counts.incomplete
    yield "Rows that could not be read", counts.unreadable
    if summary.coverage is not None:
        asked_on = None if (at := summary.first_asked_at) is None else at.astimezone(UTC).date()
        yield "Lists", coverage_line(summary.coverage, summary.as_of, asked_on, found=True)
    if summary.coverage is not None and not summary.coverage.complete:
        doubt = doubts(summary.coverage)
        yield "Incomplete", f"No match is not a clear result: {doubt}"
    asked = question_text(summary.question)
    if asked.missing is not None:
        yield "Question", asked.missing
    for title, lines in (("sent", asked.sent), ("read", asked.read), ("from", asked.basis)):
        for each in lines:
            yield f"Question, {title}: {each.field}", each.value


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


# A workbook of more rows takes minutes to open, where it opens at all. Those that a person has to
# look at are sorted, the worst first, and take some 3 kB of memory each.
MOST_WORKBOOK_ROWS, MOST_TO_REVIEW = 1_000_000, 100_000
