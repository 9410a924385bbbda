"""Where the Japanese name of an item ends and its English one begins."""

import re
from collections.abc import Sequence

from service.model.errors import RowRefusedError
from service.parse.jp_meti_ru.items import JAPANESE

ALSO = r"別[称名]"
_DASH = r"\s*+[-\u2010-\u2015\u2212\u30fc\uff70]\s*+"
_BEHIND = r"(?<=[;:])|(?<=; and)|(?<=; or)"
# Behind a semicolon, a colon or `; and`; the other kind may also begin any line.
SURE_BULLET = re.compile(
    rf"(?:{_BEHIND}|^(?<=;\n)|^(?<=:\n)|^(?<=; and\n)|\A){_DASH}", re.MULTILINE
)
LOOSE_BULLET = re.compile(rf"(?:^(?<!\n\n)|{_BEHIND}){_DASH}", re.MULTILINE)
# Typesetting parts Japanese from Latin letters and digits by a quarter of a letter. One program
# takes that for a blank where another does not (`株式会社 UCW`, `株式会社UCW`). Japanese has no
# blanks of its own. Its commas and quotes (、。〃〈 to 】) stand for letters here.
_WRITTEN = rf"{JAPANESE}\u3001-\u3003\u3008-\u3011"
_GAP = re.compile(rf"(?<=[{_WRITTEN}])\s++|(?<!\s)\s++(?=[{_WRITTEN}])")
IS_JAPANESE = re.compile(rf"[{JAPANESE}]")
_IS_ALSO = re.compile(ALSO)
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)")
_ENGLISH = re.compile(r"\s*(?P<text>[\"\u201c]?[A-Z0-9].*)", re.DOTALL)
_SMALL_WORD = re.compile(r"[A-Za-z][a-z]+")
# The longest item of the lists has 700 letters above its address, with all its names.
_MOST_LETTERS = 7_000


def languages(where: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    """The Japanese name on one line, and the lines of the English one.

    At the end of a page the two may stand in one line.

    Raises:
        RowRefusedError: no English name is behind the Japanese one, or there are far more letters
            than names have.
    """
    letters = sum(map(len, lines))
    if letters > _MOST_LETTERS:
        raise RowRefusedError(where, f"{letters:,} letters where {_MOST_LETTERS:,} may be names")
    end, depth = len(lines), 0
    for place, line in enumerate(lines):
        if place and depth <= 0 and not _goes_on(line):
            end = place
            break
        depth += line.count("(") - line.count(")")
    japanese, english = run_on(lines[:end]), list(lines[end:])
    is_missing = not english or LOOSE_BULLET.match(english[0]) is not None
    cut = _glued(japanese, is_missing=is_missing)
    if cut is not None:
        return japanese[:cut].rstrip(), [japanese[cut:].strip(), *english]
    if is_missing:
        raise RowRefusedError(where, "no English name is behind the Japanese one")
    return japanese, english


def run_on(lines: Sequence[str]) -> str:
    """Japanese lines as one: a space stands only between two Latin words."""
    text = ""
    for line in lines:
        latin = text[-1:].isascii() and text[-1:].isalnum() and line[:1].isascii()
        text += f" {line}" if latin and line[:1].isalnum() else line
    return text


def without_gaps(name: str) -> str:
    """The name without blanks beside Japanese letters; those between Latin words stay."""
    return _GAP.sub("", name)


def _goes_on(line: str) -> bool:
    """Whether a line goes on with the Japanese name: Japanese letters are outside its brackets.

    Or inside, where it begins with brackets: not `(OOO) Microelectronic Production Complex`.
    """
    text = line if line.startswith("(") else _BRACKETS.sub("", line)
    return IS_JAPANESE.search(text) is not None


def _glued(text: str, *, is_missing: bool) -> int | None:
    """Where English begins in a Japanese line, None where it does not.

    Behind a closing bracket or quote any English is the other name; behind a letter (`KB` in a
    Japanese name) only a longer one, or one that is missing else.
    """
    depth = 0
    for place, letter in enumerate(text[:-1], start=1):
        depth += (letter == "(") - (letter == ")")
        if depth > 0 or not (letter in ")」" or IS_JAPANESE.match(letter)):
            continue
        rest = _ENGLISH.fullmatch(text[place:])
        if rest is None or _goes_on(rest["text"]) or _IS_ALSO.search(rest["text"]) is not None:
            continue
        words = len(_SMALL_WORD.findall(rest["text"]))
        if letter == ")" or is_missing or words > 1:
            return place
    return None
