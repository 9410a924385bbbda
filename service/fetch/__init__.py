"""Fetch: a publisher's file over HTTP, whole or not at all."""

import asyncio
from datetime import date

import httpx
import msgspec
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
)

from service.fetch.arriving import Arriving, Progress
from service.fetch.asking import Seen, asked, open_client, shown
from service.fetch.faults import NETWORK_ERRORS, fault_of
from service.fetch.headers import asked_wait_s, day_of, field, sendable
from service.fetch.patience import MAX_BYTES, PATIENT, PassingError, Patience
from service.model.errors import FetchFailedError

__all__ = ["MAX_BYTES", "PATIENT", "Fetched", "Patience", "Seen", "fetch"]

_OK = 200
_NOT_MODIFIED = 304
# Request timeout, too early, too many requests: the ones below 500 that pass by themselves.
_PASSING = frozenset({408, 425, 429})
_SERVER_ERRORS = range(500, 600)


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """One file.

    Attributes:
        content: The bytes, unpacked; empty where the server sent nothing. None: the file is
            still the one that was `seen`.
        seen: What to ask with the next time.
        last_modified_on: The day (UTC) on which the file last changed, if its server says so.
    """

    content: bytes | None
    seen: Seen
    last_modified_on: date | None


async def fetch(
    url: str,
    *,
    seen: Seen | None = None,
    patience: Patience = PATIENT,
    on_progress: Progress | None = None,
) -> Fetched:
    """Downloads one file, and tries again where that may help.

    Args:
        url: http or https; errors name it without its user and password.
        seen: What the server said of the copy we have; it then answers only if the file changed.
        patience: How long, how often, how much.
        on_progress: Told the bytes so far and those announced, as sent; begins again at each try.

    Raises:
        FetchFailedError: No answer, another status than 200, fewer bytes than announced, more
            than allowed, or not within the time. After several tries it says how many.
    """
    errand = _Errand(
        url=url,
        seen=seen or Seen(),
        patience=patience,
        on_progress=on_progress,
        until_s=asyncio.get_running_loop().time() + patience.total_s,
    )
    tries = 0
    try:
        async with open_client(patience) as client:
            async for attempt in _attempts(patience):
                with attempt:
                    tries += 1
                    return await _try(client, errand)
    except PassingError as error:
        counted = f" ({tries} tries)" if tries > 1 else ""
        raise FetchFailedError(error.url, f"{error.reason}{counted}") from error
    # Not reached: the attempts end with an answer or with an error.
    raise FetchFailedError(shown(url), "was not asked for")


class _Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What `fetch` was asked, and the event loop's time at which it must be over."""

    url: str
    seen: Seen
    patience: Patience
    on_progress: Progress | None
    until_s: float


def _attempts(patience: Patience) -> AsyncRetrying:
    def wait_s(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked_s = error.asked_s if isinstance(error, PassingError) else None
        return patience.wait_s(state.attempt_number, asked_s)

    return AsyncRetrying(
        retry=retry_if_exception_type(PassingError),
        stop=stop_after_attempt(patience.tries) | stop_before_delay(patience.total_s),
        wait=wait_s,
        reraise=True,
    )


async def _try(client: httpx.AsyncClient, errand: _Errand) -> Fetched:
    url, patience = shown(errand.url), errand.patience
    arriving = Arriving(url, patience.max_bytes, errand.on_progress)
    try:
        async with (
            asyncio.timeout_at(errand.until_s),
            asked(client, errand.url, errand.seen) as response,
        ):
            return await _take(response, errand, arriving)
    except NETWORK_ERRORS as error:
        raise fault_of(error, url, arriving, patience) from error
    except TimeoutError as error:
        so_far = f"{arriving} had come" if arriving.has_begun else "nothing had come"
        reason = f"not whole within {patience.total_s:g} s: {so_far}"
        raise FetchFailedError(url, reason) from error


async def _take(response: httpx.Response, errand: _Errand, arriving: Arriving) -> Fetched:
    url, status, headers = shown(errand.url), response.status_code, response.headers
    last_modified = field(headers, "last-modified")
    if status == _NOT_MODIFIED and errand.seen.is_anything:
        changed_on = day_of(last_modified) or day_of(errand.seen.last_modified)
        return Fetched(content=None, seen=errand.seen, last_modified_on=changed_on)
    if status in _PASSING or status in _SERVER_ERRORS:
        raise PassingError(url, f"the server answered {status}", asked_wait_s(headers))
    if status != _OK:
        raise FetchFailedError(url, f"the server answered {status}")
    arriving.begin(headers)
    async for chunk in response.aiter_raw():
        arriving.take(chunk)
    return Fetched(
        content=arriving.finish(),
        seen=Seen(etag=sendable(field(headers, "etag")), last_modified=sendable(last_modified)),
        last_modified_on=day_of(last_modified),
    )
