"""Read OFSI's Consolidated List of Asset Freeze Targets, closed on 28 January 2026.

Its files have the layouts of 2020 and since 2022, and are read row by row.

Source: https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest

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
from abeyance_screening.engine.lists.reading.days import read_day_first
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names, tidy
from abeyance_screening.engine.lists.reading.notes import Rescued, note_unknown, read_records
from abeyance_screening.engine.lists.reading.records import filled, key_of_number, one_edition
from abeyance_screening.engine.lists.reading.tables import is_workbook_with
from abeyance_screening.engine.lists.reading.texts import filled_numbered, split_numbered
from abeyance_screening.engine.lists.retired.uk_ofsi.layouts import (
    FIRST_WORDS,
    LINES,
    PARTS,
    LayoutRow,
    PrintedRow,
    read_csv,
    read_workbook,
)
from abeyance_screening.primitives.errors import RowRefusedError

__all__ = ["FORMATS", "LIST_CODE", "parse_csv", "parse_workbook"]


# --- Groups of rows, turned into listings.


# --- Passports and national numbers, with remarks in separate cells.

# The layout of 2020 has the number in the text: `No: 592667 (Qatari passport …)`,
# `S335026 (False Indonesian)`, `Ration card no. 1729765`.
_NUMBER_IN_TEXT = re.compile(
    r"(?P<before>(?:[A-Za-z. ]{0,60}\b)?(?:[Pp]assport|[Nn]o|[Nn]umber)s?\b[.:]*\s*)?"
    r"(?P<number>[A-Z]{0,4}[ /-]?\d[\dA-Z/.-]{2,}[\dA-Z])[.,;:]*\s*(?P<after>(?:[A-Za-z(].*)?)",
    re.DOTALL,
)


# --- Rows, each with one name, date of birth and address of a group.


class GroupRecord(msgspec.Struct, frozen=True):
    """The rows with one Group ID, or one row that has none."""

    group_id: str
    rows: tuple[PrintedRow, ...]


class TargetRow(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of one row, trimmed; "" where a cell is blank or its layout lacks the column.

    `passport` and `national_id` are a number and the remark on it. The layout of 2020 prints both
    in one text, which is the second item.
    """

    where: str
    group_id: str
    group_type: str
    parts: tuple[str, ...]
    alias_type: str
    alias_quality: str
    non_latin: tuple[str, str, str]
    title: str
    date_of_birth: str
    birthplace: tuple[str, str]
    nationality: str
    passport: tuple[str, str]
    national_id: tuple[str, str]
    position: str
    lines: tuple[str, ...]
    postal_code: str
    country: str
    other_information: str
    regime: str
    listed_on: str
    designated_on: str
    last_updated: str


# --- Remarks: since 2022, `Other Information` holds labelled texts one after another.

# The labels, printed in brackets with a colon; anything else in brackets is part of a text.
# A reference is one word (`INU0082 and SYR0310` are two); the text after it is the remark.
_REFERENCES = {"UK Sanctions List Ref": "uk_sanctions_list_ref", "UN Ref": "un_reference_number"}
_TEXTS = {
    "UK Statement of Reasons": "statement_of_reasons",
    "Gender": "gender",
    "Phone number": "phone_number",
    "Email address": "email_address",
    "Website": "website",
    "Fax": "fax",
    "Type of entity": "type_of_entity",
    "Parent company": "parent_company",
    "Subsidiaries": "subsidiary",
    "Business Reg No": "business_reg_no",
    "IMO number": "imo_number",
    "Current owners": "current_owner",
    "Previous owners": "previous_owner",
    "Flag of ship": "current_flag",
    "Previous flags": "previous_flag",
    "Type of ship": "type_of_ship",
    "Tonnage of ship": "tonnage",
    "Length of ship": "length",
    "Year built": "year_built",
    "Hull number": "hull_number",
}
_REFERENCE = re.compile(r"(\S+)(?:\s+(?:and|&)\s+([A-Z]{2,3}[a-z]?\.?\d\S*))?\s*")
_NAME = re.compile(rf"\(({'|'.join(map(re.escape, (*_REFERENCES, *_TEXTS)))})\):?\s*:\s*")


