"""Measures: legal acts and rules, each with its status on a day and its events."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from abeyance_screening.engine.measures.board import MeasureFilter, select_measures
from abeyance_screening.engine.measures.calendar import measure_diff, span_of
from abeyance_screening.engine.measures.law.coming import MeasureDiff
from abeyance_screening.engine.measures.law.resolve import good_until
from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.publishers import (
    ReadingGrade,
    WordsRead,
    reading_grade,
    reading_of_measure,
    told_by,
)
from abeyance_screening.engine.measures.sign_offs import SignOff, sign_offs_of
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.features.register.review import CurrentReview
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.problems import BAD_REQUEST, NOT_FOUND, problem_responses
from abeyance_screening.platform.questions.parameters import (
    AuthorityAsked,
    JurisdictionAsked,
    ListAsked,
    MeasureId,
    TheDays,
    TheDesk,
    ThePage,
)
from abeyance_screening.primitives.cursors import NextCursor, PageTotal, cut_page
from abeyance_screening.primitives.days import KnownDay, LegalDay
from abeyance_screening.primitives.errors import BadInputError

StatusAsked = Annotated[
    StatusWord | None,
    QueryParameter(name="status", description="The status on the day asked about."),
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


class MeasurePage(msgspec.Struct, frozen=True, kw_only=True):
    """Measures, ordered by id, with their status on the day."""

    as_of: LegalDay
    known_at: KnownDay
    total: PageTotal
    items: tuple[MeasureOnDay, ...]
    """The measures, ordered by id."""
    next_cursor: NextCursor


class MeasureAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A measure: its status on the day asked about, and the whole record with every event."""

    as_of: LegalDay
    known_at: KnownDay
    on_day: MeasureOnDay
    measure: Measure
    sign_off: SignOff | None
    """Who last read the record against its act, as of today whatever the day asked about; null if
    nobody has."""
    sign_offs: tuple[SignOff, ...]
    """Every sign-off that was ever given, the newest first."""
    rests_on: ReadingGrade
    read: WordsRead | None
    """Where and when the act's words were read; null if they were not."""
    told_by: tuple[str, ...]
    """Hosts of the pages that tell of the act, where its words were not seen; empty where they
    were."""
    good_until: date | None
    """Last day on which the last reading of its sources confirms this status; null where no day
    of reading is recorded."""


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
    register = desk.board.register
    measure, signed = register.get(measure_id), sign_offs_of(register, measure_id)
    reading, on_day = reading_of_measure(measure), desk.board.one(measure_id, days)
    grade = reading_grade(measure.confidence, reading)
    return MeasureAnswer(
        as_of=days.as_of,
        known_at=days.known_at,
        on_day=on_day,
        measure=measure,
        sign_off=next(iter(signed), None),
        sign_offs=signed,
        rests_on=grade,
        read=reading,
        told_by=told_by(measure) if grade == "told" else (),
        good_until=good_until(measure, on_day.status),
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


TheReview = NamedDependency[SkipValidation[CurrentReview]]


ROUTES = (list_measures, get_measure, diff_measure)
