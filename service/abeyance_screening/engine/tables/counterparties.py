"""Rows of a table turned into counterparties, or into the reasons why they cannot be."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import cast

import msgspec

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import has_letters
from abeyance_screening.engine.screening.answer import InputWarning
from abeyance_screening.engine.screening.question import (
    MAX_ADDRESSES,
    MAX_ALIASES,
    MAX_COUNTRIES,
    MAX_IDENTIFIERS,
    MAX_NAME_LENGTH,
    MAX_OWNERS,
    MAX_SHARE_DECIMALS,
    MAX_SHARES_IN_ALL,
    MAX_SHORT_LENGTH,
    WHOLE_SHARE,
    Counterparty,
    Owner,
    PartyIdentifier,
    read_percent,
)
from abeyance_screening.engine.tables.columns import ColumnMap
from abeyance_screening.engine.tables.headers import number_of, plain
from abeyance_screening.engine.tables.table import (
    Cell,
    Table,
    TableRow,
    cell_of,
    lines_of,
    one_text,
    texts_of,
)
from abeyance_screening.engine.tables.values import country_in, is_capitalised, is_company
from abeyance_screening.primitives.choices import explained
from abeyance_screening.primitives.errors import BadInputError

# `Rostec (60 %)`, `Rostec, 60,5%`, `Rostec: 60%`
_SHARE_AT_END = re.compile(
    r"(?!(?<=\s)\s)[(\[]?\s*+(?P<share>\d{1,3}(?:[.,]\d+)?)\s*+[%\uff05]\s*+[)\]]?\Z"
)
_BEFORE_SHARE = " ,:\u2013-"


_GENERAL = frozenset({"identifier", "identifiers"})
_BIRTH_DATE = re.compile(
    r"(?P<year>(?:1[89]|20)\d\d)(?:[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?)?"
    r"(?:[ T]\d\d:\d\d.*)?"
    r"|(?P<first>\d{1,2})\.(?P<middle>\d{1,2})\.(?P<last>(?:1[89]|20)\d\d)"
    r"|\d{1,2}/\d{1,2}/(?P<slashes>(?:1[89]|20)\d\d)"
)
_KIND_AT_START = re.compile(r"([^\d:\uff1a]{2,60})[:\uff1a]\s*(\S.*)")
_TYPE_WORDS: dict[EntityType, str] = {
    "person": "person|individual|natural person|private person|naturliche person|privatperson"
    "|personne physique|persona fisica|persona natural|pessoa fisica|osoba fizyczna|физлицо"
    "|физическое лицо|ип|个人|自然人|個人|개인",
    "organisation": "organisation|organization|company|entity|legal entity|legal person"
    "|corporate|firm|business|org|juristische person|unternehmen|firma|personne morale"
    "|societe|persona juridica|persona giuridica|pessoa juridica|osoba prawna|юрлицо"
    "|юридическое лицо|организация|公司|企业|法人|企業|회사|법인",
    "vessel": "vessel|ship|schiff|navire|buque|nave|navio|судно|船舶|船|선박",
    "aircraft": "aircraft|plane|airplane|flugzeug|aeronef|aeronave|самолет|飞机|航空機",
}
_TYPES: Mapping[str, EntityType] = MappingProxyType(
    {word: kind for kind, words in _TYPE_WORDS.items() for word in words.split("|")}
)


class ReadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A party of a row that can be screened; `warnings` are cells left out of it, and why.

    `part` counts the parties of one row from 0. `column` is that of the party's name, where the
    table has several.
    """

    number: int
    counterparty: Counterparty
    warnings: tuple[InputWarning, ...] = ()
    part: int = 0
    column: str | None = None


class UnreadableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row, or a party of it, that cannot be screened: why, and id and name if readable."""

    number: int
    reason: str
    id: str | None = None
    name: str | None = None
    part: int = 0
    column: str | None = None


type RowOfTable = ReadRow | UnreadableRow


def counterparties(table: Table, mapped: ColumnMap) -> Iterator[RowOfTable]:
    """Yield each party of each row of a table, in order, as a counterparty or as unreadable.

    An unreadable name or share, or a formula in a cell that is read, makes the party unreadable. A
    country or a type only orders hits, so an unknown one is left out with a warning.

    Raises:
        BadInputError: The file is truncated or too large.
    """
    return (each for row in table.rows() for each in read_parties(row, mapped))


def read_parties(row: TableRow, mapped: ColumnMap) -> list[RowOfTable]:
    """Return the parties that a row names, at least one, the counterparty first.

    A blank cell names none, and a cell without a letter is the number of a party that another
    column names. A party that was named before in the row is left out, unless it has a number.
    """
    if row.fault is not None or not mapped.parties:
        return [read_row(row, mapped)]
    found = dict[object, RowOfTable]()
    number = None if mapped.id or _has_name(row, mapped) else _if_readable(row, mapped.name)
    for each in (mapped, *mapped.parties):
        if _has_name(row, each):
            read = read_row(row, each, len(found))
            if number is not None and isinstance(read, ReadRow) and read.counterparty.id is None:
                key = number[:MAX_SHORT_LENGTH]
                party = msgspec.structs.replace(read.counterparty, id=key)
                read = msgspec.structs.replace(read, counterparty=party)
            found.setdefault(_mark(read), read)
    return list(found.values()) or [read_row(row, mapped)]


def read_whole(row: TableRow, mapped: ColumnMap) -> RowOfTable:
    """Return a row as one counterparty, whose other names are those of its other parties."""
    return as_one(read_parties(row, mapped))


def as_one(parties: Iterable[RowOfTable]) -> RowOfTable:
    """Return the parties of a row as one, under all their names; unreadable if any of them is."""
    first, *others = parties
    for each in others:
        if isinstance(first, UnreadableRow) or isinstance(each, UnreadableRow):
            return first if isinstance(first, UnreadableRow) else each
        more = (*first.counterparty.aliases, each.counterparty.name, *each.counterparty.aliases)
        party = msgspec.structs.replace(first.counterparty, aliases=tuple(dict.fromkeys(more)))
        first = msgspec.structs.replace(first, counterparty=party)
    return first


def read_row(row: TableRow, mapped: ColumnMap, part: int = 0) -> RowOfTable:
    """Return one party of a row as a counterparty or as unreadable; see `counterparties`."""
    column = mapped.name if part or mapped.parties else None
    try:
        read = _read(row, mapped)
    except BadInputError as error:
        return UnreadableRow(
            number=row.number,
            reason=f"{error.field}: {error.reason}" if error.field else error.reason,
            id=_if_readable(row, mapped.id),
            name=_if_readable(row, mapped.name),
            part=part,
            column=column,
        )
    return msgspec.structs.replace(read, part=part, column=column) if column else read


def owners_of(row: TableRow, owners: Sequence[str], shares: Sequence[str]) -> tuple[Owner, ...]:
    """Return the owners that a row names, each with its share in percent where one is given.

    A share belongs to the owner with the same number (`Owner 2`, `Share 2`), otherwise to the one
    in the same position. A cell may have several owners, separated by `;`, with their shares after
    the names or, in the same order, in the column of shares. In JSON, owners may be objects with
    `name`, `share` and `owners` in turn.
    """
    if not owners:
        return ()
    found: list[Owner] = []
    for column, share_column in _paired(owners, shares):
        found.extend(_in_cell(row, column, share_column))
    if len(found) > MAX_OWNERS:
        raise BadInputError(owners[0], f"has more than {MAX_OWNERS} owners")
    stated = sum((each.share for each in found if each.share is not None), Decimal(0))
    if stated > MAX_SHARES_IN_ALL:
        raise BadInputError(owners[0], f"the shares add up to {stated} percent")
    return tuple(found)


def share_in(printed: str, column: str) -> Decimal:
    """Return a percentage as a number from 0 to 100: `25`, `25 %` or `25,5`."""
    text = printed.replace("%", "").replace("\uff05", "").strip().replace(",", ".")
    try:
        share = Decimal(text)
    except InvalidOperation:
        raise BadInputError(column, f"{printed[:40]!r} is no percentage") from None
    if not share.is_finite() or not 0 <= share <= WHOLE_SHARE:
        raise BadInputError(column, f"{printed[:40]!r} is no percentage from 0 to {WHOLE_SHARE}")
    if share != round(share, MAX_SHARE_DECIMALS):
        raise BadInputError(column, f"has more than {MAX_SHARE_DECIMALS} decimals")
    return share


def checked_name(name: str, column: str) -> str:
    """Return a name after a check that it can be compared."""
    if not name:
        raise BadInputError(column, "is empty")
    if len(name) > MAX_NAME_LENGTH:
        reason = f"is {len(name):,} characters long, the most is {MAX_NAME_LENGTH}"
        raise BadInputError(column, reason)
    if not has_letters(name):
        raise BadInputError(column, "has no letter or digit to compare")
    return name


def _read(row: TableRow, mapped: ColumnMap) -> ReadRow:
    if row.fault is not None:
        raise BadInputError("", row.fault)
    warnings: list[InputWarning] = []
    name, *parts = _names_in(row, mapped) or [""]
    party = Counterparty(
        name=checked_name(name, mapped.name),
        id=_short(_one(row, mapped.id), mapped.id),
        aliases=_aliases(row, mapped, parts),
        entity_type=_entity_type(row, mapped, warnings),
        countries=_countries(row, mapped, warnings),
        addresses=_addresses(row, mapped),
        identifiers=_identifiers(row, mapped),
        owners=owners_of(row, mapped.owner, mapped.share),
        birth_date=_birth_date(row, mapped, warnings),
    )
    return ReadRow(number=row.number, counterparty=party, warnings=tuple(warnings))


def _one(row: TableRow, column: str | None) -> str | None:
    return None if column is None else one_text(row.cells[column], column)


def _short(text: str | None, column: str | None) -> str | None:
    if text is not None and len(text) > MAX_SHORT_LENGTH:
        raise BadInputError(column or "", f"is longer than {MAX_SHORT_LENGTH} characters")
    return text


def _has_name(row: TableRow, mapped: ColumnMap) -> bool:
    """Return whether the cells of a party's name have a letter, or cannot be read."""
    cells = [row.cells[each] for each in (mapped.name, *mapped.name_part)]
    return any(
        cell.fault is not None or any(map(str.isalpha, str(cell.value or ""))) for cell in cells
    )


