"""Read the EU's consolidated list of financial sanctions, as XML 1.1 and as CSV.

Source: https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.eu_fsf.csv_file import read_csv_entries
from abeyance_screening.engine.lists.eu_fsf.listings import (
    LIST_CODE,
    EntityRecord,
    merge,
    party_of,
    read_entries,
    rescue,
)
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.records import key_of_number, one_edition
from abeyance_screening.engine.lists.reading.texts import refuse_other_files
from abeyance_screening.engine.lists.reading.unknown_parts import read_records
from abeyance_screening.engine.lists.reading.xml import root_of
from abeyance_screening.primitives.errors import ListRefusedError

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_xml"]

_NAMESPACE = "http://eu.europa.ec/fpi/fsd/export"
_CSV_SIGNS = (";Entity_LogicalId;", ";Entity_logical_id;")


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the file; `published_on` is the UTC day of its `generationDate`.

    Ids are made from `logicalId`, a permanent number of the Commission's database, because the
    reference number (`EU.27.28`) may be blank at first. A party listed under several programmes is
    printed once for each, and becomes one listing (see `merge`).
    """
    refuse_other_files(LIST_CODE, content)
    listings, generated = _listings(read_entries(LIST_CODE, content))
    return _edition(listings, _utc_day(generated))


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in either CSV file, with the ids that the XML file gives.

    Data without a column in the file are missing from the listings. Both formats lack the mark of
    weak names, which therefore count as strong. Format 1.0 also lacks remarks on names, years of
    birth without a day, and the kind of act under which an entry is listed.
    """
    day, records = read_csv_entries(LIST_CODE, content)
    return _edition(_listings(records)[0], day)


def _listings(records: Iterable[EntityRecord]) -> tuple[dict[str, Listing], str]:
    """Return the listings by their keys, and the time at which the file was generated."""
    by_key, generated = dict[str, Listing](), ""
    for record, listing in read_records(records, party_of, rescue):
        generated = record.generated
        key = key_of_number(record.number or listing.entry_id or listing.primary_name)
        by_key[key] = merge(by_key[key], listing) if key in by_key else listing
    if not by_key:
        raise ListRefusedError(LIST_CODE, "the file has no entries")
    return by_key, generated


def _edition(by_key: dict[str, Listing], published_on: date) -> tuple[ParsedEdition, ...]:
    return one_edition(LIST_CODE, tuple(by_key.items()), published_on)


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


def _is_csv(file: GivenFile) -> bool:
    """Return whether a file begins like a CSV file, be it one saved by a spreadsheet program."""
    header = file.head.partition("\n")[0]
    return any(sign in header for sign in _CSV_SIGNS)


FORMATS = (
    Format(
        word="eu_xml",
        source=LIST_CODE,
        title="xmlFullSanctionsList_1_1.xml",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
    Format(
        word="eu_csv",
        source=LIST_CODE,
        title="csvFullSanctionsList_1_1.csv or csvFullSanctionsList.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""The formats that the European Commission publishes."""
