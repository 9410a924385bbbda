"""Tables: reading records, CSV files and XLSX workbooks strictly, row by row."""

import csv
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import IO

import msgspec

from abeyance_screening.engine.lists.reading.files import MAX_UNPACKED_BYTES, GivenFile
from abeyance_screening.engine.lists.reading.records import NAMES, Row, doubles
from abeyance_screening.engine.lists.reading.sheets import SheetCells, sheets_in
from abeyance_screening.engine.lists.reading.unknown_parts import note_unknown, notes_are_taken
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- CSV: a text taken apart into records, of which a bad one takes no other with it.

# A cell may hold the whole history of a denial order; 1 MB is far beyond any of them.
LONGEST_CELL = 1_000_000
# Each costs reading a cell again; a list of 20,000 entries with 3 in a hundred has fewer.
_MOST_STRAY_QUOTES = 1_000
# Longer numbers tell no parties apart.
_NUMBER = re.compile(r"\d{1,100}")


class CsvRecord(msgspec.Struct, frozen=True):
    """One record of a CSV file; `fault` says why its cells cannot be told apart with certainty."""

    where: str
    cells: list[str]
    fault: str | None = None


type CsvSource = str | IO[bytes]
"""The text of a CSV file, or the file itself where it may be too long: UTF-8, checked before."""


def csv_records(text: CsvSource, delimiter: str, first_line: int) -> Iterator[CsvRecord]:
    """Yield the records, each with the line on which it begins.

    Where notes are taken, the first line of a record with a stray quote is taken apart as well as
    it can be, and the next record begins on the next line: a quote that is not closed takes no
    further record with it.
    """
    csv.field_size_limit(LONGEST_CELL)
    count = 0
    try:
        for record in _sound_records(text, delimiter, first_line):
            yield record
            count += 1
    except csv.Error:
        yield from islice(_mended_records(text, delimiter, first_line), count, None)


@contextmanager
def _opened(text: CsvSource) -> Generator[IO[str]]:
    """Read a text from its beginning, which nothing else reads meanwhile."""
    if isinstance(text, str):
        yield io.StringIO(text, newline="")
        return
    _ = text.seek(0)
    stream = io.TextIOWrapper(text, "utf-8-sig", newline="")
    try:
        yield stream
    finally:
        _ = stream.detach()


def _end_of(text: CsvSource, count: int) -> str:
    """Return the last characters of a text."""
    if isinstance(text, str):
        return text[-count:]
    size = text.seek(0, io.SEEK_END)
    _ = text.seek(max(0, size - 4 * count))
    return text.read().decode(errors="ignore")[-count:]


def _sound_records(text: CsvSource, delimiter: str, first_line: int) -> Iterator[CsvRecord]:
    """Yield the records up to one with a stray quote, which is an error."""
    with _opened(text) as stream:
        reader, line = csv.reader(stream, delimiter=delimiter, strict=True), 0
        for cells in reader:
            if cells:
                yield CsvRecord(f"line {first_line + line}", cells)
            line = reader.line_num


def _mended_records(text: CsvSource, delimiter: str, first_line: int) -> Iterator[CsvRecord]:
    """Yield the records, those with a stray quote as well as they can be taken apart."""
    with _opened(text) as stream:
        lines, faults = _Lines(stream, first_line), 0
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            line, fault = lines.begin_record(), None
            try:
                cells = next(reader, None)
            except csv.Error as error:
                faults += 1
                if lines.at_end or faults > _MOST_STRAY_QUOTES or not notes_are_taken():
                    raise
                fault = f"not readable as CSV: {error}"
                first = lines.return_to_second()
                cells = next(csv.reader([first], delimiter=delimiter), None) or [first]
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
            if cells is None:
                return
            if cells:
                yield CsvRecord(f"line {line}", cells, fault)


class _Lines:
    """The lines of a text, of which those of the record being read can be read again."""

    def __init__(self, stream: IO[str], first_line: int) -> None:
        self._stream = stream
        self._number = first_line
        self._of_record = list[str]()
        self._again = list[str]()
        self.at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._stream.readline()
        if not line:
            self.at_end = True
            raise StopIteration
        self._of_record.append(line)
        return line

    def begin_record(self) -> int:
        """Return the number of the line with which a record begins."""
        self._number += len(self._of_record)
        self._of_record.clear()
        return self._number

    def return_to_second(self) -> str:
        """Return the first line of the record, with which it now ends."""
        first, *others = self._of_record
        self._of_record = [first]
        self._again += reversed(others)
        return first


