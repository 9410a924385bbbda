"""The places where acts appear: the looks at them, and what is still to be read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.places import Place
from abeyance_screening.primitives.days import ZONES

GAP = "gap:"
"""The prefix of the key of a document that stands for those that the place no longer shows."""


class PlaceDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document that a place lists, by the place's own `key` for it.

    `dated_on` is the day that the place prints, None where it prints none. `body` is its JSON as
    the Federal Register answers it; of a place whose documents are read, the text of its page, a
    paragraph a line; None for all others.
    """

    key: str
    title: str
    url: str
    dated_on: date | None
    body: str | None = None


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


class WatchState(msgspec.Struct, frozen=True, kw_only=True):
    """The places where acts appear, in numbers."""

    places: int
    """How many there are."""
    looked_at: datetime | None
    """Last look at any of them, in UTC; null if there was none."""
    all_looked_at: datetime | None
    """The moment since which each was looked at, in UTC; null if one never was."""
    failing: tuple[str, ...]
    """Ids of those that the last look could not read."""
    unread: int
    """How many documents no person has read yet, each of which is a proposal."""
    unconfirmed: int
    """How many places nobody has confirmed until the day of their last look, with those never
    looked at."""


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


def day_there(place: Place, moment: datetime) -> date:
    """Return the day of a moment where the place's authority sits."""
    return moment.astimezone(ZONES.get(place.jurisdiction, UTC)).date()


def watch_state(chosen: Sequence[Place], states: Mapping[str, PlaceState]) -> WatchState:
    """Return the numbers of places in these states; a state of any other place is left out."""
    known = [(each, states.get(each.id, PlaceState(place=each.id))) for each in chosen]
    looks = [state.looked_at for _, state in known if state.looked_at is not None]
    return WatchState(
        places=len(known),
        looked_at=max(looks, default=None),
        all_looked_at=min(looks) if looks and len(looks) == len(known) else None,
        failing=tuple(place.id for place, state in known if state.outcome == "failed"),
        unread=sum(state.open for _, state in known),
        unconfirmed=sum(not _is_confirmed(place, state) for place, state in known),
    )


def _is_confirmed(place: Place, state: PlaceState) -> bool:
    if state.until is None or state.looked_at is None:
        return False
    return state.until >= day_there(place, state.looked_at)


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
