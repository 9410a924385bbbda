"""Operators' events over HTTP: add and retract them."""

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from abeyance_screening.engine.measures.measure import (
    AffectedPart,
    Confidence,
    DayState,
    Event,
    EventKind,
    Exactness,
    LapseEffect,
    Source,
    UntilBound,
    UntilState,
)
from abeyance_screening.engine.measures.measure_fields import (
    AnnouncedOn,
    EffectiveOn,
    FromAuthority,
    PublishedOn,
    StatedEnd,
)
from abeyance_screening.features.register.events import Operators
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import MAX_BODY_BYTES, LongText, ShortText
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    CONFLICT,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import MeasureId, TheOperator

TheOperators = NamedDependency[SkipValidation[Operators]]
EventId = Annotated[str, PathParameter(max_length=200, description="The event's id.")]


class EventAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event to add, as an operator."""

    kind: EventKind
    citation: ShortText
    """The act that states it, as lawyers cite it; an event needs one."""
    confidence: Confidence
    announced_on: AnnouncedOn = None
    published_on: PublishedOn = None
    effective_on: EffectiveOn = None
    effective_time: ShortText | None = None
    """The hour on `effective_on`, for readers only: `12:01+08:00`."""
    day_state: DayState | None = None
    exactness: Exactness = "day"
    until: StatedEnd = None
    until_bound: UntilBound | None = None
    until_state: UntilState | None = None
    lapse_effect: LapseEffect | None = None
    slice: AffectedPart = None
    formality: ShortText | None = None
    """The form of the act: `legal_instrument`, `official_statement`, `court_order` …"""
    issued_by_authority: FromAuthority = True
    source: Source | None = None
    """Where it was read."""
    quote: LongText | None = None
    """The act's own words, in its own language."""
    replaces: ShortText | None = None
    """Id of an earlier event of your own that this one replaces."""
    note: LongText | None = None
    """A remark for readers, which decides nothing."""


class RetractionAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reason for taking back an event."""

    because: LongText
    """The reason, which stays on record."""


class EventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is recorded in the register."""

    measure_id: str
    """Id of the measure in the register."""
    event: Event
    """The event with its new id, and what the register adds to it."""


@post(
    "/v1/measures/{measure_id:str}/events",
    opt=needs("register", change="event.recorded", about="measure_id"),
    operation_id="addEvent",
    responses=problem_responses(
        BAD_REQUEST, UNAUTHORISED, NOT_FOUND, CONFLICT, *BODY_REFUSED, UNAVAILABLE
    ),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Add an event of your own",
    tags=["Measures"],
    status_code=HTTP_201_CREATED,
)
async def add_event(
    measure_id: MeasureId,
    data: JSONBody[EventAsked],
    operators: TheOperators,
    operator: TheOperator,
    once: TheOnce,
) -> Response[EventAnswer]:
    """Add an event to a measure, as an operator of this service.

    The event is kept apart from those that come with the program, and no upgrade overwrites it.
    Every process of the service has it within half a minute. It counts from the day on which it
    became public, as its fields state.
    """
    asked = msgspec.convert({"id": "", **msgspec.structs.asdict(data)}, Event)

    async def add() -> EventAnswer:
        event = await operators.add(measure_id, asked, operator)
        return EventAnswer(measure_id=measure_id, event=event)

    return await once(add, HTTP_201_CREATED)


@post(
    "/v1/measures/{measure_id:str}/events/{event_id:str}/retraction",
    opt=needs("register", change="event.retracted", about="measure_id"),
    operation_id="retractEvent",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Take back an event of your own",
    tags=["Measures"],
    status_code=HTTP_200_OK,
)
async def retract_event(
    measure_id: MeasureId,
    event_id: EventId,
    data: JSONBody[RetractionAsked],
    operators: TheOperators,
    operator: TheOperator,
    once: TheOnce,
) -> Response[EventAnswer]:
    """Take back an event. It stays on record and counts only for a `known_at` before this day."""

    async def retract() -> EventAnswer:
        event = await operators.retract(measure_id, event_id, operator, data.because)
        return EventAnswer(measure_id=measure_id, event=event)

    return await once(retract, HTTP_200_OK)


ROUTES = (add_event, retract_event)
