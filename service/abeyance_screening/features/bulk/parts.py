"""A table is screened part by part into a folder, and a run that was stopped goes on.

A part is 10,000 rows of the table and becomes one Parquet file, named after its rows. Only the
process that was called writes into the folder: a file appears under its name when it is whole, and
is then entered in the folder's record. What is entered is never screened again, and what is not
entered is screened anew, so that no worker that dies can lose or double a row.
"""

import fcntl
import io
import logging
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
from arro3.core import RecordBatch
from arro3.core.types import ArrayInput
from arro3.io import read_ipc_stream, write_ipc_stream

from abeyance_screening.engine.names.match import SCORER_VERSION
from abeyance_screening.engine.screening.answer import ScreeningHead
from abeyance_screening.engine.tables import ColumnMap, Counts
from abeyance_screening.engine.tables.table import named_columns
from abeyance_screening.features.bulk.batches import BatchReading, batches_in, slices_of
from abeyance_screening.features.bulk.files import read_batches, write_results
from abeyance_screening.features.bulk.screening import (
    BulkQuestion,
    IndexFile,
    opening_of,
    screened,
)
from abeyance_screening.platform.logs import log_bug
from abeyance_screening.primitives.atomic_files import whole_file
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    ChangedMeanwhileError,
    ClusterFailedError,
)

logger = logging.getLogger(__name__)
ROWS_IN_A_PART = 10_000
RECORD = "screening.jsonl"
_VERSION = 1


class TablePart(msgspec.Struct, frozen=True):
    """Consecutive rows of a table, counted from 1, `last` included."""

    first: int
    last: int

    @property
    def file_name(self) -> str:
        """The name of the file with its results."""
        return f"rows-{self.first:010}-{self.last:010}.parquet"


class PartTask(msgspec.Struct, frozen=True):
    """A part to be screened anywhere: what is asked, and its rows as an Arrow stream."""

    part: TablePart
    asked: bytes
    rows: bytes


class PartWorkers(Protocol):
    """Whatever calls `screen_part` for tasks."""

    def results(self, tasks: Iterator[PartTask]) -> Iterator[tuple[TablePart, bytes]]:
        """Yield what `screen_part` returns for each task, in any order.

        Raises:
            ClusterFailedError: The work cannot be done.
        """
        ...


class HereWorkers:
    """This process, which screens one part after another."""

    def results(self, tasks: Iterator[PartTask]) -> Iterator[tuple[TablePart, bytes]]:
        """Yield what `screen_part` returns for each task, in their order."""
        for each in tasks:
            yield each.part, screen_part(each.asked, each.rows)


class PartedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A table, the folder for its results, and how it is screened.

    With `restart` nothing that an earlier run has left in the folder is kept.
    """

    table: Path
    out: Path
    index: IndexFile
    question: BulkQuestion
    restart: bool = False
    rows_in_a_part: int = ROWS_IN_A_PART


class RunBeginning(msgspec.Struct, frozen=True, kw_only=True, tag="beginning"):
    """What a run was begun with; another one goes on with it only if all of this is the same.

    `table` is the SHA-256 of the file, `basis` the digest of what is in the index file.
    """

    version: int
    program: str
    table: str
    basis: str | None
    rows_in_a_part: int
    question: BulkQuestion


class PartDone(msgspec.Struct, frozen=True, kw_only=True, tag="part"):
    """A part whose file is in the folder."""

    part: TablePart
    counts: Counts


class RunEnd(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """The end of a run: what holds for all results, and the counts of all rows."""

    head: ScreeningHead
    counts: Counts


def screen_into(
    run: PartedRun, workers: PartWorkers, report: Callable[[Counts], None] = lambda _: None
) -> Counts:
    """Screen a table into a folder and return the counts of its rows.

    A run that was stopped goes on where it was, as of the moment when it was begun. `report`
    receives the counts so far, at the start and after each part.

    Raises:
        BadInputError: The table cannot be read, the question cannot be answered as it is, or the
            folder cannot be written or is another's.
        ChangedMeanwhileError: The folder has results of another table, question or index.
        ClusterFailedError: The workers cannot do it.
    """
    with _record(run) as record:
        beginning, done = record.begin(run)
        head = opening_of(run.index, beginning.question).head
        counts = _sum(each.counts for each in done.values())
        report(counts)
        planned = list[TablePart]()
        tasks = tasks_of(run, beginning, done.keys(), planned)
        for part, written in workers.results(tasks):
            result = msgspec.msgpack.decode(written, type=_PartResult)
            if result.fault is not None:
                raise ClusterFailedError(result.fault)
            path = run.out / part.file_name
            # what a run that was killed has left is written over
            with whole_file(path, path.with_name(f"{path.name}.part")) as file:
                file.write(result.content)
            record.add(PartDone(part=part, counts=result.counts))
            done[part] = PartDone(part=part, counts=result.counts)
            counts = counts.with_counts(result.counts)
            report(counts)
        if planned != sorted(done, key=lambda each: each.first):
            raise ChangedMeanwhileError(RECORD, "the table is cut into other parts than before")
        record.add(RunEnd(head=head, counts=counts))
    return counts


# --- The work on one part, wherever it is done.


class _PartQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker has to know to screen a part."""

    index: str
    basis: str | None
    program: str
    question: BulkQuestion
    first_row: int


