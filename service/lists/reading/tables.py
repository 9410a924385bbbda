"""XLSX workbooks with one table in them, read strictly and row by row."""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO

import msgspec
from openpyxl import load_workbook

from service.errors import ListRefusedError, RowRefusedError
from service.lists.reading.files import MAX_UNPACKED_BYTES, GivenFile

# --- The strict reader: a record is taken apart by name and then closed, so nothing goes unread.


def doubles(names: Iterable[str]) -> list[str]:
    """The names that stand more than once, each once, in the order of their first place."""
    return [name for name, times in Counter(names).items() if times > 1]


class Row[T]:
    """One record of a list file: a CSV row, or the children of an XML element by their tag.

    Every part is taken by its name, once; `close` refuses what nobody took. JSON records get the
    same strictness from structs that forbid unknown fields, see `refusal_of`.
    """

    def __init__(self, where: str, parts: Mapping[str, T]) -> None:
        self.where = where
        self._parts = dict(parts)

    def take(self, name: str) -> T:
        """The part of that name.

        Raises:
            RowRefusedError: the record has no such part.
        """
        try:
            return self._parts.pop(name)
        except KeyError:
            raise RowRefusedError(self.where, f"{name!r} is missing") from None

    def peek(self, name: str) -> T:
        """The part of that name, left in place: for what a whole file must be read for first."""
        part = self.take(name)
        self._parts[name] = part
        return part

    def find(self, name: str) -> T | None:
        """The part of that name, None where the publisher leaves it out."""
        return self._parts.pop(name, None)

    def close(self, ignore: Collection[str] = ()) -> None:
        """End the record; `ignore` are parts known to say nothing of the party.

        Raises:
            RowRefusedError: a part was not taken, so the publisher's format has grown.
        """
        unread = [name for name in self._parts if name not in ignore]
        if unread:
            raise RowRefusedError(self.where, f"unknown part {', '.join(map(repr, unread))}")


def refusal_of(error: msgspec.ValidationError, where: str = "") -> RowRefusedError:
    """A complaint of msgspec as ours: the path it names becomes the place, after `where`."""
    reason, _, path = str(error).partition(" - at `$")
    place = path.removesuffix("`").removeprefix(".")
    return RowRefusedError(", ".join(filter(None, (where, place))) or "the file", reason)