# --- CSV files with a header row.

_ENDS = ("\n", "\r", "\x1a")


def read_rows(
    list_code: str,
    text: CsvSource,
    columns: Collection[str],
    *,
    delimiter: str = ",",
    may_lack: Collection[str] = (),
    first_line: int = 1,
) -> Iterator[Row[str]]:
    """Yield the records below the header row; each has its place as `line 12`, cells as printed.

    `columns` are all columns of the format, in any order; those in `may_lack` are optional.
    `first_line` is the number of the header's line in the file. Empty lines are skipped. The file
    has been checked whole only once the last record was read. A file that was truncated exactly
    between two records cannot be told from a whole one; the guards against losses cover that.

    Raises:
        ListRefusedError: The first line is no header row; the header row lacks a column, has an
            unknown or repeated one, or is repeated in the file; a record has too few or too many
            cells; a quoted cell is not closed; or the last record ends without a line break, in
            a cell that may be truncated (`_check_last_cell`). Where notes are taken, a record
            with too few or too many cells or a stray quote raises RowRefusedError when it is
            read, unless it is the last one.
    """
    records = csv_records(text, delimiter, first_line)
    try:
        first = next(records, CsvRecord("", []))
        header = [_bare(name) for name in first.cells]
        _check_is_header(list_code, first.where, header, columns)
        check_header(list_code, header, columns, may_lack)
        ends, last = _LastCells(), first
        for last in records:
            yield _csv_row(list_code, header, last)
            ends.add(last.cells[-1])
        _check_end(list_code, header, last)
        if not _end_of(text, 1).endswith(_ENDS):
            _check_last_cell(list_code, text, header, ends)
    except csv.Error as error:
        raise ListRefusedError(list_code, f"not readable as CSV: {error}") from None


def check_header(
    list_code: str, header: list[str], columns: Collection[str], may_lack: Collection[str] = ()
) -> None:
    """Refuse a header row that does not have exactly these columns, in any order.

    Where notes are taken a column more is no fault: `Row.close` notes it in each record.
    """
    unknown = [name for name in header if name not in columns]
    faults = {
        "missing column": [name for name in columns if name not in {*header, *may_lack}],
        "unknown column": [] if notes_are_taken() else unknown,
        "column twice": sorted(doubles(header)),
    }
    for fault, names in faults.items():
        if names:
            raise ListRefusedError(list_code, f"{fault}: {', '.join(names)}"[:500])


def _check_is_header(
    list_code: str, where: str, header: list[str], columns: Collection[str]
) -> None:
    """Refuse a first line that has none of the columns, and so is no header row at all."""
    if header and not any(name in columns for name in header):
        begins, missing = " ".join(header)[:60], ", ".join(columns)
        reason = f"{where} is no header row, it begins {begins!r}; missing column: {missing}"
        raise ListRefusedError(list_code, reason[:500])


def _check_end(list_code: str, header: Sequence[str], last: CsvRecord) -> None:
    """Refuse a file whose last record is short, as it is where a file was cut off."""
    if len(last.cells) < len(header):
        reason = f"the file is cut off: {last.where} has {_misfit(header, last)}"
        raise ListRefusedError(list_code, reason)


def _check_last_cell(
    list_code: str, text: CsvSource, header: Sequence[str], ends: "_LastCells"
) -> None:
    """Refuse a file without a final line break whose last cell may be truncated.

    Some publishers leave out the last line break. A cell that ends with its closing quote is
    whole, and so are the other cells of its record. A cell without quotes counts as whole unless
    it is a name, the file quotes that column, it is shorter than every other cell of its column,
    or all are numbers and it is the lowest (as a number of equal length is after losing a digit).
    A truncation that escapes these checks costs the end of that one cell, never a name. In a
    quoted cell that contains quotes, a truncation between two of them looks like the end.
    """
    if ends.last is None:
        raise ListRefusedError(list_code, "the file is cut off: it ends within its header")
    column, quoted = header[-1], '"{}"'.format(ends.last.replace('"', '""'))
    if _end_of(text, len(quoted)) == quoted:
        return
    if NAMES.search(column) or _quotes_last_column(text) or ends.last_is_least():
        reason = f"the last record may be cut off: it ends in {column!r} without a line break"
        raise ListRefusedError(list_code, reason)


