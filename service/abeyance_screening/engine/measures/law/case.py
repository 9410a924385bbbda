"""A measure as known on one day: the events that count, its parts, and its word on each day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.measures.law.life import (
    ALWAYS,
    Life,
    Term,
    acts_on,
    in_order,
    live,
    public_on,
    published_on,
    term_of,
    was_on_record,
)
from abeyance_screening.engine.measures.measure import (
    LICENCE_KINDS,
    Event,
    EventKind,
    Measure,
    Slice,
    only_eases,
)
from abeyance_screening.engine.measures.status import BY_A_COURT, DEEDS, Deed, loosens
from abeyance_screening.engine.measures.status_table import Operation, StatusWord


class Reading(msgspec.Struct, frozen=True):
    """A status word and the events it rests on.

    `begun` says whether the measure had started to apply. `returned` says whether it is in force
    because a pause ran out (and not because a delayed start was reached).
    """

    word: StatusWord
    grounds: tuple[Event, ...]
    begun: bool = True
    returned: bool = False


_PAUSED: tuple[tuple[Operation, StatusWord], ...] = (
    ("court_stayed", "court_stayed"),
    ("suspended", "suspended"),
    ("not_enforced", "in_force_not_enforced"),
)
"""The pauses and their words: of several at once, the first in this order gives the word.

