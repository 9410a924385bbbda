"""Kinds of work, and the outcome of a piece of it, as the child process sends it to its parent.

Work whose request and result may be of any size gets and gives them in frames: the length in four
bytes, then as many bytes. An empty frame ends the request, or the result; the outcome follows.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import IO, Literal, override

import msgspec

from service.errors import (
    AbeyanceError,
    BadInputError,
    ListRefusedError,
    RowRefusedError,
    StrangePageError,
)

WORK: Mapping[str, str] = MappingProxyType(
    {
        "evidence": "service.web.evidence.document:write_pdf",
        "history": "service.app.apart.lists:read_history",
        "job_file": "service.app.apart.job:write_results",
        "job_rows": "service.app.apart.job:read_rows",
        "kept_results": "service.web.spreadsheet.files:write_kept",
        "lists": "service.app.apart.lists:read_list",
        "own_list": "service.app.apart.lists:read_own_list",
        "parties": "service.screening.parties.join:join_written",
        "results": "service.web.spreadsheet.files:file_of_lines",
        "tables": "service.web.spreadsheet.files:read_asked",
    }
)
"""The function of each kind of work, from bytes to bytes or from pieces to pieces.

Its module is imported only by the process that does the work.
"""

RefusedAs = Literal["bad-input", "list-refused", "row-refused", "strange-page"]


class Success(msgspec.Struct, frozen=True, tag=True):
    """Work that succeeded, with its result as bytes."""

    content: bytes


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """An expected error: its kind, and the two texts from which it is built again."""

    kind: RefusedAs
    where: str
    reason: str


class Broken(msgspec.Struct, frozen=True, tag=True):
    """A bug or a lack of memory: the class of the error and its place, never its text."""

    error: str
    place: str


type Outcome = Success | Refusal | Broken


def refused_by(error: AbeyanceError) -> Refusal | None:
    """Return the refusal to send for an expected error; None for one that no reader raises."""
    match error:
        case BadInputError():
            return Refusal("bad-input", error.field, error.reason)
        case StrangePageError():
            return Refusal("strange-page", error.list_code, error.reason)
        case ListRefusedError():
            return Refusal("list-refused", error.list_code, error.reason)
        case RowRefusedError():
            return Refusal("row-refused", error.where, error.reason)
        case _:
            return None


def error_of(refused: Refusal) -> AbeyanceError:
    """Return the error that was raised in the child process."""
    match refused.kind:
        case "bad-input":
            return BadInputError(refused.where, refused.reason)
        case "list-refused":
            return ListRefusedError(refused.where, refused.reason)
        case "row-refused":
            return RowRefusedError(refused.where, refused.reason)
        case "strange-page":
            return StrangePageError(refused.where, refused.reason)


# --- Frames.

LENGTH_BYTES = 4
END = bytes(LENGTH_BYTES)


def framed(piece: bytes) -> bytes:
    """Return a piece as a frame."""
    return len(piece).to_bytes(LENGTH_BYTES) + piece


def frames_in(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a request up to its end.

    Raises:
        EOFError: It breaks off before.
    """
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
