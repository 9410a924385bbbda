"""The status of a measure on a legal day, from what was known on a day. No input or output.

The law in short: take the events public on `known_at`; apply those that act by `as_of`, in order;
let the terms that ran out by then lapse, each with its own effect; derive the axes and the word
of the status from the result. Announcements, events that sources contradict, and relief that the
authority did not give itself are shown and never used.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec

from abeyance_screening.engine.measures.law.case import (
    Case,
    Parts,
    Reading,
    open_case,
    public_events,
    running_easings,
)
from abeyance_screening.engine.measures.law.life import (
    ALWAYS,
    Life,
    Term,
    acts_on,
    in_order,
    public_on,
    published_on,
    stated_end,
    term_of,
    was_on_record,
)
from abeyance_screening.engine.measures.measure import Event, Measure, Slice
from abeyance_screening.engine.measures.measure_fields import PRESS_REPORT
from abeyance_screening.engine.measures.status import (
    ANSWERS,
    DEEDS,
    WHAT_LAPSES,
    Deed,
    LapsedTerm,
    MeasureStatus,
    NextChange,
    PartStatus,
    SliceStatus,
    loosens,
)
from abeyance_screening.engine.measures.status_table import (
    Evidence,
    StatusWord,
    facts_of,
    is_spoken,
)
from abeyance_screening.primitives.days import day_before

_LIVE: frozenset[StatusWord] = frozenset(
    {"in_force", "in_force_eased", "in_force_by_lapse", "partly_suspended", "suspended"}
)
_STARTS: frozenset[Deed] = frozenset({"publish", "start", "reinstate", "renew"})
_FORMAL_GAPS = {
    "announce_suspension": "suspension_announced_not_formalised",
    "announce_extension": "extension_announced_not_formalised",
    "announce_easing": "easing_announced_not_formalised",
    "announce_revocation": "revocation_announced_not_formalised",
}

_SETTLED: frozenset[StatusWord] = frozenset({"in_force", "ended"})
# How long a reading of the sources lasts. Between two events of a measure of the register pass 185
# days in the median; 87 where something in it was suspended, delayed or licensed, and there a
# third of that is allowed, because somebody waits for the next step. What binds by a list, or for
# a term, is changed or renewed by its authority within weeks. A statute without either stands
# until another one amends it, which is long announced.
_LASTS_SHORT, _LASTS_ENDED = timedelta(days=30), timedelta(days=180)
_LASTS_STATUTE = timedelta(days=365)


def status_on(measure: Measure, as_of: date, known_at: date) -> MeasureStatus:
    """Return the status of a measure on the legal day `as_of`, from what was known on `known_at`.

    Known are the events that were public on that day, with the corrections that were on record
    by then. A record that cannot be read raises nothing and gives the word `unknown`, which is
    treated as restricted; so does a measure without any event. A measure of which nothing is
    public yet is `not_known`.
    """
    public = public_events(measure, known_at)
    if not any(was_on_record(each, known_at, measure.jurisdiction) for each in measure.events):
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
    """Return the status of a measure that cannot be worked out: `unknown`, so restricted."""
    flags = ("status_cannot_be_worked_out",)
    return _without_case(measure, as_of, "unknown", flags=flags)


def upcoming_of(case: Case, as_of: date) -> tuple[Event, ...]:
    """Return what is announced or decided but does not act yet, in order.

    These are announcements that no act has carried out, acts whose day is after `as_of`, and
    relief stated by somebody other than the authority. Events that sources contradict are left
    out.
    """
    later = [
        each
        for each in case.counted
        if acts_on(each) > as_of and DEEDS[each.kind] not in {"say", "question"}
    ]
    words = [each for each in _unanswered(case) if each.confidence != "disputed"]
    others = [each for each in case.set_aside if each.confidence != "disputed"]
    return tuple(
        sorted({each.id: each for each in (*later, *words, *others)}.values(), key=in_order)
    )


def is_doubtful(case: Case, reading: Reading, as_of: date) -> bool:
    """Return whether the word is in doubt and so does not count as confirmed.

    This is so where the word rests on an inexact day, on leaving out a contradicted act, on
    relief without a recorded first day, or on a renewal that only reports tell of.
    """
    inexact = any(
        each.exactness in {"month", "year"}
        and acts_on(each).year == as_of.year
        and (each.exactness == "year" or acts_on(each).month == as_of.month)
        for each in reading.grounds
    )
    contradicted = any(
        each.confidence == "disputed"
        and DEEDS[each.kind] not in {"say", "question"}
        and acts_on(each) <= as_of
        for each in case.known
    )
    undated_relief = any(
        each.effective_on is None and loosens(each.kind, licence=case.licence)
        for each in reading.grounds
    )
    return inexact or contradicted or undated_relief or _is_only_reported(reading, as_of)


def _is_only_reported(reading: Reading, as_of: date) -> bool:
    """Return whether it binds by a renewal that nobody has read, after the term before it."""
    reported = [
        each
        for each in reading.grounds
        if DEEDS[each.kind] == "renew" and each.formality == PRESS_REPORT
    ]
    runs_on = any(
        each.until is not None and each.until >= as_of
        for each in reading.grounds
        if each not in reported
    )
    return bool(reported) and not runs_on and facts_of(reading.word).bearing == "binds"


def flags_of(case: Case, reading: Reading, as_of: date, parts: Parts) -> tuple[str, ...]:
    """Return the flags of these parts for a reader, in a fixed order and without repeats."""
    found = (
        *_of_silence(case, reading),
        *_of_announcements(case, as_of),
        *_of_doubts(case),
        *_of_days(case, reading),
        *(("renewal_only_reported",) if _is_only_reported(reading, as_of) else ()),
        *_of_terms(case, reading, as_of, parts),
        *_of_parts(case, reading, as_of, parts[1:]),
        *_of_end(case, reading),
    )
    return tuple(dict.fromkeys(found))


def picks_listings(part: Slice) -> bool:
    """Return whether a part consists of some of the listings that the measure reaches."""
    return names_listings(part) or part.listed_from is not None or part.listed_until is not None


def names_listings(part: Slice) -> bool:
    """Return whether a part names its listings, or something that they print."""
    return bool(part.entities or part.programmes or part.citations or part.footnotes)


def name_of(part: Slice) -> str:
    """Return a part in words: its own name, else everything that it consists of."""
    return part.part if part.part is not None else ", ".join(_selectors(part))


def in_words(part: Slice | None) -> str | None:
    """Return a part in words, as by `name_of`; None for the whole and for a nameless part."""
    return None if part is None else name_of(part) or None


def _without_case(
    measure: Measure,
    as_of: date,
    word: StatusWord,
    *,
    flags: tuple[str, ...] = (),
    rests_on: tuple[str, ...] = (),
) -> MeasureStatus:
    facts = facts_of(word)
    return MeasureStatus(
        word=word,
        force=facts.force,
        operation=facts.operation,
        evidence=facts.evidence or "stale",
        confirmed=False,
        rests_on=rests_on,
        flags=flags,
        checked_until=measure.checked_until,
        is_stale=is_stale(measure, word, as_of),
    )


def is_stale(measure: Measure, word: StatusWord, as_of: date) -> bool:
    """Return whether the last reading of a measure's sources is too old for a day."""
    good = good_until(measure, word)
    return good is None or good < as_of


