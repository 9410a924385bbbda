"""A programme code that nobody knows, from OFAC's file to the answer."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, load_files, wanted_by_name
from abeyance_screening.engine.measures.status_table import binds
from abeyance_screening.engine.screening.answer import Hit
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import Days
from tests.integration.played import BOARD

NOW = datetime(2022, 3, 25, 12, tzinfo=UTC)
NAME = "Mohammed Abu Teir"
CONTENT = (
    (Path(__file__).parents[1] / "fixtures/us_ofac/consolidated_2022.xml")
    .read_bytes()
    .replace(b"<program>NS-PLC</program>", b"<program>ZZZ-EO14999</program>", 1)
)


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate listing_version, edition, load_attempt cascade")
        yield StoreOnConnection(connection)


async def load(store: StoreOnConnection, wanted: str) -> dict[str, int]:
    given = ListFiles(
        wanted=wanted_by_name(wanted),
        files=(GivenFile("consolidated.xml", CONTENT),),
        offered_at=NOW,
        accepted=True,
    )
    return {
        each.list_code: each.entry_count
        for each in await load_files(store, given, NOW, ReaderHere())
    }


async def hits(store: StoreOnConnection, lists: tuple[str, ...] | None) -> dict[str, Hit]:
    current = CurrentIndex(past=store)
    await current.catch_up(store)
    day = date(2022, 3, 25)
    days = Days(as_of=day, known_at=day)
    asked = ScreeningQuestion(counterparties=(Counterparty(name=NAME),), lists=lists)
    question = question_from(asked, days)
    screener = Screener(await current.on(day), BOARD, question, day)
    result = await screener.result(question.counterparties[0])
    return {hit.listing.id: hit for hit in result.hits}


@pytest.mark.parametrize("wanted", ["us_ofac_cons", "us_ofac_plc"])
async def test_its_party_is_found_by_whichever_list_is_asked_for(
    store: StoreOnConnection, wanted: str
):
    loaded = await load(store, wanted)
    assert loaded["us_ofac_nonsdn"] == 1
    assert loaded["us_ofac_plc"] == 1
    for lists in (None, ("us_ofac_plc",), ("us_ofac_cmic",), ("us_ofac_nonsdn",)):
        found = await hits(store, lists)
        assert list(found) == ["us_ofac_nonsdn-9640"], lists
    assert await hits(store, ("us_ofac_sdn",)) == {}


async def test_it_is_marked_and_counts_as_restricted(store: StoreOnConnection):
    await load(store, "us_ofac_cons")
    hit = (await hits(store, ("us_ofac_ssi",)))["us_ofac_nonsdn-9640"]
    assert hit.unknown_programmes == ("ZZZ-EO14999",)
    (measure,) = hit.measures
    assert (measure.id, measure.status) == ("not-in-register", "unknown")
    assert binds(measure.status)
    assert "list_not_known" in {fact.kind for fact in hit.listing.facts}
