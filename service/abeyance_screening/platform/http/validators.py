"""Answers that a client may have already: `ETag`, `If-None-Match` and 304, by RFC 9110, 13.1.2.

What changes seldom and is asked for often has them: the register, the lists, the calendar, the
OpenAPI document and the files of the pages. They are worked out before it is known that the client
has them, so that what is saved is the sending.
"""

import hashlib
import re
from http import HTTPStatus

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from abeyance_screening.platform.http.bodies import header_of

_VALIDATED = re.compile(
    r"/(?:v1/(?:register|measures|lists|calendar)|openapi\.json|static|docs/files)(?:[./]|$)"
)
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# An answer that says how long it may be kept asks first, since the next may differ.
_ASK_FIRST = (b"cache-control", b"private, no-cache")
# What RFC 9110, 15.4.5 wants to be told of an answer that is not sent again.
_KEPT = frozenset({b"cache-control", b"vary", b"etag"})


def is_validated(path: str) -> bool:
    """Return whether what is at an address has an `ETag`."""
    return _VALIDATED.match(path) is not None


def validating(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that what a client has already is not sent again."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == ScopeType.HTTP
            and scope["method"] == "GET"
            and is_validated(scope["path"])
        ):
            given = header_of(scope, b"if-none-match").decode("latin-1")
            send = _Validated(send, given).send
        await app(scope, receive, send)

    return answer


class _Validated:
    """What is sent of one answer, which is held until its end to tell its tag."""

    def __init__(self, send: Send, given: str) -> None:
        self._send = send
        self._given = given
        self._start: HTTPResponseStartEvent | None = None
        self._pieces: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Hold the next part of the answer, and send all of it at its end."""
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            self._start = message
            return
        if self._start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._pieces.append(message["body"])
        if not message["more_body"]:
            await self._end(self._start)

    async def _end(self, start: HTTPResponseStartEvent) -> None:
        body = b"".join(self._pieces)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        start["headers"] = [
            (b"etag", tag.encode()),
            _ASK_FIRST,
            *(each for each in start["headers"] if each[0] != b"cache-control"),
        ]
        if _names(self._given, tag):
            start["status"], body = HTTPStatus.NOT_MODIFIED, b""
            start["headers"] = [each for each in start["headers"] if each[0] in _KEPT]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _names(given: str, tag: str) -> bool:
    """Return whether an If-None-Match header names a tag, be it as a weak one."""
    return given.strip() == "*" or tag in _TAG.findall(given)
