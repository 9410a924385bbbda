"""A measure, a legal day and a day of knowledge in; its status out. Pure.

The law in short: take what was public on `known_at`; apply what acts by `as_of`, in order;
let what ran out by then lapse in its own direction; read four axes and one word off the result.
What was only announced, what sources contradict and relief that the authority did not give
itself are shown and never used.
"""

from collections.abc import Callable
from datetime import date, timedelta

from service.model.measure import Measure, Slice
from service.model.status import Change, Evidence, MeasureStatus, SliceStatus, StatusWord
from service.status.axes import EVIDENCE, FORCE, OPERATION, PLAIN, is_spoken
from service.status.case import Case, open_case
from service.status.days import ALWAYS, acts_on, in_order, public_on, stated_end, term_of
from service.status.flags import flags_of, is_doubtful, upcoming_of
from service.status.kinds import DEEDS
from service.status.reading import Reading

_ONE_DAY = timedelta(days=1)


def status_on(measure: Measure, as_of: date, known_at: date) -> MeasureStatus:
    """The status of a measure on the legal day `as_of`, from what was public on `known_at`.

    Never raises for what is recorded: a record that cannot be read gives the word `unknown`,
    which is treated as restricted, and so does a measure without any event. Nothing public yet
    is `not_known`.
    """
    recorded = [each for each in measure.events if each.retracted_at is None]
    public = [each for each in recorded if public_on(each) <= known_at]
    if not recorded:
        return _without_case(measure, "unknown", ("nothing_recorded",))
    if not public:
        return _without_case(measure, "not_known", ())
    unreadable = tuple(each.id for each in public if each.kind not in DEEDS)
    if unreadable:
        return _without_case(measure, "unknown", ("event_cannot_be_read",), unreadable)
    return _resolve(open_case(measure, known_at), as_of)


def _without_case(
    measure: Measure, word: StatusWord, flags: tuple[str, ...], rests_on: tuple[str, ...] = ()
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
    )


def _resolve(case: Case, as_of: date) -> MeasureStatus:
    reading = case.read(as_of)
    word = reading.word
    since = _since(case, reading, as_of)
    change = _next_change(case, lambda day: case.read(day).word, as_of)
    evidence = _evidence(case, word, as_of)
    end = stated_end(reading.grounds if reading.begun else (), as_of)
    return MeasureStatus(
        word=word,
        force=FORCE[word] if reading.begun or word == "unknown" else "not_yet",
        operation=OPERATION.get(word, "operative"),
        evidence=evidence,
        confirmed=is_spoken(word) and not is_doubtful(case, reading, as_of),
        since=since,
        until=end.until,
        until_bound=end.bound,
        next_change=change,
        residual_obligation=None if word in PLAIN else case.measure.residual_obligation,
        slices=_slices(case, as_of, word),
        rests_on=tuple(each.id for each in sorted(reading.grounds, key=in_order)),
        upcoming=tuple(each.id for each in upcoming_of(case, as_of)),
        disputed=tuple(
            each.id
            for each in case.known
            if each.kind == "dispute" or each.confidence == "disputed"
        ),
        flags=flags_of(case, reading, as_of),
        checked_until=case.measure.checked_until,
    )


def _since(case: Case, reading: Reading, as_of: date) -> date | None:
    """The first day of the word; of what has not begun, the day that became public."""
    first = _first_day(lambda day: case.read(day).word, case.days(), as_of)
    if reading.word not in {"announced", "published_not_effective"}:
        return first
    said = min(public_on(each) for each in reading.grounds)
    if said == ALWAYS or said > as_of:
        return None
    return said if first is None else max(first, said)


def _next_change(case: Case, word_on: Callable[[date], StatusWord], as_of: date) -> Change | None:
    word = word_on(as_of)
    for day in case.days():
        if day > as_of and (later := word_on(day)) != word:
            return Change(on=day, status=later, event_id=_behind(case, day))
    return None


def _behind(case: Case, day: date) -> str | None:
    """The event that acts on that day, else the one whose term ran out the day before."""
    acting = [
        each.id
        for each in case.counted
        if acts_on(each) == day and DEEDS[each.kind] not in {"say", "question", "note"}
    ]
    if acting:
        return acting[-1]
    lapsing = [
        each.id for each in case.counted if term_of(each, "restriction_returns").lapses_on == day
    ]
    return lapsing[-1] if lapsing else None


def _evidence(case: Case, word: StatusWord, as_of: date) -> Evidence:
    if word in EVIDENCE:
        return EVIDENCE[word]
    doubted = any(
        each.kind == "dispute" or (each.confidence == "disputed" and DEEDS[each.kind] != "say")
        for each in case.known
        if acts_on(each) <= as_of
    )
    return "disputed" if doubted else "confirmed"


def _slices(case: Case, as_of: date, word: StatusWord) -> tuple[SliceStatus, ...]:
    if case.licence:
        return ()
    statuses = (_slice(case, part, as_of) for part in case.slices if case.stands(part, as_of))
    return tuple(each for each in statuses if each.status != word)


def _slice(case: Case, part: Slice, as_of: date) -> SliceStatus:
    def word_on(day: date) -> StatusWord:
        reading = case.read_part(part, day)
        return "published_not_effective" if reading is None else reading.word

    reading, word = case.read_part(part, as_of), word_on(as_of)
    end = stated_end(reading.grounds if reading is not None and reading.begun else (), as_of)
    return SliceStatus(
        part=name_of(part),
        entities=part.entities,
        status=word,
        since=_first_day(word_on, case.days(), as_of),
        until=end.until,
        until_bound=end.bound,
        next_change=_next_change(case, word_on, as_of),
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


def name_of(part: Slice) -> str:
    """A part in words: its own name, else the parties or places it consists of."""
    if part.part is not None:
        return part.part
    return ", ".join(part.entities or part.countries)
