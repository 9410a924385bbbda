"""Whether this process is alive, and whether it can answer."""

from typing import Literal

import msgspec
from litestar import get

from service.api.parameters import TheDesk
from service.api.problems import UNAVAILABLE, problem_responses


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`ok` as long as the process runs."""

    status: Literal["ok"]


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Ready to answer; `listings` and `names` count what is searched."""

    status: Literal["ready"]
    listings: int
    names: int


@get("/healthz", operation_id="health", summary="Alive", tags=["Running it"])
async def health() -> Health:
    """Answers as long as the process runs."""
    return Health(status="ok")


@get(
    "/readyz",
    operation_id="readiness",
    responses=problem_responses(UNAVAILABLE),
    summary="Ready",
    tags=["Running it"],
)
async def readiness(desk: TheDesk) -> Readiness:
    """Ready once an index is loaded, for as long as the database is in sight.

    Before that, and once it was not seen for a minute, a problem with status 503.
    """
    index = desk.current.check()
    return Readiness(status="ready", listings=index.listing_count, names=index.name_count)
