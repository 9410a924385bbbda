"""A table opened by its kind, and how it was read, in words."""

from collections.abc import Callable, Mapping
from itertools import islice
from types import MappingProxyType

from service.model.errors import BadInputError
from service.sheet.delimited import open_csv
from service.sheet.headers import FIELDS
from service.sheet.lines import open_jsonl
from service.sheet.mapping import ColumnMap
from service.sheet.room import ANY_SIZE, Room
from service.sheet.table import HowToRead, Table, TableKind, check_size
from service.sheet.workbook import open_workbook

_OPEN_TEXT: Mapping[TableKind, Callable[[bytes, HowToRead], Table]] = MappingProxyType(
    {"csv": open_csv, "jsonl": open_jsonl}
)

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def open_table(kind: TableKind, content: bytes, how: HowToRead, room: Room = ANY_SIZE) -> Table:
    """A table out of a file's content; of a workbook, one that holds no more than `room`.

    Raises:
        BadInputError: It is empty, too large, or cannot be read as what it is said to be.
    """
    check_size(content)
    _check_how(kind, how)
    if content.startswith(_OLD_EXCEL):
        raise BadInputError("file", "is a workbook of the old kind; save it as .xlsx")
    if kind != "xlsx" and content.startswith(_ZIP):
        raise BadInputError("file", f"is a workbook or a zip file, and no {kind}")
    if kind == "xlsx":
        return open_workbook(content, how, room)
    return _OPEN_TEXT[kind](content, how)


def _check_how(kind: TableKind, how: HowToRead) -> None:
    """Refuses what is said of another kind of file than this."""
    for field, said, kinds in (
        ("sheet", how.sheet, ("xlsx",)),
        ("encoding", how.encoding, ("csv", "jsonl")),
        ("delimiter", how.delimiter, ("csv",)),
    ):
        if said is not None and kind not in kinds:
            raise BadInputError(field, f"goes with {' or '.join(kinds)}, and this is {kind}")


def read_as(table: Table, mapped: ColumnMap) -> tuple[str, ...]:
    """How the table was read, a line each: the file, then each field with its columns."""
    lines = [table.described]
    for field in FIELDS:
        columns = mapped.columns_of(field)
        if columns:
            guess = " (guessed)" if field in mapped.guessed else ""
            lines.append(f"{field.replace('_', ' ')}{guess}: {', '.join(columns)}")
    if mapped.unread:
        lines.append(f"not read: {', '.join(mapped.unread)}")
    return tuple(lines)


def sample(table: Table, most: int) -> tuple[tuple[str, ...], ...]:
    """The first rows as texts, in the order of the columns; unreadable ones left out."""
    readable = (row for row in table.rows() if row.fault is None)
    return tuple(
        tuple(_text(row.cells[column].value) for column in table.columns)
        for row in islice(readable, most)
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
