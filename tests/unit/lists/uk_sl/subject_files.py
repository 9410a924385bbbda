"""Files of one made-up subject, as small as the UK Sanctions List allows."""

import csv
import io

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.uk_sl.reader import COLUMNS, parse_csv, parse_xml

SUBJECT = {
    "Unique ID": "RUS9999",
    "Name 6": "ACME",
    "Name type": "Primary Name",
    "Designation Type": "Entity",
    "Regime Name": "The Russia (Sanctions) (EU Exit) Regulations 2019",
    "Date Designated": "24/02/2022",
}
ELEMENTS = (
    "<UniqueID>RUS9999</UniqueID><DateDesignated>24/02/2022</DateDesignated>"
    "<Names><Name><Name6>ACME</Name6><NameType>Primary Name</NameType></Name></Names>"
    "<RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName>"
    "<IndividualEntityShip>Entity</IndividualEntityShip>"
)
HEADER = list(COLUMNS)


def csv_file(
    *rows: dict[str, str],
    first: str = "Report Date: 16-Apr-2026\r\n",
    header: list[str] | None = None,
) -> bytes:
    """The rows, each what it says beside the made-up subject's own."""
    stream = io.StringIO()
    names = HEADER if header is None else header
    table = csv.writer(stream)
    table.writerow(names)
    for row in rows or ({},):
        said = {**SUBJECT, **row}
        table.writerow([said.get(name, "") for name in names])
    return (first + stream.getvalue()).encode()


def xml_file(inside: str = ELEMENTS, *, generated: str = "16/04/2026") -> bytes:
    return (
        f"<Designations><DateGenerated>{generated}</DateGenerated>"
        f"<Designation>{inside}</Designation></Designations>"
    ).encode()


def read_rows(*rows: dict[str, str]) -> Listing:
    (edition,) = parse_csv(csv_file(*rows))
    (listing,) = edition.listings
    return listing


def read_elements(inside: str) -> Listing:
    (edition,) = parse_xml(xml_file(ELEMENTS + inside))
    (listing,) = edition.listings
    return listing


def by_id(content: bytes) -> dict[str, Listing]:
    parse = parse_xml if content.startswith(b"<") else parse_csv
    (edition,) = parse(content)
    return {listing.id: listing for listing in edition.listings}


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]
