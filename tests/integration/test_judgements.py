"""Judgements: bound to a listing as it read, reopened by what changes it, approved by another."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from http import HTTPStatus

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.lists.listing import Address, Identifier, Listing
from abeyance_screening.features.counterparties.types import WatchedCounterparty
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.judgements import (
    HitJudgement,
    JudgementQuery,
    JudgementStore,
    NewJudgement,
)
from tests.integration.played import MILLS, OWN_SOURCE, Plays, listing
from tests.integration.test_accounts import LISTED_NAME, Account
from tests.integration.test_keys import hand_out_key
from tests.integration.watched import Watch, suspended, told, watching

ENTRY = listing("1", MILLS, addresses=(Address(text="12 Wabe Lane"),))
PARTY = WatchedCounterparty(id="a", name=MILLS)
LAST_DAY = date(2027, 2, 1)


@pytest.fixture
async def watch(emptied_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watch]:
    plays = Plays()
    monkeypatch.setattr(formats, "public_formats", lambda: (plays.format(OWN_SOURCE),))
    async with (
        connected(emptied_database) as connection,
        watching(StoreOnConnection(connection), emptied_database, plays) as watch,
    ):
        await watch.load(ENTRY)
        await watch.put(PARTY)
        await watch.round()
        await judge(watch)
        yield watch


async def judge(watch: Watch) -> int:
    async with watch.pool.connect() as connection, connection.transaction():
        store = JudgementStore(connection, "main")
        found = await store.counterparty("a")
        assert found is not None
        assert found.standing is not None
        (hit,) = found.standing.hits
        new = NewJudgement(
            counterparty=found,
            basis=hit,
            decision="different",
            reason="another mill",
            until=LAST_DAY,
            by="anna",
            at=watch.now,
        )
        return await store.add(new, waits=False)


async def judgement(watch: Watch) -> HitJudgement:
    listed = await JudgementStore(watch.pool.pool, "main").listed(JudgementQuery(), 10)
    return listed[0]


async def reopened_by(watch: Watch) -> list[str]:
    """The fields that reopened the judgement, as its event tells them and its history keeps."""
    events = [each for each in await watch.events() if each.type == "judgement.reopened"]
    kept = await judgement(watch)
    assert len(events) == (kept.state == "reopened")
    for each in events:
        assert each.data.changes == kept.because
    return [each.field for each in kept.because]


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (msgspec.structs.replace(ENTRY, remarks="printed again"), []),
        (msgspec.structs.replace(ENTRY, addresses=(Address(text="12, WABE LANE."),)), []),
        (msgspec.structs.replace(ENTRY, addresses=()), ["addresses"]),
        (
            msgspec.structs.replace(ENTRY, identifiers=(Identifier(kind="IMO", value="1"),)),
            ["identifiers"],
        ),
        (msgspec.structs.replace(ENTRY, entity_type="vessel"), ["entity_type"]),
    ],
    ids=["remark", "print of an address", "no address", "number", "type"],
)
async def test_a_new_edition_reopens_by_what_it_says_and_not_by_how_it_prints_it(
    watch: Watch, entry: Listing, fields: list[str]
):
    await watch.load(entry)
    await watch.round()
    assert await reopened_by(watch) == fields


async def test_a_suspension_keeps_a_judgement_and_its_lapse_reopens_it(watch: Watch):
    await watch.record(suspended(date(2026, 12, 31)))
    await watch.round()
    assert await reopened_by(watch) == []
    await judge(watch)
    watch.now = watch.now.replace(year=2027, month=1, day=2)
    await watch.round()
    assert await reopened_by(watch) == ["measures.us-ofac-plc-ns-plc"]


async def test_a_judgement_holds_up_to_its_last_day(watch: Watch):
    watch.now = watch.now.replace(year=2027, month=2, day=1)
    await watch.round()
    assert await reopened_by(watch) == []
    watch.now += timedelta(days=1)
    await watch.round()
    assert await reopened_by(watch) == ["until"]


async def test_another_counterparty_under_the_id_is_judged_again(watch: Watch):
    await watch.put(PARTY)
    await watch.round()
    assert await reopened_by(watch) == []
    await watch.put(msgspec.structs.replace(PARTY, countries=("DE",)))
    await watch.round()
    assert await reopened_by(watch) == ["counterparty"]


async def test_a_hit_that_goes_and_comes_back_as_it_was_is_not_judged_again(watch: Watch):
    await watch.load(listing("2", "Another Entry"))
    await watch.round()
    await watch.load(ENTRY)
    await watch.round()
    kinds = [kind for kind, _ in told(await watch.events())]
    assert kinds == ["hit.new", "hit.gone", "hit.new"]
    assert await reopened_by(watch) == []


# --- Two people.


def hired(service: TestClient[Litestar], dsn: str, name: str) -> Account:
    """Somebody of the account `two` whose admin's key was handed out at the command line."""
    secret = hand_out_key(dsn, "two", name, "admin")
    # a change of any key over the service has it look at all of them
    person = Account(service, "two", "read", *{"anna": ("hold",), "ben": ("jobs",)}.get(name, ()))
    person.key = secret
    return person


