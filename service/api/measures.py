"""Measures: legal acts and rules, each with its status on a day and its events."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from service.access.routes import needs
from service.api.access import SECURITY, TheOperator
from service.api.bodies import TheDays, TheDesk, ThePage
from service.api.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    CONFLICT,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from service.api.repeats import TheOnce
from service.errors import BadInputError
from service.measures.arrival import BundleOutcome, RegisterState
from service.measures.board import MeasureFilter, select_measures
from service.measures.calendar import measure_diff, span_of
from service.measures.law.coming import MeasureDiff
from service.measures.measure import (
    Confidence,
    DayState,
    Event,
    EventKind,
    Exactness,
    LapseEffect,
    Measure,
    MeasureReview,
    Slice,
    Source,
    UntilBound,
    UntilState,
)
from service.measures.operators import (
    ConfirmationDraft,
    Confirmations,
    ConfirmedPlace,
    Operators,
    SignOff,
    sign_off_of,
)
from service.measures.status import MeasureOnDay, StatusWord
from service.measures.watch.reading import WatchState
from service.page import cut_page
from service.screening.review import CurrentReview, ReviewRow, need_key

JurisdictionAsked = Annotated[
    str | None,
    QueryParameter(name="jurisdiction", description="Code as in the register: US, CN, EU …"),
]
AuthorityAsked = Annotated[
    str | None,
    QueryParameter(name="authority", description="Name as in the register: BIS, MOFCOM …"),
]
StatusAsked = Annotated[
    StatusWord | None,
    QueryParameter(name="status", description="The status on the day asked about."),
]
ListAsked = Annotated[
    str | None, QueryParameter(name="list", description="Only measures that reach this list.")
]
# A string that the handler decodes, because a Python parameter cannot be called `from` and the
# framework would name the Python parameter in its error.
FromAsked = Annotated[
    str, QueryParameter(name="from", format="date", description="The first legal day.")
]
ToAsked = Annotated[
    date, QueryParameter(name="to", description="The second legal day, not before the first.")
]
DiffKnownAt = Annotated[
    date | None,
    QueryParameter(
        name="known_at",
        description="Only what was public on this day counts, for both days; if left out, what "
        "was public on each day itself.",
    ),
]
MeasureId = Annotated[str, PathParameter(max_length=200, description="The measure's id.")]


class MeasurePage(msgspec.Struct, frozen=True, kw_only=True):
    """Measures, ordered by id, with their status on the day; `total` counts all pages."""

    as_of: date
    known_at: date
    total: int
    items: tuple[MeasureOnDay, ...]
    next_cursor: str | None


class MeasureAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A measure: its status on the day asked about, and the whole record with every event.

    `sign_off` is the newest one: who has read the record against its act, and on which day; null
    where nobody has. It is as it is today, whatever the day asked about.
    """

    as_of: date
    known_at: date
    on_day: MeasureOnDay
    measure: Measure
    sign_off: SignOff | None


TheFilter = NamedDependency[SkipValidation[MeasureFilter]]


async def _chosen(
    jurisdiction: JurisdictionAsked = None,
    authority: AuthorityAsked = None,
    status: StatusAsked = None,
    list_code: ListAsked = None,
) -> MeasureFilter:
    return MeasureFilter(
        jurisdiction=jurisdiction, authority=authority, status=status, list_code=list_code
    )


@get(
    "/v1/measures",
    opt=needs("read"),
    operation_id="listMeasures",
    responses=problem_responses(BAD_REQUEST),
    summary="Measures",
    tags=["Measures"],
    dependencies={"chosen": Provide(_chosen)},
)
async def list_measures(
    desk: TheDesk, days: TheDays, page: ThePage, chosen: TheFilter
) -> MeasurePage:
    """Return the measures that match all filters, ordered by id."""
    measures = select_measures(desk.board, chosen, days)
    cut, next_cursor = cut_page(
        "measures", measures, lambda each: each.id, page.limit, page.cursor
    )
    return MeasurePage(
        as_of=days.as_of,
        known_at=days.known_at,
        total=len(measures),
        items=cut,
        next_cursor=next_cursor,
    )


