"""Badges, links to acts, and days as pages write them.

A badge is a status as a shape and words. The badge, the glance strip and the timeline use the same
shape for the same status.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.measures.on_day import MeasureOnDay
from service.measures.status import StatusWord
from service.wording import badge, day_in_words, glance, plain_badge, plain_glance
from service.wording.hits import Act

Shape = Literal[
    "force",
    "eased",
    "part",
    "sleeps",
    "stayed",
    "lapsed",
    "frame",
    "coming",
    "announced",
    "over",
    "over-unsure",
    "unknown",
    "licence",
    "licence-gone",
]


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """A status as a shape and words; `brief` has at most four words, `text` includes the day."""

    shape: Shape
    text: str
    brief: str


SHAPES: Mapping[StatusWord, Shape] = MappingProxyType(
    {
        "not_known": "announced",
        "announced": "announced",
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


class ActLink(msgspec.Struct, frozen=True, kw_only=True):
    """An act as cited, with its address; `url` is None where none is on record."""

    text: str
    url: str | None


def badge_of(measure: MeasureOnDay) -> Badge:
    """Return the badge of a measure, with the days of its status."""
    return Badge(shape=SHAPES[measure.status], text=badge(measure), brief=glance(measure))


def plain_badge_of(word: StatusWord) -> Badge:
    """Return the badge of a status without days, for use where they are not known."""
    return Badge(shape=SHAPES[word], text=plain_badge(word), brief=plain_glance(word))


def in_brief(badge: Badge) -> Badge:
    """Return a badge whose text is the brief one, of at most four words."""
    return msgspec.structs.replace(badge, text=badge.brief)


def links_to(acts: Iterable[Act]) -> tuple[ActLink, ...]:
    """Return acts as links, in their order; an unsafe address gives no link."""
    return tuple(ActLink(text=each.text, url=safe_link(each.url)) for each in acts)


def safe_link(url: str | None) -> str | None:
    """Return the address if it is an HTTP or HTTPS one, which a page may link to; else None."""
    return url if url is not None and url.startswith(("https://", "http://")) else None


def day(on: date | None) -> str:
    """Write a day as `27 Nov 2026`, None as a dash."""
    return "—" if on is None else day_in_words(on)


def weekday(on: date) -> str:
    """Write a day with its weekday: `Tue 24 Nov 2026`."""
    return f"{on:%a} {day_in_words(on)}"


def month(on: date, *, with_year: bool) -> str:
    """Write the month of a day: `Oct`, or `Oct 2025`."""
    return f"{on:%b %Y}" if with_year else f"{on:%b}"
