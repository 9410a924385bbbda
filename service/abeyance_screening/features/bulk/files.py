"""Tables in files, screened batch by batch: Parquet in, Parquet out."""

import os
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

import msgspec
from arro3.core import RecordBatchReader
from arro3.io import read_ipc, read_parquet, write_ipc, write_parquet

from abeyance_screening.features.bulk import BATCH_SUFFIXES, BatchFileKind
from abeyance_screening.features.bulk.batches import HEAD_KEY, is_of_arrow
from abeyance_screening.features.bulk.screening import (
    BulkQuestion,
    Database,
    IndexFile,
    Screened,
    screened,
)
from abeyance_screening.primitives.atomic_files import whole_file
from abeyance_screening.primitives.errors import BadInputError

# --- Screening from file to file: Parquet or Arrow in, Parquet or Arrow out.

ROWS_READ = 10_000
"""How many rows are read at once, and written as one row group: with all evidence some 50 MB."""
_PARQUET = b"PAR1"
# Both marks and the length of what stands before the second one.
_LEAST_BYTES = 12
# Level 3 takes a tenth of the time of 9 and compresses answers, which repeat much, as well.
_COMPRESSION = "zstd(3)"


def batch_kind_of(file: Path, field: str) -> BatchFileKind:
    """Return the kind of a file by its ending.

    Raises:
        BadInputError: The name ends in none of `BATCH_SUFFIXES`; the field is as given.
    """
    kind = BATCH_SUFFIXES.get(file.suffix.lower())
    if kind is None:
        raise BadInputError(field, f"{file.name!r} ends in none of {', '.join(BATCH_SUFFIXES)}")
    return kind


def read_batches(path: Path) -> RecordBatchReader:
    """Return a reader of the batches of a file.

    Raises:
        BadInputError: There is no such file, or it is not whole; the field is its name.
    """
    kind = batch_kind_of(path, "file")
    try:
        if kind == "arrow":
            return read_ipc(path)
        _check_parquet(path)
        return read_parquet(path, batch_size=ROWS_READ)
    except OSError as error:
        raise BadInputError(path.name, f"cannot be read: {error.strerror or error}") from None
    except BaseException as error:
        if not is_of_arrow(error):
            raise
        raise BadInputError(path.name, f"cannot be read: {_line_of(error)}") from None


def screen_file(
    table: Path, out: Path, where: IndexFile | Database, question: BulkQuestion
) -> Screened:
    """Screen a file into another one, which is there whole or not at all.

    Raises:
        BadInputError: The table cannot be read, the question cannot be answered as it is, or the
            results cannot be written.
    """
    batch_kind_of(out, "out")
    results = screened(read_batches(table), where, question)
    part = out.with_name(f".{out.name}.{token_hex(8)}.part")
    try:
        with whole_file(out, part) as file:
            write_results(results, batch_kind_of(out, "out"), file)
    except OSError as error:
        raise BadInputError("out", f"cannot be written: {error.strerror or error}") from None
    return results


def write_results(results: Screened, kind: BatchFileKind, file: BinaryIO) -> None:
    """Screen batches and write their results.

    Raises:
        BadInputError: A batch of the table cannot be read; the field is `file`.
        OSError: The results cannot be written.
    """
    try:
        if kind == "arrow":
            write_ipc(results, file, compression="zstd")
        else:
            head = msgspec.json.encode(results.head).decode()
            write_parquet(
                results,
                file,
                compression=_COMPRESSION,
                max_row_group_size=ROWS_READ,
                key_value_metadata={HEAD_KEY: head},
            )
    except BaseException as error:
        if results.failure is not None:
            raise results.failure from None
        if not is_of_arrow(error):
            raise
        raise OSError(_line_of(error)) from None


def _check_parquet(path: Path) -> None:
    """Check the two ends of a file, which the reader of Parquet takes for granted."""
    with path.open("rb") as file:
        begins = file.read(len(_PARQUET))
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(_PARQUET)))
        if begins != _PARQUET or file.read() != _PARQUET or size < _LEAST_BYTES:
            raise BadInputError(path.name, "is no whole Parquet file")


def _line_of(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
