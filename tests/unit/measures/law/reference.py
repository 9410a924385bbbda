"""What MEASURES.md says of a measure, read day by day: slow, plain, and written apart.

It shares nothing with `engine.measures.law`, so that the two can be held against each other.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from typing import NamedTuple, get_args

from abeyance_screening.engine.measures.measure import Event, EventKind, Measure, Slice
from tests.unit.measures.law.reference_licence import Licence
from tests.unit.measures.law.reference_life import (
    EASES,
    ENDS,
    PAUSES,
    STARTS,
    Life,
    acts_on,
    endless_hearsay,
    is_undated,
    said_on,
    starts_apart,
    without_note,
)

DOUBTS = {"challenge_pending", "dispute"}
TEXT = {"amend", "correct"}
FROM_A_COURT = {"stay", "lift_stay", "annul"}
LOOSENS = {*EASES, *ENDS, *set[str]().union(*PAUSES.values()), "delay", "narrow"}
GIVES_A_LICENCE = {*STARTS, *EASES, "reinstate", "renew", "expand", "resume", "lift_stay"}
COMING = {*STARTS, *EASES, "reinstate", "renew", "expand"}
SUCCESSIONS = {"extend_authorisation", "replace_authorisation", "renew"}
OPERATIVE = {"in_force", "in_force_eased", "in_force_by_lapse"}
FORCE = {
    **dict.fromkeys(
        ("not_known", "not_yet_made", "announced", "published_not_effective"), "not_yet"
    ),
    **dict.fromkeys(("ended", "ended_by_term_unconfirmed"), "ended"),
    "authorisation_lapsed_unconfirmed": "ended",
    "unknown": "unknown",
}
OPERATION = {
    "suspended": "suspended",
    "court_stayed": "court_stayed",
    "in_force_not_enforced": "not_enforced",
}
EVIDENCE = {
    "in_force_by_lapse": "by_lapse",
    "ended_by_term_unconfirmed": "by_lapse",
    "authorisation_lapsed_unconfirmed": "by_lapse",
    "announced": "announced_only",
    "not_known": "stale",
    "unknown": "stale",
}
TAKEN_BACK_BY = {
    "suspended": {"resume"},
    "in_force_not_enforced": {"resume"},
    "court_stayed": {"lift_stay"},
    "ended": {"reinstate"},
    "ended_by_term_unconfirmed": {"reinstate", "renew"},
    "eased_by_licence": {"revoke_authorisation"},
}


class Answer(NamedTuple):
    """The axes and the word; `parts` are the words of the parts that differ from it."""

    force: str
    operation: str
    evidence: str
    word: str
    parts: Mapping[Slice, str]


class Stand(NamedTuple):
    """How something stands; `begun` is False for a suspension before the first effect."""

    word: str
    begun: bool = True


def answer(measure: Measure, as_of: date, known_at: date) -> Answer:
    """How a measure stands on a day, as known on a day."""
    held = [each for each in measure.events if _is_held(each, known_at)]
    known = [without_note(each) for each in held if said_on(each) <= known_at]
    if not known or any(each.kind not in get_args(EventKind) for each in known):
        word = "not_known" if held and not known else "unknown"
        return _answer(measure, known, Stand(word), {}, as_of, known_at)
    licence = measure.kind == "general_licence"
    used = sorted(
        (endless_hearsay(each) for each in known if _is_used(each, licence=licence)),
        key=lambda each: _turn(each, licence=licence),
    )
    if licence:
        word = Licence().walk(used, as_of).word(as_of)
        stand = _in_doubt(None if word is None else Stand(word), used)
        unborn = _unborn(known, used, as_of, known_at)
        if SUCCESSIONS & {each.kind for each in _coming(used)[:1]}:
            unborn = Stand("unknown", begun=False)
        return _answer(measure, known, stand or unborn, {}, as_of, known_at)
    stand, parts = _restriction(measure, used, as_of)
    stand = stand or _unborn(known, used, as_of, known_at)
    return _answer(measure, known, stand, parts, as_of, known_at)


def _answer(
    measure: Measure,
    known: Sequence[Event],
    stand: Stand,
    parts: Mapping[Slice, Stand | None],
    as_of: date,
    known_at: date,
) -> Answer:
    word = stand.word
    words = {
        part: _part_unborn(part, measure, known, as_of, known_at) if own is None else own.word
        for part, own in parts.items()
    }
    return Answer(
        force=FORCE.get(word, "in_force") if stand.begun or word == "unknown" else "not_yet",
        operation=OPERATION.get(word, "operative"),
        evidence=EVIDENCE.get(word) or _evidence(measure, known, as_of, word, begun=stand.begun),
        word=word,
        parts={part: own for part, own in words.items() if own != word},
    )


def _evidence(
    measure: Measure, known: Sequence[Event], as_of: date, word: str, *, begun: bool
) -> str:
    for event in known:
        contradicted = event.confidence == "disputed" and not event.kind.startswith("announce")
        if (contradicted or event.kind == "dispute") and acts_on(event) <= as_of:
            return "disputed"
    acted = any(
        acts_on(each) <= as_of and _is_used(each, licence=measure.kind == "general_licence")
        for each in known
    )
    with_term = any(each.until and each.retracted_at is None for each in measure.events)
    days = {"ended": 180, "in_force": 30 if "listing" in measure.attaches_by or with_term else 365}
    lasts = timedelta(days=days.get(word, 30))
    checked = measure.checked_until is not None and as_of <= measure.checked_until + lasts
    if begun and not acted:
        return "stale"
    return "confirmed" if checked else "stale"


def _is_held(event: Event, known_at: date) -> bool:
    if event.retracted_at is not None and event.retracted_at.astimezone(UTC).date() <= known_at:
        return False
    if event.replaces is None or event.recorded_at is None:
        return True
    return event.recorded_at.astimezone(UTC).date() <= known_at


def _is_used(event: Event, *, licence: bool) -> bool:
    """No words, nothing contradicted, and relief only from who can give it."""
    if event.kind.startswith("announce") or event.kind in DOUBTS:
        return False
    if event.confidence == "disputed":
        return False
    relief = event.kind in (GIVES_A_LICENCE if licence else LOOSENS)
    return event.issued_by_authority or event.kind in FROM_A_COURT or not relief


def _turn(event: Event, *, licence: bool) -> tuple[date, date, bool, str]:
    """Of one day's events the one said last acts last, and in doubt what binds."""
    relief = event.kind in (GIVES_A_LICENCE if licence else LOOSENS)
    return acts_on(event), said_on(event), not relief, event.id


