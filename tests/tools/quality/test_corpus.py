"""The replay of whole histories: what loads, what does not, and what comes out otherwise."""

import shutil
from pathlib import Path

import pytest

from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from tools.quality.corpus import replay

FOLDER = Path(__file__).parents[2] / "fixtures" / "un_sc" / "history"


async def test_a_history_is_replayed_and_every_edition_is_as_it_was_read(
    fresh_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "2025-01-01.xml").write_bytes(b"<html>")
    async with connected(fresh_database) as connection:
        await migrate(connection)
    assert await replay(fresh_database, "un_sc", tmp_path)
    said = capsys.readouterr().out
    assert "un_sc: 5 of 6 editions load, 0 are there already (83.3%)" in said
    assert "refused: 2025-01-01.xml: un_sc: 2025-01-01.xml is an HTML page" in said
    assert "not as read: 0" in said


async def test_an_edition_that_comes_out_otherwise_is_said(
    fresh_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate listing_version, edition cascade")
        await connection.execute(
            "create function lose() returns trigger language plpgsql as"
            " 'begin return case when new.listing_id = ''un_sc-QDe.004'' then null else new end;"
            " end'"
        )
        await connection.execute(
            "create trigger lose before insert on listing_version"
            " for each row execute function lose()"
        )
    shutil.copy(FOLDER / "2026-08-01.xml", tmp_path)
    assert not await replay(fresh_database, "un_sc", tmp_path)
    assert "not as read: 1 ['un_sc of 2026-08-01']" in capsys.readouterr().out
