"""`POST /v1/screenings` without the framework's detours."""

import re
from collections.abc import Awaitable, Callable
from typing import cast

from litestar import Response
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from abeyance_screening.engine.screening.answer import ScreeningAnswer
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import ScreeningQuestion
from abeyance_screening.features.screen.api import Admit, screened
from abeyance_screening.platform.http.bodies import (
    JSON,
    SCREENINGS_PATH,
    TypedRequest,
    WrittenResponse,
    header_of,
    media_type_of,
    read_json,
)
from abeyance_screening.platform.http.idempotent import Idempotency
from abeyance_screening.platform.http.problems import AnyRequest, Problem

# --- Screenings are answered without the framework between the connection and the handler.
#
# For a screening of one name the framework takes a tenth of the time: it finds the route, resolves
# what the handler receives and checks its types, all of which is always the same here. What is
# checked, and in which order, stays: the same functions are called. Whatever is not plain goes
# through the framework, and so does what ends in an error, which is answered there.

# Where a request that goes through the framework after all remembers what came out.
_CAME_OUT = "abeyance_came_out"
_JSON = JSON.encode()
# Any other Host is for the framework to refuse.
_PLAIN_HOST = re.compile(rb"[A-Za-z0-9.-]+(?::[0-9]+)?")


class DirectScreenings:
    """The way of screenings past the framework.

    `admit` is what is called before each request, `desk_of` and `once_of` provide what the
    handler receives.
    """

    def __init__(
        self,
        admit: Admit,
        desk_of: Callable[[TypedRequest], Awaitable[Desk]],
        once_of: Callable[[TypedRequest], Awaitable[Idempotency]],
    ) -> None:
        self._admit = admit
        self._desk_of = desk_of
        self._once_of = once_of

    async def admit(self, request: AnyRequest) -> Response[Problem] | None:
        """Do what is done before a request, unless it came this way: then say what came out.

        Raises:
            Exception: What `admit` raises, or what was raised before.
        """
        known = request.scope["state"].get(_CAME_OUT)
        came_out = cast("Response[Problem] | Exception | None", known)
        if came_out is None:
            return await self._admit(request)
        if isinstance(came_out, Exception):
            raise came_out
        return came_out

    def before(self, app: ASGIApp, handler: HTTPRouteHandler) -> ASGIApp:
        """Wrap an application so that screenings do not reach it; `handler` is what it has."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP or not _is_plain(scope):
                await app(scope, receive, send)
                return
            scope["path_template"], scope["path_params"] = SCREENINGS_PATH, {}
            scope["route_handler"] = handler
            request = TypedRequest(scope, receive, send)
            came_out: Response[Problem] | Exception | None
            try:
                came_out = await self._admit(request)
                response = None if came_out is not None else await self._screened(request)
            except Exception as error:  # noqa: BLE001 - the framework answers it
                came_out, response = error, None
            if response is None:
                scope["state"][_CAME_OUT] = came_out
                await app(scope, receive, send)
            else:
                await response.to_asgi_response()(scope, receive, send)

        return answer

    async def _screened(self, request: TypedRequest) -> WrittenResponse[ScreeningAnswer]:
        data = await read_json(await request.body(), ScreeningQuestion)
        desk = await self._desk_of(request)
        return await screened(data, desk, await self._once_of(request))


def _is_plain(scope: HTTPScope) -> bool:
    """Return whether a request is a screening in JSON with nothing beside it."""
    return (
        scope["path"] == SCREENINGS_PATH
        and scope["method"] == "POST"
        and not scope["query_string"]
        and ("root_path" not in scope or not scope["root_path"])
        and media_type_of(scope) == _JSON
        and _PLAIN_HOST.fullmatch(header_of(scope, b"host")) is not None
    )
