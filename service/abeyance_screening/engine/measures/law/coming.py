"""Changes to come, and those whose day has passed with what followed. No input or output.

First the rows of the calendar of coming changes, then the law that finds them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args
from uuid import UUID

import msgspec

from abeyance_screening.engine.measures.law.case import Case, Reading, open_case, public_events
from abeyance_screening.engine.measures.law.life import Life, Term, acts_on, in_order, public_on
from abeyance_screening.engine.measures.law.resolve import upcoming_of
from abeyance_screening.engine.measures.measure import (
    Confidence,
    Event,
    EventKind,
    Measure,
    Slice,
    UntilBound,
)
from abeyance_screening.engine.measures.measure_fields import (
    ActCitation,
    ActLink,
    ActQuote,
    AffectedSlice,
    AuthorityName,
    IdOfEvent,
    IdOfMeasure,
    IsConfirmed,
    JurisdictionCode,
    MeasureTitle,
    NextChangeOn,
    ResidualDuty,
)
from abeyance_screening.engine.measures.status import ANSWERS, DEEDS, OPERATIONS, Deed, SliceStatus
from abeyance_screening.engine.measures.status_table import (
    Evidence,
    Operation,
    StatusWord,
    is_ahead,
)
from abeyance_screening.primitives.days import day_after, day_before

# --- The rows of the calendar of coming changes, and differences between two days of a measure.

LapseKind = Literal[
    "suspension_ends",
    "non_enforcement_ends",
    "stay_ends",
    "licence_ends",
    "delay_ends",
    "term_ends",
]
ActKind = Literal[
    "starts",
    "delay_begins",
    "widens",
    "narrows",
    "suspension_begins",
    "non_enforcement_begins",
    "stay_begins",
    "resumes",
    "stay_lifted",
    "licence_begins",
    "licence_withdrawn",
    "renewed",
    "ends",
]
AnnouncedKind = Literal[
    "announced_change",
    "announced_suspension",
    "announced_extension",
    "announced_easing",
    "announced_revocation",
    "act_set_aside",
]
ComingKind = LapseKind | ActKind | AnnouncedKind
"""What happens. An end that nothing replaced: `suspension_ends`, `non_enforcement_ends`,
`stay_ends`, `licence_ends`, `delay_ends`, `term_ends`. What an act does: the measure `starts`,
`delay_begins`, it `widens`, `narrows`, `suspension_begins`, `non_enforcement_begins`,
`stay_begins`, it `resumes`, `stay_lifted`, `licence_begins`, `licence_withdrawn`, it is `renewed`
or `ends`. What is only announced and changes no status: `announced_change`,
`announced_suspension`, `announced_extension`, `announced_easing`, `announced_revocation`;
`act_set_aside` is an act that is contradicted, or not the authority's."""
PassedWord = Literal["nothing_confirmed", "act_followed", "took_effect", "no_act_found"]
"""What followed: `nothing_confirmed`, a term ran out and no act on record says what follows;
`act_followed`, `event` says it; `took_effect`, it was an act's own day; `no_act_found`, it was
only announced and no act carries it out."""
ListingChangeKind = Literal["listed", "left", "changed", "same", "unknown"]
"""What happened to the listing: `listed` if it was added after that day, `left`, `changed` if it
is printed differently, `same`, or `unknown` if no edition is old enough."""
DoneKind = Literal["became_known", "took_effect", "lapsed", "taken_back"]
"""`became_known`, known on the second day of knowledge and not on the first; `taken_back`, the
reverse, as recorded by mistake; `took_effect`, its first day lies between; `lapsed`, its term ran
out between and nothing had replaced it."""


class EventCited(msgspec.Struct, frozen=True, kw_only=True):
    """An event and where to read it."""

    id: IdOfEvent
    kind: EventKind
    citation: ActCitation
    url: ActLink
    quote: ActQuote
    confidence: Confidence


class PassedOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What followed a change whose day has passed."""

    word: PassedWord
    sentence: str
    """The same in words."""
    known_on: date | None = None
    """The day on which `event` became public; null without one, or if not recorded."""
    event: EventCited | None = None
    """The act that says what followed; null if there is none."""


class ComingChange(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the calendar."""

    id: UUID
    """Stays the same while measure, part, event, kind and day do."""
    on: date
    """First day of the new status, local to the authority."""
    as_of: date
    """The day asked about, or the authority's own today if that was left open."""
    days_ahead: int
    """Days from `as_of` to `on`; 0 or less if it has passed."""
    what: ComingKind
    announced: bool
    """True if it is only announced, or set aside because sources contradict it or it is relief
    from somebody else: it changes no status."""
    disputed: bool
    """True if sources contradict the event."""
    measure_id: IdOfMeasure
    title: MeasureTitle
    authority: AuthorityName
    jurisdiction: JurisdictionCode
    lists: tuple[str, ...]
    """Codes of the lists that the measure reaches."""
    slice: str | None
    """The part of the measure in which the change begins, or that it is of; null for the whole."""
    status_of: Literal["measure", "slice"]
    """Whether the two statuses are of the whole `measure`, or only of the `slice`."""
    status_before: StatusWord
    """The status on the day before `on`."""
    status_after: StatusWord
    """The status on `on`, unless something new is recorded."""
    stated_end: date | None
    """The end as the act states it, where the change is that end; else null."""
    until_bound: UntilBound | None
    sentence: str
    """The change in words."""
    known_on: date | None
    """The day on which the event became public; null if not recorded."""
    event: EventCited
    """The event that brings it about."""
    is_passed: bool = False
    """True if `on` is the day asked about or before; the statuses and the sentence are then those
    that were expected."""
    outcome: PassedOutcome | None = None
    """What followed a change that has passed; null for one still to come."""


class StatusThen(msgspec.Struct, frozen=True, kw_only=True):
    """A measure's status on one of the two days compared."""

    as_of: date
    """The one of the two days."""
    known_at: date
    """Only what was public on this day counts, for this day; a date."""
    status: StatusWord
    evidence: Evidence
    since: date | None
    """First day of the status; null if not recorded."""
    until: date | None
    """The end that its acts state; null without one."""
    until_bound: UntilBound | None
    confirmed: IsConfirmed
    residual_obligation: ResidualDuty
    slices: tuple[SliceStatus, ...]
    """The parts whose status differs from the measure's."""
    next_change_on: NextChangeOn
    next_change_to: StatusWord | None
    """The status from `next_change_on` on; null without one."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One effect of an event, and the day of that effect."""

    what: DoneKind
    on: date
    """The day of the effect."""


class EventBetween(msgspec.Struct, frozen=True, kw_only=True):
    """An event and what it did after the first day and up to the second, which is included."""

    event: EventCited
    """The event."""
    slice: AffectedSlice
    did: tuple[Done, ...]
    """What it did, each with its day."""