def filled(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts trimmed, without the blank ones, in order and without exact repeats."""
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


# --- CSV list files with a header, read strictly.

# A cell may hold the whole history of a denial order; 1 MB is far beyond any of them.
LONGEST_CELL = 1_000_000
_ENDS = ("\n", "\r", "\x1a")
# The columns of all our lists that hold a party's names, by a word of their headings.
_NAMES = re.compile("name|alias|known as|名", re.IGNORECASE)


def read_rows(
    list_code: str,
    text: str,
    columns: Collection[str],
    *,
    delimiter: str = ",",
    may_lack: Collection[str] = (),
    first_line: int = 1,
) -> Iterator[Row[str]]:
    """The records below the header one by one, each with its place as `line 12`; cells as printed.

    `columns` are all that the format has, in any order; those of `may_lack` need not be there.
    `first_line` is the number of the header's line in the file, where something stands above it.
    Lines with nothing on them are skipped. A file is known to be good only once the last record
    was read.

    Raises:
        ListRefusedError: the first line is no header; the header lacks a column, has a new one
            or one twice, stands in the file again; a record has too few or too many cells; a
            quoted cell does not end; the last record ends without a line break, and so that its
            last cell may be cut (`_check_last_cell`). A file cut exactly between two records
            cannot be told from a whole one: that is for whoever compares an edition with the one
            before it.
    """
    records = _csv_records(text, delimiter, first_line)
    try:
        where, printed = next(records, ("", list[str]()))
        header = [_bare(name) for name in printed]
        _check_is_header(list_code, where, header, columns)
        check_header(list_code, header, columns, may_lack)
        ends = list[str]()
        for where, cells in records:
            yield _csv_row(list_code, where, header, cells)
            ends.append(cells[-1])
        if not text.endswith(_ENDS):
            _check_last_cell(list_code, text, header, ends)
    except csv.Error as error:
        raise ListRefusedError(list_code, f"not readable as CSV: {error}") from None


def check_header(
    list_code: str, header: list[str], columns: Collection[str], may_lack: Collection[str] = ()
) -> None:
    """Refuse a header that is not of these columns, naming what is wrong with it.

    Raises:
        ListRefusedError: a column is missing, unknown or there twice.
    """
    faults = {
        "missing column": [name for name in columns if name not in {*header, *may_lack}],
        "unknown column": [name for name in header if name not in columns],
        "column twice": sorted(doubles(header)),
    }
    for fault, names in faults.items():
        if names:
            raise ListRefusedError(list_code, f"{fault}: {', '.join(names)}"[:500])


def _check_is_header(
    list_code: str, where: str, header: list[str], columns: Collection[str]
) -> None:
    """Where another line stands in the header's place, all its columns would be called missing."""
    if header and not any(name in columns for name in header):
        begins, missing = " ".join(header)[:60], ", ".join(columns)
        reason = f"{where} is not the header, it begins {begins!r}; missing column: {missing}"
        raise ListRefusedError(list_code, reason[:500])


def _check_last_cell(
    list_code: str, text: str, header: Sequence[str], ends: Sequence[str]
) -> None:
    """Refuse a file whose last record, ended by nothing, may end within its last cell.

    Some publishers leave out the last line break. A cell that its quote closes is whole, and so
    are the other cells of its record. One without quotes is taken for whole unless it is a name,
    the file puts that column in quotes, it is shorter than each other cell of its column, or a
    number below them all, as any number becomes that loses a digit where all are of one size. A
    cut that none of this shows costs the end of that one cell, never a name. Where quotes stand
    within a quoted cell, a cut between two of them looks like its end.
    """
    if not ends:
        raise ListRefusedError(list_code, "the file is cut off: it ends within its header")
    column, (*others, last) = header[-1], ends
    if text.endswith(_quoted(last)):
        return
    if _NAMES.search(column) or _quotes_last_column(text) or _is_less(last, others):
        reason = f"the last record may be cut off: it ends in {column!r} without a line break"
        raise ListRefusedError(list_code, reason)


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""'))


def _quotes_last_column(text: str) -> bool:
    """Whether the header has quotes around it, which it does not need."""
    return text.splitlines()[0].rstrip().endswith('"')


def _is_less(last: str, others: Sequence[str]) -> bool:
    """Whether a cell is less than each other of its column; of one alone, whether it is a number.

    An entry's number may be all that says whose name it is.
    """
    if not others:
        return last.isdecimal()
    if all(map(str.isdecimal, (last, *others))):
        return int(last) < min(map(int, others))
    return len(last.strip()) < min(len(other.strip()) for other in others)


def _bare(cell: str) -> str:
    """The cell trimmed, also of the mark that a file joined to another begins with.

    Behind a mark quotes do not quote any more.
    """
    return cell.strip().removeprefix("\ufeff").strip(' "')


def _csv_records(text: str, delimiter: str, first_line: int) -> Iterator[tuple[str, list[str]]]:
    """The records, each with the line it begins in."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first_line
    for cells in reader:
        if cells:
            yield f"line {line}", cells
        line = reader.line_num + first_line


def _csv_row(list_code: str, where: str, header: list[str], cells: list[str]) -> Row[str]:
    if _bare(cells[0]) == header[0] and [_bare(cell) for cell in cells] == header:
        raise ListRefusedError(list_code, f"the header stands again in {where}")
    if len(cells) != len(header):
        reason = f"{where} has {len(cells)} of {len(header)} cells"
        raise ListRefusedError(list_code, reason)
    return Row(where, dict(zip(header, cells, strict=True)))


type Cell = str | int | float | bool | datetime | None
type _Cells = tuple[object, ...]

# DFAT's list has 210,000 cells and OFSI's 550,000; a sheet made to be a bomb has billions.
MAX_CELLS = 5_000_000
_ZIP = b"PK\x03\x04"
_BOOK = "xl/workbook.xml"
_WORDS_AT = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
# Excel keeps texts in the order in which they first came in, so a header that was renamed since
# may stand behind the names: DDTC's 787 rows have some 100 kB of them.
_PEEKED_BYTES = 1_048_576
_CHUNK_BYTES = 1_048_576
_DOCTYPE = b"<!DOCTYPE"
_MIDNIGHT = time(0)
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
# What XML cannot hold is written as `_x000D_` in a workbook.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What openpyxl, zipfile and the XML parser raise over a damaged workbook.
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


class Sheet(msgspec.Struct, frozen=True):
    """The table of a workbook: the cells of the rows `above` its header, and its records."""

    above: tuple[tuple[Cell, ...], ...]
    rows: list[Row[Cell]]


def is_workbook_with(file: GivenFile, words: Collection[str]) -> bool:
    """Whether the file is an XLSX workbook that prints one of the words near its beginning.

    Only for telling formats apart: looks at no more than the first texts, and never raises.
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
    above: int = 0,
) -> Sheet:
    """The one table of a workbook whose header stands below `above` rows of other things.

    Records have their place as `row 12`. Texts come trimmed of nothing, numbers and booleans as
    such, a day as a datetime at midnight, an empty cell as None. Rows with nothing in them are
    skipped. A formula in a column of `may_compute` counts as the result that the file keeps of it.

    Raises:
        ListRefusedError: not readable as a workbook, too large, without a sheet that has one of
            the columns, or the header lacks a column, has a new one or one twice.
        RowRefusedError: a cell holds a formula, one without its result, an error or a duration,
            or a record has cells beyond the header.
    """
    try:
        check_archive(list_code, content)
        with warnings.catch_warnings():
            # openpyxl tells of styles and validations that it does not read
            warnings.simplefilter("ignore", UserWarning)
            return _sheet(list_code, content, (columns, may_lack, may_compute), above)
    except (ListRefusedError, RowRefusedError):
        raise
    except BROKEN as error:
        what = " ".join(str(error).split())[:200]
        raise ListRefusedError(list_code, f"not readable as a workbook: {what}") from None


