"""The words for a status: a badge with its date, as a person would say it."""

from service.flow.coming_words import day_in_words
from service.model.answer import Hit
from service.model.on_day import EventShown, MeasureOnDay
from service.model.status import StatusWord
from service.model.transaction import FactMet

_PLAIN: dict[StatusWord, str] = {
    "not_known": "Not public on that day",
    "announced": "Announced only",
    "published_not_effective": "Published, not in force yet",
    "in_force": "In force",
    "in_force_eased": "In force, eased by a licence",
    "partly_suspended": "In force in part",
    "suspended": "Suspended, end not recorded",
    "in_force_not_enforced": "In force, not enforced",
    "court_stayed": "Stayed by a court",
    "in_force_by_lapse": "In force — what held it back ran out; unconfirmed",
    "ended": "Ended",
    "ended_by_term_unconfirmed": "Term ran out — unconfirmed",
    "unknown": "Status not on record — treat as restricted",
    "eased_by_licence": "Licence in force",
    "authorisation_lapsed_unconfirmed": "Licence ran out — unconfirmed",
}
_SINCE: dict[StatusWord, str] = {
    "in_force": "In force since {}",
    "in_force_by_lapse": "In force since {} — what held it back ran out; unconfirmed",
    "court_stayed": "Stayed by a court since {}",
    "ended": "Ended {}",
    "ended_by_term_unconfirmed": "Term ran out before {} — unconfirmed",
}
_UNTIL: dict[StatusWord, str] = {
    "in_force_eased": "In force, eased by a licence until {}",
    "suspended": "Suspended until {}",
    "eased_by_licence": "Licence until {}",
}
_OF_THE_RULE = " (the rule; day of listing not given)"
_STARTS: dict[StatusWord, str] = {"published_not_effective": "Published, starts {}"}


def left_in_words(hit: Hit) -> str:
    """A party that has left its list, and what is known of when."""
    name, standing = hit.listing.primary_name, hit.standing
    who = f"History: {name} was on {hit.listing.list_code}"
    if standing.left_on is not None:
        return f"{who} and was taken off it on {day_in_words(standing.left_on)}."
    if standing.left_by is not None:
        return f"{who} and is gone from its edition of {day_in_words(standing.left_by)}."
    return f"{who} and has left it."


def badge(measure: MeasureOnDay) -> str:
    """The status in a few words, with the day that goes with it where one is known."""
    dated = (
        (_SINCE, measure.since),
        (_UNTIL, measure.until),
        (_STARTS, measure.next_change_on),
    )
    for words, day in dated:
        if measure.status in words and day is not None:
            said = words[measure.status].format(day_in_words(day))
            return said + _OF_THE_RULE if words is _SINCE and _began_before(measure) else said
    return _PLAIN[measure.status]


def _began_before(measure: MeasureOnDay) -> bool:
    """Whether the day is that of the measure, because the list does not give the party's own."""
    return measure.status == "in_force" and "listing_day_not_recorded" in measure.flags


def doubt_in_words(event: EventShown) -> str:
    """An event that sources contradict: what it would be, until when, and who says so when."""
    words = f"Disputed, does not count: {event.kind.replace('_', ' ')}"
    if event.until is not None:
        words += f" to {day_in_words(event.until)}"
    return words if event.announced_on is None else f"{words} ({day_in_words(event.announced_on)})"


def fact_in_words(fact: FactMet) -> str:
    """A fact of a transaction and what it meets: `284690, by hs 2846: rare earths`."""
    if fact.by is None:
        return f"{fact.fact.replace('_', ' ')} {fact.given.replace('_', ' ')}"
    return f"{fact.given}, by {fact.by.replace('_', ' ')} {fact.meets}: {fact.item_class}"


def effect_in_words(measure: MeasureOnDay) -> str:
    """What the measure does, kinds first: `licence required; prohibition (new debt)`."""
    return "; ".join(
        effect.kind.replace("_", " ") + (f" ({effect.what})" if effect.what else "")
        for effect in measure.effect
    )
