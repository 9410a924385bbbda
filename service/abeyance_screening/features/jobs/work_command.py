"""`abeyance work`: work on the jobs of a database until it is stopped."""

import asyncio
import logging.config
import os
import signal
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import click
import msgspec

from abeyance_screening.features.jobs.worker import run_worker
from abeyance_screening.platform.child_process import ChildProcess
from abeyance_screening.platform.cli.database import opened_database
from abeyance_screening.platform.cli.options import data_dir, examples, gathered, settings_with
from abeyance_screening.platform.compiling import compile_matching
from abeyance_screening.platform.logs import LOG_CONFIG
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.processes import seen_as
from abeyance_screening.platform.supervisor import (
    WORKER,
    of_processes,
    supervise,
)


class WorkOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance work`."""

    processes: int
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance work",
        "abeyance work --processes 2 --data-dir /var/lib/abeyance",
    )
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Number of processes that work, each on one core.",
)
@data_dir
@gathered(WorkOptions)
def work(options: WorkOptions) -> None:
    """Work on jobs until stopped.

    A worker may be on any machine that reaches the database; `serve` runs one by itself unless
    told not to. With SIGTERM or Ctrl-C it ends within two seconds and gives back what it has in
    hand. One that is killed loses nothing: others go on after some seconds.
    """
    logging.config.dictConfig(LOG_CONFIG)
    settings = settings_with(options.data_dir)
    with ExitStack() as stack:
        dsn = stack.enter_context(opened_database(settings, keep_alive=True))
        compile_matching()
        if options.processes > 1:
            os.environ |= of_processes(settings, dsn)
            stack.enter_context(supervise(*[WORKER] * (options.processes - 1)))
        asyncio.run(work_until_stopped(settings, dsn))


async def work_until_stopped(settings: Settings, dsn: str) -> None:
    """Work on the jobs of a database until SIGTERM or SIGINT comes."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    # a worker beside a service is idle on most days, and finds the service's index on the disk
    told = ChildProcess.of(os.environ)
    async with seen_as(dsn, "worker", told):
        await run_worker(settings, dsn, stopping, warm=told is None)
