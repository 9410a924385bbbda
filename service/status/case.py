"""A measure as it was known on one day: which events count, and its parts."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from service.model.measure import Event, Measure, Slice
from service.status.days import acts_on, in_order, public_on, term_of
from service.status.kinds import BY_A_COURT, DEEDS, LOOSENS, Deed
from service.status.life import Life, live
from service.status.parts import combine
from service.status.reading import (
    Reading,
    read_licence,
    read_measure,
    running_easings,
)

_STARTS: frozenset[Deed] = frozenset({"publish", "start", "reinstate", "ease", "widen", "renew"})
_LICENCE_KINDS = frozenset({"general_licence", "licence"})


class Case(msgspec.Struct, frozen=True):
    """What was public of a measure, sorted into what counts and what does not.

    `known` are all events that were public and not taken back, in the order they act; `counted`
    those of them the status rests on; `set_aside` the others: what sources contradict, and relief
    that somebody else than the measure's own authority spoke of.
    """

    measure: Measure
    known_at: date
    known: tuple[Event, ...]
    counted: tuple[Event, ...]
    set_aside: tuple[Event, ...]
    licence: bool
    slices: tuple[Slice, ...]

    @property
    def is_presumed(self) -> bool:
        """Whether the record presupposes a measure in force whose start it does not hold."""
        return _presumed(self.counted)

    def read(self, day: date) -> Reading:
        """The status word on a legal day and what it rests on."""
        return self._of_licence(day) or self._of_measure(day) or self._not_yet()

    def read_part(self, part: Slice, day: date) -> Reading | None:
        """The same for one part; None where the part has not begun."""
        return self._read_life(self.life_of(part, day), day)

    def stands(self, part: Slice, day: date) -> bool:
        """Whether a part has a standing of its own on that day.

        One that was only ever eased is no part of the text, and is gone with the last easing.
        """
        deeds = {DEEDS[each.kind] for each in self.counted if each.slice == part}
        if deeds - {"ease", "withdraw_easing", "say", "question", "note"}:
            return True
        reading = self.read_part(part, day)
        return reading is not None and reading.word == "in_force_eased"

    def life_of(self, part: Slice | None, day: date) -> Life:
        """The life of the whole (`part` None: events of no part) or of one part."""
        if part is None:
            events = [each for each in self.counted if each.slice is None]
            return live(events, day, Life(presumed=self.is_presumed, licence=False))
        own = _own_start([each for each in self.counted if each.slice == part])
        events = [
            each
            for each in self.counted
            if each.slice == part or (each.slice is None and not _comes_before(each, own))
        ]
        return live(events, day, Life(presumed=_presumed(events), licence=False))

    def licence_life(self, day: date) -> Life:
        """The life of a measure that is itself a licence, all of its parts together."""
        return live(self.counted, day, Life(presumed=False, licence=True))

    def days(self) -> tuple[date, ...]:
        """Every day on which the status may change, ascending."""
        found = {acts_on(each) for each in self.counted}
        for each in self.counted:
            lapses = term_of(each, "restriction_returns").lapses_on
            if lapses is not None:
                found.add(lapses)
        return tuple(sorted(found))

    def _of_licence(self, day: date) -> Reading | None:
        return read_licence(self.licence_life(day), day) if self.licence else None

    def _of_measure(self, day: date) -> Reading | None:
        if self.licence:
            return None
        lives = [self.life_of(part, day) for part in (None, *self.slices)]
        whole, *parts = [self._read_life(each, day) for each in lives]
        easings = {
            term.event.id: term.event for life in lives for term in running_easings(life, day)
        }
        return combine(whole, parts, tuple(easings.values()))

    def _read_life(self, life: Life, day: date) -> Reading | None:
        return read_measure(life, day, renewals_searched=self.measure.renewals_searched)

    def _not_yet(self) -> Reading:
        """Not begun: published, only announced, or not to be made out.

        Announced takes words and nothing else: beside a doubt or a contradicted act they would
        make an unknown measure look harmless.
        """
        acts = tuple(each for each in self.counted if DEEDS[each.kind] in _STARTS)
        published = tuple(each for each in acts if self._is_published(each))
        if published:
            return Reading("published_not_effective", published, begun=False)
        said = tuple(each for each in self.known if DEEDS[each.kind] == "say")
        if set(self.known) == {*acts, *said}:
            return Reading("announced", (*acts, *said), begun=False)
        return Reading("unknown", self.known, begun=False)

    def _is_published(self, event: Event) -> bool:
        return event.published_on is None or event.published_on <= self.known_at


def open_case(measure: Measure, known_at: date) -> Case:
    """Sort out what was public of a measure on a day; every kind must be one we can read."""
    public = (
        each
        for each in measure.events
        if each.retracted_at is None and public_on(each) <= known_at
    )
    known = tuple(sorted(public, key=in_order))
    counted = tuple(each for each in known if _counts(each))
    return Case(
        measure=measure,
        known_at=known_at,
        known=known,
        counted=counted,
        set_aside=tuple(each for each in known if not _counts(each)),
        licence=is_licence(measure),
        slices=_slices(counted),
    )


def is_licence(measure: Measure) -> bool:
    """Whether the measure is itself a licence: it only eases, by authorising something."""
    if measure.kind in _LICENCE_KINDS:
        return True
    only_eases = all(effect.kind == "easing" for effect in measure.effect)
    return only_eases and any(DEEDS.get(each.kind) == "ease" for each in measure.events)


def _counts(event: Event) -> bool:
    if event.confidence == "disputed":
        return False
    return (
        event.issued_by_authority or DEEDS[event.kind] not in LOOSENS or event.kind in BY_A_COURT
    )


def _own_start(events: Sequence[Event]) -> Event | None:
    """The event that starts a part by itself, apart from the whole; None where it came with it."""
    for event in events:
        if DEEDS[event.kind] in {"publish", "start", "widen"}:
            return event
        if DEEDS[event.kind] == "end":
            return None
    return None


def _comes_before(event: Event, own_start: Event | None) -> bool:
    """Whether a start of the whole lies before the part's own, and so is not the part's."""
    if own_start is None or DEEDS[event.kind] not in {"publish", "start"}:
        return False
    return acts_on(event) < acts_on(own_start)


def _slices(events: Iterable[Event]) -> tuple[Slice, ...]:
    """The parts that something was done to, in the order of the first deed."""
    done = (each for each in events if DEEDS[each.kind] not in {"say", "question", "note"})
    return tuple(dict.fromkeys(each.slice for each in done if each.slice is not None))


def _presumed(events: Sequence[Event]) -> bool:
    """Whether a record presupposes a start it does not hold.

    `events` stand in the order they act: a record that opens with a reinstatement presupposes
    one that had ended.
    """
    deeds = [DEEDS[each.kind] for each in events if DEEDS[each.kind] not in {"say", "question"}]
    return bool(deeds) and deeds[0] != "reinstate" and not {"publish", "start"} & set(deeds)
