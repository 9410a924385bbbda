"""The life of a measure, or of one part of it, up to a day: events applied in order."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec

from service.model.event import Event, Slice
from service.model.status import Operation
from service.status.days import ALWAYS, Term, acts_on, public_on, term_of
from service.status.kinds import DEEDS, OPERATIONS, Deed


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """What the events so far have made of a measure. Lapses are not in it: they depend on a day.

    `presumed` True: no start is on record, but what is on record presupposes one. `delay_moves`
    True: the delay came before the start and moves it. `easings` are by the part they ease.
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


def live(events: Iterable[Event], day: date, born: Life) -> Life:
    """Apply those of the events that act by `day`, given in order, to a life as it began."""
    life = born
    for event in events:
        if acts_on(event) > day:
            break
        life = _APPLY[DEEDS[event.kind]](life, event)
    return life


def _nothing(life: Life, _event: Event) -> Life:
    return life


def _publish(life: Life, event: Event) -> Life:
    return life if event.effective_on is None else _start(life, event)


def _start(life: Life, event: Event) -> Life:
    """In force; after an end only by a newer act, for an older one was ended with the rest."""
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


def _delay_after(life: Life, start: Event) -> Term | None:
    """A start ends a delay that is over, and an earlier one of the same part or of the whole."""
    delay = life.delay
    if delay is None or delay.lapsed_by(acts_on(start)):
        return None
    newer = public_on(start) > public_on(delay.event)
    return None if newer and delay.event.slice in {None, start.slice} else delay


def _reinstate(life: Life, event: Event) -> Life:
    """A new life: whatever was suspended, eased or narrowed in the old one is gone with it."""
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
    """A part added is a part that starts; a whole made wider takes a narrowing back."""
    if event.slice is not None and life.end is None:
        return _start(life, event)
    return msgspec.structs.replace(life, narrowed=None)


def _narrow(life: Life, event: Event) -> Life:
    return life if _undated(event) else msgspec.structs.replace(life, narrowed=event)


def _pause(life: Life, event: Event) -> Life:
    """The newest pause of a kind replaces the one before it, longer or shorter."""
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


def _withdraw_easing(life: Life, event: Event) -> Life:
    """Withdrawn for one part, or for all of them where no part is named."""
    left = {
        part: term
        for part, term in life.easings.items()
        if event.slice is not None and part != event.slice
    }
    return msgspec.structs.replace(life, easings=left, withdrawn=event)


def _renew(life: Life, event: Event) -> Life:
    """Its own term moves. What expired may be renewed late; what was revoked may not."""
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
    """Gone; that it then ran out as well makes nothing revoked less so."""
    if life.licence and event.slice is not None:
        return _withdraw_easing(life, event)
    if life.end is not None and event.kind == "expire":
        return life
    return msgspec.structs.replace(life, end=event)


def _undated(event: Event) -> bool:
    return acts_on(event) == ALWAYS


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
