"""The Australian Sanctions Consolidated List, a workbook.

Source: https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list
"""

from typing import NoReturn

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse.au_dfat.listings import (
    COLUMNS,
    LIST_CODE,
    MEASURES,
    Entry,
    entry_of,
    listing_of,
)
from service.parse.files import Format, GivenFile, one_file
from service.parse.listing_ids import give_ids, key_of_number
from service.parse.texts import refuse_other_files
from service.parse.workbooks import is_workbook_with, read_sheet

__all__ = ["FORMATS", "LIST_CODE", "parse_workbook", "refuse_old_workbook"]

_TELLING = ("Name of Individual or Entity", "Instrument of Designation", *MEASURES)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of the workbook, which does not say on which day it was published.

    Ids are made of the digits of the reference, which DFAT keeps for good.

    Raises:
        ListRefusedError: not readable as a workbook, not DFAT's list, or without an entry.
        RowRefusedError: a row cannot be read; its place is `row 12, reference 8785a`.
    """
    if not content.startswith(b"PK"):
        refuse_other_files(LIST_CODE, content)
    subjects = dict[str, list[Entry]]()
    for row in read_sheet(LIST_CODE, content, COLUMNS).rows:
        entry = entry_of(row)
        subjects.setdefault(entry.number, []).append(entry)
    if not subjects:
        raise ListRefusedError(LIST_CODE, "the workbook has no entries")
    keyed = [(key_of_number(number), listing_of(entries)) for number, entries in subjects.items()]
    edition = ParsedEdition(
        list_code=LIST_CODE, published_on=None, listings=give_ids(LIST_CODE, keyed)
    )
    return (edition,)


def refuse_old_workbook(_content: bytes) -> NoReturn:
    """Refuse the old format of the list.

    Raises:
        ListRefusedError: always.
    """
    reason = (
        "the file is an old .xls workbook, which DFAT does not publish any more; "
        "load Australian_Sanctions_Consolidated_List.xlsx"
    )
    raise ListRefusedError(LIST_CODE, reason)


def _is_workbook(file: GivenFile) -> bool:
    return is_workbook_with(file, _TELLING)


def _is_old_workbook(file: GivenFile) -> bool:
    return file.content.startswith(_OLD_OFFICE)


FORMATS = (
    Format(
        word="dfat_xlsx",
        source=LIST_CODE,
        title="Australian_Sanctions_Consolidated_List.xlsx",
        tells=_is_workbook,
        read=one_file(parse_workbook),
    ),
    Format(
        word="dfat_xls",
        source=LIST_CODE,
        title="regulation8_consolidated.xls (refused)",
        tells=_is_old_workbook,
        read=one_file(refuse_old_workbook),
    ),
)
"""What the Department of Foreign Affairs and Trade publishes, and what it published."""
