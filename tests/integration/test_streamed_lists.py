"""Users' own lists are read and stored piece by piece, and deltas applied without an export."""

import asyncio
import gzip
import io
import json
import random
import sys
import zipfile
from collections.abc import AsyncGenerator, Callable, Sequence
from itertools import pairwise
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from abeyance_screening.engine.lists.bundled import bundled_editions
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, load_files, wanted_by_name
from abeyance_screening.engine.lists.load_own import load_own
from abeyance_screening.engine.lists.loading_ports import (
    AnswerAsked,
    ListHead,
    StreamedRecords,
    StreamPiece,
)
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.errors import ListRefusedError
from tests.integration.loads import NOW, load
from tests.served import HANGS_AFTER_S
from tests.unit.lists.ftm.ftm_files import Line, entity, lines
from tools.make_export import main as make_export

SEEDS = range(3)


def export(draw: random.Random) -> dict[str, Line]:
    """Some parties with links between them, each there or not."""
    found = dict[str, Line]()
    parties = [f"p{each}" for each in range(12)]
    for each in parties:
        if draw.random() < 0.8:
            schema = draw.choice(["Person", "Company", "Vessel"])
            said: dict[str, object] = {"name": f"{draw.choice(['Acme', 'Zala'])} {each}"}
            if draw.random() < 0.4:
                said["parent" if schema == "Company" else "addressEntity"] = draw.choice(
                    [*parties, "a0", "a1"]
                )
            found[each] = entity(each, schema, target=draw.random() < 0.9, **said)
    for each in ("a0", "a1"):
        if draw.random() < 0.8:
            full = f"{draw.randint(1, 3)} Main Street"
            found[each] = entity(each, "Address", target=False, full=full)
    for number in range(14):
        if draw.random() < 0.7:
            one, other = draw.sample(parties, 2)
            schema, ends = draw.choice(
                [
                    ("Sanction", {"entity": one, "program": draw.choice("XYZ")}),
                    ("Ownership", {"owner": one, "asset": other}),
                    ("Passport", {"holder": one, "number": str(draw.randint(1, 9))}),
                ]
            )
            key = f"l{number}"
            found[key] = entity(key, schema, target=False, **ends)
    return found


def delta(before: dict[str, Line], after: dict[str, Line]) -> bytes:
    changes = [{"op": "DEL", "entity": {"id": key}} for key in before.keys() - after.keys()]
    changes += [{"op": "ADD", "entity": after[key]} for key in after.keys() - before.keys()]
    changes += [
        {"op": "MOD", "entity": after[key]}
        for key in after.keys() & before.keys()
        if after[key] != before[key]
    ]
    return lines(*changes)


async def current(dsn: str, code: str) -> dict[str, dict[str, list[dict[str, str]]]]:
    """The current listings of a list, without its code."""
    async with connected(dsn) as connection:
        rows = await connection.fetch(
            "select listing_id, body::text from listing_version "
            "where list_code = $1 and until_edition is null",
            code,
        )
    return {
        row["listing_id"].removeprefix(code): json.loads(row["body"].replace(f'"{code}', '"'))
        for row in rows
    }


async def kept(dsn: str, code: str) -> list[tuple[object, ...]]:
    """The kept entities of a list."""
    async with connected(dsn) as connection:
        rows = await connection.fetch(
            "select entity_id, ends, pointers, body from list_entity "
            "where list_code = $1 order by entity_id",
            code,
        )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("seed", SEEDS)
async def test_deltas_alone_make_what_the_later_export_says(store, emptied_database: str, seed):
    draw = random.Random(seed)  # noqa: S311
    states = [export(draw) for _ in range(3)]
    await load(store, "steps", lines(*states[0].values()), accepted=True)
    for before, after in pairwise(states):
        report = await load(store, "steps", delta(before, after), accepted=True)
        assert report.outcome == "loaded"
    await load(store, "whole", lines(*states[-1].values()), accepted=True)
    assert await current(emptied_database, "steps") == await current(emptied_database, "whole")
    assert await kept(emptied_database, "steps") == await kept(emptied_database, "whole")