class OfsiRemark(msgspec.Struct, frozen=True):
    """A remark, never blank; `kind` is the kind of its fact, or "" for a text without a label."""

    kind: str
    text: str


# --- Listings: one for the rows with the same Group ID.

LIST_CODE = "uk_ofsi"
INFORMATION_URL = (
    "https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets"
)

_ENTITY_TYPES: dict[str, EntityType] = {
    "Individual": "person",
    "Entity": "organisation",
    "Ship": "vessel",
}
_NAME_KINDS: dict[str, NameKind] = {
    "Prime Alias": "primary",
    "Primary name": "primary",
    "Primary name variation": "alias",
    "AKA": "alias",
    "FKA": "former",
}
_QUALITIES: dict[str, NameKind | None] = {
    "Good quality": None,
    "Low quality": "weak_alias",
    "": None,
}
# All seventeen are listed for acts in the Democratic Republic of the Congo.
_NATIONS = {"Congolese": "CD"}
_CODE_LENGTH = 2
_NON_LATIN = "non-Latin script"
# The remarks that are issued numbers.
_NUMBERS = {
    "imo_number": "IMO number",
    "business_reg_no": "Business Reg No",
    "hull_number": "Hull number",
}

_HEADER_SIGNS = ("Group ID", "Alias Type", "Group Type")


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in `ConList.csv`, in the layout of 2020 or since 2022.

    Its day is that in the first row; ids are made from the Group ID. A file cut between two
    records cannot be distinguished from a whole one; every other cut is refused.

    Raises:
        ListRefusedError: the file as a whole is not what OFSI published.
        RowRefusedError: a row cannot be read, and nobody takes notes; its place is
            `line 12, group 6897`.
    """
    return _edition(*read_csv(LIST_CODE, content))


def parse_workbook(content: bytes) -> tuple[ParsedEdition, ...]:
    """Return the one edition in `ConList.xlsx`, in the layout since 2022.

    Its day is that in the first row; ids are made from the Group ID.

    Raises:
        ListRefusedError: not readable as a workbook, or not what OFSI published.
        RowRefusedError: a row cannot be read, and nobody takes notes; its place is
            `row 12, group 6897`.
    """
    return _edition(*read_workbook(LIST_CODE, content))


def group_of(record: GroupRecord) -> Listing:
    """Return the listing of a group; its id is "" until `give_ids` sets it."""
    return listing_of([entry_of(row.read()) for row in record.rows])


def rescue(record: GroupRecord) -> Rescued:
    """Return a group that cannot be read, by what its rows print of names."""
    rows = record.rows
    types = filled(row.cell("Group Type") for row in rows)
    latin = (_full(tuple(map(row.cell, PARTS))) for row in rows)
    return Rescued(
        names=(*latin, *(row.cell("Name Non-Latin Script") for row in rows)),
        list_code=LIST_CODE,
        entry_id=record.group_id or None,
        entity_type=_ENTITY_TYPES.get(types[0]) if len(types) == 1 else None,
        programmes=filled(row.cell("Regime") for row in rows),
    )


def entry_of(record: LayoutRow) -> TargetRow:
    """Return the row with its cells by field."""
    cell = record.cell
    group_id = cell("Group ID")
    if not group_id:
        raise RowRefusedError(record.where, "Group ID is blank")
    entry = _entry(f"{record.where}, group {group_id}", group_id, cell)
    record.close()
    return entry


def listing_of(entries: Sequence[TargetRow]) -> Listing:
    """Return the listing of a group's rows; its id is "" until `give_ids` sets it.

    The regimes are the programmes; `listed_on` is the earliest day if there are several.
    `countries` are those of the addresses and nationalities.
    """
    addresses = tuple(dict.fromkeys(filter(None, map(_address, entries))))
    nationalities = _items(entry.nationality for entry in entries)
    codes = [*(address.country for address in addresses), *map(_nation, nationalities)]
    remarks = _remarks(entries)
    documents = _documents(entries)
    days = [read_day_first(entry.where, "Listed On", entry.listed_on) for entry in entries]
    numbers = (_number(kind, text) for kind, text in remarks if kind in _NUMBERS)
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=_names(entries),
        entity_type=_entity_type(entries),
        entry_id=entries[0].group_id,
        addresses=addresses,
        countries=tuple(dict.fromkeys(filter(None, codes))),
        identifiers=(*(each for each in documents if isinstance(each, Identifier)), *numbers),
        programmes=filled(entry.regime for entry in entries),
        listed_on=min(filter(None, days), default=None),
        remarks="\n".join(text for kind, text in remarks if not kind) or None,
        facts=(
            *_facts(entries, nationalities),
            *(each for each in documents if isinstance(each, Fact)),
            *(
                Fact(kind=kind, value=text)
                for kind, text in remarks
                if kind not in {"", *_NUMBERS}
            ),
        ),
        information_url=INFORMATION_URL,
    )


def read_remarks(printed: str) -> Iterator[OfsiRemark]:
    """Yield the remarks in printed order; a text of 2020 has no labels and is one remark."""
    place, kind = 0, ""
    for name in [*_NAME.finditer(printed), None]:
        end = len(printed) if name is None else name.start()
        yield from _remarks_under(kind, " ".join(printed[place:end].split()))
        if name is not None:
            place, kind = name.end(), name[1]


def read_documents(kind: str, numbers: str, details: str) -> Iterator[Identifier | Fact]:
    """Yield the documents in one pair of cells, each number with the remark on it.

    Where the two cells number their contents differently, or there are no numbers, nothing is
    paired: the remarks become facts.
    """
    values, notes = split_numbered(numbers), split_numbered(details)
    if not values:
        yield from _from_texts(kind, notes)
        return
    paired = len(values) == len(notes)
    for value, note in zip(values, notes if paired else [""] * len(values), strict=True):
        if value:
            yield Identifier(kind=kind, value=value.rstrip("."), note=note or None)
        elif note:
            yield Fact(kind="document", value=f"{kind}: {note}")
    if not paired:
        yield from (Fact(kind="document", value=f"{kind}: {note}") for note in notes if note)


def _edition(published_on: date, rows: Iterable[PrintedRow]) -> tuple[ParsedEdition, ...]:
    groups = dict[str, list[PrintedRow]]()
    for row in rows:
        groups.setdefault(row.cell("Group ID") or row.where, []).append(row)
    records = (GroupRecord(rows[0].cell("Group ID"), tuple(rows)) for rows in groups.values())
    keyed = [
        (key_of_number(listing.entry_id or listing.primary_name), listing)
        for _, listing in read_records(records, group_of, rescue)
    ]
    return one_edition(LIST_CODE, keyed, published_on)


def _entry(where: str, group_id: str, cell: Callable[[str], str]) -> TargetRow:
    return TargetRow(
        where=where,
        group_id=group_id,
        group_type=cell("Group Type"),
        parts=tuple(cell(part) for part in PARTS),
        alias_type=cell("Alias Type"),
        alias_quality=cell("Alias Quality"),
        non_latin=(
            cell("Name Non-Latin Script"),
            cell("Non-Latin Script Type"),
            cell("Non-Latin Script Language"),
        ),
        title=cell("Title"),
        date_of_birth=cell("DOB"),
        birthplace=(cell("Town of Birth"), cell("Country of Birth")),
        nationality=cell("Nationality"),
        passport=(cell("Passport Number"), cell("Passport Details")),
        national_id=(
            cell("National Identification Number"),
            cell("NI Number") or cell("National Identification Details"),
        ),
        position=cell("Position"),
        lines=tuple(cell(line) for line in LINES),
        postal_code=cell("Post/Zip Code"),
        country=cell("Country"),
        other_information=cell("Other Information"),
        regime=cell("Regime"),
        listed_on=cell("Listed On"),
        designated_on=cell("UK Sanctions List Date Designated"),
        last_updated=cell("Last Updated"),
    )


def _address(entry: TargetRow) -> Address | None:
    *street, city = (" ".join(line.split()).strip(" ,") for line in entry.lines)
    street_line = ", ".join(filter(None, street))
    text = ", ".join(filter(None, (street_line, city, entry.postal_code, entry.country)))
    if not text:
        return None
    # in 2020 the last line of an address often ends in its country, `Pyongyang, DPRK.`
    last = text.rpartition(",")[2].strip(" .")
    country = entry.country or (last if len(last) > _CODE_LENGTH else "")
    return Address(
        text=" ".join(text.split()),
        street=street_line or None,
        city=city or None,
        postal_code=entry.postal_code or None,
        country=country_code(country),
    )


def _items(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the items of numbered cells, without repeats."""
    return filled(thing for cell in dict.fromkeys(cells) for thing in filled_numbered(cell))


