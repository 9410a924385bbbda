"""A database that answers that it cannot: 503 and why, never a bug, never "stored"."""

import asyncio
import logging
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.screening.storage import AnswerPieces, ScreeningSummary
from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.settings import Operator
from abeyance_screening.platform.stores.accounts import AccountStores, open_accounts
from abeyance_screening.primitives.errors import StoreFullError, StoreReadOnlyError
from tests.integration.anna import ANNA, EVENTS, EXTENSION, OPERATOR

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
SCREENING = {"counterparties": [{"name": "Hikvision"}]}
SUMMARY = ScreeningSummary(counterparty_count=1, counterparty_ids=(), outcome="hits")
BATCH = {
    "name": "t.csv",
    "described": "",
    "columns": ["Name"],
    "fields": ["name"],
    "rows": [{"number": 2, "cells": ["Hikvision"]}],
    "keep": True,
}
ENDS_OTHERS = """
select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
REFUSES = """
create function refuse() returns trigger language plpgsql as
$$ begin raise exception 'as the test says' using errcode = '{state}'; end $$;
create trigger refuse before insert on screening execute function refuse();
"""
REFUSES_NO_MORE = "drop trigger refuse on screening; drop function refuse"


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    return (OPERATOR,)


def execute(dsn: str, *statements: str) -> object:
    """Runs statements, whatever the database says of writing; the last one's first value."""

    async def run() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute("set default_transaction_read_only = off")
            for each in statements[:-1]:
                await connection.execute(each)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(run())


@contextmanager
def read_only(dsn: str) -> Generator[None]:
    name = urlsplit(dsn).path[1:]
    execute(dsn, f'alter database "{name}" set default_transaction_read_only = on', ENDS_OTHERS)
    try:
        yield
    finally:
        execute(dsn, f'alter database "{name}" reset default_transaction_read_only', ENDS_OTHERS)


@contextmanager
def refusing(dsn: str, state: str) -> Generator[None]:
    execute(dsn, REFUSES.format(state=state), "select 1")
    try:
        yield
    finally:
        execute(dsn, REFUSES_NO_MORE, "select 1")


def kept_count(dsn: str) -> object:
    return execute(dsn, "select count(*) from screening")


def refused(answer: httpx.Response, slug: str, retry_after: str) -> None:
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == retry_after
    assert answer.json()["type"] == f"/problems/{slug}"
    assert b"stored" not in answer.content


@pytest.mark.parametrize(
    ("state", "slug", "retry_after"),
    [
        pytest.param("25006", "store-read-only", "30", id="read-only"),
        pytest.param("53100", "store-full", "30", id="disk full"),
        pytest.param("53000", "store-overloaded", "2", id="out of something"),
        pytest.param("53200", "store-overloaded", "2", id="out of memory"),
        pytest.param("53300", "store-overloaded", "2", id="too many connections"),
        pytest.param("53400", "store-overloaded", "2", id="a limit of the configuration"),
        pytest.param("57014", "store-unavailable", "2", id="query ended"),
        pytest.param("57P01", "store-unavailable", "2", id="shut down"),
        pytest.param("57P02", "store-unavailable", "2", id="crashed"),
        pytest.param("57P03", "store-unavailable", "2", id="starting"),
        pytest.param("57P04", "store-unavailable", "2", id="dropped"),
        pytest.param("57P05", "store-unavailable", "2", id="session ended"),
        pytest.param("08000", "store-unavailable", "2", id="connection"),
        pytest.param("08006", "store-unavailable", "2", id="connection lost"),
    ],
)
def test_what_cannot_be_kept_is_not_answered_and_no_bug(
    client: TestClient[Litestar],
    listed_database: str,
    caplog: pytest.LogCaptureFixture,
    state: str,
    slug: str,
    retry_after: str,
):
    before = kept_count(listed_database)
    with refusing(listed_database, state):
        refused(client.post("/v1/screenings", json=SCREENING), slug, retry_after)
    assert kept_count(listed_database) == before
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
    again = client.post("/v1/screenings", json=SCREENING).json()
    assert again["stored"] is True
    assert client.get(f"/v1/screenings/{again['id']}").json() == again


def test_a_read_only_database_answers_and_keeps_nothing(
    client: TestClient[Litestar], listed_database: str, caplog: pytest.LogCaptureFixture
):
    kept = client.post("/v1/screenings", json=SCREENING).json()
    before = kept_count(listed_database)
    with read_only(listed_database):
        refused(client.post("/v1/screenings", json=SCREENING), "store-read-only", "30")
        long = {"counterparties": [{"name": f"Hikvision {n}", "id": str(n)} for n in range(300)]}
        refused(client.post("/v1/screenings", json=long), "store-read-only", "30")
        refused(client.post(EVENTS, json=EXTENSION, headers=ANNA), "store-read-only", "30")
        page = client.post("/evidence", data={"name": "Hikvision"}, follow_redirects=False)
        assert page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "The database is read-only" in page.text
        batch = client.post("/spreadsheet/screen", json=BATCH)
        assert batch.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert batch.json()["detail"].startswith("The database is read-only; nothing was stored")
        found = client.get("/v1/search", params={"name": "Hikvision"})
        assert found.json()["outcome"] == "hits"
        assert client.get(f"/v1/screenings/{kept['id']}").json() == kept
    assert kept_count(listed_database) == before
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
    assert "reason=store-read-only" in "".join(
        f"{each.getMessage()} reason={getattr(each, 'reason', None)}" for each in caplog.records
    )


def test_a_read_only_database_is_said_to_who_prepares_it(fresh_database: str):
    async def prepare() -> None:
        async with connected(fresh_database) as connection:
            await migrate(connection)

    with read_only(fresh_database), pytest.raises(StoreReadOnlyError):
        asyncio.run(prepare())


@contextmanager
def small_disk(place: Path, owner: int) -> Generator[None]:
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size=2m,mode=0700,uid={owner}", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
async def test_on_a_disk_that_is_really_full_nothing_is_kept_until_there_is_room(tmp_path: Path):
    folder = tmp_path / "postgres"
    with embedded_postgres(folder):
        owner = (folder / "cluster").stat().st_uid
    with small_disk(tmp_path / "small", owner), embedded_postgres(folder) as dsn:
        async with connected(dsn) as connection:
            await migrate(connection)
            await connection.execute(f"create tablespace small location '{tmp_path / 'small'}'")
            await connection.execute("alter table screening set tablespace small")
        async with open_accounts(dsn) as store:
            kept = await fill(store)
            async with connected(dsn) as connection:
                assert await connection.fetchval("select count(*) from screening") == kept
                await connection.execute("alter table screening set tablespace pg_default")
            await store.of("main").add(uuid4(), NOW, noise(), SUMMARY)


async def fill(store: AccountStores) -> int:
    """Keeps answers until there is no room; how many were kept."""
    for kept in range(100):
        try:
            await store.of("main").add(uuid4(), NOW, noise(), SUMMARY)
        except StoreFullError:
            return kept
    return pytest.fail("the disk did not fill up")


def noise() -> AnswerPieces:
    """An answer that takes its room on the disk."""
    body = os.urandom(100_000)
    return AnswerPieces((body,), (body,), ())
