"""A database that an earlier version filled is brought up to date with what it holds."""

from datetime import UTC, datetime

import pytest

from service.store import sql as migrations
from service.store.sql import connected, migrate
from service.store.stores import StoreOnConnection

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
        lists, versions = await StoreOnConnection(connection).read_versions(0)
    sources = {"un_sc": "un_sc", "us_bis_el": "us_csl", "mine": "own"}
    assert {each.list_code: each.source for each in lists.editions} == sources
    assert {each.list_code: each.source for each in lists.attempts} == sources
    assert {each.list_code: each.source for each in versions} == sources
    assert {each.reader for each in lists.editions} == {1}
