"""The reader of New Zealand's Russia Sanctions Register, a workbook of two sheets.

One sheet has persons, entities, banks and assets under a legend, the other ships.

Source: https://www.mfat.govt.nz/assets/Countries-and-Regions/Europe/Ukraine/Russia-Sanctions-Register.xlsx
"""

import re
from collections.abc import Iterator
from datetime import date

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import read_day, read_day_first
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.records import Row, by_number, filled, one_edition
from abeyance_screening.engine.lists.reading.tables import (
    Cell,
    is_workbook_with,
    read_sheets,
    text_of,
)
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import RowRefusedError

LIST_CODE = "nz_russia"
_HOME = (
    "https://www.mfat.govt.nz/en/countries-and-regions/europe/ukraine"
    "/russian-invasion-of-ukraine/sanctions/russia-sanctions-register"
)
# Headings without white space, as `read_sheets` gives them.
_NUMBER, _LISTED, _IMO, _ASSET = "UniqueIdentifier", "DateofSanction", "IMONumber", "NameofAsset"
_SHIP = "NameofShipasofDateofSanction"
_NAMES = ("Firstname", "Middlename(s)", "Lastname")
_TYPES: dict[str, EntityType | None] = {
    "individual": "person",
    # Printed so in some rows.
    "indiividual": "person",
    "entity": "organisation",
    "bank": "organisation",
    "ship": "vessel",
    "asset": None,
}
_TOTAL = "total"
# A sheet with such a title may hold entries, whatever its columns are.
_LISTING = re.compile(r"register|ship|vessel|individual|entit", re.IGNORECASE)
_SANCTIONS = {
    "AircraftBan": "Aircraft Ban",
    "AssetFreeze": "Asset Freeze",
    "DealingwithSecurities": "Dealing with Securities",
    "ServiceProhibition": "Service Prohibition",
    "ShipBan": "Ship Ban",
    "TravelBan": "Travel Ban",
}
_STATUSES = {
    "sanctioned": "Sanctioned",
    "delisted": "Delisted",
    "removed": "Removed",
    "revoked": "Revoked",
}
_YES = frozenset({"true", "yes", "y", "1", "x"})
_NO = frozenset({"", "false", "no", "n", "0", "n/a", "-"})
_TEXTS = {
    "Title": "title",
    "PlaceofBirth": "place_of_birth",
    "Associates/Relatives": "associates",
    "AdditionalInformation": "additional_information",
    "GeneralRationaleforSanction": "reason",
    "DateofAdditionalSanction": "date_of_additional_sanction",
}


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read both sheets into one edition, which does not state its day.

    The sanctions of an entry are its facts `sanctions_imposed`, its status the fact
    `sanction_status`. Ids are made from the ministry's numbers.
    """
    sheets = read_sheets(LIST_CODE, content, (_NUMBER, _LISTED))
    for sheet in sheets:
        if not sheet.columns and _LISTING.search(sheet.title):
            note_unknown(sheet.title, "sheet without the columns", sheet.title, may_hide="name")
    rows = (row for sheet in sheets for row in sheet.rows if _is_entry(row))
    keyed = by_number(read_records(rows, _listing_of, _rescue))
    return one_edition(LIST_CODE, keyed, lacks="the workbook has no entries")


def _is_entry(row: Row[Cell]) -> bool:
    """Return whether a row is an entry, and not the sum below them."""
    return _printed(row, "Type").casefold() != _TOTAL


def _listing_of(row: Row[Cell]) -> Listing:
    number = _take(row, _NUMBER)
    kind = _type_of(row)
    name = _name_of(row)
    if not any(map(str.isalpha, name)):
        raise RowRefusedError(row.where, "the name is blank")
    countries, nationalities = _citizenships(row)
    address = " ".join(_find(row, "Address").split())
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(name, _aliases(row, is_person=kind == "person")),
        entity_type=kind,
        entry_id=number or None,
        addresses=(Address(text=address),) if address else (),
        countries=countries,
        identifiers=tuple(_identifiers(row)),
        listed_on=_day(row, _LISTED),
        facts=(*nationalities, *_status(row), *_imposed(row), *_facts(row)),
        source_url=_HOME,
    )
    row.close(ignore=("",), text_of=text_of)
    return listing


def _type_of(row: Row[Cell]) -> EntityType | None:
    printed = _find(row, "Type")
    if printed.casefold() in _TYPES:
        return _TYPES[printed.casefold()]
    if row.printed(_SHIP) is not None:
        return "vessel"
    note_unknown(row.where, "word in 'Type'", printed, may_hide="kind")
    return None


def _name_of(row: Row[Cell]) -> str:
    """Return the name; that of an entity stands in the column of first names."""
    parts = [_find(row, column) for column in _NAMES]
    name = " ".join(filter(None, parts))
    asset, ship = _find(row, _ASSET), _find(row, _SHIP)
    return name or asset or ship


def _aliases(row: Row[Cell], *, is_person: bool) -> Iterator[Name]:
    """Yield the names of a cell, between semicolons, lines or, of several words, commas."""
    for column in ("Alias/AlternateSpellings", "Alias/AlternateNames"):
        for text in filled(re.split(r"[;\n]", _find(row, column))):
            yield Name(text=text, kind="alias")
            parts = filled(text.split(",")) if is_person and "," in text else ()
            yield from (Name(text=part, kind="alias") for part in parts if " " in part)


def _citizenships(row: Row[Cell]) -> tuple[tuple[str, ...], tuple[Fact, ...]]:
    columns = ("Citizenship", "Citizenship2", "Citizenship3")
    printed = filled(_find(row, column) for column in columns)
    codes = dict.fromkeys(code for each in printed if (code := country_code(each)) is not None)
    return tuple(codes), tuple(Fact(kind="nationality", value=each) for each in printed)


def _identifiers(row: Row[Cell]) -> Iterator[Identifier]:
    for number in filled(_find(row, "PassportNumber").split(";")):
        yield Identifier(kind="passport", value=number)
    if imo := _find(row, _IMO):
        yield Identifier(kind="IMO number", value=imo)


def _status(row: Row[Cell]) -> Iterator[Fact]:
    """Yield the status, `Sanctioned` where none is printed; a deleted ship is removed."""
    printed = _find(row, "SanctionStatus")
    deleted = _is_yes(row, "RecordDeletedFlag")
    word = _STATUSES.get(printed.casefold())
    if printed and word is None:
        note_unknown(row.where, "word in 'Sanction Status'", printed, may_hide="status")
    value = "Removed" if deleted else (word or printed or "Sanctioned")
    yield Fact(kind="sanction_status", value=value)


def _imposed(row: Row[Cell]) -> Iterator[Fact]:
    is_ship = row.printed(_SHIP) is not None
    imposed = [words for column, words in _SANCTIONS.items() if _is_yes(row, column)]
    # The sheet of ships has no columns of sanctions: it lists those that may not enter ports.
    for words in imposed or (["Ship Ban"] if is_ship else []):
        yield Fact(kind="sanctions_imposed", value=words)


def _is_yes(row: Row[Cell], column: str) -> bool:
    printed = _find(row, column).casefold()
    if printed not in _YES | _NO:
        note_unknown(row.where, f"word in {column!r}", printed)
    return printed not in _NO


def _facts(row: Row[Cell]) -> Iterator[Fact]:
    born = _find(row, "DOB")
    if born:
        yield Fact(kind="date_of_birth", value=born)
    for column, kind in _TEXTS.items():
        if text := " ".join(_find(row, column).split()):
            yield Fact(kind=kind, value=text)


def _day(row: Row[Cell], column: str) -> date | None:
    printed = _take(row, column)
    return (read_day_first if "/" in printed else read_day)(row.where, column, printed)


def _take(row: Row[Cell], column: str) -> str:
    return text_of(row.take(column))


def _find(row: Row[Cell], column: str) -> str:
    return text_of(row.find(column))


def _printed(row: Row[Cell], column: str) -> str:
    return text_of(row.printed(column))


def _rescue(row: Row[Cell]) -> Rescued:
    name = " ".join(filter(None, (_printed(row, column) for column in _NAMES)))
    others = (_printed(row, column) for column in (_ASSET, _SHIP))
    return Rescued(
        list_code=LIST_CODE,
        names=filled((name, *others)),
        entry_id=_printed(row, _NUMBER) or None,
        entity_type=_TYPES.get(_printed(row, "Type").casefold()),
    )


def _is_register(file: GivenFile) -> bool:
    return is_workbook_with(file, ("General Rationale for Sanction", "Date of Sanction"))


FORMATS = (
    Format(
        word="nz_russia_xlsx",
        source=LIST_CODE,
        title="Russia-Sanctions-Register.xlsx",
        tells=_is_register,
        read=one_file(parse_workbook),
    ),
)
"""The format in which the ministry publishes the register."""
