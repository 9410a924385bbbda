"""What servers answered to downloads, for whoever wants to see it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

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
_witness: ContextVar[Witness | None] = ContextVar("_witness", default=None)


@contextmanager
def witnessed(by: Witness) -> Generator[None]:
    """Tell somebody every answer of a server to the downloads of this context."""
    token = _witness.set(by)
    try:
        yield
    finally:
        _witness.reset(token)


async def tell(response: httpx.Response, content: bytes | None) -> None:
    """Tell whoever wants to see it what a server answered; usually nobody does.

    `content` None means that nothing of the body was read yet.
    """
    witness = _witness.get()
    if witness is None:
        return
    headers = ((name, value) for name, value in response.headers.multi_items())
    witness(
        ServerAnswer(
            url=str(response.url.copy_with(username="", password="")),
            status=response.status_code,
            headers=tuple(each for each in headers if "cookie" not in each[0]),
            content=await _refusal(response) if content is None else content,
        )
    )


async def _refusal(response: httpx.Response) -> bytes:
    content = bytearray()
    with suppress(httpx.HTTPError):
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) >= _MOST_OF_A_REFUSAL:
                break
    return bytes(content[:_MOST_OF_A_REFUSAL])
