"""The text of an announcement's page, whether HTML or copied from the screen."""

import re
from html.parser import HTMLParser
from typing import override

from service.model.errors import ListRefusedError
from service.parse.cn_announcements.announcements import SOURCE
from service.parse.full_width import narrow
from service.parse.texts import read_text, refuse_other_files

_PAGE = re.compile(r"(?:<!doctype html|<html|<body|<div|<p[\s>])", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "noscript", "title", "head", "select", "template"})
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "nav", "ol", "p", "section"}
    | {"table", "tbody", "td", "th", "tr", "ul"}
)


def lines_of(content: bytes) -> list[str]:
    """The lines of the page from top to bottom, full-width letters narrowed, blank ones left out.

    Raises:
        ListRefusedError: not UTF-8, empty, or packed.
    """
    text = _decoded(content)
    if is_page(text):
        parser = _Parser()
        try:
            parser.feed(text)
            parser.close()
        except (AssertionError, ValueError) as error:
            raise ListRefusedError(SOURCE, f"not readable as HTML: {error}") from None
        text = "".join(parser.parts)
    lines = (" ".join(narrow(line).split()) for line in text.splitlines())
    return [line for line in lines if line]


def is_page(text: str) -> bool:
    """Whether a text is HTML."""
    return _PAGE.search(text[:2_000]) is not None


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

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BLOCKS:
            self.parts.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        """Text; its own line breaks are only blanks."""
        if not self._unseen:
            self.parts.append(" ".join(data.split("\n")))
