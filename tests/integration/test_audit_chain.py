"""The audit log as a chain: whatever is done to it by SQL is found with a head that was kept."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from abeyance_screening.platform.access.audit_chain import (
    ERASED,
    AuditChain,
    ChainHead,
    digest_of,
)
from abeyance_screening.platform.access.audit_log import read_entry
from abeyance_screening.platform.postgres import migrations
from abeyance_screening.platform.postgres.database import connected, fetched
from abeyance_screening.platform.postgres.migrations import migrate
from tests.forked import abeyance_command
from tests.served import without_database_url

ADDED = "insert into audit_entry (actor, action, about, details) values ($1, 'key.added', $2, $3)"


@pytest.fixture
async def connection(emptied_database: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(emptied_database) as connection:
        for number in range(2_500):
            details = json.dumps({"z": number, "a": [0.85, None, "ä"]})
            await connection.execute(ADDED, "anna", str(number), details)
        yield connection


async def kept(connection: asyncpg.Connection) -> ChainHead:
    chain = AuditChain(connection)
    await chain.link()
    head = await chain.head()
    assert await chain.fault([head]) is None
    return head


async def as_superuser(connection: asyncpg.Connection, *statements: str) -> None:
    for table in ("audit_entry", "audit_link", "audit_erasure"):
        await connection.execute(f"alter table {table} disable trigger user")
    for each in statements:
        await connection.execute(each)


@pytest.mark.parametrize(
    "statements",
    [
        ("update audit_entry set actor = 'ben' where about = '1200'",),
        ("update audit_entry set details = '{}' where about = '7'",),
        ("update audit_entry set at = at + interval '1 microsecond' where about = '2499'",),
        ("delete from audit_entry where about = '30'",),
        (
            "delete from audit_link where position > 2000",
            "delete from audit_entry where id > (select max(highest) from audit_link)",
        ),
        (
            "create temporary table swapped as select * from audit_entry where id in (4, 5)",
            """
            update audit_entry
            set
              about = case about when '3' then '4' else '3' end,
              details = (select details from swapped where swapped.id <> audit_entry.id)
            where id in (4, 5)
            """,
        ),
        (
            "create temporary table two as select * from audit_link where position <= 2000",
            "delete from audit_link where position <= 2000",
            "insert into audit_link select 3000 - position, entries, highest, hash from two",
        ),
        ("delete from audit_link where position = 2000",),
        (
            "insert into audit_erasure select id, sha256('x') from audit_entry where about = '9'",
            "update audit_entry set about = '', details = '{}' where about = '9'",
        ),
        ("truncate audit_entry cascade", "truncate audit_link"),
    ],
    ids=[
        "row",
        "details",
        "moment",
        "gone",
        "cut",
        "swapped",
        "links swapped",
        "link gone",
        "blanked with another digest",
        "emptied",
    ],
)
async def test_whatever_is_done_to_the_log_is_found_with_a_head(
    connection: asyncpg.Connection, statements: tuple[str, ...]
):
    head = await kept(connection)
    await as_superuser(connection, *statements)
    chain = AuditChain(connection)
    await chain.link()
    assert await chain.fault([head]) is not None


async def test_a_chain_that_is_written_anew_is_found_by_a_head_alone(
    connection: asyncpg.Connection,
):
    head = await kept(connection)
    await as_superuser(
        connection,
        "update audit_entry set actor = 'ben' where about = '1200'",
        "delete from audit_link",
    )
    await connection.execute(ADDED, "anna", "later", "{}")
    chain = AuditChain(connection)
    await chain.link()
    assert await chain.fault() is None
    assert await chain.fault([head]) == (
        f"the chain up to {head.count} is not the one whose head was kept"
    )


async def test_a_head_stays_good_while_the_log_grows_in_any_order(
    connection: asyncpg.Connection, emptied_database: str
):
    heads = [await kept(connection)]
    async with connected(emptied_database) as other:
        # an entry with a smaller number that is committed after younger ones were linked
        slow = other.transaction()
        await slow.start()
        await other.execute(ADDED, "slow", "x", "{}")
        for number in range(1_200):
            await connection.execute(ADDED, "quick", str(number), "{}")
        heads.append(await kept(connection))
        await slow.commit()
    heads.append(await kept(connection))
    assert heads[2].count == heads[1].count + 1
    assert await AuditChain(connection).fault(heads) is None
    entries = await connection.fetchval("select count(*) from audit_entry")
    assert heads[2].count == entries


async def test_several_who_link_at_once_link_each_entry_once(
    connection: asyncpg.Connection, emptied_database: str
):
    async def link(*, is_all: bool) -> None:
        async with connected(emptied_database) as own:
            await AuditChain(own).link(is_all=is_all)

    await asyncio.gather(*(link(is_all=each % 2 == 0) for each in range(6)))
    head = await kept(connection)
    assert head.count == await connection.fetchval("select count(*) from audit_entry")


async def test_entries_from_before_there_was_a_chain_are_linked(
    emptied_database: str, monkeypatch: pytest.MonkeyPatch
):
    async with connected(emptied_database) as connection:
        await connection.execute("drop schema public cascade")
        await connection.execute("create schema public")
        every = migrations._files()
        before = [path for path in every if path.name < "0047"]
        monkeypatch.setattr(migrations, "_files", lambda: before)
        await migrate(connection)
        await connection.execute(ADDED, "anna", "earlier", "{}")
        monkeypatch.setattr(migrations, "_files", lambda: every)
        await migrate(connection)
        head = await kept(connection)
        assert head.count == await connection.fetchval("select count(*) from audit_entry")
        (row,) = await fetched(connection, "audit_chain", head.count - 1, 5)
        assert (row["about"], row["covered"]) == ("earlier", 1)


async def test_what_an_entry_is_about_can_be_blanked_and_the_chain_goes_on_and_tells_it(
    connection: asyncpg.Connection,
):
    head = await kept(connection)
    ids = [
        row["id"]
        for row in await connection.fetch("select id from audit_entry where about in ('7', '8')")
    ]
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await connection.execute("update audit_entry set about = '' where id = $1", ids[0])
    async with connection.transaction():
        await AuditChain(connection).erase([*ids, ids[0]], "main")
    later = await kept(connection)
    assert await AuditChain(connection).fault([head, later]) is None
    entries = (await connection.fetch("select * from audit_entry order by id desc limit 1"))[0]
    assert (entries["action"], json.loads(entries["details"])) == (ERASED, {"entries": ids})
    blanked = (
        "select count(*) from audit_entry where id = any($1) and about = '' and details = '{}'"
    )
    assert await connection.fetchval(blanked, ids) == 2
    with pytest.raises(asyncpg.RaiseError, match="never changed"):
        await connection.execute("update audit_entry set actor = '' where id = $1", ids[0])
    async with connection.transaction():
        await AuditChain(connection).erase(ids, "main")
    assert (await kept(connection)).count == later.count


async def test_what_was_blanked_and_is_told_by_no_entry_is_found_without_a_head(
    connection: asyncpg.Connection,
):
    await kept(connection)
    (row,) = await connection.fetch("select * from audit_entry where about = '9'")
    await connection.execute(
        "insert into audit_erasure values ($1, $2)", row["id"], digest_of(read_entry(dict(row)))
    )
    await connection.execute(
        "update audit_entry set about = '', details = '{}' where id = $1", row["id"]
    )
    fault = await AuditChain(connection).fault()
    assert fault == f"entry {row['id']} was blanked, and no entry tells it"


def _abeyance(dsn: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return abeyance_command(arguments, without_database_url() | {"DATABASE_URL": dsn}, Path.cwd())


async def test_the_command_prints_the_head_and_checks_against_one(
    connection: asyncpg.Connection, emptied_database: str
):
    printed = _abeyance(emptied_database, "audit", "--all-accounts", "--json")
    assert len(printed.stdout.splitlines()) == 2_500
    head = printed.stderr.strip().splitlines()[-1].removeprefix("Head: ")
    assert head == (await kept(connection)).text
    checked = _abeyance(emptied_database, "audit", "--check", "--head", head)
    assert (checked.returncode, checked.stdout.startswith("2,500 entries as written")) == (0, True)
    await as_superuser(connection, "update audit_entry set actor = 'ben' where about = '9'")
    checked = _abeyance(emptied_database, "audit", "--head", head)
    assert checked.returncode == 1
    assert "is not what was linked" in checked.stdout
    assert _abeyance(emptied_database, "audit", "--head", "12").returncode != 0
