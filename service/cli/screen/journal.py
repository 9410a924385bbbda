"""The journal of a screening of a table: what was done, so that it can go on where it was.

One JSON object a line: first what it began with, then a line for each batch. It is synced to the
disk batch by batch, and a line that a crash tore is as if it had not been. It holds names, so
nobody but its owner may read it, and it goes when the results are written.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, cast

import msgspec

from service.cli.answering import ScreeningBody
from service.errors import BadInputError, ChangedMeanwhileError
from service.screening.answer import Coverage, ListCoverage, ScreeningAnswer
from service.tables import ColumnMap, Counts, EvidenceRow, HowToRead, Summary

VERSION = 2


class Beginning(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a run began with. Another run goes on with it only if all of this is the same.

    `table` is the digest (sha256) of the file. `body` is the question without its counterparties.
    """

    version: int
    table: str
    how: HowToRead
    columns: ColumnMap
    body: ScreeningBody
    url: str | None


class First(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What the first answer said of days, scorer and lists; it must stay so to the end."""

    summary: Summary


class Batch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The evidence of some rows: `done` rows of the table in all, and their counts."""

    done: int
    counts: Counts
    rows: tuple[EvidenceRow, ...]


class JournalState(msgspec.Struct, frozen=True, kw_only=True):
    """What a journal holds, but for the evidence."""

    beginning: Beginning | None
    first: Summary | None
    done: int
    counts: Counts


type Entry = Beginning | First | Batch


class Keeping(Protocol):
    """Whatever keeps what was done."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    def kept(self) -> JournalState:
        """What was done so far."""
        ...

    def add(self, entry: Entry) -> None:
        """Keeps one thing more."""
        ...


class Memory:
    """What is kept no longer than the run."""

    name = "memory"

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def kept(self) -> JournalState:
        """What was done so far."""
        return _kept(self._entries)

    def add(self, entry: Entry) -> None:
        """Keeps one thing more."""
        self._entries.append(entry)

    def batches(self) -> Iterator[Batch]:
        """The batches in their order, one by one."""
        return (entry for entry in self._entries if isinstance(entry, Batch))


_ENTRY: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Beginning | First | Batch)


class Journal:
    """A journal in a file, open for more."""

    def __init__(self, path: Path, *, restart: bool) -> None:
        self.path = path
        self.name = path.name
        self._restart = restart
        self._file = -1

    def __enter__(self) -> Self:
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            reason = f"cannot be written beside the results: {error.strerror}"
            raise BadInputError("--out", reason) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            reason = f"another run writes {self.name} just now"
            raise BadInputError("--out", reason) from None
        self._cut(0 if self._restart else self._whole())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)

    def kept(self) -> JournalState:
        """What was done so far.

        Raises:
            ChangedMeanwhileError: The journal cannot be read.
        """
        return _kept(self._entries())

    def batches(self) -> Iterator[Batch]:
        """The batches in their order, one by one."""
        for entry in self._entries():
            if isinstance(entry, Batch):
                yield entry

    def add(self, entry: Entry) -> None:
        """One line more, on the disk when this returns."""
        os.lseek(self._file, 0, os.SEEK_END)
        line = msgspec.json.encode(entry) + b"\n"
        while line:
            line = line[os.write(self._file, line) :]
        os.fsync(self._file)

    def remove(self) -> None:
        """The journal is of no more use."""
        self.path.unlink(missing_ok=True)

    def _whole(self) -> int:
        """How long the file is without a torn last line."""
        with self.path.open("rb") as file:
            content = file.read()
        return content.rfind(b"\n") + 1

    def _cut(self, length: int) -> None:
        os.ftruncate(self._file, length)

    def _entries(self) -> Iterator[Entry]:
        with self.path.open("rb") as file:
            for line in file:
                try:
                    yield _ENTRY.decode(line)
                except msgspec.DecodeError:
                    what = "the journal is of another version, or not one"
                    raise ChangedMeanwhileError(self.name, what) from None


def _kept(entries: Iterable[Entry]) -> JournalState:
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


def check_same(was: Beginning, beginning: Beginning, journal: str) -> None:
    """Refuses to go on with something else.

    Raises:
        ChangedMeanwhileError: The file, the mapping or the question is another one.
    """
    for what, is_same in (
        ("the journal is of another version", was.version == beginning.version),
        ("the table is another one than it was", was.table == beginning.table),
        ("the table is read otherwise than it was", was.how == beginning.how),
        ("the columns are mapped otherwise than they were", was.columns == beginning.columns),
        (_differs(was.body, beginning.body), was.body == beginning.body),
        ("another service is asked than was", was.url == beginning.url),
    ):
        if not is_same:
            raise ChangedMeanwhileError(journal, what)


def _differs(was: ScreeningBody, now: ScreeningBody) -> str:
    """`as of was 2026-11-24 and is 2026-11-23`."""
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


def check_answer(first: Summary, answer: ScreeningAnswer, journal: str) -> None:
    """Refuses an answer that does not belong with the first one.

    Raises:
        ChangedMeanwhileError: The days, the scorer or the lists are others.
    """
    if (first.as_of, first.known_at) != (answer.as_of, answer.known_at):
        days = f"the day was {first.as_of}, as known on {first.known_at}, and no longer is"
        raise ChangedMeanwhileError(journal, days)
    if first.scorer != answer.scorer:
        raise ChangedMeanwhileError(journal, "the scorer is another one than it was")
    changed = _changed(first.coverage, answer.coverage)
    if changed:
        what = f"{', '.join(changed)} changed since it began"
        raise ChangedMeanwhileError(journal, what)


def _changed(was: Coverage | None, now: Coverage) -> list[str]:
    """The lists that are searched in another edition or stand otherwise.

    Or that the service has lost sight of its database, or found it again.
    """
    if bool(() if was is None else was.reasons) != bool(now.reasons):
        return ["whether the service sees its database"]
    before = {} if was is None else {each.code: _mark(each) for each in was.lists}
    after = {each.code: _mark(each) for each in now.lists}
    return sorted(code for code in before | after if before.get(code) != after.get(code))


def _mark(covered: ListCoverage) -> tuple[str, int | None, str | None, str]:
    return covered.source, covered.edition, covered.sha256, covered.state
