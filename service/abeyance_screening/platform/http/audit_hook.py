"""The entry of a request in the audit log."""

from collections.abc import Awaitable, Callable

from abeyance_screening.platform.access.audit_log import Audit, AuditedReading
from abeyance_screening.platform.http.entrance import access_of, address_of, caller_of
from abeyance_screening.platform.http.problems import AnyRequest
from abeyance_screening.platform.logs import request_id


def recording(audit: Audit) -> Callable[[AnyRequest], Awaitable[None]]:
    """Return a hook that is called before each request, and records those that are readings.

    Raises:
        StoreUnavailableError: A reading could not be recorded, so it is not answered.
    """

    async def record(request: AnyRequest) -> None:
        scope = request.scope
        access = access_of(scope["route_handler"])
        if access.reading is None:
            return
        part = access.about
        await audit.read(
            AuditedReading(
                caller=caller_of(request),
                action=access.reading,
                about="" if part is None else str(scope["path_params"][part])[:200],
                request_id=request_id.get(),
                address=address_of(scope) or None,
            )
        )

    return record
