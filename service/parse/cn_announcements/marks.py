"""The numbers before items, in the ways in which announcements print them."""

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from service.parse.cn_announcements.numerals import NUMERAL, number_of

# Each way of numbering is a level of its own: under `一、企业` runs `(一)`, and never into `1.`.
_STYLES = {
    "1.": r"\d{1,3}\s?[.、](?!\d)",
    "1)": r"\d{1,3}\s?\)",
    "(1)": r"\(\d{1,3}\)",
    "①": "[①-⑳]",
    "一、": rf"{NUMERAL}{{1,3}}\s?[.、]",
    "(一)": rf"\({NUMERAL}{{1,3}}\)",
}
_MARKS = {style: re.compile(pattern) for style, pattern in _STYLES.items()}
ANY_MARK = "|".join(_STYLES.values())
_BARE = re.compile(r"(\d{1,3})(?:\s+(?P<text>\D.*))?")
BARE = "1"
# Before the number of the next item on the same line.
_BETWEEN = frozenset(") ;。,")


class Item(msgspec.Struct, frozen=True):
    """An item: its mark as printed, the way in which it is numbered, its number, and its text."""

    mark: str
    style: str
    number: int
    text: str


def item_of(line: str) -> Item | None:
    """The item that a line begins; None where it begins with no number."""
    for style, pattern in _MARKS.items():
        found = pattern.match(line)
        if found is not None:
            return Item(found[0], style, _number(found[0]), line[found.end() :].strip())
    return None


def bare_item_of(line: str) -> Item | None:
    """The item of a line that begins with a number and a space, or is nothing but a number."""
    found = _BARE.fullmatch(line)
    if found is None:
        return None
    return Item(found[1], BARE, int(found[1]), (found["text"] or "").strip())


def split_items(line: str) -> Iterator[str]:
    """The items of a line, each by itself: `1. A 2. B` → `1. A` and `2. B`.

    A number begins an item only where it is the one that follows, printed in the same way.
    """
    item = item_of(line)
    start = 0
    while item is not None:
        found = next(
            (
                mark
                for mark in _MARKS[item.style].finditer(line, start + 1)
                if _number(mark[0]) == item.number + 1 and line[mark.start() - 1] in _BETWEEN
            ),
            None,
        )
        if found is None:
            break
        yield line[start : found.start()].strip()
        start = found.start()
        item = item_of(line[start:])
    yield line[start:]


def _number(mark: str) -> int:
    printed = mark.strip("(). 、")
    if len(printed) == 1 and "①" <= printed <= "⑳":
        return int(unicodedata.numeric(printed))
    return number_of(printed) or 0
