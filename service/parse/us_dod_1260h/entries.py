"""Lines of the list put together again: names, the companies under them, and why they stand."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from service.model.errors import RowRefusedError

_NUMBER = re.compile(r"\d{1,3}\.\s+(?=[A-Z\d])")
_BULLET = re.compile(r"\s*[•●○▪■◦\u2013·o-]\s+(?=\S)")
# A line goes on in the next one that begins so: the rest of a name or of a sentence.
_REST = re.compile(
    r"[a-z(,;)“\"]|(?:Co\.|Ltd|Limited|Inc\b|Inc\.|LLC|Corp\b|Corporation\b|Company\b|Institute\b)"
)
_UNFINISHED = re.compile(r"(?:[,&(/-]|\b(?:and|of|the|for|in|by|with|to|from|or|a|an|as))$")
# Names hold none of these words in small letters; every sentence of the list holds one.
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|may|must|will|shall|can|acts|remains)\b")
_REASON = re.compile(r"1260H|[Cc]hinese (?:military|defense)|owned|controlled|affiliated")
_NOTE = re.compile(r"\*+\s*(?:Denotes|Indicates|Previously|Identified|Entit(?:y|ies))\b")
# A footnote's mark, before its sentence (`\1\` in the Federal Register) or behind a name.
_BEFORE_NOTE = re.compile(r"\\?\d{1,2}\\?\s")
_BEHIND_NAME = re.compile(r"[.)]\s?\d{1,2}$")
# A space that a line alone begins with sets nothing apart; some PDF files have such ones.
_LEAST_INDENT = 2
_NAME_LENGTH = 250
_PLACE_LENGTH = 60


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One company: its name as printed, the one it stands under, and why it is listed."""

    name: str
    parent: str | None
    reasons: tuple[str, ...]


class _Line(msgspec.Struct, frozen=True):
    text: str
    is_below: bool


def entries_of(lines: Iterable[str]) -> Iterator[Entry]:
    """The companies in printed order.

    A name or a sentence that is broken into lines is joined. A company stands under another where
    it is set off by a bullet or by two spaces or more.

    Raises:
        RowRefusedError: a sentence that says nothing of why a company is listed, or stands before
            the first name, a name longer than any, or a footnote or its mark.
    """
    name, parent, reasons, top = None, None, list[str](), None
    for line in _joined(lines):
        if _NOTE.match(line.text):
            continue
        if _is_sentence(line.text):
            if name is None or not _REASON.search(line.text) or _is_note(line.text, name):
                raise RowRefusedError(line.text[:_PLACE_LENGTH], "unknown words in the list")
            reasons.append(line.text)
            continue
        if name is not None:
            yield Entry(name=name, parent=parent, reasons=tuple(reasons))
        name, reasons = _checked(line.text), []
        top = top if line.is_below else name
        parent = top if line.is_below else None
    if name is not None:
        yield Entry(name=name, parent=parent, reasons=tuple(reasons))


def _joined(lines: Iterable[str]) -> Iterator[_Line]:
    """Whole names and sentences, each on one line, with whether it is set below others."""
    margin, parts, below = None, list[str](), False
    blank = False
    for line in lines:
        if not line.strip():
            blank = True
            continue
        indent = len(line) - len(line.lstrip())
        margin = indent if margin is None else min(margin, indent)
        bullet = _BULLET.match(line)
        text = " ".join(line[0 if bullet is None else bullet.end() :].split())
        number = _NUMBER.match(text)
        text = text[0 if number is None else number.end() :]
        if parts and not (bullet or number) and _goes_on(" ".join(parts), text, blank=blank):
            parts.append(text)
        else:
            if parts:
                yield _Line(" ".join(parts), below)
            parts, below = [text], bullet is not None or indent >= margin + _LEAST_INDENT
        blank = False
    if parts:
        yield _Line(" ".join(parts), below)


def _goes_on(before: str, text: str, *, blank: bool) -> bool:
    if before.count("(") > before.count(")") or _UNFINISHED.search(before):
        return True
    if _is_sentence(before) and not before.endswith((".", ".”")):
        return True
    return not blank and _REST.match(text) is not None


def _is_sentence(text: str) -> bool:
    return _VERB.search(text) is not None


def _is_note(sentence: str, name: str) -> bool:
    """Whether a sentence is a footnote: with its mark before it, or of a company named there."""
    mark = _BEFORE_NOTE.match(sentence)
    is_marked = mark is not None and not name.startswith(mark[0])
    return is_marked or "previously identified" in sentence


def _checked(name: str) -> str:
    if _BEHIND_NAME.search(name):
        raise RowRefusedError(name[:_PLACE_LENGTH], "the mark of a footnote that is not known")
    if len(name) > _NAME_LENGTH or not any(letter.isupper() for letter in name):
        raise RowRefusedError(name[:_PLACE_LENGTH], "no company's name")
    return name
