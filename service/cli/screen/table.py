"""Screen a table: read it, ask about it in batches, keep a journal, write the results."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import click
import msgspec

from service.cli.answering import AnswerSource, ScreeningBody, answering, read_screening
from service.cli.screen.journal import (
    VERSION,
    Batch,
    Beginning,
    First,
    Journal,
    Keeping,
    Memory,
    check_answer,
    check_same,
)
from service.cli.screen.printing import counts_in_words, print_evidence, showing_progress
from service.errors import BadInputError, RemoteRefusedError
from service.screening.answer import CounterpartyResult, ScreeningAnswer
from service.screening.question import MAX_NAMES_IN_ALL
from service.tables import (
    MAX_TABLE_BYTES,
    Counts,
    EvidenceRow,
    FieldChoice,
    HowToRead,
    ReadRow,
    Summary,
    TableKind,
    UnreadableRow,
    counterparties,
    evidence_of,
    kind_of,
    map_columns,
    open_table,
    read_as,
    result_kind_of,
    result_writer,
    summary_of,
    unreadable,
)

JOURNAL_SUFFIX = ".journal"

type AnyRow = ReadRow | UnreadableRow

# One commit and one line of the journal a batch: so few that a run that is stopped loses a second
# or two, so many that what is done once a batch does not show.
ROWS_IN_A_BATCH = 200


# --- Rows of a table asked about batch by batch.


class RowResults(msgspec.Struct, frozen=True):
    """The rows of a batch as they came out: with an answer, or with the reason why not."""

    answer: ScreeningAnswer | None
    rows: tuple[EvidenceRow, ...]
    counts: Counts


def in_batches(rows: Sequence[AnyRow], done: int) -> Iterator[Sequence[AnyRow]]:
    """The rows after the first `done`, so many at a time as one question may hold."""
    batch: list[AnyRow] = []
    names = 0
    for row in rows[done:]:
        more = _names_of(row)
        if batch and (len(batch) == ROWS_IN_A_BATCH or names + more > MAX_NAMES_IN_ALL):
            yield batch
            batch, names = [], 0
        batch.append(row)
        names += more
    if batch:
        yield batch


def _names_of(row: AnyRow) -> int:
    if isinstance(row, UnreadableRow):
        return 0
    owners = list(row.counterparty.owners)
    count = 1 + len(row.counterparty.aliases)
    while owners:
        owner = owners.pop()
        count += 1 + len(owner.aliases)
        owners.extend(owner.owners)
    return count


def ask_batch(
    answers: AnswerSource, body: ScreeningBody, batch: Sequence[AnyRow], counts: Counts
) -> RowResults:
    """Asks about the rows of a batch that can be read; `counts` go on from those before.

    Where the service refuses one counterparty, that row is told as unreadable and the others are
    asked about without it.

    Raises:
        AbeyanceError: The question as a whole is refused, or cannot be asked.
    """
    shown: list[EvidenceRow] = []
    answer: ScreeningAnswer | None = None
    answered = _answered(answers, body, [row for row in batch if isinstance(row, ReadRow)])
    for row in batch:
        came = row if isinstance(row, UnreadableRow) else next(answered)
        if isinstance(came, UnreadableRow):
            shown.append(unreadable(came))
            counts = counts.with_unreadable()
        else:
            answer, result = came.answer, came.result
            shown.extend(evidence_of(came.row, result, answer))
            counts = counts.with_result(result)
    return RowResults(answer, tuple(shown), counts)


class _RowAnswer(msgspec.Struct, frozen=True):
    row: ReadRow
    result: CounterpartyResult
    answer: ScreeningAnswer


def _answered(
    answers: AnswerSource, body: ScreeningBody, rows: Sequence[ReadRow]
) -> Iterator[_RowAnswer | UnreadableRow]:
    """Each row with its result, or with the reason why it has none, in their order."""
    if not rows:
        return
    asked = msgspec.structs.replace(body, counterparties=tuple(row.counterparty for row in rows))
    try:
        answer = read_screening(answers.screen(asked))
    except (BadInputError, RemoteRefusedError) as error:
        if error.field is None or not error.field.startswith("counterparties"):
            raise
        if len(rows) == 1:
            yield _refused(rows[0], error.reason)
            return
        # too much at once, or one that is refused: halves find which
        middle = len(rows) // 2
        yield from _answered(answers, body, rows[:middle])
        yield from _answered(answers, body, rows[middle:])
    else:
        for row, result in zip(rows, answer.results, strict=True):
            yield _RowAnswer(row, result, answer)


def _refused(row: ReadRow, reason: str) -> UnreadableRow:
    party = row.counterparty
    return UnreadableRow(number=row.number, reason=reason, id=party.id, name=party.name)


_OPTIONS = frozenset({"map", "sheet", "encoding", "delimiter"})


class ReadTable(msgspec.Struct, frozen=True):
    """A table read whole, and what a run on it begins with; `body` has no counterparties."""

    name: str
    rows: Sequence[AnyRow]
    read_as: tuple[str, ...]
    beginning: Beginning


def read_table(
    path: Path, how: HowToRead, said: Sequence[FieldChoice], body: ScreeningBody, url: str | None
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
    path: Path, how: HowToRead, said: Sequence[FieldChoice], body: ScreeningBody, url: str | None
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
    answers: AnswerSource,
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


# --- One run over a table, from the file to the results.


class TableJob(msgspec.Struct, frozen=True, kw_only=True):
    """A table and what to do with it; `body` is the question without its counterparties."""

    table: Path
    how: HowToRead
    said: tuple[FieldChoice, ...]
    body: ScreeningBody
    out: Path | None
    restart: bool
    url: str | None
    as_json: bool
    data_dir: Path | None


def run_table(given: TableJob) -> Counts:
    """Screens a table and writes its results, or prints them.

    Raises:
        AbeyanceError: It cannot be read, asked about or written.
    """
    kind = None if given.out is None else check_out(given.out, given.table)
    table = read_table(given.table, given.how, given.said, given.body, given.url)
    for line in table.read_as:
        click.echo(line, err=True)
    if given.out is None or kind is None:
        memory = Memory()
        summary = _screened(given, table, memory)
        print_evidence(memory.batches(), summary, as_json=given.as_json)
        return summary.counts
    with Journal(journal_of(given.out), restart=given.restart) as journal:
        try:
            summary = _screened(given, table, journal)
            write_results(given.out, kind, journal.batches(), summary)
        except KeyboardInterrupt:
            kept = f"{journal.kept().done:,} of {len(table.rows):,} rows are done"
            click.echo(f"{kept}; the same command goes on.", err=True)
            raise
        journal.remove()
    click.echo(f"{summary.counts.rows:,} rows: {counts_in_words(summary.counts)}.", err=True)
    click.echo(f"Written: {given.out}", err=True)
    return summary.counts


def journal_of(out: Path) -> Path:
    """Where the journal of a run stands while it is not done."""
    return out.with_name(out.name + JOURNAL_SUFFIX)


def _screened(given: TableJob, table: ReadTable, journal: Keeping) -> Summary:
    done = done_before(table, journal)
    if done:
        rows = f"{done:,} of {len(table.rows):,} rows are done already"
        click.echo(f"Going on: {rows} ({journal.name}).", err=True)
    with (
        answering(given.url, given.data_dir) as answers,
        showing_progress(len(table.rows)) as told,
    ):
        return screen_table(table, answers, journal, told)
