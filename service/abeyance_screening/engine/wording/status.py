"""What a status means in short sentences: what holds, what is still owed, what comes next."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType

from abeyance_screening.engine.measures.law.coming import StatusThen
from abeyance_screening.engine.measures.measure import Effect, EffectKind, EventKind
from abeyance_screening.engine.measures.status import (
    DEEDS,
    EventShown,
    LapsedKind,
    MeasureOnDay,
    SliceStatus,
)
from abeyance_screening.engine.measures.status_table import STATUSES, StatusWord
from abeyance_screening.primitives.days import day_before, day_in_words, days_left_in_words

# A measure that itself loosens others is not eased by a licence.
_LOOSENED = "In force, loosened"
_NOT_PRINTED = (
    "Which of these the entry imposes is not printed in the edition at hand: assume all of them."
)
# The flag of a status whose first day is the rule's own and not the listing's.
_DAY_OF_THE_RULE = "listing_day_not_recorded"
# What a measure forbids or asks for: without and with its subject, and as a noun with the
# preposition before the subject.
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
    "own_policy": "Your own policy requires review",
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
    "easing": "It eases: {}",
    "own_policy": "Your own policy: {}",
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
_RELIEF: frozenset[EventKind] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation", "narrow"}
)
_LAPSED: Mapping[LapsedKind, tuple[str, str]] = MappingProxyType(
    {
        "suspension": ("the suspension", "no extension"),
        "non_enforcement": ("the non-enforcement", "nothing since"),
        "court_stay": ("the court's stay", "nothing since"),
        "delay": ("the delay of its start", "no further delay"),
        "authorisation": ("the licence", "no renewal"),
        "term": ("its own term", "no renewal"),
    }
)
"""What ran out, and what would have kept it running and is not on record."""
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


def badge(shown: MeasureOnDay | StatusThen) -> str:
    """Return the status with its day, where one is known.

    `In force since 2 Aug 2021`, `Suspended until 27 Nov 2026 — three days left`. A day that is the
    rule's own and not the listing's is left to the notes. The days left of a suspension are given
    until it ends.
    """
    if isinstance(shown, MeasureOnDay):
        if shown.status == "in_force" and own_since(shown) is None:
            return plain_badge("in_force")
        if shown.status == "in_force_eased" and loosens(shown):
            return _LOOSENED
    if shown.status == "partly_suspended":
        return _in_part(shown.slices)
    words = dated_badge(shown.status, shown.since, shown.until, shown.next_change_on)
    if shown.status == "suspended" and shown.until is not None and shown.until >= shown.as_of:
        words += f" — {days_left_in_words(shown.until, shown.as_of)}"
    return words


def dated_badge(
    word: StatusWord, since: date | None, until: date | None, starts: date | None
) -> str:
    """Return a status with the day that goes with it: the first, the last, that of the start."""
    facts = STATUSES[word]
    dated = (
        (facts.since, since),
        (facts.until, until),
        (facts.starts, starts),
        (facts.last_day, until if since is None else day_before(since)),
    )
    for words, day in dated:
        if words is not None and day is not None:
            return words.format(day_in_words(day))
    return facts.undated or facts.badge


def plain_badge(word: StatusWord) -> str:
    """Return a status without any day."""
    return STATUSES[word].badge


def badge_ahead(word: StatusWord) -> str:
    """Return a status that is still to come, without its day: `The licence runs out`."""
    return STATUSES[word].ahead or STATUSES[word].badge


def slice_badge(part: SliceStatus) -> str:
    """Return the status of a part of a measure, with its day."""
    starts = None if part.next_change is None else part.next_change.on
    return dated_badge(part.status, part.since, part.until, starts)


def glance(measure: MeasureOnDay) -> str:
    """Return the status in at most four words: `Suspended, three days left`."""
    until = measure.until
    if measure.status == "suspended" and until is not None and until >= measure.as_of:
        left = days_left_in_words(until, measure.as_of)
        return f"Suspended, {left if left.endswith('left') else f'ends {left}'}"
    if measure.status == "in_force_eased" and loosens(measure):
        return _LOOSENED
    return plain_glance(measure.status)


def plain_glance(word: StatusWord) -> str:
    """Return a status without any day, in at most four words."""
    return STATUSES[word].glance or STATUSES[word].badge


def own_since(measure: MeasureOnDay) -> date | None:
    """Return the first day of the status; None if it is the rule's own and not the listing's."""
    return None if _DAY_OF_THE_RULE in measure.flags else measure.since


def loosens(measure: MeasureOnDay) -> bool:
    """Return whether the measure itself loosens others."""
    return any(effect.kind == "easing" for effect in measure.effect)


def duty(measure: MeasureOnDay) -> str:
    """Return what is forbidden or needed, in the register's plain words or by its effects.

    Of an entry it is what the entry imposes. Where the loaded edition does not print that, it is
    all that the measure can impose, and the last sentence says so.
    """
    if measure.imposed == "not_printed":
        return f"{duties_in_words(measure.effect)} {_NOT_PRINTED}"
    if measure.plain is not None:
        return measure.plain
    return duties_in_words(measure.effect)


def duties_in_words(effects: Iterable[Effect]) -> str:
    """Return effects in sentences: `A licence is needed for chips. Forbidden: arms.`."""
    return " ".join(f"{_duty_of(effect)}." for effect in effects)


def duty_within(measure: MeasureOnDay) -> str:
    """Return the duty for use after a colon; the register's own words keep their capital."""
    words = duty(measure)
    return words if words == measure.plain else f"{words[:1].lower()}{words[1:]}"


