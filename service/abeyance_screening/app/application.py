"""The HTTP application: its routes, dependencies and background tasks."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pkgutil import resolve_name
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from litestar import Litestar, Response
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.routes import HTTPRoute
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, Receive, Scope, Send
from prometheus_client import Metric

from abeyance_screening.app.background import tidy_for_ever
from abeyance_screening.app.features import folders, functions_of, named_by_callers, navigation
from abeyance_screening.app.metrics import Meter, gauges_of, is_tracing_wanted, seen
from abeyance_screening.app.msgspec_api import MsgspecApi
from abeyance_screening.app.openapi import openapi_config
from abeyance_screening.app.routes import desk_pages, routes
from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.screening.desk import Dependencies, Desk, DeskCaller
from abeyance_screening.engine.screening.index.current import CurrentIndex, SyncState
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.wording.answers import register_told
from abeyance_screening.features.people.login import LoginDesk, keeping_sessions, login_desk
from abeyance_screening.features.screen.api import DirectScreenings
from abeyance_screening.features.screen.coverage_store import CoverageStore
from abeyance_screening.platform.access.audit_log import Audit, StoredAudit
from abeyance_screening.platform.access.callers import Keyring
from abeyance_screening.platform.http.bodies import SCREENINGS_PATH, TypedRequest
from abeyance_screening.platform.http.entrance import (
    AuditHook,
    Entrance,
    WrongKeys,
    admitting,
    caller_of,
    declare_options,
    record_reading,
    showing_limits,
    slowing_wrong_keys,
)
from abeyance_screening.platform.http.idempotent import Idempotency
from abeyance_screening.platform.http.middleware import (
    allowing_head,
    answering_head,
    compressing,
    entering,
    fronted,
    naming_whole,
    peer_of,
    validating,
    with_allow,
)
from abeyance_screening.platform.http.problems import (
    EXCEPTION_HANDLERS,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    AnyRequest,
    Problem,
    http_problem,
)
from abeyance_screening.platform.limits.limits import Limiter
from abeyance_screening.platform.limits.store import PooledBudgets
from abeyance_screening.platform.local_data import index_files
from abeyance_screening.platform.memory import give_back
from abeyance_screening.platform.pages.error_pages import nowhere
from abeyance_screening.platform.pages.frame import templates
from abeyance_screening.platform.postgres.pool import PooledStore, connections_with_news
from abeyance_screening.platform.questions.parameters import SHARED, operator_of
from abeyance_screening.platform.sandbox.file_writer import FilesInChild
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.settings import Settings, read_settings
from abeyance_screening.platform.stores.accounts import AccountStores
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.joiner import PartiesInChild
from abeyance_screening.platform.stores.lists import DatabaseChanges, DatabaseLists
from abeyance_screening.platform.stores.parties import JoinedParties
from abeyance_screening.platform.stores.processes import ProcessesSeen, processes_seen_soon
from abeyance_screening.platform.stores.register import DatabaseRegister
from abeyance_screening.platform.stores.retention import kept_since
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import BadInputError, StoreUnavailableError

if TYPE_CHECKING:
    from abeyance_screening.app.traces import Tracing


# Enough for a thousand counterparties with aliases and addresses.
MAX_BODY_BYTES = 10_000_000
# How long a new process waits for its first index before it accepts requests without one.
READY_WITHIN_S = 30.0
# How long the follower of the database waits after a failure before it starts again.
FOLLOW_AGAIN_AFTER_S = 0.5
# Imported only where it is wanted, since it needs an extra.
_TRACES = "abeyance_screening.app.traces:tracing"
type DependenciesOf = Callable[[ServiceParts], Mapping[str, Provide]]
type Lifespan = Callable[[ServiceParts], AbstractAsyncContextManager[None]]
logger = logging.getLogger(__name__)


def create_app(
    settings: Settings | None = None,
    index: ListingIndex | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Litestar:
    """Return the HTTP application; without `settings` they are read from the environment.

    It needs a prepared database. `index` is an earlier index of it to start from, `now` the clock.
    Requests wait for an index; if that takes too long, all but `/healthz` are refused until then.

    Raises:
        BadInputError: The settings have no `database_url`.
    """
    settings = settings or read_settings()
    if (dsn := settings.database_url) is None:
        raise BadInputError("DATABASE_URL", "is not set")
    parts = _parts(settings, dsn, index, now)
    desk_of, once_of = _desks(parts, settings, now), _onces(parts.accounts)
    provided = {"desk": Provide(desk_of), "once": Provide(once_of)}
    admit = admitting(parts.entrance, entering(), parts.recording.before)
    direct = DirectScreenings(admit, desk_of, once_of)
    app = MsgspecApi(
        route_handlers=[*routes(), desk_pages()],
        dependencies=provided | _dependencies(parts),
        lifespan=[lambda _: _running(parts, dsn)],
        exception_handlers={**EXCEPTION_HANDLERS, HTTPException: _http_fault},
        template_config=_templates(parts),
        request_class=TypedRequest,
        before_request=direct.admit,
        after_request=record_reading,
        after_exception=[parts.recording.failed],
        before_send=[showing_limits(parts.entrance.limiter)],
        openapi_config=openapi_config(version("abeyance-screening")),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
    declare_options(app)
    _provide_one_by_one(app)
    app.asgi_handler = _wrapped(app, direct, parts, settings)
    return app


def _templates(parts: "_Parts") -> TemplateConfig[JinjaTemplateEngine]:
    """Return the templates of all pages, which say which register they rest on."""
    return templates(navigation(), folders(), lambda: register_told(parts.boards.mark))


def _provide_one_by_one(app: Litestar) -> None:
    """Provide the values of handlers one after another: in tasks it costs a screening 40 µs."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                model.dependency_batches = [
                    {each}
                    for batch in model.dependency_batches
                    for each in sorted(batch, key=lambda container: container.key)
                ]


