"""The reader of the FCC's list of covered equipment and services, an HTML page.

Source: https://www.fcc.gov/supplychain/coveredlist
"""

import re
from collections.abc import Iterator
from datetime import date

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import Fact, Listing
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

# --- The producers and providers that a row names in its prose.

LIST_CODE = "us_fcc"
_URL = "https://www.fcc.gov/supplychain/coveredlist"
# `Routers^ produced in a foreign country`, `Foreign-produced power inverters`: no party's name.
_CATEGORY = re.compile(r"\bproduced in (?:a )?foreign countr|^Foreign-produced\b", re.IGNORECASE)
# The words before a provider's name; the page prints the name in bold.
_BEFORE_NAME = re.compile(r"\b(?:by|subsidiary|subsidiaries|and) $")
_HEIRS = re.compile(r"\bor any of its [^.]*(?=\.)")
_UPDATED = re.compile(r"(?!(?<=\s)\s)\s*+Updated:\s*+")
_PLACE_LENGTH = 60


def listings_of(covered: HtmlCell, printed_day: str) -> Iterator[Listing]:
    """Yield a listing, with an empty id, for each party that a row names; none for a category.

    The whole prose is the remark, because it says which of the party's products are covered.

    Raises:
        RowRefusedError: The row names no party and is no known category, words in bold are no
            producer's name, or a day is invalid.
    """
    where = covered.text[:_PLACE_LENGTH]
    first, *later = _UPDATED.split(printed_day)
    listed_on = read_american_day(where, "Date of Inclusion", first)
    updated = (read_american_day(where, "Updated", day) for day in later)
    if not covered.bold and _CATEGORY.search(covered.text):
        return
    if not covered.bold or listed_on is None:
        missing = "a day of inclusion" if covered.bold else "the name of a producer in bold"
        raise RowRefusedError(where, f"{missing} is missing")
    heirs = _HEIRS.search(covered.text)
    printed = [
        *(("updated", day.isoformat()) for day in updated if day is not None),
        *(() if heirs is None else (("extends_to", heirs[0]),)),
    ]
    facts = tuple(Fact(kind=kind, value=value) for kind, value in printed)
    for name in covered.bold:
        _check_name(where, name, covered.text)
        yield Listing(
            id="",
            list_code=LIST_CODE,
            names=collect_names(name.rstrip(" ,"), ()),
            entity_type="organisation",
            listed_on=listed_on,
            remarks=covered.text,
            facts=facts,
            source_url=_URL,
        )


def _check_name(where: str, name: str, prose: str) -> None:
    before = prose[: prose.find(name)]
    if name not in prose or not _BEFORE_NAME.search(before):
        raise RowRefusedError(where, f"bold words that are no producer's name: {name!r}")


# --- The page.

_COVERED = ("Covered Equipment or Services", "Date of Inclusion on Covered List")
# The page's other tables: devices that the FCC has approved, and the dates of prohibitions.
_OTHER_TABLE = re.compile(r"[A-Z][\w ]* Conditional Approvals|Equipment Subject to Prohibitions")
_NOTE_MARKS = "*†‡±^#£ ³"
_AS_OF = re.compile(r"\((?:Updated )?([A-Z][a-z]+ \d{1,2}, \d{4})\)\W*$")
_TITLES = ("secure networks act", "covered list")


def parse_html(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the page into one edition; `published_on` is the day printed above the list.

    A listing is one named producer or provider, so a row that names two makes two listings. Rows
    of whole categories (`Routers produced in a foreign country`) name no party and make none.

    Raises:
        ListRefusedError: The file is not the page, is truncated, or lacks the list, or the page
            has an unknown table.
        RowRefusedError: A row cannot be read; its place is the beginning of its text.
    """
    table = _covered(read_page(LIST_CODE, content), content)
    keyed = list(_keyed(table))
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the list names no producer")
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=_published_on(table),
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


def _covered(page: HtmlPage, content: bytes) -> HtmlTable:
    covered = [table for table in page.tables if _columns(table) == _COVERED]
    for table in page.tables:
        columns = _columns(table)
        if columns != _COVERED and not _OTHER_TABLE.fullmatch("".join(columns[:1])):
            reason = f"a table of the page has the unknown columns {', '.join(columns)!r}"
            raise ListRefusedError(LIST_CODE, reason)
    if len(covered) != 1:
        title = title_of(content[:100_000].decode("utf-8", "replace"))
        reason = f"the page {title!r} has {len(covered)} tables {_COVERED[0]!r}; one is expected"
        raise ListRefusedError(LIST_CODE, reason)
    return covered[0]


def _columns(table: HtmlTable) -> tuple[str, ...]:
    return tuple(text.rstrip(_NOTE_MARKS) for text in table.header)


def _keyed(table: HtmlTable) -> Iterator[tuple[str, Listing]]:
    for covered, day in body_of(LIST_CODE, table):
        for listing in listings_of(covered, day.text):
            yield key_of_name(listing.primary_name), listing


def _published_on(table: HtmlTable) -> date | None:
    match = _AS_OF.search(table.heading)
    return None if match is None else read_american_day(LIST_CODE, "Covered List", match[1])


def _is_page(file: GivenFile) -> bool:
    title = title_of(file.head).casefold()
    return is_page(file.head) and any(words in title for words in _TITLES)


FORMATS = (
    Format(
        word="fcc_html",
        source=LIST_CODE,
        title="the page Covered List, as HTML",
        tells=_is_page,
        read=one_file(parse_html),
    ),
)
"""The format in which the FCC publishes the list."""
