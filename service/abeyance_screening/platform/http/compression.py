"""Answers in the encoding that the client likes best: zstd, brotli or gzip.

A stream encodes itself (see `features.screen.stream`), since it begins before its length is
known. Whatever else is text and longer than `SHORT_BYTES` is encoded here. Litestar's own
middleware knows one encoding beside gzip, and screenings do not go through it.
"""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from abeyance_screening.platform.http.bodies import header_of
from abeyance_screening.platform.http.encodings import ANSWER_ENCODERS, Encoder, encoding_for
from abeyance_screening.primitives.fair_scheduler import give_turns

# An answer up to this length fits one packet as it is.
SHORT_BYTES = 1_000
_TEXTS = (
    b"text/",
    b"application/json",
    b"application/problem+json",
    b"application/x-ndjson",
    b"application/atom+xml",
    b"application/javascript",
    b"image/svg+xml",
)


def compressing(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that long answers in text come in an encoding the client takes."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            accepted = header_of(scope, b"accept-encoding").decode("latin-1")
            encoding = encoding_for(accepted, ANSWER_ENCODERS)
            await app(scope, receive, _Compressed(send, encoding).send)
        else:
            await app(scope, receive, send)

    return answer


class _Compressed:
    """What is sent of one answer; it is encoded if it is long and a text."""

    def __init__(self, send: Send, encoding: str) -> None:
        self._send = send
        self._encoding = encoding
        self._encoder: Encoder | None = None
        self._start: HTTPResponseStartEvent | None = None

    async def send(self, message: Message) -> None:
        """Send the next part of the answer, encoded or as it is."""
        if message["type"] == "http.response.start" and _is_long_text(message):
            message["headers"] = [*message["headers"], (b"vary", b"accept-encoding")]
            if self._encoding:
                self._encoder = ANSWER_ENCODERS[self._encoding]()
                self._start = message
                return
        if self._encoder is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        await self._send_piece(self._encoder, message["body"], is_last=not message["more_body"])

    async def _send_piece(self, encoder: Encoder, body: bytes, *, is_last: bool) -> None:
        await give_turns()
        piece = encoder.add(body) if body else b""
        if is_last:
            piece += encoder.end()
        if self._start is not None:
            self._start["headers"] = _encoded(
                self._start, self._encoding, len(piece) if is_last else None
            )
            await self._send(self._start)
            self._start = None
        await self._send({"type": "http.response.body", "body": piece, "more_body": not is_last})


def _is_long_text(start: HTTPResponseStartEvent) -> bool:
    """Return whether an answer is text without an encoding, and known to be long."""
    headers = dict(start["headers"])
    length = headers.get(b"content-length", b"")
    return (
        length.isdigit()
        and int(length) > SHORT_BYTES
        and headers.get(b"content-type", b"").startswith(_TEXTS)
        and b"content-encoding" not in headers
        # its parts may be asked for by their positions
        and b"accept-ranges" not in headers
    )


def _encoded(
    start: HTTPResponseStartEvent, encoding: str, length: int | None
) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer once it is encoded; one in pieces has no length.

    An ETag becomes a weak one: the bytes differ, what they say does not.
    """
    headers = [(b"content-encoding", encoding.encode())]
    for name, value in start["headers"]:
        if name == b"etag" and not value.startswith(b"W/"):
            headers.append((name, b"W/" + value))
        elif name != b"content-length":
            headers.append((name, value))
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return headers