def nouns(measure: MeasureOnDay) -> tuple[str, ...]:
    """Return what to call the measure in a sentence, one noun for each effect.

    `the ban on trade with China`. If the register has plain words, those say on what, and the
    nouns do not.
    """
    effects = (_noun(effect, with_what=measure.plain is None) for effect in measure.effect)
    return tuple(dict.fromkeys(effects))


def effect_in_words(measure: MeasureOnDay) -> str:
    """Return what the measure does, kinds first: `licence required; prohibition (new debt)`."""
    return "; ".join(
        effect.kind.replace("_", " ") + (f" ({effect.what})" if effect.what else "")
        for effect in measure.effect
    )


def sentence(measure: MeasureOnDay) -> str:
    """Return what the status means on the day asked about, in whole sentences.

    The register's plain words say what the measure does, or else its effects. Days are written in
    words. No sentence draws a conclusion for a company, and none gives advice.
    """
    return _SENTENCES[measure.status](measure)


def lapse_in_words(measure: MeasureOnDay) -> str | None:
    """Return what ended and led to the status: `the suspension ended on 10 Nov 2026`.

    None where the status rests on no end that passed in silence. The day is the act's own, with a
    remark where the act includes it.
    """
    lapsed = measure.lapsed
    if lapsed is None:
        return None
    included = " (that day included)" if lapsed.until_bound == "inclusive" else ""
    return f"{_LAPSED[lapsed.what][0]} ended on {day_in_words(lapsed.until)}{included}"


def lapse_sentence(measure: MeasureOnDay) -> str | None:
    """Return what ended and that nothing keeps it running, as a sentence, or None.

    `The suspension ended on 10 Nov 2026 and no extension is on record.`
    """
    lapsed, words = measure.lapsed, lapse_in_words(measure)
    if lapsed is None or words is None:
        return None
    return f"{words[0].upper()}{words[1:]} and {_LAPSED[lapsed.what][1]} is on record."


def _in_part(slices: tuple[SliceStatus, ...]) -> str:
    """Return `In force in part: para. 2 suspended`."""
    suspended = [part.part for part in slices if part.status == "suspended"]
    if not suspended:
        return plain_badge("partly_suspended")
    return f"{plain_badge('partly_suspended')}: {', '.join(suspended)} suspended"


def _duty_of(effect: Effect) -> str:
    if effect.what is None:
        return _BARE[effect.kind]
    return _WITH_WHAT[effect.kind].format(effect.what)


