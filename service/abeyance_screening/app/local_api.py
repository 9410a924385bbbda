"""The API within a command: the handlers of the service on this machine's data, without a server.

Who has the database may read it anyway, so no key is asked for, nothing is limited and nothing is
kept. Answers come from the lists and the register as they are when it is opened.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Literal, Never, cast
from uuid import uuid4

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler

from abeyance_screening.app.msgspec_api import MsgspecApi
from abeyance_screening.engine.screening.desk import Dependencies, Desk
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.platform.http.bodies import TypedRequest, refuse_uncertain
from abeyance_screening.platform.http.idempotent import Idempotency
from abeyance_screening.platform.http.problems import (
    EXCEPTION_HANDLERS,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
)
from abeyance_screening.platform.local_data import local_desk, register_at
from abeyance_screening.platform.questions.parameters import SHARED
from abeyance_screening.platform.service import always
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.judgements import HitJudgement
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import StoreUnavailableError

# By name, because a command needs only some of them, and the calendar's take long to import.
_HANDLERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "lists": (
            "abeyance_screening.features.screen.api:screen",
            "abeyance_screening.features.screen.api:screen_text",
        ),
        "register": (
            "abeyance_screening.features.register.measures_api:list_measures",
            "abeyance_screening.features.calendar.api:list_coming",
            "abeyance_screening.features.calendar.api:coming_calendar",
            "abeyance_screening.features.trade.api:restrictions",
        ),
    }
)


async def local_api(
    settings: Settings, dsn: str, routes: Literal["lists", "register"]
) -> Litestar:
    """Return the API on a prepared database, for one command.

    It has the routes that search the lists, and an index of them, or those that the register alone
    answers.

    Raises:
        BadInputError: A setting names a list that does not exist.
    """
    desk = await (local_desk(settings, dsn) if routes == "lists" else _desk_of_register(dsn))

    async def desk_of() -> Desk:
        return desk

    return MsgspecApi(
        route_handlers=[
            cast("HTTPRouteHandler", resolve_name(each)) for each in _HANDLERS[routes]
        ],
        dependencies={
            "desk": Provide(desk_of),
            "once": Provide(_once_of),
            "judgements_of": always(_no_judgements),
            **SHARED,
        },
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=TypedRequest,
        before_request=refuse_uncertain,
        openapi_config=None,
        request_max_body_size=None,
        logging_config=None,
    )


async def _desk_of_register(dsn: str) -> Desk:
    async with register_at(dsn) as (_, boards):
        outside = Dependencies(now=utc_now, new_id=uuid4, version=version("abeyance-screening"))
        return Desk(CurrentIndex(), boards, outside)


async def _once_of(request: TypedRequest) -> Idempotency:
    return Idempotency(request, _no_store, uuid4)


async def _no_judgements(_: Sequence[str]) -> tuple[HitJudgement, ...]:
    """Return no judgement: a command screens for no account."""
    return ()


def _no_store() -> Never:
    """Refuse to keep a request: it is repeated only where its answer is kept."""
    raise StoreUnavailableError
