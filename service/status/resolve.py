"""A measure, a legal day and a day of knowledge in; its status out. Pure.

The law in short: take what was public on `known_at`; apply what acts by `as_of`, in order;
let what ran out by then lapse in its own direction; read four axes and one word off the result.
What was only announced, what sources contradict and relief that the authority did not give
itself are shown and never used.
"""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from service.model.event import Event, Slice
from service.model.measure import Measure
from service.model.status import (
    Evidence,
    MeasureStatus,
    NextChange,
    PartStatus,
    SliceStatus,
    StatusWord,
)
from service.status.axes import EVIDENCE, FORCE, OPERATION, PLAIN, is_spoken
from service.status.case import Case, Parts, open_case, public_events
from service.status.days import (
    ALWAYS,
    acts_on,
    in_order,
    public_on,
    stands_on,
    stated_end,
    term_of,
)
from service.status.flags import flags_of, is_doubtful, upcoming_of
from service.status.kinds import DEEDS
from service.status.naming import name_of, picks_listings
from service.status.reading import Reading

_ONE_DAY = timedelta(days=1)


def status_on(measure: Measure, as_of: date, known_at: date) -> MeasureStatus:
    """The status of a measure on the legal day `as_of`, from what was known on `known_at`.

    Known is what was public on that day; of corrections, what the record held by then. Never
    raises for what is recorded: a record that cannot be read gives the word `unknown`, which is
    treated as restricted, and so does a measure without any event. Nothing public yet is
    `not_known`.
    """
    public = public_events(measure, known_at)
    if not any(stands_on(each, known_at, measure.jurisdiction) for each in measure.events):
        return _without_case(measure, as_of, "unknown", flags=("nothing_recorded",))
    if not public:
        return _without_case(measure, as_of, "not_known")
    unreadable = tuple(each.id for each in public if each.kind not in DEEDS)
    if unreadable:
        return _without_case(
            measure, as_of, "unknown", flags=("event_cannot_be_read",), rests_on=unreadable
        )
    return _resolve(open_case(measure, known_at), as_of)


def not_worked_out(measure: Measure, as_of: date) -> MeasureStatus:
    """The status of a measure whose record cannot be worked out: `unknown`, so restricted."""
    flags = ("status_cannot_be_worked_out",)
    return _without_case(measure, as_of, "unknown", flags=flags)


def _without_case(
    measure: Measure,
    as_of: date,
    word: StatusWord,
    *,
    flags: tuple[str, ...] = (),
    rests_on: tuple[str, ...] = (),
) -> MeasureStatus:
    return MeasureStatus(
        word=word,
        force=FORCE[word],
        operation="operative",
        evidence=EVIDENCE[word],
        confirmed=False,
        rests_on=rests_on,
        flags=flags,
        checked_until=measure.checked_until,
        is_stale=_is_stale(measure, as_of),
    )


def _is_stale(measure: Measure, as_of: date) -> bool:
    return measure.checked_until is None or measure.checked_until < as_of


def _resolve(case: Case, as_of: date) -> MeasureStatus:
    """The status of all of it, with that of each part, and of what belongs to no such part."""
    status = _status(case, case.all_of_it, as_of)
    standing = [] if case.licence else [each for each in case.slices if case.stands(each, as_of)]
    of_part = {part: _status(case, (part,), as_of) for part in standing}
    picked = [part for part in standing if picks_listings(part)]
    others = tuple(part for part in case.all_of_it if part not in picked)
    return msgspec.structs.replace(
        status,
        slices=tuple(
            _slice(part, own) for part, own in of_part.items() if own.word != status.word
        ),
        parts=tuple(PartStatus(slice=part, status=of_part[part]) for part in picked),
        rest=_status(case, others, as_of) if picked and case.read(as_of, others).begun else None,
    )


