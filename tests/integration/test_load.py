"""Loading files into a real database: all of a file stands afterwards, or none of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, load_files, wanted_by_name
from abeyance_screening.engine.screening.applicable_versions import on_day, speaking
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import MigrationChangedError, migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.errors import BadInputError, ListRefusedError

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE, TWO = {"id": "1", "name": "Quixotic Zeppelin Works"}, {"id": "2", "name": "Borogove Mills"}


@pytest.fixture
async def connection(fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        yield connection


@pytest.fixture
def store(connection: asyncpg.Connection) -> StoreOnConnection:
    return StoreOnConnection(connection)


def own(*entries: dict[str, str]) -> bytes:
    return "\n".join(map(json.dumps, entries)).encode()


async def load(
    store: StoreOnConnection,
    wanted: str,
    content: bytes,
    published_on: date | None = None,
    *,
    accepted: bool = False,
):
    given = ListFiles(
        wanted=wanted_by_name(wanted),
        files=(GivenFile("a file", content),),
        published_on=published_on,
        accepted=accepted,
    )
    return await load_files(store, given, NOW, ReaderHere())


async def stands(store: StoreOnConnection, code: str) -> dict[str, str]:
    """Primary name by entry id of what is current on a list."""
    current = CurrentIndex()
    await current.catch_up(store)
    index = current.get()
    editions, found = index.on_day(NOW.date()), dict[str, str]()
    for entry in map(index.entry, range(index.listing_count)):
        said = speaking(entry, editions, NOW.date())
        if entry.list_code == code and said is not None and said.is_listed:
            listing = on_day(entry, editions, said, NOW.date()).listing
            found[str(listing.entry_id)] = listing.primary_name
    return found


async def state(store: StoreOnConnection, code: str) -> tuple[str, str | None]:
    lists = await store.read_lists()
    (attempt,) = [each for each in lists.attempts if each.list_code == code]
    return attempt.outcome, attempt.reason


async def test_the_next_edition_changes_what_changed_and_drops_what_is_gone(store):
    (first,) = await load(store, "mine", own(ONE, TWO))
    assert (first.outcome, first.listed, first.entry_count) == ("loaded", 2, 2)
    (second,) = await load(
        store, "mine", own({**ONE, "name": "Quixotic Works"}, {**TWO, "id": "3"})
    )
    assert (second.listed, second.changed, second.gone) == (1, 1, 1)
    assert await stands(store, "mine") == {"1": "Quixotic Works", "3": "Borogove Mills"}


async def test_the_same_bytes_again_change_nothing(store):
    await load(store, "same", own(ONE))
    before = await store.read_lists()
    (again,) = await load(store, "same", own(ONE))
    assert again.outcome == "unchanged"
    assert (await store.read_lists()).editions == before.editions


async def test_going_back_to_an_earlier_file_is_a_new_edition(store):
    await load(store, "back", own(ONE))
    await load(store, "back", own(ONE, TWO))
    (third,) = await load(store, "back", own(ONE))
    assert (third.outcome, third.gone) == ("loaded", 1)
    assert await stands(store, "back") == {"1": "Quixotic Zeppelin Works"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="no byte"),
        pytest.param(own(ONE) + b"\n{", "line 2", id="cut off in line 2"),
        pytest.param(own(ONE, ONE), "line 2", id="the same id twice"),
        pytest.param(b"<html><body>moved</body></html>", "HTML", id="a page instead"),
        pytest.param(own(ONE).replace(b"Quixotic", b"Qui\xff"), "UTF-8", id="another encoding"),
    ],
)
async def test_a_refused_file_leaves_the_good_edition_and_says_why(store, content, reason):
    await load(store, "kept", own(ONE, TWO))
    with pytest.raises(ListRefusedError, match=f"(?i){reason}"):
        await load(store, "kept", content)
    outcome, said = await state(store, "kept")
    assert outcome == "refused"
    assert said is not None
    assert reason.lower() in said.lower()
    assert len(await stands(store, "kept")) == 2


async def test_a_refused_first_file_makes_no_list(store):
    with pytest.raises(ListRefusedError):
        await load(store, "never", b"{")
    lists = await store.read_lists()
    assert "never" not in {each.list_code for each in (*lists.editions, *lists.attempts)}


async def test_one_list_can_be_loaded_out_of_a_file_of_many(store):
    content = (FIXTURES / "us_csl" / "consolidated_2026.json").read_bytes()
    reports = await load(store, "us_bis_meu", content, published_on=date(2026, 7, 31))
    assert [report.list_code for report in reports] == ["us_bis_meu"]
    assert {each.list_code for each in (await store.read_lists()).editions} >= {"us_bis_meu"}
    assert "us_bis_el" not in {each.list_code for each in (await store.read_lists()).editions}


async def test_a_day_that_contradicts_the_file_is_refused_and_nothing_stored(store):
    content = (FIXTURES / "un_sc" / "consolidated_2026.xml").read_bytes()
    with pytest.raises(BadInputError, match="published_on: given as 2026-03-01"):
        await load(store, "un_sc", content, published_on=date(2026, 3, 1))
    assert "un_sc" not in {each.list_code for each in (await store.read_lists()).editions}
    (report,) = await load(store, "un_sc", content)
    assert (report.outcome, report.published_on) == ("loaded", date(2026, 2, 27))


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2027, 1, 1)])
async def test_a_day_of_publication_that_has_not_come_is_refused(store, day: date):
    with pytest.raises(BadInputError, match=r"published_on: .* has not come yet"):
        await load(store, "early", own(ONE), published_on=day)


async def test_a_code_of_a_public_list_without_loader_is_no_own_list(store):
    with pytest.raises(BadInputError, match="'us_bis_mieu' is kept for a public list"):
        await load(store, "us_bis_mieu", own(ONE))


async def test_two_loaders_at_once_leave_one_whole_edition(fresh_database: str, store):
    async with connected(fresh_database) as other:
        await asyncio.gather(
            load(store, "race", own(ONE)), load(StoreOnConnection(other), "race", own(TWO))
        )
    assert len(await stands(store, "race")) == 1


async def test_a_migration_that_was_edited_after_it_ran_stops_everything(
    connection: asyncpg.Connection,
):
    ran = await connection.fetchval("select sha256 from migration where name like '0001%'")
    await connection.execute("update migration set sha256 = 'other' where name like '0001%'")
    with pytest.raises(MigrationChangedError, match=r"0001_editions\.sql"):
        await migrate(connection)
    await connection.execute("update migration set sha256 = $1 where name like '0001%'", ran)


async def test_a_single_chinese_announcement_adds_to_the_gathered_ones(store):
    folder = FIXTURES / "cn_announcements"
    gathered = (folder / "gathered.json").read_bytes()
    (first,) = await load(store, "cn_ecl", gathered, accepted=True)
    page = (folder / "ecl_2026_30_remade.html").read_text("utf-8")
    later = page.replace("2026年07月24日", "2026年11月20日").replace(
        "2026年7月24日", "2026年11月20日"
    )
    (second,) = await load(store, "cn_ecl", later.encode())
    assert (second.outcome, second.reason) == ("loaded", None)
    assert (second.changed, second.gone) == (0, 0)
    assert second.listed > 0
    assert second.entry_count == first.entry_count + second.listed


@pytest.mark.parametrize("code", ["", "A", "1a", "a-b", "a b", "x" * 64, "ä"])
async def test_what_is_no_list_code_makes_no_list(store, code: str):
    with pytest.raises(BadInputError, match="list"):
        await load(store, code, own(ONE))
