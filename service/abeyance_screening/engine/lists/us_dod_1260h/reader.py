"""The reader of the list of Chinese military companies under section 1260H.

The list is published as a PDF file with a press release and, on the same day or the next, as a
notice in the Federal Register.

Source: https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NoReturn

import msgspec

from abeyance_screening.engine.lists.edition import ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.pdf import is_pdf, pdf_layout
from abeyance_screening.engine.lists.reading.records import by_name, give_ids, key_of_name
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    MOST_UNREAD,
    Rescued,
    notes_are_taken,
    read_records,
)
from abeyance_screening.engine.lists.us_dod_1260h.companies import (
    BULLET,
    LIST_CODE,
    LONGEST_PLACE,
    UNFINISHED,
    ListedCompany,
    entries_of,
    is_sentence,
    listing_of,
    note_words,
    printed_names,
    refuse,
)
from abeyance_screening.engine.lists.us_dod_1260h.notice import (
    ABOUT,
    Notice,
    ends_as_notice,
    is_frame,
    is_notice,
    is_removal,
    notice_text,
    read_notice,
)
from abeyance_screening.engine.lists.us_dod_1260h.transcript import is_transcript, parse_transcript
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- The parts of the text around the names: notes, and companies removed from the list.

_NOTE_MARK = re.compile(r"\d{1,2}+|\*++|[\u2020\u2021]")
_MARKS = re.compile(rf"(?:[ \t,]*+(?:{_NOTE_MARK.pattern}))*+[ \t]*+(?=[\r\n\f]|\Z)")
# The only known footnote, on the title: a company that an earlier notice put on the list.
_REMAINS = re.compile(
    r"(?P<sentence>(?P<name>[A-Z\d].{1,150}?) was previously identified as and remains a Chinese "
    r"military company operating in the United States in accordance with Section 1260H of the "
    r"William M\. \(.Mac.\) Thornberry National Defense Authorization Act for Fiscal Year 2021 "
    r"\(Public Law 116[-\u2013]283\) as reported in (?P<volume>\d{2,3}) Fed\. Reg\. "
    r"(?P<page>\d{1,6}) \([A-Z][a-z]+ \d{1,2}, \d{4}\)\.)"
)
_LONGEST_NOTE = 8
_SUBSIDIARIES = re.compile(r"\*\s*Subsidiaries Listed with Parent Companies\.?", re.IGNORECASE)
# Begins a heading after the list, which says what happened to the companies below the heading.
_HEADING = re.compile(r"(?:The\s+)?Following\s", re.IGNORECASE)
# Lines that may not follow that heading: indented lines, notes, other headings, the title again.
_NO_NAME = re.compile(rf"^\s{{2}}|^\s*\*|^\s*{_HEADING.pattern}|{ABOUT.pattern}", re.IGNORECASE)


class FootnoteCompany(msgspec.Struct, frozen=True, kw_only=True):
    """A company that only a footnote names, with the note's sentence and the act it gives."""

    name: str
    sentence: str
    citation: str


