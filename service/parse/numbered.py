"""Several things printed in one cell, each with its number or letter."""

import re

# `(1) Syria (2) Iraq`, `1) Saudi Arabia 2) Qatar`, `a) General, b) Minister`.
_MARK = re.compile(r"(?:(?<=[\s.,;:])|^)\(?(\d{1,2}|[a-z])\)\s*")
_NOTHING = frozenset({"", "-", "--"})


def split_numbered(printed: str) -> list[str]:
    """The things in printed order, "" for one of which nothing is said (`(2) -`).

    The numbers must run from the text's beginning on without a gap; a text that is not numbered
    so comes back whole. Only the punctuation that parts the things is taken away.
    """
    text = printed.strip()
    marks = _running(text)
    if not marks:
        return [text] if text else []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces = (text[mark.end() : end] for mark, end in zip(marks, ends, strict=True))
    return [_tidy(piece) for piece in pieces]


def filled_numbered(printed: str) -> list[str]:
    """As `split_numbered`, without those of which nothing is said."""
    return [piece for piece in split_numbered(printed) if piece]


def _running(text: str) -> list[re.Match[str]]:
    """The marks 1, 2, 3 … or a, b, c … as far as they run, from the first letter on."""
    found = list[re.Match[str]]()
    for mark in _MARK.finditer(text):
        expected = _follows(found[-1][1]) if found else None
        if expected is None and (mark.start() > 0 or mark[1] not in {"1", "a"}):
            return []
        if expected is None or (mark[1] == expected and not _closes(text, found[-1], mark)):
            found.append(mark)
    return found


def _closes(text: str, before: re.Match[str], mark: re.Match[str]) -> bool:
    """Whether the mark's bracket only closes one of the text: `a) Iraq (see b)`."""
    between = text[before.end() : mark.start()]
    return not mark[0].startswith("(") and between.count("(") > between.count(")")


def _follows(mark: str) -> str:
    return str(int(mark) + 1) if mark.isdigit() else chr(ord(mark) + 1)


def _tidy(piece: str) -> str:
    text = piece.strip(" \t\n\r\xa0,;")
    # `Libya.` ends a thing; `Co.` and `St.` are short words and keep their stop
    if text.endswith(".") and not re.search(r"(?:\.\S*|\b\w{1,3})\.$", text):
        text = text[:-1]
    return "" if text.rstrip(" .") in _NOTHING else text
