"""What must hold of one event beyond its fields' types."""

from collections.abc import Iterator
from typing import get_args

import msgspec

from service.model.event import Event, EventKind, LapseEffect, Slice

Finding = tuple[str, str]
"""A field's place in its measure (`events[2].until`) and what is wrong with it."""

_ANY: frozenset[str] = frozenset(get_args(EventKind))
_SAYS: frozenset[str] = frozenset(kind for kind in _ANY if kind.startswith("announce"))
_PAUSES: frozenset[str] = frozenset({"suspend", "extend_suspension", "stay", "not_enforced"})
_RELIEVES: frozenset[str] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation"}
)
_STARTS: frozenset[str] = frozenset(
    {"publish", "take_effect", "list", "is_informed", "renew", "reinstate", "expand"}
)
_NEEDS_END: frozenset[str] = frozenset({"suspend", "extend_suspension", "delay"}) | _RELIEVES

_LAPSES: dict[LapseEffect, frozenset[str]] = {
    "restriction_returns": _PAUSES | _SAYS,
    "restriction_begins": frozenset({"delay"}) | _SAYS,
    "restriction_ends": _STARTS | _SAYS,
    "authorisation_ends": _RELIEVES | _SAYS,
}
"""Which kinds of event may end in which way."""


def event_findings(place: str, event: Event) -> Iterator[Finding]:
    """What is wrong with one event by itself; `place` stands before each field (`events[2].`)."""
    yield from _of_days(place, event)
    yield from _of_end(place, event)
    if event.source is not None and not is_link(event.source.url):
        yield f"{place}source.url", f"{event.source.url!r} is no web address"
    if event.slice is not None and is_whole(event.slice):
        yield f"{place}slice", "names no part"
    for field, moment in (
        ("recorded_at", event.recorded_at),
        ("retracted_at", event.retracted_at),
    ):
        if moment is not None and moment.tzinfo is None:
            yield f"{place}{field}", "a moment needs its offset from UTC"


def is_link(text: str) -> bool:
    """Whether a text is an address that a reader may follow."""
    return text.startswith(("https://", "http://"))


def is_whole(part: Slice) -> bool:
    """Whether a slice names nothing that would tell it from the whole."""
    return msgspec.structs.replace(part, note=None) == Slice()


def _of_days(place: str, event: Event) -> Iterator[Finding]:
    days = (event.announced_on, event.published_on, event.effective_on)
    if event.kind in _SAYS and event.announced_on is None and event.published_on is None:
        yield f"{place}announced_on", "missing: an announcement has its day"
    if any(days) and event.day_state is not None:
        yield f"{place}day_state", "says that no day is recorded, beside a day"
    if not any(days) and event.day_state is None:
        yield f"{place}effective_on", "missing: no day at all, and no day_state saying why"


def _of_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until is None:
        yield from _of_missing_end(place, event)
        return
    if event.until_state in {"none_stated", "not_recorded"}:
        yield f"{place}until_state", f"{event.until_state} beside an end"
    if event.effective_on is not None and event.until < event.effective_on:
        yield f"{place}until", "lies before effective_on"
    if event.lapse_effect is None:
        yield f"{place}lapse_effect", "missing: nothing says what follows the end"
    elif event.kind not in _LAPSES[event.lapse_effect]:
        yield f"{place}lapse_effect", f"{event.kind} does not end that way"


def _of_missing_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until_state == "stated":
        yield f"{place}until", "missing: until_state says that it is stated"
    if event.until_bound is not None:
        yield f"{place}until", "missing: its bound is given"
    if event.kind in _NEEDS_END and event.until_state is None:
        yield f"{place}until_state", "missing: no end is given, and nothing says why"
