"""Screening in bulk: a file answers as its database does, and no row is lost or doubled."""

import asyncio
import os
import re
import shlex
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, cast, override

import msgspec
import pytest
from arro3.core import Array, DataType, RecordBatch, RecordBatchReader, Table
from arro3.io import read_ipc, read_parquet, write_parquet
from click.testing import CliRunner
from distributed import LocalCluster
from msgspec.structs import replace

from abeyance_screening.app.bulk import screen
from abeyance_screening.app.command_line import abeyance as commands
from abeyance_screening.engine.screening.answer import CounterpartyResult, ScreeningHead
from abeyance_screening.engine.screening.index.basis import write_basis
from abeyance_screening.engine.screening.question import read_percent
from abeyance_screening.engine.tables import Counts, FieldChoice
from abeyance_screening.features.bulk.batches import HEAD_KEY
from abeyance_screening.features.bulk.cluster import DaskWorkers
from abeyance_screening.features.bulk.parts import (
    RECORD,
    HereWorkers,
    PartedRun,
    PartTask,
    TablePart,
    screen_into,
)
from abeyance_screening.features.bulk.screening import BulkQuestion, IndexFile, Screened
from abeyance_screening.features.screen.cli_output import EXIT_HITS
from abeyance_screening.platform.local_data import basis_at
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import (
    BadInputError,
    ChangedMeanwhileError,
    ClusterFailedError,
)

ASKED_AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
NAMES = ("Hikvision", "Zzyzx Bakery of Nowhere", "", "Rosneft", "Green Stone Marine Ltd")
OWNED = 1
DAYS = ("--as-of", "2026-11-27", "--known-at", "2026-11-27")
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "screen-on-a-cluster.md"
GUIDED = re.findall(r"^abeyance screen .*$", GUIDE.read_text("utf-8"), re.MULTILINE)
screen_anyhow = cast("Callable[..., Screened]", screen)


class Worker(Protocol):
    """One worker of a cluster; the library has no types."""

    pid: int


class Cluster(Protocol):
    """A cluster on this machine."""

    workers: Mapping[int, Worker]
    scheduler_address: str


