"""What stands around the names of the list: its notes, and companies that were taken off it."""

import re
from collections.abc import Sequence
from typing import NoReturn

import msgspec

from service.model.errors import ListRefusedError, RowRefusedError

_MARK = re.compile(r"\d{1,2}+|\*++|[\u2020\u2021]")
_MARKS = re.compile(rf"(?:[ \t,]*+(?:{_MARK.pattern}))*+[ \t]*+(?=[\r\n\f]|\Z)")
_ABOUT = re.compile(r"chinese\s+military\s+compan", re.IGNORECASE)
# The one footnote that is known, to the title: a company that an earlier notice put on the list.
_REMAINS = re.compile(
    r"(?P<sentence>(?P<name>[A-Z\d].{1,150}?) was previously identified as and remains a Chinese "
    r"military company operating in the United States in accordance with Section 1260H of the "
    r"William M\. \(.Mac.\) Thornberry National Defense Authorization Act for Fiscal Year 2021 "
    r"\(Public Law 116[-\u2013]283\) as reported in (?P<volume>\d{2,3}) Fed\. Reg\. "
    r"(?P<page>\d{1,6}) \([A-Z][a-z]+ \d{1,2}, \d{4}\)\.)"
)
_LONGEST_NOTE = 8
_SUBSIDIARIES = re.compile(r"\*\s*Subsidiaries Listed with Parent Companies\.?", re.IGNORECASE)
# Begins a heading behind the list; such a heading says what became of the companies below it.
_HEADING = re.compile(r"(?:The\s+)?Following\s", re.IGNORECASE)
_TAKEN_OFF = re.compile(
    r"\b(?:did not meet|no longer|removed|removal|deleted|deletion|delisted|taken off)\b",
    re.IGNORECASE,
)
# Never below that heading: set in, a note, another heading, the title once more.
_NO_NAME = re.compile(rf"^\s{{2}}|^\s*\*|^\s*{_HEADING.pattern}|{_ABOUT.pattern}", re.IGNORECASE)
_PLACE_LENGTH = 60
_FRAME = re.compile(
    r"(?:Page )?\d+(?: of \d+)?|-+ ?\d+ ?-+|UNCLASSIFIED|CLEARED.*|\[\[Page \d+\]\]"
    r"|[A-Z][a-z]+ \d{1,2}, \d{4}"
)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A company that only a footnote names, with the note's sentence and the act it gives."""

    name: str
    sentence: str
    citation: str


class Sections(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of the list itself, the companies of its notes, and whether some stand below.

    `has_subsidiaries` is whether a note says that subsidiaries stand with their parents.
    """

    listed: tuple[str, ...]
    notes: tuple[Note, ...]
    has_subsidiaries: bool


def title_marks(list_code: str, text: str, end_of_title: int) -> tuple[tuple[str, ...], int]:
    """The footnote marks behind the title, in printed order, and where its line ends.

    Raises:
        ListRefusedError: other words stand behind the title.
    """
    found = _MARKS.match(text, end_of_title)
    if found is None:
        words = text[end_of_title:].split("\n", maxsplit=1)[0].strip()
        reason = f"unknown words behind the title: {words[:_PLACE_LENGTH]!r}"
        raise ListRefusedError(list_code, reason)
    return tuple(_MARK.findall(found[0])), found.end()


def is_frame(line: str) -> bool:
    """Whether a line is a page's number, its mark of clearance or a day: no words of the list."""
    return _FRAME.fullmatch(line.strip()) is not None


def is_removal(words: str) -> bool:
    """Whether words say that companies were taken off the list."""
    return _TAKEN_OFF.search(words) is not None


def sections_of(list_code: str, marks: Sequence[str], lines: Sequence[str]) -> Sections:
    """The list's lines without notes and without the companies that were taken off it.

    Every mark of the title leads to a note of known words, those of figures in order and before
    the list's end; the note on subsidiaries ends the list. Behind it only companies that were
    taken off it may stand, below a heading that says so.

    Raises:
        ListRefusedError: a mark has no note, so that the text is cut off or out of order.
        RowRefusedError: words behind the list's end that are not known, a company that is both
            on the list and taken off it, or companies taken off it that are out of order or have
            others below them, so that they may be a part of the list.
    """
    rest, notes = list(lines), list[Note]()
    place = 0
    for mark in filter(str.isdigit, marks):
        taken = _take_note(mark, rest, place)
        if taken is None:
            _refuse_missing(list_code, mark)
        place, note = taken
        notes.append(note)
    place = sum(not is_frame(line) for line in rest[:place])
    rest = [line for line in rest if not is_frame(line)]
    end = next((n for n, line in enumerate(rest) if _ends_list(line)), len(rest))
    if place > end:
        raise ListRefusedError(list_code, "a note to the title stands behind the end of the list")
    behind = [line.strip() for line in rest[end:] if line.strip()]
    has_subsidiaries = bool(behind) and _SUBSIDIARIES.fullmatch(behind[0]) is not None
    for mark in marks:
        if not mark.isdigit() and not (mark == "*" and has_subsidiaries):
            _refuse_missing(list_code, mark)
    removed = _removed(rest[end + has_subsidiaries :])
    listed = tuple(rest[:end])
    for line in listed:
        if line.strip() in removed:
            _refuse(line, "the company is on the list and taken off it")
    return Sections(listed=listed, notes=tuple(notes), has_subsidiaries=has_subsidiaries)


def _take_note(mark: str, lines: list[str], start: int) -> tuple[int, Note] | None:
    """The note to a mark, whose lines are taken away, and the place where it stood."""
    # from the last on: what is only a page's number may stand above it
    for place in reversed(range(start, len(lines))):
        begin = lines[place].strip()
        if begin != mark and not begin.startswith(f"{mark} "):
            continue
        for end in range(place + 1, min(place + 1 + _LONGEST_NOTE, len(lines) + 1)):
            text = " ".join(" ".join(lines[place:end]).split()).removeprefix(mark).strip()
            found = _REMAINS.fullmatch(text)
            if found is not None:
                lines[place:end] = [""]
                citation = f"{found['volume']} FR {found['page']}"
                note = Note(name=found["name"], sentence=found["sentence"], citation=citation)
                return place, note
    return None


def _ends_list(line: str) -> bool:
    text = line.strip()
    if _SUBSIDIARIES.fullmatch(text) or _HEADING.match(text):
        return True
    if is_removal(text):
        _refuse(text, "words of removal that are no known heading")
    return False


def _removed(lines: Sequence[str]) -> list[str]:
    """The companies below the heading that takes them off the list; none where nothing stands.

    What stands here is left out, so nothing may that could be a part of the list.
    """
    body = iter(lines)
    heading = list[str]()
    for line in map(str.strip, body):
        if heading and not line:
            break
        heading += filter(None, [line])
        if line.endswith((".", ":")):
            break
    words = " ".join(heading)
    if words and not (_HEADING.match(words) and is_removal(words)):
        _refuse(words, "unknown words behind the end of the list")
    names = list[str]()
    for line in filter(str.strip, body):
        if _NO_NAME.search(line) or (names and line.casefold() < names[-1].casefold()):
            _refuse(line, "it stands below the companies that were taken off the list")
        names.append(line.strip())
    return names


def _refuse_missing(list_code: str, mark: str) -> NoReturn:
    reason = (
        f"the title has the mark {mark}, and its note is missing or of unknown words; the text is "
        "cut off or out of order"
    )
    raise ListRefusedError(list_code, reason)


def _refuse(words: str, reason: str) -> NoReturn:
    raise RowRefusedError(words.strip()[:_PLACE_LENGTH], reason)
