"""Record batches are screened on a loop of their own, whatever runs in the thread that asks.

A process opens an index file once, however many threads screen with it. Their batches are answered
one after another: Python works for one of them at a time in any case.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import msgspec
from arro3.core import RecordBatch, RecordBatchReader, Schema

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.screening.answer import ScreeningHead
from abeyance_screening.engine.screening.desk import Dependencies, Desk
from abeyance_screening.engine.screening.index.basis import held_of, read_basis
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.open_screening import OpenScreening
from abeyance_screening.engine.screening.question import MAX_LIMIT, QuestionTerms
from abeyance_screening.engine.tables import Counts, FieldChoice, ReadRow, UnreadableRow
from abeyance_screening.features.bulk.batches import (
    AnyRow,
    Batches,
    BatchReading,
    ResultColumns,
    batches_in,
    schema_of,
    slices_of,
)
from abeyance_screening.platform.local_data import caught_up, check_database, check_site
from abeyance_screening.platform.settings import read_settings
from abeyance_screening.primitives.days import Days, days_of
from abeyance_screening.primitives.errors import BadInputError

# A process screens with one file at a time, and goes over to another one now and then.
_OPEN_AT_ONCE = 4


class BulkQuestion(QuestionTerms, frozen=True, kw_only=True):
    """What is asked about every row.

    `asked_at` (UTC) decides the days left open and how old the lists are. `columns` are the
    columns that the user chose, `evidence` says whether results have the whole answer as JSON.
    """

    asked_at: datetime
    columns: tuple[FieldChoice, ...] = ()
    evidence: bool = True

    def days(self) -> Days:
        """Return the days asked about, after checks that no type makes.

        Raises:
            BadInputError: The threshold or the limit is out of range, or `asked_at` has no time
                zone.
        """
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise BadInputError("threshold", f"{self.threshold} is not from 0 to 1")
        if self.limit is not None and not 1 <= self.limit <= MAX_LIMIT:
            raise BadInputError("limit", f"{self.limit} is not from 1 to {MAX_LIMIT}")
        if self.asked_at.tzinfo is None:
            raise BadInputError("asked_at", "has no time zone; write it as 2026-11-10T02:00:00Z")
        return days_of(self.as_of, self.known_at, self.asked_at)


class IndexFile(msgspec.Struct, frozen=True):
    """A file of `abeyance index`, as it was when it was looked at."""

    path: Path
    size: int
    changed_ns: int
    node: int

    @classmethod
    def at(cls, path: Path) -> "IndexFile":
        """Return the file at a path.

        Raises:
            BadInputError: There is none; the field is `index`.
        """
        try:
            found = path.stat()
        except OSError as error:
            raise BadInputError("index", f"{path} cannot be read: {error.strerror}") from None
        return cls(path, found.st_size, found.st_mtime_ns, found.st_ino)


class Database(msgspec.Struct, frozen=True):
    """A prepared database, which `serve` or another command keeps up to date."""

    dsn: str


class Screened:
    """The results of batches, screened as they are taken; they can be taken once.

    Iterate over the batches of arro3, or hand this object to any library that reads an Arrow
    stream. `head` says what holds for all results, with the lists and their editions; `basis` is
    the digest of what is in the index file, None for a database.
    """

    def __init__(self, opening: "BulkOpening", batches: "_BatchScreening") -> None:
        self.head = opening.head
        self.basis = opening.basis
        self.schema = schema_of(opening.head, evidence=opening.evidence)
        self._batches = batches
        self._is_taken = False

    @property
    def counts(self) -> Counts:
        """How many rows came so far, by outcome."""
        return self._batches.counts

    @property
    def failure(self) -> BaseException | None:
        """What ended the results too early; readers of a stream see only its text."""
        return self._batches.failure

    def __iter__(self) -> Iterator[RecordBatch]:
        """Screen the batches one after another.

        Raises:
            BadInputError: The results were taken already, or a batch cannot be read.
        """
        if self._is_taken:
            raise BadInputError("batches", "were screened already; screen them again")
        self._is_taken = True
        return self._batches.results(self.schema)

    def __arrow_c_schema__(self) -> object:
        """Return the schema of the results."""
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the results as an Arrow stream, screened as they are read."""
        reader = RecordBatchReader.from_batches(self.schema, iter(self))
        return reader.__arrow_c_stream__(requested_schema)


def screened(
    data: object, where: IndexFile | Database, question: BulkQuestion, first_row: int = 1
) -> Screened:
    """Begin to screen batches, see `batches_in`; rows are numbered from `first_row` on.

    Raises:
        BadInputError: The index, the question or the columns cannot be used.
    """
    loop = _own_loop()
    opening = opening_of(where, question)
    batches, reading = batches_in(data), BatchReading(question.columns, first_row)
    if batches.names is not None:
        reading.mapped(batches.names)
    return Screened(opening, _BatchScreening(loop, opening, reading, batches))


def opening_of(where: IndexFile | Database, question: BulkQuestion) -> "BulkOpening":
    """Return the screening of a question in this process, which is begun when it is first asked.

    Raises:
        BadInputError: The index or the question cannot be used.
    """
    loop = _own_loop()
    return loop.run(loop.open(where, question))


def run_on_loop[T](work: Coroutine[object, object, T]) -> T:
    """Run work on the loop of this process on which batches are screened, and wait for it."""
    return _own_loop().run(work)


