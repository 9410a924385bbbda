"""Events as a sentence speaks of them: what was only said, and what is decided and to come."""

from collections.abc import Mapping
from types import MappingProxyType

from service.model.event import EventKind
from service.model.on_day import EventShown
from service.wording.days import day_in_words

_SAID: Mapping[EventKind, str] = MappingProxyType(
    {
        "announce": "A change",
        "announce_suspension": "A suspension",
        "announce_extension": "An extension",
        "announce_easing": "An easing",
        "announce_revocation": "A revocation",
    }
)
_DECIDED: Mapping[EventKind, str] = MappingProxyType(
    {
        "publish": "Its start",
        "take_effect": "Its start",
        "list": "A listing",
        "is_informed": "Its start",
        "delay": "A delay of its start",
        "amend": "A change of its text",
        "expand": "A widening",
        "narrow": "A narrowing",
        "correct": "A correction",
        "suspend": "A suspension",
        "extend_suspension": "A longer suspension",
        "resume": "The end of its suspension",
        "authorise": "A licence",
        "extend_authorisation": "A longer licence",
        "replace_authorisation": "Another licence",
        "revoke_authorisation": "The end of a licence",
        "renew": "A renewal",
        "expire": "Its end",
        "revoke": "Its revocation",
        "delist": "A delisting",
        "annul": "Its annulment",
        "replace": "Another act in its place",
        "stop_measures": "An end of its measures",
        "stay": "A court's stay",
        "lift_stay": "The end of a court's stay",
        "not_enforced": "Non-enforcement",
        "reinstate": "Its return",
        "challenge_pending": "A challenge",
        "dispute": "A dispute",
    }
)


def is_only_said(event: EventShown) -> bool:
    """Whether it was announced and no more."""
    return event.kind in _SAID


def said_in_words(event: EventShown) -> str:
    """`An extension to 10 Jan 2027`, `A suspension from 10 Nov 2026`, with its part."""
    begins = event.effective_on
    start = "" if begins is None or event.until is not None else f" from {day_in_words(begins)}"
    return f"{_SAID[event.kind]}{_part(event)}{start}{_end(event)}"


def decided_in_words(event: EventShown) -> str:
    """`Its start on 31 Dec 2025, by 90 FR 42321`."""
    acts_on = event.effective_on or event.published_on
    on = "" if acts_on is None else f" on {day_in_words(acts_on)}"
    act = "" if event.citation is None else f", by {event.citation}"
    return f"{_DECIDED.get(event.kind, event.kind)}{_part(event)}{on}{_end(event)}{act}"


def _part(event: EventShown) -> str:
    return "" if event.slice is None else f" ({event.slice})"


def _end(event: EventShown) -> str:
    return "" if event.until is None else f" to {day_in_words(event.until)}"
