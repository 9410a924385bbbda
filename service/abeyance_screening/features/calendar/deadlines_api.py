"""The deadlines over HTTP and as a calendar file, and taking one to look after."""

import asyncio
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation
from litestar.status_codes import HTTP_201_CREATED

from abeyance_screening.features.calendar.api import TEXT_CALENDAR
from abeyance_screening.features.calendar.deadlines import DeadlineBoard
from abeyance_screening.features.calendar.icalendar import icalendar_of_deadlines
from abeyance_screening.features.calendar.service import Deadlines
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import MAX_BODY_BYTES, ShortText
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import TheDays, TheOperator

# A truce ended some twenty measures on one day.
_MOST_AT_ONCE = 200
TheDeadlines = NamedDependency[SkipValidation[Deadlines]]


class LookerAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who looks what becomes of some measures."""

    measures: Annotated[
        tuple[ShortText, ...], msgspec.Meta(min_length=1, max_length=_MOST_AT_ONCE)
    ]
    """Ids of the measures."""
    looker: ShortText | None
    """Who looks after them from now on; null for nobody."""


class LookerTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks after some measures, as it was recorded."""

    measures: tuple[str, ...]
    """Ids of the measures."""
    looker: str | None
    """Who looks after them; null for nobody."""
    recorded_by: str
    """Who recorded it."""


@get(
    "/v1/deadlines",
    opt=needs("read"),
    operation_id="listDeadlines",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Deadlines",
    tags=["Measures"],
)
async def list_deadlines(days: TheDays, deadlines: TheDeadlines) -> DeadlineBoard:
    """Return what lapsed in the last 30 days without a confirming act, and what changes in 30.

    Each says what would settle it, where such an act would appear, how old the last reading is
    against its limit, and who looks.
    """
    return await deadlines.on(days)


@get(
    "/v1/deadlines.ics",
    opt=needs("read"),
    operation_id="deadlinesCalendar",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Deadlines, as a calendar file",
    tags=["Measures"],
    media_type=TEXT_CALENDAR,
)
async def deadlines_calendar(days: TheDays, deadlines: TheDeadlines) -> Response[bytes]:
    """Return the deadlines as an iCalendar file to subscribe to, one all-day entry each."""
    board = await deadlines.on(days)
    content = await asyncio.to_thread(icalendar_of_deadlines, board)
    return Response(content, media_type=TEXT_CALENDAR)


@post(
    "/v1/deadlines/lookers",
    opt=needs("register", change="deadline.taken"),
    operation_id="takeDeadlines",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Look after a deadline",
    tags=["Measures"],
    status_code=HTTP_201_CREATED,
)
async def take_deadlines(
    data: JSONBody[LookerAsked], deadlines: TheDeadlines, operator: TheOperator
) -> Response[LookerTaken]:
    """Record who looks what becomes of some measures. It changes no status and is kept."""
    await deadlines.take(data.measures, data.looker, operator)
    return Response(LookerTaken(measures=data.measures, looker=data.looker, recorded_by=operator))


ROUTES = (list_deadlines, deadlines_calendar, take_deadlines)
