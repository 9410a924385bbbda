"""Alerts of one account in the database: its events, and what people do about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import asyncpg
import msgspec

from abeyance_screening.platform.events import EVENT_TYPES, EventData, EventType, WatchedEvent
from abeyance_screening.platform.postgres.database import QueryPlace, fetched

_NO_ALERTS: frozenset[EventType] = frozenset({"rescreened", "webhook.test"})
ALERT_TYPES: tuple[EventType, ...] = tuple(each for each in EVENT_TYPES if each not in _NO_ALERTS)
"""The events that a person works through; the others only say that all is answered."""


class AlertComment(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote about an alert."""

    by: str
    """Who."""
    at: datetime
    """When, in UTC."""
    text: str
    """What."""


class Alert(WatchedEvent, frozen=True, kw_only=True):
    """An event that a person works through."""

    assigned_to: str | None
    """Who works on it; null for nobody."""
    assigned_by: str | None
    """Who said so last; null if nobody has."""
    assigned_at: datetime | None
    """When, in UTC; null if nobody has."""
    acknowledged_by: str | None
    """Who is done with it; null while it is open."""
    acknowledged_at: datetime | None
    """When, in UTC; null while it is open."""
    comments: tuple[AlertComment, ...]
    """What people wrote about it, the oldest first."""


type DecisionAsked = Literal["same", "different", "unsure", "none"]
"""The last decision on the hit that an alert is about; `none` where nobody has decided."""


class AlertQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts are wanted; None lets every value through. `until` is not included.

    `list_code` is that of the listing or of the edition it comes from, `country` one of the
    counterparty's, and `decision` the last one on the hit.
    """

    after: int = 0
    types: tuple[EventType, ...] = ALERT_TYPES
    counterparty: str | None = None
    assigned_to: str | None = None
    done: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    list_code: str | None = None
    country: str | None = None
    decision: DecisionAsked | None = None


class AlertWork(msgspec.Struct, frozen=True, kw_only=True):
    """What a person does about an alert; None leaves a thing as it is, and "" assigns nobody."""

    by: str
    at: datetime
    assigned_to: str | None = None
    acknowledged: bool | None = None
    comment: str | None = None


class DigestLine(msgspec.Struct, frozen=True, kw_only=True):
    """The alerts of one type on a day."""

    type: EventType
    events: int
    """How often."""
    counterparties: int
    """To how many counterparties."""
    open: int
    """How many of these nobody has acknowledged yet."""


_decode_data = msgspec.json.Decoder(EventData).decode
_decode_comments = msgspec.json.Decoder(tuple[AlertComment, ...]).decode


class AlertStore:
    """The alerts of one account, on a connection or a pool."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def listed(self, query: AlertQuery, most: int) -> tuple[Alert, ...]:
        """Return up to `most` alerts, in the order of their changes."""
        rows = await fetched(
            self._place,
            "alerts_of_account",
            self._account,
            query.after,
            query.types,
            query.counterparty,
            query.assigned_to,
            query.done,
            query.since,
            query.until,
            query.list_code,
            query.country,
            query.decision,
            most,
        )
        return tuple(map(_alert, rows))

    async def get(self, key: int) -> Alert | None:
        """Return an alert by its id; None if the account has none with it."""
        found = await self.listed(AlertQuery(after=key - 1), 1)
        return found[0] if found and found[0].id == key else None

    async def work(self, key: int, work: AlertWork) -> bool:
        """Store what a person does about an alert; return False if there is none with the id."""
        rows = await fetched(
            self._place,
            "work_on_alert",
            self._account,
            key,
            ALERT_TYPES,
            work.assigned_to,
            work.acknowledged,
            work.comment,
            work.by,
            work.at,
        )
        return bool(rows)

    async def digest(
        self, since: datetime, until: datetime, types: Sequence[EventType]
    ) -> tuple[DigestLine, ...]:
        """Return how many events of each type there were from a moment on and before another."""
        rows = await fetched(self._place, "digest_of_alerts", self._account, since, until, types)
        return msgspec.convert([dict(row) for row in rows], tuple[DigestLine, ...])


class DigestsSent:
    """Which digests of one account were sent, so that each is once."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def take(self, day: date, now: datetime, until: datetime) -> bool:
        """Take the digest of a day until a moment; False if it was sent, or another has it."""
        return bool(await fetched(self._place, "take_digest", self._account, day, now, until))

    async def note_sent(self, day: date, at: datetime) -> None:
        """Note that the digest of a day was sent."""
        await fetched(self._place, "note_digest_sent", self._account, day, at)


def _alert(row: asyncpg.Record) -> Alert:
    columns: dict[str, object] = dict(row)
    columns["data"] = _decode_data(str(columns["data"]))
    columns["comments"] = _decode_comments(str(columns["comments"] or "[]"))
    return msgspec.convert(columns, Alert)
