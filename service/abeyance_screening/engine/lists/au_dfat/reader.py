"""Read the Australian Sanctions Consolidated List, a workbook.

Source: https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NoReturn

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.days import find_day
from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, is_latin, tidy
from abeyance_screening.engine.lists.reading.records import Row, by_number, filled, one_edition
from abeyance_screening.engine.lists.reading.tables import (
    Cell,
    is_workbook_with,
    read_sheet,
    text_of,
)
from abeyance_screening.engine.lists.reading.texts import (
    filled_numbered,
    line_of,
    refuse_other_files,
)
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- Names, some of them followed by a remark in brackets.

_TYPES = frozenset({"Primary Name", "Alias", "Original Script"})
_STRENGTHS: dict[str, NameKind] = {"Strong": "alias", "Weak": "weak_alias", "": "alias"}
_SCRIPT = "original script"
# `Yassin Sywal (formerly listed as)`, `Merai Zoghbai (previously listed as, in Arabic: …)`.
_FORMER_AFTER = re.compile(
    r"(?!(?<=\s)\s)\s*+\((?:previously|formerly) listed as"
    r"(?:[.,]\s*+in (?P<language>[A-Za-z]++):\s*+(?P<text>(?:[^\s)]++|\)(?!$)|\s++(?!\)$))*+))?"
    r"\s*+\)$",
    re.IGNORECASE,
)
_FORMER_BEFORE = re.compile(r"^(?:formerly|previously) known as:?\s+", re.IGNORECASE)
# `Previous names include LEFKADA`: the only place where a ship's earlier name stands.
_FORMER_REMARK = re.compile(r"^Previous names? includes?:? +(?P<names>\S.*)$", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"(?:(?<! ) +)?[,;] *|(?<! ) +and +")
# `ኤርሚኣስ ግርማይ (Tigrinya)`: a name in another script, followed by its language.
_LANGUAGE_AFTER = re.compile(r"(?P<text>.*\S)\s*\((?P<language>[A-Z][a-z]+)\)")


# --- Countries and addresses: several in one cell, the country at the end of an address.

_SEPARATOR = re.compile(r"[,;:/]")
# No country's name has more words than `United Kingdom of Great Britain and Northern Ireland`.
_LONGEST_COUNTRY = 8
# A remark in brackets or a postal code after the country.
_AFTER_COUNTRY = re.compile(r"(?<![\s,])[\s,]*+(?:\([^()]*+\)|\d{5,6})[\s.,;]*+$")
# These before the last words of an address mean that two countries are named, or that the words
# are the end of another country's name (`Sudan/South Sudan`).
_JOINS = re.compile(r"^(?:and|or)$|/[A-Za-z]", re.IGNORECASE)


# --- Subjects: the rows 8785, 8785a, 8785b and so on are one of them.

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

_REFERENCE = re.compile(r"(?P<number>\d+)(?P<rest>.*)", re.DOTALL)
_LETTERS = re.compile(r"[a-z]*")
_ENTITY_TYPES: dict[str, EntityType] = {
    "Individual": "person",
    "Entity": "organisation",
    "Vessel": "vessel",
}
# The column of instruments also holds days and `Listed on: 30 Nov. 2016`.
_ACT = re.compile(r"Instrument|Regulation|\bAct\b|Designation|Sanctions|\bList 20\d\d")
_DAY = r"(?P<day>\d{1,2} ?[A-Z][a-z]{2,8}\.? ?\d{4}|\d{1,2}/\d{1,2}/\d{4})"
# How a text begins that gives the day on which the subject was first listed. A text that begins
# with an instrument gives none; a day further on is that of an amendment.
_LISTED = re.compile(
    r"(?:(?:UN Reference Number:? \S+ |Resolution \d+ \(\d{4}\) )?"
    r"(?:First )?listed(?: by [^()]{3,60}?)?(?: on)?:? ?"
    r"|Designated under the Autonomous Sanctions Regulations 2011 on "
    r"|The Minister for Foreign Affairs listed this (?:entity|individual|person) on |)" + _DAY,
    re.IGNORECASE,
)


class DfatRecord(msgspec.Struct, frozen=True):
    """The rows of one subject, which are not read yet; its number is "" if none can be told."""

    number: str
    rows: tuple[Row[Cell], ...]


class SubjectRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row, which is one name of a subject; `number` is the digits of its reference.

    Texts are trimmed, "" where a cell is blank, and days are written `1963-01-31`.
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


_HEADER_SIGNS = ("Name of Individual or Entity", "Instrument of Designation", *MEASURES)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in the workbook, which does not state its publication day.

    Ids are made from the digits of the reference, which DFAT does not change.
    """
    if not content.startswith(b"PK"):
        refuse_other_files(LIST_CODE, content)
    subjects = dict[str, list[Row[Cell]]]()
    for row in read_sheet(LIST_CODE, content, COLUMNS):
        subjects.setdefault(_number_of(row) or row.where, []).append(row)
    records = (DfatRecord(_number_of(rows[0]), tuple(rows)) for rows in subjects.values())
    keyed = by_number(read_records(records, subject_of, rescue))
    return one_edition(LIST_CODE, keyed, lacks="the workbook has no entries")


