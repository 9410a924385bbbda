"""The audit log: who changed what, and who read or took away what is kept; it only grows.

Changes and deletions are written by the database itself, in the transaction of the change (see the
migration of the log), whichever program makes them. Reading is written here once it is known how
it came out and before the answer is given: what cannot be recorded is not shown. What was refused
or not found is written too, of whoever showed a key that works. Only while the database takes
nothing at all (it is read-only, or its disk is full) a reading is a line of the service's log
instead, so that what is kept can still be read when it is needed most.
"""

import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from abeyance_screening.platform.access.callers import Caller
from abeyance_screening.platform.postgres.database import QueryPlace, fetched
from abeyance_screening.primitives.errors import StoreFullError, StoreReadOnlyError

# A page of results is read in dozens of pieces: the same reading within this time is one entry.
_SAME_WITHIN = timedelta(minutes=1)
_MOST_REMEMBERED = 10_000
_AT_ONCE = 1_000
logger = logging.getLogger(__name__)


type Outcome = Literal["done", "refused", "not_found"]


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the audit log: who did what."""

    id: int
    """Number of the entry; it grows."""
    at: datetime
    """When it was done, in UTC."""
    account: str
    """The account whose affair it is."""
    actor: str
    """Owner of the key, or on the command line the user of the machine."""
    key_id: int | None
    """Number of the key that was shown; null without one."""
    action: str
    """What was done: `key.revoked`, `job.exported`."""
    about: str
    """What it was done to, such as the id of a key, a list or a screening."""
    outcome: Outcome | None
    """`done`, `refused`, or `not_found`: asked of something that the account does not have. Null
    in entries of earlier versions, which noted readings and deletions before they were tried."""
    details: dict[str, object]
    """What a change changed; of what was refused or not found, the kind of problem as `problem`,
    the last part of the address `/problems/…`; empty for reading."""
    request_id: str | None
    """Id of the request; null on the command line."""
    address: str | None
    """Address of the client; null on the command line."""


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries of an account are wanted, or of the whole installation; None asks for all.

    `since` is included, `until` is not. `beyond` is the id of an entry after which to go on, in
    the order asked for.
    """

    account: str | None
    newest_first: bool = True
    beyond: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    action: str | None = None
    about: str | None = None


class AuditedReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller reads or takes away, or tried to change, and how it came out."""

    caller: Caller
    action: str
    about: str
    request_id: str | None
    address: str | None
    outcome: Outcome = "done"
    problem: str | None = None


class StoredAudit:
    """The audit log of a database, on a connection or a pool of them."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def entries(self, query: AuditQuery, most: int) -> tuple[AuditEntry, ...]:
        """Return at most so many entries, in the order asked for."""
        rows = await fetched(
            self._place,
            "audit_entries",
            query.account,
            query.newest_first,
            query.beyond,
            query.since,
            query.until,
            query.actor,
            query.action,
            query.about,
            most,
        )
        return tuple(read_entry(dict(row)) for row in rows)

    async def add(self, reading: AuditedReading) -> None:
        """Record a reading."""
        caller = reading.caller
        await fetched(
            self._place,
            "add_audit_entry",
            caller.account,
            caller.owner,
            caller.key,
            reading.action,
            reading.about,
            reading.request_id,
            reading.address,
            reading.outcome,
            msgspec.json.encode(_details(reading)).decode(),
        )


def _details(reading: AuditedReading) -> dict[str, str]:
    return {} if reading.problem is None else {"problem": reading.problem}


def read_entry(columns: dict[str, object]) -> AuditEntry:
    """Return an entry from the columns of its row."""
    details = msgspec.json.decode(str(columns.pop("details")), type=dict[str, object])
    return msgspec.convert({**columns, "details": details}, AuditEntry)


class Audit:
    """The audit log, as a service writes and shows it."""

    def __init__(self, store: Callable[[], StoredAudit], now: Callable[[], datetime]) -> None:
        """Take the store and the clock (UTC)."""
        self._store = store
        self._now = now
        self._written: OrderedDict[tuple[object, ...], datetime] = OrderedDict()

    async def entries(self, query: AuditQuery, most: int) -> tuple[AuditEntry, ...]:
        """Return at most so many entries, in the order asked for."""
        return await self._store().entries(query, most)

    async def all(self, query: AuditQuery) -> AsyncGenerator[tuple[AuditEntry, ...]]:
        """Yield all entries, a thousand at a time."""
        while entries := await self.entries(query, _AT_ONCE):
            yield entries
            query = msgspec.structs.replace(query, beyond=entries[-1].id)

    async def read(self, reading: AuditedReading) -> None:
        """Record a reading, unless the same one was recorded within the last minute."""
        caller, now = reading.caller, self._now()
        what = reading.action, reading.about, reading.outcome, reading.problem
        key = caller.account, caller.key, caller.owner, *what
        written = self._written.get(key)
        if written is not None and now - written < _SAME_WITHIN:
            return
        try:
            await self._store().add(reading)
        except (StoreReadOnlyError, StoreFullError):
            logger.warning(
                "audit.only_logged",
                extra={"actor": caller.owner, "action": reading.action, "about": reading.about},
            )
        self._written[key] = now
        self._written.move_to_end(key)
        if len(self._written) > _MOST_REMEMBERED:
            self._written.popitem(last=False)
