"""Workbooks of one made-up subject, as small as DFAT's list allows."""

import io
from datetime import date, datetime, time

from openpyxl import Workbook

from abeyance_screening.engine.lists.au_dfat.reader import COLUMNS, parse_workbook
from abeyance_screening.engine.lists.listing import Listing

DAY = datetime.combine(date(2026, 2, 20), time())
SUBJECT: dict[str, object] = {
    "Reference": 9999,
    "Name of Individual or Entity": "ACME",
    "Type": "Entity",
    "Name Type": "Primary Name",
    "Listing Information": "Listed on: 24 Feb. 2022 (amended on 1 May 2023)",
    "Committees": "Autonomous (Russia)",
    "Control Date": DAY,
    "Targeted Financial Sanction": True,
    "Travel Ban": False,
    "Arms Embargo": False,
    "Maritime Restriction": False,
}


def xlsx_file(*rows: dict[str, object], header: tuple[str, ...] = COLUMNS) -> bytes:
    """The rows, each what it says beside the made-up subject's own."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Consolidated List")
    sheet.append(header)
    for row in rows:
        said = {**SUBJECT, **row}
        sheet.append([said.get(name) for name in header])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_rows(*rows: dict[str, object]) -> Listing:
    (edition,) = parse_workbook(xlsx_file(*rows))
    (listing,) = edition.listings
    return listing


def by_id(content: bytes) -> dict[str, Listing]:
    (edition,) = parse_workbook(content)
    return {listing.id: listing for listing in edition.listings}


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]
