"""The sentence of a status: what is forbidden or needed, and what happens when it changes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType

from service.model.event import EventKind
from service.model.measure import Effect, EffectKind
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import StatusWord
from service.web.dates import day

_ONE_DAY = timedelta(days=1)
_DUTY: Mapping[EffectKind, tuple[str, str]] = MappingProxyType(
    {
        "blocked": (
            "Its assets are frozen and nobody may make any available to it.",
            "Frozen: {}.",
        ),
        "prohibition": ("Dealings are forbidden.", "Forbidden: {}."),
        "licence_required": ("A licence is needed.", "A licence is needed: {}."),
        "import_ban": ("Imports are banned.", "Imports are banned: {}."),
        "travel_ban": ("Its people may not enter.", "Entry is barred: {}."),
        "debarment": ("It is barred from licensed trade.", "Barred: {}."),
        "director_disqualification": (
            "It may not direct a company.",
            "May not direct a company: {}.",
        ),
        "due_diligence": ("Extra checks are owed before dealing.", "Extra checks are owed: {}."),
        "fee": ("A fee or duty is due.", "A fee or duty is due: {}."),
        "own_policy": ("Your own policy applies.", "Your own policy: {}."),
        "easing": ("It loosens other rules.", "Allowed: {}."),
        "unknown": ("What it does is not on record.", "What it does is not on record: {}."),
        "none": ("It has no effect of its own.", "It has no effect of its own: {}."),
    }
)
_HELD_BACK: Mapping[EventKind, str] = MappingProxyType(
    {
        "suspend": "The suspension",
        "extend_suspension": "The suspension",
        "delay": "The delay",
        "stay": "The court's stay",
        "not_enforced": "The promise not to enforce it",
        "authorise": "The licence",
        "extend_authorisation": "The licence",
        "replace_authorisation": "The licence",
    }
)
_ENDED: Mapping[EventKind, str] = MappingProxyType(
    {
        "expire": "Expired",
        "revoke": "Revoked",
        "delist": "Taken off the list",
        "annul": "Annulled",
        "replace": "Replaced",
        "stop_measures": "Stopped",
    }
)
_LICENCES: frozenset[EventKind] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation"}
)


def sentence_of(measure: MeasureOnDay) -> str:
    """What the measure means on the day, in one to three sentences."""
    return _SENTENCES.get(measure.status, duty_of)(measure)


def duty_of(measure: MeasureOnDay) -> str:
    """What is forbidden or needed while the measure bites."""
    return measure.plain or duty_in_words(measure.effect)


def duty_in_words(effects: Iterable[Effect]) -> str:
    """The same from the effects alone: `A licence is needed: chips. Imports are banned.`."""
    return " ".join(
        _DUTY[each.kind][0] if each.what is None else _DUTY[each.kind][1].format(each.what)
        for each in effects
    )


def last_of(events: Iterable[EventShown], kinds: Iterable[EventKind]) -> EventShown | None:
    """The last event that is of one of these kinds."""
    wanted = frozenset(kinds)
    return next((each for each in reversed(tuple(events)) if each.kind in wanted), None)


def _eased(measure: MeasureOnDay) -> str:
    licence = last_of(measure.rests_on, _LICENCES)
    if licence is None:
        return duty_of(measure)
    what = "" if licence.slice is None else f" for {licence.slice}"
    eased = f"{duty_of(measure)} Eased{what} by {licence.citation or 'a licence'}"
    if measure.until is None:
        return f"{eased}; the rest stands."
    last = measure.until if measure.until_bound == "inclusive" else measure.until - _ONE_DAY
    return f"{eased}, to {day(last)} at the latest; then the relief ends."


def _part(measure: MeasureOnDay) -> str:
    parts = " ".join(
        f"{_capital(each.part)} is suspended"
        + ("." if each.until is None else f" until {day(each.until)}.")
        for each in measure.slices
        if each.status == "suspended"
    )
    return f"{duty_of(measure)} {parts}".strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _suspended(measure: MeasureOnDay) -> str:
    meanwhile = measure.residual_obligation or "The text stands and has no effect for now."
    if measure.until is None:
        where = measure.citation
        return f"{meanwhile} No end date was read. That is no open end: check {where}."
    returns = measure.next_change_on or measure.until
    return f"{meanwhile} From {day(returns)} it returns unless a new act is recorded."


def _lapsed(measure: MeasureOnDay) -> str:
    held = last_of(measure.rests_on, _HELD_BACK)
    what = "What held it back" if held is None else _HELD_BACK[held.kind]
    on = "" if measure.since is None else f" on {day(measure.since - _ONE_DAY)}"
    ran = f"{what} ran out{on} and no extension is on record."
    return f"{ran} Treat it as in force. {duty_of(measure)}"


def _not_enforced(measure: MeasureOnDay) -> str:
    said = last_of(measure.rests_on, {"not_enforced"})
    on = None if said is None else said.announced_on or said.published_on or said.effective_on
    when = "" if on is None else f" on {day(on)}"
    return (
        f"{measure.authority} said{when} that it does not enforce it. "
        "The text stands; it may be enforced again without notice."
    )


def _stayed(measure: MeasureOnDay) -> str:
    stay = last_of(measure.rests_on, {"stay"})
    case = f" ({stay.citation})" if stay is not None and stay.citation else ""
    return f"A court stopped it{case}. It returns if the stay is lifted."


def _published(measure: MeasureOnDay) -> str:
    then = "its start" if measure.next_change_on is None else day(measure.next_change_on)
    return f"Nothing applies yet. From {then}: {duty_of(measure)}"


def _announced(measure: MeasureOnDay) -> str:
    said = next(iter((*measure.rests_on, *measure.upcoming)), None)
    if said is None:
        return "It was only said. No act exists; nothing has changed."
    on = said.announced_on or said.published_on
    when = "" if on is None else f" on {day(on)}"
    by = "" if said.citation is None else f" ({said.citation})"
    return f"Said{when}{by}. No act exists; nothing has changed."


def _ended(measure: MeasureOnDay) -> str:
    end = last_of(measure.rests_on, _ENDED)
    how = "It has ended" if end is None else _ENDED[end.kind]
    by = "" if end is None or end.citation is None else f" by {end.citation}"
    stays = "" if measure.residual_obligation is None else f" {measure.residual_obligation}"
    return f"{how}{by}.{stays}"


def _ended_by_term(measure: MeasureOnDay) -> str:
    stays = "" if measure.residual_obligation is None else f" {measure.residual_obligation}"
    return (
        f"Its own term has passed and no renewal was read. Check {measure.citation} before "
        f"relying on it.{stays}"
    )


def _unknown(measure: MeasureOnDay) -> str:
    if measure.plain is not None:
        return measure.plain
    return "What is recorded of it could not be read. Treat it as restricted."


def _not_known(_: MeasureOnDay) -> str:
    return "On that day nobody outside could know of it."


def _licence(measure: MeasureOnDay) -> str:
    until = (
        "No end is recorded." if measure.until is None else f"It runs until {day(measure.until)}."
    )
    return f"{duty_of(measure)} {until} The restriction under it stays."


def _licence_gone(measure: MeasureOnDay) -> str:
    return f"No renewal was read. Count the relief as gone. While it ran: {duty_of(measure)}"


_SENTENCES: Mapping[StatusWord, Callable[[MeasureOnDay], str]] = MappingProxyType(
    {
        "not_known": _not_known,
        "announced": _announced,
        "published_not_effective": _published,
        "in_force_eased": _eased,
        "partly_suspended": _part,
        "suspended": _suspended,
        "in_force_not_enforced": _not_enforced,
        "court_stayed": _stayed,
        "in_force_by_lapse": _lapsed,
        "ended": _ended,
        "ended_by_term_unconfirmed": _ended_by_term,
        "unknown": _unknown,
        "eased_by_licence": _licence,
        "authorisation_lapsed_unconfirmed": _licence_gone,
    }
)
