"""What stands in a cell, as one text or as several."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from service.model.errors import BadInputError
from service.sheet.table import Cell, CellValue

_MOST_DIGITS = 200


def one_text(cell: Cell, column: str) -> str | None:
    """A cell as one text, trimmed and on one line; None where it is empty.

    Raises:
        BadInputError: It cannot be read, or holds a list or an object; the field is the column.
    """
    if cell.fault is not None:
        raise BadInputError(column, cell.fault)
    match cell.value:
        case None:
            return None
        case str():
            return " ".join(cell.value.split()) or None
        case bool():
            return "true" if cell.value else "false"
        case int() | float() | Decimal():
            return _number(cell.value, column)
        case _:
            raise BadInputError(column, "holds a list or an object where one text belongs")


def texts_of(cell: Cell, column: str, parted_by: str) -> tuple[str, ...]:
    """A cell as several texts: those of a list, or one text parted by any of these signs.

    Raises:
        BadInputError: It cannot be read, or holds an object; the field is the column.
    """
    if cell.fault is not None:
        raise BadInputError(column, cell.fault)
    if isinstance(cell.value, list):
        return tuple(_of_list(cell.value, column))
    if isinstance(cell.value, str):
        parts = re.split(f"[{re.escape(parted_by)}]", cell.value)
        return tuple(text for part in parts if (text := " ".join(part.split())))
    text = one_text(cell, column)
    return () if text is None else (text,)


def cell_of(value: object) -> Cell:
    """A cell of a value out of a list of JSON, which holds nothing that a cell may not."""
    return Cell(cast("CellValue", value))


def _of_list(values: list[object], column: str) -> Iterator[str]:
    for value in values:
        text = one_text(cell_of(value), column)
        if text is not None:
            yield text


def _number(value: float | Decimal, column: str) -> str:
    """Digits as they are written, whole numbers without a point.

    Raises:
        BadInputError: The digits would be more than any number of a party has: `1e999999999`.
    """
    if isinstance(value, Decimal) and abs(value.adjusted()) > _MOST_DIGITS:
        raise BadInputError(column, f"holds a number of more than {_MOST_DIGITS} digits")
    whole = int(value)
    return (
        str(whole) if whole == value else format(value, "f" if isinstance(value, Decimal) else "")
    )