def _nation(printed: str) -> str | None:
    return _NATIONS.get(printed) or country_code(printed)


def _remarks(entries: Sequence[TargetRow]) -> list[tuple[str, str]]:
    """Return the remarks as kind and text, without repeats; the kind is "" without a label."""
    found = dict[tuple[str, str], None]()
    for printed in dict.fromkeys(entry.other_information for entry in entries):
        for remark in read_remarks(printed):
            # a statement of reasons may number its points, and is kept whole
            whole = remark.kind in {"", "statement_of_reasons"}
            texts = [remark.text] if whole else filled_numbered(remark.text)
            found.update(((remark.kind, text), None) for text in texts)
    return list(found)


def _documents(entries: Sequence[TargetRow]) -> list[Identifier | Fact]:
    found = dict[Identifier | Fact, None]()
    for kind, pairs in (
        ("Passport", (entry.passport for entry in entries)),
        ("National Identification", (entry.national_id for entry in entries)),
    ):
        for numbers, details in dict.fromkeys(pairs):
            found.update((each, None) for each in read_documents(kind, numbers, details))
    return list(found)


def _number(kind: str, text: str) -> Identifier:
    return Identifier(kind=_NUMBERS[kind], value=text)


def _names(entries: Sequence[TargetRow]) -> tuple[Name, ...]:
    """Return the names, the primary name first.

    Where no name has the type primary, the first one is used; a second primary name is an alias.
    """
    named = [
        Name(text=text, kind=_kind(entry)) for entry in entries if (text := _full(entry.parts))
    ]
    if not named:
        raise RowRefusedError(entries[0].where, "the group has no name")
    for entry in entries:
        if not _full(entry.parts):
            note_unknown(entry.where, "name of a row", "blank", may_hide="name")
    primary = next((name for name in named if name.kind == "primary"), named[0])
    others = (
        Name(text=name.text, kind="alias" if name.kind == "primary" else name.kind)
        for name in dict.fromkeys(named)
        if name != primary
    )
    return collect_names(primary.text, [*others, *_non_latin(entries)])


