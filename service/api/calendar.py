"""The calendar of coming changes, as JSON to page through and as iCalendar to subscribe to."""

import asyncio
from datetime import date
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter, SkipValidation

from service.api.ical import TEXT_CALENDAR, icalendar
from service.api.measures import AuthorityAsked, JurisdictionAsked, ListAsked
from service.api.parameters import TheDays, TheDesk, ThePage
from service.api.problems import BAD_REQUEST, problem_responses
from service.flow.calendar import CalendarFilter, coming, place_of
from service.flow.measures import MeasureBoard, MeasureFilter
from service.flow.page import cut_page
from service.model.coming import ComingChange
from service.model.days import Days

# Files of up to some 300 kB.
_REMEMBERED_FILES = 16

UntilAsked = Annotated[
    date | None,
    QueryParameter(name="until", description="The last day told; no end if left out."),
]
MeasureAsked = Annotated[
    str | None,
    QueryParameter(name="measure", max_length=200, description="Only the measure with this id."),
]
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The `ETag` of the calendar held already."),
]


class CalendarPage(msgspec.Struct, frozen=True, kw_only=True):
    """Changes after `as_of`, by day and then by measure; `total` counts all pages.

    Where `as_of` was left out it is the UTC day here, and in each row the authority's own.
    """

    as_of: date
    known_at: date
    total: int
    items: tuple[ComingChange, ...]
    next_cursor: str | None


TheFilter = NamedDependency[SkipValidation[CalendarFilter]]


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
    operation_id="listComingChanges",
    responses=problem_responses(BAD_REQUEST),
    summary="What comes",
    tags=["Measures"],
    dependencies={"chosen": Provide(_chosen)},
)
async def list_coming(
    desk: TheDesk, days: TheDays, page: ThePage, chosen: TheFilter
) -> CalendarPage:
    """Every change of a measure's status that is known to come after a day, by day.

    Also what is only announced, marked as such: it changes no status. The term of a single entry
    of a list stands with its listing, not here.
    """
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
    operation_id="comingChangesCalendar",
    responses={
        **problem_responses(BAD_REQUEST),
        HTTPStatus.NOT_MODIFIED: ResponseSpec(
            data_container=None, description="The calendar is the one held already."
        ),
    },
    summary="What comes, as a calendar",
    tags=["Measures"],
    media_type=TEXT_CALENDAR,
    dependencies={"chosen": Provide(_chosen)},
)
async def coming_calendar(
    desk: TheDesk, days: TheDays, chosen: TheFilter, if_none_match: IfNoneMatch = None
) -> Response[bytes]:
    """The same as an iCalendar file to subscribe to: one all-day entry a change.

    An entry keeps its identity while the change stays. What is only announced or disputed is
    tentative.
    """
    content, etag = await asyncio.to_thread(_file, desk.board, chosen, days)
    if if_none_match is not None and etag in if_none_match:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": etag})
    return Response(content, media_type=TEXT_CALENDAR, headers={"etag": etag})


@lru_cache(maxsize=_REMEMBERED_FILES)
def _file(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[bytes, str]:
    """The calendar and its `ETag`."""
    content = icalendar(coming(board, chosen, days), chosen.in_words)
    return content, f'"{sha256(content).hexdigest()}"'