def _quotes_last_column(text: CsvSource) -> bool:
    """Return whether the last column of the header row is quoted, as it need not be."""
    with _opened(text) as stream:
        return stream.readline().rstrip().endswith('"')


class _LastCells:
    """The cells of the last column: the last one, and the least of those before it."""

    def __init__(self) -> None:
        self.last: str | None = None
        self._lowest: int | None = None
        self._shortest: int | None = None
        self._are_numbers = True

    def add(self, cell: str) -> None:
        """Take the cell of the next record."""
        if self.last is not None:
            length = len(self.last.strip())
            self._shortest = length if self._shortest is None else min(length, self._shortest)
            self._are_numbers = self._are_numbers and _NUMBER.fullmatch(self.last) is not None
            if self._are_numbers:
                lowest = int(self.last)
                self._lowest = lowest if self._lowest is None else min(lowest, self._lowest)
        self.last = cell

    def last_is_least(self) -> bool:
        """Return whether the last cell is less, as a number or in length, than every other one.

        Where there is no other cell, the result is whether the cell is a number: a truncated
        number could point to another party.
        """
        last = self.last or ""
        if self._shortest is None:
            return last.isdecimal()
        if self._are_numbers and self._lowest is not None and _NUMBER.fullmatch(last):
            return int(last) < self._lowest
        return len(last.strip()) < self._shortest


def _bare(cell: str) -> str:
    """Return a cell without white space, quotes and byte order mark around it."""
    return cell.strip().removeprefix("\ufeff").strip(' "')


def _csv_row(list_code: str, header: list[str], record: CsvRecord) -> Row[str]:
    cells = record.cells
    if _bare(cells[0]) == header[0] and [_bare(cell) for cell in cells] == header:
        raise ListRefusedError(list_code, f"the header row is repeated in {record.where}")
    fault = record.fault
    if fault is None and len(cells) != len(header):
        fault = _misfit(header, record)
    if fault is not None and not notes_are_taken():
        raise ListRefusedError(list_code, f"{record.where} has {fault}")
    return Row(record.where, dict(zip(header, cells, strict=False)), fault=fault)


def _misfit(header: Sequence[str], record: CsvRecord) -> str:
    return f"{len(record.cells)} of {len(header)} cells"


# --- XLSX workbooks with one table.

type Cell = str | int | float | bool | datetime | None
type _Cells = tuple[object, ...]

# DFAT's list has 210,000 cells and OFSI's 550,000; a decompression bomb has billions.
MAX_CELLS = 5_000_000
_ZIP = b"PK\x03\x04"
_BOOK = "xl/workbook.xml"
_WORDS_AT = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
# Excel stores texts in the order in which they were first entered, so that a header renamed later
# may follow all the names: DDTC's 787 rows have some 100 kB of them.
_PEEKED_BYTES = 1_048_576
_CHUNK_BYTES = 1_048_576
_DOCTYPE = b"<!DOCTYPE"
_MIDNIGHT = time(0)
# A title and a note or two stand above the header of a sheet; MOF's list has up to four rows.
_MOST_ABOVE = 12
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
# The errors that openpyxl, zipfile and the XML parser raise over a damaged workbook, and
# `sheets_in`.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class TitledSheet(msgspec.Struct, frozen=True):
    """One of several tables of a workbook: its title, the rows above its header, its records.

    `columns` are its headings without white space, in order; empty where it has no header row.
    """

    title: str
    above: tuple[tuple[Cell, ...], ...]
    columns: tuple[str, ...]
    rows: tuple[Row[Cell], ...]


def is_workbook_with(file: GivenFile, words: Collection[str]) -> bool:
    """Return whether a file is an XLSX workbook with one of the words near its beginning.

    It serves only to recognise formats: it looks at the first texts only, and never raises.
    """
    if not file.content.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            members = set(archive.namelist())
            if _BOOK not in members:
                return False
            texts = "".join(_peek(archive, name) for name in _WORDS_AT if name in members)
    except BROKEN:
        return False
    return any(word in texts for word in words)


