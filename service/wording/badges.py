"""The status in a few words: the badge beside a measure."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from service.model.coming import StatusThen
from service.model.on_day import MeasureOnDay
from service.model.status import SliceStatus, StatusWord
from service.wording.days import day_before, day_in_words, days_left_in_words

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
