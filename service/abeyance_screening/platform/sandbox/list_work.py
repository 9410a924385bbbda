"""Lists, read in the child process: one edition, a history of editions, or a user's own list."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from abeyance_screening.engine.lists.edition import (
    GivenFile,
    ListingRecord,
    ParsedDelta,
    ParsedEdition,
)
from abeyance_screening.engine.lists.formats import read_files, streaming
from abeyance_screening.engine.lists.history import EditionPrinter, PrintedFiles, PrintedList
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.load import LoadRequest, digest_of_all, listing_record
from abeyance_screening.engine.lists.loading_ports import (
    ListEnd,
    ListHead,
    StreamedEntities,
    StreamedRecords,
)
from abeyance_screening.engine.lists.reading.files import (
    AskedEntities,
    FoundEntities,
    KeptEntity,
    NotKept,
    OpenFile,
    unpacked_into,
)
from abeyance_screening.platform.sandbox.outcome import Refusal, refused_by
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

# --- The files of one edition.


class ListRequest(msgspec.Struct, frozen=True):
    """The arguments of `engine.lists.formats.read_files`."""

    wanted: str
    files: tuple[GivenFile, ...]
    sources: tuple[str, ...]
    list_code: str | None


def read_list(request: bytes) -> bytes:
    """Read the files of a `ListRequest` in msgpack; return `ReadFiles` in msgpack."""
    job = msgspec.msgpack.decode(request, type=ListRequest)
    read = read_files(job.wanted, job.files, sources=job.sources, list_code=job.list_code)
    return msgspec.msgpack.encode(read)


# --- Editions of a history, one after the other.


class HistoryRequest(msgspec.Struct, frozen=True):
    """Editions to read, each by the paths of its files; none begins after `seconds` of CPU."""

    wanted: LoadRequest
    editions: tuple[tuple[str, ...], ...]
    seconds: float


class ListRead(msgspec.Struct, frozen=True):
    """A list without its listings, and where these are among the records of the reply."""

    parsed: ParsedEdition | ParsedDelta
    places: tuple[int, ...]


class EditionRead(msgspec.Struct, frozen=True, tag=True):
    """What the files of one edition print; see `PrintedFiles`."""

    source: str
    format: str
    sha256: str
    lists: tuple[ListRead, ...]


class HistoryRead(msgspec.Struct, frozen=True):
    """The first of the editions asked for, at least one, and each of their records once."""

    records: tuple[ListingRecord, ...]
    editions: tuple[EditionRead | Refusal, ...]

    def printed(self) -> tuple[PrintedFiles | Refusal, ...]:
        """Return the editions with their records."""
        return tuple(
            each if isinstance(each, Refusal) else self._printed(each) for each in self.editions
        )

    def _printed(self, edition: EditionRead) -> PrintedFiles:
        return PrintedFiles(
            source=edition.source,
            format=edition.format,
            sha256=edition.sha256,
            lists=tuple(
                PrintedList(each.parsed, tuple(self.records[place] for place in each.places))
                for each in edition.lists
            ),
        )


def read_history(request: bytes) -> bytes:
    """Read the editions of a `HistoryRequest` in msgpack; return a `HistoryRead` in msgpack."""
    job = msgspec.msgpack.decode(request, type=HistoryRequest)
    editions, places = list[EditionRead | Refusal](), _Places()
    printer = EditionPrinter(job.wanted)
    for paths in job.editions:
        editions.append(_read_edition(job.wanted, paths, printer, places))
        if time.process_time() > job.seconds:
            break
    return msgspec.msgpack.encode(HistoryRead(tuple(places.records), tuple(editions)))


class _Places:
    """The records of all editions, and the place of each."""

    def __init__(self) -> None:
        self.records: list[ListingRecord] = []
        self._places: dict[int, int] = {}

    def of(self, record: ListingRecord) -> int:
        place = self._places.setdefault(id(record), len(self.records))
        if place == len(self.records):
            self.records.append(record)
        return place


def _read_edition(
    wanted: LoadRequest, paths: Sequence[str], printer: EditionPrinter, places: _Places
) -> EditionRead | Refusal:
    try:
        files = tuple(_given(wanted, Path(each)) for each in paths)
        read = read_files(wanted.name, files, sources=wanted.sources, list_code=wanted.own_code)
        printed = printer.printed(files, read)
    except RowRefusedError as error:
        return Refusal("list-refused", wanted.name, str(error))
    except AbeyanceError as error:
        refused = refused_by(error)
        if refused is None:
            raise
        return refused
    lists = (ListRead(each.parsed, tuple(map(places.of, each.listings))) for each in printed.lists)
    return EditionRead(printed.source, printed.format, printed.sha256, tuple(lists))


def _given(wanted: LoadRequest, path: Path) -> GivenFile:
    try:
        return GivenFile(path.name, path.read_bytes())
    except OSError as error:
        reason = f"{path.name} cannot be opened: {error.strerror}"
        raise ListRefusedError(wanted.name, reason) from None


# --- A user's own list, piece by piece.

_ITEMS_IN_PIECE = 500
_PIECE_BYTES = 1 << 20


class OwnListRequest(msgspec.Struct, frozen=True):
    """The code of a user's own list, its files, and how large each may be when unpacked."""

    list_code: str
    paths: tuple[str, ...]
    most_bytes: int


def read_own_list(pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
    """Read the files of an `OwnListRequest` in msgpack; send `StreamPiece`s in msgpack.

    Beside a delta that comes alone an `AskedEntities` is sent, and the next piece that comes is a
    `FoundEntities`, or null where no entities are kept.

    A packed file is unpacked into a temporary one. Of the files little is held at a time.
    """
    request = msgspec.msgpack.decode(next(pieces), type=OwnListRequest)
    code = request.list_code
    with ExitStack() as stack:
        given = [_opened(stack, code, Path(each)) for each in request.paths]
        before = [_state(each) for each in given]
        sha256 = digest_of_all(map(_digest_of, given))
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

    def ask(self, entities: AskedEntities) -> FoundEntities | None:
        """Return the kept entities beside a delta; None where none are kept."""
        self.send(msgspec.msgpack.encode(entities))
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


def _digest_of(file: OpenFile) -> str:
    file.content.seek(0)
    found = hashlib.sha256()
    while piece := file.content.read(_PIECE_BYTES):
        found.update(piece)
    return found.hexdigest()
