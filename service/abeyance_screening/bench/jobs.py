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
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import click
import msgspec

from abeyance_screening.bench.http import free_port
from abeyance_screening.features.jobs.store import StoredJobs
from abeyance_screening.features.jobs.types import Job, JobTerms, NewJob, TableFormat
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import examples, gathered, settings_with
from abeyance_screening.platform.stores.accounts import AccountStores, open_accounts
from abeyance_screening.primitives.days import days_of
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    StoreUnavailableError,
)

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


class Disturbance:
    """What is done to processes at random moments, in random order: so often each, by name."""

    def __init__(self, wanted: Mapping[str, tuple[int, Callable[[], None]]], seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - moments, not secrets
        self._do = {name: do for name, (_, do) in wanted.items()}
        self._left = [name for name, (times, _) in wanted.items() for _ in range(times)]
        self.chance.shuffle(self._left)
        self.done = dict.fromkeys(wanted, 0)

    @property
    def is_over(self) -> bool:
        """Whether everything was done."""
        return not self._left

    def go_on(self) -> None:
        """Do what comes next."""
        name = self._left[-1]
        self._do[name]()
        self.done[name] += 1
        _ = self._left.pop()


def made_up_companies(rows: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Yield names and countries of made-up companies, with a listed name now and then."""
    chance = random.Random(seed)  # noqa: S311 - a table, not a secret
    for number in range(rows):
        words = " ".join(chance.sample(_WORDS, chance.randint(2, 3)))
        name = f"{words} {chance.choice(_ENDINGS)}"
        if number % _LISTED_EVERY == 0:
            name = chance.choice(_LISTED)
        yield name, chance.choice(_COUNTRIES)


def table_of(rows: int, seed: int = 1) -> bytes:
    """Return a table of made-up companies as CSV."""
    lines = ["Company,Country,Customer number"]
    for number, (name, country) in enumerate(made_up_companies(rows, seed)):
        lines.append(f'"{name}",{country},C{number}')
    return "\n".join([*lines, ""]).encode()


# --- Jobs, as the service sends them.


async def send_job(
    accounts: AccountStores,
    table: bytes,
    table_format: TableFormat = "csv",
    moment: datetime | None = None,
) -> UUID:
    """Send a table as a job of the account `main`, and return its id."""
    at = datetime.now(UTC) if moment is None else moment
    terms = JobTerms(asked_at=at, days=days_of(None, None, at))
    key, jobs = uuid4(), _jobs(accounts)
    await jobs.begin(NewJob(id=key, name="bench", format=table_format, terms=terms))
    for place, start in enumerate(range(0, len(table), _PIECE_BYTES)):
        await jobs.add_piece(key, place, table[start : start + _PIECE_BYTES])
    await jobs.accept(key, len(table))
    return key


async def ended_job(accounts: AccountStores, key: UUID, within_s: float = 3_600) -> Job:
    """Return a job once it has ended, whatever happens to the database meanwhile.

    Raises:
        TimeoutError: It does not end in time.
    """
    async with asyncio.timeout(within_s):
        while True:
            with suppress(StoreUnavailableError):
                job = await _jobs(accounts).get(key)
                if job is not None and job.ended_at is not None:
                    return job
            await asyncio.sleep(_LOOK_EVERY_S)


async def digest_of_results(accounts: AccountStores, key: UUID) -> str:
    """Return the SHA-256 of all results of a job, as they are kept."""
    digest, after = hashlib.sha256(), -1
    while parts := await _jobs(accounts).parts(key, after, 20):
        for part in parts:
            digest.update(part.lines + part.kinds)
        after = parts[-1].chunk
    return digest.hexdigest()


async def run_job(accounts: AccountStores, table: bytes, moment: datetime) -> JobRun:
    """Send a table as a job, and wait until it has ended.

    Raises:
        BadInputError: The job failed.
    """
    began = time.monotonic()
    key = await send_job(accounts, table, moment=moment)
    job = await ended_job(accounts, key)
    if job.fault is not None:
        raise BadInputError("--rows", f"the job failed: {job.fault.reason}")
    seconds = time.monotonic() - began
    return JobRun(job=job, seconds=seconds, digest=await digest_of_results(accounts, key))


def _jobs(accounts: AccountStores) -> StoredJobs:
    account = accounts.of("main")
    return StoredJobs(account.place, account.account, _KEPT, datetime.now(UTC))


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
        self._killed = 0

    def kill_one(self) -> None:
        """Kill the worker that has run longest by SIGKILL, and start another one in its place."""
        place = self._killed % len(self._running)
        self._killed += 1
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
    disturbance: Disturbance, every_s: tuple[float, float] = _KILL_EVERY_S
) -> AsyncGenerator[None]:
    """Kill and restart at random moments until the context ends."""

    async def disturb() -> None:
        while not disturbance.is_over:
            await asyncio.sleep(disturbance.chance.uniform(*every_s))
            await asyncio.to_thread(disturbance.go_on)

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
    server_kills: int
    restarts: int
    seed: int


@click.command(
    epilog=examples(
        "abeyance bench jobs",
        "abeyance bench jobs --rows 1000000 --kills 100 --server-kills 10 --restarts 5",
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
    "--server-kills",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Let `serve` work as well, and kill it (SIGKILL) at so many random moments.",
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

    def started(*command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-m", "abeyance_screening", *command],
            env=os.environ | {"DATABASE_URL": dsn, "ABEYANCE_DATA_DIR": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    start, serve = partial(started, "work"), partial(started, "serve", "--no-refresh", "--port")
    async with open_accounts(dsn) as kept:
        with working(start, 1):
            # builds the index, so that the next ones map it
            await run_job(kept, table_of(1), moment)
        quiet = [await _undisturbed(kept, start, count, table, moment) for count in _counts(given)]
        if given.kills or given.server_kills or given.restarts:
            servers = 1 if given.server_kills else 0
            with (
                working(start, given.workers) as workers,
                working(lambda: serve(f"{free_port()}"), servers) as serving,
            ):
                wanted = {
                    "kills": (given.kills, workers.kill_one),
                    "kills of the server": (given.server_kills, serving.kill_one),
                    "restarts": (given.restarts, lambda: _stop_database(folder)),
                }
                disturbance = Disturbance(wanted, given.seed)
                await _disturbed(kept, disturbance, (table, moment), quiet[-1])


def _counts(given: JobsGiven) -> Sequence[int]:
    return (1,) if given.workers == 1 else (1, given.workers)


async def _undisturbed(
    accounts: AccountStores, start: StartWorker, count: int, table: bytes, moment: datetime
) -> JobRun:
    """Run a job on some workers that are ready, and print how fast they were."""
    before = _cpu_s()
    with working(start, count):
        for _ in range(count * 2):
            await run_job(accounts, table_of(1), moment)
        run = await run_job(accounts, table, moment)
    rows, cpu_s = run.job.rows_done, _cpu_s() - before
    click.echo(
        f"{count} workers: {rows:,} rows in {run.seconds:.1f} s, {rows / run.seconds:,.0f} a "
        f"second; {cpu_s / rows * 1e3:.3f} ms of CPU a row with starting, "
        f"{_most_memory()} MB at most"
    )
    return run


async def _disturbed(
    accounts: AccountStores, disturbance: Disturbance, sent: tuple[bytes, datetime], quiet: JobRun
) -> None:
    """Run the job again and again until everything was killed, and compare each result."""
    count = 0
    async with disturbing(disturbance):
        while not disturbance.is_over:
            run = await run_job(accounts, *sent)
            count += 1
            done = ", ".join(f"{times} {name}" for name, times in disturbance.done.items())
            click.echo(
                f"job {count}: {run.job.stage}, {run.job.rows_done:,} rows in "
                f"{run.seconds:.1f} s; {done}"
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