class Sections(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of the list itself, and the companies that its notes name.

    `has_subsidiaries` is whether a note says that subsidiaries are listed with their parents,
    `has_end` whether anything follows the list.
    """

    listed: tuple[str, ...]
    notes: tuple[FootnoteCompany, ...]
    has_subsidiaries: bool
    has_end: bool


def title_marks(list_code: str, text: str, end_of_title: int) -> tuple[tuple[str, ...], int]:
    """Return the footnote marks after the title, in printed order, and where its line ends."""
    found = _MARKS.match(text, end_of_title)
    if found is None:
        words = text[end_of_title:].split("\n", maxsplit=1)[0].strip()
        reason = f"unknown words after the title: {words[:LONGEST_PLACE]!r}"
        raise ListRefusedError(list_code, reason)
    return tuple(_NOTE_MARK.findall(found[0])), found.end()


def sections_of(list_code: str, marks: Sequence[str], lines: Sequence[str]) -> Sections:
    """Separate the list's lines from its notes and from the companies removed from the list.

    Every mark in the title must have a note in known words; numbered notes are in order and
    before the end of the list, and the note on subsidiaries ends the list. After that only
    removed companies may follow, below a heading that says so. A numbered note in other words,
    and a few lines more after the list, are noted.
    """
    rest, notes = list(lines), list[FootnoteCompany]()
    place = 0
    for mark in filter(str.isdigit, marks):
        taken = _take_note(mark, rest, place)
        if taken is None:
            _refuse_missing(list_code, mark)
        place, note = taken
        notes += [] if note is None else [note]
    place = sum(not is_frame(line) for line in rest[:place])
    rest = [line for line in rest if not is_frame(line)]
    end = next((n for n, line in enumerate(rest) if _ends_list(line)), len(rest))
    if place > end:
        raise ListRefusedError(list_code, "a note to the title comes after the end of the list")
    after = [line.strip() for line in rest[end:] if line.strip()]
    has_subsidiaries = bool(after) and _SUBSIDIARIES.fullmatch(after[0]) is not None
    for mark in marks:
        if not mark.isdigit() and not (mark == "*" and has_subsidiaries):
            _refuse_missing(list_code, mark)
    listed = tuple(rest[:end])
    _check_apart(listed, _removed(rest[end + has_subsidiaries :]))
    return Sections(
        listed=listed,
        notes=tuple(notes),
        has_subsidiaries=has_subsidiaries,
        has_end=bool(after),
    )


def _check_apart(listed: Iterable[str], removed: Collection[str]) -> None:
    for line in listed:
        if line.strip() in removed:
            refuse(line, "the company is both on the list and removed from it")


def _take_note(
    mark: str, lines: list[str], start: int
) -> tuple[int, FootnoteCompany | None] | None:
    """Remove the note for a mark; return its place and company, None for unknown words."""
    # From the last line on, because a page number with the same figure may come before the note.
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
    place = _take_unknown_note(mark, lines, start) if notes_are_taken() else None
    return None if place is None else (place, None)


def _take_unknown_note(mark: str, lines: list[str], start: int) -> int | None:
    """Remove and note the sentences for a mark, up to a blank line; return their place.

    The mark must be on the line of the first words, as a page number is not.
    """
    for place in reversed(range(start, len(lines))):
        if not lines[place].strip().startswith(f"{mark} ") or is_frame(lines[place]):
            continue
        parts = lines[place : place + _LONGEST_NOTE]
        blank = next((n for n, line in enumerate(parts) if not line.strip()), len(parts))
        text = " ".join(" ".join(parts[:blank]).split()).removeprefix(mark).strip()
        if is_sentence(text) and text.endswith("."):
            lines[place : place + blank] = [""]
            note_words("footnote to the title", text)
            return place
    return None


def _ends_list(line: str) -> bool:
    text = line.strip()
    if _SUBSIDIARIES.fullmatch(text) or _HEADING.match(text):
        return True
    # a sentence behind a bullet is said of one company, and noted with it
    is_said = BULLET.match(line) is not None and is_sentence(text)
    if is_removal(text) and not is_said:
        refuse(text, "words of removal that are no known heading")
    return False


def _removed(lines: Sequence[str]) -> list[str]:
    """Return the companies below the heading that removes them from the list, if there is one.

    They are left out of the edition, so lines that could be a part of the list are refused; a few
    are noted.
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
        _note_few("words after the end of the list", [words, *filter(str.strip, body)])
        return []
    names, others = list[str](), list[str]()
    for line in filter(str.strip, body):
        is_other = _NO_NAME.search(line) or (names and line.casefold() < names[-1].casefold())
        (others if is_other else names).append(line.strip())
    _note_few("line below the companies removed from the list", others)
    return names


def _note_few(what: str, lines: Sequence[str]) -> None:
    if len(lines) > MOST_UNREAD:
        refuse(lines[0], f"unknown {what}, and {len(lines) - 1} lines more")
    for line in lines:
        note_words(what, line)


def _refuse_missing(list_code: str, mark: str) -> NoReturn:
    reason = (
        f"the title has the mark {mark}, but its note is missing or in unknown words; the text is "
        "cut off or out of order"
    )
    raise ListRefusedError(list_code, reason)


# --- The document: a notice of the Federal Register, or the department's own PDF file.

_PRINTED_PAGE = re.compile(r"Federal Register\s*/\s*Vol\. \d+")
_TITLE = re.compile(
    r"(?:Entities\s+Identified\s+as\s+)?Chinese\s+Military\s+Companies\s+Operating\s+in\s+the\s+"
    r"United\s+States.{0,250}?\(?(?:Public\s+Law|Pub\.\s+L\.)\s+116[-\u2013]283\)?",
    re.IGNORECASE | re.DOTALL,
)
# The most lines above the title; a page of companies has more.
_LETTERHEAD = 10


class ListText(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of the list with their indentation, and day and citation where they are printed.

    Blank lines are kept as the ends of paragraphs. `notes` are companies that only a footnote
    names. `has_subsidiaries` is whether a note says that subsidiaries are listed with their
    parents, `has_end` whether anything follows the list.
    """

    lines: tuple[str, ...]
    notes: tuple[FootnoteCompany, ...]
    has_subsidiaries: bool
    has_end: bool
    published_on: date | None
    citation: str | None


def is_list(head: str) -> bool:
    """Return whether the beginning of a text mentions Chinese military companies."""
    return not head.startswith(("<", "{")) and ABOUT.search(head) is not None


def read_document(list_code: str, text: str) -> ListText:
    """Find the list in the text of a notice or of the department's PDF file."""
    if is_notice(text):
        notice = read_notice(list_code, text)
        if not notice.is_whole:
            raise ListRefusedError(list_code, "the notice only changes the list")
        return _text_of_notice(list_code, notice)
    if _PRINTED_PAGE.search(text):
        reason = (
            "printed pages of the Federal Register, whose columns run into each other; load the "
            "notice as text, XML or HTML, or DoD's own PDF"
        )
        raise ListRefusedError(list_code, reason)
    title = _TITLE.search(text)
    if title is None:
        raise ListRefusedError(list_code, "the text does not have the title of the 1260H list")
    before = text[: title.start()]
    if "\f" in before or sum(map(bool, map(str.strip, before.splitlines()))) > _LETTERHEAD:
        raise ListRefusedError(list_code, "the title is not at the top of the first page")
    if _TITLE.search(text, title.end()):
        raise ListRefusedError(list_code, "the title is repeated: these are two lists")
    marks, end = title_marks(list_code, text, title.end())
    lines = text[end:].replace("\f", "\n").splitlines()
    sections = sections_of(list_code, marks, lines)
    return ListText(
        lines=sections.listed,
        notes=sections.notes,
        has_subsidiaries=sections.has_subsidiaries,
        has_end=sections.has_end,
        published_on=None,
        citation=None,
    )


def _text_of_notice(list_code: str, notice: Notice) -> ListText:
    for words in notice.unread:
        note_words("words before the list", words)
    sections = sections_of(list_code, (), list(notice.lines))
    _check_apart(sections.listed, notice.removed)
    return ListText(
        lines=sections.listed,
        notes=sections.notes,
        has_subsidiaries=sections.has_subsidiaries,
        has_end=True,
        published_on=notice.published_on,
        citation=notice.citation,
    )


# --- The edition.

_LINE_ENDS = (b"\n", b"\r", b"\f")


def parse(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read a PDF file, its text, or a notice of the Federal Register into one edition.

    `published_on` is the day of the Federal Register's issue; the PDF file prints none. A listing
    is one name; a company under another has the fact `listed_under`. The department's reason for
    the listing is the remark. Companies that only a footnote confirms as listed come last.
    Companies in a section of removals are no listings. Ids are made from names.
    """
    document = read_document(LIST_CODE, _text_of(content))
    if not (document.has_end or is_pdf(content) or content.endswith(_LINE_ENDS)):
        raise ListRefusedError(LIST_CODE, "the text may be cut off: its last line does not end")
    listings = _listings(document)
    if not listings:
        raise ListRefusedError(LIST_CODE, "the text has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE, published_on=document.published_on, listings=listings
    )
    return (edition,)


def parse_changes(content: bytes) -> tuple[ParsedDelta, ...]:
    """Read a notice that only adds companies to the list, or removes some, as a delta.

    A company is removed by its name, as the list printed it; a name that the list does not have
    is refused when the delta is applied.
    """
    text = _text_of(content)
    if not is_notice(text):
        raise ListRefusedError(LIST_CODE, "the text is no notice of the Federal Register")
    notice = read_notice(LIST_CODE, text)
    if notice.is_whole:
        raise ListRefusedError(LIST_CODE, "the notice has the whole list")
    delta = ParsedDelta(
        list_code=LIST_CODE,
        published_on=notice.published_on,
        put=_listings(_text_of_notice(LIST_CODE, notice)),
        gone=tuple(f"{LIST_CODE}-{key_of_name(_primary(name))}" for name in notice.removed),
        follows=("dod_1260h", "dod_1260h_changes"),
    )
    if not (delta.put or delta.gone):
        raise ListRefusedError(LIST_CODE, "the notice names no company")
    return (delta,)


def _primary(printed: str) -> str:
    names, _ = printed_names(printed)
    return names[0].text


def _listings(document: ListText) -> tuple[Listing, ...]:
    entries = tuple(entries_of(document.lines))
    if document.has_subsidiaries and all(entry.parent is None for entry in entries):
        reason = "the text has lost which companies are listed under others; load the PDF file"
        raise ListRefusedError(LIST_CODE, reason)
    last = entries[-1].name if entries else ""
    if last.count("(") > last.count(")") or UNFINISHED.search(last):
        raise ListRefusedError(LIST_CODE, f"the text is cut off within {last[:LONGEST_PLACE]!r}")
    companies = (*entries, *map(_company_of_note, document.notes))
    acts = (*(document.citation for _ in entries), *(note.citation for note in document.notes))
    cited = zip(companies, acts, strict=True)
    keyed = by_name(
        read_records(cited, lambda each: listing_of(*each), lambda each: _rescue(each[0]))
    )
    return give_ids(LIST_CODE, keyed)


def _text_of(content: bytes) -> str:
    if not is_pdf(content):
        marked_up = notice_text(LIST_CODE, content)
        return read_text(LIST_CODE, content) if marked_up is None else marked_up
    try:
        return pdf_layout(content)
    except RowRefusedError as error:
        raise ListRefusedError(LIST_CODE, f"{error.where}: {error.reason}") from None


def _company_of_note(note: FootnoteCompany) -> ListedCompany:
    return ListedCompany(name=note.name, parent=None, reasons=(note.sentence,))


def _rescue(entry: ListedCompany) -> Rescued:
    """Return a company whose line is no name, by that line."""
    names, _ = printed_names(entry.name)
    return Rescued(
        list_code=LIST_CODE,
        names=(*(name.text for name in names), entry.name),
        entity_type="organisation",
    )


def _may_be_list(file: GivenFile) -> bool:
    return is_pdf(file.content) or (
        (is_list(file.head) or _is_notice(file)) and not _is_change(file)
    )


def _is_notice(file: GivenFile) -> bool:
    try:
        text = notice_text(LIST_CODE, file.content)
    except ListRefusedError:
        return False
    return text is not None and ends_as_notice(text)


def _is_change(file: GivenFile) -> bool:
    if is_pdf(file.content):
        return False
    try:
        text = _text_of(file.content)
        return is_notice(text) and not read_notice(LIST_CODE, text).is_whole
    except (ListRefusedError, RowRefusedError):
        return False


FORMATS = (
    Format(
        word="dod_1260h",
        source=LIST_CODE,
        title="the section 1260H list as PDF, or its Federal Register notice as text, XML or HTML",
        tells=_may_be_list,
        read=one_file(parse),
    ),
    Format(
        word="dod_1260h_changes",
        source=LIST_CODE,
        title="a Federal Register notice that only adds to the list or removes from it",
        tells=_is_change,
        read=one_file(parse_changes),
    ),
    Format(
        word="dod_1260h_transcribed",
        source=LIST_CODE,
        title="the section 1260H list as a table that a person transcribed from it",
        tells=is_transcript,
        read=one_file(parse_transcript),
    ),
)
"""The formats of the list as the department publishes it, of its changes, and of a copy."""
