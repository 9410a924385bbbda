"""CSV list files with a header, read strictly."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence

from service.model.errors import ListRefusedError
from service.parse.rows import Row, doubles

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
    records = _records(text, delimiter, first_line)
    try:
        where, printed = next(records, ("", list[str]()))
        header = [_bare(name) for name in printed]
        _check_is_header(list_code, where, header, columns)
        check_header(list_code, header, columns, may_lack)
        ends = list[str]()
        for where, cells in records:
            yield _row(list_code, where, header, cells)
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


def _records(text: str, delimiter: str, first_line: int) -> Iterator[tuple[str, list[str]]]:
    """The records, each with the line it begins in."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first_line
    for cells in reader:
        if cells:
            yield f"line {line}", cells
        line = reader.line_num + first_line


def _row(list_code: str, where: str, header: list[str], cells: list[str]) -> Row[str]:
    if _bare(cells[0]) == header[0] and [_bare(cell) for cell in cells] == header:
        raise ListRefusedError(list_code, f"the header stands again in {where}")
    if len(cells) != len(header):
        reason = f"{where} has {len(cells)} of {len(header)} cells"
        raise ListRefusedError(list_code, reason)
    return Row(where, dict(zip(header, cells, strict=True)))
