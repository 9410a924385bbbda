"""What screening in bulk costs beside screening in process, and what a Dask cluster adds to it.

    python -m abeyance_screening.bench.bulk parties.parquet lists.index

The two are measured in turn, a thousand rows at a time and in CPU time, so that a busy machine
slows both. The cluster has one worker; its scheduler and the client are counted as overhead.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast

import click
from distributed import LocalCluster

from abeyance_screening.engine.screening.open_screening import OpenScreening
from abeyance_screening.engine.tables import ReadRow
from abeyance_screening.features.bulk.batches import BatchReading, batches_in, slices_of
from abeyance_screening.features.bulk.cluster import DaskWorkers
from abeyance_screening.features.bulk.files import read_batches
from abeyance_screening.features.bulk.parts import (
    PartedRun,
    PartTask,
    TablePart,
    beginning_of,
    screen_part,
    tasks_of,
)
from abeyance_screening.features.bulk.screening import (
    BulkQuestion,
    IndexFile,
    opening_of,
    run_on_loop,
    screened,
)
from abeyance_screening.primitives.days import utc_now

ROWS = 1_000
TURNS = 3


class _BulkClient(Protocol):
    """A connection to the cluster; the library has no types."""

    def submit[*A, T](self, work: Callable[[*A], T], *args: *A, pure: bool) -> "_Promise[T]": ...


class _Promise[T](Protocol):
    def result(self) -> T: ...


class _Cluster(Protocol):
    scheduler_address: str

    def get_client(self) -> _BulkClient: ...


@click.command()
@click.argument("table", type=click.Path(exists=True, path_type=Path))
@click.argument("index", type=click.Path(exists=True, path_type=Path))
@click.option("--dask/--no-dask", default=True, help="Whether a cluster is measured as well.")
def main(table: Path, index: Path, *, dask: bool) -> None:
    """Measure both and print microseconds of CPU for a row."""
    file, question = IndexFile.at(index.absolute()), BulkQuestion(asked_at=utc_now())
    _measure_function(table, file, question)
    if dask:
        _measure_cluster(table, file, question)


def _measure_function(table: Path, index: IndexFile, question: BulkQuestion) -> None:
    opened = opening_of(index, question).opened
    alone = bulk = rows = 0.0
    for batch in batches_in(read_batches(table)).each:
        for part in slices_of(batch, ROWS):
            read = [each for each in BatchReading(()).rows(part) if isinstance(each, ReadRow)]
            run_on_loop(_answers(opened, read))
            for _ in range(TURNS):
                alone += _cpu_s(lambda read=read: run_on_loop(_answers(opened, read)))
                bulk += _cpu_s(lambda part=part: list(screened(part, index, question)))
                rows += part.num_rows
    click.echo(
        f"in process {alone / rows * 1e6:.0f} us a row, in bulk {bulk / rows * 1e6:.0f}: "
        f"{alone / bulk:.0%} of its speed"
    )


async def _answers(opened: OpenScreening, rows: Sequence[ReadRow]) -> None:
    for each in rows:
        await opened.result(each.counterparty)


def _cpu_s(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _measure_cluster(table: Path, index: IndexFile, question: BulkQuestion) -> None:
    start = cast("Callable[..., AbstractContextManager[_Cluster]]", LocalCluster)
    with (
        TemporaryDirectory() as folder,
        start(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        out = Path(folder)
        run = PartedRun(table=table, out=out, index=index, question=question, rows_in_a_part=ROWS)
        tasks, planned = list[PartTask](), list[TablePart]()
        tasks.extend(tasks_of(run, beginning_of(run), (), planned))
        client, workers = cluster.get_client(), DaskWorkers(cluster.scheduler_address)
        rows = planned[-1].last
        for _ in range(TURNS):
            alone = client.submit(screen_all, tasks, pure=False).result()
            before = client.submit(time.process_time, pure=False).result()
            here = _cpu_s(lambda: list(workers.results(iter(tasks))))
            there = client.submit(time.process_time, pure=False).result() - before
            click.echo(
                f"parts of {ROWS:,}, one after another {alone / rows * 1e6:.0f} us a row, through "
                f"the cluster {there / rows * 1e6:.0f} and {here / rows * 1e6:.0f} of the client "
                f"and the scheduler: {(here + there) / alone - 1:+.1%}"
            )


def screen_all(tasks: Sequence[PartTask]) -> float:
    """Screen parts one after another in a worker, and return the seconds of CPU."""
    return _cpu_s(lambda: [screen_part(each.asked, each.rows) for each in tasks])


if __name__ == "__main__":
    main()
