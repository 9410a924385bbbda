"""The calendar of coming changes, as pages of JSON and as iCalendar to subscribe to."""

import asyncio
from datetime import date
from functools import lru_cache
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from abeyance_screening.engine.measures.board import MeasureBoard, MeasureFilter
from abeyance_screening.engine.measures.calendar import (
    MOST_PASSED_DAYS,
    PASSED_DAYS_KEPT,
    CalendarFilter,
    coming,
    place_of,
)
from abeyance_screening.engine.measures.law.coming import ComingChange
from abeyance_screening.features.calendar.icalendar import icalendar
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.problems import BAD_REQUEST, problem_responses
from abeyance_screening.platform.questions.parameters import (
    AuthorityAsked,
    JurisdictionAsked,
    ListAsked,
    TheDays,
    TheDesk,
    ThePage,
)
from abeyance_screening.primitives.cursors import NextCursor, PageTotal, cut_page
from abeyance_screening.primitives.days import Days, KnownDay

TEXT_CALENDAR = "text/calendar"
# Each file has up to some 300 kB.
_CACHED_FILES = 16
UntilAsked = Annotated[
    date | None,
    QueryParameter(name="until", description="The last day to include; no end if left out."),
]
MeasureAsked = Annotated[
    str | None,
    QueryParameter(name="measure", max_length=200, description="Only the measure with this id."),
]
PassedAsked = Annotated[
    int,
    QueryParameter(
        name="passed_days",
        ge=0,
        le=MOST_PASSED_DAYS,
        description="Also the changes of so many last days, with what followed: 1 is the day "
        "asked about, 0 none.",
    ),
]
PassedKept = Annotated[
    int,
    QueryParameter(
        name="passed_days",
        ge=0,
        le=MOST_PASSED_DAYS,
        description="For how many days an entry stays after its day has passed, with what "
        "followed; 0 keeps none.",
    ),
]
TheFilter = NamedDependency[SkipValidation[CalendarFilter]]


class CalendarPage(msgspec.Struct, frozen=True, kw_only=True):
    """Coming changes, and before them those of the last days if asked for."""

    as_of: date
    """The legal day asked about; if that was left out, the UTC day here and in each row the
    authority's own."""
    known_at: KnownDay
    total: PageTotal
    items: tuple[ComingChange, ...]
    """The changes, ordered by day and then by measure."""
    next_cursor: NextCursor


async def _chosen(
    until: UntilAsked = None,
    measure: MeasureAsked = None,
    list_code: ListAsked = None,
    jurisdiction: JurisdictionAsked = None,
    authority: AuthorityAsked = None,
) -> CalendarFilter:
    by = MeasureFilter(jurisdiction=jurisdiction, authority=authority, list_code=list_code)
    return CalendarFilter(until=until, measure_id=measure, measures=by)


@get(
    "/v1/calendar",
    opt=needs("read"),
    operation_id="listComingChanges",
    responses=problem_responses(BAD_REQUEST),
    summary="Coming changes",
    tags=["Measures"],
    dependencies={"chosen": Provide(_chosen)},
)
async def list_coming(
    desk: TheDesk, days: TheDays, page: ThePage, chosen: TheFilter, passed_days: PassedAsked = 0
) -> CalendarPage:
    """Return every change of a measure's status that is known to come after a day, by day.

    Changes that are only announced are included and marked; they change no status. The term of a
    single entry of a list is with its listing, not here. With `passed_days` the changes of the
    last days come first, with `is_passed` and their `outcome`.
    """
    chosen = msgspec.structs.replace(chosen, passed_days=passed_days)
    rows = await asyncio.to_thread(coming, desk.board, chosen, days)
    cut, next_cursor = cut_page("calendar", rows, place_of, page.limit, page.cursor)
    return CalendarPage(
        as_of=days.as_of,
        known_at=days.known_at,
        total=len(rows),
        items=cut,
        next_cursor=next_cursor,
    )


@get(
    "/v1/calendar.ics",
    opt=needs("read"),
    operation_id="comingChangesCalendar",
    responses=problem_responses(BAD_REQUEST),
    summary="Coming changes, as a calendar file",
    tags=["Measures"],
    media_type=TEXT_CALENDAR,
    dependencies={"chosen": Provide(_chosen)},
)
async def coming_calendar(
    desk: TheDesk,
    days: TheDays,
    chosen: TheFilter,
    passed_days: PassedKept = PASSED_DAYS_KEPT,
) -> Response[bytes]:
    """Return the coming changes as an iCalendar file to subscribe to, one all-day entry a change.

    An entry keeps its identity as long as the change does. It stays for 90 days after its day has
    passed, and says what followed; by then its `SEQUENCE` is higher, so that a calendar updates
    it. Changes that are only announced or disputed are tentative.
    """
    chosen = msgspec.structs.replace(chosen, passed_days=passed_days)
    content = await asyncio.to_thread(_file, desk.board, chosen, days)
    return Response(content, media_type=TEXT_CALENDAR)


@lru_cache(maxsize=_CACHED_FILES)
def _file(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> bytes:
    return icalendar(coming(board, chosen, days), chosen.in_words)


ROUTES = (list_coming, coming_calendar)
