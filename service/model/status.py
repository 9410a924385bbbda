"""A measure's status on a day: four axes, and the one word shown for them."""

from datetime import date
from typing import Literal

import msgspec

from service.model.event import Slice, UntilBound

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