def _handler_of_screenings(app: Litestar) -> HTTPRouteHandler:
    """Return the handler of screenings as the application has it, with its limits."""
    return next(
        route.route_handler_map["POST"][0]
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path == SCREENINGS_PATH
    )


class _Parts(ServiceParts, frozen=True, kw_only=True):
    """What the application holds as long as it runs, beside what features share."""

    recording: AuditHook
    login: LoginDesk | None
    meter: Meter
    spans: "Tracing | None"


def _parts(
    settings: Settings, dsn: str, index: ListingIndex | None, now: Callable[[], datetime]
) -> _Parts:
    meter, spans = Meter(), _tracing()
    on_query = None if spans is None else spans.note
    pool = PooledStore(dsn, on_query)
    join = PartiesInChild(JoinedParties(dsn), utc_now)
    profile = settings.profile
    past = DatabaseLists(pool.connect)
    current = CurrentIndex(index, SyncState(utc_now), meter.built, past, profile, join)
    current.keep_in(index_files(settings), give_back)
    audit = Audit(lambda: StoredAudit(pool.pool), utc_now)
    login = login_desk(settings.people, pool, audit)
    return _Parts(
        settings=settings,
        now=now,
        pool=pool,
        accounts=AccountStores(pool, partial(kept_since, settings, now)),
        boards=CurrentBoard(),
        current=current,
        entrance=_entrance(settings, pool, login),
        audit=audit,
        recording=AuditHook(audit),
        login=login,
        meter=meter,
        spans=spans,
    )


def _entrance(settings: Settings, pool: PooledStore, login: LoginDesk | None) -> Entrance:
    return Entrance(
        Keyring(settings.operators, is_asking=settings.access == "keys", now=utc_now),
        Limiter(settings, PooledBudgets(pool).settle, time.monotonic, utc_now),
        WrongKeys(time.monotonic),
        None if login is None else login.people,
        peer_of,
        frozenset(settings.origins),
    )


def _wrapped(
    app: Litestar, direct: DirectScreenings, parts: _Parts, settings: Settings
) -> ASGIApp:
    """Wrap an application in everything that runs before and after it, the innermost first."""
    directed = direct.before(allowing_all(app), _handler_of_screenings(app))
    traced = directed if parts.spans is None else parts.spans.traced(directed)
    slowed = slowing_wrong_keys(traced, parts.entrance)
    short = compressing(validating(naming_whole(slowed, named_by_callers())))
    return answering_head(seen(fronted(short, settings), parts.meter))


def allowing_all(app: Litestar) -> ASGIApp:
    """Return an application's handler, so that OPTIONS names every method of an address.

    Litestar names those of the handler that was registered first.
    """
    handler = app.asgi_handler
    methods = {
        route.path_format: ", ".join(sorted(route.methods))
        for route in app.routes
        if isinstance(route, HTTPRoute)
    }

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        def all_allowed(_: str) -> str:
            return methods[scope["path_template"]]

        if scope["type"] == ScopeType.HTTP and scope["method"] == "OPTIONS":
            send = with_allow(send, all_allowed)
        await handler(scope, receive, send)

    return answer


