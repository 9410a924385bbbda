"""Keys and sessions of people in the database."""

from collections.abc import Mapping
from datetime import datetime

import asyncpg
import msgspec

from abeyance_screening.platform.access.keys import AccessKey, KeyDraft, KeyProof
from abeyance_screening.platform.access.sessions import SessionDraft, SessionState, UserSession
from abeyance_screening.platform.postgres.queries import QueryPlace, fetched

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