def read_sheet(
    list_code: str,
    content: bytes,
    columns: Collection[str],
    *,
    may_lack: Collection[str] = (),
    may_compute: Collection[str] = (),
) -> list[Row[Cell]]:
    """Read the records of a workbook's table, whose first row is the header.

    `columns` are all columns of the format, in any order; those in `may_lack` are optional. Each
    record has its place as `row 12`. Texts are not trimmed, numbers and booleans keep their type,
    a day is a datetime at midnight, an empty cell is None. Empty rows are skipped. In a column of
    `may_compute` a formula counts as the result that the file stores with it.
    """
    try:
        check_archive(list_code, content)
        return _sheet(list_code, content, (columns, may_lack, may_compute))
    except (ListRefusedError, RowRefusedError):
        raise
    except BROKEN as error:
        what = " ".join(str(error).split())[:200]
        raise ListRefusedError(list_code, f"not readable as a workbook: {what}") from None


def read_sheets(
    list_code: str, content: bytes, columns: Collection[str]
) -> tuple[TitledSheet, ...]:
    """Read every sheet of a workbook of several tables, in the order of the workbook.

    The header row of a sheet is the first one, among the first rows, that has all of `columns`;
    a sheet without one has no records, and its first rows are `above`. Headings are compared and
    kept without white space. Which other columns a sheet has is for the reader to say: it takes
    them from each record by name and closes the record. Cells are as in `read_sheet`; a record
    has its place as `<title>, row 12`.
    """
    try:
        check_archive(list_code, content)
        sheets = tuple(_titled_sheet(list_code, each, columns) for each in sheets_in(content))
    except (ListRefusedError, RowRefusedError):
        raise
    except BROKEN as error:
        what = " ".join(str(error).split())[:200]
        raise ListRefusedError(list_code, f"not readable as a workbook: {what}") from None
    if not any(sheet.columns for sheet in sheets):
        reason = f"no sheet of the workbook has the columns {', '.join(columns)}"
        raise ListRefusedError(list_code, reason)
    return sheets


