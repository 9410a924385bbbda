"""From a row of a table to a counterparty, or to the reason why it is none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from service.model.answer import InputWarning
from service.model.errors import BadInputError
from service.model.listing import EntityType
from service.model.question import (
    MAX_ALIASES,
    MAX_NAME_LENGTH,
    AskedIdentifier,
    Counterparty,
)
from service.normalise import has_letters
from service.sheet.countries import country_in
from service.sheet.headers import plain
from service.sheet.mapping import ColumnMap
from service.sheet.owners import owners_of
from service.sheet.table import Cell, Table, TableRow
from service.sheet.values import one_text, texts_of

# As much as a question may hold; the same over HTTP.
_MAX_ADDRESSES = 20
_MAX_IDENTIFIERS = 20
_MAX_COUNTRIES = 50
_LONGEST_SHORT = 200
_GENERAL = frozenset({"identifier", "identifiers"})
_KIND_AHEAD = re.compile(r"([^\d:\uff1a]{2,60})[:\uff1a]\s*(\S.*)")
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
    """A row that can be asked about; `warnings` are cells that were left out, and why."""

    number: int
    counterparty: Counterparty
    warnings: tuple[InputWarning, ...] = ()


class UnreadableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot: its number, its name or id as far as they can be read, and why not."""

    number: int
    reason: str
    id: str | None = None
    name: str | None = None


def counterparties(table: Table, mapped: ColumnMap) -> Iterator[ReadRow | UnreadableRow]:
    """The rows of a table in their order, one by one; each is one or the other.

    A name, a share or a cell of a formula that cannot be read makes the row unreadable. A country
    or a type that cannot be read only orders hits, so it is left out with a warning.

    Raises:
        BadInputError: The file breaks off or grows too large.
    """
    for row in table.rows():
        try:
            yield _read(row, mapped)
        except BadInputError as error:
            yield UnreadableRow(
                number=row.number,
                reason=f"{error.field}: {error.reason}" if error.field else error.reason,
                id=_perhaps(row, mapped.id),
                name=_perhaps(row, mapped.name),
            )


def _read(row: TableRow, mapped: ColumnMap) -> ReadRow:
    if row.fault is not None:
        raise BadInputError("", row.fault)
    warnings: list[InputWarning] = []
    party = Counterparty(
        name=checked_name(_one(row, mapped.name) or "", mapped.name),
        id=_short(_one(row, mapped.id), mapped.id),
        aliases=_aliases(row, mapped),
        entity_type=_entity_type(row, mapped, warnings),
        countries=_countries(row, mapped, warnings),
        addresses=_addresses(row, mapped),
        identifiers=_identifiers(row, mapped),
        owners=owners_of(row, mapped.owner, mapped.share),
    )
    return ReadRow(number=row.number, counterparty=party, warnings=tuple(warnings))


def checked_name(name: str, column: str) -> str:
    """A name that can be compared.

    Raises:
        BadInputError: It cannot; the field is the column.
    """
    if not name:
        raise BadInputError(column, "is empty")
    if len(name) > MAX_NAME_LENGTH:
        reason = f"is {len(name):,} characters long, the most is {MAX_NAME_LENGTH}"
        raise BadInputError(column, reason)
    if not has_letters(name):
        raise BadInputError(column, "has no letter or digit to compare")
    return name


def _one(row: TableRow, column: str | None) -> str | None:
    return None if column is None else one_text(row.cells[column], column)


def _perhaps(row: TableRow, column: str | None) -> str | None:
    """What can be read of a cell in a row that cannot."""
    cell = Cell(None) if column is None else row.cells.get(column, Cell(None))
    return None if cell.value is None else str(cell.value)[:MAX_NAME_LENGTH]


def _short(text: str | None, column: str | None) -> str | None:
    if text is not None and len(text) > _LONGEST_SHORT:
        raise BadInputError(column or "", f"is longer than {_LONGEST_SHORT} characters")
    return text


def _texts(row: TableRow, columns: Sequence[str], parted_by: str) -> Iterator[tuple[str, str]]:
    """Each text with its column."""
    for column in columns:
        for text in texts_of(row.cells[column], column, parted_by):
            yield column, text


def _aliases(row: TableRow, mapped: ColumnMap) -> tuple[str, ...]:
    found = (checked_name(text, column) for column, text in _texts(row, mapped.alias, ";|\n"))
    return _at_most(MAX_ALIASES, dict.fromkeys(found), mapped.alias)


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
    return _at_most(_MAX_COUNTRIES, found, mapped.country)


def _addresses(row: TableRow, mapped: ColumnMap) -> tuple[str, ...]:
    """One address out of its columns; of several in one cell each."""
    listed = [texts_of(row.cells[column], column, ";|") for column in mapped.address]
    if max(map(len, listed), default=0) > 1:
        texts = [text for each in listed for text in each]
    else:
        texts = [", ".join(text for each in listed for text in each)]
    plain_texts = (" ".join(text.split()) for text in texts)
    found = dict.fromkeys(text[:MAX_NAME_LENGTH] for text in plain_texts if text)
    return _at_most(_MAX_ADDRESSES, found, mapped.address)


def _identifiers(row: TableRow, mapped: ColumnMap) -> tuple[AskedIdentifier, ...]:
    found: list[AskedIdentifier] = []
    for column in mapped.identifier:
        value = row.cells[column].value
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            found.extend(_objects(value, column))
            continue
        general = plain(column) in _GENERAL
        for text in texts_of(row.cells[column], column, ";|\n"):
            ahead = _KIND_AHEAD.fullmatch(text) if general else None
            kind = ahead[1].strip() if ahead else None if general else column
            value = ahead[2] if ahead else text
            _short(value, column)
            found.append(AskedIdentifier(value=value, kind=_kind(kind)))
    if len(found) > _MAX_IDENTIFIERS:
        raise BadInputError(mapped.identifier[0], f"has more than {_MAX_IDENTIFIERS} numbers")
    return tuple(found)


def _objects(values: list[object], column: str) -> list[AskedIdentifier]:
    try:
        return msgspec.convert(values, list[AskedIdentifier], strict=False)
    except msgspec.ValidationError as error:
        raise BadInputError(column, str(error)) from None


def _kind(kind: str | None) -> str | None:
    return None if kind is None else kind[:_LONGEST_SHORT]


def _at_most(most: int, found: dict[str, None], columns: Sequence[str]) -> tuple[str, ...]:
    if len(found) > most:
        raise BadInputError(columns[0], f"has more than {most}")
    return tuple(found)
