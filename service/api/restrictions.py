"""Restrictions: measures that reach goods, places and end uses and name no company."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from service.api.parameters import TheDays, TheDesk
from service.api.problems import BAD_REQUEST, UNAVAILABLE, problem_responses
from service.measures.measure import EndUse
from service.screening.trade.read import plain_transaction
from service.screening.trade.restrictions import restrictions_on
from service.screening.trade.transaction import (
    MAX_DESCRIPTION_LENGTH,
    MAX_ITEMS,
    AskedItem,
    Restrictions,
    Transaction,
)

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]


class ItemAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of a transaction; see `AskedItem`."""

    description: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_DESCRIPTION_LENGTH)] | None
    ) = None
    hs: Code | None = None
    control_code: Code | None = None


class TransactionAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The goods, places and end use of a trade, at least one of them; see `Transaction`."""

    items: Annotated[tuple[ItemAsked, ...], msgspec.Meta(max_length=MAX_ITEMS)] = ()
    origin: Country | None = None
    destination: Country | None = None
    end_use: EndUse | None = None


ItemsAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="item",
        description="An HS code of 4, 6, 8 or 10 digits, the entry of a control list (3A090.a), "
        "or words; recognised by its form, or by `HS` or `ECCN` before it. Text that looks like a "
        "code but is not one, and a code among words, are refused. Repeat it for several.",
    ),
]
OriginAsked = Annotated[
    str | None,
    QueryParameter(
        name="origin",
        pattern="^[A-Z]{2}$",
        description="The country it is sent from: ISO 3166-1 alpha-2.",
    ),
]
DestinationAsked = Annotated[
    str | None,
    QueryParameter(
        name="destination",
        pattern="^[A-Z]{2}$",
        description="The country it is sent to: ISO 3166-1 alpha-2.",
    ),
]
EndUseAsked = Annotated[
    EndUse | None, QueryParameter(name="end_use", description="The end use of the items.")
]
TheTransaction = NamedDependency[SkipValidation[Transaction]]


async def _transaction(
    item: ItemsAsked = None,
    origin: OriginAsked = None,
    destination: DestinationAsked = None,
    end_use: EndUseAsked = None,
) -> Transaction:
    return plain_transaction(item or (), origin, destination, end_use)


@get(
    "/v1/restrictions",
    operation_id="restrictions",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Restrictions by goods, place and end use",
    tags=["Measures"],
    dependencies={"transaction": Provide(_transaction)},
)
async def restrictions(desk: TheDesk, days: TheDays, transaction: TheTransaction) -> Restrictions:
    """Return the measures that reach a transaction without naming a company, or may reach it."""
    return restrictions_on(desk.board, transaction, days)


def transaction_of(data: TransactionAsked) -> Transaction:
    """Return the transaction of a request body, not yet checked."""
    return Transaction(
        items=tuple(
            AskedItem(description=each.description, hs=each.hs, control_code=each.control_code)
            for each in data.items
        ),
        origin=data.origin,
        destination=data.destination,
        end_use=data.end_use,
    )
