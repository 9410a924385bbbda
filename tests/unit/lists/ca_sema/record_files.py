"""Canadian list files of a made-up record, as small as the list allows."""

from abeyance_screening.engine.lists.ca_sema.reader import parse_xml
from abeyance_screening.engine.lists.listing import Listing

ACME = "<Country>Iran</Country><Entity>Acme</Entity>"
BERG = "<Country>Iran</Country><LastName>BERG</LastName><GivenName>Jan</GivenName>"


def xml_file(*records: str) -> bytes:
    inside = "".join(f"<record>{record}</record>" for record in records)
    return f"<data-set>{inside}</data-set>".encode()


def read(content: bytes) -> dict[str, Listing]:
    """The listings by primary name; of those that share one, the last."""
    (edition,) = parse_xml(content)
    return {listing.primary_name: listing for listing in edition.listings}


def read_record(record: str) -> Listing:
    (edition,) = parse_xml(xml_file(record))
    return edition.listings[0]


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]
