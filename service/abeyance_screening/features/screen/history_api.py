"""Kept screenings over HTTP: list, show and delete them."""

from datetime import date
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from abeyance_screening.engine.screening.answer import ScreeningAnswer
from abeyance_screening.engine.screening.answer_brief import BriefScreening, CoverageRecord
from abeyance_screening.engine.screening.storage import HistoryQuery, ScreeningHold, ScreeningPage
from abeyance_screening.features.screen.coverage_store import CoverageStore
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.access.pending_changes import HoldRelease
from abeyance_screening.platform.http.bodies import EncodedResponse
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    CONFLICT,
    NOT_FOUND,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.questions.parameters import (
    TheDesk,
    TheOperator,
    ThePage,
    ViewAsked,
)
from abeyance_screening.platform.questions.pending_desk import WAITS, ThePending
from abeyance_screening.primitives.errors import NotFoundError

TheCoverages = NamedDependency[SkipValidation[CoverageStore]]
# A reason of 500 characters, whatever they are.
_MOST_BYTES = 8_192
_FOR_EVER = MappingProxyType({"cache-control": "private, max-age=31536000, immutable"})
ScreeningId = Annotated[UUID, PathParameter(description="The `id` of the screening.")]


@get(
    "/v1/screenings/{screening_id:uuid}",
    opt=needs("screen", reading="screening.read", about="screening_id"),
    operation_id="getScreening",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="An earlier screening",
    tags=["Screening"],
)
async def get_screening(
    screening_id: ScreeningId, desk: TheDesk, view: ViewAsked = "full"
) -> Response[ScreeningAnswer | BriefScreening]:
    """Return the answer of an earlier screening, in full byte for byte as it was given."""
    return EncodedResponse(await desk.screening(screening_id, view))


CoverageId = Annotated[
    str, PathParameter(pattern="^[0-9a-f]{32}$", description="`coverage.id` of a brief answer.")
]


@get(
    "/v1/coverage/{coverage_id:str}",
    opt=needs("screen"),
    operation_id="getCoverage",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="The editions that a brief answer rests on",
    tags=["Screening"],
)
async def get_coverage(
    coverage_id: CoverageId, coverages: TheCoverages
) -> Response[CoverageRecord]:
    """Return the lists that were searched, with the editions and the days they were read on.

    What an id stands for never changes.
    """
    return EncodedResponse((await coverages.get(coverage_id),), more=_FOR_EVER)


@delete(
    "/v1/screenings/{screening_id:uuid}",
    opt=needs("delete", change="screening.deleted", about="screening_id"),
    operation_id="deleteScreening",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, CONFLICT, UNAVAILABLE),
    summary="Delete a screening",
    tags=["Screening"],
    status_code=HTTP_204_NO_CONTENT,
)
async def delete_screening(screening_id: ScreeningId, desk: TheDesk) -> None:
    """Delete a screening for good, question and answer; a key of its account with `delete` may.

    One that is held stays.
    """
    await desk.delete_screening(screening_id)


Because = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class HoldAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A screening to hold."""

    because: Because
    """Why; the audit log has it."""


@get(
    "/v1/screenings/{screening_id:uuid}/hold",
    opt=needs("screen"),
    operation_id="getScreeningHold",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Why a screening is held",
    tags=["Screening"],
)
async def get_hold(screening_id: ScreeningId, desk: TheDesk) -> ScreeningHold:
    """Return who holds a screening, since when and why; 404 for one that is not held."""
    held = await desk.hold_of(screening_id)
    if held is None:
        raise NotFoundError("hold", str(screening_id))
    return held


@put(
    "/v1/screenings/{screening_id:uuid}/hold",
    opt=needs("hold", change="screening.held", about="screening_id"),
    operation_id="holdScreening",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    request_max_body_size=_MOST_BYTES,
    summary="Hold a screening",
    tags=["Screening"],
)
async def hold_screening(
    screening_id: ScreeningId, data: JSONBody[HoldAsked], desk: TheDesk, operator: TheOperator
) -> ScreeningHold:
    """Hold a screening as evidence: neither its age nor anybody deletes it until it is released.

    A screening that is held already stays so from its first day on, with the new reason.
    """
    return await desk.hold(screening_id, data.because, operator)


BecauseAsked = Annotated[
    str,
    QueryParameter(
        name="because", min_length=1, max_length=500, description="Why; the audit log has it."
    ),
]


@delete(
    "/v1/screenings/{screening_id:uuid}/hold",
    opt=needs("hold", change="screening.released", about="screening_id"),
    operation_id="releaseScreening",
    responses=WAITS | problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Release a screening",
    tags=["Screening"],
    status_code=HTTP_204_NO_CONTENT,
)
async def release_screening(
    screening_id: ScreeningId, because: BecauseAsked, desk: TheDesk, changes_pending: ThePending
) -> Response[None]:
    """End the hold of a screening: from now on it is deleted when it is old, or by who may.

    Where the account asks for four eyes it waits for a second person, and is held until then.
    """
    waits = await changes_pending.waits(HoldRelease(screening=screening_id, because=because))
    if waits is not None:
        return EncodedResponse((msgspec.json.encode(waits),), HTTP_202_ACCEPTED)
    await desk.release(screening_id, because)
    return Response(None, status_code=HTTP_204_NO_CONTENT)


FromAsked = Annotated[
    date | None,
    QueryParameter(name="from", description="Only those asked on this day (UTC) or later."),
]
UntilAsked = Annotated[
    date | None,
    QueryParameter(name="until", description="Only those asked on this day (UTC) or before."),
]
CounterpartyIdAsked = Annotated[
    str | None,
    QueryParameter(
        name="counterparty_id",
        min_length=1,
        max_length=200,
        description="Only those about a counterparty with this `id` of the caller's own. Those "
        "whose ids were not read yet are listed too.",
    ),
]


@get(
    "/v1/screenings",
    opt=needs("screen", reading="screenings.listed"),
    operation_id="listScreenings",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Screenings that are kept",
    tags=["Screening"],
)
async def list_screenings(
    desk: TheDesk,
    page: ThePage,
    from_day: FromAsked = None,
    until_day: UntilAsked = None,
    counterparty_id: CounterpartyIdAsked = None,
) -> ScreeningPage:
    """Return the screenings that the key's account keeps, the newest first, without any name."""
    asked = HistoryQuery(
        from_day=from_day,
        until_day=until_day,
        counterparty_id=counterparty_id,
        limit=page.limit,
        cursor=page.cursor,
    )
    return await desk.stored_screenings(asked)


ROUTES = (
    get_coverage,
    list_screenings,
    get_screening,
    delete_screening,
    get_hold,
    hold_screening,
    release_screening,
)
