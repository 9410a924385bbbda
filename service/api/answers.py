"""Answers: JSON that is written already, sent in the pieces in which it was written."""

from collections.abc import Sequence
from typing import override

from litestar import Response
from litestar.types import ASGIApp, Receive, Scope, Send

# Such an answer, and often its address, names a counterparty: no cache may keep it.
_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


class WrittenResponse[T](Response[T]):
    """The JSON of a `T`.

    It goes out piece by piece, each when there is room for it, so that the longest answer holds
    up nothing else.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:  # pyright: ignore[reportMissingSuperCall] - its work is what is saved
        self._pieces = pieces

    @override
    def to_asgi_response(self, *_args: object, **_kwargs: object) -> ASGIApp:  # pyright: ignore[reportIncompatibleMethodOverride] - litestar calls it and no more
        """Sends it as it is: nothing is left for the framework to fill in."""
        return self._send

    async def _send(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        length = str(sum(map(len, self._pieces))).encode()
        headers = [*_HEADERS, (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        *others, last = self._pieces
        for piece in others:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": last, "more_body": False})
