"""Read the annexes of a consolidated EU act, from EUR-Lex's HTML or from Formex XML.

A consolidated text is the act as amended up to a day. Both forms mark what each amendment changed:
HTML prints `▼M31` above a changed part and `►M12 … ◄` around changed words; Formex has processing
instructions, and keeps what was deleted between two of them.

Sources: https://op.europa.eu/en/web/eu-vocabularies/formex and, for the HTML, consolidated texts
as EUR-Lex publishes them.
"""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import override
from xml.etree.ElementTree import Element, ProcessingInstruction, TreeBuilder

import msgspec
from defusedxml.ElementTree import DefusedXMLParser

from abeyance_screening.engine.lists.reading.days import find_day
from abeyance_screening.engine.lists.reading.pages import page_text
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.reading.xml import local_name, xml_refused
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

type Lines = tuple[str, ...]
"""A cell as its lines, without blank ones."""


class ActTable(msgspec.Struct, frozen=True):
    """A table: its rows with the header row first, each as its cells."""

    rows: tuple[tuple[Lines, ...], ...]


class ActAnnex(msgspec.Struct, frozen=True):
    """An annex: its number (`XLII`), the lines outside headings and tables, and its tables."""

    number: str
    lines: Lines
    tables: tuple[ActTable, ...]


class ConsolidatedAct(msgspec.Struct, frozen=True):
    """A consolidated act: the day of its text, and its annexes."""

    day: date
    annexes: tuple[ActAnnex, ...]

    def annex(self, list_code: str, number: str) -> ActAnnex:
        """Return the annex with a number."""
        found = [annex for annex in self.annexes if annex.number == number]
        if len(found) != 1:
            reason = f"the text has {len(found)} annexes {number}; one is expected"
            raise ListRefusedError(list_code, reason)
        return found[0]


# --- What both forms share: blocks of text become annexes.

_ANNEX = re.compile(r"ANNEX (?P<number>[IVXLC]+[A-Za-z]{0,3})")
# `▼B`, `▼M31`, `▼C3`, and `▼M45 —————` where something was deleted.
_CHANGE_MARK = re.compile(r"[▼►](?:B|[ACM]\d+)\s?|\s?◄|[\u2014\u2013_]{3,}")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class _Block(msgspec.Struct, frozen=True):
    """One line outside tables with its role, or one table."""

    text: str = ""
    role: str = "text"
    table: ActTable | None = None


def _annexes(blocks: Iterator[_Block]) -> Iterator[ActAnnex]:
    number, lines, tables = "", list[str](), list[ActTable]()
    for block in blocks:
        title = _ANNEX.fullmatch(block.text) if block.role == "annex" else None
        if title is not None:
            if number:
                yield ActAnnex(number, tuple(lines), tuple(tables))
            number, lines, tables = title["number"], [], []
        elif block.table is not None:
            tables.append(block.table)
        elif block.role == "text":
            lines.append(block.text)
    if number:
        yield ActAnnex(number, tuple(lines), tuple(tables))


def _clean(text: str) -> str:
    """Return the text on one line and without the marks of amendments."""
    return " ".join(_CHANGE_MARK.sub("", text).split())


def _table(rows: list[list[list[str]]]) -> ActTable:
    """Return the table; a row that held nothing but the mark of an amendment is left out."""
    cells = (tuple(map(_lines, row)) for row in rows)
    return ActTable(tuple(row for row in cells if any(row)))


def _lines(cell: list[str]) -> Lines:
    return tuple(text for each in cell if (text := _clean(each)))


def read_dotted_day(where: str, field: str, printed: str) -> date:
    """Read a day as the Official Journal prints it in tables, `20.7.2025` or `20 July 2025`."""
    match = _DAY.fullmatch(printed)
    if match is None:
        if (day := find_day(printed)) is not None:
            return day
        raise RowRefusedError(where, f"{field}: {printed!r} is not a day (D.M.YYYY)")
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        raise RowRefusedError(where, f"{field}: no calendar has {printed!r}") from None


# --- HTML.

