"""`abeyance jobs`: look at the jobs of a service, cancel them, and fetch their results."""

import time
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Literal
from uuid import UUID

import click
import msgspec
from rich.console import Console

from service.cli.answering import CollectionPage, Param, RemoteService, read_answer
from service.cli.options import as_json, examples, gathered, remote_url
from service.cli.output import print_json, table_of, whole_results
from service.errors import BadInputError, RemoteFailedError
from service.jobs.job import JobAnswer

HERE = "http://127.0.0.1:8080"
"""The service that is asked where no other is named: where `abeyance serve` listens."""

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


# --- Results.


def download_results(
    service: RemoteService,
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
    service: RemoteService, job: JobAnswer, kind: ResultFormat, *, only_hits: bool = False
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


# --- The commands.


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
    with RemoteService(options.url or HERE) as service:
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
    Console().print(table)


@jobs.command(
    epilog=examples("abeyance jobs show 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"),
)
@_ID
@remote_url
@as_json
@gathered(JobOptions)
def show(options: JobOptions) -> None:
    """Show how far the job ID is, and what it is answered from."""
    with RemoteService(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
    if options.as_json:
        print_json(job)
        return
    click.echo(f"{job.name}: {job.stage}, {job_in_words(job)}")
    if job.fault is not None:
        click.echo(f"{job.fault.field}: {job.fault.reason}")
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
    ),
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
    with RemoteService(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
        if options.out is not None and kind is not None:
            download_results(service, job, kind, options.out, only_hits=options.only_hits)
            click.echo(f"Written: {options.out}", err=True)
        else:
            for piece in results_of(service, job, "ndjson", only_hits=options.only_hits):
                click.echo(piece, nl=False)
    if job.stage != "done":
        click.echo(f"These are not all results: {job.stage}, {job_in_words(job)}", err=True)


@jobs.command(epilog=examples("abeyance jobs cancel 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"))
@_ID
@remote_url
@gathered(JobEndOptions)
def cancel(options: JobEndOptions) -> None:
    """Cancel the job ID; what was done of it can still be fetched."""
    with RemoteService(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
        if job.ended_at is not None:
            reason = "has ended; `abeyance jobs delete` deletes its results"
            raise BadInputError(str(options.key), reason)
        job = read_answer(service.url, service.delete(f"{JOBS_PATH}/{options.key}"), JobAnswer)
    click.echo(f"Job {job.id}: {job.stage}, {job_in_words(job)}.")


@jobs.command(epilog=examples("abeyance jobs delete 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"))
@_ID
@remote_url
@gathered(JobEndOptions)
def delete(options: JobEndOptions) -> None:
    """Delete the job ID with its results for good; cancel it first if it goes on."""
    with RemoteService(options.url or HERE) as service:
        job = service.get(f"{JOBS_PATH}/{options.key}", {}, JobAnswer)
        for _ in range(1 if job.ended_at is not None else 2):
            service.delete(f"{JOBS_PATH}/{options.key}")
    click.echo(f"Job {job.id}: deleted.")
