"""Forms as they are sent to the pages: only from our own pages, and within limits."""

from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers, MultiDict, State
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from service.web.address import Given
from service.web.pages import AnyRequest

# What a browser says of where a request comes from, of a link that was typed `none`.
_OURS = frozenset({"same-origin", "none"})


def refuse_foreign(
    connection: ASGIConnection[object, object, object, State], _: BaseRouteHandler
) -> None:
    """Lets no other site make this one keep, write or show something in its name.

    Raises:
        PermissionDeniedException: The browser says that another site sent the form.
    """
    if not _is_ours(connection.headers):
        raise PermissionDeniedException


def _is_ours(headers: Headers) -> bool:
    """Whether our own page sent a request, or what is no browser and says nothing.

    A browser says it in so many words over HTTPS and to its own machine alone. Elsewhere it names
    the origin, which must be the address that was asked; our pages' referrer policy lets their
    forms name it.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def sent_form(request: AnyRequest) -> Given:
    """The fields of a form, as if they stood in an address; files are left out."""
    form = await request.form()
    pairs: list[tuple[str, object]] = list(form.multi_items())
    return MultiDict([(name, each) for name, each in pairs if isinstance(each, str)])
