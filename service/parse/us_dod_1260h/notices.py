"""The text around the list: a notice of the Federal Register, or the department's own pages."""

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from service.model.errors import ListRefusedError
from service.parse.days import read_american_day

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
_FRAME = re.compile(
    r"(?:Page )?\d+(?: of \d+)?|-+ ?\d+ ?-+|UNCLASSIFIED|CLEARED.*|\[\[Page \d+\]\]"
    r"|[A-Z][a-z]+ \d{1,2}, \d{4}"
)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The list's own lines, indentation kept, with the day and the act where they are printed.

    Blank lines are kept as the ends of paragraphs.
    """

    lines: tuple[str, ...]
    published_on: date | None
    citation: str | None


def is_list(head: str) -> bool:
    """Whether the beginning of a text speaks of the list."""
    return not head.startswith(("<", "{")) and _ABOUT.search(head) is not None


def read_document(list_code: str, text: str) -> Document:
    """The list's part of a text.

    Raises:
        ListRefusedError: neither a notice's text nor that of the department's PDF, a notice cut
            off or one that takes companies off the list, or pages of the printed Federal
            Register, whose columns run into each other.
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
    lines = text[title.end() :].replace("\f", "\n").splitlines()
    kept = (line.rstrip() for line in lines if not _FRAME.fullmatch(line.strip()))
    return Document(lines=tuple(kept), published_on=None, citation=None)


def _notice(list_code: str, text: str, issue: re.Match[str]) -> Document:
    if _END_OF_NOTICE.search(text) is None:
        raise ListRefusedError(list_code, "the notice is cut off (no [FR Doc.] at its end)")
    page = _PAGE.search(text, issue.end())
    paragraphs = list(_paragraphs(text))
    starts = [
        place
        for place, paragraph in enumerate(paragraphs)
        if paragraph.endswith(":") and _ABOUT.search(paragraph)
    ]
    if not starts:
        raise ListRefusedError(list_code, "the notice does not lead up to a list of companies")
    return Document(
        lines=tuple(_listed(paragraphs[starts[-1] + 1 :])),
        published_on=read_american_day(list_code, "Federal Register", issue["day"]),
        citation=None if page is None else f"{issue['volume']} FR {page['page']}",
    )


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a notice, each on one line; four spaces or a blank line begin one."""
    parts = list[str]()
    for line in text.splitlines():
        if _FRAME.fullmatch(line.strip()):
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
