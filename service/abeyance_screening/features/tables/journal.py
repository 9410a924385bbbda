"""The journal of a screening of a table, from which an interrupted run can be resumed.

A journal has one JSON object a line: first the input of the run, then a line for each batch. It is
synced to the disk after each batch; a last line that a crash cut off is ignored. It holds names,
so only its owner may read it, and it is deleted when the results are written.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, cast

import msgspec

from abeyance_screening.engine.screening.answer import Coverage, ListCoverage, ScreeningAnswer
from abeyance_screening.engine.tables import ColumnMap, Counts, HowToRead, Summary
from abeyance_screening.platform.cli.results import Batch, ScreeningBody
from abeyance_screening.primitives.errors import BadInputError, ChangedMeanwhileError

VERSION = 3


class Beginning(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The input of a run. Another run can resume it only if all of this is the same.

    `table` is the SHA-256 of the file. `body` is the question without its counterparties.
    """

    version: int
    table: str
    how: HowToRead
    columns: ColumnMap
    body: ScreeningBody
    url: str | None


class First(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The days, scorer and lists of the first answer, which must stay the same to the end."""

    summary: Summary


class JournalState(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a journal without the evidence."""

    beginning: Beginning | None
    first: Summary | None
    done: int
    counts: Counts


type Entry = Beginning | First | Batch


class Keeping(Protocol):
    """A place that keeps the progress of a run: a journal, or memory."""

    @property
    def name(self) -> str:
        """Return the name that messages use."""
        ...

    def kept(self) -> JournalState:
        """Return the progress so far."""
        ...

    def add(self, entry: Entry) -> None:
        """Keep one more entry."""
        ...


class Memory:
    """Progress that is kept in memory and ends with the run."""

    name = "memory"

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def kept(self) -> JournalState:
        """Return the progress so far."""
        return _state_of(self._entries)

    def add(self, entry: Entry) -> None:
        """Keep one more entry."""
        self._entries.append(entry)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches in order."""
        return (entry for entry in self._entries if isinstance(entry, Batch))


_ENTRY: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Beginning | First | Batch)


class Journal:
    """A journal in a file, locked while it is open.

    With `restart` an existing journal is emptied.
    """

    def __init__(self, path: Path, *, restart: bool) -> None:
        self.path = path
        self.name = path.name
        self._restart = restart
        self._file = -1

    def __enter__(self) -> Self:
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            reason = f"the journal {self.name} cannot be written there: {error.strerror}"
            raise BadInputError("--out", reason) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            reason = f"another run is writing {self.name}"
            raise BadInputError("--out", reason) from None
        os.ftruncate(self._file, 0 if self._restart else self._whole_length())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)

    def kept(self) -> JournalState:
        """Return the progress so far.

        Raises:
            ChangedMeanwhileError: The journal cannot be read.
        """
        return _state_of(self._entries())

    def batches(self) -> Iterator[Batch]:
        """Yield the batches in order.

        Raises:
            ChangedMeanwhileError: The journal cannot be read.
        """
        for entry in self._entries():
            if isinstance(entry, Batch):
                yield entry

    def add(self, entry: Entry) -> None:
        """Append an entry, which is on the disk when this returns."""
        os.lseek(self._file, 0, os.SEEK_END)
        line = msgspec.json.encode(entry) + b"\n"
        while line:
            line = line[os.write(self._file, line) :]
        os.fsync(self._file)

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink(missing_ok=True)

    def _whole_length(self) -> int:
        """Return the length of the file without an incomplete last line."""
        with self.path.open("rb") as file:
            content = file.read()
        return content.rfind(b"\n") + 1

    def _entries(self) -> Iterator[Entry]:
        with self.path.open("rb") as file:
            for line in file:
                try:
                    yield _ENTRY.decode(line)
                except msgspec.DecodeError:
                    what = "the journal is of another version or damaged"
                    raise ChangedMeanwhileError(self.name, what) from None


def check_same(was: Beginning, beginning: Beginning, journal: str) -> None:
    """Check that a run has the same input as the one whose journal it would resume.

    Raises:
        ChangedMeanwhileError: The file, how it is read, the question or the service differs.
    """
    for what, is_same in (
        ("the journal is of another version", was.version == beginning.version),
        ("the table has changed", was.table == beginning.table),
        ("the table is read differently", was.how == beginning.how),
        ("the columns are mapped differently", was.columns == beginning.columns),
        (_difference(was.body, beginning.body), was.body == beginning.body),
        ("another service is asked", was.url == beginning.url),
    ):
        if not is_same:
            raise ChangedMeanwhileError(journal, what)


def check_answer(first: Summary, answer: ScreeningAnswer, journal: str) -> None:
    """Check that an answer has the same days, scorer and lists as the first one.

    Raises:
        ChangedMeanwhileError: The days, the scorer or the lists have changed.
    """
    if (first.as_of, first.known_at) != (answer.as_of, answer.known_at):
        days = f"the day was {first.as_of}, as known on {first.known_at}, and has changed"
        raise ChangedMeanwhileError(journal, days)
    if first.scorer != answer.scorer:
        raise ChangedMeanwhileError(journal, "the scorer has changed")
    changed = _changed_lists(first.coverage, answer.coverage)
    if changed:
        what = f"{', '.join(changed)} changed since the run began"
        raise ChangedMeanwhileError(journal, what)


def _state_of(entries: Iterable[Entry]) -> JournalState:
    beginning: Beginning | None = None
    first: Summary | None = None
    done, counts = 0, Counts()
    for entry in entries:
        match entry:
            case Beginning():
                beginning = entry
            case First():
                first = entry.summary
            case Batch():
                done, counts = entry.done, entry.counts
    return JournalState(beginning=beginning, first=first, done=done, counts=counts)


def _difference(was: ScreeningBody, now: ScreeningBody) -> str:
    """Write how two questions differ: `as of was 2026-11-24 and is 2026-11-23`."""
    before, after = (
        cast("dict[str, object]", msgspec.structs.asdict(each)) for each in (was, now)
    )
    changed = (
        f"{name.replace('_', ' ')} was {_shown(value)} and is {_shown(after[name])}"
        for name, value in before.items()
        if value != after[name]
    )
    return "; ".join(changed)


def _shown(value: object) -> str:
    if value is None:
        return "left open"
    if isinstance(value, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", value)))
    return str(value)


def _changed_lists(was: Coverage | None, now: Coverage) -> list[str]:
    """Return the lists that changed, or in words that the database was lost or is back."""
    if bool(() if was is None else was.reasons) != bool(now.reasons):
        return ["whether the service reaches its database"]
    before = {} if was is None else {each.code: _mark(each) for each in was.lists}
    after = {each.code: _mark(each) for each in now.lists}
    return sorted(code for code in before | after if before.get(code) != after.get(code))


def _mark(covered: ListCoverage) -> tuple[str, int | None, str | None, str]:
    return covered.source, covered.edition, covered.sha256, covered.state
