"""What is sent to webhooks, in which order, and how often, with receivers of every fault."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError
from svix.webhooks import Webhook as SvixVerifier

from abeyance_screening.features.webhooks.addresses import ReceiverPolicy
from abeyance_screening.features.webhooks.delivery import (
    AT_ONCE_PER_WEBHOOK,
    OFF_AFTER,
    RETRIES,
    TAKEN_FOR,
    Deliverer,
)
from abeyance_screening.features.webhooks.sending import MOST_BODY_BYTES, Sender, secret_text
from abeyance_screening.features.webhooks.store import (
    NEWEST,
    StoredWebhooks,
    WebhookQueue,
)
from abeyance_screening.features.webhooks.types import WebhookAsked, WebhookDelivery
from abeyance_screening.platform.events import (
    AccountEvent,
    EventCause,
    EventData,
    EventListing,
    EventType,
    NewEvent,
)
from abeyance_screening.platform.events.store import StoredEvents, append
from abeyance_screening.platform.postgres.pool import PooledStore
from tests.integration.receiver import (
    Answer,
    HookReceiver,
    Received,
    answering,
    endless,
    never,
    nonsense,
    receiving,
    resetting,
)
from tests.served import FixedClock

ACCOUNT, SECRET = "main", b"k" * 32
LOCAL = ReceiverPolicy(is_local=True)
NAME = "Quorvath Zibelline Works"


async def as_it_is(host: str, _port: int) -> Sequence[str]:
    return (host,)


class Hooks:
    """A database with webhooks, and what sends to them."""

    def __init__(self, pool: PooledStore, clock: FixedClock) -> None:
        self.pool, self.clock = pool, clock
        self.deliverer = self.another(pool)

    def another(self, pool: PooledStore, answers_within_s: float = 600) -> Deliverer:
        """A process more that sends."""
        sender = Sender(LOCAL, as_it_is, self.clock, answers_within_s=answers_within_s)
        return Deliverer(WebhookQueue(pool, OFF_AFTER), sender, self.clock, lambda: 0.0)

    def stored(self, account: str = ACCOUNT) -> StoredWebhooks:
        return StoredWebhooks(self.pool.pool, account)

    async def add(self, receiver: HookReceiver, *events: str, **asked: Any) -> UUID:
        hook = WebhookAsked(url=receiver.url, events=events or ("*",), **asked)
        made = await self.stored().add(hook, SECRET, ("ben", self.clock()))
        assert made is not None
        return made

    async def happen(
        self, *counterparties: str | None, kind: EventType = "hit.new", account: str = ACCOUNT
    ) -> None:
        """Events, one after another, each of a counterparty."""
        before = len(await StoredEvents(self.pool.pool, account).after(0, 1_000))
        events = [
            NewEvent(
                account=account,
                dedup_key=f"{before}/{place}",
                type=kind,
                at=self.clock(),
                counterparty=each,
                data=data(),
            )
            for place, each in enumerate(counterparties)
        ]
        async with self.pool.connect() as connection, connection.transaction():
            await append(connection, events)

    async def send(self) -> int:
        """Send all that is due now, and what is due after that; return how many tries it took."""
        count = 0
        while tasks := await self.deliverer.begin_due():
            await asyncio.gather(*tasks)
            count += len(tasks)
        return count

    async def pass_time(self, by: timedelta) -> int:
        self.clock.now += by
        return await self.send()

    async def deliveries(self, hook: UUID) -> tuple[WebhookDelivery, ...]:
        """The oldest first."""
        found = await self.stored().deliveries(hook, NEWEST, 10_000)
        return tuple(each for _, each in reversed(found))

    async def events(self, kind: EventType) -> tuple[AccountEvent, ...]:
        return await StoredEvents(self.pool.pool, ACCOUNT).after(0, 100, types=[kind])


def data(**more: Any) -> EventData:
    listing = EventListing(list_code="us_bis_el", listing_id="x", name=NAME)
    return EventData(
        cause=EventCause(kind="edition", list_code="us_bis_el", edition=7),
        after=f"Listed as {NAME}.",
        counterparty_name=NAME,
        listing=listing,
        **more,
    )


@pytest.fixture
async def hooks(emptied_database: str) -> AsyncIterator[Hooks]:
    async with PooledStore(emptied_database) as pool:
        yield Hooks(pool, FixedClock(datetime.now(UTC)))


@pytest.fixture
async def receiver() -> AsyncIterator[HookReceiver]:
    async with receiving() as one:
        yield one


async def test_an_event_is_sent_once_and_its_signature_is_right(
    hooks: Hooks, receiver: HookReceiver
):
    await hooks.add(receiver)
    await hooks.happen("c-1")
    assert await hooks.send() == 1
    (came,) = receiver.came
    assert came.target == "/hook?token=sesame"
    assert came.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert came.headers["content-type"] == "application/json"
    for verifier in (Verifier(secret_text(SECRET)), SvixVerifier(secret_text(SECRET))):
        verifier.verify(came.body, came.headers)
        with pytest.raises(WebhookVerificationError):
            verifier.verify(came.body + " ", came.headers)
    said = came.said
    assert set(said) == {"type", "timestamp", "data"}
    assert (said["type"], said["data"]["counterparty"]) == ("hit.new", "c-1")
    assert datetime.fromisoformat(said["timestamp"]) == hooks.clock()
    assert said["data"]["counterparty_name"] == NAME
    assert await hooks.pass_time(timedelta(days=4)) == 0


async def test_only_events_that_were_asked_for_and_of_the_account_are_sent(
    hooks: Hooks, receiver: HookReceiver
):
    await hooks.happen("before")
    await hooks.add(receiver, "measure.*", "rescreened")
    for kind in ("hit.new", "measure.lapsed", "measure.coming", "rescreened"):
        await hooks.happen("c-1", kind=kind)
    await hooks.happen("c-1", kind="rescreened", account="others")
    await hooks.send()
    sent = [each.said["type"] for each in receiver.came]
    assert sent == ["measure.lapsed", "measure.coming", "rescreened"]


FAULTS: dict[str, tuple[Answer, str]] = {
    "an error": (answering(500), "answers 500"),
    "a refusal": (answering(400), "answers 400"),
    "a redirect": (answering(307, "location: /elsewhere"), "redirects"),
    "not modified": (answering(304), "redirects"),
    "a reset": (resetting, "broke off"),
    "no answer": (never, "no answer within"),
    "no HTTP": (nonsense, "does not speak HTTP"),
}


@pytest.mark.parametrize(("answer", "fault"), FAULTS.values(), ids=list(FAULTS))
async def test_what_is_not_taken_is_sent_again_within_ten_seconds_with_the_same_id(
    hooks: Hooks, receiver: HookReceiver, answer: Answer, fault: str
):
    hook = await hooks.add(receiver)
    await hooks.happen("c-1")
    receiver.answer = answer
    if answer is never:
        # on a slow machine an answer may take longer than this, and the others must come
        hooks.deliverer = hooks.another(hooks.pool, answers_within_s=0.2)
    assert await hooks.send() == 1
    (waiting,) = await hooks.deliveries(hook)
    assert fault in (waiting.fault or "")
    assert "sesame" not in (waiting.fault or "")
    assert (waiting.state, waiting.tries) == ("waiting", 1)
    receiver.answer, hooks.deliverer = answering(204), hooks.another(hooks.pool)
    assert await hooks.pass_time(timedelta(seconds=4)) == 0
    assert await hooks.pass_time(timedelta(seconds=6)) == 1
    first, second = receiver.came
    assert (first.id, first.body) == (second.id, second.body)
    # each try says its own time
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    (taken,) = await hooks.deliveries(hook)
    assert (taken.state, taken.status, taken.fault) == ("delivered", 204, None)
    assert {each.target for each in receiver.came} == {"/hook?token=sesame"}


async def test_a_body_without_end_is_not_read(hooks: Hooks, receiver: HookReceiver):
    hook = await hooks.add(receiver)
    await hooks.happen("c-1")
    receiver.answer = endless
    assert await hooks.send() == 1
    assert [each.state for each in await hooks.deliveries(hook)] == ["delivered"]


async def test_nobody_listening_is_a_failure(hooks: Hooks):
    async with receiving() as gone:
        hook = await hooks.add(gone)
    await hooks.happen("c-1")
    await hooks.send()
    assert [each.fault for each in await hooks.deliveries(hook)] == ["no connection"]


WAITS: dict[str, Callable[[datetime], str]] = {
    "seconds": lambda _: "120",
    "a date": lambda now: f"{now + timedelta(seconds=121):%a, %d %b %Y %H:%M:%S} GMT",
}


@pytest.mark.parametrize("written", WAITS.values(), ids=list(WAITS))
async def test_a_receiver_is_left_alone_as_long_as_it_asks(
    hooks: Hooks, receiver: HookReceiver, written: Callable[[datetime], str]
):
    await hooks.add(receiver)
    await hooks.happen("c-1")
    receiver.answer = answering(429, f"retry-after: {written(hooks.clock())}")
    await hooks.send()
    await hooks.happen("c-2")
    assert await hooks.pass_time(timedelta(seconds=119)) == 0
    receiver.answer = answering(200)
    assert await hooks.pass_time(timedelta(seconds=2)) == 2


async def test_a_receiver_that_takes_nothing_for_three_days_is_turned_off_and_loses_nothing(
    hooks: Hooks, receiver: HookReceiver
):
    hook = await hooks.add(receiver)
    await hooks.happen("c-1")
    began, receiver.answer = hooks.clock(), answering(503)
    tries = await hooks.send()
    while not await hooks.events("webhook.disabled"):
        (waiting,) = [each for each in await hooks.deliveries(hook) if each.event is not None]
        assert waiting.next_at is not None
        tries += await hooks.pass_time(waiting.next_at - hooks.clock())
    assert tries == len(RETRIES) + 1
    assert timedelta(days=3) <= hooks.clock() - began < timedelta(days=4)
    (event,) = await hooks.events("webhook.disabled")
    assert str(hook) in (event.data.before or "")
    assert "for 3 days; last: it answers 503" in (event.data.after or "")
    (shown,) = await hooks.stored().all()
    assert not shown.enabled
    # what happens meanwhile waits, and comes in order once it is on again
    await hooks.happen("c-1", "c-1")
    receiver.answer, came = answering(200), len(receiver.came)
    assert await hooks.pass_time(timedelta(days=2)) == 0
    assert await hooks.stored().enable(hook, "ben")
    await hooks.send()
    numbers = [each.said["data"]["id"] for each in receiver.came[came:]]
    of_one = [
        each.said["data"]["id"]
        for each in receiver.came[came:]
        if each.said["data"].get("counterparty")
    ]
    assert (of_one, len(numbers)) == (sorted(of_one), 4)
    assert of_one[0] == receiver.came[0].said["data"]["id"]


async def test_a_receiver_that_is_gone_is_turned_off_at_once_and_others_hear_of_it(
    hooks: Hooks, receiver: HookReceiver
):
    async with receiving() as other:
        await hooks.add(receiver, "hit.*")
        await hooks.add(other, "webhook.disabled")
        await hooks.happen("c-1", "c-2")
        receiver.answer = answering(410)
        await hooks.send()
        await hooks.send()
    (said,) = other.came
    assert said.said["type"] == "webhook.disabled"
    assert "(410)" in said.said["data"]["after"]
    assert await hooks.pass_time(timedelta(days=1)) == 0


async def test_one_event_that_is_never_taken_does_not_stop_the_others(
    hooks: Hooks, receiver: HookReceiver
):
    async def picky(came: Received, writer: asyncio.StreamWriter) -> None:
        bad = came.said["data"]["counterparty"] == "bad"
        await answering(400 if bad else 200)(came, writer)

    receiver.answer = picky
    hook = await hooks.add(receiver)
    await hooks.happen("bad", "bad")
    for day in range(9):
        await hooks.happen(f"good-{day}")
        for _ in range(40):
            await hooks.pass_time(timedelta(minutes=36))
    deliveries = await hooks.deliveries(hook)
    assert [each.state for each in deliveries[:2]] == ["given_up", "given_up"]
    assert {each.state for each in deliveries[2:]} == {"delivered"}
    assert await hooks.events("webhook.disabled") == ()
    # a person may have it sent again
    receiver.answer = answering(200)
    assert await hooks.stored().resend(hook, deliveries[0].id)
    assert await hooks.send() == 1
    assert receiver.came[-1].id == str(deliveries[0].id) == receiver.came[0].id


async def test_an_hour_of_failures_loses_nothing_and_keeps_the_order_of_each_counterparty(
    hooks: Hooks, receiver: HookReceiver
):
    taken = list[tuple[str, int]]()
    began = hooks.clock()

    async def an_hour_late(came: Received, writer: asyncio.StreamWriter) -> None:
        works = hooks.clock() - began >= timedelta(hours=1)
        if works:
            taken.append((came.said["data"]["counterparty"], came.said["data"]["id"]))
        await answering(200 if works else 503)(came, writer)

    receiver.answer = an_hour_late
    await hooks.add(receiver)
    for minute in range(60):
        await hooks.happen(*(f"c-{each}" for each in range(5)), f"once-{minute}")
        await hooks.pass_time(timedelta(minutes=1))
    for _ in range(24):
        await hooks.pass_time(timedelta(minutes=30))
    assert len(taken) == len(set(taken)) == 360
    for each in range(5):
        numbers = [number for of, number in taken if of == f"c-{each}"]
        assert (numbers, len(numbers)) == (sorted(numbers), 60)
    # a dead receiver is asked about once a minute, however much waits
    assert len(receiver.came) - len(taken) <= 60 + 5


async def test_a_receiver_that_never_answers_holds_up_no_other(
    hooks: Hooks, receiver: HookReceiver
):
    async with receiving() as slow:
        slow.answer = never
        await hooks.add(slow)
        await hooks.happen(*(f"c-{each}" for each in range(60)))
        stuck = await hooks.deliverer.begin_due()
        await hooks.add(receiver)
        await hooks.happen(*(f"d-{each}" for each in range(60)))
        while len(receiver.came) < 60:
            assert not any(each.done() for each in stuck)
            tasks = await hooks.deliverer.begin_due()
            await asyncio.wait(tasks or stuck, timeout=0.05, return_when="FIRST_COMPLETED")
        assert len(slow.came) == len(stuck) == AT_ONCE_PER_WEBHOOK
        for task in stuck:
            task.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)


@asynccontextmanager
async def two_of(dsn: str, hooks: Hooks) -> AsyncGenerator[tuple[Deliverer, Deliverer]]:
    async with PooledStore(dsn) as other:
        yield hooks.deliverer, hooks.another(other)


async def test_two_processes_send_each_event_once(
    emptied_database: str, hooks: Hooks, receiver: HookReceiver
):
    hook = await hooks.add(receiver)
    for _ in range(10):
        await hooks.happen(*(f"c-{each}" for each in range(30)))
    async with two_of(emptied_database, hooks) as both:
        while any(each.state == "waiting" for each in await hooks.deliveries(hook)):
            begun = await asyncio.gather(*(each.begin_due() for each in both))
            await asyncio.gather(*begun[0], *begun[1])
    assert len(receiver.taken) == len(set(receiver.taken)) == 300


async def test_what_a_killed_process_had_in_hand_is_sent_by_another_after_a_minute(
    hooks: Hooks, receiver: HookReceiver
):
    await hooks.add(receiver)
    await hooks.happen("c-1")
    now = hooks.clock()
    claimed = await WebhookQueue(hooks.pool, OFF_AFTER).claim(now, now + TAKEN_FOR, 8, 100)
    assert "k" * 32 not in repr(claimed)
    assert await hooks.pass_time(TAKEN_FOR - timedelta(seconds=1)) == 0
    assert await hooks.pass_time(timedelta(seconds=1)) == 1
    assert receiver.taken == [str(claimed[0].id)]
    # the first one comes to life again, and what it says of its try counts no more
    await WebhookQueue(hooks.pool, OFF_AFTER).delivered(claimed[0], now, 200)
    assert await hooks.send() == 0


async def test_both_secrets_sign_for_a_day_after_a_rotation(hooks: Hooks, receiver: HookReceiver):
    hook, new = await hooks.add(receiver), b"n" * 32
    until = hooks.clock() + timedelta(hours=24)
    assert await hooks.stored().rotate(hook, new, "ben", until)
    await hooks.happen("c-1")
    await hooks.send()
    for secret in (SECRET, new):
        came = receiver.came[-1]
        assert Verifier(secret_text(secret)).verify(came.body, came.headers) == came.said
    await hooks.happen("c-1")
    await hooks.pass_time(timedelta(hours=24))
    assert len(receiver.came[-1].headers["webhook-signature"].split(" ")) == 1


async def test_without_names_a_body_tells_of_nobody(hooks: Hooks, receiver: HookReceiver):
    await hooks.add(receiver, names=False)
    await hooks.happen("c-1")
    await hooks.send()
    (came,) = receiver.came
    assert NAME not in came.body
    said = came.said["data"]
    assert (said["counterparty"], said["thin"]) == ("c-1", True)
    assert said["listing"] == {"list_code": "us_bis_el", "listing_id": "x"}


async def test_a_body_that_would_be_large_has_ids_alone(hooks: Hooks, receiver: HookReceiver):
    await hooks.add(receiver)
    event = NewEvent(
        account=ACCOUNT,
        dedup_key="large",
        type="hit.new",
        at=hooks.clock(),
        counterparty="c-1",
        data=msgspec.structs.replace(data(), after="é" * MOST_BODY_BYTES),
    )
    async with hooks.pool.connect() as connection, connection.transaction():
        await append(connection, [event])
    await hooks.send()
    (came,) = receiver.came
    assert len(came.body.encode()) < MOST_BODY_BYTES
    assert set(came.said["data"]) == {"id", "counterparty", "thin"}
