"""Read: from a transaction as a caller sent it to one that can be compared."""

from collections.abc import Iterable

import msgspec

from service.errors import BadInputError
from service.lists.reading.countries import country_code
from service.measures.measure import EndUse
from service.screening.trade.goods import (
    HS_LENGTHS,
    as_shown,
    item_from,
    read_control_code,
    read_hs,
)
from service.screening.trade.transaction import (
    MAX_DESCRIPTION_LENGTH,
    MAX_ITEMS,
    AskedItem,
    Transaction,
)

_ALONE = "Give a code alone, and words as a separate item or as the description"
_LENGTHS = ", ".join(map(str, HS_LENGTHS[:-1]))


def plain_transaction(
    items: Iterable[str], origin: str | None, destination: str | None, end_use: EndUse | None
) -> Transaction:
    """Return the transaction with each item typed freely: an HS code, a control code or words.

    Raises:
        BadInputError: As `read_transaction`.
    """
    asked = Transaction(
        items=tuple(map(item_from, items)),
        origin=origin,
        destination=destination,
        end_use=end_use,
    )
    return read_transaction(asked, at="", items="item")


def read_transaction(
    asked: Transaction, at: str = "transaction.", items: str = "items"
) -> Transaction:
    """Return the transaction with its codes in one spelling, after checks that no type can make.

    `at` is placed before the name of a field, and `items` is the caller's name for the items.

    Raises:
        BadInputError: Nothing is given at all, a code or a country is invalid, an item is empty,
            or there are too many items.
    """
    if asked == Transaction():
        raise BadInputError(
            f"{at}{items}", "none of items, origin, destination and end use is given"
        )
    if len(asked.items) > MAX_ITEMS:
        raise BadInputError(f"{at}{items}", f"the most is {MAX_ITEMS}")
    for name, country in (("origin", asked.origin), ("destination", asked.destination)):
        if country is not None and country_code(country) != country:
            raise BadInputError(f"{at}{name}", f"{country!r} is not an ISO 3166-1 alpha-2 code")
    read = (
        _read_item(item, f"{at}{items}[{position}]") for position, item in enumerate(asked.items)
    )
    return msgspec.structs.replace(asked, items=tuple(read))


def _read_item(item: AskedItem, field: str) -> AskedItem:
    if item == AskedItem():
        raise BadInputError(field, "none of description, hs and control_code is given")
    if item.description is not None:
        _check_description(item.description, f"{field}.description")
    return AskedItem(
        description=item.description,
        hs=None if item.hs is None else _hs(item.hs, f"{field}.hs"),
        control_code=(
            None
            if item.control_code is None
            else _control_code(item.control_code, f"{field}.control_code")
        ),
    )


def _check_description(description: str, field: str) -> None:
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise BadInputError(
            field,
            f"is {len(description)} characters long, the most is {MAX_DESCRIPTION_LENGTH}",
        )
    if not any(map(str.isalnum, as_shown(description))):
        raise BadInputError(field, "has no letter or digit to compare")


def _hs(printed: str, field: str) -> str:
    code = read_hs(printed)
    if code is None:
        raise BadInputError(
            field,
            f"{printed!r} is not an HS code, which has {_LENGTHS} or {HS_LENGTHS[-1]} digits; "
            f"full stops, spaces, commas or dashes may separate pairs of digits. {_ALONE}",
        )
    return code


def _control_code(printed: str, field: str) -> str:
    code = read_control_code(printed)
    if code is None:
        raise BadInputError(
            field,
            f"{printed!r} is not an entry of a control list, such as 3A090 or 3A090.a.1. {_ALONE}",
        )
    return code
