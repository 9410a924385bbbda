"""The reader of the Uyghur Forced Labor Prevention Act's Entity List, an HTML page.

Source: https://www.dhs.gov/uflpa-entity-list
"""

import re
from collections.abc import Iterator
from datetime import date

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import Fact, Listing, Name, NameKind
from service.lists.reading.days import read_american_day
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_name
from service.lists.reading.names import collect_names
from service.lists.reading.pages import (
    HtmlCell,
    HtmlPage,
    HtmlTable,
    body_of,
    is_page,
    read_page,
    title_of,
)

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
_UNKNOWN_WORDS = re.compile(r"\([a-z][^()]*")
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
    `extends_to`, as printed.

    Raises:
        RowRefusedError: There are unknown words in brackets or after them; the place is the
            entry as printed.
    """
    match = _OTHER_NAMES.search(printed)
    if match is None:
        text, heirs = _without_heirs(printed)
        inside = ""
    else:
        end = _closing(printed, match.start())
        inside = printed[match.end() : end]
        rest, heirs = _without_heirs(f"{printed[: match.start()].rstrip()}{printed[end + 1 :]}")
        text = printed[: match.start()].strip()
        if rest != text:
            raise RowRefusedError(printed, f"unknown words after the names: {rest!r}")
    unknown = _UNKNOWN_WORDS.search(text)
    if unknown is not None:
        raise RowRefusedError(printed, f"unknown words in brackets: {unknown[0]!r}")
    facts = () if heirs is None else (Fact(kind="extends_to", value=heirs),)
    return collect_names(text, _others(inside)), facts


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

    Raises:
        ListRefusedError: The file is not the page, is truncated or has no table, or a table has
            other columns or is under no known section.
        RowRefusedError: A row cannot be read, or occurs twice in its section; its place is its
            name.
    """
    page = read_page(LIST_CODE, content)
    if not page.tables:
        title = title_of(content[:100_000].decode("utf-8", "replace"))
        raise ListRefusedError(LIST_CODE, f"the page {title!r} has no table of entities")
    keyed = dict[str, Listing]()
    for key, listing in (pair for table in page.tables for pair in _keyed(table)):
        if key in keyed:
            reason = f"occurs twice under {', '.join(listing.programmes)}"
            raise RowRefusedError(listing.primary_name, reason)
        keyed[key] = listing
    listings = give_ids(LIST_CODE, tuple(keyed.items()))
    edition = ParsedEdition(list_code=LIST_CODE, published_on=_updated_on(page), listings=listings)
    return (edition,)


def _keyed(table: HtmlTable) -> Iterator[tuple[str, Listing]]:
    if table.header not in {(name, _DAY_HEADER) for name in _NAME_HEADERS}:
        columns = ", ".join(table.header)
        reason = f"a table of the page has the columns {columns!r}; a name and a day are expected"
        raise ListRefusedError(LIST_CODE, reason)
    section = _section_of(table)
    for name, day in body_of(LIST_CODE, table):
        listing = _listing(section, name, day)
        yield key_of_name(f"{section} {listing.primary_name}"), listing


def _section_of(table: HtmlTable) -> str:
    sections = [match[0] for match in _SECTION.finditer(table.heading)]
    if not sections or sections[-1] not in _SECTIONS:
        reason = f"a table is under no known section of the act: {table.heading[-80:]!r}"
        raise ListRefusedError(LIST_CODE, reason)
    return sections[-1]


def _listing(section: str, name: HtmlCell, day: HtmlCell) -> Listing:
    printed = name.text
    if not printed or not day.text:
        raise RowRefusedError(printed or section, "name or effective date is blank")
    names, facts = printed_names(printed)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=names,
        entity_type="organisation",
        programmes=(section,),
        listed_on=read_american_day(printed, _DAY_HEADER, day.text),
        remarks=None if printed == names[0].text else printed,
        facts=facts,
        source_url=_URL,
    )


def _updated_on(page: HtmlPage) -> date | None:
    match = _UPDATED.search(page.rest)
    return None if match is None else read_american_day(LIST_CODE, "Last Updated", match[1])


def _is_page(file: GivenFile) -> bool:
    return is_page(file.head) and "uflpa" in title_of(file.head).casefold()


FORMATS = (
    Format(
        word="uflpa_html",
        source=LIST_CODE,
        title="the page UFLPA Entity List, as HTML",
        tells=_is_page,
        read=one_file(parse_html),
    ),
)
"""The format in which DHS publishes the list."""
