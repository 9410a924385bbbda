"""Readers of list files, in the process itself or in a sandbox."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import override

import msgspec

from abeyance_screening.engine.lists.edition import GivenFile, ReadFiles
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.history import PrintedFiles
from abeyance_screening.engine.lists.load import LoadRequest
from abeyance_screening.engine.lists.loading_ports import AnswerAsked, FileReader, StreamPiece
from abeyance_screening.engine.lists.reading.files import AskedEntities
from abeyance_screening.platform.sandbox.list_work import (
    HistoryRead,
    HistoryRequest,
    ListRequest,
    OwnListRequest,
)
from abeyance_screening.platform.sandbox.outcome import Refusal, error_of
from abeyance_screening.platform.sandbox.pool import ChildPool, EndedError, Limits
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError

# --- The readers of list files: in a child process, or in this one.

_LISTS_WAITING = 100
# A user's own file may be of any size: the seconds of the settings are for each so many bytes.
_BYTES_IN_SECONDS = 100_000_000
# The largest size of an unpacked file of a user's own list: several times that of the largest
# export known. A decompression bomb would fill the disk.
MOST_OWN_BYTES = 10_000_000_000


class ReaderInChild(FileReader):
    """A reader that works in child processes, one at a time, within the limits of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._limits = _limits(settings)
        self._apart = ChildPool("lists", self._limits, at_once=1, waiting=_LISTS_WAITING)

    @override
    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        request = ListRequest(wanted, tuple(files), tuple(sources), list_code)
        try:
            read = await self._apart(msgspec.msgpack.encode(request))
        except EndedError as ended:
            names = ", ".join(file.name for file in files)
            raise ListRefusedError(wanted, f"{names} {ended.reason}") from ended
        return msgspec.msgpack.decode(read, type=ReadFiles)

    async def stream_list(
        self, list_code: str, paths: Sequence[Path], answer: AnswerAsked
    ) -> AsyncGenerator[StreamPiece]:
        """Read a user's own list piece by piece; see `platform.sandbox.list_work`.

        Raises:
            ListRefusedError: The files cannot be read whole, or not within the limits.
            RowRefusedError: A record cannot be read.
        """
        size = sum(path.stat().st_size for path in paths)
        seconds = self._limits.seconds * (1 + size // _BYTES_IN_SECONDS)
        limits = msgspec.structs.replace(self._limits, seconds=seconds)
        apart = ChildPool("own_list", limits, at_once=1, waiting=0)
        named = tuple(str(path.absolute()) for path in paths)
        said = asyncio.Queue[object]()
        said.put_nowait(OwnListRequest(list_code, named, MOST_OWN_BYTES))
        try:
            async with aclosing(apart.stream(_encoded(said))) as pieces:
                async for each in pieces:
                    piece = _decode_piece(each)
                    if isinstance(piece, AskedEntities):
                        said.put_nowait(await answer(piece))
                    else:
                        yield piece
        except EndedError as ended:
            names = ", ".join(path.name for path in paths)
            raise ListRefusedError(list_code, f"{names} {ended.reason}") from ended


_decode_piece: Callable[[bytes], StreamPiece | AskedEntities] = msgspec.msgpack.Decoder(
    StreamPiece | AskedEntities
).decode


async def _encoded(said: asyncio.Queue[object]) -> AsyncGenerator[bytes]:
    """Yield what is said to a process that ends before its request does."""
    while True:
        yield msgspec.msgpack.encode(await said.get())


class ReaderHere:
    """A reader that works in this process, for the trusted files that come with the program."""

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """Read all files of one edition; see `engine.lists.formats.read_files`."""
        return read_files(wanted, files, sources=sources, list_code=list_code)


def _limits(settings: Settings) -> Limits:
    return Limits(
        seconds=settings.read_seconds,
        megabytes=settings.read_megabytes,
        settings=("ABEYANCE_READ_SECONDS", "ABEYANCE_READ_MEGABYTES"),
    )


# --- The reader of the editions of a history.

# After this share of the time that one edition may take, the next has a process of its own.
_SHARE_FOR_MANY = 0.25


class HistoryInChild:
    """A reader of histories in child processes, each of which reads several editions in turn.

    The editions of a history differ little, and a process returns only once what they share. An
    edition that exceeds a limit or crashes its reader costs no other: the editions that were read
    with it are read again, each by itself.
    """

    def __init__(self, settings: Settings, at_once: int) -> None:
        limits = _limits(settings)
        self._seconds = limits.seconds * _SHARE_FOR_MANY
        self._apart = ChildPool("history", limits, at_once=at_once, waiting=_LISTS_WAITING)

    async def read(
        self, wanted: LoadRequest, editions: Sequence[Sequence[Path]]
    ) -> tuple[PrintedFiles | AbeyanceError, ...]:
        """Return what each edition prints, given by its files, or why it is refused."""
        printed: list[PrintedFiles | AbeyanceError] = []
        while len(printed) < len(editions):
            rest = editions[len(printed) :]
            try:
                printed += await self._together(wanted, rest)
            except EndedError as ended:
                if len(rest) > 1:
                    for each in rest:
                        printed += await self.read(wanted, [each])
                else:
                    names = ", ".join(path.name for path in rest[0])
                    printed.append(ListRefusedError(wanted.name, f"{names} {ended.reason}"))
        return tuple(printed)

    async def _together(
        self, wanted: LoadRequest, editions: Sequence[Sequence[Path]]
    ) -> list[PrintedFiles | AbeyanceError]:
        """Return what the first of the editions print, as many as one process reads in time."""
        paths = tuple(tuple(str(path.absolute()) for path in each) for each in editions)
        request = HistoryRequest(wanted, paths, self._seconds)
        reply = await self._apart(msgspec.msgpack.encode(request))
        read = msgspec.msgpack.decode(reply, type=HistoryRead)
        return [error_of(each) if isinstance(each, Refusal) else each for each in read.printed()]
