"""What comes after a day: changes of a measure's word or of a part's, and what is only said. Pure.

The days are those of `Case.days`, the words those of `Case.read`; nothing here decides a status.
The term of a single entry (a denial order's end) belongs to its listing and is not told here.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import get_args

import msgspec

from service.measures.coming_model import ActKind, ComingKind, LapseKind, SaidKind
from service.measures.event import Event, EventKind, Slice
from service.measures.law.case import Case, Reading, open_case, public_events
from service.measures.law.life import Life, Term, acts_on, in_order
from service.measures.law.resolve import upcoming_of
from service.measures.measure import Measure
from service.measures.status import DEEDS, OPERATIONS, Deed, Operation, StatusWord

_ONE_DAY = timedelta(days=1)
_NO_ACTS: frozenset[Deed] = frozenset({"say", "question", "note"})
_LAPSES: frozenset[ComingKind] = frozenset(get_args(LapseKind))
_ONLY_SAID: frozenset[ComingKind] = frozenset(get_args(SaidKind))

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
_SAID: Mapping[EventKind, SaidKind] = MappingProxyType(
    {
        "announce": "announced_change",
        "announce_suspension": "announced_suspension",
        "announce_extension": "announced_extension",
        "announce_easing": "announced_easing",
        "announce_revocation": "announced_revocation",
    }
)


class Coming(msgspec.Struct, frozen=True):
    """On `on` the word becomes `after`, which was `before` the day before, because of `event`.

    `part` None: the word is the whole measure's; else it is that part's, and the whole's word
    stays or changes for another reason. What is only said has the whole's word of that day both
    before and after, whichever part it is about.
    """

    on: date
    what: ComingKind
    event: Event
    part: Slice | None
    before: StatusWord
    after: StatusWord

    @property
    def is_lapse(self) -> bool:
        """Whether a term runs out, and no act does it."""
        return self.what in _LAPSES

    @property
    def is_said(self) -> bool:
        """Whether it is only said, or set aside, and changes nothing."""
        return self.what in _ONLY_SAID


def coming_changes(measure: Measure, as_of: date, known_at: date) -> tuple[Coming, ...]:
    """Every change of the measure's word, or of a part's, after `as_of`, by day.

    Only what was public on `known_at` counts, and that nothing more is recorded. On one day the
    whole stands before its parts, and a part is left out where the whole's change has the same
    event behind it. A measure that cannot be read has none: it stays `unknown`.
    """
    case = _open(measure, known_at)
    if case is None:
        return ()
    days = (day for day in case.days() if day > as_of)
    return tuple(change for day in days for change in _changes_on(case, day))


def said_to_come(measure: Measure, as_of: date, known_at: date) -> tuple[Coming, ...]:
    """What was said of days after `as_of` and never counts, by day; none of a measure ended.

    Announcements that no act has made good, disputed ones too, and acts that are set aside. Each
    stands on the day it is said to take effect, else, once that is past, on the first day after
    the end said of it: read as restricted on that end, unless it is said to be included.
    """
    case = _open(measure, known_at)
    if case is None or case.read(as_of).word == "ended":
        return ()
    said = ((_said_day(event, as_of), event) for event in _said(case, as_of))
    rows = [_said_row(case, day, event) for day, event in said if day is not None]
    return tuple(sorted(rows, key=lambda row: (row.on, row.event.id)))


def known_events(measure: Measure, known_at: date) -> tuple[Event, ...]:
    """The events that were public on a day, in the order they act."""
    case = _open(measure, known_at)
    return () if case is None else case.known


def took_effect(measure: Measure, since: date, to: date, known_at: date) -> Mapping[str, date]:
    """The first day of the effect of what counts, by event id, where it lies in (since, to]."""
    case = _open(measure, known_at)
    counted = () if case is None else case.counted
    return {
        each.id: acts_on(each)
        for each in counted
        if DEEDS[each.kind] not in {"say", "question"} and since < acts_on(each) <= to
    }


def lapsed(measure: Measure, since: date, to: date, known_at: date) -> Mapping[str, date]:
    """The day after a term ran out, by event id, where it lies in (since, to].

    Only terms that nothing had replaced or ended by then.
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


def _open(measure: Measure, known_at: date) -> Case | None:
    """The measure as known on a day; None where nothing was public, or not all of it is read."""
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
    eve = day - _ONE_DAY
    if part is not None and not (case.stands(part, eve) or case.stands(part, day)):
        return None
    before, after = _read(case, part, eve), _read(case, part, day)
    if before.word == after.word:
        return None
    event = _behind(case, part, day, before, after)
    what = _act(case, event) if acts_on(event) == day else _lapse(case, event)
    return Coming(day, what, event, part, before.word, after.word)


def _read(case: Case, part: Slice | None, day: date) -> Reading:
    return case.read(day, None if part is None else (part,))


def _behind(case: Case, part: Slice | None, day: date, before: Reading, after: Reading) -> Event:
    """What acts on that day or ran out the day before: first what the new word rests on."""
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
    """The lives a word is read from: the part's own, or the whole's with all of its parts."""
    if case.licence:
        return [case.licence_life(day)]
    parts = case.all_of_it if part is None else (part,)
    return [case.life_of(each, day) for each in parts]


def _lapsing(life: Life, day: date) -> Iterator[Term]:
    """The terms that ran out the day before, as far as nothing acting on the day replaced them."""
    for term in (life.own_term, life.delay, *life.pauses.values(), *life.easings.values()):
        if term is not None and term.lapses_on == day:
            yield term


def _lapse(case: Case, event: Event) -> LapseKind:
    deed = DEEDS[event.kind]
    if case.licence or deed == "ease":
        return "licence_ends"
    if deed == "pause":
        return _ENDS_OF_PAUSE[OPERATIONS[event.kind]]
    return "delay_ends" if deed == "delay" else "term_ends"


def _act(case: Case, event: Event) -> ActKind:
    deed = DEEDS[event.kind]
    if deed == "pause":
        return _BEGINNINGS_OF_PAUSE[OPERATIONS[event.kind]]
    if case.licence and deed in {"publish", "start", "reinstate", "renew"}:
        return "licence_begins"
    return _ACTS[deed]


def _said(case: Case, as_of: date) -> tuple[Event, ...]:
    """Announcements unanswered by an act, and acts that do not count; disputed or not."""
    trusted = tuple(
        msgspec.structs.replace(each, confidence="general_knowledge") for each in case.known
    )
    told = {each.id for each in upcoming_of(msgspec.structs.replace(case, known=trusted), as_of)}
    words = [each for each in case.known if each.kind in _SAID and each.id in told]
    acts = [each for each in case.set_aside if DEEDS[each.kind] not in _NO_ACTS]
    return (*words, *acts)


def _said_day(event: Event, as_of: date) -> date | None:
    if event.effective_on is not None and event.effective_on > as_of:
        return event.effective_on
    if event.until is None:
        return None
    after = event.until
    if event.until_bound == "inclusive" and after < date.max:
        after += _ONE_DAY
    return after if after > as_of else None


def _said_row(case: Case, day: date, event: Event) -> Coming:
    word = case.read(day).word
    return Coming(day, _SAID.get(event.kind, "act_set_aside"), event, event.slice, word, word)
