"""`abeyance screen --job` and `abeyance jobs`: tables are sent to a service and jobs watched."""

import codecs
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Literal
from uuid import UUID

import click
import msgspec
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from abeyance_screening.engine.screening.answer import CounterpartyResult, RefusedLine, StreamEnd
from abeyance_screening.engine.tables import (
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
from abeyance_screening.engine.tables.counterparties import RowOfTable
from abeyance_screening.engine.tables.stream import streamed_counterparties
from abeyance_screening.features.jobs.types import ENDINGS, JobAnswer
from abeyance_screening.platform.cli.client import (
    HERE,
    ApiClient,
    CollectionPage,
    Param,
    question_days,
)
from abeyance_screening.platform.cli.options import as_json, examples, gathered, remote_url
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_json,
    print_table,
    table_of,
    whole_results,
)
from abeyance_screening.platform.cli.results import (
    Batch,
    TableJob,
    counts_in_words,
    print_evidence,
    print_parties,
)
from abeyance_screening.primitives.errors import BadInputError, RemoteFailedError
from abeyance_screening.primitives.visible import escaped

# --- `abeyance jobs`: look at the jobs of a service, cancel them, and fetch their results.

JOBS_PATH = "/v1/jobs"
ResultFormat = Literal["ndjson", "csv", "xlsx", "parquet"]
_FORMATS: dict[str, ResultFormat] = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}
# How often a download that breaks off is taken up again without any progress.
_TRIES = 5


def job_in_words(job: JobAnswer) -> str:
    """Write how far a job is: `1,240 of 6,000 rows, 31 with hits, 4 unreadable, 3,010 rows/s`."""
    whole = f" of {job.rows:,}" if job.rows is not None else f", {job.rows_read:,} read"
    rate = "" if job.rate is None else f", {job.rate:,.0f} rows/s"
    hits = job.hits + job.owner_hits
    return f"{job.rows_done:,}{whole} rows, {hits:,} with hits, {job.refused:,} unreadable{rate}"


def result_format(out: Path) -> ResultFormat:
    """Return the kind of the results file after checking that it can be written.

    Raises:
        BadInputError: The folder does not exist, or the ending is unknown.
    """
    kind = _FORMATS.get(out.suffix.lower())
    if kind is None:
        raise BadInputError("--out", f"ends in none of {', '.join(_FORMATS)}")
    if not out.parent.is_dir():
        raise BadInputError("--out", f"there is no folder {out.parent}")
    if out.is_dir():
        raise BadInputError("--out", f"{out} is a folder")
    return kind


# --- A file of results, fetched whole or from where it broke off.


def download_results(
    service: ApiClient,
    job: JobAnswer,
    kind: ResultFormat,
    out: Path,
    *,
    only_hits: bool = False,
) -> None:
    """Write results to a file, which is there when they are complete and not before.

    Raises:
        BadInputError: The file cannot be written.
        RemoteFailedError: The service does not give them whole.
    """
    with whole_results(out) as file:
        for piece in results_of(service, job, kind, only_hits=only_hits):
            file.write(piece)


def results_of(
    service: ApiClient, job: JobAnswer, kind: ResultFormat, *, only_hits: bool = False
) -> Iterator[bytes]:
    """Yield results in pieces; lines are taken up again where they break off."""
    params: dict[str, Param] = {"format": kind, "only": "hits" if only_hits else None}
    done, tries = 0, 0
    while True:
        before = done
        try:
            part = f"bytes={done}-" if done else None
            with service.download(f"{JOBS_PATH}/{job.id}/results", params, part) as pieces:
                for piece in pieces:
                    done += len(piece)
                    yield piece
        except RemoteFailedError:
            tries = 1 if done > before else tries + 1
            if kind != "ndjson" or tries == _TRIES:
                raise
            time.sleep(tries)
        else:
            return


# --- `abeyance jobs` and its commands.


class JobOptions(msgspec.Struct, frozen=True):
    """The id of a job, and the service that has it."""

    key: UUID
    url: str | None
    as_json: bool


class JobListOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance jobs list`."""

    url: str | None
    as_json: bool


class JobResultsOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance jobs results`."""

    key: UUID
    out: Path | None
    only_hits: bool
    url: str | None


class JobEndOptions(msgspec.Struct, frozen=True):
    """The id of a job that is to end, and the service that has it."""

    key: UUID
    url: str | None


_ID = click.argument("key", metavar="ID", type=click.UUID)


@click.group()
def jobs() -> None:
    """Look at the jobs of a service, cancel them, and fetch their results.

    A job is a table that `abeyance screen --job` sent. Without --url the service on this machine
    is asked, at http://127.0.0.1:8080.
    """


@jobs.command("list", epilog=examples("abeyance jobs list", "abeyance jobs list --json"))
@remote_url
@as_json
@gathered(JobListOptions)
def list_jobs(options: JobListOptions) -> None:
    """List the jobs, the newest first."""
    with ApiClient(options.url or HERE) as service:
        found = list(service.pages(JOBS_PATH, {}, CollectionPage[JobAnswer]))
    if options.as_json:
        print_json(found)
        return
    table = table_of("Id", "Table", "Sent", "Stage", "Rows", "Hits", whole="Id")
    for each in found:
        sent_at = f"{each.accepted_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        rows = f"{each.rows_done:,} of {each.rows_read:,}"
        hits = f"{each.hits + each.owner_hits:,}"
        table.add_row(str(each.id), each.name, sent_at, each.stage, rows, hits)
    print_table(table)


@jobs.command(epilog=examples("abeyance jobs show 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"))
@_ID
@remote_url
@as_json
@gathered(JobOptions)
def show(options: JobOptions) -> None:
    """Show how far the job ID is, and what it is answered from."""
    with ApiClient(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
    if options.as_json:
        print_json(job)
        return
    click.echo(f"{job.name}: {job.stage}, {job_in_words(job)}")
    _say_no_worker(job)
    if job.fault is not None:
        click.echo(f"{job.fault.field}: {job.fault.reason}")
    for line in job.read_as:
        click.echo(line)
    if job.ends_about is not None:
        click.echo(f"Ends at about {job.ends_about.astimezone(UTC):%H:%M:%S} UTC")
    if job.expires_at is not None:
        click.echo(f"Kept until {job.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    if job.basis is not None:
        editions = ", ".join(f"{each.list_code} {each.edition}" for each in job.basis.editions)
        click.echo(f"Editions: {editions}")
        scorer, revision = job.basis.scorer, job.basis.register_revision
        click.echo(f"Scorer {scorer}, register {revision}, Abeyance {job.basis.version}")


@jobs.command(
    epilog=examples(
        "abeyance jobs results 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f --out results.xlsx",
        "abeyance jobs results 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f --only-hits > hits.ndjson",
    )
)
@_ID
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File for the results: .xlsx, .csv, .parquet or .ndjson; else NDJSON is printed.",
)
@click.option("--only-hits", is_flag=True, help="Only rows with hits.")
@remote_url
@gathered(JobResultsOptions)
def results(options: JobResultsOptions) -> None:
    """Fetch the results of the job ID, as far as they are there."""
    kind = None if options.out is None else result_format(options.out)
    with ApiClient(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
        if options.out is not None and kind is not None:
            download_results(service, job, kind, options.out, only_hits=options.only_hits)
            click.echo(f"Written: {options.out}", err=True)
        else:
            pieces = results_of(service, job, "ndjson", only_hits=options.only_hits)
            for piece in codecs.iterdecode(pieces, "utf-8"):
                click.echo(escaped(piece), nl=False)
    if job.stage != "done":
        click.echo(f"These are not all results: {job.stage}, {job_in_words(job)}", err=True)


@jobs.command(epilog=examples("abeyance jobs cancel 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"))
@_ID
@remote_url
@gathered(JobEndOptions)
def cancel(options: JobEndOptions) -> None:
    """Cancel the job ID; what was done of it can still be fetched."""
    with ApiClient(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
        if job.ended_at is not None:
            reason = "has ended; `abeyance jobs delete` deletes its results"
            raise BadInputError(str(options.key), reason)
        job = service.read(service.delete(f"{JOBS_PATH}/{options.key}"), JobAnswer)
    click.echo(f"Job {job.id}: {job.stage}, {job_in_words(job)}.")


@jobs.command(epilog=examples("abeyance jobs delete 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"))
@_ID
@remote_url
@gathered(JobEndOptions)
def delete(options: JobEndOptions) -> None:
    """Delete the job ID with its results for good; cancel it first if it goes on."""
    with ApiClient(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
        for _ in range(1 if job.ended_at is not None else 2):
            service.delete(f"{JOBS_PATH}/{options.key}")
    click.echo(f"Job {job.id}: deleted.")


# --- `abeyance screen --job`: a table is sent to a service, whose workers screen it.

_PIECE_BYTES = 262_144
# How often a job is looked at, first and at last, and how long a service may be away meanwhile.
_LOOK_FIRST_S, _LOOK_LAST_S, _AWAY_S = 0.2, 2.0, 180.0
# The last line of results has the coverage of all lists.
_END_BYTES = 2_000_000
_REFUSED = b'{"line":'


type _Report = Callable[[int, int | None, str | None], None]
"""Shows how much is done, of how much if that is known, and words about it."""


def _report_nothing(_done: int, _total: int | None, _words: str | None) -> None:
    """Show nothing, where nobody looks."""


def run_job(sent: TableJob) -> Counts:
    """Send a table, wait for its job, write or print its results, and return their counts.

    Raises:
        AbeyanceError: The table is refused, the job fails, or the results cannot be written.
    """
    kind = None if sent.out is None else result_format(sent.out)
    with ApiClient(sent.url or HERE) as service:
        job = _send(service, sent)
        try:
            click.echo(f"Job {job.id}", err=True)
            _say_no_worker(job)
            job = _wait(service, job)
            for line in job.read_as:
                click.echo(line, err=True)
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


def _say_no_worker(job: JobAnswer) -> None:
    if job.no_worker is not None:
        click.echo(job.no_worker, err=True)


def _how_to_go_on(key: UUID, sent: TableJob) -> str:
    out = "results.csv" if sent.out is None else sent.out
    url = "" if sent.url is None else f" --url {sent.url}"
    return (
        f"abeyance jobs show {key}{url}; abeyance jobs results {key} --out {out}{url}; "
        f"abeyance jobs cancel {key}{url}"
    )


# --- Sending, and waiting.


def _send(service: ApiClient, sent: TableJob) -> JobAnswer:
    body, how = sent.body, sent.how
    params: dict[str, Param] = {
        "name": sent.table.name,
        "lists": body.lists,
        "profile": body.profile,
        **question_days(body.as_of, body.known_at),
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
            pieces = _pieces(file.read, lambda done: report(done, size, None))
            answer = service.upload(JOBS_PATH, params, pieces, size)
    except OSError as error:
        raise BadInputError(str(sent.table), f"cannot be read: {error.strerror}") from None
    return service.read(answer, JobAnswer)


def _pieces(read: Callable[[int], bytes], report: Callable[[int], None]) -> Iterator[bytes]:
    done = 0
    while piece := read(_PIECE_BYTES):
        yield piece
        done += len(piece)
        report(done)


def _wait(service: ApiClient, job: JobAnswer) -> JobAnswer:
    """Return a job once it has ended well."""
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
    console = Terminal(stderr=True)
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task(what, total=None)

        def report(done: int, total: int | None, words: str | None) -> None:
            progress.update(task, completed=done, total=total, description=words or what)

        yield report


# --- The results of a table that was sent.


def _print(service: ApiClient, job: JobAnswer, sent: TableJob) -> None:
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
    summary = summary_of(job.name, job.read_as, head, job.counts)
    if keep_all:
        print_evidence(batches, summary, as_json=sent.as_json)
    else:
        print_parties(batches, summary)


def _end_of(service: ApiClient, job: JobAnswer) -> StreamEnd:
    """Return the last line of results, which says what they rest on."""
    path, part = f"{JOBS_PATH}/{job.id}/results", f"bytes=-{_END_BYTES}"
    with service.download(path, {}, part) as pieces:
        lines = b"".join(pieces).splitlines()
    return service.read(lines[-1] if lines else b"", StreamEnd)


def _rows(
    service: ApiClient, job: JobAnswer, sent: TableJob, head: StreamEnd
) -> Iterator[tuple[tuple[EvidenceRow, ...], tuple[PartyRow, ...]]]:
    """Yield the evidence and the parties of each row, which is read again beside its answer."""
    lines = _lines(results_of(service, job, "ndjson"))
    kind = ENDINGS[sent.table.suffix.lower().removeprefix(".")]
    with sent.table.open("rb") as file:
        for row in streamed_counterparties(kind, file, sent.how, sent.choices):
            yield _of_row(row, next(lines, b""), service, head)


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    begun = b""
    for piece in pieces:
        *whole, begun = (begun + piece).split(b"\n")
        yield from whole


def _of_row(
    row: RowOfTable, line: bytes, service: ApiClient, head: StreamEnd
) -> tuple[tuple[EvidenceRow, ...], tuple[PartyRow, ...]]:
    if isinstance(row, ReadRow) and line.startswith(_REFUSED):
        refused, party = service.read(line, RefusedLine), row.counterparty
        reason = f"{refused.field}: {refused.reason}"
        row = UnreadableRow(number=row.number, reason=reason, id=party.id, name=party.name)
    if isinstance(row, UnreadableRow):
        return (unreadable(row),), (unanswered(row),)
    result = service.read(line, CounterpartyResult)
    return tuple(evidence_of(row, result, head)), party_rows(row, result, head)
