"""Load lists from files: editions, histories, and users' own lists."""

import asyncio
import os
import shutil
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from abeyance_screening.engine.lists.history import (
    HistoryLoad,
    PastEdition,
    PrintedFiles,
    day_in_name,
)
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, LoadRequest, load_files
from abeyance_screening.engine.lists.load_own import load_own
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.sandbox.list_reader import HistoryInChild, ReaderInChild
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import AbeyanceError

# Each process that reads a history may take as much memory as the settings allow.
_MOST_READ_AT_ONCE = 8
# A process reads so many bytes, or editions, of a history in turn. It takes a second to start and
# to read its first edition; what its editions print all waits in memory for its reply.
_BYTES_IN_TURN = 200_000_000
_EDITIONS_IN_TURN = 100


class PastFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Where the files of one edition of a history are; they are read when it is its turn.

    `published_on` is the day that the operator gives, if any.
    """

    paths: tuple[Path, ...]
    name: str
    published_on: date | None

    @property
    def size(self) -> int:
        """How many bytes the files have, 0 for one that is not there."""
        return sum(each.stat().st_size for each in self.paths if each.is_file())

    def edition(self) -> PastEdition:
        """Return the edition without its files."""
        return PastEdition(
            name=self.name,
            published_on=self.published_on,
            named_on=day_in_name(self.name),
        )


def past_files(paths: Sequence[Path], published_on: date | None = None) -> tuple[PastFiles, ...]:
    """Return the editions of a history by the days in their names, then by name.

    Each file is one, and in a folder each file and each subfolder; hidden ones are left out.
    """
    inside = [each for path in paths for each in (_inside(path) if path.is_dir() else [path])]
    inside.sort(key=lambda each: (day_in_name(each.name) or date.min, each.name))
    return tuple(
        PastFiles(
            paths=tuple(each for each in _inside(path) if each.is_file())
            if path.is_dir()
            else (path,),
            name=path.name,
            published_on=published_on,
        )
        for path in inside
    )


def _inside(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if not each.name.startswith("."))


async def load_into(settings: Settings, dsn: str, given: ListFiles) -> tuple[LoadReport, ...]:
    """Load the files of one edition into a prepared database; see `load_files`."""
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        return await load_files(store, given, utc_now(), ReaderInChild(settings))


async def load_own_into(
    settings: Settings, dsn: str, given: ListFiles, paths: Sequence[Path]
) -> LoadReport:
    """Load the files of a user's own list into a prepared database; see `load_own`."""
    async with connected(dsn) as connection:
        store = StoreOnConnection(connection)
        with _readable_apart(paths) as files:
            stream_list = ReaderInChild(settings).stream_list
            return await load_own(store, given, files, utc_now(), stream_list)


@contextmanager
def _readable_apart(paths: Sequence[Path]) -> Generator[tuple[Path, ...]]:
    """Give files that another process can read; what only this one can is copied, as a pipe is."""
    with TemporaryDirectory(prefix="abeyance-") as folder:
        yield tuple(
            path
            if path.is_file() and not path.is_relative_to("/dev")
            else _copied(path, Path(folder) / f"{place}-{path.name}")
            for place, path in enumerate(paths)
        )


def _copied(path: Path, target: Path) -> Path:
    with path.open("rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return target


async def load_history_into(
    settings: Settings,
    dsn: str,
    wanted: LoadRequest,
    editions: Iterable[PastFiles],
    *,
    accepted: bool = False,
    begin: Callable[[str], None] = lambda _: None,
) -> tuple[LoadReport, ...]:
    """Load older editions into a prepared database, each at its place; see `HistoryLoad`.

    Files are read by several processes at once, each of which reads many in turn, ahead of what
    is compared. `begin` receives the name of each edition before it is put at its place.

    Raises:
        BadInputError: Another process changed the same editions meanwhile, or the code of a new
            list of the user's own looks like a public one.
    """
    reports: list[LoadReport] = []
    at_once = max(1, min(os.process_cpu_count() or 1, _MOST_READ_AT_ONCE))
    reader = HistoryInChild(settings, at_once)
    async with connected(dsn) as connection:
        history = HistoryLoad(StoreOnConnection(connection), wanted, utc_now(), accepted=accepted)
        async for turn, printed in _read_ahead(wanted, editions, reader, at_once):
            for past, each in zip(turn, printed, strict=True):
                begin(past.name)
                reports += await history.add(past.edition(), each)
        await history.finish()
    return tuple(reports)


type _Turn = tuple[Sequence[PastFiles], Sequence[PrintedFiles | AbeyanceError]]


async def _read_ahead(
    wanted: LoadRequest, editions: Iterable[PastFiles], reader: HistoryInChild, ahead: int
) -> AsyncIterator[_Turn]:
    """Yield editions in the order given with what they print, `ahead` turns read meanwhile."""
    reading: deque[asyncio.Task[_Turn]] = deque()
    try:
        for each in _turns(editions):
            reading.append(asyncio.create_task(_read_turn(wanted, each, reader)))
            if len(reading) > ahead:
                yield await reading.popleft()
        while reading:
            yield await reading.popleft()
    finally:
        for task in reading:
            task.cancel()


async def _read_turn(
    wanted: LoadRequest, editions: Sequence[PastFiles], reader: HistoryInChild
) -> _Turn:
    return editions, await reader.read(wanted, [each.paths for each in editions])


def _turns(editions: Iterable[PastFiles]) -> Iterator[Sequence[PastFiles]]:
    """Yield as many editions at a time as one process reads in turn."""
    turn, size = list[PastFiles](), 0
    for each in editions:
        more = each.size
        if turn and (size + more > _BYTES_IN_TURN or len(turn) == _EDITIONS_IN_TURN):
            yield turn
            turn, size = [], 0
        turn.append(each)
        size += more
    if turn:
        yield turn
