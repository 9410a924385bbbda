"""Screening a table: read, asked about in batches, kept in a journal, written at the end."""

import os
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from service.cli.answering import Answering, ScreeningBody
from service.cli.screen.batches import AnyRow, ask_batch, in_batches
from service.cli.screen.journal import (
    VERSION,
    Batch,
    Beginning,
    First,
    Keeping,
    check_answer,
    check_same,
)
from service.model.errors import BadInputError
from service.sheet import (
    MAX_TABLE_BYTES,
    Counts,
    HowToRead,
    ReadRow,
    Said,
    Summary,
    TableKind,
    UnreadableRow,
    counterparties,
    kind_of,
    map_columns,
    open_table,
    read_as,
    result_kind_of,
    result_writer,
    summary_of,
)

_OPTIONS = frozenset({"map", "sheet", "encoding", "delimiter"})


class ReadTable(msgspec.Struct, frozen=True):
    """A table read whole, and what a run on it begins with; `body` has no counterparties."""

    name: str
    rows: Sequence[AnyRow]
    read_as: tuple[str, ...]
    beginning: Beginning


def read_table(
    path: Path, how: HowToRead, said: Sequence[Said], body: ScreeningBody, url: str | None
) -> ReadTable:
    """Reads a table whole, so that a fault is told before anything is asked.

    Raises:
        BadInputError: It cannot be read, or its columns cannot be told.
    """
    with _named_as_given(path.name):
        return _read(path, how, said, body, url)


@contextmanager
def _named_as_given(table: str) -> Generator[None]:
    """Calls a field by the option that is to be changed, and the file by its name.

    Raises:
        BadInputError: The same with another field.
    """
    try:
        yield
    except BadInputError as error:
        field = table if error.field == "file" else error.field
        option = f"--{field}" if field in _OPTIONS else field
        raise BadInputError(option, error.reason) from None


def _read(
    path: Path, how: HowToRead, said: Sequence[Said], body: ScreeningBody, url: str | None
) -> ReadTable:
    kind = kind_of(path.name)
    content = _content(path)
    wanted = frozenset(each.column for each in said if each.column is not None)
    how = msgspec.structs.replace(how, columns=wanted)
    table = open_table(kind, content, how)
    mapped = map_columns(table.columns, said)
    rows = tuple(counterparties(table, mapped))
    _check_rows(path.name, rows)
    beginning = Beginning(
        version=VERSION,
        table=sha256(content).hexdigest(),
        how=how,
        columns=mapped,
        body=body,
        url=url,
    )
    return ReadTable(path.name, rows, read_as(table, mapped), beginning)


def _check_rows(name: str, rows: Sequence[AnyRow]) -> None:
    if not rows:
        raise BadInputError(name, "has a header and no rows")
    first = rows[0]
    if isinstance(first, UnreadableRow) and not any(isinstance(row, ReadRow) for row in rows):
        reason = f"none of its {len(rows):,} rows can be read; row {first.number}: {first.reason}"
        raise BadInputError(name, reason)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise BadInputError(path.name, f"is larger than {MAX_TABLE_BYTES:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(str(path), f"cannot be read: {error.strerror}") from None


def check_out(out: Path, table: Path) -> TableKind:
    """The kind of the results, if they can be written.

    Raises:
        BadInputError: They cannot: no such folder, another kind of file, or the table itself.
    """
    kind = result_kind_of(out.name)
    if not out.parent.is_dir():
        raise BadInputError("--out", f"there is no folder {out.parent}")
    if out.is_dir():
        raise BadInputError("--out", f"{out} is a folder")
    if out.exists() and out.samefile(table):
        raise BadInputError("--out", "is the table itself")
    return kind


def done_before(table: ReadTable, journal: Keeping) -> int:
    """How many rows an earlier run has done of the very same table and question.

    Raises:
        ChangedMeanwhileError: It was of another table or question.
    """
    kept = journal.kept()
    if kept.beginning is not None:
        check_same(kept.beginning, table.beginning, journal.name)
    return kept.done


def screen_table(
    table: ReadTable,
    answers: Answering,
    journal: Keeping,
    told: Callable[[int, Counts], None],
) -> Summary:
    """Asks about all rows that were not done before, and keeps each batch in the journal.

    `told` hears how many rows are done, with their counts, at the start and after each batch.

    Raises:
        ChangedMeanwhileError: An answer's day, scorer or lists are not those of the first.
        AbeyanceError: The question is refused, or cannot be asked.
    """
    kept = journal.kept()
    if kept.beginning is None:
        journal.add(table.beginning)
    first, done, counts = kept.first, kept.done, kept.counts
    told(done, counts)
    for batch in in_batches(table.rows, done):
        asked = ask_batch(answers, table.beginning.body, batch, counts)
        if asked.answer is not None and first is None:
            first = summary_of(table.name, table.read_as, asked.answer, Counts())
            journal.add(First(summary=first))
        elif asked.answer is not None and first is not None:
            check_answer(first, asked.answer, journal.name)
        done, counts = done + len(batch), asked.counts
        journal.add(Batch(done=done, counts=counts, rows=asked.rows))
        told(done, counts)
    if first is None:
        raise BadInputError(table.name, "no row of it can be asked about")
    return msgspec.structs.replace(first, counts=counts)


def write_results(out: Path, kind: TableKind, batches: Iterable[Batch], summary: Summary) -> None:
    """Writes the results beside their place and puts them there in one go.

    Raises:
        BadInputError: They cannot be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as stream:
            writer = result_writer(kind, stream)
            for batch in batches:
                writer.add(batch.rows)
            writer.finish(summary)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(out)
    except OSError as error:
        raise BadInputError("--out", f"cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
