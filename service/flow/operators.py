"""Operators' events: added to a measure of the register, kept apart, taken back, never edited."""

import hashlib
import logging
from datetime import datetime

import msgspec

from service.flow.record import RegisterStore
from service.flow.stored_register import stored_event
from service.model.errors import AlreadyRecordedError, BadInputError, NotFoundError
from service.model.measure import Event
from service.model.register import OPERATOR_PREFIX, OperatorEvent
from service.register.event_rules import event_findings
from service.register.register import Register

logger = logging.getLogger(__name__)


async def record_operator_event(
    store: RegisterStore, register: Register, given: OperatorEvent, now: datetime
) -> Event:
    """Adds an operator's event to a measure, and gives it as it was recorded.

    Raises:
        NotFoundError: No measure has that id.
        BadInputError: The event contradicts itself; the field is named.
        AlreadyRecordedError: The very same event stands there already.
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    measure = register.get(given.measure_id)
    event = msgspec.structs.replace(
        given.event,
        id=_id_of(given.event),
        origin="operator",
        recorded_at=now,
        recorded_by=given.recorded_by,
        retracted_at=None,
        stored_at=now,
    )
    for field, reason in event_findings("", event):
        raise BadInputError(field, reason)
    async with store.recording() as recording:
        stored = await recording.stored()
        if not await recording.add_operator_event(stored_event(measure.id, event)):
            raise AlreadyRecordedError(measure.id, event.id)
        await recording.mark(stored.mark.revision)
    logger.info("register.event_added", extra={"measure": measure.id, "event": event.id})
    return event


async def retract_operator_event(
    store: RegisterStore, event: tuple[str, str], now: datetime, by: str, because: str
) -> None:
    """Takes an operator's event, named by measure and event id, back.

    Questions about what was known before this day still count it.

    Raises:
        NotFoundError: There is no such event of an operator that still counts.
        StoreUnavailableError: The database does not answer; nothing was stored.
    """
    async with store.recording() as recording:
        stored = await recording.stored()
        if not await recording.retract_operator_event(event, now, by, because):
            raise NotFoundError("event", event[1])
        await recording.mark(stored.mark.revision)
    logger.info("register.event_retracted", extra={"measure": event[0], "event": event[1]})


def _id_of(event: Event) -> str:
    """An id out of what the event says, so that the same one is not recorded twice."""
    text = msgspec.json.encode(msgspec.structs.replace(event, id=""), order="sorted")
    day = event.effective_on or event.published_on or event.announced_on
    kind, digest = event.kind.replace("_", "-"), hashlib.sha256(text).hexdigest()[:8]
    return f"{OPERATOR_PREFIX}{kind}-{day or 'undated'}-{digest}"
