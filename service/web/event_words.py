"""Events as a reader sees them: what happened, when, which act says so, how sure that is."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.model.event import Confidence, Event, EventKind, LapseEffect
from service.status.naming import in_words
from service.web.acts import safe_link
from service.web.dates import day

_DEEDS: Mapping[EventKind, str] = MappingProxyType(
    {
        "announce": "Announced; changes nothing yet",
        "announce_suspension": "Suspension announced; changes nothing yet",
        "announce_extension": "Extension announced; changes nothing yet",
        "announce_easing": "Easing announced; changes nothing yet",
        "announce_revocation": "Revocation announced; changes nothing yet",
        "publish": "Published",
        "take_effect": "Takes effect",
        "list": "Listed",
        "is_informed": "Imposed by letter",
        "delay": "Start put off",
        "amend": "Amended",
        "expand": "Widened",
        "narrow": "Narrowed",
        "correct": "Corrected",
        "suspend": "Suspended",
        "extend_suspension": "Suspension extended",
        "resume": "Resumed",
        "authorise": "Eased by a licence",
        "extend_authorisation": "Licence extended",
        "replace_authorisation": "Licence replaced",
        "revoke_authorisation": "Licence withdrawn",
        "renew": "Renewed",
        "expire": "Expired",
        "revoke": "Revoked",
        "delist": "Taken off the list",
        "annul": "Annulled",
        "replace": "Replaced",
        "stop_measures": "Measures stopped; the name stays on the list",
        "stay": "Stayed by a court",
        "lift_stay": "Court's stay lifted",
        "not_enforced": "Not enforced, its authority says",
        "reinstate": "Put in force anew",
        "challenge_pending": "A challenge is pending",
        "dispute": "Sources contradict each other",
    }
)
_LAPSES: Mapping[LapseEffect, str] = MappingProxyType(
    {
        "restriction_returns": "The restriction returns.",
        "restriction_ends": "The restriction ends, unconfirmed.",
        "authorisation_ends": "The relief ends; the restriction under it stays.",
        "restriction_begins": "The restriction begins.",
    }
)
_SURE: Mapping[Confidence, tuple[str, str]] = MappingProxyType(
    {
        "verified_primary": ("✓", "read at the source"),
        "verified_secondary": ("◐", "second-hand"),
        "disputed": ("≠", "disputed"),
        "general_knowledge": ("○", "general knowledge"),
    }
)
_BOUND = MappingProxyType(
    {
        "inclusive": "that day included",
        "exclusive": "that day not included",
        "unknown": "whether that day is included is not stated",
    }
)


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the events table; days are written out, a dash where none is recorded."""

    id: str
    effective: str
    public: str
    what: str
    part: str | None
    note: str | None
    quote: str | None
    source: str
    url: str | None
    sign: str
    sure: str
    is_retracted: bool


def event_row(event: Event) -> EventRow:
    """An event in words."""
    sign, sure = _SURE[event.confidence]
    url = None if event.source is None else safe_link(event.source.url)
    return EventRow(
        id=event.id,
        effective=day(event.effective_on) + _roughly(event),
        public=day(public_day(event)),
        what=what_happened(event),
        part=in_words(event.slice),
        note=event.retracted_because or event.note,
        quote=event.quote,
        source=event.citation or ("source" if url else "—"),
        url=url,
        sign=sign,
        sure=sure,
        is_retracted=event.retracted_at is not None,
    )


def what_happened(event: Event) -> str:
    """`Suspended until 9 Nov 2026, that day included`."""
    deed = _DEEDS[event.kind]
    if event.until is None:
        return deed
    bound = "" if event.until_bound is None else f", {_BOUND[event.until_bound]}"
    return f"{deed}, until {day(event.until)}{bound}"


def public_day(event: Event) -> date | None:
    """The day it became public: announced or published, whichever came first."""
    days = [each for each in (event.announced_on, event.published_on) if each is not None]
    return min(days, default=None)


def lapse_in_words(event: Event) -> str:
    """What comes about when the end of an event passes and nothing is recorded."""
    return "Nothing is recorded." if event.lapse_effect is None else _LAPSES[event.lapse_effect]


def sure_in_words(confidence: Confidence) -> str:
    """How a fact was read."""
    return _SURE[confidence][1]


def _roughly(event: Event) -> str:
    return "" if event.exactness == "day" or event.effective_on is None else " (about)"