def _kind(entry: TargetRow) -> NameKind:
    kind = _NAME_KINDS.get(entry.alias_type)
    if kind is None:
        note_unknown(entry.where, "Alias Type", entry.alias_type or "blank")
    if entry.alias_quality not in _QUALITIES:
        note_unknown(entry.where, "Alias Quality", entry.alias_quality)
    return kind if kind == "primary" else _QUALITIES.get(entry.alias_quality) or kind or "alias"


def _full(parts: tuple[str, ...]) -> str:
    """Return `Joseph KONY` for `KONY` in Name 6 and `Joseph` in Name 1."""
    return " ".join(" ".join(parts).split()).strip(" ;,")


def _non_latin(entries: Sequence[TargetRow]) -> Iterator[Name]:
    for printed, script, language in dict.fromkeys(entry.non_latin for entry in entries):
        words = ", ".join(filter(None, (script, language)))
        # one Arabic name of 2022 begins with a comma
        if text := tidy(printed).strip("\u060c,. "):
            yield Name(text=text, kind="alias", language=words or _NON_LATIN)


def _entity_type(entries: Sequence[TargetRow]) -> EntityType | None:
    """Return the type that the rows agree on, None where it is unknown or they do not."""
    printed = " and ".join(dict.fromkeys(entry.group_type or "blank" for entry in entries))
    if printed not in _ENTITY_TYPES:
        note_unknown(entries[0].where, "Group Type", printed, may_hide="kind")
    return _ENTITY_TYPES.get(printed)