def refuse_old_workbook(_content: bytes) -> NoReturn:
    """Refuse the old .xls format of the list."""
    reason = (
        "the file is an old .xls workbook, which DFAT no longer publishes; "
        "load Australian_Sanctions_Consolidated_List.xlsx"
    )
    raise ListRefusedError(LIST_CODE, reason)


def subject_of(record: DfatRecord) -> Listing:
    """Return the listing of a subject; its id is "" until `give_ids` sets it."""
    return listing_of([entry_of(row) for row in record.rows])


def rescue(record: DfatRecord) -> Rescued:
    """Return a subject that cannot be read, by its names without and with their remarks."""
    rows = record.rows
    printed = [_printed(row, "Name of Individual or Entity") for row in rows]
    names = [name.text for text in printed for name in _printed_names(text, "alias", None)]
    types = filled(_printed(row, "Type") for row in rows)
    return Rescued(
        names=(*names, *printed),
        list_code=LIST_CODE,
        entry_id=record.number or None,
        entity_type=_ENTITY_TYPES.get(types[0]) if len(types) == 1 else None,
        programmes=filled(_printed(row, "Committees") for row in rows),
    )


def entry_of(row: Row[Cell]) -> SubjectRow:
    """Read one row of the sheet by column name."""
    reference = text_of(row.take("Reference"))
    where = f"{row.where}, reference {reference or '?'}"
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise RowRefusedError(where, "a reference is a number and letters: 8785a")
    if _LETTERS.fullmatch(match["rest"]) is None:
        note_unknown(where, "form of 'Reference'", reference)
    name_type, strength = text_of(row.take("Name Type")), text_of(row.take("Alias Strength"))
    check_kind(where, name_type, strength)
    entry = SubjectRow(
        where=where,
        number=match["number"],
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
    if entry.type and entry.type not in _ENTITY_TYPES:
        note_unknown(where, "Type", entry.type, may_hide="kind")
    return entry


def check_kind(where: str, name_type: str, strength: str) -> None:
    """Note a name type or an alias strength that the list has not had before."""
    if name_type not in _TYPES:
        note_unknown(where, "Name Type", name_type or "blank")
    if strength not in _STRENGTHS:
        note_unknown(where, "Alias Strength", strength)


def listing_of(entries: Sequence[SubjectRow]) -> Listing:
    """Return the listing for the rows of one subject; its id is "" until `give_ids` sets it.

    The committees are the programmes, the instruments the citations. `listed_on` is the day that
    the listing information begins with, if there is one. `countries` are those of the addresses
    and citizenships.
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
    instruments = filled(line_of(entry.instrument) for entry in entries)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=names_of(_named(entries), _names_remarked(entries)),
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
        remarks="\n".join(filled(line_of(entry.information) for entry in entries)) or None,
        facts=tuple(_facts(entries, citizenships, instruments)),
        information_url=INFORMATION_URL,
    )


def addresses_of(printed: str) -> Iterator[Address]:
    """Yield the addresses of `a) Garabulli, Libya b) Zawiya, Libya`, each on one line.

    A semicolon separates addresses only where each of them ends in its country, because remarks
    are also separated by semicolons.
    """
    for part in filled_numbered(printed):
        pieces = [Address(text=text, country=_country_at_end(text)) for text in _lines(part)]
        if len(pieces) > 1 and not all(piece.country for piece in pieces):
            text = _address_line(part)
            pieces = [Address(text=text, country=_country_at_end(text))]
        yield from pieces


def countries_of(printed: str) -> Iterator[str]:
    """Yield the ISO alpha-2 codes of the countries in one cell, in printed order.

    Cells read `Somalia; Sweden`, `a) Sudan b) South Sudan` or `Congo, Republic of the`. A text
    that names no present-day country is left out.
    """
    for part in filled_numbered(printed):
        whole = country_code(part)
        codes = [whole] if whole else map(country_code, _SEPARATOR.split(part))
        yield from filter(None, codes)


def names_of(
    printed: Iterable[tuple[str, str, str]], remarked: Iterable[Name] = ()
) -> tuple[Name, ...]:
    """Return the names of one subject, the primary name first, those of its remarks last.

    `printed` holds the text, type and strength of each name. Where no row has the type `Primary
    Name`, the first row is the primary name; a second primary name is an alias.
    """
    rows = list(printed)
    primary = next((row for row in rows if row[1] == "Primary Name"), rows[0])
    first, *former = _printed_names(primary[0], "alias", None)
    others = [name for row in rows if row is not primary for name in _names_of_row(*row)]
    return collect_names(first.text, [*former, *others, *remarked])


def _names_remarked(entries: Iterable[SubjectRow]) -> Iterator[Name]:
    """Yield the earlier names of a ship, which are printed among its information alone."""
    for text in filled(line_of(entry.information) for entry in entries):
        earlier = _FORMER_REMARK.match(text)
        if earlier is not None:
            for name in _BETWEEN_NAMES.split(earlier["names"].rstrip(" .")):
                yield Name(text=name, kind="former")


def _number_of(row: Row[Cell]) -> str:
    match = _REFERENCE.match(_printed(row, "Reference"))
    return "" if match is None else match["number"]


def _printed(row: Row[Cell], column: str) -> str:
    return text_of(row.printed(column))


def _control_date(where: str, cell: Cell) -> str:
    if cell is not None and not isinstance(cell, datetime):
        note_unknown(where, "day in 'Control Date'", text_of(cell))
    return text_of(cell)


def _measures(where: str, row: Row[Cell]) -> Iterator[str]:
    """Yield the measures that apply; a word that is neither TRUE nor FALSE counts as TRUE."""
    for measure in MEASURES:
        applies = row.take(measure)
        if not isinstance(applies, bool):
            what = f"word in {measure!r}"
            note_unknown(where, what, text_of(applies) or "blank")
        if applies is not False:
            yield measure


def _named(entries: Sequence[SubjectRow]) -> list[tuple[str, str, str]]:
    """Return the text, type and strength of each name, and note the rows without one."""
    if not any(entry.name for entry in entries):
        raise RowRefusedError(entries[0].where, "the name is blank")
    for entry in entries:
        if not entry.name:
            note_unknown(entry.where, "name of a row", "blank", may_hide="name")
    return [(entry.name, entry.name_type, entry.strength) for entry in entries if entry.name]


def _entity_type(entries: Sequence[SubjectRow]) -> EntityType | None:
    """Return the type that the rows agree on; one in ten thousand leaves it blank."""
    types = [text for text in filled(entry.type for entry in entries) if text in _ENTITY_TYPES]
    if len(types) > 1:
        what = "Type, which differs between the rows of one subject"
        note_unknown(entries[0].where, what, " and ".join(types), may_hide="kind")
    return _ENTITY_TYPES[types[0]] if len(types) == 1 else None


def _listed_on(entries: Iterable[SubjectRow]) -> date | None:
    """Return the earliest day that the listing information of any row begins with."""
    days = map(_first_day, filled(line_of(entry.listing) for entry in entries))
    return min(filter(None, days), default=None)


def _first_day(text: str) -> date | None:
    day = find_day(text)
    match = _LISTED.match(text)
    if day is not None or match is None:
        return day
    printed = match["day"].replace(".", "")
    if "/" in printed:
        number, month, year = printed.split("/")
        return find_day(f"{year}-{month:0>2}-{number:0>2}")
    return find_day(re.sub(r"(?<=\d) ?(?=[A-Z])|(?<=[a-z]) ?(?=\d)", " ", printed))


def _facts(
    entries: Sequence[SubjectRow], citizenships: Iterable[str], instruments: Iterable[str]
) -> Iterator[Fact]:
    births = filled(line_of(entry.births) for entry in entries)
    places = filled(
        line_of(place) for entry in entries for place in filled_numbered(entry.birthplaces)
    )
    printed = {
        "date_of_birth": births,
        "place_of_birth": places,
        "citizenship": filled(map(line_of, citizenships)),
        "listing_information": filled(line_of(entry.listing) for entry in entries),
        "control_date": filled(entry.control_date for entry in entries),
        "designation": tuple(text for text in instruments if not _ACT.search(text)),
        "measure": filled(measure for entry in entries for measure in entry.measures),
    }
    for kind, values in printed.items():
        yield from (Fact(kind=kind, value=value) for value in values)


def _country_at_end(text: str) -> str | None:
    """Return the country that an address ends in, before a remark or a postal code."""
    bare = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    words = _AFTER_COUNTRY.sub("", bare).strip(" .,;").split()
    for count in range(min(_LONGEST_COUNTRY, len(words)), 0, -1):
        before, last = words[:-count], " ".join(words[-count:])
        code = country_code(last) if len(last) > len("XX") or last == "UK" else None
        if code is not None:
            return None if before and _JOINS.search(before[-1]) else code
    return None


def _lines(part: str) -> list[str]:
    return [line for piece in part.split(";") if (line := _address_line(piece))]


def _address_line(text: str) -> str:
    return " ".join(text.split()).strip(" ,;")


def _printed_names(printed: str, kind: NameKind, language: str | None) -> Iterator[Name]:
    text = " ".join(tidy(printed.replace("\xa0", " ")).split()).strip(" ;,")
    bare = _FORMER_BEFORE.sub("", text)
    former = _FORMER_AFTER.search(bare)
    if former is not None:
        bare = bare[: former.start()]
    kind = "former" if bare != text else kind
    labelled = _LANGUAGE_AFTER.fullmatch(bare)
    if labelled is not None and not is_latin(labelled["text"]):
        bare, language = labelled["text"], labelled["language"]
    yield Name(text=bare, kind=kind, language=language)
    if former is not None and former["text"]:
        yield Name(text=former["text"], kind="former", language=former["language"])


def _names_of_row(text: str, name_type: str, strength: str) -> Iterator[Name]:
    yield from _printed_names(
        text, _STRENGTHS.get(strength, "alias"), _SCRIPT if name_type == _SCRIPT.title() else None
    )


FORMATS = (
    Format(
        word="dfat_xlsx",
        source=LIST_CODE,
        title="Australian_Sanctions_Consolidated_List.xlsx",
        tells=lambda file: is_workbook_with(file, _HEADER_SIGNS),
        read=one_file(parse_workbook),
    ),
    Format(
        word="dfat_xls",
        source=LIST_CODE,
        title="regulation8_consolidated.xls (refused)",
        tells=lambda file: file.content.startswith(_OLD_OFFICE),
        read=one_file(refuse_old_workbook),
    ),
)
"""The formats that the Department of Foreign Affairs and Trade publishes or has published."""
