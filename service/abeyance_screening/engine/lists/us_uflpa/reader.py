"""The reader of the Uyghur Forced Labor Prevention Act's Entity List, an HTML page.

Source: https://www.dhs.gov/uflpa-entity-list
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import dropwhile

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Listing, Name, NameKind
from abeyance_screening.engine.lists.reading.days import read_american_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, every_name
from abeyance_screening.engine.lists.reading.pages import (
    HtmlCell,
    HtmlPage,
    HtmlTable,
    body_of,
    cell_text,
    is_page,
    read_page,
    title_of,
)
from abeyance_screening.engine.lists.reading.records import Row, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    most_unread,
    note_unknown,
    notes_are_taken,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Names, with the words printed in brackets and after the names.

_COUNTED = (
    r"(?:and|including) (?:an?|one|two|three|four|five|six|seven|eight|nine|ten) alias(?:es)?:"
)
_OTHER_NAMES = re.compile(rf"\((?={_COUNTED}|(?:also|formerly) known as\b)", re.IGNORECASE)
_MARK = re.compile(rf"(?:and )?(?:{_COUNTED}|(?P<how>also|formerly) known as:?)\s*", re.IGNORECASE)
# `and subsidiaries`, `, and Subsidiaries`, `and its subordinate and affiliated entities`.
_HEIRS = re.compile(
    r"(?!(?<=\s)\s),?\s++(?P<heirs>and (?:its )?(?:subsidiaries|affiliates"
    r"|(?:subordinate|affiliated)(?: and (?:subordinate|affiliated))? entities))$",
    re.IGNORECASE,
)
_UNKNOWN_WORDS = re.compile(r"\((?P<words>[a-z][^()]*)\)?")
# Several names end with `; and X`; some are joined by a bare `and`, which counts only after the
# full stop of a legal form, because `Import and Export` and `Iron and Steel` are parts of a name.
_BETWEEN = re.compile(
    r"(?!(?<=\s)\s)(?:\s*+;\s*+(?:and\s++)?"
    r"|(?<=\.)\s++and\s++(?=[A-Z])|\s++and\s++(?=(?:also|formerly) known))"
)


def printed_names(printed: str) -> tuple[tuple[Name, ...], tuple[Fact, ...]]:
    """Return the names of one entry, primary first, and the fact of whom else the entry reaches.

    `(including two aliases: X; and Y)` and `(also known as X; and formerly known as Y)` hold
    other names; any other brackets belong to the name. `and subsidiaries` becomes the fact
    `extends_to`, as printed. Where notes are taken, unknown words are noted, and what they may
    name becomes an alias.
    """
    others = list[Name]()
    match = _OTHER_NAMES.search(printed)
    if match is None:
        text, heirs = _without_heirs(printed)
    else:
        end = _closing(printed, match.start())
        rest, heirs = _without_heirs(f"{printed[: match.start()].rstrip()}{printed[end + 1 :]}")
        text = printed[: match.start()].strip()
        others += _others(printed[match.end() : end])
        if rest != text:
            words = rest.removeprefix(text).strip()
            note_unknown(printed, "words after the names", words, may_hide="name")
            others.append(Name(text=rest, kind="alias"))
    unknown = _UNKNOWN_WORDS.search(text)
    if unknown is not None:
        note_unknown(printed, "words in brackets", unknown["words"], may_hide="name")
        inside = " ".join(dropwhile(_is_small, unknown["words"].split()))
        others += [Name(text=each, kind="alias") for each in (text, inside) if each]
        text = " ".join(f"{text[: unknown.start()]} {text[unknown.end() :]}".split())
    facts = () if heirs is None else (Fact(kind="extends_to", value=heirs),)
    return collect_names(text or printed, others), facts


def _is_small(word: str) -> bool:
    return word[0].islower()


def _without_heirs(text: str) -> tuple[str, str | None]:
    match = _HEIRS.search(text)
    return (text, None) if match is None else (text[: match.start()], match["heirs"])


def _closing(text: str, opening: int) -> int:
    """Return the place of the closing bracket for an opening one, or the end of the text."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    return len(text)


def _others(inside: str) -> Iterator[Name]:
    kind: NameKind = "alias"
    for piece in _BETWEEN.split(inside):
        mark = _MARK.match(piece)
        if mark is not None:
            kind = "former" if (mark["how"] or "").lower() == "formerly" else "alias"
        text = piece[0 if mark is None else mark.end() :].strip()
        if text:
            yield Name(text=text, kind=kind)


# --- The page.

LIST_CODE = "us_uflpa"
_URL = "https://www.dhs.gov/uflpa-entity-list"
_NAME_HEADERS = ("Name of Entity", "Entity Name")
_DAY_HEADER = "Effective Date"
_SECTION = re.compile(r"Section 2\(d\)\(2\)\(B\)\([ivx]+\)")
# Sub-list (iii) is a list of products; (iv) has had no entity that is not on another so far.
_SECTIONS = frozenset(f"Section 2(d)(2)(B)({clause})" for clause in ("i", "ii", "iv", "v"))
_UPDATED = re.compile(r"Last Updated:\s*(\d{1,2}/\d{1,2}/\d{4})")


