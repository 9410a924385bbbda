"""The consolidated list of financial sanctions of the European Union, in its XML format 1.1.

Source: https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions
"""

from datetime import UTC, date, datetime

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.model.listing import Listing
from service.parse.elements import root_of
from service.parse.eu_fsf.elements import read_entries
from service.parse.eu_fsf.merged import merged
from service.parse.eu_fsf.parties import LIST_CODE, listing_of
from service.parse.files import Format, GivenFile, one_file
from service.parse.listing_ids import give_ids, key_of_number
from service.parse.texts import refuse_other_files

__all__ = ["FORMATS", "LIST_CODE", "parse_xml"]

_NAMESPACE = "http://eu.europa.ec/fpi/fsd/export"


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of the file; `published_on` is the UTC day of its `generationDate`.

    Ids are made of `logicalId`, the number that the Commission's database keeps for good: the
    reference number (`EU.27.28`) may be blank at first. A party listed under several programmes
    is printed once for each and comes back as one listing (see `merged`).

    Raises:
        ListRefusedError: not the EU's file, not well-formed (with line and column), with entity
            declarations, or without a single entry.
        RowRefusedError: an element or attribute is missing, unknown or unreadable; its place is
            the entry's reference number.
    """
    refuse_other_files(LIST_CODE, content)
    by_key, generated = dict[str, Listing](), ""
    for entry in read_entries(LIST_CODE, content):
        generated = entry.generated
        key, listing = key_of_number(entry.logical_id), listing_of(entry)
        by_key[key] = merged(by_key[key], listing) if key in by_key else listing
    if not by_key:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=_utc_day(generated),
        listings=give_ids(LIST_CODE, tuple(by_key.items())),
    )
    return (edition,)


def _utc_day(printed: str) -> date:
    try:
        moment = datetime.fromisoformat(printed)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).date()
    except (ValueError, OverflowError):
        reason = f"generationDate: {printed!r} is not a time (2026-02-27T00:00:09.000+01:00)"
        raise ListRefusedError(LIST_CODE, reason) from None


def _is_xml(file: GivenFile) -> bool:
    namespace, tag = root_of(file.head)
    return tag == "export" and (namespace == _NAMESPACE or "<sanctionEntity" in file.head)


FORMATS = (
    Format(
        word="eu_xml",
        source=LIST_CODE,
        title="xmlFullSanctionsList_1_1.xml",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
)
"""What the Commission publishes for the Union."""
