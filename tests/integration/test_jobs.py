"""Jobs end to end: workers read tables and screen rows, whatever happens to them on the way."""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from abeyance_screening.app.background import tidy
from abeyance_screening.bench.jobs import (
    Disturbance,
    digest_of_results,
    disturbing,
    ended_job,
    run_job,
    send_job,
    table_of,
    working,
)
from abeyance_screening.engine.screening.answer import CounterpartyResult, RefusedLine, StreamEnd
from abeyance_screening.engine.screening.index import index as whole_index
from abeyance_screening.features.jobs import basis as app_basis
from abeyance_screening.features.jobs import worker as app_jobs
from abeyance_screening.features.jobs.rows import rows_in
from abeyance_screening.features.jobs.store import Backlog, StoredJobs, WorkerJobs
from abeyance_screening.features.jobs.types import Job, JobTerms, NewJob
from abeyance_screening.features.jobs.work_command import work_until_stopped
from abeyance_screening.features.jobs.worker import run_worker
from abeyance_screening.platform.limits.limits import Budget
from abeyance_screening.platform.local_data import bring_up_to_date
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.accounts import AccountStores, open_accounts
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.register import record_shipped
from abeyance_screening.primitives.days import days_of
from tests.integration.loads import load
from tests.served import HANGS_AFTER_S
from tests.shipped_register import shipped

if sys.version_info >= (3, 14):
    from compression import zstd  # pyright: ignore[reportUnreachable] - there from 3.14 on
else:
    from backports import zstd

FOLDER = Path(__file__).parent.parent / "fixtures" / "un_sc" / "history"
EDITIONS = [path.read_bytes() for path in sorted(FOLDER.iterdir())]
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
MANY = 30_000


@pytest.fixture(scope="module")
def database(fresh_database: str) -> str:
    async def prepare() -> None:
        await bring_up_to_date(fresh_database)
        async with connected(fresh_database) as connection:
            store = StoreOnConnection(connection)
            await record_shipped(store, shipped(), NOW)
            await load(store, "un_sc", EDITIONS[0])

    asyncio.run(prepare())
    return fresh_database


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
async def kept(database: str) -> AsyncIterator[AccountStores]:
    async with open_accounts(database) as store:
        yield store


@asynccontextmanager
async def worker(database: str, folder: Path) -> AsyncGenerator[asyncio.Event]:
    """A worker in this process, until the context ends; it ends sooner if the event is set."""
    stopping = asyncio.Event()
    settings = Settings(data_dir=folder, keep_indexes=True, database_url=database)
    task = asyncio.create_task(run_worker(settings, database, stopping))
    try:
        yield stopping
    finally:
        stopping.set()
        await asyncio.wait_for(task, HANGS_AFTER_S)


def jobs_of(kept: AccountStores, account: str) -> StoredJobs:
    stored = kept.of(account)
    return StoredJobs(stored.place, stored.account, WEEK, datetime.now(UTC))


async def job_of(kept: AccountStores, key: UUID) -> Job:
    job = await jobs_of(kept, "main").get(key)
    assert job is not None
    return job


async def is_so(kept: AccountStores, key: UUID, condition: Callable[[Job], bool]) -> bool:
    return condition(await job_of(kept, key))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(HANGS_AFTER_S):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)


async def done(kept: AccountStores, key: UUID) -> Job:
    return await ended_job(kept, key, HANGS_AFTER_S)


async def send(kept: AccountStores, table: bytes, **terms: object) -> UUID:
    """Send a table with terms of one's own."""
    key = await send_job(kept, table, moment=NOW)
    written = msgspec.structs.replace((await job_of(kept, key)).terms, **terms)
    await _execute(
        kept, "update job set terms = $2 where id = $1", key, msgspec.json.encode(written)
    )
    return key


