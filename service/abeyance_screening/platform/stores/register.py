"""The stored register of measures: shipped measures and events, and operators' events.

What was seen at the places where acts appear is stored beside it.
"""

import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast

import msgspec

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import (
    MeasureReview,
    RegisterMark,
    ShippedRegister,
    StoredEvent,
    StoredMeasure,
    StoredRegister,
)
from abeyance_screening.engine.measures.place_state import watch_state
from abeyance_screening.engine.measures.places import places as known_places
from abeyance_screening.engine.measures.register_rows import stored_event, stored_measure
from abeyance_screening.engine.measures.register_state import (
    BundleFetch,
    BundleOrigin,
    RegisterState,
)
from abeyance_screening.platform.postgres.database import (
    AnyConnection,
    ConnectedStore,
    query,
    reaching,
)
from abeyance_screening.platform.stores.places import (
    newest_confirmations,
    place_states,
)
from abeyance_screening.primitives.errors import StoreUnavailableError

logger = logging.getLogger(__name__)

# --- The register.


class Recording:
    """One transaction that changes the register, in full or not at all."""

    def __init__(self, connection: AnyConnection) -> None:
        self.connection = connection

    async def lock(self) -> RegisterMark:
        """Lock the register until the transaction ends, and return its mark."""
        return await _mark(self.connection, "lock_register")

    async def stored(self) -> StoredRegister:
        """Lock the register until the transaction ends, and return its current rows."""
        return await _register(self.connection, await self.lock())

    async def replace_measures(
        self, gone: Sequence[str], new: Sequence[StoredMeasure], at: datetime
    ) -> None:
        """End the current rows of the measures with the ids `gone`, and store the rows `new`."""
        await self.connection.execute(query("supersede_measures"), gone, at)
        await self.connection.execute(
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
        await self.connection.execute(
            query("supersede_events"),
            [each.measure_id for each in gone],
            [each.event_id for each in gone],
            at,
        )
        await self.connection.execute(
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
        rows = await self.connection.fetch(
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
        await self.connection.execute(
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
        row = await self.connection.fetchrow(
            query("retract_operator_event"), *event, at, by, because
        )
        return None if row is None else msgspec.convert(dict(row), StoredEvent)

    async def hand_over(
        self, began_with: str, keys: str, signed_by: Sequence[str], at: datetime
    ) -> None:
        """Store the text of the keys that are trusted from now on, unless they are already.

        They follow on those that an installation began with, whose digest is `began_with`.
        """
        await self.connection.execute(
            query("add_register_keys"), began_with, keys, list(signed_by), at
        )

    async def add_bundle(self, bundle: BundleOrigin) -> None:
        """Store that a bundle was taken up, unless it was before."""
        await self.connection.execute(
            query("add_register_bundle"),
            bundle.made_at,
            bundle.sha256,
            bundle.revision,
            bundle.signed_by,
            bundle.keeper,
            bundle.changes,
            bundle.editions,
            bundle.taken_up_at,
        )

    async def mark(self, revision: int, made_at: datetime | None) -> None:
        """Count the change, and note the revision of the stored register.

        `made_at` is when the bundle was made that it came from, None for a program's register.
        """
        await self.connection.execute(query("mark_register"), revision, made_at)


class DatabaseRegister(ConnectedStore):
    """The stored register."""

    @asynccontextmanager
    async def recording(self) -> AsyncGenerator[Recording]:
        """Open a transaction that changes the register, and notify the followers at its end."""
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction():
                    yield Recording(connection)
                    await connection.fetch(query("notify_followers"))

    async def read_mark(self) -> RegisterMark:
        """Return the mark of the stored register."""
        async with self._connect() as connection:
            with reaching():
                return await _mark(connection, "register_mark")

    async def read_register(self) -> StoredRegister:
        """Return the whole stored register as of one moment."""
        async with self._connect() as connection:
            with reaching():
                if connection.is_in_transaction():
                    # of a unit of work that has changed the register, and so has it locked
                    return await _register(connection, await _mark(connection, "register_mark"))
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    return await _register(connection, await _mark(connection, "register_mark"))

    async def register_state(self) -> RegisterState:
        """Return the state of the stored register, and of the places where its acts appear."""
        async with self._connect() as connection:
            with reaching():
                mark = await _mark(connection, "register_mark")
                digest = cast("str", await connection.fetchval(query("register_digest")))
            return RegisterState(
                revision=mark.revision,
                digest=digest,
                made_at=mark.made_at,
                last_fetch=await bundle_fetch(connection),
                bundle=await _last_bundle(connection),
                watch=watch_state(known_places(), await place_states(connection)),
            )


async def register_keys(connection: AnyConnection, began_with: str) -> str | None:
    """Return the text of the keys that a bundle handed over to last, None where none did.

    `began_with` is the digest of the keys that the installation began with.
    """
    with reaching():
        return cast("str | None", await connection.fetchval(query("register_keys"), began_with))


async def bundle_fetch(connection: AnyConnection) -> BundleFetch | None:
    """Return the last attempt to fetch a register bundle, None where there was none."""
    with reaching():
        row = await connection.fetchrow(query("bundle_fetch"))
    return None if row is None else msgspec.convert(dict(row), BundleFetch)


async def _last_bundle(connection: AnyConnection) -> BundleOrigin | None:
    row = await connection.fetchrow(query("last_register_bundle"))
    return None if row is None else msgspec.convert(dict(row), BundleOrigin)


async def note_bundle_fetch(connection: AnyConnection, fetched: BundleFetch) -> None:
    """Store the outcome of the last attempt to fetch a register bundle."""
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


# --- Changes of the register: one of an operator, and those that a program brings.


@asynccontextmanager
async def register_change(
    store: DatabaseRegister, boards: CurrentBoard
) -> AsyncGenerator[Recording]:
    """Open one change of the stored register, and then update this process's board if possible."""
    async with store.recording() as recording:
        mark = await recording.lock()
        yield recording
        await recording.mark(mark.revision, mark.made_at)
    try:
        await boards.catch_up(store)
    except StoreUnavailableError:
        logger.warning("register.not_caught_up")


async def record_shipped(store: DatabaseRegister, shipped: ShippedRegister, now: datetime) -> bool:
    """Update the database's register to this program's; return whether anything changed.

    A register that a newer program stored is left as it is, and so is one from a bundle until a
    program has a higher revision: at the same revision the bundle may say more. Operators' events
    stay, whatever the shipped register contains.
    """
    async with store.recording() as recording:
        stored = await recording.stored()
        if stored.mark.made_at is not None and stored.mark.revision >= shipped.revision:
            logger.info("register.bundle_stored", extra={"revision": stored.mark.revision})
            return False
        if stored.mark.revision > shipped.revision:
            logger.warning("register.newer_stored", extra={"revision": stored.mark.revision})
            return False
        is_changed = await replace_shipped(recording, stored, shipped, now)
        if is_changed or stored.mark.made_at is not None:
            await recording.mark(shipped.revision, None)
    return is_changed


async def replace_shipped(
    recording: Recording, stored: StoredRegister, shipped: ShippedRegister, now: datetime
) -> bool:
    """Replace the stored measures and shipped events that differ; return whether any did.

    Events of the first register that a database receives get no `stored_at`, because they did not
    become known one by one. The change is not marked yet.
    """
    gone, new = _differences(
        stored.measures,
        [stored_measure(each) for each in shipped.measures],
        lambda measure: (measure.measure_id, measure.digest),
    )
    known = [each for each in stored.events if each.origin == "shipped"]
    gone_events, new_events = _differences(
        known,
        [stored_event(each.id, event) for each in shipped.measures for event in each.events],
        _event_key,
    )
    if not (gone or new or gone_events or new_events):
        return False
    await recording.replace_measures([each.measure_id for each in gone], new, now)
    stored_at = now if stored.measures else None
    await recording.replace_events(gone_events, new_events, now, stored_at)
    logger.info("register.recorded", extra={"measures": len(new), "events": len(new_events)})
    return True


def _differences[T](
    stored: Iterable[T], wanted: Iterable[T], key_of: Callable[[T], object]
) -> tuple[list[T], list[T]]:
    """Return the stored rows that are not wanted, and the wanted rows that are not stored."""
    present, required = ({key_of(each): each for each in rows} for rows in (stored, wanted))
    gone = [each for key, each in present.items() if key not in required]
    return gone, [each for key, each in required.items() if key not in present]


def _event_key(event: StoredEvent) -> tuple[str, str, str, datetime | None, datetime | None]:
    return (
        event.measure_id,
        event.event_id,
        event.digest,
        event.recorded_at,
        event.retracted_at,
    )
