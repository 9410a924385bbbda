"""The composition root: the only module that knows every other."""

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Self
from uuid import UUID, uuid4

import asyncpg
from litestar import Litestar
from litestar.di import Provide

from service.api.health import health, readiness
from service.api.lists import get_listing, list_lists
from service.api.measures import get_measure, list_measures
from service.api.openapi import docs_file, front_door, openapi_config, openapi_json
from service.api.parameters import SHARED
from service.api.problems import (
    EXCEPTION_HANDLERS,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
)
from service.api.screenings import get_screening, screen
from service.api.search import search
from service.api.strict import refuse_uncertain
from service.bundled import bundled_files, read_bundled
from service.fetch import fetch
from service.flow.desk import Desk, Outside
from service.flow.follow import CurrentIndex, follow
from service.flow.load import ListFile, LoadReport, load_file, record_refusal, source_of
from service.flow.measures import MeasureBoard
from service.model.catalogue import SOURCE_BY_CODE, lists_of
from service.model.edition import Snapshot, StoredLists
from service.model.errors import BadInputError, StoreUnavailableError
from service.register.read import load as load_register
from service.settings import Settings, read_settings
from service.store import editions, listings, screenings
from service.store.follow import connections_with_news
from service.store.migrations import migrate
from service.store.sql import QUERY_TIMEOUT_S, connected

logger = logging.getLogger(__name__)
# A request may carry a thousand counterparties with aliases and addresses, and no more.
MAX_BODY_BYTES = 10_000_000
_HANDLERS = (
    screen,
    get_screening,
    search,
    list_lists,
    get_listing,
    list_measures,
    get_measure,
    health,
    readiness,
    openapi_json,
    front_door,
    docs_file,
)
# How long a process that starts waits for its first index before it takes requests without one.
READY_WITHIN_S = 30.0
# How long a follower that failed waits before it starts anew.
FOLLOW_AGAIN_AFTER_S = 0.5


class StoreOnConnection:
    """The store on one connection, in the shape that loading and following ask for."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    def loading(self) -> AbstractAsyncContextManager[editions.Loading]:
        """The transaction in which editions are stored."""
        return editions.loading(self._connection)

    async def read_lists(self) -> StoredLists:
        """Editions and last tries."""
        return await listings.read_lists(self._connection)

    async def read_snapshot(self) -> Snapshot:
        """Everything an index is built from."""
        return await listings.read_snapshot(self._connection)


class ScreeningsInPool:
    """Screenings kept through a pool of connections, open between `async with` and its end."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool | None = None

    async def __aenter__(self) -> Self:
        # No connection is made before one is needed, so a database may come up after us.
        self._pool = await asyncpg.create_pool(
            self._dsn, min_size=0, max_size=8, timeout=QUERY_TIMEOUT_S
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.terminate()

    async def add(self, key: UUID, asked_at: datetime, answer: bytes) -> None:
        """Keeps one answer."""
        await screenings.add_screening(self._open(), key, asked_at, answer)

    async def answer(self, key: UUID) -> bytes | None:
        """An earlier answer, or None."""
        return await screenings.screening_answer(self._open(), key)

    def _open(self) -> asyncpg.Pool:
        if self._pool is None:
            raise StoreUnavailableError
        return self._pool


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


async def prepare(dsn: str) -> None:
    """Brings the database to the newest schema and gives it the bundled lists it lacks.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    async with connected(dsn) as connection:
        await migrate(connection)
        store = StoreOnConnection(connection)
        loaded = {each.list_code for each in (await store.read_lists()).editions}
        for bundled in bundled_files():
            if not loaded.intersection(lists_of(bundled.source)):
                file = ListFile(
                    wanted=bundled.source,
                    content=read_bundled(bundled),
                    published_on=bundled.published_on,
                    # another process may have loaded the list by now
                    first_only=True,
                )
                await load_file(store, file, utc_now())


async def load_into(dsn: str, file: ListFile) -> tuple[LoadReport, ...]:
    """Loads one file into a prepared database; see `flow.load.load_file`."""
    async with connected(dsn) as connection:
        return await load_file(StoreOnConnection(connection), file, utc_now())


async def download(wanted: str) -> ListFile:
    """Brings a list's file from its publisher.

    Raises:
        FetchFailedError: It could not be had whole.
    """
    fetched = await fetch(SOURCE_BY_CODE[source_of(wanted)].url)
    return ListFile(
        wanted=wanted, content=fetched.content, last_modified_on=fetched.last_modified_on
    )


async def note_refusal(dsn: str, wanted: str, reason: str) -> None:
    """Notes with a list that what its publisher offers could not be had."""
    async with connected(dsn) as connection:
        await record_refusal(StoreOnConnection(connection), wanted, reason, utc_now())


async def local_desk(dsn: str) -> Desk:
    """A desk for one question on the command line; it keeps no screenings."""
    current = CurrentIndex()
    async with connected(dsn) as connection:
        await current.catch_up(StoreOnConnection(connection))
    return Desk(
        current,
        MeasureBoard(load_register()),
        Outside(now=utc_now, new_id=uuid4, screenings=None),
    )


def create_app(settings: Settings | None = None) -> Litestar:
    """The HTTP application; reads the environment unless settings are given.

    It needs a prepared database under `database_url` and takes requests once its index is built;
    where that takes too long, it answers `/healthz` and refuses the rest until it is.

    Raises:
        BadInputError: There is no `database_url`.
    """
    settings = settings or read_settings()
    dsn = settings.database_url
    if dsn is None:
        raise BadInputError("DATABASE_URL", "names no database")
    current = CurrentIndex()
    kept = ScreeningsInPool(dsn)
    outside = Outside(
        now=utc_now, new_id=uuid4, screenings=kept if settings.store_screenings else None
    )
    desk = Desk(current, MeasureBoard(load_register()), outside)

    async def provide_desk() -> Desk:
        return desk

    return Litestar(
        route_handlers=_HANDLERS,
        dependencies={"desk": Provide(provide_desk), **SHARED},
        lifespan=[lambda _: _running(kept, dsn, current)],
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=refuse_uncertain,
        openapi_config=openapi_config(version("abeyance")),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )


@asynccontextmanager
async def _running(
    kept: ScreeningsInPool, dsn: str, current: CurrentIndex
) -> AsyncGenerator[None]:
    """What goes on beside the answering, from the first index to the last request."""
    async with kept, asyncio.TaskGroup() as tasks:
        following = tasks.create_task(_follow_for_ever(dsn, current))
        _leave_with_parent()
        await current.wait_ready(READY_WITHIN_S)
        yield
        following.cancel()


def _leave_with_parent() -> None:
    """Stops a worker when its parent dies: nobody else would stop it, or free its port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        asyncio.get_running_loop().add_reader(parent.sentinel, signal.raise_signal, signal.SIGTERM)


async def _follow_for_ever(dsn: str, current: CurrentIndex) -> None:
    """Follows the store; a failure is logged and does not end it, nor take the index away."""
    while True:
        try:
            async with aclosing(_readers(dsn)) as readers:
                await follow(readers, current)
        except StoreUnavailableError:
            logger.warning("index.database_unreachable")
        except Exception:
            logger.exception("index.follow_failed")
        await asyncio.sleep(FOLLOW_AGAIN_AFTER_S)


async def _readers(dsn: str) -> AsyncGenerator[StoreOnConnection]:
    async with aclosing(connections_with_news(dsn)) as connections:
        async for connection in connections:
            yield StoreOnConnection(connection)
