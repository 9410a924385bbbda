"""The fields that a table's columns are read as: chosen by the user, or guessed by the header."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import cast

import msgspec

from abeyance_screening.engine.tables.headers import (
    A_PERSON,
    FIELDS,
    ColumnField,
    field_of,
    heading_of,
)
from abeyance_screening.primitives.errors import BadInputError

ONE_COLUMN: tuple[ColumnField, ...] = ("name", "id", "entity_type", "birth_date")
"""The fields of which a table has one column at most."""

FIELD_BY_NAME: Mapping[str, ColumnField] = MappingProxyType({field: field for field in FIELDS})
# How many columns an error message lists.
_MOST_LISTED = 20


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True):
    """The columns to read for each field; `guessed` are the fields that the user did not choose.

    `name`, `id`, `entity_type` and `birth_date` have one column at most, the others any number, in
    the order of the table. `name_part` are columns that go on with the name. Each of `parties` is
    another party that a row names, with columns of its own, and `party` are their names' columns.
    `unread` are the columns that are not read, `unused` those of them that the user left out.
    """

    name: str
    name_part: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    id: str | None = None
    entity_type: str | None = None
    birth_date: str | None = None
    alias: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    parties: tuple["ColumnMap", ...] = ()
    guessed: tuple[ColumnField, ...] = ()
    unread: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def columns_of(self, field: ColumnField) -> tuple[str, ...]:
        """Return the columns of one field, those of the counterparty alone."""
        found = cast("str | tuple[str, ...] | None", getattr(self, field))
        return (found,) if isinstance(found, str) else found or ()

    def choices(self) -> Iterator["FieldChoice"]:
        """Yield the choices by which the same columns are read the same without a guess."""
        for field in FIELDS:
            others = (column for each in self.parties for column in each.columns_of(field))
            columns = list(dict.fromkeys((*self.columns_of(field), *others)))
            if field in {"name", "id"}:
                columns = columns[:1]
            for column in columns or (None,):
                yield FieldChoice(field, column)


class FieldChoice(msgspec.Struct, frozen=True):
    """The user's choice for one field: its column, or None for no column at all."""

    field: ColumnField
    column: str | None


def map_columns(columns: Sequence[str], choices: Iterable[FieldChoice] = ()) -> ColumnMap:
    """Return the columns of each field: as chosen, and for the other fields by the header words.

    A field that the user chose is not guessed, and a chosen column is used for no other field.
    Every column whose header is that of a name is read. Those that count the parts of one name
    (`Name 1`, `Name 2`) are put together; any other is the name of a party of its own (`Sold-to`,
    `Ship-to`). The counterparty is the one that the table is of, if its header says so: a
    customer's or supplier's name before a mere `Name`, that before the parties of a shipment, and
    those before a mere `Company`, which is often the company that the table comes from.

    A column whose header has a party's role, such as `Ship-to country`, is of that party.
    `party=X` and `name_part=X` add to those columns, `party=` and `name_part=` say that there are
    none, and `unused=X` leaves a column out.

    Raises:
        BadInputError: A chosen column does not exist or is chosen twice, a field of one column
            has several, or no column could be the name.
    """
    chosen = tuple(choices)
    taken = _as_chosen(columns, chosen)
    skipped: set[ColumnField] = {each.field for each in chosen}
    names = _names(columns, taken, skipped)
    used = {column for named in taken.values() for column in named}
    used |= {column for each in names for column in each.columns}
    roles = {each.role for each in names} | {None}
    guessed: dict[ColumnField, Sequence[str]] = {
        field: found
        for field in FIELDS
        if field not in {*skipped, *_OF_NAMES}
        and (found := [each for each in columns if each not in used and field_of(each) == field])
        and (found := [each for each in found if heading_of(each).role in roles])
    }
    mapped = _map(columns, names, taken, guessed)
    # `party=` says that no other party stands in any column
    says_no_more = any(each.field == "party" and each.column is None for each in chosen)
    return msgspec.structs.replace(mapped, unused=mapped.unread) if says_no_more else mapped


