"""Tables as JSON lines: one object a line, its fields the columns."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn, cast

from service.model.errors import BadInputError
from service.parse.rows import doubles
from service.sheet.encodings import read_text
from service.sheet.table import (
    EMPTY,
    MAX_ROWS,
    CellValue,
    HowToRead,
    Table,
    TableRow,
    named_columns,
)
from service.sheet.values import cell_of

_LONGEST_SAID = 100


class _NotOneRowError(ValueError):
    """A line that may be JSON and is no row; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _TwiceError(_NotOneRowError):
    """A field stands twice in one object."""

    def __init__(self, field: str) -> None:
        super().__init__(f"field {field!r} stands twice")


class _NoNumberError(_NotOneRowError):
    """NaN or Infinity, which JSON does not have."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word} is no number")


def open_jsonl(content: bytes, how: HowToRead) -> Table:
    """A table out of JSON lines; its columns are all fields, in the order of appearance.

    Raises:
        BadInputError: It is no text, or no line has an object.
    """
    read = read_text(content, how.encoding)
    lines = read.text.split("\n")
    if len(lines) > MAX_ROWS:
        raise BadInputError("file", f"has more than {MAX_ROWS:,} lines")
    names = dict.fromkeys(
        name for row in _rows(lines, None) if row.fault is None for name in row.cells
    )
    if not names:
        raise BadInputError("file", "no line of it is a JSON object")
    columns = named_columns(list(names))
    return Table(
        "jsonl", f"JSON lines, {read.encoding}", columns, 0, lambda: _rows(lines, columns)
    )


def _rows(lines: list[str], columns: tuple[str, ...] | None) -> Iterator[TableRow]:
    """The lines that are not blank; with `columns`, each row has all of them."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = _row(number, line)
            if columns is None or row.fault is not None:
                yield row
            else:
                cells = {name: row.cells.get(name, EMPTY) for name in columns}
                yield TableRow(number, cells)


def _row(number: int, line: str) -> TableRow:
    try:
        read = cast("CellValue", _loads(line))
    except _NotOneRowError as error:
        return TableRow(number, {}, error.reason)
    except RecursionError:
        return TableRow(number, {}, "is nested too deeply")
    except ValueError as error:
        return TableRow(number, {}, f"is not readable as JSON: {error}"[:_LONGEST_SAID])
    if not isinstance(read, dict):
        return TableRow(number, {}, "is no JSON object")
    cells = {name: EMPTY if value is None else cell_of(value) for name, value in read.items()}
    return TableRow(number, cells)


def _loads(line: str) -> object:
    return cast(
        "object",
        json.loads(line, object_pairs_hook=_once, parse_float=Decimal, parse_constant=_no_number),
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _TwiceError(doubles(name for name, _ in pairs)[0])
    return fields


def _no_number(word: str) -> NoReturn:
    raise _NoNumberError(word)
