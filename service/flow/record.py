"""Record: bring the register that comes with the program into the database."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from service.flow.stored_register import RegisterReader, stored_event, stored_measure
from service.model.register import (
    RegisterMark,
    ShippedRegister,
    StoredEvent,
    StoredMeasure,
    StoredRegister,
)

logger = logging.getLogger(__name__)


class RegisterTransaction(Protocol):
    """One transaction that changes the register; see `store.register.Recording`."""

    async def lock(self) -> RegisterMark:
        """Which register is stored; until the end nobody else changes it."""
        ...

    async def stored(self) -> StoredRegister:
        """The register as it stands, locked as by `lock`."""
        ...

    async def replace_measures(
        self, gone: list[str], new: list[StoredMeasure], at: datetime
    ) -> None:
        """Ends the current texts of some measures and stores others."""
        ...

    async def replace_events(
        self,
        gone: list[StoredEvent],
        new: list[StoredEvent],
        at: datetime,
        stored_at: datetime | None,
    ) -> None:
        """Ends the current rows of some shipped events and stores others."""
        ...

    async def add_operator_event(self, event: StoredEvent) -> bool:
        """Stores an operator's event; False where the very same one stands already."""
        ...

    async def retract_operator_event(
        self, event: tuple[str, str], at: datetime, by: str, because: str
    ) -> StoredEvent | None:
        """Takes back an operator's event, by measure and event id; None where none counts."""
        ...

    async def mark(self, revision: int) -> None:
        """Notes the change, and that the register of this revision is stored."""
        ...


class RegisterStore(RegisterReader, Protocol):
    """Where the register is stored and read."""

    def recording(self) -> AbstractAsyncContextManager[RegisterTransaction]:
        """Opens the transaction in which the register is changed."""
        ...


async def record_shipped(store: RegisterStore, shipped: ShippedRegister, now: datetime) -> bool:
    """Brings the database's register to that of this program; whether anything changed.

    A database that a newer program brought further is left as it is. What operators added stays,
    whatever the shipped register says. Events that the first register brings have no time of
    storing of their own: they were not learned one by one.

    Raises:
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    async with store.recording() as recording:
        stored = await recording.stored()
        if stored.mark.revision > shipped.revision:
            logger.warning("register.newer_stored", extra={"revision": stored.mark.revision})
            return False
        gone, new = _differences(stored.measures, _measures_of(shipped), _text)
        known = [each for each in stored.events if each.origin == "shipped"]
        gone_events, new_events = _differences(known, _events_of(shipped), _act)
        if not (gone or new or gone_events or new_events):
            return False
        await recording.replace_measures([each.measure_id for each in gone], new, now)
        stored_at = now if stored.measures else None
        await recording.replace_events(gone_events, new_events, now, stored_at)
        await recording.mark(shipped.revision)
    logger.info("register.recorded", extra={"measures": len(new), "events": len(new_events)})
    return True


def _measures_of(shipped: ShippedRegister) -> list[StoredMeasure]:
    return [stored_measure(each) for each in shipped.measures]


def _events_of(shipped: ShippedRegister) -> list[StoredEvent]:
    return [
        stored_event(measure.id, event) for measure in shipped.measures for event in measure.events
    ]


def _text(measure: StoredMeasure) -> tuple[str, str]:
    return measure.measure_id, measure.digest


def _act(event: StoredEvent) -> tuple[str, str, str, datetime | None, datetime | None]:
    return (
        event.measure_id,
        event.event_id,
        event.digest,
        event.recorded_at,
        event.retracted_at,
    )


def _differences[T](
    known: Iterable[T], wanted: Iterable[T], sign: Callable[[T], object]
) -> tuple[list[T], list[T]]:
    """What is there and not wanted so, and what is wanted and not there so."""
    there, asked = {sign(each): each for each in known}, {sign(each): each for each in wanted}
    gone = [each for key, each in there.items() if key not in asked]
    return gone, [each for key, each in asked.items() if key not in there]
