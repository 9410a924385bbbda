"""The companies of the section 1260H list: their lines, names and reasons, as listings."""

import re
from collections.abc import Iterable, Iterator
from typing import NoReturn

import msgspec

from abeyance_screening.engine.lists.listing import Fact, Listing, Name
from abeyance_screening.engine.lists.reading.names import collect_names, is_place, last_brackets
from abeyance_screening.engine.lists.reading.unknown_parts import note_unknown, notes_are_taken
from abeyance_screening.engine.lists.us_dod_1260h.notice import VERB, is_removal
from abeyance_screening.primitives.errors import RowRefusedError

LIST_CODE = "us_dod_1260h"
BULLET = re.compile(r"\s*[•●○▪■◦\u2013·o-]\s+(?=\S)")
UNFINISHED = re.compile(r"(?:[,&(/-]|\b(?:and|of|the|for|in|by|with|to|from|or|a|an|as))$")
"""Ends a text that the next line continues."""
LONGEST_PLACE = 60
"""The most characters of a text by which an error names its place."""
_URL = "https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H"

# --- Lines joined to names and sentences, subsidiaries, and reasons.

_NUMBER = re.compile(r"\d{1,3}\.\s+(?=[A-Z\d])")
# A line that begins like this continues the one before: the rest of a name or of a sentence.
_REST = re.compile(
    r"[a-z(,;)“\"]|(?:Co\.|Ltd|Limited|Inc\b|Inc\.|LLC|Corp\b|Corporation\b|Company\b|Institute\b)"
)
_REASON = re.compile(r"1260H|[Cc]hinese (?:military|defense)|owned|controlled|affiliated")
_NOTE = re.compile(r"\*+\s*(?:Denotes|Indicates|Previously|Identified|Entit(?:y|ies))\b")
# A footnote's mark, before its sentence (`\1\` in the Federal Register) or after a name.
_BEFORE_NOTE = re.compile(r"\\?\d{1,2}\\?\s")
_AFTER_NAME = re.compile(
    r"(?!(?<=\s)\s)(?:(?<=[.)])\s?(?P<mark>\d{1,2}|\\\d{1,2}\\)|\s*+(?P<sign>[\u2020\u2021\u00a7\u00b6]++)"
    r"|\s*+\[(?P<words>[^\[\]]{1,200}+)\])$"
)
# A single space at the beginning of a line is no indentation; some PDF files have such spaces.
_LEAST_INDENT = 2
_NAME_LENGTH = 250


class ListedCompany(msgspec.Struct, frozen=True, kw_only=True):
    """One company: its name as printed, the one it is listed under, and why it is listed.

    `unknown` are the sentences after it that do not say why; `mark` and `words` are an unknown
    footnote's mark after the name and words in square brackets, "" without them.
    """

    name: str
    parent: str | None
    reasons: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    mark: str = ""
    words: str = ""


class _ListLine(msgspec.Struct, frozen=True):
    text: str
    is_below: bool


def entries_of(lines: Iterable[str]) -> Iterator[ListedCompany]:
    """Yield the companies in printed order.

    The lines of a name or a sentence are joined. A company with a bullet, or indented by two
    spaces or more, is listed under the last company without. A sentence that does not say why a
    company is listed is kept with it; one before the first name is noted.
    """
    company, top = None, None
    for line in _joined(lines):
        if _NOTE.match(line.text):
            continue
        if is_sentence(line.text):
            if company is None:
                note_words("words in the list", line.text)
            else:
                company = _with_sentence(company, line.text)
            continue
        if company is not None:
            yield company
        company = company_named(line.text, top if line.is_below else None)
        top = top if line.is_below else company.name
    if company is not None:
        yield company


def _with_sentence(company: ListedCompany, sentence: str) -> ListedCompany:
    is_known = _REASON.search(sentence) is not None and not is_removal(sentence)
    if is_known and not _is_note(sentence, company.name):
        return msgspec.structs.replace(company, reasons=(*company.reasons, sentence))
    if not notes_are_taken():
        refuse(sentence, "unknown words in the list")
    return msgspec.structs.replace(company, unknown=(*company.unknown, sentence))


