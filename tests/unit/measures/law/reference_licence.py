"""A measure that is itself a licence, for the reference: relief, read as strictly as it can be."""

from collections.abc import Sequence
from datetime import date

from abeyance_screening.engine.measures.measure import Event, Slice
from tests.unit.measures.law.reference_life import (
    DAY,
    EASES,
    ENDS,
    PAUSES,
    STARTS,
    acts_on,
    has_known_end,
    is_over,
    is_undated,
    relief_over_on,
    said_on,
)

GIVEN_BY = {*STARTS, *EASES, "reinstate", "renew"}
_PAUSED_BY = set[str]().union(*PAUSES.values())


class Licence:
    """What was given, taken back, paused and put off so far."""

    def __init__(self) -> None:
        self.given: dict[Slice | None, Event] = {}
        self.end: Event | None = None
        self.withdrawn = False
        self.paused: set[str] = set()
        self.delay: Event | None = None
        self.delay_moves = False

    def walk(self, events: Sequence[Event], as_of: date) -> "Licence":
        """Let every event act that acts by `as_of`, given in the order they act."""
        for event in events:
            if acts_on(event) <= as_of:
                self._give(event)
                self._take_back(event)
                self._pause(event)
        return self

    def word(self, as_of: date) -> str | None:
        """How it stands; None where it was not given yet."""
        if self.end is not None:
            return "unknown" if is_undated(self.end) else "ended"
        if self.delay is not None and self.delay_moves and not self._delay_is_over(as_of):
            return None if has_known_end(self.delay) else "unknown"
        if self.delay is not None and self.delay_moves and self.delay.until is not None:
            return "unknown"
        return self._given_word(as_of)

    def _given_word(self, as_of: date) -> str | None:
        left = [each for each in self.given.values() if not is_over(_over_on(each), as_of)]
        if any(_is_sure(each) for each in left):
            return "unknown" if self.paused else "eased_by_licence"
        if left:
            return "unknown"
        if self.withdrawn:
            return "ended"
        return "authorisation_lapsed_unconfirmed" if self.given else None

    def _delay_is_over(self, as_of: date) -> bool:
        return self.delay is not None and is_over(_licence_begins_on(self.delay), as_of)

    def _give(self, event: Event) -> None:
        gives = event.kind in GIVEN_BY or (event.kind == "expand" and event.slice is not None)
        if not gives or (event.kind == "publish" and event.effective_on is None):
            return
        if self.end is not None and (event.kind == "expand" or not _renews(event, self.end)):
            return
        self.given[event.slice] = event
        self.end, self.withdrawn = None, False
        if self.delay is not None and _overtakes(event, self.delay):
            self.delay = None

    def _take_back(self, event: Event) -> None:
        if event.kind in ENDS and event.slice is None:
            if self.end is None or event.kind != "expire":
                self.end = event
        elif event.kind in {*ENDS, "revoke_authorisation"}:
            self.withdrawn = True
            if event.slice is None:
                self.given.clear()
            self.given.pop(event.slice, None)

    def _pause(self, event: Event) -> None:
        if event.kind == "delay":
            self.delay_moves = self.delay_moves if self.delay else not self.given
            self.delay = event
        elif event.kind in _PAUSED_BY and self.end is None:
            self.paused.add("stay" if event.kind == "stay" else "by the authority")
        elif event.kind == "resume":
            self.paused.discard("by the authority")
            self.delay = None
        elif event.kind == "lift_stay":
            self.paused.discard("stay")


def _renews(event: Event, end: Event) -> bool:
    return not is_undated(end) and said_on(event) >= said_on(end)


def _over_on(event: Event) -> date | None:
    if event.until is None:
        return None
    return event.until + DAY if event.until_bound == "inclusive" else event.until


def _is_sure(event: Event) -> bool:
    ends = event.until is not None or event.until_state == "none_stated"
    return ends and not is_undated(event)


def _licence_begins_on(delay: Event) -> date | None:
    if delay.until is None:
        return relief_over_on(delay)
    return delay.until if delay.until_bound == "exclusive" else delay.until + DAY


def _overtakes(start: Event, delay: Event) -> bool:
    newer = said_on(start) > said_on(delay) and delay.slice in {None, start.slice}
    return newer or is_over(_licence_begins_on(delay), acts_on(start))
