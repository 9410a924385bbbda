"""A notice of the Federal Register on Chinese military companies: as text, as XML or as a page.

A notice introduces the companies by a paragraph that ends with a colon. Since June 2026 each
company is followed by the reasons, each behind a bullet, and a name may end with the subsidiaries
that are listed with it. A second such paragraph introduces companies that are removed. Some
notices only add companies to the list, or only remove some.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html.parser import HTMLParser
from typing import override

import msgspec

from abeyance_screening.engine.lists.reading.days import read_american_day
from abeyance_screening.engine.lists.reading.texts import refuse_encoded_twice
from abeyance_screening.primitives.errors import ListRefusedError

ABOUT = re.compile(r"chinese\s+military\s+compan", re.IGNORECASE)
# Names hold none of these words in small letters; every sentence of the list holds one.
VERB = re.compile(r"\b(?:is|are|was|were|has|have|may|must|will|shall|can|acts|remains)\b")
_TAKEN_OFF = re.compile(
    r"\b(?:did not meet|no longer|removed|removal|deleted|deletion|delisted|taken off)\b",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"\b(?:(?:be|are|is|were) added|adds|adding|addition(?:s|al)?)\b", re.IGNORECASE
)
_FRAME = re.compile(
    r"(?:Page )?\d+(?: of \d+)?|-+ ?\d+ ?-+|-{5,}|UNCLASSIFIED|CLEARED.*|\[\[Page \d+\]\]"
    r"|[A-Z][a-z]+ \d{1,2}, \d{4}"
)
_ISSUE = re.compile(
    r"\[Federal Register Volume (?P<volume>\d+), Number \d+ \(\w+, (?P<day>\w+ \d+, \d{4})\)\]"
)
_PAGE = re.compile(r"\[Pages? (?P<page>\d+)")
# What the Register's own page prints beside the notice.
_PAGE_DAY = re.compile(r"\bA Notice by the .{3,120}? on (?P<day>\d{2}/\d{2}/\d{4})")
_PAGE_CITATION = re.compile(r"\b(?P<act>\d{2,3} FR \d{3,6})\b")
_END = re.compile(r"\[?FR Doc\.? (?:No:? )?\d{4}-\d+ +Filed")
# What follows the companies: where the list can be had in Chinese, the day and the signature.
_AFTER = re.compile(
    r"(?:Dated:|BILLING CODE|\[?FR Doc|The (?:full )?list of entities designated as\b)"
)
_PRINTED_PAGE_MARK = re.compile(r"(?!(?<=\s)\s)\s*+(?:Start|End) Printed Page \d++\s*+")
_BULLET = re.compile(r"\s*[\u2022\u25cf]\s*(?=\S)")
_UNFINISHED = re.compile(r"(?:[,&(/-]|\b(?:and|of|the|for|in|by|with|to|from|or|a|an|as))$")
_SUBSIDIARIES = re.compile(
    r"(?!(?<=\s)\s)\s*+\(and\s(?=[^():]*\bsubsidiar(?P<number>y|ies)\b)[^():]*+:\s*+"
)
# The rest of a name behind a comma: `BGI Genomics Co., Ltd.`
_FORM = re.compile(
    r"(?:Ltd|LLC|L\.L\.C|Inc|Co|Corp|Company|Limited|PLC|L\.?P|S\.A|GmbH|Pte)\b", re.IGNORECASE
)
_GOES_ON = re.compile(rf"[a-z(]|{_FORM.pattern}")
_AND_AFTER_FORM = re.compile(r"(?<=[.)])\s+and\s+(?=[A-Z\d])")
_BLOCKS = frozenset(
    [
        "P",
        "FP",
        "HD",
        "LI",
        "DD",
        "DT",
        "TR",
        "DIV",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "SIG",
        "FRDOC",
        "BILCOD",
        "DATE",
        "NAME",
        "TITLE",
        "AGY",
        "ACT",
        "SUM",
    ]
)
_SILENT = frozenset({"SCRIPT", "STYLE", "PRTPAGE"})


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice says of the list.

    `lines` are the companies with their reasons, blank lines between them, `removed` the
    companies that it takes off, as printed. `is_whole` is whether the companies are the whole
    list; if not, they are added to it. `unread` are paragraphs, no sentences, that follow an
    earlier paragraph of the kind that introduces companies. `published_on` and `citation` are None
    where the notice's form lacks them.
    """

    lines: tuple[str, ...]
    removed: tuple[str, ...]
    unread: tuple[str, ...]
    is_whole: bool
    published_on: date | None
    citation: str | None


