"""The register that comes with the program, recorded in the database."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from abeyance_screening.engine.measures.measure import (
    ShippedRegister,
    StoredEvent,
    StoredMeasure,
    StoredRegister,
)
from abeyance_screening.engine.measures.rows import (
    RegisterStore,
    RegisterTransaction,
    stored_event,
    stored_measure,
)

logger = logging.getLogger(__name__)


async def record_shipped(store: RegisterStore, shipped: ShippedRegister, now: datetime) -> bool:
    """Update the database's register to this program's; return whether anything changed.

    A register that a newer program stored is left as it is, and so is one from a bundle until a
    program has a higher revision: at the same revision the bundle may say more. Operators' events
    stay, whatever the shipped register contains.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
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
    recording: RegisterTransaction, stored: StoredRegister, shipped: ShippedRegister, now: datetime
) -> bool:
    """Replace the stored measures and shipped events that differ; return whether any did.

    Events of the first register that a database receives get no `stored_at`, because they did not
    become known one by one. The change is not marked yet.
    """
    gone, new = _differences(stored.measures, _measures_of(shipped), _measure_key)
    known = [each for each in stored.events if each.origin == "shipped"]
    gone_events, new_events = _differences(known, _events_of(shipped), _event_key)
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


def _measures_of(shipped: ShippedRegister) -> list[StoredMeasure]:
    return [stored_measure(each) for each in shipped.measures]


def _measure_key(measure: StoredMeasure) -> tuple[str, str]:
    return measure.measure_id, measure.digest


def _events_of(shipped: ShippedRegister) -> list[StoredEvent]:
    return [
        stored_event(measure.id, event) for measure in shipped.measures for event in measure.events
    ]


def _event_key(event: StoredEvent) -> tuple[str, str, str, datetime | None, datetime | None]:
    return (
        event.measure_id,
        event.event_id,
        event.digest,
        event.recorded_at,
        event.retracted_at,
    )
