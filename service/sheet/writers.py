"""Writers of results: XLSX, CSV and JSON lines, row by row into a stream."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Protocol

import msgspec

from service.sheet.evidence import COLUMNS, EvidenceRow
from service.sheet.neutral import neutral
from service.sheet.summary import Summary
from service.sheet.table import TableKind
from service.sheet.write_workbook import WorkbookWriter


class ResultWriter(Protocol):
    """Takes evidence row by row and is finished once, with the summary of it all."""

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Writes more rows, those of unreadable ones among them."""
        ...

    def finish(self, summary: Summary) -> None:
        """Writes what belongs to all of them; after that the stream holds the whole file."""
        ...


def result_writer(kind: TableKind, stream: IO[bytes]) -> ResultWriter:
    """The writer for a kind of file. The stream is written to and left open."""
    match kind:
        case "csv":
            return CsvWriter(stream)
        case "jsonl":
            return JsonlWriter(stream)
        case "xlsx":
            return WorkbookWriter(stream)


class CsvWriter:
    """CSV as Excel opens it: UTF-8 with a mark, commas, a header of the columns' names.

    A text that a spreadsheet would take for a formula stands behind a `'`, the only change made.
    The summary has no place in it.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._stream.write("\ufeff".encode())
        self._write([list(COLUMNS)])

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Writes more rows."""
        self._write(list(map(_cell, msgspec.structs.astuple(row))) for row in rows)

    def finish(self, summary: Summary) -> None:
        """Nothing more is to be written."""

    def _write(self, records: Iterable[list[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(records)
        self._stream.write(text.getvalue().encode("utf-8", "replace"))


class JsonlWriter:
    """JSON lines: each row as it is, with days, numbers and truth as JSON has them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._encoder = msgspec.json.Encoder()

    def add(self, rows: Iterable[EvidenceRow]) -> None:
        """Writes more rows."""
        self._stream.write(self._encoder.encode_lines(list(rows)))

    def finish(self, summary: Summary) -> None:
        """Nothing more is to be written."""


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return neutral(value)
        case datetime():
            return value.isoformat(" ", "seconds")
        case _:
            return str(value)
