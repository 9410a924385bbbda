"""Webhooks and deliveries, as they are asked for, recorded and sent."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from abeyance_screening.features.webhooks.addresses import LONGEST_URL

EventPattern = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
DeliveryState = Literal["waiting", "delivered", "given_up"]


class WebhookAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A receiver to be told of events."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_URL)]
    """Where events are sent: an `https` address, without a user name. A service that listens on
    this machine alone also sends to this machine, there by `http` too."""
    events: Annotated[tuple[EventPattern, ...], msgspec.Meta(min_length=1, max_length=50)] = ("*",)
    """The types of events that are sent: each by its name, all of a kind as `measure.*`, or `*`
    for all, also those of later versions."""
    names: bool = True
    """Whether a body has names and what else tells of a person. Without them it has ids, by which
    the receiver can ask for the rest."""


class WebhookMade(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook that was just made."""

    id: UUID
    """Id of the webhook."""
    secret: str | None
    """The secret with which each body is signed; it is never shown again. Null where a request
    with an `Idempotency-Key` comes again: rotate it if the first answer was lost."""


class WebhookSecret(msgspec.Struct, frozen=True, kw_only=True):
    """A secret that was just made."""

    secret: str | None
    """The new secret, as when the webhook was made. For 24 hours the old one signs too."""


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """A receiver that is told of events, without its secret."""

    id: UUID
    """Id of the webhook."""
    url: str
    """Where events are sent."""
    events: tuple[str, ...]
    """The types of events that are sent."""
    names: bool
    """Whether a body has names and what else tells of a person."""
    enabled: bool
    """Whether it is on. While it is off, events wait for it, for 30 days at most."""
    made_at: datetime
    """When it was made, in UTC."""
    made_by: str
    """Who made it."""
    disabled_at: datetime | None
    """When it was turned off, in UTC; null while it is on."""
    disabled_because: str | None
    """Why it was turned off."""
    failing_since: datetime | None
    """The first failure since the receiver last took anything, in UTC; null if it works."""
    previous_until: datetime | None
    """Until when the secret before the last rotation signs too, in UTC; null without one."""
    waiting: int
    """How many deliveries wait."""


class WebhookList(msgspec.Struct, frozen=True, kw_only=True):
    """The webhooks of the account."""

    items: tuple[Webhook, ...]
    """In the order in which they were made."""


class WebhookDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was or is to be sent to a webhook."""

    id: UUID
    """Id of the delivery: the header `webhook-id` of each try."""
    event: int | None
    """Id of the event; null for a test."""
    type: str
    """What happened."""
    counterparty: str | None
    """Whom the event is about, by your own id; null for the whole account."""
    made_at: datetime
    """When the event was noticed, in UTC."""
    state: DeliveryState
    """`waiting` for its turn or the next try, `delivered`, or `given_up` after three days."""
    tries: int
    """How often it was sent."""
    next_at: datetime | None
    """Before when it is not sent again, in UTC; null for at once, or for no more."""
    tried_at: datetime | None
    """When it was last sent, in UTC."""
    delivered_at: datetime | None
    """When it was taken, in UTC."""
    status: int | None
    """The status with which the receiver last answered; null if it did not."""
    fault: str | None
    """Why the last try was not taken."""


class WebhookDeliveryList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of deliveries."""

    items: tuple[WebhookDelivery, ...]
    """The newest first."""
    next_cursor: str | None
    """The `cursor` that asks for the next page; null on the last one."""


class QueuedDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that was queued."""

    id: UUID
    """Id of the delivery, which the receiver gets as `webhook-id`."""
