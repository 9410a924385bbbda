"""One plain sentence for what comes, and for how two days of a measure differ."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from service.model.coming import ComingKind, StatusThen
from service.model.event import Event
from service.model.status import StatusWord
from service.status.coming import Coming
from service.status.days import ALWAYS, public_on
from service.status.naming import name_of

_IT: Mapping[StatusWord, str] = MappingProxyType(
    {
        "not_known": "is not public",
        "announced": "is only announced",
        "published_not_effective": "is published and not in force yet",
        "in_force": "is in force",
        "in_force_eased": "is in force, eased",
        "partly_suspended": "is suspended in part",
        "suspended": "is suspended",
        "in_force_not_enforced": "is in force and not enforced",
        "court_stayed": "is stayed by a court",
        "in_force_by_lapse": "is in force because what held it back ran out",
        "ended": "has ended",
        "ended_by_term_unconfirmed": "has ended by its own term",
        "unknown": "is not on record and to be treated as restricted",
        "eased_by_licence": "is a licence that runs",
        "authorisation_lapsed_unconfirmed": "is a licence that ran out",
    }
)
_IT_THEN: Mapping[tuple[ComingKind, StatusWord], str] = MappingProxyType(
    {
        ("suspension_ends", "in_force_by_lapse"): "is in force again",
        ("non_enforcement_ends", "in_force_by_lapse"): "is enforced again",
        ("stay_ends", "in_force_by_lapse"): "is in force again",
        ("delay_ends", "in_force_by_lapse"): "is in force",
        ("licence_ends", "in_force"): "is in force without that relief",
        ("licence_ends", "authorisation_lapsed_unconfirmed"): "authorises nothing any more",
    }
)
_WHILE: Mapping[ComingKind, str] = MappingProxyType(
    {
        "suspension_ends": "Suspended",
        "non_enforcement_ends": "Not enforced",
        "stay_ends": "Stayed by a court",
        "licence_ends": "Eased by a licence",
        "delay_ends": "Start put off",
        "term_ends": "In force",
    }
)
_DEED: Mapping[ComingKind, str] = MappingProxyType(
    {
        "starts": "its start",
        "delay_begins": "a delay of its start",
        "widens": "that it becomes wider",
        "narrows": "that it becomes narrower",
        "suspension_begins": "its suspension",
        "non_enforcement_begins": "that it is not enforced",
        "stay_begins": "a court's stay",
        "resumes": "its resumption",
        "stay_lifted": "the end of the court's stay",
        "licence_begins": "a licence",
        "licence_withdrawn": "the end of a licence",
        "renewed": "its renewal",
        "ends": "its end",
    }
)
_SAID: Mapping[ComingKind, str] = MappingProxyType(
    {
        "announced_change": "A change",
        "announced_suspension": "A suspension",
        "announced_extension": "An extension",
        "announced_easing": "An easing",
        "announced_revocation": "A revocation",
    }
)


def day_in_words(day: date) -> str:
    """A day as a desk writes it: 27 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def slice_in_words(change: Coming) -> str | None:
    """The part whose change it is, else the part in which a change of the whole begins."""
    part = change.part or change.event.slice
    return None if part is None else name_of(part) or None


def coming_in_words(change: Coming) -> str:
    """What comes, as a trader would put it: until when, and what holds then."""
    if change.is_said:
        words = _said(change)
    elif change.is_lapse:
        words = _lapse(change)
    else:
        words = (
            f"From {day_in_words(change.on)} it {_IT[change.after]}: "
            f"{_DEED[change.what]} is on record."
        )
    part = slice_in_words(change)
    return words if part is None else f"{part}: {words}"


def diff_in_words(before: StatusThen, after: StatusThen, changed: tuple[str, ...]) -> str:
    """How a measure stood on two days; `changed` names the fields that differ."""
    if before.status == after.status:
        fields = ", ".join(field.replace("_", " ") for field in changed)
        rest = f"what changed: {fields}" if fields else "nothing of it changed"
        return f"On both days it {_state(after)}; {rest}."
    return f"On {_day(before)} it {_state(before)}; {_from(before, after)} it {_state(after)}."


def _from(before: StatusThen, after: StatusThen) -> str:
    """Since when the later state holds, where that lies between the two days; else the day."""
    if after.since is None or not before.as_of < after.since <= after.as_of:
        return f"on {_day(after)}"
    return f"since {day_in_words(after.since)}"


def _lapse(change: Coming) -> str:
    it = _IT_THEN.get((change.what, change.after), _IT[change.after])
    then = f"if nothing is recorded by then it {it}"
    until = change.event.until
    if until is None:
        return f"{_WHILE[change.what]} to {day_in_words(change.on)}; {then}."
    bound = _bound(change.event, is_within=change.on > until)
    return f"{_WHILE[change.what]} until {day_in_words(until)}, {bound}; {then}."


def _bound(event: Event, *, is_within: bool) -> str:
    if event.until_bound == "inclusive":
        return "that day included"
    if event.until_bound == "exclusive":
        return "that day not included"
    return "read as still so on that day" if is_within else "read as restricted on that day"


def _said(change: Coming) -> str:
    event = change.event
    disputed = "sources contradict each other on it" if event.confidence == "disputed" else None
    if change.what in _SAID:
        who = f"{_SAID[change.what]}{_span(event)} was announced"
        why = "no act of it is on record"
    else:
        who = f"An act ({event.kind.replace('_', ' ')}{_span(event)}) was reported"
        why = None if disputed else "it is not from the authority itself"
    on = public_on(event)
    when = "" if on == ALWAYS else f" on {day_in_words(on)}"
    return f"{who}{when}; {' and '.join(filter(None, (disputed, why)))}, so it changes nothing."


def _span(event: Event) -> str:
    start = "" if event.effective_on is None else f" from {day_in_words(event.effective_on)}"
    end = "" if event.until is None else f" to {day_in_words(event.until)}"
    return start + end


def _state(then: StatusThen) -> str:
    doubt = "" if then.confirmed or then.status in {"not_known", "unknown"} else ", unconfirmed"
    return _IT[then.status] + doubt


def _day(then: StatusThen) -> str:
    return day_in_words(then.as_of)
