"""The HTTP application: its routes, dependencies and background tasks."""

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from datetime import datetime
from functools import partial
from importlib.metadata import version
from uuid import uuid4

from litestar import Litestar, Response
from litestar.di import Provide
from litestar.enums import HttpMethod, ScopeType
from litestar.exceptions import HTTPException
from litestar.response import Template
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.access.keyring import Keyring
from service.access.keys import QuestionDefaults
from service.api.access import (
    add_key,
    admitting,
    caller_of,
    list_keys,
    operator_of,
    revoke_key,
    rotate_key,
)
from service.api.bodies import SHARED, TypedRequest
from service.api.calendar import coming_calendar, list_coming
from service.api.lists import (
    changes_feed,
    edition_changes,
    get_listing,
    list_changes,
    list_editions,
    list_lists,
)
from service.api.measures import (
    add_event,
    confirm_place,
    diff_measure,
    get_measure,
    list_measures,
    retract_event,
    review_register,
    show_register,
    sign_measure,
)
from service.api.openapi import docs_file, health, openapi_config, openapi_json, readiness
from service.api.parties import get_party, list_splits, split_party, withdraw_split
from service.api.problems import (
    EXCEPTION_HANDLERS,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    AnyRequest,
    Problem,
    http_problem,
)
from service.api.screenings import (
    delete_spreadsheet,
    get_screening,
    restrictions,
    screen,
    screen_text,
    search,
)
from service.app import utc_now
from service.app.apart.readers import ApartParties, ApartTables
from service.app.keys import keeping_keys, served_keys
from service.app.memory import give_back
from service.errors import BadInputError, StoreUnavailableError
from service.measures.board import CurrentBoard
from service.measures.confirmations import Confirmations
from service.measures.operators import Operators
from service.screening.coverage import profile_of
from service.screening.desk import Desk, Outside
from service.screening.follow import CurrentIndex, Sight, follow
from service.screening.index import ListingIndex
from service.screening.parties.splits import PartySplits
from service.settings import Settings, read_settings
from service.store.parties import JoinedParties
from service.store.stores import PooledStore, StoreOnConnection, connections_with_news
from service.tables.kept import KeptResults
from service.web.pages import TEMPLATES, nowhere
from service.web.routes import web_pages

# Enough for a thousand counterparties with aliases and addresses.
MAX_BODY_BYTES = 10_000_000
# How long a new process waits for its first index before it accepts requests without one.
READY_WITHIN_S = 30.0
# How long the follower of the database waits after a failure before it starts again.
FOLLOW_AGAIN_AFTER_S = 0.5
_HANDLERS = (
    screen,
    get_screening,
    delete_spreadsheet,
    screen_text,
    search,
    list_lists,
    list_editions,
    edition_changes,
    list_changes,
    changes_feed,
    get_listing,
    get_party,
    list_splits,
    split_party,
    withdraw_split,
    list_measures,
    get_measure,
    diff_measure,
    list_coming,
    coming_calendar,
    restrictions,
    add_event,
    retract_event,
    confirm_place,
    show_register,
    review_register,
    sign_measure,
    list_keys,
    add_key,
    rotate_key,
    revoke_key,
    health,
    readiness,
    openapi_json,
    docs_file,
)
logger = logging.getLogger(__name__)


