"""The calendar of coming changes, as pages of JSON and as iCalendar to subscribe to."""

import asyncio
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

import msgspec
from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP
from icalendar.prop import vDuration
from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter, SkipValidation

from service.access.routes import needs
from service.api.bodies import TheDays, TheDesk, ThePage
from service.api.measures import AuthorityAsked, JurisdictionAsked, ListAsked
from service.api.problems import BAD_REQUEST, problem_responses
from service.days import Days
from service.measures.board import MeasureBoard, MeasureFilter
from service.measures.calendar import (
    MOST_PASSED_DAYS,
    PASSED_DAYS_KEPT,
    CalendarFilter,
    coming,
    outcome_in_words,
    place_of,
)
from service.measures.law.coming import ComingChange
from service.page import cut_page

TEXT_CALENDAR = "text/calendar"
_EVERY_DAY = timedelta(days=1)
# Source: RFC 5545, section 3.1, CONTROL; and characters that UTF-8 or a line of text cannot hold.
_FORBIDDEN = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_NO_TEXT = re.compile(f"[{_FORBIDDEN}]")
_LINK = re.compile(f'https?://[^{_FORBIDDEN} <>"]+')
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
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The `ETag` of the copy that you have."),
]
TheFilter = NamedDependency[SkipValidation[CalendarFilter]]


class CalendarPage(msgspec.Struct, frozen=True, kw_only=True):
    """Changes after `as_of`, and before them those of the last days if asked for.

    They are ordered by day and then by measure; `total` counts all pages.

    If `as_of` was left out of the request, it is the UTC day here, and in each row the authority's
    own day.
    """

    as_of: date
    known_at: date
    total: int
    items: tuple[ComingChange, ...]
    next_cursor: str | None


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
    responses={
        **problem_responses(BAD_REQUEST),
        HTTPStatus.NOT_MODIFIED: ResponseSpec(
            data_container=None, description="The calendar has not changed."
        ),
    },
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
    if_none_match: IfNoneMatch = None,
) -> Response[bytes]:
    """Return the coming changes as an iCalendar file to subscribe to, one all-day entry a change.

    An entry keeps its identity as long as the change does. It stays for 90 days after its day has
    passed, and says what followed; by then its `SEQUENCE` is higher, so that a calendar updates
    it. Changes that are only announced or disputed are tentative.
    """
    chosen = msgspec.structs.replace(chosen, passed_days=passed_days)
    content, etag = await asyncio.to_thread(_file, desk.board, chosen, days)
    if if_none_match is not None and etag in if_none_match:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": etag})
    return Response(content, media_type=TEXT_CALENDAR, headers={"etag": etag})


def icalendar(rows: Iterable[ComingChange], about: Iterable[str]) -> bytes:
    """Return an iCalendar file (RFC 5545, RFC 7986) with one all-day entry a row.

    `about` has the filters in words, for the calendar's name. The same rows give the same bytes:
    stamps are the days on which events became public.
    """
    name = _line("Abeyance: " + (", ".join(about) or "coming changes"))
    calendar = Calendar.new(
        prodid="-//Abeyance//Coming changes//EN",
        uid=uuid5(NAMESPACE_URL, f"urn:abeyance:calendar:{name}"),
        name=name,
        subcomponents=[_entry(row) for row in rows],
    )
    # The refresh interval has two names: that of the standard, and the one that Outlook reads.
    calendar["REFRESH-INTERVAL"] = vDuration(_EVERY_DAY, {"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(_EVERY_DAY)
    return calendar.to_ical()


@lru_cache(maxsize=_CACHED_FILES)
def _file(board: MeasureBoard, chosen: CalendarFilter, days: Days) -> tuple[bytes, str]:
    """Return the calendar file and its `ETag`."""
    content = icalendar(coming(board, chosen, days), chosen.in_words)
    return content, f'"{sha256(content).hexdigest()}"'


def _entry(row: ComingChange) -> Event:
    return Event.new(
        uid=row.id,
        stamp=datetime.combine(_changed_on(row), time.min, UTC),
        sequence=_sequence(row),
        start=row.on,
        summary=_line(_summary(row)),
        description=_description(row),
        categories=[_line(each) for each in _categories(row)],
        status=STATUS.TENTATIVE if row.announced or row.disputed else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
        url=_link(row.event.url),
    )


def _changed_on(row: ComingChange) -> date:
    """Return the day on which what an entry says last changed."""
    known = row.known_on or row.on
    if row.outcome is None:
        return known
    return max(known, row.on, row.outcome.known_on or row.on)


def _sequence(row: ComingChange) -> int:
    """Return how often an entry has changed: its day passes, and an act may follow."""
    if row.outcome is None:
        return 0
    return 1 if row.outcome.event is None else 2


def _summary(row: ComingChange) -> str:
    """Write a row's title: `Suspension ends: US: denial of gallium … (paragraph 2)`."""
    doubt = " (disputed)" if row.disputed else ""
    passed = "" if row.outcome is None else f" ({outcome_in_words(row.outcome)})"
    part = "" if row.slice is None else f" ({row.slice})"
    return f"{row.what.replace('_', ' ').capitalize()}{doubt}{passed}: {row.title}{part}"


def _description(row: ComingChange) -> str:
    outcome = row.outcome
    since = () if outcome is None else (outcome.sentence, outcome.event and outcome.event.url)
    source = (row.event.citation, row.event.url, f"Measure: {row.measure_id}")
    lines = (row.sentence, *since, *source)
    return "\n".join(map(_line, filter(None, lines)))


def _categories(row: ComingChange) -> tuple[str, ...]:
    return row.what.replace("_", " "), row.authority, row.jurisdiction, *row.lists


def _line(text: str) -> str:
    """Return the text in one line, with a blank for each character that the format forbids."""
    return _NO_TEXT.sub(" ", text)


def _link(url: str | None) -> str | None:
    """Return the address; None if it is not a valid link, which would break the whole file."""
    return url if url is not None and _LINK.fullmatch(url) else None
