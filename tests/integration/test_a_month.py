"""A compliance officer's month: what a service told is what happened, and decisions are where due.

Two people of one account, with four eyes, over HTTP and by the forms of the pages; a receiver of
webhooks that dies for a while; a list that fails; a suspension that lapses; editions of real rows
of the UFLPA Entity List (DHS, public domain), with an entry or two changed from day to day.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import msgspec
import pytest

from abeyance_screening.app.application import create_app
from abeyance_screening.bench.reading import ordinary_in, read_listings
from abeyance_screening.bench.speed import recombined
from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import GivenFile, ParsedEdition
from abeyance_screening.engine.lists.listing import Address, Listing, Name
from abeyance_screening.engine.lists.load import (
    ListFiles,
    load_files,
    record_failure,
    whole_source,
)
from abeyance_screening.features.counterparties.store import WatchedStore
from abeyance_screening.platform.events import AccountEvent
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.played import Plays
from tests.integration.receiver import OK, HookReceiver, Received, answering, receiving_beside
from tests.integration.test_keys import hand_out_key
from tests.integration.test_watching import changes_of, changes_told
from tests.integration.watched import Watch, suspended, watching
from tests.served import FixedClock, running, wait_for

LIST, MEASURE, ACCOUNT = "us_uflpa", "us-uflpa-ii", "desk"
MAY = ("admin", "counterparties", "judge", "webhooks", "screen")
GLEIF = Path("tests/fixtures/bench/gleif.csv")
NDJSON = {"content-type": "application/x-ndjson"}
# Days of the month, counted from 0: what happens on them, on whatever else happens daily.
DEAD, SUSPENDED, ALIVE, FAILED, MENDED, LAPSED, GONE, BACK = 3, 4, 5, 6, 8, 9, 10, 11


def real_rows() -> list[Listing]:
    """The rows of the newest bundled edition that one measure alone reaches."""
    edition = [each for each in bundled_editions() if each.source == LIST][-1]
    return [
        each
        for each in read_listings(read_bundled(edition), LIST)
        if each.programmes == ("Section 2(d)(2)(B)(ii)",)
    ]


class Inbox:
    """A receiver of webhooks that dies and comes back, and what it took while it was alive."""

    def __init__(self, receiver: HookReceiver) -> None:
        self.receiver, self.taken = receiver, list[dict[str, Any]]()
        self.live()

    def live(self) -> None:
        self.receiver.answer = self._take

    def die(self) -> None:
        self.receiver.answer = answering(503)

    async def _take(self, came: Received, writer: asyncio.StreamWriter) -> None:
        self.taken.append(came.said["data"])
        await OK(came, writer)


class Person:
    """Somebody of the account, with a key of their own."""

    def __init__(self, address: str, secret: str) -> None:
        self._address, self._headers = address, {"x-api-key": secret}

    def _send(self, method: str, path: str, **asked: Any) -> httpx.Response:
        headers = self._headers | asked.pop("headers", {})
        return httpx.request(
            method, f"{self._address}{path}", headers=headers, timeout=60, **asked
        )

    def ask(self, method: str, path: str, **asked: Any) -> Any:
        answer = self._send(method, path, **asked)
        assert answer.is_success, (path, answer.text[:500])
        return answer.json() if answer.content else None

    def press(self, path: str, **fields: str) -> str:
        """Send a form of a page, and return the address that it leads to."""
        answer = self._send("POST", path, data=fields, headers={"accept": "text/html"})
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text[:500]
        return answer.headers["location"]

    def all(self, path: str, **asked: Any) -> list[dict[str, Any]]:
        """Every item of a list, page by page."""
        items, cursor = list[dict[str, Any]](), None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = self.ask("GET", path, params={"limit": 100, **asked, **more})
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    def feed(self) -> list[str]:
        """The ids of the alerts in the feed."""
        answer = self._send("GET", "/v1/alerts.atom")
        read = ET.fromstring(answer.content)  # noqa: S314 - the service's own answer
        return [(each.text or "").rpartition(":")[2] for each in read.iterfind("{*}entry/{*}id")]


class Month:
    """The service of an account, the lists that it reads, and what people did."""

    def __init__(
        self, watch: Watch, plays: Plays, clock: FixedClock, rows: Sequence[Listing]
    ) -> None:
        self.watch, self._plays, self.clock = watch, plays, clock
        self.rows = {each.id: each for each in rows}
        self.day = 0

    async def publish(self, *, again: bool = False) -> None:
        """Load the next edition of the list; with `again` it differs in its print alone."""
        self.pass_time(timedelta(minutes=1))
        rows = [_reprinted(each) if again else each for each in self.rows.values()]
        content = f"edition {self.watch.now}".encode()
        self._plays.editions[content] = ParsedEdition(
            list_code=LIST, published_on=self.watch.now.date(), listings=tuple(rows)
        )
        given = ListFiles(
            wanted=whole_source(LIST),
            files=(GivenFile("played", content),),
            offered_at=self.watch.now,
            accepted=True,
        )
        await load_files(self.watch.store, given, self.watch.now, ReaderHere())

    async def fail(self) -> None:
        await record_failure(
            self.watch.store, whole_source(LIST), "refused", "it ends early", self.watch.now
        )

    def pass_time(self, by: timedelta) -> None:
        self.watch.now += by
        self.clock.now = self.watch.now

    async def settle(self) -> None:
        """Wait until the service has answered everybody from what there is now."""
        await self.watch.boards.catch_up(self.watch.store)
        await self.watch.current.catch_up(self.watch.store)
        view = await self.watch.rescreening.view()
        store = WatchedStore(self.watch.pool.pool)
        for _ in range(1_200):
            if await store.world() == view.world and not await store.pending(0, 1):
                return
            await _a_moment()
        pytest.fail("not everybody was answered")


def _reprinted(row: Listing) -> Listing:
    upper = [msgspec.structs.replace(each, text=each.text.upper()) for each in row.names]
    return msgspec.structs.replace(row, names=tuple(upper), remarks="printed anew")


async def _a_moment() -> None:
    await asyncio.sleep(0.05)


class Plan(msgspec.Struct, frozen=True):
    """How large a month is."""

    counterparties: int
    hits: int
    days: int


SHORT = Plan(counterparties=40, hits=8, days=12)
WHOLE = Plan(counterparties=500, hits=40, days=30)


@pytest.fixture
async def month(emptied_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Month]:
    plays, rows = Plays(), real_rows()
    monkeypatch.setattr(formats, "public_formats", lambda: (plays.format(LIST),))
    async with (
        connected(emptied_database) as connection,
        watching(StoreOnConnection(connection), emptied_database, plays) as watch,
    ):
        month = Month(watch, plays, FixedClock(watch.now), rows)
        await month.publish()
        yield month


@pytest.mark.parametrize(
    "plan",
    [pytest.param(SHORT, id="short"), pytest.param(WHOLE, id="whole", marks=pytest.mark.slow)],
)
async def test_after_a_month_everything_was_told_once_and_decisions_are_where_they_should_be(
    month: Month, emptied_database: str, plan: Plan
):
    secrets = [hand_out_key(emptied_database, ACCOUNT, each, *MAY) for each in ("anna", "ben")]
    settings = Settings(
        data_dir=Path(),
        database_url=emptied_database,
        access="keys",
        webhook_networks=("127.0.0.0/8",),
    )
    with (
        receiving_beside() as receiver,
        running(create_app(settings, None, month.clock)) as address,
    ):
        anna, ben = (Person(address, each) for each in secrets)
        officers, inbox = Officers(month, anna, ben, plan), Inbox(receiver)
        await officers.begin(receiver.url)
        for day in range(1, plan.days):
            await officers.live_through(day, inbox)
        await _check_told(month, inbox)
        await officers.check_decisions()
        officers.check_alerts()
        await officers.check_answers()


class Officers:
    """Anna, who decides, and Ben, who approves; `due` is what each judgement has to be by now."""

    def __init__(self, month: Month, anna: Person, ben: Person, plan: Plan) -> None:
        self._month, self._anna, self._ben, self._plan = month, anna, ben, plan
        self._due = dict[tuple[str, str], tuple[str, str | None]]()
        self._later, self._gone = list[tuple[str, str]](), dict[str, Listing]()
        rows = list(month.rows.values())[: plan.hits]
        ordinary = islice(recombined(ordinary_in("--fill", (GLEIF,))), plan.counterparties)
        self._names = {
            f"c{place}": rows[place].primary_name if place < len(rows) else name
            for place, name in enumerate(ordinary)
        }

    async def begin(self, url: str) -> None:
        """Watch all of them, and decide on the first half of the hits."""
        self._anna.ask("PUT", "/v1/judgement-terms", json={"four_eyes": True})
        asked = {"url": url, "events": ["*"]}
        self._anna.ask("POST", "/v1/webhooks", json=asked)
        lines = (json.dumps({"id": key, "name": name}) for key, name in self._names.items())
        put = self._anna.ask(
            "POST", "/v1/counterparties", content="\n".join(lines), headers=NDJSON
        )
        assert (put["changed"], put["refused"]) == (self._plan.counterparties, 0)
        await self._month.settle()
        hits = {
            (each["counterparty"], each["data"]["listing"]["listing_id"])
            for each in self._anna.all("/v1/alerts", type="hit.new")
        }
        assert {key for key, _ in hits} >= {f"c{each}" for each in range(self._plan.hits)}
        self._decide(sorted(self._own(hits))[: len(self._own(hits)) // 2])
        self._later = sorted(self._own(hits))[len(self._own(hits)) // 2 :]

    def _own(self, hits: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """The hits of those that have a listed name: a page shows no more than the best ten."""
        return {pair for pair in hits if int(pair[0][1:]) < self._plan.hits}

    def _decide(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Anna decides, by form and in bulk; Ben approves all but the last, which he refuses."""
        (key, listing), *others = pairs
        led = self._anna.press(
            "/counterparties/decision",
            id=key,
            listing=listing,
            decision="different",
            reason="another trade",
        )
        assert led == f"/counterparties/{key}?decided=waiting"
        asked = [
            {"counterparty": key, "listing": listing, "decision": "different", "reason": "seen"}
            for key, listing in others
        ]
        self._anna.ask("POST", "/v1/judgements/bulk", json={"judgements": asked})
        waiting = self._ben.all("/v1/judgements", state="waiting")
        assert len(waiting) == len(pairs)
        first, *rest, last = reversed(waiting)
        led = self._ben.press(f"/counterparties/decision/{first['id']}/approve")
        assert led == f"/counterparties/{key}?decided=approved"
        for each in rest:
            self._ben.ask("POST", f"/v1/judgements/{each['id']}/approve")
        self._ben.press(f"/counterparties/decision/{last['id']}/refuse")
        self._due |= dict.fromkeys(pairs, ("holds", None))
        self._due[last["counterparty"], last["listing"]] = ("refused", None)

    async def live_through(self, day: int, inbox: Inbox) -> None:
        """Play one more day, and check that it was told as full screenings differ."""
        month, seen = self._month, await self._month.watch.newest_event(ACCOUNT)
        before = await month.watch.standings(ACCOUNT)
        month.pass_time(timedelta(days=1))
        if day == DEAD:
            inbox.die()
        elif day == ALIVE:
            inbox.live()
        if day == SUSPENDED:
            today = month.watch.now.date()
            until = today + timedelta(days=LAPSED - SUSPENDED - 1)
            await month.watch.record(suspended(until, today), MEASURE)
        await self._edition(day)
        await month.settle()
        after = await month.watch.standings(ACCOUNT)
        events = await month.watch.events(seen, ACCOUNT)
        assert changes_told(events) == changes_of(before, after), day
        assert not {each.type for each in events} & FORBIDDEN.get(day, set()), day
        assert EXPECTED.get(day, set()) <= {each.type for each in events}, day
        if day == SUSPENDED + 1:
            self._decide(self._later)
        if day == LAPSED:
            self._reopen(self._later, f"measures.{MEASURE}")

    async def _edition(self, day: int) -> None:
        """Publish what the day brings: nothing, another print, or an entry that is another one."""
        month, rows = self._month, list(self._month.rows.values())
        if FAILED <= day < MENDED:
            await month.fail()
            return
        # the first row stays as it is, and what was decided about it holds
        row = rows[1 + day % (self._plan.hits // 2 - 1)]
        if day == GONE:
            self._gone[row.id] = month.rows.pop(row.id)
        elif day == BACK:
            month.rows |= self._gone
        elif day % 3 == 1:
            names = (*row.names, Name(text=f"{row.primary_name} {day} Works", kind="alias"))
            month.rows[row.id] = msgspec.structs.replace(row, names=names)
            self._reopen_listing(row.id, "names")
        elif day % 3 == 2:
            place = (Address(text=f"{day} Zhongshan Road, Urumqi"),)
            month.rows[row.id] = msgspec.structs.replace(row, addresses=place)
            self._reopen_listing(row.id, "addresses")
        await month.publish(again=day % 3 == 0 or day in {GONE, BACK})

    def _reopen_listing(self, listing: str, field: str) -> None:
        self._reopen([pair for pair in self._due if pair[1] == listing], field)

    def _reopen(self, pairs: Sequence[tuple[str, str]], field: str) -> None:
        for each in pairs:
            if self._due[each][0] == "holds":
                self._due[each] = ("reopened", field)

    async def check_decisions(self) -> None:
        """Check that each decision holds, or was reopened by what it rests on, and is shown so."""
        found = {
            (each["counterparty"], each["listing"]): (
                each["state"],
                each["because"][0]["field"] if each["because"] else None,
            )
            for each in self._anna.all("/v1/judgements")
        }
        assert found == self._due
        assert {state for state, _ in found.values()} == {"holds", "refused", "reopened"}
        holding = Counter(key for (key, _), (state, _) in found.items() if state == "holds")
        for key in {key for key, _ in found}:
            left = self._anna.ask("GET", f"/v1/counterparties/{key}?judged=exclude")
            assert left["left_out"] == holding[key], key

    def check_alerts(self) -> None:
        """Check that alerts, the digests of all days and the feed say the same."""
        alerts = self._anna.all("/v1/alerts")
        done = {each["id"] for each in alerts[:3]}
        for each in alerts[:3]:
            seen = {"changes": each["changes"]}
            self._anna.ask("POST", f"/v1/alerts/{each['id']}/acknowledge", json=seen)
        days = defaultdict[str, list[tuple[str, int]]](list)
        for each in alerts:
            changes = self._anna.all(f"/v1/alerts/{each['id']}/changes")
            assert len(changes) == each["changes"]
            assert {one["type"] for one in changes} == {each["type"]}
            for one in changes:
                days[one["at"][:10]].append((each["type"], each["id"]))
        for day, told in days.items():
            digest = self._ben.ask("GET", f"/v1/alerts/digest?on={day}")
            of_day = {alert for _, alert in told}
            counted = digest["events"], digest["alerts"], digest["open"]
            assert counted == (len(told), len(of_day), len(of_day - done))
            types = Counter(kind for kind, _ in told)
            assert {each["type"]: each["events"] for each in digest["types"]} == types
        still = [str(each["id"]) for each in self._ben.all("/v1/alerts", acknowledged=False)]
        assert len(still) == len(alerts) - 3
        assert self._ben.feed() == still[::-1][:100]

    async def check_answers(self) -> None:
        """Check that what stands is what a screening of everybody finds now."""
        watch = self._month.watch
        assert await watch.standings(ACCOUNT) == await watch.screened(ACCOUNT)
        for place in range(self._plan.hits):
            key = f"c{place}"
            standing = self._anna.ask("GET", f"/v1/counterparties/{key}")["answer"]
            asked = {"counterparties": [{"id": key, "name": self._names[key]}], "store": False}
            screened = self._anna.ask("POST", "/v1/screenings", json=asked)
            assert _found(standing) == _found(screened)


EXPECTED: Mapping[int, set[str]] = {
    SUSPENDED: {"measure.suspended"},
    LAPSED: {"measure.lapsed", "judgement.reopened"},
    GONE: {"hit.gone"},
    BACK: {"hit.new"},
}
# A list that fails makes no hit go, and a mere print changes nothing.
FORBIDDEN: Mapping[int, set[str]] = {
    3: {"hit.changed", "judgement.reopened"},
    FAILED: {"hit.gone", "hit.changed"},
    FAILED + 1: {"hit.gone", "hit.changed"},
}


def _found(answer: dict[str, Any]) -> list[tuple[str, float, list[tuple[str, str]]]]:
    (result,) = answer["results"]
    # what was judged different comes last where it stands on watch
    return sorted(
        (
            each["listing"]["id"],
            each["score"],
            [(measure["id"], measure["status"]) for measure in each["measures"]],
        )
        for each in result["hits"]
    )


async def _check_told(month: Month, inbox: Inbox) -> None:
    """Check that the receiver has every event once or more, in order for each counterparty."""
    events = await month.watch.events(account=ACCOUNT)
    told = {each.id for each in events}
    kept = list(_counted(events))
    assert len(kept) == len(set(kept))

    wait_for(lambda: {each["id"] for each in inbox.taken} == told, "every event")
    of_one = defaultdict[str, list[int]](list)
    for each in inbox.taken:
        if "counterparty" in each:
            of_one[each["counterparty"]].append(each["id"])
    assert all(ids == sorted(ids) for ids in of_one.values())
    assert len(inbox.receiver.came) > len(inbox.taken), "nothing was tried while it was dead"


def _counted(events: Sequence[AccountEvent]) -> Any:
    """What each event says, which no other may say."""
    for each in events:
        listing = each.data.listing.listing_id if each.data.listing else ""
        yield each.type, each.counterparty, listing, each.data.measure, each.at, each.data.after
