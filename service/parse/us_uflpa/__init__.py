"""The Entity List of the Uyghur Forced Labor Prevention Act, as the page that DHS publishes.

Source: https://www.dhs.gov/uflpa-entity-list
"""

import re
from collections.abc import Iterator
from datetime import date

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError, RowRefusedError
from service.model.listing import Listing
from service.parse.days import read_american_day
from service.parse.files import Format, GivenFile, one_file
from service.parse.html_tables import Cell, Page, Table, body_of, is_page, read_page, title_of
from service.parse.listing_ids import give_ids, key_of_name
from service.parse.us_uflpa.names import printed_names

__all__ = ["FORMATS", "LIST_CODE", "parse_html"]

LIST_CODE = "us_uflpa"
_URL = "https://www.dhs.gov/uflpa-entity-list"
_NAME_HEADERS = ("Name of Entity", "Entity Name")
_DAY_HEADER = "Effective Date"
_SECTION = re.compile(r"Section 2\(d\)\(2\)\(B\)\([ivx]+\)")
# Sub-list (iii) is one of products, and (iv) has had no entity of its own so far.
_SECTIONS = frozenset(f"Section 2(d)(2)(B)({clause})" for clause in ("i", "ii", "iv", "v"))
_UPDATED = re.compile(r"Last Updated:\s*(\d{1,2}/\d{1,2}/\d{4})")


def parse_html(content: bytes) -> tuple[ParsedEdition, ...]:
    """The page as the one edition it is; `published_on` is the day it was last updated.

    A listing is one row, so that an entity on two sub-lists has two, each with the day it took
    effect there. The programme is the section of the act that stands above the table. Ids are
    made of section and name.

    Raises:
        ListRefusedError: not the page, cut off, without a table, or with a table of other
            columns or under no known section.
        RowRefusedError: a row cannot be read, or stands twice in its section; its place is its
            name.
    """
    page = read_page(LIST_CODE, content)
    if not page.tables:
        title = title_of(content[:100_000].decode("utf-8", "replace"))
        raise ListRefusedError(LIST_CODE, f"the page {title!r} has no table of entities")
    keyed = dict[str, Listing]()
    for key, listing in (pair for table in page.tables for pair in _keyed(table)):
        if key in keyed:
            reason = f"stands twice under {', '.join(listing.programmes)}"
            raise RowRefusedError(listing.primary_name, reason)
        keyed[key] = listing
    listings = give_ids(LIST_CODE, tuple(keyed.items()))
    edition = ParsedEdition(list_code=LIST_CODE, published_on=_updated_on(page), listings=listings)
    return (edition,)


def _keyed(table: Table) -> Iterator[tuple[str, Listing]]:
    if table.header not in {(name, _DAY_HEADER) for name in _NAME_HEADERS}:
        columns = ", ".join(table.header)
        reason = f"a table of the page has the columns {columns!r}; a name and a day are expected"
        raise ListRefusedError(LIST_CODE, reason)
    section = _section_of(table)
    for name, day in body_of(LIST_CODE, table):
        listing = _listing(section, name, day)
        yield key_of_name(f"{section} {listing.primary_name}"), listing


def _section_of(table: Table) -> str:
    sections = [match[0] for match in _SECTION.finditer(table.heading)]
    if not sections or sections[-1] not in _SECTIONS:
        reason = f"a table stands under no known section of the act: {table.heading[-80:]!r}"
        raise ListRefusedError(LIST_CODE, reason)
    return sections[-1]


def _listing(section: str, name: Cell, day: Cell) -> Listing:
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


def _updated_on(page: Page) -> date | None:
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
"""What DHS publishes."""
