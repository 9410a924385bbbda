"""XLSX workbooks with one table in them, read strictly and row by row."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO

import msgspec
from openpyxl import load_workbook

from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.csv_rows import check_header
from service.parse.files import MAX_UNPACKED_BYTES, GivenFile
from service.parse.rows import Row

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
