"""The days of an event: when it was public, when it acts, and when its term runs out."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

from service.model.event import Event, LapseEffect, UntilBound
from service.model.zones import day_of
from service.status.kinds import DEEDS, OPEN_BY_NATURE, Deed, loosens

ALWAYS = date.min
"""The day of an event whose day is not recorded: it acted before anything that is."""

_ONE_DAY = timedelta(days=1)


class Term(msgspec.Struct, frozen=True):
    """How long an act runs.

    `last` is the last day it does, inclusive, None for an open end; `readable` is False where
    the record does not say, and then nothing may rest on it. `lapse` is what follows.
    """

    event: Event
    last: date | None
    readable: bool
    lapse: LapseEffect

    def runs_on(self, day: date) -> bool:
        """Whether the act runs on that day."""
        return self.readable and (self.last is None or day <= self.last)

    def is_unread_on(self, day: date) -> bool:
        """Whether nobody can say if the act runs on that day."""
        return not self.readable and not self.lapsed_by(day)

    def lapsed_by(self, day: date) -> bool:
        """Whether its last day lies before that day."""
        return self.last is not None and self.last < day

    @property
    def lapses_on(self) -> date | None:
        """The first day after it, None for an open or an unreadable end."""
        return None if self.last is None or self.last == date.max else self.last + _ONE_DAY


_LAPSES: Mapping[Deed, LapseEffect] = MappingProxyType(
    {
        "pause": "restriction_returns",
        "ease": "authorisation_ends",
        "delay": "restriction_begins",
    }
)
"""What follows a term whose event does not say; of any other deed the restriction ends."""


def stands_on(event: Event, known_at: date, jurisdiction: str) -> bool:
    """Whether the record held an event on a day of a jurisdiction, its being public aside.

    Corrections count by that jurisdiction's whole days: an event taken back stands up to the day
    before, one that takes another's place stands from the day it was recorded. An event that was
    recorded late and replaces nothing always stood.
    """
    if event.retracted_at is not None and day_of(event.retracted_at, jurisdiction) <= known_at:
        return False
    if event.replaces is None or event.recorded_at is None:
        return True
    return day_of(event.recorded_at, jurisdiction) <= known_at


def public_on(event: Event) -> date:
    """The day it became public.

    Announced or published, whichever came first; the effective day where neither is recorded;
    always, where no day is.
    """
    said = [day for day in (event.announced_on, event.published_on) if day is not None]
    return min(said) if said else event.effective_on or ALWAYS


def acts_on(event: Event) -> date:
    """The first day of its effect.

    Its effective day; where that was not read, the day it was published, else announced. A delay
    binds from the day it is public, for it must come before the start it moves.
    """
    if event.kind == "delay":
        return public_on(event)
    return event.effective_on or event.published_on or event.announced_on or ALWAYS


def in_order(event: Event, *, licence: bool = False) -> tuple[date, date, bool, str]:
    """Sorts events by the day they act, then by the day they were public.

    Of two acts of the same days the stricter comes last and so prevails. The order of recording
    plays no part.
    """
    strict = not loosens(event.kind, licence=licence)
    return acts_on(event), public_on(event), strict, event.id


def term_of(event: Event, *, licence: bool = False) -> Term:
    """The term of an act that runs out, of a measure that is itself a licence or not.

    A bound that nobody knows is read as restricted on that day: relief ends the day before it,
    a restriction's own term and the delay of a licence include it. A delay without an end that
    gives an effective day moves the start to that day.
    """
    lapse = _lapse_of(event, licence=licence)
    until = event.until
    if until is None and event.kind == "delay" and event.effective_on is not None:
        return Term(event, _eve_of(event.effective_on), readable=True, lapse=lapse)
    if until is None:
        stated_open = event.until_state == "none_stated" or (
            event.until_state is None and event.kind in OPEN_BY_NATURE
        )
        return Term(event, None, readable=stated_open, lapse=lapse)
    if lapse == "restriction_ends" or (licence and event.kind == "delay"):
        included = event.until_bound != "exclusive"
    else:
        included = event.until_bound == "inclusive"
    return Term(event, until if included else _eve_of(until), readable=True, lapse=lapse)


def _eve_of(day: date) -> date:
    """The day before; of the first day there is, itself."""
    return day if day == date.min else day - _ONE_DAY


def _lapse_of(event: Event, *, licence: bool) -> LapseEffect:
    """The direction of a lapse: as stated, except that a licence given can only run out."""
    if licence and loosens(event.kind, licence=True):
        return "authorisation_ends"
    return event.lapse_effect or _LAPSES.get(DEEDS[event.kind], "restriction_ends")


class StatedEnd(msgspec.Struct, frozen=True):
    """An end as an act states it, and whether that day is still within."""

    until: date | None = None
    bound: UntilBound | None = None


def stated_end(grounds: Iterable[Event], as_of: date) -> StatedEnd:
    """The earliest end that these events state and that `as_of` has not passed, if any."""
    ends = [
        StatedEnd(event.until, event.until_bound)
        for event in grounds
        if event.until is not None and event.until >= as_of
    ]
    return min(ends, key=_day_of, default=StatedEnd())


def _day_of(end: StatedEnd) -> date:
    return end.until or date.max
