"""A database that an earlier version filled is brought up to date with what it holds."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from abeyance_screening import screen
from abeyance_screening.features.tables.store import TableResultStore
from abeyance_screening.platform.local_data import check_database
from abeyance_screening.platform.postgres import migrations
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import DatabaseNewerError, migrate
from abeyance_screening.platform.stores.accounts import AccountStore, open_accounts
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.loads import all_newest
from tests.served import free_port

FILES = migrations._files()
NOW = datetime(2026, 11, 1, tzinfo=UTC)


async def test_editions_of_the_first_schema_get_the_source_they_came_from(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
):
    async with connected(fresh_database) as connection:
        monkeypatch.setattr(migrations, "_files", lambda: FILES[:1])
        assert await migrate(connection) == ("0001_editions.sql",)
        for code in ("un_sc", "us_bis_el", "mine"):
            edition = await connection.fetchval(
                "insert into edition (list_code, sha256, format, loaded_at, entry_count)"
                " values ($1, 'ab', 'x', $2, 1) returning id",
                code,
                NOW,
            )
            await connection.execute(
                "insert into listing_version (listing_id, list_code, first_edition, digest, body)"
                " values ($1, $2, $3, 'cd', '{}')",
                f"{code}-1",
                code,
                edition,
            )
            await connection.execute(
                "insert into load_attempt (list_code, at, outcome) values ($1, $2, 'loaded')",
                code,
                NOW,
            )
        monkeypatch.setattr(migrations, "_files", lambda: FILES)
        assert await migrate(connection) == tuple(path.name for path in FILES[1:])
        lists, versions = await all_newest(StoreOnConnection(connection))
    sources = {"un_sc": "un_sc", "us_bis_el": "us_csl", "mine": "own"}
    assert {each.list_code: each.source for each in lists.editions} == sources
    assert {each.list_code: each.source for each in lists.attempts} == sources
    assert {each.list_code: each.source for each in versions} == sources
    assert {each.reader for each in lists.editions} == {1}


# What the version before keys and accounts writes and reads, at migration 13.
OLD_WRITES = (
    (
        "insert into screening (id, asked_at, answer, part_places, part_digests)"
        " values ($1, now(), '{}', '{}', '{}')"
    ),
    "insert into table_result (id, begun_at, head) values ($1, now(), '{}')",
    (
        "insert into table_result_part (result, place, lines, parties, evidence)"
        " values ($1, 0, '[]', '[]', '[]')"
    ),
)
OLD_READS = (
    "select answer, part_places, part_digests from screening where id = $1",
    "select lines from table_result_part where result = $1 order by place",
)


# What a statement of an earlier version relies on: each column with its type, and what is unique.
RELIED_ON = """
    select table_name || '.' || column_name || ' ' || data_type from information_schema.columns
    where table_schema = 'public'
    union
    select 'unique: ' || tablename || regexp_replace(indexdef, '^.* USING', '')
    from pg_indexes
    where schemaname = 'public' and indexdef like 'CREATE UNIQUE%'
"""
# What an insert must say.
REQUIRED = """
    select table_name || '.' || column_name from information_schema.columns
    where table_schema = 'public' and is_nullable = 'NO' and is_identity = 'NO'
        and column_default is null and table_name = any($1)