class _PartResult(msgspec.Struct, frozen=True, kw_only=True):
    """The results of a part as a Parquet file; `fault` says why there are none."""

    content: bytes = b""
    counts: Counts = Counts()
    fault: str | None = None


def screen_part(request: bytes, rows: bytes) -> bytes:
    """Return the results of a part, or why there are none.

    It raises nothing: a cluster writes the arguments of what fails into its logs, and these have
    names of counterparties.
    """
    try:
        result = _screened(msgspec.msgpack.decode(request, type=_PartQuestion), rows)
    except AbeyanceError as error:
        result = _PartResult(fault=str(error) or error.title)
    except BaseException as error:
        if not isinstance(error, Exception):
            raise
        number = log_bug(logger, error)
        result = _PartResult(fault=f"something failed there; its number is urn:uuid:{number}")
    return msgspec.msgpack.encode(result)


def _screened(part: _PartQuestion, rows: bytes) -> _PartResult:
    if part.program != _program():
        raise BadInputError("index", f"the worker runs {_program()}, and {part.program} asks")
    index = IndexFile.at(Path(part.index))
    if opening_of(index, part.question).basis != part.basis:
        raise BadInputError("index", f"the worker's {part.index} has other content")
    batches = read_ipc_stream(io.BytesIO(rows))
    results = screened(batches, index, part.question, part.first_row)
    content = io.BytesIO()
    write_results(results, "parquet", content)
    return _PartResult(content=content.getvalue(), counts=results.counts)


def _program() -> str:
    return f"abeyance {version('abeyance-screening')}, scorer {SCORER_VERSION}"


def tasks_of(
    run: PartedRun, beginning: RunBeginning, done: Iterable[TablePart], planned: list[TablePart]
) -> Iterator[PartTask]:
    """Yield the parts that are not done as tasks, and note every part in `planned`."""
    kept, first = frozenset(done), 1
    reading = BatchReading(beginning.question.columns)
    for batch in batches_in(read_batches(run.table)).each:
        mapped = reading.mapped(batch.column_names)
        question = msgspec.structs.replace(beginning.question, columns=tuple(mapped.choices()))
        for rows in slices_of(batch, run.rows_in_a_part):
            part = TablePart(first, first + rows.num_rows - 1)
            first = part.last + 1
            planned.append(part)
            if part not in kept:
                asked = _PartQuestion(
                    index=str(run.index.path),
                    basis=beginning.basis,
                    program=beginning.program,
                    question=question,
                    first_row=part.first,
                )
                yield PartTask(part, msgspec.msgpack.encode(asked), _written(rows, mapped))


