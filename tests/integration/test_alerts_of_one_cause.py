"""What one cause brings is one alert; its changes are the events, each once."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.features.alerts.store import AlertQuery, AlertStore, AlertWork
from abeyance_screening.platform.events import EventCause, EventData, EventListing, NewEvent
from abeyance_screening.platform.events.store import StoredEvents, append
from abeyance_screening.platform.postgres.database import connected

THEN = datetime(2026, 11, 9, 12, tzinfo=UTC)
type Client = TestClient[Litestar]


def change(counterparty: int, listing: int, edition: int, kind: Any = "hit.changed") -> NewEvent:
    cause = EventCause(
        kind="edition", list_code="us_bis_el", edition=edition, on=date(2026, 11, 9)
    )
    name = f"Near Alike {listing}"
    return NewEvent(
        account="main",
        dedup_key=f"{counterparty}:{listing}:{edition}:{kind}",
        type=kind,
        at=THEN + timedelta(seconds=edition),
        counterparty=f"c-{counterparty}",
        data=EventData(
            cause=cause,
            after=f"{name}, us_bis_el",
            counterparty_name=f"Counterparty {counterparty}",
            listing=EventListing(list_code="us_bis_el", listing_id=f"us-{listing}", name=name),
        ),
    )


async def test_what_an_edition_changes_for_many_is_one_alert_and_each_change_an_event(
    emptied_database: str,
):
    async with connected(emptied_database) as connection:
        for edition in range(2):
            for first in range(0, 30, 10):
                some = [change(a, b, edition) for a in range(first, first + 10) for b in range(30)]
                async with connection.transaction():
                    assert len(await append(connection, some)) == 300
        alerts = AlertStore(connection, "main")
        found = await alerts.listed(AlertQuery(), 100)
        assert [(each.changes, each.counterparties) for each in found] == [(900, 30)] * 2
        for each in found:
            assert (each.counterparty, each.data.counterparty_name) == (None, None)
            changes = await alerts.changes(each.id, 0, 1_000)
            assert len({(one.counterparty, one.data.listing) for one in changes}) == 900
            assert each.newest == max(one.id for one in changes)
            assert each.id == min(one.id for one in changes)
            assert (await alerts.get(changes[450].id)) == each
        assert len(await StoredEvents(connection, "main").after(0, 5_000)) == 1_800
        digest = await alerts.digest(THEN, THEN + timedelta(days=1), ("hit.changed",))
        assert [(each.alerts, each.events, each.open) for each in digest] == [(2, 1_800, 2)]


async def test_an_alert_grows_comes_again_and_is_not_done_unseen(emptied_database: str):
    async def tell(*events: NewEvent) -> None:
        async with connection.transaction():
            await append(connection, events)

    async def done(key: int, changes: int) -> bool:
        work = AlertWork(by="anna", at=THEN, acknowledged=True, changes=changes)
        async with connection.transaction():
            return await alerts.work(connection, key, work)

    async with connected(emptied_database) as connection:
        alerts = AlertStore(connection, "main")
        await tell(change(1, 1, 7), change(1, 1, 7))
        (first,) = await alerts.listed(AlertQuery(), 10)
        assert (first.changes, first.counterparty) == (1, "c-1")
        assert await alerts.listed(AlertQuery(after=first.newest), 10) == ()
        await tell(change(1, 1, 7), change(2, 1, 7), change(1, 2, 7))
        (grown,) = await alerts.listed(AlertQuery(after=first.newest), 10)
        assert (grown.id, grown.changes, grown.counterparties) == (first.id, 3, 2)
        assert not await done(first.id, 1)
        assert await done(first.id, 3)
        # what the same cause brings after that is another alert, and open
        await tell(change(3, 1, 7))
        (later,) = await alerts.listed(AlertQuery(done=False), 10)
        assert (later.changes, later.counterparty) == (1, "c-3")
        assert later.id > grown.newest


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    batches=st.lists(
        st.lists(
            st.builds(
                change,
                st.integers(0, 3),
                st.integers(0, 3),
                st.integers(0, 2),
                st.sampled_from(["hit.new", "hit.gone", "rescreened"]),
            ),
            max_size=12,
        ),
        max_size=4,
    )
)
async def test_alerts_hold_each_event_that_is_one_exactly_once(
    emptied_database: str, batches: list[list[NewEvent]]
):
    async with connected(emptied_database) as connection:
        await connection.execute("truncate event, alert cascade")
        for batch in batches:
            async with connection.transaction():
                await append(connection, batch)
        alerts = AlertStore(connection, "main")
        events = await StoredEvents(connection, "main").after(0, 1_000)
        assert len(events) == len({each.dedup_key for batch in batches for each in batch})
        wanted = defaultdict[object, list[int]](list)
        for each in events:
            if each.type != "rescreened":
                wanted[each.type, each.data.cause].append(each.id)
        found = await alerts.listed(AlertQuery(), 1_000)
        held = [[one.id for one in await alerts.changes(each.id, 0, 99)] for each in found]
        assert sorted(held) == sorted(wanted.values())
        assert [each.changes for each in found] == list(map(len, held))


def test_whoever_is_done_with_several_changes_says_how_many(client: Client):
    body = {"name": "Huawei Technologies Co., Ltd."}
    assert client.put("/v1/counterparties/several", json=body).is_success
    asked = {"counterparty": "several", "type": "hit.new"}
    (alert,) = client.get("/v1/alerts", params=asked).json()["items"]
    assert (alert["counterparty"], alert["counterparties"]) == ("several", 1)
    changes = client.get(f"/v1/alerts/{alert['id']}/changes", params={"limit": 500}).json()[
        "items"
    ]
    assert len(changes) == alert["changes"] > 2
    one = f"/v1/alerts/{changes[1]['id']}"
    assert client.get(one).json() == alert
    for given_of_one in ({}, {"changes": len(changes) - 1}):
        refused = client.post(f"{one}/acknowledge", json=given_of_one)
        assert refused.status_code == HTTPStatus.CONFLICT
        assert refused.json()["type"].endswith("/problems/alert-changes")
        assert f"alert {alert['id']} is about {len(changes)} changes" in refused.json()["detail"]
    page = client.get(f"/alerts?event={alert['id']}").text
    assert f"All {len(changes)} changes" in page
    assert page.count('<span class="fine">', page.index("All ")) >= len(changes)
    paged = client.get(f"/v1/alerts/{alert['id']}/changes", params={"limit": 2}).json()
    rest = {"limit": 500, "cursor": paged["next_cursor"]}
    more = client.get(f"/v1/alerts/{alert['id']}/changes", params=rest).json()["items"]
    assert [*paged["items"], *more] == changes
    done = client.post(f"{one}/acknowledge", json={"changes": len(changes)}).json()
    assert (done["id"], done["acknowledged_by"]) == (alert["id"], "local")


def test_a_comment_on_an_alert_about_several_goes_with_any_of_them(client: Client):
    assert client.put("/v1/counterparties/going", json={"name": "Dahua Technology"}).is_success
    alert = client.get("/v1/alerts", params={"counterparty": "going"}).json()["items"][0]
    path = f"/v1/alerts/{alert['id']}"
    assert client.post(f"{path}/comments", json={"comment": "asked Jane Doe"}).is_success
    assert client.delete("/v1/counterparties/going").is_success
    assert [each["text"] for each in client.get(path).json()["comments"]] == [""]


@pytest.mark.parametrize("body", [{"changes": 0}, {"changes": "3"}])
def test_how_many_changes_is_a_number_of_some(client: Client, body: dict[str, object]):
    refused = client.post("/v1/alerts/1/acknowledge", json=body)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "changes" in refused.text
