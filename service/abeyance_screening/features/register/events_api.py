"""Operators' events over HTTP: add and retract them."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from abeyance_screening.engine.measures.measure import (
    Confidence,
    DayState,
    Event,
    EventKind,
    Exactness,
    LapseEffect,
    Slice,
    Source,
    UntilBound,
    UntilState,
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
    """An event to add, which needs a citation; see `Event` for the meaning of its fields.

    `replaces` is the id of an earlier event of your own that the new one replaces.
    """

    kind: EventKind
    citation: ShortText
    confidence: Confidence
    announced_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    effective_time: ShortText | None = None
    day_state: DayState | None = None
    exactness: Exactness = "day"
    until: date | None = None
    until_bound: UntilBound | None = None
    until_state: UntilState | None = None
    lapse_effect: LapseEffect | None = None
    slice: Slice | None = None
    formality: ShortText | None = None
    issued_by_authority: bool = True
    source: Source | None = None
    quote: LongText | None = None
    replaces: ShortText | None = None
    note: LongText | None = None


class RetractionAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reason for taking back an event."""

    because: LongText


class EventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is recorded in the register."""

    measure_id: str
    event: Event


@post(
    "/v1/measures/{measure_id:str}/events",
    opt=needs("register", change="event.recorded"),
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
    opt=needs("register", change="event.retracted"),
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


ROUTES = (
    add_event,
    retract_event,
)
