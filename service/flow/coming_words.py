"""One plain sentence for what comes, and for how two days of a measure differ."""

from collections.abc import Mapping
from types import MappingProxyType

from service.model.coming import ComingKind, StatusThen
from service.model.event import Event
from service.model.status import StatusWord
from service.status.coming import Coming
from service.status.days import ALWAYS, public_on
from service.status.naming import in_words
from service.wording.days import day_in_words

_STATE: Mapping[StatusWord, str] = MappingProxyType(
    {
        "not_known": "not public",
        "announced": "only announced",
        "published_not_effective": "published and not in force yet",
        "in_force": "in force",
        "in_force_eased": "in force, eased",
        "partly_suspended": "suspended in part",
        "suspended": "suspended",
        "in_force_not_enforced": "in force and not enforced",
        "court_stayed": "stayed by a court",
        "in_force_by_lapse": "in force because what held it back ran out",
        "ended": "ended",
        "ended_by_term_unconfirmed": "ended by its own term",
        "unknown": "of unknown status, to be treated as restricted",
        "eased_by_licence": "a licence that runs",
        "authorisation_lapsed_unconfirmed": "a licence that ran out",
    }
)
_AFTER_LAPSE: Mapping[tuple[ComingKind, StatusWord], str] = MappingProxyType(
    {
        ("suspension_ends", "in_force_by_lapse"): "is in force again",
        ("non_enforcement_ends", "in_force_by_lapse"): "is enforced again",
        ("stay_ends", "in_force_by_lapse"): "is in force again",
        ("delay_ends", "in_force_by_lapse"): "is in force",
        ("licence_ends", "in_force"): "is in force without that relief",
        ("licence_ends", "authorisation_lapsed_unconfirmed"): "authorises nothing any more",
        ("term_ends", "ended_by_term_unconfirmed"): "counts as ended by its own term",
    }
)
_UNTIL_LAPSE: Mapping[ComingKind, str] = MappingProxyType(
    {
        "suspension_ends": "Suspended",
        "non_enforcement_ends": "Not enforced",
        "stay_ends": "Stayed by a court",
        "licence_ends": "Eased by a licence",
        "delay_ends": "Start put off",
        "term_ends": "Its own term runs",
    }
)
_DEED: Mapping[ComingKind, str] = MappingProxyType(
    {
        "starts": "Takes effect",
        "delay_begins": "Its start is put off",
        "widens": "Becomes wider",
        "narrows": "Becomes narrower",
        "suspension_begins": "Its suspension begins",
        "non_enforcement_begins": "Non-enforcement begins",
        "stay_begins": "A court's stay begins",
        "resumes": "Resumes",
        "stay_lifted": "The court's stay is lifted",
        "licence_begins": "A licence begins",
        "licence_withdrawn": "A licence is withdrawn",
        "renewed": "Is renewed",
        "ends": "Ends",
    }
)
_SAYS_ALL: frozenset[tuple[ComingKind, StatusWord]] = frozenset(
    {
        ("starts", "in_force"),
        ("suspension_begins", "suspended"),
        ("non_enforcement_begins", "in_force_not_enforced"),
        ("stay_begins", "court_stayed"),
        ("licence_begins", "eased_by_licence"),
        ("ends", "ended"),
    }
)
"""Deeds after which the status is what they say."""
_SAID: Mapping[ComingKind, str] = MappingProxyType(
    {
        "announced_change": "A change",
        "announced_suspension": "A suspension",
        "announced_extension": "An extension",
        "announced_easing": "An easing",
        "announced_revocation": "A revocation",
    }
)
_CHANGED: Mapping[str, str] = MappingProxyType(
    {
        "evidence": "the evidence for it",
        "since": "since when",
        "until": "its end",
        "until_bound": "how its end is read",
        "confirmed": "whether it is confirmed",
        "residual_obligation": "the duty that stays",
        "slices": "its parts",
        "next_change_on": "the day of its next change",
        "next_change_to": "its next change",
    }
)


def slice_in_words(change: Coming) -> str | None:
    """The part whose change it is, else the part in which a change of the whole begins."""
    return in_words(change.part or change.event.slice)


def coming_in_words(change: Coming) -> str:
    """What comes, as a trader would put it: until when, and what holds then."""
    if change.is_said:
        words = _said(change)
    elif change.is_lapse:
        words = _lapse(change)
    else:
        words = _act(change)
    part = slice_in_words(change)
    return words if part is None else f"{part}: {words[0].lower()}{words[1:]}"


def diff_in_words(before: StatusThen, after: StatusThen, changed: tuple[str, ...]) -> str:
    """How a measure stood on two days; `changed` names the fields that differ."""
    if before.status == after.status:
        fields = ", ".join(_CHANGED[field] for field in changed)
        rest = f"what changed: {fields}" if fields else "nothing of it changed"
        return f"On both days {_state(after)}; {rest}."
    on = day_in_words(before.as_of)
    return f"On {on} {_state(before)}; {_from(before, after)} {_state(after)}."


def _from(before: StatusThen, after: StatusThen) -> str:
    """Since when the later state holds, where that lies between the two days; else the day."""
    if after.since is None or not before.as_of < after.since <= after.as_of:
        return f"on {day_in_words(after.as_of)}"
    return f"since {day_in_words(after.since)}"


def _act(change: Coming) -> str:
    deed = f"{_DEED[change.what]} on {day_in_words(change.on)}"
    if (change.what, change.after) in _SAYS_ALL:
        return f"{deed}."
    return f"{deed}; from then on {_it(change.after)}."


def _it(word: StatusWord) -> str:
    return f"it {'has' if word == 'ended' else 'is'} {_STATE[word]}"


def _lapse(change: Coming) -> str:
    after = _AFTER_LAPSE.get((change.what, change.after))
    it = _it(change.after) if after is None else f"it {after}"
    then = f"if nothing is recorded by then {it}"
    running = (
        "The licence runs" if change.before == "eased_by_licence" else _UNTIL_LAPSE[change.what]
    )
    until = change.event.until
    if until is None:
        return f"{running} to {day_in_words(change.on)}; {then}."
    bound = _bound(change.event, is_within=change.on > until)
    return f"{running} until {day_in_words(until)}, {bound}; {then}."


def _bound(event: Event, *, is_within: bool) -> str:
    if event.until_bound == "inclusive":
        return "that day included"
    if event.until_bound == "exclusive":
        return "that day not included"
    return "read as included" if is_within else "read as restricted on that day"


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
    return _STATE[then.status] + doubt