def _status(case: Case, parts: Parts, as_of: date) -> MeasureStatus:
    """The status of these parts read together, without telling them apart."""

    def word_on(day: date) -> StatusWord:
        return case.read(day, parts).word

    reading = case.read(as_of, parts)
    word = reading.word
    end = stated_end(reading.grounds if reading.begun else (), as_of)
    grounds = reading.grounds or _presupposing(case, as_of)
    is_stale = _is_stale(case.measure, as_of)
    return MeasureStatus(
        word=word,
        force=FORCE[word] if reading.begun or word == "unknown" else "not_yet",
        operation=OPERATION.get(word, "operative"),
        evidence=_evidence(case, word, as_of, is_stale=is_stale or not grounds),
        confirmed=is_spoken(word) and bool(grounds) and not is_doubtful(case, reading, as_of),
        since=_since(case, word_on, reading, as_of),
        until=end.until,
        until_bound=end.bound,
        next_change=_next_change(case, word_on, as_of),
        residual_obligation=None if word in PLAIN else case.measure.residual_obligation,
        rests_on=tuple(each.id for each in sorted(grounds, key=in_order)),
        upcoming=tuple(each.id for each in upcoming_of(case, as_of)),
        disputed=tuple(
            each.id
            for each in case.known
            if each.kind == "dispute" or each.confidence == "disputed"
        ),
        flags=flags_of(case, reading, as_of, parts),
        checked_until=case.measure.checked_until,
        is_stale=is_stale,
    )


def _presupposing(case: Case, as_of: date) -> tuple[Event, ...]:
    """What acted by a day and presupposes a measure in force, where its start is not recorded."""
    return tuple(
        each
        for each in case.counted
        if acts_on(each) <= as_of and DEEDS[each.kind] not in {"say", "question"}
    )


def _since(
    case: Case, word_on: Callable[[date], StatusWord], reading: Reading, as_of: date
) -> date | None:
    """The first day of the word; of what has not begun, the day that became public."""
    first = _first_day(word_on, case.days(), as_of)
    if reading.word not in {"announced", "published_not_effective"}:
        return first
    said = min((public_on(each) for each in reading.grounds), default=ALWAYS)
    if said == ALWAYS or said > as_of:
        return None
    return said if first is None else max(first, said)


def _next_change(
    case: Case, word_on: Callable[[date], StatusWord], as_of: date
) -> NextChange | None:
    word = word_on(as_of)
    for day in case.days():
        if day > as_of and (later := word_on(day)) != word:
            return NextChange(on=day, status=later, event_id=_behind(case, day))
    return None


def _behind(case: Case, day: date) -> str | None:
    """The event that acts on that day, else the one whose term ran out the day before."""
    deeds = [each for each in case.counted if DEEDS[each.kind] not in {"say", "question", "note"}]
    acting = [each.id for each in deeds if acts_on(each) == day]
    lapsing = [each.id for each in deeds if term_of(each, licence=case.licence).lapses_on == day]
    return next(reversed(acting or lapsing), None)


def _evidence(case: Case, word: StatusWord, as_of: date, *, is_stale: bool) -> Evidence:
    if word in EVIDENCE:
        return EVIDENCE[word]
    doubted = any(
        each.kind == "dispute" or (each.confidence == "disputed" and DEEDS[each.kind] != "say")
        for each in case.known
        if acts_on(each) <= as_of
    )
    if doubted:
        return "disputed"
    return "stale" if is_stale else "confirmed"


def _slice(part: Slice, status: MeasureStatus) -> SliceStatus:
    return SliceStatus(
        part=name_of(part),
        entities=part.entities,
        status=status.word,
        since=status.since,
        until=status.until,
        until_bound=status.until_bound,
        next_change=status.next_change,
    )


def _first_day(
    word_on: Callable[[date], StatusWord], days: tuple[date, ...], as_of: date
) -> date | None:
    """The first day of the unbroken run of the word that holds on `as_of`, if one is recorded."""
    word = word_on(as_of)
    for day in reversed([each for each in days if ALWAYS < each <= as_of]):
        if word_on(day - _ONE_DAY) != word:
            return day
    return None
