"""What a status means in short sentences: what holds, what stays owed, what comes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType

from service.days import day_before, day_in_words, days_left_in_words
from service.measures.coming_model import StatusThen
from service.measures.event import EventKind
from service.measures.measure import Effect, EffectKind
from service.measures.on_day import EventShown, MeasureOnDay
from service.measures.status import SliceStatus, StatusWord

# --- The status in a few words: the badge beside a measure.

_PLAIN: Mapping[StatusWord, str] = MappingProxyType(
    {
        "not_known": "Not public on that day",
        "announced": "Announced only",
        "published_not_effective": "Published, not in force yet",
        "in_force": "In force",
        "in_force_eased": "In force, eased by a licence",
        "partly_suspended": "In force in part",
        "suspended": "Suspended",
        "in_force_not_enforced": "In force, not enforced",
        "court_stayed": "Stayed by a court",
        "in_force_by_lapse": "In force — unconfirmed",
        "ended": "Ended",
        "ended_by_term_unconfirmed": "Term ran out — unconfirmed",
        "unknown": "Status not on record — treat as restricted",
        "eased_by_licence": "Licence in force",
        "authorisation_lapsed_unconfirmed": "Licence ran out — unconfirmed",
    }
)
# What a badge says where the day that belongs into it is not on record.
_UNDATED: Mapping[StatusWord, str] = MappingProxyType(
    {
        "published_not_effective": "Published, start not recorded",
        "suspended": "Suspended, end not recorded",
        "eased_by_licence": "Licence, no end recorded",
    }
)
_SINCE: Mapping[StatusWord, str] = MappingProxyType(
    {
        "in_force": "In force since {}",
        "in_force_by_lapse": "In force since {} — unconfirmed",
        "court_stayed": "Stayed by a court since {}",
        "ended": "Ended {}",
    }
)
_UNTIL: Mapping[StatusWord, str] = MappingProxyType(
    {
        "in_force_eased": "In force, eased by a licence until {}",
        "suspended": "Suspended until {}",
        "eased_by_licence": "Licence until {}",
    }
)
_STARTS: Mapping[StatusWord, str] = MappingProxyType(
    {"published_not_effective": "Published, starts {}"}
)
_LAST_DAY: Mapping[StatusWord, str] = MappingProxyType(
    {"ended_by_term_unconfirmed": "Term ran out {} — unconfirmed"}
)
_GLANCES: Mapping[StatusWord, str] = MappingProxyType(
    {
        "not_known": "Not public then",
        "announced": "Announced only",
        "published_not_effective": "Published, not in force",
        "in_force": "In force",
        "in_force_eased": "In force, eased",
        "partly_suspended": "In force in part",
        "suspended": "Suspended",
        "in_force_not_enforced": "In force, not enforced",
        "court_stayed": "Stayed by a court",
        "in_force_by_lapse": "In force, unconfirmed",
        "ended": "Ended",
        "ended_by_term_unconfirmed": "Term ran out, unconfirmed",
        "unknown": "Status not on record",
        "eased_by_licence": "Licence in force",
        "authorisation_lapsed_unconfirmed": "Licence ran out, unconfirmed",
    }
)
# A rule that itself loosens others is not eased by a licence.
_LOOSENED = "In force, loosened"
_DAY_OF_THE_RULE = "listing_day_not_recorded"


def badge(shown: MeasureOnDay | StatusThen) -> str:
    """The status with the day that goes with it, where one is known.

    `In force since 2 Aug 2021`, `Suspended until 27 Nov 2026 — three days left`. A day that is
    the rule's own and not the listing's is left to the notes. What a suspension has left is told
    while its end lies ahead.
    """
    if isinstance(shown, MeasureOnDay):
        if shown.status == "in_force" and own_since(shown) is None:
            return _PLAIN["in_force"]
        if shown.status == "in_force_eased" and loosens(shown):
            return _LOOSENED
    if shown.status == "partly_suspended":
        return _in_part(shown.slices)
    words = _dated(shown.status, shown.since, shown.until, shown.next_change_on)
    if shown.status == "suspended" and shown.until is not None and shown.until >= shown.as_of:
        words += f" — {days_left_in_words(shown.until, shown.as_of)}"
    return words


def plain_badge(word: StatusWord) -> str:
    """A status word without any day."""
    return _PLAIN[word]


def slice_badge(part: SliceStatus) -> str:
    """The badge of a part of a measure."""
    starts = None if part.next_change is None else part.next_change.on
    return _dated(part.status, part.since, part.until, starts)


def glance(measure: MeasureOnDay) -> str:
    """The status in at most four words, for a strip: `Suspended, three days left`."""
    until = measure.until
    if measure.status == "suspended" and until is not None and until >= measure.as_of:
        left = days_left_in_words(until, measure.as_of)
        return f"Suspended, {left if left.endswith('left') else f'ends {left}'}"
    if measure.status == "in_force_eased" and loosens(measure):
        return _LOOSENED
    return _GLANCES[measure.status]


def plain_glance(word: StatusWord) -> str:
    """A status word without any day, in at most four words."""
    return _GLANCES[word]


def own_since(measure: MeasureOnDay) -> date | None:
    """The first day of the status, unless it is the rule's own and not that of the listing."""
    return None if _DAY_OF_THE_RULE in measure.flags else measure.since


