"""Download: fetch a publisher's file over HTTP, whole or not at all."""

import asyncio
import ipaddress
import random
import re
import ssl
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from importlib.metadata import version
from io import BytesIO
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Literal, cast, override

import httpx
import msgspec
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
)

from abeyance_screening.platform.server_answers import (
    day_of,
    field,
    length_of,
    retry_after_s,
    sendable,
    tell,
)
from abeyance_screening.primitives.addresses import is_named
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import FetchFailedError

if TYPE_CHECKING:
    from httpcore import AsyncNetworkStream


# --- Limits of a download: tries, waits, time and bytes.

# The largest list file known is some 120 MB (OFAC's advanced XML); anything larger is no list.
MAX_BYTES = 200_000_000


def full_jitter(ceiling_s: float) -> float:
    """Return a random wait in [0, ceiling_s], so that clients that failed together spread out.

    Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
    """
    return random.SystemRandom().uniform(0, ceiling_s)


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a download: timeouts, tries and size.

    Attributes:
        tries: How often the file is requested in all, at least 1.
        connect_s: The timeout for a connection.
        read_s: The longest silence on a connection.
        total_s: The timeout for all tries, waits and redirects together; it also ends a download
            that is too slow.
        first_wait_s: The ceiling of the first wait; each later ceiling is twice the one before.
        longest_wait_s: The highest such ceiling. A server whose Retry-After is longer is not asked
            again.
        max_bytes: The largest file accepted, both as sent and as unpacked.
        slowest_per_s: The fewest bytes a second, as sent, over each stretch of `read_s`.
        jitter: Returns a wait for a ceiling, both in seconds.
        clock: Returns seconds that only grow, by which the speed is measured.
    """

    tries: int = 4
    connect_s: float = 15.0
    read_s: float = 60.0
    # 200 MB in a quarter of an hour is 1.8 Mbit/s, which a slow line can do.
    total_s: float = 900.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 60.0
    max_bytes: int = MAX_BYTES
    # A modem of 1998 brings five times as much; lists of 60 kB and more come in a minute.
    slowest_per_s: int = 1_000
    jitter: Callable[[float], float] = full_jitter
    clock: Callable[[], float] = monotonic

    def wait_s(self, tries: int, retry_after_s: float | None) -> float:
        """Return the wait in seconds after this many failed tries.

        Args:
            tries: The number of failed tries, at least 1.
            retry_after_s: The server's Retry-After in seconds, if any. The wait is never shorter.
        """
        ceiling_s = min(self.first_wait_s * 2.0 ** (tries - 1), self.longest_wait_s)
        return (retry_after_s or 0.0) + self.jitter(ceiling_s)


PATIENT = Patience()


class PassingError(FetchFailedError):
    """A failure that may not recur; `retry_after_s` is the server's Retry-After, if any."""

    def __init__(
        self,
        url: str,
        reason: str,
        detail: str | None = None,
        *,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(url, reason, detail)
        self.retry_after_s = retry_after_s

    def at_last(self, tries: int) -> FetchFailedError:
        """Return the failure of a file that was tried so often, which the detail says."""
        counted = f"{tries} tries" if tries > 1 else None
        detail = ", ".join(filter(None, (self.detail, counted))) or None
        return FetchFailedError(self.url, self.reason, detail)


# --- The body of a response while it arrives: counted, unpacked, and never more than allowed.

type Progress = Callable[[int, int | None], None]
"""A callback for the bytes received so far and the bytes announced, both as sent."""

# "deflate" is the zlib format (RFC 9110); zlib tells it from gzip by the first bytes.
ACCEPTED_ENCODINGS = "gzip, deflate"
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_PLAIN = frozenset({"", "identity"})
_EITHER_FORMAT = zlib.MAX_WBITS | 32


class Arriving:
    """The body of a response while it arrives; its text form says how much has arrived."""

    def __init__(self, url: str, max_bytes: int, on_progress: Progress | None) -> None:
        self.has_begun = False
        self.url = url
        self._max_bytes = max_bytes
        self._on_progress = on_progress
        self.received = 0
        self._announced: int | None = None
        self._unpacking: _Unpacking | None = None
        self._content = BytesIO()

    @override
    def __str__(self) -> str:
        """Return `1,024 of 4,096 bytes`, or `1,024 bytes` where no length was announced."""
        announced = "" if self._announced is None else f" of {self._announced:,}"
        return f"{self.received:,}{announced} bytes"

    def begin(self, headers: httpx.Headers) -> None:
        """Check the headers of the response, and prepare for its encoding.

        Raises:
            FetchFailedError: The headers announce more bytes than allowed, or an encoding that
                was not asked for.
        """
        self.has_begun = True
        self._announced = length_of(headers)
        self._refuse_over(self._announced or 0)
        encoding = (field(headers, "content-encoding") or "").strip().lower()
        if encoding in _PACKED:
            self._unpacking = _Unpacking()
        elif encoding not in _PLAIN:
            raise FetchFailedError(
                self.url, f"came in the encoding {encoding!r}, which was not asked for"
            )

    def take(self, chunk: bytes) -> None:
        """Add the next bytes as sent.

        Raises:
            FetchFailedError: The body is larger than allowed, as sent or as unpacked.
            PassingError: The bytes cannot be unpacked.
        """
        self.received += len(chunk)
        self._refuse_over(self.received)
        self._content.write(self._unpack(chunk))
        self._refuse_over(self._content.tell())
        if self._on_progress is not None:
            self._on_progress(self.received, self._announced)

    @property
    def so_far(self) -> bytes | None:
        """What has arrived, unpacked; None where the body was not begun."""
        return self._content.getvalue() if self.has_begun else None

    def finish(self) -> bytes:
        """Return the whole file, unpacked.

        Raises:
            PassingError: The compressed body is incomplete.
        """
        if self.received and self._unpacking and not self._unpacking.is_whole:
            raise PassingError(self.url, f"cut off after {self}: the packed body has no end")
        return self._content.getvalue()

    def _unpack(self, chunk: bytes) -> bytes:
        if self._unpacking is None:
            return chunk
        try:
            # One byte more than allowed is enough to see that the file is too large.
            return self._unpacking.unpack(chunk, self._max_bytes - self._content.tell() + 1)
        except zlib.error as error:
            raise PassingError(self.url, f"cannot be unpacked after {self}") from error

    def _refuse_over(self, size: int) -> None:
        if size > self._max_bytes:
            raise FetchFailedError(self.url, f"more than {self._max_bytes:,} bytes")


class _Unpacking:
    """A decompressor of a gzip or deflate body.

    It replaces httpx's own decoder, which accepts a truncated body as whole, reads only the first
    of several gzip members, and unpacks without a limit.
    """

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_EITHER_FORMAT)

    @property
    def is_whole(self) -> bool:
        """Whether the last gzip member that was begun is complete."""
        return self._member.eof

    def unpack(self, packed: bytes, room: int) -> bytes:
        """Return up to `room` bytes (at least 1) of content; anything beyond is dropped."""
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


