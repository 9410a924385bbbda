"""The register as a database keeps it: measures turned into rows, and rows into measures."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Protocol, cast

import msgspec

from abeyance_screening.engine.measures.measure import (
    Attachment,
    Event,
    EventKind,
    Measure,
    RegisterMark,
    StoredEvent,
    StoredMeasure,
    StoredRegister,
    without_record,
)
from abeyance_screening.engine.measures.places import with_confirmations
from abeyance_screening.engine.measures.register.register import Register

UNREADABLE = cast("EventKind", cast("object", "unreadable"))
"""The kind of an event that this program cannot read.

No table of kinds contains it, so the status of its measure is `unknown`, which counts as
restricted.
"""

_BEYOND_US = "it meets a condition that this program is too old to read"
_WHY = Event(
    id="measure-cannot-be-read",
    kind=UNREADABLE,
    day_state="not_recorded",
    note="A newer program stored this measure, and this one cannot read all of it.",
)

logger = logging.getLogger(__name__)


class RegisterReader(Protocol):
    """A database from which the register is read."""

    async def read_mark(self) -> RegisterMark:
        """Return the mark of the stored register."""
        ...

    async def read_register(self) -> StoredRegister:
        """Return the whole stored register as of one moment."""
        ...


def register_of(stored: StoredRegister) -> Register:
    """Build the register from its rows: the shipped measures with all their events.

    A measure or an event that a newer program stored and this one cannot read makes the measure's
    status `unknown`. An operator's event for a measure that is no longer shipped is left out
    until the measure is shipped again. Confirmations move `checked_until`.
    """
    events = defaultdict[str, list[Event]](list)
    for each in stored.events:
        events[each.measure_id].append(event_of(each))
    measures = with_confirmations(map(_measure_of, stored.measures), stored.confirmations)
    return Register(
        (
            msgspec.structs.replace(each, events=(*each.events, *events[each.id]))
            for each in measures
        ),
        stored.reviews,
    )


def stub_of(stored: StoredMeasure) -> Measure:
    """Return a measure with the fields that can be read, and an event that makes it `unknown`.

    The measure attaches to every listing it attached to, or to more where a field that narrows
    it cannot be read. Whether the measure applies to goods, places or uses that cannot be read
    stays an open question.
    """
    fields = _fields(cast("object", msgspec.json.decode(stored.body)))
    read = {
        "title": stored.measure_id,
        "authority": "",
        "jurisdiction": "",
        "kind": "",
        "citation": "",
        "effect": [{"kind": "unknown"}],
        "attaches_by": [],
        "confidence": "general_knowledge",
        **_readable(Measure, fields),
        "id": stored.measure_id,
        "events": [],
        "attaches": list(_attachments(fields.get("attaches"))),
    }
    if "reaches" in fields and "reaches" not in read:
        read["reaches"] = [{"beyond": _BEYOND_US}]
    return msgspec.structs.replace(msgspec.convert(read, Measure), events=(_WHY,))


def stored_measure(measure: Measure) -> StoredMeasure:
    """Return the row of a measure, without its events."""
    body = msgspec.json.encode(msgspec.structs.replace(measure, events=()))
    return StoredMeasure(measure_id=measure.id, body=body.decode(), digest=_digest(body))


def stored_event(measure_id: str, event: Event) -> StoredEvent:
    """Return the row of an event: its statement as JSON, and its times in separate fields."""
    body = msgspec.json.encode(
        msgspec.structs.replace(without_record(event), retracted_because=event.retracted_because)
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
    """Return the event of a row with its times, of kind `UNREADABLE` if it cannot be read."""
    try:
        event = msgspec.json.decode(stored.body, type=Event)
    except msgspec.ValidationError:
        event = Event(id=stored.event_id, kind=UNREADABLE, day_state="not_recorded")
    return msgspec.structs.replace(
        event,
        origin="operator" if stored.origin == "operator" else "shipped",
        recorded_at=stored.recorded_at,
        recorded_by=stored.recorded_by,
        retracted_at=stored.retracted_at,
        retracted_because=stored.retracted_because or event.retracted_because,
        stored_at=stored.stored_at,
    )


def _measure_of(stored: StoredMeasure) -> Measure:
    try:
        return msgspec.json.decode(stored.body, type=Measure)
    except msgspec.ValidationError:
        logger.warning("register.measure_cannot_be_read", extra={"measure": stored.measure_id})
        return stub_of(stored)


def _fields(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _readable(struct: type[msgspec.Struct], fields: Mapping[str, object]) -> dict[str, object]:
    """Return those of the fields that the struct has and whose values have its types."""
    return {
        field.name: fields[field.name]
        for field in msgspec.structs.fields(struct)
        if field.name in fields and _can_be(fields[field.name], cast("type", field.type))
    }


def _can_be(value: object, wanted: type) -> bool:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        return False
    return True


def _attachments(value: object) -> Iterator[Mapping[str, object]]:
    for each in cast("list[object]", value) if isinstance(value, list) else ():
        read = _readable(Attachment, _fields(each))
        if "list_code" in read:
            yield read


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