def _written(rows: RecordBatch, mapped: ColumnMap) -> bytes:
    """Return the columns that are read, and no others, as an Arrow stream."""
    unread = frozenset(mapped.unread)
    columns = enumerate(named_columns(list(rows.column_names)))
    read: dict[str, ArrayInput] = {
        name: rows.column(place) for place, name in columns if name not in unread
    }
    stream = io.BytesIO()
    write_ipc_stream(RecordBatch.from_pydict(read), stream)
    return stream.getvalue()


# --- The folder and its record.


type _Entry = RunBeginning | PartDone | RunEnd
_ENTRY: msgspec.json.Decoder[_Entry] = msgspec.json.Decoder(RunBeginning | PartDone | RunEnd)


class _FolderRecord:
    """The record of a folder: what was begun, and which parts are done; locked while open."""

    def __init__(self, file: BinaryIO, out: Path) -> None:
        self._file = file
        self._out = out

    def begin(self, run: PartedRun) -> tuple[RunBeginning, dict[TablePart, PartDone]]:
        """Return how the run was begun, and the parts that are done and whose files are there.

        Raises:
            ChangedMeanwhileError: It was begun otherwise.
        """
        entries = [] if run.restart else list(self._entries())
        beginning = beginning_of(run)
        if not entries or not isinstance(entries[0], RunBeginning):
            for path in self._out.glob("rows-*.parquet*"):
                path.unlink()
            self._file.truncate(0)
            self.add(beginning)
            return beginning, {}
        was = entries[0]
        _check_same(was, beginning)
        done = (each for each in entries if isinstance(each, PartDone))
        return was, {
            each.part: each for each in done if (self._out / each.part.file_name).is_file()
        }

    def add(self, entry: _Entry) -> None:
        """Append an entry, which is on the disk when this returns."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(msgspec.json.encode(entry) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _entries(self) -> Iterator[_Entry]:
        """Yield the entries; a last line that a crash cut off is removed."""
        self._file.seek(0)
        content = self._file.read()
        whole = content.rfind(b"\n") + 1
        self._file.truncate(whole)
        for line in content[:whole].splitlines():
            try:
                yield _ENTRY.decode(line)
            except msgspec.DecodeError:
                what = "the record is of another version or damaged"
                raise ChangedMeanwhileError(RECORD, what) from None


@contextmanager
def _record(run: PartedRun) -> Generator[_FolderRecord]:
    """Open the record of a folder, which is made if it is not there."""
    try:
        run.out.mkdir(mode=0o700, exist_ok=True)
        path = run.out / RECORD
        if not path.exists() and any(run.out.iterdir()):
            raise BadInputError("out", f"{run.out} has other files; name a new folder")
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield _FolderRecord(file, run.out)
    except BlockingIOError:
        raise BadInputError("out", f"another run is writing into {run.out}") from None
    except OSError as error:
        raise BadInputError("out", f"cannot be written: {error.strerror or error}") from None


def beginning_of(run: PartedRun) -> RunBeginning:
    """Return what a run is begun with, once nothing speaks against it."""
    basis = opening_of(run.index, run.question).basis
    BatchReading(run.question.columns).mapped(read_batches(run.table).schema.names)
    try:
        with run.table.open("rb") as file:
            table = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInputError(run.table.name, f"cannot be read: {error.strerror}") from None
    return RunBeginning(
        version=_VERSION,
        program=_program(),
        table=table,
        basis=basis,
        rows_in_a_part=run.rows_in_a_part,
        question=run.question,
    )


def _check_same(was: RunBeginning, now: RunBeginning) -> None:
    """Check that a run was begun as it is called now, at whatever moment."""
    question = msgspec.structs.replace(now.question, asked_at=was.question.asked_at)
    for what, is_same in (
        ("the record is of another version", was.version == now.version),
        (f"it was begun by {was.program}", was.program == now.program),
        ("the table has changed", was.table == now.table),
        ("the index file has other content", was.basis == now.basis),
        ("parts had another size", was.rows_in_a_part == now.rows_in_a_part),
        ("another question was asked", was.question == question),
    ):
        if not is_same:
            raise ChangedMeanwhileError(RECORD, what)


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for each in counts:
        total = total.with_counts(each)
    return total
