"""A large index is laid out by several processes, and anew where much has changed."""

from pathlib import Path

import pytest

from abeyance_screening.engine.screening.index import index as whole_index
from abeyance_screening.engine.screening.index import index_rows as laid
from abeyance_screening.engine.screening.index.columns import ListingColumns
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.files import IndexFiles
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives import arrays
from abeyance_screening.primitives.arrays import ScratchSpace
from tests.integration.indexes import EDITIONS, Process, same
from tests.integration.loads import all_newest, load


async def test_other_processes_lay_out_the_same(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with connected(fresh_database) as connection:
        await migrate(connection)
        store = StoreOnConnection(connection)
        assert (await load(store, "un_sc", EDITIONS[0])).outcome == "loaded"
        here = ListingIndex(*await all_newest(store))
        for size, files in ((1, None), (4, IndexFiles(tmp_path / "index"))):
            monkeypatch.setattr(laid, "_HERE", 3)
            monkeypatch.setattr(laid, "_AT_ONCE", size)
            current = CurrentIndex(join=Process(store, tmp_path).join).keep_in(files)
            await current.catch_up(store)
            assert same(current.get(), here)


async def test_more_changes_than_fit_beside_a_large_index_are_laid_out_anew(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(whole_index, "LARGE", 1)
    async with connected(fresh_database) as connection:
        store = StoreOnConnection(connection)
        process = Process(store, tmp_path / "index")
        for content in (None, EDITIONS[1]):
            if content is not None:
                assert (await load(store, "un_sc", content)).outcome == "loaded"
            index = await process.index()
            assert same(index, ListingIndex(*await all_newest(store)))
            assert isinstance(index.columns, ListingColumns)


async def test_where_the_disk_is_full_an_index_is_laid_out_in_memory(
    fresh_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setattr(arrays, "_SMALL", 0)
    monkeypatch.setattr(IndexFiles, "room", lambda _: ScratchSpace(tmp_path / "full"))
    async with connected(fresh_database) as connection:
        store = StoreOnConnection(connection)
        index = await Process(store, tmp_path / "index").index()
        assert same(index, ListingIndex(*await all_newest(store)))
    assert "index.no_room" in [each.message for each in caplog.records]
