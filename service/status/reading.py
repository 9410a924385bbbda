"""One life on one day, read as a status word and the events it rests on."""

from datetime import date

import msgspec

from service.model.event import Event
from service.model.status import Operation, StatusWord
from service.status.days import ALWAYS, Term, acts_on
from service.status.life import Life


class Reading(msgspec.Struct, frozen=True):
    """A word and its grounds.

    `begun` says whether the measure had started to apply; `returned` whether it is in force
    because a pause ran out (and not because a delayed start was reached).
    """

    word: StatusWord
    grounds: tuple[Event, ...]
    begun: bool = True
    returned: bool = False


_PAUSED: tuple[tuple[Operation, StatusWord], ...] = (
    ("court_stayed", "court_stayed"),
    ("suspended", "suspended"),
    ("not_enforced", "in_force_not_enforced"),
)
"""Of several pauses at once the one hardest to lift gives the word."""


def read_measure(life: Life, day: date, *, renewals_searched: bool) -> Reading | None:
    """The status of an ordinary measure; None where it has not begun and nothing holds it back."""
    return (
        _ended(life, day, renewals_searched=renewals_searched)
        or _paused(life, day)
        or _operating(life, day)
    )


def read_licence(life: Life, day: date) -> Reading | None:
    """The status of a measure that is itself a licence; None where it was not yet given.

    A licence that would run but is itself suspended, stayed or put off for a time nobody can
    read gives relief to nobody: `unknown`.
    """
    if life.end is not None:
        return _of_end(life.end)
    if life.delay is not None and life.delay_moves and not life.delay.lapsed_by(day):
        return None if life.delay.readable else Reading("unknown", (life.delay.event,))
    given = _authorised(life, day)
    if life.pauses and given is not None and given.word == "eased_by_licence":
        return Reading("unknown", tuple(term.event for term in life.pauses.values()))
    return given


def has_begun(life: Life, day: date) -> bool:
    """Whether the measure has started to apply, its end and its pauses aside."""
    if life.delay is not None and life.delay_moves:
        if life.delay.runs_on(day):
            return False
        if life.delay.lapsed_by(day):
            return True
    return life.start is not None or life.presumed


def running_easings(life: Life, day: date) -> tuple[Term, ...]:
    """The licences on top that run on that day."""
    return tuple(term for term in life.easings.values() if term.runs_on(day))


def _authorised(life: Life, day: date) -> Reading | None:
    terms = tuple(life.easings.values())
    running = tuple(term.event for term in running_easings(life, day))
    unreadable = tuple(term.event for term in terms if term.is_unread_on(day))
    withdrawn = () if life.withdrawn is None else (life.withdrawn,)
    lapsed = tuple(term.event for term in terms)
    choices: tuple[tuple[StatusWord, tuple[Event, ...]], ...] = (
        ("eased_by_licence", running),
        ("unknown", unreadable),
        ("ended", withdrawn),
        ("authorisation_lapsed_unconfirmed", lapsed),
    )
    return next((Reading(word, grounds) for word, grounds in choices if grounds), None)


def _of_end(end: Event) -> Reading:
    """Ended; where nobody recorded the day, nobody can say whether it has ended by any day."""
    return Reading("unknown" if acts_on(end) == ALWAYS else "ended", (end,))


def _ended(life: Life, day: date, *, renewals_searched: bool) -> Reading | None:
    if life.end is not None:
        return _of_end(life.end)
    over = [
        term
        for term in (life.own_term, *life.pauses.values())
        if term is not None and term.lapsed_by(day) and term.lapse == "restriction_ends"
    ]
    if not over:
        return None
    word: StatusWord = "ended_by_term_unconfirmed" if renewals_searched else "unknown"
    return Reading(word, tuple(term.event for term in over))


def _paused(life: Life, day: date) -> Reading | None:
    """Only a suspension may come before the first effect; its end must be readable."""
    begun = has_begun(life, day)
    for operation, word in _PAUSED:
        term = life.pauses.get(operation)
        if term is None or not (begun or operation == "suspended"):
            continue
        if term.runs_on(day):
            return Reading(word, (term.event,), begun=begun)
        if begun and term.is_unread_on(day):
            return Reading("unknown", (term.event,))
    return None


def _operating(life: Life, day: date) -> Reading | None:
    if not has_begun(life, day):
        return None
    start = _start_of(life)
    lapsed = [term for term in life.pauses.values() if term.lapsed_by(day)]
    if lapsed:
        grounds = (*start, *(term.event for term in lapsed))
        return Reading("in_force_by_lapse", grounds, returned=True)
    if life.delay is not None and life.delay.lapsed_by(day):
        return Reading("in_force_by_lapse", (*start, life.delay.event))
    relief = _relief(life, day)
    if relief:
        return Reading("in_force_eased", (*start, *relief))
    resumed = () if life.resumed is None else (life.resumed,)
    return Reading("in_force", (*start, *resumed, *_renewal_of(life)))


def _start_of(life: Life) -> tuple[Event, ...]:
    return () if life.start is None else (life.start,)


def _renewal_of(life: Life) -> tuple[Event, ...]:
    """The event that set the measure's own term, where that is not the one that began it."""
    term = life.own_term
    return () if term is None or term.event is life.start else (term.event,)


def _relief(life: Life, day: date) -> tuple[Event, ...]:
    eased = [term.event for term in running_easings(life, day)]
    if life.narrowed is not None:
        eased.append(life.narrowed)
    if life.delay is not None and life.delay.runs_on(day):
        eased.append(life.delay.event)
    return tuple(eased)
