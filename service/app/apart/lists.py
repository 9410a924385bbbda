"""The work of reading a list's files: a request in, what they say of each list out."""

import msgspec

from service.lists.edition import GivenFile
from service.lists.formats import read_files


class ListRequest(msgspec.Struct, frozen=True):
    """What `parse.formats.read_files` is to be given."""

    wanted: str
    files: tuple[GivenFile, ...]
    sources: tuple[str, ...]
    list_code: str | None


def work(request: bytes) -> bytes:
    """The files read.

    Raises:
        ListRefusedError: They are not what the source publishes.
        RowRefusedError: A record cannot be read.
    """
    asked = msgspec.msgpack.decode(request, type=ListRequest)
    read = read_files(asked.wanted, asked.files, sources=asked.sources, list_code=asked.list_code)
    return msgspec.msgpack.encode(read)