def parse_html(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the page into one edition; `published_on` is the day of its last update.

    A listing is one row, so that an entity on two sub-lists has two listings, each with its
    effective date. The programme is the section of the act printed above the table. Ids are made
    from section and name.

    Where notes are taken, a table under an unknown section is read and noted, a table of another
    shape under none is noted with its columns, and so is the second of two equal rows.
    """
    page = read_page(LIST_CODE, content)
    if not page.tables:
        title = title_of(content[:100_000].decode("utf-8", "replace"))
        raise ListRefusedError(LIST_CODE, f"the page {title!r} has no table of entities")
    if not any(_section_of(table) in _SECTIONS for table in page.tables):
        reason = f"no table is under a known section of the act: {page.tables[0].heading[-80:]!r}"
        raise ListRefusedError(LIST_CODE, reason)
    rows = [row for table in page.tables for row in _rows(table)]
    keyed = [
        (key_of_name(f"{row.section} {listing.primary_name}"), listing)
        for row, listing in read_records(rows, _listing, _rescued)
    ]
    return one_edition(LIST_CODE, _without_repeats(keyed), _updated_on(page))


class SectionRow(msgspec.Struct, frozen=True):
    """A row that is not read yet, and the section of the act that its table is under."""

    section: str
    columns: tuple[str, str]
    row: Row[HtmlCell]


def _rows(table: HtmlTable) -> list[SectionRow]:
    section = _section_of(table)
    names = [name for name in _NAME_HEADERS if name in table.header]
    if len(names) != 1 or _DAY_HEADER not in table.header:
        columns = ", ".join(table.header)
        if section is None and notes_are_taken():
            texts = "; ".join(cell.text for row in table.rows[1:] for cell in row)
            what = f"table with the columns {columns!r}"
            note_unknown("the page", what, texts, may_hide="kind")
            return []
        reason = f"a table of the page has the columns {columns!r}; a name and a day are expected"
        raise ListRefusedError(LIST_CODE, reason)
    rows = body_of(LIST_CODE, table)
    if section not in _SECTIONS:
        note_unknown("the page", "section of the act", table.heading[-80:], may_hide="kind")
    return [SectionRow(section or "", (names[0], _DAY_HEADER), row) for row in rows]


def _section_of(table: HtmlTable) -> str | None:
    sections = [match[0] for match in _SECTION.finditer(table.heading)]
    return sections[-1] if sections else None


def _listing(record: SectionRow) -> Listing:
    row, section = record.row, record.section
    name, day = (row.take(column).text for column in record.columns)
    if not name or not day:
        raise RowRefusedError(name or section, "name or effective date is blank")
    names, facts = printed_names(name)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=names,
        entity_type="organisation",
        programmes=(section,) if section else (),
        listed_on=read_american_day(name, _DAY_HEADER, day),
        remarks=None if name == names[0].text else name,
        facts=facts,
        source_url=_URL,
    )
    row.close(text_of=cell_text)
    return listing


def _rescued(record: SectionRow) -> Rescued:
    printed = record.row.printed(record.columns[0])
    text = "" if printed is None else printed.text
    match = _OTHER_NAMES.search(text)
    names = [text]
    if match is not None:
        inside = text[match.end() : _closing(text, match.start())]
        names = [text[: match.start()], *(name.text for name in _others(inside))]
    return Rescued(
        names=every_name(_without_heirs(name.strip())[0] for name in names),
        list_code=LIST_CODE,
        entity_type="organisation",
        programmes=(record.section,) if record.section else (),
    )


def _without_repeats(keyed: Sequence[tuple[str, Listing]]) -> list[tuple[str, Listing]]:
    """Return the entries without the second of two that are equal but for notes."""
    once = dict[str, Listing]()
    repeats = [entry for entry in keyed if once.setdefault(entry[0], entry[1]) is not entry[1]]
    most = most_unread(len(once)) if notes_are_taken() else 0
    if len(repeats) > most:
        listing = repeats[0][1]
        reason = f"occurs twice under {', '.join(listing.programmes)}"
        raise RowRefusedError(listing.primary_name, reason)
    for _, listing in repeats:
        note_unknown("the page", "second row of one name in a section", listing.primary_name)
    return [(key, each) for key, each in keyed if once[key] is each or once[key] != each]


def _updated_on(page: HtmlPage) -> date | None:
    match = _UPDATED.search(page.rest)
    return None if match is None else read_american_day(LIST_CODE, "Last Updated", match[1])


FORMATS = (
    Format(
        word="uflpa_html",
        source=LIST_CODE,
        title="the page UFLPA Entity List, as HTML",
        tells=lambda file: is_page(file.head) and "uflpa" in title_of(file.head).casefold(),
        read=one_file(parse_html),
    ),
)
"""The format in which DHS publishes the list."""
