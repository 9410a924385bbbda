"""Operators' events: added to a measure of the register, kept apart, taken back, never edited."""

import hashlib
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from service.flow.current_board import CurrentBoard
from service.flow.record import RegisterStore, RegisterTransaction
from service.flow.stored_register import stored_event
from service.model.errors import AlreadyRecordedError, BadInputError, NotFoundError
from service.model.event import Event
from service.model.measure import Measure
from service.model.register import OPERATOR_PREFIX
from service.register.event_rules import event_findings

logger = logging.getLogger(__name__)


class Operators:
    """Adds operators' events to the stored register, and takes them back."""

    def __init__(
        self, store: RegisterStore, boards: CurrentBoard, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._boards = boards
        self._now = now

    async def add(self, measure_id: str, event: Event, by: str) -> Event:
        """Adds an event to a measure, and gives it as it was recorded.

        The id, times and origin of what is given are not looked at. Where it `replaces` an
        operator's event, that one is taken back. Whatever is asked of this process afterwards
        counts it.

        Raises:
            NotFoundError: No measure has that id.
            BadInputError: The event contradicts itself, or replaces none that an operator could
                take back; the field is named.
            AlreadyRecordedError: The very same event stands there already, counted or taken back.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        measure, now = self._boards.get().register.get(measure_id), self._now()
        recorded = msgspec.structs.replace(
            event,
            id=_id_of(event),
            origin="operator",
            recorded_at=now,
            recorded_by=by,
            retracted_at=None,
            stored_at=now,
        )
        for field, reason in event_findings("", recorded):
            raise BadInputError(field, reason)
        if event.replaces is not None:
            _check_retractable(measure, event.replaces, "replaces")
        async with self._changing() as recording:
            if not await recording.add_operator_event(stored_event(measure.id, recorded)):
                raise AlreadyRecordedError(measure.id, recorded.id)
            if event.replaces is not None:
                because = f"replaced by {recorded.id}"
                await _retract(recording, (measure.id, event.replaces), now, by, because)
        logger.info("register.event_added", extra={"measure": measure.id, "event": recorded.id})
        return recorded

    async def retract(self, measure_id: str, event_id: str, by: str, because: str) -> Event:
        """Takes an operator's event back, and gives it as it now stands.

        Questions about what was known before this day still count it.

        Raises:
            NotFoundError: There is no such measure, or no such event of it that still counts.
            BadInputError: The event came with the program.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        measure, now = self._boards.get().register.get(measure_id), self._now()
        _check_retractable(measure, event_id, "event_id")
        async with self._changing() as recording:
            await _retract(recording, (measure.id, event_id), now, by, because)
        logger.info("register.event_retracted", extra={"measure": measure.id, "event": event_id})
        events = self._boards.get().register.get(measure_id).events
        return next(each for each in events if each.id == event_id)

    @asynccontextmanager
    async def _changing(self) -> AsyncGenerator[RegisterTransaction]:
        """One change of the register, which this process takes in at once."""
        async with self._store.recording() as recording:
            stored = await recording.stored()
            yield recording
            await recording.mark(stored.mark.revision)
        await self._boards.catch_up(self._store)


def _check_retractable(measure: Measure, event_id: str, field: str) -> None:
    shipped = {each.id for each in measure.events if each.origin == "shipped"}
    if event_id in shipped:
        reason = "comes with the program; add an event that says what holds instead"
        raise BadInputError(field, reason)


async def _retract(
    recording: RegisterTransaction, event: tuple[str, str], at: datetime, by: str, because: str
) -> None:
    if not await recording.retract_operator_event(event, at, by, because):
        raise NotFoundError("event", event[1])


def _id_of(event: Event) -> str:
    """An id out of what the event says, so that the same one is not recorded twice."""
    text = msgspec.json.encode(msgspec.structs.replace(event, id=""), order="sorted")
    day = event.effective_on or event.published_on or event.announced_on
    kind, digest = event.kind.replace("_", "-"), hashlib.sha256(text).hexdigest()[:8]
    return f"{OPERATOR_PREFIX}{kind}-{day or 'undated'}-{digest}"
