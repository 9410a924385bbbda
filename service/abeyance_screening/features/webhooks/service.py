"""Webhooks in the running service: the caller's own, their delivery, what is kept no longer."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from random import SystemRandom
from secrets import token_bytes
from uuid import UUID

from litestar.di import Provide
from prometheus_client import Metric

from abeyance_screening.features.webhooks.addresses import (
    ReceiverPolicy,
    ReceiverRefusedError,
    Resolve,
    receiver_of,
)
from abeyance_screening.features.webhooks.delivery import OFF_AFTER, Deliverer
from abeyance_screening.features.webhooks.sending import (
    SECRET_BYTES,
    Resolver,
    Sender,
    secret_text,
)
from abeyance_screening.features.webhooks.store import (
    MOST_WEBHOOKS,
    NEWEST,
    StoredWebhooks,
    WebhookQueue,
)
from abeyance_screening.features.webhooks.types import (
    QueuedDelivery,
    Webhook,
    WebhookAsked,
    WebhookDeliveryList,
    WebhookMade,
    WebhookSecret,
)
from abeyance_screening.platform.events import EVENT_TYPES
from abeyance_screening.platform.http.bodies import TypedRequest
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.service import ServiceParts, gauge
from abeyance_screening.platform.stores.tidying import Tidying
from abeyance_screening.primitives.choices import not_one_of
from abeyance_screening.primitives.cursors import number_of, numbered, page_ahead
from abeyance_screening.primitives.errors import (
    BadInputError,
    NotFoundError,
)

OVERLAP = timedelta(hours=24)
"""How long the secret before a rotation signs too."""
KEPT_FOR = timedelta(days=30)
"""How long deliveries are kept, also those that wait."""
_RESOLVED_WITHIN_S = 5.0


class WebhookDesk:
    """The webhooks of a caller's account; an id of none of them raises `NotFoundError`."""

    def __init__(
        self,
        store: Callable[[], StoredWebhooks],
        owner: str,
        now: Callable[[], datetime],
        check: Callable[[str], Awaitable[None]],
    ) -> None:
        """Take the store, who changes what, the clock in UTC, and a check of addresses."""
        self._store = store
        self._owner = owner
        self._now = now
        self._check = check

    async def add(self, asked: WebhookAsked) -> WebhookMade:
        """Make a webhook.

        Raises:
            BadInputError: Its address is none that is sent to, a type of event is unknown, or the
                account has as many webhooks as it may.
        """
        _check_events(asked.events)
        await self._check(asked.url)
        secret = token_bytes(SECRET_BYTES)
        made = await self._store().add(asked, secret, (self._owner, self._now()))
        if made is None:
            reason = f"the account has {MOST_WEBHOOKS} webhooks; delete one first"
            raise BadInputError("url", reason)
        return WebhookMade(id=made, secret=secret_text(secret))

    @staticmethod
    def without_secret(made: WebhookMade) -> WebhookMade:
        """Return what may be kept of the answer."""
        return WebhookMade(id=made.id, secret=None)

    async def all(self) -> tuple[Webhook, ...]:
        """Return the webhooks in the order in which they were made."""
        return await self._store().all()

    async def one(self, key: UUID) -> Webhook:
        """Return a webhook."""
        for each in await self._store().all(key):
            return each
        raise NotFoundError("webhook", str(key))

    async def delete(self, key: UUID) -> None:
        """Delete a webhook."""
        _found(await self._store().delete(key), "webhook", key)

    async def test(self, key: UUID) -> QueuedDelivery:
        """Queue a test."""
        delivery = await self._store().add_test(key, self._now())
        return QueuedDelivery(id=_found(delivery, "webhook", key))

    async def rotate(self, key: UUID) -> WebhookSecret:
        """Replace the secret of a webhook; the old one signs too for `OVERLAP`."""
        secret, until = token_bytes(SECRET_BYTES), self._now() + OVERLAP
        _found(await self._store().rotate(key, secret, self._owner, until), "webhook", key)
        return WebhookSecret(secret=secret_text(secret))

    async def enable(self, key: UUID) -> Webhook:
        """Turn a webhook on, and have what waits for it sent."""
        _found(await self._store().enable(key, self._owner), "webhook", key)
        return await self.one(key)

    async def deliveries(self, key: UUID, limit: int, cursor: str | None) -> WebhookDeliveryList:
        """Return a page of the deliveries of a webhook, the newest first.

        Raises:
            BadInputError: The cursor is not one of these.
            NotFoundError: The account has no webhook with the id.
        """
        await self.one(key)
        before = NEWEST if cursor is None else number_of("deliveries", cursor)
        found = await self._store().deliveries(key, before, limit + 1)
        shown, after = page_ahead("deliveries", found, lambda one: numbered(one[0]), limit)
        return WebhookDeliveryList(items=tuple(each for _, each in shown), next_cursor=after)

    async def resend(self, key: UUID, delivery: UUID) -> QueuedDelivery:
        """Have a delivery sent again at once.

        Raises:
            NotFoundError: The account has no such delivery.
        """
        _found(await self._store().resend(key, delivery), "delivery", delivery)
        return QueuedDelivery(id=delivery)