The order is by how hard a pause is to lift, the hardest first.
"""

_OPERATIVE: frozenset[StatusWord] = frozenset({"in_force", "in_force_eased", "in_force_by_lapse"})
_IDLE: tuple[StatusWord, ...] = (
    "unknown",
    "in_force_not_enforced",
    "suspended",
    "court_stayed",
)
"""Words of measures that do not operate for certain and have not ended, most restrictive first."""

Parts = tuple[Slice | None, ...]
"""Parts of a measure to be read together; None is the whole, the events that name no part."""

_SUCCEEDS: frozenset[EventKind] = frozenset(
    {"extend_authorisation", "replace_authorisation", "renew"}
)
_STARTS: frozenset[Deed] = frozenset({"publish", "start", "reinstate", "ease", "widen", "renew"})
_BEGINS: frozenset[Deed] = frozenset({"publish", "start", "widen"})
"""Deeds by which a part may start separately from the whole."""
_PASSING: frozenset[Deed] = frozenset({"delay", "ease", "withdraw_easing", "say", "question"})
"""Deeds that may come before a part has started."""
_RESTORES: Mapping[StatusWord, frozenset[Deed]] = MappingProxyType(
    {
        "suspended": frozenset({"resume"}),
        "in_force_not_enforced": frozenset({"resume"}),
        "court_stayed": frozenset({"lift_stay"}),
        "ended": frozenset({"reinstate"}),
        "ended_by_term_unconfirmed": frozenset({"reinstate", "renew"}),
        "eased_by_licence": frozenset({"withdraw_easing"}),
    }
)
"""For each word of relief, the deeds that end the relief."""


class Case(msgspec.Struct, frozen=True):
    """The public events of a measure, sorted into those that count and those that do not.

    `known` are all events that were public and on record, in the order they act, without the
    notes of their slices. `counted` are those on which the status rests. `set_aside` are the
    others: events that sources contradict, and relief stated by somebody other than the
    measure's own authority.
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
        """Whether the record presupposes a measure in force, but has no start of that measure."""
        return _presumed(self.counted)

    @property
    def all_of_it(self) -> Parts:
        """The whole, and each part affected by an event of its own."""
        return (None, *self.slices)

    def read(self, day: date, parts: Parts | None = None) -> Reading:
        """Return the status word of these parts, by default of all, and the events it rests on."""
        parts = parts or self.all_of_it
        reading = self._begun(day, parts)
        if reading is not None:
            return self._in_doubt(_never_loosened(reading, self.measure), parts)
        if None in parts:
            return self._not_yet(day)
        acts = (each for each in self.counted if DEEDS[each.kind] not in {"say", "question"})
        own = tuple(each for each in acts if each.slice in parts)
        made = self._made_by(day, self._makers(own), own)
        return made or Reading("announced", own, begun=False)

    def read_part(self, part: Slice, day: date) -> Reading | None:
        """Return the status word of one part and its events; None where the part has not begun."""
        reading = self._read_life(self.life_of(part, day), day)
        return None if reading is None else _never_loosened(reading, self.measure)

    def has_own_status(self, part: Slice, day: date) -> bool:
        """Return whether a part has its own status on that day.

        A part that was only ever eased is no part of the measure's text, and has its own status
        only while an easing runs.
        """
        deeds = {DEEDS[each.kind] for each in self.counted if each.slice == part}
        if deeds - {"ease", "withdraw_easing", "say", "question", "note"}:
            return True
        reading = self.read_part(part, day)
        return reading is not None and reading.word == "in_force_eased"

    def life_of(self, part: Slice | None, day: date) -> Life:
        """Return the life of one part, or with `part` None that of the whole.

        The life of the whole consists of the events that name no part.
        """
        if part is None:
            events = [each for each in self.counted if each.slice is None]
            return live(events, day, Life(presumed=self.is_presumed, licence=False))
        own = _own_start([each for each in self.counted if each.slice == part])
        events = [
            each
            for each in self.counted
            if each.slice == part or (each.slice is None and not _comes_before(each, own))
        ]
        return live(events, day, Life(presumed=own is None and _presumed(events), licence=False))

    def licence_life(self, day: date) -> Life:
        """Return the life of a measure that is itself a licence, with all its parts together."""
        return live(self.counted, day, Life(presumed=False, licence=True))

    def days_of_the_record(self) -> tuple[date, ...]:
        """Return every day on which the word may change, ascending.

        These are the days on which the law may change, and before the measure has begun those on
        which it was announced or published.
        """
        public = (day for each in self.known for day in (public_on(each), published_on(each)))
        return tuple(sorted({*self.days(), *public}))

    def days(self) -> tuple[date, ...]:
        """Return every day on which the law may change, ascending."""
        found = {acts_on(each) for each in self.counted}
        for each in self.counted:
            lapses = term_of(each, licence=self.licence).lapses_on
            if lapses is not None:
                found.add(lapses)
        return tuple(sorted(found))

    def _in_doubt(self, reading: Reading, parts: Parts) -> Reading:
        """Return `unknown` where an act without a recorded day may have ended the relief."""
        restores = _RESTORES.get(reading.word, frozenset())
        undated = tuple(
            each
            for each in self.counted
            if acts_on(each) == ALWAYS
            and DEEDS[each.kind] in restores
            and (self.licence or each.slice is None or each.slice in parts)
        )
        return Reading("unknown", (*reading.grounds, *undated)) if undated else reading

    def _begun(self, day: date, parts: Parts) -> Reading | None:
        if self.licence:
            return read_licence(self.licence_life(day), day)
        lives = [self.life_of(part, day) for part in parts]
        first, *others = [self._read_life(each, day) for each in lives]
        easings = {
            term.event.id: term.event for life in lives for term in running_easings(life, day)
        }
        return combine(first, others, tuple(easings.values()))

    def _read_life(self, life: Life, day: date) -> Reading | None:
        return read_measure(life, day, renewals_searched=self.measure.renewals_searched)

    def _not_yet(self, day: date) -> Reading:
        """Return the word of a measure that has not begun on a day.

        It is `not_yet_made` before anything of it was announced or published, however much is
        known of it today; then it is announced, then published. A licence whose first recorded
        event succeeds an earlier licence may have run before, so it is `unknown`. Announcements
        alone make a measure `announced`, but not together with a doubt or a contradicted act,
        where `announced` would make an unknown measure look harmless.
        """
        acts = tuple(each for each in self.counted if DEEDS[each.kind] in _STARTS)
        if self.licence and acts and acts[0].kind in _SUCCEEDS:
            return Reading("unknown", acts[:1], begun=False)
        others = tuple(each for each in self.known if DEEDS[each.kind] != "say")
        if others and not acts:
            return Reading("unknown", others, begun=False)
        made = self._made_by(day, acts, self.known)
        return made or Reading("announced", acts or self.known, begun=False)

    def _makers(self, own: Sequence[Event]) -> Sequence[Event]:
        """Return the acts that may have made a part: its own, or also the one of the measure."""
        if all(each.announced_on or each.published_on for each in own):
            return own
        return (*own, *(each for each in self.counted if DEEDS[each.kind] in _STARTS))

    def _made_by(
        self, day: date, acts: Sequence[Event], record: Sequence[Event]
    ) -> Reading | None:
        """Return that `acts`, or nothing at all, are public by a day; None in between."""
        published = tuple(each for each in acts if published_on(each) <= min(day, self.known_at))
        if published:
            return Reading("published_not_effective", published, begun=False)
        if all(public_on(each) > day for each in record):
            return Reading("not_yet_made", tuple(acts or record), begun=False)
        return None


