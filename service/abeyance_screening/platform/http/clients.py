"""The client of a request: its address, its session's cookie, and whether the page is ours."""

from urllib.parse import urlsplit

from litestar.types import HTTPScope

from abeyance_screening.platform.access.sessions import People
from abeyance_screening.platform.http.bodies import header_of


def address_of(scope: HTTPScope) -> str:
    """Return the address of a client, as a proxy that is trusted says it; empty if unknown."""
    client = scope["client"]
    return "" if client is None else client[0]


def session_cookie(people: People) -> str:
    """Return the name of the cookie of a session.

    With `__Host-` a browser takes it only from this host itself, over an encrypted line. Only on
    the machine of the service may the line be open.
    """
    return host_cookie("abeyance", is_secure=is_secure(people))


def host_cookie(name: str, *, is_secure: bool) -> str:
    """Return the name of a cookie that no other host can set, where the line is encrypted."""
    return f"__Host-{name}" if is_secure else name


def is_secure(people: People) -> bool:
    """Whether browsers reach the service over an encrypted line."""
    return (people.public_url or "").startswith("https:")


def cookie_in(scope: HTTPScope, name: str) -> str | None:
    """Return a cookie of a request; None without it."""
    wanted = name.encode() + b"="
    for header, value in scope["headers"]:
        if header == b"cookie":
            for pair in value.split(b";"):
                if (cookie := pair.strip()).startswith(wanted):
                    return cookie[len(wanted) :].decode("latin-1")
    return None


def is_from_us(scope: HTTPScope, public_url: str | None) -> bool:
    """Whether the headers that no page can change say that one of our pages sent a request.

    Every browser sends `Origin` with what changes something, and most `Sec-Fetch-Site`. A request
    with neither is refused, since only a program makes one, which has a key.
    """
    site, origin = header_of(scope, b"sec-fetch-site"), header_of(scope, b"origin")
    if site and site != b"same-origin":
        return False
    if not origin:
        return bool(site)
    if public_url is not None:
        return origin.decode("latin-1").lower() == public_url
    return urlsplit(origin).netloc == header_of(scope, b"host")