def _noun(effect: Effect, *, with_what: bool) -> str:
    name, preposition = _NOUNS[effect.kind]
    if effect.what is None or not with_what:
        return name
    if ":" in effect.what:
        return f"{name} ({effect.what})"
    return f"{name} {preposition} {effect.what}"


def _not_public(measure: MeasureOnDay) -> str:
    if "not_listed_yet" in measure.flags:
        return "The entry was not public by then; nobody outside could know it."
    return "Nothing of it was public by then; nobody outside could know it."


def _not_made(measure: MeasureOnDay) -> str:
    if "not_listed_yet" in measure.flags:
        return "The party was not on the list yet."
    change, then = measure.next_change_on, measure.next_change_to
    if change is None or then is None:
        return "Nothing of it was announced or published by then."
    what = plain_badge(then)
    return (
        f"Nothing of it was announced or published by then. From {day_in_words(change)}: "
        f"{what[:1].lower()}{what[1:]}."
    )


def _announced(measure: MeasureOnDay) -> str:
    event = next((each for each in (*measure.upcoming, *measure.rests_on)), None)
    day = None if event is None else event.announced_on
    act = "" if event is None or event.citation is None else f" ({event.citation})"
    on = "" if day is None else f" on {day_in_words(day)}"
    if measure.next_change_to == "published_not_effective":
        return f"It was announced{on}{act}. The act was not published yet; nothing applies yet."
    return f"It was announced{on}{act}. No act exists; nothing has changed."


def _not_effective(measure: MeasureOnDay) -> str:
    starts = measure.next_change_on
    then = "Once it starts" if starts is None else f"From {day_in_words(starts)}"
    return f"Nothing applies yet. {then}: {duty_within(measure)}"


def _in_force(measure: MeasureOnDay) -> str:
    return _joined(duty(measure), *map(_part, measure.slices))


def _joined(*sentences: str | None) -> str:
    return " ".join(filter(None, sentences))


def _part(part: SliceStatus) -> str:
    """Return a part with another status: `Paragraph 2 is suspended until 27 Nov 2026.`."""
    name = f"{part.part[:1].upper()}{part.part[1:]}"
    if part.status != "suspended" or part.until is None:
        return f"{name}: {slice_badge(part)}."
    return f"{name} is suspended until {day_in_words(part.until)}."


def _eased(measure: MeasureOnDay) -> str:
    if loosens(measure):
        return duty(measure)
    event = _newest(measure, _RELIEF)
    act = "A licence" if event is None or event.citation is None else event.citation
    what = "eases part of it" if event is None or event.slice is None else f"allows {event.slice}"
    ends = None if measure.next_change_to == "in_force_eased" else measure.next_change_on
    if event is not None and DEEDS[event.kind] == "ease" and event.until is None:
        until = "no end of that is stated"
    elif ends is not None:
        until = f"from {day_in_words(ends)} it no longer does"
    elif measure.until is not None:
        until = f"until {day_in_words(measure.until)}"
    else:
        until = "no end of that is stated"
    return _joined(duty(measure), f"{act} {what}; {until}.")


def _newest(measure: MeasureOnDay, kinds: Collection[EventKind]) -> EventShown | None:
    """Return the last event of these kinds that the status rests on."""
    return next((each for each in reversed(measure.rests_on) if each.kind in kinds), None)


def _partly_suspended(measure: MeasureOnDay) -> str:
    return _joined(duty(measure), *map(_part, measure.slices), "The rest is in force.")


def _suspended(measure: MeasureOnDay) -> str:
    owed = measure.residual_obligation or "The text remains, but has no effect for now."
    returns = measure.next_change_on or measure.until
    if measure.until is None and "suspension_end_not_recorded" in measure.flags:
        source = _source(measure, ("suspend", "extend_suspension"))
        end = f"No end date was read. That does not mean that there is none: check {source}."
    elif returns is None:
        end = "No end is stated; it returns when the suspension is taken back."
    else:
        longer = measure.until is not None and (returns - measure.until).days > 1
        goes_on = "Later acts make it longer. " if longer else ""
        end = f"{goes_on}From {day_in_words(returns)} {_returns(measure)}"
    return _joined(owed, end)


