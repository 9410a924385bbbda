"""Webhooks in the database: what an account sees of its own, and what is sent of all of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast, override
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.features.webhooks.types import Webhook, WebhookAsked, WebhookDelivery
from abeyance_screening.platform.events import EventCause, EventData, FieldChange, NewEvent
from abeyance_screening.platform.events.store import append
from abeyance_screening.platform.postgres.database import QueryPlace, fetched, reaching
from abeyance_screening.platform.postgres.pool import PooledStore

MOST_WEBHOOKS = 20
"""How many webhooks an account may have."""
NEWEST = 2**63 - 1


class StoredWebhooks:
    """The webhooks of one account."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def add(
        self, asked: WebhookAsked, secret: bytes, by: tuple[str, datetime]
    ) -> UUID | None:
        """Record a webhook, and return its id; None if the account has `MOST_WEBHOOKS`.

        Raises:
            StoreUnavailableError: The database does not answer; none was recorded.
        """
        asked_for = asked.url, asked.events, asked.names, secret
        return _id(await self._fetch("add_webhook", *asked_for, *by, MOST_WEBHOOKS))

    async def all(self, key: UUID | None = None) -> tuple[Webhook, ...]:
        """Return the webhooks in the order in which they were made, or the one with an id."""
        rows = await self._fetch("webhooks_of_account", key)
        return msgspec.convert([dict(row) for row in rows], tuple[Webhook, ...])

    async def delete(self, key: UUID) -> bool:
        """Delete a webhook and its deliveries; return False if there is none with the id."""
        return bool(await self._fetch("delete_webhook", key))

    async def rotate(self, key: UUID, secret: bytes, by: str, previous_until: datetime) -> bool:
        """Replace a secret, the old one signs too until a moment; False if there is no webhook.

        Raises:
            StoreUnavailableError: The database does not answer; the secret is as it was.
        """
        return bool(await self._fetch("rotate_webhook", key, secret, by, previous_until))

    async def enable(self, key: UUID, by: str) -> bool:
        """Turn a webhook on, and have what waits for it sent at once; False if there is none."""
        return bool(await self._fetch("enable_webhook", key, by))

    async def add_test(self, key: UUID, now: datetime) -> UUID | None:
        """Queue a test, and return the id of its delivery; None if there is no webhook."""
        return _id(await self._fetch("add_test_delivery", key, now))

    async def deliveries(
        self, key: UUID, before: int, most: int
    ) -> tuple[tuple[int, WebhookDelivery], ...]:
        """Return up to `most` deliveries before a number, the newest first, with their numbers."""
        rows = await self._fetch("deliveries_of_webhook", key, before, most)
        return tuple(
            (cast("int", row["number"]), msgspec.convert(dict(row), WebhookDelivery))
            for row in rows
        )

    async def resend(self, key: UUID, delivery: UUID) -> bool:
        """Have a delivery sent again at once; return False if there is none with the id."""
        return bool(await self._fetch("resend_delivery", key, delivery))

    async def _fetch(self, name: str, *asked: object) -> Sequence[asyncpg.Record]:
        return await fetched(self._place, name, self._account, *asked)


def _id(rows: Sequence[asyncpg.Record]) -> UUID | None:
    return cast("UUID", rows[0]["id"]) if rows else None


# --- What is sent, of all accounts.


class ClaimedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that this process alone sends now: the try with the number `tries`.

    `round_tries` counts those since it was queued, sent again by hand, or its webhook turned on.
    `data`, `at` and `counterparty` are those of the event, None for a test.
    """

    id: UUID
    account: str
    webhook: UUID
    event: int | None
    type: str
    made_at: datetime
    tries: int
    round_tries: int
    url: str
    names: bool
    secret: bytes
    previous_secret: bytes | None
    at: datetime | None
    counterparty: str | None
    data: EventData | None

    @override
    def __repr__(self) -> str:
        """Return what may stand in a log: neither secrets nor names."""
        return f"ClaimedDelivery(id={self.id!r}, tries={self.tries!r})"


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why a try was not taken, and what follows: None as `next_at` for no further try.

    Nothing else is sent to the webhook until `rests_until`, and for some seconds at least, the
    longer the more failed. `is_gone` turns it off.
    """

    status: int | None
    fault: str
    next_at: datetime | None
    rests_until: datetime
    is_gone: bool