def is_frame(line: str) -> bool:
    """Return whether a line is a page number, a clearance mark or a day, and not of the list."""
    return _FRAME.fullmatch(line.strip()) is not None


def is_removal(words: str) -> bool:
    """Return whether words say that companies were removed from the list."""
    return _TAKEN_OFF.search(words) is not None


def is_notice(text: str) -> bool:
    """Return whether a text is a notice of the Federal Register on these companies."""
    return ABOUT.search(text) is not None and (
        _ISSUE.search(text) is not None or ends_as_notice(text)
    )


def ends_as_notice(text: str) -> bool:
    """Return whether a text has the Register's filing line, which ends every notice."""
    return _END.search(text) is not None


def notice_text(list_code: str, content: bytes) -> str | None:
    """Return the text of a notice that is an XML document or a page, None for any other file."""
    head = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<"):
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListRefusedError(list_code, f"the file is not UTF-8 (byte {error.start})") from None
    if "\x00" in text or ABOUT.search(text) is None:
        fault = "holds a NUL character" if "\x00" in text else "is an HTML page of something else"
        raise ListRefusedError(list_code, f"the file {fault}")
    refuse_encoded_twice(list_code, content)
    reader = _BlockReader()
    # the Printing Office writes the bullet as a tag of its own
    reader.feed(text.replace("<bullet>", "\u2022 "))
    reader.close()
    return reader.text()


def read_notice(list_code: str, text: str) -> Notice:
    """Read the companies of a notice, which follow the last paragraph that introduces any."""
    if not ends_as_notice(text):
        raise ListRefusedError(list_code, "the notice is cut off (no [FR Doc.] at its end)")
    if len(set(_END.findall(text))) > 1:
        raise ListRefusedError(list_code, "the file has two notices")
    printed_as = list(_joined(_paragraphs(text)))
    paragraphs = [" ".join(each.split()) for each in printed_as]
    heads = [place for place, each in enumerate(paragraphs) if _introduces(each)]
    kept = [place for place in heads if not is_removal(paragraphs[place])]
    gone = [place for place in heads if is_removal(paragraphs[place])]
    if not heads:
        raise ListRefusedError(list_code, "the notice does not introduce a list of companies")
    listed = [each for place in kept[-1:] for each in _until_end(paragraphs, place, heads)]
    before = [each for place in kept[:-1] for each in _until_end(paragraphs, place, heads)]
    removed = [each for place in gone for each in _until_end(printed_as, place, heads)]
    issue, page = _ISSUE.search(text), _PAGE.search(text)
    cited = _PAGE_CITATION.search(text)
    printed = _PAGE_DAY.search(text) if issue is None else issue
    citation = None if issue is not None or cited is None else cited["act"]
    if issue is not None and page is not None:
        citation = f"{issue['volume']} FR {page['page']}"
    return Notice(
        lines=tuple(_with_subsidiaries(listed)),
        removed=tuple(_names_removed(removed)),
        unread=tuple(each for each in before if VERB.search(each) is None),
        is_whole=any(_ADDED.search(paragraphs[place]) is None for place in kept[-1:]),
        published_on=read_american_day(
            list_code, "Federal Register", None if printed is None else printed["day"]
        ),
        citation=citation,
    )


