"""The work of reading a table that somebody uploaded: its bytes in, the page's JSON out."""

import msgspec

from service.web.spreadsheet.table import read_sent


class TableRequest(msgspec.Struct, frozen=True):
    """A file's bytes, its name (None for text that was pasted), and how many rows it may have."""

    content: bytes
    name: str | None
    most_rows: int


def work(request: bytes) -> bytes:
    """The table as JSON; see `TableSent`.

    Raises:
        BadInputError: It cannot be read, or holds too much.
    """
    asked = msgspec.msgpack.decode(request, type=TableRequest)
    return read_sent(asked.content, asked.name, asked.most_rows)
