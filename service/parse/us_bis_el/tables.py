"""The rows of the Entity List's table, and the notes below it."""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

import msgspec

from service.model.errors import ListRefusedError, RowRefusedError

COLUMNS = (
    "Country",
    "Entity",
    "License requirement",
    "License review policy",
    "Federal Register citation",
)
_HERE = "Supplement No. 4"
# What stands in the supplement beside its table: headings, the words of the rule, its history.
_PROSE = frozenset(
    {"HEAD", "HED", "HD1", "HD2", "HD3", "P", "FP", "FP-1", "FP-2", "PSPACE", "AUTH", "SOURCE"}
    | {
        "CITA",
        "EDNOTE",
        "EFFDNOT",
        "NOTE",
        "CROSSREF",
        "XREF",
        "FTNT",
        "APPRO",
        "SECAUTH",
        "STARS",
    }
)
_AROUND = frozenset({"DIV", "EXTRACT", "THEAD", "TBODY", "TFOOT"})
_BREAKS = frozenset({"BR", "P", "DIV"})
_RAISED = frozenset({"SU", "SUP", "FTREF"})
_PLAIN = frozenset({"I", "E", "B", "EM", "STRONG", "SUB", "SPAN", "XREF", "A"})
_NOTE_START = re.compile(r"(\d{1,2})\s+(?=\S)|\[(\d{1,2})\]\s*")
_RESERVED = re.compile(r"\[(?:Removed and )?Reserved\]", re.IGNORECASE)
_MARK = re.compile(r"\s*\d{1,2}\s*")


