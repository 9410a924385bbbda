"""The reader of uploaded tables in the shape that the spreadsheet page asks for."""

import msgspec

from service.app.apart.running import Apart, EndedError, Limits
from service.app.apart.tables import TableRequest
from service.errors import BadInputError

# The largest table that the page takes needs 20 s and 150 MB. One that is nearly a bomb keeps a
# process of low rank busy for that long, and two such leave the others a turn.
TABLE_LIMITS = Limits(seconds=60, megabytes=1_000)
TABLES_AT_ONCE, TABLES_WAITING = 2, 6


class ApartTables:
    """Reads uploaded tables, each in a process of its own."""

    def __init__(self, limits: Limits = TABLE_LIMITS) -> None:
        self._apart = Apart("tables", limits, at_once=TABLES_AT_ONCE, waiting=TABLES_WAITING)

    async def read_table(self, content: bytes, name: str | None, most_rows: int) -> bytes:
        """The table as JSON; see `web.spreadsheet_table.TableSent`.

        Raises:
            BadInputError: It is no table that can be read, or not within the limits.
            BusyError: Too many wait to be read already.
        """
        request = msgspec.msgpack.encode(TableRequest(content, name, most_rows))
        try:
            return await self._apart(request)
        except EndedError as ended:
            raise BadInputError("file", ended.reason) from ended
