"""The register as a database keeps it, and the bundles that make it anew.

Measures are turned into rows, and rows into measures. A bundle never takes anything back: its
ledger must extend what the database holds.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol, cast

import msgspec

from service.errors import BundleRefusedError
from service.lists.load import LoadReport
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
from service.measures.register.bundle import RegisterBundle
from service.measures.register.read import RETRACTED, LedgerLine, broken_promises, digest_of
from service.measures.register.register import Register
from service.measures.watch.places import with_confirmations
from service.measures.watch.reading import OpenDocument, PlaceState, WatchState

# --- Measures and rows.

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


# --- The arrival of a bundle: how fetching it ended, and making it the stored register.


type BundleOutcome = Literal["recorded", "unchanged", "refused", "unreachable"]
"""How fetching a bundle ended: the register is new, or the same, or stays as it was."""

# How far a bundle's time may lie ahead of this clock. A bundle from far ahead would keep every
# later one out.
MOST_AHEAD = timedelta(days=1)


class BundleFetch(msgspec.Struct, frozen=True, kw_only=True):
    """The last attempt to fetch a bundle.

    `failures` is the number of failed attempts in a row. `asked` is a digest of the address and
    the trusted keys; the validators `etag` and `last_modified` count for these alone. `refused_at`
    and `refused_because` are those of the last refusal, which later successes leave as they are;
    the database keeps them, so that they are not given when an attempt is stored.
    """

    tried_at: datetime
    failures: int
    outcome: BundleOutcome
    reason: str | None
    asked: str
    etag: str | None = None
    last_modified: str | None = None
    refused_at: datetime | None = None
    refused_because: str | None = None


class BundleReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of fetching a bundle, and of loading each list that it carries.

    `revision` and `made_at` are those of the bundle, None where none was accepted. `not_newer` are
    the codes of the sources of which it carries an edition no newer than the current one, which
    stays.
    """

    outcome: BundleOutcome
    reason: str | None = None
    revision: int | None = None
    made_at: datetime | None = None
    editions: tuple[LoadReport, ...] = ()
    not_newer: tuple[str, ...] = ()

    @property
    def is_failure(self) -> bool:
        """Whether the bundle, or an edition in it, was not taken up."""
        refused = any(each.outcome == "refused" for each in self.editions)
        return refused or self.outcome in {"refused", "unreachable"}


class RegisterState(msgspec.Struct, frozen=True, kw_only=True):
    """The register in force, how it is kept true, and the last attempt to fetch a newer one.

    `digest` is a SHA-256 of its measures and events. `made_at` is when the bundle was made that it
    came from, None for the program's own register. `watch` sums up the places where acts appear.
    """

    revision: int
    digest: str
    made_at: datetime | None
    last_fetch: BundleFetch | None
    watch: WatchState


async def record_bundle(store: RegisterStore, bundle: RegisterBundle, now: datetime) -> bool:
    """Make a bundle's register the stored one; return whether anything changed.

    Operators' events stay. Replicas are notified as of any change.

    Raises:
        BundleRefusedError: The bundle is older than the stored register, or does not extend it.
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    if bundle.made_at > now + MOST_AHEAD:
        raise BundleRefusedError("made_at", f"{bundle.made_at:%Y-%m-%d} has not come yet")
    async with store.recording() as recording:
        stored = await recording.stored()
        _refuse_older(bundle, stored.mark)
        held = [each for each in stored.events if each.origin == "shipped"]
        for measure, event, what in _broken(bundle.register, held):
            raise BundleRefusedError("register", f"measure {measure}: {event}: {what}")
        is_changed = await replace_shipped(recording, stored, bundle.register, now)
        if is_changed or stored.mark.made_at != bundle.made_at:
            await recording.mark(bundle.register.revision, bundle.made_at)
    return is_changed


def _refuse_older(bundle: RegisterBundle, mark: RegisterMark) -> None:
    revision = bundle.register.revision
    if revision < mark.revision:
        reason = f"{revision:,} is older than {mark.revision:,}, which is in force"
        raise BundleRefusedError("revision", reason)
    is_same = revision == mark.revision
    if is_same and mark.made_at is not None and bundle.made_at < mark.made_at:
        reason = f"{bundle.made_at.isoformat()} is older than the bundle in force"
        raise BundleRefusedError("made_at", reason)


def _broken(register: ShippedRegister, held: list[StoredEvent]) -> Iterator[tuple[str, str, str]]:
    """Yield what a register takes back: (measure, event, what is wrong)."""
    lines = [line for each in held for line in _lines_of(each)]
    yield from broken_promises(register.measures, lines)
    times = {
        (measure.id, event.id): event.recorded_at
        for measure in register.measures
        for event in measure.events
    }
    for each in held:
        key = each.measure_id, each.event_id
        if key not in times:
            yield *key, "was recorded, and is gone"
        elif times[key] != each.recorded_at:
            yield *key, "has another time of recording than before"


def _lines_of(stored: StoredEvent) -> Iterator[LedgerLine]:
    """Yield the lines of a ledger that a stored event stands for, without their times.

    What this program cannot read, a newer one stored, and only that one can compare it.
    """
    event = event_of(stored)
    if event.kind == UNREADABLE:
        return
    measure = stored.measure_id
    yield LedgerLine(measure=measure, event=event.id, recorded_at=None, digest=digest_of(event))
    if event.retracted_at is not None:
        yield LedgerLine(measure=measure, event=event.id, recorded_at=None, digest=RETRACTED)