class Cell(msgspec.Struct, frozen=True):
    """A cell's text, breaks as newlines, and the numbers of the footnotes it refers to.

    `text` keeps raised footnote numbers as the list's other publications print them
    (`734.9(g),3`); `bare` is without them.
    """

    text: str
    bare: str
    marks: tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row; `country` is that of the row or of the last row above that names one."""

    where: str
    country: str
    entity: Cell
    requirement: Cell
    policy: Cell
    citation: Cell


class Table(msgspec.Struct, frozen=True):
    """The entries in printed order, and the texts of the footnotes by number."""

    entries: tuple[Entry, ...]
    notes: dict[str, str]


def read_table(list_code: str, supplement: Element) -> Table:
    """All entries of the supplement; rows that say nothing, or `[Reserved]`, are left out.

    Raises:
        ListRefusedError: no table, a table without the five columns or with its header twice, or
            an entry before the first country.
        RowRefusedError: an element, or a number of cells, that the list does not have; its place
            is `row 12`, counted below the header over all tables.
    """
    entries, notes, number, country = list[Entry](), dict[str, str](), 0, ""
    tables = 0
    for part in _parts(supplement):
        if part.tag.upper() != "TABLE":
            notes |= _note(part)
            continue
        tables += 1
        for cells in _rows(list_code, part):
            number += 1
            where = f"row {number}"
            texts = [_cell(where, cell) for cell in cells]
            if (note := _as_note(texts)) is not None:
                notes |= note
                continue
            entry = _entry(where, country, texts)
            country = entry.country
            if _is_party(entry):
                entries.append(entry)
    if not tables:
        raise ListRefusedError(list_code, "Supplement No. 4 has no table")
    return Table(tuple(entries), notes)


def _parts(element: Element) -> Iterator[Element]:
    """Tables and prose, in printed order; what only wraps them is opened."""
    for child in element:
        tag = child.tag.upper()
        if tag == "TABLE" or tag in _PROSE:
            yield child
        elif tag in _AROUND:
            yield from _parts(child)
        else:
            raise RowRefusedError(_HERE, f"unknown element {child.tag!r}")


def _rows(list_code: str, table: Element) -> Iterator[list[Element]]:
    """The rows below the header."""
    rows = list(_children(table))
    if not rows:
        raise ListRefusedError(list_code, "a table of Supplement No. 4 is empty")
    header = _header(rows[0])
    if header != _folded(COLUMNS):
        printed = " | ".join(header)
        reason = f"a table has other columns than the Entity List: {printed!r}"
        raise ListRefusedError(list_code, reason[:500])
    for row in rows[1:]:
        # the first cell alone tells nearly always
        if _header(row[:1]) == header[:1] and _header(row) == header:
            raise ListRefusedError(list_code, "the header stands in one table again")
        yield list(row)


def _children(table: Element) -> Iterator[Element]:
    for child in table:
        tag = child.tag.upper()
        if tag == "TR":
            yield child
        elif tag in _AROUND:
            yield from _children(child)
        elif tag not in {"CAPTION", "COLGROUP", "COL"}:
            raise RowRefusedError(_HERE, f"unknown element {child.tag!r} in the table")


def _header(row: Iterable[Element]) -> tuple[str, ...]:
    return _folded(" ".join("".join(cell.itertext()).split()) for cell in row)


def _folded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in names)


def _entry(where: str, country: str, cells: list[Cell]) -> Entry:
    if len(cells) != len(COLUMNS):
        raise RowRefusedError(where, f"{len(cells)} of {len(COLUMNS)} cells")
    first, entity, requirement, policy, citation = cells
    country = " ".join(first.bare.split()) or country
    if not country and entity.bare:
        raise RowRefusedError(where, "no country stands in the row, nor in one above it")
    return Entry(
        where=where,
        country=country,
        entity=entity,
        requirement=requirement,
        policy=policy,
        citation=citation,
    )


def _is_party(entry: Entry) -> bool:
    """Whether a row lists somebody: `[Reserved]` and a row with a country alone do not."""
    entity = entry.entity.bare.strip(" .*")
    others = (entry.requirement, entry.policy, entry.citation)
    if not entity and any(cell.text for cell in others):
        raise RowRefusedError(entry.where, "the Entity cell is blank")
    return bool(entity) and _RESERVED.fullmatch(entity) is None


def _cell(where: str, cell: Element) -> Cell:
    if cell.tag.upper() not in {"TD", "TH"}:
        raise RowRefusedError(where, f"unknown element {cell.tag!r}")
    if cell.get("rowspan", "1").strip() != "1":
        raise RowRefusedError(where, "a cell spans several rows")
    if len(cell) == 0:
        # most cells hold nothing but text
        line = _on_one_line(cell.text or "").strip()
        return Cell(line, line, ())
    text, bare, marks = list[str](), list[str](), list[str]()
    _collect(where, cell, text, bare, marks)
    return Cell("".join(text).strip(), "".join(bare).strip(), tuple(dict.fromkeys(marks)))


def _collect(
    where: str, element: Element, text: list[str], bare: list[str], marks: list[str]
) -> None:
    """Add what an element says to its cell's text, breaks as newlines, and its footnote marks."""
    _say(element.text, text, bare)
    for child in element:
        tag = child.tag.upper()
        if tag in _RAISED and _MARK.fullmatch("".join(child.itertext()) or "-") is not None:
            mark = "".join(child.itertext()).strip()
            marks.append(mark)
            text.append(mark)
        elif tag in _BREAKS | _PLAIN | _RAISED:
            if tag in _BREAKS:
                _break(text, bare)
            _collect(where, child, text, bare, marks)
            if tag in _BREAKS:
                _break(text, bare)
        else:
            raise RowRefusedError(where, f"unknown element {child.tag!r} in a cell")
        _say(child.tail, text, bare)


def _say(printed: str | None, *texts: list[str]) -> None:
    if printed:
        line = _on_one_line(printed)
        for text in texts:
            text.append(line)


def _on_one_line(printed: str) -> str:
    """A line break of the file is no break of the cell."""
    return printed.replace("\r", " ").replace("\n", " ")


def _break(*texts: list[str]) -> None:
    for text in texts:
        text.append("\n")


def _as_note(cells: list[Cell]) -> dict[str, str] | None:
    """A footnote printed as a row of its own, over all columns."""
    said = [cell for cell in cells if cell.text]
    if len(said) != 1 or said[0] is not cells[0]:
        return None
    return _numbered(said[0].text) or None


def _note(prose: Element) -> dict[str, str]:
    """A footnote printed below the table: the raised number and its words."""
    return _numbered("".join(prose.itertext()))


def _numbered(printed: str) -> dict[str, str]:
    text = " ".join(printed.split())
    start = _NOTE_START.match(text)
    return {} if start is None else {start[1] or start[2]: text[start.end() :]}