def _mark(read: RowOfTable) -> object:
    """Return what two parties of a row share if the second one need not be asked about."""
    if isinstance(read, UnreadableRow):
        return read.column, read.reason
    party = read.counterparty
    return party.name.casefold(), party.aliases, () if read.part == 0 else party.identifiers


def _names_in(row: TableRow, mapped: ColumnMap) -> list[str]:
    """Return the whole name, then those of its parts that may be a name by themselves."""
    columns = (mapped.name, *mapped.name_part)
    cells = [text for each in columns if (text := lines_of(row.cells[each], each))]
    if not cells[1:]:
        return cells
    alone = (each for each in cells[1:] if is_capitalised(each) or is_company(each))
    return [" ".join(cells), *(each for each in (cells[0], *alone) if has_letters(each))]


def _aliases(row: TableRow, mapped: ColumnMap, more: Sequence[str]) -> tuple[str, ...]:
    if not (mapped.alias or more):
        return ()
    found = (checked_name(text, column) for column, text in _texts(row, mapped.alias, ";|\n"))
    names = dict.fromkeys((*found, *more))
    return _at_most(MAX_ALIASES, names, mapped.alias or (mapped.name,))


def _texts(row: TableRow, columns: Sequence[str], separators: str) -> Iterator[tuple[str, str]]:
    """Yield each column with each of its texts."""
    for column in columns:
        for text in texts_of(row.cells[column], column, separators):
            yield column, text