def open_case(measure: Measure, known_at: date) -> Case:
    """Sort the events of a measure that were public on a day; every kind must be in `DEEDS`."""
    licence = is_licence(measure)
    public = (_plain(each) for each in public_events(measure, known_at))
    known = tuple(sorted(public, key=lambda each: in_order(each, licence=licence)))
    counted = tuple(_as_counted(each) for each in known if _counts(each, licence=licence))
    return Case(
        measure=measure,
        known_at=known_at,
        known=known,
        counted=counted,
        set_aside=tuple(each for each in known if not _counts(each, licence=licence)),
        licence=licence,
        slices=_slices(counted),
    )


def public_events(measure: Measure, known_at: date) -> tuple[Event, ...]:
    """Return the events that were on record and public on a day, in the order of the record."""
    return tuple(
        each
        for each in measure.events
        if public_on(each) <= known_at and was_on_record(each, known_at, measure.jurisdiction)
    )


def is_licence(measure: Measure) -> bool:
    """Return whether the measure is itself a licence: it only eases, by authorising something."""
    if measure.kind in LICENCE_KINDS:
        return True
    return only_eases(measure) and any(DEEDS.get(each.kind) == "ease" for each in measure.events)


def read_measure(life: Life, day: date, *, renewals_searched: bool) -> Reading | None:
    """Return the status of an ordinary measure; None where it has not begun and is not paused."""
    return (
        _ended(life, day, renewals_searched=renewals_searched)
        or _paused(life, day)
        or _operating(life, day)
    )


def read_licence(life: Life, day: date) -> Reading | None:
    """Return the status of a measure that is itself a licence; None where it is not yet granted.

    A licence that would run, but is itself suspended, stayed or delayed for an unreadable time,
    gives no relief: its word is `unknown`. So is that of one whose delay ran out in silence: only
    an act gives relief, be it the act of delay if it names the day on which the relief begins.
    """
    if life.end is not None:
        return _of_end(life.end)
    if life.delay is not None and life.delay_moves and not life.delay.lapsed_by(day):
        return None if life.delay.readable else Reading("unknown", (life.delay.event,))
    if life.delay is not None and life.delay_moves and life.delay.event.until is not None:
        return Reading("unknown", (life.delay.event,))
    given = _authorised(life, day)
    if life.pauses and given is not None and given.word == "eased_by_licence":
        return Reading("unknown", tuple(term.event for term in life.pauses.values()))
    return given


def has_begun(life: Life, day: date) -> bool:
    """Return whether the measure has started to apply, ignoring its end and its pauses."""
    if life.delay is not None and life.delay_moves:
        if life.delay.runs_on(day):
            return False
        if life.delay.lapsed_by(day):
            return True
    return life.start is not None or life.presumed


def running_easings(life: Life, day: date) -> tuple[Term, ...]:
    """Return the terms of the licences that ease the measure and run on that day."""
    return tuple(term for term in life.easings.values() if term.runs_on(day))


