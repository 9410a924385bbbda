"""A subject of DFAT's list as a listing: the rows 8785, 8785a, 8785b and on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import msgspec

from service.model.errors import RowRefusedError
from service.model.listing import EntityType, Fact, Identifier, Listing
from service.parse.au_dfat.names import check_kind, names_of
from service.parse.au_dfat.places import addresses_of, countries_of
from service.parse.days import find_day, read_day_first
from service.parse.numbered import filled_numbered
from service.parse.rows import Row, filled
from service.parse.workbooks import Cell, text_of

LIST_CODE = "au_dfat"
INFORMATION_URL = (
    "https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list"
)
MEASURES = ("Targeted Financial Sanction", "Travel Ban", "Arms Embargo", "Maritime Restriction")
COLUMNS = (
    "Reference",
    "Name of Individual or Entity",
    "Type",
    "Name Type",
    "Alias Strength",
    "Date of Birth",
    "Place of Birth",
    "Citizenship",
    "Address",
    "Additional Information",
    "Listing Information",
    "IMO Number",
    "Committees",
    "Control Date",
    "Instrument of Designation",
    *MEASURES,
)

_REFERENCE = re.compile(r"(\d+)([a-z]*)")
_ENTITY_TYPES: dict[str, EntityType] = {
    "Individual": "person",
    "Entity": "organisation",
    "Vessel": "vessel",
}
# The column of instruments also holds days and `Listed on: 30 Nov. 2016`.
_ACT = re.compile(r"Instrument|Regulation|\bAct\b|Designation|Sanctions|\bList 20\d\d")
_DAY = r"(?P<day>\d{1,2} ?[A-Z][a-z]{2,8}\.? ?\d{4}|\d{1,2}/\d{1,2}/\d{4})"
# How a text begins that says on which day the subject was first listed. A text that begins with
# an instrument says none; a day further on is that of an amendment.
_LISTED = re.compile(
    r"(?:(?:UN Reference Number:? \S+ |Resolution \d+ \(\d{4}\) )?"
    r"(?:First )?listed(?: by [^()]{3,60}?)?(?: on)?:? ?"
    r"|Designated under the Autonomous Sanctions Regulations 2011 on "
    r"|The Minister for Foreign Affairs listed this (?:entity|individual|person) on |)" + _DAY,
    re.IGNORECASE,
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row, that is one name of a subject; `number` is the digits of its reference.

    Texts are trimmed, "" where a cell is blank, and a day is printed as `1963-01-31`.
    """

    where: str
    number: str
    name: str
    type: str
    name_type: str
    strength: str
    births: str
    birthplaces: str
    citizenships: str
    addresses: str
    information: str
    listing: str
    imo_number: str
    committee: str
    control_date: str
    instrument: str
    measures: tuple[str, ...]


def entry_of(row: Row[Cell]) -> Entry:
    """The row taken apart.

    Raises:
        RowRefusedError: no reference or name, a reference of another form, an unknown type, or a
            measure that is neither TRUE nor FALSE.
    """
    reference = text_of(row.take("Reference"))
    where = f"{row.where}, reference {reference or '?'}"
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise RowRefusedError(where, "a reference is a number and letters: 8785a")
    name_type, strength = text_of(row.take("Name Type")), text_of(row.take("Alias Strength"))
    check_kind(where, name_type, strength)
    entry = Entry(
        where=where,
        number=match[1],
        name=text_of(row.take("Name of Individual or Entity")),
        type=text_of(row.take("Type")),
        name_type=name_type,
        strength=strength,
        births=text_of(row.take("Date of Birth")),
        birthplaces=text_of(row.take("Place of Birth")),
        citizenships=text_of(row.take("Citizenship")),
        addresses=text_of(row.take("Address")),
        information=text_of(row.take("Additional Information")),
        listing=text_of(row.take("Listing Information")),
        imo_number=text_of(row.take("IMO Number")),
        committee=text_of(row.take("Committees")),
        control_date=_control_date(where, row.take("Control Date")),
        instrument=text_of(row.take("Instrument of Designation")),
        measures=tuple(_measures(where, row)),
    )
    row.close()
    if not entry.name:
        raise RowRefusedError(where, "the name is blank")
    if entry.type and entry.type not in _ENTITY_TYPES:
        raise RowRefusedError(where, f"unknown Type {entry.type!r}")
    return entry


