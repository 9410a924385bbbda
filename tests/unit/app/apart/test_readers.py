"""Files read in a process of its own: the same answers, and an end to what takes too long."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.history import EditionPrinter
from abeyance_screening.engine.lists.load import wanted_by_name
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.tables import Counts, ReadRow, evidence_of, party_rows, summary_of
from abeyance_screening.features.evidence.document import PdfRequest, PrintRequest
from abeyance_screening.features.evidence.pdf import Judgement
from abeyance_screening.features.jobs.sandbox_work import RowsRequest
from abeyance_screening.features.jobs.types import JobTerms
from abeyance_screening.features.jobs.worker import RowsInChild
from abeyance_screening.features.tables.files import lines_for
from abeyance_screening.features.tables.requests import TablesInChild
from abeyance_screening.platform.sandbox import list_reader as readers
from abeyance_screening.platform.sandbox import pool
from abeyance_screening.platform.sandbox.file_writer import FilesInChild
from abeyance_screening.platform.sandbox.list_reader import (
    HistoryInChild,
    ReaderHere,
    ReaderInChild,
)
from abeyance_screening.platform.sandbox.pool import Limits
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    BrokenOffError,
    BusyError,
    ListRefusedError,
    StoreUnavailableError,
)
from abeyance_screening.primitives.fair_scheduler import Work
from tests.served import wait_for
from tests.unit.jobs import test_results as job_results
from tests.unit.tables.results import answer_of, hit_of, result_of

FIXTURES = Path(__file__).parents[3] / "fixtures"
DFAT = "au_dfat/Australian_Sanctions_Consolidated_List.xlsx"
CSL = next(each for each in bundled_editions() if each.source == "us_csl")
ASKS_FOR_THE_CSL = """
import asyncio
from tests.unit.app.apart.test_readers import read_csl
asyncio.run(read_csl(300))
"""


def apart(seconds: int = 300, megabytes: int = 2_000) -> ReaderInChild:
    settings = Settings(data_dir=Path(), read_seconds=seconds, read_megabytes=megabytes)
    return ReaderInChild(settings)


async def read_csl(seconds: int, megabytes: int = 2_000) -> None:
    await apart(seconds, megabytes).read_files("us_csl", read_bundled(CSL), ("us_csl",), None)


def written(kind: str, files: FilesInChild) -> Awaitable[bytes]:
    """Results of one counterparty as a workbook, or the evidence as a PDF."""
    result = result_of("Hikvision", hit_of("Hikvision"))
    answer = answer_of(result)
    if kind == "pdf":
        judgement = Judgement(decision="", by="", reason="")
        wanted = PrintRequest(given={}, judgement=judgement)
        pieces = (msgspec.json.encode(answer),)
        return files.evidence(msgspec.msgpack.encode(PdfRequest(pieces=pieces, wanted=wanted)))
    read = ReadRow(number=2, counterparty=Counterparty(name="Hikvision"), warnings=())
    summary = summary_of("t.csv", ("CSV",), answer, Counts().with_result(result))
    rows = list(evidence_of(read, result, answer))
    return files.results(lines_for("xlsx", party_rows(read, result, answer), rows, summary))


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def children_of(parent: int) -> list[int]:
    """The processes that work apart for another."""
    found = list[int]()
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if b"abeyance_screening.platform.sandbox.child" in words and str(parent).encode() in words:
            found.append(int(entry.name))
    return found


def child_of(parent: int) -> int:
    """The first of them, once there is one."""
    while not (found := children_of(parent)):
        time.sleep(0.01)
    return found[0]


@pytest.mark.parametrize(
    ("source", "code", "place"),
    [
        pytest.param("us_csl", None, "us_csl/consolidated_2026.json", id="an edition"),
        pytest.param("us_ofac_sdn", None, "us_ofac/delta_2025-02-13.xml", id="a delta"),
        pytest.param("au_dfat", None, DFAT, id="a workbook"),
        pytest.param("own", "mine", "own/suppliers.jsonl", id="a list of one's own"),
    ],
)
async def test_what_is_read_apart_is_what_is_read_here(source: str, code: str | None, place: str):
    files = (GivenFile(place, (FIXTURES / place).read_bytes()),)
    asked = (code or source, files, (source,), code)
    assert await apart().read_files(*asked) == await ReaderHere().read_files(*asked)


@pytest.mark.parametrize("kind", ["xlsx", "pdf"])
async def test_a_file_written_apart_has_the_bytes_of_one_written_here(kind: str):
    there, here = [await written(kind, FilesInChild(small_bytes=n)) for n in (0, 10_000_000)]
    assert there == here
    assert there.startswith(b"%PDF" if kind == "pdf" else b"PK")


async def test_a_file_of_a_job_is_written_apart_while_its_parts_come():
    async def frames(fault: Exception | None) -> AsyncGenerator[bytes]:
        for each in job_results.frames("parquet"):
            yield each
        if fault is not None:
            raise fault

    files = FilesInChild(small_bytes=0)
    pieces = [each async for each in files.job_file(frames(None))]
    assert b"".join(pieces) == job_results.written("parquet")
    # what breaks off is no file
    with pytest.raises(StoreUnavailableError):
        _ = [each async for each in files.job_file(frames(StoreUnavailableError()))]


async def test_a_file_that_takes_too_long_is_not_written_and_leaves_nothing_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    files = FilesInChild(Limits(seconds=0, megabytes=1_000), small_bytes=0)
    with pytest.raises(
        BadInputError, match="could not be written, because it took more than 0 s of CPU"
    ):
        await written("xlsx", files)
    assert left_in(tmp_path) == []
    assert children_of(os.getpid()) == []


@pytest.mark.parametrize(
    "content", [pytest.param(b"<html>", id="a list"), pytest.param(b'{"id": ""}', id="a row")]
)
async def test_what_is_refused_apart_is_refused_in_the_same_words(content: bytes):
    refused = list[AbeyanceError]()
    for reader in (apart(), ReaderHere()):
        with pytest.raises(AbeyanceError) as error:
            await reader.read_files("mine", (GivenFile("a file", content),), ("own",), "mine")
        refused.append(error.value)
    there, here = refused
    assert (type(there), str(there)) == (type(here), str(here))


async def test_a_file_that_takes_too_long_is_refused_and_its_reader_gone():
    with pytest.raises(ListRefusedError, match=r"us_csl.* took more than 0 s of CPU"):
        await read_csl(0)
    assert children_of(os.getpid()) == []


TABLE = b"Company,Country\nHikvision,CN\nMuster Gartenbau GmbH,DE\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_table_is_read_however_long_its_reader_gets_no_turn():
    tables = TablesInChild(Limits(seconds=3, megabytes=1_000))
    reading = asyncio.create_task(tables.read_table(TABLE, "parties.csv", 100))
    child = await asyncio.to_thread(child_of, os.getpid())
    os.kill(child, signal.SIGSTOP)
    # longer than its seconds of CPU, none of which it uses
    await asyncio.sleep(3.5)
    os.kill(child, signal.SIGCONT)
    assert b"Muster Gartenbau GmbH" in await reading


async def test_work_that_the_machine_starves_may_be_tried_again_and_blames_no_file(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pool, "_LEAST_WALL_S", 0.0)
    monkeypatch.setattr(pool, "_WALL_FOR_CPU", 0)
    with pytest.raises(BusyError, match="did not get 60 s of CPU within 0 s"):
        await TablesInChild().read_table(TABLE, "parties.csv", 100)
    assert children_of(os.getpid()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_work_whose_process_the_system_kills_may_be_tried_again():
    reading = asyncio.create_task(TablesInChild().read_table(TABLE, "parties.csv", 100))
    os.kill(await asyncio.to_thread(child_of, os.getpid()), signal.SIGKILL)
    with pytest.raises(BusyError, match="was killed"):
        await reading


@pytest.mark.skipif(sys.platform != "linux", reason="macOS takes no limit of memory")
async def test_a_file_that_takes_too_much_memory_is_refused():
    with pytest.raises(ListRefusedError, match="needed more than 150 MB of memory"):
        await read_csl(300, 150)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_file_that_makes_its_reader_crash_is_refused():
    reading = asyncio.create_task(read_csl(300))
    os.kill(await asyncio.to_thread(child_of, os.getpid()), signal.SIGSEGV)
    with pytest.raises(ListRefusedError, match="SIGSEGV"):
        await reading


@pytest.mark.parametrize(
    ("share", "megabytes", "size", "reason"),
    [
        pytest.param(0.0, 2_000, None, "cannot be opened: No such file", id="one in each process"),
        pytest.param(1.0, 90, 60_000_000, "needed more than 90 MB", id="one is too much for all"),
    ],
)
async def test_an_edition_read_with_others_is_what_it_is_by_itself(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    share: float,
    megabytes: int,
    size: int | None,
    reason: str,
):
    monkeypatch.setattr(readers, "_SHARE_FOR_MANY", share)
    place, bad = FIXTURES / "un_sc" / "history" / "2020-03-20.xml", tmp_path / "bad.xml"
    if size is not None:
        bad.write_bytes(b"<x>" + b" " * size)
    settings = Settings(data_dir=Path(), read_megabytes=megabytes)
    wanted = wanted_by_name("un_sc")
    refused, printed = await HistoryInChild(settings, 1).read(wanted, [[bad], [place]])
    assert f"bad.xml {reason}" in str(refused)
    files = (GivenFile(place.name, place.read_bytes()),)
    here = EditionPrinter(wanted).printed(files, read_files("un_sc", files, sources=("un_sc",)))
    assert printed == here


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_who_stops_waiting_leaves_no_reader_behind():
    reading = asyncio.create_task(read_csl(300))
    await asyncio.to_thread(child_of, os.getpid())
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children_of(os.getpid()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_who_is_stopped_twice_leaves_no_reader_behind_that_goes_slowly(
    monkeypatch: pytest.MonkeyPatch,
):
    """A service that ends cancels its work, and then its loop whatever is not over yet."""
    kill = pool._kill
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(pool, "_kill", lambda process: loop.call_later(0.5, kill, process))
    reading = asyncio.create_task(read_csl(300))
    await asyncio.to_thread(child_of, os.getpid())
    for _ in range(20):
        reading.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children_of(os.getpid()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_who_takes_a_table_only_in_part_leaves_no_reader_behind():
    """So much waits to be taken that the rest of it would never be read."""
    rows = b"".join(b"Baltic Harbour %d Ltd,FI\n" % number for number in range(100_000))
    days = Days(as_of=date(2026, 11, 24), known_at=date(2026, 11, 24))
    terms = JobTerms(asked_at=datetime(2026, 11, 24, tzinfo=UTC), days=days)

    async def table() -> AsyncGenerator[bytes]:
        yield b"Company,Country\n" + rows

    reading = RowsInChild().read(RowsRequest("csv", terms), table())
    async with asyncio.timeout(120), aclosing(reading) as chunks:
        async for chunk in chunks:
            assert chunk.fault is None
            # by now the reader has written more than a pipe and its buffer hold
            await asyncio.sleep(2)
            break
    assert children_of(os.getpid()) == []


def test_a_reader_ends_with_the_process_that_asks():
    root = Path(__file__).parents[4]
    asking = subprocess.Popen([sys.executable, "-c", ASKS_FOR_THE_CSL], cwd=root)
    try:
        child_of(asking.pid)
    finally:
        asking.kill()
        asking.wait()
    wait_for(lambda: children_of(asking.pid) == [], "an end of the reader")


@pytest.mark.parametrize("kind", ["list", "pdf"])
async def test_work_apart_ends_when_its_client_leaves(kind: str):
    with Work(60) as request:
        files = FilesInChild(small_bytes=0)
        work = read_csl(300) if kind == "list" else written(kind, files)
        reading = asyncio.ensure_future(work)
        child = await asyncio.to_thread(child_of, os.getpid())
        request.abandon()
        with pytest.raises(BrokenOffError):
            await reading
    assert child not in children_of(os.getpid())
