"""The register as a database keeps it, made of measures and turned into them again."""

import hashlib
from collections import defaultdict
from typing import cast

import msgspec

from service.model.event import Event, EventKind
from service.model.measure import Measure
from service.model.register import StoredEvent, StoredMeasure, StoredRegister
from service.register.register import Register

# The kind of an event that this program cannot read. No table knows it, so that the status of its
# measure is unknown, which counts as restricted.
_UNREADABLE = cast("EventKind", cast("object", "unreadable"))


def register_of(stored: StoredRegister) -> Register:
    """The register that a database holds: shipped measures with all their events.

    An event that this program cannot read makes its measure's status `unknown`. An operator's
    event of a measure that is no longer shipped waits until it is.

    Raises:
        msgspec.ValidationError: A measure that a newer program stored cannot be read.
    """
    events = defaultdict[str, list[Event]](list)
    for each in stored.events:
        events[each.measure_id].append(_event_of(each))
    return Register(
        msgspec.structs.replace(
            msgspec.json.decode(each.body, type=Measure), events=tuple(events[each.measure_id])
        )
        for each in stored.measures
    )


def stored_measure(measure: Measure) -> StoredMeasure:
    """A measure as it is stored, without its events."""
    body = msgspec.json.encode(msgspec.structs.replace(measure, events=()))
    return StoredMeasure(measure_id=measure.id, body=body.decode(), digest=_digest(body))


def stored_event(measure_id: str, event: Event) -> StoredEvent:
    """An event as it is stored, its times beside what it says."""
    body = msgspec.json.encode(
        msgspec.structs.replace(
            event,
            origin="shipped",
            recorded_at=None,
            recorded_by=None,
            retracted_at=None,
            stored_at=None,
        )
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


def _event_of(stored: StoredEvent) -> Event:
    try:
        said = msgspec.json.decode(stored.body, type=Event)
    except msgspec.ValidationError:
        said = Event(id=stored.event_id, kind=_UNREADABLE, day_state="not_recorded")
    return msgspec.structs.replace(
        said,
        origin="operator" if stored.origin == "operator" else "shipped",
        recorded_at=stored.recorded_at,
        recorded_by=stored.recorded_by,
        retracted_at=stored.retracted_at,
        retracted_because=stored.retracted_because or said.retracted_because,
        stored_at=stored.stored_at,
    )


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