def _at_most(most: int, found: dict[str, None], columns: Sequence[str]) -> tuple[str, ...]:
    if len(found) > most:
        raise BadInputError(columns[0], f"has more than {most} values")
    return tuple(found)


def _entity_type(
    row: TableRow, mapped: ColumnMap, warnings: list[InputWarning]
) -> EntityType | None:
    printed = _one(row, mapped.entity_type)
    if printed is None:
        return None
    kind = _TYPES.get(plain(printed))
    if kind is None:
        reason = f"{printed[:60]!r} is no type we know; left out"
        warnings.append(InputWarning(field=mapped.entity_type or "", reason=reason))
    return kind


def _birth_date(row: TableRow, mapped: ColumnMap, warnings: list[InputWarning]) -> str | None:
    printed = _one(row, mapped.birth_date)
    if printed is None:
        return None
    born = read_birth_date(printed)
    if born is None:
        reason = f"{printed[:60]!r} is no date of birth we can read (1952-10-07, 1952); left out"
        warnings.append(InputWarning(field=mapped.birth_date or "", reason=reason))
    return born


def read_birth_date(printed: str) -> str | None:
    """Return a date of birth as `1952-10-07`, `1952-10` or `1952`; None for anything else.

    A time of day after the date, as workbooks have it, is left out. `07.10.1952` is read, and
    `07/10/1952` only by its year, because day and month may be either.
    """
    found = _BIRTH_DATE.fullmatch(printed)
    if found is None:
        return None
    if found["slashes"] is not None:
        return found["slashes"]
    year = found["year"] or found["last"]
    month, day = found["month"] or found["middle"], found["day"] or found["first"]
    try:
        whole = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole[: len("1952-10-07" if day else "1952-10" if month else "1952")]


def _countries(row: TableRow, mapped: ColumnMap, warnings: list[InputWarning]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for column in mapped.country:
        cell = row.cells[column]
        # `Congo, Democratic Republic of the` is one country, `DE, FR` are two
        code = country_in(cell.value) if isinstance(cell.value, str) else None
        if code is not None:
            found[code] = None
            continue
        for text in texts_of(cell, column, ";|\n,/"):
            code = country_in(text)
            if code is None:
                reason = f"{text[:60]!r} is no country we know; left out"
                warnings.append(InputWarning(field=column, reason=reason))
            else:
                found[code] = None
    return _at_most(MAX_COUNTRIES, found, mapped.country)


def _addresses(row: TableRow, mapped: ColumnMap) -> tuple[str, ...]:
    """Return one address joined from its columns, or all of them where a cell has several."""
    if not mapped.address:
        return ()
    listed = [texts_of(row.cells[column], column, ";|") for column in mapped.address]
    if max(map(len, listed), default=0) > 1:
        texts = [text for each in listed for text in each]
    else:
        texts = [", ".join(text for each in listed for text in each)]
    plain_texts = (" ".join(text.split()) for text in texts)
    found = dict.fromkeys(text[:MAX_NAME_LENGTH] for text in plain_texts if text)
    return _at_most(MAX_ADDRESSES, found, mapped.address)


def _identifiers(row: TableRow, mapped: ColumnMap) -> tuple[PartyIdentifier, ...]:
    found: list[PartyIdentifier] = []
    for column in mapped.identifier:
        value = row.cells[column].value
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            found.extend(_objects(value, column))
            continue
        general = plain(column) in _GENERAL
        for text in texts_of(row.cells[column], column, ";|\n"):
            with_kind = _KIND_AT_START.fullmatch(text) if general else None
            kind = with_kind[1].strip() if with_kind else None if general else column
            value = with_kind[2] if with_kind else text
            _short(value, column)
            found.append(
                PartyIdentifier(
                    value=value, kind=None if kind is None else kind[:MAX_SHORT_LENGTH]
                )
            )
    if len(found) > MAX_IDENTIFIERS:
        raise BadInputError(mapped.identifier[0], f"has more than {MAX_IDENTIFIERS} numbers")
    return tuple(found)


def _objects(values: list[object], column: str) -> list[PartyIdentifier]:
    known = [each for each in map(_known_fields, values) if each is not None]
    try:
        return msgspec.convert(known, list[PartyIdentifier], strict=False)
    except msgspec.ValidationError as error:
        raise BadInputError(column, explained(error, list[PartyIdentifier])) from None


def _known_fields(value: object) -> object:
    """Return an object without fields that a number has not, or that are empty; None for none."""
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, object]", value)
    if fields.get("value") == "":
        return None
    return {name: fields[name] for name in PartyIdentifier.__struct_fields__ if fields.get(name)}


