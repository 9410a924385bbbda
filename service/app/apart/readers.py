"""The readers of list files that loading uses: in a child process, or in this one."""

from collections.abc import Sequence

import msgspec

from service.app.apart.lists import ListRequest
from service.app.apart.running import Apart, EndedError, Limits
from service.errors import ListRefusedError
from service.lists.edition import GivenFile, ReadFiles
from service.lists.formats import read_files
from service.settings import Settings

# A load or refresh reads its lists one after another.
_AT_ONCE = 1
_WAITING = 100


class ApartReader:
    """A reader that works in a child process, within the limits of the settings."""

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
        """Read all files of one edition; see `service.lists.formats.read_files`.

        Raises:
            ListRefusedError: The files are not what the source publishes, or cannot be read
                within the limits.
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
    """A reader that works in this process, for the trusted files that come with the program."""

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        """Read all files of one edition; see `service.lists.formats.read_files`."""
        return read_files(wanted, files, sources=sources, list_code=list_code)
