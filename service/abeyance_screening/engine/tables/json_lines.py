"""Tables of JSON lines, an object a line."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn, cast

from abeyance_screening.engine.lists.reading.records import doubles
from abeyance_screening.engine.tables.files import read_text
from abeyance_screening.engine.tables.table import (
    EMPTY,
    MAX_ROWS,
    CellValue,
    HowToRead,
    Table,
    TableRow,
    cell_of,
    named_columns,
)
from abeyance_screening.primitives.errors import BadInputError

# The most characters of a JSON error that a fault quotes.
_LONGEST_REASON = 100


class _NotOneRowError(ValueError):
    """A line that may be JSON but is no row; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _TwiceError(_NotOneRowError):
    """A field that is used twice in one object."""

    def __init__(self, field: str) -> None:
        super().__init__(f"field {field!r} is used twice")


class _NoNumberError(_NotOneRowError):
    """NaN or Infinity, which JSON does not have."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word} is no number")


def open_jsonl(content: bytes, how: HowToRead) -> Table:
    """Open JSON lines as a table; its columns are all fields, in order of first appearance."""
    read = read_text(content, how.encoding)
    lines = read.text.removesuffix("\n").split("\n")
    if len(lines) > MAX_ROWS:
        raise BadInputError("file", f"has more than {MAX_ROWS:,} lines")
    names = dict.fromkeys(
        name for row in _json_rows(lines, None) if row.fault is None for name in row.cells
    )
    if not names:
        raise BadInputError("file", "has no line that is a JSON object")
    columns = named_columns(list(names))
    return Table(
        kind="jsonl",
        described=f"JSON lines, {read.encoding}",
        columns=columns,
        rows=lambda: _json_rows(lines, columns),
    )


def json_row(number: int, line: str) -> TableRow:
    """Return the row of a line of JSON, with the cells that the line has."""
    try:
        read = cast("CellValue", _loads(line))
    except _NotOneRowError as error:
        return TableRow(number, {}, error.reason)
    except RecursionError:
        return TableRow(number, {}, "is nested too deeply")
    except ValueError as error:
        return TableRow(number, {}, f"is not readable as JSON: {error}"[:_LONGEST_REASON])
    if not isinstance(read, dict):
        return TableRow(number, {}, "is no JSON object")
    cells = {name: EMPTY if value is None else cell_of(value) for name, value in read.items()}
    return TableRow(number, cells)


def _json_rows(lines: list[str], columns: tuple[str, ...] | None) -> Iterator[TableRow]:
    """Yield a row for each line that is not blank; with `columns`, each row has all of them."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            row = json_row(number, line)
            if columns is None or row.fault is not None:
                yield row
            else:
                cells = {name: row.cells.get(name, EMPTY) for name in columns}
                yield TableRow(number, cells)


def _loads(line: str) -> object:
    return cast(
        "object",
        json.loads(
            line, object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_no_number
        ),
    )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _TwiceError(doubles(name for name, _ in pairs)[0])
    return fields


def _no_number(word: str) -> NoReturn:
    raise _NoNumberError(word)
