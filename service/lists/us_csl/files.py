"""An entry of the Consolidated Screening List in trade.gov's own words, out of either format."""

import re
from collections.abc import Iterable

import msgspec

from service.lists.reading.days import find_day, is_dated
from service.lists.reading.tables import Row


class CslAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address; the CSV file prints it as one text, which then stands in `address` alone."""

    address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class CslId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number, or a remark that OFAC files among the numbers (`Gender`, `Website`).

    `note` is ours: what the CSV file prints of a day without saying which one.
    """

    type: str | None
    number: str | int | None = None
    country: str | None = None
    issue_date: str | None = None
    expiration_date: str | None = None
    note: str | None = None


class CslEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of `consolidated.json`; a row of `consolidated.csv` is brought into this shape.

    Required are the keys by which an entry is found and judged. The publisher leaves others out
    where they do not apply (a vessel's flag, a birthday), so their absence says nothing; a key
    that is not here fails the load.
    """

    source: str
    name: str
    programs: list[str] | None
    alt_names: list[str] | None
    addresses: list[CslAddress] | None
    federal_register_notice: str | None = None
    license_requirement: str | None = None
    license_policy: str | None = None
    hex_id: str | int | None = msgspec.field(default=None, name="_id")
    id: str | int | None = None
    entity_number: str | int | None = None
    type: str | None = None
    title: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    date_of_listing: str | None = None
    standard_order: str | None = None
    call_sign: str | None = None
    vessel_type: str | None = None
    gross_tonnage: str | int | None = None
    gross_registered_tonnage: str | int | None = None
    vessel_flag: str | None = None
    vessel_owner: str | None = None
    remarks: str | None = None
    source_list_url: str | None = None
    source_information_url: str | None = None
    citizenships: list[str] | None = None
    dates_of_birth: list[str] | None = None
    nationalities: list[str] | None = None
    places_of_birth: list[str] | None = None
    ids: list[CslId] | None = None
    country: str | None = None
    score: float | int | str | None = None


class CslFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of `consolidated.json`.

    What stands beside `results` describes the export, not the lists, and may come and go.
    """

    results: list[CslEntry]
    total: int | None = None
    search_performed_at: str | None = None


# --- The `ids` of the CSV file: several in one cell, each in one of two printed orders.

# Kinds common enough to stand in any file with ids; found at the front of the pieces they show
# the order of 2023 (type first), found at the end that of 2022 (type last).
_MARKERS = frozenset(
    {"Gender", "Passport", "Website", "Tax ID No.", "National ID No.", "Registration Number"}
    | {"Registration ID", "Cedula No.", "Secondary sanctions risk:", "SWIFT/BIC", "ISIN"}
    | {"Email Address", "Vessel Registration Identification", "Company Number", "NIT #"}
)
# What OFAC files among the numbers and is none: a property of the party or a remark. Its text
# may hold commas, so nothing is split off it.
_REMARKS = frozenset(
    {"Gender", "Website", "Email Address", "Phone Number", "Target Type", "Issuer Name"}
    | {"Aircraft Model", "Aircraft Operator", "Aircraft Manufacture Date", "Former Vessel Flag"}
    | {"Other Vessel Flag", "Other Vessel Type", "Vessel Year of Build", "Nationality Country"}
    | {"Nationality of Registration", "Registration Country", "Organization Established Date"}
    | {"Executive Order 14024 Directive Information"}
)
# A document has two days, of issue and of expiry.
_DAYS = 2
_CODE = re.compile(r"[A-Z]{2}")
_REMARK_STARTS = ("Effective Date", "Listing Date", "Purchase/Sales For Divestment Date")


def is_remark(kind: str) -> bool:
    """Whether a kind of id is a property or a remark, and not a number anybody issued."""
    return kind in _REMARKS or kind.endswith((":", "-")) or kind.startswith(_REMARK_STARTS)


def is_type_last(cells: Iterable[str]) -> bool:
    """Whether a file prints `CO, 1625525, Cedula No.` and not `Cedula No., 1625525, CO`.

    The order is one for a whole file. A file in which no usual kind occurs counts as the newer
    one, type first.
    """
    first = last = 0
    for cell in cells:
        for piece in cell.split("; "):
            parts = piece.split(", ")
            first += parts[0] in _MARKERS
            last += parts[-1] in _MARKERS
    return last > first


def read_ids(cell: str, *, type_last: bool) -> list[CslId]:
    """The ids of one cell, in printed order."""
    pieces = filter(None, map(str.strip, cell.split("; ")))
    return [_read_last(piece) if type_last else _read_first(piece) for piece in pieces]


def _read_first(piece: str) -> CslId:
    """`type, number[, country][, issued][, expires]`."""
    kind, *rest = piece.split(", ")
    if is_remark(kind):
        return CslId(type=kind, number=", ".join(rest))
    days = list[str]()
    while len(rest) > 1 and len(days) < _DAYS and is_dated(rest[-1]):
        days.insert(0, rest.pop())
    country = rest.pop() if len(rest) > 1 and _is_code(rest[-1]) else None
    return _with_days(kind, ", ".join(rest), country, days)


def _read_last(piece: str) -> CslId:
    """`[country, ][expires, ][issued, ]number, type`."""
    *rest, kind = piece.split(", ")
    if is_remark(kind):
        return CslId(type=kind, number=", ".join(rest))
    country = rest.pop(0) if len(rest) > 1 and _is_code(rest[0]) else None
    days = list[str]()
    while len(rest) > 1 and len(days) < _DAYS and is_dated(rest[0]):
        days.insert(0, rest.pop(0))
    return _with_days(kind, ", ".join(rest), country, days)


def _with_days(kind: str, number: str, country: str | None, days: list[str]) -> CslId:
    """Two days are issue and expiry; of a single one the file does not say which it is."""
    if len(days) == _DAYS and all(find_day(day) for day in days):
        return CslId(kind, number, country, days[0], days[1])
    note = f"dated {', '.join(days)}" if days else None
    return CslId(kind, number, country, note=note)


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


# --- Rows of `consolidated.csv`: read strictly, and brought into the shape of the JSON file.

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
