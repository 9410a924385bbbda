"""Events that an operator adds to a measure, beside those that come with the program."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from service.api.measures import MeasureId
from service.api.operators import SECURITY, TheOperator
from service.api.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    CONFLICT,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from service.flow.operators import Operators
from service.model.event import (
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

# An event may name a thousand parties, and says little else.
MAX_BODY_BYTES = 200_000
TheOperators = NamedDependency[SkipValidation[Operators]]
EventId = Annotated[str, PathParameter(max_length=200, description="The event's id.")]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=5000)]


class EventAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event to add; see `Event` for what its fields mean. It needs a citation.

    `replaces` is the id of an event of your own that it takes the place of.
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
    """Why an event is taken back."""

    because: LongText


class EventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the register has it."""

    measure_id: str
    event: Event


@post(
    "/v1/measures/{measure_id:str}/events",
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
) -> EventAnswer:
    """Records what this service's operator knows of a measure.

    It is kept apart from what comes with the program and never overwritten by an upgrade. Every
    process of the service has it within half a minute. It counts from the day on which it says
    that it was public.
    """
    asked = msgspec.convert({"id": "", **msgspec.structs.asdict(data)}, Event)
    event = await operators.add(measure_id, asked, operator)
    return EventAnswer(measure_id=measure_id, event=event)


@post(
    "/v1/measures/{measure_id:str}/events/{event_id:str}/retraction",
    operation_id="retractEvent",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Take an event of your own back",
    tags=["Measures"],
    status_code=HTTP_200_OK,
)
async def retract_event(
    measure_id: MeasureId,
    event_id: EventId,
    data: JSONBody[RetractionAsked],
    operators: TheOperators,
    operator: TheOperator,
) -> EventAnswer:
    """The event stays on record and counts for what was known before this day, and no more."""
    event = await operators.retract(measure_id, event_id, operator, data.because)
    return EventAnswer(measure_id=measure_id, event=event)
