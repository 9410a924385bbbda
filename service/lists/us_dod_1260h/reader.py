"""Chinese military companies under section 1260H, as the Defense Department publishes them.

The list comes as a PDF file with a press release and, the same day or the next, as a notice in the
Federal Register. Source: https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NoReturn

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import Fact, Listing, Name
from service.lists.reading.days import read_american_day
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_name
from service.lists.reading.names import collect_names, last_brackets
from service.lists.reading.pdf import is_pdf, pdf_layout
from service.lists.reading.texts import read_text

# --- What stands around the names of the list: its notes, and companies that were taken off it.

_NOTE_MARK = re.compile(r"\d{1,2}+|\*++|[\u2020\u2021]")
_MARKS = re.compile(rf"(?:[ \t,]*+(?:{_NOTE_MARK.pattern}))*+[ \t]*+(?=[\r\n\f]|\Z)")
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
_LONGEST_PLACE = 60
_FRAME = re.compile(
    r"(?:Page )?\d+(?: of \d+)?|-+ ?\d+ ?-+|UNCLASSIFIED|CLEARED.*|\[\[Page \d+\]\]"
    r"|[A-Z][a-z]+ \d{1,2}, \d{4}"
)


class FootnoteCompany(msgspec.Struct, frozen=True, kw_only=True):
    """A company that only a footnote names, with the note's sentence and the act it gives."""

    name: str
    sentence: str
    citation: str


