"""Events: each change once, in the order of commits, and each account's own."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import msgspec
import pytest

from abeyance_screening.platform.events import (
    EventCause,
    EventData,
    EventListing,
    FieldChange,
    NewEvent,
    without_names,
)
from abeyance_screening.platform.events.store import EVENTS_CHANNEL, StoredEvents, append
from abeyance_screening.platform.postgres.database import connected

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DATA = EventData(
    cause=EventCause(kind="edition", list_code="us_bis_el", edition=7),
    after="Listed as Huawei Technologies Co., Ltd.",
    changes=(
        FieldChange(field="names", before=None, after="Huawei Technologies Co., Ltd."),
        FieldChange(field="status", before="suspended", after="in_force_by_lapse"),
    ),
    counterparty_name="Huawei",
    listing=EventListing(list_code="us_bis_el", listing_id="x", name="Huawei"),
)


def new_event(key: str, account: str = "main", counterparty: str | None = "c-1") -> NewEvent:
    return NewEvent(
        account=account,
        dedup_key=key,
        type="hit.new",
        at=NOW,
        counterparty=counterparty,
        data=DATA,
    )


async def test_a_change_that_is_told_again_is_one_event(emptied_database: str):
    async with connected(emptied_database) as connection:
        async with connection.transaction():
            first = await append(connection, [new_event("a"), new_event("b"), new_event("a")])
        async with connection.transaction():
            again = await append(connection, [new_event("b"), new_event("c")])
        found = await StoredEvents(connection, "main").after(0, 10)
    assert [*first, *again] == ["a", "b", "c"]
    assert [each.id for each in found] == [*first.values(), *again.values()]
    assert {each.data for each in found} == {DATA}


async def test_a_reader_that_goes_on_after_an_id_misses_no_event_of_a_slower_transaction(
    emptied_database: str,
):
    async with connected(emptied_database) as slow, connected(emptied_database) as fast:
        begun = slow.transaction()
        await begun.start()
        await append(slow, [new_event("slow")])
        adding = asyncio.create_task(_added(fast, new_event("fast")))
        await _until_one_waits(emptied_database)
        await begun.commit()
        await adding
        found = await StoredEvents(fast, "main").after(0, 10)
        rows = await fast.fetch("select dedup_key from event order by id")
    assert [row[0] for row in rows] == ["slow", "fast"]
    assert found[0].id < found[1].id


async def test_what_is_rolled_back_has_not_happened(emptied_database: str):
    async with connected(emptied_database) as connection:
        begun = connection.transaction()
        await begun.start()
        await append(connection, [new_event("a")])
        await begun.rollback()
        assert await StoredEvents(connection, "main").after(0, 10) == ()


async def test_an_account_reads_its_own_events_by_type_and_by_counterparty(emptied_database: str):
    async with connected(emptied_database) as connection:
        async with connection.transaction():
            ids = await append(
                connection,
                [new_event("a", "other"), new_event("b"), new_event("c", "main", "c-2")],
            )
        mine, other = StoredEvents(connection, "main"), StoredEvents(connection, "other")
        assert [each.id for each in await mine.after(0, 10)] == [ids["b"], ids["c"]]
        assert [each.id for each in await mine.after(ids["b"], 10)] == [ids["c"]]
        assert [each.id for each in await mine.after(0, 10, counterparty="c-2")] == [ids["c"]]
        assert await mine.after(0, 10, types=["hit.gone"]) == ()
        assert [each.id for each in await other.after(0, 10)] == [ids["a"]]


async def test_listeners_hear_of_an_account_with_new_events_once_they_are_committed(
    emptied_database: str,
):
    heard = asyncio.Queue[object]()
    async with connected(emptied_database) as listener, connected(emptied_database) as connection:
        await listener.add_listener(EVENTS_CHANNEL, lambda *said: heard.put_nowait(said[-1]))
        async with connection.transaction():
            await append(connection, [new_event("a", "acme")])
        assert await heard.get() == "acme"


def test_what_an_event_says_without_names_has_no_name_in_it():
    thin = msgspec.json.encode(without_names(DATA)).decode()
    assert "Huawei" not in thin
    assert "in_force_by_lapse" in thin


async def _added(connection: asyncpg.Connection, event: NewEvent) -> None:
    async with connection.transaction():
        await append(connection, [event])


async def _until_one_waits(database: str) -> None:
    async with connected(database) as connection:
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        for _ in range(1_000):
            if await connection.fetchval(waiting):
                return
            await asyncio.sleep(0.01)
    pytest.fail("nobody waits for the lock")
