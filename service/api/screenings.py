"""Screenings: whole questions, many counterparties at a time, each answer kept under its id."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK

from service.api.answers import WrittenResponse
from service.api.exact import NumberText
from service.api.parameters import TheDesk
from service.api.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    NOT_FOUND,
    UNAVAILABLE,
    problem_responses,
)
from service.api.restrictions import Country, TransactionAsked, transaction_of
from service.flow.ask import Asked
from service.model.answer import ScreeningAnswer
from service.model.days import Days
from service.model.listing import EntityType
from service.model.question import (
    MAX_ALIASES,
    MAX_COUNTERPARTIES,
    MAX_LIMIT,
    MAX_NAME_LENGTH,
    MAX_OWNERS,
    Counterparty,
)

NameText = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_LENGTH)]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Share = Annotated[
    NumberText,
    msgspec.Meta(
        description="Percent; a number, or a string with one in plain decimal notation",
        extra_json_schema={"minimum": 0, "maximum": 100},
    ),
]


class IdentifierAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of the counterparty: a registration, tax, LEI or IMO number."""

    value: ShortText
    kind: ShortText | None = None
    country: Country | None = None


class CounterpartyAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is asked about; see `Counterparty`."""

    name: NameText
    id: ShortText | None = None
    aliases: Annotated[tuple[NameText, ...], msgspec.Meta(max_length=MAX_ALIASES)] = ()
    entity_type: EntityType | None = None
    countries: Annotated[tuple[Country, ...], msgspec.Meta(max_length=50)] = ()
    addresses: Annotated[tuple[NameText, ...], msgspec.Meta(max_length=20)] = ()
    identifiers: Annotated[tuple[IdentifierAsked, ...], msgspec.Meta(max_length=20)] = ()
    owners: Annotated[tuple["OwnerAsked", ...], msgspec.Meta(max_length=MAX_OWNERS)] = ()


class OwnerAsked(CounterpartyAsked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who owns a part of the party it stands in; see `Owner`."""

    share: Share | None = None
    control: bool | None = None


class ScreeningAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A screening; see `Question`. Days are written 2026-11-24.

    A day left out is today, for each authority by its own time: today at the moment `at` where one
    is given (2026-11-10T02:00:00Z), else now.
    """

    counterparties: Annotated[
        tuple[CounterpartyAsked, ...], msgspec.Meta(min_length=1, max_length=MAX_COUNTERPARTIES)
    ]
    lists: Annotated[tuple[ShortText, ...], msgspec.Meta(min_length=1)] | None = None
    as_of: date | None = None
    known_at: date | None = None
    at: datetime | None = None
    since: date | None = None
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)] | None = None
    transaction: TransactionAsked | None = None


@post(
    "/v1/screenings",
    operation_id="screen",
    responses=problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    summary="Screen counterparties",
    tags=["Screening"],
    status_code=HTTP_200_OK,
)
async def screen(data: JSONBody[ScreeningAsked], desk: TheDesk) -> Response[ScreeningAnswer]:
    """Who each counterparty may be, and which measures reach it on the day asked about."""
    asked = _asked(data, desk.days(data.as_of, data.known_at, data.at))
    return WrittenResponse(await desk.screen(asked))


@get(
    "/v1/screenings/{screening_id:uuid}",
    operation_id="getScreening",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="An earlier screening",
    tags=["Screening"],
)
async def get_screening(
    screening_id: Annotated[UUID, PathParameter(description="The `id` of the screening.")],
    desk: TheDesk,
) -> Response[ScreeningAnswer]:
    """The answer of an earlier screening, byte for byte as it was given."""
    return WrittenResponse(await desk.screening(screening_id))


def _asked(data: ScreeningAsked, days: Days) -> Asked:
    return Asked(
        counterparties=tuple(map(_counterparty, data.counterparties)),
        lists=data.lists,
        days=days,
        since=data.since,
        threshold=data.threshold,
        limit=data.limit,
        transaction=None if data.transaction is None else transaction_of(data.transaction),
    )


def _counterparty(data: CounterpartyAsked) -> Counterparty:
    """The same fields: the two differ in nothing but what they refuse."""
    return msgspec.convert(data, Counterparty, from_attributes=True)