def _if_readable(row: TableRow, column: str | None) -> str | None:
    """Return the text of a cell in an unreadable row, None where the cell is unreadable too."""
    cell = Cell(None) if column is None else row.cells.get(column, Cell(None))
    return None if cell.value is None else str(cell.value)[:MAX_NAME_LENGTH]


def _paired(owners: Sequence[str], shares: Sequence[str]) -> list[tuple[str, str | None]]:
    """Return each column of owners with its column of shares, or None."""
    by_number = {number_of(share): share for share in shares}
    if len(by_number) == len(shares) and all(number_of(each) in by_number for each in owners):
        return [(each, by_number[number_of(each)]) for each in owners]
    padded = [*shares, *[None] * len(owners)]
    return list(zip(owners, padded, strict=False))


def _in_cell(row: TableRow, column: str, share_column: str | None) -> list[Owner]:
    cell = row.cells[column]
    if isinstance(cell.value, list) and any(isinstance(each, dict) for each in cell.value):
        return _owner_objects(cell.value, column)
    printed = texts_of(cell, column, ";|\n")
    given = () if share_column is None else _shares(row.cells[share_column], share_column)
    if given and len(given) != len(printed):
        where = share_column or column
        raise BadInputError(where, f"has {len(given)} shares for {len(printed)} owners")
    shares: Sequence[Decimal | None] = given or [None] * len(printed)
    return [_owner(text, share, column) for text, share in zip(printed, shares, strict=True)]


def _owner_objects(values: list[object], column: str) -> list[Owner]:
    try:
        return msgspec.convert(values, list[Owner], strict=False, dec_hook=read_percent)
    except msgspec.ValidationError as error:
        raise BadInputError(column, explained(error, list[Owner])) from None


def _shares(cell: Cell, column: str) -> tuple[Decimal, ...]:
    if isinstance(cell.value, list):
        return tuple(
            share_in(one_text(cell_of(each), column) or "", column) for each in cell.value
        )
    return tuple(share_in(text, column) for text in texts_of(cell, column, ";|\n"))


def _owner(text: str, share: Decimal | None, column: str) -> Owner:
    at_end = _SHARE_AT_END.search(text)
    name = text[: at_end.start()].rstrip(_BEFORE_SHARE) if at_end else ""
    if at_end is not None and name:
        own = share_in(at_end["share"], column)
        if share is not None and own != share:
            raise BadInputError(column, f"the owner has two shares, {own} and {share}")
        return Owner(name=_checked(name, column), share=own)
    return Owner(name=_checked(text, column), share=share)


def _checked(name: str, column: str) -> str:
    if len(name) > MAX_NAME_LENGTH or not any(map(str.isalnum, name)):
        raise BadInputError(column, f"{name[:40]!r} is no name that can be compared")
    return name
