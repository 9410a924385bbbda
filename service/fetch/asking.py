"""One question to a publisher's server, along the redirects it answers with."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version

import httpx
import msgspec

from service.fetch.arriving import ACCEPTED_ENCODINGS
from service.fetch.patience import Patience
from service.model.errors import FetchFailedError

MAX_REDIRECTS = 5
_LAST_PORT = 65_535
_SCHEMES = frozenset({"http", "https"})
_USER_INFO = re.compile(r"//[^/?#]*@")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the publisher's server said of a file we have, word for word: both are opaque."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to ask with."""
        return self.etag is not None or self.last_modified is not None


def shown(url: str) -> str:
    """The address without the name and password that may stand in it."""
    return _USER_INFO.sub("//", url, count=1)


def open_client(patience: Patience) -> httpx.AsyncClient:
    """A client for one download; cookies that redirects set live as long as it does."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(patience.read_s, connect=patience.connect_s),
        headers={
            # Some publishers (DHS, FCC, the Treasury) turn away who does not name himself.
            "User-Agent": f"Abeyance/{version('abeyance')} (+list refresh)",
            "Accept-Encoding": ACCEPTED_ENCODINGS,
        },
    )


@asynccontextmanager
async def asked(client: httpx.AsyncClient, url: str, seen: Seen) -> AsyncGenerator[httpx.Response]:
    """The answer at the end of the redirects, its body not yet read.

    A name and password in the address go to its own server only, and never into a log.

    Raises:
        FetchFailedError: A redirect leads away from http and https or from https to http, or
            there are more than `MAX_REDIRECTS`.
        httpx.HTTPError, httpx.InvalidURL, UnicodeError: As httpx has them; see
            `faults.NETWORK_ERRORS`.
    """
    given = httpx.URL(url)
    target = _askable(given)
    headers = _conditions(seen)
    for _ in range(MAX_REDIRECTS + 1):
        is_for_it = bool(given.userinfo) and _is_same_server(target, given)
        auth = (given.username, given.password) if is_for_it else None
        async with client.stream("GET", target, headers=headers, auth=auth) as response:
            if not response.has_redirect_location:
                yield response
                return
            target = _next(response, shown(url))
    raise FetchFailedError(
        shown(url), f"redirected more than {MAX_REDIRECTS} times, at last to {_server(target)}"
    )


def _conditions(seen: Seen) -> dict[str, str]:
    said = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified}
    return {name: value for name, value in said.items() if value is not None}


def _next(response: httpx.Response, url: str) -> httpx.URL:
    target = _askable(response.url.join(response.headers["location"]))
    is_downgrade = response.url.scheme == "https" and target.scheme != "https"
    if is_downgrade or target.scheme not in _SCHEMES:
        raise FetchFailedError(
            url, f"redirected from {_server(response.url)} to {_server(target)}, not followed"
        )
    return target


def _askable(url: httpx.URL) -> httpx.URL:
    """The address without its user, if its port can be one: httpx lets any number pass."""
    if url.port is not None and url.port > _LAST_PORT:
        raise httpx.InvalidURL("port")
    return url.copy_with(username="", password="")


def _is_same_server(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _server(url: httpx.URL) -> str:
    """Scheme and host only: what follows may be signed for us alone."""
    return f"{url.scheme}://{url.host}"
