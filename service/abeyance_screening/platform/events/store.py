"""Events in the database: added in the transaction of their change, and read in order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import asyncpg
import msgspec

from abeyance_screening.platform.events import (
    AccountEvent,
    EventData,
    EventType,
    NewEvent,
    without_names,
)
from abeyance_screening.platform.postgres.database import AnyConnection, QueryPlace, fetched

EVENTS_CHANNEL = "abeyance_events"
"""Where accounts that have new events are named."""

_AT_ONCE = 1_000
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(EventData).decode


async def append(connection: AnyConnection, events: Iterable[NewEvent]) -> Mapping[str, int]:
    """Add events in the transaction of `connection`; those added before are left as they are.

    Until that transaction ends, others that add events of the same accounts wait, so that ids grow
    in the order of commits. Call it once in a transaction, after all else that may wait.

    Returns:
        The ids of those that were added, by their keys.
    """
    added = dict[str, int]()
    by_account = dict[str, list[NewEvent]]()
    for each in events:
        by_account.setdefault(each.account, []).append(each)
    for account, new in sorted(by_account.items()):
        await fetched(connection, "lock_events", account)
        rows = await fetched(
            connection,
            "append_events",
            account,
            [each.dedup_key for each in new],
            [each.type for each in new],
            [each.at for each in new],
            [each.counterparty for each in new],
            [_encode(each.data).decode() for each in new],
            [each.cause for each in new],
        )
        added |= {cast("str", row["dedup_key"]): cast("int", row["id"]) for row in rows}
    return added


class StoredEvents:
    """The events of one account."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def after(
        self,
        event: int,
        most: int,
        *,
        types: Sequence[EventType] | None = None,
        counterparty: str | None = None,
    ) -> tuple[AccountEvent, ...]:
        """Return up to `most` events after the one with an id, 0 for the first, in order."""
        rows = await fetched(
            self._place, "events_after", self._account, event, types, counterparty, most
        )
        return tuple(map(_event, rows))

    async def forget_names(self, counterparty: str) -> None:
        """Take names, words and whatever tells of a person out of a counterparty's events."""
        after = 0
        while events := await self.after(after, _AT_ONCE, counterparty=counterparty):
            thin = [_encode(without_names(each.data)).decode() for each in events]
            ids = [each.id for each in events]
            await fetched(self._place, "set_event_data", self._account, ids, thin)
            after = ids[-1]


def _event(row: asyncpg.Record) -> AccountEvent:
    columns: dict[str, object] = dict(row)
    return msgspec.convert(columns | {"data": _decode(str(columns["data"]))}, AccountEvent)
