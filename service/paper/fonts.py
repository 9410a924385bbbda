"""The fonts of the paper, and which of them draws a character."""

from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Literal

import msgspec
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Font = Literal["Plain", "Bold", "EastAsian"]

_FOLDER = Path(str(resources.files("service.paper"))) / "fonts"
_FILES: dict[Font, str] = {
    "Plain": "DejaVuSans.ttf",
    "Bold": "DejaVuSans-Bold.ttf",
    "EastAsian": "DroidSansFallback.ttf",
}
_DRAWN_FOR_NONE = "\N{WHITE SQUARE}"


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text that one font draws."""

    text: str
    font: Font


def pieces(text: str, *, bold: bool) -> tuple[Piece, ...]:
    """A text by the fonts that draw it; what none of them can draw is a white square."""
    drawn = [_drawn(each, bold=bold) for each in text]
    return tuple(
        Piece("".join(each for _, each in group), font)
        for font, group in groupby(drawn, key=_first)
    )


def _first(drawn: tuple[Font, str]) -> Font:
    return drawn[0]


def width(text: str, font: Font, size: float) -> float:
    """How wide a text is in points."""
    _registered(font)
    return float(pdfmetrics.stringWidth(text, font, size))


def can_draw(text: str) -> bool:
    """Whether some font has each character of a text."""
    return all(_font_of(each, bold=False) is not None for each in text)


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
    """A font, read once it is needed."""
    found = TTFont(font, _FOLDER / _FILES[font])
    pdfmetrics.registerFont(found)  # pyright: ignore[reportUnknownMemberType] - its stub leaves types out
    return found