def good_until(measure: Measure, word: StatusWord) -> date | None:
    """Return the last day on which the last reading of a measure's sources confirms a status."""
    if measure.checked_until is None:
        return None
    return measure.checked_until + reading_lasts(measure, word)


def reading_lasts(measure: Measure, word: StatusWord) -> timedelta:
    """Return how long a reading of a measure's sources lasts while it has a status.

    30 days for everything that is on its way to another status (suspended, delayed, licensed,
    announced, by lapse) and for what binds by a list or for a term; a year for a rule in force
    that does neither, such as a statute; half a year for what has ended.
    """
    if word == "ended":
        return _LASTS_ENDED
    has_term = any(each.until and each.retracted_at is None for each in measure.events)
    is_short = word not in _SETTLED or "listing" in measure.attaches_by or has_term
    return _LASTS_SHORT if is_short else _LASTS_STATUTE


def _resolve(case: Case, as_of: date) -> MeasureStatus:
    """Return the status of the whole measure, of each of its parts, and of the rest."""
    status = _status(case, case.all_of_it, as_of)
    separate = [
        each for each in case.slices if not case.licence and case.has_own_status(each, as_of)
    ]
    of_part = {part: _status(case, (part,), as_of) for part in separate}
    picked = [part for part in separate if picks_listings(part)]
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
    """Return one status for these parts together."""

    def word_on(day: date) -> StatusWord:
        return case.read(day, parts).word

    reading = case.read(as_of, parts)
    word, facts, days = reading.word, facts_of(reading.word), case.days_of_the_record()
    end = stated_end(reading.grounds if reading.begun else (), as_of, licence=case.licence)
    grounds = reading.grounds or _presupposing(case, as_of)
    stale = is_stale(case.measure, word, as_of)
    return MeasureStatus(
        word=word,
        force=facts.force if reading.begun or word == "unknown" else "not_yet",
        operation=facts.operation,
        evidence=_evidence(case, reading, as_of, is_stale=stale or not grounds),
        confirmed=is_spoken(word) and bool(grounds) and not is_doubtful(case, reading, as_of),
        since=_first_day(word_on, days, as_of),
        until=end.until,
        until_bound=end.bound,
        lapsed=_lapsed(case, reading, as_of),
        next_change=_next_change(case, word_on, days, as_of),
        residual_obligation=case.measure.residual_obligation if facts.owes_rest else None,
        rests_on=tuple(each.id for each in sorted(grounds, key=in_order)),
        upcoming=tuple(each.id for each in upcoming_of(case, as_of)),
        disputed=tuple(
            each.id
            for each in case.known
            if each.kind == "dispute" or each.confidence == "disputed"
        ),
        flags=flags_of(case, reading, as_of, parts),
        checked_until=case.measure.checked_until,
        is_stale=stale,
    )