class DeliveryBacklog(msgspec.Struct, frozen=True):
    """How many deliveries wait of webhooks that are on, and how many webhooks fail or are off."""

    waiting: int
    failing: int
    off: int


class WebhookQueue:
    """The deliveries of all accounts, for whoever sends them."""

    def __init__(self, pool: PooledStore, off_after: timedelta) -> None:
        """Take the pool, and after how long without any success a webhook is turned off."""
        self._pool = pool
        self._off_after = off_after

    async def claim(
        self, now: datetime, until: datetime, at_once: int, most: int
    ) -> tuple[ClaimedDelivery, ...]:
        """Take up to `most` deliveries that are due, `at_once` of a webhook, until a moment.

        Nobody else gets them until then. A webhook that fails has one at a time.

        Raises:
            StoreUnavailableError: The database does not answer; what was taken is due again then.
        """
        rows = await fetched(self._pool.pool, "claim_deliveries", now, until, at_once, most)
        return tuple(map(_claimed, rows))

    async def delivered(self, sent: ClaimedDelivery, now: datetime, status: int) -> None:
        """Record that a try was taken.

        Raises:
            StoreUnavailableError: The database does not answer; it will be sent again.
        """
        await fetched(self._pool.pool, "note_delivered", sent.id, sent.tries, now, status)

    async def failed(self, sent: ClaimedDelivery, now: datetime, failure: Failure) -> str | None:
        """Record that a try was not taken; return why its webhook is turned off now, if it is.

        Then an event says so, and the delivery waits until it is turned on again.

        Raises:
            StoreUnavailableError: The database does not answer; it will be sent again.
        """
        async with self._pool.connect() as connection:
            with reaching():
                async with connection.transaction():
                    rows = await fetched(
                        connection, "note_failing", sent.webhook, now, failure.rests_until
                    )
                    if not rows:
                        return None
                    since = cast("datetime", rows[0]["failing_since"])
                    reason = self._reason_to_stop(now - since, failure)
                    next_at = failure.next_at if reason is None else now
                    noted = sent.id, sent.tries, failure.status, failure.fault, next_at
                    await fetched(connection, "note_failed", *noted)
                    if reason is None or not await fetched(
                        connection, "disable_webhook", sent.webhook, now, reason
                    ):
                        return None
                    await append(connection, [_disabled(sent, now, reason)])
                    return reason

    def _reason_to_stop(self, failing_for: timedelta, failure: Failure) -> str | None:
        if failure.is_gone:
            return "the receiver says that it is gone (410)"
        if failing_for >= self._off_after:
            days = self._off_after.days
            return f"the receiver has taken nothing for {days} days; last: {failure.fault}"
        return None

    async def backlog(self) -> DeliveryBacklog:
        """Return what is left to send."""
        rows = await fetched(self._pool.pool, "webhooks_at_work")
        return msgspec.convert(dict(rows[0]), DeliveryBacklog)


def _claimed(row: asyncpg.Record) -> ClaimedDelivery:
    columns: dict[str, object] = dict(row)
    data = cast("str | None", columns["data"])
    columns["data"] = None if data is None else _decode(data)
    return msgspec.convert(columns, ClaimedDelivery)


_decode = msgspec.json.Decoder(EventData).decode


def _disabled(sent: ClaimedDelivery, now: datetime, reason: str) -> NewEvent:
    return NewEvent(
        account=sent.account,
        dedup_key=f"webhook {sent.webhook} off {now.isoformat()}",
        type="webhook.disabled",
        at=now,
        counterparty=None,
        data=EventData(
            cause=EventCause(kind="webhook"),
            before=f"Webhook {sent.webhook} was on.",
            after=f"It is turned off: {reason}. Events wait until it is turned on again.",
            changes=(FieldChange(field="enabled", before="true", after="false"),),
        ),
    )