async def test_a_job_has_the_answers_of_a_stream_and_says_what_they_rest_on(
    database: str, folder: Path, kept: AccountStores
):
    table = b"Company,Country,Id\nAl-Haramayn Foundation,KE,a\n,DE,b\nQuiet Mills,Atlantis,c\n"
    key = await send(kept, table, threshold=0.9)
    async with worker(database, folder):
        job = await done(kept, key)
    assert (job.stage, job.rows, job.rows_done) == ("done", 3, 3)
    assert (job.hits, job.incomplete + job.no_hits, job.refused) == (1, 1, 1)
    assert job.basis is not None
    assert [each.list_code for each in job.basis.editions] == ["un_sc"]
    (part,) = await jobs_of(kept, "main").parts(key, -1, 5)
    assert [row.row for row in rows_in(part.asked)] == [2, 3, 4]
    hit, refused, quiet = zstd.decompress(part.lines).splitlines()
    assert msgspec.json.decode(hit, type=CounterpartyResult).id == "a"
    assert msgspec.json.decode(refused, type=RefusedLine) == RefusedLine(
        line=3, field="row", reason="Company: is empty"
    )
    assert "Atlantis" in msgspec.json.decode(quiet, type=CounterpartyResult).warnings[0].reason
    assert part.hits_size == len(hit) + 1
    head = await jobs_of(kept, "main").head(key)
    assert head is not None
    end = msgspec.json.decode(head, type=StreamEnd)
    assert (end.threshold, end.asked_at, end.count) == (0.9, NOW, 0)
    assert "un_sc" in {each.source for each in end.coverage.lists if each.edition is not None}
    assert await jobs_of(kept, "other").get(key) is None


FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["abeyance_screening.features.jobs.work_command"])


class Forked:
    """`abeyance work` in a process that is forked from one that has imported it."""

    def __init__(self, database: str, folder: Path) -> None:
        self._process = FORKS.Process(target=work_forked, args=(database, folder))
        self._process.start()
        self.kill, self.terminate = self._process.kill, self._process.terminate

    def wait(self) -> None:
        self._process.join()


def work_forked(database: str, folder: Path) -> None:
    settings = Settings(data_dir=folder, keep_indexes=True, database_url=database)
    asyncio.run(work_until_stopped(settings, database))


@pytest.mark.slow
async def test_workers_that_are_killed_lose_nothing_and_double_nothing(
    database: str, folder: Path, kept: AccountStores
):
    table = table_of(4_000)
    async with worker(database, folder):
        quiet = await run_job(kept, table, NOW)

    def start() -> Forked:
        return Forked(database, folder)

    with working(start, 2) as workers:
        disturbance = Disturbance({"kills": (5, workers.kill_one)}, seed=5)
        async with disturbing(disturbance, every_s=(0.2, 1.2)):
            while not disturbance.is_over:
                run = await run_job(kept, table, NOW)
                assert (run.job.stage, run.job.rows_done) == ("done", 4_000)
                assert run.digest == quiet.digest
    assert disturbance.done == {"kills": 5}
    assert await _left(kept) == []


async def test_a_job_is_answered_by_what_was_there_when_it_began(
    database: str, folder: Path, kept: AccountStores, tmp_path: Path
):
    table = table_of(600)
    async with worker(database, folder):
        before = await run_job(kept, table, NOW)
        key = await send_job(kept, table, moment=NOW)
        await until(lambda: is_so(kept, key, lambda job: job.basis is not None))
    async with connected(database) as connection:
        await load(StoreOnConnection(connection), "un_sc", EDITIONS[1])
    # on another machine, which has no index of any lists
    async with worker(database, tmp_path):
        job = await done(kept, key)
        after = await run_job(kept, table, NOW)
    assert before.job.basis == job.basis
    assert await digest_of_results(kept, key) == before.digest
    assert after.job.basis != job.basis


