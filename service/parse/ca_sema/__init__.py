"""The Consolidated Canadian Autonomous Sanctions List, in its XML format.

Source: https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx
"""

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.parse.ca_sema.listings import LIST_CODE, listing_of
from service.parse.ca_sema.records import read_records
from service.parse.elements import root_of
from service.parse.files import Format, GivenFile, one_file
from service.parse.listing_ids import give_ids
from service.parse.texts import refuse_other_files

__all__ = ["FORMATS", "LIST_CODE", "parse_xml"]


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of the file, which names no day of its own.

    The file is read in the layout of 2022, that of 2023 to 2026 with ships and days of listing,
    and the one since August 2026 with bilingual elements.

    Raises:
        ListRefusedError: not the Canadian list, not well-formed (with line and column), with
            entity declarations, or without a single record.
        RowRefusedError: an element is missing, unknown or unreadable; its place is the number of
            the record in the file.
    """
    refuse_other_files(LIST_CODE, content)
    keyed = [listing_of(record) for record in read_records(LIST_CODE, content)]
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    listings = give_ids(LIST_CODE, keyed)
    return (ParsedEdition(list_code=LIST_CODE, published_on=None, listings=listings),)


def _is_xml(file: GivenFile) -> bool:
    return root_of(file.head)[1] == "data-set"


FORMATS = (
    Format(
        word="ca_xml",
        source=LIST_CODE,
        title="sema-lmes.xml",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
)
"""What Global Affairs Canada publishes."""
