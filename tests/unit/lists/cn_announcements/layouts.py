"""Pages of one announcement in the layouts that web sites give its annex."""

import re
from collections.abc import Callable, Sequence
from html import escape

_TENS = "十"
_DIGITS = "〇一二三四五六七八九"
_ITEM = re.compile(r"(?:\d+\s*[.、]|[一二三四五六七八九十]+、)\s*(?P<text>.+)")


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "" if tens < 2 else _DIGITS[tens]
    return f"{digits}{_TENS if tens else ''}{_DIGITS[ones] if ones else ''}"


NUMBERINGS: dict[str, Callable[[int], str]] = {
    "1.": lambda number: f"{number}. ",
    "1、": lambda number: f"{number}、",
    "full width": lambda number: f"{number}\uff0e".translate(
        {code: code + 0xFEE0 for code in b"0123456789"}
    ),
    "1)": lambda number: f"{number}\uff09",
    "(1)": lambda number: f"\uff08{number}\uff09",
    "①": lambda number: chr(ord("①") + number - 1) if number <= 20 else f"({number})",
    "一、": lambda number: f"{_chinese(number)}、",
    "(一)": lambda number: f"\uff08{_chinese(number)}\uff09",
    "bare": lambda number: f"{number} ",
    "none": lambda _: "",
}

WRAPS: dict[str, Callable[[Sequence[tuple[str, str]]], str]] = {
    "p": lambda items: "".join(f"<p>{mark}{text}</p>\n" for mark, text in items),
    "ul": lambda items: (
        "<ul>" + "".join(f"<li>{mark}{text}</li>" for mark, text in items) + "</ul>"
    ),
    "ol": lambda items: (
        "<ol>" + "".join(f"<li><p>{mark}{text}</p></li>" for mark, text in items) + "</ol>"
    ),
    "td": lambda items: (
        "<table>" + "".join(f"<tr><td>{mark}{text}</td></tr>" for mark, text in items) + "</table>"
    ),
    "two td": lambda items: (
        "<table>"
        + "".join(f"<tr><td>{mark}</td><td>{text}</td></tr>" for mark, text in items)
        + "</table>"
    ),
    "br": lambda items: "<p>" + "<br>".join(f"{mark}{text}" for mark, text in items) + "</p>",
    "one p": lambda items: "<p>" + " ".join(f"{mark}{text}" for mark, text in items) + "</p>",
    "one p, no spaces": lambda items: (
        "<p>" + "\uff1b".join(f"{mark}{text}" for mark, text in items) + "\u3002</p>"
    ),
    "div and span": lambda items: (
        "<div>"
        + "".join(
            f"<div><div><span>{mark}</span><span>{text[:3]}</span>{text[3:]}</div></div>"
            for mark, text in items
        )
        + "</div>"
    ),
    "divs apart": lambda items: "".join(
        f"<div><div>{mark}</div><div>{text}</div></div>" for mark, text in items
    ),
}


def parted(text: str) -> tuple[list[str], list[str]]:
    """The lines of an announcement before its items, and the texts of those."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    heading = max(place for place, line in enumerate(lines) if line in {"附件", "附"})
    first = next(
        place for place, line in enumerate(lines) if place > heading and _ITEM.match(line)
    )
    found = [_ITEM.fullmatch(line) for line in lines[first:]]
    return lines[:first], [item["text"] for item in found if item is not None]


def page(before: Sequence[str], items: Sequence[str], wrap: str, numbering: str) -> bytes:
    """An announcement as a page: its annex in a layout, a footer below."""
    marked = [
        (NUMBERINGS[numbering](number), escape(item)) for number, item in enumerate(items, start=1)
    ]
    head = "".join(f"<p>{escape(line)}</p>\n" for line in before)
    footer = "<div class=footer><ul><li>在线办事</li></ul><p>主办单位\uff1a商务部</p></div>"
    body = f"<div>{head}{WRAPS[wrap](marked)}</div>{footer}"
    return f"<!DOCTYPE html><html><head></head><body>{body}</body></html>".encode()