async def test_of_an_index_beside_a_large_one_only_what_was_added_is_kept_anew(
    database: str, kept: AccountStores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(whole_index, "LARGE", 1)
    monkeypatch.setattr(whole_index, "SHARE_BESIDE", 1)
    table = table_of(200)
    async with worker(database, tmp_path / "here"), connected(database) as connection:
        store = StoreOnConnection(connection)
        assert (await load(store, "un_sc", EDITIONS[2])).outcome == "loaded"
        before = await run_job(kept, table, NOW)
        assert (await load(store, "un_sc", EDITIONS[3])).outcome == "loaded"
        after = await run_job(kept, table, NOW)
    assert before.job.basis is not None
    assert after.job.basis is not None
    files = await _rows(
        kept,
        "select whole.digest as whole, added.size < whole.size as is_less "
        "from job_file as added join job_file as whole on whole.digest = added.beside "
        "where added.digest = $1",
        bytes.fromhex(after.job.basis.index),
    )
    assert files == [{"whole": bytes.fromhex(before.job.basis.index), "is_less": True}]
    # on another machine, which has neither, and later on finds the one damaged that is added to
    whole = tmp_path / "there" / "index" / f"{before.job.basis.index}.index"
    pinned = "update job set basis = (select basis from job where id = $1) where id = $2"
    for is_damaged in (False, True):
        if is_damaged:
            await asyncio.to_thread(os.truncate, whole, 1_000)
        key = await send_job(kept, table, moment=NOW)
        await _execute(kept, pinned, after.job.id, key)
        async with worker(database, tmp_path / "there"):
            job = await done(kept, key)
        assert job.basis == after.job.basis
        assert await digest_of_results(kept, key) == after.digest


async def test_a_worker_gives_back_what_it_has_in_hand_and_a_job_that_is_cancelled_ends(
    database: str, folder: Path, kept: AccountStores
):
    jobs = jobs_of(kept, "main")
    key = await send_job(kept, table_of(MANY), moment=NOW)
    async with worker(database, folder) as stopping:
        await until(lambda: is_so(kept, key, lambda job: job.rows_done > 0))
        stopping.set()
    assert {row["status"] for row in await _rows(kept, "select status from pgqueuer")} == {
        "queued"
    }
    backlog, job = await WorkerJobs(kept.pool.pool, WEEK).backlog(), await job_of(kept, key)
    assert backlog == Backlog(jobs=1, rows=job.rows_read - job.rows_done)
    assert (job.ended_at, 0 < job.rows_done < MANY) == (None, True)
    async with worker(database, folder):
        small = await run_job(kept, table_of(100), NOW)
        assert (small.job.stage, (await job_of(kept, key)).ended_at) == ("done", None)
        assert (await jobs.cancel(key), await jobs.cancel(key)) == (True, False)
        assert await _left(kept) == []
        job = await job_of(kept, key)
        await asyncio.sleep(0.5)
        assert (await job_of(kept, key)).rows_done == job.rows_done < MANY
    assert sum(each.rows for each in await jobs.part_sizes(key)) <= job.rows_done


DAY = Budget(name="key 7 day", policy="day", unit="counterparties", capacity=700, rate=0)


@pytest.mark.parametrize(
    ("table", "terms", "fault"),
    [
        pytest.param(b"Land\nDE\n", {}, ("map", "no column could be the name"), id="no name"),
        pytest.param(b"Company\n", {}, ("file", "no other rows"), id="no rows"),
        pytest.param(b'Company\nA\n"B\n', {}, ("file", "does not end"), id="an open quote"),
        pytest.param(
            b"Company\nA\n", {"lists": ("no_such",)}, ("lists[0]", "no_such"), id="lists"
        ),
        pytest.param(
            table_of(1_500), {"budgets": (DAY,)}, ("counterparties", "limit"), id="limit of a day"
        ),
        pytest.param(
            b"Company," + b"x" * 2_000_000,
            {},
            ("file", "first line is longer"),
            id="one long line",
        ),
    ],
)
async def test_what_cannot_be_done_fails_with_its_reason(
    database: str,
    folder: Path,
    kept: AccountStores,
    table: bytes,
    terms: dict[str, object],
    fault: tuple[str, str],
):
    key = await send(kept, table, **terms)
    async with worker(database, folder):
        job = await done(kept, key)
    assert job.stage == "failed"
    assert job.fault is not None
    assert job.fault.field == fault[0]
    assert fault[1] in job.fault.reason
    assert await _rows(kept, "select place from job_piece where job = $1", key) == []


async def test_another_version_of_the_program_begins_a_job_anew_but_goes_on_with_none(
    database: str, folder: Path, kept: AccountStores, monkeypatch: pytest.MonkeyPatch
):
    begun = await send_job(kept, table_of(4_000), moment=NOW)
    async with worker(database, folder):
        await until(lambda: is_so(kept, begun, lambda job: job.rows_done > 0))
    fresh = await send_job(kept, table_of(100), moment=NOW)
    pinned = "update job set basis = (select basis from job where id = $1) where id = $2"
    await _execute(kept, pinned, begun, fresh)
    before = (await job_of(kept, fresh)).basis
    monkeypatch.setattr(app_basis, "answering_rules", lambda: b"other")
    monkeypatch.setattr(app_jobs, "WAITS_FOR_OTHERS", timedelta(0))
    async with worker(database, folder):
        first, second = await done(kept, begun), await done(kept, fresh)
    assert (first.stage, second.stage) == ("failed", "done")
    assert first.fault is not None
    assert "no worker could go on with it" in first.fault.reason
    # the same lists and the same register, by other rules
    assert second.basis == before


async def test_a_job_whose_worker_was_killed_just_before_its_end_ends(
    database: str, folder: Path, kept: AccountStores
):
    async with worker(database, folder):
        key = (await run_job(kept, table_of(20), NOW)).job.id
    undone = "update job set stage = 'running', ended_at = null, expires_at = null where id = $1"
    await _execute(kept, undone, key)
    async with worker(database, folder):
        assert (await done(kept, key)).stage == "done"


async def test_what_is_over_is_deleted_with_all_that_only_it_needed(
    database: str, folder: Path, kept: AccountStores
):
    async with worker(database, folder):
        key = (await run_job(kept, table_of(20), NOW)).job.id
    jobs = jobs_of(kept, "main")
    broken_off = UUID(int=7)
    terms = JobTerms(asked_at=NOW, days=days_of(None, None, NOW))
    await jobs.begin(NewJob(id=broken_off, name="", format="csv", terms=terms))
    await jobs.add_piece(broken_off, 0, b"Company\n")
    assert await jobs.delete(key)
    assert (await jobs.get(key), await jobs.head(key), await jobs.parts(key, -1, 1)) == (
        None,
        None,
        (),
    )
    await _execute(kept, "update job set expires_at = now(), begun_at = now() - interval '2 days'")
    await _execute(kept, "update job_file set begun_at = now() - interval '1 day'")
    await _execute(kept, "update job_basis set kept_at = now() - interval '1 day'")
    await tidy(database, kept)
    for table in ("job", "job_piece", "job_chunk", "job_basis", "job_file", "job_file_piece"):
        assert await _rows(kept, f"select from {table}") == [], table


async def _rows(kept: AccountStores, query: str, *asked: object) -> list[dict[str, object]]:
    return [dict(row) for row in await kept.pool.pool.fetch(query, *asked)]


async def _execute(kept: AccountStores, query: str, *asked: object) -> None:
    await kept.pool.pool.execute(query, *asked)


async def _left(kept: AccountStores) -> list[dict[str, object]]:
    """What is left in the queue, once workers had time to say what they have done."""

    async def is_empty() -> bool:
        return not await _rows(kept, "select from pgqueuer")

    with suppress(TimeoutError):
        await until(is_empty)
    return await _rows(kept, "select status, entrypoint from pgqueuer")
