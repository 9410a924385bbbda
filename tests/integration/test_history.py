"""Editions over time: a past day sees its own, who left stays as history, copies are joined."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from service.app.stores import StoreOnConnection
from service.flow.ask import Asked, question_from
from service.flow.follow import CurrentIndex
from service.flow.load import ListFiles, LoadReport, load_files
from service.flow.measures import MeasureBoard
from service.flow.screen import Screener
from service.flow.wanted import whole_source
from service.model.answer import CounterpartyResult
from service.model.edition import ParsedDelta, ParsedEdition
from service.model.files import GivenFile
from service.model.listing import Listing, Name
from service.model.question import Counterparty
from service.parse import formats
from service.parse.files import Format
from service.register.read import load as load_register
from service.store.migrations import migrate
from service.store.sql import connected

BOARD = MeasureBoard(load_register())
TODAY = date(2026, 11, 24)
LIST, OWN_SOURCE = "us_ofac_plc", "us_ofac_cons"
MILLS, WORKS, TOVES = "Borogove Mills", "Quixotic Zeppelin Works", "Slithy Toves Trading"


def listing(number: str, name: str, **more) -> Listing:
    return Listing(
        id=f"{LIST}-{number}",
        list_code=LIST,
        names=(Name(text=name, kind="primary"),),
        entry_id=number,
        programmes=("NS-PLC",),
        **more,
    )


class Plays:
    """Formats whose files say by their content which of the editions given here they are."""

    def __init__(self) -> None:
        self.editions: dict[bytes, ParsedEdition | ParsedDelta] = {}

    def format(self, source: str) -> Format:
        return Format(
            word="played",
            source=source,
            title="played",
            tells=lambda file: file.content in self.editions,
            read=lambda files: (self.editions[files[0].content],),
        )


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> Plays:
    played = Plays()
    monkeypatch.setattr(formats, "FORMATS", (played.format(OWN_SOURCE), played.format("us_csl")))
    return played


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await _empty(connection)
        yield StoreOnConnection(connection)


async def _empty(connection: asyncpg.Connection) -> None:
    await connection.execute("truncate listing_version, edition, load_attempt, download cascade")


class Desk:
    """Loads played editions and asks about names."""

    def __init__(self, store: StoreOnConnection, plays: Plays) -> None:
        self.store = store
        self._plays = plays
        self._current = CurrentIndex()
        self._now = datetime(2026, 11, 24, 6, tzinfo=UTC)

    async def load(
        self,
        day: str,
        *listings: Listing,
        source: str = OWN_SOURCE,
        gone: tuple[str, ...] | None = None,
        accepted: bool = False,
    ) -> LoadReport:
        on = date.fromisoformat(day)
        content = f"{source} {day} {len(self._plays.editions)}".encode()
        if gone is None:
            said = ParsedEdition(list_code=LIST, published_on=on, listings=listings)
        else:
            said = ParsedDelta(
                list_code=LIST, published_on=on, put=listings, gone=gone, follows=("played",)
            )
        self._plays.editions[content] = said
        given = ListFiles(
            wanted=whole_source(source),
            files=(GivenFile("played", content),),
            accepted=accepted,
        )
        reports = await load_files(self.store, given, self._now)
        self._now += timedelta(minutes=1)
        return next(report for report in reports if report.list_code == LIST)

    async def ask(self, name: str, as_of: str | None = None) -> CounterpartyResult:
        await self._current.catch_up(self.store)
        day = TODAY if as_of is None else date.fromisoformat(as_of)
        asked = Asked(counterparties=(Counterparty(name=name),), lists=(LIST,), as_of=day)
        question = question_from(asked, TODAY)
        screener = Screener(self._current.get(), BOARD, question, TODAY)
        return screener.result(question.counterparties[0])

    async def stands(self, name: str, as_of: str | None = None) -> tuple[int, int]:
        result = await self.ask(name, as_of)
        return len(result.hits), len(result.left)


@pytest.fixture
def desk(store: StoreOnConnection, plays: Plays) -> Desk:
    return Desk(store, plays)


@pytest.fixture
async def three_editions(desk: Desk) -> Desk:
    await desk.load("2026-01-01", listing("1", MILLS), listing("2", WORKS), listing("3", TOVES))
    moved = listing("2", WORKS, remarks="moved")
    await desk.load("2026-06-01", listing("1", MILLS), moved, accepted=True)
    await desk.load("2026-11-24", listing("1", MILLS), listing("3", TOVES), accepted=True)
    return desk


@pytest.mark.parametrize(
    ("name", "as_of", "hits_and_left"),
    [
        pytest.param(WORKS, "2026-11-24", (0, 1), id="gone with the edition of today"),
        pytest.param(WORKS, "2026-11-23", (1, 0), id="listed the day before it"),
        pytest.param(WORKS, "2026-06-01", (1, 0), id="listed on the day of the second edition"),
        pytest.param(TOVES, "2026-05-31", (1, 0), id="listed on the last day of the first"),
        pytest.param(TOVES, "2026-06-01", (0, 1), id="gone with the second edition"),
        pytest.param(TOVES, "2026-11-24", (1, 0), id="listed again today"),
        pytest.param(MILLS, "2026-11-24", (1, 0), id="always there"),
        pytest.param(MILLS, "2025-12-31", (1, 0), id="before any edition the first one speaks"),
    ],
)
async def test_a_past_day_sees_the_editions_of_that_day(
    three_editions: Desk, name: str, as_of: str, hits_and_left: tuple[int, int]
):
    assert await three_editions.stands(name, as_of) == hits_and_left


async def test_who_left_says_by_which_edition_and_has_no_measure(three_editions: Desk):
    (left,) = (await three_editions.ask(WORKS)).left
    assert left.standing.state == "left"
    assert left.standing.left_by == TODAY
    assert left.standing.left_on is None
    assert left.standing.first_seen_on == date(2026, 1, 1)
    assert left.listing.remarks == "moved"
    assert left.measures == ()


async def test_who_left_is_no_hit_so_nothing_but_history_is_no_alert(three_editions: Desk):
    result = await three_editions.ask(WORKS)
    assert (result.outcome, result.total) == ("no_hits", 0)


async def test_a_party_that_came_later_is_not_known_on_an_earlier_day(desk: Desk):
    await desk.load("2026-01-01", listing("1", MILLS))
    await desk.load("2026-06-01", listing("1", MILLS), listing("2", WORKS))
    assert await desk.stands(WORKS, "2026-05-31") == (0, 0)
    assert await desk.stands(WORKS, "2026-06-01") == (1, 0)


@pytest.mark.parametrize(
    ("as_of", "hits_and_left"),
    [
        pytest.param("2026-02-28", (1, 0), id="the day before"),
        pytest.param("2026-03-01", (0, 1), id="the day of delisting"),
    ],
)
async def test_a_listing_that_stays_in_the_file_leaves_on_the_day_it_states(
    desk: Desk, as_of: str, hits_and_left: tuple[int, int]
):
    await desk.load("2026-01-01", listing("1", MILLS, delisted_on=date(2026, 3, 1)))
    assert await desk.stands(MILLS, as_of) == hits_and_left
    result = await desk.ask(MILLS, "2026-03-01")
    assert [hit.standing.left_on for hit in result.left] == [date(2026, 3, 1)]


async def test_a_name_that_was_struck_off_an_entry_finds_it_no_more(desk: Desk):
    names = (Name(text=MILLS, kind="primary"), Name(text=TOVES, kind="alias"))
    both = Listing(id=f"{LIST}-1", list_code=LIST, names=names)
    await desk.load("2026-01-01", both)
    await desk.load("2026-06-01", listing("1", MILLS))
    assert await desk.stands(TOVES, "2026-05-31") == (1, 0)
    assert await desk.stands(TOVES) == (0, 0)


async def test_an_entry_in_two_publications_is_one_hit_with_both_prints(desk: Desk):
    await desk.load("2026-11-20", listing("1", MILLS, remarks="copied"), source="us_csl")
    await desk.load("2026-11-20", listing("1", MILLS, remarks="own"))
    (hit,) = (await desk.ask(MILLS)).hits
    assert (hit.listing.remarks, hit.standing.source) == ("own", OWN_SOURCE)
    assert [(copy.source, copy.listing.remarks) for copy in hit.copies] == [("us_csl", "copied")]
    assert len(hit.measures) == len({measure.id for measure in hit.measures}) > 0


async def test_a_name_that_only_the_copy_prints_finds_the_joined_entry(desk: Desk):
    await desk.load("2026-11-20", listing("1", TOVES), source="us_csl")
    await desk.load("2026-11-20", listing("1", MILLS))
    (hit,) = (await desk.ask(TOVES)).hits
    assert (hit.listing.primary_name, hit.matched.text) == (MILLS, TOVES)


@pytest.mark.parametrize(
    ("copy_of", "hits_and_left"),
    [
        pytest.param("2026-11-19", (0, 1), id="the copy is older than the delisting"),
        pytest.param("2026-11-20", (0, 1), id="the copy is of the same day"),
        pytest.param("2026-11-21", (1, 0), id="the copy is newer: listed again"),
    ],
)
async def test_a_copy_wins_no_argument_with_the_authority(
    desk: Desk, copy_of: str, hits_and_left: tuple[int, int]
):
    await desk.load("2026-11-01", listing("1", MILLS), listing("2", WORKS))
    await desk.load("2026-11-20", listing("2", WORKS), accepted=True)
    await desk.load(copy_of, listing("1", MILLS), source="us_csl")
    assert await desk.stands(MILLS) == hits_and_left


async def test_an_entry_that_only_the_copy_ever_had_is_a_hit(desk: Desk):
    await desk.load("2026-11-20", listing("2", WORKS))
    await desk.load("2026-11-01", listing("1", MILLS), source="us_csl")
    (hit,) = (await desk.ask(MILLS)).hits
    assert hit.standing.source == "us_csl"


async def test_an_older_edition_is_refused_and_the_state_says_so(three_editions: Desk):
    report = await three_editions.load("2026-11-23", listing("1", MILLS), accepted=True)
    assert report.outcome == "refused"
    assert report.reason == "published 2026-11-23, and the edition we have is of 2026-11-24"
    attempts = (await three_editions.store.read_lists()).attempts
    assert [(each.outcome, each.reason) for each in attempts if each.list_code == LIST] == [
        ("refused", report.reason)
    ]


async def test_a_list_that_lost_a_quarter_is_refused_until_an_operator_accepts_it(desk: Desk):
    whole = [listing(str(number), f"Borogove {number}") for number in range(100)]
    await desk.load("2026-11-20", *whole)
    report = await desk.load("2026-11-21", *whole[:75])
    assert report.outcome == "refused"
    assert (report.reason or "").startswith("suddenly smaller: 75 entries after 100")
    assert "--accept-shrink" in (report.reason or "")
    assert (await desk.load("2026-11-21", *whole[:76])).outcome == "loaded"
    assert (await desk.load("2026-11-22", *whole[:1], accepted=True)).outcome == "loaded"


async def test_a_delta_leaves_the_same_as_the_whole_file(desk: Desk, plays: Plays):
    first = (listing("1", MILLS), listing("2", WORKS), listing("4", "Mome Raths"))
    after = (listing("1", MILLS, remarks="moved"), listing("3", TOVES), first[2])
    await desk.load("2026-11-20", *first)
    report = await desk.load("2026-11-21", *after[:2], gone=(f"{LIST}-2",))
    assert (report.listed, report.changed, report.gone) == (1, 1, 1)
    by_delta = await _digests(desk)
    other = Desk(desk.store, plays)
    await _empty_store(desk)
    await other.load("2026-11-20", *first)
    await other.load("2026-11-21", *after)
    assert await _digests(other) == by_delta


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        pytest.param((f"{LIST}-9",), "a delta before it is missing", id="takes off a stranger"),
    ],
)
async def test_a_delta_that_does_not_fit_is_refused(
    desk: Desk, gone: tuple[str, ...], reason: str
):
    nothing_yet = await desk.load("2026-11-20", listing("1", MILLS), gone=())
    assert "no edition of the list is here" in (nothing_yet.reason or "")
    await desk.load("2026-11-20", listing("1", MILLS))
    refused = await desk.load("2026-11-21", gone=gone, accepted=True)
    assert refused.outcome == "refused"
    assert reason in (refused.reason or "")
    assert await desk.stands(MILLS) == (1, 0)


async def _digests(desk: Desk) -> dict[str, str]:
    async with desk.store.loading() as transaction:
        return dict(await transaction.current_digests(LIST, OWN_SOURCE))


async def _empty_store(desk: Desk) -> None:
    async with desk.store.loading() as transaction:
        await _empty(transaction._connection)