"""
TABLES = "select tablename from pg_tables where schemaname = 'public'"


def results_of(store: AccountStore) -> TableResultStore:
    return TableResultStore(store.place, store.account, store.since)


async def listed(connection: asyncpg.Connection, query: str, *values: object) -> set[str]:
    return {row[0] for row in await connection.fetch(query, *values)}


async def test_a_server_of_the_version_before_goes_on_while_a_new_one_migrates(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
):
    """Its statements, prepared before, are carried out meanwhile; both read each other's rows."""
    kept = list[UUID]()

    async def serve(old: asyncpg.Connection, most: int) -> None:
        writes = [await old.prepare(each) for each in OLD_WRITES]
        reads = [await old.prepare(each) for each in OLD_READS]
        for _ in range(most):
            key = uuid4()
            for write in writes:
                await write.fetch(key)
            kept.append(key)
            for read in reads:
                assert len(await read.fetch(kept[0])) == 1

    async with connected(fresh_database) as old, connected(fresh_database) as new:
        await old.execute("drop schema public cascade; create schema public")
        before = [path for path in FILES if path.name < "0014"]
        monkeypatch.setattr(migrations, "_files", lambda: before)
        assert await migrate(old) == tuple(path.name for path in before)
        await serve(old, 1)
        tables = await listed(old, TABLES)
        relied_on, required = await listed(old, RELIED_ON), await listed(old, REQUIRED, tables)
        monkeypatch.setattr(migrations, "_files", lambda: FILES)
        serving = asyncio.create_task(serve(old, 200))
        await asyncio.sleep(0)
        assert await migrate(new) == tuple(path.name for path in FILES[len(before) :])
        await serving
        await serve(old, 1)
        assert relied_on <= await listed(new, RELIED_ON)
        assert await listed(new, REQUIRED, tables) <= required
    async with open_accounts(fresh_database) as store:
        ours, others = store.of("main"), store.of("others")
        for key in (kept[0], kept[-1]):
            assert b"".join(await ours.answer(key) or ()) == b"{}"
            assert await others.answer(key) is None
            assert await results_of(ours).lines(key) == [b"[]"]


@pytest.fixture
async def newer_database(emptied_database: str) -> AsyncIterator[str]:
    """A database that a version to come has migrated."""
    async with connected(emptied_database) as connection:
        await connection.execute(
            "insert into migration (name, sha256) values ('9000_to_come.sql', 'ab')"
        )
    yield emptied_database
    async with connected(emptied_database) as connection:
        await connection.execute("delete from migration where name = '9000_to_come.sql'")


NEWER = "The database is of a newer version: migration 9000_to_come.sql was applied to it"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("serve", "--port", "{port}"), id="service"),
        pytest.param(("work",), id="worker"),
        pytest.param(("refresh", "--watch"), id="refresher"),
        pytest.param(("lists",), id="command"),
        pytest.param(("doctor", "un_sc"), id="command that changes nothing"),
        pytest.param(("keys", "list"), id="command of keys"),
    ],
)
def test_an_older_version_refuses_a_newer_database_in_one_line(
    newer_database: str, arguments: tuple[str, ...]
):
    line = [each.format(port=free_port()) for each in arguments]
    done = run([sys.executable, "-m", "abeyance_screening", *line], newer_database)
    assert done.returncode == 1
    refusals = [each for each in done.stderr.splitlines() if each.startswith("abeyance: The")]
    assert len(refusals) == 1
    assert refusals[0].startswith(f"abeyance: {NEWER}, which version ")
    assert "Traceback" not in done.stderr


def test_a_process_that_answers_for_an_older_parent_refuses_it_too(newer_database: str):
    with socket.create_server(("127.0.0.1", 0)) as shared:
        module = [sys.executable, "-m", "abeyance_screening.app.answering", str(shared.fileno())]
        done = run(module, newer_database, shared.fileno())
    assert done.returncode == 1
    assert [each.partition(",")[0] for each in done.stderr.splitlines()] == [f"abeyance: {NEWER}"]


def test_no_rows_are_screened_with_a_newer_database(newer_database: str):
    with pytest.raises(DatabaseNewerError, match="9000_to_come"):
        screen([], dsn=newer_database)


async def test_a_database_of_a_newer_version_stays_as_it_is(newer_database: str):
    async with connected(newer_database) as connection:
        tables = await listed(connection, TABLES)
        last = FILES[-1].name
        await connection.execute("delete from migration where name = $1", last)
        with pytest.raises(DatabaseNewerError, match="9000_to_come"):
            await migrate(connection)
        assert await listed(connection, TABLES) == tables
        assert last not in await listed(connection, "select name from migration")


async def test_an_empty_database_and_one_that_is_away_are_not_judged(fresh_database: str):
    async with connected(fresh_database) as connection:
        await connection.execute("drop schema public cascade; create schema public")
    await check_database(fresh_database)
    await check_database("postgresql://127.0.0.1:1/nothing")


def run(command: list[str], url: str, *descriptors: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=os.environ | {"DATABASE_URL": url},
        pass_fds=descriptors,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
