"""What comes and what came: the rows of the calendar, and how two days of a measure differ."""

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
SaidKind = Literal[
    "announced_change",
    "announced_suspension",
    "announced_extension",
    "announced_easing",
    "announced_revocation",
    "act_set_aside",
]
ComingKind = LapseKind | ActKind | SaidKind
ListingChangeKind = Literal["listed", "left", "changed", "same", "unknown"]
DoneKind = Literal["became_known", "took_effect", "lapsed", "taken_back"]


class EventCited(msgspec.Struct, frozen=True, kw_only=True):
    """An event with where it can be read; `quote` is the act's own, in its own language."""

    id: str
    kind: EventKind
    citation: str | None
    url: str | None
    quote: str | None
    confidence: Confidence


class ComingChange(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the calendar; `id` stays while measure, part, event, kind and day do.

    `on` is the first day of the new state, local to the authority. `as_of` is the day asked about,
    by the authority's own time where that day is today, and `days_ahead` counts from it to `on`.
    `status_before` is the status on the day before and `status_after` that on the day, if nothing
    more is recorded: of the whole measure, or of the part named by `slice` alone where `status_of`
    says so. A row of the whole names a slice too where the change begins in that part.

    `stated_end` is the end as the act states it where the change is that end, and `until_bound`
    whether that day is still within: `unknown` is read as restricted on that day.

    `announced` True: only said, or set aside because sources contradict it or because it is
    relief from somebody else than the authority. Such a row changes no status; what is said to
    begin before the day asked about stands by the end that is said of it. `disputed` True:
    sources contradict it. `known_on` is the day the event behind the row became public, None
    where no day is recorded.
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


class StatusThen(msgspec.Struct, frozen=True, kw_only=True):
    """A measure's status on one of two days, as known on `known_at`; fields as everywhere."""

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
    """One thing that an event did, and the day it did it."""

    what: DoneKind
    on: date


class EventBetween(msgspec.Struct, frozen=True, kw_only=True):
    """An event and what it did after the first day and up to the second, which is included.

    `became_known`: it was not known on the first day of knowledge and is on the second.
    `taken_back`: the other way round, for it was recorded by mistake. `took_effect`: its first
    day lies between. `lapsed`: its term ran out between, and nothing had taken its place. `slice`
    names the part of the measure it is about.
    """

    event: EventCited
    slice: str | None
    did: tuple[Done, ...]


class MeasureDiff(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on one day against the same measure on a later one.

    `changed` names the fields of `before` and `after` that differ, the two days aside. `events`
    stand by the first day of what they did.
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

    `listing` is `listed` where the party came onto the list after that day, `left` where it left,
    `changed` where the entry is printed otherwise, in these `fields`; `unknown` where no edition
    of the list is known that old, and the entry's own day does not tell. `measures` are those of
    the hit whose status or events changed, in the order of the hit.
    """

    since: date
    listing: ListingChangeKind
    fields: tuple[str, ...]
    measures: tuple[MeasureDiff, ...]
