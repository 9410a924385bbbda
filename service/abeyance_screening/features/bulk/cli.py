"""Screening a Parquet or Arrow file: into another one, or part by part into a folder."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import click

from abeyance_screening.engine.tables import Counts
from abeyance_screening.features.bulk.files import screen_file
from abeyance_screening.features.bulk.parts import HereWorkers, PartedRun, PartWorkers, screen_into
from abeyance_screening.features.bulk.screening import BulkQuestion, Database, IndexFile
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import naming_options, needing, settings_with
from abeyance_screening.platform.cli.output import Terminal
from abeyance_screening.platform.cli.results import BatchJob, counts_in_words
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.structs import copy_as

_OPTIONS = {"columns": "--map", "index": "--index", "dask": "--dask", "out": "--out"}


def run_batches(job: BatchJob) -> Counts:
    """Screen a file, write its results, and return the counts of its rows.

    Raises:
        AbeyanceError: The file cannot be read or screened, or the results cannot be written.
    """
    with naming_options(_OPTIONS | {"batches": job.table.name}):
        counts = _into_folder(job) if job.to_folder else _into_file(job)
    click.echo(f"{counts.rows:,} rows: {counts_in_words(counts)}.", err=True)
    click.echo(f"Written: {job.out}", err=True)
    return counts


def _into_file(job: BatchJob) -> Counts:
    if job.index is not None:
        return screen_file(job.table, job.out, _file(job.index), _question(job)).counts
    with prepared_database(settings_with(job.data_dir)) as dsn:
        return screen_file(job.table, job.out, Database(dsn), _question(job)).counts


def _into_folder(job: BatchJob) -> Counts:
    if job.index is None:
        reason = "is missing; the parts of a folder all come from one file of `abeyance index`"
        raise BadInputError("index", reason)
    run = PartedRun(
        table=job.table,
        out=job.out,
        index=_file(job.index),
        question=_question(job),
        restart=job.restart,
    )
    try:
        return screen_into(run, _workers(job.dask), _report)
    except KeyboardInterrupt:
        click.echo("Stopped; run the same command again to continue.", err=True)
        raise


def _question(job: BatchJob) -> BulkQuestion:
    body = job.body
    return copy_as(BulkQuestion, body, asked_at=utc_now(), columns=job.choices, evidence=True)


def _file(index: Path) -> IndexFile:
    return IndexFile.at(index.absolute())


def _workers(address: str | None) -> PartWorkers:
    if address is None:
        return HereWorkers()
    cluster = needing("dask", "abeyance_screening.features.bulk.cluster", "--dask")
    workers = cast("Callable[[str], PartWorkers]", cluster.DaskWorkers)
    return workers(address)


def _report(counts: Counts) -> None:
    """Show the counts so far on a terminal, in one line."""
    if sys.stderr.isatty():
        line = f"{counts.rows:,} rows: {counts_in_words(counts)}"
        Terminal(stderr=True).print(line, end="\r", highlight=False)
