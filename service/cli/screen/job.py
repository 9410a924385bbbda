"""`abeyance screen --job`: a table is sent to a service, whose workers screen it."""

import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.answering import Param, RemoteService, days_asked, read_answer
from service.cli.jobs import (
    HERE,
    JOBS_PATH,
    download_results,
    job_in_words,
    result_format,
    results_of,
)
from service.cli.screen.journal import Batch
from service.cli.screen.printing import counts_in_words, print_evidence, print_parties
from service.cli.screen.table import TableJob
from service.errors import BadInputError, RemoteFailedError
from service.jobs.job import ENDINGS, JobAnswer
from service.screening.answer import CounterpartyResult, RefusedLine, StreamEnd
from service.tables import (
    Counts,
    EvidenceRow,
    PartyRow,
    ReadRow,
    UnreadableRow,
    evidence_of,
    party_rows,
    summary_of,
    unanswered,
    unreadable,
)
from service.tables.stream import RowOfTable, streamed_counterparties

_PIECE_BYTES = 262_144
# How often a job is looked at, first and at last, and how long a service may be away meanwhile.
_LOOK_FIRST_S, _LOOK_LAST_S, _AWAY_S = 0.2, 2.0, 180.0
# The last line of results has the coverage of all lists.
_END_BYTES = 2_000_000
_REFUSED = b'{"line":'


class _Report(Protocol):
    """Shows how much is done, of how much if that is known, and words about it."""

    def __call__(self, done: int, total: int | None, words: str | None = None, /) -> None: ...


def _report_nothing(_done: int, _total: int | None, _words: str | None = None) -> None:
    """Show nothing, where nobody looks."""


def run_job(sent: TableJob) -> Counts:
    """Send a table, wait for its job, write or print its results, and return their counts.

    Raises:
        AbeyanceError: The table is refused, the job fails, or the results cannot be written.
    """
    kind = None if sent.out is None else result_format(sent.out)
    with RemoteService(sent.url or HERE) as service:
        job = _send(service, sent)
        try:
            click.echo(f"Job {job.id}", err=True)
            job = _wait(service, job)
            if sent.out is not None and kind is not None:
                download_results(service, job, kind, sent.out)
            else:
                _print(service, job, sent)
        except (KeyboardInterrupt, RemoteFailedError):
            click.echo(f"The job goes on: {_how_to_go_on(job.id, sent)}", err=True)
            raise
    if sent.out is not None:
        click.echo(f"{job.rows_done:,} rows: {counts_in_words(job.counts)}.", err=True)
        click.echo(f"Written: {sent.out}", err=True)
    return job.counts


def _how_to_go_on(key: UUID, sent: TableJob) -> str:
    out = "results.csv" if sent.out is None else sent.out
    url = "" if sent.url is None else f" --url {sent.url}"
    return (
        f"abeyance jobs show {key}{url}; abeyance jobs results {key} --out {out}{url}; "
        f"abeyance jobs cancel {key}{url}"
    )


# --- Sending, and waiting.


def _send(service: RemoteService, sent: TableJob) -> JobAnswer:
    body, how = sent.body, sent.how
    params: dict[str, Param] = {
        "name": sent.table.name,
        "lists": body.lists,
        **days_asked(body.as_of, body.known_at),
        "since": None if body.since is None else body.since.isoformat(),
        "threshold": None if body.threshold is None else str(body.threshold),
        "limit": body.limit,
        "map": [f"{each.field}={each.column or ''}" for each in sent.choices] or None,
        "encoding": how.encoding,
        "delimiter": how.delimiter,
        "sheet": how.sheet,
    }
    try:
        size = sent.table.stat().st_size
        with sent.table.open("rb") as file, _showing(f"Sending {sent.table.name}") as report:
            pieces = _pieces(file.read, lambda done: report(done, size))
            answer = service.upload(JOBS_PATH, params, pieces, size)
    except OSError as error:
        raise BadInputError(str(sent.table), f"cannot be read: {error.strerror}") from None
    return read_answer(service.url, answer, JobAnswer)


def _pieces(read: Callable[[int], bytes], report: Callable[[int], None]) -> Iterator[bytes]:
    done = 0
    while piece := read(_PIECE_BYTES):
        yield piece
        done += len(piece)
        report(done)


