"""Editions loaded as history, in whatever order, leave what loading them day by day leaves."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists import formats, history
from abeyance_screening.engine.lists.edition import (
    GivenFile,
    ParsedDelta,
    ParsedEdition,
    UnknownPart,
)
from abeyance_screening.engine.lists.history import (
    EditionPrinter,
    HistoryLoad,
    PastEdition,
    PrintedFiles,
    day_in_name,
)
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.lists.load import (
    LoadReport,
    LoadRequest,
    read_wanted,
    wanted_by_name,
)
from abeyance_screening.features.lists.changes import (
    ChangesQuery,
    changes_since,
    difference_of,
    pair_of,
)
from abeyance_screening.features.lists.load import load_history_into, past_files
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.lists import DatabaseChanges
from abeyance_screening.primitives.errors import AbeyanceError, BadInputError
from tests.integration.loads import covered, load
from tests.integration.played import LIST, MILLS, OWN_SOURCE, TOVES, WORKS, Desk, Plays, listing

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FOLDER = Path(__file__).parent.parent / "fixtures" / "un_sc" / "history"
"""Sixteen parties of five real editions of the UN list: some came, some left, most changed."""
FILES = {path.stem: path.read_bytes() for path in sorted(FOLDER.iterdir())}
DAYS = tuple(FILES)
NEWEST = DAYS[-1]

_SAME = (
    "select v.listing_id, v.digest, a.published_on as first_on, u.published_on as until_on"
    " from listing_version v join edition a on a.id = v.first_edition"
    " left join edition u on u.id = v.until_edition order by 1, 3"
)
_EDITIONS = (
    "select published_on, sha256, format, entry_count from edition order by list_code, place, id"
)


@pytest.fixture
async def connection(fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await _empty(connection)
        yield connection


@pytest.fixture
def store(connection: asyncpg.Connection) -> StoreOnConnection:
    return StoreOnConnection(connection)


async def _empty(connection: asyncpg.Connection) -> None:
    await connection.execute("truncate listing_version, edition, load_attempt, download cascade")


class Old(msgspec.Struct, frozen=True):
    """An edition to load as history, and its files."""

    past: PastEdition
    files: tuple[GivenFile, ...]


async def printed(wanted: LoadRequest, old: Old) -> PrintedFiles | AbeyanceError:
    try:
        read = await read_wanted(wanted, old.files, ReaderHere())
        return EditionPrinter(wanted).printed(old.files, read)
    except AbeyanceError as refused:
        return refused


async def as_history(
    store: StoreOnConnection,
    wanted: str,
    *pasts: Old,
    accepted: bool = False,
    now: datetime = NOW,
) -> tuple[LoadReport, ...]:
    loading = HistoryLoad(store, wanted_by_name(wanted), now, accepted=accepted)
    reports: list[LoadReport] = []
    for old in pasts:
        reports += await loading.add(old.past, await printed(wanted_by_name(wanted), old))
    await loading.finish()
    return tuple(reports)


def past(name: str, *contents: bytes, published_on: str | None = None) -> Old:
    edition = PastEdition(
        name=name,
        published_on=None if published_on is None else date.fromisoformat(published_on),
        named_on=day_in_name(name),
    )
    files = (GivenFile(f"{place}.file", each) for place, each in enumerate(contents))
    return Old(edition, tuple(files))


def of_day(day: str) -> Old:
    return past(f"{day}.xml", FILES[day])


async def _stored(connection: asyncpg.Connection) -> list[tuple[object, ...]]:
    rows = await connection.fetch(_EDITIONS) + await connection.fetch(_SAME)
    return [tuple(row) for row in rows]


async def _feed(dsn: str, list_code: str) -> list[tuple[object, ...]]:
    async with PooledStore(dsn) as pool:
        asked = ChangesQuery(since=date(2000, 1, 1), list_code=list_code, limit=500, cursor=None)
        page = await changes_since(DatabaseChanges(pool.connect), (), asked)
    return [(each.kind, each.published_on, each.listing_id, each.fields) for each in page.items]


async def _differences(dsn: str, store: StoreOnConnection) -> list[tuple[object, ...]]:
    """How each edition differs from each earlier one, by their days."""
    lists = await store.read_lists()
    days = {each.id: each.published_on for each in lists.editions}
    ids = list(days)
    found: list[tuple[object, ...]] = []
    async with PooledStore(dsn) as pool:
        for place, newer in enumerate(ids):
            for older in ids[:place]:
                pair = pair_of(lists, "un_sc", newer, older)
                page = await difference_of(DatabaseChanges(pool.connect), pair, 500, None)
                items = tuple((each.change, each.listing_id, each.fields) for each in page.items)
                found.append((days[older], days[newer], items))
    return found


@pytest.fixture
async def by_day(fresh_database: str) -> tuple[list[tuple[object, ...]], ...]:
    """What five real editions leave that are loaded day by day."""
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await _empty(connection)
        store = StoreOnConnection(connection)
        for day, content in FILES.items():
            at = datetime.fromisoformat(f"{day}T12:00+00:00")
            assert (await load(store, "un_sc", content, now=at)).outcome == "loaded"
        return (
            await _stored(connection),
            await _feed(fresh_database, "un_sc"),
            await _differences(fresh_database, store),
        )


@given(
    order=st.permutations(DAYS[:-1]),
    cut=st.integers(0, len(DAYS)),
    newest_too=st.booleans(),
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_order_leaves_what_loading_day_by_day_leaves(
    connection: asyncpg.Connection,
    fresh_database: str,
    by_day: tuple[list[tuple[object, ...]], ...],
    order: Sequence[str],
    cut: int,
    newest_too: bool,
):
    await _empty(connection)
    store = StoreOnConnection(connection)
    days = list(order)
    if newest_too:
        days.insert(cut, NEWEST)
    else:
        assert (await load(store, "un_sc", FILES[NEWEST])).outcome == "loaded"
    for few in (days[:cut], days[cut:]):
        reports = await as_history(store, "un_sc", *map(of_day, few))
        assert [each.outcome for each in reports] == ["loaded"] * len(few), reports
    assert await _stored(connection) == by_day[0]
    assert await _feed(fresh_database, "un_sc") == by_day[1]
    assert await _differences(fresh_database, store) == by_day[2]


# --- What is refused, each in one line that names the file.


@pytest.fixture
async def newest(store: StoreOnConnection) -> StoreOnConnection:
    assert (await load(store, "un_sc", FILES[NEWEST])).outcome == "loaded"
    return store


async def test_a_damaged_file_among_many_is_refused_and_the_others_load(
    newest: StoreOnConnection, connection: asyncpg.Connection
):
    cut = past("2025-06-01.xml", FILES["2025-11-20"][:9000])
    reports = await as_history(newest, "un_sc", of_day("2023-04-27"), cut, of_day("2020-03-20"))
    assert [each.outcome for each in reports] == ["loaded", "refused", "loaded"]
    assert (reports[1].reason or "").startswith("2025-06-01.xml: un_sc: not well-formed XML")
    assert "\n" not in (reports[1].reason or "")
    # the newest file that the publisher offers was not refused, so the list is as fresh as before
    assert (await covered(newest, "un_sc")).lists[0].state != "kept"
    assert await connection.fetchval("select count(*) from load_attempt") == 1


async def test_a_file_that_is_not_older_than_the_current_edition_is_no_history(
    store: StoreOnConnection,
):
    assert (await load(store, "un_sc", FILES["2026-02-27"])).outcome == "loaded"
    (report,) = await as_history(store, "un_sc", of_day(NEWEST))
    assert (report.outcome, report.reason) == (
        "refused",
        (
            "2026-08-01.xml: published 2026-08-01, which is not before the current edition, of "
            "2026-02-27; load it without --as-history"
        ),
    )


async def test_an_edition_that_is_there_is_left_alone(newest: StoreOnConnection):
    old = of_day("2023-04-27")
    assert [(await as_history(newest, "un_sc", old))[0].outcome for _ in "12"] == [
        "loaded",
        "unchanged",
    ]


async def test_of_two_files_of_one_day_the_second_is_refused(newest: StoreOnConnection):
    other = FILES["2023-04-27"].replace(b"AL-QAIDA", b"AL-QAEDA")
    assert other != FILES["2023-04-27"]
    first, second = await as_history(
        newest, "un_sc", of_day("2023-04-27"), past("other.xml", other)
    )
    assert first.outcome == "loaded"
    assert (second.outcome, second.reason) == (
        "refused",
        (
            "other.xml: another edition of 2023-04-27 is loaded, and which of the two is older "
            "cannot be known"
        ),
    )


@pytest.mark.parametrize(
    ("name", "published_on", "day"),
    [
        pytest.param("dpl.csv", None, None, id="no day"),
        pytest.param("dpl.csv", "2021-07-07", "2021-07-07", id="given"),
        pytest.param("2021-07-07", None, "2021-07-07", id="in the name of the folder"),
        pytest.param("dpl_20210707.csv", None, "2021-07-07", id="in the name without marks"),
        pytest.param("2021-07-07_to_2021-07-08", None, None, id="two days in the name"),
    ],
)
async def test_a_file_without_its_day_needs_one(
    store: StoreOnConnection, name: str, published_on: str | None, day: str | None
):
    content = (FOLDER.parent.parent / "us_bis_dpl" / "dpl_2026-04-14.csv").read_bytes()
    (report,) = await as_history(
        store, "us_bis_dpl", past(name, content, published_on=published_on)
    )
    if day is None:
        assert report.outcome == "refused"
        assert (report.reason or "").startswith(f"{name}: the file does not give its day; give it")
        assert "--published-on" in (report.reason or "")
    else:
        assert (report.outcome, report.published_on) == ("loaded", date.fromisoformat(day))


async def test_another_file_with_the_same_entries_is_there_already(newest: StoreOnConnection):
    again = past("again.xml", FILES["2023-04-27"] + b"<!-- saved again -->")
    reports = await as_history(newest, "un_sc", of_day("2023-04-27"), again)
    assert [each.outcome for each in reports] == ["loaded", "unchanged"]


async def test_a_day_that_contradicts_the_file_is_refused(newest: StoreOnConnection):
    wrong = past("old.xml", FILES["2023-04-27"], published_on="2023-04-28")
    (report,) = await as_history(newest, "un_sc", wrong)
    assert report.reason == (
        "old.xml: its day is given as 2023-04-28, but the file itself says 2023-04-27"
    )


# --- Editions that a test makes up.


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> Plays:
    played = Plays()
    monkeypatch.setattr(formats, "public_formats", lambda: (played.format(OWN_SOURCE),))
    return played


@pytest.fixture
def desk(store: StoreOnConnection, plays: Plays) -> Desk:
    return Desk(store, plays)


def play(plays: Plays, day: str, *listings: Listing, gone: tuple[str, ...] | None = None) -> Old:
    content, on = f"{day} {len(plays.editions)}".encode(), date.fromisoformat(day)
    plays.editions[content] = (
        ParsedEdition(list_code=LIST, published_on=on, listings=listings)
        if gone is None
        else ParsedDelta(
            list_code=LIST, published_on=on, put=listings, gone=gone, follows=("played",)
        )
    )
    return past(f"{day} played", content)


MANY = tuple(listing(str(number), f"{WORKS} {number}") for number in range(40))


async def test_an_edition_that_lacks_what_both_neighbours_have_is_damaged(
    desk: Desk, plays: Plays
):
    await desk.load("2026-06-01", *MANY)
    whole, half = play(plays, "2026-01-01", *MANY), play(plays, "2026-03-01", *MANY[:20])
    reports = await as_history(desk.store, LIST, whole, half)
    assert [each.outcome for each in reports] == ["loaded", "refused"]
    assert (reports[1].reason or "").startswith(
        "2026-03-01 played: suddenly smaller: 20 of the 40 entries of 2026-01-01 are not in it, "
        "and in that of 2026-06-01 they are again; at most"
    )
    (report,) = await as_history(desk.store, LIST, half, accepted=True)
    assert (report.outcome, report.gone) == ("loaded", 20)


async def test_what_has_gone_for_good_is_no_damage(desk: Desk, plays: Plays):
    await desk.load("2026-06-01", *MANY[:10])
    reports = await as_history(
        desk.store,
        LIST,
        play(plays, "2026-01-01", *MANY),
        play(plays, "2026-03-01", *MANY[:11]),
    )
    assert [each.outcome for each in reports] == ["loaded", "loaded"]


async def test_names_that_both_neighbours_have_are_not_lost_in_silence(desk: Desk, plays: Plays):
    rich = tuple(
        msgspec.structs.replace(
            each, names=(*each.names, *(Name(text=f"{each.id} {n}", kind="alias") for n in "abc"))
        )
        for each in MANY
    )
    await desk.load("2026-06-01", *rich)
    reports = await as_history(
        desk.store,
        LIST,
        play(plays, "2026-01-01", *rich),
        play(plays, "2026-03-01", *MANY[:20], *rich[20:]),
        play(plays, "2026-02-01", *MANY[:1], *rich[1:]),
    )
    assert [each.outcome for each in reports] == ["loaded", "refused", "loaded"]
    assert "suddenly fewer names" in (reports[1].reason or "")


async def test_past_days_are_answered_as_if_the_editions_had_been_loaded_then(
    desk: Desk, plays: Plays
):
    await desk.load("2026-11-24", listing("1", MILLS), listing("3", TOVES))
    assert await desk.stands(WORKS) == (0, 0)
    await as_history(
        desk.store,
        LIST,
        play(plays, "2026-06-01", listing("1", MILLS), listing("2", WORKS, remarks="moved")),
        play(plays, "2026-01-01", listing("1", MILLS), listing("2", WORKS), listing("3", TOVES)),
        accepted=True,
    )
    asked = [
        (WORKS, None, (0, 1)),
        (WORKS, "2026-11-23", (1, 0)),
        (TOVES, "2026-05-31", (1, 0)),
        (TOVES, "2026-06-01", (0, 1)),
        (TOVES, None, (1, 0)),
        (MILLS, "2025-12-31", (1, 0)),
    ]
    for name, day, stands in asked:
        assert await desk.stands(name, day) == stands, (name, day)
    (hit,) = (await desk.ask(TOVES)).hits
    assert hit.standing.first_seen_on == date(2026, 1, 1)
    (left,) = (await desk.ask(WORKS)).delisted
    assert left.standing.left_by == date(2026, 11, 24)


async def test_who_follows_the_changes_is_not_sent_old_ones(
    desk: Desk, plays: Plays, fresh_database: str
):
    await desk.load("2026-11-24", listing("1", MILLS))
    async with PooledStore(fresh_database) as pool:
        asked = ChangesQuery(since=date(2026, 11, 24), list_code=LIST, limit=50, cursor=None)
        page = await changes_since(DatabaseChanges(pool.connect), (), asked)
        await as_history(
            desk.store,
            LIST,
            play(plays, "2026-06-01", listing("1", MILLS), listing("2", WORKS)),
            accepted=True,
        )
        later = msgspec.structs.replace(asked, cursor=page.later_cursor)
        assert (await changes_since(DatabaseChanges(pool.connect), (), later)).items == ()
        everything = msgspec.structs.replace(asked, since=date(2026, 1, 1))
        told = [
            (each.kind, each.published_on, each.at.date())
            for each in (await changes_since(DatabaseChanges(pool.connect), (), everything)).items
        ]
    assert told == [
        ("first_edition", date(2026, 6, 1), date(2026, 6, 1)),
        ("gone", date(2026, 11, 24), date(2026, 11, 24)),
    ]


async def test_a_delta_is_history_only_where_it_fits(
    desk: Desk, plays: Plays, monkeypatch: pytest.MonkeyPatch
):
    await desk.load("2026-11-24", listing("1", MILLS))
    first = play(plays, "2026-01-01", listing("1", MILLS))
    early = play(plays, "2025-12-01", listing("2", WORKS), gone=())
    strange = play(plays, "2026-02-01", gone=(f"{LIST}-9",))
    (report,) = await as_history(desk.store, LIST, early)
    assert "it holds only changes, and no edition" in (report.reason or "")
    assert report.outcome == "refused"
    assert (await as_history(desk.store, LIST, first))[0].outcome == "loaded"
    (report,) = await as_history(desk.store, LIST, strange)
    assert f"it removes {LIST}-9, which the edition of 2026-01-01 does not" in (
        report.reason or ""
    )
    fitting = play(plays, "2026-03-01", listing("2", WORKS), gone=())
    (report,) = await as_history(desk.store, LIST, fitting)
    assert (report.outcome, report.entry_count, report.listed) == ("loaded", 2, 1)
    monkeypatch.setattr(history, "PATCHES", frozenset({"played"}))
    (report,) = await as_history(desk.store, LIST, play(plays, "2026-02-02", *MANY[:1]))
    assert "the edition of 2026-03-01 was made from changes to the one before it" in (
        report.reason or ""
    )


async def test_an_edition_loaded_meanwhile_keeps_its_place(desk: Desk, plays: Plays):
    await desk.load("2026-06-01", listing("1", MILLS), listing("2", WORKS))
    old = play(plays, "2026-01-01", listing("1", MILLS), listing("2", WORKS), listing("3", TOVES))
    loading = HistoryLoad(desk.store, wanted_by_name(LIST), NOW, accepted=True)
    wanted = wanted_by_name(LIST)
    await loading.add(old.past, await printed(wanted, old))
    await desk.load("2026-11-24", listing("1", MILLS), accepted=True)
    await loading.finish()
    assert await desk.stands(WORKS) == (0, 1)
    assert await desk.stands(WORKS, "2026-11-23") == (1, 0)
    assert await desk.stands(TOVES, "2026-05-01") == (1, 0)
    assert await desk.stands(TOVES, "2026-06-01") == (0, 1)
    assert await desk.stands(MILLS) == (1, 0)


async def test_two_histories_at_once_do_not_mix(desk: Desk, plays: Plays):
    await desk.load("2026-06-01", listing("1", MILLS))
    wanted = wanted_by_name(LIST)
    loading = HistoryLoad(desk.store, wanted, NOW)
    one, other = (
        play(plays, day, listing("1", MILLS, remarks=day)) for day in ("2026-01-01", "2026-02-01")
    )
    await loading.add(one.past, await printed(wanted, one))
    await as_history(desk.store, LIST, other)
    with pytest.raises(BadInputError, match="changed by another process"):
        await loading.finish()


async def test_a_folder_is_read_by_other_processes_in_the_order_of_days(
    fresh_database: str, connection: asyncpg.Connection, tmp_path: Path
):
    for day in DAYS[:2]:
        (tmp_path / f"un-{day.replace('-', '')}.xml").write_bytes(FILES[day])
    (tmp_path / "2022-01-01").mkdir()
    (tmp_path / "2022-01-01" / "un.xml").write_bytes(b"<html>")
    (tmp_path / ".hidden").write_bytes(b"")
    begun: list[str] = []
    reports = await load_history_into(
        Settings(data_dir=tmp_path),
        fresh_database,
        wanted_by_name("un_sc"),
        past_files([tmp_path]),
        begin=begun.append,
    )
    assert begun == ["un-20200320.xml", "2022-01-01", "un-20230427.xml"]
    assert [each.outcome for each in reports] == ["loaded", "refused", "loaded"]
    assert await connection.fetchval("select count(*) from edition") == 2


async def test_what_a_delta_leaves_unread_stays_said(desk: Desk, plays: Plays):
    await desk.load("2026-11-24", listing("1", MILLS))
    first = play(plays, "2026-01-01", listing("1", MILLS))
    part = UnknownPart(what="column 'Other names'", count=1, may_hide="name")
    content = first.files[0].content
    plays.editions[content] = msgspec.structs.replace(
        plays.editions[content], read_in_part=(part,)
    )
    fitting = play(plays, "2026-03-01", listing("2", WORKS), gone=())
    reports = await as_history(desk.store, LIST, first, fitting)
    assert [report.outcome for report in reports] == ["loaded", "loaded"]
    stored = [
        each for each in (await desk.store.read_lists()).editions if each.source == OWN_SOURCE
    ]
    assert {str(each.published_on): each.read_in_part for each in stored} == {
        "2026-01-01": (part,),
        "2026-03-01": (part,),
        "2026-11-24": (),
    }


async def test_a_list_for_strays_has_no_edition_before_it_has_a_stray(store: StoreOnConnection):
    content = (FOLDER.parents[1] / "us_ofac/consolidated_2022.xml").read_bytes()
    reports = await as_history(store, "us_ofac_cons", past("2022", content))
    assert "us_ofac_ssi" in {report.list_code for report in reports}
    assert "us_ofac_nonsdn" not in {report.list_code for report in reports}
