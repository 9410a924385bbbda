"""The stored register of measures: shipped measures and events, and operators' events.

What was seen at the places where acts appear is stored beside it.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast

import msgspec

from abeyance_screening.engine.measures.measure import (
    MeasureReview,
    PlaceConfirmation,
    RegisterMark,
    StoredEvent,
    StoredMeasure,
    StoredRegister,
)
from abeyance_screening.engine.measures.place_state import OpenDocument, PlaceState, watch_state
from abeyance_screening.engine.measures.places import places as known_places
from abeyance_screening.engine.measures.register_state import BundleFetch, RegisterState
from abeyance_screening.platform.postgres.queries import (
    AnyConnection,
    ConnectedStore,
    query,
    reaching,
)
from abeyance_screening.platform.stores.places import (
    add_confirmation,
    newest_confirmations,
    open_documents,
    place_states,
)

# --- The register.


class Recording:
    """One transaction that changes the register, in full or not at all."""

    def __init__(self, connection: AnyConnection) -> None:
        self._connection = connection

    async def lock(self) -> RegisterMark:
        """Lock the register until the transaction ends, and return its mark."""
        return await _mark(self._connection, "lock_register")

    async def stored(self) -> StoredRegister:
        """Lock the register until the transaction ends, and return its current rows."""
        return await _register(self._connection, await self.lock())

    async def replace_measures(
        self, gone: Sequence[str], new: Sequence[StoredMeasure], at: datetime
    ) -> None:
        """End the current rows of the measures with the ids `gone`, and store the rows `new`."""
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
        """End the current rows of the shipped events `gone`, and store the rows `new`."""
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
        """Store an operator's event; return False where the same event is stored already."""
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

    async def add_review(self, review: MeasureReview) -> None:
        """Store a sign-off of a measure."""
        await self._connection.execute(
            query("add_measure_review"),
            review.measure_id,
            review.digest,
            review.reviewed_by,
            review.reviewed_on,
            review.note,
            review.recorded_by,
            review.recorded_at,
        )

    async def retract_operator_event(
        self, event: tuple[str, str], at: datetime, by: str, because: str
    ) -> StoredEvent | None:
        """Retract an operator's event, named by measure id and event id.

        Return the retracted row, or None where no such event still counts.
        """
        row = await self._connection.fetchrow(
            query("retract_operator_event"), *event, at, by, because
        )
        return None if row is None else msgspec.convert(dict(row), StoredEvent)

    async def place_states(self) -> dict[str, PlaceState]:
        """Return the state of each place that was looked at or confirmed, by its id."""
        return await place_states(self._connection)

    async def open_documents(self, place_ids: Sequence[str]) -> tuple[OpenDocument, ...]:
        """Return the documents of these places that no person has read yet, oldest first."""
        return await open_documents(self._connection, place_ids)

    async def add_confirmation(
        self, confirmation: PlaceConfirmation, read_up_to: int | None
    ) -> None:
        """Store a confirmation; documents of the place up to the id `read_up_to` were read."""
        await add_confirmation(self._connection, confirmation, read_up_to)

    async def mark(self, revision: int, made_at: datetime | None) -> None:
        """Count the change, and note the revision of the stored register.

        `made_at` is when the bundle was made that it came from, None for a program's register.
        """
        await self._connection.execute(query("mark_register"), revision, made_at)


class DatabaseRegister(ConnectedStore):
    """The stored register."""

    @asynccontextmanager
    async def recording(self) -> AsyncGenerator[Recording]:
        """Open a transaction that changes the register, and notify the followers at its end.

        Raises:
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction():
                    yield Recording(connection)
                    await connection.fetch(query("notify_followers"))

    async def read_mark(self) -> RegisterMark:
        """Return the mark of the stored register.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        async with self._connect() as connection:
            with reaching():
                return await _mark(connection, "register_mark")

    async def read_register(self) -> StoredRegister:
        """Return the whole stored register as of one moment.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        async with self._connect() as connection:
            with reaching():
                if connection.is_in_transaction():
                    # of a unit of work that has changed the register, and so has it locked
                    return await _register(connection, await _mark(connection, "register_mark"))
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    return await _register(connection, await _mark(connection, "register_mark"))

    async def register_state(self) -> RegisterState:
        """Return the state of the stored register, and of the places where its acts appear.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        async with self._connect() as connection:
            with reaching():
                mark = await _mark(connection, "register_mark")
                digest = cast("str", await connection.fetchval(query("register_digest")))
            return RegisterState(
                revision=mark.revision,
                digest=digest,
                made_at=mark.made_at,
                last_fetch=await bundle_fetch(connection),
                watch=watch_state(known_places(), await place_states(connection)),
            )


async def bundle_fetch(connection: AnyConnection) -> BundleFetch | None:
    """Return the last attempt to fetch a register bundle, None where there was none.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        row = await connection.fetchrow(query("bundle_fetch"))
    return None if row is None else msgspec.convert(dict(row), BundleFetch)


async def note_bundle_fetch(connection: AnyConnection, fetched: BundleFetch) -> None:
    """Store the outcome of the last attempt to fetch a register bundle.

    Raises:
        StoreUnavailableError: The database does not answer.
    """
    with reaching():
        await connection.execute(
            query("note_bundle_fetch"),
            fetched.tried_at,
            fetched.failures,
            fetched.outcome,
            fetched.reason,
            fetched.asked,
            fetched.etag,
            fetched.last_modified,
        )


async def _mark(connection: AnyConnection, name: str) -> RegisterMark:
    row = await connection.fetchrow(query(name))
    return msgspec.convert(dict(row or {}), RegisterMark)


async def _register(connection: AnyConnection, mark: RegisterMark) -> StoredRegister:
    measures = await connection.fetch(query("register_measures"))
    events = await connection.fetch(query("register_events"))
    confirmations = await newest_confirmations(connection)
    reviews = await connection.fetch(query("measure_reviews"))
    return StoredRegister(
        mark=mark,
        measures=msgspec.convert([dict(row) for row in measures], tuple[StoredMeasure, ...]),
        events=msgspec.convert([dict(row) for row in events], tuple[StoredEvent, ...]),
        confirmations=confirmations,
        reviews=msgspec.convert([dict(row) for row in reviews], tuple[MeasureReview, ...]),
    )
