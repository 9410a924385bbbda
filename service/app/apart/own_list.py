"""Reading a user's own list in the child process, piece by piece."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from service.errors import ListRefusedError
from service.lists.edition import ListingRecord
from service.lists.formats import streaming
from service.lists.listing import Listing
from service.lists.load import Hash, digest_of_hashes, listing_record
from service.lists.ports import ListEnd, ListHead, StreamedEntities, StreamedRecords
from service.lists.reading.files import (
    AskedEntities,
    FoundEntities,
    KeptEntity,
    NotKept,
    OpenFile,
    unpacked_into,
)

_ITEMS_IN_PIECE = 500
_PIECE_BYTES = 1 << 20


class OwnListRequest(msgspec.Struct, frozen=True):
    """The code of a user's own list, its files, and how large each may be when unpacked."""

    list_code: str
    paths: tuple[str, ...]
    most_bytes: int


def work(pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
    """Read the files of an `OwnListRequest` in msgpack; send `StreamPiece`s in msgpack.

    Beside a delta that comes alone an `AskedEntities` is sent, and the next piece that comes is a
    `FoundEntities`, or null where no entities are kept.

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

        end = _send_list(code, sha256, files, _Exchange(pieces, send))
        if [_state(each) for each in given] != before:
            names = ", ".join(each.name for each in given)
            raise ListRefusedError(code, f"{names} changed while being read")
        send(msgspec.msgpack.encode(end))


def _send_list(
    list_code: str, sha256: str, files: Sequence[OpenFile], exchange: "_Exchange"
) -> ListEnd:
    """Send the head of unpacked files, and all that they list; return the end."""
    with streaming(files, list_code, exchange.ask) as found:
        exchange.send(msgspec.msgpack.encode(ListHead(format=found.format, sha256=sha256)))
        stream = found.open()
        sent = _Sent(exchange.send)
        for item in stream.items:
            sent.add(item)
        sent.flush()
        parts = found.notes.on_stream(list_code, sent.listing_count)
    return ListEnd(
        read_in_part=parts,
        gone=stream.gone,
        follows=stream.follows,
        keeps_entities=sent.keeps_entities,
    )


class _Exchange:
    """What is said to the parent process, and asked of it."""

    def __init__(self, pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
        self._pieces = pieces
        self.send = send

    def ask(self, asked: AskedEntities) -> FoundEntities | None:
        """Return the kept entities beside a delta; None where none are kept."""
        self.send(msgspec.msgpack.encode(asked))
        return _decode_found(next(self._pieces))


_decode_found: Callable[[bytes], FoundEntities | None] = msgspec.msgpack.Decoder(
    FoundEntities | None
).decode


class _Sent:
    """The items of a stream, sent many at a time."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._entities = list[KeptEntity]()
        self._records = list[ListingRecord]()
        self.listing_count = 0
        self.keeps_entities = False

    def add(self, item: Listing | KeptEntity | NotKept) -> None:
        """Send an item, with others or later."""
        match item:
            case KeptEntity():
                self._entities.append(item)
                self.keeps_entities = True
            case Listing():
                self._records.append(listing_record(item))
                self.listing_count += 1
            case NotKept():
                self.keeps_entities = False
        if len(self._entities) + len(self._records) >= _ITEMS_IN_PIECE:
            self.flush()

    def flush(self) -> None:
        """Send what was not sent yet: entities first, all of which come before the listings."""
        if self._entities:
            self._send(msgspec.msgpack.encode(StreamedEntities(tuple(self._entities))))
        if self._records:
            self._send(msgspec.msgpack.encode(StreamedRecords(tuple(self._records))))
        self._entities, self._records = [], []


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
