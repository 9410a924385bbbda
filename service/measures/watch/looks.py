"""Looks at places: what a database keeps of them, and what is new since the last one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, Protocol

import msgspec

from service.days import ZONES
from service.measures.measure import Measure
from service.measures.watch.places import Place
from service.measures.watch.reading import PlaceDocument

GAP = "gap:"
"""The prefix of the key of a document that stands for those that the place no longer shows."""


class OpenDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a place brought and no person has read yet; `id` grows with each new one."""

    id: int
    place: str
    key: str
    title: str
    url: str
    dated_on: date | None
    seen_at: datetime
    body: str | None = None

    @property
    def is_gap(self) -> bool:
        """Whether it stands for the documents that the place may have listed between two looks."""
        return self.key.startswith(GAP)


class PlaceState(msgspec.Struct, frozen=True, kw_only=True):
    """What a database has of a place.

    `looked_at`, `outcome` and `reason` are those of the last look, `read_at` is the last look that
    could read the place. `open` counts its documents that no person has read yet. `until`,
    `confirmed_at` and `confirmed_by` are those of the newest confirmation.
    """

    place: str
    looked_at: datetime | None = None
    outcome: Literal["read", "failed"] | None = None
    reason: str | None = None
    read_at: datetime | None = None
    open: int = 0
    until: date | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look at a place: its documents, or the reason why it could not be read.

    `oldest` is the earliest day of all that it lists, None where it has no days, or where the
    place was asked for everything since a day. `since` is the day from which its documents are
    new on the first look.
    """

    place: str
    looked_at: datetime
    since: date
    documents: tuple[PlaceDocument, ...] = ()
    oldest: date | None = None
    reason: str | None = None


class LookStore(Protocol):
    """A database that keeps what was seen at the places."""

    async def place_states(self) -> dict[str, PlaceState]:
        """Return the state of each place that was looked at or confirmed, by its id."""
        ...

    async def open_documents(self, place_ids: Sequence[str]) -> tuple[OpenDocument, ...]:
        """Return the documents of these places that no person has read yet, oldest first."""
        ...

    async def add_look(self, look: Look) -> frozenset[str]:
        """Store a look, and return the keys of the documents that are new since the last one."""
        ...


def first_day(place: Place, measures: Sequence[Measure]) -> date | None:
    """Return the day from which a place is read the first time: where the register's reading ends.

    That is the newest `checked_until` of the measures that the place decides, or of all measures
    where those have none.
    """
    own = [each for each in measures if each.authority in place.decides]
    for group in (own, measures):
        days = [each.checked_until for each in group if each.checked_until is not None]
        if days:
            return max(days)
    return None


def day_there(place: Place, moment: datetime) -> date:
    """Return the day of a moment where the place's authority sits."""
    return moment.astimezone(ZONES.get(place.jurisdiction, UTC)).date()


def documents_of(look: Look, last_read_on: date | None) -> tuple[tuple[PlaceDocument, bool], ...]:
    """Return the documents of a look, each with whether it is known without being read.

    Known on the first look are those dated before `since`, and those without a day. Where the
    place shows nothing as old as the last look, a document that stands for the gap comes first.
    """
    is_first = last_read_on is None
    before = look.since if last_read_on is None else last_read_on
    found = [
        (each, is_first and (each.dated_on is None or each.dated_on < look.since))
        for each in look.documents
    ]
    if look.oldest is not None and look.oldest > before:
        found.insert(0, (_gap(before, look.oldest), False))
    return tuple(found)


def _gap(before: date, oldest: date) -> PlaceDocument:
    title = (
        f"The place shows nothing before {oldest.isoformat()}; "
        f"read there what appeared from {before.isoformat()} on"
    )
    return PlaceDocument(key=f"{GAP}{before}/{oldest}", title=title, url="", dated_on=oldest)