def combine(
    whole: Reading | None, parts: Iterable[Reading | None], easings: Sequence[Event]
) -> Reading | None:
    """Return one word for the whole and its parts; None where nothing of the measure has begun.

    `easings` are the licences that ease any part. A part that ended or has not begun leaves the
    word to the rest and appears in the flags and the slices. One part that operates makes the
    measure operate.
    """
    begun = [part for part in parts if part is not None]
    operative = [part for part in begun if part.word in _OPERATIVE]
    if whole is not None and whole.word in _OPERATIVE:
        return _part_operating(whole, [whole, *operative], begun, easings)
    if operative and (whole is None or whole.word != "unknown"):
        if whole is not None and whole.word == "suspended":
            return Reading("partly_suspended", _grounds([whole, *operative]))
        return _part_operating(None, operative, begun, easings)
    return _idle(whole, begun)


def _presumed(events: Sequence[Event]) -> bool:
    """Return whether a record presupposes a start that it lacks.

    `events` are in the order they act. A record that opens with a reinstatement presupposes a
    measure that had ended. A part that starts separately, be it by an expansion, has its own start
    and presupposes none.
    """
    deeds = [DEEDS[each.kind] for each in events if DEEDS[each.kind] not in {"say", "question"}]
    return bool(deeds) and deeds[0] != "reinstate" and not {"publish", "start"} & set(deeds)


def _own_start(events: Sequence[Event]) -> Event | None:
    """Return the event that starts a part separately; None where the part began with the whole.

    An event that affected the part before its own start became public shows that the part began
    with the whole. A later start that is not the authority's does not separate the part.
    """
    start = next(
        (each for each in events if DEEDS[each.kind] in _BEGINS and each.issued_by_authority), None
    )
    if start is None or any(
        acts_on(each) < acts_on(start)
        and (public_on(each) < public_on(start) or DEEDS[each.kind] == "end")
        for each in events
        if DEEDS[each.kind] not in _PASSING
    ):
        return None
    return start


def _comes_before(event: Event, own_start: Event | None) -> bool:
    """Return whether an event starts the whole before the part's own start."""
    if own_start is None or DEEDS[event.kind] not in {"publish", "start"}:
        return False
    return acts_on(event) < acts_on(own_start)


def _plain(event: Event) -> Event:
    """Return the event without the note of its slice, so that equal parts have equal slices."""
    if event.slice is None or event.slice.note is None:
        return event
    part = msgspec.structs.replace(event.slice, note=None)
    return msgspec.structs.replace(event, slice=part)


def _as_counted(event: Event) -> Event:
    """Return the event without its end if another than the authority states that: no relief."""
    if event.issued_by_authority:
        return event
    return msgspec.structs.replace(event, until=None, until_bound=None, until_state=None)


def _counts(event: Event, *, licence: bool) -> bool:
    if event.confidence == "disputed":
        return False
    return (
        event.issued_by_authority
        or event.kind in BY_A_COURT
        or not loosens(event.kind, licence=licence)
    )


def _slices(events: Iterable[Event]) -> tuple[Slice, ...]:
    """Return the parts that an act affected, in the order of their first acts."""
    done = (each for each in events if DEEDS[each.kind] not in {"say", "question", "note"})
    return tuple(dict.fromkeys(each.slice for each in done if each.slice is not None))


def _ended(life: Life, day: date, *, renewals_searched: bool) -> Reading | None:
    if life.end is not None:
        return _of_end(life.end)
    over = [
        term
        for term in (life.own_term, *life.pauses.values())
        if term is not None and term.lapsed_by(day) and term.lapse == "restriction_ends"
    ]
    if not over:
        return None
    word: StatusWord = "ended_by_term_unconfirmed" if renewals_searched else "unknown"
    return Reading(word, tuple(term.event for term in over))


def _of_end(end: Event) -> Reading:
    """Return `ended`, or `unknown` where the day of the end is not recorded."""
    return Reading("unknown" if acts_on(end) == ALWAYS else "ended", (end,))


def _paused(life: Life, day: date) -> Reading | None:
    """Return the word of the pause that holds; before the start a suspension with an end alone."""
    begun = has_begun(life, day)
    for operation, word in _PAUSED:
        term = life.pauses.get(operation)
        if term is None or not (begun or operation == "suspended"):
            continue
        if term.runs_on(day):
            return Reading(word, (term.event,), begun=begun)
        if begun and term.is_unread_on(day):
            return Reading("unknown", (term.event,))
    return None


