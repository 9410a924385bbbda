"""Rows of `consolidated.csv`: read strictly, and brought into the shape of the JSON file."""

from service.parse.rows import Row
from service.parse.us_csl.entries import CslAddress, CslEntry
from service.parse.us_csl.identifiers import read_ids

COLUMNS = (
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
)


def entry_of(row: Row[str], *, type_last: bool) -> CslEntry:
    """One row as an entry; lists in a cell are parted at `; `.

    An address is not taken apart further than that: its parts are parted by commas, of which
    streets are full. So `address` holds all of it and the country is read off its end.
    """
    entry = CslEntry(
        hex_id=row.take("_id"),
        source=row.take("source"),
        entity_number=row.take("entity_number"),
        type=row.take("type"),
        programs=_split(row.take("programs")),
        name=row.take("name"),
        title=row.take("title"),
        addresses=[CslAddress(address=text) for text in _split(row.take("addresses"))],
        federal_register_notice=row.take("federal_register_notice"),
        start_date=row.take("start_date"),
        end_date=row.take("end_date"),
        standard_order=row.take("standard_order"),
        license_requirement=row.take("license_requirement"),
        license_policy=row.take("license_policy"),
        call_sign=row.take("call_sign"),
        vessel_type=row.take("vessel_type"),
        gross_tonnage=row.take("gross_tonnage"),
        gross_registered_tonnage=row.take("gross_registered_tonnage"),
        vessel_flag=row.take("vessel_flag"),
        vessel_owner=row.take("vessel_owner"),
        remarks=row.take("remarks"),
        source_list_url=row.take("source_list_url"),
        alt_names=[row.take("alt_names")],
        citizenships=_split(row.take("citizenships")),
        dates_of_birth=_split(row.take("dates_of_birth")),
        nationalities=_split(row.take("nationalities")),
        places_of_birth=_split(row.take("places_of_birth")),
        source_information_url=row.take("source_information_url"),
        ids=read_ids(row.take("ids"), type_last=type_last),
    )
    row.close()
    return entry


def _split(cell: str) -> list[str]:
    return [part for text in cell.split("; ") if (part := text.strip())]
