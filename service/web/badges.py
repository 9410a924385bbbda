"""The badge of a status: a shape, and the status in a few words with the day that matters.

The same shape stands in the badge, in the glance strip and, as ink, in the timeline.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.model.on_day import MeasureOnDay
from service.model.status import StatusWord
from service.web.dates import count, day

# Up to so many days before an end, the badge says how many are left.
_NEAR_DAYS = 10

Shape = Literal[
    "force",
    "eased",
    "part",
    "sleeps",
    "stayed",
    "lapsed",
    "frame",
    "coming",
    "said",
    "over",
    "over-unsure",
    "unknown",
    "licence",
    "licence-gone",
]


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """A status as a shape and words; `brief` has at most four words, `text` the day as well."""

    shape: Shape
    text: str
    brief: str


SHAPES: Mapping[StatusWord, Shape] = MappingProxyType(
    {
        "not_known": "said",
        "announced": "said",
        "published_not_effective": "coming",
        "in_force": "force",
        "in_force_eased": "eased",
        "partly_suspended": "part",
        "suspended": "sleeps",
        "in_force_not_enforced": "frame",
        "court_stayed": "stayed",
        "in_force_by_lapse": "lapsed",
        "ended": "over",
        "ended_by_term_unconfirmed": "over-unsure",
        "unknown": "unknown",
        "eased_by_licence": "licence",
        "authorisation_lapsed_unconfirmed": "licence-gone",
    }
)
BRIEF: Mapping[StatusWord, str] = MappingProxyType(
    {
        "not_known": "Not yet public",
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
        "ended_by_term_unconfirmed": "Term over, unconfirmed",
        "unknown": "Status not on record",
        "eased_by_licence": "Licence runs",
        "authorisation_lapsed_unconfirmed": "Licence over, unconfirmed",
    }
)


def badge_of(measure: MeasureOnDay) -> Badge:
    """The badge of a measure on the day it was asked for."""
    return Badge(
        shape=SHAPES[measure.status],
        text=_TEXTS.get(measure.status, _brief)(measure),
        brief=_short(measure),
    )


def brief_badge(word: StatusWord) -> Badge:
    """The badge of a status whose days are not at hand."""
    return Badge(shape=SHAPES[word], text=BRIEF[word], brief=BRIEF[word])


def in_brief(badge: Badge) -> Badge:
    """The same badge with at most four words."""
    return msgspec.structs.replace(badge, text=badge.brief)


def days_to(measure: MeasureOnDay) -> int | None:
    """Days from the day asked about to the end that is stated, if that lies ahead and near."""
    if measure.until is None:
        return None
    ahead = (measure.until - measure.as_of).days
    return ahead if 0 <= ahead <= _NEAR_DAYS else None


def own_since(measure: MeasureOnDay) -> date | None:
    """The first day of the status, unless it is the rule's own and not that of the listing."""
    return None if "listing_day_not_recorded" in measure.flags else measure.since


def _short(measure: MeasureOnDay) -> str:
    left = days_to(measure)
    if measure.status == "suspended" and left is not None:
        return "Suspended, last day" if left == 0 else f"Suspended, {_left(left)}"
    if measure.status == "in_force_eased" and not _has_licence(measure):
        return "In force, loosened"
    return BRIEF[measure.status]


def _left(ahead: int) -> str:
    return f"{count(ahead)} {'day' if ahead == 1 else 'days'} left"


def _brief(measure: MeasureOnDay) -> str:
    return BRIEF[measure.status]


def _in_force(measure: MeasureOnDay) -> str:
    since = own_since(measure)
    return "In force" if since is None else f"In force since {day(since)}"


def _eased(measure: MeasureOnDay) -> str:
    if not _has_licence(measure):
        return "In force, loosened"
    until = "" if measure.until is None else f" until {day(measure.until)}"
    return f"In force, eased by a licence{until}"


def _has_licence(measure: MeasureOnDay) -> bool:
    return all(effect.kind != "easing" for effect in measure.effect)


def _part(measure: MeasureOnDay) -> str:
    asleep = [each.part for each in measure.slices if each.status == "suspended"]
    return f"In force in part: {asleep[0]} suspended" if asleep else "In force in part"


def _suspended(measure: MeasureOnDay) -> str:
    if measure.until is None:
        return "Suspended, end not recorded"
    left = days_to(measure)
    if left == 0:
        return f"Suspended until {day(measure.until)} — last day"
    ending = "" if left is None else f" — {_left(left)}"
    return f"Suspended until {day(measure.until)}{ending}"


def _lapsed(measure: MeasureOnDay) -> str:
    since = "" if measure.since is None else f" since {day(measure.since)}"
    return f"In force{since} — unconfirmed"


def _stayed(measure: MeasureOnDay) -> str:
    return f"Stayed by a court{_since(measure)}"


def _since(measure: MeasureOnDay) -> str:
    return "" if measure.since is None else f" since {day(measure.since)}"


def _published(measure: MeasureOnDay) -> str:
    if measure.next_change_on is None:
        return "Published, start not recorded"
    return f"Published, starts {day(measure.next_change_on)}"


def _ended(measure: MeasureOnDay) -> str:
    return "Ended" if measure.since is None else f"Ended {day(measure.since)}"


def _ended_by_term(measure: MeasureOnDay) -> str:
    ran = "" if measure.until is None else f" {day(measure.until)}"
    before = "" if ran or measure.since is None else f" before {day(measure.since)}"
    return f"Term ran out{ran}{before} — unconfirmed"


def _unknown(_: MeasureOnDay) -> str:
    return "Status not on record — treat as restricted"


def _not_known(_: MeasureOnDay) -> str:
    return "Not public on that day"


def _licence(measure: MeasureOnDay) -> str:
    if measure.until is None:
        return "Licence, no end recorded"
    return f"Licence until {day(measure.until)}"


def _licence_gone(_: MeasureOnDay) -> str:
    return "Licence ran out — unconfirmed"


_TEXTS: Mapping[StatusWord, Callable[[MeasureOnDay], str]] = MappingProxyType(
    {
        "not_known": _not_known,
        "published_not_effective": _published,
        "in_force": _in_force,
        "in_force_eased": _eased,
        "partly_suspended": _part,
        "suspended": _suspended,
        "court_stayed": _stayed,
        "in_force_by_lapse": _lapsed,
        "ended": _ended,
        "ended_by_term_unconfirmed": _ended_by_term,
        "unknown": _unknown,
        "eased_by_licence": _licence,
        "authorisation_lapsed_unconfirmed": _licence_gone,
    }
)
