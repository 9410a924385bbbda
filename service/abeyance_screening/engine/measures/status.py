"""A measure's status on a day: its axes, its word, how answers show it, and what events do."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, TypedDict, cast, get_args

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

StatusWord = Literal[
    "not_known",
    "not_yet_made",
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
"""The status on the day, in one word. `in_force`: it operates; `in_force_eased`: eased by a
licence or exception; `in_force_not_enforced`: the authority does not enforce it;
`in_force_by_lapse`: a suspension ran out with no new act on record, so it operates, unconfirmed;
`partly_suspended`: a part does not operate; `suspended`: it exists and does not operate;
`court_stayed`: a court has stayed it; `announced`: only that; `published_not_effective`: its first
day has not come; `not_yet_made`: neither announced nor published by then; `not_known`: nobody
could know of it on the day `known_at`; `ended`: revoked, expired, replaced or annulled;
`ended_by_term_unconfirmed`: its own term ran out with no new act on record; `eased_by_licence`: it
is itself a licence, and valid; `authorisation_lapsed_unconfirmed`: such a licence ran out;
`unknown`: cannot be read, treat as restricted."""
STATUS_WORDS: tuple[StatusWord, ...] = cast("tuple[StatusWord, ...]", get_args(StatusWord))
Force = Literal["not_yet", "in_force", "ended", "unknown"]
"""Whether it is law on the day: `not_yet`, `in_force`, `ended` or `unknown`; of a licence, whether
that is valid."""
Operation = Literal["operative", "suspended", "not_enforced", "court_stayed"]
"""Whether what is in force operates: `operative`, `suspended`, `not_enforced` or `court_stayed`;
`operative` if it does in part."""
Evidence = Literal["confirmed", "by_lapse", "announced_only", "disputed", "stale"]
"""What the status rests on: acts that were read (`confirmed`); silence after an end (`by_lapse`);
announcements (`announced_only`); acts that sources contradict (`disputed`); sources read too long
ago, or no day of reading (`stale`)."""
Bearing = Literal["binds", "waits", "relief", "over"]


class ByStatus[T](TypedDict):
    """A value for each status: a table of this type that leaves one out fails the type check."""

    not_known: T
    not_yet_made: T
    announced: T
    published_not_effective: T
    in_force: T
    in_force_eased: T
    partly_suspended: T
    suspended: T
    in_force_not_enforced: T
    court_stayed: T
    in_force_by_lapse: T
    ended: T
    ended_by_term_unconfirmed: T
    unknown: T
    eased_by_licence: T
    authorisation_lapsed_unconfirmed: T


class StatusFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What follows from a status, for every part of the service that asks.

    `bearing` is what it means for dealings on the day: the measure `binds`, wholly or in part, or
    must be assumed to; it `waits`, and may bind on another day; it is `relief`, a permission that
    runs or ran; or it is `over`. `force` is the measure's, for a licence the licence's own;
    `operation` is `operative` for a partly suspended measure, which operates in its other parts.
    `evidence` None: the status rests on acts that were read, which are confirmed, disputed or
    stale. `by_silence`: it holds because nothing further was recorded. `owes_rest`: a duty that
    remains beside the measure's own is shown.
    """

    bearing: Bearing
    force: Force
    operation: Operation = "operative"
    evidence: Evidence | None = None
    by_silence: bool = False
    owes_rest: bool = True


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
    """First day of this status; null if not recorded."""
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


# --- What follows from each status. No other table says what a status means for dealings.

STATUSES: ByStatus[StatusFacts] = {
    "in_force": StatusFacts(bearing="binds", force="in_force", owes_rest=False),
    "in_force_by_lapse": StatusFacts(
        bearing="binds", force="in_force", evidence="by_lapse", by_silence=True
    ),
    "unknown": StatusFacts(bearing="binds", force="unknown", evidence="stale"),
    "in_force_not_enforced": StatusFacts(
        bearing="binds", force="in_force", operation="not_enforced"
    ),
    "in_force_eased": StatusFacts(bearing="binds", force="in_force", owes_rest=False),
    "authorisation_lapsed_unconfirmed": StatusFacts(
        bearing="relief", force="ended", evidence="by_lapse", by_silence=True
    ),
    "partly_suspended": StatusFacts(bearing="binds", force="in_force"),
    "suspended": StatusFacts(bearing="waits", force="in_force", operation="suspended"),
    "court_stayed": StatusFacts(bearing="waits", force="in_force", operation="court_stayed"),
    "published_not_effective": StatusFacts(bearing="waits", force="not_yet"),
    "announced": StatusFacts(bearing="waits", force="not_yet", evidence="announced_only"),
    "not_yet_made": StatusFacts(bearing="waits", force="not_yet", owes_rest=False),
    "not_known": StatusFacts(bearing="waits", force="not_yet", evidence="stale"),
    "ended_by_term_unconfirmed": StatusFacts(
        bearing="over", force="ended", evidence="by_lapse", by_silence=True
    ),
    "ended": StatusFacts(bearing="over", force="ended"),
    "eased_by_licence": StatusFacts(bearing="relief", force="in_force", owes_rest=False),
}
"""Every status, by how much it forbids on the day, the most first; `unknown` is as in force."""

_FACTS = cast("Mapping[str, StatusFacts]", STATUSES)
_STRICTNESS: Mapping[str, int] = MappingProxyType({word: n for n, word in enumerate(_FACTS)})
_BEARINGS: tuple[Bearing, ...] = get_args(Bearing)


def facts_of(word: str) -> StatusFacts:
    """Return what follows from a status; a status that the table does not have is `unknown`."""
    return _FACTS.get(word, STATUSES["unknown"])


def binds(word: str) -> bool:
    """Return whether a measure of this status binds on the day, or must be assumed to."""
    return facts_of(word).bearing == "binds"


def may_be_used(word: str) -> bool:
    """Return whether a permission of this status may be used on the day."""
    return facts_of(word).bearing in {"binds", "relief"}


def is_over(word: str) -> bool:
    """Return whether a measure of this status is over, confirmed or not."""
    return facts_of(word).bearing == "over"


def is_ahead(word: str) -> bool:
    """Return whether a measure of this status has not begun, or nobody could know of it."""
    return facts_of(word).force == "not_yet"


def bearing_rank(word: str) -> int:
    """Return a sort key: what binds, then what waits, then relief, then what is over."""
    return _BEARINGS.index(facts_of(word).bearing)


def strictness(word: str) -> int:
    """Return a sort key: the status that forbids most on the day first."""
    return _STRICTNESS.get(word, _STRICTNESS["unknown"])


def is_spoken(word: StatusWord) -> bool:
    """Return whether the word rests on statements, not on silence or a gap in the record."""
    return not facts_of(word).by_silence and word not in {"unknown", "not_known"}
