"""Events and measures of every shape, for what must hold of all of them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

import msgspec
from hypothesis import strategies as st

from abeyance_screening.engine.measures.measure import (
    Event,
    EventKind,
    LapseEffect,
    Measure,
    Slice,
    UntilState,
)
from tests.unit.measures.law.building import licence, measure

FIRST = date(2025, 1, 1)
"""No day that is drawn lies before it, and none that acts much more than two months after."""

A, B = Slice(part="A"), Slice(entities=("B",))
KINDS = get_args(EventKind)
SAYS: list[EventKind] = [kind for kind in KINDS if kind.startswith("announce")]
ACTS: list[EventKind] = [kind for kind in KINDS if kind not in SAYS]

days = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))
slices = st.sampled_from([None, None, A, B])

_LAPSES: dict[LapseEffect, set[str]] = {
    "restriction_returns": {"suspend", "extend_suspension", "stay", "not_enforced"},
    "authorisation_ends": {"authorise", "extend_authorisation", "replace_authorisation"},
    "restriction_begins": {"delay"},
}


@st.composite
def events(
    draw: st.DrawFn,
    kinds: list[EventKind],
    parts: st.SearchStrategy[Slice | None],
    *,
    may_be_undated: bool = False,
) -> Event:
    """An event with at least one day, unless it may be without, and an end or none."""
    dated = not (may_be_undated and draw(st.sampled_from([True, False, False, False])))
    three = st.tuples(st.none() | days, st.none() | days, st.none() | days).filter(any)
    announced, published, effective = draw(three) if dated else (None, None, None)
    kind = draw(st.sampled_from(kinds))
    ends = draw(st.booleans())
    first = effective or published or announced or FIRST
    states: list[UntilState | None] = ["none_stated", "not_recorded", "conditional", None]
    return Event(
        id=draw(st.uuids()).hex,
        kind=kind,
        announced_on=announced,
        published_on=published,
        effective_on=effective,
        day_state=None if dated else "not_recorded",
        until=first + timedelta(days=draw(st.integers(0, 30))) if ends else None,
        until_bound=draw(st.sampled_from(["inclusive", "exclusive", "unknown", None])),
        until_state="stated" if ends else draw(st.sampled_from(states)),
        lapse_effect=draw(st.sampled_from([None, _lapse_of(kind)])) if ends else None,
        slice=draw(parts),
        issued_by_authority=draw(st.sampled_from([True, True, True, False])),
        confidence=draw(st.sampled_from(["verified_primary", "verified_primary", "disputed"])),
    )


def _lapse_of(kind: EventKind) -> LapseEffect:
    for lapse, kinds in _LAPSES.items():
        if kind in kinds:
            return lapse
    return "restriction_ends"


records = st.lists(events(ACTS, slices), min_size=1, max_size=6)
measures = st.builds(
    lambda kind, record: kind(*record), st.sampled_from([measure, licence]), records
)


@st.composite
def all_measures(draw: st.DrawFn) -> Measure:
    """A measure or licence with events of every kind, days missing or not, checked or not."""
    kind = draw(st.sampled_from([measure, licence]))
    every = events(list(KINDS), slices, may_be_undated=True)
    return msgspec.structs.replace(
        kind(*draw(st.lists(every, max_size=7))),
        renewals_searched=draw(st.booleans()),
        checked_until=draw(st.none() | days),
    )


@st.composite
def corrected(draw: st.DrawFn, given: Measure) -> Measure:
    """The measure with some of its events taken back on a day, and others put in their place."""
    record: list[Event] = []
    for number, event in enumerate(given.events):
        on = draw(st.none() | days)
        if on is None:
            record.append(event)
            continue
        moment = datetime.combine(on, time(draw(st.integers(0, 23))), UTC)
        record.append(msgspec.structs.replace(event, retracted_at=moment))
        if draw(st.booleans()):
            new = draw(events([event.kind], st.just(event.slice)))
            record.append(
                msgspec.structs.replace(
                    new, id=f"new-{number}", replaces=event.id, recorded_at=moment
                )
            )
    return msgspec.structs.replace(given, events=tuple(record))
