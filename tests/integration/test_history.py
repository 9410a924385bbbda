"""Editions over time: a past day sees its own, who left stays as history, copies are joined."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.lists.load import ListFiles, load_files, whole_source
from abeyance_screening.platform.postgres.database import AnyConnection, connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.played import (
    LIST,
    MILLS,
    OWN_SOURCE,
    TODAY,
    TOVES,
    WORKS,
    Desk,
    Plays,
    listing,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> Plays:
    played = Plays()
    monkeypatch.setattr(
        formats, "public_formats", lambda: (played.format(OWN_SOURCE), played.format("us_csl"))
    )
    return played


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await _empty(connection)
        yield StoreOnConnection(connection)


async def _empty(connection: AnyConnection) -> None:
    await connection.execute("truncate listing_version, edition, load_attempt, download cascade")


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
    (left,) = (await three_editions.ask(WORKS)).delisted
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
    assert [hit.standing.left_on for hit in result.delisted] == [date(2026, 3, 1)]


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
    assert report.reason == (
        "published 2026-11-23, but the current edition is of 2026-11-24; load it with --as-history"
    )
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
    assert (await desk.load("2026-11-21", *whole[24:])).outcome == "loaded"
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
        pytest.param((f"{LIST}-9",), "an earlier delta is missing", id="takes off a stranger"),
    ],
)
async def test_a_delta_that_does_not_fit_is_refused(
    desk: Desk, gone: tuple[str, ...], reason: str
):
    nothing_yet = await desk.load("2026-11-20", listing("1", MILLS), gone=())
    assert "no edition of the list is loaded" in (nothing_yet.reason or "")
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


async def test_a_copy_of_a_later_day_is_silent_where_the_authority_has_that_day(desk: Desk):
    await desk.load("2026-01-01", listing("1", MILLS))
    await desk.load("2026-11-01", listing("1", MILLS), listing("2", WORKS), source="us_csl")
    assert await desk.stands(WORKS, "2026-06-01") == (0, 0)
    assert await desk.stands(WORKS) == (1, 0)


async def test_a_first_edition_far_below_the_copy_is_refused(desk: Desk):
    whole = [listing(str(number), f"Borogove {number}") for number in range(100)]
    await desk.load("2026-11-20", *whole, source="us_csl")
    report = await desk.load("2026-11-21", *whole[:24])
    assert report.outcome == "refused"
    assert "only 24 entries, but another source has 100" in (report.reason or "")
    assert (await desk.load("2026-11-21", *whole[:25])).outcome == "loaded"


async def test_an_edition_that_was_replaced_does_not_come_back_by_itself(desk: Desk, plays: Plays):
    whole = [listing(str(number), f"Borogove {number}") for number in range(9)]
    await desk.load("2026-11-20", *whole)
    first = next(iter(plays.editions))
    await desk.load("2026-11-20", *whole[1:], listing("10", WORKS))
    again = ListFiles(wanted=whole_source(OWN_SOURCE), files=(GivenFile("played", first),))
    reports = await load_files(desk.store, again, NOW, ReaderHere())
    (report,) = [each for each in reports if each.list_code == LIST]
    assert report.outcome == "refused"
    assert "a newer edition has replaced this one" in (report.reason or "")


@pytest.mark.parametrize(
    ("as_of", "listed_on", "known"),
    [
        pytest.param("2026-01-01", None, True, id="on the day of the first edition"),
        pytest.param("2025-12-31", None, False, id="before it"),
        pytest.param("2025-12-31", date(2020, 1, 1), True, id="the entry prints its day"),
    ],
)
async def test_whether_a_party_was_listed_before_the_first_edition_is_not_known(
    desk: Desk, as_of: str, listed_on: date | None, known: bool
):
    await desk.load("2026-01-01", listing("1", MILLS, listed_on=listed_on))
    (hit,) = (await desk.ask(MILLS, as_of)).hits
    assert hit.standing.known is known
    flagged = {"listed_then_not_known" in each.flags for each in hit.measures}
    assert flagged == {not known}