def _coming(used: Sequence[Event]) -> list[Event]:
    return [each for each in used if each.kind in COMING]


def _unborn(known: Sequence[Event], used: Sequence[Event], as_of: date, known_at: date) -> Stand:
    """Nothing has begun: published, only said, not even that, or it cannot be made out."""
    coming = _coming(used)
    if not coming and not all(each.kind.startswith("announce") for each in known):
        return Stand("unknown", begun=False)
    if any(_in_print_on(each) <= as_of and _in_print_on(each) <= known_at for each in coming):
        return Stand("published_not_effective", begun=False)
    told = any(said_on(each) <= as_of for each in known)
    return Stand("announced" if told else "not_yet_made", begun=False)


def _part_unborn(
    part: Slice, measure: Measure, known: Sequence[Event], as_of: date, known_at: date
) -> str:
    """A part has not begun: its acts were in print by then, only said, or not even that."""
    licence = measure.kind == "general_licence"
    used = [each for each in known if _is_used(each, licence=licence)]
    acts = [each for each in used if each.slice == part]
    silent = any(each.announced_on is None and each.published_on is None for each in acts)
    makers = [*acts, *(_coming(used) if silent else ())]
    if any(_in_print_on(each) <= min(as_of, known_at) for each in makers):
        return "published_not_effective"
    return "announced" if any(said_on(each) <= as_of for each in acts) else "not_yet_made"


def _in_print_on(event: Event) -> date:
    return event.published_on or said_on(event)


def _restriction(
    measure: Measure, used: Sequence[Event], as_of: date
) -> tuple[Stand | None, Mapping[Slice, Stand | None]]:
    own = {
        part: [each for each in used if each.slice == part]
        for part in dict.fromkeys(each.slice for each in used if each.kind not in TEXT)
        if part is not None
    }
    of_whole = [each for each in used if each.slice is None]
    lives: dict[Slice | None, Life] = {None: _live(of_whole, used, as_of)}
    for part, events in own.items():
        shared = _of_part(part, events, used)
        lives[part] = _live(shared, shared, as_of, apart=_own_start(events) is not None)
    stands = {part: _stand(measure, life) for part, life in lives.items()}
    together = _together(stands, lives)
    parts = {
        part: _in_doubt(stand, [each for each in used if each.slice in {None, part}])
        for part, stand in stands.items()
        if part is not None and _is_part(own[part], stand)
    }
    return _in_doubt(together, used), parts


