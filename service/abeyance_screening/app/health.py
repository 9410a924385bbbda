"""`/healthz` and `/readyz`: whether the process lives, and whether it can answer."""

from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency

from abeyance_screening.platform.access.callers import public
from abeyance_screening.platform.examples import Exchange
from abeyance_screening.platform.http.problems import UNAVAILABLE, problem_responses
from abeyance_screening.platform.questions.parameters import TheDesk
from abeyance_screening.platform.stores.processes import ProcessesSeen


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The health of a process."""

    status: Literal["ok"]
    """Always `ok`, while the process runs."""


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """A process that is ready to answer.

    A service without processes that refresh lists or work on jobs is ready all the same: it
    answers, and says how old its lists are.
    """

    status: Literal["ready"]
    """Always `ready`; before that the answer is a problem."""
    listings: int
    """How many listings are searched."""
    names: int
    """How many names they have."""
    register_revision: int
    """Revision of the register that it answers from; replicas that took up another show another
    number."""
    processes: tuple[ProcessesSeen, ...] | None
    """Those that refresh lists and work on jobs, for this service and all others on its database;
    null while the database is away."""


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
async def readiness(
    desk: TheDesk, processes: NamedDependency[tuple[ProcessesSeen, ...] | None]
) -> Readiness:
    """Return the size of the index, once it is loaded and while the database can be reached.

    Before that, and after a minute without the database, the answer is a problem with status 503.
    """
    index = desk.current.check()
    return Readiness(
        status="ready",
        listings=index.listing_count,
        names=index.name_count,
        register_revision=desk.register_revision,
        processes=processes,
    )


ROUTES = (health, readiness)
EXCHANGES = (Exchange("health", "GET /healthz"), Exchange("readiness", "GET /readyz"))