def loosens(measure: MeasureOnDay) -> bool:
    """Whether the measure is itself one that loosens others."""
    return any(effect.kind == "easing" for effect in measure.effect)


def _in_part(slices: tuple[SliceStatus, ...]) -> str:
    """`In force in part: para. 2 suspended`."""
    suspended = [part.part for part in slices if part.status == "suspended"]
    if not suspended:
        return _PLAIN["partly_suspended"]
    return f"{_PLAIN['partly_suspended']}: {', '.join(suspended)} suspended"


def _dated(word: StatusWord, since: date | None, until: date | None, starts: date | None) -> str:
    dated = (
        (_SINCE, since),
        (_UNTIL, until),
        (_STARTS, starts),
        (_LAST_DAY, until if since is None else day_before(since)),
    )
    for words, day in dated:
        if word in words and day is not None:
            return words[word].format(day_in_words(day))
    return _UNDATED.get(word, _PLAIN[word])


# --- What a measure forbids or asks for, in plain words.

_BARE: dict[EffectKind, str] = {
    "blocked": "Its funds and assets are frozen, and nothing may be made available to it",
    "prohibition": "Dealings with it are forbidden",
    "licence_required": "A licence is needed",
    "import_ban": "Its goods may not be imported",
    "travel_ban": "Entry and transit are forbidden",
    "debarment": "It is debarred",
    "due_diligence": "More checks than usual are due",
    "fee": "A charge is due",
    "director_disqualification": "It may not direct a company",
    "easing": "It loosens other measures",
    "own_policy": "A policy of our own asks for care",
    "unknown": "What it forbids is not on record",
    "none": "It forbids nothing by itself",
}
_WITH_WHAT: dict[EffectKind, str] = {
    "blocked": "Frozen: {}",
    "prohibition": "Forbidden: {}",
    "licence_required": "A licence is needed for {}",
    "import_ban": "Imports are forbidden: {}",
    "travel_ban": "Entry and transit are forbidden: {}",
    "debarment": "Debarred: {}",
    "due_diligence": "More checks than usual are due: {}",
    "fee": "A charge is due: {}",
    "director_disqualification": "It may not direct a company: {}",
    "easing": "Allowed: {}",
    "own_policy": "A policy of our own: {}",
    "unknown": "What it does is not on record for certain: {}",
    "none": "It forbids nothing by itself: {}",
}
_NOUNS: dict[EffectKind, tuple[str, str]] = {
    "blocked": ("the freeze", "of"),
    "prohibition": ("the ban", "on"),
    "licence_required": ("the licence requirement", "for"),
    "import_ban": ("the import ban", "on"),
    "travel_ban": ("the travel ban", "on"),
    "debarment": ("the debarment", "from"),
    "due_diligence": ("the duty to check", "on"),
    "fee": ("the charge", "of"),
    "director_disqualification": ("the disqualification", "from"),
    "easing": ("the easing", "of"),
    "own_policy": ("the policy", "on"),
    "unknown": ("whatever it does", "on"),
    "none": ("what it says", "on"),
}


def duty(measure: MeasureOnDay) -> str:
    """What is forbidden or needed, as whole sentences; the register's own plain words if any."""
    if measure.plain is not None:
        return measure.plain
    return duties_in_words(measure.effect)


def duties_in_words(effects: Iterable[Effect]) -> str:
    """The same of the effects alone: `A licence is needed for chips. Forbidden: arms.`."""
    return " ".join(f"{_said(effect)}." for effect in effects)


def duty_within(measure: MeasureOnDay) -> str:
    """The same behind a colon; the register's own words keep their capital."""
    words = duty(measure)
    return words if measure.plain is not None else f"{words[:1].lower()}{words[1:]}"


def nouns(measure: MeasureOnDay) -> tuple[str, ...]:
    """What to call it in a sentence: `the ban on trade with China`, one for each effect.

    Where the register has plain words, they say on what.
    """
    named = (_noun(effect, with_what=measure.plain is None) for effect in measure.effect)
    return tuple(dict.fromkeys(named))


def effect_in_words(measure: MeasureOnDay) -> str:
    """What the measure does, kinds first: `licence required; prohibition (new debt)`."""
    return "; ".join(
        effect.kind.replace("_", " ") + (f" ({effect.what})" if effect.what else "")
        for effect in measure.effect
    )


def _noun(effect: Effect, *, with_what: bool) -> str:
    name, preposition = _NOUNS[effect.kind]
    if effect.what is None or not with_what:
        return name
    if ":" in effect.what:
        return f"{name} ({effect.what})"
    return f"{name} {preposition} {effect.what}"


def _said(effect: Effect) -> str:
    if effect.what is None:
        return _BARE[effect.kind]
    return _WITH_WHAT[effect.kind].format(effect.what)


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
