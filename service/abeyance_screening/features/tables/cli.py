"""Screening a table: read it, ask about it in batches, keep a journal, write the results."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.screening.answer import CounterpartyResult, ScreeningAnswer
from abeyance_screening.engine.screening.question import MAX_NAMES_IN_ALL
from abeyance_screening.engine.tables import (
    MAX_TABLE_BYTES,
    Counts,
    EvidenceRow,
    FieldChoice,
    HowToRead,
    PartyRow,
    ReadRow,
    Summary,
    Table,
    TableKind,
    UnreadableRow,
    evidence_of,
    kind_of,
    map_table,
    open_table,
    party_rows,
    result_kind_of,
    result_writer,
    summary_of,
    unanswered,
    unreadable,
)
from abeyance_screening.engine.tables.read_report import TableReader, names_left
from abeyance_screening.features.tables.journal import (
    VERSION,
    Beginning,
    First,
    Journal,
    Keeping,
    Memory,
    check_answer,
    check_same,
)
from abeyance_screening.platform.cli.client import ApiClient, opened_api
from abeyance_screening.platform.cli.options import naming_options
from abeyance_screening.platform.cli.output import whole_results
from abeyance_screening.platform.cli.results import (
    Batch,
    ScreeningBody,
    TableJob,
    counts_in_words,
    print_evidence,
    print_parties,
    showing_progress,
)
from abeyance_screening.platform.http.bodies import SCREENINGS_PATH
from abeyance_screening.primitives.errors import BadInputError, RemoteRefusedError

JOURNAL_SUFFIX = ".journal"
# Each batch is one request and one line of the journal. Few enough rows that a run that is stopped
# loses a second or two of work; enough that the cost of each batch is negligible.
ROWS_IN_A_BATCH = 200
_OPTIONS = {name: f"--{name}" for name in ("map", "sheet", "encoding", "delimiter")}
type AnyRow = ReadRow | UnreadableRow


class ReadTable(msgspec.Struct, frozen=True):
    """A table that was read: its rows, how it was read in words, and the start of its journal."""

    name: str
    rows: Sequence[AnyRow]
    read_as: tuple[str, ...]
    beginning: Beginning


class RowResults(msgspec.Struct, frozen=True):
    """The results of a batch: evidence for each row, with its answer or the reason for none.

    `answer` is the last answer of the batch, None if no row could be asked about. `counts` cover
    all rows up to the end of the batch. `parties` are the rows that a person has to look at.
    """

    answer: ScreeningAnswer | None
    rows: tuple[EvidenceRow, ...]
    counts: Counts
    parties: tuple[PartyRow, ...]


class _RowAnswer(msgspec.Struct, frozen=True):
    row: ReadRow
    result: CounterpartyResult
    answer: ScreeningAnswer


def run_table(job: TableJob) -> Counts:
    """Screen a table, write or print its results, and return the counts of its rows.

    Raises:
        AbeyanceError: The table cannot be read or screened, or the results cannot be written.
    """
    kind = None if job.out is None else check_out(job.out, job.table)
    table = read_table(job.table, job.how, job.choices, job.body, job.url)
    for line in table.read_as:
        click.echo(line, err=True)
    if job.out is None or kind is None:
        memory = Memory()
        summary = _screened(job, table, memory)
        if job.as_json or job.in_full:
            print_evidence(memory.batches(), summary, as_json=job.as_json)
        else:
            print_parties(memory.batches(), summary)
        return summary.counts
    with Journal(journal_of(job.out), restart=job.restart) as journal:
        try:
            summary = _screened(job, table, journal)
            write_results(job.out, kind, journal.batches(), summary)
        except KeyboardInterrupt:
            done = f"{journal.kept().done:,} of {len(table.rows):,} rows are done"
            click.echo(f"{done}; run the same command again to continue.", err=True)
            raise
        journal.remove()
    click.echo(f"{summary.counts.rows:,} rows: {counts_in_words(summary.counts)}.", err=True)
    click.echo(f"Written: {job.out}", err=True)
    return summary.counts


def check_out(out: Path, table: Path) -> TableKind:
    """Return the kind of the results file after checking that it can be written.

    Raises:
        BadInputError: The folder does not exist, the ending is unknown, or it is the table itself.
    """
    kind = result_kind_of(out.name)
    if not out.parent.is_dir():
        raise BadInputError("--out", f"there is no folder {out.parent}")
    if out.is_dir():
        raise BadInputError("--out", f"{out} is a folder")
    if out.exists() and out.samefile(table):
        raise BadInputError("--out", "is the table itself")
    return kind


def read_table(
    path: Path,
    how: HowToRead,
    choices: Sequence[FieldChoice],
    body: ScreeningBody,
    url: str | None,
) -> ReadTable:
    """Read a whole table, so that a fault is reported before anything is asked.

    `body` is the question without its counterparties.

    Raises:
        BadInputError: The table cannot be read, or its columns cannot be recognised.
    """
    with naming_options(_OPTIONS | {"file": path.name}):
        return _read(path, how, choices, body, url)


def journal_of(out: Path) -> Path:
    """Return the path of the journal that is kept until the results `out` are written."""
    return out.with_name(out.name + JOURNAL_SUFFIX)


def done_before(table: ReadTable, journal: Keeping) -> int:
    """Return how many rows an earlier run with the same table and question has done.

    Raises:
        ChangedMeanwhileError: The journal is of another table or question.
    """
    kept = journal.kept()
    if kept.beginning is not None:
        check_same(kept.beginning, table.beginning, journal.name)
    return kept.done


def screen_table(
    table: ReadTable,
    api: ApiClient,
    journal: Keeping,
    report: Callable[[int, Counts], None],
) -> Summary:
    """Screen all rows that are not done yet, and keep each batch in the journal.

    `report` receives the number of rows done and their counts, at the start and after each batch.

    Raises:
        ChangedMeanwhileError: An answer's day, scorer or lists differ from those of the first.
        AbeyanceError: The question is refused, or cannot be answered.
    """
    kept = journal.kept()
    if kept.beginning is None:
        journal.add(table.beginning)
    first, done, counts = kept.first, kept.done, kept.counts
    report(done, counts)
    for batch in in_batches(table.rows, done):
        results = ask_batch(api, table.beginning.body, batch, counts)
        if results.answer is not None and first is None:
            first = summary_of(table.name, table.read_as, results.answer, Counts())
            journal.add(First(summary=first))
        elif results.answer is not None and first is not None:
            check_answer(first, results.answer, journal.name)
        done, counts = done + len(batch), results.counts
        batch_done = Batch(done=done, counts=counts, rows=results.rows, parties=results.parties)
        journal.add(batch_done)
        report(done, counts)
    if first is None:
        raise BadInputError(table.name, "has no row that can be screened")
    return msgspec.structs.replace(first, counts=counts)


def in_batches(rows: Sequence[AnyRow], done: int) -> Iterator[Sequence[AnyRow]]:
    """Yield the rows after the first `done`, in batches that fit in one question."""
    batch: list[AnyRow] = []
    names = 0
    for row in rows[done:]:
        more = _count_names(row)
        if batch and (len(batch) == ROWS_IN_A_BATCH or names + more > MAX_NAMES_IN_ALL):
            yield batch
            batch, names = [], 0
        batch.append(row)
        names += more
    if batch:
        yield batch


def ask_batch(
    api: ApiClient, body: ScreeningBody, batch: Sequence[AnyRow], counts: Counts
) -> RowResults:
    """Screen the readable rows of a batch and add to `counts`, those of the rows before.

    A row whose counterparty is refused becomes an unreadable row; the others are asked about
    without it.

    Raises:
        AbeyanceError: The question as a whole is refused, or cannot be answered.
    """
    evidence: list[EvidenceRow] = []
    parties: list[PartyRow] = []
    answer: ScreeningAnswer | None = None
    answered = _answered(api, body, [row for row in batch if isinstance(row, ReadRow)])
    for row in batch:
        outcome = row if isinstance(row, UnreadableRow) else next(answered)
        if isinstance(outcome, UnreadableRow):
            evidence.append(unreadable(outcome))
            parties.append(unanswered(outcome))
            counts = counts.with_unreadable()
        else:
            answer, result = outcome.answer, outcome.result
            evidence.extend(evidence_of(outcome.row, result, answer))
            parties.extend(party_rows(outcome.row, result, answer))
            counts = counts.with_result(result)
    to_review = tuple(each for each in parties if each.needs_review)
    return RowResults(answer, tuple(evidence), counts, to_review)


def write_results(out: Path, kind: TableKind, batches: Iterable[Batch], summary: Summary) -> None:
    """Write the results to a file, which is there when they are complete and not before.

    Raises:
        BadInputError: The file cannot be written.
    """
    with whole_results(out) as stream:
        writer = result_writer(kind, stream)
        for batch in batches:
            writer.add(batch.rows)
            writer.add_parties(batch.parties)
        writer.finish(summary)


def _screened(job: TableJob, table: ReadTable, journal: Keeping) -> Summary:
    done = done_before(table, journal)
    if done:
        rows = f"{done:,} of {len(table.rows):,} rows are done"
        click.echo(f"Resuming: {rows} ({journal.name}).", err=True)
    with (
        opened_api(job.url, job.data_dir, "lists") as api,
        showing_progress(len(table.rows)) as report,
    ):
        return screen_table(table, api, journal, report)


def _read(
    path: Path,
    how: HowToRead,
    choices: Sequence[FieldChoice],
    body: ScreeningBody,
    url: str | None,
) -> ReadTable:
    kind = kind_of(path.name)
    content = _content(path)
    wanted = frozenset(each.column for each in choices if each.column is not None)
    how = msgspec.structs.replace(how, columns=wanted)
    table = open_table(kind, content, how)
    mapped = map_table(table, (*choices, *_ask_about_columns(table, choices)), with_names=True)
    reader = TableReader(table, mapped)
    rows = tuple(reader.parties(table.rows()))
    _check_rows(path.name, rows)
    beginning = Beginning(
        version=VERSION,
        table=sha256(content).hexdigest(),
        how=how,
        columns=mapped,
        body=body,
        url=url,
    )
    return ReadTable(path.name, rows, reader.reading.in_words, beginning)


def _ask_about_columns(table: Table, choices: Sequence[FieldChoice]) -> tuple[FieldChoice, ...]:
    """Ask a person about columns that look like names; where nobody answers they are read."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ()
    return tuple(
        FieldChoice("unused", column)
        for column in names_left(table, map_table(table, choices))
        if not click.confirm(
            f"{column} looks like names. Screen them too?", default=True, err=True
        )
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise BadInputError(path.name, f"is larger than {MAX_TABLE_BYTES:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(str(path), f"cannot be read: {error.strerror}") from None


def _check_rows(name: str, rows: Sequence[AnyRow]) -> None:
    if not rows:
        raise BadInputError(name, "has a header row and no other rows")
    first = rows[0]
    if isinstance(first, UnreadableRow) and not any(isinstance(row, ReadRow) for row in rows):
        reason = f"none of its {len(rows):,} rows can be read; row {first.number}: {first.reason}"
        raise BadInputError(name, reason)


def _count_names(row: AnyRow) -> int:
    if isinstance(row, UnreadableRow):
        return 0
    owners = list(row.counterparty.owners)
    count = 1 + len(row.counterparty.aliases)
    while owners:
        owner = owners.pop()
        count += 1 + len(owner.aliases)
        owners.extend(owner.owners)
    return count


def _answered(
    api: ApiClient, body: ScreeningBody, rows: Sequence[ReadRow]
) -> Iterator[_RowAnswer | UnreadableRow]:
    """Yield each row with its result, or with the reason why it has none, in the rows' order."""
    if not rows:
        return
    parties = tuple(row.counterparty for row in rows)
    question = msgspec.structs.replace(body, counterparties=parties)
    try:
        answer = api.read(
            api.post(SCREENINGS_PATH, msgspec.json.encode(question)), ScreeningAnswer
        )
    except (BadInputError, RemoteRefusedError) as error:
        if error.field is None or not error.field.startswith("counterparties"):
            raise
        if len(rows) == 1:
            yield _refused(rows[0], error.reason)
            return
        # the batch is too large, or holds a refused counterparty: halving finds it
        middle = len(rows) // 2
        yield from _answered(api, body, rows[:middle])
        yield from _answered(api, body, rows[middle:])
    else:
        for row, result in zip(rows, answer.results, strict=True):
            yield _RowAnswer(row, result, answer)


def _refused(row: ReadRow, reason: str) -> UnreadableRow:
    party = row.counterparty
    return UnreadableRow(number=row.number, reason=reason, id=party.id, name=party.name)
