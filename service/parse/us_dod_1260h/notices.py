"""The text around the list: a notice of the Federal Register, or the department's own pages."""

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from service.model.errors import ListRefusedError
from service.parse.days import read_american_day
from service.parse.us_dod_1260h.sections import (
    Note,
    is_frame,
    is_removal,
    sections_of,
    title_marks,
)

_ISSUE = re.compile(
    r"\[Federal Register Volume (?P<volume>\d+), Number \d+ \(\w+, (?P<day>\w+ \d+, \d{4})\)\]"
)
_PAGE = re.compile(r"\[Pages? (?P<page>\d+)")
_END_OF_NOTICE = re.compile(r"\[FR Doc\.? (?:No:? )?\d{4}-\d+ +Filed")
_ABOUT = re.compile(r"chinese\s+military\s+compan", re.IGNORECASE)
_PRINTED_PAGE = re.compile(r"Federal Register\s*/\s*Vol\. \d+")
_REMOVAL = re.compile(r"Notice of (?:the )?Removal of", re.IGNORECASE)
# Where a notice's list ends: with the day and the signature.
_BEHIND_LIST = re.compile(r"(?:Dated:|BILLING CODE|\[FR Doc)")
_TITLE = re.compile(
    r"(?:Entities\s+Identified\s+as\s+)?Chinese\s+Military\s+Companies\s+Operating\s+in\s+the\s+"
    r"United\s+States.{0,250}?\(?(?:Public\s+Law|Pub\.\s+L\.)\s+116[-\u2013]283\)?",
    re.IGNORECASE | re.DOTALL,
)
# As many lines may stand above the title; a page of companies has more.
_LETTERHEAD = 10


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The list's own lines, indentation kept, with the day and the act where they are printed.

    Blank lines are kept as the ends of paragraphs. `notes` are companies that only a footnote
    names. `has_subsidiaries` is whether a note says that subsidiaries stand with their parents.
    """

    lines: tuple[str, ...]
    notes: tuple[Note, ...]
    has_subsidiaries: bool
    published_on: date | None
    citation: str | None


def is_list(head: str) -> bool:
    """Whether the beginning of a text speaks of the list."""
    return not head.startswith(("<", "{")) and _ABOUT.search(head) is not None


def read_document(list_code: str, text: str) -> Document:
    """The list's part of a text.

    Raises:
        ListRefusedError: neither a notice's text nor that of the department's PDF, a text cut off
            or out of order, a notice that takes companies off the list, or pages of the printed
            Federal Register, whose columns run into each other.
        RowRefusedError: unknown words behind the list (`sections_of`).
    """
    if _REMOVAL.search(text):
        raise ListRefusedError(list_code, "a notice of removal, not the list")
    issue = _ISSUE.search(text)
    if issue is not None:
        return _notice(list_code, text, issue)
    if _PRINTED_PAGE.search(text):
        reason = "printed pages of the Federal Register; give the notice's text, or DoD's own PDF"
        raise ListRefusedError(list_code, reason)
    title = _TITLE.search(text)
    if title is None:
        raise ListRefusedError(list_code, "the text does not have the title of the 1260H list")
    before = text[: title.start()]
    if "\f" in before or sum(map(bool, map(str.strip, before.splitlines()))) > _LETTERHEAD:
        raise ListRefusedError(list_code, "the title does not stand at the head of the first page")
    marks, end = title_marks(list_code, text, title.end())
    lines = text[end:].replace("\f", "\n").splitlines()
    sections = sections_of(list_code, marks, lines)
    return Document(
        lines=sections.listed,
        notes=sections.notes,
        has_subsidiaries=sections.has_subsidiaries,
        published_on=None,
        citation=None,
    )


def _notice(list_code: str, text: str, issue: re.Match[str]) -> Document:
    if _END_OF_NOTICE.search(text) is None:
        raise ListRefusedError(list_code, "the notice is cut off (no [FR Doc.] at its end)")
    page = _PAGE.search(text, issue.end())
    paragraphs = list(_paragraphs(text))
    starts = [
        place
        for place, paragraph in enumerate(paragraphs)
        if paragraph.endswith(":") and _ABOUT.search(paragraph) and not is_removal(paragraph)
    ]
    if not starts:
        raise ListRefusedError(list_code, "the notice does not lead up to a list of companies")
    sections = sections_of(list_code, (), list(_listed(paragraphs[starts[-1] + 1 :])))
    return Document(
        lines=sections.listed,
        notes=sections.notes,
        has_subsidiaries=sections.has_subsidiaries,
        published_on=read_american_day(list_code, "Federal Register", issue["day"]),
        citation=None if page is None else f"{issue['volume']} FR {page['page']}",
    )


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a notice, each on one line; four spaces or a blank line begin one."""
    parts = list[str]()
    for line in text.splitlines():
        if is_frame(line):
            continue
        if parts and (not line.strip() or line.startswith("    ")):
            yield " ".join(parts)
            parts.clear()
        parts += line.split()
    if parts:
        yield " ".join(parts)


def _listed(paragraphs: list[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        if _BEHIND_LIST.match(paragraph):
            return
        yield paragraph
        yield ""
