"""Sheets: the cells of a workbook, with the formulas and errors that their values do not show."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from typing import IO, TYPE_CHECKING, cast
from xml.etree.ElementTree import Element

import msgspec
from defusedxml.ElementTree import fromstring

from abeyance_screening.engine.lists.reading.xml import events_in, local_name

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

type Place = tuple[int, int]
"""A row and a column, each from 0."""

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_FORMULA_OR_ERROR = re.compile(rb"<(?:\w+:)?f[\s/>]|\st\s*=\s*[\"']e[\"']")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_COLUMNS = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})\d")
_ROWS = re.compile(rb"\sr\s*=\s*[\"'][A-Z]{0,3}(\d+)")
# The library holds every cell up to the last row and column, filled or not: half a gigabyte.
_MOST_PLACES = 20_000_000


class OddCell(msgspec.Struct, frozen=True):
    """A cell with a formula (`=ROW()-1`), an error (`#REF!`), or a formula that gives an error."""

    formula: str | None
    error: str | None


class SheetCells(msgspec.Struct, frozen=True):
    """A sheet as the library reads it, with the cells of which it gives no more than a result.

    An empty cell is "", and so is an error, or a formula without a stored result.
    """

    title: str
    values: list[list[object]]
    odd: Mapping[Place, OddCell]

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield every row, also blank ones, up to its last filled cell.

        A formula is its text, which begins with `=`, and an error its own.
        """
        by_row = dict[int, dict[int, str]]()
        for (row, column), cell in self.odd.items():
            by_row.setdefault(row, {})[column] = cell.formula or cell.error or ""
        for number, values in enumerate(self.values):
            cells = list(values)
            for column, text in by_row.get(number, {}).items():
                cells[column] = text
            while cells and cells[-1] == "":
                _ = cells.pop()
            yield tuple(cells)

    def result_at(self, place: Place) -> object:
        """Return the stored result of the formula at a place, "" where there is none."""
        row, column = place
        return self.odd[place].error or self.values[row][column]


def sheets_in(content: bytes) -> Iterator[SheetCells]:
    """Yield the sheets of an XLSX workbook in its order.

    The library takes 0.01 s to import, which a process that reads no workbook does without.
    """
    library = import_module("python_calamine")
    load = cast("Callable[[IO[bytes]], CalamineWorkbook]", library.load_workbook)
    unreadable = cast("type[Exception]", library.CalamineError)
    try:
        book = load(io.BytesIO(content))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for title, part in _parts(archive).items():
                xml = archive.read(part)
                _check_spread(xml)
                read = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
                values, odd = cast("list[list[object]]", read), _odd_cells(xml)
                _make_room(values, odd)
                yield SheetCells(title, values, odd)
    except unreadable as error:
        raise ValueError(f"{error}") from None


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the parts that are sheets of cells, by the sheets' titles."""
    relations = {
        each.get("Id"): each
        for each in _root_of(archive, _RELATIONS)
        if each.get("Type", "").endswith("/worksheet")
    }
    found = dict[str, str]()
    for sheet in _root_of(archive, _BOOK).iterfind("{*}sheets/{*}sheet"):
        ids = (value for name, value in sheet.attrib.items() if local_name(name) == "id")
        relation = relations.get(next(ids, None))
        if relation is not None:
            target = posixpath.join("/xl", relation.get("Target", ""))
            found[sheet.get("name", "")] = posixpath.normpath(target).lstrip("/")
    return found


def _root_of(archive: zipfile.ZipFile, part: str) -> Element:
    return fromstring(archive.read(part))


def _check_spread(part: bytes) -> None:
    numbers = {int(each[1]) for each in _ROWS.finditer(part)}
    letters = {each[1].decode() for each in _COLUMNS.finditer(part)}
    rows = max(numbers, default=0)
    columns = 1 + max((_place(f"{each}1", (0, 0))[1] for each in letters), default=0)
    if rows * columns > _MOST_PLACES:
        reason = f"a sheet has cells over {rows:,} rows and {columns:,} columns"
        raise ValueError(reason)


def _odd_cells(part: bytes) -> dict[Place, OddCell]:
    if _FORMULA_OR_ERROR.search(part) is None:
        return {}
    found, row, column = dict[Place, OddCell](), -1, -1
    for event, element in events_in(part):
        tag = local_name(element.tag)
        if tag == "row" and event == "start":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif tag == "row":
            element.clear()
        elif tag == "c" and event == "end":
            row, column = _place(element.get("r", ""), (row, column + 1))
            cell = _odd_cell(element)
            if cell is not None:
                found[row, column] = cell
    return found


def _place(reference: str, otherwise: Place) -> Place:
    """Return the place of `AB12`."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return otherwise
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _odd_cell(element: Element) -> OddCell | None:
    formula = element.find("{*}f")
    error = element.findtext("{*}v") if element.get("t") == "e" else None
    if formula is None and error is None:
        return None
    return OddCell(None if formula is None else f"={formula.text or ''}", error)


def _make_room(values: list[list[object]], odd: Collection[Place]) -> None:
    """Add cells for the errors and formulas that stand beyond the last filled ones."""
    for row, column in odd:
        values += ([] for _ in range(row + 1 - len(values)))
        values[row] += [""] * (column + 1 - len(values[row]))
