"""The register of measures: what programs bring, and what operators add."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
import msgspec

from service.measures.measure import RegisterMark, StoredEvent, StoredMeasure, StoredRegister
from service.store.sql import query, reaching

type AnyConnection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy


async def register_mark(connection: AnyConnection) -> RegisterMark:
    """Which register is stored.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        return await _mark(connection, "register_mark")


async def read_register(connection: AnyConnection) -> StoredRegister:
    """The whole register, of one moment.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _register(connection, await _mark(connection, "register_mark"))


class Recording:
    """One transaction that changes the register: all of it stands at its end, or nothing."""

    def __init__(self, connection: AnyConnection) -> None:
        self._connection = connection

    async def lock(self) -> RegisterMark:
        """Which register is stored; until the end nobody else changes it."""
        return await _mark(self._connection, "lock_register")

    async def stored(self) -> StoredRegister:
        """The register as it stands, locked as by `lock`."""
        return await _register(self._connection, await self.lock())

    async def replace_measures(
        self, gone: Sequence[str], new: Sequence[StoredMeasure], at: datetime
    ) -> None:
        """Ends the current texts of some measures and stores others."""
        await self._connection.execute(query("supersede_measures"), gone, at)
        await self._connection.execute(
            query("add_measures"),
            [each.measure_id for each in new],
            [each.body for each in new],
            [each.digest for each in new],
            at,
        )

    async def replace_events(
        self,
        gone: Sequence[StoredEvent],
        new: Sequence[StoredEvent],
        at: datetime,
        stored_at: datetime | None,
    ) -> None:
        """Ends the current rows of some shipped events and stores others."""
        await self._connection.execute(
            query("supersede_events"),
            [each.measure_id for each in gone],
            [each.event_id for each in gone],
            at,
        )
        await self._connection.execute(
            query("add_events"),
            [each.measure_id for each in new],
            [each.event_id for each in new],
            [each.body for each in new],
            [each.digest for each in new],
            [each.recorded_at for each in new],
            [each.retracted_at for each in new],
            stored_at,
        )

    async def add_operator_event(self, event: StoredEvent) -> bool:
        """Stores an operator's event; False where the very same one stands already."""
        rows = await self._connection.fetch(
            query("add_operator_event"),
            event.measure_id,
            event.event_id,
            event.body,
            event.digest,
            event.recorded_at,
            event.recorded_by,
        )
        return bool(rows)

    async def retract_operator_event(
        self, event: tuple[str, str], at: datetime, by: str, because: str
    ) -> StoredEvent | None:
        """Takes back an operator's event, by measure and event id; None where none counts."""
        row = await self._connection.fetchrow(
            query("retract_operator_event"), *event, at, by, because
        )
        return None if row is None else msgspec.convert(dict(row), StoredEvent)

    async def mark(self, revision: int) -> None:
        """Notes the change, and that the register of this revision is stored."""
        await self._connection.execute(query("mark_register"), revision)


@asynccontextmanager
async def recording(connection: AnyConnection) -> AsyncGenerator[Recording]:
    """Opens the transaction in which the register is changed; at its end followers are told.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    with reaching():
        async with connection.transaction():
            yield Recording(connection)
            await connection.fetch(query("tell_followers"))


async def _mark(connection: AnyConnection, name: str) -> RegisterMark:
    row = await connection.fetchrow(query(name))
    return msgspec.convert(dict(row or {}), RegisterMark)


async def _register(connection: AnyConnection, mark: RegisterMark) -> StoredRegister:
    measures = await connection.fetch(query("register_measures"))
    events = await connection.fetch(query("register_events"))
    return StoredRegister(
        mark=mark,
        measures=msgspec.convert([dict(row) for row in measures], tuple[StoredMeasure, ...]),
        events=msgspec.convert([dict(row) for row in events], tuple[StoredEvent, ...]),
    )
