"""The register in the database: recorded once, append-only, followed by every process."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime

import asyncpg
import msgspec
import pytest

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import Event, Measure, ShippedRegister
from abeyance_screening.features.register.events import Addition, Operators
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.register import record_shipped
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import AlreadyRecordedError, BadInputError
from tests.shipped_register import shipped

SHIPPED = shipped()
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, tzinfo=UTC)
TODAY = NOW.date()
OWN_EVENTS = "select count(*) from register_event where origin = 'operator'"
RULE = "us-bis-affiliates-rule"
EXTENSION = Event(
    id="",
    kind="extend_suspension",
    published_on=date(2026, 11, 24),
    effective_on=date(2026, 11, 24),
    until=date(2027, 11, 9),
    until_bound="inclusive",
    until_state="stated",
    lapse_effect="restriction_returns",
    citation="91 FR 99999",
    confidence="verified_secondary",
)


@pytest.fixture
async def connection(fresh_database: str) -> AsyncGenerator[asyncpg.Connection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate register_event, register_measure")
        await connection.execute("update register_state set revision = 0")
        yield connection


@pytest.fixture
def store(connection: asyncpg.Connection) -> StoreOnConnection:
    return StoreOnConnection(connection)


async def _board(store: StoreOnConnection) -> CurrentBoard:
    boards = CurrentBoard()
    await boards.catch_up(store)
    return boards


def _of(*measures: Measure, revision: int = 1) -> ShippedRegister:
    return ShippedRegister(revision=revision, measures=measures)


def _measure(*events: Event) -> Measure:
    rule = next(each for each in SHIPPED.measures if each.id == RULE)
    return msgspec.structs.replace(rule, events=events or rule.events)


async def test_the_stored_register_is_the_shipped_one(store: StoreOnConnection):
    assert await record_shipped(store, SHIPPED, NOW)
    stored = (await _board(store)).get().register
    assert {each.id: each for each in stored.measures} == {
        each.id: each for each in SHIPPED.measures
    }


async def test_the_same_register_is_recorded_once(store: StoreOnConnection):
    assert await record_shipped(store, SHIPPED, NOW)
    mark = await store.read_mark()
    assert not await record_shipped(store, SHIPPED, LATER)
    assert await store.read_mark() == mark


async def test_an_event_that_comes_later_has_the_time_at_which_it_came(store: StoreOnConnection):
    measure = _measure()
    await record_shipped(store, _of(_measure(*measure.events[:2])), NOW)
    await record_shipped(store, _of(measure, revision=2), LATER)
    events = (await _board(store)).get().register.get(RULE).events
    assert [each.stored_at for each in events[:3]] == [None, None, LATER]


async def test_an_older_program_leaves_a_newer_register_as_it_is(store: StoreOnConnection):
    await record_shipped(store, _of(_measure(), revision=2), NOW)
    assert not await record_shipped(store, _of(revision=1), LATER)
    assert (await _board(store)).get().register.get(RULE) == _measure()


async def test_a_rewritten_event_leaves_its_old_row_behind(
    store: StoreOnConnection, connection: asyncpg.Connection
):
    first, *others = _measure().events
    await record_shipped(store, _of(_measure()), NOW)
    rewritten = msgspec.structs.replace(first, note="reworded")
    await record_shipped(store, _of(_measure(rewritten, *others), revision=2), LATER)
    rows = await connection.fetch(
        "select superseded_at from register_event where event_id = $1 order by id", first.id
    )
    assert [row["superseded_at"] for row in rows] == [LATER, None]
    assert "reworded" in {
        each.note for each in (await _board(store)).get().register.get(RULE).events
    }


async def test_an_operators_event_counts_and_survives_an_upgrade(store: StoreOnConnection):
    await record_shipped(store, _of(_measure()), NOW)
    boards = await _board(store)
    assert boards.get().one(RULE, Days(as_of=TODAY, known_at=TODAY)).status == "in_force_by_lapse"
    recorded = await Operators(store, boards, lambda: NOW).add(RULE, EXTENSION, "anna")
    shown = boards.get().one(RULE, Days(as_of=TODAY, known_at=TODAY))
    assert (shown.status, shown.until) == ("suspended", date(2027, 11, 9))
    assert [(each.id, each.origin) for each in shown.rests_on] == [(recorded.id, "operator")]
    await record_shipped(store, _of(_measure(_measure().events[0]), revision=2), LATER)
    await boards.catch_up(store)
    events = boards.get().register.get(RULE).events
    assert [(each.origin, each.recorded_by) for each in events] == [
        ("shipped", None),
        ("operator", "anna"),
    ]


async def test_the_same_event_of_an_operator_is_recorded_once(store: StoreOnConnection):
    await record_shipped(store, _of(_measure()), NOW)
    boards = await _board(store)
    await Operators(store, boards, lambda: NOW).add(RULE, EXTENSION, "anna")
    with pytest.raises(AlreadyRecordedError, match=RULE):
        await Operators(store, boards, lambda: LATER).add(RULE, EXTENSION, "ben")


async def test_a_retracted_event_counts_for_what_was_known_before(store: StoreOnConnection):
    await record_shipped(store, _of(_measure()), NOW)
    boards = await _board(store)
    recorded = await Operators(store, boards, lambda: NOW).add(RULE, EXTENSION, "anna")
    later, day = Operators(store, boards, lambda: LATER), LATER.date()
    assert (await later.retract(RULE, recorded.id, "ben", "misread")).retracted_at == LATER
    assert (
        boards.get().one(RULE, Days(as_of=day, known_at=date(2026, 11, 30))).status == "suspended"
    )
    assert boards.get().one(RULE, Days(as_of=day, known_at=day)).status == "in_force_by_lapse"
    with pytest.raises(BadInputError, match="is retracted already"):
        await later.retract(RULE, recorded.id, "ben", "again")


async def test_a_shipped_event_is_not_an_operators_to_retract(store: StoreOnConnection):
    await record_shipped(store, _of(_measure()), NOW)
    operators = Operators(store, await _board(store), lambda: NOW)
    with pytest.raises(BadInputError, match="event_id: comes with the program"):
        await operators.retract(RULE, _measure().events[0].id, "ben", "no")


async def test_an_event_that_contradicts_itself_is_refused_naming_the_field(
    store: StoreOnConnection,
):
    await record_shipped(store, _of(_measure()), NOW)
    wrong = msgspec.structs.replace(EXTENSION, until=date(2026, 11, 1))
    operators = Operators(store, await _board(store), lambda: NOW)
    with pytest.raises(BadInputError, match=r"^until: lies before effective_on"):
        await operators.add(RULE, wrong, "anna")


async def test_several_events_are_added_together_or_not_at_all(
    store: StoreOnConnection, connection: asyncpg.Connection
):
    await record_shipped(store, _of(_measure()), NOW)
    operators = Operators(store, await _board(store), lambda: NOW)
    good = Addition(measure_id=RULE, event=EXTENSION, entry="first")
    bad = Addition(
        measure_id=RULE,
        event=msgspec.structs.replace(EXTENSION, note="n", replaces="own-none"),
        entry="second",
    )
    with pytest.raises(BadInputError, match=r"^second: replaces"):
        await operators.add_all([good, bad], "anna")
    assert await connection.fetchval(OWN_EVENTS) == 0
    other = msgspec.structs.replace(EXTENSION, citation="91 FR 8")
    added = await operators.add_all([good, Addition(measure_id=RULE, event=other)], "anna")
    assert [each.citation for each in added] == ["91 FR 99999", "91 FR 8"]
    assert await connection.fetchval(OWN_EVENTS) == 2


async def test_an_event_without_a_citation_is_refused(store: StoreOnConnection):
    await record_shipped(store, _of(_measure()), NOW)
    operators = Operators(store, await _board(store), lambda: NOW)
    silent = msgspec.structs.replace(EXTENSION, citation=None)
    with pytest.raises(BadInputError, match=r"^citation: is missing"):
        await operators.add(RULE, silent, "anna")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("newer", "true", id="unknown field"),
        pytest.param("title", "7", id="wrong type"),
    ],
)
async def test_beside_a_measure_of_a_newer_program_events_are_added_and_taken_back(
    store: StoreOnConnection, connection: asyncpg.Connection, field: str, value: str
):
    other = next(each for each in SHIPPED.measures if each.id == "cn-2024-46-2")
    await record_shipped(store, _of(_measure(), other), NOW)
    boards, day = await _board(store), Days(as_of=TODAY, known_at=TODAY)
    assert boards.get().one(other.id, day).status != "unknown"
    await connection.execute(
        "update register_measure set body = jsonb_set(body, array[$1], $2::text::jsonb)"
        " where measure_id = $3",
        *(field, value, other.id),
    )
    operators = Operators(store, boards, lambda: NOW)
    recorded = await operators.add(RULE, EXTENSION, "anna")
    assert boards.get().one(other.id, day).status == "unknown"
    assert boards.get().one(RULE, day).status == "suspended"
    of_other = await operators.add(other.id, EXTENSION, "anna")
    taken_back = await operators.retract(other.id, of_other.id, "anna", "a test")
    assert (taken_back.id, taken_back.retracted_because) == (of_other.id, "a test")
    assert (await operators.retract(RULE, recorded.id, "anna", "a test")).retracted_at == NOW
    assert boards.get().one(RULE, day).status == "in_force_by_lapse"


async def test_what_the_database_cannot_hold_is_bad_input(store: StoreOnConnection):
    await record_shipped(store, _of(_measure()), NOW)
    with pytest.raises(BadInputError, match=r"^request: "):
        async with store.recording() as recording:
            await recording.retract_operator_event((RULE, "own-\x00"), NOW, "anna", "x")


async def test_a_change_is_read_once_however_many_hear_of_it(
    store: StoreOnConnection, fresh_database: str, caplog: pytest.LogCaptureFixture
):
    await record_shipped(store, _of(_measure()), NOW)
    boards = CurrentBoard()
    async with connected(fresh_database) as second:
        with caplog.at_level(logging.INFO):
            await asyncio.gather(
                boards.catch_up(store), boards.catch_up(StoreOnConnection(second))
            )
    assert [record.msg for record in caplog.records].count("register.swapped") == 1


async def test_an_event_of_a_kind_that_this_program_does_not_know_makes_the_status_unknown(
    store: StoreOnConnection, connection: asyncpg.Connection
):
    await record_shipped(store, _of(_measure()), NOW)
    await connection.execute(
        "update register_event set body = jsonb_set(body, '{kind}', '\"vanish\"')"
        " where event_id = $1",
        _measure().events[0].id,
    )
    assert (await _board(store)).get().one(
        RULE, Days(as_of=TODAY, known_at=TODAY)
    ).status == "unknown"
