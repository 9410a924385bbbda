"""What people add to the register: events, retractions, sign-offs of a reader, confirmations."""

import hashlib
import logging
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import NoReturn

import msgspec

from service.errors import (
    AlreadyRecordedError,
    BadInputError,
    NotFoundError,
)
from service.measures.board import CurrentBoard, register_change
from service.measures.measure import (
    OPERATOR_PREFIX,
    Event,
    Measure,
    MeasureReview,
    PlaceConfirmation,
    without_record,
)
from service.measures.register.check import LONG, SHORT, event_findings, text_findings
from service.measures.register.register import Register
from service.measures.stored import (
    RegisterStore,
    RegisterTransaction,
    event_of,
    stored_event,
    stored_measure,
)
from service.measures.watch.places import Place, deciding, place_of, places
from service.measures.watch.reading import PlaceState, day_there

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
        self, store: RegisterStore, boards: CurrentBoard, now: Callable[[], datetime]
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
            StoreUnavailableError: The database does not answer; nothing was stored.
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
            StoreUnavailableError: The database does not answer; nothing was stored.
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
            StoreUnavailableError: The database does not answer; nothing was stored.
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


class SignOff(msgspec.Struct, frozen=True, kw_only=True):
    """The newest sign-off of a measure.

    `is_current` False: the record of the measure has changed since, so that it needs a reader
    again. A later day up to which sources were read is no such change.
    """

    by: str
    on: date
    note: str | None
    is_current: bool


def record_digest(measure: Measure) -> str:
    """Return a digest of what a reader signs off: the measure and its events, not when checked."""
    read = stored_measure(msgspec.structs.replace(measure, checked_until=None)).digest
    events = sorted(
        f"{each.id} {stored_event(measure.id, each).digest}" for each in measure.events
    )
    return hashlib.sha256("\n".join((read, *events)).encode()).hexdigest()


def sign_off_of(register: Register, measure_id: str) -> SignOff | None:
    """Return the newest sign-off of a measure; None where nobody has signed it.

    Raises:
        NotFoundError: No measure has that id.
    """
    measure = register.get(measure_id)
    review = register.reviews.get(measure.id)
    if review is None:
        return None
    return SignOff(
        by=review.reviewed_by,
        on=review.reviewed_on,
        note=review.note,
        is_current=review.digest == record_digest(measure),
    )


@contextmanager
def _named(entry: str | None) -> Generator[None]:
    """Make an error about one entry of several name that entry."""
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


# --- Confirmations: a person's word that the places where acts appear were read until a day.
#
# A confirmation is the only thing that moves `checked_until` of the measures that a place decides.
# It adds no event and changes no status but how sure it is.

_FIRST = date(1900, 1, 1)


class ConfirmationDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of one place.

    `until` None: the day of the last look that could read it. `read_up_to` is the highest number
    of its open documents that the person has read; whatever these change is in the register.
    """

    place: str
    until: date | None = None
    read_up_to: int | None = None


class ConfirmedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place as confirmed.

    `moved` are the ids of the measures that are now checked until a later day, ordered by id.
    `waiting_for` are the other places that decide some of its measures and that nobody has
    confirmed until this day, ordered by id.
    """

    place: str
    until: date
    confirmed_at: datetime
    confirmed_by: str
    moved: tuple[str, ...]
    waiting_for: tuple[str, ...]


class UnconfirmedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place that could not be confirmed with the others, and the reason."""

    place: str
    reason: str


class AllConfirmed(msgspec.Struct, frozen=True, kw_only=True):
    """The result of confirming all places: those that were, and those left to a person."""

    confirmed: tuple[ConfirmedPlace, ...]
    left: tuple[UnconfirmedPlace, ...]


class Confirmations:
    """The service that records confirmations; they are never edited, a newer one counts."""

    def __init__(
        self, store: RegisterStore, boards: CurrentBoard, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._boards = boards
        self._now = now

    async def confirm(self, draft: ConfirmationDraft, by: str) -> ConfirmedPlace:
        """Confirm one place, and return what that moved.

        Raises:
            NotFoundError: No place has that id.
            BadInputError: The place was never read and no day is given, the day is in the future
                or before 1900, or the place has open documents beyond `read_up_to`.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        place = place_of(draft.place)
        at = _checked(by, self._now())
        before = self._days()
        async with register_change(self._store, self._boards) as recording:
            state = (await recording.place_states()).get(place.id) or PlaceState(place=place.id)
            until = _until(place, state, draft.until, at)
            await _refuse_unread(recording, place, draft.read_up_to)
            given = PlaceConfirmation(
                place=place.id, until=until, confirmed_at=at, confirmed_by=by
            )
            await recording.add_confirmation(given, draft.read_up_to)
            states = await recording.place_states()
        return self._confirmed(given, before, states)

    async def confirm_all(self, by: str, until: date | None = None) -> AllConfirmed:
        """Confirm every place that could be read at the last look and has nothing open.

        Raises:
            BadInputError: The day is in the future or before 1900, or `by` cannot be stored.
            StoreUnavailableError: The database does not answer; nothing was stored.
        """
        at = _checked(by, self._now())
        before = self._days()
        given: list[PlaceConfirmation] = []
        left: list[UnconfirmedPlace] = []
        async with register_change(self._store, self._boards) as recording:
            known = await recording.place_states()
            for place in places():
                state = known.get(place.id) or PlaceState(place=place.id)
                reason = _reason_against(place, state, until)
                if reason is not None:
                    left.append(UnconfirmedPlace(place=place.id, reason=reason))
                    continue
                day = _until(place, state, until, at)
                each = PlaceConfirmation(
                    place=place.id, until=day, confirmed_at=at, confirmed_by=by
                )
                await recording.add_confirmation(each, None)
                given.append(each)
            states = await recording.place_states()
        confirmed = tuple(self._confirmed(each, before, states) for each in given)
        return AllConfirmed(confirmed=confirmed, left=tuple(left))

    def _days(self) -> dict[str, date | None]:
        measures = self._boards.get().register.measures
        return {each.id: each.checked_until for each in measures}

    def _confirmed(
        self,
        given: PlaceConfirmation,
        before: dict[str, date | None],
        states: dict[str, PlaceState],
    ) -> ConfirmedPlace:
        decided = [
            each
            for each in self._boards.get().register.measures
            if each.authority in place_of(given.place).decides
        ]
        authorities = {each.authority for each in decided}
        fields: dict[str, object] = {"place": given.place, "until": given.until.isoformat()}
        logger.info("register.place_confirmed", extra=fields)
        return ConfirmedPlace(
            place=given.place,
            until=given.until,
            confirmed_at=given.confirmed_at,
            confirmed_by=given.confirmed_by,
            moved=tuple(e.id for e in decided if e.checked_until != before.get(e.id)),
            waiting_for=_behind(authorities, given, states),
        )


def _checked(by: str, at: datetime) -> datetime:
    for field, reason in text_findings("by", by, SHORT):
        raise BadInputError(field, reason)
    return at


def _until(place: Place, state: PlaceState, until: date | None, at: datetime) -> date:
    today = day_there(place, at)
    if until is None:
        if state.read_at is None:
            reason = f"{place.id} was never read; read {place.home} and give the day"
            raise BadInputError("until", reason)
        return min(day_there(place, state.read_at), today)
    if not _FIRST <= until <= today:
        reason = f"{until} is not between {_FIRST} and today ({today} at {place.id})"
        raise BadInputError("until", reason)
    return until


async def _refuse_unread(
    recording: RegisterTransaction, place: Place, read_up_to: int | None
) -> None:
    listed = await recording.open_documents([place.id])
    unread = [each for each in listed if read_up_to is None or each.id > read_up_to]
    if unread:
        first, count = unread[0], len(unread)
        _refuse_place(
            f"{place.id} has {count} new {'document' if count == 1 else 'documents'} that nobody "
            f"has read, the first {first.title!r} ({first.url}); once what they change is in the "
            f"register, confirm with the number of the last one read: {unread[-1].id}"
        )
    if read_up_to is not None and not listed:
        _refuse_place(f"{place.id} has no new document, so none was read")


def _refuse_place(reason: str) -> NoReturn:
    raise BadInputError("read_up_to", reason)


def _reason_against(place: Place, state: PlaceState, until: date | None) -> str | None:
    """Return why a place is left out of a confirmation of all; None where it is not."""
    if state.read_at is None:
        return f"it was never read; read {place.home} and confirm it with --until"
    if state.open:
        return f"{state.open} new documents are still to be read"
    if state.outcome == "failed":
        return f"it could not be read at the last look: {state.reason}"
    read_on = day_there(place, state.read_at)
    if until is not None and until > read_on:
        return f"it was last read on {read_on}"
    return None


def _behind(
    authorities: Collection[str], given: PlaceConfirmation, states: dict[str, PlaceState]
) -> tuple[str, ...]:
    others: Sequence[str] = [
        each.id for name in authorities for each in deciding(name) if each.id != given.place
    ]
    days = {each: state.until for each, state in states.items()}
    behind = {each for each in others if (days.get(each) or date.min) < given.until}
    return tuple(sorted(behind))
