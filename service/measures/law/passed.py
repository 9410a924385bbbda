"""Changes that were to come and whose day has passed, each with what followed. No input or output.

A change counts as one that was to come if it was expected on its eve, by what was public then, or
if today's record still has it. A later act therefore does not make an entry vanish: it is what
followed. An entry whose act was taken back as a mistake does vanish.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

from service.measures.coming_model import ComingKind, PassedWord
from service.measures.event import Event
from service.measures.law.case import open_case, public_events
from service.measures.law.coming import Coming, announced_to_come, coming_changes, known_events
from service.measures.law.life import acts_on, public_on
from service.measures.measure import Measure
from service.measures.status import ANSWERS, DEEDS, Deed

_ONE_DAY = timedelta(days=1)
_PAUSE_SETTLED: frozenset[Deed] = frozenset(
    {"pause", "resume", "lift_stay", "start", "reinstate", "end"}
)
_SETTLED_BY: Mapping[ComingKind, frozenset[Deed]] = MappingProxyType(
    {
        "suspension_ends": _PAUSE_SETTLED,
        "non_enforcement_ends": _PAUSE_SETTLED,
        "stay_ends": _PAUSE_SETTLED,
        "licence_ends": frozenset(
            {"ease", "withdraw_easing", "publish", "start", "renew", "reinstate", "end"}
        ),
        "delay_ends": frozenset({"delay", "publish", "start", "end"}),
        "term_ends": frozenset({"publish", "start", "renew", "reinstate", "end"}),
    }
)
"""What an act must do to say what follows the end of a term of this kind."""


class Passed(msgspec.Struct, frozen=True):
    """A change whose day has passed, and the outcome; `followed` is the act that says it."""

    change: Coming
    word: PassedWord
    followed: Event | None


def passed_changes(
    measure: Measure, after: date, as_of: date, known_at: date
) -> tuple[Passed, ...]:
    """Return the changes after the day `after` and up to `as_of`, which is included, by day."""
    known = known_events(measure, known_at)
    if not known:
        return ()
    return tuple(
        _outcome(measure, change, as_of, known_at)
        for day in _days(measure.events, after, as_of)
        for change in _expected_on(measure, day, known_at, {each.id for each in known})
    )


def _days(events: Iterable[Event], after: date, as_of: date) -> list[date]:
    """Return the days of a stretch on which an event, or the end of one, may change something."""
    days = set[date]()
    for event in events:
        stated = (event.effective_on, event.published_on, event.announced_on, event.until)
        days.update(each for each in stated if each is not None)
        if event.until is not None and event.until < date.max:
            days.add(event.until + _ONE_DAY)
    return sorted(each for each in days if after < each <= as_of)


def _expected_on(measure: Measure, day: date, known_at: date, known: set[str]) -> Iterator[Coming]:
    """Yield the changes of one day: those expected on its eve, then others that are on record.

    Of what is on record now, a part that the eve expected to change is left out: what became of it
    is the outcome of that entry.
    """
    eve = day - _ONE_DAY
    expected = [each for each in _on(measure, day, min(eve, known_at)) if each.event.id in known]
    yield from expected
    taken = {(each.part, each.is_announced) for each in expected}
    for each in _on(measure, day, known_at):
        if (each.part, each.is_announced) not in taken:
            yield each


def _on(measure: Measure, day: date, known_at: date) -> Iterator[Coming]:
    for changes_of in (coming_changes, announced_to_come):
        for change in changes_of(measure, day - _ONE_DAY, known_at):
            if change.on == day:
                yield change


def _outcome(measure: Measure, change: Coming, as_of: date, known_at: date) -> Passed:
    followed = _followed(measure, change, as_of, known_at)
    if followed is not None:
        return Passed(change, "act_followed", followed)
    if change.is_announced:
        return Passed(change, "no_act_found", None)
    return Passed(change, "nothing_confirmed" if change.is_lapse else "took_effect", None)


def _followed(measure: Measure, change: Coming, as_of: date, known_at: date) -> Event | None:
    """Return the first act of that day or later that says what follows the change, if any."""
    if not (change.is_announced or change.is_lapse) or not public_events(measure, known_at):
        return None
    acts = [
        each
        for each in open_case(measure, known_at).counted
        if each.id != change.event.id
        and _settles(each, change)
        and (public_on(each) >= change.on or change.on <= acts_on(each) <= as_of)
    ]
    return min(acts, key=lambda each: (public_on(each), each.id), default=None)


def _settles(event: Event, change: Coming) -> bool:
    part = change.event.slice if change.is_announced else change.part
    if part is not None and event.slice not in {None, part}:
        return False
    if change.is_announced:
        return event.kind in ANSWERS.get(change.event.kind, frozenset())
    return DEEDS[event.kind] in _SETTLED_BY.get(change.what, frozenset())
