"""The section 1260H list as a table that a person transcribed from the department's PDF file.

The department's server answers no program, so somebody may have such a table before anybody has
the file. Each row has a company as the department prints it, and is read like a line of the file:
the names, and with them the ids, are the same. An edition read from a table is marked as
transcribed, and the first file of the department's own that is not older replaces it.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import GivenFile, ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.days import read_day
from abeyance_screening.engine.lists.reading.records import Row, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.reading.unknown_parts import Rescued, read_records
from abeyance_screening.engine.lists.us_dod_1260h.companies import (
    LIST_CODE,
    company_named,
    listing_of,
    printed_names,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

_COLUMNS = ("name", "alias", "former_name", "parent", "as_printed", "reason", "listed_on", "url")
_NAMES = ("name", "alias", "former_name")


def is_transcript(file: GivenFile) -> bool:
    """Return whether a file is a table of companies as the list prints them."""
    header = file.head.partition("\n")[0]
    return "as_printed" in header and "listed_on" in header


def parse_transcript(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read a table with the columns name, alias, former_name, parent, as_printed, reason and more.

    `as_printed` is the whole entry; the names beside it say how the transcriber read it. `parent`
    is the company that it stands under, `listed_on` the day of the list and `url` its address,
    both the same in every row.
    """
    rows = list(read_rows(LIST_CODE, read_text(LIST_CODE, content), _COLUMNS))
    published_on = _day_of(rows)
    keyed = [
        (key_of_name(listing.primary_name), listing)
        for _, listing in read_records(rows, _listing, _rescue)
    ]
    return one_edition(LIST_CODE, keyed, published_on)


def _day_of(rows: Iterable[Row[str]]) -> date:
    printed = {row.printed("listed_on") or "" for row in rows}
    if len(printed) != 1:
        raise ListRefusedError(LIST_CODE, f"the table has rows of {len(printed)} days, not of one")
    day = read_day("the table", "listed_on", printed.pop())
    if day is None:
        raise ListRefusedError(LIST_CODE, "the table does not give the day of the list")
    return day


def _listing(row: Row[str]) -> Listing:
    printed, names = row.take("as_printed"), [row.take(column) for column in _NAMES]
    for name in filter(None, (part.strip() for cell in names for part in cell.split(";"))):
        if name not in printed:
            raise RowRefusedError(row.where, f"{name!r} is not in {printed!r}")
    reason = row.take("reason")
    company = msgspec.structs.replace(
        company_named(printed, row.take("parent") or None), reasons=(reason,) if reason else ()
    )
    url = row.take("url")
    row.close(ignore=("listed_on",))
    return msgspec.structs.replace(listing_of(company, None), source_url=url)


def _rescue(row: Row[str]) -> Rescued:
    printed = row.printed("as_printed") or ""
    names, _ = printed_names(printed)
    return Rescued(
        list_code=LIST_CODE,
        names=(*(name.text for name in names), printed),
        entity_type="organisation",
    )