def _desks(
    parts: _Parts, settings: Settings, now: Callable[[], datetime]
) -> Callable[[TypedRequest], Awaitable[Desk]]:
    """Return the function that provides the desk of a request's caller.

    The desk knows the defaults and the limits of the caller's key, so that they count for every
    kind of question. Kept answers are reached only through the store of the caller's account.
    """
    accounts, is_keeping = parts.accounts, settings.store_screenings
    outside = Dependencies(
        now=now,
        new_id=uuid4,
        version=version("abeyance-screening"),
        versions_of=DatabaseChanges(parts.pool.connect).listing_states,
        count_outcome=parts.meter.count_outcome,
        keep_coverage=CoverageStore(parts.pool).add,
    )
    desk = Desk(parts.current, parts.boards, outside)

    async def desk_of(request: TypedRequest) -> Desk:
        caller = caller_of(request)
        return desk.of(
            DeskCaller(
                account=caller.account,
                defaults=caller.defaults,
                screenings=accounts.of(caller.account) if is_keeping else None,
                charge=parts.entrance.limiter.charge_of(caller),
            )
        )

    return desk_of


def _onces(accounts: AccountStores) -> Callable[[TypedRequest], Awaitable[Idempotency]]:
    """Return the function that provides the `Idempotency` of a request."""

    async def once_of(request: TypedRequest) -> Idempotency:
        return Idempotency(request, partial(accounts.of, caller_of(request).account), uuid4)

    return once_of


def _dependencies(parts: _Parts) -> dict[str, Provide]:
    """Return the values that handlers receive by name: those of features, and shared ones."""
    register, pool = DatabaseRegister(parts.pool.connect_unit), parts.pool

    async def processes() -> tuple[ProcessesSeen, ...] | None:
        return await processes_seen_soon(pool)

    async def gauges() -> tuple[Metric, ...]:
        return await gauges_of(parts)

    providing = cast("list[DependenciesOf]", functions_of("dependencies"))
    return {
        "files": always(FilesInChild()),
        "operator": Provide(operator_of),
        "meter": always(parts.meter),
        "login": always(parts.login),
        "register_state": Provide(register.register_state),
        "processes": Provide(processes),
        "gauges": Provide(gauges),
        **SHARED,
        **{name: each for provide in providing for name, each in provide(parts).items()},
    }


def _http_fault(request: AnyRequest, error: HTTPException) -> Response[Problem] | Template:
    """Answer an HTTP error with a page if a browser asks for one, otherwise with a problem."""
    answer = nowhere(request, error) or http_problem(request, error)
    allow = (error.headers or {}).get("allow")
    if allow is not None:
        answer.set_header("allow", allowing_head(allow))
    return answer


@asynccontextmanager
async def _running(parts: _Parts, dsn: str) -> AsyncGenerator[None]:
    """Run the store and what follows the database, from the first index to the last request."""
    async with (
        parts.pool,
        parts.accounts,
        AsyncExitStack() as features,
        keeping_sessions(parts.login),
        asyncio.TaskGroup() as tasks,
    ):
        for lifespan in cast("list[Lifespan]", functions_of("lifespan")):
            await features.enter_async_context(lifespan(parts))
        following = _follow_for_ever(dsn, parts.current, parts.boards)
        running = [
            tasks.create_task(following),
            tasks.create_task(tidy_for_ever(dsn, parts.accounts)),
        ]
        await parts.current.wait_ready(READY_WITHIN_S)
        yield
        for task in running:
            task.cancel()
    if parts.spans is not None:
        await asyncio.to_thread(parts.spans.close)


def _tracing() -> "Tracing | None":
    """Return the tracer of requests, if the variables `OTEL_*` say where traces go."""
    if not is_tracing_wanted(os.environ):
        return None
    try:
        tracing = cast("Callable[[Mapping[str, str]], Tracing]", resolve_name(_TRACES))
    except ImportError:
        logger.warning("traces.not_installed", extra={"extra": "otel"})
        return None
    return tracing(os.environ)


async def _follow_for_ever(dsn: str, current: CurrentIndex, boards: CurrentBoard) -> None:
    """Follow changes of the database; log a failure, keep the index and try again."""
    while True:
        try:
            async with aclosing(_readers(dsn)) as readers:
                async for reader in readers:
                    with current.looking():
                        await boards.catch_up(reader)
                        await current.catch_up(reader)
        except StoreUnavailableError:
            logger.warning("index.database_unreachable")
        except Exception:
            logger.exception("index.follow_failed")
        await asyncio.sleep(FOLLOW_AGAIN_AFTER_S)


async def _readers(dsn: str) -> AsyncGenerator[StoreOnConnection]:
    async with aclosing(connections_with_news(dsn)) as connections:
        async for connection in connections:
            yield StoreOnConnection(connection)
