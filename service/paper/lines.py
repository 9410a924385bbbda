"""Runs of text broken into lines of a width."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

import msgspec

from service.paper.fonts import Piece, pieces, width
from service.paper.visual import visual

Ink = Literal["text", "muted", "link", "force", "white"]
_WIDE = frozenset({"W", "F"})
_WORD = re.compile(r"\s+|\S+")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")


class Run(msgspec.Struct, frozen=True):
    """Text in one look; with `url` it leads there."""

    text: str
    bold: bool = False
    ink: Ink = "text"
    url: str | None = None


class Placed(msgspec.Struct, frozen=True):
    """A piece of a line, `x` points from its start."""

    x: float
    piece: Piece
    width: float
    run: Run


Line = tuple[Placed, ...]


class _Token(msgspec.Struct, frozen=True):
    """What is not broken across lines."""

    text: str
    run: Run
    width: float


def broken(runs: Iterable[Run], size: float, wide: float) -> tuple[Line, ...]:
    """The runs one after the other, in lines of at most `wide` points."""
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
    """Without the space that a line was broken at."""
    return line[:-1] if line[-1].text.isspace() else line


def _tokens(runs: Iterable[Run], size: float, wide: float) -> Iterator[_Token]:
    for run in runs:
        for text in _words(run.text):
            token = _Token(text, run, _width(text, run, size))
            yield from (token,) if token.width <= wide else _cut(token, size, wide)


def _words(text: str) -> Iterator[str]:
    """Words and spaces; in scripts without spaces each character is a word.

    Every space is a plain one here, and signs that draw nothing are left out.
    """
    shown = "".join(each for each in text if unicodedata.category(each) != "Cf")
    for match in _WORD.finditer(_SPACES.sub(" ", shown)):
        word = match[0]
        is_wide = [unicodedata.east_asian_width(each) in _WIDE for each in word]
        at = 0
        for wide, group in groupby(is_wide):
            count = len(list(group))
            yield from word[at : at + count] if wide else (word[at : at + count],)
            at += count


def _cut(token: _Token, size: float, wide: float) -> Iterator[_Token]:
    """A word wider than a line, such as an address of a page, in pieces that fit."""
    start = 0
    for end in range(1, len(token.text) + 1):
        is_last = end == len(token.text)
        if is_last or _width(token.text[start : end + 1], token.run, size) > wide:
            text = token.text[start:end]
            yield _Token(text, token.run, _width(text, token.run, size))
            start = end


def _width(text: str, run: Run, size: float) -> float:
    drawn = pieces(visual(text), bold=run.bold)
    return sum(width(each.text, each.font, size) for each in drawn)


def _placed(tokens: Sequence[_Token], size: float) -> Line:
    """A line's tokens drawn: those of one run together, so that right-to-left turns as a whole."""
    placed: list[Placed] = []
    x = 0.0
    for run, group in groupby(tokens, key=lambda token: token.run):
        text = "".join(token.text for token in group)
        for piece in pieces(visual(text), bold=run.bold):
            wide = width(piece.text, piece.font, size)
            placed.append(Placed(x, piece, wide, run))
            x += wide
    return tuple(placed)
