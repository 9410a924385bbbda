"""The table of a job read, and a file of its results written, in the child process."""

import io
import shutil
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

import msgspec

from abeyance_screening.features.jobs.results import write_file
from abeyance_screening.features.jobs.rows import read_chunks
from abeyance_screening.features.jobs.types import JobTerms, TableFormat
from abeyance_screening.platform.sandbox.frames import PieceReader, PieceWriter

# --- The table, into chunks of rows.


class RowsRequest(msgspec.Struct, frozen=True):
    """What is read, and how."""

    format: TableFormat
    terms: JobTerms


def read_rows(pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
    """Read a table and send its chunks as they are read: a `ReadChunk` a piece, in msgpack.

    The first piece is a `RowsRequest`, and the others are the table. What is held of a table is
    bounded, and one that makes this process hold more ends it alone.
    """
    request = msgspec.msgpack.decode(next(pieces), type=RowsRequest)
    table = io.BufferedReader(PieceReader(pieces))
    if request.format == "parquet":
        with TemporaryFile() as file:
            shutil.copyfileobj(table, file)
            file.seek(0)
            _send(file, request, send)
    else:
        _send(table, request, send)


def _send(table: IO[bytes], request: RowsRequest, send: Callable[[bytes], None]) -> None:
    for chunk in read_chunks(table, request.format, request.terms):
        send(msgspec.msgpack.encode(chunk))


# --- The file, part by part.

_WRITTEN_AT_ONCE = 65_536


def write_results(pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
    """Write the file that pieces tell of; see `write_file`."""
    with io.BufferedWriter(PieceWriter(send), _WRITTEN_AT_ONCE) as result:
        write_file(pieces, result)
