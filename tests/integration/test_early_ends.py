"""A CSV file that was cut between two lines, with an honest length, replaces no whole one."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

import pytest
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, load_files, wanted_by_name
from abeyance_screening.engine.lists.refresh import Refresher
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.publishers import HttpPublisher
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.errors import ListRefusedError
from tests.integration.conftest import wait_until_ready
from tests.integration.loads import NOW, covered
from tests.publisher import Publisher
from tests.served import FixedClock

UK = "uk_sl"
PATH = "/sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.csv"
IMPATIENT = Patience(tries=1, connect_s=2, read_s=5, total_s=20, first_wait_s=0)
(BUNDLED,) = (each for each in bundled_editions() if each.source == UK)
(FILE,) = (each.content for each in read_bundled(BUNDLED))
DATE, HEADER, *ROWS = FILE.decode("utf-8-sig").splitlines(keepends=True)
IDS = [row["Unique ID"] for row in csv.DictReader(io.StringIO("".join([HEADER, *ROWS])))]
ENTRIES = list(dict.fromkeys(IDS))
LATER = DATE.replace("29-Apr-2026", "30-Apr-2026")


def cut(gone: int, date: str = DATE) -> bytes:
    """The file up to the line where the first of so many entries begins."""
    kept = list(takewhile(lambda each: each not in set(ENTRIES[-gone:]), IDS))
    return "".join([date, HEADER, *ROWS[: len(kept)]]).encode()


def without(regime: str) -> bytes:
    """The file of the next day without a regime."""
    rows = (row for row, of in zip(ROWS, IDS, strict=True) if not of.startswith(regime))
    return "".join([LATER, HEADER, *rows]).encode()


@pytest.fixture
async def store(listed_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(listed_database) as connection:
        yield StoreOnConnection(connection)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


async def load(store: StoreOnConnection, content: bytes, *, accepted: bool = False) -> LoadReport:
    given = ListFiles(
        wanted=wanted_by_name(UK), files=(GivenFile("uk.csv", content),), accepted=accepted
    )
    (report,) = await load_files(store, given, NOW, ReaderHere())
    return report


async def refresh(store: StoreOnConnection, publisher: Publisher, content: bytes) -> LoadReport:
    publisher.serve(PATH, content)
    asked = HttpPublisher(publisher.url(""), IMPATIENT)
    later = NOW + timedelta(hours=6)
    (report,) = await Refresher(store, asked, ReaderHere(), later).refresh(
        SOURCE_BY_CODE[UK], None
    )
    return report


def test_all_of_yemen_and_venezuela_end_the_file():
    assert {each[:3] for each in ENTRIES[-67:]} == {"VEN", "YEM"}
    assert len(ENTRIES) == 6046


@pytest.mark.parametrize(
    "date", [pytest.param(DATE, id="same day"), pytest.param(LATER, id="later")]
)
async def test_a_list_cut_between_two_lines_is_refused_and_told_with_every_answer(
    store: StoreOnConnection, publisher: Publisher, date: str
):
    report = await refresh(store, publisher, cut(352, date))
    assert report.outcome == "refused"
    assert "the file may end early: " in (report.reason or "")
    (shown,) = (await covered(store, UK)).lists
    assert (shown.state, shown.entry_count) == ("kept", 6046)
    assert "the file may end early" in (shown.reason or "")


async def test_an_operator_may_load_it_all_the_same(listed_database: str):
    async with connected(listed_database) as connection:
        undone = connection.transaction()
        await undone.start()
        store = StoreOnConnection(connection)
        with pytest.raises(ListRefusedError, match="352 of them stood at the end"):
            await load(store, cut(352, LATER))
        report = await load(store, cut(352, LATER), accepted=True)
        assert (report.outcome, report.gone) == ("loaded", 352)
        await undone.rollback()


async def test_a_cut_is_found_though_an_earlier_version_did_not_keep_the_order(
    store: StoreOnConnection, publisher: Publisher
):
    async with store.loading() as transaction:
        await transaction.put_listing_order(UK, UK, [])
    assert (await refresh(store, publisher, FILE)).outcome == "unchanged"
    assert (await refresh(store, publisher, cut(352, LATER))).outcome == "refused"


def test_a_regime_that_was_lifted_loads_and_is_told_on_the_lists_page(
    listed_database: str, bundled_index: ListingIndex
):
    async def lift() -> LoadReport:
        async with connected(listed_database) as connection:
            return await load(StoreOnConnection(connection), without("SYR"))

    settings = Settings(data_dir=Path(), database_url=listed_database)
    app = create_app(settings, bundled_index, FixedClock(NOW))
    report = asyncio.run(lift())
    assert (report.outcome, report.gone) == ("loaded", 353)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        page = " ".join(client.get("/lists").text.split())
    assert "UK Sanctions List, edition of 30 Apr 2026: " in page
    assert "353 gone; no entry names SYR any more" in page
