"""`abeyance bench jobs`: how fast workers are, and that no row is lost where they are killed."""

import asyncio
import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import click
import msgspec

from service.cli.answering import prepared_database
from service.cli.options import examples, gathered, settings_with
from service.errors import AbeyanceError, BadInputError, StoreUnavailableError
from service.jobs.job import Job, JobTerms, NewJob, TableFormat
from service.screening.turns import days_of
from service.store.jobs import StoredJobs
from service.store.stores import PooledStore

_KEPT = timedelta(days=7)
_PIECE_BYTES = 1_000_000
_LOOK_EVERY_S = 0.2
# A worker that begins anew needs a second or two before it takes anything up.
_KILL_EVERY_S = (0.3, 3.0)
_WORDS = (
    *(
        "Alpine",
        "Baltic",
        "Crescent",
        "Danube",
        "Eastern",
        "Fortune",
        "Golden",
        "Harbour",
        "Ionian",
    ),
    *("Jade", "Kestrel", "Lotus", "Meridian", "Northern", "Orient", "Pioneer", "Quartz", "River"),
    *("Steel", "Trading", "Marine", "Electronics", "Logistics", "Energy", "Chemicals", "Aviation"),
    *("Machinery", "Optics", "Shipping", "Textiles", "Semiconductors", "Foods", "Instruments"),
)
_ENDINGS = ("Ltd", "LLC", "GmbH", "S.A.", "Co., Ltd.", "JSC", "Pte. Ltd.", "Holding AG")
_LISTED = ("Hangzhou Hikvision Digital Technology", "Rosoboronexport", "Huawei", "Sberbank")
_COUNTRIES = ("AE", "CN", "DE", "FR", "GB", "HK", "IR", "RU", "SG", "TR", "US", "VN")
_LISTED_EVERY = 100


class NotTheSameError(AbeyanceError):
    """Results that differ from those of a run in which nothing was killed."""

    slug = "not-the-same"
    title = "The results are not those of an undisturbed run"


class JobRun(msgspec.Struct, frozen=True, kw_only=True):
    """One job from its sending to its end: what became of it, and the SHA-256 of its results."""

    job: Job
    seconds: float
    digest: str


class Disturbance(msgspec.Struct, kw_only=True):
    """What is still to be done to workers and to the database, and what was done."""

    kills: int = 0
    restarts: int = 0
    killed: int = 0
    restarted: int = 0

    @property
    def is_over(self) -> bool:
        """Whether everything was done."""
        return self.killed >= self.kills and self.restarted >= self.restarts


def table_of(rows: int, seed: int = 1) -> bytes:
    """Return a table of made-up companies as CSV, with a listed name now and then."""
    chance = random.Random(seed)  # noqa: S311 - a table, not a secret
    lines = ["Company,Country,Customer number"]
    for number in range(rows):
        words = " ".join(chance.sample(_WORDS, chance.randint(2, 3)))
        name = f"{words} {chance.choice(_ENDINGS)}"
        if number % _LISTED_EVERY == 0:
            name = chance.choice(_LISTED)
        lines.append(f'"{name}",{chance.choice(_COUNTRIES)},C{number}')
    return "\n".join([*lines, ""]).encode()


# --- Jobs, as the service sends them.


async def send_job(
    kept: PooledStore,
    table: bytes,
    table_format: TableFormat = "csv",
    moment: datetime | None = None,
) -> UUID:
    """Send a table as a job of the account `main`, and return its id."""
    at = datetime.now(UTC) if moment is None else moment
    terms = JobTerms(asked_at=at, days=days_of(None, None, at))
    key, jobs = uuid4(), _jobs(kept)
    await jobs.begin(NewJob(id=key, name="bench", format=table_format, terms=terms))
    for place, start in enumerate(range(0, len(table), _PIECE_BYTES)):
        await jobs.add_piece(key, place, table[start : start + _PIECE_BYTES])
    await jobs.accept(key, len(table))
    return key


