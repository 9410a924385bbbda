"""Measures: the legal acts behind the lists, each with its status on a day and its timeline."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, QueryParameter, SkipValidation

from service.api.parameters import TheDays, TheDesk, ThePage
from service.api.problems import BAD_REQUEST, NOT_FOUND, problem_responses
from service.flow.measure_diff import measure_diff, span_of
from service.flow.measures import MeasureFilter, select_measures
from service.flow.page import cut_page
from service.model.coming import MeasureDiff
from service.model.errors import BadInputError
from service.model.measure import Measure
from service.model.on_day import MeasureOnDay
from service.model.status import StatusWord

JurisdictionAsked = Annotated[
    str | None,
    QueryParameter(name="jurisdiction", description="As a measure prints it: US, CN, EU …"),
]
AuthorityAsked = Annotated[
    str | None,
    QueryParameter(name="authority", description="As a measure prints it: BIS, MOFCOM …"),
]
StatusAsked = Annotated[
    StatusWord | None,
    QueryParameter(name="status", description="The status on the day asked about."),
]
ListAsked = Annotated[
    str | None, QueryParameter(name="list", description="Only measures that reach this list.")
]
# Read here: no parameter of a function can be called `from`, and the framework names a value it
# cannot read by the function's parameter.
FromAsked = Annotated[
    str, QueryParameter(name="from", format="date", description="The first legal day.")
]
ToAsked = Annotated[
    date, QueryParameter(name="to", description="The second, the same day or a later one.")
]
DiffKnownAt = Annotated[
    date | None,
    QueryParameter(
        name="known_at",
        description="What was public on this day counts on both days; if left out, what was "
        "public on each day itself.",
    ),
]
MeasureId = Annotated[str, PathParameter(max_length=200, description="The measure's id.")]


class MeasurePage(msgspec.Struct, frozen=True, kw_only=True):
    """Measures by id, with their status on the day asked about; `total` counts all pages."""

    as_of: date
    known_at: date
    total: int
    items: tuple[MeasureOnDay, ...]
    next_cursor: str | None


class MeasureAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One measure: its status on the day asked about, and the whole record with every event."""

    as_of: date
    known_at: date
    on_day: MeasureOnDay
    measure: Measure


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
    operation_id="listMeasures",
    responses=problem_responses(BAD_REQUEST),
    summary="Measures",
    tags=["Measures"],
    dependencies={"chosen": Provide(_chosen)},
)
async def list_measures(
    desk: TheDesk, days: TheDays, page: ThePage, chosen: TheFilter
) -> MeasurePage:
    """The measures that a filter lets through, by id."""
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
    operation_id="getMeasure",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND),
    summary="One measure",
    tags=["Measures"],
)
async def get_measure(measure_id: MeasureId, desk: TheDesk, days: TheDays) -> MeasureAnswer:
    """One measure with its status on the day and its whole timeline."""
    return MeasureAnswer(
        as_of=days.as_of,
        known_at=days.known_at,
        on_day=desk.board.one(measure_id, days),
        measure=desk.board.register.get(measure_id),
    )


@get(
    "/v1/measures/{measure_id:str}/diff",
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
    """The measure on one day against itself on a later one, and what happened in between."""
    return measure_diff(desk.board, measure_id, span_of(_day("from", since), to, known_at))


def _day(field: str, printed: str) -> date:
    try:
        return msgspec.convert(printed, date)
    except msgspec.ValidationError as error:
        raise BadInputError(field, f"{printed!r} is not a day") from error