def read_said(text: str) -> FieldChoice:
    """Read a choice such as `name=Company name`; `country=` means that no column is a country.

    Raises:
        BadInputError: The text has another form, or there is no such field.
    """
    printed, equals, column = text.partition("=")
    field = FIELD_BY_NAME.get(printed.strip())
    if not equals or field is None:
        known = ", ".join(FIELDS)
        raise BadInputError("map", f"{text!r} is not FIELD=COLUMN; the fields are {known}")
    return FieldChoice(field, " ".join(column.split()) or None)


def _as_chosen(
    columns: Sequence[str], choices: Sequence[FieldChoice]
) -> dict[ColumnField, tuple[str, ...]]:
    taken: dict[ColumnField, tuple[str, ...]] = {}
    used: dict[str, ColumnField] = {}
    for each in choices:
        if each.column is None:
            continue
        column = _known(columns, each.column)
        if column in used:
            raise BadInputError("map", f"column {column!r} is mapped to two fields")
        used[column] = each.field
        taken[each.field] = (*taken.get(each.field, ()), column)
    for field, named in taken.items():
        if field in ONE_COLUMN and len(named) > 1:
            reason = f"{field} is mapped to {len(named)} columns; only one is allowed"
            raise BadInputError("map", reason)
    return taken


def _known(columns: Sequence[str], column: str) -> str:
    """Return the column with this name, ignoring case where only one matches that way."""
    if column in columns:
        return column
    alike = [each for each in columns if each.casefold() == column.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise BadInputError("map", f"no column is called {column!r}; there are {_listed(columns)}")


def _listed(columns: Sequence[str]) -> str:
    shown, more = ", ".join(map(repr, columns[:_MOST_LISTED])), len(columns) - _MOST_LISTED
    return shown if more <= 0 else f"{shown} and {more} more"


# The fields of columns that have names of parties, and what the user leaves out.
_OF_NAMES: frozenset[ColumnField] = frozenset({"name", "name_part", "party", "unused"})


# After every rank and part that a header tells.
_LAST = 1_000


class _NameRead(msgspec.Struct):
    """The columns of one party's name, in the order in which they are put together."""

    columns: list[str]
    role: str | None
    of: str
    rank: int


def _names(
    columns: Sequence[str],
    taken: Mapping[ColumnField, tuple[str, ...]],
    skipped: Collection[ColumnField],
) -> list[_NameRead]:
    """Return the names of all parties of a row, that of the counterparty first."""
    chosen = {column for named in taken.values() for column in named}
    main, parties = taken.get("name", ()), taken.get("party", ())
    absent = {field for field in skipped if not taken.get(field)}
    found = list[_NameRead]()
    parts = [each for each in columns if each in taken.get("name_part", ())]
    for column in columns:
        heading = heading_of(column)
        if column in (*main, *parties):
            rank = -1 if column in main else _LAST
            found.append(_NameRead([column], heading.role, heading.of, rank))
        elif column in chosen or heading.field != "name":
            continue
        elif heading.part != 1 and "name_part" not in absent:
            parts.append(column)
        elif not (main and "party" in absent):
            found.append(_NameRead([column], heading.role, heading.of, heading.rank))
    for column in sorted(parts, key=_part):
        _go_on(found, column, is_chosen=column in chosen)
    found.sort(key=lambda each: each.rank)
    return found[:1] if "party" in absent else found


def _part(column: str) -> int:
    """Return which part of a name a column is; one whose header does not say so is the last."""
    heading = heading_of(column)
    return heading.part if heading.field == "name" else _LAST


def _go_on(found: list[_NameRead], column: str, *, is_chosen: bool) -> None:
    """Add a column to the name that it goes on with; without one it is a name by itself."""
    heading = heading_of(column)
    alike = [each for each in found if (each.role, each.of) == (heading.role, heading.of)]
    near = alike
    if not alike and heading.of != A_PERSON:
        near = [each for each in found if each.role == heading.role]
    first = min(near or (found if is_chosen else []), key=lambda each: each.rank, default=None)
    if first is None:
        found.append(_NameRead([column], heading.role, heading.of, heading.rank))
    elif heading.part == 0:
        first.columns.insert(0, column)
    else:
        first.columns.append(column)


def _map(
    columns: Sequence[str],
    names: Sequence[_NameRead],
    taken: Mapping[ColumnField, tuple[str, ...]],
    guessed: Mapping[ColumnField, Sequence[str]],
) -> ColumnMap:
    if not names:
        raise BadInputError(
            "map", f"no column could be the name; say which, as --map name=…: {_listed(columns)}"
        )
    main, *others = names
    fields: dict[ColumnField, Sequence[str]] = {
        field: found
        for field, found in (*taken.items(), *guessed.items())
        if field not in _OF_NAMES
    }
    read = _fields_of({each.role for each in others} - {main.role, None}, fields)
    parties = tuple(_party(each, read.get("id"), names, fields) for each in others)
    is_guessed = {*guessed} & {*read}
    is_guessed |= {field for field in _told_by(names) if field not in taken}
    used = {column for each in names for column in each.columns}
    used |= {column for each in parties for field in _SHARED for column in each.columns_of(field)}
    used |= {column for named in read.values() for column in named}
    unread = tuple(each for each in columns if each not in used)
    mapped: dict[str, object] = {
        field: named[0] if field in ONE_COLUMN else tuple(named) for field, named in read.items()
    }
    mapped |= {
        "name": main.columns[0],
        "name_part": tuple(main.columns[1:]),
        "party": tuple(each.name for each in parties),
        "parties": parties,
        "guessed": tuple(field for field in FIELDS if field in is_guessed),
        "unread": unread,
        "unused": taken.get("unused", ()),
    }
    return msgspec.convert(mapped, ColumnMap)


def _told_by(names: Sequence[_NameRead]) -> Iterator[ColumnField]:
    """Yield the fields of the columns of names that there are."""
    yield "name"
    if any(each.columns[1:] for each in names):
        yield "name_part"
    if names[1:]:
        yield "party"


# The fields that several parties of one row may have columns of.
_SHARED: tuple[ColumnField, ...] = ("id", "alias", "country", "identifier", "address")


def _fields_of(
    others: Collection[str | None], fields: Mapping[ColumnField, Sequence[str]]
) -> dict[ColumnField, Sequence[str]]:
    """Return the columns of the counterparty's fields: those that are of no other party."""
    read = dict[ColumnField, Sequence[str]]()
    for field, named in fields.items():
        own = [
            each for each in named if field not in _SHARED or heading_of(each).role not in others
        ]
        if own:
            read[field] = own[:1] if field in ONE_COLUMN else own
    if "share" in read and "owner" not in read:
        # shares without owners: a column of another kind that happens to have this header
        del read["share"]
    return read


def _party(
    name: _NameRead,
    main_id: Sequence[str] | None,
    names: Sequence[_NameRead],
    fields: Mapping[ColumnField, Sequence[str]],
) -> ColumnMap:
    """Return the columns of another party: those with its role, and the row's id without one."""
    first = next(each for each in names if each.role == name.role)
    own = {
        field: [each for each in fields.get(field, ()) if heading_of(each).role == name.role]
        for field in _SHARED
        if name.role not in {None, names[0].role} and first is name
    }
    keys = own.get("id") or main_id
    return ColumnMap(
        name=name.columns[0],
        name_part=tuple(name.columns[1:]),
        id=keys[0] if keys else None,
        alias=tuple(own.get("alias", ())),
        country=tuple(own.get("country", ())),
        identifier=tuple(own.get("identifier", ())),
        address=tuple(own.get("address", ())),
    )
