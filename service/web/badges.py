"""The badge of a status: a shape, and the words that every page and terminal has for it.

The same shape stands in the badge, in the glance strip and, as ink, in the timeline.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.measures.on_day import MeasureOnDay
from service.measures.status import StatusWord
from service.wording import badge, day_in_words, glance, plain_badge, plain_glance
from service.wording.hits import FEDERAL_REGISTER, short_citation

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


# --- Acts as links: a Federal Register page by its number, anything else by the address on record.

_MOST_ACTS = 6
_MOST_BEHIND = 3


class ActLink(msgspec.Struct, frozen=True, kw_only=True):
    """An act as cited; `url` None where nothing on record leads to it."""

    text: str
    url: str | None


def acts_of(citations: Iterable[str]) -> tuple[ActLink, ...]:
    """What a list's entry cites, the first few, each once."""
    cited = dict.fromkeys(
        part.strip() for each in citations for part in each.split(";") if part.strip()
    )
    return tuple(ActLink(text=each, url=_page_of(each)) for each in tuple(cited)[:_MOST_ACTS])


def acts_of_measure(measure: MeasureOnDay) -> tuple[ActLink, ...]:
    """The acts behind a measure's status, the newest first, at most three; else its citation."""
    cited = [each for each in reversed(measure.rests_on) if each.citation is not None]
    acts = {
        (text := short_citation(each.citation or "")): ActLink(text=text, url=safe_link(each.url))
        for each in cited
    }
    if acts:
        return tuple(acts.values())[:_MOST_BEHIND]
    return (ActLink(text=short_citation(measure.citation), url=safe_link(measure.url)),)


def safe_link(url: str | None) -> str | None:
    """An address that a page may link to: of the web, and of nothing else."""
    return url if url is not None and url.startswith(("https://", "http://")) else None


def _page_of(citation: str) -> str | None:
    found = FEDERAL_REGISTER.fullmatch(citation.strip())
    if found is None:
        return None
    return f"https://www.federalregister.gov/citation/{found[1]}-FR-{found[2]}"


# --- Days as only a page writes them: a dash for none, a weekday, a month of a ruler.


def day(given: date | None) -> str:
    """`27 Nov 2026`; a dash where there is no day."""
    return "—" if given is None else day_in_words(given)


def weekday(given: date) -> str:
    """`Tue 24 Nov 2026`."""
    return f"{given:%a} {day_in_words(given)}"


def month(given: date, *, with_year: bool) -> str:
    """`Oct`, or `Oct 2025`."""
    return f"{given:%b %Y}" if with_year else f"{given:%b}"
