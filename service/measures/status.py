"""A measure's status on a day: four axes, and the one word shown for them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.measures.event import EventKind, Slice, UntilBound

StatusWord = Literal[
    "not_known",
    "announced",
    "published_not_effective",
    "in_force",
    "in_force_eased",
    "partly_suspended",
    "suspended",
    "in_force_not_enforced",
    "court_stayed",
    "in_force_by_lapse",
    "ended",
    "ended_by_term_unconfirmed",
    "unknown",
    "eased_by_licence",
    "authorisation_lapsed_unconfirmed",
]
# The words under which a restriction binds on the day, wholly or in part, or must be taken to.
BITES: frozenset[StatusWord] = frozenset(
    {
        "in_force",
        "in_force_by_lapse",
        "in_force_eased",
        "partly_suspended",
        "in_force_not_enforced",
        "unknown",
    }
)
Force = Literal["not_yet", "in_force", "ended", "unknown"]
Operation = Literal["operative", "suspended", "not_enforced", "court_stayed"]
Evidence = Literal["confirmed", "by_lapse", "announced_only", "disputed", "stale"]


class NextChange(msgspec.Struct, frozen=True, kw_only=True):
    """What happens next: on `on` the status becomes `status` unless something new is recorded."""

    on: date
    status: StatusWord
    event_id: str | None


class SliceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The status of one part of a measure where parts differ.

    `part` names it for a reader; `entities` are the parties it consists of, where it is of named
    parties. `since`, `until` and `next_change` are those of the part.
    """

    part: str
    entities: tuple[str, ...] = ()
    status: StatusWord
    since: date | None
    until: date | None
    until_bound: UntilBound | None = None
    next_change: NextChange | None = None


class MeasureStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The status of one measure on one legal day, as known on one day.

    `since` is the first day of this status. `until` is the end that the acts behind it state, as
    they state it (the earliest, where several do), and `until_bound` whether that day is still
    within: `unknown` is read the stricter way. `next_change` is the first later day on which the
    word changes if nothing more is recorded, whether or not an act states an end.
    `confirmed` is False where the status rests on silence (a lapse, a term that ran out) or on an
    unread fact. `upcoming` are events only announced or not yet effective, `disputed` those that
    sources contradict: both are shown, never used. `rests_on` are the ids of the events behind
    the word, oldest first.

    `is_stale` says that the day lies after `checked_until`, or that no day of checking is
    recorded: what rests on acts has the evidence `stale` then, not `confirmed`.

    `slices` are the parts whose word differs from the measure's, for a reader. `parts` are those
    that consist of some of the listings, each with the status of its own, and `rest` is the
    status of what belongs to none of them, None where that is the measure's own.
    """

    word: StatusWord
    force: Force
    operation: Operation
    evidence: Evidence
    confirmed: bool
    since: date | None = None
    until: date | None = None
    until_bound: UntilBound | None = None
    next_change: NextChange | None = None
    residual_obligation: str | None = None
    slices: tuple[SliceStatus, ...] = ()
    parts: tuple["PartStatus", ...] = ()
    rest: "MeasureStatus | None" = None
    rests_on: tuple[str, ...] = ()
    upcoming: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    checked_until: date | None = None
    is_stale: bool = False


class PartStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A part that consists of some of the listings a measure reaches, and its status."""

    slice: Slice
    status: MeasureStatus


# --- What each kind of event does: the one table the resolver reads the law from.

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


# --- What a status word says on each axis, for a measure that has begun and that nobody disputes.

FORCE: Mapping[StatusWord, Force] = MappingProxyType(
    {
        "not_known": "not_yet",
        "announced": "not_yet",
        "published_not_effective": "not_yet",
        "in_force": "in_force",
        "in_force_eased": "in_force",
        "partly_suspended": "in_force",
        "suspended": "in_force",
        "in_force_not_enforced": "in_force",
        "court_stayed": "in_force",
        "in_force_by_lapse": "in_force",
        "ended": "ended",
        "ended_by_term_unconfirmed": "ended",
        "unknown": "unknown",
        "eased_by_licence": "in_force",
        "authorisation_lapsed_unconfirmed": "ended",
    }
)
"""Of a licence it is the licence's own force."""

OPERATION: Mapping[StatusWord, Operation] = MappingProxyType(
    {
        "suspended": "suspended",
        "in_force_not_enforced": "not_enforced",
        "court_stayed": "court_stayed",
    }
)
"""Every other word is operative; a measure partly suspended operates in its other parts."""

EVIDENCE: Mapping[StatusWord, Evidence] = MappingProxyType(
    {
        "announced": "announced_only",
        "in_force_by_lapse": "by_lapse",
        "ended_by_term_unconfirmed": "by_lapse",
        "authorisation_lapsed_unconfirmed": "by_lapse",
        "unknown": "stale",
        "not_known": "stale",
    }
)
"""Every other word rests on acts somebody read: confirmed, or disputed."""

PLAIN: frozenset[StatusWord] = frozenset({"in_force", "in_force_eased", "eased_by_licence"})
"""Words under which no residual duty is told, for the duty itself applies."""

BY_SILENCE: frozenset[StatusWord] = frozenset(
    {"in_force_by_lapse", "ended_by_term_unconfirmed", "authorisation_lapsed_unconfirmed"}
)
"""Words that rest on nobody having recorded anything further."""


RESTRICTS_MOST_FIRST: tuple[StatusWord, ...] = (
    "in_force",
    "in_force_by_lapse",
    "unknown",
    "in_force_not_enforced",
    "in_force_eased",
    "authorisation_lapsed_unconfirmed",
    "partly_suspended",
    "suspended",
    "court_stayed",
    "published_not_effective",
    "announced",
    "not_known",
    "ended_by_term_unconfirmed",
    "ended",
    "eased_by_licence",
)
"""Every word, by how much it forbids on the day; the unknown is taken to be in force."""


def is_spoken(word: StatusWord) -> bool:
    """Whether somebody said so: neither silence nor a gap in the record is behind the word."""
    return word not in BY_SILENCE and word not in {"unknown", "not_known"}