def check_archive(list_code: str, content: bytes) -> None:
    """Refuse a workbook that is too large when unpacked, or declares a document type anywhere."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if size > MAX_UNPACKED_BYTES:
            limit = f"{MAX_UNPACKED_BYTES:,}"
            reason = f"the workbook unpacks to {size:,} bytes; at most {limit} are allowed"
            raise ListRefusedError(list_code, reason)
        for member in members:
            with archive.open(member) as stream:
                if _declares(stream):
                    reason = f"{member.filename} of the workbook declares a document type"
                    raise ListRefusedError(list_code, reason)


def text_of(cell: Cell) -> str:
    """Return a cell as trimmed text: "" for an empty cell, a whole number without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _peek(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as stream:
        return stream.read(_PEEKED_BYTES).decode("utf-8", "replace")


def _declares(stream: IO[bytes]) -> bool:
    """Return whether a document type is declared, in any encoding; openpyxl would ignore it."""
    end = b""
    while chunk := stream.read(_CHUNK_BYTES):
        if _DOCTYPE in (end + chunk).replace(b"\x00", b""):
            return True
        end = chunk[-2 * len(_DOCTYPE) :]
    return False


def _sheet(
    list_code: str,
    content: bytes,
    header_of: tuple[Collection[str], Collection[str], Collection[str]],
) -> list[Row[Cell]]:
    columns, may_lack, may_compute = header_of
    for sheet in sheets_in(content):
        records = _records(list_code, sheet.rows())
        _, first = next(records, (0, ()))
        header = [text_of(_cell("the header", each)) for each in first]
        if not any(name in columns for name in header):
            continue
        header = header[: max(i for i, name in enumerate(header, 1) if name)]
        check_header(list_code, header, columns, may_lack)
        computed = {place for place, name in enumerate(header) if name in may_compute}
        records = _with_results(sheet, computed, records)
        made = (_row(list_code, header, record) for record in records)
        return [row for row in made if row is not None]
    reason = f"no sheet of the workbook has a column {' or '.join(list(columns)[:2])}"
    raise ListRefusedError(list_code, reason)


def _titled_sheet(list_code: str, sheet: SheetCells, columns: Collection[str]) -> TitledSheet:
    title, above, records = sheet.title, list[_Cells](), _records(list_code, sheet.rows())
    for _, cells in islice(records, _MOST_ABOVE):
        header = ["".join(text_of(_cell(title, each)).split()) for each in cells]
        if set(columns) <= set(header):
            header = header[: max(i for i, name in enumerate(header, 1) if name)]
            if twice := doubles(filter(None, header)):
                reason = f"sheet {title!r} has the column {twice[0]} twice"
                raise ListRefusedError(list_code, reason)
            rows = (_row(list_code, header, record, f"{title}, ") for record in records)
            kept = tuple(row for row in rows if row is not None)
            return TitledSheet(title, tuple(map(_plain, above)), tuple(header), kept)
        above.append(cells)
    return TitledSheet(title, tuple(map(_plain, above)), (), ())


def _records(list_code: str, rows: Iterator[_Cells]) -> Iterator[tuple[int, _Cells]]:
    """Yield the rows with their numbers, up to the largest number of cells allowed."""
    count = 0
    for number, cells in enumerate(rows, start=1):
        count += max(1, len(cells))
        if count > MAX_CELLS:
            raise ListRefusedError(list_code, f"the sheet has more than {MAX_CELLS:,} cells")
        yield number, cells


def _with_results(
    sheet: SheetCells, computed: Collection[int], records: Iterator[tuple[int, _Cells]]
) -> Iterator[tuple[int, _Cells]]:
    """Yield the records with results for these columns' formulas, and for others if noted."""
    noted, formulas = notes_are_taken(), defaultdict[int, list[int]](list)
    for (row, column), cell in sheet.odd.items():
        if cell.formula is not None and (noted or column in computed):
            formulas[row + 1].append(column)
    for number, cells in records:
        changed = list(cells)
        for column in formulas.get(number, ()):
            result = sheet.result_at((number - 1, column))
            changed[column] = cells[column] if result == "" else result
            if column not in computed:
                what = f"formula in column {column + 1}"
                note_unknown(f"row {number}", what, str(cells[column]))
        yield number, tuple(changed)


def _plain(cells: _Cells) -> tuple[Cell, ...]:
    return tuple(_cell("above the header", each) for each in cells)


def _row(
    list_code: str, header: list[str], record: tuple[int, _Cells], place: str = ""
) -> Row[Cell] | None:
    number, printed = record
    where = f"{place}row {number}"
    cells, fault = _cells_of(where, printed)
    if all(cell is None for cell in cells):
        return None
    if [text_of(cell) for cell in cells[: len(header)]] == header:
        raise ListRefusedError(list_code, f"the header row is repeated in {where}")
    if any(cell is not None for cell in cells[len(header) :]):
        fault = fault or RowRefusedError(where, f"cells beyond the {len(header)} of the header")
    if fault is not None and not notes_are_taken():
        raise fault
    cells += [None] * (len(header) - len(cells))
    parts = dict(zip(header, cells, strict=False))
    return Row(where, parts, fault=None if fault is None else fault.reason)


def _cells_of(where: str, printed: _Cells) -> tuple[list[Cell], RowRefusedError | None]:
    """Return the cells, and the first fault in one of them, which then counts as empty."""
    cells, fault = list[Cell](), None
    for each in printed:
        try:
            cells.append(_cell(where, each))
        except RowRefusedError as error:
            cells.append(None)
            fault = fault or error
    return cells, fault


def _cell(where: str, value: object) -> Cell:
    if isinstance(value, str):
        return _text(where, value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool | int | float | datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, _MIDNIGHT)
    if isinstance(value, time | timedelta):
        raise RowRefusedError(where, f"a cell holds a time of day or a duration: {value}")
    raise RowRefusedError(where, "a cell holds a formula")


def _text(where: str, value: str) -> str | None:
    if value.startswith("="):
        raise RowRefusedError(where, f"a cell holds a formula: {value[:60]}")
    if value in _ERRORS:
        raise RowRefusedError(where, f"a cell holds an error: {value}")
    return value.replace("\r\n", "\n").replace("\r", "\n") if value.strip() else None
