"""Which columns of a table are read as what: guessed by the header, or said by the user."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from service.model.errors import BadInputError
from service.sheet.headers import FIELDS, ColumnField, field_of, is_telling

_ONE: frozenset[ColumnField] = frozenset({"name", "id", "entity_type"})
_BY_NAME: Mapping[str, ColumnField] = MappingProxyType({field: field for field in FIELDS})
# More columns than a message can tell.
_MOST_LISTED = 20


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True):
    """The columns read, by what they hold; `guessed` are the fields that nobody said.

    Of `name`, `id` and `entity_type` there is one column at most, of the others any number, in
    the order of the table. `unread` are columns that nothing is taken from.
    """

    name: str
    id: str | None = None
    entity_type: str | None = None
    alias: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    guessed: tuple[ColumnField, ...] = ()
    unread: tuple[str, ...] = ()

    def columns_of(self, field: ColumnField) -> tuple[str, ...]:
        """The columns of one field."""
        ones = {"name": self.name, "id": self.id, "entity_type": self.entity_type}
        if field in ones:
            one = ones[field]
            return () if one is None else (one,)
        many = {
            "alias": self.alias,
            "country": self.country,
            "identifier": self.identifier,
            "address": self.address,
            "owner": self.owner,
            "share": self.share,
        }
        return many[field]


class Said(msgspec.Struct, frozen=True):
    """What the user says of one field: its column, or None for no column at all."""

    field: ColumnField
    column: str | None


def read_said(text: str) -> Said:
    """`name=Company name`; `country=` says that no column is a country.

    Raises:
        BadInputError: It is not written that way, or there is no such field.
    """
    printed, equals, column = text.partition("=")
    field = _BY_NAME.get(printed.strip())
    if not equals or field is None:
        known = ", ".join(FIELDS)
        raise BadInputError("map", f"{text!r} is not FIELD=COLUMN with a field out of {known}")
    return Said(field, " ".join(column.split()) or None)


def map_columns(columns: Sequence[str], said: Iterable[Said] = ()) -> ColumnMap:
    """The columns by what they hold: as said, and what is left by the words of the header.

    A field that the user speaks of is not guessed, and a column that is said is nothing else.

    Raises:
        BadInputError: There is no such column; one column is said to be two things, or two to be
            one; none could be the name, or two could be what only one may be.
    """
    stated = tuple(said)
    taken = _stated(columns, stated)
    spoken = {each.field for each in stated}
    used = {column for named in taken.values() for column in named}
    guessed: list[ColumnField] = []
    for field in FIELDS:
        if field in spoken:
            continue
        found = [each for each in columns if each not in used and field_of(each) == field]
        chosen = _chosen(field, found)
        if chosen:
            taken[field] = chosen
            guessed.append(field)
    return _map(columns, taken, tuple(guessed))


def _stated(columns: Sequence[str], stated: Sequence[Said]) -> dict[ColumnField, tuple[str, ...]]:
    taken: dict[ColumnField, tuple[str, ...]] = {}
    used: dict[str, ColumnField] = {}
    for each in stated:
        if each.column is None:
            continue
        column = _known(columns, each.column)
        if column in used:
            raise BadInputError("map", f"column {column!r} is said to be two things")
        used[column] = each.field
        taken[each.field] = (*taken.get(each.field, ()), column)
    for field, named in taken.items():
        if field in _ONE and len(named) > 1:
            raise BadInputError("map", f"{field} is said to be {len(named)} columns; one may be")
    return taken


def _known(columns: Sequence[str], column: str) -> str:
    """The column so called, whatever its case where that leaves no doubt."""
    if column in columns:
        return column
    alike = [each for each in columns if each.casefold() == column.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise BadInputError("map", f"no column is called {column!r}; there are {_listed(columns)}")


def _chosen(field: ColumnField, found: list[str]) -> tuple[str, ...]:
    """The columns for a field: all of them, or of an id and a type the first.

    Raises:
        BadInputError: Two could be the name.
    """
    if field == "name":
        return _name(found)
    return tuple(found[:1] if field in _ONE else found)


def _name(found: list[str]) -> tuple[str, ...]:
    telling = [each for each in found if is_telling(each)] or found
    if len(telling) <= 1:
        return tuple(telling)
    first, second = map(_quoted, telling[:2])
    raise BadInputError(
        "map",
        f"{len(telling)} columns could be the name: {_listed(telling)}; say which, as "
        f"--map name={first}, and that another one has more names, as --map alias={second}",
    )


def _map(
    columns: Sequence[str],
    taken: dict[ColumnField, tuple[str, ...]],
    guessed: tuple[ColumnField, ...],
) -> ColumnMap:
    if not taken.get("name"):
        raise BadInputError(
            "map", f"no column could be the name; say which, as --map name=…: {_listed(columns)}"
        )
    if taken.get("share") and not taken.get("owner"):
        # a share of nobody: a column of another kind that happens to be called so
        taken = {field: named for field, named in taken.items() if field != "share"}
    used = {column for named in taken.values() for column in named}

    def one(field: ColumnField) -> str | None:
        return next(iter(taken.get(field, ())), None)

    return ColumnMap(
        name=taken["name"][0],
        id=one("id"),
        entity_type=one("entity_type"),
        alias=taken.get("alias", ()),
        country=taken.get("country", ()),
        identifier=taken.get("identifier", ()),
        address=taken.get("address", ()),
        owner=taken.get("owner", ()),
        share=taken.get("share", ()),
        guessed=guessed,
        unread=tuple(each for each in columns if each not in used),
    )


def _listed(columns: Sequence[str]) -> str:
    shown, more = ", ".join(map(repr, columns[:_MOST_LISTED])), len(columns) - _MOST_LISTED
    return shown if more <= 0 else f"{shown} and {more} more"


def _quoted(column: str) -> str:
    return f'"{column}"' if " " in column else column
