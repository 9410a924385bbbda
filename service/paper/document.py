"""A document: blocks one below the other on A4 pages, each page with the same head and foot."""

import io
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from service.paper.lines import Ink, Line, Run, broken
from service.paper.patterns import Pattern, draw_pattern

WIDTH, HEIGHT = A4
MARGIN = 54.0
_BOTTOM = 84.0
_HEAD_AT = HEIGHT - 36.0
_SMALL = 7.5
_LEADING = 1.38
_COLUMN = WIDTH - 2 * MARGIN
_INKS: dict[Ink, str] = {
    "text": "#1B1D21",
    "muted": "#565A62",
    "link": "#0B4F8A",
    "force": "#9A2A0E",
    "white": "#FFFFFF",
}


class Swatch(msgspec.Struct, frozen=True):
    """A stretch of a lane in a pattern, from and to a share in [0, 1] of its width.

    `top` and `height` are shares of the lane's height, `top` counted from above. `mark` is a day's
    line across the whole lane.
    """

    start: float
    end: float
    pattern: Pattern | Literal["mark"]
    top: float = 0.0
    height: float = 1.0


class _Words(msgspec.Struct, frozen=True):
    line: Line
    x: float
    y: float
    size: float


class _Lane(msgspec.Struct, frozen=True):
    swatches: tuple[Swatch, ...]
    x: float
    y: float
    width: float
    height: float


class _Rule(msgspec.Struct, frozen=True):
    y: float


class Document:
    """Takes blocks from top to bottom and gives the PDF of all of them.

    `head` and `foot` stand on every page, with the number of the page and of all.
    """

    def __init__(self, title: str, head: Sequence[str], foot: Sequence[str]) -> None:
        self._title = title
        self._head = tuple(head)
        self._foot = tuple(foot)
        self._pages: list[list[_Words | _Lane | _Rule]] = [[]]
        self._top = _HEAD_AT - _SMALL * _LEADING * len(self._head) - 12
        self._y = self._top

    def heading(self, text: str, size: float = 12.0) -> None:
        """A heading; it never stands alone at the end of a page."""
        self.space(size * 0.7)
        self._need(size * 5)
        self.text((Run(text, bold=True),), size=size)

    def text(self, runs: Iterable[Run], *, size: float = 9.5, indent: float = 0.0) -> None:
        """A paragraph of runs."""
        for line in broken(runs, size, _COLUMN - indent):
            self._need(size * _LEADING)
            self._y -= size * _LEADING
            self._pages[-1].append(_Words(line, MARGIN + indent, self._y, size))
        self._y -= size * 0.25

    def lane(
        self, swatches: Iterable[Swatch], *, indent: float = 0.0, height: float = 9.0
    ) -> None:
        """A bar of patterns as wide as the column."""
        self._need(height + 8)
        self._y -= height + 5
        wide = _COLUMN - indent
        self._pages[-1].append(_Lane(tuple(swatches), MARGIN + indent, self._y, wide, height))
        self._y -= 3

    def rule(self) -> None:
        """A thin line across the column."""
        self._need(12)
        self._y -= 6
        self._pages[-1].append(_Rule(self._y))
        self._y -= 3

    def space(self, height: float) -> None:
        """Room, but none at the top of a page."""
        if self._y < self._top:
            self._y -= height

    def keep(self, height: float) -> None:
        """Begins a new page where less than `height` is left on this one."""
        self._need(height)

    def pdf(self) -> bytes:
        """The whole document; equal documents give equal bytes."""
        into = io.BytesIO()
        canvas = Canvas(into, pagesize=A4, invariant=1, pageCompression=1, lang="en-GB")
        canvas.setTitle(self._title)
        canvas.setCreator("Abeyance")
        canvas.setAuthor("Abeyance")
        for number, page in enumerate(self._pages, start=1):
            self._draw_frame(canvas, number)
            for each in page:
                _draw(canvas, each)
            canvas.showPage()
        canvas.save()
        return into.getvalue()

    def _need(self, height: float) -> None:
        if self._y - height < _BOTTOM:
            self._pages.append([])
            self._y = self._top

    def _draw_frame(self, canvas: Canvas, number: int) -> None:
        pages = f"Page {number} of {len(self._pages)}"
        _draw_small(canvas, self._head, _HEAD_AT)
        _draw_small(canvas, (*self._foot, pages), 40 + _SMALL * _LEADING * len(self._foot))
        for y in (self._top + 8, _BOTTOM - 12):
            _draw(canvas, _Rule(y))


def _draw_small(canvas: Canvas, texts: Iterable[str], y: float) -> None:
    for text in texts:
        lines = broken((Run(text, ink="muted"),), _SMALL, _COLUMN)
        # what does not fit on its line is told in full in the body of the first page
        for line in lines[:1]:
            _draw(canvas, _Words(line, MARGIN, y, _SMALL))
        y -= _SMALL * _LEADING


def _draw(canvas: Canvas, block: _Words | _Lane | _Rule) -> None:
    match block:
        case _Words():
            _draw_words(canvas, block)
        case _Lane():
            _draw_lane(canvas, block)
        case _Rule():
            canvas.setStrokeColor(HexColor("#8A8780"))
            canvas.setLineWidth(0.5)
            canvas.line(MARGIN, block.y, WIDTH - MARGIN, block.y)


def _draw_words(canvas: Canvas, words: _Words) -> None:
    for each in words.line:
        x = words.x + each.x
        canvas.setFillColor(HexColor(_INKS[each.run.ink]))
        canvas.setFont(each.piece.font, words.size)
        canvas.drawString(x, words.y, each.piece.text)
        if each.run.url is not None:
            end, low = x + each.width, words.y - 0.2 * words.size
            canvas.setStrokeColor(HexColor(_INKS[each.run.ink]))
            canvas.setLineWidth(0.4)
            canvas.line(x, words.y - 1.2, end, words.y - 1.2)
            box = (x, low, end, words.y + 0.8 * words.size)
            canvas.linkURL(each.run.url, box)  # pyright: ignore[reportUnknownMemberType] - its stub leaves types out


def _draw_lane(canvas: Canvas, lane: _Lane) -> None:
    for each in lane.swatches:
        x, end = (lane.x + share * lane.width for share in (each.start, each.end))
        if each.pattern == "mark":
            canvas.setStrokeColor(HexColor(_INKS["text"]))
            canvas.setLineWidth(1.4)
            canvas.setDash()
            canvas.line(x, lane.y - 3, x, lane.y + lane.height + 3)
        else:
            low = lane.y + lane.height * (1 - each.top - each.height)
            draw_pattern(canvas, each.pattern, (x, low, end - x, lane.height * each.height))
