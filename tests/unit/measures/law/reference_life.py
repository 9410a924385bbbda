"""The life of a measure or of one of its parts, for the reference: what acts, day after day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec

from abeyance_screening.engine.measures.measure import Event, Slice

DAY = timedelta(days=1)
ALWAYS = date.min

STARTS = {"publish", "take_effect", "list", "is_informed"}
EASES = {"authorise", "extend_authorisation", "replace_authorisation"}
ENDS = {"expire", "revoke", "delist", "annul", "replace", "stop_measures"}
PAUSES = {
    "court_stayed": {"stay"},
    "suspended": {"suspend", "extend_suspension"},
    "in_force_not_enforced": {"not_enforced"},
}
"""By the word they make, the hardest to lift first."""


def said_on(event: Event) -> date:
    """The day an event became public: announced or published first, else the day it acted."""
    said = [each for each in (event.announced_on, event.published_on) if each is not None]
    return min(said) if said else event.effective_on or ALWAYS


def acts_on(event: Event) -> date:
    """The day an event acts; a delay binds once it is public, before the start it moves."""
    if event.kind == "delay":
        return said_on(event)
    return event.effective_on or event.published_on or event.announced_on or ALWAYS


def is_undated(event: Event) -> bool:
    return acts_on(event) == ALWAYS


def relief_over_on(event: Event) -> date | None:
    """The first day without what was granted until a day: in doubt that very day."""
    if event.until is None:
        return event.effective_on if event.kind == "delay" else None
    if event.lapse_effect == "restriction_ends":
        return term_over_on(event)
    return event.until + DAY if event.until_bound == "inclusive" else event.until


def term_over_on(event: Event) -> date | None:
    """The first day after a restriction's own term: in doubt its last day still counts."""
    if event.until is None:
        return None
    return event.until if event.until_bound == "exclusive" else event.until + DAY


def has_known_end(event: Event) -> bool:
    """Whether relief says when it ends, or that it does not; some relief lasts until lifted."""
    if relief_over_on(event) is not None or event.until_state == "none_stated":
        return True
    return event.until_state is None and event.kind in {"stay", "not_enforced"}


def sets_a_term(event: Event) -> bool:
    return event.until is not None or event.until_state is not None


def is_over(day: date | None, today: date) -> bool:
    return day is not None and day <= today