@pytest.fixture(scope="module")
def index(listed_database: str, for_all: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index file of the bundled lists."""
    path = tmp_path_factory.mktemp("bulk") / "lists.index"
    settings = Settings(data_dir=for_all, database_url=listed_database, keep_indexes=True)
    write_basis(path, *asyncio.run(basis_at(settings, listed_database)))
    return path


def table_of(count: int) -> RecordBatch:
    """Counterparties by name, some of which are listed, unreadable, or owned by a listed party."""
    names = [NAMES[place % len(NAMES)] for place in range(count)]
    owners = ["Rosneft (60 %)" if place % 7 == OWNED else None for place in range(count)]
    columns = {
        "Company": Array(names, type=DataType.utf8()),
        "Customer no": Array([f"C{place}" for place in range(count)], type=DataType.utf8()),
        "Owner": Array(owners, type=DataType.utf8()),
        "Salesperson": Array(["Anna"] * count, type=DataType.utf8()),
    }
    return RecordBatch.from_arrays(list(columns.values()), names=list(columns))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The same as a Parquet file of twelve parts."""
    path = tmp_path / "parties.parquet"
    write_parquet(table_of(240), path)
    return path


def rows_in(results: Screened | RecordBatchReader) -> list[dict[str, Any]]:
    """The results as Python values."""
    batches = Table.from_arrow(results).to_batches()
    return [row for batch in batches for row in batch.to_struct_array().to_pylist()]


def question(**asked: Any) -> BulkQuestion:
    return BulkQuestion(asked_at=ASKED_AT, **asked)


def test_a_column_of_names_that_nobody_reads_leaves_no_row_clear(index: Path):
    columns = {
        "Company": ["Zzyzx Bakery of Nowhere", "Muster Gartenbau GmbH"],
        "Empfangsstelle": ["Rosneft Oil Company", "Ahorn Holzbau KG"],
    }
    arrays = [Array(each, type=DataType.utf8()) for each in columns.values()]
    batch = RecordBatch.from_arrays(arrays, names=list(columns))
    rows = rows_in(screen(batch, index=index, asked_at=ASKED_AT))
    assert [each["outcome"] for each in rows] == ["incomplete", "incomplete"]
    assert all("Empfangsstelle: this column is not read" in each["warnings"][0] for each in rows)
    said = screen(batch, index=index, asked_at=ASKED_AT, columns={"party": "Empfangsstelle"})
    first, second = rows_in(said)
    assert first["outcome"] == "hits"
    assert second["warnings"] == []


def test_a_file_answers_as_its_database_and_columns_say_what_the_answer_says(
    index: Path, listed_database: str, monkeypatch: pytest.MonkeyPatch, for_all: Path
):
    monkeypatch.setenv("ABEYANCE_DATA_DIR", str(for_all))
    batch = table_of(12)
    results = screen(batch, index=index, asked_at=ASKED_AT)
    rows = rows_in(results)
    parts = (batch.slice(0, 5), batch.slice(5, 7))
    assert rows == rows_in(screen(parts, dsn=listed_database, asked_at=ASKED_AT))
    assert [each["row"] for each in rows] == list(range(1, 13))
    head = msgspec.json.decode(results.schema.metadata_str[HEAD_KEY], type=ScreeningHead)
    assert (head.asked_at, head.coverage) == (ASKED_AT, results.head.coverage)
    for row in rows:
        if row["name"] is None:
            assert (row["outcome"], row["result"]) == ("unreadable", None)
            assert row["reason"] == "Company: is empty"
            continue
        answer = msgspec.json.decode(row["result"], type=CounterpartyResult, dec_hook=read_percent)
        assert (row["outcome"], row["total"]) == (answer.outcome, answer.total)
        owners = () if answer.ownership is None else answer.ownership.owners
        found = [hit for each in (answer, *owners) for hit in each.hits]
        through = [each for one in (answer, *owners) for p in one.parties for each in p.through]
        by = {each["listing_id"]: each["found_by"] for each in row["listings"]}
        assert by == {
            **{each.listing.id: "party" for each in through},
            **{each.listing.id: "question" for each in found},
        }
        laws = row["measures"]
        assert {(each["listing_id"], each["measure_id"], each["status"]) for each in laws} == {
            (each.listing.id, law.id, law.status)
            for each in (*found, *through)
            for law in each.measures
        }
    assert {each["outcome"] for each in rows} == {"hits", "owner_hits", "incomplete", "unreadable"}
    assert results.counts.rows == 12
    with pytest.raises(BadInputError, match="screened already"):
        iter(results)


async def test_threads_and_a_running_loop_get_the_same_answers(index: Path):
    def answers(_: int) -> list[dict[str, Any]]:
        results = screen(table_of(20), index=index, asked_at=ASKED_AT, evidence=False)
        return rows_in(results)

    with ThreadPoolExecutor(3) as threads:
        others = list(threads.map(answers, range(3)))
    assert others == [answers(0)] * 3
    assert "result" not in others[0][0]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"columns": {"name": "Firm"}}, "columns"),
        ({"columns": {"nome": "Company"}}, "columns"),
        ({"threshold": 1.5}, "threshold"),
        ({"limit": 0}, "limit"),
        ({"lists": "un_sc"}, "lists"),
        ({"lists": ["zz"]}, r"lists\[0\]"),
        ({"asked_at": ASKED_AT.replace(tzinfo=None)}, "asked_at"),
        ({"colums": {}}, "colums"),
        ({"dsn": "postgresql:///x"}, "dsn"),
        ({"index": "nowhere.index"}, "index"),
    ],
)
def test_what_cannot_be_asked_is_named(index: Path, asked: dict[str, object], field: str):
    with pytest.raises(BadInputError, match=f"^{field}: "):
        screen_anyhow(table_of(1), **{"index": index, **asked})


def test_the_commands_of_the_guide_screen_a_file(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def run(command: str, *more: str) -> tuple[int, str]:
        result = CliRunner().invoke(commands, [*shlex.split(command)[1:], *DAYS, *more])
        return result.exit_code, str(result.exception)

    monkeypatch.chdir(tmp_path)
    table = tmp_path / "customers.parquet"
    write_parquet(table_of(240), table)
    (tmp_path / "lists.index").symlink_to(index)
    day = ASKED_AT.date()
    expected = rows_in(screen(table_of(240), index=index, as_of=day, known_at=day))
    to_file, to_folder, _ = GUIDED
    for command in (to_file, to_file.replace("results.parquet", "results.arrow"), to_folder):
        assert run(command)[0] == EXIT_HITS
    assert rows_in(read_parquet("results.parquet")) == expected
    assert rows_in(read_ipc("results.arrow")) == expected
    assert rows_in(read_parquet("results/rows-0000000001-0000000240.parquet")) == expected
    for wrong, reason in (
        (to_file.replace("results.parquet", "r.csv"), "r.csv"),
        (f"{to_file} --url http://x", "--url"),
        (f"{to_file} --dask tcp://x:1", "--out"),
        ("abeyance screen customers.parquet --out new", "--index"),
        ("abeyance screen customers.parquet", "--out"),
        ("abeyance screen Rosneft --index lists.index", "--index"),
    ):
        assert reason in run(wrong)[1]
    table.write_bytes(table.read_bytes()[:-9])
    assert "no whole Parquet file" in run(to_file)[1]
    assert not [*tmp_path.glob(".results*"), *tmp_path.glob("new/*")]


class Stopped(HereWorkers):
    """Workers that are stopped after some parts."""

    def __init__(self, after: int) -> None:
        self._after = after

    @override
    def results(self, tasks: Iterator[PartTask]) -> Iterator[tuple[TablePart, bytes]]:
        yield from super().results(islice(tasks, self._after))
        raise KeyboardInterrupt


def files_in(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.glob("rows-*"))}


