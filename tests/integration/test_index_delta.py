"""What changed is laid out beside a large index, and both answer as one index of all does."""

import shutil
from pathlib import Path

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.screening.index import index as whole_index
from abeyance_screening.engine.screening.index.columns import JoinedColumns
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.index.files import IndexFiles
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.arrays import sibling_file
from tests.integration.indexes import EDITIONS, Process
from tests.integration.loads import all_newest, load


def answers(index: ListingIndex) -> list[object]:
    """Return everything that an index says of its listings and of questions about their names."""
    given = list[object]()
    for position in range(index.listing_count):
        entry = index.columns.entry_at(position)
        assert index.columns.position_of(entry.listing_id) == position
        rows = index.columns.rows_of(position)
        given += [
            entry,
            rows,
            [index.name(row) for row in rows],
            index.parties.of(entry.listing_id),
        ]
        given += [list(index.by_number(number)) for number, _ in entry.identifiers]
        for name in entry.names[:2]:
            printed = name.text[:2] + name.text[3:]
            form = normalise(printed)
            found = index.names.matches(form, lists=index.list_numbers(("un_sc",)), threshold=0.4)
            assert index.names.matches(form, lists=None, threshold=0.4) == found
            assert index.names.matches(form, lists=frozenset({9}), threshold=0.4) == []
            given += found + [index.names.explain(form, match.name) for match in found[:3]]
            given += [index.names.form(match.name) for match in found]
            given += [word for word in printed.split() if index.names.has_word(word.lower())]
            text = f"We paid {name.text} and {printed} in May."
            passages = index.texts.passages(text)
            given.append({(each.place, name) for each in passages for name in each.names})
    numbers = index.columns.numbers_in("un_sc")
    given += sorted(numbers, key=lambda each: (each[0], each[1].number.key))
    return [*given, index.listing_count, index.name_count, len(index.names)]


def copy_newest(files: IndexFiles, folder: Path) -> None:
    key = max(files.origins(), key=lambda each: each.newest).key
    folder.mkdir()
    for each in filter(None, (key, files.added_to(key))):
        shutil.copy(files.path(each), folder)


async def check_elsewhere(
    store: StoreOnConnection, files: IndexFiles, index: ListingIndex, folder: Path
) -> None:
    """On another machine the file of an index, and the one that it adds to, are enough."""
    copy_newest(files, folder)
    other = Process(store, folder)
    assert answers(await other.index()) == answers(index)
    assert other.built == 0


async def test_what_changed_beside_a_large_index_answers_as_one_index_of_all(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(whole_index, "LARGE", 1)
    monkeypatch.setattr(whole_index, "SHARE_BESIDE", 1)
    folder = tmp_path / "index"
    async with connected(fresh_database) as connection:
        await migrate(connection)
        store = StoreOnConnection(connection)
        process, alone = Process(store, folder), CurrentIndex()
        beside, expected = list[bool](), list[object]()
        for content in EDITIONS:
            assert (await load(store, "un_sc", content)).outcome == "loaded"
            index = await process.index()
            await alone.catch_up(store)
            with monkeypatch.context() as small:
                small.setattr(whole_index, "LARGE", 10**9)
                anew = ListingIndex(*await all_newest(store))
            expected = answers(anew)
            mapped = await Process(store, folder).index()
            assert all(answers(each) == expected for each in (index, mapped, alone.get()))
            beside.append(isinstance(index.columns, JoinedColumns))
            await check_elsewhere(
                store, process.files, index, tmp_path / f"elsewhere{len(beside)}"
            )
            kept = list(folder.glob("*.index"))
            needed = {sibling_file(path).hex() for path in kept} - {""}
            assert needed <= {path.stem for path in kept}
            assert len(kept) <= 2 + len(needed)
        assert beside[0] is False
        assert any(beside)