def _of_part(part: Slice, own: Sequence[Event], used: Sequence[Event]) -> list[Event]:
    """What happened to a part: its own, and the whole's but for starts before its own."""
    begins = _own_start(own)
    return [
        each
        for each in used
        if each.slice == part
        or (
            each.slice is None
            and not (begins and each.kind in STARTS and acts_on(each) < acts_on(begins))
        )
    ]


def _own_start(own: Sequence[Event]) -> Event | None:
    """A start of its own, unless what was done earlier shows that the part was there before."""
    begins = next(filter(starts_apart, own), None)
    if begins is None:
        return None
    for each in own:
        before = acts_on(each) < acts_on(begins)
        if before and each.kind in ENDS:
            return None
        silent = {"delay", "revoke_authorisation", *EASES}
        if before and each.kind not in silent and said_on(each) < said_on(begins):
            return None
    return begins


def _live(
    events: Sequence[Event], record: Sequence[Event], as_of: date, *, apart: bool = False
) -> Life:
    """A record without a start presupposes one, but one that opens with a reinstatement an end."""
    starts = apart or any(each.kind in STARTS for each in record)
    presumed = bool(record) and not starts and record[0].kind != "reinstate"
    return Life(begun=presumed).walk(events, as_of)


def _stand(measure: Measure, life: Life) -> Stand | None:
    word = life.word(renewals_searched=measure.renewals_searched)
    return None if word is None else Stand(word, begun=life.has_begun() or word != "suspended")


def _is_part(own: Sequence[Event], stand: Stand | None) -> bool:
    """What was only ever eased is no part of the text, and is told while it is eased."""
    only_eased = all(each.kind in {*EASES, "revoke_authorisation", *TEXT} for each in own)
    return not only_eased or (stand is not None and stand.word == "in_force_eased")


def _together(
    stands: Mapping[Slice | None, Stand | None], lives: Mapping[Slice | None, Life]
) -> Stand | None:
    """One word for the whole and its parts: what operates anywhere makes the measure operate."""
    whole = stands[None]
    parts = [each for part, each in stands.items() if part is not None and each is not None]
    all_of_it = parts if whole is None else [whole, *parts]
    operative = [each for each in all_of_it if each.word in OPERATIVE]
    if not operative or (whole is not None and whole.word == "unknown"):
        return _strictest_idle(all_of_it)
    if whole is not None and whole.word == "suspended":
        return Stand("partly_suspended")
    if _by_lapse(stands, lives, operative):
        return Stand("in_force_by_lapse")
    if any(each.word == "suspended" for each in parts):
        return Stand("partly_suspended")
    whole_eased = whole is not None and whole.word == "in_force_eased"
    eased = whole_eased or any(life.is_eased() for life in lives.values())
    return Stand("in_force_eased" if eased else "in_force")


def _by_lapse(
    stands: Mapping[Slice | None, Stand | None],
    lives: Mapping[Slice | None, Life],
    operative: Sequence[Stand],
) -> bool:
    """All of it by lapse, the whole, or a part whose pause ran out (not one that was put off)."""
    lapsed = {part for part, each in stands.items() if each and each.word == "in_force_by_lapse"}
    returned = any(lives[part].has_returned() for part in lapsed)
    return returned or None in lapsed or len(lapsed) == len(operative)


def _strictest_idle(read: Sequence[Stand]) -> Stand | None:
    for word in ("unknown", "in_force_not_enforced", "suspended", "court_stayed"):
        of_word = [each for each in read if each.word == word]
        if of_word:
            return Stand(word, begun=any(each.begun for each in of_word))
    return read[0] if read else None


def _in_doubt(stand: Stand | None, used: Sequence[Event]) -> Stand | None:
    """Unknown, where an act without a day may have taken the relief back."""
    if stand is None:
        return None
    takes_back = TAKEN_BACK_BY.get(stand.word, set[str]())
    if any(is_undated(each) and each.kind in takes_back for each in used):
        return Stand("unknown")
    return stand
