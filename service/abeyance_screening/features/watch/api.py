"""Confirmations over HTTP that nothing new was published."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation
from litestar.status_codes import HTTP_201_CREATED

from abeyance_screening.features.watch.confirmations import (
    ConfirmationDraft,
    Confirmations,
    ConfirmedPlace,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import MAX_BODY_BYTES
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
from abeyance_screening.platform.questions.parameters import TheOperator

# --- Confirmations: an operator's word that a place where acts appear was read.

TheConfirmations = NamedDependency[SkipValidation[Confirmations]]
PlaceId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
DocumentNumber = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class ConfirmationAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place that the operator has read."""

    place: PlaceId
    """Id of the place; `abeyance register watch` names those that it looks at."""
    until: date | None = None
    """The last day read; that of the last `abeyance register watch` if left out."""
    read_up_to: DocumentNumber | None = None
    """The highest number of its new documents that the operator has read: whatever these change is
    in the register."""


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


ROUTES = (confirm_place,)