@pytest.fixture
def undisturbed(index: Path, table: Path, tmp_path: Path) -> PartedRun:
    """A run that ended, part by part in one process."""
    asked = PartedRun(
        table=table,
        out=tmp_path / "whole",
        index=IndexFile.at(index),
        question=question(),
        rows_in_a_part=20,
    )
    assert screen_into(asked, HereWorkers()).rows == 240
    return asked


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(
    undisturbed: PartedRun, tmp_path: Path
):
    run = replace(undisturbed, out=tmp_path / "parts")
    with pytest.raises(KeyboardInterrupt):
        screen_into(run, Stopped(5))
    first = files_in(run.out)
    assert len(first) == 5
    (run.out / "rows-0000000101-0000000120.parquet.part").write_bytes(b"half")
    with (run.out / RECORD).open("ab") as record:
        record.write(b'{"type":"part","part"')
    for changed in (
        replace(run, question=question(threshold=0.9)),
        replace(run, rows_in_a_part=30),
    ):
        with pytest.raises(ChangedMeanwhileError):
            screen_into(changed, HereWorkers())
    unknown = question(columns=(FieldChoice("name", "Firm"),))
    with pytest.raises(BadInputError, match="no column is called"):
        screen_into(replace(run, question=unknown, restart=True), HereWorkers())
    assert files_in(run.out).items() >= first.items()
    done = list[int]()
    # asked again later, it is answered as of the moment when it was begun
    later = replace(run.question, asked_at=ASKED_AT + timedelta(days=2))
    again = replace(run, question=later)
    assert screen_into(again, HereWorkers(), lambda counts: done.append(counts.rows)).rows == 240
    assert done == list(range(100, 241, 20))
    assert files_in(run.out) == files_in(undisturbed.out)
    run.index.path.rename(run.index.path.with_suffix(".elsewhere"))
    with pytest.raises(ClusterFailedError, match="cannot be read"):
        screen_into(replace(run, out=tmp_path / "lost"), HereWorkers())
    run.index.path.with_suffix(".elsewhere").rename(run.index.path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    with pytest.raises(BadInputError, match="has other files"):
        screen_into(replace(run, out=tmp_path / "other"), HereWorkers())


@pytest.mark.slow
def test_a_worker_of_a_cluster_that_is_killed_loses_and_doubles_nothing(
    undisturbed: PartedRun, tmp_path: Path
):
    run = replace(undisturbed, out=tmp_path / "cluster")
    start = cast("Callable[..., AbstractContextManager[Cluster]]", LocalCluster)
    with start(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        workers = [each.pid for each in cluster.workers.values()]

        def kill(counts: Counts) -> None:
            if counts.rows == 40:
                os.kill(workers[0], signal.SIGKILL)

        counts = screen_into(run, DaskWorkers(cluster.scheduler_address), kill)
    assert counts.rows == 240
    assert files_in(run.out) == files_in(undisturbed.out)


def test_the_guide_screens_on_a_cluster(undisturbed: PartedRun, tmp_path: Path):
    """The cluster's one worker is a thread of this process, which starts sooner."""
    run = replace(undisturbed, out=tmp_path / "cluster")
    start = cast("Callable[..., AbstractContextManager[Cluster]]", LocalCluster)
    here = {"processes": False, "protocol": "tcp", "dashboard_address": None}
    with start(n_workers=1, threads_per_worker=1, **here) as cluster:
        counts = screen_into(run, DaskWorkers(cluster.scheduler_address))
        guided = GUIDED[-1].replace("tcp://scheduler:8786", cluster.scheduler_address)
        guided = guided.replace("customers.parquet", str(run.table))
        guided = guided.replace("lists.index", str(run.index.path))
        guided = guided.replace("results/", str(tmp_path / "guided"))
        done = CliRunner().invoke(commands, [*shlex.split(guided)[1:], "--exit-zero"])
        assert done.exit_code == 0, done.output
    assert len(files_in(tmp_path / "guided")) == 1
    assert counts.rows == 240
    assert files_in(run.out) == files_in(undisturbed.out)