def _operating(life: Life, day: date) -> Reading | None:
    if not has_begun(life, day):
        return None
    start = () if life.start is None else (life.start,)
    lapsed = [term for term in life.pauses.values() if term.lapsed_by(day)]
    if lapsed:
        grounds = (*start, *(term.event for term in lapsed))
        return Reading("in_force_by_lapse", grounds, returned=True)
    if life.delay is not None and life.delay.lapsed_by(day):
        return Reading("in_force_by_lapse", (*start, life.delay.event))
    relief = _relief(life, day)
    if relief:
        return Reading("in_force_eased", (*start, *relief))
    resumed = () if life.resumed is None else (life.resumed,)
    return Reading("in_force", (*start, *resumed, *_renewal_of(life)))


def _relief(life: Life, day: date) -> tuple[Event, ...]:
    eased = [term.event for term in running_easings(life, day)]
    if life.narrowed is not None:
        eased.append(life.narrowed)
    if life.delay is not None and life.delay.runs_on(day):
        eased.append(life.delay.event)
    return tuple(eased)


def _renewal_of(life: Life) -> tuple[Event, ...]:
    """Return the event that set the measure's own term, unless it also began the measure."""
    term = life.own_term
    return () if term is None or term.event is life.start else (term.event,)


def _authorised(life: Life, day: date) -> Reading | None:
    terms = tuple(life.easings.values())
    running = tuple(term.event for term in running_easings(life, day))
    unreadable = tuple(term.event for term in terms if term.is_unread_on(day))
    withdrawn = () if life.withdrawn is None else (life.withdrawn,)
    lapsed = tuple(term.event for term in terms)
    choices: tuple[tuple[StatusWord, tuple[Event, ...]], ...] = (
        ("eased_by_licence", running),
        ("unknown", unreadable),
        ("ended", withdrawn),
        ("authorisation_lapsed_unconfirmed", lapsed),
    )
    return next((Reading(word, grounds) for word, grounds in choices if grounds), None)


def _part_operating(
    whole: Reading | None,
    operative: Sequence[Reading],
    begun: Sequence[Reading],
    easings: Sequence[Event],
) -> Reading:
    """Return the word of a measure of which something operates: the strictest that is true."""
    lapsed = [each for each in operative if each.word == "in_force_by_lapse"]
    returned = [each for each in lapsed if each.returned or each is whole]
    if returned or len(lapsed) == len(operative):
        return Reading("in_force_by_lapse", _grounds(returned or lapsed), returned=bool(returned))
    suspended = [each for each in begun if each.word == "suspended"]
    if suspended:
        return Reading("partly_suspended", _grounds([*operative[:1], *suspended]))
    if easings or (whole is not None and whole.word == "in_force_eased"):
        return Reading("in_force_eased", _grounds(operative[:1], easings))
    return Reading("in_force", _grounds([whole] if whole else operative))


def _grounds(readings: Sequence[Reading], more: Sequence[Event] = ()) -> tuple[Event, ...]:
    events = [event for reading in readings for event in reading.grounds]
    return tuple({event.id: event for event in (*events, *more)}.values())


def _idle(whole: Reading | None, begun: Sequence[Reading]) -> Reading | None:
    """Return the most restrictive word of the whole and its parts, else how it ended."""
    read = [whole, *begun] if whole is not None else begun
    for word in _IDLE:
        of_word = [each for each in read if each.word == word]
        if of_word:
            grounds = _grounds(of_word[:1] if of_word[0] is whole else of_word)
            return Reading(word, grounds, begun=any(each.begun for each in of_word))
    return read[0] if read else None


def _never_loosened(reading: Reading, measure: Measure) -> Reading:
    """Return a reading in which no lapse brings a permission back, or into being.

    Of a measure that only eases, what a suspension or a delay held back is relief: when its time
    runs out in silence nobody has given that relief again.
    """
    if reading.word == "in_force_by_lapse" and only_eases(measure):
        return Reading("authorisation_lapsed_unconfirmed", reading.grounds)
    return reading