# --- The download of one file.

_OK = 200
_NOT_MODIFIED = 304
# Request timeout, too early, too many requests: the temporary failures below 500.
_PASSING = frozenset({408, 425, 429})
_SERVER_ERRORS = range(500, 600)


type Whose = Literal["the publisher's", "the mirror's"]
"""Whose server a download asks, in the words of its failures."""


class AllowedServers(msgspec.Struct, frozen=True, kw_only=True):
    """The servers that a download may ask, at its own address and by redirects.

    `start` is an address whose server is always allowed: a publisher's own, or an operator's
    mirror, which may be on a private network. Any other server must be reached by https, at a
    public address, and be one of `hosts` or a sub-domain of one; None allows every public one.
    """

    start: str | None = None
    hosts: tuple[str, ...] | None = None


class Validators(msgspec.Struct, frozen=True, kw_only=True):
    """The validators of a file we already have, exactly as the publisher's server sent them."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_anything(self) -> bool:
        """Whether there is any validator to send."""
        return self.etag is not None or self.last_modified is not None


class DownloadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One downloaded file, or the answer that it has not changed.

    Attributes:
        content: The bytes, unpacked; empty where the server sent nothing, None where the file
            has not changed.
        seen: The validators to send with the next request.
        last_modified_on: The UTC day on which the file last changed, if the server gives it.
    """

    content: bytes | None
    seen: Validators
    last_modified_on: date | None


