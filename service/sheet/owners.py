"""Owners in a row: beside each other with their shares, or several in one cell."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import msgspec

from service.model.errors import BadInputError
from service.model.listing import EntityType
from service.model.question import (
    MAX_NAME_LENGTH,
    MAX_OWNERS,
    MAX_SHARE_DECIMALS,
    MAX_SHARES_IN_ALL,
    WHOLE_SHARE,
    AskedIdentifier,
    Owner,
)
from service.sheet.headers import number_of
from service.sheet.table import Cell, TableRow
from service.sheet.values import cell_of, one_text, texts_of

# `Rostec (60 %)`, `Rostec, 60,5%`, `Rostec: 60%`
_SHARE_BEHIND = re.compile(
    r"(?!(?<=\s)\s)[(\[]?\s*+(?P<share>\d{1,3}(?:[.,]\d+)?)\s*+[%\uff05]\s*+[)\]]?\Z"
)
_BEFORE_SHARE = " ,:\u2013-"


class _OwnerCell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An owner as an object of JSON; fields as in `Owner`, and no others."""

    name: str
    id: str | None = None
    aliases: tuple[str, ...] = ()
    entity_type: EntityType | None = None
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[AskedIdentifier, ...] = ()
    share: Decimal | None = None
    control: bool | None = None
    owners: tuple["_OwnerCell", ...] = ()


def owners_of(row: TableRow, owners: Sequence[str], shares: Sequence[str]) -> tuple[Owner, ...]:
    """The owners that a row names, each with its share in percent where one is given.

    A share belongs to the owner of the same number (`Owner 2`, `Share 2`), else to the one in
    the same place. A cell may hold several, parted by `;`, with their shares behind the names or,
    in the same order, in the column of shares. In JSON, objects with `name`, `share` and
    `owners` of their own are taken as they are.

    Raises:
        BadInputError: A share is no percentage or belongs to nobody, or names cannot be
            compared; the field is the column.
    """
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
    """A percentage: `25`, `25 %`, `25,5`.

    Raises:
        BadInputError: It is none; the field is the column.
    """
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


def _paired(owners: Sequence[str], shares: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each column of owners with its column of shares."""
    by_number = {number_of(share): share for share in shares}
    if len(by_number) == len(shares) and all(number_of(each) in by_number for each in owners):
        return [(each, by_number[number_of(each)]) for each in owners]
    beside = [*shares, *[None] * len(owners)]
    return list(zip(owners, beside, strict=False))


def _in_cell(row: TableRow, column: str, share_column: str | None) -> list[Owner]:
    cell = row.cells[column]
    if isinstance(cell.value, list) and any(isinstance(each, dict) for each in cell.value):
        return _objects(cell.value, column)
    printed = texts_of(cell, column, ";|\n")
    given = () if share_column is None else _shares(row.cells[share_column], share_column)
    if given and len(given) != len(printed):
        where = share_column or column
        raise BadInputError(where, f"has {len(given)} shares for {len(printed)} owners")
    beside: Sequence[Decimal | None] = given or [None] * len(printed)
    return [_owner(text, share, column) for text, share in zip(printed, beside, strict=True)]


def _shares(cell: Cell, column: str) -> tuple[Decimal, ...]:
    if isinstance(cell.value, list):
        return tuple(
            share_in(one_text(cell_of(each), column) or "", column) for each in cell.value
        )
    return tuple(share_in(text, column) for text in texts_of(cell, column, ";|\n"))


def _owner(text: str, share: Decimal | None, column: str) -> Owner:
    behind = _SHARE_BEHIND.search(text)
    name = text[: behind.start()].rstrip(_BEFORE_SHARE) if behind else ""
    if behind is not None and name:
        own = share_in(behind["share"], column)
        if share is not None and own != share:
            raise BadInputError(column, f"the owner has two shares, {own} and {share}")
        return Owner(name=_checked(name, column), share=own)
    return Owner(name=_checked(text, column), share=share)


def _checked(name: str, column: str) -> str:
    if len(name) > MAX_NAME_LENGTH or not any(map(str.isalnum, name)):
        raise BadInputError(column, f"{name[:40]!r} is no name that can be compared")
    return name


def _objects(values: list[object], column: str) -> list[Owner]:
    try:
        cells = msgspec.convert(values, tuple[_OwnerCell, ...], strict=False)
    except msgspec.ValidationError as error:
        raise BadInputError(column, str(error)) from None
    return msgspec.convert(cells, list[Owner], from_attributes=True)
