"""Opening a table, whatever its kind."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from abeyance_screening.engine.tables.delimited import open_csv
from abeyance_screening.engine.tables.files import ANY_SIZE, WorkbookLimits
from abeyance_screening.engine.tables.json_lines import open_jsonl
from abeyance_screening.engine.tables.table import HowToRead, Table, TableKind, check_size
from abeyance_screening.engine.tables.workbook import open_workbook
from abeyance_screening.primitives.errors import BadInputError

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def open_table(
    kind: TableKind, content: bytes, how: HowToRead, room: WorkbookLimits = ANY_SIZE
) -> Table:
    """Open a file's content as a table; a workbook must be within the limits of `room`.

    Raises:
        BadInputError: The file is empty, too large, or not a readable file of this kind, or a
            setting of `how` does not apply to the kind.
    """
    check_size(content)
    _check_how(kind, how)
    if content.startswith(_OLD_EXCEL):
        raise BadInputError("file", "is a workbook in the old format; save it as .xlsx")
    if kind != "xlsx" and content.startswith(_ZIP):
        raise BadInputError("file", f"is a workbook or a zip file, not {kind}")
    if kind == "xlsx":
        return open_workbook(content, how, room)
    return _OPEN_TEXT[kind](content, how)


def _check_how(kind: TableKind, how: HowToRead) -> None:
    """Refuse settings that apply only to other kinds of file."""
    for field, value, kinds in (
        ("sheet", how.sheet, ("xlsx",)),
        ("encoding", how.encoding, ("csv", "jsonl")),
        ("delimiter", how.delimiter, ("csv",)),
    ):
        if value is not None and kind not in kinds:
            reason = f"applies only to {' or '.join(kinds)}, and this file is {kind}"
            raise BadInputError(field, reason)


_OPEN_TEXT: Mapping[TableKind, Callable[[bytes, HowToRead], Table]] = MappingProxyType(
    {"csv": open_csv, "jsonl": open_jsonl}
)
