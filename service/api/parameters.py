"""Query parameters that several endpoints share, with their descriptions and bounds."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from service.days import Days
from service.screening.desk import Desk
from service.screening.question import MAX_LIMIT

TheDesk = NamedDependency[SkipValidation[Desk]]
AsOf = Annotated[
    date | None,
    QueryParameter(
        name="as_of",
        description="The legal day asked about, for every authority. If left out, it is today "
        "in each authority's time zone, and each status has its day as `as_of`.",
    ),
]
KnownAt = Annotated[
    date | None,
    QueryParameter(
        name="known_at",
        description="Only what was public on this day counts; today if left out.",
    ),
]
At = Annotated[
    datetime | None,
    QueryParameter(
        name="at",
        description="The moment that decides which day is today, in each authority's time zone, "
        "if `as_of` or `known_at` is left out: 2026-11-10T02:00:00Z. Now if left out. It repeats "
        "an earlier question whose days were left open.",
    ),
]
Limit = Annotated[
    int,
    QueryParameter(
        name="limit", ge=1, le=MAX_LIMIT, description="The largest number of items in one page."
    ),
]
Cursor = Annotated[
    str | None,
    QueryParameter(
        name="cursor", max_length=400, description="`next_cursor` of the previous page."
    ),
]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a collection that is asked for."""

    limit: int
    cursor: str | None


TheDays = NamedDependency[SkipValidation[Days]]
ThePage = NamedDependency[SkipValidation[Page]]


async def _days(
    desk: TheDesk, as_of: AsOf = None, known_at: KnownAt = None, at: At = None
) -> Days:
    return desk.days(as_of, known_at, at)


async def _page(limit: Limit = 100, cursor: Cursor = None) -> Page:
    return Page(limit=limit, cursor=cursor)


SHARED = {"days": Provide(_days), "page": Provide(_page)}
