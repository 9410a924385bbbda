"""Files of one made-up group, as small as OFSI's list allows."""

import csv
import io

from openpyxl import Workbook

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.retired.uk_ofsi.reader import parse_csv, parse_workbook

_OF_2020 = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,DOB,Town of Birth,Country of Birth,"
    "Nationality,Passport Details,NI Number,Position,Address 1,Address 2,Address 3,Address 4,"
    "Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Regime,"
    "Listed On,Last Updated,Group ID"
)
_OF_2022 = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,"
    "Non-Latin Script Language,DOB,Town of Birth,Country of Birth,Nationality,Passport Number,"
    "Passport Details,National Identification Number,National Identification Details,Position,"
    "Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,"
    "Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,"
    "UK Sanctions List Date Designated,Last Updated,Group ID"
)
OF_2020, OF_2022 = (next(csv.reader([line])) for line in (_OF_2020, _OF_2022))
FIRST = ("Last Updated", "27/04/2020")
GROUP = {
    "Name 6": "ACME",
    "Group Type": "Entity",
    "Alias Type": "Primary name",
    "Regime": "Russia",
    "Listed On": "24/02/2022",
    "Last Updated": "24/02/2022",
    "Group ID": "99999",
}
type Cells = dict[str, str]


def csv_file(
    *rows: Cells,
    header: list[str] = OF_2022,
    first: tuple[str, ...] = FIRST,
    encoding: str = "utf-8",
) -> bytes:
    """The rows, each what it says beside the made-up group's own."""
    stream = io.StringIO()
    csv.writer(stream).writerows([first, *_table(rows, header)])
    return stream.getvalue().encode(encoding)


def xlsx_file(
    *rows: Cells, header: list[str] = OF_2022, first: tuple[object, ...] = FIRST
) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in [first, *_table(rows, header)]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_rows(*rows: Cells, header: list[str] = OF_2022) -> Listing:
    (edition,) = parse_csv(csv_file(*rows, header=header))
    (listing,) = edition.listings
    return listing


def by_id(content: bytes) -> dict[str, Listing]:
    parse = parse_workbook if content.startswith(b"PK") else parse_csv
    (edition,) = parse(content)
    return {listing.id: listing for listing in edition.listings}


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]


def _table(rows: tuple[Cells, ...], header: list[str]) -> list[list[str]]:
    said = [{**GROUP, **row} for row in rows or ({},)]
    return [header, *([row.get(name, "") for name in header] for row in said)]
