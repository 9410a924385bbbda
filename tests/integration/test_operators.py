"""Operators add events over HTTP, with a key; everybody else may only read."""

import asyncio
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.measures.measure import Event
from abeyance_screening.engine.measures.register_rows import stored_event
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.postgres.database import connected, on
from abeyance_screening.platform.settings import Operator, Settings
from abeyance_screening.platform.stores.register import DatabaseRegister
from tests.integration.anna import ANNA, EVENTS, EXTENSION, KEY, OPERATOR, RULE
from tests.integration.conftest import wait_until_ready
from tests.served import wait_for

# A second on a machine with nothing else to do; the tests before it leave it a lot.
DAY = {"as_of": "2026-11-24", "known_at": "2026-11-24"}


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    return (OPERATOR,)


def test_an_operators_event_counts_in_the_next_answer(client: TestClient[Litestar]):
    assert client.get(f"/v1/measures/{RULE}", params=DAY).json()["on_day"]["status"] == (
        "in_force_by_lapse"
    )
    added = client.post(EVENTS, json=EXTENSION, headers=ANNA)
    assert added.status_code == HTTPStatus.CREATED
    event = added.json()["event"]
    assert (event["origin"], event["recorded_by"]) == ("operator", "anna")
    on_day = client.get(f"/v1/measures/{RULE}", params=DAY).json()["on_day"]
    assert (on_day["status"], on_day["until"]) == ("suspended", "2027-11-09")
    assert [(each["id"], each["origin"]) for each in on_day["rests_on"]] == [
        (event["id"], "operator")
    ]
    again = client.post(EVENTS, json=EXTENSION, headers=ANNA)
    assert again.status_code == HTTPStatus.CONFLICT
    assert again.json()["type"] == "/problems/already-recorded"
    taken_back = client.post(
        f"{EVENTS}/{event['id']}/retraction", json={"because": "a test"}, headers=ANNA
    )
    assert taken_back.status_code == HTTPStatus.OK
    assert taken_back.json()["event"]["retracted_because"] == "a test"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no key"),
        pytest.param({"authorization": "Bearer another-key-of-some-length"}, id="another key"),
        pytest.param({"authorization": f"Bearer {KEY}x"}, id="a longer key"),
        pytest.param({"authorization": f"Bearer {KEY[:-1]}"}, id="a shorter key"),
        pytest.param({"authorization": KEY}, id="no scheme"),
        pytest.param({"authorization": f"Basic {KEY}"}, id="another scheme"),
        pytest.param({"authorization": "Bearer "}, id="nothing after the scheme"),
    ],
)
@pytest.mark.parametrize(
    ("path", "body"),
    [(EVENTS, EXTENSION), (f"{EVENTS}/own-x/retraction", {"because": "x"})],
    ids=["add", "retract"],
)
def test_without_an_operators_key_nothing_is_changed(
    client: TestClient[Litestar], path: str, body: dict[str, object], headers: dict[str, str]
):
    refused = client.post(path, json=body, headers=headers)
    assert refused.status_code == HTTPStatus.UNAUTHORIZED
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["type"] == "/problems/unauthorised"
    assert KEY not in refused.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "vanish"}, "kind"),
        ({"until": "2026-11-01"}, "until"),
        ({"lapse_effect": "authorisation_ends"}, "lapse_effect"),
        ({"lapse_effect": None}, "lapse_effect"),
        ({"citation": ""}, "citation"),
        ({"slice": {"note": "nothing named"}}, "slice"),
        ({"slice": {"entity": "X"}}, "slice.entity"),
        ({"source": {"url": "javascript:alert(1)"}}, "source.url"),
        ({"published_on": None, "effective_on": None}, "effective_on"),
        ({"recorded_at": "2020-01-01T00:00:00Z"}, "recorded_at"),
        ({"id": "mine"}, "id"),
        ({"until": "0001-01-01", "until_bound": "exclusive"}, "until"),
        ({"until": "9999-12-31"}, "until"),
        ({"kind": "delay", "effective_on": "0001-01-01"}, "effective_on"),
        ({"citation": " "}, "citation"),
        ({"quote": "a\x00b"}, "quote"),
        ({"slice": {"entities": [""]}}, "slice.entities[0]"),
        ({"slice": {"part": ""}}, "slice.part"),
        ({"slice": {"countries": ["China"]}}, "slice.countries[0]"),
        ({"source": {"url": "https://x/\r\nEND:VEVENT"}}, "source.url"),
        ({"source": {"url": "https://"}}, "source.url"),
        ({"replaces": "own-nothing"}, "replaces"),
    ],
)
def test_an_event_that_cannot_be_read_is_refused_naming_the_field(
    client: TestClient[Litestar], change: dict[str, object], field: str
):
    refused = client.post(EVENTS, json={**EXTENSION, **change}, headers=ANNA)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in refused.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("event_id", "because", "field"),
    [
        pytest.param("own-%00", "x", "event_id", id="a NUL in the id"),
        pytest.param("own-%1b", "x", "event_id", id="an escape in the id"),
        pytest.param("own-x", " ", "because", id="a blank reason"),
        pytest.param("own-x", "a\x00", "because", id="a NUL in the reason"),
    ],
)
def test_a_retraction_that_cannot_be_read_is_refused_naming_the_field(
    client: TestClient[Litestar], event_id: str, because: str, field: str
):
    path = f"{EVENTS}/{event_id}/retraction"
    refused = client.post(path, json={"because": because}, headers=ANNA)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert [each["field"] for each in refused.json()["errors"]] == [field]


