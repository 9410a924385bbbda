"""The layouts of the list: those of 2020 and since 2022, as CSV and as a workbook."""

import csv
import re
from collections.abc import Callable
from datetime import date
from functools import partial

import msgspec

from abeyance_screening.engine.lists.reading.days import read_day_first
from abeyance_screening.engine.lists.reading.records import Row
from abeyance_screening.engine.lists.reading.tables import read_rows, read_sheet, text_of
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

PARTS = tuple(f"Name {number}" for number in range(1, 7))
LINES = tuple(f"Address {number}" for number in range(1, 7))
# The first row of every file, above the header.
FIRST_WORDS = "Last Updated"
_BOTH = frozenset(
    {*PARTS, *LINES, "Title", "DOB", "Town of Birth", "Country of Birth", "Nationality"}
    | {"Passport Details", "Position", "Post/Zip Code", "Country", "Other Information"}
    | {"Group Type", "Alias Type", "Regime", "Listed On", "Last Updated", "Group ID"}
)
_OF_2020 = _BOTH | {"NI Number"}
_SINCE_2022 = _BOTH | {
    "Name Non-Latin Script",
    "Non-Latin Script Type",
    "Non-Latin Script Language",
    "Passport Number",
    "National Identification Number",
    "National Identification Details",
    "Alias Quality",
    "UK Sanctions List Date Designated",
}
# Only the layout since 2022 has these; one is enough to recognise it if the others are missing.
_SIGNS_OF_2022 = frozenset({"Name Non-Latin Script", "Alias Quality", "Passport Number"})
# The CSV file of 2022 shortens what the workbook of the same day spells out.
_SPELT_OUT = {"NI Details": "National Identification Details"}
_COLUMNS = _OF_2020 | _SINCE_2022 | _SPELT_OUT.keys()
_MARK = b"\xef\xbb\xbf"
_LINE_END = re.compile(r"\r\n?|\n")
_DAY = re.compile(r"\d{2}/\d{2}/\d{4}")


class LayoutRow(Row[str]):
    """A row of either layout, under the column names of the newer one."""

    def cell(self, column: str) -> str:
        """Return the cell trimmed, "" where it is blank or the layout has no such column."""
        return (self.find(column) or "").strip()


class PrintedRow(msgspec.Struct, frozen=True):
    """A row that is not read yet; `cell` returns what is printed in a column, "" for nothing."""

    where: str
    cell: Callable[[str], str]
    read: Callable[[], LayoutRow]


def read_csv(list_code: str, content: bytes) -> tuple[date, list[PrintedRow]]:
    """Return the day in the first row, and the records below the header.

    The file is UTF-8, or Windows-1252, in which OFSI published until 2020.

    Raises:
        ListRefusedError: neither encoding, no day in the first row, a column missing, new or
            twice, a record cut off.
    """
    refuse_other_files(list_code, content)
    first, rest = _split_line(_decode(list_code, content))
    published_on = _published_on(list_code, _cells(list_code, first))
    header = _cells(list_code, _split_line(rest)[0])
    if header[:1] == [FIRST_WORDS] and len(header) > 1 and _DAY.fullmatch(header[1].strip()):
        raise ListRefusedError(list_code, "the first row is repeated in line 2")
    rows = read_rows(list_code, rest, _layout(header), first_line=2)
    return published_on, [_printed(row, str.strip) for row in rows]


def read_workbook(list_code: str, content: bytes) -> tuple[date, list[PrintedRow]]:
    """Return the day in the first row, and the records below the header.

    Raises:
        ListRefusedError: not readable as a workbook, no day in the first row, a column missing,
            new or twice.
        RowRefusedError: a cell holds a formula or an error, and nobody takes notes.
    """
    sheet = read_sheet(list_code, content, sorted(_SINCE_2022), above=1)
    published_on = _published_on(list_code, [text_of(cell) for cell in sheet.above[0]])
    return published_on, [_printed(row, text_of) for row in sheet.rows]


def _split_line(text: str) -> tuple[str, str]:
    """Return the first line and the rest, with any system's line ends."""
    match = _LINE_END.search(text)
    return (text, "") if match is None else (text[: match.start()], text[match.end() :])


def _decode(list_code: str, content: bytes) -> str:
    if b"\x00" in content:
        raise ListRefusedError(list_code, "the file holds a NUL character")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if _is_rather_utf_8(content):
            reason = f"the file is damaged UTF-8 (line {line}, byte {error.start})"
            raise ListRefusedError(list_code, reason) from None
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        reason = f"the file is neither UTF-8 nor Windows-1252 (line {line})"
        raise ListRefusedError(list_code, reason) from None


def _is_rather_utf_8(content: bytes) -> bool:
    """Return whether a file is more likely damaged UTF-8 than Windows-1252.

    It is if it has a byte order mark, or if more of its letters beyond ASCII are valid UTF-8 than
    are not.
    """
    if content.startswith(_MARK):
        return True
    text = content.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return sum(not letter.isascii() for letter in text) - lost > lost


def _published_on(list_code: str, first: list[str]) -> date:
    """Return the day in the first row: `Last Updated,27/04/2020`."""
    words, printed, *others = [*(cell.strip() for cell in first), "", ""]
    as_expected = words == FIRST_WORDS and not any(others)
    try:
        day = read_day_first("the first row", FIRST_WORDS, printed) if as_expected else None
    except RowRefusedError as error:
        raise ListRefusedError(list_code, str(error)) from None
    if day is None:
        raise ListRefusedError(list_code, f"the first row does not say {FIRST_WORDS}: DD/MM/YYYY")
    return day


def _cells(list_code: str, line: str) -> list[str]:
    try:
        return next(csv.reader([line.replace("\ufeff", "")]), list[str]())
    except csv.Error as error:
        raise ListRefusedError(list_code, f"not readable as CSV: {error}") from None


def _layout(header: list[str]) -> list[str]:
    names = {name.strip() for name in header}
    if not names & _SIGNS_OF_2022:
        return sorted(_OF_2020)
    shortened = {long for short, long in _SPELT_OUT.items() if short in names}
    return sorted((_SINCE_2022 - shortened) | (_SPELT_OUT.keys() & names))


def _printed[T](row: Row[T], text: Callable[[T], str]) -> PrintedRow:
    def cell(name: str) -> str:
        printed = row.printed(name)
        return "" if printed is None else text(printed).strip()

    return PrintedRow(row.where, cell, partial(_record, row, text))


def _record[T](row: Row[T], text: Callable[[T], str]) -> LayoutRow:
    cells = {name: row.find(name) for name in _COLUMNS}
    row.close()
    printed = ((name, cell) for name, cell in cells.items() if cell is not None)
    return LayoutRow(row.where, {_SPELT_OUT.get(name, name): text(cell) for name, cell in printed})
