"""Limits on the size of a workbook, checked part by part before openpyxl reads the workbook.

A few kilobytes of a workbook can unpack to millions of rows, texts or styles, each of which costs
openpyxl a hundred times as much as counting it does.
"""

import io
import zipfile
from collections import Counter
from xml.parsers.expat import ExpatError, ParserCreate

import msgspec

from service.errors import BadInputError

_CHUNK_BYTES = 262_144
# The elements inside a cell, at most four of them; they are as cheap as the cell is expensive.
_OF_A_CELL = frozenset({"v", "f", "is", "t"})
_MOST_OF_A_CELL = 4
# Excel allows 65,490 cell formats in a workbook, whatever the size of the table.
_MOST_STYLES = 100_000


class WorkbookLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The most that a workbook may contain.

    `unpacked_bytes` are the bytes of all its parts, `rows` include blank ones, `texts` are the
    shared strings. `others` are all other elements: styles, links, rich text, phonetic readings.
    """

    unpacked_bytes: int
    rows: int
    cells: int
    texts: int
    others: int


# The limits for a table that a user reads on their own machine: the rows of Excel, and as many
# cells as a list may have (`service.lists.reading.tables`).
ANY_SIZE = WorkbookLimits(
    unpacked_bytes=400_000_000, rows=1_048_576, cells=5_000_000, texts=5_000_000, others=2_000_000
)


def check_room(content: bytes, room: WorkbookLimits) -> None:
    """Check a workbook against limits, and stop at the first that it exceeds.

    Raises:
        BadInputError: The workbook exceeds a limit; the field is `file`.
        BadZipFile: The content is no zip archive (or another error of
            `service.lists.reading.tables.BROKEN`).
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if size > room.unpacked_bytes:
            reason = f"unpacks to {size:,} bytes; at most {room.unpacked_bytes:,} are allowed"
            raise BadInputError("file", reason)
        counting = _Counting(room)
        for member in members:
            counting.count(archive, member)


class _Counting:
    """A counter of the elements in all parts, by their names without namespace prefix."""

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
        """Count the elements of one part, up to the first error: a picture is no XML."""
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
        reason = f"holds more than {most:,} {what}; copy the rows you need into a new workbook"
        raise BadInputError("file", reason)