def _lapsed(case: Case, reading: Reading, as_of: date) -> LapsedTerm | None:
    """Return the term that ran out last of those that a status by silence rests on."""
    if not facts_of(reading.word).by_silence:
        return None
    terms = (term_of(each, licence=case.licence) for each in reading.grounds)
    over = [(each.lapses_on, each.event) for each in terms if each.lapsed_by(as_of)]
    ends = [(on, event) for on, event in over if on is not None]
    if not ends:
        return None
    on, event = max(ends, key=lambda end: end[0])
    # a delay may name, instead of its own last day, the first day on which it no longer holds
    return LapsedTerm(
        what=WHAT_LAPSES.get(event.kind, "authorisation" if case.licence else "term"),
        until=event.until or on,
        until_bound="exclusive" if event.until is None else event.until_bound,
        event_id=event.id,
    )


def _presupposing(case: Case, as_of: date) -> tuple[Event, ...]:
    """Return the acts up to a day, which presuppose a measure whose start is not recorded."""
    return tuple(
        each
        for each in case.counted
        if acts_on(each) <= as_of and DEEDS[each.kind] not in {"say", "question"}
    )


def _evidence(case: Case, reading: Reading, as_of: date, *, is_stale: bool) -> Evidence:
    given = facts_of(reading.word).evidence
    if given is not None:
        return given
    if _is_only_reported(reading, as_of):
        return "announced_only"
    doubted = any(
        each.kind == "dispute" or (each.confidence == "disputed" and DEEDS[each.kind] != "say")
        for each in case.known
        if acts_on(each) <= as_of
    )
    if doubted:
        return "disputed"
    return "stale" if is_stale else "confirmed"


