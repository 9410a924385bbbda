"""The files of the Consolidated Screening List: an entry as either format of trade.gov has it."""

import re
from collections.abc import Iterable

import msgspec

from abeyance_screening.engine.lists.reading.days import find_day, is_dated
from abeyance_screening.engine.lists.reading.records import Row


class CslAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address; the CSV file prints it as one text, which is in `address` alone."""

    address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class CslId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number, or a remark that OFAC files among the numbers (`Gender`, `Website`).

    `note` is not the publisher's: it holds a day of the CSV file whose meaning is not printed.
    """

    type: str | None
    number: str | int | None = None
    country: str | None = None
    issue_date: str | None = None
    expiration_date: str | None = None
    note: str | None = None


class CslEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of `consolidated.json`; a row of `consolidated.csv` is converted to it.

    The keys by which an entry is found and assessed are required. The publisher omits others
    where they do not apply (a vessel's flag, a birthday). An unknown key is noted.
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
    """The whole of `consolidated.json`, its entries still as decoded (`CslEntry`).

    All keys other than `results` describe the export, not the lists, and are optional.
    """

    results: list[dict[str, object]]
    total: int | None = None
    search_performed_at: str | None = None


# --- The `ids` of the CSV file: several in one cell, each in one of two printed orders.

# Kinds common enough to occur in any file with ids. At the front of the pieces they show the
# order of 2023 (type first), at the end the order of 2022 (type last).
_MARKERS = frozenset(
    {"Gender", "Passport", "Website", "Tax ID No.", "National ID No.", "Registration Number"}
    | {"Registration ID", "Cedula No.", "Secondary sanctions risk:", "SWIFT/BIC", "ISIN"}
    | {"Email Address", "Vessel Registration Identification", "Company Number", "NIT #"}
)
# Properties of the party and remarks that OFAC files among the numbers. Their texts may hold
# commas, so they are not split.
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
    """Return whether a kind of id is a property or a remark, and not an issued number."""
    return kind in _REMARKS or kind.endswith((":", "-")) or kind.startswith(_REMARK_STARTS)


def is_pointer(value: str | None) -> bool:
    """Return whether a text of OFAC is only the address of OFAC's page on the directives."""
    return value is not None and value.startswith("For more information on directives")


def is_type_last(cells: Iterable[str]) -> bool:
    """Return whether a file prints `CO, 1625525, Cedula No.` and not `Cedula No., 1625525, CO`.

    `cells` are all `ids` cells of the file, which has one order throughout. A file in which no
    common kind occurs counts as having the newer order, type first.
    """
    first = last = 0
    for cell in cells:
        for piece in cell.split("; "):
            parts = piece.split(", ")
            first += parts[0] in _MARKERS
            last += parts[-1] in _MARKERS
    return last > first


def read_ids(cell: str, *, type_last: bool) -> list[CslId]:
    """Read the ids of one cell, in printed order."""
    pieces = filter(None, map(str.strip, cell.split("; ")))
    return [_read_last(piece) if type_last else _read_first(piece) for piece in pieces]


def _read_first(piece: str) -> CslId:
    """Read `type, number[, country][, issued][, expires]`."""
    kind, *rest = piece.split(", ")
    if is_remark(kind):
        return CslId(type=kind, number=", ".join(rest))
    days = list[str]()
    while len(rest) > 1 and len(days) < _DAYS and is_dated(rest[-1]):
        days.insert(0, rest.pop())
    country = rest.pop() if len(rest) > 1 and _is_code(rest[-1]) else None
    return _with_days(kind, ", ".join(rest), country, days)


def _read_last(piece: str) -> CslId:
    """Read `[country, ][expires, ][issued, ]number, type`."""
    *rest, kind = piece.split(", ")
    if is_remark(kind):
        return CslId(type=kind, number=", ".join(rest))
    country = rest.pop(0) if len(rest) > 1 and _is_code(rest[0]) else None
    days = list[str]()
    while len(rest) > 1 and len(days) < _DAYS and is_dated(rest[0]):
        days.insert(0, rest.pop(0))
    return _with_days(kind, ", ".join(rest), country, days)


def _with_days(kind: str, number: str, country: str | None, days: list[str]) -> CslId:
    """Return the id with two days as issue and expiry; a single day is kept as a note."""
    if len(days) == _DAYS and all(find_day(day) for day in days):
        return CslId(kind, number, country, days[0], days[1])
    note = f"dated {', '.join(days)}" if days else None
    return CslId(kind, number, country, note=note)


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


# --- Rows of `consolidated.csv`, converted to entries of the JSON file.

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
    """Convert one row to an entry; several values in a cell are separated by `; `.

    An address is not split into its parts, because they are separated by commas, which streets
    contain too. `address` holds the whole text, and the country is read from its end.
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
