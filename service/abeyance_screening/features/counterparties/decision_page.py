"""Decisions by form, on hits of a counterparty that the same act may put on watch.

A decision that waits for a second person is approved or refused by form too.
"""

from datetime import date
from http import HTTPStatus
from urllib.parse import parse_qsl

from litestar import post
from litestar.datastructures import MultiDict
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from abeyance_screening.features.counterparties.api import TheCounterparties
from abeyance_screening.features.counterparties.page import PATH, check_typed, id_of
from abeyance_screening.features.counterparties.types import WatchedCounterparty, read_watched
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.decisions import DECISIONS
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    Given,
    link_below,
    sent_form,
    text_of,
    texts_of,
)
from abeyance_screening.platform.questions.form import read_question, read_view
from abeyance_screening.platform.questions.judgement_desk import (
    JudgementId,
    JudgementRequest,
    TheJudgements,
)
from abeyance_screening.platform.stores.judgements import Decision
from abeyance_screening.primitives.errors import BadInputError

_LONGEST_REASON, _MOST_FIELDS = 2_000, 1_000


@post(
    PATH + "/decision",
    opt=needs("judge", change="judgement.made", also="counterparties"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def decide_page(
    request: AnyRequest, counterparties: TheCounterparties, judgements: TheJudgements
) -> Redirect:
    """Record a decision, and lead to the counterparty.

    With the field `question`, that of an answer of the search page, whoever it is about is put on
    watch with the `id` of the form, unless somebody of that name is there under it. Each `listing`
    is judged alike, all of them or none.
    """
    given = await sent_form(request)
    key, asked = id_of(given), _requests_of(given)
    if question := text_of(given, "question"):
        made = await counterparties.put_and(
            check_typed(key), _watched(question), lambda place: judgements.judge_on(place, asked)
        )
    else:
        made = await judgements.judge(asked)
    return _to_counterparty(key, made[0].state)


@post(
    PATH + "/decision/{judgement_id:int}/approve",
    opt=needs("judge", change="judgement.approved", about="judgement_id", also="counterparties"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def approve_page(judgement_id: JudgementId, judgements: TheJudgements) -> Redirect:
    """Approve a decision of somebody else that waits, and lead to the counterparty."""
    approved = await judgements.approve(judgement_id)
    return _to_counterparty(approved.counterparty, "approved")


@post(
    PATH + "/decision/{judgement_id:int}/refuse",
    opt=needs("judge", change="judgement.refused", about="judgement_id", also="counterparties"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def refuse_page(judgement_id: JudgementId, judgements: TheJudgements) -> Redirect:
    """Refuse a decision that waits, and lead to the counterparty."""
    refused = await judgements.refuse(judgement_id)
    return _to_counterparty(refused.counterparty, "refused")


def _to_counterparty(key: str, decided: str) -> Redirect:
    address = link_below(PATH, key, (("decided", decided),))
    return Redirect(address, status_code=HTTP_303_SEE_OTHER)


def _requests_of(given: Given) -> tuple[JudgementRequest, ...]:
    """Return the decision of a form, once for each listing.

    Raises:
        BadInputError: It has no decision, reason or listing, or a day that is none.
    """
    decision, reason = text_of(given, "decision"), text_of(given, "reason")
    known: Decision | None = next((each for each in DECISIONS if decision == each), None)
    if known is None:
        raise BadInputError("decision", "is to be chosen: same, different or unsure")
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise BadInputError("reason", f"is to be given, in at most {_LONGEST_REASON:,} characters")
    listings = texts_of(given, "listing")
    if not listings:
        raise BadInputError("listing", "is to be ticked: on which entries this is decided")
    return tuple(
        JudgementRequest(
            counterparty=id_of(given),
            listing=each,
            party=None,
            owner=None,
            decision=known,
            reason=reason,
            until=_day(text_of(given, "until")),
        )
        for each in listings
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise BadInputError("until", f"is no day: {typed[:40]}") from error


def _watched(question: str) -> WatchedCounterparty:
    """Return whoever a question of the search page is about, as it asks.

    Raises:
        BadInputError: The question cannot be read.
    """
    try:
        pairs = parse_qsl(question, max_num_fields=_MOST_FIELDS)
        asked, faults = read_question(read_view(MultiDict(pairs)))
        if asked is None:
            raise BadInputError(faults[0].field, faults[0].text)
        counterparty = asked.counterparties[0]
        watched = WatchedCounterparty(
            name=counterparty.name,
            countries=counterparty.countries,
            entity_type=counterparty.entity_type,
            owners=counterparty.owners,
            lists=asked.lists,
            threshold=asked.threshold,
        )
        return read_watched(watched.write())
    except ValueError as error:
        raise BadInputError("question", f"cannot be read: {error}") from error


PAGES = (decide_page, approve_page, refuse_page)
