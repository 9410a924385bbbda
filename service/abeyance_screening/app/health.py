"""`/healthz` and `/readyz`: whether the process lives, and whether it can answer."""

from typing import Literal

import msgspec
from litestar import get

from abeyance_screening.platform.access.callers import public
from abeyance_screening.platform.http.problems import UNAVAILABLE, problem_responses
from abeyance_screening.platform.questions.parameters import TheDesk


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The health of a process: always `ok` while it runs."""

    status: Literal["ok"]


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """A process that is ready to answer, with the numbers of listings and names searched.

    `register_revision` is that of the register it answers from; replicas that took up another
    register show another number.
    """

    status: Literal["ready"]
    listings: int
    names: int
    register_revision: int


@get("/healthz", opt=public(), operation_id="health", summary="Alive", tags=["Running it"])
async def health() -> Health:
    """Answer as long as the process runs."""
    return Health(status="ok")


@get(
    "/readyz",
    opt=public(),
    operation_id="readiness",
    responses=problem_responses(UNAVAILABLE),
    summary="Ready",
    tags=["Running it"],
)
async def readiness(desk: TheDesk) -> Readiness:
    """Return the size of the index, once it is loaded and while the database can be reached.

    Before that, and after a minute without the database, the answer is a problem with status 503.
    """
    index = desk.current.check()
    return Readiness(
        status="ready",
        listings=index.listing_count,
        names=index.name_count,
        register_revision=desk.register_revision,
    )


ROUTES = (
    health,
    readiness,
)