class _Errand(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of `fetch`, and the event loop's time at which the download must end."""

    url: str
    seen: Validators
    patience: Patience
    on_progress: Progress | None
    allowed: AllowedServers | None
    whose: Whose
    until_s: float


async def fetch(
    url: str,
    *,
    seen: Validators | None = None,
    patience: Patience = PATIENT,
    on_progress: Progress | None = None,
    allowed: AllowedServers | None = None,
    whose: Whose = "the publisher's",
) -> DownloadedFile:
    """Download one file, with retries where they may help.

    Args:
        url: An http or https address; errors name it without its user and password.
        seen: The validators of the copy we have; the file is sent only if it changed since.
        patience: Timeouts, number of tries and largest size.
        on_progress: Called with the bytes received and announced; each try starts anew.
        allowed: The servers that may be asked, at once and by redirects; None for any.
        whose: Whose server the address is of, as a failure says it.

    Raises:
        FetchFailedError: No answer, a status other than 200, too few or too many bytes, a server
            that is not allowed, or a timeout. After several tries the message says how many.
    """
    errand = _Errand(
        url=url,
        seen=seen or Validators(),
        patience=patience,
        on_progress=on_progress,
        allowed=allowed,
        whose=whose,
        until_s=asyncio.get_running_loop().time() + patience.total_s,
    )
    return await _try_again(errand)


async def _try_again(errand: _Errand) -> DownloadedFile:
    tries = 0
    try:
        async with open_client(errand.patience) as client:
            async for attempt in _attempts(errand.patience):
                with attempt:
                    tries += 1
                    return await _try(client, errand)
    except PassingError as error:
        raise error.at_last(tries) from error
    # not reached: tries end above
    raise FetchFailedError(without_user(errand.url), "was not requested")


def _attempts(patience: Patience) -> AsyncRetrying:
    def wait_s(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        after_s = error.retry_after_s if isinstance(error, PassingError) else None
        return patience.wait_s(state.attempt_number, after_s)

    return AsyncRetrying(
        retry=retry_if_exception_type(PassingError),
        stop=stop_after_attempt(patience.tries) | stop_before_delay(patience.total_s),
        wait=wait_s,
        reraise=True,
    )


async def _try(client: httpx.AsyncClient, errand: _Errand) -> DownloadedFile:
    url, patience = without_user(errand.url), errand.patience
    arriving = Arriving(url, patience.max_bytes, errand.on_progress)
    try:
        async with (
            asyncio.timeout_at(errand.until_s),
            open_response(client, errand) as response,
        ):
            try:
                return await _take(response, errand, arriving)
            finally:
                await tell(response, arriving.so_far)
    except NETWORK_ERRORS as error:
        raise fault_of(error, errand.whose, arriving, patience) from error
    except TimeoutError as error:
        so_far = f"{arriving} arrived" if arriving.has_begun else "nothing arrived"
        reason = f"not complete within {patience.total_s:g} s: {so_far}"
        raise FetchFailedError(url, reason) from error


async def _take(response: httpx.Response, errand: _Errand, arriving: Arriving) -> DownloadedFile:
    url, status, headers = without_user(errand.url), response.status_code, response.headers
    pace = _Pace(errand.patience)
    last_modified = field(headers, "last-modified")
    if status == _NOT_MODIFIED and errand.seen.is_anything:
        changed_on = day_of(last_modified) or day_of(errand.seen.last_modified)
        return DownloadedFile(content=None, seen=errand.seen, last_modified_on=changed_on)
    if status in _PASSING or status in _SERVER_ERRORS:
        raise _passing(url, status, retry_after_s(headers), errand.patience)
    if status != _OK:
        raise FetchFailedError(url, f"the server answered {status}")
    arriving.begin(headers)
    async for chunk in response.aiter_raw():
        arriving.take(chunk)
        pace.check(arriving)
    return DownloadedFile(
        content=arriving.finish(),
        seen=Validators(
            etag=sendable(field(headers, "etag")), last_modified=sendable(last_modified)
        ),
        last_modified_on=_day_come(last_modified),
    )


def _day_come(last_modified: str | None) -> date | None:
    """Return the day of a Last-Modified; None where it has not come, by a clock that is wrong."""
    day = day_of(last_modified)
    return None if day is None or day > utc_now().date() else day


def _passing(url: str, status: int, after_s: float | None, patience: Patience) -> FetchFailedError:
    """Return the failure for a server that is busy; it may pass if it soon may be asked again."""
    reason = f"the server answered {status}"
    if after_s is not None and after_s > patience.longest_wait_s:
        return FetchFailedError(url, f"{reason}, and asks to be left alone for {after_s:,.0f} s")
    return PassingError(url, reason, retry_after_s=after_s)


class _Pace:
    """The speed of a body, over one stretch of `read_s` after another."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._began_s, self._had = patience.clock(), 0

    def check(self, arriving: Arriving) -> None:
        """End a download that is so slow that it would keep all others waiting.

        Raises:
            FetchFailedError: In a stretch that is over, too few bytes came.
        """
        now_s = self._patience.clock()
        lasted_s = now_s - self._began_s
        if lasted_s < self._patience.read_s:
            return
        if arriving.received - self._had < self._patience.slowest_per_s * lasted_s:
            least = f"less than {self._patience.slowest_per_s:,} bytes a second"
            raise FetchFailedError(arriving.url, f"too slow: {arriving} arrived, {least}")
        self._began_s, self._had = now_s, arriving.received


# --- One request to a publisher's server, and the redirects that it answers with.

MAX_REDIRECTS = 5
_LAST_PORT = 65_535
_SCHEMES = frozenset({"http", "https"})
_USER_INFO = re.compile(r"//[^/?#]*@")
_FOREIGN = "{} address leads to a server that may not be asked"


def without_user(url: str) -> str:
    """Return an address without the user name and password that it may contain."""
    return _USER_INFO.sub("//", url, count=1)


def open_client(patience: Patience) -> httpx.AsyncClient:
    """Return a client for one download; cookies that redirects set last as long as the client."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(patience.read_s, connect=patience.connect_s),
        headers={
            # Some publishers (DHS, FCC, the Treasury) refuse clients without a User-Agent.
            "User-Agent": f"Abeyance/{version('abeyance-screening')} (+list refresh)",
            "Accept-Encoding": ACCEPTED_ENCODINGS,
        },
    )


@asynccontextmanager
async def open_response(
    client: httpx.AsyncClient, errand: _Errand
) -> AsyncGenerator[httpx.Response]:
    """Request a file and yield the response at the end of the redirects, its body not yet read.

    A user name and password in the address are sent to its own server only, and never logged.
    """
    url, allowed = errand.url, errand.allowed
    given = httpx.URL(url)
    target = _requestable(given)
    headers = _conditions(errand.seen)
    for _ in range(MAX_REDIRECTS + 1):
        if allowed is not None:
            await _check_server(target, allowed, errand)
        needs_auth = bool(given.userinfo) and _is_same_server(target, given)
        auth = (given.username, given.password) if needs_auth else None
        async with client.stream(
            "GET", target, headers=headers, auth=auth, extensions=_checks(target, errand)
        ) as response:
            if not response.has_redirect_location:
                yield response
                return
            await tell(response, b"")
            target = _redirect_target(response, errand)
    raise FetchFailedError(
        without_user(url),
        f"redirected more than {MAX_REDIRECTS} times",
        f"at last to {_server(target)}",
    )


def _requestable(url: httpx.URL) -> httpx.URL:
    """Return the address without its user, if its port is valid: httpx accepts any number."""
    if url.port is not None and url.port > _LAST_PORT:
        raise httpx.InvalidURL("port")
    return url.copy_with(username="", password="")


def _conditions(seen: Validators) -> dict[str, str]:
    headers = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified}
    return {name: value for name, value in headers.items() if value is not None}


