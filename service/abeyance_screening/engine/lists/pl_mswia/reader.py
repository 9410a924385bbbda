"""The reader of the Polish sanctions list, an HTML page with a table of persons and one of bodies.

Source: https://www.gov.pl/web/mswia/lista-osob-i-podmiotow-objetych-sankcjami
"""

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import (
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.days import matched_day
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.names import collect_names
from abeyance_screening.engine.lists.reading.pages import (
    HtmlCell,
    HtmlTable,
    body_of,
    cell_text,
    is_page,
    read_page,
)
from abeyance_screening.engine.lists.reading.records import Row, by_name, filled, one_edition
from abeyance_screening.engine.lists.reading.unknown_parts import (
    Rescued,
    note_unknown,
    read_records,
)
from abeyance_screening.primitives.errors import ListRefusedError, RowRefusedError

LIST_CODE = "pl_mswia"
_URL = "https://www.gov.pl/web/mswia/lista-osob-i-podmiotow-objetych-sankcjami"
_LISTED, _REMOVED = "Data umieszczenia na liście", "Data wykreślenia z listy"
_REASON, _MEASURES = "Uzasadnienie wpisu na listę", "Zastosowane środki sankcyjne"
_NUMBERS = ("Lp.", "L.p.")


class PolishTable(msgspec.Struct, frozen=True):
    """One of the two tables: its columns of names and of data, and the type of its parties."""

    name: str
    data: str
    kind: EntityType


TABLES = (
    PolishTable("Nazwisko i imię", "Dane identyfikacyjne osoby", "person"),
    PolishTable("Nazwa podmiotu", "Dane identyfikacyjne podmiotu", "organisation"),
)


class PolishEntry(msgspec.Struct, frozen=True):
    """A row and the table that it is in."""

    table: PolishTable
    row: Row[HtmlCell]

    def text(self, column: str) -> str:
        """Return what the row prints in a column, read or not."""
        cell = self.row.printed(column)
        return "" if cell is None else cell.text


def parse_html(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read both tables into one edition; the page states no day of its own.

    A party that the minister has struck off stays in its table, with `delisted_on`. Ids are made
    from the names.
    """
    tables = read_page(LIST_CODE, content).tables
    entries = [entry for known in TABLES for entry in _entries(known, tables)]
    keyed = by_name(read_records(entries, _listing_of, _rescue))
    return one_edition(LIST_CODE, keyed)


def _entries(known: PolishTable, tables: tuple[HtmlTable, ...]) -> Iterator[PolishEntry]:
    """Yield the rows of the one table that has this column of names."""
    found = [table for table in tables if known.name in table.header]
    if len(found) != 1:
        reason = (
            f"the page has {len(found)} tables with the column {known.name!r}; one is expected"
        )
        raise ListRefusedError(LIST_CODE, reason)
    missing = [
        column
        for column in (known.data, _REASON, _MEASURES, _LISTED)
        if column not in found[0].header
    ]
    if missing:
        reason = f"the table {known.name!r} lacks the columns {', '.join(missing)}"
        raise ListRefusedError(LIST_CODE, reason)
    yield from (PolishEntry(known, row) for row in body_of(LIST_CODE, found[0]))


# --- One entry.

# Words before a name in brackets; those of the second kind say that it is a former one.
_LABELS = re.compile(
    r"(?:w zapisie także|nazwa rosyjskojęzyczna|nazwa arabska|w języku [a-ząćęłńóśźż]+|obecnie"
    r"|inaczej|(?P<former>poprzednio|dawniej))(?: ?: ?| )",
    re.IGNORECASE,
)
_OR = re.compile(r" lub |;|, (?=[„\"\u0400-\u04ff])")
_BRACKETS = re.compile(r"\((?P<inside>[^()]*+)\)")
_STATES = re.compile(r" (?P<state>w likwidacji|w upadłości)$")
_QUOTES = "„”\"'“ ,"
_CODES = re.compile(
    r"\b(?P<kind>NIP|REGON|KRS|PESEL|INN|OGRN|KPP|OKPO|BIN|DUNS|VAT|TIN)\b[^\d\n]{0,12}"
    r"(?P<value>\d[\d-]{6,17})"
)
_MONTHS = (
    *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia"),
    *("września", "października", "listopada", "grudnia"),
)
# `26.04.2022`, `26 04 2022`, `26 kwietnia 2022 r.`
_DAY = re.compile(
    rf"(?P<day>\d{{1,2}})[. ] ?(?P<month>\d{{1,2}}|{'|'.join(_MONTHS)})[. ] ?(?P<year>\d{{4}})"
    r"(?: ?r\.?)?"
)


def _listing_of(entry: PolishEntry) -> Listing:
    row, table = entry.row, entry.table
    printed, data = _take(row, table.name), _take(row, table.data)
    primary, others, states = names_of(printed)
    if not any(map(str.isalpha, primary)):
        raise RowRefusedError(row.where, f"{table.name} is blank")
    facts = [Fact(kind="state", value=each) for each in states]
    for column, kind in ((_REASON, "reason"), (_MEASURES, "sanctions_imposed")):
        if text := _take(row, column):
            facts.append(Fact(kind=kind, value=text))
    facts += [Fact(kind="identification_data", value=data)] if data else []
    facts += [Fact(kind="printed_name", value=printed)] if printed != primary else []
    listing = Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, others),
        entity_type=table.kind,
        identifiers=tuple(
            Identifier(kind=found["kind"], value=found["value"]) for found in _CODES.finditer(data)
        ),
        listed_on=_day(row.where, _LISTED, _take(row, _LISTED)),
        delisted_on=_removed_on(row),
        facts=tuple(facts),
        source_url=_URL,
    )
    row.close(ignore=_NUMBERS, text_of=cell_text)
    return listing


def names_of(printed: str) -> tuple[str, list[Name], list[str]]:
    """Return the name, the other names in brackets after it, and what state a body is in."""
    states = list[str]()
    others = list[Name]()
    for found in _BRACKETS.finditer(printed):
        kind: NameKind = "alias"
        for piece in _OR.split(found["inside"]):
            label = _LABELS.match(piece.strip(_QUOTES))
            if label is not None:
                kind = "former" if label["former"] else "alias"
            text = _without_state(_LABELS.sub("", piece.strip(_QUOTES), count=1), states)
            others.append(Name(text=text, kind=kind))
    first, *more = _OR.split(" ".join(_BRACKETS.sub(" ", printed).split()))
    others += [Name(text=_without_state(each, states), kind="alias") for each in more]
    named = [each for each in others if any(map(str.isalpha, each.text))]
    return _without_state(first, states), named, list(dict.fromkeys(states))


def _without_state(name: str, states: list[str]) -> str:
    text = name.strip(_QUOTES)
    found = _STATES.search(text)
    if found is None:
        return text
    states.append(found["state"])
    return text[: found.start()].strip(_QUOTES)


def _day(where: str, column: str, printed: str) -> date | None:
    """Return a day; one that cannot be read is noted."""
    day = matched_day(_DAY.fullmatch(printed.strip()), _MONTHS)
    if day is None:
        hidden = "status" if column == _REMOVED else None
        note_unknown(where, f"day in {column!r}", printed or where, may_hide=hidden)
    return day


def _removed_on(row: Row[HtmlCell]) -> date | None:
    cell = row.find(_REMOVED)
    printed = "" if cell is None else cell.text.strip("- \u2013")
    return _day(row.where, _REMOVED, printed) if printed else None


def _take(row: Row[HtmlCell], column: str) -> str:
    return row.take(column).text


def _rescue(entry: PolishEntry) -> Rescued:
    primary, others, _ = names_of(entry.text(entry.table.name))
    return Rescued(
        list_code=LIST_CODE,
        names=filled((primary, *(each.text for each in others))),
        entity_type=entry.table.kind,
    )


def _is_list(file: GivenFile) -> bool:
    # the tables may begin far below the head; no other page of the ministry has this title
    head = file.head.casefold()
    return is_page(file.head) and "osób i podmiotów objętych sankcjami" in head


FORMATS = (
    Format(
        word="pl_mswia_html",
        source=LIST_CODE,
        title="the page Lista osób i podmiotów objętych sankcjami, as HTML",
        tells=_is_list,
        read=one_file(parse_html),
    ),
)
"""The page of the ministry."""
