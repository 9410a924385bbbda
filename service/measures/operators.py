"""Operators' events: added to a measure of the register, kept apart, taken back, never edited."""

import hashlib
import logging
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

import msgspec

from service.errors import (
    AlreadyRecordedError,
    BadInputError,
    NotFoundError,
    StoreUnavailableError,
)
from service.measures.current_board import CurrentBoard
from service.measures.event import Event, only_said
from service.measures.measure import OPERATOR_PREFIX, Measure
from service.measures.register.check import LONG, SHORT, event_findings, text_findings
from service.measures.stored import RegisterStore, RegisterTransaction, event_of, stored_event

logger = logging.getLogger(__name__)


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """An event to add to a measure; `entry` is what a refusal calls it among several."""

    measure_id: str
    event: Event
    entry: str | None = None


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
            BadInputError: The event contradicts itself, has no citation, or replaces none that an
                operator could take back; the field is named.
            AlreadyRecordedError: The very same event stands there already, counted or taken back.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        [recorded] = await self.add_all([Addition(measure_id=measure_id, event=event)], by)
        return recorded

    async def add_all(self, additions: Sequence[Addition], by: str) -> tuple[Event, ...]:
        """Adds events as `add` does, all or none, in the order given.

        Raises:
            BadInputError: One with an `entry` is refused, for whichever reason.
            NotFoundError, AlreadyRecordedError, StoreUnavailableError: As `add`.
        """
        _check_text("by", by, SHORT)
        at = self._now()
        checked = [self._checked(each, at, by) for each in additions]
        async with self._changing() as recording:
            for each in checked:
                with _named(each.entry):
                    await _add(recording, each, at, by)
        for each in checked:
            told = {"measure": each.measure_id, "event": each.event.id}
            logger.info("register.event_added", extra=told)
        return tuple(each.event for each in checked)

    async def retract(self, measure_id: str, event_id: str, by: str, because: str) -> Event:
        """Takes an operator's event back, and gives it as it now stands.

        Questions about what was known before this day still count it.

        Raises:
            NotFoundError: There is no such measure, or no such event of it that still counts.
            BadInputError: The event came with the program, or `by`, `because` or the id is no
                text that can be kept.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        for field, text, longest in (
            ("by", by, SHORT),
            ("because", because, LONG),
            ("event_id", event_id, SHORT),
        ):
            _check_text(field, text, longest)
        measure = self._boards.get().register.get(measure_id)
        _check_retractable(measure, event_id, "event_id")
        key = measure.id, event_id
        async with self._changing() as recording:
            taken_back = await recording.retract_operator_event(key, self._now(), by, because)
            if taken_back is None:
                raise NotFoundError("event", event_id)
        logger.info("register.event_retracted", extra={"measure": measure.id, "event": event_id})
        return event_of(taken_back)

    def _checked(self, given: Addition, at: datetime, by: str) -> Addition:
        """What is to be recorded, under the measure's own id."""
        said = msgspec.structs.replace(only_said(given.event), id="")
        with _named(given.entry):
            measure = self._boards.get().register.get(given.measure_id)
            for field, reason in event_findings("", said):
                raise BadInputError(field, reason)
            if said.citation is None:
                raise BadInputError("citation", "is missing: an event has the act that says so")
            if said.replaces is not None:
                _check_retractable(measure, said.replaces, "replaces")
        event = msgspec.structs.replace(
            said,
            id=_id_of(said),
            origin="operator",
            recorded_at=at,
            recorded_by=by,
            stored_at=at,
        )
        return Addition(measure_id=measure.id, event=event, entry=given.entry)

    @asynccontextmanager
    async def _changing(self) -> AsyncGenerator[RegisterTransaction]:
        """One change of the register, which this process takes in at once if it can."""
        async with self._store.recording() as recording:
            mark = await recording.lock()
            yield recording
            await recording.mark(mark.revision)
        try:
            await self._boards.catch_up(self._store)
        except StoreUnavailableError:
            logger.warning("register.not_caught_up")


@contextmanager
def _named(entry: str | None) -> Generator[None]:
    """A refusal of one entry among several says which one it is."""
    try:
        yield
    except (BadInputError, NotFoundError, AlreadyRecordedError) as error:
        if entry is None:
            raise
        raise BadInputError(entry, str(error)) from error


async def _add(recording: RegisterTransaction, given: Addition, at: datetime, by: str) -> None:
    measure_id, event = given.measure_id, given.event
    if not await recording.add_operator_event(stored_event(measure_id, event)):
        raise AlreadyRecordedError(measure_id, event.id)
    if event.replaces is not None:
        key, because = (measure_id, event.replaces), f"replaced by {event.id}"
        if await recording.retract_operator_event(key, at, by, because) is None:
            raise BadInputError("replaces", "is no event of your own that still counts")


def _check_text(field: str, text: str, longest: int) -> None:
    for each, reason in text_findings(field, text, longest):
        raise BadInputError(each, reason)


def _check_retractable(measure: Measure, event_id: str, field: str) -> None:
    shipped = {each.id for each in measure.events if each.origin == "shipped"}
    if any(each.id == event_id and each.retracted_at is not None for each in measure.events):
        raise BadInputError(field, "is taken back already")
    if event_id in shipped:
        reason = "comes with the program; add an event that says what holds instead"
        raise BadInputError(field, reason)


def _id_of(event: Event) -> str:
    """An id out of what the event says, so that the same one is not recorded twice."""
    text = msgspec.json.encode(event, order="sorted")
    day = event.effective_on or event.published_on or event.announced_on
    kind, digest = event.kind.replace("_", "-"), hashlib.sha256(text).hexdigest()[:8]
    return f"{OPERATOR_PREFIX}{kind}-{day or 'undated'}-{digest}"
