"""Fetch: a publisher's file over HTTP, whole or not at all."""

from datetime import date
from email.utils import parsedate_to_datetime

import httpx
import msgspec

from service.model.errors import FetchFailedError

# The largest list file known is some 120 MB (OFAC's advanced XML); what is bigger is no list.
MAX_BYTES = 200_000_000
MAX_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(60.0, connect=15.0)
_OK = 200


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes, and the day (UTC) on which the publisher's server says they last changed."""

    content: bytes
    last_modified_on: date | None


async def fetch(url: str, *, max_bytes: int = MAX_BYTES) -> Fetched:
    """Downloads one file.

    Raises:
        FetchFailedError: No answer, another status than 200, fewer bytes than announced, or more
            than `max_bytes`.
    """
    try:
        async with (
            httpx.AsyncClient(
                timeout=_TIMEOUT, follow_redirects=True, max_redirects=MAX_REDIRECTS
            ) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != _OK:
                raise FetchFailedError(url, f"the server answered {response.status_code}")
            content = await _read(response, url, max_bytes)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchFailedError(url, str(error) or type(error).__name__) from error
    return Fetched(content=content, last_modified_on=_day(response.headers))


async def _read(response: httpx.Response, url: str, max_bytes: int) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > max_bytes:
            raise FetchFailedError(url, f"more than {max_bytes:,} bytes")
    return bytes(content)


def _day(headers: httpx.Headers) -> date | None:
    if "last-modified" not in headers:
        return None
    try:
        return parsedate_to_datetime(headers["last-modified"]).date()
    except ValueError:
        return None