# The line at the head of the text: `02014R0833 — EN — 24.07.2026 — 053.001`.
_REFERENCE = re.compile(
    r"\b0?(?P<act>\d{4}[A-Z]\d{4}) \u2014 (?P<language>[A-Z]{2}) \u2014 "
    r"(?P<day>\d{1,2}\.\d{1,2}\.\d{4})\b"
)
_BLOCK_TAGS = frozenset(
    {"p", "div", "table", "tr", "td", "th", "hr", "h1", "h2", "h3", "br", "li"}
)
_CELL_TAGS = frozenset({"td", "th"})
_UNSEEN_TAGS = frozenset({"script", "style", "title", "head"})
_ANNEX_CLASS = "title-annex-1"


def read_html(list_code: str, act: str, content: bytes) -> ConsolidatedAct:
    """Read a consolidated act from EUR-Lex's HTML; `act` is its number as in `2014R0833`."""
    text = page_text(list_code, content)
    reader = _ActReader()
    reader.feed(text)
    reader.close()
    if reader.is_open:
        raise ListRefusedError(list_code, "the page is cut off (a table is not closed)")
    found = next(filter(None, (_REFERENCE.search(each.text) for each in reader.blocks)), None)
    if found is None:
        reason = "the page lacks the line with number, language and day of a consolidated text"
        raise ListRefusedError(list_code, reason)
    _check_act(list_code, act, found["act"], found["language"])
    day = read_dotted_day("the head of the page", "day of the text", found["day"])
    return ConsolidatedAct(day, tuple(_annexes(iter(reader.blocks))))


def _check_act(list_code: str, act: str, found: str, language: str) -> None:
    if found != act:
        raise ListRefusedError(list_code, f"the text is that of act {found}, not {act}")
    if language != "EN":
        raise ListRefusedError(list_code, f"the text is in language {language}; EN is expected")


def _role_of(style: str) -> str:
    """Return what a paragraph's class makes it: an annex's number, a heading, a note, or text."""
    if style == _ANNEX_CLASS:
        return "annex"
    if style.startswith(("title-", "stitle-", "hd-", "toc-")):
        return "heading"
    return "note" if style in {"footnote", "note", "modref", "arrow", "disclaimer"} else "text"


