"""The reader of uploaded tables that the spreadsheet page uses."""

import msgspec

from service.app.apart.running import Apart, EndedError, Limits
from service.app.apart.tables import TableRequest
from service.errors import BadInputError

# The largest table that the page accepts needs 20 s and 150 MB. A table close to a decompression
# bomb keeps a process of low priority busy for the whole limit; two at once leave room for others.
TABLE_LIMITS = Limits(seconds=60, megabytes=1_000)
TABLES_AT_ONCE, TABLES_WAITING = 2, 6


class ApartTables:
    """A reader of uploaded tables, each in its own child process."""

    def __init__(self, limits: Limits = TABLE_LIMITS) -> None:
        self._apart = Apart("tables", limits, at_once=TABLES_AT_ONCE, waiting=TABLES_WAITING)

    async def read_table(self, content: bytes, name: str | None, most_rows: int) -> bytes:
        """Read a table and return it as JSON; see `service.web.spreadsheet.table.TableSent`.

        Raises:
            BadInputError: The table cannot be read, or not within the limits.
            BusyError: Too many tables are waiting to be read.
        """
        request = msgspec.msgpack.encode(TableRequest(content, name, most_rows))
        try:
            return await self._apart(request)
        except EndedError as ended:
            raise BadInputError("file", ended.reason) from ended