async def test_a_later_export_replaces_what_is_kept(store, emptied_database: str):
    draw = random.Random(1)  # noqa: S311
    one, other = export(draw), export(draw)
    await load(store, "mine", lines(*one.values()), accepted=True)
    await load(store, "mine", lines(*other.values()), accepted=True)
    await load(store, "whole", lines(*other.values()), accepted=True)
    assert await kept(emptied_database, "mine") == await kept(emptied_database, "whole")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            {"op": "ADD", "entity": entity("1", "Company", name="A", target=True)},
            "line 1: ADD of '1', which exists already: an earlier delta is missing, or this one "
            "was applied before",
            id="one that is there",
        ),
        pytest.param(
            {"op": "MOD", "entity": entity("9", "Company", name="A", target=True)},
            "line 1: MOD of '9', which does not exist",
            id="one that is not there",
        ),
        pytest.param(
            {"op": "DEL", "entity": {"id": "s9"}},
            "line 1: DEL of 's9', which does not exist",
            id="a link that is not there",
        ),
    ],
)
async def test_a_delta_that_does_not_follow_is_refused(store, change, reason):
    party = entity("1", "Company", name="A", target=True)
    await load(store, "mine", lines(party, entity("s1", "Sanction", entity="1", target=False)))
    with pytest.raises(ListRefusedError, match=reason):
        await load(store, "mine", lines(change))
    (edition,) = (await store.read_lists()).editions
    assert edition.entry_count == 1


async def test_a_delta_after_another_format_must_be_whole_in_itself(store):
    party = entity("1", "Company", name="A", target=True)
    change = lines({"op": "MOD", "entity": party})
    await load(store, "mine", lines(party))
    await load(store, "mine", b'{"id": "1", "name": "A"}\n')
    with pytest.raises(ListRefusedError, match="load it together with the full export"):
        await load(store, "mine", change)


async def test_a_delta_that_was_loaded_is_unchanged_the_second_time(store):
    await load(store, "mine", lines(entity("1", "Company", name="A", target=True)))
    added = {"op": "ADD", "entity": entity("2", "Company", name="B", target=True)}
    assert (await load(store, "mine", lines(added))).listed == 1
    assert (await load(store, "mine", lines(added))).outcome == "unchanged"


async def test_a_delta_is_held_to_what_the_whole_list_loses(store):
    many = [
        entity(str(each), "Company", name=f"A{each}", alias=[f"B{each}"], target=True)
        for each in range(100)
    ]
    await load(store, "mine", lines(*many))

    def poorer(count: int) -> bytes:
        fewer = [
            entity(str(each), "Company", name=f"A{each}", target=True) for each in range(count)
        ]
        return lines(*({"op": "MOD", "entity": each} for each in fewer))

    report = await load(store, "mine", poorer(13))
    assert (report.reason or "").startswith(
        "suddenly fewer names: the entries that are on it still had 100 further names and have "
        "lost 13 of them"
    )
    assert (await load(store, "mine", poorer(12))).changed == 12


# --- The same words as of lists that are held in memory.

MANY = [{"id": str(each), "name": f"A{each}", "aliases": [f"B{each}"]} for each in range(60)]
PERSONS = [{**each, "entity_type": "person"} for each in MANY[:30]]


async def load_held(store: StoreOnConnection, code: str, content: bytes) -> LoadReport:
    """Loads a list that is held in memory, as public ones are."""
    given = ListFiles(wanted=wanted_by_name(code), files=(GivenFile("x", content),))
    (report,) = await load_files(store, given, NOW, ReaderHere())
    return report


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(MANY, MANY[:50], id="a few gone"),
        pytest.param(MANY, MANY[:20], id="many gone"),
        pytest.param(MANY, [{**each, "aliases": []} for each in MANY], id="no aliases"),
        pytest.param(MANY, [{**each, "id": f"n{each['id']}"} for each in MANY], id="new ids"),
        pytest.param(
            MANY,
            [{**each, "id": f"n{each['id']}", "aliases": []} for each in MANY],
            id="new ids without aliases",
        ),
        pytest.param(
            [*PERSONS, *MANY[30:]],
            [*PERSONS[:5], *MANY[30:], *({**each, "id": f"n{each['id']}"} for each in MANY[:20])],
            id="persons gone",
        ),
        pytest.param(MANY, [*MANY, *PERSONS], id="an id twice"),
        pytest.param(MANY, [], id="empty"),
        pytest.param(MANY, [*MANY, {"id": "x"}], id="a bad line"),
    ],
)
async def test_a_guard_says_the_same_of_a_list_that_is_not_held(store, before, after):
    reports = list[object]()
    for code, held in (("held", True), ("read", False)):
        await load_held(store, code, lines(*before))
        try:
            report = await (load_held if held else load)(store, code, lines(*after))
        except ListRefusedError as refused:
            reports.append(refused.reason)
        else:
            counts = (report.listed, report.changed, report.gone, report.entry_count)
            reports.append((report.outcome, report.reason, counts))
    assert reports[0] == reports[1]


# --- Files and processes.


