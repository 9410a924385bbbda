"""What a status means in short sentences: what holds, what stays owed, what comes."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from service.model.event import EventKind
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import SliceStatus, StatusWord
from service.wording.badges import loosens, slice_badge
from service.wording.days import day_before, day_in_words
from service.wording.duties import duty, duty_within, nouns

_RELIEF: frozenset[EventKind] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation", "narrow"}
)
_RAN_OUT: Mapping[EventKind, tuple[str, str]] = MappingProxyType(
    {
        "suspend": ("The suspension", "no extension"),
        "extend_suspension": ("The suspension", "no extension"),
        "not_enforced": ("The non-enforcement", "nothing since"),
        "stay": ("The court's stay", "nothing since"),
        "delay": ("The delay of its start", "no further delay"),
        "authorise": ("The licence", "no renewal"),
        "extend_authorisation": ("The licence", "no renewal"),
        "replace_authorisation": ("The licence", "no renewal"),
    }
)
_ENDED_BY: Mapping[EventKind, str] = MappingProxyType(
    {
        "expire": "Expired",
        "revoke": "Revoked",
        "delist": "Delisted",
        "annul": "Annulled",
        "replace": "Replaced",
        "stop_measures": "Its measures were stopped",
        "narrow": "Taken back",
        "revoke_authorisation": "The licence was revoked",
    }
)


def sentence(measure: MeasureOnDay) -> str:
    """What the status means on the day asked about, in whole sentences.

    What it does is said in the register's plain words, else by its effect. Dates stand in words.
    Nothing is concluded for a company, and no sentence advises.
    """
    return _SAID[measure.status](measure)


def _in_force(measure: MeasureOnDay) -> str:
    return _joined(duty(measure), *map(_part, measure.slices))


def _eased(measure: MeasureOnDay) -> str:
    if loosens(measure):
        return duty(measure)
    event = _newest(measure, _RELIEF)
    act = "A licence" if event is None or event.citation is None else event.citation
    what = "eases part of it" if event is None or event.slice is None else f"allows {event.slice}"
    ends = measure.next_change_on
    if ends is not None and measure.next_change_to != "in_force_eased":
        until = f"from {day_in_words(ends)} it no longer does"
    elif measure.until is not None:
        until = f"until {day_in_words(measure.until)}"
    else:
        until = "no end of that is stated"
    return _joined(duty(measure), f"{act} {what}; {until}.")


def _partly_suspended(measure: MeasureOnDay) -> str:
    return _joined(duty(measure), *map(_part, measure.slices), "The rest is in force.")


def _suspended(measure: MeasureOnDay) -> str:
    owed = measure.residual_obligation or "The text stands and has no effect for now."
    returns = measure.next_change_on or measure.until
    if measure.until is None and "suspension_end_not_recorded" in measure.flags:
        source = _source(measure, ("suspend", "extend_suspension"))
        end = f"No end date was read. That is no open end: check {source}."
    elif returns is None:
        end = "No end is stated; it returns when the suspension is taken back."
    else:
        end = f"From {day_in_words(returns)} {_returns(measure)}"
    return _joined(owed, end)


def _returns(measure: MeasureOnDay) -> str:
    """What returns unless a new act is recorded."""
    named = nouns(measure)
    verb = "returns" if len(named) == 1 else "return"
    then = "." if measure.plain is None else f": {measure.plain}"
    return f"{' and '.join(named)} {verb} unless a new act is recorded{then}"


def _by_lapse(measure: MeasureOnDay) -> str:
    event = _newest(measure, _RAN_OUT)
    what, further = (
        ("What held it back", "nothing since") if event is None else _RAN_OUT[event.kind]
    )
    on = "" if measure.since is None else f" on {day_in_words(day_before(measure.since))}"
    return _joined(
        f"{what} ran out{on} and {further} is on record. Treat it as in force.", duty(measure)
    )


def _not_enforced(measure: MeasureOnDay) -> str:
    event = _newest(measure, ("not_enforced",))
    day = None if event is None else event.announced_on or event.published_on or event.effective_on
    on = "" if day is None else f" on {day_in_words(day)}"
    return _joined(
        f"{measure.authority} said{on} that it does not enforce it. The text stands; it may be "
        "enforced again without notice.",
        duty(measure),
    )


def _stayed(measure: MeasureOnDay) -> str:
    event = _newest(measure, ("stay",))
    act = "" if event is None or event.citation is None else f" ({event.citation})"
    what = " and ".join(nouns(measure)) if measure.plain is None else measure.plain
    return f"A court stopped it{act}. It returns if the stay is lifted: {what.rstrip('.')}."


def _not_effective(measure: MeasureOnDay) -> str:
    starts = measure.next_change_on
    then = "Once it starts" if starts is None else f"From {day_in_words(starts)}"
    return f"Nothing applies yet. {then}: {duty_within(measure)}"


def _announced(measure: MeasureOnDay) -> str:
    said = next((each for each in (*measure.upcoming, *measure.rests_on)), None)
    day = None if said is None else said.announced_on
    act = "" if said is None or said.citation is None else f" ({said.citation})"
    on = "" if day is None else f" on {day_in_words(day)}"
    return f"It was announced{on}{act}. No act exists; nothing has changed."


def _ended(measure: MeasureOnDay) -> str:
    event = _newest(measure, _ENDED_BY)
    if "delisted" in measure.flags:
        how = "The publisher took the entry off the list."
    elif event is None:
        how = "It no longer holds."
    else:
        how = f"{_ENDED_BY[event.kind]}{_act_behind(event)}."
    return _joined(how, measure.residual_obligation)


def _act_behind(event: EventShown) -> str:
    if event.citation is None:
        return ""
    return f" ({event.citation})" if event.kind == "expire" else f" by {event.citation}"


def _term_ran_out(measure: MeasureOnDay) -> str:
    whose = "The entry's" if "term_of_the_entry_passed" in measure.flags else "Its"
    return _joined(
        f"{whose} own term has passed and no renewal was read. Check {_source(measure)} before "
        "relying on it.",
        measure.residual_obligation,
    )


def _unknown(measure: MeasureOnDay) -> str:
    if "nothing_recorded" in measure.flags:
        why = "The act is not in the register yet."
    elif "event_cannot_be_read" in measure.flags:
        kinds = ", ".join(each.kind.replace("_", " ") for each in measure.rests_on)
        why = f"An event of it cannot be read ({kinds})." if kinds else "It cannot be read."
    elif "later_renewals_not_searched" in measure.flags:
        why = "Nobody has looked for renewals after the last one on record."
    elif "suspension_end_not_recorded" in measure.flags:
        why = "The end of its suspension is not on record."
    else:
        why = "What is on record does not say whether it still holds."
    return _joined(why, duty(measure))


def _not_public(measure: MeasureOnDay) -> str:
    if "not_listed_yet" in measure.flags:
        return "The entry was not public by then; nobody outside could know it."
    return "Nothing of it was public by then; nobody outside could know it."


def _licence_runs(measure: MeasureOnDay) -> str:
    act = _source(measure, _RELIEF)
    then = "" if measure.until is None else " until then"
    allowed = [effect.what for effect in measure.effect if effect.kind == "easing" and effect.what]
    what = "; ".join(allowed) if allowed else measure.title
    return f"Allowed under {act}{then}: {what}. What it loosens stays in force."


def _licence_ran_out(measure: MeasureOnDay) -> str:
    on = "" if measure.since is None else f" on {day_in_words(day_before(measure.since))}"
    return (
        f"{_source(measure, _RELIEF)} ran out{on} and no renewal was read. "
        f"Count the relief as gone. While it ran: {duty_within(measure)}"
    )


_SAID: Mapping[StatusWord, Callable[[MeasureOnDay], str]] = MappingProxyType(
    {
        "not_known": _not_public,
        "announced": _announced,
        "published_not_effective": _not_effective,
        "in_force": _in_force,
        "in_force_eased": _eased,
        "partly_suspended": _partly_suspended,
        "suspended": _suspended,
        "in_force_not_enforced": _not_enforced,
        "court_stayed": _stayed,
        "in_force_by_lapse": _by_lapse,
        "ended": _ended,
        "ended_by_term_unconfirmed": _term_ran_out,
        "unknown": _unknown,
        "eased_by_licence": _licence_runs,
        "authorisation_lapsed_unconfirmed": _licence_ran_out,
    }
)


def _part(part: SliceStatus) -> str:
    """A part that has another status: `Paragraph 2 is suspended until 27 Nov 2026.`."""
    name = f"{part.part[:1].upper()}{part.part[1:]}"
    if part.status != "suspended" or part.until is None:
        return f"{name}: {slice_badge(part)}."
    return f"{name} is suspended until {day_in_words(part.until)}."


def _newest(measure: MeasureOnDay, kinds: Collection[EventKind]) -> EventShown | None:
    """The last event behind the status that is of one of these kinds."""
    return next((each for each in reversed(measure.rests_on) if each.kind in kinds), None)


def _source(measure: MeasureOnDay, kinds: Collection[EventKind] = ()) -> str:
    """The act to look at: that of the newest such event, else the measure's own."""
    event = _newest(measure, kinds)
    return measure.citation if event is None or event.citation is None else event.citation


def _joined(*sentences: str | None) -> str:
    return " ".join(filter(None, sentences))
