"""Reading a user's own list in the child process, piece by piece."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import batched
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from service.errors import ListRefusedError
from service.lists.formats import streaming
from service.lists.load import Hash, digest_of_hashes, listing_record
from service.lists.ports import StreamedRecords, StreamEnd, StreamHead
from service.lists.reading.files import OpenFile, unpacked_into

_LISTINGS_IN_PIECE = 500
_PIECE_BYTES = 1 << 20


class OwnListRequest(msgspec.Struct, frozen=True):
    """The code of a user's own list, its files, and how large each may be when unpacked."""

    list_code: str
    paths: tuple[str, ...]
    most_bytes: int


def work(pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
    """Read the files of an `OwnListRequest` in msgpack; send `StreamPiece`s in msgpack.

    A packed file is unpacked into a temporary one. Of the files little is held at a time.

    Raises:
        ListRefusedError: The files are no such list, or one of them changed meanwhile.
        RowRefusedError: A record cannot be read.
    """
    request = msgspec.msgpack.decode(next(pieces), type=OwnListRequest)
    code = request.list_code
    with ExitStack() as stack:
        given = [_opened(stack, code, Path(each)) for each in request.paths]
        before = [_state(each) for each in given]
        sha256 = digest_of_hashes(map(_hashed, given))
        files = [
            unpacked_into(code, each, stack.enter_context(TemporaryFile()), request.most_bytes)
            for each in given
        ]
        with streaming(code, files, code) as read:
            head = StreamHead(
                format=read.format,
                sha256=sha256,
                gone=read.stream.gone,
                follows=read.stream.follows,
            )
            send(msgspec.msgpack.encode(head))
            count = 0
            records = map(listing_record, read.stream.listings)
            for some in batched(records, _LISTINGS_IN_PIECE, strict=False):
                count += len(some)
                send(msgspec.msgpack.encode(StreamedRecords(some)))
            parts = read.notes.on_stream(code, count)
        if [_state(each) for each in given] != before:
            names = ", ".join(each.name for each in given)
            raise ListRefusedError(code, f"{names} changed while being read")
        send(msgspec.msgpack.encode(StreamEnd(read_in_part=parts)))


def _opened(stack: ExitStack, list_code: str, path: Path) -> OpenFile:
    try:
        return OpenFile(path.name, stack.enter_context(path.open("rb")))
    except OSError as error:
        reason = f"{path.name} cannot be opened: {error.strerror}"
        raise ListRefusedError(list_code, reason) from None


def _state(file: OpenFile) -> tuple[int, int]:
    """Return the size of a file and when it was last changed."""
    found = os.fstat(file.content.fileno())
    return found.st_size, found.st_mtime_ns


def _hashed(file: OpenFile) -> Hash:
    file.content.seek(0)
    found = hashlib.sha256()
    while piece := file.content.read(_PIECE_BYTES):
        found.update(piece)
    return found
