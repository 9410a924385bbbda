"""Pages: reading the tables and lines of HTML pages, for lists published in no other form."""

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from typing import override

import msgspec

from abeyance_screening.engine.lists.reading.records import Row, doubles
from abeyance_screening.engine.lists.reading.texts import refuse_encoded_twice
from abeyance_screening.engine.lists.reading.unknown_parts import notes_are_taken
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# The largest page known, the UFLPA list, has 340 kB, 3 tables and 330 cells.
MAX_BYTES = 20_000_000
_MARK = b"\xef\xbb\xbf"
_PAGE = re.compile(
    r"(?:<\?xml [^>]*\?>\s*+)?(?:<!--.*?-->\s*+)*<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
# WordPress pages end with comments on their cache.
_END = re.compile(r"</html\s*>(?:\s*+<!--(?:(?!-->).)*+-->)*+\s*+\Z", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]*>([^<]*)", re.IGNORECASE)
_REGISTER = b"From the Federal Register Online"
_WRAPPED = re.compile(
    r"<html\b[^>]*>\s*(?:<head\b.*?</head>\s*)?<body\b[^>]*>\s*<pre\b[^>]*>(.*)</pre>\s*</body>\s*</html>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_UNSEEN = frozenset({"script", "style", "noscript", "template", "title"})
# Inline elements; the text of any other element is separated by a space.
_INLINE = frozenset({"a", "abbr", "b", "em", "font", "i", "small", "span", "strong", "sub", "u"})
_STRONG = frozenset({"b", "strong"})
# The elements that an end tag looks back through for its start tag.
_DEPTH = 50
_CELLS = frozenset({"td", "th"})
_PHRASES = _INLINE | {"bdi", "bdo", "cite", "img", "mark", "q", "sup", "time", "wbr"}
_PARTS = frozenset({"article", "aside", "footer", "header", "main", "nav"})
_SPANS = frozenset({"colspan", "rowspan"})


class HtmlCell(msgspec.Struct, frozen=True):
    """A cell: its text on one line, and each piece of the text that is printed in bold."""

    text: str
    bold: tuple[str, ...]


def cell_text(cell: HtmlCell) -> str:
    """Return the text of a cell, as `Row.close` notes it."""
    return cell.text


class HtmlTable(msgspec.Struct, frozen=True):
    """A table: the text between the previous table and this one, and all rows with the header."""

    heading: str
    rows: tuple[tuple[HtmlCell, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The texts of the first row, empty where there is no row."""
        return tuple(cell.text for cell in self.rows[0]) if self.rows else ()


class HtmlPage(msgspec.Struct, frozen=True):
    """A page: its tables in order, and the text after the last one."""

    tables: tuple[HtmlTable, ...]
    rest: str


class HtmlLine(msgspec.Struct, frozen=True):
    """A line of a page: the text between two elements that begin or end a line.

    `tag` is the innermost element of that kind, `part` the innermost `article`, `main`, `header`,
    `footer`, `nav` or `aside`, "" outside of them. `bold` are the pieces printed in bold.
    """

    part: str
    tag: str
    text: str
    bold: tuple[str, ...]

    @property
    def is_bold(self) -> bool:
        """Whether the whole line is printed in bold."""
        return "".join(self.bold).replace(" ", "") == self.text.replace(" ", "")


def is_page(head: str) -> bool:
    """Return whether a file's head is that of an HTML page."""
    return _PAGE.match(head) is not None


def title_of(head: str) -> str:
    """Return the title in the head of a page, "" where there is none."""
    match = _TITLE.search(head)
    return "" if match is None else " ".join(match[1].split())


def words_of_page(text: str) -> str:
    """Return the title and the printed words of a page, whole or cut off, on one line."""
    reader = _LineReader()
    reader.feed(text)
    reader.close()
    return " ".join((title_of(text), *(line.text for line in reader.lines)))


def read_page(list_code: str, content: bytes) -> HtmlPage:
    """Read the tables of a page; a table inside another is a table in its own right.

    Texts have single spaces; scripts and styles are left out.
    """
    reader = _HtmlReader(list_code)
    reader.feed(page_text(list_code, content))
    reader.close()
    return reader.page()


def page_text(list_code: str, content: bytes) -> str:
    """Return the text of a whole HTML page, tags included."""
    if not content.removeprefix(_MARK).strip():
        raise ListRefusedError(list_code, "the file is empty")
    if len(content) > MAX_BYTES:
        reason = f"the page has {len(content):,} bytes; at most {MAX_BYTES:,} are allowed"
        raise ListRefusedError(list_code, reason)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListRefusedError(list_code, f"the page is not UTF-8 (byte {error.start})") from None
    if not is_page(text.lstrip()):
        raise ListRefusedError(list_code, "the file is no HTML page")
    if "\x00" in text or _END.search(text) is None:
        fault = "holds a NUL character" if "\x00" in text else "is cut off (no </html> at the end)"
        raise ListRefusedError(list_code, f"the page {fault}")
    refuse_encoded_twice(list_code, content)
    return text


def read_lines(list_code: str, content: bytes) -> tuple[HtmlLine, ...]:
    """Read the filled lines of a page in printed order; a table cell is a line too."""
    reader = _LineReader()
    reader.feed(page_text(list_code, content))
    reader.close()
    if reader.pages > 1:
        raise ListRefusedError(list_code, "the file holds two pages")
    return tuple(reader.lines)


def preformatted(content: bytes) -> bytes | None:
    """Return the text of a page of the Federal Register that is one preformatted text, as UTF-8.

    The text is without tags, and without the NUL characters with which the Government Publishing
    Office marks headings. The result is None for any other content.
    """
    if _REGISTER not in content[:4_096]:
        return None
    found = _WRAPPED.fullmatch(content[:MAX_BYTES].decode("utf-8", "replace").strip())
    if found is None:
        return None
    return unescape(_TAG.sub("", found[1])).replace("\x00", "").strip().encode()


def body_of(
    list_code: str, table: HtmlTable, names: Sequence[str] | None = None
) -> list[Row[HtmlCell]]:
    """Return the rows below the header, their cells by column; blank rows are left out.

    `names` are the columns' names, where they are not those of the header as printed. The place of
    a row is `row 12 under 'Name'`, not counting the header.
    """
    names = table.header if names is None else names
    first = names[0]
    if doubles(names):
        reason = f"the table {first!r} has a column twice: {', '.join(doubles(names))}"
        raise ListRefusedError(list_code, reason)
    rows = list[Row[HtmlCell]]()
    for place, cells in enumerate(table.rows[1:], start=1):
        if not any(cell.text for cell in cells):
            continue
        if tuple(cell.text for cell in cells) == table.header:
            raise ListRefusedError(list_code, f"the header row {first!r} is repeated")
        where, fault = f"row {place} under {first!r}", None
        if len(cells) != len(names):
            fault = f"{len(cells)} of {len(names)} cells"
            if not notes_are_taken():
                raise RowRefusedError(where, fault)
        rows.append(Row(where, dict(zip(names, cells, strict=False)), fault=fault))
    if not rows:
        raise ListRefusedError(list_code, f"the table {first!r} has no entries")
    return rows


class _OpenCell:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bold: list[list[str]] = []


class _OpenTable:
    def __init__(self, heading: str) -> None:
        self.heading = heading
        self.rows: list[list[_OpenCell]] = []
        self.in_cell = False


class _HtmlReader(HTMLParser):
    """A parser that collects tables; end tags of cells and rows may be missing, as in HTML."""

    def __init__(self, list_code: str) -> None:
        super().__init__(convert_charrefs=True)
        self._list_code = list_code
        self._open: list[_OpenTable] = []
        self._tables: list[_OpenTable] = []
        self._outside: list[str] = []
        self._unseen = 0
        self._bold = 0

    def page(self) -> HtmlPage:
        """Return the page that was fed to the parser."""
        if self._open:
            raise ListRefusedError(self._list_code, "the page is cut off (a table is not closed)")
        return HtmlPage(tuple(map(_closed, self._tables)), _one_line(self._outside))

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _STRONG:
            self._bold += 1
            if (cell := self._cell()) is not None:
                cell.bold.append([])
        elif tag == "table":
            self._begin_table()
        elif self._open and (tag == "tr" or tag in _CELLS):
            self._begin(tag, dict(attrs))
        elif tag not in _INLINE:
            self._write(" ")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _STRONG:
            self._bold = max(0, self._bold - 1)
        elif self._open and tag == "table":
            _ = self._open.pop()
        elif self._open and (tag == "tr" or tag in _CELLS):
            self._open[-1].in_cell = False
        elif tag not in _INLINE:
            self._write(" ")

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._write(data)

    def _begin_table(self) -> None:
        table = _OpenTable(_one_line(self._outside))
        self._outside.clear()
        self._bold = 0
        self._open.append(table)
        self._tables.append(table)

    def _begin(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self._open[-1]
        if tag == "tr":
            table.rows.append([])
            table.in_cell = False
            return
        if any(attributes.get(name) not in {None, "", "1"} for name in _SPANS):
            raise ListRefusedError(
                self._list_code, "a table of the page has cells that span others"
            )
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(_OpenCell())
        table.in_cell = True
        self._bold = 0

    def _cell(self) -> _OpenCell | None:
        table = self._open[-1] if self._open else None
        return table.rows[-1][-1] if table is not None and table.in_cell else None

    def _write(self, text: str) -> None:
        cell = self._cell()
        if cell is None:
            if not self._open:
                self._outside.append(text)
            return
        cell.parts.append(text)
        if self._bold and cell.bold:
            cell.bold[-1].append(text)


class _LineReader(HTMLParser):
    """A parser that collects lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[HtmlLine] = []
        self.pages = 0
        self._parts: list[str] = []
        self._tags: list[str] = []
        self._text: list[str] = []
        self._bold_text: list[list[str]] = []
        self._unseen = 0
        self._bold = 0

    @override
    def close(self) -> None:
        super().close()
        self._end_line()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _STRONG:
            self._bold += 1
            self._bold_text.append([])
        elif tag not in _PHRASES:
            self._end_line()
            if tag != "br":
                (self._parts if tag in _PARTS else self._tags).append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _STRONG:
            self._bold = max(0, self._bold - 1)
        elif tag not in _PHRASES:
            self._end_line()
            self.pages += tag == "html"
            _leave(self._parts if tag in _PARTS else self._tags, tag)

    @override
    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self._text.append(data)
        if self._bold and self._bold_text:
            self._bold_text[-1].append(data)

    def _end_line(self) -> None:
        text = _one_line(self._text)
        if text:
            part, tag = ((each[-1] if each else "") for each in (self._parts, self._tags))
            pieces = [_one_line(each) for each in self._bold_text]
            bold = tuple(each for each in pieces if each)
            self.lines.append(HtmlLine(part, tag, text, bold))
        self._text.clear()
        self._bold_text.clear()
        if self._bold:
            self._bold_text.append([])


def _leave(open_tags: list[str], tag: str) -> None:
    """Remove the innermost open element with a tag; a page may close one that it never opened."""
    # Void elements such as `input` and `hr` are opened and never closed.
    for place in reversed(range(max(0, len(open_tags) - _DEPTH), len(open_tags))):
        if open_tags[place] == tag:
            del open_tags[place:]
            return


def _closed(table: _OpenTable) -> HtmlTable:
    rows = (
        tuple(HtmlCell(_one_line(cell.parts), _bold(cell)) for cell in row) for row in table.rows
    )
    return HtmlTable(table.heading, tuple(row for row in rows if row))


def _bold(cell: _OpenCell) -> tuple[str, ...]:
    return tuple(filter(None, map(_one_line, cell.bold)))


def _one_line(parts: list[str]) -> str:
    return " ".join("".join(parts).split())