def test_with_four_eyes_another_person_approves_and_who_may_not_judge_does_not(
    service: TestClient[Litestar], listed_database: str
):
    clara = Account(service, "two", "counterparties")
    anna, ben, dora = (hired(service, listed_database, each) for each in ("anna", "ben", "dora"))
    terms = anna.ask("PUT", "/v1/judgement-terms", json={"four_eyes": True})
    assert terms.json() == {"four_eyes": True}
    put = anna.ask("PUT", "/v1/counterparties/c", json={"name": LISTED_NAME})
    best = put.json()["answer"]["results"][0]["hits"][0]["listing"]["id"]
    asked = {"counterparty": "c", "listing": best, "decision": "different", "reason": "no"}
    assert clara.ask("POST", "/v1/judgements", json=asked).status_code == HTTPStatus.FORBIDDEN
    (waits,) = ben.ask("POST", "/v1/judgements", json=asked).json()["items"]
    assert (waits["state"], waits["asked_by"]) == ("waiting", "ben")
    shown = anna.ask("GET", "/v1/counterparties/c?judged=exclude").json()
    assert (shown["left_out"], shown["judgements"][0]["state"]) == (0, "waiting")
    path = f"/v1/judgements/{waits['id']}"
    assert ben.ask("POST", f"{path}/approve").status_code == HTTPStatus.FORBIDDEN
    assert clara.ask("POST", f"{path}/approve").status_code == HTTPStatus.FORBIDDEN
    holds = anna.ask("POST", f"{path}/approve").json()
    assert (holds["state"], holds["approved_by"]) == ("holds", "anna")
    assert anna.ask("POST", f"{path}/approve").status_code == HTTPStatus.BAD_REQUEST
    assert anna.ask("GET", "/v1/counterparties/c?judged=exclude").json()["left_out"] == 1
    (again,) = ben.ask("POST", "/v1/judgements", json=asked).json()["items"]
    assert anna.ask("POST", f"/v1/judgements/{again['id']}/refuse").json()["state"] == "refused"
    change = anna.ask("DELETE", path).json()["id"]
    refused = anna.ask("POST", f"/v1/pending-changes/{change}/approve")
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert dora.ask("POST", f"/v1/pending-changes/{change}/approve").json()["state"] == "approved"
    history = anna.ask("GET", "/v1/judgements").json()["items"]
    assert [each["state"] for each in history] == ["refused", "withdrawn"]
    log = anna.ask("GET", "/v1/audit", params={"about": str(waits["id"])}).json()["items"]
    assert {each["action"] for each in log} >= {
        "judgement.made",
        "judgement.approved",
        "judgement.withdrawn",
    }
