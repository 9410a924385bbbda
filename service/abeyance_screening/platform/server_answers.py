"""What servers answer to downloads: their header fields, and all of it for who wants to see it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import httpx
import msgspec

# A refusal or a captcha is a page of this size at most.
_MOST_OF_A_REFUSAL = 1_000_000


class ServerAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a server: also a refusal, a redirect, or a file that was cut off.

    Attributes:
        url: The address asked, without user and password.
        status: The HTTP status.
        headers: The header fields as sent, but for cookies.
        content: What came of the body, unpacked; of a refusal no more than a page.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes


type Witness = Callable[[ServerAnswer], None]
"""Receives each answer of a server as it ends."""
_witnesses: ContextVar[tuple[Witness, ...]] = ContextVar("_witnesses", default=())


@contextmanager
def witnessed(by: Witness) -> Generator[None]:
    """Tell one more every answer of a server to the downloads of this context."""
    token = _witnesses.set((*_witnesses.get(), by))
    try:
        yield
    finally:
        _witnesses.reset(token)


async def tell(response: httpx.Response, content: bytes | None) -> None:
    """Tell whoever wants to see it what a server answered; usually nobody does.

    `content` None means that nothing of the body was read yet.
    """
    witnesses = _witnesses.get()
    if not witnesses:
        return
    headers = ((name, value) for name, value in response.headers.multi_items())
    answer = ServerAnswer(
        url=str(response.url.copy_with(username="", password="")),
        status=response.status_code,
        headers=tuple(each for each in headers if "cookie" not in each[0]),
        content=await _refusal(response) if content is None else content,
    )
    for witness in witnesses:
        witness(answer)


async def _refusal(response: httpx.Response) -> bytes:
    content = bytearray()
    with suppress(httpx.HTTPError):
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) >= _MOST_OF_A_REFUSAL:
                break
    return bytes(content[:_MOST_OF_A_REFUSAL])


# --- Header fields of a response, as far as they can be read.


def field(headers: httpx.Headers, name: str) -> str | None:
    """Return a header field, its several lines joined by commas, or None if it is missing."""
    if name not in headers:
        return None
    return headers[name]


def day_of(text: str | None) -> date | None:
    """Return the UTC day of an HTTP date, or None where it is missing or unreadable."""
    moment = moment_of(text)
    return moment.date() if moment else None


def retry_after_s(headers: httpx.Headers) -> float | None:
    """Return the seconds that Retry-After asks to wait, or None if it is missing or unreadable.

    A date is counted from the server's own Date, so that its clock need not agree with ours.
    """
    text = (field(headers, "retry-after") or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    until, now = moment_of(text), moment_of(field(headers, "date"))
    if until is None or now is None:
        return None
    return max((until - now).total_seconds(), 0.0)


def length_of(headers: httpx.Headers) -> int | None:
    """Return the announced length of the body in bytes as sent, or None if there is none."""
    length = field(headers, "content-length")
    return int(length) if length and "transfer-encoding" not in headers else None


def sendable(text: str | None) -> str | None:
    """Return a field that can be sent back unchanged, or None: a header takes ASCII only."""
    return text if text and text.isascii() and text.isprintable() else None


def moment_of(text: str | None) -> datetime | None:
    """Return the UTC moment of an HTTP date, or None where it is missing or unreadable."""
    try:
        moment = parsedate_to_datetime(text or "")
        # "-0000" means UTC of no particular place; it is parsed as a naive datetime.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