def _redirect_target(response: httpx.Response, errand: _Errand) -> httpx.URL:
    target = _requestable(response.url.join(response.headers["location"]))
    is_downgrade = response.url.scheme == "https" and target.scheme != "https"
    if is_downgrade or target.scheme not in _SCHEMES:
        detail = f"redirected from {_server(response.url)} to {_server(target)}, not followed"
        raise _foreign(errand, detail)
    return target


async def _check_server(target: httpx.URL, allowed: AllowedServers, errand: _Errand) -> None:
    if _is_start(target, allowed):
        return
    if target.scheme != "https":
        raise _foreign(errand, f"leads to {_server(target)}, not to https")
    # httpx leaves the port out where it is the scheme's own
    is_ours = target.port is None and is_named(target.host, allowed.hosts or (target.host,))
    if allowed.hosts is not None and not is_ours:
        named = ", ".join(allowed.hosts)
        detail = f"leads to {_server(target)}, which is not of {named}"
        raise _foreign(errand, detail)
    if await _is_private(target.host):
        raise _not_public(target, errand)


async def _is_private(host: str) -> bool:
    """Return whether a server's name leads to an address that is not of the public internet.

    A name that nobody knows is left to the request, which fails for that reason, or to a proxy. A
    name that changes its address between this look and the request is found by `_checks`.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return not all(_is_public(str(each[4][0])) for each in found)


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


def _checks(target: httpx.URL, errand: _Errand) -> dict[str, object]:
    """Return what checks a connected server before anything is sent; a proxy is not checked."""
    if errand.allowed is None or _is_start(target, errand.allowed):
        return {}
    hosts: list[object] = []

    async def check(name: str, told: dict[str, object]) -> None:
        if name == "connection.connect_tcp.started":
            hosts.append(told["host"])
        elif name == "connection.connect_tcp.complete" and hosts[-1:] == [target.host]:
            stream = cast("AsyncNetworkStream", told["return_value"])
            address = cast("tuple[str, int]", stream.get_extra_info("server_addr"))
            if not _is_public(address[0]):
                await stream.aclose()
                raise _not_public(target, errand)

    return {"trace": check}


def _not_public(target: httpx.URL, errand: _Errand) -> FetchFailedError:
    return _foreign(errand, f"leads to {_server(target)}, an address that is not public")


def _foreign(errand: _Errand, detail: str) -> FetchFailedError:
    return FetchFailedError(without_user(errand.url), _FOREIGN.format(errand.whose), detail)


def _is_start(target: httpx.URL, allowed: AllowedServers) -> bool:
    return allowed.start is not None and _is_same_server(target, httpx.URL(allowed.start))


def _is_same_server(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _server(url: httpx.URL) -> str:
    """Return scheme and host only: the rest of an address may hold a signature."""
    return f"{url.scheme}://{url.host}"


# --- Failures of a request: in words for everybody, and in those of the network for operators.

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""All that a request raises; a cookie that cannot be sent back raises UnicodeError."""