def _found[T](found: T | None, what: str, key: UUID) -> T:
    """Return what was found."""
    if found is None or found is False:
        raise NotFoundError(what, str(key))
    return found


def _check_events(events: tuple[str, ...]) -> None:
    """Check that each pattern is `*`, a type, or all types of a kind."""
    kinds = {f"{each.partition('.')[0]}.*" for each in EVENT_TYPES if "." in each}
    known = ("*", *sorted(kinds), *EVENT_TYPES)
    for place, each in enumerate(events):
        if each not in known:
            raise BadInputError(f"events[{place}]", not_one_of(each, known))


# --- What the feature registers.


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the webhooks of the caller's account."""
    policy, resolve = ReceiverPolicy.of(parts.settings), Resolver()

    async def check(url: str) -> None:
        await check_receiver(url, policy, resolve)

    async def webhooks_of(request: TypedRequest) -> WebhookDesk:
        caller = caller_of(request)

        def store() -> StoredWebhooks:
            return StoredWebhooks(parts.accounts.of(caller.account).place, caller.account)

        return WebhookDesk(store, caller.owner, parts.now, check)

    return {"webhooks": Provide(webhooks_of)}


async def check_receiver(url: str, policy: ReceiverPolicy, resolve: Resolve) -> None:
    """Check that an address may be sent to, as far as its name resolves now.

    A name that does not resolve, or not in time, is taken with https: each try checks it again.

    Raises:
        BadInputError: It may not.
    """
    receiver, found = receiver_of(url), list[str]()
    with suppress(TimeoutError):
        async with asyncio.timeout(_RESOLVED_WITHIN_S):
            found += await resolve(receiver.host, receiver.port)
    try:
        policy.check(receiver, found)
    except ReceiverRefusedError as error:
        raise BadInputError("url", error.reason) from None


@asynccontextmanager
async def delivering(parts: ServiceParts) -> AsyncGenerator[None]:
    """Send what is due until the last request."""
    resolve = Resolver()
    sender = Sender(ReceiverPolicy.of(parts.settings), resolve, parts.now)
    queue = WebhookQueue(parts.pool, OFF_AFTER)
    deliverer = Deliverer(queue, sender, parts.now, SystemRandom().random)
    running = asyncio.create_task(deliverer.deliver_for_ever())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await sender.close()
        resolve.close()


async def delete_old_deliveries(work: Tidying) -> None:
    """Delete deliveries after `KEPT_FOR`.

    Raises:
        StoreUnavailableError: The database does not answer; some may be deleted.
    """
    await work.delete_all("delete_old_deliveries", work.now - KEPT_FOR)


async def metrics(parts: ServiceParts) -> tuple[Metric, ...]:
    """Return what is left to deliver."""
    backlog = await WebhookQueue(parts.pool, OFF_AFTER).backlog()
    return (
        gauge("webhook_deliveries_waiting", "Deliveries that wait.", backlog.waiting),
        gauge("webhooks_failing", "Webhooks that are on and fail.", backlog.failing),
        gauge("webhooks_off", "Webhooks that were turned off.", backlog.off),
    )
