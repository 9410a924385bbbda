"""A measure as an answer shows it: its status on the day asked about, and the evidence for it."""

from datetime import date
from typing import Literal

import msgspec

from service.measures.law.listed import ImposedBy
from service.measures.measure import AttachesBy, Confidence, Effect, EventKind, UntilBound
from service.measures.status import Evidence, Force, LapsedTerm, Operation, SliceStatus, StatusWord


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
