"""An exporter asks about a name of an EU annex: from the consolidated text to the answer."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, load_files, wanted_by_name
from abeyance_screening.engine.screening.answer import CounterpartyResult
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import Days
from tests.integration.loads import covered
from tests.integration.played import BOARD

NOW = datetime(2026, 7, 25, 12, tzinfo=UTC)
DAY = NOW.date()
FILES = Path(__file__).parents[1] / "fixtures/eu_annexes"
RUSSIA, BELARUS = "02014R0833-20250720.html", "02006R0765-20220604.html"


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate listing_version, edition, load_attempt cascade")
        yield StoreOnConnection(connection)


async def give(store: StoreOnConnection, wanted: str, name: str) -> dict[str, int]:
    file = GivenFile(name, (FILES / name).read_bytes())
    given = ListFiles(wanted=wanted_by_name(wanted), files=(file,))
    reports = await load_files(store, given, NOW, ReaderHere())
    return {each.list_code: each.entry_count for each in reports}


async def ask(store: StoreOnConnection, name: str) -> CounterpartyResult:
    current = CurrentIndex()
    await current.catch_up(store)
    days = Days(as_of=DAY, known_at=DAY)
    asked = ScreeningQuestion(counterparties=(Counterparty(name=name),))
    question = question_from(asked, days)
    screener = Screener(current.get(), BOARD, question, DAY)
    return await screener.result(question.counterparties[0])


@pytest.mark.parametrize(
    ("name", "listing", "measure"),
    [
        pytest.param(
            "Al Kos (Harbin) Supply Chain",
            "Arcos Harbin Supply Chain Management Co. Ltd.",
            "eu-russia-military-end-users",
            id="Annex IV, by an alias",
        ),
        pytest.param(
            "Zaliv Amerika", "Jaguar", "eu-russia-vessels", id="Annex XLII, by a former name"
        ),
        pytest.param(
            "Minotor Service",
            "Minotor-Service",
            "eu-belarus-military-end-users",
            id="Annex V of Regulation 765/2006",
        ),
    ],
)
async def test_a_name_of_an_annex_is_a_hit_with_its_ban_in_force(
    store: StoreOnConnection, name: str, listing: str, measure: str
):
    await give(store, "eu_annexes_833", RUSSIA)
    await give(store, "eu_annexes_765", BELARUS)
    best = (await ask(store, name)).hits[0]
    assert best.listing.primary_name == listing
    (found,) = best.measures
    assert (found.id, found.status) == (measure, "in_force")


async def test_a_list_that_is_not_loaded_is_missing_from_what_was_searched(
    store: StoreOnConnection,
):
    codes = ("eu_833_iv", "eu_833_xlii", "eu_765_v")
    assert [(await covered(store, code)).lists[0].state for code in codes] == ["missing"] * 3
    assert (await ask(store, "Arcos Harbin Supply Chain")).outcome == "incomplete"
    assert await give(store, "eu_annexes_833", RUSSIA) == {"eu_833_iv": 11, "eu_833_xlii": 9}
    states = [(await covered(store, code, date(2025, 8, 1))).lists[0].state for code in codes]
    assert states == ["fresh", "fresh", "missing"]


async def test_a_text_of_sixteen_months_ago_is_too_old(store: StoreOnConnection):
    await give(store, "eu_annexes_833", RUSSIA)
    assert (await covered(store, "eu_833_iv")).lists[0].state == "too_old"
