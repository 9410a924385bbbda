"""Where the header row of a table is, if it has one at all."""

import re
from collections.abc import Collection, Iterable, Sequence

from abeyance_screening.engine.tables.headers import field_of
from abeyance_screening.engine.tables.values import country_in, is_company
from abeyance_screening.primitives.errors import BadInputError

# The header row is searched in so many first rows; only titles of one cell each may precede it.
_TITLES = 20
# The first cell of DATEV's files: their first row says what they are, the second the columns.
_DATEV = frozenset({"EXTF", "DTVF"})
_BY_LETTER = re.compile(r"column [a-z]{1,3}", re.IGNORECASE)

type Row = tuple[int, Sequence[object]]


def header_at(first: Sequence[Row], columns: Collection[str]) -> tuple[int, list[str]]:
    """Return the number and the cells of the header row, without blank cells at its end.

    The header row is the first row with several cells, else the first row. A row of one cell
    above the former counts instead if it names one of `columns` or a name. DATEV's row on the file
    comes before it. A table whose first row is one like the others has no header row: its number
    is 0 and its cells are blank, as where `columns` are all letters (`column A`).
    """
    if not first:
        raise BadInputError("file", "has no rows")
    number, cells = _likeliest(first, columns)
    header = _texts(cells)
    below = [_texts(each) for place, each in first if place > number]
    if _is_by_letter(header, columns) or _is_one_of(header, below, columns):
        return 0, [""] * max(map(len, (header, *below)))
    return number, header


def names_a_party(header: Iterable[str], columns: Collection[str]) -> bool:
    """Return whether a header has one of these columns, or one that could be a name."""
    return any(each in columns or field_of(each) == "name" for each in header)


def _likeliest(first: Sequence[Row], columns: Collection[str]) -> Row:
    if _DATEV.intersection(map(str, first[0][1][:1])):
        return first[1] if first[1:] else first[0]
    wide = [each for each in first if len(_filled(each[1])) > 1]
    for number, cells in first[:_TITLES] if wide else ():
        named = _filled(cells)
        if names_a_party(named, columns):
            return number, cells
        if len(named) > 1:
            break
    return (wide or first)[0]


def _is_by_letter(header: Sequence[str], columns: Collection[str]) -> bool:
    return (
        bool(columns)
        and all(_BY_LETTER.fullmatch(each) for each in columns)
        and not any(each in columns for each in header)
        and all(header)
    )


def _is_one_of(
    header: Sequence[str], below: Sequence[Sequence[str]], columns: Collection[str]
) -> bool:
    """Return whether a row is like the rows below it, and so no header row.

    It is if at most one of its cells could be a header, and that one comes again below it
    (`Customer` as the kind of party), or another cell is a company, or a country as below.
    """
    if any(each in columns for each in header) or list(header) in [list(each) for each in below]:
        return False
    words = [place for place, each in enumerate(header) if field_of(each) is not None]
    if len(words) > 1:
        return False
    return any(
        _again(place, cell, below)
        if place in words
        else is_company(cell) or _is_country_as_below(place, cell, below)
        for place, cell in enumerate(header)
        if cell
    )


def _again(place: int, cell: str, below: Sequence[Sequence[str]]) -> bool:
    return any(cell.casefold() == each[place].casefold() for each in below if place < len(each))


def _is_country_as_below(place: int, cell: str, below: Sequence[Sequence[str]]) -> bool:
    cells = [each[place] for each in below if place < len(each) and each[place]]
    return bool(cells) and all(
        country_in(each) is not None and (each.isupper() or len(each) > len("USA"))
        for each in (cell, *cells[:3])
    )


def _filled(cells: Sequence[object]) -> list[str]:
    return [each for each in _texts(cells) if each]


def _texts(cells: Sequence[object]) -> list[str]:
    texts = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts
