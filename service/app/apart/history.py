"""Reading editions of a history in the child process, one after the other."""

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from service.app.apart.outcome import Refusal, refused_by
from service.errors import AbeyanceError, ListRefusedError, RowRefusedError
from service.lists.edition import GivenFile, ListingRecord, ParsedDelta, ParsedEdition
from service.lists.formats import read_files
from service.lists.history import EditionPrinter, PrintedFiles, PrintedList
from service.lists.load import LoadRequest
from service.lists.reading.notes import remembering


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


def work(request: bytes) -> bytes:
    """Read the editions of a `HistoryRequest` in msgpack; return a `HistoryRead` in msgpack."""
    job = msgspec.msgpack.decode(request, type=HistoryRequest)
    editions, places = list[EditionRead | Refusal](), _Places()
    printer = EditionPrinter(job.wanted)
    with remembering():
        for paths in job.editions:
            editions.append(_read(job.wanted, paths, printer, places))
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


def _read(
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
