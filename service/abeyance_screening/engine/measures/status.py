"""A measure's status on a day: how the law and answers have it, and what events do to it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.measure import (
    AttachedBy,
    Confidence,
    Effect,
    EventKind,
    EventOrigin,
    Slice,
    UntilBound,
)
from abeyance_screening.engine.measures.measure_fields import (
    ActCitation,
    ActForm,
    ActLink,
    ActQuote,
    AffectedSlice,
    AnnouncedOn,
    AuthorityName,
    CheckedUntil,
    ConditionAsked,
    EffectiveOn,
    IdOfEvent,
    IdOfMeasure,
    IsConfirmed,
    JurisdictionCode,
    MeasureCitation,
    MeasureKind,
    MeasureTitle,
    NextChangeOn,
    PlainWords,
    PublishedOn,
    ResidualDuty,
    StatedEnd,
)
from abeyance_screening.engine.measures.publishers import ReadFrom
from abeyance_screening.engine.measures.status_table import (
    Evidence,
    Force,
    Operation,
    StatusWord,
)

LapsedKind = Literal[
    "suspension", "court_stay", "non_enforcement", "delay", "authorisation", "term"
]
"""What ran out: a `suspension`, a `court_stay`, a `non_enforcement`, a `delay` of the start, an
`authorisation`, or the measure's own `term`."""
ImposedBy = Literal["measure", "entry", "not_printed"]
"""How `effect` is known: `entry`, from what the entry prints; `measure`, it does the same to all
that it reaches; `not_printed`, the loaded edition does not print it, and `effect` has all that may
be imposed."""


class NextChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The next change of a status, unless something new is recorded before."""

    on: date
    """First day of the new status."""
    status: StatusWord
    event_id: str | None
    """Id of the event that brings it about; null if none does."""


class LapsedTerm(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What ran out and led to the status: a pause, a postponed start, a permission, a term.

    The day is on or before the day asked about, and nothing was recorded since.
    """

    what: LapsedKind
    until: date
    """The end, as the act states it."""
    until_bound: UntilBound | None
    event_id: str
    """Id of the event whose end it is."""


class SliceStatus(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The status of one part of a measure, where the parts differ."""

    part: str
    """Name of the part, for a reader."""
    entities: tuple[str, ...] = ()
    """The parties that it consists of, if it consists of named parties."""
    status: StatusWord
    since: date | None
    """First day of this status of the part; null if not recorded."""
    until: date | None
    """The end that the part's acts state; null without one."""
    until_bound: UntilBound | None = None
    next_change: NextChange | None = None
    """The part's own next change; null if none is recorded."""


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

    `is_stale` says that the sources were last read too long before the day (30 days for anything
    in motion, on a list or with a term, a year for another rule in force, half a year for what has
    ended), or that no day of reading is recorded: a status that rests on acts then has the
    evidence `stale`, not `confirmed`.

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
    """An event as evidence: what happened when, which act states it, where and in which words."""

    id: IdOfEvent
    kind: EventKind
    announced_on: AnnouncedOn
    published_on: PublishedOn
    effective_on: EffectiveOn
    until: StatedEnd
    until_bound: UntilBound | None
    slice: AffectedSlice
    citation: ActCitation
    url: ActLink
    quote: ActQuote
    confidence: Confidence
    formality: ActForm
    origin: EventOrigin
    note: str | None
    """A remark for readers, which decides nothing; null without one."""
    announced_by: str | None = None
    """Who announced what was only announced, `both governments` or the measure's authority; null
    for an act, or if not recorded."""
    read_from: ReadFrom | None = None


class MeasureOnDay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A measure and its status on the legal day asked about."""

    id: IdOfMeasure
    title: MeasureTitle
    authority: AuthorityName
    jurisdiction: JurisdictionCode
    kind: MeasureKind
    effect: tuple[Effect, ...]
    """What is imposed on the entry asked about; of a measure by itself, all that it imposes."""
    imposed: ImposedBy = "measure"
    attaches_by: AttachedBy
    condition: ConditionAsked
    as_of: date
    """The day of the status: the day asked about, or the authority's own today if that was left
    open."""
    status: StatusWord
    force: Force
    operation: Operation
    evidence: Evidence
    since: date | None
    """First day of this status; null if not recorded. For a listing it is never before the day of
    the entry, and null where nobody recorded that day."""
    until: date | None
    """The end that its acts state; null without one, or if it passed in silence, which `lapsed`
    tells."""
    until_bound: UntilBound | None
    lapsed: LapsedTerm | None
    """What ended in silence and when, if the status rests on that; else null."""
    next_change_on: NextChangeOn
    next_change_to: StatusWord | None
    """The status from `next_change_on` on; null without one."""
    confirmed: IsConfirmed
    residual_obligation: ResidualDuty
    slices: tuple[SliceStatus, ...]
    """The parts whose status differs from the measure's."""
    flags: tuple[str, ...]
    """Remarks for programs, such as `listing_day_not_recorded`; more may be added."""
    rests_on: tuple[EventShown, ...]
    """The events that decide the status, oldest first."""
    upcoming: tuple[EventShown, ...]
    """Events only announced or not in effect yet: shown, never used."""
    disputed: tuple[EventShown, ...]
    """Events that sources contradict: shown, never used."""
    citation: MeasureCitation
    url: ActLink
    quote: str | None
    """The standing text's own words, in its own language; null if nobody has read them."""
    plain: PlainWords
    confidence: Confidence
    checked_until: CheckedUntil
    stale: bool
    """True if the day asked about is so long after `checked_until` that a status by acts is no
    longer confirmed, or no such day is recorded."""
    read_from: ReadFrom | None = None


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
