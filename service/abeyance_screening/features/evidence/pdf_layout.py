"""A PDF document: blocks one below another on A4 pages, each with the same head and foot.

In reading order: fonts, right-to-left text, lines of a width, patterns, and the document.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from abeyance_screening.primitives.fair_scheduler import go_on
from abeyance_screening.primitives.visible import visible

# --- Fonts, and which of them draws a character.

Font = Literal["Plain", "Bold", "EastAsian"]

_FOLDER = Path(str(resources.files("abeyance_screening.features.evidence"))) / "fonts"
_FILES: dict[Font, str] = {
    "Plain": "DejaVuSans.ttf",
    "Bold": "DejaVuSans-Bold.ttf",
    "EastAsian": "DroidSansFallback.ttf",
}
_DRAWN_FOR_NONE = "\N{WHITE SQUARE}"


class FontRun(msgspec.Struct, frozen=True):
    """A piece of text that one font draws."""

    text: str
    font: Font


def pieces(text: str, *, bold: bool) -> tuple[FontRun, ...]:
    """Split a text by the fonts that draw it; a character that none can draw is a white square."""
    drawn = [_drawn(each, bold=bold) for each in text]
    return tuple(
        FontRun("".join(each for _, each in group), font)
        for font, group in groupby(drawn, key=_first)
    )


def _first(drawn: tuple[Font, str]) -> Font:
    return drawn[0]


def width(text: str, font: Font, size: float) -> float:
    """Return the width of a text in points."""
    _registered(font)
    return float(pdfmetrics.stringWidth(text, font, size))


def _drawn(character: str, *, bold: bool) -> tuple[Font, str]:
    font = _font_of(character, bold=bold)
    return ("Plain", _DRAWN_FOR_NONE) if font is None else (font, character)


def _font_of(character: str, *, bold: bool) -> Font | None:
    order: tuple[Font, ...] = ("Bold" if bold else "Plain", "Plain", "EastAsian")
    return next((font for font in order if ord(character) in _characters(font)), None)


@cache
def _characters(font: Font) -> frozenset[int]:
    known: dict[int, int] = _registered(font).face.charToGlyph  # pyright: ignore[reportAny] - its stub leaves types out
    return frozenset(known)


@cache
def _registered(font: Font) -> TTFont:
    """Return a font, which is read when it is first needed."""
    read = TTFont(font, _FOLDER / _FILES[font])
    pdfmetrics.registerFont(read)  # pyright: ignore[reportUnknownMemberType] - its stub leaves types out
    return read


# --- Right-to-left text: Arabic letters joined, and stretches reversed for drawing.
#
# This is the part of the Unicode bidirectional algorithm that names and addresses need, in a line
# that runs from left to right: a stretch of right-to-left letters, with the spaces, marks and
# numbers inside it, is reversed, but its numbers keep their order. Embeddings and overrides are
# not supported.
#
# Source: Unicode Standard Annex #9; Unicode Standard, chapter 9.2 (Arabic joining).

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_NUMBERS = frozenset({"EN", "AN"})
_MARKS = frozenset({"Mn", "Me"})
_TATWEEL = "\u0640"
_LAM = "\u0644"
_ALEFS = frozenset("\u0622\u0623\u0625\u0627")
_PRESENTATION = ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
_PAIRS = MappingProxyType(
    {"(": ")", ")": "(", "[": "]", "]": "[", "{": "}", "}": "{", "<": ">", ">": "<"}
    | {"«": "»", "»": "«"}
)


def is_right_to_left(text: str) -> bool:
    """Whether any letter of a text runs from right to left."""
    return any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text)


def visual(text: str) -> str:
    """Return the characters of a line in the order in which they are drawn from left to right."""
    if not is_right_to_left(text):
        return text
    clusters = _clusters(_joined(text))
    kinds = [unicodedata.bidirectional(each[0]) for each in clusters]
    drawn: list[str] = []
    at = 0
    while at < len(clusters):
        if kinds[at] not in _RIGHT_TO_LEFT:
            drawn.append(clusters[at])
            at += 1
            continue
        end = _stretch(clusters, kinds, at)
        drawn += _turned(clusters[at:end], kinds[at:end])
        at = end
    return "".join(drawn)


def _stretch(clusters: Sequence[str], kinds: Sequence[str], start: int) -> int:
    """Return the end of the right-to-left stretch that begins at `start`."""
    end = start + 1
    for at in range(start + 1, len(clusters)):
        if kinds[at] == "L":
            break
        if kinds[at] in _RIGHT_TO_LEFT | _NUMBERS:
            end = at + 1
    while end < len(clusters) and clusters[end] in _PAIRS and _closes(clusters, start, end):
        end += 1
    return end


def _closes(clusters: Sequence[str], start: int, at: int) -> bool:
    """Whether a bracket closes one that was opened inside the stretch."""
    return clusters[at] in ")]}»" and _PAIRS[clusters[at]] in clusters[start:at]


def _turned(clusters: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
    """Yield a stretch from its end to its start; numbers in it keep their order."""
    at = len(clusters) - 1
    while at >= 0:
        start = at
        while kinds[at] in _NUMBERS and start > 0 and _goes_on(clusters, kinds, start):
            start -= 1
        if start < at:
            yield from clusters[start : at + 1]
        else:
            yield _PAIRS.get(clusters[at], clusters[at])
        at = start - 1


def _goes_on(clusters: Sequence[str], kinds: Sequence[str], start: int) -> bool:
    """Whether a number continues before `start`, directly or after a sign between digits."""
    if kinds[start - 1] in _NUMBERS:
        return True
    is_sign = clusters[start - 1] in ".,/:-" and kinds[start] in _NUMBERS
    return is_sign and start > 1 and kinds[start - 2] in _NUMBERS


def _clusters(text: str) -> list[str]:
    """Split a text into letters, each with its combining marks."""
    clusters: list[str] = []
    for each in text:
        if clusters and unicodedata.category(each) in _MARKS:
            clusters[-1] += each
        else:
            clusters.append(each)
    return clusters


@cache
def _forms() -> Mapping[tuple[str, str], str]:
    """Return the drawn form of a letter, or of lam with alef, by letter and kind of joining."""
    forms: dict[tuple[str, str], str] = {}
    for first, last in _PRESENTATION:
        for point in range(first, last + 1):
            kind, *of = unicodedata.decomposition(chr(point)).split() or ["", ""]
            letters = "".join(chr(int(each, 16)) for each in of if each)
            is_lam_alef = letters[:1] == _LAM and letters[1:] in _ALEFS
            if kind.startswith("<") and (len(letters) == 1 or is_lam_alef):
                forms.setdefault((letters, kind.strip("<>")), chr(point))
    return MappingProxyType(forms)


def _joins_on(letter: str) -> bool:
    """Whether a letter can be joined to the one after it."""
    return letter == _TATWEEL or (letter, "initial") in _forms()


def _joins_back(letter: str) -> bool:
    """Whether a letter can be joined to the one before it."""
    return letter == _TATWEEL or (letter, "final") in _forms()


def _joined(text: str) -> str:
    """Return a text with each Arabic letter in the form that its neighbours require."""
    clusters = _clusters(text)
    letters = [each[0] for each in clusters]
    drawn: list[str] = []
    at = 0
    while at < len(clusters):
        before = at > 0 and _joins_on(letters[at - 1]) and _joins_back(letters[at])
        pair = "".join(letters[at : at + 2])
        joined_pair = _forms().get((pair, "final" if before else "isolated"))
        if letters[at] == _LAM and joined_pair is not None:
            drawn.append(joined_pair + clusters[at][1:] + clusters[at + 1][1:])
            at += 2
            continue
        after = at + 1 < len(letters) and _joins_on(letters[at]) and _joins_back(letters[at + 1])
        kind = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}
        form = _forms().get((letters[at], kind[before, after]), letters[at])
        drawn.append(form + clusters[at][1:])
        at += 1
    return "".join(drawn)


# --- Lines: styled text broken at a width.

Ink = Literal["text", "muted", "link", "force", "white"]
_WIDE = frozenset({"W", "F"})
_WORD = re.compile(r"\s+|\S+")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")


class StyledText(msgspec.Struct, frozen=True):
    """A piece of text in one style; with `url` it is a link."""

    text: str
    bold: bool = False
    ink: Ink = "text"
    url: str | None = None


class TextPlacement(msgspec.Struct, frozen=True):
    """A piece of a line, `x` points from the start of the line."""

    x: float
    piece: FontRun
    width: float
    run: StyledText


Line = tuple[TextPlacement, ...]


class _Token(msgspec.Struct, frozen=True):
    """A piece of text that is not broken across lines."""

    text: str
    run: StyledText
    width: float


def break_lines(runs: Iterable[StyledText], size: float, wide: float) -> tuple[Line, ...]:
    """Break runs of text, one after another, into lines of at most `wide` points."""
    lines: list[list[_Token]] = [[]]
    used = 0.0
    for token in _tokens(runs, size, wide):
        if lines[-1] and used + token.width > wide and not token.text.isspace():
            lines.append([])
            used = 0.0
        if lines[-1] or not token.text.isspace():
            lines[-1].append(token)
            used += token.width
    return tuple(_placed(_trimmed(line), size) for line in lines if line)


def _trimmed(line: Sequence[_Token]) -> Sequence[_Token]:
    """Return a line without the space at which it was broken."""
    return line[:-1] if line[-1].text.isspace() else line


def _tokens(runs: Iterable[StyledText], size: float, wide: float) -> Iterator[_Token]:
    for run in runs:
        for text in _words(run.text):
            token = _Token(text, run, _width(text, run, size))
            yield from (token,) if token.width <= wide else _cut(token, size, wide)


def _words(text: str) -> Iterator[str]:
    """Yield words and single spaces; in scripts without spaces each character is a word."""
    shown = "".join(each for each in visible(text) if unicodedata.category(each) != "Cf")
    for match in _WORD.finditer(_SPACES.sub(" ", shown)):
        word = match[0]
        is_wide = [unicodedata.east_asian_width(each) in _WIDE for each in word]
        at = 0
        for wide, group in groupby(is_wide):
            count = len(list(group))
            yield from word[at : at + count] if wide else (word[at : at + count],)
            at += count


def _cut(token: _Token, size: float, wide: float) -> Iterator[_Token]:
    """Cut a word that is wider than a line, such as a web address, into pieces that fit."""
    start = 0
    for end in range(1, len(token.text) + 1):
        is_last = end == len(token.text)
        if is_last or _width(token.text[start : end + 1], token.run, size) > wide:
            text = token.text[start:end]
            yield _Token(text, token.run, _width(text, token.run, size))
            start = end


def _width(text: str, run: StyledText, size: float) -> float:
    drawn = pieces(visual(text), bold=run.bold)
    return sum(width(each.text, each.font, size) for each in drawn)


def _placed(tokens: Sequence[_Token], size: float) -> Line:
    """Place the tokens of a line; those of one run together, so that it is reversed as a whole."""
    placed: list[TextPlacement] = []
    x = 0.0
    for run, group in groupby(tokens, key=lambda token: token.run):
        text = "".join(token.text for token in group)
        for piece in pieces(visual(text), bold=run.bold):
            wide = width(piece.text, piece.font, size)
            placed.append(TextPlacement(x, piece, wide, run))
            x += wide
    return tuple(placed)


# --- Patterns of a lane: they differ in shape as well as colour, so that grey print keeps them.

Pattern = Literal[
    "solid", "relief", "hatch", "cross", "dashed", "outline", "dotted", "frame", "thin", "halves"
]
Box = tuple[float, float, float, float]
"""Left edge, lower edge, width and height, in points."""

_FORCE, _RELIEF, _SUSPENDED, _ENDED, _TEXT = (
    HexColor(each) for each in ("#9A2A0E", "#C77700", "#0B4F8A", "#7F838B", "#1B1D21")
)
_STEP = 4.0


def draw_pattern(canvas: Canvas, pattern: Pattern, box: Box) -> None:
    """Draw a box in one of the patterns of the timeline's legend."""
    canvas.saveState()
    match pattern:
        case "solid":
            _fill(canvas, box, _FORCE)
        case "relief":
            _fill(canvas, box, _RELIEF)
        case "halves":
            _halves(canvas, box)
        case "hatch":
            _hatch(canvas, box, crossed=False)
        case "cross":
            _hatch(canvas, box, crossed=True)
        case "thin":
            _thin(canvas, box)
        case "dashed" | "outline" | "dotted" | "frame":
            _outlined(canvas, pattern, box)
    canvas.restoreState()


