"""A measure's status on a day: its axes, its word, how answers show it, and what events do."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.measures.measure import AttachesBy, Confidence, Effect, EventKind, Slice, UntilBound

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
# The words under which a restriction binds on the day, wholly or in part, or must be assumed to.
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
# The words of a measure that is over, whether that is confirmed or not.
ENDED: frozenset[StatusWord] = frozenset({"ended", "ended_by_term_unconfirmed"})
Force = Literal["not_yet", "in_force", "ended", "unknown"]
Operation = Literal["operative", "suspended", "not_enforced", "court_stayed"]
Evidence = Literal["confirmed", "by_lapse", "announced_only", "disputed", "stale"]
LapsedKind = Literal[
    "suspension", "court_stay", "non_enforcement", "delay", "authorisation", "term"
]
ImposedBy = Literal["measure", "entry", "not_printed"]


class NextChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The next change: on `on` the status becomes `status` unless something new is recorded."""

    on: date
    status: StatusWord
    event_id: str | None


class LapsedTerm(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What ran out and led to the status: a pause, a postponed start, a permission, a term.

    `until` and `until_bound` are the end as the act states it; `event_id` is the act's event. The
    day is on or before the day asked about, and nothing was recorded since.
    """

    what: LapsedKind
    until: date
    until_bound: UntilBound | None
    event_id: str


class SliceStatus(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The status of one part of a measure, where the parts differ.

    `part` names the part for a reader; `entities` are the parties it consists of, where it
    consists of named parties. `since`, `until` and `next_change` are the part's own.
    """

    part: str
    entities: tuple[str, ...] = ()
    status: StatusWord
    since: date | None
    until: date | None
    until_bound: UntilBound | None = None
    next_change: NextChange | None = None


class MeasureStatus(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The status of one measure on one legal day, as known on one day.

    `since` is the first day of this status. `until` is the end that its acts state, as they
    state it (the earliest, where several do), and `until_bound` says whether that day is
    included: `unknown` is read the stricter way. An end that passed is in `lapsed`, never in
    `until`. `next_change` is the first later day on which the word changes if nothing more is
    recorded, whether or not an act states an end.
    `confirmed` is False where the status rests on silence (a lapse, a term that ran out) or on a
    fact that could not be read. `upcoming` are events only announced or not yet effective,
    `disputed` those that sources contradict: both are shown and never used. `rests_on` are the
    ids of the events that decide the word, oldest first.

    `is_stale` says that the sources were last read too long before the day (half a year for what
    is in force or has ended, 30 days for anything in motion), or that no day of reading is
    recorded: a status that rests on acts then has the evidence `stale`, not `confirmed`.

    `slices` are the parts whose word differs from the measure's, for a reader. `parts` are those
    that consist of some of the listings, each with its own status. `rest` is the status of the
    listings that belong to none of `parts`, None where it is the measure's own.
    """

    word: StatusWord
    force: Force
    operation: Operation
    evidence: Evidence
    confirmed: bool
    since: date | None = None
    until: date | None = None
    until_bound: UntilBound | None = None
    lapsed: LapsedTerm | None = None
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


class PartStatus(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part that consists of some of the listings a measure reaches, and its status."""

    slice: Slice
    status: MeasureStatus


# --- A measure as an answer shows it: its status on the day asked about, and the evidence for it.


class EventShown(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event as evidence: what happened when, which act states it, where and in which words.

    `slice` names the part of the measure that the event is about, None for the whole. `quote` is
    the act's own wording in its own language, null where nobody read the act itself. `confidence`
    says how the event was read. `formality` is the form of the act (a legal instrument, an
    official statement, a court's order). `origin` is `shipped` for events that come with the
    program and `operator` for those that the operator of this service added. `announced_by` is who
    announced what was only announced, as far as the record says so: `both governments` or the
    measure's authority.
    """

    id: str
    kind: EventKind
    announced_on: date | None
    published_on: date | None
    effective_on: date | None
    until: date | None
    until_bound: UntilBound | None
    slice: str | None
    citation: str | None
    url: str | None
    quote: str | None
    confidence: Confidence
    formality: str | None
    origin: Literal["shipped", "operator"]
    note: str | None
    announced_by: str | None = None


class MeasureOnDay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A measure and its status on the legal day asked about.

    `condition` is a question to the reader: with one, the measure reaches the counterparty only if
    the answer is yes (ownership). `as_of` is the day asked about, by the authority's own time
    where that day is today. `status` is one word for the axes `force`, `operation` and `evidence`.
    `since` is the first day of this status. `until` is the end that its acts state, and
    `until_bound` says whether that day is included (`unknown` is read the stricter way:
    restricted on that day). Where the status rests on an end that passed in silence, `lapsed` says
    what ended and when, and `until` is null or a later end. On `next_change_on` the status becomes
    `next_change_to` unless something new is recorded. `quote` is the standing text's own.

    `effect` holds what is imposed on the entry asked about, and `imposed` says how that is known:
    `entry` from what the entry prints, `measure` because the measure does the same to all that it
    reaches. With `not_printed`, the loaded edition of the list does not print it, and `effect`
    holds all that the measure can impose on such a party. Of a measure by itself it holds all.

    `rests_on` are the events that decide the status, oldest first. `upcoming` are only announced
    or not in effect yet, `disputed` are contradicted by sources: both are shown and never used.
    `checked_until` is the last day on which the register's sources for the measure were read, or
    until which a person has confirmed that the places that decide it were read;
    `stale` says that the day asked about is after it, or that no such day is recorded.
    """

    id: str
    title: str
    authority: str
    jurisdiction: str
    kind: str
    effect: tuple[Effect, ...]
    imposed: ImposedBy = "measure"
    attaches_by: tuple[AttachesBy, ...]
    condition: str | None
    as_of: date
    status: StatusWord
    force: Force
    operation: Operation
    evidence: Evidence
    since: date | None
    until: date | None
    until_bound: UntilBound | None
    lapsed: LapsedTerm | None
    next_change_on: date | None
    next_change_to: StatusWord | None
    confirmed: bool
    residual_obligation: str | None
    slices: tuple[SliceStatus, ...]
    flags: tuple[str, ...]
    rests_on: tuple[EventShown, ...]
    upcoming: tuple[EventShown, ...]
    disputed: tuple[EventShown, ...]
    citation: str
    url: str | None
    quote: str | None
    plain: str | None
    confidence: Confidence
    checked_until: date | None
    stale: bool


# --- What each kind of event does: the only table from which the resolver reads the law.

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
        # Announcements, not acts: shown as upcoming, never change force or operation.
        "announce": "say",
        "announce_suspension": "say",
        "announce_extension": "say",
        "announce_easing": "say",
        "announce_revocation": "say",
        # Doubts about the measure: only a flag.
        "challenge_pending": "question",
        "dispute": "question",
        # Published; in force from its effective day, if one is given.
        "publish": "publish",
        # In force.
        "take_effect": "start",
        "list": "start",
        "is_informed": "start",
        # The start moves later; if the measure is already in force, the start of a part does.
        "delay": "delay",
        # The text changes; what the measure as a whole reaches or demands does not.
        "amend": "note",
        "correct": "note",
        "expand": "widen",
        "narrow": "narrow",
        # The measure is in force and does not operate.
        "suspend": "pause",
        "extend_suspension": "pause",
        "not_enforced": "pause",
        "stay": "pause",
        # The measure operates again. Only the court's own act lifts a court's stay.
        "resume": "resume",
        "lift_stay": "lift_stay",
        # A licence eases the measure, which stays in force.
        "authorise": "ease",
        "extend_authorisation": "ease",
        "replace_authorisation": "ease",
        "revoke_authorisation": "withdraw_easing",
        # The end of the measure's own term moves.
        "renew": "renew",
        # The measure ends. `stop_measures` leaves the name on the list, and a duty.
        "expire": "end",
        "revoke": "end",
        "delist": "end",
        "annul": "end",
        "replace": "end",
        "stop_measures": "end",
        # In force again, as before its end.
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

WHAT_LAPSES: Mapping[EventKind, LapsedKind] = MappingProxyType(
    {
        "suspend": "suspension",
        "extend_suspension": "suspension",
        "not_enforced": "non_enforcement",
        "stay": "court_stay",
        "delay": "delay",
        "authorise": "authorisation",
        "extend_authorisation": "authorisation",
        "replace_authorisation": "authorisation",
    }
)
"""What runs out at the end of an event of this kind; of any other kind it is the own term."""

_LOOSENS: frozenset[Deed] = frozenset({"delay", "narrow", "pause", "ease", "end"})
_GIVES: frozenset[Deed] = frozenset(
    {"publish", "start", "reinstate", "ease", "renew", "widen", "resume", "lift_stay"}
)

BY_A_COURT: frozenset[EventKind] = frozenset({"stay", "lift_stay", "annul"})
"""The kinds of event that come from a court and never from the authority."""

OPEN_BY_NATURE: frozenset[EventKind] = frozenset({"stay", "not_enforced"})
"""Pauses that last until they are lifted: the record is complete without a stated end."""

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
"""The acts that carry out an announcement, which is no longer shown once one of them is public."""


def loosens(kind: EventKind, *, licence: bool) -> bool:
    """Return whether less is forbidden after an event of this kind than before.

    For a measure that is itself a licence, an event that grants the licence loosens and one that
    takes the licence away tightens.
    """
    return DEEDS[kind] in (_GIVES if licence else _LOOSENS)


# --- The value of each axis for a status word, for a measure that has begun and is undisputed.

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
"""The force for each word; for a licence, the licence's own."""

OPERATION: Mapping[StatusWord, Operation] = MappingProxyType(
    {
        "suspended": "suspended",
        "in_force_not_enforced": "not_enforced",
        "court_stayed": "court_stayed",
    }
)
"""Every other word is `operative`; a partly suspended measure operates in its other parts."""

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
"""Every other word rests on acts that were read: confirmed, disputed or stale."""

PLAIN: frozenset[StatusWord] = frozenset({"in_force", "in_force_eased", "eased_by_licence"})
"""Words under which no residual duty is shown, because the measure's own duty applies."""

BY_SILENCE: frozenset[StatusWord] = frozenset(
    {"in_force_by_lapse", "ended_by_term_unconfirmed", "authorisation_lapsed_unconfirmed"}
)
"""Words that hold because nothing further was recorded."""


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
"""Every word, by how much it forbids on the day; `unknown` is treated as in force."""


def is_spoken(word: StatusWord) -> bool:
    """Return whether the word rests on statements, not on silence or a gap in the record."""
    return word not in BY_SILENCE and word not in {"unknown", "not_known"}