def _source(measure: MeasureOnDay, kinds: Collection[EventKind] = ()) -> str:
    """Return the act to look at: of the newest event of these kinds, else the measure's own."""
    event = _newest(measure, kinds)
    return measure.citation if event is None or event.citation is None else event.citation


def _returns(measure: MeasureOnDay) -> str:
    """Return a clause on what comes back unless a new act is recorded."""
    effects = nouns(measure)
    verb = "returns" if len(effects) == 1 else "return"
    then = "." if measure.plain is None else f": {measure.plain}"
    return f"{' and '.join(effects)} {verb} unless a new act is recorded{then}"


def _not_enforced(measure: MeasureOnDay) -> str:
    event = _newest(measure, ("not_enforced",))
    day = None if event is None else event.announced_on or event.published_on or event.effective_on
    on = "" if day is None else f" on {day_in_words(day)}"
    return _joined(
        f"{measure.authority} announced{on} that it does not enforce it. The text remains; it may "
        "be enforced again without notice.",
        duty(measure),
    )


def _stayed(measure: MeasureOnDay) -> str:
    event = _newest(measure, ("stay",))
    act = "" if event is None or event.citation is None else f" ({event.citation})"
    what = " and ".join(nouns(measure)) if measure.plain is None else measure.plain
    return f"A court stopped it{act}. It returns if the stay is lifted: {what.rstrip('.')}."


def _by_lapse(measure: MeasureOnDay) -> str:
    ended = lapse_sentence(measure)
    if ended is None:
        on = "" if measure.since is None else f" on {day_in_words(day_before(measure.since))}"
        ended = f"What held it back ran out{on} and nothing since is on record."
    return _joined(f"{ended} Treat it as in force.", duty(measure))


def _ended(measure: MeasureOnDay) -> str:
    event = _newest(measure, _ENDED_BY)
    if "delisted" in measure.flags:
        how = "The publisher took the entry off the list."
    elif event is None:
        how = "It no longer holds."
    else:
        how = f"{_ENDED_BY[event.kind]}{_by_act(event)}."
    return _joined(how, measure.residual_obligation)


def _by_act(event: EventShown) -> str:
    if event.citation is None:
        return ""
    return f" ({event.citation})" if event.kind == "expire" else f" by {event.citation}"


def _term_ran_out(measure: MeasureOnDay) -> str:
    of_entry = "term_of_the_entry_passed" in measure.flags
    ended = None if of_entry else lapse_sentence(measure)
    if ended is None:
        ended = (
            f"{"The entry's" if of_entry else 'Its'} own term has passed and no renewal was read."
        )
    return _joined(
        f"{ended} Check {_source(measure)} before relying on it.",
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


def _licence_runs(measure: MeasureOnDay) -> str:
    act = _source(measure, _RELIEF)
    then = "" if measure.until is None else " until then"
    if measure.plain is not None:
        return f"Under {act}{then}: {measure.plain} What it loosens stays in force."
    return f"Allowed under {act}{then}: {_allowed(measure)}. What it loosens stays in force."


def _licence_ran_out(measure: MeasureOnDay) -> str:
    ended = lapse_in_words(measure)
    on = "" if measure.since is None else f" on {day_in_words(day_before(measure.since))}"
    how = f" ran out{on}" if ended is None else f": {ended}"
    said = f": {measure.plain}" if measure.plain else f" it allowed: {_allowed(measure)}."
    return (
        f"{_source(measure, _RELIEF)}{how} and no renewal was read. "
        f"Count the relief as gone. While it ran{said}"
    )


def _allowed(measure: MeasureOnDay) -> str:
    allowed = [effect.what for effect in measure.effect if effect.kind == "easing" and effect.what]
    return "; ".join(allowed) if allowed else measure.title


_SENTENCES: Mapping[StatusWord, Callable[[MeasureOnDay], str]] = {
    "not_known": _not_public,
    "not_yet_made": _not_made,
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
