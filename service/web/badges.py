"""The badge of a status: a shape, and the words that every page and terminal has for it.

The same shape stands in the badge, in the glance strip and, as ink, in the timeline.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from service.model.on_day import MeasureOnDay
from service.model.status import StatusWord
from service.wording import badge, glance, plain_badge, plain_glance

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


def badge_of(measure: MeasureOnDay) -> Badge:
    """The badge of a measure on the day it was asked for."""
    return Badge(shape=SHAPES[measure.status], text=badge(measure), brief=glance(measure))


def plain_badge_of(word: StatusWord) -> Badge:
    """The badge of a status whose days are not at hand."""
    return Badge(shape=SHAPES[word], text=plain_badge(word), brief=plain_glance(word))


def in_brief(badge: Badge) -> Badge:
    """The same badge with at most four words."""
    return msgspec.structs.replace(badge, text=badge.brief)
