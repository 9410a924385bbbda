"""The review over HTTP: what a lawyer should check, and sign-offs."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_201_CREATED

from abeyance_screening.engine.measures.measure import MeasureReview
from abeyance_screening.features.register.events_api import TheOperators
from abeyance_screening.features.register.measures_api import TheReview
from abeyance_screening.features.register.review import ReviewRow, need_key
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import MAX_BODY_BYTES, LongText, ShortText
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    NOT_FOUND,
    UNAUTHORISED,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.http.security import SECURITY
from abeyance_screening.platform.questions.parameters import TheDays, TheDesk, TheOperator, ThePage
from abeyance_screening.primitives.cursors import NextCursor, PageTotal, cut_page
from abeyance_screening.primitives.days import KnownDay, LegalDay

# --- Sign-offs: an operator records that somebody has read a measure against its act.


class ReviewAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign-off to record: somebody has read a measure's record as it is now against its act."""

    measure_id: ShortText
    """Id of the measure that was read."""
    by: ShortText | None = None
    """Who has read it; the operator if left out."""
    note: LongText | None = None
    """A remark of the reader."""


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
    """Measures that need a legal reader."""

    as_of: LegalDay
    known_at: KnownDay
    total: PageTotal
    items: tuple[ReviewRow, ...]
    """The measures, the neediest first."""
    next_cursor: NextCursor


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


ROUTES = (review_register, sign_measure)