def create_app(
    settings: Settings | None = None,
    index: ListingIndex | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Litestar:
    """Return the HTTP application; without `settings` they are read from the environment.

    It needs a prepared database at `database_url`. `index` is an earlier index of that database
    to start from; `now` is the clock. The application accepts requests once its index is built; if
    that takes too long, it answers `/healthz` and refuses other requests until the index is built.

    Raises:
        BadInputError: The settings have no `database_url`.
    """
    settings = settings or read_settings()
    if (dsn := settings.database_url) is None:
        raise BadInputError("DATABASE_URL", "is not set")
    kept = PooledStore(dsn)
    boards, join = CurrentBoard(), ApartParties(JoinedParties(dsn), utc_now)
    current = CurrentIndex(index, Sight(utc_now), give_back, kept, profile_of(settings), join)
    screenings = kept if settings.store_screenings else None
    outside = Outside(now=now, new_id=uuid4, screenings=screenings, changes=kept)
    following = partial(_follow_for_ever, dsn, current, boards)
    keyring = Keyring(settings.operators, is_asking=settings.access == "keys", now=utc_now)
    app = Litestar(
        route_handlers=[*_HANDLERS, web_pages()],
        dependencies=_dependencies(Desk(current, boards, outside), kept, settings)
        | _recorders(kept, boards, current, now)
        | {"keys": _always(served_keys(kept, keyring))},
        lifespan=[lambda _: _running(kept, following(), current, keyring)],
        exception_handlers={**EXCEPTION_HANDLERS, HTTPException: _http_fault},
        template_config=TEMPLATES,
        request_class=TypedRequest,
        before_request=admitting(keyring),
        openapi_config=openapi_config(version("abeyance")),
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
    app.asgi_handler = answering_head(app.asgi_handler)
    return app


def answering_head(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that it answers HEAD wherever it answers GET, and OPTIONS says so."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            method = scope["method"]
            if method == "HEAD":
                # a copy, because the server reads its own scope to know that no body may follow
                scope, send = scope.copy(), _without_body(send)
                scope["method"] = HttpMethod.GET
            elif method == "OPTIONS":
                send = _with_head_allowed(send)
        await app(scope, receive, send)

    return answer


def allowing_head(allow: str) -> str:
    """Return an Allow header with HEAD added if it has GET."""
    methods = allow.split(", ")
    return ", ".join([*methods, "HEAD"]) if "GET" in methods else allow


def _dependencies(desk: Desk, kept: PooledStore, settings: Settings) -> dict[str, Provide]:
    """Return the values that handlers receive by parameter name.

    What a key says of questions is said to the desk, so that it counts whichever way they come.
    """
    unsaid, unkept = QuestionDefaults(), KeptResults(None, uuid4)
    results = _kept_results(kept, settings)

    async def desk_of(request: TypedRequest) -> Desk:
        defaults = caller_of(request).defaults
        return desk if defaults == unsaid else desk.with_defaults(defaults)

    async def results_of(request: TypedRequest) -> KeptResults:
        return results if caller_of(request).defaults.store else unkept

    return {
        "desk": Provide(desk_of),
        "kept_results": Provide(results_of),
        "tables": _always(ApartTables()),
        "operator": Provide(operator_of),
        **SHARED,
    }


def _recorders(
    kept: PooledStore,
    boards: CurrentBoard,
    current: CurrentIndex,
    now: Callable[[], datetime],
) -> dict[str, Provide]:
    """Return what records operators' words, and the state of the register, by parameter name."""
    return {
        "register_state": Provide(kept.register_state),
        "operators": _always(Operators(kept, boards, now)),
        "confirmations": _always(Confirmations(kept, boards, now)),
        "splits": _always(PartySplits(kept, current.get, now)),
    }


def _kept_results(kept: PooledStore, settings: Settings) -> KeptResults:
    """Return the results of tables that are kept, which are none if nothing may be kept."""
    return KeptResults(kept.table_results if settings.store_screenings else None, uuid4)


def _always(value: object) -> Provide:
    """Return a provider of one value for every request."""

    async def provide() -> object:
        return value

    return Provide(provide)


def _http_fault(request: AnyRequest, error: HTTPException) -> Response[Problem] | Template:
    """Answer an HTTP error with a page if a browser asks for one, otherwise with a problem."""
    answer = nowhere(request, error) or http_problem(request, error)
    allow = (error.headers or {}).get("allow")
    if allow is not None:
        answer.set_header("allow", allowing_head(allow))
    return answer


@asynccontextmanager
async def _running(
    kept: PooledStore,
    following: Coroutine[None, None, None],
    current: CurrentIndex,
    keyring: Keyring,
) -> AsyncGenerator[None]:
    """Run the store and what follows the database, from the first index to the last request."""
    async with kept, keeping_keys(kept, keyring), asyncio.TaskGroup() as tasks:
        task = tasks.create_task(following)
        _leave_with_parent()
        await current.wait_ready(READY_WITHIN_S)
        yield
        task.cancel()


def _leave_with_parent() -> None:
    """Stop this worker when its parent dies; nothing else would stop it and free its port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        asyncio.get_running_loop().add_reader(parent.sentinel, signal.raise_signal, signal.SIGTERM)


async def _follow_for_ever(dsn: str, current: CurrentIndex, boards: CurrentBoard) -> None:
    """Follow changes of the database; log a failure, keep the index and try again."""
    while True:
        try:
            async with aclosing(_readers(dsn)) as readers:
                await follow(readers, current, boards)
        except StoreUnavailableError:
            logger.warning("index.database_unreachable")
        except Exception:
            logger.exception("index.follow_failed")
        await asyncio.sleep(FOLLOW_AGAIN_AFTER_S)


async def _readers(dsn: str) -> AsyncGenerator[StoreOnConnection]:
    async with aclosing(connections_with_news(dsn)) as connections:
        async for connection in connections:
            yield StoreOnConnection(connection)


def _without_body(send: Send) -> Send:
    """Wrap `send` so that bodies are empty; the headers still state the body's length."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return sent


def _with_head_allowed(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, allowing_head(value.decode()).encode() if name == b"allow" else value)
                for name, value in message["headers"]
            ]
        await send(message)

    return sent