@get(
    "/v1/measures/{measure_id:str}",
    opt=needs("read"),
    operation_id="getMeasure",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND),
    summary="One measure",
    tags=["Measures"],
)
async def get_measure(measure_id: MeasureId, desk: TheDesk, days: TheDays) -> MeasureAnswer:
    """Return one measure with its status on the day and all its events."""
    return MeasureAnswer(
        as_of=days.as_of,
        known_at=days.known_at,
        on_day=desk.board.one(measure_id, days),
        measure=desk.board.register.get(measure_id),
        sign_off=sign_off_of(desk.board.register, measure_id),
    )


@get(
    "/v1/measures/{measure_id:str}/diff",
    opt=needs("read"),
    operation_id="diffMeasure",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND),
    summary="What changed about a measure",
    tags=["Measures"],
)
async def diff_measure(
    measure_id: MeasureId,
    desk: TheDesk,
    since: FromAsked,
    to: ToAsked,
    known_at: DiffKnownAt = None,
) -> MeasureDiff:
    """Compare a measure on two days, with the events in between."""
    return measure_diff(desk.board, measure_id, span_of(_day("from", since), to, known_at))


def _day(field: str, printed: str) -> date:
    try:
        return msgspec.convert(printed, date)
    except msgspec.ValidationError as error:
        raise BadInputError(field, f"{printed!r} is not a day") from error


# --- Events that an operator adds to a measure.

# An event may name a thousand parties, and holds little else.
MAX_BODY_BYTES = 200_000
TheOperators = NamedDependency[SkipValidation[Operators]]
EventId = Annotated[str, PathParameter(max_length=200, description="The event's id.")]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=5000)]


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


# --- Confirmations: an operator's word that a place where acts appear was read.

TheConfirmations = NamedDependency[SkipValidation[Confirmations]]
PlaceId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
DocumentNumber = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class ConfirmationAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place that the operator has read.

    `until` is the last day read; if left out, that of the last `abeyance register watch`.
    `read_up_to` is the highest number of its new documents that the operator has read: whatever
    these change is in the register.
    """

    place: PlaceId
    until: date | None = None
    read_up_to: DocumentNumber | None = None


@post(
    "/v1/register/confirmations",
    opt=needs("register", change="place.confirmed"),
    operation_id="confirmPlace",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Confirm that a place was read",
    tags=["Measures"],
    status_code=HTTP_201_CREATED,
)
async def confirm_place(
    data: JSONBody[ConfirmationAsked],
    confirmations: TheConfirmations,
    operator: TheOperator,
    once: TheOnce,
) -> Response[ConfirmedPlace]:
    """Record that a place where acts appear was read, as an operator of this service.

    The measures that the place decides count as checked until that day, once every place that
    decides them is confirmed until then. It adds no event. A later confirmation replaces it.
    """
    draft = ConfirmationDraft(place=data.place, until=data.until, read_up_to=data.read_up_to)
    return await once(lambda: confirmations.confirm(draft, operator), HTTP_201_CREATED)


# --- The state of the register: which one it is, and how it is kept true.


class BundleAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to fetch a register bundle, and why it was not taken up, if it was not."""

    at: datetime
    outcome: BundleOutcome
    reason: str | None


class RegisterShown(msgspec.Struct, frozen=True, kw_only=True):
    """The register that this service's database holds, and how it is kept true.

    `digest` is a SHA-256 of its measures and events: where it is the same, the register is.
    `origin` is `program` for the register that comes with the program, or `bundle` for one from a
    signed bundle, made at `made_at`. `last_bundle` is the last attempt to fetch one, null without
    one; `last_refusal` is the last one that was refused, which a later success leaves as it is.
    """

    revision: int
    digest: str
    origin: Literal["program", "bundle"]
    made_at: datetime | None
    last_bundle: BundleAttempt | None
    last_refusal: BundleAttempt | None
    watch: WatchState


