"""Measures and events for the tests, with as little as a rule needs."""

from datetime import UTC, date, datetime
from typing import TypedDict, Unpack

import msgspec

from abeyance_screening.engine.measures.measure import (
    Confidence,
    DayState,
    Effect,
    Event,
    EventKind,
    Exactness,
    LapseEffect,
    Measure,
    Slice,
    UntilBound,
    UntilState,
)

KNOWN_NOW = date(2030, 1, 1)
"""A day on which everything in these tests is public."""

RETRACTED = datetime(2026, 1, 1, tzinfo=UTC)


class EventFields(TypedDict, total=False):
    """What a test may say of an event beyond its kind and its days."""

    id: str
    announced_on: date | None
    published_on: date | None
    day_state: DayState
    exactness: Exactness
    until_bound: UntilBound | None
    until_state: UntilState | None
    lapse_effect: LapseEffect
    slice: Slice | None
    issued_by_authority: bool
    confidence: Confidence
    recorded_at: datetime
    retracted_at: datetime
    replaces: str


def day(text: str) -> date:
    return date.fromisoformat(text)


def maybe_day(text: str | None) -> date | None:
    return None if text is None else day(text)


def event(
    kind: EventKind, on: str | None, until: str | None = None, **fields: Unpack[EventFields]
) -> Event:
    """One event acting on a day, public the same day unless told otherwise."""
    effective = maybe_day(on)
    plain = Event(
        id=f"{kind}-{on}",
        kind=kind,
        effective_on=effective,
        announced_on=effective,
        until=maybe_day(until),
        until_state=None if until is None else "stated",
        confidence="verified_primary",
    )
    return msgspec.structs.replace(plain, **fields)


def measure(*events: Event, renewals_searched: bool = True) -> Measure:
    return Measure(
        id="xx-test",
        title="A test",
        authority="Test",
        jurisdiction="XX",
        kind="programme",
        citation="1 XX 1",
        effect=(Effect(kind="blocked"),),
        attaches_by=("listing",),
        confidence="verified_primary",
        events=events,
        renewals_searched=renewals_searched,
    )


def licence(*events: Event) -> Measure:
    return msgspec.structs.replace(
        measure(*events), kind="general_licence", effect=(Effect(kind="easing"),)
    )


def part(name: str) -> Slice:
    return Slice(part=name)
