"""Deliveries: what is due is sent, again and again over three days, in order of each counterparty.

It runs in every process that answers. Who takes a delivery from the queue has it for a minute; if
that process is killed, another one sends it again then, with the same `webhook-id`: a receiver
gets each event at least once. A receiver has a few at a time, so that a slow one holds up nobody
else; one that fails has one at a time, and rests in between.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from abeyance_screening.features.webhooks.sending import (
    Sender,
    SendOutcome,
    body_of,
    is_gone,
    signed,
)
from abeyance_screening.features.webhooks.store import ClaimedDelivery, Failure, WebhookQueue
from abeyance_screening.platform.logs import log_bug
from abeyance_screening.primitives.errors import StoreUnavailableError

# As the specification proposes: the last try is some three days after the first.
RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# So that a receiver that comes back is not met by all at once. The first retry stays within 10 s.
_JITTER = 0.2
OFF_AFTER = timedelta(days=3)
"""How long a webhook fails before it is turned off."""
TAKEN_FOR = timedelta(minutes=1)
"""How long a delivery is one process's own: four times as long as a try can take."""
AT_ONCE_PER_WEBHOOK, AT_ONCE = 8, 400
_LOOK_EVERY_S = 1.0
logger = logging.getLogger(__name__)


class Deliverer:
    """Sends what is due, as long as it runs."""

    def __init__(
        self,
        queue: WebhookQueue,
        sender: Sender,
        now: Callable[[], datetime],
        random: Callable[[], float],
    ) -> None:
        """Take the queue, the sender, the clock in UTC and a source of numbers from 0 to 1."""
        self._queue = queue
        self._sender = sender
        self._now = now
        self._random = random
        self._going_on = set[asyncio.Task[None]]()

    async def deliver_for_ever(self) -> None:
        """Send what is due, looked for each second; what is being sent ends with this."""
        is_away = False
        try:
            while True:
                try:
                    await self.begin_due()
                    is_away = False
                except StoreUnavailableError:
                    if not is_away:
                        logger.warning("webhooks.database_unreachable")
                    is_away = True
                except Exception as error:  # noqa: BLE001 - a bug must not end all deliveries
                    log_bug(logger, error)
                await self._rest()
        finally:
            for task in self._going_on:
                task.cancel()

    async def _rest(self) -> None:
        """Wait until a try has ended, after which the next of its lane may begin; or a second."""
        if self._going_on:
            await asyncio.wait(
                tuple(self._going_on), timeout=_LOOK_EVERY_S, return_when="FIRST_COMPLETED"
            )
        else:
            await asyncio.sleep(_LOOK_EVERY_S)

    async def begin_due(self) -> tuple[asyncio.Task[None], ...]:
        """Begin to send what is due, and return a task for each.

        Raises:
            StoreUnavailableError: The database does not answer; nothing was begun.
        """
        free = AT_ONCE - len(self._going_on)
        if free <= 0:
            return ()
        now = self._now()
        claimed = await self._queue.claim(now, now + TAKEN_FOR, AT_ONCE_PER_WEBHOOK, free)
        tasks = tuple(asyncio.create_task(self._deliver(each)) for each in claimed)
        for task in tasks:
            self._going_on.add(task)
            task.add_done_callback(self._going_on.discard)
        return tasks

    async def _deliver(self, sent: ClaimedDelivery) -> None:
        """Try one delivery; whatever is not recorded is tried again once nobody has it."""
        try:
            body = body_of(sent)
            headers = signed(sent, body, self._now())
            outcome = await self._sender.send(sent.url, body.encode(), headers)
            await self._record(sent, outcome)
        except StoreUnavailableError:
            logger.warning("webhooks.not_recorded", extra={"delivery": str(sent.id)})
        except Exception as error:  # noqa: BLE001 - a bug must not end other deliveries
            log_bug(logger, error)

    async def _record(self, sent: ClaimedDelivery, outcome: SendOutcome) -> None:
        now = self._now()
        if outcome.fault is None:
            await self._queue.delivered(sent, now, outcome.status or 0)
            return
        failure = Failure(
            status=outcome.status,
            fault=outcome.fault,
            next_at=self._next_at(sent, now, outcome.retry_after),
            rests_until=now + outcome.retry_after,
            is_gone=is_gone(outcome),
        )
        reason = await self._queue.failed(sent, now, failure)
        extra = {"webhook": str(sent.webhook), "delivery": str(sent.id), "tries": sent.tries}
        logger.info("webhook.failed", extra={**extra, "fault": outcome.fault})
        if reason is not None:
            logger.warning("webhook.disabled", extra={"webhook": str(sent.webhook)})

    def _next_at(
        self, sent: ClaimedDelivery, now: datetime, retry_after: timedelta
    ) -> datetime | None:
        """Return when a delivery is tried again; None once it was tried for three days."""
        if sent.round_tries > len(RETRIES):
            return None
        wait = RETRIES[sent.round_tries - 1] * (1 + _JITTER * self._random())
        return now + max(wait, retry_after)
