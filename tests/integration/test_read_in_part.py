"""Files with parts that no reader knows, from the file to the answer."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import UnknownPart
from abeyance_screening.engine.screening.answer import Hit
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.engine.wording.hits import hit_notes
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import Days
from tests.integration.loads import NOW, covered, load
from tests.integration.played import BOARD

FILE = (Path(__file__).parents[1] / "fixtures/un_sc/consolidated_2026.xml").read_bytes()
FIRST = "AL-QAIDA"


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate listing_version, edition, load_attempt cascade")
        yield StoreOnConnection(connection)


async def hits(store: StoreOnConnection, name: str) -> list[Hit]:
    current = CurrentIndex()
    await current.catch_up(store)
    days = Days(as_of=NOW.date(), known_at=NOW.date())
    asked = ScreeningQuestion(counterparties=(Counterparty(name=name),), lists=("un_sc",))
    question = question_from(asked, days)
    screener = Screener(current.get(), BOARD, question, NOW.date())
    return list((await screener.result(question.counterparties[0])).hits)


def after(tag: str, added: str) -> bytes:
    """The file with something added behind the first element with a tag."""
    return FILE.replace(f"</{tag}>".encode(), f"</{tag}>{added}".encode(), 1)


async def test_an_unknown_element_is_said_and_leaves_the_answer_complete(
    store: StoreOnConnection,
):
    report = await load(store, "un_sc", after("DATAID", "<FLAG>red</FLAG>"), accepted=True)

    assert (report.outcome, report.entry_count) == ("loaded", 23)
    assert report.reason == "read in part: element 'FLAG' of INDIVIDUAL (1)"
    (on_list,) = (await covered(store, "un_sc", date(2026, 2, 27))).lists
    assert on_list.state == "fresh"
    part = UnknownPart(what="element 'FLAG' of INDIVIDUAL", count=1, example="red")
    assert on_list.read_in_part == (part,)
    assert on_list.reason == report.reason


async def test_where_a_name_may_hide_the_list_was_searched_in_part(store: StoreOnConnection):
    await load(store, "un_sc", after("DATAID", "<OTHER_NAME>Ali</OTHER_NAME>"), accepted=True)

    coverage = await covered(store, "un_sc", date(2026, 2, 27))
    (on_list,) = coverage.lists
    assert (coverage.complete, on_list.state) == (False, "in_part")
    assert on_list.reason == ("read in part: element 'OTHER_NAME' of INDIVIDUAL may hide names")


async def test_a_record_that_cannot_be_read_is_found_and_its_measures_are_unknown(
    store: StoreOnConnection,
):
    place = FILE.index(b"<FIRST_NAME>AL-QAIDA")
    day = FILE.index(b"<LISTED_ON>", place)
    end = FILE.index(b"</LISTED_ON>", place) + len(b"</LISTED_ON>")
    report = await load(store, "un_sc", FILE[:day] + FILE[end:], accepted=True)

    assert (report.outcome, report.entry_count) == ("loaded", 23)
    found = {hit.listing.primary_name: hit for hit in await hits(store, FIRST)}
    hit = found[FIRST]
    assert hit.listing.unread is not None
    assert "'LISTED_ON' is missing" in hit.listing.unread
    assert "Al Qaeda" in " ".join(name.text for name in hit.listing.names).title()
    gap = next(each for each in hit.measures if each.id == "not-in-register")
    assert gap.status == "unknown"
    assert "'LISTED_ON' is missing" in " ".join(note.line for note in hit_notes(gap, hit))
    assert all(each.listing.unread is None for each in await hits(store, "Taliban"))


async def test_the_next_whole_edition_reads_it_again(store: StoreOnConnection):
    await load(store, "un_sc", after("DATAID", "<OTHER_NAME>Ali</OTHER_NAME>"), accepted=True)
    later = FILE.replace(b'dateGenerated="2026-02-27', b'dateGenerated="2026-02-28', 1)
    report = await load(store, "un_sc", later, accepted=True)

    assert (report.outcome, report.reason, report.changed) == ("loaded", None, 1)
    (on_list,) = (await covered(store, "un_sc", date(2026, 2, 28))).lists
    assert (on_list.state, on_list.read_in_part) == ("fresh", ())
