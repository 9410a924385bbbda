"""What operators add to the register: events, retractions and sign-offs."""

import hashlib
import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import (
    OPERATOR_PREFIX,
    Event,
    Measure,
    MeasureReview,
    without_record,
)
from abeyance_screening.engine.measures.register.check import (
    LONG,
    SHORT,
    event_findings,
    text_findings,
)
from abeyance_screening.engine.measures.register_rows import (
    event_of,
    stored_event,
)
from abeyance_screening.engine.measures.sign_offs import record_digest
from abeyance_screening.platform.stores.register import (
    DatabaseRegister,
    Recording,
    register_change,
)
from abeyance_screening.primitives.errors import AlreadyRecordedError, BadInputError, NotFoundError

# --- What operators add to the register: events, retracted where wrong, and sign-offs of a reader.

logger = logging.getLogger(__name__)


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """An event to add to a measure; `entry` names it in an error about one of several."""

    measure_id: str
    event: Event
    entry: str | None = None


class Operators:
    """The service that adds operators' events to the stored register and retracts them."""

    def __init__(
        self, store: DatabaseRegister, boards: CurrentBoard, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._boards = boards
        self._now = now

    async def add(self, measure_id: str, event: Event, by: str) -> Event:
        """Add an event to a measure, and return the event as it was recorded.

        The id, times and origin of the given event are ignored. If it `replaces` an operator's
        event, that one is retracted. This process counts the new event from then on.

        Raises:
            NotFoundError: No measure has that id.
            BadInputError: The event contradicts itself, has no citation, or replaces an event
                that an operator cannot retract; the field is named.
            AlreadyRecordedError: The same event is recorded already, counted or retracted.
        """
        [recorded] = await self.add_all([Addition(measure_id=measure_id, event=event)], by)
        return recorded

    async def add_all(self, additions: Sequence[Addition], by: str) -> tuple[Event, ...]:
        """Add several events, all or none, and return them as recorded, in the order given.

        Each is checked and recorded as by `add`.

        Raises:
            BadInputError: An event is refused. If it has an `entry`, that is the field named,
                whatever the reason.
            NotFoundError: No measure has the id of an event without an `entry`.
            AlreadyRecordedError: An event without an `entry` is recorded already.
        """
        _check_text("by", by, SHORT)
        at = self._now()
        checked = [self._checked(each, at, by) for each in additions]
        async with register_change(self._store, self._boards) as recording:
            for each in checked:
                with _named(each.entry):
                    await _add(recording, each, at, by)
        for each in checked:
            fields = {"measure": each.measure_id, "event": each.event.id}
            logger.info("register.event_added", extra=fields)
        return tuple(each.event for each in checked)

    async def retract(self, measure_id: str, event_id: str, by: str, because: str) -> Event:
        """Retract an operator's event, and return the retracted event.

        Questions about what was known before this day still count the event.

        Raises:
            NotFoundError: There is no such measure, or the measure has no such event that still
                counts.
            BadInputError: The event came with the program, or `by`, `because` or the id cannot be
                stored: too long, blank or with a control character.
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
        async with register_change(self._store, self._boards) as recording:
            taken_back = await recording.retract_operator_event(key, self._now(), by, because)
            if taken_back is None:
                raise NotFoundError("event", event_id)
        logger.info("register.event_retracted", extra={"measure": measure.id, "event": event_id})
        return event_of(taken_back)

    async def sign(
        self, measure_id: str, by: str, note: str | None, recorded_by: str
    ) -> MeasureReview:
        """Record that somebody has read a measure's record, as it is now, against its act.

        Earlier sign-offs stay on record; the newest counts.

        Raises:
            NotFoundError: No measure has that id.
            BadInputError: `by` or `note` cannot be stored: too long, blank or with a control
                character.
        """
        for field, text, longest in (("by", by, SHORT), ("note", note, LONG)):
            if text is not None:
                _check_text(field, text, longest)
        measure, at = self._boards.get().register.get(measure_id), self._now()
        review = MeasureReview(
            measure_id=measure.id,
            digest=record_digest(measure),
            reviewed_by=by,
            reviewed_on=at.astimezone(UTC).date(),
            note=note,
            recorded_by=recorded_by,
            recorded_at=at,
        )
        async with register_change(self._store, self._boards) as recording:
            await recording.add_review(review)
        logger.info("register.measure_signed", extra={"measure": measure.id})
        return review

    def _checked(self, given: Addition, at: datetime, by: str) -> Addition:
        """Return the event to record, with its new id, under the measure's own id."""
        event = msgspec.structs.replace(without_record(given.event), id="")
        with _named(given.entry):
            measure = self._boards.get().register.get(given.measure_id)
            for field, reason in event_findings("", event):
                raise BadInputError(field, reason)
            if event.citation is None:
                raise BadInputError("citation", "is missing: name the act that the event rests on")
            if event.replaces is not None:
                _check_retractable(measure, event.replaces, "replaces")
        recorded = msgspec.structs.replace(
            event,
            id=_id_of(event),
            origin="operator",
            recorded_at=at,
            recorded_by=by,
            stored_at=at,
        )
        return Addition(measure_id=measure.id, event=recorded, entry=given.entry)


@contextmanager
def _named(entry: str | None) -> Generator[None]:
    """Make an error about one entry of several name that entry."""
    try:
        yield
    except (BadInputError, NotFoundError, AlreadyRecordedError) as error:
        if entry is None:
            raise
        raise BadInputError(entry, str(error)) from error


async def _add(recording: Recording, given: Addition, at: datetime, by: str) -> None:
    measure_id, event = given.measure_id, given.event
    if not await recording.add_operator_event(stored_event(measure_id, event)):
        raise AlreadyRecordedError(measure_id, event.id)
    if event.replaces is not None:
        key, because = (measure_id, event.replaces), f"replaced by {event.id}"
        if await recording.retract_operator_event(key, at, by, because) is None:
            raise BadInputError("replaces", "is not one of your own events that still count")


def _check_text(field: str, text: str, longest: int) -> None:
    for each, reason in text_findings(field, text, longest):
        raise BadInputError(each, reason)


def _check_retractable(measure: Measure, event_id: str, field: str) -> None:
    shipped = {each.id for each in measure.events if each.origin == "shipped"}
    if any(each.id == event_id and each.retracted_at is not None for each in measure.events):
        raise BadInputError(field, "is retracted already")
    if event_id in shipped:
        reason = "comes with the program; add an event that says what holds instead"
        raise BadInputError(field, reason)


def _id_of(event: Event) -> str:
    """Return an id made from the event's content, so that the same event is not recorded twice."""
    text = msgspec.json.encode(event, order="sorted")
    day = event.effective_on or event.published_on or event.announced_on
    kind, digest = event.kind.replace("_", "-"), hashlib.sha256(text).hexdigest()[:8]
    return f"{OPERATOR_PREFIX}{kind}-{day or 'undated'}-{digest}"