class Sections(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of the list itself, the companies of its notes, and whether some stand below.

    `has_subsidiaries` is whether a note says that subsidiaries stand with their parents.
    """

    listed: tuple[str, ...]
    notes: tuple[FootnoteCompany, ...]
    has_subsidiaries: bool


def title_marks(list_code: str, text: str, end_of_title: int) -> tuple[tuple[str, ...], int]:
    """The footnote marks behind the title, in printed order, and where its line ends.

    Raises:
        ListRefusedError: other words stand behind the title.
    """
    found = _MARKS.match(text, end_of_title)
    if found is None:
        words = text[end_of_title:].split("\n", maxsplit=1)[0].strip()
        reason = f"unknown words behind the title: {words[:_LONGEST_PLACE]!r}"
        raise ListRefusedError(list_code, reason)
    return tuple(_NOTE_MARK.findall(found[0])), found.end()


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
    rest, notes = list(lines), list[FootnoteCompany]()
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


def _take_note(mark: str, lines: list[str], start: int) -> tuple[int, FootnoteCompany] | None:
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
                note = FootnoteCompany(
                    name=found["name"], sentence=found["sentence"], citation=citation
                )
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
    raise RowRefusedError(words.strip()[:_LONGEST_PLACE], reason)


# --- The text around the list: a notice of the Federal Register, or the department's own pages.

_ISSUE = re.compile(
    r"\[Federal Register Volume (?P<volume>\d+), Number \d+ \(\w+, (?P<day>\w+ \d+, \d{4})\)\]"
)
_PAGE = re.compile(r"\[Pages? (?P<page>\d+)")
_END_OF_NOTICE = re.compile(r"\[FR Doc\.? (?:No:? )?\d{4}-\d+ +Filed")
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


class ListText(msgspec.Struct, frozen=True, kw_only=True):
    """The list's own lines, indentation kept, with the day and the act where they are printed.

    Blank lines are kept as the ends of paragraphs. `notes` are companies that only a footnote
    names. `has_subsidiaries` is whether a note says that subsidiaries stand with their parents.
    """

    lines: tuple[str, ...]
    notes: tuple[FootnoteCompany, ...]
    has_subsidiaries: bool
    published_on: date | None
    citation: str | None


def is_list(head: str) -> bool:
    """Whether the beginning of a text speaks of the list."""
    return not head.startswith(("<", "{")) and _ABOUT.search(head) is not None


def read_document(list_code: str, text: str) -> ListText:
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
    return ListText(
        lines=sections.listed,
        notes=sections.notes,
        has_subsidiaries=sections.has_subsidiaries,
        published_on=None,
        citation=None,
    )


def _notice(list_code: str, text: str, issue: re.Match[str]) -> ListText:
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
    return ListText(
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


# --- Lines of the list put together again: names, the companies under them, and why they stand.

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


class ListedCompany(msgspec.Struct, frozen=True, kw_only=True):
    """One company: its name as printed, the one it stands under, and why it is listed."""

    name: str
    parent: str | None
    reasons: tuple[str, ...]


class _ListLine(msgspec.Struct, frozen=True):
    text: str
    is_below: bool


def entries_of(lines: Iterable[str]) -> Iterator[ListedCompany]:
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
                raise RowRefusedError(line.text[:_LONGEST_PLACE], "unknown words in the list")
            reasons.append(line.text)
            continue
        if name is not None:
            yield ListedCompany(name=name, parent=parent, reasons=tuple(reasons))
        name, reasons = _checked(line.text), []
        top = top if line.is_below else name
        parent = top if line.is_below else None
    if name is not None:
        yield ListedCompany(name=name, parent=parent, reasons=tuple(reasons))


def _joined(lines: Iterable[str]) -> Iterator[_ListLine]:
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
                yield _ListLine(" ".join(parts), below)
            parts, below = [text], bullet is not None or indent >= margin + _LEAST_INDENT
        blank = False
    if parts:
        yield _ListLine(" ".join(parts), below)


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
        raise RowRefusedError(name[:_LONGEST_PLACE], "the mark of a footnote that is not known")
    if len(name) > _NAME_LENGTH or not any(letter.isupper() for letter in name):
        raise RowRefusedError(name[:_LONGEST_PLACE], "no company's name")
    return name


# --- Names of the section 1260H list: short and former names stand in brackets behind them.

_FORMER = re.compile(r"(?:formerly(?: known as)?|f\.?k\.?a\.?):?\s+", re.IGNORECASE)
_ALSO = re.compile(r"(?:also known as|a\.?k\.?a\.?):?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"(?!(?<=\s)\s)\s*+;\s*+(?:and\s++)?")
# Stands behind names that an edition before had already.
_MARK = re.compile(r"(?!(?<=\s)\s)\s*+(?<!\*)(?P<mark>\*++)$")


def printed_names(printed: str) -> tuple[tuple[Name, ...], tuple[tuple[str, str], ...]]:
    """The names of one entry, primary first, and what marks stand behind it, by kind and value.

    Every pair of brackets at the end holds another name: `(AVIC)`, `(formerly X (Y))`. Brackets
    in the midst of a name, as in `(Limited) (CCCG)`, belong to it.
    """
    match = _MARK.search(printed)
    name = printed if match is None else printed[: match.start()]
    rest, inside = last_brackets(name.removesuffix(".") if name.endswith(").") else name)
    marks = () if match is None else (("mark", match["mark"]),)
    return collect_names(rest, _others(inside)), marks


def _others(inside: str) -> Iterator[Name]:
    former = _FORMER.match(inside)
    also = _ALSO.match(inside)
    start = next((match.end() for match in (former, also) if match is not None), 0)
    for text in _BETWEEN.split(inside[start:]):
        if text:
            yield Name(text=text, kind="alias" if former is None else "former")


__all__ = ["FORMATS", "LIST_CODE", "parse"]

LIST_CODE = "us_dod_1260h"
_URL = "https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H"


def parse(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of a PDF file, of its text, or of a notice's text from the Federal Register.

    `published_on` is the day of the issue of the Federal Register; the PDF file prints none. A
    listing is one name; companies that stand under another have it as the fact `listed_under`.
    What the department says of why a company is listed is the remark. A company that only a
    footnote says is still on the list is the last one. Those that a section says were taken off
    it are no listings. Ids are made of names.

    Raises:
        ListRefusedError: not the list, cut off, out of order, or without a single entry, or a
            text that has lost which companies stand under others.
        RowRefusedError: a line that is neither a name nor words about the company before it; its
            place is how it begins.
    """
    document = read_document(LIST_CODE, _text_of(content))
    entries = tuple(entries_of(document.lines))
    if not entries:
        raise ListRefusedError(LIST_CODE, "the text has no entries")
    if document.has_subsidiaries and all(entry.parent is None for entry in entries):
        reason = "the text has lost which companies stand under others; give the PDF file"
        raise ListRefusedError(LIST_CODE, reason)
    listings = (
        *(_listing(entry, document.citation) for entry in entries),
        *(_listing_of_note(note) for note in document.notes),
    )
    keyed = [(key_of_name(listing.primary_name), listing) for listing in listings]
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=document.published_on,
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


def _text_of(content: bytes) -> str:
    if not is_pdf(content):
        return read_text(LIST_CODE, content)
    try:
        return pdf_layout(content)
    except RowRefusedError as error:
        raise ListRefusedError(LIST_CODE, f"{error.where}: {error.reason}") from None


def _listing_of_note(note: FootnoteCompany) -> Listing:
    entry = ListedCompany(name=note.name, parent=None, reasons=(note.sentence,))
    return _listing(entry, note.citation)


def _listing(entry: ListedCompany, citation: str | None) -> Listing:
    names, marks = printed_names(entry.name)
    printed = (*marks, *(() if entry.parent is None else (("listed_under", entry.parent),)))
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=names,
        entity_type="organisation",
        citations=() if citation is None else (citation,),
        remarks=" ".join(entry.reasons) or None,
        facts=tuple(Fact(kind=kind, value=value) for kind, value in printed),
        source_url=_URL,
    )


def _may_be_list(file: GivenFile) -> bool:
    return is_pdf(file.content) or is_list(file.head)


FORMATS = (
    Format(
        word="dod_1260h",
        source=LIST_CODE,
        title="the section 1260H list as PDF, or the text of its Federal Register notice",
        tells=_may_be_list,
        read=one_file(parse),
    ),
)
"""What the Defense Department publishes."""
