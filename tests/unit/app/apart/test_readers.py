"""Files read in a process of its own: the same answers, and an end to what takes too long."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.app.apart import readers
from service.app.apart.readers import ApartHistory, ApartReader, HereReader
from service.errors import AbeyanceError, ListRefusedError
from service.lists.bundled import bundled_editions, read_bundled
from service.lists.edition import GivenFile
from service.lists.formats import read_files
from service.lists.history import EditionPrinter
from service.lists.load import wanted_by_name
from service.settings import Settings

FIXTURES = Path(__file__).parents[3] / "fixtures"
DFAT = "au_dfat/Australian_Sanctions_Consolidated_List.xlsx"
CSL = next(each for each in bundled_editions() if each.source == "us_csl")
ASKS_FOR_THE_CSL = """
import asyncio
from tests.unit.app.apart.test_readers import read_csl
asyncio.run(read_csl(300))
"""


def apart(seconds: int = 300, megabytes: int = 2_000) -> ApartReader:
    settings = Settings(data_dir=Path(), read_seconds=seconds, read_megabytes=megabytes)
    return ApartReader(settings)


async def read_csl(seconds: int, megabytes: int = 2_000) -> None:
    await apart(seconds, megabytes).read_files("us_csl", read_bundled(CSL), ("us_csl",), None)


def children_of(parent: int) -> list[int]:
    """The processes that work apart for another."""
    found = list[int]()
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if b"service.app.apart.child" in words and str(parent).encode() in words:
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
    assert await apart().read_files(*asked) == await HereReader().read_files(*asked)


@pytest.mark.parametrize(
    "content", [pytest.param(b"<html>", id="a list"), pytest.param(b'{"id": ""}', id="a row")]
)
async def test_what_is_refused_apart_is_refused_in_the_same_words(content: bytes):
    refused = list[AbeyanceError]()
    for reader in (apart(), HereReader()):
        with pytest.raises(AbeyanceError) as error:
            await reader.read_files("mine", (GivenFile("a file", content),), ("own",), "mine")
        refused.append(error.value)
    there, here = refused
    assert (type(there), str(there)) == (type(here), str(here))


async def test_a_file_that_takes_too_long_is_refused_and_its_reader_gone():
    began = time.monotonic()
    with pytest.raises(ListRefusedError, match=r"us_csl.* took longer than 1 s"):
        await read_csl(1)
    assert time.monotonic() - began < 5
    assert children_of(os.getpid()) == []


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
    refused, printed = await ApartHistory(settings, 1).read(wanted, [[bad], [place]])
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
def test_a_reader_ends_with_the_process_that_asks():
    root = Path(__file__).parents[4]
    asking = subprocess.Popen([sys.executable, "-c", ASKS_FOR_THE_CSL], cwd=root)
    try:
        child_of(asking.pid)
    finally:
        asking.kill()
        asking.wait()
    until = time.monotonic() + 5
    while (left := children_of(asking.pid)) and time.monotonic() < until:
        time.sleep(0.01)
    assert left == []
