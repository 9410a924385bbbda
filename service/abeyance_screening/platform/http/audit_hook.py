"""The entry of a request in the audit log, once it is known how the request came out."""

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import partial
from http import HTTPStatus
from typing import cast

from litestar import Response
from litestar.enums import ScopeType
from litestar.types import Scope

from abeyance_screening.platform.access.audit_log import Audit, AuditedReading, Outcome
from abeyance_screening.platform.access.callers import Caller
from abeyance_screening.platform.http.entrance import access_of, address_of, caller_of
from abeyance_screening.platform.http.problems import AnyRequest, status_of
from abeyance_screening.platform.logs import request_id
from abeyance_screening.platform.postgres.queries import Author, say_author
from abeyance_screening.primitives.errors import NotFoundError, StoreUnavailableError

logger = logging.getLogger(__name__)
type _Recorder = Callable[[], Awaitable[None]]
_recorder: ContextVar[_Recorder | None] = ContextVar("_recorder", default=None)


async def record_reading[T](response: Response[T]) -> Response[T]:
    """Record the reading that a response answers, before it is sent.

    The framework keeps this function with a handler for all applications of a process, so that
    which audit log it is comes from the request.

    Raises:
        StoreUnavailableError: It could not be recorded, so it is not answered.
    """
    record = _recorder.get()
    if record is not None:
        await record()
    return response


class AuditHook:
    """What is called before a request, and where it ends in an error; see `record_reading`."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    async def before(self, request: AnyRequest) -> None:
        """Have a reading recorded, and the database name the request in what it changes."""
        access = access_of(request.scope["route_handler"])
        is_read = access.reading is not None
        _recorder.set(partial(self._record, request.scope, "done") if is_read else None)
        if access.change is not None:
            caller = caller_of(request)
            say_author(
                Author(
                    actor=caller.owner,
                    key=caller.key,
                    request=request_id.get(),
                    address=address_of(request.scope) or None,
                )
            )

    async def failed(self, error: Exception, scope: Scope) -> None:
        """Record that a known caller was refused something, or asked for what is not there.

        A failure of the service itself is no outcome. Nothing was shown, so where it cannot be
        recorded, the refusal stands, and a line of the service's log says it.
        """
        status = status_of(error)
        if status is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return
        try:
            is_missing = isinstance(error, NotFoundError)
            await self._record(scope, "not_found" if is_missing else "refused")
        except StoreUnavailableError:
            logger.warning("audit.refusal_not_recorded", extra={"status": int(status)})

    async def _record(self, scope: Scope, outcome: Outcome) -> None:
        if scope["type"] != ScopeType.HTTP or "route_handler" not in scope:
            return
        access = access_of(scope["route_handler"])
        caller = cast("Caller | None", dict(scope).get("auth"))
        action = access.reading or access.change
        if action is None or caller is None:
            return
        part = access.about
        await self._audit.read(
            AuditedReading(
                caller=caller,
                action=action,
                about="" if part is None else str(scope["path_params"][part])[:200],
                request_id=request_id.get(),
                address=address_of(scope) or None,
                outcome=outcome,
            )
        )
