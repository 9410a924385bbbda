"""Readers of list files in the shape that loading asks for: apart, or here."""

from collections.abc import Sequence

import msgspec

from service.app.apart.lists import ListRequest
from service.app.apart.running import Apart, EndedError, Limits
from service.errors import ListRefusedError
from service.lists.edition import GivenFile, ReadFiles
from service.lists.formats import read_files
from service.settings import Settings

# Lists are read one behind the other by whoever loads or refreshes them.
_AT_ONCE = 1
_WAITING = 100


class ApartReader:
    """Reads files in a process of its own, within the limits that are set."""

    def __init__(self, settings: Settings) -> None:
        limits = Limits(seconds=settings.read_seconds, megabytes=settings.read_megabytes)
        self._apart = Apart("lists", limits, at_once=_AT_ONCE, waiting=_WAITING)

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """The files of one edition, read whole; see `parse.formats.read_files`.

        Raises:
            ListRefusedError: They are not what the source publishes, or cannot be read within
                the limits.
            RowRefusedError: A record cannot be read.
        """
        request = ListRequest(wanted, tuple(files), tuple(sources), list_code)
        try:
            read = await self._apart(msgspec.msgpack.encode(request))
        except EndedError as ended:
            names = ", ".join(file.name for file in files)
            raise ListRefusedError(wanted, f"{names} {ended.reason}") from ended
        return msgspec.msgpack.decode(read, type=ReadFiles)


class HereReader:
    """Reads files in this very process: those that come with the program, which are our own."""

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """The files of one edition, read whole; see `parse.formats.read_files`."""
        return read_files(wanted, files, sources=sources, list_code=list_code)
