"""The reader of the exclusions in the US System for Award Management, a CSV file.

Source: https://sam.gov/data-services/Exclusions/Public%20V2?privacy=Public
"""

from collections.abc import Iterator
from datetime import date

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, EntityType, Fact, Identifier, Listing
from abeyance_screening.engine.lists.reading.countries import country_code, country_of_alpha_3
from abeyance_screening.engine.lists.reading.days import read_american_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import Row, filled, key_of_name, one_edition
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import RowRefusedError

LIST_CODE = "us_sam"
_HOME = "https://sam.gov/data-services/Exclusions/Public%20V2?privacy=Public"
_STREETS = ("Address 1", "Address 2", "Address 3", "Address 4")
COLUMNS = (
    "Classification",
    "Name",
    "Prefix",
    "First",
    "Middle",
    "Last",
    "Suffix",
    *_STREETS,
    "City",
    "State / Province",
    "Country",
    "Zip Code",
    "Open Data Flag",
    "Unique Entity ID",
    "Exclusion Program",
    "Excluding Agency",
    "CT Code",
    "Exclusion Type",
    "Additional Comments",
    "Active Date",
    "Termination Date",
    "Record Status",
    "Cross-Reference",
    "SAM Number",
    "CAGE",
    "NPI",
    "Creation_Date",
)
_MAY_LACK = (*_STREETS[1:], "Open Data Flag", "CT Code", "SAM Number", "NPI", "Creation_Date")
_TYPES: dict[str, EntityType | None] = {
    "Individual": "person",
    "Firm": "organisation",
    "Vessel": "vessel",
    "Special Entity Designation": None,
    "": None,
}
_NO_END = "Indefinite"
_NOTHING = frozenset({"", "-", "XX"})


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the file as one edition; its day is only in the file's name.

    A listing is one record: a party that one agency excludes. Ids are made from the party's name,
    the agency and the kind of exclusion; `expires_on` is the day on which the exclusion ends.
    """
    rows = read_rows(LIST_CODE, read_text(LIST_CODE, content), COLUMNS, may_lack=_MAY_LACK)
    keyed = [
        (_key_of(listing), listing) for _, listing in read_records(rows, _listing_of, _rescue)
    ]
    return one_edition(LIST_CODE, keyed, lacks="the file has no records")


def _key_of(listing: Listing) -> str:
    said = {fact.kind: fact.value for fact in listing.facts}
    parts = (said.get("excluding_agency"), said.get("exclusion_type"), listing.primary_name)
    return key_of_name(" ".join(filter(None, parts)))


def _listing_of(row: Row[str]) -> Listing:
    kind = row.take("Classification").strip()
    if kind not in _TYPES:
        note_unknown(row.where, "word in 'Classification'", kind)
    name = _name_of(row)
    if not any(map(str.isalpha, name)):
        raise RowRefusedError(row.where, "the name is blank")
    address = _address_of(row)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(name, ()),
        entity_type=_TYPES.get(kind),
        addresses=() if address is None else (address,),
        countries=() if address is None or address.country is None else (address.country,),
        identifiers=tuple(_identifiers(row)),
        listed_on=_day(row, "Active Date"),
        expires_on=_day(row, "Termination Date"),
        facts=tuple(_facts(row)),
        source_url=_HOME,
    )
    row.close(ignore=("Open Data Flag", "CT Code"))
    return listing


def _name_of(row: Row[str]) -> str:
    """Return the name of a firm, or a person's from its parts, without `Dr` and `Mr`."""
    prefix, suffix = row.take("Prefix"), row.take("Suffix").strip()
    del prefix
    parts = [row.take(column).strip() for column in ("First", "Middle", "Last")]
    whole = " ".join(row.take("Name").split())
    return whole or " ".join(filter(None, (*parts, suffix)))


def _address_of(row: Row[str]) -> Address | None:
    streets = [(row.find(column) or "").strip() for column in _STREETS]
    city, region, code, country = (
        _filled(row.take(column).strip())
        for column in ("City", "State / Province", "Zip Code", "Country")
    )
    street = ", ".join(each for each in streets if each not in _NOTHING)
    text = ", ".join(filter(None, (street, city, region, code, country)))
    if not text:
        return None
    return Address(
        text=text,
        street=street or None,
        city=city,
        region=region,
        postal_code=code,
        country=None if country is None else country_of_alpha_3(country) or country_code(country),
    )


def _filled(text: str) -> str | None:
    return None if text in _NOTHING else text


def _identifiers(row: Row[str]) -> Iterator[Identifier]:
    columns = (
        ("Unique Entity ID", "UEI"),
        ("CAGE", "CAGE"),
        ("NPI", "NPI"),
        ("SAM Number", "SAM number"),
    )
    for column, kind in columns:
        value = (row.find(column) or "").strip().removesuffix(".0")
        # Ten zeroes stand for a party that has no NPI.
        if value.strip("0"):
            yield Identifier(kind=kind, value=value)


def _facts(row: Row[str]) -> Iterator[Fact]:
    status = row.take("Record Status").strip()
    if status != "Active":
        note_unknown(row.where, "word in 'Record Status'", status, may_hide="status")
    printed = (
        ("exclusion_program", row.take("Exclusion Program")),
        ("excluding_agency", row.take("Excluding Agency")),
        ("exclusion_type", row.take("Exclusion Type")),
        ("comments", row.take("Additional Comments")),
        ("cross_reference", row.take("Cross-Reference")),
        ("record_status", status),
        ("created_on", row.find("Creation_Date") or ""),
    )
    for kind, value in printed:
        if text := " ".join(value.split()):
            yield Fact(kind=kind, value=text)


def _day(row: Row[str], column: str) -> date | None:
    printed = row.take(column).strip()
    return None if printed == _NO_END else read_american_day(row.where, column, printed)


def _rescue(row: Row[str]) -> Rescued:
    parts = [(row.printed(column) or "").strip() for column in ("First", "Middle", "Last")]
    return Rescued(
        list_code=LIST_CODE,
        names=filled((row.printed("Name") or "", " ".join(filter(None, parts)))),
        entity_type=_TYPES.get((row.printed("Classification") or "").strip()),
    )


FORMATS = (
    Format(
        word="sam_exclusions_csv",
        source=LIST_CODE,
        title="SAM_Exclusions_Public_Extract_V2….CSV",
        tells=lambda file: "Classification" in file.head and "Excluding Agency" in file.head,
        read=one_file(parse_csv),
    ),
)
"""The format of the public extract."""
