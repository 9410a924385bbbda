"""The Consolidated List of the United Nations Security Council, in its XML format.

Source: https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list
"""

from datetime import UTC, date, datetime

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError
from service.model.listing import Listing
from service.parse.elements import root_of
from service.parse.files import Format, GivenFile, one_file
from service.parse.listing_ids import give_ids, key_of_number
from service.parse.texts import refuse_other_files
from service.parse.un_sc.elements import read_parties
from service.parse.un_sc.parties import LIST_CODE, listing_of

__all__ = ["FORMATS", "LIST_CODE", "parse_xml"]


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of the file; `published_on` is the UTC day of its `dateGenerated`.

    Ids are made of the reference number (`QDe.004`), which the UN keeps for good.

    Raises:
        ListRefusedError: not the UN list, not well-formed (with line and column), with entity
            declarations, or without a single entry.
        RowRefusedError: an element is missing, unknown or unreadable; its place is the party's
            reference number.
    """
    refuse_other_files(LIST_CODE, content)
    keyed, generated = list[tuple[str, Listing]](), ""
    for party in read_parties(LIST_CODE, content):
        generated = party.generated
        listing = listing_of(party)
        keyed.append((key_of_number(listing.entry_id or ""), listing))
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=_utc_day(generated),
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


def _utc_day(printed: str) -> date:
    try:
        moment = datetime.fromisoformat(printed)
    except ValueError:
        reason = f"dateGenerated: {printed!r} is not a time (2026-02-27T00:00:09Z)"
        raise ListRefusedError(LIST_CODE, reason) from None
    return (
        (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
        .astimezone(UTC)
        .date()
    )


def _is_xml(file: GivenFile) -> bool:
    return root_of(file.head)[1] == "CONSOLIDATED_LIST"


FORMATS = (
    Format(
        word="un_xml",
        source=LIST_CODE,
        title="consolidated.xml",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
)
"""What the United Nations publish."""
