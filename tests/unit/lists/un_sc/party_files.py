"""UN list files of one made-up party, as small as the list allows."""

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.un_sc.reader import parse_xml

PARTY = (
    "<DATAID>1</DATAID><FIRST_NAME>ACME</FIRST_NAME><UN_LIST_TYPE>Iran</UN_LIST_TYPE>"
    "<REFERENCE_NUMBER>IRe.999</REFERENCE_NUMBER><LISTED_ON>2010-06-09</LISTED_ON>"
)


def xml_file(entity: str = PARTY, *, generated: str = "2026-02-27T00:00:09Z") -> bytes:
    return (
        f'<CONSOLIDATED_LIST dateGenerated="{generated}"><INDIVIDUALS/>'
        f"<ENTITIES><ENTITY>{entity}</ENTITY></ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def read(content: bytes) -> dict[str, Listing]:
    (edition,) = parse_xml(content)
    return {listing.id: listing for listing in edition.listings}


def read_entity(inside: str) -> Listing:
    return read(xml_file(PARTY + inside))["un_sc-IRe.999"]


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]
