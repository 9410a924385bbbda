"""Reading a job's table in the child process, into chunks of rows."""

import io
import shutil
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

import msgspec

from service.app.apart.outcome import PieceReader
from service.jobs.job import JobTerms, TableFormat, read_chunks


class RowsRequest(msgspec.Struct, frozen=True):
    """What is read, and how."""

    format: TableFormat
    terms: JobTerms


def work(pieces: Iterator[bytes], send: Callable[[bytes], None]) -> None:
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
