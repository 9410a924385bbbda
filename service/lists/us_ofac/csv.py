"""OFAC's CSV files: the tables of one day, joined into parties."""

import contextlib
import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import Address, Name
from service.lists.reading.countries import country_code
from service.lists.reading.files import GivenFile
from service.lists.reading.tables import LONGEST_CELL, Row
from service.lists.reading.texts import read_text
from service.lists.us_ofac.parties import (
    SDN,
    OfacDetail,
    OfacParty,
    alias_kind,
    editions_of,
    entity_type,
    is_cut,
    lists_of_programmes,
    read_remark,
    source_of,
)

# --- The tables: they have no header rows and are recognised by their number of columns.

# The byte that ends each file; a file without it is truncated.
_END = "\x1a"
_NOTHING = "-0-"
_PROGRAMME_MARK = "] ["
# In bytes; enough to recognise the source: twice the primary file of the non-SDN lists.
_LONGEST_BEGINNING = 500_000


class TableKind(msgspec.Struct, frozen=True):
    """One of the four tables: its usual name, and its columns in printed order."""

    name: str
    columns: tuple[str, ...]


PRIMARY = TableKind(
    "the primary file",
    (
        *("ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type"),
        *("Tonnage", "GRT", "Vess_flag", "Vess_owner", "Remarks"),
    ),
)
ALIASES = TableKind("ALT", ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"))
ADDRESSES = TableKind("ADD", ("ent_num", "Add_num", "Address", "City", "Country", "Add_remarks"))
COMMENTS = TableKind("COMMENTS", ("ent_num", "Comments"))
_KINDS = {len(kind.columns): kind for kind in (PRIMARY, ALIASES, ADDRESSES, COMMENTS)}


class PartyRows(msgspec.Struct, frozen=True):
    """The rows of one table, each with its party's number."""

    kind: TableKind
    rows: tuple[tuple[str, Row[str]], ...]


def kind_of(file: GivenFile) -> TableKind | None:
    """Return the table whose form a file's first row has: a number, and that many cells."""
    cells = _first_cells(file)
    return _KINDS.get(len(cells)) if cells and cells[0].isdecimal() else None


def is_table(file: GivenFile, *, source: str) -> bool:
    """Return whether a file may be a table of this source, judging by its beginning.

    Only the primary file has programmes; the other tables may be of either source, and so may a
    primary file whose programmes decide nothing.
    """
    kind = kind_of(file)
    if kind is not PRIMARY:
        return kind is not None
    return source_of(_programmes_of(file)) in {None, source}


def _programmes_of(file: GivenFile) -> Iterator[tuple[str, ...]]:
    place = PRIMARY.columns.index("Program")
    text = file.content[:_LONGEST_BEGINNING].decode("utf-8", "replace")
    with contextlib.suppress(csv.Error):
        for cells in csv.reader(io.StringIO(text, newline="")):
            if len(cells) > place:
                yield split_programmes(cells[place])


def is_sdn_without_names(file: GivenFile) -> bool:
    """Return whether a file can belong to a set of the SDN List that has no ALT file."""
    kind = kind_of(file)
    return kind is COMMENTS or (kind is PRIMARY and is_table(file, source=SDN))


def split_programmes(printed: str) -> tuple[str, ...]:
    """Split `SDGT] [NS-PLC` into `SDGT` and `NS-PLC`."""
    return tuple(filter(None, map(str.strip, printed.split(_PROGRAMME_MARK))))


def read_table(source: str, file: GivenFile) -> PartyRows:
    """Read a whole table; a cell with only `-0-` is blank.

    COMMENTS had no end mark before 2022. Without the mark that file is whole if it ends with a
    quote or a line break, and has the rest of every remark that continues there.

    Raises:
        ListRefusedError: The file is no table, is not UTF-8, has an unpaired quote or a row with
            too few or too many cells, or lacks its end mark, so that it may be truncated.
    """
    text = read_text(source, file.content)
    kind = kind_of(file)
    if kind is None:
        reason = f"{file.name} does not begin with a row of {_counts()} cells and a number"
        raise ListRefusedError(source, reason)
    body, mark, rest = text.partition(_END)
    if rest.strip():
        raise ListRefusedError(source, f"{file.name} continues after its end mark (0x1A)")
    if not mark and not (kind is COMMENTS and body.endswith(("\n", '"'))):
        reason = f"{file.name} is cut off: its end mark (0x1A, the last byte) is missing"
        raise ListRefusedError(source, reason)
    return PartyRows(kind, tuple(_rows(source, file.name, kind, body)))


def _rows(source: str, name: str, kind: TableKind, body: str) -> list[tuple[str, Row[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(body, newline=""), strict=True)
    width = len(kind.columns)
    rows = list[tuple[str, Row[str]]]()
    try:
        for cells in reader:
            if len(cells) != width:
                reason = f"{name}, line {reader.line_num}: {len(cells)} of {width} cells"
                raise ListRefusedError(source, reason)
            number = cells[0].strip()
            if not number.isdecimal():
                reason = f"{name}, line {reader.line_num}: {number[:40]!r} is no entry's number"
                raise ListRefusedError(source, reason)
            texts = dict(zip(kind.columns, map(_text, cells), strict=True))
            rows.append((number, Row(f"entry {number}", texts)))
    except csv.Error as error:
        reason = f"{name}, line {reader.line_num}: not readable as CSV: {error}"
        raise ListRefusedError(source, reason) from None
    return rows


def _text(cell: str) -> str:
    """Return the cell untrimmed: a space at the end of a cut remark separates two words."""
    return "" if cell.strip() == _NOTHING else cell


def _first_cells(file: GivenFile) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(file.head)), list[str]())
    except csv.Error:
        return []


def _counts() -> str:
    return ", ".join(map(str, sorted(_KINDS)))


# --- The parties.

# The type where the primary file prints none: anything but a person, vessel or aircraft.
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
    """The contents of the other tables by the party's number.

    `are_given` is whether ALT and ADD are among the files; `comments` is None without COMMENTS.
    """

    are_given: bool
    names: dict[str, list[Name]]
    details: dict[str, list[OfacDetail]]
    addresses: dict[str, list[Address]]
    comments: dict[str, str] | None


def read_csv(source: str, files: Sequence[GivenFile]) -> tuple[ParsedEdition, ...]:
    """Read the primary file, with ALT, ADD and COMMENTS where they are given; none has a date.

    The non-SDN lists need ALT and ADD as well. The SDN List is read without both, but never
    without one, because nothing in the primary file shows that names or addresses are missing.
    Without both, and without COMMENTS, remarks longer than 1,000 characters stay cut, as OFAC
    prints them. A complete set needs COMMENTS, the only place of three weak aliases of 2021.

    Raises:
        ListRefusedError: A file is truncated or malformed, given twice or missing, or has rows of
            parties that the primary file does not have.
        RowRefusedError: A row cannot be read; its place is the party's number.
    """
    tables = dict[TableKind, PartyRows]()
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


def _check_same_parties(source: str, primary: PartyRows, others: Iterable[PartyRows]) -> None:
    known = {number for number, _ in primary.rows}
    for table in others:
        unknown = list(dict.fromkeys(number for number, _ in table.rows if number not in known))
        if unknown:
            reason = (
                f"{table.kind.name} has {len(unknown)} parties that the primary file does not "
                f"have ({', '.join(unknown[:_SHOWN])}): the files are of different days, or "
                "one is not whole"
            )
            raise ListRefusedError(source, reason)


def _others(tables: dict[TableKind, PartyRows]) -> _Others:
    names, details = defaultdict[str, list[Name]](list), defaultdict[str, list[OfacDetail]](list)
    addresses, parts = defaultdict[str, list[Address]](list), defaultdict[str, list[str]](list)
    for number, row in _rows_of(tables, ALIASES):
        name, notes = _alias(row)
        names[number].append(name)
        details[number] += notes
    for number, row in _rows_of(tables, ADDRESSES):
        addresses[number] += _address(row)
    for number, row in _rows_of(tables, COMMENTS):
        comment = row.take("Comments")
        if comment in parts[number]:
            raise RowRefusedError(row.where, "the same row of COMMENTS occurs twice")
        parts[number].append(comment)
    comments = {number: "".join(texts) for number, texts in parts.items()}
    given = comments if COMMENTS in tables else None
    return _Others(ALIASES in tables, names, details, addresses, given)


def _rows_of(
    tables: dict[TableKind, PartyRows], kind: TableKind
) -> Iterator[tuple[str, Row[str]]]:
    yield from tables[kind].rows if kind in tables else ()


def _alias(row: Row[str]) -> tuple[Name, list[OfacDetail]]:
    """Return the name, and the remark on it as details (none has been seen so far)."""
    kind = alias_kind(row.where, row.take("alt_type"), weak=False)
    name, remark = row.take("alt_name").strip(), row.take("alt_remarks").strip()
    if not name:
        raise RowRefusedError(row.where, "alt_name is blank")
    row.close(("ent_num", "alt_num"))
    notes = [OfacDetail(kind="alias note:", value=f"{name}: {remark}")] if remark else []
    return Name(text=name, kind=kind), notes


def _address(row: Row[str]) -> Iterator[Address]:
    """Yield the address, if any; City also holds province and postal code, in no fixed order."""
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


def _party(source: str, number: str, row: Row[str], others: _Others) -> OfacParty:
    name = row.take("SDN_Name").strip()
    if not name:
        raise RowRefusedError(row.where, "SDN_Name is blank")
    may_be_cut = source == SDN and not others.are_given
    remarks = _remarks(number, row, others.comments, may_be_cut=may_be_cut)
    remark = read_remark(remarks)
    programmes = split_programmes(row.take("Program"))
    details = [OfacDetail(kind=kind, value=row.take(column).strip()) for column, kind in _COLUMNS]
    party = OfacParty(
        number=number,
        entity_type=entity_type(row.where, row.take("SDN_Type").strip() or _ENTITY),
        lists=lists_of_programmes(source, row.where, programmes, remarks),
        names=(Name(text=name, kind="primary"), *others.names.get(number, ()), *remark.names),
        programmes=programmes,
        addresses=tuple(others.addresses.get(number, ())),
        details=(*filter(_has_value, details), *remark.details, *others.details.get(number, ())),
        remarks=" ".join(remarks.split()) or None,
    )
    row.close(("ent_num",))
    return party


def _has_value(detail: OfacDetail) -> bool:
    return bool(detail.value)


def _remarks(
    number: str, row: Row[str], comments: dict[str, str] | None, *, may_be_cut: bool
) -> str:
    """Return the remark, joined with its rest in COMMENTS.

    Raises:
        RowRefusedError: The remark is cut, and COMMENTS does not have the rest; or COMMENTS is
            not given, though the rest may hold names or decide the list.
    """
    remarks = row.take("Remarks")
    if not is_cut(remarks):
        return remarks
    if comments is None:
        if not may_be_cut:
            raise RowRefusedError(row.where, "the remark continues in COMMENTS; load it too")
        return remarks
    if not comments.get(number):
        raise RowRefusedError(row.where, "the remark continues in COMMENTS, which has no such row")
    return remarks + comments[number]
