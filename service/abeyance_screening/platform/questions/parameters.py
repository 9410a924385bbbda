"""Parameters that several features' routes take."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, QueryParameter, SkipValidation

from abeyance_screening.engine.screening.answer_brief import View
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import DEFAULT_LIMIT, MAX_LIMIT, QuestionTerms
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.primitives.days import Days

ListsAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="lists",
        description="Only these lists; repeat it for several: `lists=un_sc&lists=eu_fsf`.",
    ),
]
ProfileAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="profile",
        description="Profiles whose lists must be fresh for a complete answer, in place of those "
        "of the account or the installation: `profile=us&profile=eu`. Not with `lists`.",
    ),
]
ThresholdAsked = Annotated[
    float | None,
    QueryParameter(name="threshold", ge=0, le=1, description="The lowest score of a hit."),
]

SinceAsked = Annotated[
    date | None,
    QueryParameter(name="since", description="Include what changed in each hit since this day."),
]

ViewAsked = Annotated[
    View,
    QueryParameter(
        name="view",
        description="`brief` tells each listing and measure once, by id, leaves out what is null "
        "or empty, and refers to the editions searched by the id of their coverage.",
    ),
]

JurisdictionAsked = Annotated[
    str | None,
    QueryParameter(name="jurisdiction", description="Code as in the register: US, CN, EU …"),
]
AuthorityAsked = Annotated[
    str | None,
    QueryParameter(name="authority", description="Name as in the register: BIS, MOFCOM …"),
]
ListAsked = Annotated[
    str | None, QueryParameter(name="list", description="Only measures that reach this list.")
]
MeasureId = Annotated[str, PathParameter(max_length=200, description="The measure's id.")]


TheOperator = NamedDependency[SkipValidation[str]]


async def operator_of(request: TypedRequest) -> str:
    """Return the name that is recorded as the author of what a request changes."""
    return caller_of(request).owner


ListingId = Annotated[
    str, PathParameter(max_length=200, description="Abeyance's id of the listing.")
]
ListingIdText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


# --- Query parameters that several endpoints share, with their descriptions and bounds.

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
TheDayTerms = NamedDependency[SkipValidation[QuestionTerms]]
ThePage = NamedDependency[SkipValidation[Page]]


async def _day_terms(as_of: AsOf = None, known_at: KnownAt = None, at: At = None) -> QuestionTerms:
    """Return the days as they were given, without any other term."""
    return QuestionTerms(as_of=as_of, known_at=known_at, at=at)


async def _days(desk: TheDesk, day_terms: TheDayTerms) -> Days:
    return desk.days_of(day_terms)


async def _page(limit: Limit = 100, cursor: Cursor = None) -> Page:
    return Page(limit=limit, cursor=cursor)


SHARED = {
    "day_terms": Provide(_day_terms),
    "days": Provide(_days),
    "page": Provide(_page),
}


TheTerms = NamedDependency[SkipValidation[QuestionTerms]]


async def terms_of(
    lists: ListsAsked = None,
    profile: ProfileAsked = None,
    threshold: ThresholdAsked = None,
    limit: Limit = DEFAULT_LIMIT,
    since: SinceAsked = None,
    *,
    day_terms: TheDayTerms,
) -> QuestionTerms:
    """Return what the query parameters of a question say, as a dependency of its handler.

    The days that they come to are a dependency of their own.
    """
    return QuestionTerms(
        lists=None if lists is None else tuple(lists),
        profile=None if profile is None else tuple(profile),
        since=since,
        threshold=threshold,
        limit=limit,
        as_of=day_terms.as_of,
        known_at=day_terms.known_at,
        at=day_terms.at,
    )