def zipped(*contents: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for place, each in enumerate(contents):
            archive.writestr(f"{place}.json", each)
    return target.getvalue()


PLAIN = lines(entity("1", "Company", name="A", target=True))


@pytest.mark.parametrize("content", [gzip.compress(PLAIN), zipped(PLAIN)], ids=["gzip", "zip"])
async def test_a_packed_file_is_unpacked(store, content):
    assert (await load(store, "mine", content)).listed == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(gzip.compress(PLAIN)[:-9], "is packed and damaged", id="cut off"),
        pytest.param(zipped(PLAIN, PLAIN), "is a zip archive of 2 files", id="two files"),
        pytest.param(PLAIN[:-5], "not readable as JSON", id="a line cut off"),
        pytest.param(b"", "is empty|a text of another kind|no text", id="empty"),
        pytest.param(b"<html>", "an HTML page", id="a page"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_and_recorded(store, content, reason):
    await load(store, "mine", PLAIN)
    with pytest.raises(ListRefusedError, match=reason):
        await load(store, "mine", content)
    lists = await store.read_lists()
    assert len(lists.editions) == 1
    assert [each.outcome for each in lists.attempts] == ["refused"]


class Stuck:
    """A reader that gives no listing and then nothing more; it says so."""

    def __init__(self, say: Callable[[], None]) -> None:
        self._say = say

    async def stream_list(
        self,
        list_code: str,  # noqa: ARG002
        paths: Sequence[Path],  # noqa: ARG002
        answer: AnswerAsked,  # noqa: ARG002
    ) -> AsyncGenerator[StreamPiece]:
        yield ListHead(format="own_jsonl", sha256="0" * 64)
        yield StreamedRecords(())
        self._say()
        await asyncio.Event().wait()


async def load_stuck(dsn: str, say: Callable[[], None]) -> None:
    """Begins to load a list, and gets stuck."""
    given = ListFiles(wanted=wanted_by_name("mine"), files=())
    async with connected(dsn) as connection:
        await load_own(StoreOnConnection(connection), given, [], NOW, Stuck(say).stream_list)


STUCK = """
import asyncio, sys
from tests.integration.test_streamed_lists import load_stuck
asyncio.run(load_stuck(sys.argv[1], lambda: print("stuck", flush=True)))
"""


async def test_a_killed_loader_leaves_nothing(emptied_database: str):
    loader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STUCK, emptied_database),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert loader.stdout is not None
    assert await loader.stdout.readline() == b"stuck\n"
    async with connected(emptied_database) as connection:
        assert await staged_tables(connection) > 0
        loader.kill()
        await loader.wait()
        async with asyncio.timeout(HANGS_AFTER_S):
            while await staged_tables(connection):  # noqa: ASYNC110 - of another session
                await asyncio.sleep(0.05)
        assert await connection.fetchval("select count(*) from edition") == 0


async def test_a_cancelled_loader_leaves_nothing(emptied_database: str):
    is_stuck = asyncio.Event()
    loading = asyncio.create_task(load_stuck(emptied_database, is_stuck.set))
    await is_stuck.wait()
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    async with connected(emptied_database) as connection:
        assert await staged_tables(connection) == 0
        assert await connection.fetchval("select count(*) from edition") == 0


async def staged_tables(connection: asyncpg.Connection) -> int:
    found = await connection.fetchval(
        "select count(*) from pg_class where relname in ('staged_listing', 'staged_entity')"
    )
    assert isinstance(found, int)
    return found


async def test_a_made_export_loads_and_its_delta_follows(
    store, emptied_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # reading all of them takes longer than all the rest
    few = [each for each in bundled_editions() if each.source in {"un_sc", "uk_sl"}]
    monkeypatch.setattr("tools.make_export.bundled_editions", lambda: few)
    gleif = Path(__file__).parents[1] / "fixtures" / "bench" / "gleif.csv"
    whole, changes = tmp_path / "entities.ftm.json", tmp_path / "entities.delta.json"
    sizes = ["--entities", "600", "--names", "1500", "--changes", "60"]
    arguments = [str(whole), "--delta", str(changes), "--names-from", str(gleif), *sizes]
    made = CliRunner().invoke(make_export, arguments, catch_exceptions=False)
    assert made.exit_code == 0, made.output
    named = json.loads(whole.read_bytes().splitlines()[0])
    assert {"id", "caption", "schema", "properties", "target"} <= named.keys()
    report = await load(store, "step", whole.read_bytes())
    assert report.entry_count == 372
    printed = [each["names"] for each in (await current(emptied_database, "step")).values()]
    names = [name["text"] for each in printed for name in each]
    assert len(names) == len(set(names)) == 1_500
    await load(store, "step", changes.read_bytes())
    await load(store, "both", whole.read_bytes(), changes.read_bytes())
    assert await current(emptied_database, "step") == await current(emptied_database, "both")
    assert await kept(emptied_database, "step") == await kept(emptied_database, "both")
