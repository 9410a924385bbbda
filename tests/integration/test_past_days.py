"""Past days: older versions stay in the database until a question about them comes."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import override

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.lists.edition import EditionSpan, ListingVersion, StoredLists
from abeyance_screening.engine.screening.applicable_versions import spans_of_days
from abeyance_screening.engine.screening.index.current import MONTHS_KEPT, CurrentIndex
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import ListRefusedError, StoreUnavailableError
from tests.integration.loads import all_newest, load
from tests.integration.played import BOARD, MILLS, OWN_SOURCE, TODAY, WORKS, Desk, Plays
from tests.integration.played import listing as made_up

FOLDER = Path(__file__).parent.parent / "fixtures" / "un_sc" / "history"
FILES = {path.stem: path.read_bytes() for path in sorted(FOLDER.iterdir())}
NAMES = ("AL-QAIDA", "BARZAN IBRAHIM HASAN AL-TIKRITI", "HARAKAT SHABAAB AL-MUJAHIDIN", "SANA")
EDGES = tuple(date.fromisoformat(day) for day in FILES)


class Counting:
    """A store that counts how often the past is read from it."""

    def __init__(self, store: StoreOnConnection) -> None:
        self._store = store
        self.reads = 0

    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        self.reads += 1
        return await self._store.read_past(spans_of, since)


class Slow(Counting):
    """A store whose reading of the past ends when a test says so."""

    def __init__(self, store: StoreOnConnection) -> None:
        super().__init__(store)
        self.has_read, self.may_end = asyncio.Event(), asyncio.Event()

    @override
    async def read_past(
        self, spans_of: Callable[[StoredLists], Sequence[EditionSpan]], since: int
    ) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
        read = await super().read_past(spans_of, since)
        self.has_read.set()
        await self.may_end.wait()
        return read


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate listing_version, edition, load_attempt cascade")
        yield StoreOnConnection(connection)


@pytest.fixture
async def five(store: StoreOnConnection) -> StoreOnConnection:
    for content in FILES.values():
        assert (await load(store, "un_sc", content)).outcome == "loaded"
    return store


def version_count(index: ListingIndex) -> int:
    return sum(len(index.entry(place).versions) for place in range(index.listing_count))


async def test_only_the_newest_version_of_each_listing_is_in_memory(five: StoreOnConnection):
    current = CurrentIndex(past=five)
    await current.catch_up(five)
    index = current.get()
    assert version_count(index) == index.listing_count == 16
    assert await current.on(EDGES[-1]) is index
    assert await current.on(EDGES[-1] + timedelta(days=1)) is index
    assert version_count(await current.on(EDGES[1])) > index.listing_count


async def _everything(store: StoreOnConnection) -> ListingIndex:
    """An index of every version there ever was."""
    lists, current = await all_newest(store)
    _, older = await store.read_past(lambda lists: spans_of_days(lists, EDGES[0], EDGES[-1]), 0)
    by_key = {(each.listing_id, each.first_edition): each for each in (*current, *older)}
    places = {each.id: place for place, each in enumerate(lists.editions)}
    versions = sorted(
        by_key.values(), key=lambda each: (each.listing_id, places[each.first_edition])
    )
    return ListingIndex(lists, versions)


@given(
    day=st.one_of(
        st.dates(date(2019, 1, 1), date(2026, 12, 31)),
        st.builds(
            lambda edge, away: edge + timedelta(days=away),
            st.sampled_from(EDGES),
            st.integers(-1, 1),
        ),
    ),
    since=st.none() | st.dates(date(2019, 1, 1), date(2026, 8, 1)),
    name=st.sampled_from(NAMES),
)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_past_day_is_answered_as_from_an_index_of_every_version(
    five: StoreOnConnection, day: date, since: date | None, name: str
):
    current = CurrentIndex(past=five)
    await current.catch_up(five)
    every = await _everything(five)
    asked = ScreeningQuestion(
        counterparties=(Counterparty(name=name),),
        lists=("un_sc",),
        since=None if since is None or since > day else since,
        threshold=0.6,
    )
    question = question_from(asked, Days(as_of=day, known_at=day))
    earlier = None if question.since is None else await current.on(question.since.as_of)
    screener = Screener(await current.on(day), BOARD, question, day, earlier=earlier)
    expected = Screener(every, BOARD, question, day)
    assert screener.coverage == expected.coverage
    party = question.counterparties[0]
    assert await screener.result(party) == await expected.result(party)


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> Plays:
    played = Plays()
    monkeypatch.setattr(formats, "public_formats", lambda: (played.format(OWN_SOURCE),))
    return played


async def test_a_month_is_read_once_and_few_are_kept(five: StoreOnConnection):
    past, threads = Counting(five), list[int]()
    current = CurrentIndex(past=past, built=lambda: threads.append(threading.get_ident()))
    await current.catch_up(five)
    one, other = await asyncio.gather(
        current.on(date(2025, 11, 21)), current.on(date(2025, 11, 22))
    )
    assert one is other
    assert one is await current.on(date(2025, 11, 30))
    assert past.reads == 1
    # it is built beside the event loop, which answers meanwhile
    assert len(threads) == 1 + past.reads
    assert threading.get_ident() not in threads
    months = [date(2024, month, 1) for month in range(1, MONTHS_KEPT + 2)]
    for month in months:
        await current.on(month)
    assert past.reads == 1 + len(months)
    await current.on(months[-1])
    assert past.reads == 1 + len(months)
    assert await current.on(date(2025, 11, 21)) is not one
    assert past.reads == 2 + len(months)


async def test_a_caller_who_goes_away_leaves_the_others_their_answer(five: StoreOnConnection):
    current = CurrentIndex(past=five)
    await current.catch_up(five)
    first, second = (asyncio.ensure_future(current.on(EDGES[1])) for _ in "12")
    await asyncio.sleep(0)
    first.cancel()
    assert version_count(await second) > 16


async def test_a_month_is_read_again_once_an_edition_may_have_changed_it(
    store: StoreOnConnection, plays: Plays
):
    desk = Desk(store, plays)
    await desk.load("2026-06-01", made_up("1", MILLS), made_up("2", WORKS))
    await desk.load("2026-09-01", made_up("1", MILLS), accepted=True)
    assert await desk.stands(WORKS, "2026-08-31") == (1, 0)
    await desk.load("2026-09-20", made_up("2", WORKS), accepted=True)
    assert await desk.stands(WORKS, "2026-08-31") == (1, 0)
    assert await desk.stands(WORKS, "2026-09-19") == (0, 1)
    assert await desk.stands(MILLS, "2026-09-19") == (1, 0)
    assert await desk.stands(MILLS, "2026-09-20") == (0, 1)
    assert await desk.stands(WORKS) == (1, 0)


async def test_a_month_that_an_edition_changes_while_it_is_built_is_read_again(
    five: StoreOnConnection, plays: Plays
):
    desk, past = Desk(five, plays), Slow(five)
    current = CurrentIndex(past=past)
    await desk.load("2026-06-01", made_up("1", MILLS))
    await current.catch_up(five)
    day = EDGES[-1] - timedelta(days=5)
    first = asyncio.ensure_future(current.on(day))
    await past.has_read.wait()
    await desk.load("2026-07-10", made_up("1", MILLS), made_up("2", WORKS))
    await current.catch_up(five)
    past.may_end.set()
    new = made_up("2", WORKS).id
    assert (await first).by_id(new) is None
    assert (await current.on(day)).by_id(new) is not None


async def test_without_the_database_only_today_is_answered(five: StoreOnConnection):
    current = CurrentIndex()
    await current.catch_up(five)
    assert await current.on(TODAY) is current.get()
    with pytest.raises(StoreUnavailableError):
        await current.on(EDGES[0])


async def test_the_state_of_the_lists_is_the_newest_for_past_days_too(five: StoreOnConnection):
    current = CurrentIndex(past=five)
    await current.catch_up(five)
    before = await current.on(EDGES[1])
    with pytest.raises(ListRefusedError):
        await load(five, "un_sc", b"<html>")
    await current.catch_up(five)
    after = await current.on(EDGES[1])
    assert after.names is before.names
    assert [each.outcome for each in after.lists.attempts] == ["refused"]