def company_named(printed: str, parent: str | None) -> ListedCompany:
    """Return the company of an entry as printed, apart from what follows its name."""
    after = _AFTER_NAME.search(printed)
    if after is None or after.start() == 0:
        return ListedCompany(name=printed, parent=parent, reasons=())
    return ListedCompany(
        name=printed[: after.start()],
        parent=parent,
        reasons=(),
        mark=after["mark"] or after["sign"] or "",
        words=after["words"] or "",
    )


def _joined(lines: Iterable[str]) -> Iterator[_ListLine]:
    """Yield whole names and sentences, each on one line, and whether each is set below another."""
    margin, parts, below = None, list[str](), False
    blank = False
    for line in lines:
        if not line.strip():
            blank = True
            continue
        indent = len(line) - len(line.lstrip())
        margin = indent if margin is None else min(margin, indent)
        bullet = BULLET.match(line)
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
    if before.count("(") > before.count(")") or UNFINISHED.search(before):
        return True
    if is_sentence(before) and not before.endswith((".", ".”")):
        return True
    return not blank and _REST.match(text) is not None


def is_sentence(text: str) -> bool:
    """Return whether a text is a sentence and no name: it has a verb in small letters."""
    return VERB.search(text) is not None


def _is_note(sentence: str, name: str) -> bool:
    """Return whether a sentence is a footnote: with a mark before it, or in a footnote's words."""
    mark = _BEFORE_NOTE.match(sentence)
    is_marked = mark is not None and not name.startswith(mark[0])
    return is_marked or "previously identified" in sentence


# --- Names, followed by short and former names in brackets.

_FORMER = re.compile(r"(?:formerly(?: known as)?|f\.?k\.?a\.?):?\s+", re.IGNORECASE)
_ALSO = re.compile(r"(?:also known as|a\.?k\.?a\.?):?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"(?!(?<=\s)\s)\s*+;\s*+(?:and\s++)?")
# Follows names that an earlier edition had already.
_MARK = re.compile(r"(?!(?<=\s)\s)\s*+(?<!\*)(?P<mark>\*++)$")


def printed_names(printed: str) -> tuple[tuple[Name, ...], tuple[tuple[str, str], ...]]:
    """Return the names of one entry, primary first, and the marks after it, by kind and value.

    The last pair of brackets holds other names: `(AVIC)`, `(formerly X (Y))`. Brackets inside a
    name, as the first in `(Limited) (CCCG)`, belong to the name. A place in the last pair is no
    name, and comes with the marks: `(Inner Mongolia)` would be an alias of every company there.
    """
    match = _MARK.search(printed)
    name = printed if match is None else printed[: match.start()]
    rest, inside = last_brackets(name.removesuffix(".") if name.endswith(").") else name)
    marks = [] if match is None else [("mark", match["mark"])]
    if is_place(inside):
        return collect_names(rest, ()), (*marks, ("place", inside))
    return collect_names(rest, _others(inside)), tuple(marks)


def _others(inside: str) -> Iterator[Name]:
    former = _FORMER.match(inside)
    also = _ALSO.match(inside)
    start = next((match.end() for match in (former, also) if match is not None), 0)
    for text in _BETWEEN.split(inside[start:]):
        if text:
            yield Name(text=text, kind="alias" if former is None else "former")


# --- A company as a listing.


def listing_of(entry: ListedCompany, citation: str | None) -> Listing:
    """Return the listing of a company, without its id."""
    place = entry.name[:LONGEST_PLACE]
    is_name = any(map(str.isupper, entry.name)) and not entry.name.startswith("(")
    if len(entry.name) > _NAME_LENGTH or not is_name:
        raise RowRefusedError(place, "no company's name")
    if entry.mark:
        note_unknown(place, "mark of a footnote", entry.mark, may_hide="status")
    if entry.words:
        note_unknown(place, "words after a name", entry.words, may_hide="name")
    for sentence in entry.unknown:
        may_hide = "status" if is_removal(sentence) else "name"
        note_unknown(place, "words in the list", sentence, may_hide=may_hide)
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


def note_words(what: str, words: str) -> None:
    """Note words of the text that may name a company."""
    note_unknown(words.strip()[:LONGEST_PLACE], what, words, may_hide="name")


def refuse(words: str, reason: str) -> NoReturn:
    """Refuse the text at these words; their beginning is the place."""
    raise RowRefusedError(words.strip()[:LONGEST_PLACE], reason)
