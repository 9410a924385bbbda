"""The `ids` of the CSV file: several in one cell, each in one of two printed orders."""

import re
from collections.abc import Iterable

from service.parse.days import find_day, is_dated
from service.parse.us_csl.entries import CslId

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