class _ActReader(HTMLParser):
    """A parser that collects the lines and tables of a page; tables inside cells become lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Block] = []
        self._rows: list[list[list[str]]] = []
        self._parts: list[str] = []
        self._style = ""
        self._depth = 0
        self._unseen = 0

    @property
    def is_open(self) -> bool:
        """Whether a table is open."""
        return self._depth > 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN_TAGS:
            self._unseen += 1
        if tag not in _BLOCK_TAGS:
            return
        self._end_line()
        if tag in {"p", "div"}:
            self._style = dict(attrs).get("class") or ""
        elif tag == "table":
            self._depth += 1
        elif tag == "tr" and self._depth == 1:
            self._rows.append([])
        elif tag in _CELL_TAGS and self._depth == 1:
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append([])

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN_TAGS:
            self._unseen = max(0, self._unseen - 1)
        if tag not in _BLOCK_TAGS:
            return
        self._end_line()
        if tag in {"p", "div"}:
            self._style = ""
        elif tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth:
                self.blocks.append(_Block(role="table", table=_table(self._rows)))
                self._rows = []

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(data)

    def _end_line(self) -> None:
        text = _clean("".join(self._parts))
        self._parts.clear()
        if not text:
            return
        if not self._depth:
            self.blocks.append(_Block(text, _role_of(self._style)))
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1].append(text)


# --- Formex.

# These break the line; all other elements (`HT`, `NO.P`, `TXT`, `DATE` …) are words within it.
_TAG = "CONS.ANNEX"
_BLOCK_ELEMENTS = frozenset(
    {"P", "NP", "ITEM", "LIST", "TI", "STI", "TITLE", "CELL", "ALINEA", _TAG}
)
_NOTES = frozenset({"NOTE", "GR.NOTES", "BIB.INSTANCE", "GR.ANNOTATION"})
_BEGIN, _END = "CLG.MDFO", "CLG.MDFC"
_FIELD = re.compile(r'(?<![A-Z.])([A-Z.]++)="([^"]*)"')
_FORMEX_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read_formex(list_code: str, act: str, content: bytes) -> ConsolidatedAct:
    """Read a consolidated act from Formex XML; `act` is its number as in `2014R0833`."""
    _ = read_text(list_code, content)
    with xml_refused(list_code):
        parser = DefusedXMLParser(target=TreeBuilder(insert_pis=True), forbid_dtd=True)
        parser.feed(content)
        root: Element = parser.close()
    if local_name(root.tag) != "CONS.ACT":
        raise ListRefusedError(list_code, f"the XML is a {local_name(root.tag)!r}, no CONS.ACT")
    head = root.find("INFO.CONSLEG")
    given = {} if head is None else head.attrib
    language = root.findtext(".//LG.DOC") or "unknown"
    _check_act(list_code, act, given.get("CONSLEG.REF", "unknown"), language.strip())
    day = _formex_day(list_code, given.get("START.DATE", ""))
    formex = _Formex()
    try:
        formex.walk(root)
    except RecursionError:
        raise ListRefusedError(list_code, "the XML is nested too deeply") from None
    return ConsolidatedAct(day, tuple(_annexes(iter(formex.blocks))))


def _formex_day(list_code: str, printed: str) -> date:
    match = _FORMEX_DAY.fullmatch(printed)
    if match is None:
        raise ListRefusedError(list_code, f"START.DATE of the text, {printed!r}, is no day")
    return read_dotted_day("INFO.CONSLEG", "START.DATE", f"{match[3]}.{match[2]}.{match[1]}")


class _Formex:
    """A walk through a Formex tree that skips what was deleted, and collects lines and tables."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self._deleted: set[str] = set()
        self._parts: list[str] = []
        self._cell: list[str] | None = None

    def walk(self, element: Element, parent: str = "", outer: str = "") -> None:
        """Collect an element's text; `outer` is the role of the text around it, "" for none."""
        tag = _tag_of(element)
        role = _role_within(tag, parent, outer)
        if tag in _NOTES:
            return
        if tag == "TBL" and role:
            self._end_line(role)
            rows = list[list[list[str]]]()
            self._read_rows(element, rows)
            self.blocks.append(_Block(role="table", table=_table(rows)))
            return
        if tag in _BLOCK_ELEMENTS:
            self._end_line(outer)
        self._write(_quote(element) if tag.startswith("QUOT.") else element.text, role)
        for child in element:
            if child.tag is ProcessingInstruction:
                self._mark(child.text or "")
            else:
                self.walk(child, tag, role)
            self._write(child.tail, role)
        if tag == "NO.P":
            self._write(" ", role)
        if tag in _BLOCK_ELEMENTS:
            self._end_line(role)

    def _mark(self, text: str) -> None:
        """Note where a deleted part begins and ends."""
        fields = {match[1]: match[2] for match in _FIELD.finditer(text)}
        if text.startswith(_BEGIN) and fields.get("ACTION") == "DELETED":
            self._deleted.add(fields.get("ID", ""))
        elif text.startswith(_END):
            self._deleted.discard(fields.get("IDREF", ""))

    def _write(self, text: str | None, role: str) -> None:
        if role and text and not self._deleted:
            self._parts.append(text)

    def _end_line(self, role: str) -> None:
        text = _clean("".join(self._parts))
        self._parts.clear()
        if text and self._cell is not None:
            self._cell.append(text)
        elif text:
            self.blocks.append(_Block(text, role))

    def _read_rows(self, element: Element, rows: list[list[list[str]]]) -> None:
        for child in element:
            tag = _tag_of(child)
            if child.tag is ProcessingInstruction:
                self._mark(child.text or "")
            elif tag == "CELL":
                self._cell = list[str]()
                rows[-1].append(self._cell)
                self.walk(child, "ROW", "text")
                self._cell = None
            elif tag not in _NOTES:
                if tag == "ROW":
                    rows.append([])
                self._read_rows(child, rows)


def _role_within(tag: str, parent: str, outer: str) -> str:
    """Return the role of an element's text: the first title of an annex holds its number."""
    if tag == _TAG:
        return "text"
    if tag == "TITLE" and outer:
        return "annex" if parent == _TAG else "heading"
    return outer


def _tag_of(element: Element) -> str:
    return "" if element.tag is ProcessingInstruction else local_name(element.tag)


def _quote(element: Element) -> str:
    """Return the quotation mark of a QUOT.START or QUOT.END, which gives its code point."""
    code = element.attrib.get("CODE", "")
    return chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{4}", code) else ""
