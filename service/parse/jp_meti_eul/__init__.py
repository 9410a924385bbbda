"""The Foreign End User List of Japan's METI, as the workbook that METI publishes or as CSV.

Source: https://www.meti.go.jp/policy/anpo/law00.html
"""

import re
from collections.abc import Iterable
from datetime import date

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse.csv_rows import read_rows
from service.parse.days import find_day
from service.parse.files import Format, GivenFile, one_file
from service.parse.full_width import narrow
from service.parse.jp_meti_eul.columns import LIST_CODE, NUMBER, SPELLINGS, Record, records_of
from service.parse.jp_meti_eul.listings import listing_of
from service.parse.listing_ids import give_ids, key_of_name
from service.parse.pdf_text import is_pdf
from service.parse.texts import read_text
from service.parse.workbooks import is_workbook_with, read_sheet

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_workbook"]

_TITLE = "外国ユーザーリスト"
_TITLE_LINE = re.compile(rf"{_TITLE},(?P<day>[^,]*),*")
_NAMES = (_TITLE, "国名、地域名", "国名､地域名", "Country or Region")


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """The workbook as one edition; it does not say on which day it was published.

    Ids are made of the names, for the numbers move with every revision. METI's workbook of 2025
    counts its rows by a formula, `=ROW()-1`, and keeps the number beside it; that is read.

    Raises:
        ListRefusedError: the PDF file of the same list, whose cells cannot be told apart by its
            text; or not the list, damaged, or with a gap in its numbers.
        RowRefusedError: a row cannot be read; its place is `No. 12`.
    """
    if is_pdf(content):
        reason = "the list as a PDF file cannot be read; METI offers the same as a workbook (xlsx)"
        raise ListRefusedError(LIST_CODE, reason)
    sheet = read_sheet(
        LIST_CODE, content, SPELLINGS, may_lack=SPELLINGS, may_compute=NUMBER.spellings
    )
    return _edition(records_of(sheet.rows), None)


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """The table of the workbook as CSV in UTF-8 as one edition.

    Above the header may stand the list's title and the day on which METI published it, which then
    is the edition's: `外国ユーザーリスト,2025-09-29`.

    Raises:
        ListRefusedError: not the list, cut off, or with a gap in its numbers.
        RowRefusedError: a row cannot be read; its place is `No. 12`.
    """
    text = read_text(LIST_CODE, content)
    head, _, below = text.partition("\n")
    title = _TITLE_LINE.fullmatch(narrow(head.strip()))
    day = None if title is None else _day(title["day"])
    table, first_line = (text, 1) if title is None else (below, 2)
    rows = list(read_rows(LIST_CODE, table, SPELLINGS, may_lack=SPELLINGS, first_line=first_line))
    return _edition(records_of(rows), day)


def _edition(records: Iterable[Record], published_on: date | None) -> tuple[ParsedEdition, ...]:
    listings = [listing_of(record) for record in records]
    keyed = [(key_of_name(listing.primary_name), listing) for listing in listings]
    edition = ParsedEdition(
        list_code=LIST_CODE, published_on=published_on, listings=give_ids(LIST_CODE, keyed)
    )
    return (edition,)


def _day(printed: str) -> date:
    day = find_day(printed.strip())
    if day is None:
        reason = f"{printed.strip()!r} behind the title is not a day (2025-09-29)"
        raise ListRefusedError(LIST_CODE, reason)
    return day


def _is_workbook(file: GivenFile) -> bool:
    return is_pdf(file.content) or is_workbook_with(file, _NAMES)


def _is_csv(file: GivenFile) -> bool:
    return not is_pdf(file.content) and any(name in file.head for name in _NAMES)


FORMATS = (
    Format(
        word="meti_eul_xlsx",
        source=LIST_CODE,
        title="the list as a workbook (20250929_4.xlsx)",
        tells=_is_workbook,
        read=one_file(parse_workbook),
    ),
    Format(
        word="meti_eul_csv",
        source=LIST_CODE,
        title="the table of that workbook as CSV in UTF-8",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""What METI publishes, and the same table as text."""