def _first_day(
    word_on: Callable[[date], StatusWord], days: tuple[date, ...], as_of: date
) -> date | None:
    """Return the first day of the unbroken run of the word on `as_of`, if one is recorded."""
    word = word_on(as_of)
    for day in reversed([each for each in days if ALWAYS < each <= as_of]):
        if word_on(day_before(day)) != word:
            return day
    return None


def _next_change(
    case: Case, word_on: Callable[[date], StatusWord], days: tuple[date, ...], as_of: date
) -> NextChange | None:
    word = word_on(as_of)
    for day in days:
        if day > as_of and (later := word_on(day)) != word:
            return NextChange(on=day, status=later, event_id=_cause(case, day))
    return None


def _cause(case: Case, day: date) -> str | None:
    """Return the event that acts, else the one that ran out, else one published on a day."""
    deeds = [each for each in case.counted if DEEDS[each.kind] not in {"say", "question", "note"}]
    acting = [each.id for each in deeds if acts_on(each) == day]
    lapsing = [each.id for each in deeds if term_of(each, licence=case.licence).lapses_on == day]
    public = [each.id for each in case.known if day in {public_on(each), published_on(each)}]
    return next(reversed(acting or lapsing or public), None)


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


def _unanswered(case: Case) -> list[Event]:
    return [
        announced
        for announced in case.known
        if DEEDS[announced.kind] == "say"
        and not any(
            each.kind in ANSWERS[announced.kind]
            and public_on(each) >= public_on(announced)
            and (announced.slice is None or each.slice in (None, announced.slice))
            for each in case.counted
        )
    ]


def _of_silence(case: Case, reading: Reading) -> Iterator[str]:
    by_silence = facts_of(reading.word).by_silence
    if by_silence:
        yield "no_confirming_source"
        if reading.word != "in_force_by_lapse":
            yield "until_passed_no_renewal_recorded"
    if reading.word == "unknown" and not case.measure.renewals_searched:
        yield "later_renewals_not_searched"
    checked = case.measure.checked_until
    if checked is not None and (by_silence or reading.word == "unknown"):
        yield f"checked_until_{checked.isoformat()}"


def _of_announcements(case: Case, as_of: date) -> Iterator[str]:
    for announced in _unanswered(case):
        if announced.kind in _FORMAL_GAPS:
            yield _FORMAL_GAPS[announced.kind]
        elif case.read(as_of).word in _LIVE:
            yield "update_pending"


def _of_doubts(case: Case) -> Iterator[str]:
    for each in case.known:
        if each.kind == "challenge_pending":
            yield "challenge_pending"
        if each.kind == "dispute":
            yield "disputed"
    if any(each.confidence != "disputed" for each in case.set_aside):
        yield "relief_not_issued_by_authority"


def _of_days(case: Case, reading: Reading) -> Iterator[str]:
    if reading.begun and reading.word in _LIVE:
        starts = [each for each in reading.grounds if DEEDS[each.kind] in _STARTS]
        if (case.is_presumed and not starts) or any(acts_on(each) == ALWAYS for each in starts):
            yield "start_day_not_recorded"
    for each in reading.grounds:
        if each.effective_on is None and acts_on(each) != ALWAYS and DEEDS[each.kind] != "say":
            yield "effective_day_not_recorded"
        if each.exactness != "day":
            yield "day_not_exact"
        if each.confidence == "general_knowledge":
            yield "rests_on_general_knowledge"


