"""The life of a measure, or of one part of it, up to a day: events applied in order."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.measures.measure import Event, LapseEffect, Slice, UntilBound
from abeyance_screening.engine.measures.status import (
    DEEDS,
    OPEN_BY_NATURE,
    OPERATIONS,
    Deed,
    loosens,
)
from abeyance_screening.engine.measures.status_table import Operation
from abeyance_screening.primitives.days import day_of

ALWAYS = date.min
"""The day of an event without a recorded day: it counts as earlier than any dated event."""

_ONE_DAY = timedelta(days=1)


class Term(msgspec.Struct, frozen=True):
    """The term for which an act runs.

    `last` is its last day, included; None for an open end. `readable` is False where the record
    does not state the end, and then nothing may rest on the term. `lapse` is what follows if the
    term runs out.
    """

    event: Event
    last: date | None
    readable: bool
    lapse: LapseEffect

    def runs_on(self, day: date) -> bool:
        """Return whether the act runs on that day."""
        return self.readable and (self.last is None or day <= self.last)

    def is_unread_on(self, day: date) -> bool:
        """Return whether the record leaves open if the act runs on that day."""
        return not self.readable and not self.lapsed_by(day)

    def lapsed_by(self, day: date) -> bool:
        """Return whether the last day of the act is before that day."""
        return self.last is not None and self.last < day

    @property
    def lapses_on(self) -> date | None:
        """The first day after the term, None for an open or an unreadable end."""
        return None if self.last is None or self.last == date.max else self.last + _ONE_DAY


_LAPSES: Mapping[Deed, LapseEffect] = MappingProxyType(
    {
        "pause": "restriction_returns",
        "ease": "authorisation_ends",
        "delay": "restriction_begins",
    }
)
"""The lapse of a term whose event states none; after any other deed, the restriction ends."""


class StatedEnd(msgspec.Struct, frozen=True):
    """An end as an act states it, and whether that day is included."""

    until: date | None = None
    bound: UntilBound | None = None


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a measure after some of its events, without lapses, which depend on a day.

    `presumed` True: no start is on record, but other events presuppose one. `delay_moves` True:
    the delay came before the start and moves it. `easings` are keyed by the part they ease.
    """

    presumed: bool
    licence: bool
    start: Event | None = None
    end: Event | None = None
    own_term: Term | None = None
    delay: Term | None = None
    delay_moves: bool = False
    pauses: Mapping[Operation, Term] = {}
    easings: Mapping[Slice | None, Term] = {}
    withdrawn: Event | None = None
    narrowed: Event | None = None
    resumed: Event | None = None


def was_on_record(event: Event, known_at: date, jurisdiction: str) -> bool:
    """Return whether an event was on record on a day, whether or not it was public.

    Corrections count by whole days of the jurisdiction: a retracted event is on record up to the
    day before its retraction, and an event that replaces another from the day it was recorded. An
    event that was recorded late and replaces nothing counts as always on record.
    """
    if event.retracted_at is not None and day_of(event.retracted_at, jurisdiction) <= known_at:
        return False
    if event.replaces is None or event.recorded_at is None:
        return True
    return day_of(event.recorded_at, jurisdiction) <= known_at


def public_on(event: Event) -> date:
    """Return the day an event became public.

    This is the day of announcement or publication, whichever is earlier; the effective day where
    neither is recorded; `ALWAYS` where no day is recorded.
    """
    days = [day for day in (event.announced_on, event.published_on) if day is not None]
    return min(days) if days else event.effective_on or ALWAYS


def published_on(event: Event) -> date:
    """Return the day an event was published; without a record of that, the day it was public."""
    return public_on(event) if event.published_on is None else event.published_on


def acts_on(event: Event) -> date:
    """Return the first day of an event's effect.

    This is the effective day; where none is recorded, the day of publication, else of
    announcement, else `ALWAYS`. A delay acts from the day it became public, because it must come
    before the start that it moves.
    """
    if event.kind == "delay":
        return public_on(event)
    return event.effective_on or event.published_on or event.announced_on or ALWAYS