def _facts(entries: Sequence[TargetRow], nationalities: tuple[str, ...]) -> Iterator[Fact]:
    printed = {
        "title": _items(entry.title for entry in entries),
        "date_of_birth": filled(entry.date_of_birth for entry in entries),
        "place_of_birth": tuple(_birthplaces(entries)),
        "nationality": nationalities,
        "position": _items(entry.position for entry in entries),
        "listed_under": _listings(entries),
        "designated_on": filled(entry.designated_on for entry in entries),
        "last_updated": filled(entry.last_updated for entry in entries),
    }
    for kind, values in printed.items():
        yield from (Fact(kind=kind, value=value) for value in values)


def _birthplaces(entries: Sequence[TargetRow]) -> Iterator[str]:
    """Return towns with their countries, paired by number; a country without a town is alone."""
    found = dict[str, None]()
    for towns, countries in dict.fromkeys(entry.birthplace for entry in entries):
        pairs = zip_longest(split_numbered(towns), split_numbered(countries), fillvalue="")
        found.update((", ".join(filter(None, pair)), None) for pair in pairs)
    yield from filled(found)


def _listings(entries: Sequence[TargetRow]) -> tuple[str, ...]:
    """Return each regime with its day, where a group is listed under several."""
    found = dict.fromkeys((entry.regime, entry.listed_on) for entry in entries)
    return tuple(f"{regime}: {day}" for regime, day in found) if len(found) > 1 else ()


def _remarks_under(name: str, text: str) -> Iterator[OfsiRemark]:
    if not text:
        return
    if name in _REFERENCES:
        match = _REFERENCE.match(text)
        for reference in filter(None, match.groups() if match else ()):
            yield OfsiRemark(_REFERENCES[name], reference.rstrip(".,;"))
        yield from _remarks_under("", text[match.end() if match else 0 :])
    else:
        yield OfsiRemark(_TEXTS.get(name, ""), text)


def _from_texts(kind: str, texts: list[str]) -> Iterator[Identifier | Fact]:
    for text in filter(None, texts):
        match = _NUMBER_IN_TEXT.fullmatch(text)
        if match is None:
            yield Fact(kind="document", value=f"{kind}: {text}")
        else:
            remarks = (match["before"] or "", match["after"])
            note = " ".join(part.strip() for part in remarks if part.strip(" .:"))
            yield Identifier(kind=kind, value=match["number"].strip(), note=note or None)


def _is_csv(file: GivenFile) -> bool:
    first, second, *_ = [*file.head.replace('"', "").splitlines(), "", ""]
    return first.startswith(f"{FIRST_WORDS},") or any(
        word in first + second for word in _HEADER_SIGNS
    )


def _is_workbook(file: GivenFile) -> bool:
    return is_workbook_with(file, _HEADER_SIGNS)


FORMATS = (
    Format(
        word="ofsi_csv",
        source=LIST_CODE,
        title="ConList.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
    Format(
        word="ofsi_xlsx",
        source=LIST_CODE,
        title="ConList.xlsx",
        tells=_is_workbook,
        read=one_file(parse_workbook),
    ),
)
"""The formats that the Office of Financial Sanctions Implementation published."""
