"""OFAC's CSV files: the tables of one day, joined into parties."""

import contextlib
import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Name
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.notes import note_unknown, notes_are_taken
from abeyance_screening.engine.lists.reading.records import Row
from abeyance_screening.engine.lists.reading.tables import CsvRecord, csv_records
from abeyance_screening.engine.lists.reading.texts import read_text
from abeyance_screening.engine.lists.retired.us_ofac.remarks import is_cut, read_remark
from abeyance_screening.engine.lists.us_ofac.parties import (
    SDN,
    OfacDetail,
    OfacParty,
    PartyScraps,
    alias_kind,
    editions_of,
    entity_type,
    is_alias_kind,
    likely_lists,
    lists_of_programmes,
    placed_in,
    read_listings,
    source_of,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

# --- The tables: they have no header rows and are recognised by their number of columns, and ALT
# with a column more, which has as many as ADD, by the word for the kind of name.

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
# A table that has grown by more columns than this is another file.
_MOST_COLUMNS_MORE = 3


class PartyRows(msgspec.Struct, frozen=True):
    """The rows of one table, each with its party's number, which is "" where it has none."""

    kind: TableKind
    rows: tuple[tuple[str, Row[str]], ...]


def kind_of(file: GivenFile) -> TableKind | None:
    """Return the table whose form a file's first row has: a number, and that many cells or more.

    A table may have grown by a few columns at its end.
    """
    cells = _first_cells(file)
    if not cells or not cells[0].isdecimal():
        return None
    if len(cells) > len(ALIASES.columns) and is_alias_kind(cells[2]):
        return ALIASES
    for count, kind in sorted(_KINDS.items(), reverse=True):
        if count <= len(cells) <= count + _MOST_COLUMNS_MORE:
            return kind
    return None


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
            more or fewer cells than most, or lacks its end mark, so that it may be truncated.
            Where notes are taken, such a row raises RowRefusedError when it is read.
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
    try:
        records = list(csv_records(body, ",", 1))
    except csv.Error as error:
        raise ListRefusedError(source, f"{name}: not readable as CSV: {error}") from None
    rows, columns = list[tuple[str, Row[str]]](), _columns(kind, records)
    for record in records:
        number = record.cells[0].strip()
        fault = _fault_of(len(columns), record)
        if fault is not None and not notes_are_taken():
            raise ListRefusedError(source, f"{name}, {record.where}: {fault}")
        known = number if number.isdecimal() else ""
        where = f"entry {known}" if known else f"{kind.name}, {record.where}"
        # not trimmed: a space at the end of a cut remark separates two words
        texts = ["" if cell.strip() == _NOTHING else cell for cell in record.cells]
        rows.append((known, Row(where, dict(zip(columns, texts, strict=False)), fault=fault)))
    return rows


def _columns(kind: TableKind, records: Sequence[CsvRecord]) -> tuple[str, ...]:
    """Return the columns that most rows have: those of the table, then unknown ones by number."""
    counts = Counter(len(record.cells) for record in records)
    most = max(counts, key=lambda count: counts[count], default=0)
    return kind.columns + tuple(str(place + 1) for place in range(len(kind.columns), most))


def _close(kind: TableKind, row: Row[str], ignore: Collection[str]) -> None:
    """End a row; what an unknown column prints may be a name, as the file does not say."""
    for column in row.names - set(kind.columns):
        value = row.take(column).strip()
        note_unknown(row.where, f"column {column} of {kind.name}", value, may_hide="name")
    row.close(ignore)


def _fault_of(width: int, record: CsvRecord) -> str | None:
    """Return why the cells of a row cannot be told apart with certainty, None if they can."""
    cells = record.cells
    if record.fault is not None:
        return record.fault
    if len(cells) != width:
        return f"{len(cells)} of {width} cells"
    number = cells[0].strip()
    return None if number.isdecimal() else f"{number[:40]!r} is no entry's number"


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


class _TableRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one party: that of the primary file, and those of the others.

    `primary` is None where a row of ALT cannot be joined to any of the primary file; `comment` is
    the rest of the remark.
    """

    number: str
    primary: Row[str] | None
    aliases: Sequence[Row[str]] = ()
    addresses: Sequence[Row[str]] = ()
    comment: str = ""


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
    comments = _comments(tables)
    _check_comments(primary, comments, may_be_cut=source == SDN and ALIASES not in tables)
    listings = read_listings(
        _records(primary, tables, comments or {}),
        lambda record: placed_in(source, _party(source, record)),
        lambda record: _scraps_of(source, record).on_lists(source),
        partial(_content, source),
    )
    return editions_of(source, listings, None)


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
    unnumbered = sum(not number for number, _ in primary.rows)
    for table in others:
        numbers = dict.fromkeys(number for number, _ in table.rows if number)
        unknown = [number for number in numbers if number not in known]
        if len(unknown) > unnumbered:
            reason = (
                f"{table.kind.name} has {len(unknown)} parties that the primary file does not "
                f"have ({', '.join(unknown[:_SHOWN])}): the files are of different days, or "
                "one is not whole"
            )
            raise ListRefusedError(source, reason)


def _comments(tables: dict[TableKind, PartyRows]) -> dict[str, str] | None:
    """Return the rests of remarks by the party's number, None without COMMENTS."""
    if COMMENTS not in tables:
        return None
    parts = defaultdict[str, list[str]](list)
    for number, row in tables[COMMENTS].rows:
        comment = row.printed("Comments") or ""
        if row.content is not None:
            _close(COMMENTS, row, COMMENTS.columns)
        if not number or not comment:
            note_unknown(row.where, "row of COMMENTS", comment or "blank", may_hide="name")
        elif comment in parts[number]:
            raise RowRefusedError(row.where, "the same row of COMMENTS occurs twice")
        parts[number].append(comment)
    return {number: "".join(texts) for number, texts in parts.items()}


def _check_comments(
    primary: PartyRows, comments: dict[str, str] | None, *, may_be_cut: bool
) -> None:
    """Check that the rest of each remark that is cut is in COMMENTS."""
    for number, row in primary.rows:
        if not is_cut(row.printed("Remarks") or ""):
            continue
        if comments is None:
            if not may_be_cut:
                raise RowRefusedError(row.where, "the remark continues in COMMENTS; load it too")
        elif not comments.get(number):
            reason = "the remark continues in COMMENTS, which has no such row"
            raise RowRefusedError(row.where, reason)


def _records(
    primary: PartyRows, tables: dict[TableKind, PartyRows], comments: dict[str, str]
) -> Iterator[_TableRecord]:
    """Yield the parties of the primary file, then the names of ALT that belong to none of them."""
    aliases, addresses = _by_number(tables, ALIASES), _by_number(tables, ADDRESSES)
    for row in addresses.pop("", ()):
        note_unknown(row.where, "row of ADD", ", ".join(_printed(row, ADDRESSES.columns[2:])))
    unnumbered = aliases.pop("", [])
    for number, row in primary.rows:
        yield _TableRecord(
            number=number,
            primary=row,
            aliases=aliases.pop(number, ()) if number else (),
            addresses=addresses.get(number, ()),
            comment=comments.get(number, "") if number else "",
        )
    for number, rows in aliases.items():
        yield _TableRecord(number=number, primary=None, aliases=rows)
    for row in unnumbered:
        yield _TableRecord(number="", primary=None, aliases=[row])


def _by_number(
    tables: dict[TableKind, PartyRows], kind: TableKind
) -> defaultdict[str, list[Row[str]]]:
    rows = defaultdict[str, list[Row[str]]](list)
    for number, row in tables[kind].rows if kind in tables else ():
        rows[number].append(row)
    return rows


def _printed(row: Row[str], columns: Iterable[str]) -> Iterator[str]:
    return filter(None, (" ".join((row.printed(column) or "").split()) for column in columns))


def _alias(row: Row[str]) -> tuple[Name, list[OfacDetail]]:
    """Return the name, and the remark on it as details (none has been seen so far)."""
    kind = alias_kind(row.where, row.take("alt_type"), weak=False)
    name, remark = row.take("alt_name").strip(), row.take("alt_remarks").strip()
    if not name:
        raise RowRefusedError(row.where, "alt_name is blank")
    _close(ALIASES, row, ("ent_num", "alt_num"))
    notes = [OfacDetail(kind="alias note:", value=f"{name}: {remark}")] if remark else []
    return Name(text=name, kind=kind), notes


def _address(row: Row[str]) -> Iterator[Address]:
    """Yield the address, if any; City also holds province and postal code, in no fixed order."""
    columns = ("Address", "City", "Country", "Add_remarks")
    street, city, country, note = (" ".join(row.take(column).split()) for column in columns)
    _close(ADDRESSES, row, ("ent_num", "Add_num"))
    text = ", ".join(filter(None, (street, city, country)))
    if text or note:
        yield Address(
            text=text or note,
            street=street or None,
            city=city or None,
            country=country_code(country),
            note=note or None,
        )


def _party(source: str, record: _TableRecord) -> OfacParty:
    row = record.primary
    if row is None:
        raise RowRefusedError(record.aliases[0].where, "ALT's row has none in the primary file")
    name = row.take("SDN_Name").strip()
    if not name:
        raise RowRefusedError(row.where, "SDN_Name is blank")
    remarks = row.take("Remarks")
    remarks += record.comment if is_cut(remarks) else ""
    remark = read_remark(remarks)
    programmes = split_programmes(row.take("Program"))
    details = [OfacDetail(kind=kind, value=row.take(column).strip()) for column, kind in _COLUMNS]
    aliases = [_alias(each) for each in record.aliases]
    party = OfacParty(
        number=record.number,
        entity_type=entity_type(row.where, row.take("SDN_Type").strip() or _ENTITY),
        lists=lists_of_programmes(source, row.where, programmes, remarks),
        names=(
            Name(text=name, kind="primary"),
            *(alias for alias, _ in aliases),
            *remark.names,
        ),
        programmes=programmes,
        addresses=tuple(place for each in record.addresses for place in _address(each)),
        details=(
            *filter(_has_value, details),
            *remark.details,
            *(note for _, notes in aliases for note in notes),
        ),
        remarks=" ".join(remarks.split()) or None,
    )
    _close(PRIMARY, row, ("ent_num",))
    return party


def _content(source: str, record: _TableRecord) -> Hashable | None:
    """Return all that decides how a party is read; None for one that cannot be read."""
    others = *record.aliases, *record.addresses
    rows = () if record.primary is None else (record.primary, *others)
    contents = tuple(row.content for row in rows)
    if not record.number or not contents or None in contents:
        return None
    return "OFAC's tables", source, record.number, record.comment, contents


def _has_value(detail: OfacDetail) -> bool:
    return bool(detail.value)


def _scraps_of(source: str, record: _TableRecord) -> PartyScraps:
    """Return what can be read of a party that cannot be read whole, over all its rows."""
    row = record.primary or record.aliases[0]
    aliases = (name for each in record.aliases for name in _printed(each, ["alt_name"]))
    remarks = f"{row.printed('Remarks') or ''}{record.comment}"
    programmes = split_programmes(row.printed("Program") or "")
    return PartyScraps(
        number=record.number or None,
        entity_type="".join(_printed(row, ["SDN_Type"])) or _ENTITY,
        lists=likely_lists(source, programmes, remarks),
        names=(
            *_printed(row, ["SDN_Name"]),
            *aliases,
            *(name.text for name in read_remark(remarks).names),
        ),
        programmes=programmes,
    )
