"""Alerts of one account in the database: what its events are about, and what people do."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

import asyncpg
import msgspec

from abeyance_screening.platform.events import (
    ALERT_TYPES,
    EventData,
    EventType,
    WatchedEvent,
)
from abeyance_screening.platform.postgres.database import AnyConnection, QueryPlace, fetched


class AlertComment(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote about an alert."""

    by: str
    """Who."""
    at: datetime
    """When, in UTC."""
    text: str
    """What."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What one cause has brought: changes of one type that a person works through at once."""

    id: int
    """Number of the alert: that of its first change."""
    newest: int
    """Number of its newest change. An alert that grows comes again after those of before."""
    type: EventType
    at: datetime
    """When the newest change was noticed, in UTC."""
    changes: Annotated[int, msgspec.Meta(ge=1)]
    """How many changes it is about; each is an event."""
    counterparties: Annotated[int, msgspec.Meta(ge=0)]
    """About how many counterparties these are."""
    counterparty: str | None
    """Your own id of the counterparty; null where it is about none, or about several."""
    data: EventData
    """What has changed, in words and in fields: of several changes the newest, without the name of
    its counterparty where they are about several."""
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

    `after` is the newest change of an alert, `id` that of any change of the one that is wanted.
    `list_code` is that of the listing or of the edition it comes from, `country` one of the
    counterparty's, and `decision` the last one on the hit.
    """

    after: int = 0
    id: int | None = None
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
    """What a person does about an alert; None leaves a thing as it is, and "" assigns nobody.

    `changes` is how many the alert must have, so that nothing is done unseen; None for any.
    """

    by: str
    at: datetime
    assigned_to: str | None = None
    acknowledged: bool | None = None
    comment: str | None = None
    changes: int | None = None


class DigestLine(msgspec.Struct, frozen=True, kw_only=True):
    """The alerts of one type on a day."""

    type: EventType
    alerts: int
    """How many."""
    events: int
    """How many changes of that day they are about."""
    counterparties: int
    """About how many counterparties these are."""
    open: int
    """How many of the alerts nobody has acknowledged yet."""


_decode_data = msgspec.json.Decoder(EventData).decode
_decode_comments = msgspec.json.Decoder(tuple[AlertComment, ...]).decode


class AlertStore:
    """The alerts of one account, on a connection or a pool."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def listed(self, query: AlertQuery, most: int) -> tuple[Alert, ...]:
        """Return up to `most` alerts, in the order of their newest changes."""
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
            query.id,
            most,
        )
        return tuple(map(_alert, rows))

    async def get(self, key: int) -> Alert | None:
        """Return an alert by the id of any of its changes; None if the account has none."""
        return next(iter(await self.listed(AlertQuery(id=key), 1)), None)

    async def changes(self, key: int, after: int, most: int) -> tuple[WatchedEvent, ...]:
        """Return up to `most` changes that an alert is about, after the one with an id."""
        rows = await fetched(self._place, "changes_of_alert", self._account, key, after, most)
        return tuple(map(_change, rows))

    async def work(self, connection: AnyConnection, key: int, work: AlertWork) -> bool:
        """Store what a person does about an alert, in a transaction of the connection.

        Until that ends no alert of the account grows. Returns False if there is none with the id
        and as many changes.
        """
        await fetched(connection, "lock_events", self._account)
        rows = await fetched(
            connection,
            "work_on_alert",
            self._account,
            key,
            work.changes,
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
        """Return the alerts of each type with changes from a moment on and before another."""
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


def _change(row: asyncpg.Record) -> WatchedEvent:
    columns: dict[str, object] = dict(row)
    return msgspec.convert(columns | {"data": _decode_data(str(columns["data"]))}, WatchedEvent)


def _alert(row: asyncpg.Record) -> Alert:
    columns: dict[str, object] = dict(row)
    columns["data"] = _decode_data(str(columns["data"]))
    columns["comments"] = _decode_comments(str(columns["comments"] or "[]"))
    if row["counterparties"] > 1:
        columns["counterparty"] = None
        columns["data"] = msgspec.structs.replace(columns["data"], counterparty_name=None)
    return msgspec.convert(columns, Alert)
