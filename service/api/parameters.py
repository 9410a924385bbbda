"""Query parameters that several endpoints share, with their words and bounds."""

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
        description="The legal day asked about, for every authority; if left out, each "
        "authority's own today, which stands as `as_of` beside each status.",
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
        description="The moment whose day is today where `as_of` or `known_at` is left out, by "
        "each authority's own time: 2026-11-10T02:00:00Z. Now if left out. So what was asked "
        "with days left open can be asked again.",
    ),
]
Limit = Annotated[
    int,
    QueryParameter(name="limit", ge=1, le=MAX_LIMIT, description="The most items in one page."),
]
Cursor = Annotated[
    str | None,
    QueryParameter(name="cursor", max_length=400, description="`next_cursor` of the page before."),
]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which piece of a collection is wanted."""

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
