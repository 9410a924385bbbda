"""The register as a database keeps it, made of measures and turned into them again."""

import hashlib
import logging
from collections import defaultdict
from typing import Protocol

import msgspec

from service.flow.measure_stub import UNREADABLE, stub_of
from service.model.event import Event, only_said
from service.model.measure import Measure
from service.model.register import RegisterMark, StoredEvent, StoredMeasure, StoredRegister
from service.register.register import Register

logger = logging.getLogger(__name__)


class RegisterReader(Protocol):
    """Reads what the register is built from."""

    async def read_mark(self) -> RegisterMark:
        """Which register is stored."""
        ...

    async def read_register(self) -> StoredRegister:
        """The whole register, of one moment."""
        ...


def register_of(stored: StoredRegister) -> Register:
    """The register that a database holds: shipped measures with all their events.

    A measure or an event that a newer program stored and this one cannot read makes the measure's
    status `unknown`. An operator's event of a measure that is no longer shipped waits until it is.
    """
    events = defaultdict[str, list[Event]](list)
    for each in stored.events:
        events[each.measure_id].append(event_of(each))
    measures = (_measure_of(each) for each in stored.measures)
    return Register(
        msgspec.structs.replace(each, events=(*each.events, *events[each.id])) for each in measures
    )


def stored_measure(measure: Measure) -> StoredMeasure:
    """A measure as it is stored, without its events."""
    body = msgspec.json.encode(msgspec.structs.replace(measure, events=()))
    return StoredMeasure(measure_id=measure.id, body=body.decode(), digest=_digest(body))


def stored_event(measure_id: str, event: Event) -> StoredEvent:
    """An event as it is stored, its times beside what it says."""
    body = msgspec.json.encode(
        msgspec.structs.replace(only_said(event), retracted_because=event.retracted_because)
    )
    return StoredEvent(
        measure_id=measure_id,
        event_id=event.id,
        origin=event.origin,
        body=body.decode(),
        digest=_digest(body),
        recorded_at=event.recorded_at,
        recorded_by=event.recorded_by,
        retracted_at=event.retracted_at,
        stored_at=event.stored_at,
    )


def event_of(stored: StoredEvent) -> Event:
    """An event with its times, or one of no kind where this program cannot read it."""
    try:
        said = msgspec.json.decode(stored.body, type=Event)
    except msgspec.ValidationError:
        said = Event(id=stored.event_id, kind=UNREADABLE, day_state="not_recorded")
    return msgspec.structs.replace(
        said,
        origin="operator" if stored.origin == "operator" else "shipped",
        recorded_at=stored.recorded_at,
        recorded_by=stored.recorded_by,
        retracted_at=stored.retracted_at,
        retracted_because=stored.retracted_because or said.retracted_because,
        stored_at=stored.stored_at,
    )


def _measure_of(stored: StoredMeasure) -> Measure:
    try:
        return msgspec.json.decode(stored.body, type=Measure)
    except msgspec.ValidationError:
        logger.warning("register.measure_cannot_be_read", extra={"measure": stored.measure_id})
        return stub_of(stored)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
