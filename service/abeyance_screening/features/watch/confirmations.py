"""Confirmations that a place where acts appear was read up to a day."""

import logging
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import NoReturn

import msgspec

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import PlaceConfirmation
from abeyance_screening.engine.measures.place_state import OpenDocument, PlaceState, day_there
from abeyance_screening.engine.measures.places import Place, deciding, place_of, places
from abeyance_screening.engine.measures.register.check import SHORT, text_findings
from abeyance_screening.platform.local_data import register_at
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.stores.places import (
    add_confirmation,
    open_documents,
    place_states,
)
from abeyance_screening.platform.stores.register import (
    DatabaseRegister,
    Recording,
    register_change,
)
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.structs import copy_as

logger = logging.getLogger(__name__)

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
    """A place as confirmed."""

    place: str
    """Id of the place."""
    until: date
    """The last day read."""
    confirmed_at: datetime
    """When that was recorded, in UTC."""
    confirmed_by: str
    """The operator who confirmed it."""
    moved: tuple[str, ...]
    """Ids of the measures that are now checked until a later day, in order."""
    waiting_for: tuple[str, ...]
    """Ids of the other places that decide some of its measures and that nobody has confirmed until
    this day."""


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
        self, store: DatabaseRegister, boards: CurrentBoard, now: Callable[[], datetime]
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
        """
        place = place_of(draft.place)
        at = _checked(by, self._now())
        before = self._days()
        async with register_change(self._store, self._boards) as recording:
            state = (await place_states(recording.connection)).get(place.id) or PlaceState(
                place=place.id
            )
            until = _until(place, state, draft.until, at)
            await _refuse_unread(recording, place, draft.read_up_to)
            given = PlaceConfirmation(
                place=place.id, until=until, confirmed_at=at, confirmed_by=by
            )
            await add_confirmation(recording.connection, given, draft.read_up_to)
            states = await place_states(recording.connection)
        return self._confirmed(given, before, states)

    async def confirm_all(self, by: str, until: date | None = None) -> AllConfirmed:
        """Confirm every place that could be read at the last look and has nothing open.

        Raises:
            BadInputError: The day is in the future or before 1900, or `by` cannot be stored.
        """
        at = _checked(by, self._now())
        before = self._days()
        given: list[PlaceConfirmation] = []
        left: list[UnconfirmedPlace] = []
        async with register_change(self._store, self._boards) as recording:
            known = await place_states(recording.connection)
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
                await add_confirmation(recording.connection, each, None)
                given.append(each)
            states = await place_states(recording.connection)
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
        return copy_as(
            ConfirmedPlace,
            given,
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


async def _refuse_unread(recording: Recording, place: Place, read_up_to: int | None) -> None:
    listed = await open_documents(recording.connection, [place.id])
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


@asynccontextmanager
async def local_confirmations(dsn: str) -> AsyncGenerator[Confirmations]:
    """Yield the confirmations of a database, without an operator's key.

    A user with access to the database may change it anyway.
    """
    async with register_at(dsn) as (store, boards):
        yield Confirmations(store, boards, utc_now)


async def unread_documents(dsn: str, chosen: Sequence[Place]) -> tuple[OpenDocument, ...]:
    """Return the documents of places that no person has read yet, oldest first."""
    async with connected(dsn) as connection:
        return await open_documents(connection, [each.id for each in chosen])