def check_archive(list_code: str, content: bytes) -> None:
    """Refuse a workbook that unpacks to too much or declares entities anywhere.

    Raises:
        ListRefusedError: It does.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if size > MAX_UNPACKED_BYTES:
            reason = f"the workbook unpacks to {size:,} bytes; {MAX_UNPACKED_BYTES:,} may be"
            raise ListRefusedError(list_code, reason)
        for member in members:
            with archive.open(member) as stream:
                if _declares(stream):
                    reason = f"{member.filename} of the workbook declares a document type"
                    raise ListRefusedError(list_code, reason)


def text_of(cell: Cell) -> str:
    """A cell as text, trimmed: "" where it is empty, a whole number without a point."""
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
    """Whether a document type is declared, in any encoding; openpyxl would read over it."""
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
    above: int,
) -> Sheet:
    columns, may_lack, may_compute = header_of
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            records = _records(list_code, sheet.iter_rows(values_only=True))
            first = [next(records, (0, ())) for _ in range(above + 1)]
            header = [text_of(_cell("the header", each)) for each in first[-1][1]]
            if not any(name in columns for name in header):
                continue
            header = header[: max(i for i, name in enumerate(header, 1) if name)]
            check_header(list_code, header, columns, may_lack)
            computed = {place for place, name in enumerate(header) if name in may_compute}
            if computed:
                records = _with_results(content, sheet.title, computed, records)
            rows = [row for record in records if (row := _row(header, record)) is not None]
            return Sheet(tuple(_plain(cells) for _, cells in first[:-1]), rows)
    finally:
        book.close()
    reason = f"no sheet of the workbook has a column {' or '.join(list(columns)[:2])}"
    raise ListRefusedError(list_code, reason)


def _records(list_code: str, rows: Iterator[_Cells]) -> Iterator[tuple[int, _Cells]]:
    """The rows with their numbers, while they are not too many."""
    count = 0
    for number, cells in enumerate(rows, start=1):
        count += max(1, len(cells))
        if count > MAX_CELLS:
            raise ListRefusedError(list_code, f"the sheet has more than {MAX_CELLS:,} cells")
        yield number, cells


def _with_results(
    content: bytes, title: str, computed: Collection[int], records: Iterator[tuple[int, _Cells]]
) -> Iterator[tuple[int, _Cells]]:
    """The records, the formulas at these places replaced by the results that the file keeps."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        sheet = book[title]
        sheet.reset_dimensions()
        kept = enumerate(sheet.iter_rows(values_only=True), start=1)
        for number, cells in records:
            results = next(each for place, each in kept if place == number)
            yield (
                number,
                tuple(
                    _result(f"row {number}", cell, results[place]) if place in computed else cell
                    for place, cell in enumerate(cells)
                ),
            )
    finally:
        book.close()


def _result(where: str, cell: object, result: object) -> object:
    """The cell, or the result that the file keeps of it where it is a formula."""
    if not (isinstance(cell, str) and cell.startswith("=")):
        return cell
    if result is None:
        raise RowRefusedError(where, f"the result of a formula is missing: {cell[:60]}")
    return result


def _plain(cells: _Cells) -> tuple[Cell, ...]:
    return tuple(_cell("above the header", each) for each in cells)


def _row(header: list[str], record: tuple[int, _Cells]) -> Row[Cell] | None:
    number, printed = record
    where = f"row {number}"
    cells = [_cell(where, each) for each in printed]
    if all(cell is None for cell in cells):
        return None
    if any(cell is not None for cell in cells[len(header) :]):
        raise RowRefusedError(where, f"cells beyond the {len(header)} of the header")
    if [text_of(cell) for cell in cells[: len(header)]] == header:
        raise RowRefusedError(where, "the header stands again")
    cells += [None] * (len(header) - len(cells))
    return Row(where, dict(zip(header, cells, strict=False)))


def _cell(where: str, value: object) -> Cell:
    if value is None or isinstance(value, bool | int | float | datetime):
        return value
    if isinstance(value, str):
        return _text(where, value)
    if isinstance(value, date):
        return datetime.combine(value, _MIDNIGHT)
    if isinstance(value, time | timedelta):
        raise RowRefusedError(where, f"a time of day or duration stands in a cell: {value}")
    raise RowRefusedError(where, "a cell holds a formula")


def _text(where: str, value: str) -> str | None:
    if value.startswith("="):
        raise RowRefusedError(where, f"a cell holds a formula: {value[:60]}")
    if value in _ERRORS:
        raise RowRefusedError(where, f"a cell holds an error: {value}")
    text = _ESCAPE.sub(_unescaped, value) if "_x" in value else value
    return text if text.strip() else None


def _unescaped(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter.isprintable() or letter == "\n" else ""
