"""Parties and their splits over HTTP."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from abeyance_screening.engine.screening.answer import PartyAnswer
from abeyance_screening.engine.screening.parties.table import PartySplit
from abeyance_screening.features.parties.splits_and_joins import PartySplits
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import MAX_BODY_BYTES, LongText, TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import (
    ListingIdText,
    TheDays,
    TheDesk,
    ThePage,
)
from abeyance_screening.primitives.cursors import NextCursor, cut_page, numbered

# --- Parties: one over all lists, and operators' words that listings are different ones.

# A party has a dozen listings at most.
_MOST_LISTINGS = 100
_LARGEST_ID = 2**63 - 1
TheSplits = NamedDependency[SkipValidation[PartySplits]]
PartyId = Annotated[
    str,
    PathParameter(max_length=200, description="The party's `id`, or that of any of its listings."),
]
SplitId = Annotated[int, PathParameter(ge=1, le=_LARGEST_ID, description="The `id` of the split.")]


@get(
    "/v1/parties/{party_id:str}",
    opt=needs("read"),
    operation_id="getParty",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="One party over all lists",
    tags=["Screening"],
)
async def get_party(party_id: PartyId, desk: TheDesk, days: TheDays) -> PartyAnswer:
    """Return a party: its listings of all lists with their measures, and why they are one."""
    return await desk.party(party_id, days)


class SplitAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Listings that are another party than others."""

    listings: Annotated[
        tuple[ListingIdText, ...], msgspec.Meta(min_length=1, max_length=_MOST_LISTINGS)
    ]
    """Ids of the listings that are another party than those of `apart_from`."""
    apart_from: Annotated[tuple[ListingIdText, ...], msgspec.Meta(max_length=_MOST_LISTINGS)] = ()
    """Ids of the other listings; all others of their party if left out."""
    because: LongText
    """The reason, which stays on record."""


class JoinAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Listings that are the same party as others."""

    listings: Annotated[
        tuple[ListingIdText, ...], msgspec.Meta(min_length=1, max_length=_MOST_LISTINGS)
    ]
    """Ids of the listings that are the same party as those of `same_as`."""
    same_as: Annotated[
        tuple[ListingIdText, ...], msgspec.Meta(min_length=1, max_length=_MOST_LISTINGS)
    ]
    """Ids of the other listings."""
    because: LongText
    """The reason, which stays on record."""


class WithdrawalAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reason for taking back a split."""

    because: LongText
    """The reason, which stays on record."""


class SplitList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the splits and withdrawals."""

    items: tuple[PartySplit, ...]
    """In the order in which they were recorded."""
    next_cursor: NextCursor


@get(
    "/v1/parties/splits",
    opt=needs("register", local=True),
    operation_id="listPartySplits",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, UNAVAILABLE),
    security=SECURITY,
    summary="Splits of parties",
    tags=["Screening"],
)
async def list_splits(splits: TheSplits, page: ThePage) -> SplitList:
    """Return every word of an operator that listings are different parties, or one party.

    None is deleted.
    """
    items, after = cut_page(
        "splits", await splits.all(), lambda each: numbered(each.id), page.limit, page.cursor
    )
    return SplitList(items=items, next_cursor=after)


@post(
    "/v1/parties/splits",
    opt=needs("register", change="party.split", local=True),
    operation_id="splitParty",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Split a party",
    tags=["Screening"],
    status_code=HTTP_201_CREATED,
)
async def split_party(
    request: TypedRequest, data: JSONBody[SplitAsked], splits: TheSplits, once: TheOnce
) -> Response[PartySplit]:
    """Record, as an operator of this service, that listings are different parties.

    It is kept whatever editions come, and every process of the service joins its parties anew
    within half a minute. No listing and no hit is removed by it.
    """
    by = caller_of(request).author
    return await once(
        lambda: splits.split(data.listings, data.apart_from, data.because, by), HTTP_201_CREATED
    )


@post(
    "/v1/parties/joins",
    opt=needs("register", change="party.join", local=True),
    operation_id="joinParties",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Join parties",
    tags=["Screening"],
    status_code=HTTP_201_CREATED,
)
async def join_parties(
    request: TypedRequest, data: JSONBody[JoinAsked], splits: TheSplits, once: TheOnce
) -> Response[PartySplit]:
    """Record that listings are one party, whatever lists print, for every account.

    It is kept, listed and taken back as a split is, and counts within half a minute. A service
    that asks for no key takes it as `local`. What an account decides for itself alone is a
    judgement on a hit of its counterparty, for which the scope `judge` is enough.
    """
    by = caller_of(request).author
    return await once(
        lambda: splits.join(data.listings, data.same_as, data.because, by), HTTP_201_CREATED
    )


@post(
    "/v1/parties/splits/{split_id:int}/withdrawal",
    opt=needs("register", change="party.split_withdrawn", about="split_id", local=True),
    operation_id="withdrawPartySplit",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Take back a split",
    tags=["Screening"],
    status_code=HTTP_200_OK,
)
async def withdraw_split(
    request: TypedRequest,
    split_id: SplitId,
    data: JSONBody[WithdrawalAsked],
    splits: TheSplits,
    once: TheOnce,
) -> Response[PartySplit]:
    """Take back a split or a join. It stays on record, and evidence alone decides again."""
    by = caller_of(request).author
    return await once(lambda: splits.withdraw(split_id, data.because, by), HTTP_200_OK)


ROUTES = (
    get_party,
    list_splits,
    split_party,
    join_parties,
    withdraw_split,
)
