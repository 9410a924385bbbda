"""Parties debarred under the Arms Export Control Act, in DDTC's own two files, XLSX or csv.

Source: https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from functools import partial

import msgspec

from service.errors import ListRefusedError, RowRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import EntityType, Fact, Listing, Name
from service.lists.reading.days import read_american_day, read_citations
from service.lists.reading.files import Format, GivenFile
from service.lists.reading.ids import give_ids, key_of_name
from service.lists.reading.names import collect_names
from service.lists.reading.tables import (
    Cell,
    Row,
    is_workbook_with,
    read_rows,
    read_sheet,
    text_of,
)
from service.lists.reading.texts import read_text

# --- Names as DDTC prints them: family name first, with other names behind them.

# `(a.k.a. …`, `(aka …`, `(a/k/a …`, and bare behind a semicolon or, as in two rows, a tab.
_MARK = re.compile(
    r"(?!(?<=\s)\s)\s*+(?:[;,]\s*+)?(?:\(\s*+)?\b(?P<word>[af])(?:\.\s?k\.\s?a|/k/a|ka)\b\.?:?\s*+",
    re.IGNORECASE,
)
_BETWEEN_PARTIES = re.compile(
    r";\s+|,\s+and\s+|(?<=\bS\.A),\s+|(?<=\bS\.A\.),\s+|(?<=\bLtd\.)\s+and\s+|(?<=\bInc\.)\s+and\s+"
)


def split_aliases(printed: str) -> tuple[str, tuple[Name, ...]]:
    """`X (a.k.a. Y; Z)` → `X`, and `Y` and `Z` as aliases, or former names where marked so."""
    mark = _MARK.search(printed)
    if mark is None or mark.start() == 0:
        return printed, ()
    behind = printed[mark.start() :]
    return printed[: mark.start()], tuple(_aliases(behind))


def turned(name: str) -> str:
    """`Acety, Edwin` → `Edwin Acety`, the way trade.gov prints the name in its screening list.

    It makes `Ramon Jr. Andrade` of `Andrade, Jr., Ramon`, and leaves a name that ends in `, Inc.`
    alone; any other company with a comma it turns too (`Ltd. Euro Optics`).
    """
    parts = name.split(", ")
    return name if parts[-1] == "Inc." else " ".join(reversed(parts))


def parties_of(printed: str) -> tuple[str, ...]:
    """The parties of one row, where it names more than one: a company and its head."""
    parts = tuple(part for text in _BETWEEN_PARTIES.split(printed) if (part := text.strip()))
    return parts if len(parts) > 1 else ()


def _aliases(behind: str) -> Iterator[Name]:
    """The names behind the first mark; a mark in front of each, or one for all of them."""
    former = False
    for text in behind.split(";"):
        mark = _MARK.match(text)
        if mark is not None:
            former = mark["word"] in "fF"
        name = text[0 if mark is None else mark.end() :].strip()
        if name.count(")") > name.count("("):
            name = name.removesuffix(")").rstrip()
        if name:
            yield Name(text=name, kind="former" if former else "alias")


# --- Debarments as DDTC's two files print them, and the listings they make.

LIST_CODE = "us_ddtc"
BIRTH = "Date Of Birth"
STATUTORY_COLUMNS = (
    "Party Name",
    BIRTH,
    "Federal Register Notice",
    "Notice Date",
    "Corrected Notice",
    "Corrected Notice Date",
)
ADMINISTRATIVE_COLUMNS = (
    "Name",
    "Date",
    "Charging Letter",
    "Debarment Order",
    "Federal Register Notice",
)
_SOURCE_URL = "https://www.pmddtc.state.gov/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0"
_STATUTORY, _ADMINISTRATIVE = "statutory", "administrative"


class Debarment(msgspec.Struct, frozen=True, kw_only=True):
    """One row of either file; `turned_name` is what trade.gov makes of the printed name."""

    names: tuple[Name, ...]
    turned_name: str
    programme: str
    listed_on: date | None
    citations: tuple[str, ...]
    facts: tuple[Fact, ...]
    entity_type: EntityType | None = None


def statutory_of(row: Row[str]) -> Debarment:
    """A row of the statutory file, in force from the day of its notice on.

    Only persons are told: they are the rows with a date of birth, but not all of them have one.

    Raises:
        RowRefusedError: no name, a day that is none, or a column nobody knows.
    """
    name, aliases = split_aliases(_printed(row, "Party Name"))
    born = _line(row.take(BIRTH))
    notice, correction = row.take("Federal Register Notice"), row.take("Corrected Notice")
    debarment = Debarment(
        names=collect_names(name, aliases),
        turned_name=turned(name),
        programme=_STATUTORY,
        listed_on=read_american_day(row.where, "Notice Date", row.take("Notice Date")),
        citations=read_citations(f"{notice}; {correction}"),
        facts=_facts(
            ("date_of_birth", born),
            ("federal_register_notice", _more_than_act(notice)),
            ("corrected_notice", _line(correction)),
            ("corrected_notice_date", _line(row.take("Corrected Notice Date"))),
        ),
        entity_type="person" if born else None,
    )
    row.close()
    return debarment


def administrative_of(row: Row[str]) -> Debarment:
    """A row of the administrative file; several parties in one row are names of one listing.

    `Charging Letter` and `Debarment Order` print the size of a file that is not there.

    Raises:
        RowRefusedError: no name, a day that is none, or a column nobody knows.
    """
    printed = _printed(row, "Name")
    notice = row.take("Federal Register Notice")
    parties = parties_of(printed)
    debarment = Debarment(
        names=collect_names(printed, (Name(text=text, kind="alias") for text in parties)),
        turned_name=printed,
        programme=_ADMINISTRATIVE,
        listed_on=read_american_day(row.where, "Date", row.take("Date")),
        citations=read_citations(notice),
        facts=_facts(("federal_register_notice", _more_than_act(notice))),
    )
    row.close(("Charging Letter", "Debarment Order"))
    return debarment


def listing_of(debarment: Debarment) -> Listing:
    """The listing, with an empty id that its whole list is needed for."""
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=debarment.names,
        entity_type=debarment.entity_type,
        programmes=(debarment.programme,),
        citations=debarment.citations,
        listed_on=debarment.listed_on,
        facts=debarment.facts,
        source_url=_SOURCE_URL,
    )


def _printed(row: Row[str], field: str) -> str:
    name = _line(row.take(field))
    if not name:
        raise RowRefusedError(row.where, f"{field} is blank")
    return name


def _more_than_act(notice: str) -> str:
    """The notice as printed where it says more than the act cited, else nothing."""
    text = _line(notice)
    return "" if "; ".join(read_citations(text)) == text else text


def _facts(*printed: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(kind=kind, value=value) for kind, value in printed if value)


def _line(printed: str) -> str:
    return " ".join(printed.split())


# --- DDTC's two lists as workbooks, the form in which the State Department serves them.


def read_workbook(file: GivenFile, columns: Collection[str]) -> list[Row[str]]:
    """The records with their cells as the csv files print them, each with its place as `row 12`.

    Raises:
        ListRefusedError: not readable as a workbook, or a column is missing, new or there twice.
        RowRefusedError: a cell holds a formula, an error or a duration.
    """
    return [
        _printed_cell(row, columns) for row in read_sheet(LIST_CODE, file.content, columns).rows
    ]


def _printed_cell(row: Row[Cell], columns: Collection[str]) -> Row[str]:
    return Row(row.where, {name: _text(name, row.take(name)) for name in columns})


def _text(column: str, cell: Cell) -> str:
    """A cell as text, a day as `4/25/2018`.

    Of a birth DDTC prints the month alone, in all 479 rows that have one, so the first day of a
    month is what Excel makes of `November, 1975`.
    """
    if not isinstance(cell, datetime):
        return text_of(cell)
    if column == BIRTH and cell.day == 1:
        return f"{cell:%B, %Y}"
    return f"{cell.month}/{cell.day}/{cell.year}"


__all__ = ["FORMATS", "LIST_CODE", "parse_files", "parse_workbooks"]

_SET_LENGTH = 2
_STATUTORY_SIGN, _ADMINISTRATIVE_SIGN = "Party Name", "Debarment Order"


class _Form(msgspec.Struct, frozen=True):
    """How files are read: the rows with these columns, and whether one prints a word."""

    rows: Callable[[GivenFile, Collection[str]], list[Row[str]]]
    has: Callable[[GivenFile, str], bool]


def parse_files(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """The statutory and the administrative file, in either order, as the one edition they make.

    A listing is one row; `programmes` say `statutory` or `administrative`. Neither file prints
    its day. Ids are made of the name as the screening list of trade.gov prints it. One file
    alone is refused: the parties of the other would stand as taken off the list.

    Raises:
        ListRefusedError: not exactly one file of each kind, or a file as a whole is not what
            DDTC publishes.
        RowRefusedError: a row cannot be read; its place is `statutory, line 12`.
    """
    return _parse(_CSV, files)


def parse_workbooks(files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    """The two workbooks as the one edition they make; otherwise as `parse_files`.

    Raises:
        ListRefusedError: not exactly one workbook of each kind, or one is not what DDTC publishes.
        RowRefusedError: a row cannot be read; its place is `statutory, row 12`.
    """
    return _parse(_XLSX, files)


def _parse(form: _Form, files: tuple[GivenFile, ...]) -> tuple[ParsedEdition, ...]:
    kinds = [form.has(file, _STATUTORY_SIGN) for file in files]
    if len(files) != _SET_LENGTH or sum(kinds) != 1:
        given = " and ".join(file.name for file in files)
        reason = f"the statutory and the administrative file are one edition; given: {given}"
        raise ListRefusedError(LIST_CODE, reason)
    statutory, administrative = files if kinds[0] else files[::-1]
    debarments = (
        *map(statutory_of, _rows(form, "statutory", statutory)),
        *map(administrative_of, _rows(form, "administrative", administrative)),
    )
    listings = give_ids(LIST_CODE, [_keyed(debarment) for debarment in debarments])
    return (ParsedEdition(list_code=LIST_CODE, published_on=None, listings=listings),)


def _keyed(debarment: Debarment) -> tuple[str, Listing]:
    return key_of_name(debarment.turned_name), listing_of(debarment)


def _rows(form: _Form, kind: str, file: GivenFile) -> list[Row[str]]:
    rows = form.rows(file, _COLUMNS[kind])
    if not rows:
        raise ListRefusedError(LIST_CODE, f"{file.name} has no entries")
    for row in rows:
        row.where = f"{kind}, {row.where}"
    return rows


def _csv_rows(file: GivenFile, columns: Collection[str]) -> list[Row[str]]:
    return list(read_rows(LIST_CODE, read_text(LIST_CODE, file.content), columns))


def _header_has(file: GivenFile, word: str) -> bool:
    return word in file.head.partition("\n")[0]


def _workbook_has(file: GivenFile, word: str) -> bool:
    return is_workbook_with(file, (word,))


def _is_either(form: _Form, file: GivenFile) -> bool:
    return form.has(file, _STATUTORY_SIGN) or form.has(file, _ADMINISTRATIVE_SIGN)


_COLUMNS = {"statutory": STATUTORY_COLUMNS, "administrative": ADMINISTRATIVE_COLUMNS}
_CSV, _XLSX = _Form(_csv_rows, _header_has), _Form(read_workbook, _workbook_has)
FORMATS = (
    Format(
        word="ddtc_xlsx",
        source=LIST_CODE,
        title="the statutory and the administrative debarments, two XLSX workbooks",
        tells=partial(_is_either, _XLSX),
        read=parse_workbooks,
        several=True,
    ),
    Format(
        word="ddtc_csv",
        source=LIST_CODE,
        title="the statutory and the administrative debarments, two csv files",
        tells=partial(_is_either, _CSV),
        read=parse_files,
        several=True,
    ),
)
"""What DDTC publishes, and the same as csv."""
