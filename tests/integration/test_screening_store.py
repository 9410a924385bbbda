"""Screenings are kept together, each before it is answered, and come back as they were."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.storage import AnswerPieces, ScreeningSummary, SharedPiece
from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.accounts import AccountStore, open_accounts
from abeyance_screening.primitives.errors import StoreUnavailableError

NOW = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)
SHARED = SharedPiece.of(b"what many say " * 300)
SUMMARY = ScreeningSummary(counterparty_count=2, counterparty_ids=("a", "ß"), outcome="hits")
NAMES = ("Hikvision", "Huawei Technologies", "Rosoboroneksport", "Plain Bakery", "SMIC")
WAITED_FOR = "select count(*) from pg_locks where not granted"


def written(number: int, *, own_bytes: int = 10) -> AnswerPieces:
    own = (b"%d" % number) * own_bytes
    third = len(own) // 3
    parts = (
        (0, SHARED),
        (third, SharedPiece.of(b"part %d" % number)),
        (third, SHARED),
        (len(own), SHARED),
    )
    pieces = (SHARED.body, own[:third], parts[1][1].body, SHARED.body, own[third:], SHARED.body)
    return AnswerPieces(pieces, (own[:1], own[1:]), parts)


@asynccontextmanager
async def storing(dsn: str) -> AsyncGenerator[AccountStore]:
    async with connected(dsn) as connection:
        await migrate(connection)
    async with open_accounts(dsn) as store:
        yield store.of("main")


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[AccountStore]:
    async with storing(fresh_database) as store:
        yield store


async def until_waited_for(connection: asyncpg.Connection) -> None:
    for _ in range(1_000):
        if await connection.fetchval(WAITED_FOR):
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits for the lock")


async def add_all(store: AccountStore, answers: dict[UUID, AnswerPieces]) -> list[object]:
    adding = (store.add(key, NOW, answer, SUMMARY) for key, answer in answers.items())
    return await asyncio.gather(*adding, return_exceptions=True)


async def test_screenings_at_once_come_back_byte_for_byte_with_few_commits(
    listed_database: str, bundled_index: ListingIndex
):
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    transport = httpx.ASGITransport(app=app)  # pyright: ignore[reportArgumentType] - wider scope in its stub
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=transport, base_url="http://a") as client,
    ):
        asked = [{"counterparties": [{"name": NAMES[n % 5], "id": str(n)}]} for n in range(80)]
        answers = await asyncio.gather(*(client.post("/v1/screenings", json=a) for a in asked))
        assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
        said = [answer.json() for answer in answers]
        assert [each["results"][0]["id"] for each in said] == [str(n) for n in range(80)]
        assert all(each["stored"] for each in said)
        paths = [f"/v1/screenings/{each['id']}" for each in said]
        again = await asyncio.gather(*map(client.get, paths))
    assert [each.content for each in again] == [each.content for each in answers]
    async with connected(listed_database) as connection:
        commits = await connection.fetchval("select count(distinct xmin::text) from screening")
        asked_at = await connection.fetchval(
            "select asked_at from screening where id = $1", said[0]["id"]
        )
    assert commits < 80 * 3 / 4
    assert asked_at == datetime.fromisoformat(said[0]["asked_at"])


@pytest.mark.parametrize(
    "own_bytes", [1, 100, 2_000_000], ids=["next to nothing", "short", "longer than a group takes"]
)
async def test_what_is_kept_comes_back(store: AccountStore, own_bytes: int):
    answers = {uuid4(): written(number, own_bytes=own_bytes) for number in range(3)}
    assert await add_all(store, answers) == [None, None, None]
    for key, answer in answers.items():
        assert b"".join(await store.answer(key) or ()) == b"".join(answer.pieces)


async def test_an_answer_of_more_parts_than_one_statement_takes(store: AccountStore):
    parts = tuple(SharedPiece.of(b"%d" % number) for number in range(250))
    answer = AnswerPieces(
        tuple(part.body for part in parts), (b"",), tuple((0, part) for part in parts)
    )
    key = uuid4()
    await store.add(key, NOW, answer, SUMMARY)
    assert b"".join(await store.answer(key) or ()) == b"".join(answer.pieces)


async def test_what_many_say_is_kept_once(store: AccountStore, fresh_database: str):
    assert await add_all(store, {uuid4(): written(number) for number in range(30)}) == [None] * 30
    async with connected(fresh_database) as connection:
        count = await connection.fetchval(
            "select count(*) from screening_part where digest = $1", SHARED.digest
        )
    assert count == 1


async def test_an_answer_kept_before_there_were_parts_comes_back(
    store: AccountStore, fresh_database: str
):
    key, answer = uuid4(), b'{"id":"as it was"}'
    async with connected(fresh_database) as connection:
        await connection.execute(
            "insert into screening (id, asked_at, answer) values ($1, $2, $3)", key, NOW, answer
        )
    assert b"".join(await store.answer(key) or ()) == answer
    assert await store.answer(uuid4()) is None


async def test_who_gives_up_takes_nobody_elses_answer_away(
    store: AccountStore, fresh_database: str
):
    answers = {uuid4(): written(number) for number in range(12)}
    async with connected(fresh_database) as connection:
        async with connection.transaction():
            await connection.execute("lock table screening in access exclusive mode")
            added = (store.add(key, NOW, each, SUMMARY) for key, each in answers.items())
            adding = [asyncio.create_task(each) for each in added]
            await until_waited_for(connection)
            for task in adding[::3]:
                task.cancel()
        done = await asyncio.gather(*adding, return_exceptions=True)
    assert [each for n, each in enumerate(done) if n % 3] == [None] * 8
    kept = list(answers)[1]
    assert b"".join(await store.answer(kept) or ()) == b"".join(answers[kept].pieces)


async def test_a_killed_database_fails_all_who_wait_and_keeps_none_of_them(tmp_path: Path):
    first, later = ({uuid4(): written(number) for number in range(20)} for _ in range(2))
    with embedded_postgres(tmp_path) as dsn:
        async with storing(dsn) as store, connected(dsn) as connection:
            await connection.execute("begin; lock table screening in access exclusive mode")
            adding = asyncio.create_task(add_all(store, first))
            await until_waited_for(connection)
            behind = asyncio.create_task(add_all(store, later))
            await asyncio.sleep(0)
            os.kill(
                int((tmp_path / "cluster" / "postmaster.pid").read_text().split()[0]),
                signal.SIGKILL,
            )
            failed = [*await adding, *await behind]
    assert {type(each) for each in failed} == {StoreUnavailableError}
    with embedded_postgres(tmp_path) as dsn:
        async with storing(dsn) as store:
            assert [await store.answer(key) for key in (*first, *later)] == [None] * 40
            assert await add_all(store, first) == [None] * 20


async def test_after_a_failure_the_parts_are_kept_anew(tmp_path: Path):
    with embedded_postgres(tmp_path, keep_alive=True) as dsn:
        async with storing(dsn) as store:
            assert await add_all(store, {uuid4(): written(1)}) == [None]
            async with connected(dsn) as connection:
                await connection.execute("truncate screening, screening_part cascade")
                await connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where pid <> pg_backend_pid() and datname = current_database()"
                )
            key, answer = uuid4(), written(2)
            await asyncio.sleep(0.1)
            await store.add(key, NOW, answer, SUMMARY)
            assert b"".join(await store.answer(key) or ()) == b"".join(answer.pieces)
