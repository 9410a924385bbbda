"""The queue of work on jobs, by pgqueuer: who takes what, and what happens if a worker dies.

A piece of work is done at least once: whoever does it must be able to do it twice. Nothing here
knows what the work is. The library is imported by workers alone; others put work into its table by
queries of ours, in the same change as what the work is about.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import msgspec
from pgqueuer import QueueManager
from pgqueuer.errors import FailingListenerError, RetryRequested
from pgqueuer.models import Job as QueuedWork
from pgqueuer.queries import Queries

from abeyance_screening.platform.postgres.database import QUERY_TIMEOUT_S, fetched, reaching
from abeyance_screening.primitives.errors import StoreUnavailableError

# A worker that says nothing for so long counts as dead; it says something twice as often. Another
# one looks for such work, and for work of which it was not told, every `_LOOK_EVERY`.
DEAD_AFTER = timedelta(seconds=8)
_LOOK_EVERY = timedelta(seconds=2)
# How long a worker waits for the database, and how often it looks for lost work.
_AGAIN_AFTER_S = 1.0
_SWEEP_EVERY_S = 60.0
# pgqueuer takes at least two pieces of work at once, one of which waits for the other.
_LEAST_AT_ONCE = 2
_CONNECTIONS = 4
_PASSING = (
    StoreUnavailableError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    FailingListenerError,
    OSError,
    TimeoutError,
)
logger = logging.getLogger(__name__)


class Later(msgspec.Struct, frozen=True):
    """A piece of work that was not done and goes back into the queue, for so many seconds."""

    seconds: float = 0.0


type WorkHandler = Callable[[bytes], Awaitable[Later | None]]
"""Does a piece of work, given by its payload. It may be called again for what is done."""


class WorkKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of work: what does it, and how many pieces a worker takes at once, at least two."""

    handler: WorkHandler
    at_once: int = _LEAST_AT_ONCE


class PgQueue:
    """The queue in a database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def run(self, kinds: Mapping[str, WorkKind], stopping: asyncio.Event) -> None:
        """Do work until `stopping` is set, and then wait for what is in hand.

        While the database is away, nothing is done, and nothing is lost.
        """
        while not stopping.is_set():
            try:
                await self._run(kinds, stopping)
            except Exception as error:
                if not _is_passing(error):
                    logger.exception("queue.failed")
                else:
                    logger.warning("queue.database_unreachable")
            if not stopping.is_set():
                await _waited(stopping, _AGAIN_AFTER_S)

    async def _run(self, kinds: Mapping[str, WorkKind], stopping: asyncio.Event) -> None:
        async with self._pool() as pool, asyncio.TaskGroup() as tasks:
            managers = [_manager(pool, name, each) for name, each in kinds.items()]

            async def stop() -> None:
                await stopping.wait()
                for manager in managers:
                    manager.shutdown.set()

            stopper = tasks.create_task(stop())
            sweeper = tasks.create_task(_sweep_for_ever(pool))
            running = [
                tasks.create_task(_run_manager(manager, each.at_once))
                for manager, each in zip(managers, kinds.values(), strict=True)
            ]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for manager in managers:
                manager.shutdown.set()
            await asyncio.wait(running)
            stopper.cancel()
            sweeper.cancel()

    @asynccontextmanager
    async def _pool(self) -> AsyncGenerator[asyncpg.Pool]:
        with reaching():
            pool = await asyncpg.create_pool(
                self._dsn,
                min_size=0,
                max_size=_CONNECTIONS,
                timeout=QUERY_TIMEOUT_S,
                command_timeout=QUERY_TIMEOUT_S,
            )
        try:
            yield pool
        finally:
            pool.terminate()


def _manager(pool: asyncpg.Pool, name: str, kind: WorkKind) -> QueueManager:
    manager = QueueManager(Queries.from_asyncpg_pool(pool))

    async def work(queued: QueuedWork) -> None:
        later = await kind.handler(queued.payload or b"")
        if later is not None:
            raise RetryRequested(delay=timedelta(seconds=later.seconds))

    # the default deletes what has failed; what is held is found by the sweep
    manager.entrypoint(name, on_failure="hold", accepts_context=False)(work)
    return manager


async def _run_manager(manager: QueueManager, at_once: int) -> None:
    await manager.run(
        dequeue_timeout=_LOOK_EVERY,
        batch_size=1,
        max_concurrent_tasks=max(at_once, _LEAST_AT_ONCE),
        # its only look at the listener may come before that listens
        shutdown_on_listener_failure=False,
        heartbeat_timeout=DEAD_AFTER,
        log_aggregation_interval=timedelta(0),
    )


async def _sweep_for_ever(pool: asyncpg.Pool) -> None:
    """Put work back into the queue that is to be done and is not in it, however it was lost."""
    while True:
        try:
            for name in ("forget_held_work", "queue_lost_chunks", "queue_lost_readings"):
                lost = await fetched(pool, name)
                if lost:
                    logger.info("queue.swept", extra={"query": name, "count": len(lost)})
        except StoreUnavailableError:
            logger.warning("queue.database_unreachable")
        await asyncio.sleep(_SWEEP_EVERY_S)


def _is_passing(error: BaseException) -> bool:
    """Return whether an error, or all those of a group, mean that the database is away."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_passing, error.exceptions))
    return isinstance(error, _PASSING)


async def _waited(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
