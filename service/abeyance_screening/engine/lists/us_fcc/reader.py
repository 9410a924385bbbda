"""The reader of the FCC's list of covered equipment and services, an HTML page.

Source: https://www.fcc.gov/supplychain/coveredlist
"""

import re
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.reading.days import read_american_day
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
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
from abeyance_screening.engine.lists.reading.records import Row, by_name, one_edition
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- The producers and providers that a row names in its prose.

LIST_CODE = "us_fcc"
_URL = "https://www.fcc.gov/supplychain/coveredlist"
# `Routers^ produced in a foreign country`, `Foreign-produced power inverters`: no party's name.
_CATEGORY = re.compile(r"\bproduced in (?:a )?foreign countr|^Foreign-produced\b", re.IGNORECASE)
# The words before a provider's name; the page prints the name in bold.
_BEFORE_NAME = re.compile(r"\b(?:by|subsidiary|subsidiaries|and) $")
_HEIRS = re.compile(r"\bor any of its [^.]*(?=\.)")
_UPDATED = re.compile(r"(?!(?<=\s)\s)\s*+Updated:\s*+")
# A name in capitals after `produced by`, where the page forgot the bold type.
_IN_PROSE = re.compile(r"\b(?:produced|provided|sold) by ([A-Z][^,.;]*)")
_PLACE_LENGTH = 60
_NOTHING = HtmlCell("", ())
COVERED, INCLUDED = "Covered Equipment or Services", "Date of Inclusion on Covered List"


class CoveredParty(msgspec.Struct, frozen=True):
    """A row of the list, and the words in bold that name one of its parties.

    `name` is None for a row that names no party and is no known category.
    """

    row: Row[HtmlCell]
    name: str | None


def parties_of(row: Row[HtmlCell]) -> list[CoveredParty]:
    """Return a record for each party that a row names; none for a category."""
    covered = row.printed(COVERED) or _NOTHING
    if not covered.bold and _CATEGORY.search(covered.text):
        return []
    return [CoveredParty(row, name) for name in covered.bold or (None,)]


def listing_of(party: CoveredParty) -> Listing:
    """Return the listing of a party, with an empty id.

    The whole prose is the remark, because it says which of the party's products are covered.
    """
    row, name = party.row, party.name
    covered, printed_day = row.peek(COVERED), row.peek(INCLUDED).text
    where = covered.text[:_PLACE_LENGTH]
    first, *later = _UPDATED.split(printed_day)
    listed_on = read_american_day(where, "Date of Inclusion", first)
    updated = (read_american_day(where, "Updated", day) for day in later)
    if name is None or not first.strip():
        missing = "the name of a producer in bold" if name is None else "a day of inclusion"
        raise RowRefusedError(where, f"{missing} is missing")
    _check_name(where, name, covered.text)
    row.close(ignore=(COVERED, INCLUDED), text_of=cell_text)
    heirs = _HEIRS.search(covered.text)
    printed = [
        *(("updated", day.isoformat()) for day in updated if day is not None),
        *(() if heirs is None else (("extends_to", heirs[0]),)),
    ]
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(name.rstrip(" ,"), ()),
        entity_type="organisation",
        listed_on=listed_on,
        remarks=covered.text,
        facts=tuple(Fact(kind=kind, value=value) for kind, value in printed),
        source_url=_URL,
    )


def rescued_of(party: CoveredParty) -> Rescued:
    """Return the name of a party whose row cannot be read, bold or from the prose."""
    covered = party.row.printed(COVERED) or _NOTHING
    names = [party.name] if party.name else _IN_PROSE.findall(covered.text)
    return Rescued(names=every_name(name.rstrip(" ,") for name in names), list_code=LIST_CODE)


def _check_name(where: str, name: str, prose: str) -> None:
    before = prose[: prose.find(name)]
    if name not in prose or not _BEFORE_NAME.search(before):
        raise RowRefusedError(where, f"bold words that are no producer's name: {name!r}")


# --- The page.

# The page's other tables: devices that the FCC has approved, and the dates of prohibitions.
_OTHER_TABLE = re.compile(r"[A-Z][\w ]* Conditional Approvals|Equipment Subject to Prohibitions")
_NOTE_MARKS = "*†‡±^#£ ³"
_AS_OF = re.compile(r"\((?:Updated )?([A-Z][a-z]+ \d{1,2}, \d{4})\)\W*$")
_TITLES = ("secure networks act", "covered list")


def parse_html(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the page into one edition; `published_on` is the day printed above the list.

    A listing is one named producer or provider, so a row that names two makes two listings. Rows
    of whole categories (`Routers produced in a foreign country`) name no party and make none.

    A table that is not known is noted with its columns, as another kind of entry may be in it.
    """
    table = _covered(read_page(LIST_CODE, content), content)
    rows = body_of(LIST_CODE, table, _columns(table))
    parties = [party for row in rows for party in parties_of(row)]
    keyed = by_name(read_records(parties, listing_of, rescued_of))
    return one_edition(LIST_CODE, keyed, _published_on(table), lacks="the list names no producer")


def _covered(page: HtmlPage, content: bytes) -> HtmlTable:
    covered = [table for table in page.tables if {COVERED, INCLUDED} <= {*_columns(table)}]
    if len(covered) != 1:
        title = title_of(content[:100_000].decode("utf-8", "replace"))
        reason = f"the page {title!r} has {len(covered)} tables {COVERED!r}; one is expected"
        raise ListRefusedError(LIST_CODE, reason)
    for table in page.tables:
        columns = _columns(table)
        if table is not covered[0] and not _OTHER_TABLE.fullmatch("".join(columns[:1])):
            texts = (cell.text for row in table.rows[1:] for cell in row)
            what = f"table with the columns {', '.join(columns)!r}"
            note_unknown("the page", what, "; ".join(texts), may_hide="kind")
    return covered[0]


def _columns(table: HtmlTable) -> tuple[str, ...]:
    return tuple(text.rstrip(_NOTE_MARKS) for text in table.header)


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
