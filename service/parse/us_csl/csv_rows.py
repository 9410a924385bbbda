"""Rows of `consolidated.csv`: read strictly, and brought into the shape of the JSON file."""

import csv
import io
from collections.abc import Iterator

from service.model.errors import ListRefusedError
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


def read_rows(list_code: str, text: str) -> list[Row[str]]:
    """The records of the file, each with its place as `line 12`.

    Raises:
        ListRefusedError: the header lacks a column, has a new one or one twice, stands in the
            file again; a record has too few or too many cells; a quoted cell does not end; the
            last record does not end with a line break, so it may be cut. A file cut exactly
            between two records cannot be told from a whole one: that is for whoever compares an
            edition with the one before it.
    """
    try:
        return list(_read_records(list_code, text))
    except csv.Error as error:
        raise ListRefusedError(list_code, f"not readable as CSV: {error}") from None


def _read_records(list_code: str, text: str) -> Iterator[Row[str]]:
    # A cell may hold the whole history of a denial order; 1 MB is far beyond any of them.
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader)
    _check_header(list_code, header)
    if not text.endswith("\n"):
        raise ListRefusedError(list_code, "the last record is cut off (no line break at the end)")
    line = reader.line_num + 1
    for cells in reader:
        if cells == header:
            raise ListRefusedError(list_code, f"the header stands again in line {line}")
        if len(cells) != len(header):
            reason = f"line {line} has {len(cells)} of {len(header)} cells"
            raise ListRefusedError(list_code, reason)
        yield Row(f"line {line}", dict(zip(header, cells, strict=True)))
        line = reader.line_num + 1


def _check_header(list_code: str, header: list[str]) -> None:
    faults = {
        "missing column": [name for name in COLUMNS if name not in header],
        "unknown column": [name for name in header if name not in COLUMNS],
        "column twice": sorted({name for name in header if header.count(name) > 1}),
    }
    for fault, names in faults.items():
        if names:
            raise ListRefusedError(list_code, f"{fault}: {', '.join(names)}"[:500])


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
