"""Standing answers stay what a screening would answer, and each change of them is one event."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.lists.listing import Address, Identifier, Listing, Name
from abeyance_screening.engine.screening.question import Owner, PartyIdentifier
from abeyance_screening.engine.screening.watched.differences import differences
from abeyance_screening.engine.screening.watched.standing import StandingAnswer, standing_of
from abeyance_screening.features.counterparties import rescreen, store
from abeyance_screening.features.counterparties.rescreen import (
    NotedAnswer,
    Rescreening,
    scorer_number,
)
from abeyance_screening.features.counterparties.telling import Causes
from abeyance_screening.features.counterparties.types import WatchedCounterparty
from abeyance_screening.platform.events import AccountEvent, EventCause
from abeyance_screening.platform.postgres.database import connected, fetched
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.errors import StoreUnavailableError
from tests.integration.played import LIST, MILLS, OWN_SOURCE, TOVES, WORKS, Plays, listing
from tests.integration.watched import Watch, suspended, told, watching

IMO = Identifier(kind="IMO number", value="9187629")
ENTRIES: Sequence[Listing] = (
    listing("1", MILLS),
    msgspec.structs.replace(
        listing("1", MILLS),
        names=(Name(text=MILLS, kind="primary"), Name(text="Frumious Looms", kind="alias")),
    ),
    listing("2", WORKS, countries=("RU",)),
    listing("2", "Quixotic Works", addresses=(Address(text="1 Vorpal Street, Minsk"),)),
    listing("3", TOVES, identifiers=(IMO,), delisted_on=date(2026, 12, 20)),
    listing("4", "Jabberwock"),
    listing("5", "Bandersnatch Holdings", entity_type="organisation"),
    listing("6", "Mimsy Mills Borogove Trading", delisted_on=date(2026, 11, 28)),
)
PARTIES: Sequence[WatchedCounterparty] = (
    WatchedCounterparty(id="a", name=MILLS),
    WatchedCounterparty(id="a", name="Frumious Looms"),
    WatchedCounterparty(id="b", name="Borogrove Mils", aliases=("Quixotic",)),
    WatchedCounterparty(id="c", name="Jabberwock, agent of Bandersnatch Holdings"),
    WatchedCounterparty(
        id="d", name="Ocean Star", identifiers=(PartyIdentifier(value="9187629"),)
    ),
    WatchedCounterparty(
        id="e",
        name="Tulgey Wood",
        owners=(Owner(name=WORKS, share=Decimal(60)),),
        lead_days=(20, 3),
    ),
    WatchedCounterparty(id="f", name="J4bberwock", threshold=0.9),
    WatchedCounterparty(id="g", name="Unrelated Bakery"),
)


class Load(msgspec.Struct, frozen=True):
    entries: frozenset[int]


class Put(msgspec.Struct, frozen=True):
    party: int


class Wait(msgspec.Struct, frozen=True):
    days: int


class Law(msgspec.Struct, frozen=True):
    until: int


class Retract(msgspec.Struct, frozen=True):
    pass


type _Standings = Mapping[str, StandingAnswer | None]
type Step = Load | Put | Wait | Law | Retract
STEPS = st.lists(
    st.one_of(
        st.builds(Load, st.frozensets(st.integers(0, len(ENTRIES) - 1))),
        st.builds(Put, st.integers(0, len(PARTIES) - 1)),
        st.builds(Wait, st.sampled_from((1, 2, 9, 30))),
        st.builds(Law, st.sampled_from((1, 5, 25))),
        st.builds(Retract),
    ),
    min_size=3,
    max_size=9,
)


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> Plays:
    played = Plays()
    monkeypatch.setattr(formats, "public_formats", lambda: (played.format(OWN_SOURCE),))
    return played


@pytest.fixture
async def watch(emptied_database: str, plays: Plays) -> AsyncIterator[Watch]:
    async with (
        connected(emptied_database) as connection,
        watching(StoreOnConnection(connection), emptied_database, plays) as watch,
    ):
        yield watch


# --- Standing answers equal a full screening's.


@given(steps=STEPS)
def test_after_any_sequence_of_changes_standing_answers_are_those_of_a_full_screening(
    emptied_now: str, steps: list[Step]
):
    asyncio.run(_played(emptied_now, steps))


@pytest.fixture(scope="module")
def emptied_now(fresh_database: str) -> str:
    async def prepared() -> None:
        async with connected(fresh_database) as connection:
            await connection.execute("drop schema public cascade; create schema public")
            await migrate(connection)

    asyncio.run(prepared())
    return fresh_database


async def _played(database: str, steps: Sequence[Step]) -> None:
    plays = Plays()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "public_formats", lambda: (plays.format(OWN_SOURCE),))
        async with (
            connected(database) as connection,
            watching(StoreOnConnection(connection), database, plays) as watch,
        ):
            await watch.load(ENTRIES[0], ENTRIES[2], ENTRIES[4])
            await watch.put(*(PARTIES[each] for each in (0, 2, 3, 4, 5, 6, 7)))
            await watch.round()
            acts = list[str]()
            try:
                for step in steps:
                    before, seen = await watch.standings(), await watch.newest_event()
                    await _step(watch, step, acts)
                    await watch.round()
                    after = await watch.standings()
                    assert after == await watch.screened()
                    assert changes_told(await watch.events(seen)) == changes_of(before, after)
            finally:
                for each in acts:
                    await watch.retract(each)
            await watch.round()
            events = await watch.events()
            assert await watch.round() == 0
            assert await watch.events() == events
            await check_told(watch, events)


def changes_of(before: _Standings, after: _Standings) -> Counter[tuple[str, str]]:
    """What differs between two full screenings: the kind of each change, and about whom."""
    nothing = StandingAnswer()
    return Counter(
        (each.type, key)
        for key, answer in after.items()
        for each in differences(before.get(key) or nothing, answer or nothing)
    )


def changes_told(events: Sequence[AccountEvent]) -> Counter[tuple[str, str | None]]:
    return Counter(each for each in told(events) if each[0].startswith(("hit.", "measure.")))


async def _step(watch: Watch, step: Step, acts: list[str]) -> None:
    match step:
        case Load():
            chosen = {ENTRIES[each].id: ENTRIES[each] for each in sorted(step.entries)}
            await watch.load(*chosen.values())
        case Put():
            await watch.put(PARTIES[step.party])
        case Wait():
            watch.now += timedelta(days=step.days)
        case Law():
            today = watch.now.date()
            event = suspended(today + timedelta(days=step.until), today)
            if not acts:
                acts.append(await watch.record(event))
        case Retract():
            if acts:
                await watch.retract(acts.pop())


async def check_told(watch: Watch, events: Sequence[AccountEvent]) -> None:
    """The hits that events tell of, new and gone, are those that there are."""
    hits = set[tuple[str | None, str]]()
    for each in events:
        if each.data.listing is None:
            continue
        key = each.counterparty, each.data.listing.listing_id
        if each.type == "hit.new":
            assert key not in hits
            hits.add(key)
        elif each.type == "hit.gone":
            hits.remove(key)
    standings = await watch.standings()
    assert hits == {
        (key, listing_id)
        for key, standing in standings.items()
        if standing is not None
        for listing_id in standing.listings
    }


# --- Events.


async def test_a_new_entry_is_told_once_to_whom_it_concerns_with_what_is_known_of_it(watch: Watch):
    await watch.load(ENTRIES[2])
    await watch.put(PARTIES[0], PARTIES[7])
    await watch.round()
    assert told(await watch.events()) == []
    await watch.load(ENTRIES[0], ENTRIES[2])
    await watch.round()
    (new,) = (each for each in await watch.events() if each.type == "hit.new")
    assert new.counterparty == "a"
    assert new.data.cause.kind == "edition"
    assert new.data.cause.list_code == "us_ofac_plc"
    assert new.data.before is None
    assert new.data.after is not None
    assert new.data.after.startswith("Borogove Mills, us_ofac_plc, score 1.00: ")
    assert "In force" in new.data.after


async def test_each_edition_is_said_to_answer_all_even_where_it_changes_nothing(watch: Watch):
    await watch.load(ENTRIES[0])
    await watch.put(*PARTIES[2:])
    await watch.round()
    await watch.load(ENTRIES[0], listing("9", "Snark Hunting"))
    await watch.round()
    await watch.load(ENTRIES[0], listing("9", "Snark Hunting"), listing("8", "Boojum"))
    await watch.round()
    said = [
        each.data
        for each in await watch.events()
        if each.type == "rescreened" and each.data.cause.list_code == LIST
    ]
    assert [each.count for each in said] == [6, 6]
    assert [(each.after or "").partition(" of ")[0] for each in said] == [
        f"All 6 answered by edition {each.cause.edition}" for each in said
    ]


async def test_a_suspension_is_told_when_it_begins_nears_its_end_and_lapses(watch: Watch):
    await watch.load(ENTRIES[0])
    await watch.put(PARTIES[0])
    await watch.round()
    seen = (await watch.events())[-1].id
    await watch.record(suspended(date(2027, 1, 10)))
    days = ("2026-11-24", "2026-12-11", "2026-12-12", "2027-01-03", "2027-01-04", "2027-01-10")
    found = list[tuple[str, str]]()
    for day in (*days, "2027-01-11", "2027-01-12"):
        watch.now = watch.now.replace(
            year=int(day[:4]), month=int(day[5:7]), day=int(day[8:]), hour=18
        )
        await watch.round()
        events = await watch.events(seen)
        found += [(day, kind) for kind, _ in told(events)]
        seen = events[-1].id if events else seen
    assert found == [
        ("2026-11-24", "measure.suspended"),
        ("2026-12-12", "measure.coming"),
        ("2027-01-04", "measure.coming"),
        ("2027-01-10", "measure.coming"),
        ("2027-01-11", "measure.lapsed"),
    ]


async def test_an_entry_that_reads_otherwise_is_told_by_its_fields_and_a_reprint_is_not(
    watch: Watch,
):
    await watch.load(ENTRIES[0])
    await watch.put(PARTIES[0])
    await watch.round()
    seen = (await watch.events())[-1].id
    await watch.load(msgspec.structs.replace(listing("1", "BOROGOVE  MILLS"), remarks="reprinted"))
    await watch.round()
    assert told(await watch.events(seen)) == []
    address = Address(text="12 Wabe Lane")
    await watch.load(
        msgspec.structs.replace(listing("1", MILLS), addresses=(address,), identifiers=(IMO,))
    )
    await watch.round()
    (changed,) = (each for each in await watch.events(seen) if each.type == "hit.changed")
    assert [(each.field, each.before, each.after) for each in changed.data.changes] == [
        ("identifiers", None, "IMO number 9187629"),
        ("addresses", None, "12 Wabe Lane"),
    ]


async def test_what_nothing_can_have_touched_is_not_screened_again(watch: Watch):
    await watch.load(*(listing(str(each), f"Filler {each} Works") for each in range(20, 60)))
    many = [
        WatchedCounterparty(id=f"p{each}", name=f"Tugboat {each} Limited") for each in range(300)
    ]
    await watch.put(*many, PARTIES[0])
    assert await watch.round() == len(many) + 1
    await watch.load(
        *(listing(str(each), f"Filler {each} Works") for each in range(20, 60)), ENTRIES[0]
    )
    assert await watch.round() == 1
    await watch.record(suspended(date(2027, 1, 10)))
    assert await watch.round() == 1
    watch.now += timedelta(days=1)
    assert await watch.round() == 0


async def test_an_event_of_the_register_and_a_day_ask_no_list_again(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    await watch.load(ENTRIES[0], ENTRIES[2])
    await watch.put(PARTIES[0], PARTIES[5], PARTIES[7])
    await watch.round()
    seen = await watch.newest_event()

    async def refused(*_: object) -> NotedAnswer:
        pytest.fail("a list was asked")

    with monkeypatch.context() as patch:
        patch.setattr(rescreen.Screeners, "screened", refused)
        await watch.record(suspended(date(2026, 12, 20)))
        assert await watch.round() == 2
        watch.now += timedelta(days=30)
        assert await watch.round() == 2
    kinds = ["measure.suspended", "measure.lapsed"]
    assert [kind for kind, key in told(await watch.events(seen)) if key == "a"] == kinds
    assert await watch.standings() == await watch.screened()


async def test_law_that_returns_to_what_it_was_while_nobody_finished_answering_is_noticed(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    await watch.load(ENTRIES[0])
    await watch.put(PARTIES[0])
    await watch.round()
    act = await watch.record(suspended(date(2026, 12, 20)))

    async def killed(*_: object) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patch:
        # the answers are stored, and that all are is not
        patch.setattr(rescreen._Sweep, "_finish", killed)
        with pytest.raises(StoreUnavailableError):
            await watch.round()
    seen = await watch.newest_event()
    await watch.retract(act)
    await watch.round()
    assert await watch.standings() == await watch.screened()
    assert told(await watch.events(seen)) == [("measure.in_force", "a")]


async def test_law_that_changed_while_nobody_had_the_entry_is_noticed_when_it_returns(
    watch: Watch,
):
    await watch.load(ENTRIES[0])
    await watch.put(PARTIES[0])
    await watch.round()
    await watch.load()
    await watch.round()
    act = await watch.record(suspended(date(2026, 12, 20)))
    await watch.round()
    await watch.load(ENTRIES[0])
    await watch.round()
    await watch.retract(act)
    await watch.round()
    assert await watch.standings() == await watch.screened()


async def test_a_release_of_the_scorer_is_told_in_one_summary(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    await watch.load(ENTRIES[0])
    await watch.put(PARTIES[0], PARTIES[7])
    await watch.round()
    seen = (await watch.events())[-1].id
    release = scorer_number() + 1
    watch.rescreening = Rescreening(
        watch.pool, watch.current, watch.boards, lambda: watch.now, release
    )
    as_before = standing_of
    monkeypatch.setattr(
        rescreen,
        "standing_of",
        lambda result, leads: msgspec.structs.replace(as_before(result, leads), hits=()),
    )
    assert await watch.round() == 2
    (summary,) = (each for each in await watch.events(seen) if each.type == "scorer.changed")
    assert told(await watch.events(seen)) == []
    assert (summary.type, summary.data.count) == ("scorer.changed", 1)
    assert (summary.data.after or "").endswith("1 of the answers are others, such as a")


async def test_a_list_that_fails_raises_coverage_events_and_loses_no_hit(watch: Watch):
    await watch.load(ENTRIES[0])
    await watch.put(PARTIES[0])
    await watch.round()
    states = {each.type for each in await watch.events()}
    assert "hit.gone" not in states
    seen = (await watch.events())[-1].id
    watch.now += timedelta(days=200)
    await watch.round()
    kinds = {each.type for each in await watch.events(seen)}
    assert "hit.gone" not in kinds
    assert "coverage.incomplete" in kinds | states


# --- Exactly once.


async def test_two_processes_that_answer_the_same_change_tell_of_it_once(watch: Watch):
    await watch.load()
    await watch.put(*PARTIES[2:], PARTIES[0])
    await watch.round()
    other = Rescreening(watch.pool, watch.current, watch.boards, lambda: watch.now)
    await watch.load(*(ENTRIES[each] for each in (0, 2, 4, 5, 6)))
    await watch.boards.catch_up(watch.store)
    await watch.current.catch_up(watch.store)
    await asyncio.gather(watch.rescreening.round(), other.round(), watch.rescreening.round())
    await check_told(watch, await watch.events())
    assert await watch.standings() == await watch.screened()


@pytest.mark.parametrize("fails_at", range(12))
async def test_a_process_that_ends_at_any_query_leaves_nothing_out_and_nothing_twice(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, fails_at: int
):
    await watch.load(ENTRIES[0])
    await watch.put(*PARTIES[2:], PARTIES[0])
    await watch.round()
    await watch.load(*(ENTRIES[each] for each in (1, 2, 4, 5, 6)))
    count, as_before = 0, fetched

    async def failing(place, name, *arguments):
        nonlocal count
        count += 1
        if count == 3 * fails_at + 1:
            raise asyncpg.ConnectionDoesNotExistError
        return await as_before(place, name, *arguments)

    monkeypatch.setattr(store, "fetched", failing)
    with suppress(asyncpg.ConnectionDoesNotExistError, StoreUnavailableError):
        await watch.round()
    monkeypatch.setattr(store, "fetched", as_before)
    await watch.round()
    await check_told(watch, await watch.events())
    assert await watch.standings() == await watch.screened()


async def test_what_is_put_while_others_are_screened_again_is_not_forgotten(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    await watch.load(ENTRIES[2])
    await watch.put(PARTIES[7])
    await watch.round()
    behind = await watch.rescreening.view()
    await watch.load(ENTRIES[0], ENTRIES[2])
    finish = rescreen._Sweep._finish

    async def put_before(sweep, written):
        await watch.put(PARTIES[0])
        keys = [2]
        screeners = rescreen.Screeners(behind)
        causes = Causes(otherwise=EventCause(kind="counterparty"))
        assert await rescreen.answer_again(watch.pool, behind, screeners, keys, causes) == 1
        await finish(sweep, written)

    monkeypatch.setattr(rescreen._Sweep, "_finish", put_before)
    await watch.round()
    assert await watch.standings() == await watch.screened()
    assert ("hit.new", "a") in told(await watch.events())


async def test_a_process_that_knows_less_answers_nothing(watch: Watch):
    await watch.load(ENTRIES[2])
    await watch.put(PARTIES[0])
    await watch.round()
    behind = await watch.rescreening.view()
    await watch.load(ENTRIES[0], ENTRIES[2])
    await watch.round()

    causes = Causes(otherwise=EventCause(kind="counterparty"))
    screeners = rescreen.Screeners(behind)
    assert await rescreen.answer_again(watch.pool, behind, screeners, [1], causes) == 0
    assert await watch.standings() == await watch.screened()