def _of_terms(case: Case, reading: Reading, as_of: date, parts: Parts) -> Iterator[str]:
    if case.licence:
        for term in running_easings(case.licence_life(as_of), as_of):
            if term.last is not None:
                yield f"expires_{_stated(term)}"
        return
    lives = [case.life_of(part, as_of) for part in parts]
    for life in lives:
        yield from _of_life(life, as_of)
    dated = any(term.last is not None for life in lives for term in life.pauses.values())
    promised = any(each.kind == "announce_extension" for each in _unanswered(case)) or any(
        DEEDS[each.kind] == "pause" and acts_on(each) > as_of for each in case.counted
    )
    if reading.word == "suspended" and dated and not promised:
        yield "no_extension_recorded"
    if any(DEEDS[each.kind] == "ease" and acts_on(each) == ALWAYS for each in case.counted):
        yield "relief_day_not_recorded"


def _stated(term: Term) -> str:
    """Return the end as the act states it, whether or not that day is included."""
    return str(term.event.until or term.last)


def _of_life(life: Life, as_of: date) -> Iterator[str]:
    if life.end is not None:
        return
    for term in life.easings.values():
        if not term.readable:
            yield "licence_term_not_recorded"
        elif term.last is not None and term.runs_on(as_of):
            yield f"renewal_due_{_stated(term)}"
    if life.delay is not None and life.delay.runs_on(as_of) and life.delay.lapses_on is not None:
        yield f"stricter_from_{life.delay.lapses_on.isoformat()}"
    for term in life.pauses.values():
        if not term.readable:
            yield "suspension_end_not_recorded"
    yield from _of_own_term(life.own_term, as_of)


def _of_own_term(term: Term | None, as_of: date) -> Iterator[str]:
    if term is None:
        return
    if not term.readable:
        yield "term_not_recorded"
    elif term.last is not None and term.runs_on(as_of):
        yield f"sunset_{_stated(term)}"


def _of_parts(case: Case, whole: Reading, as_of: date, parts: Parts) -> Iterator[str]:
    if case.licence or whole.word not in _LIVE:
        return
    for part in (each for each in parts if each is not None and case.has_own_status(each, as_of)):
        life = case.life_of(part, as_of)
        reading = case.read_part(part, as_of)
        if life.end is not None or life.narrowed is not None:
            yield "partly_revoked"
        if reading is None:
            starts = [
                acts_on(each)
                for each in case.counted
                if each.slice == part and acts_on(each) > as_of
            ]
            delayed = life.delay.lapses_on if life.delay else None
            days = [*starts, *([delayed] if delayed else [])]
            if days:
                yield f"partly_not_yet_effective_until_{min(days).isoformat()}"
        elif reading.word == "in_force_by_lapse" != whole.word:
            yield "part_in_force_by_lapse"


def _of_end(case: Case, reading: Reading) -> Iterator[str]:
    owes_rest = facts_of(reading.word).owes_rest
    if owes_rest and case.measure.residual_obligation is not None:
        yield "residual_obligation"
    if reading.word != "ended":
        return
    if all(DEEDS[each.kind] in {"end", "say", "question", "note"} for each in case.counted):
        yield "removal_event_only"
    ends = [each for each in reading.grounds if DEEDS[each.kind] == "end"]
    for pause in (each for each in case.counted if DEEDS[each.kind] == "pause"):
        term = term_of(pause)
        if any(term.last is not None and term.runs_on(acts_on(end)) for end in ends):
            yield "suspension_moot"
    if case.measure.successor is not None:
        yield f"successor_{case.measure.successor}"


def _selectors(part: Slice) -> Iterator[str]:
    yield from part.entities
    yield from part.countries
    yield from part.programmes
    yield from part.citations
    if part.footnotes:
        yield f"footnote {', '.join(part.footnotes)}"
    first, last = part.listed_from, part.listed_until
    if first is not None and first == last:
        yield f"listed on {first}"
    elif first is not None or last is not None:
        days = (("from", first), ("until", last))
        yield " ".join(["listed", *(f"{word} {day}" for word, day in days if day is not None)])
