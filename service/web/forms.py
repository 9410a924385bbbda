"""Forms as they are sent to the pages: only from our own pages, and within limits."""

from litestar.connection import ASGIConnection
from litestar.datastructures import MultiDict, State
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from service.web.address import Given
from service.web.pages import AnyRequest

# A browser says where a request comes from; what is no browser says nothing.
_OURS = frozenset({"same-origin", "none", ""})


def refuse_foreign(
    connection: ASGIConnection[object, object, object, State], _: BaseRouteHandler
) -> None:
    """Lets no other site make this one keep something.

    Raises:
        PermissionDeniedException: The browser says that another site sent the form.
    """
    if connection.headers.get("sec-fetch-site", "") not in _OURS:
        raise PermissionDeniedException


async def sent_form(request: AnyRequest) -> Given:
    """The fields of a form, as if they stood in an address; files are left out."""
    form = await request.form()
    pairs: list[tuple[str, object]] = list(form.multi_items())
    return MultiDict([(name, each) for name, each in pairs if isinstance(each, str)])