async def ended_job(kept: PooledStore, key: UUID, within_s: float = 3_600) -> Job:
    """Return a job once it has ended, whatever happens to the database meanwhile.

    Raises:
        TimeoutError: It does not end in time.
    """
    async with asyncio.timeout(within_s):
        while True:
            with suppress(StoreUnavailableError):
                job = await _jobs(kept).get(key)
                if job is not None and job.ended_at is not None:
                    return job
            await asyncio.sleep(_LOOK_EVERY_S)


async def digest_of_results(kept: PooledStore, key: UUID) -> str:
    """Return the SHA-256 of all results of a job, as they are kept."""
    digest, after = hashlib.sha256(), -1
    while parts := await _jobs(kept).parts(key, after, 20):
        for part in parts:
            digest.update(part.lines + part.kinds)
        after = parts[-1].chunk
    return digest.hexdigest()


async def run_job(kept: PooledStore, table: bytes, moment: datetime) -> JobRun:
    """Send a table as a job, and wait until it has ended.

    Raises:
        BadInputError: The job failed.
    """
    began = time.monotonic()
    key = await send_job(kept, table, moment=moment)
    job = await ended_job(kept, key)
    if job.fault is not None:
        raise BadInputError("--rows", f"the job failed: {job.fault.reason}")
    seconds = time.monotonic() - began
    return JobRun(job=job, seconds=seconds, digest=await digest_of_results(kept, key))


def _jobs(kept: PooledStore) -> StoredJobs:
    return kept.of("main").jobs(_KEPT, datetime.now(UTC))


# --- Workers, and what happens to them.


class RunningWorker(Protocol):
    """A worker in a process of its own."""

    def kill(self) -> None:
        """End it by SIGKILL."""
        ...

    def terminate(self) -> None:
        """End it by SIGTERM."""
        ...

    def wait(self) -> object:
        """Wait until it has ended."""
        ...


type StartWorker = Callable[[], RunningWorker]


class Workers:
    """Some workers; one that is killed is started again at once."""

    def __init__(self, start: StartWorker, count: int) -> None:
        self._start = start
        self._running = [start() for _ in range(count)]

    def kill_one(self, chance: random.Random) -> None:
        """Kill a worker by SIGKILL, and start another one in its place."""
        place = chance.randrange(len(self._running))
        self._running[place].kill()
        self._running[place].wait()
        self._running[place] = self._start()

    def end(self) -> None:
        """End all workers by SIGTERM, and wait for them."""
        for each in self._running:
            each.terminate()
        for each in self._running:
            each.wait()


@contextmanager
def working(start: StartWorker, count: int) -> Generator[Workers]:
    """Keep some workers until the context ends."""
    workers = Workers(start, count)
    try:
        yield workers
    finally:
        workers.end()


@asynccontextmanager
async def disturbing(
    workers: Workers,
    wanted: Disturbance,
    chance: random.Random,
    restart: Callable[[], None] = lambda: None,
    every_s: tuple[float, float] = _KILL_EVERY_S,
) -> AsyncGenerator[None]:
    """Kill workers, and restart the database, at random moments until the context ends."""

    async def disturb() -> None:
        while not wanted.is_over:
            await asyncio.sleep(chance.uniform(*every_s))
            is_restart = chance.random() * (wanted.kills + wanted.restarts) < wanted.restarts
            if wanted.restarted < wanted.restarts and (
                is_restart or wanted.killed >= wanted.kills
            ):
                await asyncio.to_thread(restart)
                wanted.restarted += 1
            elif wanted.killed < wanted.kills:
                await asyncio.to_thread(workers.kill_one, chance)
                wanted.killed += 1

    task = asyncio.create_task(disturb())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


# --- The command.


