"""Processes that refresh lists and work on jobs: they say in the database that they live."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Literal
from uuid import uuid4

import msgspec

from abeyance_screening.platform.child_process import ChildProcess
from abeyance_screening.platform.postgres.database import QueryPlace, at, fetched
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import StoreUnavailableError

ProcessKind = Literal["refresher", "worker"]
_KINDS: tuple[ProcessKind, ...] = ("refresher", "worker")
# A process counts as running for a minute after it was last seen.
_SAY_EVERY_S = 10.0
# Who asks whether the service is ready waits no longer than this for the database.
_ANSWERS_WITHIN_S = 0.5
logger = logging.getLogger(__name__)


class ProcessesSeen(msgspec.Struct, frozen=True, kw_only=True):
    """The processes of one kind that were seen in the last day, on any machine."""

    kind: ProcessKind
    """What they do: the `refresher` keeps lists fresh, a `worker` answers jobs."""
    running: int = 0
    """How many of them were seen in the last minute."""
    since: datetime | None = None
    """Since when the oldest of these has run, in UTC; null where none runs."""
    seen_at: datetime | None = None
    """When one of them was last seen, in UTC; null if none was."""
    restarts: int = 0
    """How often those that supervise them have started them again."""


async def processes_seen(place: QueryPlace) -> tuple[ProcessesSeen, ...]:
    """Return the processes of each kind, also of those of which none was seen."""
    rows = await fetched(place, "processes_seen")
    found = msgspec.convert([dict(row) for row in rows], list[ProcessesSeen])
    by_kind = {each.kind: each for each in found}
    return tuple(by_kind.get(kind) or ProcessesSeen(kind=kind) for kind in _KINDS)


async def processes_seen_soon(pool: PooledStore) -> tuple[ProcessesSeen, ...] | None:
    """Return what `processes_seen` does; None while the database does not answer at once."""
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN_S):
            return await processes_seen(pool.pool)
    except (StoreUnavailableError, TimeoutError):
        return None


@asynccontextmanager
async def seen_as(dsn: str, kind: ProcessKind, told: ChildProcess | None) -> AsyncGenerator[None]:
    """Say in the database that this process lives, until the context ends.

    While the database is away, nothing is said, and nothing else waits for it.
    """
    told = told or ChildProcess(parent=0, id=uuid4())
    saying = asyncio.create_task(_say_for_ever(dsn, kind, told, utc_now()))
    try:
        yield
    finally:
        saying.cancel()
        await asyncio.wait({saying})
        with suppress(StoreUnavailableError):
            async with at(dsn)() as connection:
                await fetched(connection, "forget_process", told.id)


async def _say_for_ever(
    dsn: str, kind: ProcessKind, told: ChildProcess, started_at: datetime
) -> None:
    while True:
        try:
            async with at(dsn)() as connection:
                await fetched(connection, "see_process", told.id, kind, started_at, told.restarts)
        except StoreUnavailableError:
            logger.debug("process.database_unreachable")
        except Exception:
            logger.exception("process.not_noted")
        await asyncio.sleep(_SAY_EVERY_S)
