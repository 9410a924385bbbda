"""Indexes as files: what is read is what was built, and only a whole file is read."""

import asyncio
import os
import shutil
import weakref
from collections.abc import Callable
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

import msgspec
import numpy as np
import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.screening.index.columns import (
    ListingColumns,
    lay_out_listings,
    read_columns,
    write_columns,
)
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.files import IndexFiles
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.join import join_parties
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.arrays import map_arrays, write_arrays
from tests.integration.indexes import EDITIONS, Process, same
from tests.integration.loads import all_newest, load

FIXTURES = Path(__file__).parents[1] / "fixtures"
AUSTRALIAN = "Australian_Sanctions_Consolidated_List.xlsx"

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda whole: whole[:-1],
    "longer": lambda whole: whole + b"\0",
    "empty": lambda _: b"",
    "a bit of a record": lambda whole: whole[:-7] + bytes([whole[-7] ^ 1]) + whole[-6:],
    "a bit of the head": lambda whole: whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
    "another program": lambda whole: b"SQLite format 3\0" + whole[16:],
    "another basis": lambda whole: whole.replace(b"other", b"order", 1),
}


async def test_one_process_builds_and_all_map_what_it_built(fresh_database: str, tmp_path: Path):
    folder = tmp_path / "index"
    async with AsyncExitStack() as stack:
        stores = [
            StoreOnConnection(await stack.enter_async_context(connected(fresh_database)))
            for _ in range(2)
        ]
        async with connected(fresh_database) as connection:
            await migrate(connection)
        processes = [Process(store, folder) for store in stores]
        alone, earlier = CurrentIndex(), list[weakref.ref[ListingIndex]]()
        for edition, content in enumerate(EDITIONS, start=1):
            assert (await load(stores[0], "un_sc", content)).outcome == "loaded"
            one, other = await asyncio.gather(*(each.index() for each in processes))
            # the first is built anew, later ones from the one before
            await alone.catch_up(stores[0])
            anew = ListingIndex(*await all_newest(stores[0]))
            assert all(same(anew, each) for each in (one, other, alone.get()))
            assert sum(each.built for each in processes) == edition
            assert sum(each.counted for each in processes) == edition
            kept = list(folder.glob("*.index"))
            assert len(kept) == min(edition, 2)
            assert {S_IMODE(each.stat().st_mode) for each in kept} == {0o600}
            # nothing holds on to the index before, nor to what was built before it was mapped
            earlier.append(weakref.ref(other))
            del anew, other
            assert [each() is None for each in earlier[:-1]] == [True] * (edition - 1)
        # a start finds the file; one whose file is damaged builds, and writes it again
        one = processes[0].current.get()
        newest = max(folder.glob("*.index"), key=lambda each: each.stat().st_mtime_ns)
        for is_damaged in (False, True, False):
            if is_damaged:
                shorter = newest.read_bytes()[:-100]
                newest.unlink()
                newest.write_bytes(shorter)
            late = Process(stores[1], folder)
            assert same(await late.index(), one)
            assert late.built == late.counted == is_damaged


