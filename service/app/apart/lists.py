"""Reading a list's files in the child process."""

import msgspec

from service.lists.edition import GivenFile
from service.lists.formats import read_files


class ListRequest(msgspec.Struct, frozen=True):
    """The arguments of `service.lists.formats.read_files`."""

    wanted: str
    files: tuple[GivenFile, ...]
    sources: tuple[str, ...]
    list_code: str | None


def work(request: bytes) -> bytes:
    """Read the files of a `ListRequest` in msgpack; return `ReadFiles` in msgpack.

    Raises:
        ListRefusedError: The files are not what the source publishes.
        RowRefusedError: A record cannot be read.
    """
    job = msgspec.msgpack.decode(request, type=ListRequest)
    read = read_files(job.wanted, job.files, sources=job.sources, list_code=job.list_code)
    return msgspec.msgpack.encode(read)