def test_a_measure_that_is_none_has_no_events(client: TestClient[Litestar]):
    refused = client.post("/v1/measures/none/events", json=EXTENSION, headers=ANNA)
    assert refused.status_code == HTTPStatus.NOT_FOUND


def test_a_service_without_operators_takes_no_event(
    listed_database: str, bundled_index: ListingIndex
):
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        refused = client.post(EVENTS, json=EXTENSION, headers=ANNA)
    assert refused.status_code == HTTPStatus.UNAUTHORIZED
    assert "ABEYANCE_OPERATORS" in refused.json()["detail"]


def test_an_event_that_replaces_another_takes_it_back(client: TestClient[Litestar]):
    wrong = client.post(EVENTS, json={**EXTENSION, "citation": "91 FR 2"}, headers=ANNA)
    wrong_id = wrong.json()["event"]["id"]
    right = {**EXTENSION, "until": "2027-05-09", "citation": "91 FR 2", "replaces": wrong_id}
    added = client.post(EVENTS, json=right, headers=ANNA).json()["event"]
    before = client.get(
        f"/v1/measures/{RULE}", params={"as_of": "2026-11-24", "known_at": "2026-11-23"}
    ).json()
    assert before["on_day"]["until"] == "2027-11-09"
    today = client.get(f"/v1/measures/{RULE}", params={"as_of": "2026-11-24"}).json()
    events = {each["id"]: each for each in today["measure"]["events"]}
    assert events[wrong_id]["retracted_at"] == added["recorded_at"]
    assert today["on_day"]["until"] == "2027-05-09"
    shipped = client.post(EVENTS, json={**right, "replaces": "suspend-2025-11-10"}, headers=ANNA)
    assert [each["field"] for each in shipped.json()["errors"]] == ["replaces"]
    twice = client.post(EVENTS, json={**right, "replaces": wrong_id, "note": "x"}, headers=ANNA)
    assert [each["field"] for each in twice.json()["errors"]] == ["replaces"]
    client.post(f"{EVENTS}/{added['id']}/retraction", json={"because": "a test"}, headers=ANNA)


def test_another_process_on_the_same_database_counts_it_within_seconds(
    client: TestClient[Litestar], listed_database: str, bundled_index: ListingIndex
):
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    # with all that is known today: what other tests took back still stood in earlier knowledge
    day = {"as_of": "2026-11-24"}
    delay = {**EXTENSION, "until": "2028-01-31", "citation": "92 FR 1"}
    with TestClient(app, raise_server_exceptions=False) as replica:
        wait_until_ready(replica)
        added = client.post(EVENTS, json=delay, headers=ANNA).json()["event"]["id"]
        assert _until_seen(replica, day, "2028-01-31") == [added]
    client.post(f"{EVENTS}/{added}/retraction", json={"because": "a test"}, headers=ANNA)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(
            Event(id="own-a", kind="suspend", effective_on=date.min, until=date.min,
                  until_bound="exclusive", lapse_effect="restriction_returns"),
            id="until the first day there is",
        ),
        pytest.param(
            Event(id="own-b", kind="delay", published_on=date.min, effective_on=date.min,
                  until_state="none_stated"),
            id="a delay to the first day there is",
        ),
        pytest.param(
            Event(id="own-c", kind="suspend", effective_on=date.max, until=date.max,
                  until_bound="inclusive", lapse_effect="restriction_returns"),
            id="on the last day there is",
        ),
        pytest.param(
            Event(id="own-d", kind="announce_suspension", announced_on=date.min,
                  effective_on=date.max, until=date.max),
            id="said of the last day there is",
        ),
    ],
)  # fmt: skip
def test_an_event_that_an_earlier_version_took_makes_no_answer_fail(
    client: TestClient[Litestar], listed_database: str, event: Event
):
    asyncio.run(_store_unchecked(listed_database, event))
    _until_recorded(client, event.id)
    for path in (
        "/v1/measures",
        f"/v1/measures/{RULE}",
        f"/v1/measures/{RULE}/diff?from=2025-01-01&to=2026-11-24",
        "/v1/calendar",
        "/v1/calendar.ics",
        "/v1/calendar?as_of=0001-01-01&known_at=9999-12-31",
        "/v1/restrictions?item=gallium&origin=CN&destination=US",
        "/v1/search?name=Hikvision",
    ):
        assert client.get(path).status_code == HTTPStatus.OK, path


async def _store_unchecked(dsn: str, event: Event) -> None:
    now = datetime.now(UTC)
    given = msgspec.structs.replace(
        event, origin="operator", recorded_at=now, recorded_by="x", stored_at=now
    )
    async with (
        connected(dsn) as connection,
        DatabaseRegister(on(connection)).recording() as change,
    ):
        mark = await change.lock()
        await change.add_operator_event(stored_event(RULE, given))
        await change.mark(mark.revision, mark.made_at)


def _until_recorded(client: TestClient[Litestar], event_id: str) -> None:
    def recorded() -> set[str]:
        events = client.get(f"/v1/measures/{RULE}").json()["measure"]["events"]
        return {each["id"] for each in events}

    wait_for(lambda: event_id in recorded(), "the event")


def _until_seen(replica: TestClient[Litestar], day: dict[str, str], end: str) -> list[str]:
    """What the rule rests on once the replica shows that end."""

    def shown() -> dict[str, Any]:
        return replica.get(f"/v1/measures/{RULE}", params=day).json()["on_day"]

    wait_for(lambda: shown()["until"] == end, "the end")
    return [each["id"] for each in shown()["rests_on"]]
