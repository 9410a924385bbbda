"""A database that an earlier version filled is brought up to date with what it holds."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from abeyance_screening.features.tables.store import TableResultStore
from abeyance_screening.platform.postgres import migrations
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.accounts import AccountStore, open_accounts
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.loads import all_newest

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