def _wait(service: RemoteService, job: JobAnswer) -> JobAnswer:
    """Return a job once it has ended well.

    Raises:
        BadInputError: It failed, or was cancelled.
        RemoteFailedError: The service is away for too long.
    """
    pause_s, seen_at = _LOOK_FIRST_S, time.monotonic()
    with _showing("Screening") as report:
        while job.ended_at is None:
            time.sleep(pause_s)
            pause_s = min(_LOOK_LAST_S, pause_s * 1.2)
            try:
                job = service.get(f"{JOBS_PATH}/{job.id}", {}, JobAnswer)
                seen_at = time.monotonic()
            except RemoteFailedError:
                # a service that is started again goes on with its jobs
                if time.monotonic() - seen_at > _AWAY_S:
                    raise
            report(job.rows_done, job.rows, job_in_words(job))
    if job.fault is not None:
        row = "" if job.fault.row is None else f"row {job.fault.row}: "
        raise BadInputError(job.fault.field, f"{row}{job.fault.reason}")
    if job.stage != "done":
        raise BadInputError(job.name, f"its job {job.id} was {job.stage}")
    return job


@contextmanager
def _showing(what: str) -> Generator[_Report]:
    """Show a progress bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield _report_nothing
        return
    columns = (
        BarColumn(bar_width=None),
        TextColumn("{task.description}"),
        TimeRemainingColumn(compact=True),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task(what, total=None)

        def report(done: int, total: int | None, words: str | None = None) -> None:
            progress.update(task, completed=done, total=total, description=words or what)

        yield report


# --- Results.


def _print(service: RemoteService, job: JobAnswer, sent: TableJob) -> None:
    """Print results as those of a table that is screened without a job."""
    head = _end_of(service, job)
    keep_all = sent.as_json or sent.in_full
    batches = [
        Batch(
            done=0,
            counts=Counts(),
            rows=evidence if keep_all else (),
            parties=tuple(each for each in parties if each.needs_review),
        )
        for evidence, parties in _rows(service, job, sent, head)
    ]
    summary = summary_of(job.name, (), head, job.counts)
    if keep_all:
        print_evidence(batches, summary, as_json=sent.as_json)
    else:
        print_parties(batches, summary)


def _end_of(service: RemoteService, job: JobAnswer) -> StreamEnd:
    """Return the last line of results, which says what they rest on."""
    path, part = f"{JOBS_PATH}/{job.id}/results", f"bytes=-{_END_BYTES}"
    with service.download(path, {}, part) as pieces:
        lines = b"".join(pieces).splitlines()
    return read_answer(service.url, lines[-1] if lines else b"", StreamEnd)


def _rows(
    service: RemoteService, job: JobAnswer, sent: TableJob, head: StreamEnd
) -> Iterator[tuple[tuple[EvidenceRow, ...], tuple[PartyRow, ...]]]:
    """Yield the evidence and the parties of each row, which is read again beside its answer."""
    lines = _lines(results_of(service, job, "ndjson"))
    kind = ENDINGS[sent.table.suffix.lower().removeprefix(".")]
    with sent.table.open("rb") as file:
        for row in streamed_counterparties(kind, file, sent.how, sent.choices):
            yield _of_row(row, next(lines, b""), service.url, head)


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    begun = b""
    for piece in pieces:
        *whole, begun = (begun + piece).split(b"\n")
        yield from whole


def _of_row(
    row: RowOfTable, line: bytes, url: str, head: StreamEnd
) -> tuple[tuple[EvidenceRow, ...], tuple[PartyRow, ...]]:
    if isinstance(row, ReadRow) and line.startswith(_REFUSED):
        refused, party = read_answer(url, line, RefusedLine), row.counterparty
        reason = f"{refused.field}: {refused.reason}"
        row = UnreadableRow(number=row.number, reason=reason, id=party.id, name=party.name)
    if isinstance(row, UnreadableRow):
        return (unreadable(row),), (unanswered(row),)
    result = read_answer(url, line, CounterpartyResult)
    return tuple(evidence_of(row, result, head)), party_rows(row, result, head)
