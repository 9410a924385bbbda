"""Reading an uploaded table in the child process."""

import msgspec

from service.web.spreadsheet.table import read_sent


class TableRequest(msgspec.Struct, frozen=True):
    """A file's bytes, its name (None for pasted text), and the largest number of rows allowed."""

    content: bytes
    name: str | None
    most_rows: int


def work(request: bytes) -> bytes:
    """Read the table of a `TableRequest` in msgpack; return JSON for the page, as of `read_sent`.

    Raises:
        BadInputError: The table cannot be read, or is too large.
    """
    job = msgspec.msgpack.decode(request, type=TableRequest)
    return read_sent(job.content, job.name, job.most_rows)