def register_shown(state: RegisterState) -> RegisterShown:
    """Return the state of the register as the API answers it."""
    last = state.last_fetch
    return RegisterShown(
        revision=state.revision,
        digest=state.digest,
        origin="program" if state.made_at is None else "bundle",
        made_at=state.made_at,
        last_bundle=None
        if last is None
        else BundleAttempt(at=last.tried_at, outcome=last.outcome, reason=last.reason),
        last_refusal=None
        if last is None or last.refused_at is None
        else BundleAttempt(at=last.refused_at, outcome="refused", reason=last.refused_because),
        watch=state.watch,
    )


TheReview = NamedDependency[SkipValidation[CurrentReview]]
TheRegisterState = NamedDependency[SkipValidation[RegisterState]]


@get(
    "/v1/register",
    opt=needs("read"),
    operation_id="registerState",
    responses=problem_responses(UNAVAILABLE),
    summary="The register",
    tags=["Measures"],
)
async def show_register(register_state: TheRegisterState) -> RegisterShown:
    """Return which register this is, where it came from, and how it is kept true.

    `watch` sums up the places where acts appear: the last look at them, those that could not be
    read, the documents that no person has read yet, and the places to be confirmed.
    """
    return register_shown(register_state)


# --- Sign-offs: an operator records that somebody has read a measure against its act.


class ReviewAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign-off to record: `by` has read the measure's record, as it is now, against its act.

    Without `by` it is the operator.
    """

    measure_id: ShortText
    by: ShortText | None = None
    note: LongText | None = None


class ReviewAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off as it is recorded in the register."""

    review: MeasureReview


@post(
    "/v1/register/reviews",
    opt=needs("register", change="measure.signed_off"),
    operation_id="signMeasure",
    responses=problem_responses(BAD_REQUEST, UNAUTHORISED, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    security=SECURITY,
    request_max_body_size=MAX_BODY_BYTES,
    summary="Sign off a measure",
    tags=["Measures"],
    status_code=HTTP_201_CREATED,
)
async def sign_measure(
    data: JSONBody[ReviewAsked], operators: TheOperators, operator: TheOperator, once: TheOnce
) -> Response[ReviewAnswer]:
    """Record that somebody has read a measure against its act, as an operator of this service.

    The sign-off has today's day (UTC) and counts for the record as it is now: once the record
    changes, the measure needs a reader again. Sign-offs are never changed or deleted.
    """
    by = operator if data.by is None else data.by

    async def sign() -> ReviewAnswer:
        return ReviewAnswer(review=await operators.sign(data.measure_id, by, data.note, operator))

    return await once(sign, HTTP_201_CREATED)


class ReviewPage(msgspec.Struct, frozen=True, kw_only=True):
    """Measures that need a legal reader, the neediest first; `total` counts all pages."""

    as_of: date
    known_at: date
    total: int
    items: tuple[ReviewRow, ...]
    next_cursor: str | None


ReviewListAsked = Annotated[
    str | None,
    QueryParameter(name="list", description="Only measures that bind a listing of this list."),
]


@get(
    "/v1/register/review",
    opt=needs("read"),
    operation_id="reviewRegister",
    responses=problem_responses(BAD_REQUEST),
    summary="Measures that need a legal reader",
    tags=["Measures"],
)
async def review_register(
    desk: TheDesk,
    review: TheReview,
    days: TheDays,
    page: ThePage,
    list_code: ReviewListAsked = None,
) -> ReviewPage:
    """Return the measures by what most needs a legal reader: listings touched, times doubt."""
    found = await review.at(desk, days, list_code)
    cut, next_cursor = cut_page("reviews", found.rows, need_key, page.limit, page.cursor)
    return ReviewPage(
        as_of=found.as_of,
        known_at=found.known_at,
        total=len(found.rows),
        items=cut,
        next_cursor=next_cursor,
    )