class BulkOpening(msgspec.Struct, frozen=True):
    """A screening that was begun, and its turns among threads: one batch at a time.

    `head` says what holds for all results; `basis` is the digest of what is in the index file,
    None for a database.
    """

    opened: OpenScreening
    turn: asyncio.Lock
    head: ScreeningHead
    evidence: bool
    basis: str | None


class _Held(msgspec.Struct, frozen=True):
    """The index and the register that a process holds; the basis is None for a database's."""

    current: CurrentIndex
    boards: CurrentBoard
    basis: str | None


class _BatchScreening:
    """Screens batches one after another, and counts their rows."""

    def __init__(
        self,
        loop: "_BulkLoop",
        opening: BulkOpening,
        reading: BatchReading,
        batches: Batches,
    ) -> None:
        self.counts = Counts()
        self.failure: BaseException | None = None
        self._loop = loop
        self._opening = opening
        self._reading = reading
        self._batches = batches

    def results(self, schema: Schema) -> Iterator[RecordBatch]:
        try:
            yield from self._results(schema)
        except GeneratorExit:
            raise
        except BaseException as error:
            self.failure = error
            raise

    def _results(self, schema: Schema) -> Iterator[RecordBatch]:
        for batch in self._batches.each:
            for part in slices_of(batch):
                # Read in one go: between two answers it would take four times as long, because
                # matching leaves nothing else in the processor's caches.
                rows = list(self._reading.rows(part))
                columns = self._loop.run(_answers(self._opening, rows))
                self.counts = self.counts.with_counts(columns.counts)
                yield columns.batch(schema)


async def _answers(opening: BulkOpening, rows: Iterable[AnyRow]) -> ResultColumns:
    """Return the results of rows; nothing else of an answer is kept."""
    columns = ResultColumns()
    async with opening.turn:
        for each in rows:
            if isinstance(each, UnreadableRow):
                columns.add_unreadable(each)
            else:
                await _answer(opening, each, columns)
    return columns


async def _answer(opening: BulkOpening, row: ReadRow, columns: ResultColumns) -> None:
    party, opened = row.counterparty, opening.opened
    try:
        result = await opened.answer(party, row.warnings)
    except BadInputError as error:
        reason = f"{error.field}: {error.reason}"
        refused = UnreadableRow(number=row.number, reason=reason, id=party.id, name=party.name)
        columns.add_unreadable(refused)
    else:
        columns.add(row, result, await opened.written(result) if opening.evidence else None)


class _BulkLoop:
    """The loop of a process on which batches are screened, in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._held: dict[IndexFile, _Held] = {}
        self._open: dict[tuple[IndexFile, BulkQuestion], BulkOpening] = {}
        self._opening = asyncio.Lock()
        threading.Thread(target=self._loop.run_forever, name="abeyance-bulk", daemon=True).start()

    def run[T](self, work: Coroutine[object, object, T]) -> T:
        """Run work on the loop, and return or raise what it does."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    async def open(self, where: IndexFile | Database, question: BulkQuestion) -> BulkOpening:
        """Begin a screening, or go on with one that has the same question and file."""
        async with self._opening:
            if isinstance(where, Database):
                settings = read_settings()
                await check_database(where.dsn)
                await check_site(settings, where.dsn)
                held = _Held(*await caught_up(settings, where.dsn), None)
                return await _begun(held, question)
            known = self._open.get((where, question))
            if known is None:
                held = self._held.get(where)
                if held is None:
                    basis, index = await asyncio.to_thread(read_basis, where.path)
                    held = _Held(*await held_of(basis, index), basis.digest)
                    _put(self._held, where, held)
                _check_days(held.current, question)
                known = await _begun(held, question)
                _put(self._open, (where, question), known)
            return known


def _put[K, V](cache: dict[K, V], key: K, value: V) -> None:
    cache[key] = value
    while len(cache) > _OPEN_AT_ONCE:
        del cache[next(iter(cache))]


async def _begun(held: _Held, question: BulkQuestion) -> BulkOpening:
    outside = Dependencies(
        now=lambda: question.asked_at, new_id=uuid4, version=version("abeyance-screening")
    )
    opened = await Desk(held.current, held.boards, outside).open(question, question.days())
    head = msgspec.convert(opened.end(0, 0), ScreeningHead, from_attributes=True)
    return BulkOpening(opened, asyncio.Lock(), head, question.evidence, held.basis)


def _check_days(current: CurrentIndex, question: BulkQuestion) -> None:
    """Check that the newest editions, which alone are in an index file, are those of the days."""
    days = question.days()
    for field, day in (
        ("known_at" if days.edition_day < days.as_of else "as_of", days.edition_day),
        ("since", question.since),
    ):
        if day is not None and not current.get().is_newest_on(day):
            reason = (
                f"is {day}, when editions applied that are older than those of the index file, "
                "which has only the newest; ask a database"
            )
            raise BadInputError(field, reason)


_loops: list[_BulkLoop] = []
_starting = threading.Lock()


def _own_loop() -> _BulkLoop:
    """Return the loop of this process; its thread does not come along into a forked one."""
    with _starting:
        if not _loops:
            _loops.append(_BulkLoop())
        return _loops[0]


def _begin_anew() -> None:
    _loops.clear()
    _starting.release()


os.register_at_fork(
    before=_starting.acquire, after_in_parent=_starting.release, after_in_child=_begin_anew
)