def in_order(event: Event, *, licence: bool = False) -> tuple[date, date, bool, str]:
    """Return the sort key of an event: by the day it acts, then by the day it became public.

    Of two acts with the same days, the stricter comes last and so prevails. The order of recording
    does not matter. `licence` says whether the measure is itself a licence.
    """
    strict = not loosens(event.kind, licence=licence)
    return acts_on(event), public_on(event), strict, event.id


def term_of(event: Event, *, licence: bool = False) -> Term:
    """Return the term of an act; `licence` says whether the measure is itself a licence.

    An unknown bound is read as restricted on the stated day: relief ends the day before, while a
    restriction's own term and the delay of a licence include the day. A delay without a stated
    end but with an effective day moves the start to that day.
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


def stated_end(grounds: Iterable[Event], as_of: date, *, licence: bool) -> StatedEnd:
    """Return the earliest end that these events state and that is ahead, empty if none is.

    An act whose last day is before `as_of` has lapsed, and its end is no longer ahead.
    """
    ends = [
        StatedEnd(event.until, event.until_bound)
        for event in grounds
        if event.until is not None
        and event.until >= as_of
        and not term_of(event, licence=licence).lapsed_by(as_of)
    ]
    return min(ends, key=_day_of, default=StatedEnd())


def live(events: Iterable[Event], day: date, born: Life) -> Life:
    """Apply the events that act by `day` to a new life; `events` are given `in_order`."""
    life = born
    for event in events:
        if acts_on(event) > day:
            break
        life = _APPLY[DEEDS[event.kind]](life, event)
    return life


def _lapse_of(event: Event, *, licence: bool) -> LapseEffect:
    """Return what a lapse does: as stated, except that a granted licence can only run out."""
    if licence and loosens(event.kind, licence=True):
        return "authorisation_ends"
    return event.lapse_effect or _LAPSES.get(DEEDS[event.kind], "restriction_ends")


def _eve_of(day: date) -> date:
    """Return the day before; for the earliest possible date, that date itself."""
    return day if day == date.min else day - _ONE_DAY


def _day_of(end: StatedEnd) -> date:
    return end.until or date.max


def _nothing(life: Life, _event: Event) -> Life:
    return life


def _publish(life: Life, event: Event) -> Life:
    return life if event.effective_on is None else _start(life, event)


def _start(life: Life, event: Event) -> Life:
    """Put a measure in force; after its end only by a newer act, as the end covers older ones."""
    if life.licence:
        return _ease(life, event)
    if life.end is not None:
        if _undated(life.end) or public_on(event) < public_on(life.end):
            return life
        return _reinstate(life, event)
    day = acts_on(event)
    if life.own_term is not None and life.own_term.lapsed_by(day):
        return _reinstate(life, event)
    return msgspec.structs.replace(
        life,
        start=life.start or event,
        own_term=_own_term(event) or life.own_term,
        delay=_delay_after(life, event),
        pauses={how: term for how, term in life.pauses.items() if not term.lapsed_by(day)},
    )


def _ease(life: Life, event: Event) -> Life:
    if _undated(event) and not life.licence:
        return life
    if life.end is not None and (_undated(life.end) or public_on(event) < public_on(life.end)):
        return life
    term = term_of(event, licence=life.licence)
    if _undated(event):
        term = msgspec.structs.replace(term, readable=False)
    ended = None if life.licence else life.end
    return msgspec.structs.replace(
        life,
        easings={**life.easings, event.slice: term},
        end=ended,
        withdrawn=None,
        delay=_delay_after(life, event) if life.licence else life.delay,
    )


def _undated(event: Event) -> bool:
    return acts_on(event) == ALWAYS


def _delay_after(life: Life, start: Event) -> Term | None:
    """Return the delay left after a start, which ends one that is over or was public before."""
    delay = life.delay
    if delay is None or delay.lapsed_by(acts_on(start)):
        return None
    newer = public_on(start) > public_on(delay.event)
    return None if newer and delay.event.slice in {None, start.slice} else delay


def _reinstate(life: Life, event: Event) -> Life:
    """Begin a new life: what suspended, eased or narrowed the old one no longer counts."""
    if life.licence:
        return _ease(life, event)
    return Life(presumed=False, licence=False, start=event, own_term=_own_term(event))


def _own_term(event: Event) -> Term | None:
    if event.until is None and event.until_state is None:
        return None
    return term_of(event)


def _delay(life: Life, event: Event) -> Life:
    term = term_of(event, licence=life.licence)
    unborn = life.start is None and not life.presumed and not (life.licence and life.easings)
    if life.delay is not None and not term.readable and not life.licence:
        return life
    moves = life.delay_moves if life.delay else unborn
    return msgspec.structs.replace(life, delay=term, delay_moves=moves)


def _widen(life: Life, event: Event) -> Life:
    """Start a part that is added; for a whole that is widened, end an earlier narrowing."""
    if event.slice is not None and life.end is None:
        return _start(life, event)
    return msgspec.structs.replace(life, narrowed=None)


def _narrow(life: Life, event: Event) -> Life:
    return life if _undated(event) else msgspec.structs.replace(life, narrowed=event)


def _pause(life: Life, event: Event) -> Life:
    """Replace the earlier pause of the same kind, whether the new one is longer or shorter."""
    if life.end is not None:
        return life
    term = term_of(event)
    if _undated(event):
        term = msgspec.structs.replace(term, readable=False)
    return msgspec.structs.replace(
        life, pauses={**life.pauses, OPERATIONS[event.kind]: term}, resumed=None
    )


def _resume(life: Life, event: Event) -> Life:
    stays = {how: term for how, term in life.pauses.items() if how == "court_stayed"}
    return msgspec.structs.replace(life, pauses=stays, delay=None, resumed=event)


def _lift_stay(life: Life, event: Event) -> Life:
    others = {how: term for how, term in life.pauses.items() if how != "court_stayed"}
    return msgspec.structs.replace(life, pauses=others, resumed=event)


def _withdraw_easing(life: Life, event: Event) -> Life:
    """Withdraw the easing of one part, or of all parts where none is named."""
    left = {
        part: term
        for part, term in life.easings.items()
        if event.slice is not None and part != event.slice
    }
    return msgspec.structs.replace(life, easings=left, withdrawn=event)


def _renew(life: Life, event: Event) -> Life:
    """Move the own term: a measure that expired may be renewed late, a revoked one may not."""
    if life.licence:
        return _ease(life, event)
    if life.end is not None and (
        life.end.kind != "expire" or public_on(event) < public_on(life.end)
    ):
        return life
    return msgspec.structs.replace(
        life, own_term=_own_term(event) or life.own_term, end=None, start=life.start or event
    )


def _end(life: Life, event: Event) -> Life:
    """End a measure; where it has ended already, a later expiry changes nothing."""
    if life.licence and event.slice is not None:
        return _withdraw_easing(life, event)
    if life.end is not None and event.kind == "expire":
        return life
    return msgspec.structs.replace(life, end=event)


_APPLY: Mapping[Deed, Callable[[Life, Event], Life]] = {
    "say": _nothing,
    "question": _nothing,
    "note": _nothing,
    "publish": _publish,
    "start": _start,
    "delay": _delay,
    "widen": _widen,
    "narrow": _narrow,
    "pause": _pause,
    "resume": _resume,
    "lift_stay": _lift_stay,
    "ease": _ease,
    "withdraw_easing": _withdraw_easing,
    "renew": _renew,
    "end": _end,
    "reinstate": _reinstate,
}