def fault_of(
    error: Exception, whose: Whose, arriving: Arriving, patience: Patience
) -> FetchFailedError:
    """Return the failure for one of `NETWORK_ERRORS`, a PassingError if another try may help."""
    url = arriving.url
    match error:
        case httpx.LocalProtocolError() | UnicodeError():
            return FetchFailedError(url, "cannot be requested", _text(error))
        case httpx.TransportError() if not isinstance(error, httpx.UnsupportedProtocol):
            distrust = _distrust(error)
            if distrust is None:
                return PassingError(url, *_reason(error, whose, arriving, patience))
            reason = "the server's certificate is not trusted"
            return FetchFailedError(url, reason, distrust)
        case _:
            # The error's own text is left out: it can quote a password from the address.
            return FetchFailedError(url, "leads to no valid http or https address")


def _distrust(error: BaseException) -> str | None:
    """Return why the server's certificate was not trusted, or None if it was not the cause."""
    causes = (each for each in _causes(error) if isinstance(each, ssl.SSLCertVerificationError))
    cause = next(causes, None)
    return None if cause is None else cause.verify_message


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those that it came from."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from chain.from_iterable(map(_causes, error.exceptions))
        error = error.__cause__ or error.__context__


def _reason(
    error: httpx.TransportError, whose: Whose, arriving: Arriving, patience: Patience
) -> tuple[str, str | None]:
    """Return a failure that may pass in words, and the detail for operators."""
    is_silence = isinstance(error, httpx.TimeoutException)
    if arriving.has_begun:
        silence = f": nothing more within {patience.read_s:g} s" if is_silence else ""
        return f"cut off after {arriving}{silence}", None
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {patience.connect_s:g} s", None
    if is_silence:
        return f"no answer within {patience.read_s:g} s", None
    if isinstance(error, httpx.ConnectError):
        return _unreached(error, whose, arriving.url)
    return "no usable answer", _text(error)


def _unreached(error: httpx.ConnectError, whose: str, url: str) -> tuple[str, str]:
    causes, detail = tuple(_causes(error)), _text(error)
    with suppress(RuntimeError):
        # an error that comes from no request has none
        asked = error.request.url
        if not _is_same_server(asked, httpx.URL(url)):
            whose, detail = "the redirect's", f"{_server(asked)}: {detail}"
    # by its name: this package opens no sockets, and may not import their module
    if any(type(each).__name__ == "gaierror" for each in causes):
        return f"{whose} address could not be found", detail
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        return f"{whose} server refused the connection", detail
    return f"{whose} server could not be reached", detail


def _text(error: Exception) -> str:
    return str(error).rstrip(".") or "the connection broke"
