"""Both files of debarred parties, as sampled and as small as they may be, and their listings."""

import csv
import io
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook, load_workbook

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_ddtc.reader import parse_files

STATUTORY = "us_ddtc/statutory_2026-06-18.csv"
ADMINISTRATIVE = "us_ddtc/administrative_2026-06-18.csv"
HEADER = (
    b"Party Name,Date Of Birth,Federal Register Notice,Notice Date,Corrected Notice,"
    b"Corrected Notice Date\r\n"
)
OTHER_HEADER = b"Name,Date,Charging Letter,Debarment Order,Federal Register Notice\r\n"
ROW = b'"Acety, Edwin","November, 1975",83 FR 18112 ,4/25/2018,,\r\n'
OTHER_ROW = b'"Adams, Ryan",8/29/2022,,,87 FR 52834\r\n'

type Sample = Callable[[str], bytes]


def files_of(statutory: bytes, administrative: bytes) -> tuple[GivenFile, ...]:
    return GivenFile("s.csv", statutory), GivenFile("a.csv", administrative)


def listings_of(sample: Sample) -> tuple[Listing, ...]:
    (edition,) = parse_files(files_of(sample(STATUTORY), sample(ADMINISTRATIVE)))
    return edition.listings


def named(listings: tuple[Listing, ...], name: str) -> Listing:
    return next(listing for listing in listings if listing.primary_name == name)


def workbook_of(content: bytes) -> bytes:
    """A csv file as the State Department's workbook: its days are days, its blanks nothing."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(header)
    for row in rows:
        sheet.append([_cell(name, text) for name, text in zip(header, row, strict=True)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(content: bytes, place: str, value: date | str | int | None) -> bytes:
    """The workbook with another value in a cell of its first sheet."""
    book = load_workbook(io.BytesIO(content))
    book.worksheets[0][place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(column: str, printed: str) -> object:
    if printed and column in {"Date", "Notice Date", "Corrected Notice Date"}:
        month, day, year = map(int, printed.split("/"))
        return date(year, month, day)
    return printed or None
