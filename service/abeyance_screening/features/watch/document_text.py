"""The text of an act's page, a paragraph a line."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import override

_BLOCKS = re.compile(r"p|div|li|t[dhr]|br|h[1-6]|section|article|d[dt]|table|blockquote")
_UNSEEN = re.compile(r"script|style|nav|header|footer|noscript|template|form|button|title")
# A page of an act in an annex of a thousand entries says what it does long before that.
_MOST_CHARACTERS = 200_000


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._unseen = 0
        self._pieces: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += _UNSEEN.fullmatch(tag) is not None
        self._break(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if _UNSEEN.fullmatch(tag):
            self._unseen = max(0, self._unseen - 1)
        self._break(tag)

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # a line end within a paragraph is a blank
            self._pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if _BLOCKS.fullmatch(tag):
            self._pieces.append("\n")

    def paragraphs(self) -> Iterator[str]:
        for line in "".join(self._pieces).split("\n"):
            if text := " ".join(line.split()):
                yield text


def text_of_page(content: bytes) -> str | None:
    """Return the text of an HTML page, a paragraph a line; None where it is no page."""
    if not re.search(rb"<(?:html|body|p|div)\b", content[:20_000], re.IGNORECASE):
        return None
    try:
        page = content.decode()
    except UnicodeDecodeError:
        page = content.decode("gb18030", errors="replace")
    reader = _TextReader()
    reader.feed(page)
    reader.close()
    return "\n".join(reader.paragraphs())[:_MOST_CHARACTERS] or None
