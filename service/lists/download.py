"""Fetch: a publisher's file over HTTP, whole or not at all."""

import asyncio
import random
import re
import ssl
import zlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from io import BytesIO
from typing import override

import httpx
import msgspec
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
)

from service.errors import FetchFailedError

# --- Header fields of an answer, as far as they can be read.


def field(headers: httpx.Headers, name: str) -> str | None:
    """One header field, several lines of it joined by commas, or None."""
    if name not in headers:
        return None
    return headers[name]


def day_of(text: str | None) -> date | None:
    """The day (UTC) of an HTTP date, or None where it is missing or unreadable."""
    moment = _moment(text)
    return moment.date() if moment else None


def asked_wait_s(headers: httpx.Headers) -> float | None:
    """The seconds that Retry-After asks for, or None if it asks for nothing readable.

    A date is counted from the server's own Date, so that its clock need not agree with ours.
    """
    asked = (field(headers, "retry-after") or "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    until, now = _moment(asked), _moment(field(headers, "date"))
    if until is None or now is None:
        return None
    return max((until - now).total_seconds(), 0.0)


def length_of(headers: httpx.Headers) -> int | None:
    """How many bytes the body has as sent, where the answer announces it."""
    length = field(headers, "content-length")
    return int(length) if length and "transfer-encoding" not in headers else None


def sendable(text: str | None) -> str | None:
    """A field that can be sent back as it came, or None: a header takes ASCII only."""
    return text if text and text.isascii() and text.isprintable() else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
        # "-0000" is UTC without a place, which comes back without a zone.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# --- What a download may cost: tries, waits, time and bytes.

# The largest list file known is some 120 MB (OFAC's advanced XML); what is bigger is no list.
MAX_BYTES = 200_000_000


def full_jitter(ceiling_s: float) -> float:
    """A wait anywhere in [0, ceiling_s], so that many who failed together do not come together.

    Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """
    return random.SystemRandom().uniform(0, ceiling_s)


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long, how often and how much.

    Attributes:
        tries: How often the file is asked for in all, at least 1.
        connect_s: The longest wait for a connection.
        read_s: The longest silence on a connection.
        total_s: The time limit for everything, all tries and waits and redirects together; it
            also ends a download whose bytes dribble.
        first_wait_s: The ceiling of the first wait; each later ceiling is twice the one before.
        longest_wait_s: The highest such ceiling, and the most of a Retry-After that is heeded.
        max_bytes: The largest file taken, as sent and as unpacked.
        jitter: Makes a wait in seconds of its ceiling.
    """

    tries: int = 4
    connect_s: float = 15.0
    read_s: float = 60.0
    # 200 MB within a quarter of an hour is 1.8 Mbit/s: a slow line passes, a dribble does not.
    total_s: float = 900.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 60.0
    max_bytes: int = MAX_BYTES
    jitter: Callable[[float], float] = full_jitter

    def wait_s(self, tries: int, asked_s: float | None) -> float:
        """The wait after this many failed tries.

        Args:
            tries: At least 1.
            asked_s: What the server's Retry-After says, if it says so; never waited less than
                that, up to `longest_wait_s`.
        """
        ceiling_s = min(self.first_wait_s * 2.0 ** (tries - 1), self.longest_wait_s)
        return min(asked_s or 0.0, self.longest_wait_s) + self.jitter(ceiling_s)


PATIENT = Patience()


class PassingError(FetchFailedError):
    """A failure that may be gone at the next try; `asked_s` is what Retry-After asks to wait."""

    def __init__(self, url: str, reason: str, asked_s: float | None = None) -> None:
        super().__init__(url, reason)
        self.asked_s = asked_s


# --- The body of an answer while it arrives: counted, unpacked, and never more than allowed.

type Progress = Callable[[int, int | None], None]
"""Takes the bytes that came so far and how many were announced, both as sent."""

# What we ask for. "deflate" is the zlib format, as RFC 9110 says; one reader knows both by their
# first bytes.
ACCEPTED_ENCODINGS = "gzip, deflate"
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_PLAIN = frozenset({"", "identity"})
_EITHER_FORMAT = zlib.MAX_WBITS | 32


class Arriving:
    """One file on its way; its text form says how much has come."""

    def __init__(self, url: str, max_bytes: int, on_progress: Progress | None) -> None:
        self.has_begun = False
        self._url = url
        self._max_bytes = max_bytes
        self._on_progress = on_progress
        self._came = 0
        self._announced: int | None = None
        self._unpacking: _Unpacking | None = None
        self._content = BytesIO()

    @override
    def __str__(self) -> str:
        """Gives `1,024 of 4,096 bytes`, or `1,024 bytes` where no length was announced."""
        announced = "" if self._announced is None else f" of {self._announced:,}"
        return f"{self._came:,}{announced} bytes"

    def begin(self, headers: httpx.Headers) -> None:
        """Takes the head of the answer.

        Raises:
            FetchFailedError: It announces more than allowed, or an encoding not asked for.
        """
        self.has_begun = True
        self._announced = length_of(headers)
        self._refuse_over(self._announced or 0)
        encoding = (field(headers, "content-encoding") or "").strip().lower()
        if encoding in _PACKED:
            self._unpacking = _Unpacking()
        elif encoding not in _PLAIN:
            raise FetchFailedError(
                self._url, f"came in the encoding {encoding!r}, which was not asked for"
            )

    def take(self, chunk: bytes) -> None:
        """Takes the next bytes as sent.

        Raises:
            FetchFailedError: They are more than allowed, as sent or as unpacked.
            PassingError: They cannot be unpacked.
        """
        self._came += len(chunk)
        self._refuse_over(self._came)
        self._content.write(self._unpack(chunk))
        self._refuse_over(self._content.tell())
        if self._on_progress is not None:
            self._on_progress(self._came, self._announced)

    def finish(self) -> bytes:
        """The whole file.

        Raises:
            PassingError: What was packed has no end.
        """
        if self._came and self._unpacking and not self._unpacking.is_whole:
            raise PassingError(self._url, f"cut off after {self}: what was packed has no end")
        return self._content.getvalue()

    def _unpack(self, chunk: bytes) -> bytes:
        if self._unpacking is None:
            return chunk
        try:
            # One byte more than allowed is enough to see that it is too much.
            return self._unpacking.unpack(chunk, self._max_bytes - self._content.tell() + 1)
        except zlib.error as error:
            raise PassingError(self._url, f"cannot be unpacked after {self}") from error

    def _refuse_over(self, size: int) -> None:
        if size > self._max_bytes:
            raise FetchFailedError(self._url, f"more than {self._max_bytes:,} bytes")


class _Unpacking:
    """Unpacks what was gzipped or deflated.

    Not httpx's own decoder: that takes a packed body that ends in the middle for whole, reads
    the first of several gzip members only, and unpacks without a bound.
    """

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_EITHER_FORMAT)

    @property
    def is_whole(self) -> bool:
        """Whether the last member that was begun is at its end."""
        return self._member.eof

    def unpack(self, packed: bytes, room: int) -> bytes:
        """At most `room` bytes (at least 1) of content; with that many, the rest is dropped."""
        content = b""
        while packed and len(content) < room:
            if self._member.eof:
                # Zeros after a member are padding (gzip(1), "-d").
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                self._member = zlib.decompressobj(_EITHER_FORMAT)
            content += self._member.decompress(packed, room - len(content))
            packed = self._member.unused_data
        return content


# --- One question to a publisher's server, along the redirects it answers with.

MAX_REDIRECTS = 5
_LAST_PORT = 65_535
_SCHEMES = frozenset({"http", "https"})
_USER_INFO = re.compile(r"//[^/?#]*@")


class Validators(msgspec.Struct, frozen=True, kw_only=True):
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
async def asked(
    client: httpx.AsyncClient, url: str, seen: Validators
) -> AsyncGenerator[httpx.Response]:
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


def _conditions(seen: Validators) -> dict[str, str]:
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


# --- What went wrong on the way, in words for an operator.

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""All that a request raises: a cookie that cannot be sent back is a UnicodeError."""


def fault_of(
    error: Exception, url: str, arriving: Arriving, patience: Patience
) -> FetchFailedError:
    """The failure behind one of `NETWORK_ERRORS`: a PassingError if another try may help."""
    match error:
        case httpx.LocalProtocolError() | UnicodeError():
            return FetchFailedError(url, f"cannot be asked ({_text(error)})")
        case httpx.TransportError() if not isinstance(error, httpx.UnsupportedProtocol):
            distrust = _distrust(error)
            if distrust is None:
                return PassingError(url, _reason(error, arriving, patience))
            return FetchFailedError(url, f"the server's certificate is not trusted: {distrust}")
        case _:
            # Not the error's own text: it can quote a password out of the address.
            return FetchFailedError(url, "leads to no http or https address that can be asked")


def _distrust(error: BaseException | None) -> str | None:
    """Why the server's certificate was not trusted, or None if that was not the matter."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


def _reason(error: httpx.TransportError, arriving: Arriving, patience: Patience) -> str:
    is_silence = isinstance(error, httpx.TimeoutException)
    if arriving.has_begun:
        silence = f": nothing more within {patience.read_s:g} s" if is_silence else ""
        return f"cut off after {arriving}{silence}"
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {patience.connect_s:g} s"
    if is_silence:
        return f"no answer within {patience.read_s:g} s"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached ({_text(error)})"
    return f"no usable answer ({_text(error)})"


def _text(error: Exception) -> str:
    return str(error).rstrip(".") or "the connection broke"


__all__ = ["MAX_BYTES", "PATIENT", "DownloadedFile", "Patience", "Validators", "fetch"]

_OK = 200
_NOT_MODIFIED = 304
# Request timeout, too early, too many requests: the ones below 500 that pass by themselves.
_PASSING = frozenset({408, 425, 429})
_SERVER_ERRORS = range(500, 600)


class DownloadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file.

    Attributes:
        content: The bytes, unpacked; empty where the server sent nothing. None: the file is
            still the one that was `seen`.
        seen: What to ask with the next time.
        last_modified_on: The day (UTC) on which the file last changed, if its server says so.
    """

    content: bytes | None
    seen: Validators
    last_modified_on: date | None


async def fetch(
    url: str,
    *,
    seen: Validators | None = None,
    patience: Patience = PATIENT,
    on_progress: Progress | None = None,
) -> DownloadedFile:
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
        seen=seen or Validators(),
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
    seen: Validators
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


async def _try(client: httpx.AsyncClient, errand: _Errand) -> DownloadedFile:
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


async def _take(response: httpx.Response, errand: _Errand, arriving: Arriving) -> DownloadedFile:
    url, status, headers = shown(errand.url), response.status_code, response.headers
    last_modified = field(headers, "last-modified")
    if status == _NOT_MODIFIED and errand.seen.is_anything:
        changed_on = day_of(last_modified) or day_of(errand.seen.last_modified)
        return DownloadedFile(content=None, seen=errand.seen, last_modified_on=changed_on)
    if status in _PASSING or status in _SERVER_ERRORS:
        raise PassingError(url, f"the server answered {status}", asked_wait_s(headers))
    if status != _OK:
        raise FetchFailedError(url, f"the server answered {status}")
    arriving.begin(headers)
    async for chunk in response.aiter_raw():
        arriving.take(chunk)
    return DownloadedFile(
        content=arriving.finish(),
        seen=Validators(
            etag=sendable(field(headers, "etag")), last_modified=sendable(last_modified)
        ),
        last_modified_on=day_of(last_modified),
    )
