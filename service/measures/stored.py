"""The register as a database keeps it, made of measures and turned into them again."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, cast

import msgspec

from service.measures.event import Event, EventKind, only_said
from service.measures.measure import (
    Attachment,
    Measure,
    RegisterMark,
    ShippedRegister,
    StoredEvent,
    StoredMeasure,
    StoredRegister,
)
from service.measures.register.register import Register

# --- What can still be told of a stored measure that this program is too old to read whole.

UNREADABLE = cast("EventKind", cast("object", "unreadable"))
"""The kind of an event that this program cannot read.

No table knows it, so that the status of its measure is `unknown`, which counts as restricted.
"""

_BEYOND_US = "it meets what this program is too old to read"
_WHY = Event(
    id="measure-cannot-be-read",
    kind=UNREADABLE,
    day_state="not_recorded",
    note="A newer program stored this measure, and this one cannot read all of it.",
)


def stub_of(stored: StoredMeasure) -> Measure:
    """The measure with whatever of it can be read, and an event that makes its status unknown.

    It is behind every listing it was behind, or behind more where what narrows it cannot be read.
    What it reaches besides stays an open question.
    """
    said = _fields(cast("object", msgspec.json.decode(stored.body)))
    read = {
        "title": stored.measure_id,
        "authority": "",
        "jurisdiction": "",
        "kind": "",
        "citation": "",
        "effect": [{"kind": "unknown"}],
        "attaches_by": [],
        "confidence": "general_knowledge",
        **_readable(Measure, said),
        "id": stored.measure_id,
        "events": [],
        "attaches": list(_attachments(said.get("attaches"))),
    }
    if "reaches" in said and "reaches" not in read:
        read["reaches"] = [{"beyond": _BEYOND_US}]
    return msgspec.structs.replace(msgspec.convert(read, Measure), events=(_WHY,))


def _attachments(said: object) -> Iterator[Mapping[str, object]]:
    for each in cast("list[object]", said) if isinstance(said, list) else ():
        read = _readable(Attachment, _fields(each))
        if "list_code" in read:
            yield read


def _readable(struct: type[msgspec.Struct], said: Mapping[str, object]) -> dict[str, object]:
    """Those of the fields that a struct has and that can be read as it has them."""
    return {
        field.name: said[field.name]
        for field in msgspec.structs.fields(struct)
        if field.name in said and _can_be(said[field.name], cast("type", field.type))
    }


def _can_be(value: object, wanted: type) -> bool:
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError:
        return False
    return True


def _fields(said: object) -> Mapping[str, object]:
    return cast("dict[str, object]", said) if isinstance(said, dict) else {}


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


# --- Record: bring the register that comes with the program into the database.


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