def _fill(canvas: Canvas, box: Box, colour: Color) -> None:
    canvas.setFillColor(colour)
    canvas.rect(*box, stroke=0, fill=1)


def _halves(canvas: Canvas, box: Box) -> None:
    """Draw "in force in part": the lower half solid, the upper one hatched."""
    x, y, wide, high = box
    _fill(canvas, (x, y, wide, high / 2), _FORCE)
    _hatch(canvas, (x, y + high / 2, wide, high / 2), crossed=False)


def _hatch(canvas: Canvas, box: Box, *, crossed: bool) -> None:
    x, y, wide, high = box
    path = canvas.beginPath()
    path.rect(*box)  # pyright: ignore[reportUnknownMemberType] - its stub leaves types out
    canvas.saveState()
    canvas.clipPath(path, stroke=0, fill=0)  # pyright: ignore[reportUnknownMemberType] - its stub leaves types out
    canvas.setStrokeColor(_SUSPENDED)
    canvas.setLineWidth(1.1)
    for count in range(int((wide + high) / _STEP) + 1):
        start = x - high + count * _STEP
        canvas.line(start, y, start + high, y + high)
        if crossed:
            canvas.line(start, y + high, start + high, y)
    canvas.restoreState()
    canvas.setStrokeColor(_SUSPENDED)
    canvas.setLineWidth(0.8)
    canvas.rect(*box, stroke=1, fill=0)


