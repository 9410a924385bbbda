"""OFAC's CSV files: several tables without headers, told apart by their number of columns."""

import contextlib
import csv
import io
from collections.abc import Iterator

import msgspec

from service.model.errors import ListRefusedError
from service.parse.csv_rows import LONGEST_CELL
from service.parse.files import GivenFile
from service.parse.rows import Row
from service.parse.texts import read_text
from service.parse.us_ofac.lists import SDN, source_of

# The byte that ends each file; its absence is how a cut file is known.
_END = "\x1a"
_NOTHING = "-0-"
_PROGRAMME_MARK = "] ["
# Enough to see whose file it is: twice the primary file of the non-SDN lists.
_LONGEST_BEGINNING = 500_000


class TableKind(msgspec.Struct, frozen=True):
    """One of the four tables: its name as people know it, and its columns."""

    name: str
    columns: tuple[str, ...]


PRIMARY = TableKind(
    "the primary file",
    (
        *("ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type"),
        *("Tonnage", "GRT", "Vess_flag", "Vess_owner", "Remarks"),
    ),
)
ALIASES = TableKind("ALT", ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"))
ADDRESSES = TableKind("ADD", ("ent_num", "Add_num", "Address", "City", "Country", "Add_remarks"))
COMMENTS = TableKind("COMMENTS", ("ent_num", "Comments"))
_KINDS = {len(kind.columns): kind for kind in (PRIMARY, ALIASES, ADDRESSES, COMMENTS)}


class Table(msgspec.Struct, frozen=True):
    """The rows of one file, each with its party's number as part of its place."""

    kind: TableKind
    rows: tuple[tuple[str, Row[str]], ...]


def kind_of(file: GivenFile) -> TableKind | None:
    """Which table a file begins like: a number first, and as many cells as a table has."""
    cells = _first_cells(file)
    return _KINDS.get(len(cells)) if cells and cells[0].isdecimal() else None


def is_table(file: GivenFile, *, source: str) -> bool:
    """Whether a file is a table of this source, as far as its beginning shows.

    Only the primary file shows its programmes; the other tables may be of either source, and so
    may a primary file whose entries do not tell.
    """
    kind = kind_of(file)
    if kind is not PRIMARY:
        return kind is not None
    return source_of(_programmes_of(file)) in {None, source}


def _programmes_of(file: GivenFile) -> Iterator[tuple[str, ...]]:
    place = PRIMARY.columns.index("Program")
    text = file.content[:_LONGEST_BEGINNING].decode("utf-8", "replace")
    with contextlib.suppress(csv.Error):
        for cells in csv.reader(io.StringIO(text, newline="")):
            if len(cells) > place:
                yield split_programmes(cells[place])


def is_sdn_without_names(file: GivenFile) -> bool:
    """Whether a file is one of those that make the SDN List without its ALT file."""
    kind = kind_of(file)
    return kind is COMMENTS or (kind is PRIMARY and is_table(file, source=SDN))


def split_programmes(printed: str) -> tuple[str, ...]:
    """`SDGT] [NS-PLC` → `SDGT` and `NS-PLC`."""
    return tuple(filter(None, map(str.strip, printed.split(_PROGRAMME_MARK))))


def read_table(source: str, file: GivenFile) -> Table:
    """A whole table; a cell that holds only `-0-` is blank.

    Raises:
        ListRefusedError: no table, no UTF-8, an unpaired quote, a row with too few or too many
            cells, or no end mark, so the file may be cut. COMMENTS had none before 2022; they
            are whole if every remark that goes on there does, and the last is closed by its quote
            or by a line break.
    """
    text = read_text(source, file.content)
    kind = kind_of(file)
    if kind is None:
        reason = f"{file.name} does not begin with a row of {_counts()} cells and a number"
        raise ListRefusedError(source, reason)
    body, mark, behind = text.partition(_END)
    if behind.strip():
        raise ListRefusedError(source, f"{file.name} goes on behind its end mark (0x1A)")
    if not mark and not (kind is COMMENTS and body.endswith(("\n", '"'))):
        reason = f"{file.name} is cut off: its end mark (0x1A, the last byte) is missing"
        raise ListRefusedError(source, reason)
    return Table(kind, tuple(_rows(source, file.name, kind, body)))


def _rows(source: str, name: str, kind: TableKind, body: str) -> list[tuple[str, Row[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(body, newline=""), strict=True)
    width = len(kind.columns)
    rows = list[tuple[str, Row[str]]]()
    try:
        for cells in reader:
            if len(cells) != width:
                reason = f"{name}, line {reader.line_num}: {len(cells)} of {width} cells"
                raise ListRefusedError(source, reason)
            number = cells[0].strip()
            if not number.isdecimal():
                reason = f"{name}, line {reader.line_num}: {number[:40]!r} is no entry's number"
                raise ListRefusedError(source, reason)
            texts = dict(zip(kind.columns, map(_text, cells), strict=True))
            rows.append((number, Row(f"entry {number}", texts)))
    except csv.Error as error:
        reason = f"{name}, line {reader.line_num}: not readable as CSV: {error}"
        raise ListRefusedError(source, reason) from None
    return rows


def _text(cell: str) -> str:
    """The cell with its blanks: one at the end of a cut remark belongs between two words."""
    return "" if cell.strip() == _NOTHING else cell


def _first_cells(file: GivenFile) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(file.head)), list[str]())
    except csv.Error:
        return []


def _counts() -> str:
    return ", ".join(map(str, sorted(_KINDS)))
