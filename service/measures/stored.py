"""The register as a database keeps it: measures turned into rows, and rows into measures."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, cast

import msgspec

from service.measures.measure import (
    Attachment,
    Event,
    EventKind,
    Measure,
    MeasureReview,
    PlaceConfirmation,
    RegisterMark,
    ShippedRegister,
    StoredEvent,
    StoredMeasure,
    StoredRegister,
    without_record,
)
from service.measures.register.register import Register
from service.measures.watch.places import with_confirmations
from service.measures.watch.reading import OpenDocument, PlaceState

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


class RegisterTransaction(Protocol):
    """One transaction that changes the register; see `store.register.Recording`."""

    async def lock(self) -> RegisterMark:
        """Lock the register until the transaction ends, and return its mark."""
        ...

    async def stored(self) -> StoredRegister:
        """Lock the register until the transaction ends, and return its current rows."""
        ...

    async def replace_measures(
        self, gone: list[str], new: list[StoredMeasure], at: datetime
    ) -> None:
        """End the current rows of the measures with the ids `gone`, and store the rows `new`."""
        ...

    async def replace_events(
        self,
        gone: list[StoredEvent],
        new: list[StoredEvent],
        at: datetime,
        stored_at: datetime | None,
    ) -> None:
        """End the current rows of the shipped events `gone`, and store the rows `new`."""
        ...

    async def add_operator_event(self, event: StoredEvent) -> bool:
        """Store an operator's event; return False where the same event is stored already."""
        ...

    async def add_review(self, review: MeasureReview) -> None:
        """Store a sign-off of a measure."""
        ...

    async def retract_operator_event(
        self, event: tuple[str, str], at: datetime, by: str, because: str
    ) -> StoredEvent | None:
        """Retract an operator's event, named by measure id and event id.

        Return the retracted row, or None where no such event still counts.
        """
        ...

    async def place_states(self) -> dict[str, PlaceState]:
        """Return the state of each place that was looked at or confirmed, by its id."""
        ...

    async def open_documents(self, place_ids: Sequence[str]) -> tuple[OpenDocument, ...]:
        """Return the documents of these places that no person has read yet, oldest first."""
        ...

    async def add_confirmation(
        self, confirmation: PlaceConfirmation, read_up_to: int | None
    ) -> None:
        """Store a confirmation; documents of the place up to the id `read_up_to` were read."""
        ...

    async def mark(self, revision: int, made_at: datetime | None) -> None:
        """Count the change, and note the revision of the stored register.

        `made_at` is when the bundle was made that it came from, None for a program's register.
        """
        ...


class RegisterStore(RegisterReader, Protocol):
    """A database in which the register is stored and from which it is read."""

    def recording(self) -> AbstractAsyncContextManager[RegisterTransaction]:
        """Open a transaction that changes the register."""
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
