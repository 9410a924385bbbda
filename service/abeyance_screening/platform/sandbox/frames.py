"""Pieces of data through a pipe: each with its length before it."""

import io
from collections.abc import Callable, Iterator
from typing import IO, override

# --- Frames.

LENGTH_BYTES = 4
END = bytes(LENGTH_BYTES)


def framed(piece: bytes) -> bytes:
    """Return a piece as a frame."""
    return len(piece).to_bytes(LENGTH_BYTES) + piece


def frames_in(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a request up to its end."""
    while length := int.from_bytes(_exactly(stream, LENGTH_BYTES)):
        yield _exactly(stream, length)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    piece = stream.read(size)
    if len(piece) < size:
        raise EOFError
    return piece


class PieceReader(io.RawIOBase):
    """A file that is read once, from its beginning, and comes in pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._left = memoryview(b"")

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: object, /) -> int:
        """Fill a buffer with what is left of the piece at hand, and return how much that is."""
        room = memoryview(buffer)  # pyright: ignore[reportArgumentType] - any buffer
        self._left = self._left or memoryview(next(self._pieces, b""))
        size = min(len(room), len(self._left))
        room[:size], self._left = self._left[:size], self._left[size:]
        return size


class PieceWriter(io.RawIOBase):
    """A file that is written only at its end, and sent in pieces as it is written."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        super().__init__()
        self._send = send

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, piece: object, /) -> int:
        """Send a piece at once, and return its length."""
        content = bytes(memoryview(piece))  # pyright: ignore[reportArgumentType] - any buffer
        if content:
            self._send(content)
        return len(content)
