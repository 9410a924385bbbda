"""Rows of the calendar of coming changes, and the differences between two days of a measure."""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from service.measures.event import Confidence, EventKind, UntilBound
from service.measures.status import Evidence, SliceStatus, StatusWord

LapseKind = Literal[
    "suspension_ends",
    "non_enforcement_ends",
    "stay_ends",
    "licence_ends",
    "delay_ends",
    "term_ends",
]
ActKind = Literal[
    "starts",
    "delay_begins",
    "widens",
    "narrows",
    "suspension_begins",
    "non_enforcement_begins",
    "stay_begins",
    "resumes",
    "stay_lifted",
    "licence_begins",
    "licence_withdrawn",
    "renewed",
    "ends",
]
AnnouncedKind = Literal[
    "announced_change",
    "announced_suspension",
    "announced_extension",
    "announced_easing",
    "announced_revocation",
    "act_set_aside",
]
ComingKind = LapseKind | ActKind | AnnouncedKind
PassedWord = Literal["nothing_confirmed", "act_followed", "took_effect", "no_act_found"]
ListingChangeKind = Literal["listed", "left", "changed", "same", "unknown"]
DoneKind = Literal["became_known", "took_effect", "lapsed", "taken_back"]


class EventCited(msgspec.Struct, frozen=True, kw_only=True):
    """An event and where to read it; `quote` is the act's own wording in its own language."""

    id: str
    kind: EventKind
    citation: str | None
    url: str | None
    quote: str | None
    confidence: Confidence


class PassedOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What followed a change whose day has passed.

    `nothing_confirmed`: a term ran out, and no act that says what follows is on record since.
    `act_followed`: an act says it, and `event` is that act. `took_effect`: the change is itself
    an act's, and nothing but its day was to come. `no_act_found`: the change was only announced,
    and no act carries it out. `sentence` says it in words. `known_on` is the day `event` became
    public, None without an event or a recorded day.
    """

    word: PassedWord
    sentence: str
    known_on: date | None = None
    event: EventCited | None = None


class ComingChange(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the calendar; `id` stays the same while measure, part, event, kind and day do.

    `on` is the first day of the new status, local to the authority. `as_of` is the day asked
    about, by the authority's own time where that day is today, and `days_ahead` counts from it to
    `on`. `status_before` is the status on the day before `on`, and `status_after` the status on
    `on` if nothing more is recorded. Both are of the whole measure, or only of the part named by
    `slice` where `status_of` is `slice`. A row of the whole measure also names a slice where the
    change begins in that part.

    `stated_end` is the end as the act states it, where the change is that end. `until_bound` says
    whether that day is included: `unknown` is read as restricted on that day.

    `announced` True: the change is only announced, or set aside because sources contradict it or
    because it is relief from somebody other than the authority. Such a row changes no status. If
    its announced first day is not after the day asked about, `on` follows from its announced end.
    `disputed` True: sources contradict the event. `known_on` is the day the event became public,
    None where no day is recorded.

    `is_passed` True: `on` is the day asked about or before it, so that `days_ahead` is 0 or less,
    and `outcome` says what followed. The statuses and the sentence are then those expected before.
    """

    id: UUID
    on: date
    as_of: date
    days_ahead: int
    what: ComingKind
    announced: bool
    disputed: bool
    measure_id: str
    title: str
    authority: str
    jurisdiction: str
    lists: tuple[str, ...]
    slice: str | None
    status_of: Literal["measure", "slice"]
    status_before: StatusWord
    status_after: StatusWord
    stated_end: date | None
    until_bound: UntilBound | None
    sentence: str
    known_on: date | None
    event: EventCited
    is_passed: bool = False
    outcome: PassedOutcome | None = None


class StatusThen(msgspec.Struct, frozen=True, kw_only=True):
    """A measure's status on one of the two days compared, as known on `known_at`.

    The other fields are as in a measure's status elsewhere: `until_bound` `unknown` is read the
    stricter way, and `next_change_on` is the next change if nothing more is recorded.
    """

    as_of: date
    known_at: date
    status: StatusWord
    evidence: Evidence
    since: date | None
    until: date | None
    until_bound: UntilBound | None
    confirmed: bool
    residual_obligation: str | None
    slices: tuple[SliceStatus, ...]
    next_change_on: date | None
    next_change_to: StatusWord | None


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One effect of an event, and the day of that effect."""

    what: DoneKind
    on: date


class EventBetween(msgspec.Struct, frozen=True, kw_only=True):
    """An event and what it did after the first day and up to the second, which is included.

    `became_known`: it was not known on the first day of knowledge and is known on the second.
    `taken_back`: it was known on the first and is not on the second, because it was recorded by
    mistake. `took_effect`: its first day lies between. `lapsed`: its term ran out between, and
    nothing had replaced it. `slice` names the part of the measure that the event is about.
    """

    event: EventCited
    slice: str | None
    did: tuple[Done, ...]


class MeasureDiff(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on one day compared with the same measure on a later day.

    `changed` names the fields of `before` and `after` that differ, apart from the two days.
    `events` are ordered by the first day of what they did.
    """

    measure_id: str
    title: str
    before: StatusThen
    after: StatusThen
    changed: tuple[str, ...]
    events: tuple[EventBetween, ...]
    sentence: str


class HitChange(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in a hit since a day.

    `listing` is `listed` where the party was added to the list after that day, `left` where it
    was removed, and `changed` where the entry is printed differently, in these `fields`. It is
    `unknown` where no edition of the list is old enough and the entry's own day does not decide.
    `measures` are those of the hit whose status or events changed, in the order of the hit.
    """

    since: date
    listing: ListingChangeKind
    fields: tuple[str, ...]
    measures: tuple[MeasureDiff, ...]