async def test_a_process_that_starts_goes_on_from_an_index_of_before(
    store: StoreOnConnection, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", "abeyance_screening.engine.screening.index.current")
    anew, changed = list[int](), list[int]()
    for content in EDITIONS:
        assert (await load(store, "un_sc", content)).outcome == "loaded"
        lists, versions = await all_newest(store)
        assert same(await Process(store, tmp_path).index(), ListingIndex(lists, versions))
        anew.append(len(versions))
        changed.append(changes(caplog))
    assert changed[0] == anew[0]
    assert all(0 < some < whole for some, whole in zip(changed[1:], anew[1:], strict=True))


async def test_it_goes_on_from_no_index_of_another_database_or_that_is_damaged(
    store: StoreOnConnection, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """Its editions have the same numbers, and their files have their names."""
    caplog.set_level("INFO", "abeyance_screening.engine.screening.index.current")
    one, other = IndexFiles(tmp_path / "one"), IndexFiles(tmp_path / "other")
    assert list(one.origins()) == []
    assert (await load(store, "un_sc", EDITIONS[0])).outcome == "loaded"
    await Process(store, tmp_path / "one").index()
    (origin,) = one.origins()
    assert origin.newest == 1
    assert (await load(store, "un_sc", EDITIONS[1])).outcome == "loaded"
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    with one.path(origin.key).open("r+b") as file:
        file.truncate(file.seek(0, os.SEEK_END) - 1)
    written = map_arrays(other.path(origin.key), origin.key)
    elsewhere = msgspec.structs.replace(origin, basis=sha256(b"another database").digest())
    written["origin"] = np.frombuffer(bytearray(msgspec.msgpack.encode(elsewhere)), np.uint8)
    write_arrays(other.path(origin.key), origin.key, written)
    lists, versions = await all_newest(store)
    for folder in ("one", "other"):
        index = await Process(store, tmp_path / folder).index()
        assert same(index, ListingIndex(lists, versions))
        assert changes(caplog) == len(versions)
        assert IndexFiles(tmp_path / folder).origins()[0].newest == 2


def changes(caplog: pytest.LogCaptureFixture) -> int:
    """How many versions the index was last built from, beside an earlier one."""
    swapped = [each for each in caplog.records if each.message == "index.swapped"]
    return swapped[-1].__dict__["changed"]


async def test_a_folder_that_cannot_be_written_costs_the_file_alone(
    bundled_index: ListingIndex, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "index").write_text("a file where the folder should be")
    files = IndexFiles(tmp_path / "index")
    for _ in range(2):
        with files.building() as is_ours:
            assert is_ours
            assert files.keep(bundled_index, b"basis") is bundled_index
    assert [each.message for each in caplog.records] == ["index.not_kept"]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_is_not_whole_is_not_read(tmp_path: Path, damage: Callable[[bytes], bytes]):
    path, arrays = tmp_path / "arrays", {"none": np.zeros((0, 5), np.int32), "one": np.arange(9)}
    write_arrays(path, b"other", arrays)
    read = map_arrays(path, b"other")
    assert {name: each.tolist() for name, each in read.items()} == {
        name: each.tolist() for name, each in arrays.items()
    }
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"^it |damaged$"):
        map_arrays(path, b"other")
    assert [each.name for each in tmp_path.iterdir()] == ["arrays"]


def test_an_index_from_a_file_answers_as_the_one_that_was_built(
    bundled_index: ListingIndex, tmp_path: Path
):
    built = bundled_index.columns
    assert isinstance(built, ListingColumns)
    write_arrays(tmp_path / "index", b"basis", write_columns(built))
    read = read_columns(map_arrays(tmp_path / "index", b"basis"))
    (tmp_path / "index").unlink()
    assert read.list_codes == built.list_codes
    for position in range(0, len(built.ids), 997):
        entry = built.entry_at(position)
        assert read.entry_at(position) == entry
        assert read.position_of(entry.listing_id) == position
        for number, places in entry.identifiers:
            found = [(at, each.versions) for at, each in read.numbers_at(number.key)]
            assert (position, places) in found
        form = normalise(entry.names[0].text)
        matches = built.names.matches(form, lists=None, threshold=0.5)
        assert read.names.matches(form, lists=None, threshold=0.5) == matches
        for match in matches[:2]:
            explained = built.names.explain(form, match.name)
            assert read.names.explain(form, match.name) == explained
    assert read.position_of("nobody-1") is None
    assert len(lay_out_listings(()).ids) == 0


async def test_a_list_of_ones_own_leaves_the_parties_as_they_are(
    emptied_database: str, tmp_path: Path
):
    async with connected(emptied_database) as connection:
        store = StoreOnConnection(connection)
        process, built = Process(store, tmp_path / "index"), list[int]()
        for code, content in (
            ("uk_sl", (FIXTURES / "uk_sl" / "UK-Sanctions-List.csv").read_bytes()),
            ("au_dfat", (FIXTURES / "au_dfat" / AUSTRALIAN).read_bytes()),
            ("un_sc", EDITIONS[0]),
            ("mine", b'{"id": "1", "name": "Quixotic Zeppelin Works"}'),
            ("mine", b'{"id": "2", "name": "Borogove Mills"}'),
            ("un_sc", EDITIONS[1]),
        ):
            assert (await load(store, code, content, accepted=True)).outcome == "loaded"
            index = await process.index()
            built.append(process.built)
            assert index.written_parties is not None
            assert bytes(index.written_parties) == join_parties(index.write_listings())
            several = msgspec.msgpack.decode(index.written_parties)
            assert bool(several) == (code != "uk_sl")
        assert built == [1, 2, 3, 3, 3, 4]
        assert index.columns.position_of("mine-2") is not None
