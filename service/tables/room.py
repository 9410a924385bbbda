"""How much a workbook may hold, counted part by part before anything is built of it.

A few kilobytes of a workbook can unpack to millions of rows, texts or styles, each of which costs
openpyxl a hundred times what it costs to count it.
"""

import io
import zipfile
from collections import Counter
from xml.parsers.expat import ExpatError, ParserCreate

import msgspec

from service.errors import BadInputError

_CHUNK_BYTES = 262_144
# What a cell is made of, at most four of them; as cheap as the cell is dear.
_OF_A_CELL = frozenset({"v", "f", "is", "t"})
_MOST_OF_A_CELL = 4
# Excel takes 65,490 ways to show a cell, whatever the size of the table.
_MOST_STYLES = 100_000


class WorkbookLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a workbook may hold.

    `unpacked_bytes` are those of all its parts, `rows` those that are blank as well, `texts` the
    ones its cells share. `others` are all other elements: styles, links, rich text, readings.
    """

    unpacked_bytes: int
    rows: int
    cells: int
    texts: int
    others: int


# For a table of any size that somebody reads on a machine of his own: Excel's last row, and the
# cells that a list may have (`parse.workbooks`).
ANY_SIZE = WorkbookLimits(
    unpacked_bytes=400_000_000, rows=1_048_576, cells=5_000_000, texts=5_000_000, others=2_000_000
)


def check_room(content: bytes, room: WorkbookLimits) -> None:
    """Refuses a workbook that holds too much, as soon as that shows.

    Raises:
        BadInputError: It does; the field is the file.
        BadZipFile: It is no zip archive (or another of `parse.workbooks.BROKEN`).
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if size > room.unpacked_bytes:
            reason = f"unpacks to {size:,} bytes; a workbook may to {room.unpacked_bytes:,}"
            raise BadInputError("file", reason)
        counting = _Counting(room)
        for member in members:
            counting.count(archive, member)


class _Counting:
    """Counts the elements of all parts by their name without its prefix."""

    def __init__(self, room: WorkbookLimits) -> None:
        self._counts = Counter[str]()
        self._others = 0
        self._most = {
            "row": (room.rows, "rows, blank ones among them"),
            "c": (room.cells, "cells"),
            "si": (room.texts, "texts"),
            "xf": (_MOST_STYLES, "cell styles"),
        } | dict.fromkeys(_OF_A_CELL, (room.cells * _MOST_OF_A_CELL, "texts in its cells"))
        self._most_others = room.others

    def count(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        """Counts one part, of which no more is read once it is no XML; a picture is none."""
        parser = ParserCreate()
        parser.StartElementHandler = self._start
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                try:
                    parser.Parse(chunk)
                except ExpatError:
                    return

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        limit = self._most.get(name)
        if limit is None:
            self._others += 1
            if self._others > self._most_others:
                self._refuse(self._most_others, "styles, links and other marks")
            return
        self._counts[name] += 1
        if self._counts[name] > limit[0]:
            self._refuse(*limit)

    def _refuse(self, most: int, what: str) -> None:
        reason = f"holds more than {most:,} {what}; copy the rows that count into a new workbook"
        raise BadInputError("file", reason)