def split_subsidiaries(name: str) -> tuple[str, list[str]]:
    """Split `X (Y) (and Y subsidiaries: A Co., Ltd., and B)` into `X (Y)` and its subsidiaries."""
    found = _SUBSIDIARIES.search(name)
    if found is None or not name.rstrip(" .").endswith(")"):
        return name, []
    names = list[str]()
    for part in _outside_brackets(name.rstrip(" .")[found.end() : -1]):
        bare = part.strip().removeprefix("and ").strip()
        if names and _FORM.match(bare):
            names[-1] = f"{names[-1]}, {bare}"
        elif bare:
            names.append(bare)
    if found["number"] == "ies":
        names = [each for printed in names for each in _AND_AFTER_FORM.split(printed)]
    return name[: found.start()].strip(), names


def _introduces(paragraph: str) -> bool:
    return paragraph.endswith(":") and (
        ABOUT.search(paragraph) is not None
        or ("entities" in paragraph and (is_removal(paragraph) or "1260H" in paragraph))
    )


def _until_end(paragraphs: Sequence[str], head: int, heads: Sequence[int]) -> Iterator[str]:
    for place in range(head + 1, len(paragraphs)):
        if place in heads or _AFTER.match(paragraphs[place]):
            return
        yield paragraphs[place]


def _names_removed(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield the companies removed, which the Register prints a line each, reasons left out."""
    for paragraph in paragraphs:
        if _BULLET.match(paragraph) is not None:
            continue
        before = ""
        for line in paragraph.split("\n"):
            is_open = before.count("(") > before.count(")") or _UNFINISHED.search(before)
            if before and (is_open or _GOES_ON.match(line) is not None):
                before = f"{before} {line}"
                continue
            if before:
                yield before
            before = line
        if before:
            yield before


def _with_subsidiaries(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield the companies, each with its reasons and then its subsidiaries behind bullets."""
    waiting = list[str]()
    for paragraph in paragraphs:
        if _BULLET.match(paragraph) is None:
            yield from waiting
            name, subsidiaries = split_subsidiaries(paragraph)
            yield name
            waiting = [line for each in subsidiaries for line in (f"\u2022 {each}", "")]
        else:
            yield paragraph
        yield ""
    yield from waiting


def _outside_brackets(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _paragraphs(text: str) -> Iterator[str]:
    """Yield a notice's paragraphs, line by line; a blank line or four spaces begin one."""
    parts = list[str]()
    for line in text.replace("<bullet>", "\u2022 ").splitlines():
        if is_frame(line):
            continue
        begins = not line.strip() or line.startswith("    ") or _BULLET.match(line) is not None
        if parts and begins:
            yield "\n".join(parts)
            parts.clear()
        parts += filter(None, [" ".join(line.split())])
    if parts:
        yield "\n".join(parts)


def _joined(paragraphs: Iterable[str]) -> Iterator[str]:
    """Join the paragraphs that the end of a printed page has broken in two."""
    before = ""
    for paragraph in paragraphs:
        is_open = before.count("(") > before.count(")") or _UNFINISHED.search(before) is not None
        if before and is_open and _BULLET.match(paragraph) is None:
            before = f"{before}\n{paragraph}"
            continue
        if before:
            yield before
        before = paragraph
    if before:
        yield before


class _BlockReader(HTMLParser):
    """A parser that collects the text of a document, a blank line between its blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts = list[str]()
        self._silent = 0
        self._preformatted = 0

    def text(self) -> str:
        """Return the text with single spaces in each block, but as it is where preformatted."""
        return "".join(self._parts)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = tag.upper()
        self._silent += name in _SILENT - {"PRTPAGE"}
        self._preformatted += name == "PRE"
        if name in _BLOCKS:
            self._parts.append("\n\n\u2022 " if name == "LI" else "\n\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        name = tag.upper()
        self._silent -= name in _SILENT - {"PRTPAGE"}
        self._preformatted -= name == "PRE"
        if name in _BLOCKS:
            self._parts.append("\n\n")

    @override
    def handle_data(self, data: str) -> None:
        if self._silent > 0:
            return
        if self._preformatted > 0:
            self._parts.append(data)
            return
        text = _PRINTED_PAGE_MARK.sub(" ", " ".join(data.split()))
        if text:
            gap = " " if data[:1].isspace() else ""
            self._parts.append(f"{gap}{text}{' ' if data[-1:].isspace() else ''}")
