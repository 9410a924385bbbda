"""Judgements over HTTP: made one by one or in bulk, approved, withdrawn, and their history."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED

from abeyance_screening.engine.screening.question import ShortText
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.access.pending_changes import PendingChange
from abeyance_screening.platform.http.bodies import EncodedResponse
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    FORBIDDEN,
    NOT_FOUND,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.questions.judgement_desk import (
    JudgementId,
    JudgementRequest,
    TheJudgements,
)
from abeyance_screening.platform.questions.parameters import ThePage
from abeyance_screening.platform.questions.pending_desk import WAITS, ThePending
from abeyance_screening.platform.stores.judgements import (
    Decision,
    HitJudgement,
    JudgementQuery,
    JudgementState,
)
from abeyance_screening.primitives.cursors import NextCursor, number_of, page_ahead
from abeyance_screening.primitives.errors import BadInputError

MOST_AT_ONCE = 1_000
JUDGEMENTS_PATH = "/v1/judgements"
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class JudgementGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision on one listing, or on all hits of one party."""

    counterparty: ShortText
    """Your own id of the counterparty."""
    listing: ShortText | None = None
    """Id of the listing, which must be a hit of it; either this or `party`."""
    party: ShortText | None = None
    """Id of the party, or of any listing of it: every hit of that party is judged."""
    owner: ShortText | None = None
    """The owner of it whose hit it is, by id or else by name; left out for itself."""
    decision: Decision
    reason: Reason
    """Why, in your own words."""
    until: date | None = None
    """The last day on which it holds; left out for no end."""


class JudgementsGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Decisions that are all made, or none of them."""

    judgements: Annotated[
        tuple[JudgementGiven, ...], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)
    ]
    """The decisions, up to 1,000."""


class JudgementsMade(msgspec.Struct, frozen=True, kw_only=True):
    """Judgements as they were made, one of each hit."""

    items: tuple[HitJudgement, ...]
    """The judgements."""


class JudgementPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of judgements, the newest first."""

    items: tuple[HitJudgement, ...]
    """The judgements."""
    next_cursor: NextCursor


class JudgementTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an account asks of its judgements."""

    four_eyes: bool
    """Whether a judgement holds only once another person than who made it has approved it."""


_DONE_OR_WAITS = {
    200: ResponseSpec(
        data_container=HitJudgement, generate_examples=False, description="It is withdrawn."
    ),
    **WAITS,
}
OfCounterparty = Annotated[
    str | None,
    QueryParameter(name="counterparty", max_length=200, description="Only about this one."),
]
OnListing = Annotated[
    str | None,
    QueryParameter(name="listing", max_length=200, description="Only on this listing."),
]
StateAsked = Annotated[
    JudgementState | None, QueryParameter(name="state", description="Only in this state.")
]


@post(
    JUDGEMENTS_PATH,
    opt=needs("judge", change="judgement.made"),
    operation_id="addJudgement",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    summary="Judge a hit",
    tags=["Judgements"],
    status_code=HTTP_201_CREATED,
)
async def add_judgement(
    data: JSONBody[JudgementGiven], judgements: TheJudgements
) -> JudgementsMade:
    """Say whether a counterparty and a listing are the same, as the listing reads now.

    Later answers carry the decision, and it reopens by itself when the names, numbers, addresses,
    type, birth dates or licence terms of the listing change, when a measure becomes stricter, when
    the counterparty changes, or after `until`. A mere reprint does not reopen it.
    """
    return JudgementsMade(items=await judgements.judge((_request_of(data),)))


@post(
    JUDGEMENTS_PATH + "/bulk",
    opt=needs("judge", change="judgement.made"),
    operation_id="addJudgements",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    summary="Judge many hits",
    tags=["Judgements"],
    status_code=HTTP_201_CREATED,
)
async def add_judgements(
    data: JSONBody[JudgementsGiven], judgements: TheJudgements
) -> JudgementsMade:
    """Make up to 1,000 judgements, all of them or none."""
    asked = tuple(
        _request_of(each, f"judgements[{place}].") for place, each in enumerate(data.judgements)
    )
    return JudgementsMade(items=await judgements.judge(asked))


@get(
    JUDGEMENTS_PATH,
    opt=needs("counterparties", reading="judgements.listed"),
    operation_id="listJudgements",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Judgements that were made",
    tags=["Judgements"],
)
async def list_judgements(
    judgements: TheJudgements,
    page: ThePage,
    counterparty: OfCounterparty = None,
    listing: OnListing = None,
    judgement_state: StateAsked = None,
) -> JudgementPage:
    """Return the judgements of the account, also those that hold no longer, the newest first."""
    before = None if page.cursor is None else number_of("judgements", page.cursor)
    query = JudgementQuery(
        before=before, counterparty=counterparty, listing=listing, state=judgement_state
    )
    found = await judgements.store().listed(query, page.limit + 1)
    items, more = page_ahead("judgements", found, lambda judgement: str(judgement.id), page.limit)
    return JudgementPage(items=items, next_cursor=more)


@post(
    JUDGEMENTS_PATH + "/{judgement_id:int}/approve",
    opt=needs("judge", change="judgement.approved", about="judgement_id"),
    operation_id="approveJudgement",
    responses=problem_responses(BAD_REQUEST, FORBIDDEN, NOT_FOUND, UNAVAILABLE),
    summary="Approve a judgement",
    tags=["Judgements"],
    status_code=HTTP_200_OK,
)
async def approve_judgement(judgement_id: JudgementId, judgements: TheJudgements) -> HitJudgement:
    """Have a judgement hold that waits for a second person.

    Whoever made it may not, nor anybody whose name can be taken for theirs, nor who made or
    replaced the key of the other.
    """
    return await judgements.approve(judgement_id)


@post(
    JUDGEMENTS_PATH + "/{judgement_id:int}/refuse",
    opt=needs("judge", change="judgement.refused", about="judgement_id"),
    operation_id="refuseJudgement",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Refuse a judgement",
    tags=["Judgements"],
    status_code=HTTP_200_OK,
)
async def refuse_judgement(judgement_id: JudgementId, judgements: TheJudgements) -> HitJudgement:
    """Refuse a judgement that waits for a second person; what held before still does."""
    return await judgements.refuse(judgement_id)


@delete(
    JUDGEMENTS_PATH + "/{judgement_id:int}",
    opt=needs("judge", change="judgement.withdrawn", about="judgement_id"),
    operation_id="withdrawJudgement",
    responses=_DONE_OR_WAITS | problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Withdraw a judgement",
    tags=["Judgements"],
    status_code=HTTP_200_OK,
)
async def withdraw_judgement(
    judgement_id: JudgementId, judgements: TheJudgements
) -> Response[HitJudgement | PendingChange]:
    """Take back a judgement that holds or waits; it stays in the history.

    One that two people made is withdrawn by two, where the account asks for four eyes: it waits
    for a second person, and holds until then.
    """
    done = await judgements.withdraw(judgement_id)
    status = HTTP_202_ACCEPTED if isinstance(done, PendingChange) else HTTP_200_OK
    return EncodedResponse((msgspec.json.encode(done),), status)


@get(
    "/v1/judgement-terms",
    opt=needs("counterparties"),
    operation_id="getJudgementTerms",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Whether judgements need a second person",
    tags=["Judgements"],
)
async def get_terms(changes_pending: ThePending) -> JudgementTerms:
    """Return what the account asks of its judgements."""
    return JudgementTerms(four_eyes=await changes_pending.store().is_four_eyed())


@put(
    "/v1/judgement-terms",
    opt=needs("admin", change="judgement.terms_set"),
    operation_id="putJudgementTerms",
    responses={200: ResponseSpec(data_container=JudgementTerms, generate_examples=False)}
    | WAITS
    | problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    summary="Ask for a second person, or no longer",
    tags=["Judgements"],
)
async def put_terms(
    data: JSONBody[JudgementTerms], changes_pending: ThePending
) -> Response[JudgementTerms | PendingChange]:
    """Set whether judgements hold only once another person has approved them.

    It is about those made from now on; those that hold or wait stay as they are. So long as it is
    asked for, changes of keys and of these terms, the release of a hold, and the withdrawal of a
    judgement that two people made wait for a second person too. An account that has one person
    alone with the scope `admin` cannot ask for it.
    """
    waits = await changes_pending.set_terms(four_eyes=data.four_eyes)
    if waits is None:
        return EncodedResponse((msgspec.json.encode(data),), HTTP_200_OK)
    return EncodedResponse((msgspec.json.encode(waits),), HTTP_202_ACCEPTED)


def _request_of(given: JudgementGiven, at: str = "") -> JudgementRequest:
    if (given.listing is None) == (given.party is None):
        raise BadInputError(f"{at}listing", "or `party` must be given, one of the two")
    return JudgementRequest(
        counterparty=given.counterparty,
        listing=given.listing,
        party=given.party,
        owner=given.owner,
        decision=given.decision,
        reason=given.reason,
        until=given.until,
        at=at,
    )


ROUTES = (
    add_judgement,
    add_judgements,
    list_judgements,
    approve_judgement,
    refuse_judgement,
    withdraw_judgement,
    get_terms,
    put_terms,
)
