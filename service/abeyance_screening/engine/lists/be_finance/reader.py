"""The reader of the Belgian consolidated list of financial sanctions, a CSV file.

The file holds the EU's list and Belgium's own, whose rows have `BE` under `Embargos`. A cell has
one value a line.

Source: https://sifi.minfin.fgov.be/public/api/consolidated-list
"""

import re
from collections.abc import Iterator
from datetime import date

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import EntityType, Fact, Identifier, Listing, Name
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

LIST_CODE = "be_finance"
COLUMNS = (
    "Lastname",
    "Firstname",
    "Middlename",
    "Wholename",
    "Gender",
    "Birth date",
    "Birth place",
    "Birth country",
    "Function",
    "Number",
    "Remark",
    "Embargos",
    "type",
    "Regulation",
    "Publication date",
    "Links",
)
_HOME = "https://finance.belgium.be/en/treasury/financial-sanctions"
_TYPES: dict[str, EntityType] = {"p": "person", "e": "organisation"}
# What Belgium itself has listed, by royal decree.
_NATIONAL = "BE"
_TEXTS = {
    "Gender": "gender",
    "Birth date": "date_of_birth",
    "Birth place": "place_of_birth",
    "Birth country": "country_of_birth",
    "Function": "function",
    "Remark": "remark",
}
# `0363464 (passport-National passport) (issued by X)`
_NUMBER = re.compile(r"(?P<value>[^()]++)\((?P<kind>[^()]++)\)\s*+(?P<note>.*)", re.DOTALL)
_DAY = re.compile(r"(\d{2})-(\d{2})-(\d{2})")
# The oldest list of the file carries out Resolution 1267 of 1999.
_FIRST_YEAR = 90


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the file as one edition, which does not state its day.

    The fact `listed_by` is `Belgium` for rows under `BE`, else `EU or UN`; the regulations are
    citations. Ids are made from the first name and the day and country of birth.
    """
    text = read_text(LIST_CODE, content)
    rows = read_rows(LIST_CODE, text, COLUMNS, delimiter=";")
    keyed = [(_key_of(row), listing) for row, listing in read_records(rows, _listing_of, _rescue)]
    return one_edition(LIST_CODE, keyed, lacks="the file has no rows")


def _key_of(row: Row[str]) -> str:
    names = _values(row.printed("Wholename") or row.printed("Lastname") or "")
    born = (row.printed("Birth date") or "", row.printed("Birth country") or "")
    return key_of_name(" ".join((*names[:1], *born)))


def _listing_of(row: Row[str]) -> Listing:
    whole = _values(row.take("Wholename"))
    parts = [_values(row.take(column)) for column in ("Firstname", "Middlename", "Lastname")]
    made = " ".join(each[0] for each in parts if each)
    names = whole or filled((made,))
    if not any(map(str.isalpha, " ".join(names))):
        raise RowRefusedError(row.where, "Wholename is blank")
    kind = row.take("type").strip()
    if kind.casefold() not in _TYPES:
        note_unknown(row.where, "word in 'type'", kind)
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(names[0], [Name(text=each, kind="alias") for each in names[1:]]),
        entity_type=_TYPES.get(kind.casefold()),
        identifiers=tuple(map(_identifier, _values(row.take("Number")))),
        citations=_values(row.take("Regulation")),
        listed_on=_listed_on(row),
        facts=(*_embargos(row), *_facts(row)),
        source_url=_HOME,
        information_url=next(iter(_values(row.take("Links"))), None),
    )
    row.close()
    return listing


def _values(cell: str) -> tuple[str, ...]:
    """Return the values of a cell, one a line; a backslash with an n is a misprinted space."""
    lines = cell.replace("\\n", " ").splitlines()
    return filled(" ".join(line.split()) for line in lines)


def _identifier(printed: str) -> Identifier:
    match = _NUMBER.fullmatch(printed)
    if match is None:
        return Identifier(kind="number", value=printed)
    return Identifier(
        kind=match["kind"], value=match["value"].rstrip(), note=match["note"] or None
    )


def _listed_on(row: Row[str]) -> date | None:
    """Return the first of the days of publication, printed `28-12-06`."""
    days = list[date]()
    for printed in _values(row.take("Publication date")):
        match = _DAY.fullmatch(printed)
        try:
            day, month, year = map(int, match.groups() if match else ())
            days.append(date(year + (1900 if year >= _FIRST_YEAR else 2000), month, day))
        except ValueError:
            note_unknown(row.where, "day in 'Publication date'", printed)
    return min(days, default=None)


def _embargos(row: Row[str]) -> Iterator[Fact]:
    embargos = _values(row.take("Embargos"))
    yield Fact(kind="listed_by", value="Belgium" if _NATIONAL in embargos else "EU or UN")
    yield from (Fact(kind="embargo", value=each) for each in embargos)


def _facts(row: Row[str]) -> Iterator[Fact]:
    for column, kind in _TEXTS.items():
        yield from (Fact(kind=kind, value=each) for each in _values(row.take(column)))


def _rescue(row: Row[str]) -> Rescued:
    whole = _values(row.printed("Wholename") or "")
    parts = [_values(row.printed(column) or "") for column in ("Firstname", "Lastname")]
    return Rescued(
        list_code=LIST_CODE,
        names=whole or filled((" ".join(each[0] for each in parts if each),)),
        entity_type=_TYPES.get((row.printed("type") or "").strip().casefold()),
    )


FORMATS = (
    Format(
        word="be_finance_csv",
        source=LIST_CODE,
        title="consolidated list, CSV",
        tells=lambda file: "Wholename" in file.head and "Embargos" in file.head,
        read=one_file(parse_csv),
    ),
)
"""The format in which the Belgian Treasury publishes the list."""
