"""The text of an announcement's page, whether HTML or copied from the screen."""

import re
from html.parser import HTMLParser
from typing import override

from service.model.errors import ListRefusedError
from service.parse.cn_announcements.announcements import SOURCE
from service.parse.cn_announcements.marks import bare_item_of, item_of
from service.parse.full_width import narrow
from service.parse.texts import read_text, refuse_other_files

_PAGE = re.compile(r"(?:<!doctype html|<html|<body|<div|<p[\s>])", re.IGNORECASE)
_BEGIN = re.compile(r"<html[\s>]", re.IGNORECASE)
_END = re.compile(r"</html\s*>", re.IGNORECASE)
# Parts a number that the page gives an item from what the item prints.
_GIVEN = "\ue000"
_UNSEEN = frozenset({"script", "style", "noscript", "title", "head", "select", "template"})
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "nav", "ol", "p", "section"}
    | {"table", "tbody", "td", "th", "tr", "ul"}
)
_LISTS = frozenset({"ol", "ul"})


def lines_of(content: bytes) -> list[str]:
    """The lines of the page from top to bottom, full-width letters narrowed, blank ones left out.

    Items that the page numbers (`<ol>`) have their numbers, unless they print ones themselves.

    Raises:
        ListRefusedError: not UTF-8, empty, or packed, or a page that is cut off.
    """
    text = _decoded(content)
    if is_page(text):
        if _BEGIN.search(text) and not _END.search(text):
            raise ListRefusedError(SOURCE, "the page is cut off (no </html> in it)")
        parser = _Parser()
        try:
            parser.feed(text)
            parser.close()
        except (AssertionError, ValueError) as error:
            raise ListRefusedError(SOURCE, f"not readable as HTML: {error}") from None
        text = "\n".join(map(_numbered, "".join(parser.parts).splitlines()))
    lines = (" ".join(narrow(line).split()) for line in text.splitlines())
    return [line for line in lines if line]


def is_page(text: str) -> bool:
    """Whether a text is HTML."""
    return _PAGE.search(text[:2_000]) is not None


def _numbered(line: str) -> str:
    """The line with one number: its own where it prints one, else the one that the page gives."""
    given, mark, printed = line.rpartition(_GIVEN)
    own = narrow(printed).strip()
    if not mark or item_of(own) is not None:
        return printed
    bare = bare_item_of(own)
    return f"{given}{bare.text}" if bare and given.strip() == f"{bare.number}." else given + own


def _decoded(content: bytes) -> str:
    text = content.decode("utf-8-sig", "replace")
    if not is_page(text):
        return read_text(SOURCE, content)
    try:
        refuse_other_files(SOURCE, b"-" + content)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"the page is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise ListRefusedError(SOURCE, reason) from None


class _Parser(HTMLParser):
    """Collects what a reader sees, a line break around every block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0
        # the next number of each list that is open, None where it has none
        self._lists: list[int | None] = []
        self._given: int | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag in _LISTS:
            self._lists.append(_first_number(dict(attrs)) if tag == "ol" else None)
        if tag == "li" and self._lists:
            self._begin_item(dict(attrs).get("value"))

    @override
    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag in _LISTS and self._lists:
            _ = self._lists.pop()
        if tag == "li" or tag in _LISTS:
            self._given = None

    @override
    def handle_data(self, data: str) -> None:
        """Text; its own line breaks are only blanks."""
        if self._unseen:
            return
        if self._given is not None and data.strip():
            self.parts.append(f"{self._given}. {_GIVEN}")
            self._given = None
        self.parts.append(" ".join(data.replace(_GIVEN, "").split("\n")))

    def _begin_item(self, value: str | None) -> None:
        """Number an item, before its first text, if its list is numbered."""
        number = self._lists[-1]
        if number is not None and value is not None and value.isdecimal():
            number = int(value[:4])
        self._given = number
        self._lists[-1] = None if number is None else number + 1


def _first_number(attributes: dict[str, str | None]) -> int | None:
    """The first number of a numbered list; one that counts down is taken as not numbered."""
    start = attributes.get("start") or "1"
    return None if "reversed" in attributes or not start.isdecimal() else int(start[:4])
