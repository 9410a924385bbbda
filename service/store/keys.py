"""Keys in the database: each as the SHA-256 of its secret, with what it may do."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import asyncpg
import msgspec

from service.access.keys import AccessKey, KeyDraft, KeyProof
from service.store.sql import QUERY_TIMEOUT_S, query, reaching

type Place = asyncpg.Connection | asyncpg.Pool
_DEFAULTS = {"default_lists": "lists", "default_threshold": "threshold", "is_stored": "store"}


class ApiKeyStore:
    """The keys of a database, on a connection or a pool of them."""

    def __init__(self, place: Place) -> None:
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
        """Record a key; None if another key that is not revoked has its name.

        Raises:
            StoreUnavailableError: The database does not answer; no key was recorded.
        """
        defaults = draft.defaults
        rows = await self._fetch(
            "add_api_key",
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
        )
        return _one(rows)

    async def rotate(
        self, key_id: int, digest: bytes, at: datetime, previous_until: datetime
    ) -> AccessKey | None:
        """Replace the secret of a key; None if there is no such key, or it is revoked.

        Raises:
            StoreUnavailableError: The database does not answer; the key is as it was.
        """
        return _one(await self._fetch("rotate_api_key", key_id, digest, at, previous_until))

    async def revoke(self, key_id: int, at: datetime) -> AccessKey | None:
        """Revoke a key; None if there is no such key, or it is revoked already.

        Raises:
            StoreUnavailableError: The database does not answer; the key still works.
        """
        return _one(await self._fetch("revoke_api_key", key_id, at))

    async def note_uses(self, uses: Mapping[int, datetime]) -> None:
        """Record when keys were last used, by their ids; an earlier moment changes nothing.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        await self._fetch("note_api_key_uses", list(uses), list(uses.values()))

    async def _fetch(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        with reaching():
            async with asyncio.timeout(QUERY_TIMEOUT_S):
                return await self._place.fetch(query(name), *arguments)


def _one(rows: list[asyncpg.Record]) -> AccessKey | None:
    return _key(rows[0]) if rows else None


def _key(row: asyncpg.Record) -> AccessKey:
    return msgspec.convert(_nested(row), AccessKey)


def _nested(row: asyncpg.Record) -> dict[str, object]:
    """Return a row with the columns of the defaults as the struct that they are."""
    columns: dict[str, object] = dict(row)
    defaults = {field: columns.pop(column) for column, field in _DEFAULTS.items()}
    return {**columns, "defaults": defaults}
