"""Read the UK Sanctions List in its CSV and XML formats.

Source: https://www.gov.uk/government/publications/the-uk-sanctions-list
"""

from collections.abc import Iterable
from datetime import date

from service.errors import ListRefusedError
from service.lists.edition import ParsedEdition
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_number
from service.lists.reading.notes import read_records
from service.lists.reading.xml import root_of
from service.lists.uk_sl.files import ROOT, read_csv, read_xml
from service.lists.uk_sl.listings import LIST_CODE, SubjectRecord, listing_of, rescue

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_xml"]


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in `UK-Sanctions-List.csv`; its day is the Report Date.

    Ids are made from the Unique ID (`RUS0001`), which the FCDO does not change. A file cut between
    two records cannot be distinguished from a whole one, nor can some cuts within the last cell of
    a record (`read_rows`); every other cut is refused.

    Raises:
        ListRefusedError: the file as a whole is not what the FCDO publishes.
        RowRefusedError: a row cannot be read; its place is `line 12`.
    """
    return _edition(*read_csv(LIST_CODE, content))


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in `UK-Sanctions-List.xml`; its day is the DateGenerated.

    Raises:
        ListRefusedError: not the UK Sanctions List, not well-formed (with line and column), with
            entity declarations, or without a single entry.
        RowRefusedError: an element is missing, unknown or unreadable; its place is the Unique ID.
    """
    return _edition(*read_xml(LIST_CODE, content))


def _edition(
    published_on: date | None, subjects: Iterable[SubjectRecord]
) -> tuple[ParsedEdition, ...]:
    records = read_records(subjects, lambda record: listing_of(record.read()), rescue)
    keyed = [
        (key_of_number(listing.entry_id or listing.primary_name), listing)
        for _, listing in records
    ]
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=published_on,
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


def _is_xml(file: GivenFile) -> bool:
    return root_of(file.head)[1] == ROOT


def _is_csv(file: GivenFile) -> bool:
    header = "".join(file.head.splitlines()[:2])
    return not header.startswith("<") and (
        header.startswith(("Report Date", '"Report Date')) or "Unique ID" in header
    )


FORMATS = (
    Format(
        word="uk_sl_csv",
        source=LIST_CODE,
        title="UK-Sanctions-List.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
    Format(
        word="uk_sl_xml",
        source=LIST_CODE,
        title="UK-Sanctions-List.xml",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
)
"""The formats that the Foreign, Commonwealth and Development Office publishes."""
