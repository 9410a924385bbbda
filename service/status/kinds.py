"""What each kind of event does: the one table the resolver reads the law from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from service.model.event import EventKind
from service.model.status import Operation

Deed = Literal[
    "say",
    "question",
    "publish",
    "start",
    "delay",
    "note",
    "widen",
    "narrow",
    "pause",
    "resume",
    "lift_stay",
    "ease",
    "withdraw_easing",
    "renew",
    "end",
    "reinstate",
]

DEEDS: Mapping[EventKind, Deed] = MappingProxyType(
    {
        # Words, not acts: shown as upcoming, never change force or operation.
        "announce": "say",
        "announce_suspension": "say",
        "announce_extension": "say",
        "announce_easing": "say",
        "announce_revocation": "say",
        # Doubts cast on the measure: a flag.
        "challenge_pending": "question",
        "dispute": "question",
        # Published; in force from its effective day, if it gives one.
        "publish": "publish",
        # In force.
        "take_effect": "start",
        "list": "start",
        "is_informed": "start",
        # The start moves later; of a measure already in force, a part of it does.
        "delay": "delay",
        # The text changes, what it reaches or demands on the whole does not.
        "amend": "note",
        "correct": "note",
        "expand": "widen",
        "narrow": "narrow",
        # It stands and does not operate.
        "suspend": "pause",
        "extend_suspension": "pause",
        "not_enforced": "pause",
        "stay": "pause",
        # It operates again. Only the court's own act lifts a court's stay.
        "resume": "resume",
        "lift_stay": "lift_stay",
        # An easing on top; the measure stays.
        "authorise": "ease",
        "extend_authorisation": "ease",
        "replace_authorisation": "ease",
        "revoke_authorisation": "withdraw_easing",
        # Its own term moves.
        "renew": "renew",
        # It is gone. `stop_measures` leaves the name on the list and a duty behind.
        "expire": "end",
        "revoke": "end",
        "delist": "end",
        "annul": "end",
        "replace": "end",
        "stop_measures": "end",
        # In force again, as it stood.
        "reinstate": "reinstate",
    }
)

OPERATIONS: Mapping[EventKind, Operation] = MappingProxyType(
    {
        "suspend": "suspended",
        "extend_suspension": "suspended",
        "not_enforced": "not_enforced",
        "stay": "court_stayed",
    }
)
"""How a measure operates while a pause of this kind runs."""

_LOOSENS: frozenset[Deed] = frozenset({"delay", "narrow", "pause", "ease", "end"})
_GIVES: frozenset[Deed] = frozenset(
    {"publish", "start", "reinstate", "ease", "renew", "widen", "resume", "lift_stay"}
)

BY_A_COURT: frozenset[EventKind] = frozenset({"stay", "lift_stay", "annul"})
"""What comes from a court and never from the authority."""

OPEN_BY_NATURE: frozenset[EventKind] = frozenset({"stay", "not_enforced"})
"""Pauses that last until somebody lifts them, so that no stated end is no gap in the record."""

_STARTS: frozenset[EventKind] = frozenset(
    {"publish", "take_effect", "list", "is_informed", "reinstate", "resume"}
)
_CHANGES: frozenset[EventKind] = frozenset({"amend", "expand", "renew"})
_SUSPENDS: frozenset[EventKind] = frozenset({"suspend", "extend_suspension"})
_AUTHORISES: frozenset[EventKind] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation"}
)
_PROLONGS: frozenset[EventKind] = frozenset({"renew", "delay"})
_EASES: frozenset[EventKind] = frozenset({"narrow", "suspend"})
_ENDS: frozenset[EventKind] = frozenset(
    {"expire", "revoke", "delist", "annul", "replace", "stop_measures"}
)
_WITHDRAWS: frozenset[EventKind] = frozenset({"revoke_authorisation", "resume"})

ANSWERS: Mapping[EventKind, frozenset[EventKind]] = MappingProxyType(
    {
        "announce": _STARTS | _CHANGES,
        "announce_suspension": _SUSPENDS,
        "announce_extension": _SUSPENDS | _AUTHORISES | _PROLONGS,
        "announce_easing": _AUTHORISES | _EASES,
        "announce_revocation": _ENDS | _WITHDRAWS,
    }
)
"""The acts that make an announcement good; once one is public the words are no longer shown."""


def loosens(kind: EventKind, *, licence: bool) -> bool:
    """Whether an event of this kind leaves less forbidden than before.

    Of a measure that is itself a licence it is whatever gives the licence, and what takes it
    away tightens.
    """
    return DEEDS[kind] in (_GIVES if licence else _LOOSENS)
