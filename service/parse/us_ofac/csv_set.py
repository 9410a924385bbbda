"""OFAC's CSV files of one day joined into parties."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from service.model.edition import ParsedEdition
from service.model.errors import ListRefusedError, RowRefusedError
from service.model.listing import Address, Name
from service.parse.countries import country_code
from service.parse.files import GivenFile
from service.parse.rows import Row
from service.parse.us_ofac.csv_tables import (
    ADDRESSES,
    ALIASES,
    COMMENTS,
    PRIMARY,
    Table,
    TableKind,
    read_table,
    split_programmes,
)
from service.parse.us_ofac.lists import SDN
from service.parse.us_ofac.parties import (
    Party,
    alias_kind,
    editions_of,
    entity_type,
    lists_of_programmes,
)
from service.parse.us_ofac.remarks import is_cut, read_remark
from service.parse.us_ofac.said import Said

# What the primary file prints for everything that is no person, vessel or aircraft: nothing.
_ENTITY = "entity"
_SHOWN = 5
_COLUMNS = (
    ("Title", "Title"),
    ("Call_Sign", "Vessel Call Sign"),
    ("Vess_type", "VESSEL TYPE"),
    ("Tonnage", "Vessel Tonnage"),
    ("GRT", "Vessel Gross Registered Tonnage"),
    ("Vess_flag", "Vessel Flag"),
    ("Vess_owner", "Vessel Owner"),
)


class _Others(msgspec.Struct, frozen=True):
    """What stands of a party in the files beside the primary one, by its number.

    `are_given` False: there are none but COMMENTS.
    """

    are_given: bool
    names: dict[str, list[Name]]
    said: dict[str, list[Said]]
    addresses: dict[str, list[Address]]
    comments: dict[str, str] | None


def read_csv(source: str, files: Sequence[GivenFile]) -> tuple[ParsedEdition, ...]:
    """The primary file, with ALT, ADD and COMMENTS where they are given; none prints a day.

    The non-SDN lists need ALT and ADD too; the SDN List is read without both, never without one:
    nothing in the primary file shows that names or addresses are missing. Without both, and
    without COMMENTS, the remarks longer than 1,000 characters stay cut, as OFAC prints them; a
    set needs COMMENTS, because three weak aliases of 2021 stand in nothing else.

    Raises:
        ListRefusedError: a file is cut or malformed, one is there twice or missing, or one has
            rows of parties that the primary one does not have.
        RowRefusedError: a row cannot be read; its place is the party's number.
    """
    tables = dict[TableKind, Table]()
    for file in files:
        table = read_table(source, file)
        if table.kind in tables:
            raise ListRefusedError(source, f"{file.name}: {table.kind.name} is given twice")
        tables[table.kind] = table
    if PRIMARY not in tables:
        given = " and ".join(sorted(kind.name for kind in tables))
        raise ListRefusedError(source, f"{given} without the primary file (12 columns)")
    primary = tables.pop(PRIMARY)
    _check_whole(source, tables)
    _check_same_parties(source, primary, tables.values())
    others = _others(tables)
    parties = (_party(source, number, row, others) for number, row in primary.rows)
    return editions_of(source, parties, None)


def _check_whole(source: str, others: Collection[TableKind]) -> None:
    missing = [kind.name for kind in (ALIASES, ADDRESSES) if kind not in others]
    may_be_alone = source == SDN and len(missing) == len((ALIASES, ADDRESSES))
    if missing and not may_be_alone:
        are = "are" if len(missing) > 1 else "is"
        reason = (
            f"{' and '.join(missing)} {are} not given: names or addresses of the parties would be "
            "missing"
        )
        raise ListRefusedError(source, reason)


def _check_same_parties(source: str, primary: Table, others: Iterable[Table]) -> None:
    known = {number for number, _ in primary.rows}
    for table in others:
        strange = list(dict.fromkeys(number for number, _ in table.rows if number not in known))
        if strange:
            reason = (
                f"{table.kind.name} has {len(strange)} parties that the primary file does not "
                f"have ({', '.join(strange[:_SHOWN])}): the files are of different days, or "
                "one is not whole"
            )
            raise ListRefusedError(source, reason)


def _others(tables: dict[TableKind, Table]) -> _Others:
    names, said = defaultdict[str, list[Name]](list), defaultdict[str, list[Said]](list)
    addresses, parts = defaultdict[str, list[Address]](list), defaultdict[str, list[str]](list)
    for number, row in _rows_of(tables, ALIASES):
        name, notes = _alias(row)
        names[number].append(name)
        said[number] += notes
    for number, row in _rows_of(tables, ADDRESSES):
        addresses[number] += _address(row)
    for number, row in _rows_of(tables, COMMENTS):
        comment = row.take("Comments")
        if comment in parts[number]:
            raise RowRefusedError(row.where, "the same row of COMMENTS stands twice")
        parts[number].append(comment)
    comments = {number: "".join(texts) for number, texts in parts.items()}
    given = comments if COMMENTS in tables else None
    return _Others(ALIASES in tables, names, said, addresses, given)


def _rows_of(tables: dict[TableKind, Table], kind: TableKind) -> Iterator[tuple[str, Row[str]]]:
    yield from tables[kind].rows if kind in tables else ()


def _alias(row: Row[str]) -> tuple[Name, list[Said]]:
    """The name, and what is remarked on it (never anything so far)."""
    kind = alias_kind(row.where, row.take("alt_type"), weak=False)
    name, remark = row.take("alt_name").strip(), row.take("alt_remarks").strip()
    if not name:
        raise RowRefusedError(row.where, "alt_name is blank")
    row.close(("ent_num", "alt_num"))
    notes = [Said(kind="alias note:", value=f"{name}: {remark}")] if remark else []
    return Name(text=name, kind=kind), notes


def _address(row: Row[str]) -> Iterator[Address]:
    """The address; the column City holds province and postal code as well, in no fixed order."""
    columns = ("Address", "City", "Country", "Add_remarks")
    street, city, country, note = (" ".join(row.take(column).split()) for column in columns)
    row.close(("ent_num", "Add_num"))
    text = ", ".join(filter(None, (street, city, country)))
    if text or note:
        yield Address(
            text=text or note,
            street=street or None,
            city=city or None,
            country=country_code(country),
            note=note or None,
        )


def _party(source: str, number: str, row: Row[str], others: _Others) -> Party:
    name = row.take("SDN_Name").strip()
    if not name:
        raise RowRefusedError(row.where, "SDN_Name is blank")
    may_be_cut = source == SDN and not others.are_given
    remarks = _remarks(number, row, others.comments, may_be_cut=may_be_cut)
    remark = read_remark(remarks)
    programmes = split_programmes(row.take("Program"))
    said = [Said(kind=kind, value=row.take(column).strip()) for column, kind in _COLUMNS]
    party = Party(
        number=number,
        entity_type=entity_type(row.where, row.take("SDN_Type").strip() or _ENTITY),
        lists=lists_of_programmes(source, row.where, programmes, remarks),
        names=(Name(text=name, kind="primary"), *others.names.get(number, ()), *remark.names),
        programmes=programmes,
        addresses=tuple(others.addresses.get(number, ())),
        said=(*filter(_has_value, said), *remark.said, *others.said.get(number, ())),
        remarks=" ".join(remarks.split()) or None,
    )
    row.close(("ent_num",))
    return party


def _has_value(said: Said) -> bool:
    return bool(said.value)


def _remarks(
    number: str, row: Row[str], comments: dict[str, str] | None, *, may_be_cut: bool
) -> str:
    """The remark with its overflow.

    Raises:
        RowRefusedError: a remark is cut, and COMMENTS does not have the rest of it; or is not
            there, where the rest may hold names, or be what tells the list.
    """
    remarks = row.take("Remarks")
    if not is_cut(remarks):
        return remarks
    if comments is None:
        if not may_be_cut:
            raise RowRefusedError(row.where, "the remark goes on in COMMENTS; load that file too")
        return remarks
    if not comments.get(number):
        raise RowRefusedError(row.where, "the remark goes on in COMMENTS, which has no such row")
    return remarks + comments[number]