class MeasureDiff(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on one day compared with the same measure on a later day."""

    measure_id: IdOfMeasure
    title: MeasureTitle
    before: StatusThen
    """The status on the first day."""
    after: StatusThen
    """The status on the second day."""
    changed: tuple[str, ...]
    """Names of the fields of `before` and `after` that differ, apart from the two days."""
    events: tuple[EventBetween, ...]
    """What happened between, by the first day of what it did."""
    sentence: str
    """The difference in words."""


class HitChange(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in a hit since a day."""

    since: date
    """The day since which."""
    listing: ListingChangeKind
    fields: tuple[str, ...]
    """Fields of the listing that are printed differently."""
    measures: tuple[MeasureDiff, ...]
    """The measures of the hit whose status or events changed, in the order of the hit."""


# --- What is to come for a measure, and what has passed.

_NO_ACTS: frozenset[Deed] = frozenset({"say", "question", "note"})
_LAPSES: frozenset[ComingKind] = frozenset(get_args(LapseKind))
_ONLY_ANNOUNCED: frozenset[ComingKind] = frozenset(get_args(AnnouncedKind))

_ENDS_OF_PAUSE: Mapping[Operation, LapseKind] = MappingProxyType(
    {
        "suspended": "suspension_ends",
        "not_enforced": "non_enforcement_ends",
        "court_stayed": "stay_ends",
    }
)
_BEGINNINGS_OF_PAUSE: Mapping[Operation, ActKind] = MappingProxyType(
    {
        "suspended": "suspension_begins",
        "not_enforced": "non_enforcement_begins",
        "court_stayed": "stay_begins",
    }
)
_ACTS: Mapping[Deed, ActKind] = MappingProxyType(
    {
        "publish": "starts",
        "start": "starts",
        "reinstate": "starts",
        "delay": "delay_begins",
        "widen": "widens",
        "narrow": "narrows",
        "resume": "resumes",
        "lift_stay": "stay_lifted",
        "ease": "licence_begins",
        "withdraw_easing": "licence_withdrawn",
        "renew": "renewed",
        "end": "ends",
    }
)
_ANNOUNCED: Mapping[EventKind, AnnouncedKind] = MappingProxyType(
    {
        "announce": "announced_change",
        "announce_suspension": "announced_suspension",
        "announce_extension": "announced_extension",
        "announce_easing": "announced_easing",
        "announce_revocation": "announced_revocation",
    }
)
_PAUSE_SETTLED: frozenset[Deed] = frozenset(
    {"pause", "resume", "lift_stay", "start", "reinstate", "end"}
)
_SETTLED_BY: Mapping[ComingKind, frozenset[Deed]] = MappingProxyType(
    {
        "suspension_ends": _PAUSE_SETTLED,
        "non_enforcement_ends": _PAUSE_SETTLED,
        "stay_ends": _PAUSE_SETTLED,
        "licence_ends": frozenset(
            {"ease", "withdraw_easing", "publish", "start", "renew", "reinstate", "end"}
        ),
        "delay_ends": frozenset({"delay", "publish", "start", "end"}),
        "term_ends": frozenset({"publish", "start", "renew", "reinstate", "end"}),
    }
)
"""What an act must do to say what follows the end of a term of this kind."""


class Coming(msgspec.Struct, frozen=True):
    """A coming change: on `on` the word `before` of the day before becomes `after`, by `event`.

    `part` None: the word is the whole measure's. Otherwise it is that part's, and the whole's word
    stays or changes for another reason. For an announcement, `before` and `after` are both the
    whole's word on that day, whichever part the announcement is about.
    """

    on: date
    what: ComingKind
    event: Event
    part: Slice | None
    before: StatusWord
    after: StatusWord

    @property
    def is_lapse(self) -> bool:
        """Whether the change comes from a term that runs out, not from an act."""
        return self.what in _LAPSES

    @property
    def is_announced(self) -> bool:
        """Whether the change is only announced, or set aside, and changes no status."""
        return self.what in _ONLY_ANNOUNCED


class Passed(msgspec.Struct, frozen=True):
    """A change whose day has passed, and the outcome; `followed` is the act that says it."""

    change: Coming
    word: PassedWord
    followed: Event | None


def coming_changes(measure: Measure, as_of: date, known_at: date) -> tuple[Coming, ...]:
    """Return every change of the measure's word, or of a part's, after `as_of`, by day.

    Only events public on `known_at` count, and nothing more is assumed to be recorded. That a
    measure is announced, or published, is no change of the law. On one day
    the whole comes before its parts, and a part is left out where the same event changes the
    whole. A measure that cannot be read has no changes: it stays `unknown`.
    """
    case = _open(measure, known_at)
    if case is None:
        return ()
    days = (day for day in case.days() if day > as_of)
    return tuple(change for day in days for change in _changes_on(case, day))


def announced_to_come(measure: Measure, as_of: date, known_at: date) -> tuple[Coming, ...]:
    """Return what is announced for days after `as_of` and never counts, by day.

    These are announcements that no act has carried out, disputed ones too, and acts that are set
    aside. Each is on its announced first day. Once that is past, it is on the announced end,
    which counts as restricted, or on the day after if the end is stated to be included. Empty for
    a measure that has ended.
    """
    case = _open(measure, known_at)
    if case is None or case.read(as_of).word == "ended":
        return ()
    dated = ((_announced_day(event, as_of), event) for event in _announced(case, as_of))
    rows = [_announced_row(case, day, event) for day, event in dated if day is not None]
    return tuple(sorted(rows, key=lambda row: (row.on, row.event.id)))


def known_events(measure: Measure, known_at: date) -> tuple[Event, ...]:
    """Return the events that were public on a day, in the order they act."""
    case = _open(measure, known_at)
    return () if case is None else case.known


def took_effect(measure: Measure, since: date, to: date, known_at: date) -> Mapping[str, date]:
    """Return the first day of effect of the events that count, by event id.

    Only days after `since` and up to `to`, which is included.
    """
    case = _open(measure, known_at)
    counted = () if case is None else case.counted
    return {
        each.id: acts_on(each)
        for each in counted
        if DEEDS[each.kind] not in {"say", "question"} and since < acts_on(each) <= to
    }


def lapsed(measure: Measure, since: date, to: date, known_at: date) -> Mapping[str, date]:
    """Return the day after the last day of each term that ran out, by event id.

    Only days after `since` and up to `to`, which is included, and only terms that nothing had
    replaced or ended by then.
    """
    case = _open(measure, known_at)
    if case is None:
        return {}
    return {
        term.event.id: day
        for day in case.days()
        if since < day <= to
        for life in _lives(case, None, day)
        if life.end is None
        for term in _lapsing(life, day)
    }


def passed_changes(
    measure: Measure, after: date, as_of: date, known_at: date
) -> tuple[Passed, ...]:
    """Return the changes after the day `after` and up to `as_of`, which is included, by day."""
    known = known_events(measure, known_at)
    if not known:
        return ()
    return tuple(
        _outcome(measure, change, as_of, known_at)
        for day in _days(measure.events, after, as_of)
        for change in _expected_on(measure, day, known_at, {each.id for each in known})
    )


def _open(measure: Measure, known_at: date) -> Case | None:
    """Open the case of a day; None where no event was public or one of them cannot be read."""
    public = public_events(measure, known_at)
    if not public or any(each.kind not in DEEDS for each in public):
        return None
    return open_case(measure, known_at)


def _changes_on(case: Case, day: date) -> Iterator[Coming]:
    whole = _change(case, None, day)
    if whole is not None:
        yield whole
    for part in () if case.licence else case.slices:
        change = _change(case, part, day)
        if change is not None and (whole is None or change.event.id != whole.event.id):
            yield change


def _change(case: Case, part: Slice | None, day: date) -> Coming | None:
    eve = day_before(day)
    if part is not None and not (case.has_own_status(part, eve) or case.has_own_status(part, day)):
        return None
    before, after = _read(case, part, eve), _read(case, part, day)
    if before.word == after.word or (is_ahead(before.word) and is_ahead(after.word)):
        return None
    event = _cause(case, part, day, before, after)
    what = _act(case, event) if acts_on(event) == day else _lapse(case, event)
    return Coming(day, what, event, part, before.word, after.word)


def _read(case: Case, part: Slice | None, day: date) -> Reading:
    return case.read(day, None if part is None else (part,))


def _cause(case: Case, part: Slice | None, day: date, before: Reading, after: Reading) -> Event:
    """Return the event that changes the word on a day.

    Of the events that act on the day or whose terms ran out the day before, one that the new word
    rests on comes first.
    """
    acting = [
        each
        for each in case.counted
        if acts_on(each) == day
        and DEEDS[each.kind] not in _NO_ACTS
        and (part is None or each.slice in {None, part})
    ]
    lapsing = [term.event for life in _lives(case, part, day) for term in _lapsing(life, day)]

    def weight(event: Event) -> tuple[bool, bool, bool, tuple[date, date, bool, str]]:
        new, old = event in after.grounds, event in before.grounds
        return new, old, acts_on(event) == day, in_order(event, licence=case.licence)

    return max((*acting, *lapsing), key=weight)


def _lives(case: Case, part: Slice | None, day: date) -> list[Life]:
    """Return the lives that decide a word: the part's own, or those of the whole and all parts."""
    if case.licence:
        return [case.licence_life(day)]
    parts = case.all_of_it if part is None else (part,)
    return [case.life_of(each, day) for each in parts]


def _lapsing(life: Life, day: date) -> Iterator[Term]:
    """Yield the terms that ran out the day before and that no act of the day replaced."""
    for term in (life.own_term, life.delay, *life.pauses.values(), *life.easings.values()):
        if term is not None and term.lapses_on == day:
            yield term


def _act(case: Case, event: Event) -> ActKind:
    deed = DEEDS[event.kind]
    if deed == "pause":
        return _BEGINNINGS_OF_PAUSE[OPERATIONS[event.kind]]
    if case.licence and deed in {"publish", "start", "reinstate", "renew"}:
        return "licence_begins"
    return _ACTS[deed]


def _lapse(case: Case, event: Event) -> LapseKind:
    deed = DEEDS[event.kind]
    if case.licence or deed == "ease":
        return "licence_ends"
    if deed == "pause":
        return _ENDS_OF_PAUSE[OPERATIONS[event.kind]]
    return "delay_ends" if deed == "delay" else "term_ends"


def _announced_day(event: Event, as_of: date) -> date | None:
    if event.effective_on is not None and event.effective_on > as_of:
        return event.effective_on
    if event.until is None:
        return None
    after = event.until
    if event.until_bound == "inclusive":
        after = day_after(after)
    return after if after > as_of else None


def _announced(case: Case, as_of: date) -> tuple[Event, ...]:
    """Return announcements, disputed ones too, that no act carried out or that do not count."""
    trusted = tuple(
        msgspec.structs.replace(each, confidence="general_knowledge") for each in case.known
    )
    open_ids = {
        each.id for each in upcoming_of(msgspec.structs.replace(case, known=trusted), as_of)
    }
    announcements = [
        each for each in case.known if each.kind in _ANNOUNCED and each.id in open_ids
    ]
    acts = [each for each in case.set_aside if DEEDS[each.kind] not in _NO_ACTS]
    return (*announcements, *acts)


def _announced_row(case: Case, day: date, event: Event) -> Coming:
    word = case.read(day).word
    return Coming(day, _ANNOUNCED.get(event.kind, "act_set_aside"), event, event.slice, word, word)


def _days(events: Iterable[Event], after: date, as_of: date) -> list[date]:
    """Return the days of a stretch on which an event, or the end of one, may change something."""
    days = set[date]()
    for event in events:
        stated = (event.effective_on, event.published_on, event.announced_on, event.until)
        days.update(each for each in stated if each is not None)
        if event.until is not None and event.until < date.max:
            days.add(day_after(event.until))
    return sorted(each for each in days if after < each <= as_of)


def _expected_on(measure: Measure, day: date, known_at: date, known: set[str]) -> Iterator[Coming]:
    """Yield the changes of one day: those expected on its eve, then others that are on record.

    Of what is on record now, a part that the eve expected to change is left out: what became of it
    is the outcome of that entry.
    """
    eve = day_before(day)
    expected = [each for each in _on(measure, day, min(eve, known_at)) if each.event.id in known]
    yield from expected
    taken = {(each.part, each.is_announced) for each in expected}
    for each in _on(measure, day, known_at):
        if (each.part, each.is_announced) not in taken:
            yield each


def _on(measure: Measure, day: date, known_at: date) -> Iterator[Coming]:
    for changes_of in (coming_changes, announced_to_come):
        for change in changes_of(measure, day_before(day), known_at):
            if change.on == day:
                yield change


def _outcome(measure: Measure, change: Coming, as_of: date, known_at: date) -> Passed:
    followed = _followed(measure, change, as_of, known_at)
    if followed is not None:
        return Passed(change, "act_followed", followed)
    if change.is_announced:
        return Passed(change, "no_act_found", None)
    return Passed(change, "nothing_confirmed" if change.is_lapse else "took_effect", None)


def _followed(measure: Measure, change: Coming, as_of: date, known_at: date) -> Event | None:
    """Return the first act of that day or later that says what follows the change, if any."""
    if not (change.is_announced or change.is_lapse) or not public_events(measure, known_at):
        return None
    acts = [
        each
        for each in open_case(measure, known_at).counted
        if each.id != change.event.id
        and _settles(each, change)
        and (public_on(each) >= change.on or change.on <= acts_on(each) <= as_of)
    ]
    return min(acts, key=lambda each: (public_on(each), each.id), default=None)


def _settles(event: Event, change: Coming) -> bool:
    part = change.event.slice if change.is_announced else change.part
    if part is not None and event.slice not in {None, part}:
        return False
    if change.is_announced:
        return event.kind in ANSWERS.get(change.event.kind, frozenset())
    return DEEDS[event.kind] in _SETTLED_BY.get(change.what, frozenset())
