"""Who may ask, as the database has it: keys, sessions of people, and the log of what was done."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import asyncpg
import msgspec

from service.access.audit import AuditedReading, AuditEntry, AuditQuery
from service.access.keys import AccessKey, KeyDraft, KeyProof
from service.access.limits import LEASE_S, Grant, Ledger, Settlement, settle
from service.access.people import SessionDraft, SessionState, UserSession
from service.store.sql import AnyConnection, QueryPlace, fetched, reaching
from service.store.stores import PooledStore

# --- Keys in the database, each as the SHA-256 of its secret, and what is left of their limits.

_DEFAULTS = {"default_lists": "lists", "default_threshold": "threshold", "is_stored": "store"}


class ApiKeyStore:
    """The keys of a database, on a connection, a pool of them, or in a unit of work."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def all(self) -> tuple[AccessKey, ...]:
        """Return every key, also revoked ones, in the order in which they were made.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return tuple(_key(row) for row in await self._fetch("api_keys"))

    async def is_any(self, at: datetime) -> bool:
        """Return whether any key works at a moment.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        return any(row["is_any"] is True for row in await self._fetch("is_any_api_key", at))

    async def proofs(self) -> tuple[KeyProof, ...]:
        """Return every key that is not revoked.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await self._fetch("api_key_proofs")
        return tuple(msgspec.convert(_nested(row), KeyProof) for row in rows)

    async def change_number(self) -> int:
        """Return a number that grows with every change of any key.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await self._fetch("api_key_change_number")
        return msgspec.convert([row["number"] for row in rows], list[int])[0]

    async def add(
        self, draft: KeyDraft, digest: bytes, by: tuple[str, datetime]
    ) -> AccessKey | None:
        """Record a key; None if another key of its account that is not revoked has its name.

        Raises:
            StoreUnavailableError: The database does not answer; no key was recorded.
        """
        defaults = draft.defaults
        rows = await self._fetch(
            "add_api_key",
            draft.account,
            draft.name,
            draft.owner,
            draft.scopes,
            draft.networks,
            defaults.lists,
            defaults.threshold,
            defaults.store,
            digest,
            draft.expires_at,
            *by,
            msgspec.json.encode(draft.limits).decode(),
        )
        return _one(rows)

    async def rotate(
        self, key_id: int, digest: bytes, by: tuple[str, datetime], previous_until: datetime
    ) -> AccessKey | None:
        """Replace the secret of a key; None if there is no such key, or it is revoked.

        Raises:
            StoreUnavailableError: The database does not answer; the key is as it was.
        """
        return _one(await self._fetch("rotate_api_key", key_id, digest, *by, previous_until))

    async def revoke(self, key_id: int, by: tuple[str, datetime]) -> AccessKey | None:
        """Revoke a key; None if there is no such key, or it is revoked already.

        Raises:
            StoreUnavailableError: The database does not answer; the key still works.
        """
        return _one(await self._fetch("revoke_api_key", key_id, *by))

    async def note_uses(self, uses: Mapping[int, datetime]) -> None:
        """Record when keys were last used, by their ids; an earlier moment changes nothing.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        await self._fetch("note_api_key_uses", list(uses), list(uses.values()))

    async def _fetch(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return await fetched(self._place, name, *arguments)


def _one(rows: list[asyncpg.Record]) -> AccessKey | None:
    return _key(rows[0]) if rows else None


def _key(row: asyncpg.Record) -> AccessKey:
    return msgspec.convert(_nested(row), AccessKey)


def _nested(row: asyncpg.Record) -> dict[str, object]:
    """Return a row with the columns of the defaults, and the limits, as the structs they are."""
    columns: dict[str, object] = dict(row)
    columns["limits"] = msgspec.json.decode(str(columns["limits"]))
    defaults = {field: columns.pop(column) for column, field in _DEFAULTS.items()}
    return {**columns, "defaults": defaults}


# --- Limits: what is left of each budget, and what each process leased of it.


class _BudgetRow(msgspec.Struct, frozen=True):
    name: str
    remaining: float
    settled_at: datetime


class _LeaseRow(msgspec.Struct, frozen=True):
    name: str
    leased: float
    elsewhere: float
    now: datetime


class PooledBudgets:
    """The budgets of a database, as one process settles them."""

    def __init__(self, pool: PooledStore) -> None:
        self._pool = pool

    async def settle(self, said: Sequence[Settlement]) -> tuple[Grant, ...]:
        """Settle budgets for this process, all or none, and return its share of each in order.

        Budgets are locked in the order of their names, so that processes wait for each other and
        never in a circle.

        Raises:
            StoreUnavailableError: The database does not answer; nothing was settled.
        """
        with reaching():
            async with (
                self._pool.connect() as connection,
                connection.transaction(),
            ):
                budgets = await self._locked(connection, said)
                names = list(budgets)
                rows = await fetched(
                    connection, "limit_leases", names, self._pool.process, LEASE_S
                )
                leases = [msgspec.convert(dict(row), _LeaseRow) for row in rows]
                now = max(each.now for each in leases)
                ledgers = {each.name: _ledger(budgets[each.name], each) for each in leases}
                settled = [settle(ledgers[each.budget.name], each, now) for each in said]
                await self._record(connection, said, [each for each, _ in settled], now)
        return tuple(share for _, share in settled)

    async def _locked(
        self, connection: AnyConnection, said: Sequence[Settlement]
    ) -> dict[str, _BudgetRow]:
        """Return the budgets by name, locked; those that were never used are new."""
        amounts = {each.budget.name: float(each.budget.capacity) for each in said}
        names = sorted(amounts)
        found = await fetched(connection, "lock_limit_budgets", names)
        if len(found) < len(names):
            # in the same order, because adding a row may wait as well
            sizes = [amounts[name] for name in names]
            await fetched(connection, "open_limit_budgets", names, sizes)
            found = await fetched(connection, "lock_limit_budgets", names)
        rows = [msgspec.convert(dict(row), _BudgetRow) for row in found]
        return {each.name: each for each in rows}

    async def _record(
        self,
        connection: AnyConnection,
        said: Sequence[Settlement],
        ledgers: Sequence[Ledger],
        now: datetime,
    ) -> None:
        await fetched(
            connection,
            "settle_limit_budgets",
            [each.budget.name for each in said],
            [each.left for each in ledgers],
            [each.leased for each in ledgers],
            self._pool.process,
            now,
            now + timedelta(seconds=LEASE_S),
        )


def _ledger(budget: _BudgetRow, lease: _LeaseRow) -> Ledger:
    return Ledger(
        left=budget.remaining,
        at=budget.settled_at,
        leased=lease.leased,
        elsewhere=lease.elsewhere,
    )


# --- Sessions of people in the database: each as the SHA-256 of its token.


class UserSessionStore:
    """The sessions of a database, on a connection or a pool of them."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def change_number(self) -> int:
        """Return a number that grows with every login and logout.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "user_session_change_number")
        return msgspec.convert([row["number"] for row in rows], list[int])[0]

    async def since(self, number: int, at: datetime) -> tuple[SessionState, ...]:
        """Return the sessions that began or ended after a change and have not expired.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "user_sessions_since", number, at)
        return tuple(msgspec.convert(dict(row), SessionState) for row in rows)

    async def begin(self, draft: SessionDraft) -> None:
        """Record a session.

        Raises:
            StoreUnavailableError: The database does not answer; nobody has logged in.
        """
        person = draft.person
        await fetched(
            self._place,
            "begin_user_session",
            draft.digest,
            person.name,
            person.subject,
            person.account,
            person.scopes,
            draft.made_at,
            draft.expires_at,
            draft.request_id,
            draft.address,
        )

    async def end(self, digest: bytes, at: datetime) -> None:
        """End a session, unless it has ended already.

        Raises:
            StoreUnavailableError: The database does not answer; the session may go on.
        """
        await fetched(self._place, "end_user_session", digest, at)

    async def note_uses(self, uses: Mapping[bytes, datetime]) -> None:
        """Record when sessions were last used; an earlier moment changes nothing.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        moments = list(uses.values())
        await fetched(self._place, "note_user_session_uses", list(uses), moments)

    async def all(self, at: datetime) -> tuple[UserSession, ...]:
        """Return the sessions that go on at a moment, by the names of their users.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "user_sessions", at)
        return tuple(msgspec.convert(dict(row), UserSession) for row in rows)

    async def end_all_of(self, user_name: str, at: datetime, by: str) -> int:
        """End all sessions of a person, by somebody else, and return how many there were.

        Raises:
            StoreUnavailableError: The database does not answer; the sessions may go on.
        """
        return len(await fetched(self._place, "end_user_sessions_of", user_name, at, by))


# --- The audit log in the database.


class StoredAudit:
    """The audit log of a database, on a connection or a pool of them."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def entries(self, asked: AuditQuery, most: int) -> tuple[AuditEntry, ...]:
        """Return at most so many entries, in the order asked for.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(
            self._place,
            "audit_entries",
            asked.account,
            asked.newest_first,
            asked.beyond,
            asked.since,
            asked.until,
            asked.actor,
            asked.action,
            asked.about,
            most,
        )
        return tuple(_entry(dict(row)) for row in rows)

    async def add(self, reading: AuditedReading) -> None:
        """Record a reading.

        Raises:
            StoreUnavailableError: The database does not answer; it was not recorded.
        """
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
        )


def _entry(columns: dict[str, object]) -> AuditEntry:
    details = msgspec.json.decode(str(columns.pop("details")), type=dict[str, object])
    return msgspec.convert({**columns, "details": details}, AuditEntry)