def listing_of(entries: Sequence[Entry]) -> Listing:
    """The listing of a subject's rows, with an empty id that its whole list is needed for.

    The committees are the programmes, the instruments the citations. `listed_on` is the day that
    the listing information begins with, if it does. `countries` are those of its addresses and
    citizenships.

    Raises:
        RowRefusedError: rows of one subject name different types.
    """
    addresses = tuple(
        dict.fromkeys(
            address
            for text in dict.fromkeys(entry.addresses for entry in entries)
            for address in addresses_of(text)
        )
    )
    citizenships = filled(entry.citizenships for entry in entries)
    codes = [address.country for address in addresses]
    codes += [code for text in citizenships for code in countries_of(text)]
    instruments = filled(_line(entry.instrument) for entry in entries)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=names_of((entry.name, entry.name_type, entry.strength) for entry in entries),
        entity_type=_entity_type(entries),
        entry_id=entries[0].number,
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=tuple(
            Identifier(kind="IMO Number", value=number)
            for number in filled(entry.imo_number for entry in entries)
        ),
        programmes=filled(entry.committee for entry in entries),
        citations=tuple(text for text in instruments if _ACT.search(text)),
        listed_on=_listed_on(entries),
        remarks="\n".join(filled(_line(entry.information) for entry in entries)) or None,
        facts=tuple(_facts(entries, citizenships, instruments)),
        information_url=INFORMATION_URL,
    )


def _control_date(where: str, cell: Cell) -> str:
    if cell is not None and not isinstance(cell, datetime):
        raise RowRefusedError(where, f"Control Date: {cell!r} is not a day")
    return text_of(cell)


def _measures(where: str, row: Row[Cell]) -> Iterator[str]:
    for measure in MEASURES:
        applies = row.take(measure)
        if not isinstance(applies, bool):
            raise RowRefusedError(where, f"{measure}: {applies!r} is neither TRUE nor FALSE")
        if applies:
            yield measure


def _entity_type(entries: Sequence[Entry]) -> EntityType | None:
    """One row in ten thousand has no type; its subject's other rows do."""
    types = filled(entry.type for entry in entries)
    if len(types) > 1:
        reason = f"Type: rows of one subject say {types[0]!r} and {types[1]!r}"
        raise RowRefusedError(entries[0].where, reason)
    return _ENTITY_TYPES[types[0]] if types else None


def _listed_on(entries: Iterable[Entry]) -> date | None:
    """The first day that any row's text begins with."""
    days = map(_first_day, filled(_line(entry.listing) for entry in entries))
    return min(filter(None, days), default=None)


def _first_day(text: str) -> date | None:
    day = find_day(text)
    match = _LISTED.match(text)
    if day is not None or match is None:
        return day
    printed = match["day"].replace(".", "")
    if "/" in printed:
        padded = "/".join(part.zfill(2) for part in printed.split("/"))
        try:
            return read_day_first("", "", padded)
        except RowRefusedError:
            return None
    return find_day(re.sub(r"(?<=\d) ?(?=[A-Z])|(?<=[a-z]) ?(?=\d)", " ", printed))


def _line(text: str) -> str:
    return " ".join(text.split())


def _facts(
    entries: Sequence[Entry], citizenships: Iterable[str], instruments: Iterable[str]
) -> Iterator[Fact]:
    births = filled(_line(entry.births) for entry in entries)
    places = filled(
        _line(place) for entry in entries for place in filled_numbered(entry.birthplaces)
    )
    printed = {
        "date_of_birth": births,
        "place_of_birth": places,
        "citizenship": filled(map(_line, citizenships)),
        "listing_information": filled(_line(entry.listing) for entry in entries),
        "control_date": filled(entry.control_date for entry in entries),
        "designation": tuple(text for text in instruments if not _ACT.search(text)),
        "measure": filled(measure for entry in entries for measure in entry.measures),
    }
    for kind, values in printed.items():
        yield from (Fact(kind=kind, value=value) for value in values)
