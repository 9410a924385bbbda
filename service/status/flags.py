"""What a reader must be told beside the word, and what is shown without being used."""

from collections.abc import Iterator
from datetime import date

from service.model.event import Event
from service.model.status import StatusWord
from service.status.axes import BY_SILENCE, PLAIN
from service.status.case import Case, Parts
from service.status.days import ALWAYS, Term, acts_on, in_order, public_on, term_of
from service.status.kinds import ANSWERS, DEEDS, Deed, loosens
from service.status.life import Life
from service.status.reading import Reading, running_easings

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


def upcoming_of(case: Case, as_of: date) -> tuple[Event, ...]:
    """What is said or decided and does not act yet, in order.

    Announcements that no act has made good, acts whose day lies after `as_of`, and relief that
    somebody else than the authority spoke of. What sources contradict is not among them.
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
    """Whether the word rests on an inexact day, or on leaving out a contradicted act.

    So does a word that rests on relief of which nobody recorded since when it is given.
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
    return inexact or contradicted or undated_relief


def flags_of(case: Case, reading: Reading, as_of: date, parts: Parts) -> tuple[str, ...]:
    """Short words for a reader of these parts, in a fixed order and without repeats."""
    found = (
        *_of_silence(case, reading),
        *_of_announcements(case, as_of),
        *_of_doubts(case),
        *_of_days(case, reading),
        *_of_terms(case, reading, as_of, parts),
        *_of_parts(case, reading, as_of, parts[1:]),
        *_of_end(case, reading),
    )
    return tuple(dict.fromkeys(found))


def _unanswered(case: Case) -> list[Event]:
    return [
        said
        for said in case.known
        if DEEDS[said.kind] == "say"
        and not any(
            each.kind in ANSWERS[said.kind]
            and public_on(each) >= public_on(said)
            and (said.slice is None or each.slice in (None, said.slice))
            for each in case.counted
        )
    ]


def _of_silence(case: Case, reading: Reading) -> Iterator[str]:
    if reading.word in BY_SILENCE:
        yield "no_confirming_source"
        if reading.word != "in_force_by_lapse":
            yield "until_passed_no_renewal_recorded"
    if reading.word == "unknown" and not case.measure.renewals_searched:
        yield "later_renewals_not_searched"
    checked = case.measure.checked_until
    if checked is not None and reading.word in BY_SILENCE | {"unknown"}:
        yield f"checked_until_{checked.isoformat()}"


def _of_announcements(case: Case, as_of: date) -> Iterator[str]:
    for said in _unanswered(case):
        if said.kind in _FORMAL_GAPS:
            yield _FORMAL_GAPS[said.kind]
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


def _stated(term: Term) -> str:
    """The end as the act states it, whatever its bound."""
    return str(term.event.until or term.last)


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
    for part in (each for each in parts if each is not None and case.stands(each, as_of)):
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
    if reading.word not in PLAIN and case.measure.residual_obligation is not None:
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