class JobsGiven(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance bench jobs`."""

    rows: int
    workers: int
    kills: int
    restarts: int
    seed: int


@click.command(
    epilog=examples(
        "abeyance bench jobs",
        "abeyance bench jobs --rows 1000000 --kills 100 --restarts 5",
    )
)
@click.option("--rows", type=click.IntRange(1), default=20_000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option(
    "--kills",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Kill a worker (SIGKILL) at so many random moments, and compare the results.",
)
@click.option(
    "--restarts",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Stop the database at so many random moments; it is started again at once.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of what is random.")
@gathered(JobsGiven)
def jobs(given: JobsGiven) -> None:
    """Measure workers on a job of made-up companies, and kill them on the way if asked to.

    It uses a database of its own with the lists that come with the program.
    """
    os.environ.pop("DATABASE_URL", None)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        settings = settings_with(Path(folder))
        dsn = stack.enter_context(prepared_database(settings, keep_alive=True))
        asyncio.run(_measure(given, dsn, Path(folder)))


async def _measure(given: JobsGiven, dsn: str, folder: Path) -> None:
    table, moment = table_of(given.rows, given.seed), datetime.now(UTC)

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "service", "work"],
            env=os.environ | {"DATABASE_URL": dsn, "ABEYANCE_DATA_DIR": str(folder)},
            stderr=subprocess.DEVNULL,
        )

    async with PooledStore(dsn) as kept:
        with working(start, 1):
            # builds the index, so that the next ones map it
            await run_job(kept, table_of(1), moment)
        quiet = [await _undisturbed(kept, start, count, table, moment) for count in _counts(given)]
        if given.kills or given.restarts:
            await _disturbed(kept, start, given, (table, moment, folder), quiet[-1])


def _counts(given: JobsGiven) -> Sequence[int]:
    return (1,) if given.workers == 1 else (1, given.workers)


async def _undisturbed(
    kept: PooledStore, start: StartWorker, count: int, table: bytes, moment: datetime
) -> JobRun:
    """Run a job on some workers that are ready, and print how fast they were."""
    before = _cpu_s()
    with working(start, count):
        for _ in range(count * 2):
            await run_job(kept, table_of(1), moment)
        run = await run_job(kept, table, moment)
    rows, cpu_s = run.job.rows_done, _cpu_s() - before
    click.echo(
        f"{count} workers: {rows:,} rows in {run.seconds:.1f} s, {rows / run.seconds:,.0f} a "
        f"second; {cpu_s / rows * 1e3:.3f} ms of CPU a row with starting, "
        f"{_most_memory()} MB at most"
    )
    return run


async def _disturbed(
    kept: PooledStore,
    start: StartWorker,
    given: JobsGiven,
    sent: tuple[bytes, datetime, Path],
    quiet: JobRun,
) -> None:
    """Run the job again and again until everything was killed, and compare each result.

    Raises:
        NotTheSameError: A result differs.
    """
    table, moment, folder = sent
    chance = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    wanted, count = Disturbance(kills=given.kills, restarts=given.restarts), 0
    with working(start, given.workers) as workers:
        async with disturbing(workers, wanted, chance, lambda: _stop_database(folder)):
            while not wanted.is_over:
                run = await run_job(kept, table, moment)
                count += 1
                click.echo(
                    f"job {count}: {run.job.stage}, {run.job.rows_done:,} rows in "
                    f"{run.seconds:.1f} s; {wanted.killed} kills, {wanted.restarted} restarts"
                )
                if run.digest != quiet.digest:
                    message = f"{run.job.stage}: {run.job.fault}"
                    raise NotTheSameError(message)
    click.echo(f"{count} jobs had the same results, byte for byte.")


def _stop_database(folder: Path) -> None:
    """Have the embedded server end as a computer that shuts down has it."""
    place = next(folder.glob("**/postmaster.pid"), None)
    if place is not None:
        with suppress(ProcessLookupError, ValueError, OSError):
            os.kill(int(place.read_text().splitlines()[0]), signal.SIGINT)


def _cpu_s() -> float:
    """Return the CPU of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _most_memory() -> int:
    """Return the most memory that any child process had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