@dataclass
class Life:
    """What has been done so far; what ran out shows when it is asked how things stand."""

    begun: bool
    today: date = ALWAYS
    end: Event | None = None
    term: Event | None = None
    pauses: dict[str, Event] = field(default_factory=dict[str, Event])
    delay: Event | None = None
    delayed_before_start: bool = False
    easings: dict[Slice | None, Event] = field(default_factory=dict[Slice | None, Event])
    narrowed: bool = False

    def walk(self, events: Sequence[Event], as_of: date) -> "Life":
        """Let every event act that acts by `as_of`, given in the order they act."""
        for event in events:
            if acts_on(event) > as_of:
                break
            self.today = acts_on(event)
            self._act(event)
        self.today = as_of
        return self

    def word(self, *, renewals_searched: bool) -> str | None:
        """How it stands on the last day walked to; None where it has not begun."""
        if self.end is not None:
            return "unknown" if is_undated(self.end) else "ended"
        if self._term_is_over():
            return "ended_by_term_unconfirmed" if renewals_searched else "unknown"
        return self._paused_word() or self._operative_word()

    def has_begun(self) -> bool:
        """Whether it has started to apply, pauses aside."""
        if self.delay is None or not self.delayed_before_start or not has_known_end(self.delay):
            return self.begun
        return is_over(relief_over_on(self.delay), self.today)

    def runs(self, relief: Event) -> bool:
        """Whether relief is running."""
        return has_known_end(relief) and not is_over(relief_over_on(relief), self.today)

    def is_eased(self) -> bool:
        """Whether a licence on top is running."""
        return any(self.runs(each) for each in self.easings.values())

    def has_returned(self) -> bool:
        """Whether a pause ran out and nobody said so."""
        return any(is_over(relief_over_on(each), self.today) for each in self.pauses.values())

    def _term_is_over(self) -> bool:
        own = self.term is not None and is_over(term_over_on(self.term), self.today)
        return own or any(
            pause.lapse_effect == "restriction_ends" and is_over(term_over_on(pause), self.today)
            for pause in self.pauses.values()
        )

    def _paused_word(self) -> str | None:
        for word in PAUSES:
            pause = self.pauses.get(word)
            if pause is None or not (self.has_begun() or word == "suspended"):
                continue
            if not is_undated(pause) and self.runs(pause):
                return word
            unread = is_undated(pause) or not has_known_end(pause)
            if self.has_begun() and unread and not is_over(relief_over_on(pause), self.today):
                return "unknown"
        return None

    def _operative_word(self) -> str | None:
        if not self.has_begun():
            return None
        if self.has_returned():
            return "in_force_by_lapse"
        if self.delay is not None and is_over(relief_over_on(self.delay), self.today):
            return "in_force_by_lapse"
        delayed = self.delay is not None and self.runs(self.delay)
        eased = self.is_eased() or self.narrowed or delayed
        return "in_force_eased" if eased else "in_force"

    def _act(self, event: Event) -> None:
        for kinds, act in _ACTS:
            if event.kind in kinds:
                act(self, event)

    def publish(self, event: Event) -> None:
        if event.effective_on is not None:
            self.start(event)

    def start(self, event: Event) -> None:
        if self.end is not None:
            if not is_undated(self.end) and said_on(event) >= said_on(self.end):
                self.begin_anew(event)
            return
        if self.term is not None and is_over(term_over_on(self.term), self.today):
            self.begin_anew(event)
            return
        self.begun = True
        self._set_term(event)
        self.pauses = {
            word: each
            for word, each in self.pauses.items()
            if not is_over(relief_over_on(each), self.today)
        }
        if self.delay is not None and self._overtakes(event, self.delay):
            self.delay = None

    def _overtakes(self, start: Event, delay: Event) -> bool:
        same = delay.slice in {None, start.slice}
        newer = said_on(start) > said_on(delay) and same
        return newer or is_over(relief_over_on(delay), self.today)

    def begin_anew(self, event: Event) -> None:
        self.begun, self.end, self.term, self.delay = True, None, None, None
        self.pauses, self.easings, self.narrowed = {}, {}, False
        self._set_term(event)

    def _set_term(self, event: Event) -> None:
        if sets_a_term(event):
            self.term = event

    def renew(self, event: Event) -> None:
        if self.end is not None and self.end.kind != "expire":
            return
        if self.end is not None and said_on(event) < said_on(self.end):
            return
        self.begun, self.end = True, None
        self._set_term(event)

    def finish(self, event: Event) -> None:
        if self.end is None or event.kind != "expire":
            self.end = event

    def pause(self, event: Event) -> None:
        if self.end is None:
            word = next(word for word, kinds in PAUSES.items() if event.kind in kinds)
            self.pauses[word] = event

    def resume(self, _: Event) -> None:
        self.pauses = {w: each for w, each in self.pauses.items() if w == "court_stayed"}
        self.delay = None

    def lift_stay(self, _: Event) -> None:
        self.pauses.pop("court_stayed", None)

    def put_off(self, event: Event) -> None:
        if self.delay is None:
            self.delayed_before_start = not self.begun
        if self.delay is None or has_known_end(event):
            self.delay = event

    def ease(self, event: Event) -> None:
        end = self.end
        older = end is not None and (is_undated(end) or said_on(event) < said_on(end))
        if not older and not is_undated(event):
            self.easings[event.slice] = event

    def withdraw(self, event: Event) -> None:
        if event.slice is None:
            self.easings.clear()
        self.easings.pop(event.slice, None)

    def narrow(self, event: Event) -> None:
        self.narrowed = self.narrowed or not is_undated(event)

    def expand(self, event: Event) -> None:
        if event.slice is not None and self.end is None:
            self.start(event)
        else:
            self.narrowed = False


_ACTS: tuple[tuple[set[str], Callable[[Life, Event], None]], ...] = (
    ({"publish"}, Life.publish),
    (STARTS - {"publish"}, Life.start),
    ({"reinstate"}, Life.begin_anew),
    ({"renew"}, Life.renew),
    (ENDS, Life.finish),
    (set[str]().union(*PAUSES.values()), Life.pause),
    ({"resume"}, Life.resume),
    ({"lift_stay"}, Life.lift_stay),
    ({"delay"}, Life.put_off),
    (EASES, Life.ease),
    ({"revoke_authorisation"}, Life.withdraw),
    ({"narrow"}, Life.narrow),
    ({"expand"}, Life.expand),
)


def endless_hearsay(event: Event) -> Event:
    """What others say may bind; an end that they give it frees nobody."""
    if event.issued_by_authority:
        return event
    return msgspec.structs.replace(event, until=None, until_bound=None, until_state=None)


def starts_apart(event: Event) -> bool:
    """Whether it is a start that the authority gave a part of its own."""
    return event.kind in {*STARTS, "expand"} and event.issued_by_authority


def without_note(event: Event) -> Event:
    """Two events touch the same part whatever is noted of it."""
    if event.slice is None:
        return event
    part = msgspec.structs.replace(event.slice, note=None)
    return msgspec.structs.replace(event, slice=part)
