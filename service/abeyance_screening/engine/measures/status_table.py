"""The statuses of a measure: what each means for dealings, and how it is told everywhere.

A new status is a word of `StatusWord` and a row of `STATUSES`. The law decides which events lead
to it, and `wording.status` has its sentence; no other table has them all.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, cast, get_args

import msgspec

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


MeasureChangeType = Literal[
    "measure.suspended",
    "measure.eased",
    "measure.lapsed",
    "measure.in_force",
    "measure.ended",
    "measure.coming",
]
Shape = Literal[
    "force",
    "eased",
    "part",
    "sleeps",
    "stayed",
    "lapsed",
    "frame",
    "coming",
    "announced",
    "over",
    "over-unsure",
    "unknown",
    "licence",
    "licence-gone",
]
"""How a status is drawn: badges, the glance strip, timelines and the terminal go by it."""


class StatusFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a status means and how it is told, for every part of the service that asks.

    `bearing` is what it means for dealings on the day: the measure `binds`, wholly or in part, or
    must be assumed to; it `waits`, and may bind on another day; it is `relief`, a permission that
    runs or ran; or it is `over`. `force` is the measure's, for a licence the licence's own;
    `operation` is `operative` for a partly suspended measure, which operates in its other parts.
    `evidence` None: the status rests on acts that were read, which are confirmed, disputed or
    stale. `by_silence`: it holds because nothing further was recorded. `owes_rest`: a duty that
    remains beside the measure's own is shown.

    `badge` tells it without a day, `glance` in at most four words where the badge has more. With
    their day go `since` the first, `until` the last, `starts` that of the start and `last_day` the
    one before the first; `undated` is told where that day is not on record, `ahead` of a status
    that is still to come. `state` follows *it is*, and `idle` the name of a measure that waits;
    `doubt` is what it adds to an effect that binds. An alert tells of it as `told_as`, and a page
    draws it as `shape`.
    """

    bearing: Bearing
    force: Force
    operation: Operation = "operative"
    evidence: Evidence | None = None
    by_silence: bool = False
    owes_rest: bool = True
    badge: str
    glance: str | None = None
    since: str | None = None
    until: str | None = None
    starts: str | None = None
    last_day: str | None = None
    undated: str | None = None
    ahead: str | None = None
    state: str
    idle: str | None = None
    doubt: str = ""
    told_as: MeasureChangeType
    shape: Shape


STATUSES: Mapping[StatusWord, StatusFacts] = MappingProxyType(
    {
        "in_force": StatusFacts(
            bearing="binds",
            force="in_force",
            owes_rest=False,
            badge="In force",
            since="In force since {}",
            state="in force",
            told_as="measure.in_force",
            shape="force",
        ),
        "in_force_by_lapse": StatusFacts(
            bearing="binds",
            force="in_force",
            evidence="by_lapse",
            by_silence=True,
            badge="In force — unconfirmed",
            glance="In force, unconfirmed",
            since="In force since {} — unconfirmed",
            state="in force because what held it back ran out",
            doubt="unconfirmed",
            told_as="measure.lapsed",
            shape="lapsed",
        ),
        "unknown": StatusFacts(
            bearing="binds",
            force="unknown",
            evidence="stale",
            badge="Status not on record — treat as restricted",
            glance="Status not on record",
            state="of unknown status, to be treated as restricted",
            doubt="status not on record",
            told_as="measure.in_force",
            shape="unknown",
        ),
        "in_force_not_enforced": StatusFacts(
            bearing="binds",
            force="in_force",
            operation="not_enforced",
            badge="In force, not enforced",
            state="in force and not enforced",
            doubt="not enforced",
            told_as="measure.suspended",
            shape="frame",
        ),
        "in_force_eased": StatusFacts(
            bearing="binds",
            force="in_force",
            owes_rest=False,
            badge="In force, eased by a licence",
            glance="In force, eased",
            until="In force, eased by a licence until {}",
            state="in force, eased",
            doubt="eased by a licence",
            told_as="measure.eased",
            shape="eased",
        ),
        "authorisation_lapsed_unconfirmed": StatusFacts(
            bearing="relief",
            force="ended",
            evidence="by_lapse",
            by_silence=True,
            badge="Licence ran out — unconfirmed",
            glance="Licence ran out, unconfirmed",
            ahead="The licence runs out",
            state="a licence that ran out",
            told_as="measure.lapsed",
            shape="licence-gone",
        ),
        "partly_suspended": StatusFacts(
            bearing="binds",
            force="in_force",
            badge="In force in part",
            state="suspended in part",
            doubt="in part",
            told_as="measure.suspended",
            shape="part",
        ),
        "suspended": StatusFacts(
            bearing="waits",
            force="in_force",
            operation="suspended",
            badge="Suspended",
            until="Suspended until {}",
            undated="Suspended, end not recorded",
            state="suspended",
            told_as="measure.suspended",
            shape="sleeps",
        ),
        "court_stayed": StatusFacts(
            bearing="waits",
            force="in_force",
            operation="court_stayed",
            badge="Stayed by a court",
            since="Stayed by a court since {}",
            state="stayed by a court",
            told_as="measure.suspended",
            shape="stayed",
        ),
        "published_not_effective": StatusFacts(
            bearing="waits",
            force="not_yet",
            badge="Published, not in force yet",
            glance="Published, not in force",
            starts="Published, starts {}",
            undated="Published, start not recorded",
            state="published and not in force yet",
            told_as="measure.coming",
            shape="coming",
        ),
        "announced": StatusFacts(
            bearing="waits",
            force="not_yet",
            evidence="announced_only",
            badge="Announced only",
            state="only announced",
            told_as="measure.coming",
            shape="announced",
        ),
        "not_yet_made": StatusFacts(
            bearing="waits",
            force="not_yet",
            owes_rest=False,
            badge="Not yet made on that day",
            glance="Not yet made",
            state="not made yet",
            idle="was not made yet",
            told_as="measure.ended",
            shape="announced",
        ),
        "not_known": StatusFacts(
            bearing="waits",
            force="not_yet",
            evidence="stale",
            badge="Not public on that day",
            glance="Not public then",
            state="not public",
            idle="was not public on that day",
            told_as="measure.ended",
            shape="announced",
        ),
        "ended_by_term_unconfirmed": StatusFacts(
            bearing="over",
            force="ended",
            evidence="by_lapse",
            by_silence=True,
            badge="Term ran out — unconfirmed",
            glance="Term ran out, unconfirmed",
            last_day="Term ran out {} — unconfirmed",
            ahead="Its term runs out",
            state="ended by its own term",
            told_as="measure.ended",
            shape="over-unsure",
        ),
        "ended": StatusFacts(
            bearing="over",
            force="ended",
            badge="Ended",
            since="Ended {}",
            ahead="Ends",
            state="ended",
            told_as="measure.ended",
            shape="over",
        ),
        "eased_by_licence": StatusFacts(
            bearing="relief",
            force="in_force",
            owes_rest=False,
            badge="Licence in force",
            until="Licence until {}",
            undated="Licence, no end recorded",
            state="a licence that runs",
            told_as="measure.eased",
            shape="licence",
        ),
    }
)
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