def _thin(canvas: Canvas, box: Box) -> None:
    x, y, wide, high = box
    canvas.setStrokeColor(_ENDED)
    canvas.setLineWidth(1.6)
    canvas.line(x, y + high / 2, x + wide, y + high / 2)


def _outlined(canvas: Canvas, pattern: Pattern, box: Box) -> None:
    """Draw an outline: dashed unconfirmed, dotted not on record, thin announced, frame idle."""
    canvas.setStrokeColor(_FORCE if pattern in {"dashed", "frame"} else _TEXT)
    canvas.setLineWidth(2.0 if pattern == "frame" else 0.9)
    if pattern == "dashed":
        canvas.setFillColor(HexColor("#FBE7E0"))
        canvas.setDash(3.0, 2.0)
    elif pattern == "dotted":
        canvas.setDash(1.0, 2.0)
    canvas.rect(*box, stroke=1, fill=int(pattern == "dashed"))


# --- The document.

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
    """A part of a lane in one pattern, from `start` to `end` as shares in [0, 1] of its width.

    `top` and `height` are shares of the height of the lane, `top` counted from above. The pattern
    `mark` is the line of a day across the whole lane.
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


class PdfDocument:
    """A document made of blocks from top to bottom.

    `head` and `foot` are on every page, with the page number and the number of pages.
    """

    def __init__(self, title: str, head: Sequence[str], foot: Sequence[str]) -> None:
        self._title = title
        self._head = tuple(head)
        self._foot = tuple(foot)
        self._pages: list[list[_Words | _Lane | _Rule]] = [[]]
        self._top = _HEAD_AT - _SMALL * _LEADING * len(self._head) - 12
        self._y = self._top

    def heading(self, text: str, size: float = 12.0) -> None:
        """Add a heading; it is never the last line of a page."""
        self.space(size * 0.7)
        self._need(size * 5)
        self.text((StyledText(text, bold=True),), size=size)

    def text(self, runs: Iterable[StyledText], *, size: float = 9.5, indent: float = 0.0) -> None:
        """Add a paragraph of styled text; sizes are in points."""
        for line in break_lines(runs, size, _COLUMN - indent):
            self._need(size * _LEADING)
            self._y -= size * _LEADING
            self._pages[-1].append(_Words(line, MARGIN + indent, self._y, size))
        self._y -= size * 0.25

    def lane(
        self, swatches: Iterable[Swatch], *, indent: float = 0.0, height: float = 9.0
    ) -> None:
        """Add a bar of patterns as wide as the column."""
        self._need(height + 8)
        self._y -= height + 5
        wide = _COLUMN - indent
        self._pages[-1].append(_Lane(tuple(swatches), MARGIN + indent, self._y, wide, height))
        self._y -= 3

    def rule(self) -> None:
        """Add a thin line across the column."""
        self._need(12)
        self._y -= 6
        self._pages[-1].append(_Rule(self._y))
        self._y -= 3

    def space(self, height: float) -> None:
        """Add vertical space in points, but not at the top of a page."""
        if self._y < self._top:
            self._y -= height

    def keep(self, height: float) -> None:
        """Begin a new page where less than `height` points are left on this one."""
        self._need(height)

    def pdf(self) -> bytes:
        """Return the document as PDF; equal documents give equal bytes."""
        into = io.BytesIO()
        canvas = Canvas(into, pagesize=A4, invariant=1, pageCompression=1, lang="en-GB")
        canvas.setTitle(visible(self._title))
        canvas.setCreator("Abeyance")
        canvas.setAuthor("Abeyance")
        for number, page in enumerate(self._pages, start=1):
            go_on()
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
        lines = break_lines((StyledText(text, ink="muted"),), _SMALL, _COLUMN)
        # cut at one line: the body of the first page has the whole text
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


__all__ = ["PdfDocument", "StyledText", "Swatch"]
