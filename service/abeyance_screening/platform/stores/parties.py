"""Stored parties: what operators say of them, never changed, and those that were joined."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import msgspec

from abeyance_screening.engine.screening.parties.table import PartySplit
from abeyance_screening.platform.postgres.database import (
    ConnectedStore,
    connected,
    fetched,
    query,
    reaching,
)


class DatabaseSplits(ConnectedStore):
    """What operators say of parties."""

    async def party_splits(self) -> tuple[PartySplit, ...]:
        """Return every split and every withdrawal, in the order in which they were recorded."""
        async with self._connect() as connection:
            with reaching():
                rows = await connection.fetch(query("party_splits"))
            return msgspec.convert([dict(row) for row in rows], tuple[PartySplit, ...])

    async def add_party_split(
        self,
        listings: Sequence[str],
        apart_from: Sequence[str],
        because: str,
        by: tuple[str, datetime],
        *,
        joins: bool = False,
    ) -> PartySplit:
        """Record a split or a join by an operator at a moment, and return it.

        Those who follow the database are notified.
        """
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction():
                    row = await connection.fetchrow(
                        query("add_party_split"), listings, apart_from, because, *by, joins
                    )
                    await connection.fetch(query("notify_followers"))
            return msgspec.convert(dict(row or {}), PartySplit)

    async def withdraw_party_split(
        self, split_id: int, because: str, by: tuple[str, datetime]
    ) -> PartySplit | None:
        """Record that a split no longer counts, notify the followers, and return the withdrawal.

        Return None if there is no such split, or it is withdrawn already.
        """
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction():
                    row = await connection.fetchrow(
                        query("withdraw_party_split"), split_id, because, *by
                    )
                    await connection.fetch(query("notify_followers"))
            return None if row is None else msgspec.convert(dict(row), PartySplit)


class JoinedParties:
    """The joined parties of a database, each time over a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def read(self, basis: bytes) -> bytes | None:
        """Return the parties that were joined from a basis; None if they were not kept."""
        async with connected(self._dsn) as connection:
            rows = await fetched(connection, "joined_parties", basis)
        return cast("bytes", rows[0]["written"]) if rows else None

    async def keep(self, basis: bytes, body: bytes, at: datetime) -> None:
        """Keep the parties that were joined from a basis; older ones go after a day."""
        async with connected(self._dsn) as connection:
            await fetched(connection, "keep_joined_parties", basis, body, at)
