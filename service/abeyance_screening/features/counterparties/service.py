"""Counterparties in the running service: the caller's own, and the loop that screens all again."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from litestar.di import Provide
from prometheus_client import Metric

from abeyance_screening.features.counterparties.desk import CounterpartyDesk
from abeyance_screening.features.counterparties.rescreen import Rescreening
from abeyance_screening.features.counterparties.store import WatchedStore
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.postgres.database import AnyConnection, connected, holding
from abeyance_screening.platform.questions.parameters import TheDesk
from abeyance_screening.platform.service import ServiceParts, gauge
from abeyance_screening.primitives.errors import NotReadyError, StoreUnavailableError

logger = logging.getLogger(__name__)
# What was put in bulk is screened this soon; a new edition or day is noticed as fast.
_LOOK_EVERY_S = 1.0
_AGAIN_AFTER_S = 5.0


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the counterparties of the caller's account."""
    return {"counterparties": Provide(_desk_of(parts))}


def _desk_of(
    parts: ServiceParts,
) -> Callable[[TypedRequest, TheDesk], Awaitable[CounterpartyDesk]]:
    rescreening = _rescreening(parts)
    watching = parts.settings.watching

    async def desk_of(request: TypedRequest, desk: TheDesk) -> CounterpartyDesk:
        caller = caller_of(request)
        return CounterpartyDesk(
            desk=desk,
            rescreening=rescreening,
            pool=parts.pool,
            account=caller.account,
            defaults=caller.defaults,
            quota=watching.most_counterparties,
            names_only=watching.names_only,
        )

    return desk_of


def _rescreening(parts: ServiceParts) -> Rescreening:
    return Rescreening(parts.pool, parts.current, parts.boards, parts.now)


@asynccontextmanager
async def rescreening(parts: ServiceParts) -> AsyncGenerator[None]:
    """Screen counterparties again beside the requests, as long as no other process does."""
    dsn = parts.settings.database_url
    task = None if dsn is None else asyncio.create_task(_for_ever(parts, dsn))
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.wait({task})


async def _for_ever(parts: ServiceParts, dsn: str) -> None:
    work = _rescreening(parts)
    while True:
        try:
            async with (
                connected(dsn) as connection,
                holding(connection, "try_lock_rescreening", "unlock_rescreening") as is_ours,
            ):
                if is_ours:
                    await _while_held(work, connection)
        except StoreUnavailableError:
            logger.warning("counterparties.database_unreachable")
        except Exception:
            logger.exception("counterparties.not_screened")
        await asyncio.sleep(_AGAIN_AFTER_S)


async def _while_held(work: Rescreening, connection: AnyConnection) -> None:
    """Screen again, round after round, until the connection that has the lock is lost."""
    while not connection.is_closed():
        try:
            await work.round()
        except NotReadyError:
            logger.debug("counterparties.not_ready")
        await asyncio.sleep(_LOOK_EVERY_S)


async def metrics(parts: ServiceParts) -> tuple[Metric, ...]:
    """Return how many counterparties are watched, of all accounts."""
    async with parts.pool.connect() as connection:
        accounts = await WatchedStore(connection).accounts()
    total = sum(accounts.values())
    return (gauge("counterparties", "Counterparties whose answers are watched.", total),)
