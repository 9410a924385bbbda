"""What holds of every record, however it came about."""

from datetime import date, timedelta
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.measures.law.case import open_case
from abeyance_screening.engine.measures.law.life import acts_on, public_on, term_of
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Effect, Event, EventKind, Measure
from abeyance_screening.engine.measures.status import DEEDS
from abeyance_screening.engine.measures.status_table import StatusWord, facts_of, is_ahead
from tests.unit.measures.law.building import KNOWN_NOW, event, licence, measure
from tests.unit.measures.law.generating import (
    ACTS,
    FIRST,
    SAYS,
    A,
    B,
    days,
    events,
    measures,
    records,
    slices,
)

HORIZON = [FIRST + timedelta(days=number) for number in range(-3, 75)]
any_day = st.sampled_from(HORIZON)


def _with(given_measure: Measure, *more: Event) -> Measure:
    return msgspec.structs.replace(given_measure, events=(*given_measure.events, *more))


@given(record=st.lists(events([*ACTS, *SAYS], slices), min_size=2, max_size=6),
       random=st.randoms(use_true_random=False), as_of=any_day, known_at=any_day)  # fmt: skip
def test_the_order_of_recording_never_matters(record, random, as_of, known_at):
    shuffled = random.sample(record, len(record))
    one, other = (status_on(measure(*each), as_of, known_at) for each in (record, shuffled))
    assert one == other


@given(given_measure=measures, said=events(SAYS, slices), as_of=any_day, known_at=any_day)
def test_an_announcement_never_changes_force_or_operation(given_measure, said, as_of, known_at):
    before = status_on(given_measure, as_of, known_at)
    after = status_on(_with(given_measure, said), as_of, known_at)
    assert (after.force, after.operation) == (before.force, before.operation)
    assert before.word in {after.word, "not_known", "not_yet_made"}
    if not is_ahead(before.word):
        assert after.next_change == before.next_change
    assert after.slices == before.slices


@given(given_measure=measures, later=events([*ACTS, *SAYS], slices), as_of=any_day)
def test_an_event_that_is_not_public_yet_changes_nothing(given_measure, later, as_of):
    known_at = public_on(later) - timedelta(days=1)
    before = status_on(given_measure, as_of, known_at)
    assert status_on(_with(given_measure, later), as_of, known_at) == before


@given(record=records, other=events(ACTS, st.just(B)), as_of=any_day)
def test_an_event_of_one_part_changes_nothing_in_another(record, other, as_of):
    before = open_case(measure(*record), KNOWN_NOW)
    after = open_case(measure(*record, other), KNOWN_NOW)
    if A in before.slices:
        assert after.read_part(A, as_of) == before.read_part(A, as_of)


@given(given_measure=measures, as_of=any_day)
def test_before_anything_was_public_nothing_is_known(given_measure, as_of):
    known_at = min(public_on(each) for each in given_measure.events) - timedelta(days=1)
    status = status_on(given_measure, as_of, known_at)
    assert (status.word, status.confirmed, status.rests_on) == ("not_known", False, ())


@given(begins=days, added=st.lists(st.tuples(st.integers(0, 30), st.sampled_from([A, B])),
       min_size=1, max_size=4), as_of=any_day)  # fmt: skip
def test_what_is_added_to_a_measure_is_not_in_force_before_it_is_added(begins, added, as_of):
    start = event("take_effect", begins.isoformat())
    parts = [(begins + timedelta(days=later), part) for later, part in added]
    record = [
        event("expand", each.isoformat(), id=f"expand-{number}", slice=part)
        for number, (each, part) in enumerate(parts)
    ]
    status = status_on(measure(start, *record), as_of, KNOWN_NOW)
    assert (status.force == "in_force") is (as_of >= begins)
    case = open_case(measure(start, *record), KNOWN_NOW)
    for part in {part for _, part in parts}:
        first = min(each for each, of in parts if of == part)
        assert (case.read_part(part, as_of) is not None) is (as_of >= first)


STRICTNESS: dict[StatusWord, int] = {
    "not_known": 0,
    "not_yet_made": 0,
    "announced": 0,
    "published_not_effective": 0,
    "suspended": 0,
    "in_force_not_enforced": 0,
    "court_stayed": 0,
    "ended": 0,
    "ended_by_term_unconfirmed": 0,
    "eased_by_licence": 0,
    "partly_suspended": 1,
    "in_force_eased": 2,
    "in_force": 3,
    "in_force_by_lapse": 3,
    "unknown": 3,
    "authorisation_lapsed_unconfirmed": 3,
}
RELIEF: list[EventKind] = [
    kind for kind in ACTS if DEEDS[kind] in {"pause", "ease", "delay", "narrow", "end", "note"}
]
STARTS: list[EventKind] = ["take_effect", "list", "publish", "reinstate"]


@st.composite
def relieved(draw: st.DrawFn) -> list[Event]:
    """Starts without a term of their own, and relief of every kind that may run out."""
    starts = draw(st.lists(events(STARTS, slices), min_size=1, max_size=3))
    open_starts = [msgspec.structs.replace(each, until=None, until_state=None) for each in starts]
    return open_starts + draw(st.lists(events(RELIEF, slices), min_size=1, max_size=4))


@given(record=relieved())
@settings(max_examples=100)
def test_no_lapse_makes_a_permission_operate(record):
    permission = msgspec.structs.replace(measure(*record), effect=(Effect(kind="easing"),))
    assert all(
        status_on(permission, each, KNOWN_NOW).word != "in_force_by_lapse" for each in HORIZON
    )


@given(record=relieved(), of_licence=st.booleans())
@settings(max_examples=100)
def test_a_lapse_never_loosens(record, of_licence):
    given_measure = licence(*record) if of_licence else measure(*record)
    acting = {acts_on(each) for each in record}
    if of_licence:
        # a postponement that names the day on which the licence begins is the act that gives it
        named = (each for each in record if DEEDS[each.kind] == "delay" and each.until is None)
        acting |= {term_of(each, licence=True).lapses_on for each in named}
    words: list[tuple[date, StatusWord]] = [
        (each, status_on(given_measure, each, KNOWN_NOW).word) for each in HORIZON
    ]
    for (_, before), (on, after) in pairwise(words):
        if on not in acting:
            assert _strictness(after, of_licence) >= _strictness(before, of_licence), on


def _strictness(word: StatusWord, of_licence: bool) -> int:
    """Of a licence only one word says that it eases anything."""
    return int(word != "eased_by_licence") if of_licence else STRICTNESS[word]


@given(given_measure=measures, as_of=any_day, known_at=any_day)
@settings(max_examples=100)
def test_the_next_change_is_the_first_later_day_with_another_word(given_measure, as_of, known_at):
    status = status_on(given_measure, as_of, known_at)
    words = ((each, status_on(given_measure, each, known_at).word) for each in _days_after(as_of))
    first = next(((each, word) for each, word in words if word != status.word), None)
    found = status.next_change
    assert (found and (found.on, found.status)) == first


@given(given_measure=measures, as_of=any_day, known_at=any_day)
@settings(max_examples=100)
def test_an_end_is_one_that_an_act_behind_the_word_states(given_measure, as_of, known_at):
    status = status_on(given_measure, as_of, known_at)
    stated = {each.until for each in given_measure.events if each.id in status.rests_on}
    assert status.until is None or status.until in stated
    assert status.until is None or status.until >= as_of


@given(given_measure=measures, as_of=any_day)
def test_an_end_that_passed_in_silence_is_said_apart_from_one_that_is_ahead(given_measure, as_of):
    status = status_on(given_measure, as_of, KNOWN_NOW)
    if status.word != "in_force_by_lapse":
        assert status.lapsed is None or facts_of(status.word).by_silence
        return
    assert status.lapsed is not None
    assert status.lapsed.until <= as_of
    assert status.until is None or status.until >= as_of


@given(given_measure=measures, as_of=any_day)
def test_the_word_has_held_since_the_day_it_says(given_measure, as_of):
    status = status_on(given_measure, as_of, KNOWN_NOW)
    if status.since is None:
        return
    assert status.since <= as_of
    span = (as_of - status.since).days
    held = [as_of - timedelta(days=number) for number in range(span + 1)]
    assert {status_on(given_measure, each, KNOWN_NOW).word for each in held} == {status.word}


@given(given_measure=measures, as_of=any_day, known_at=any_day)
def test_what_a_word_rests_on_was_public_and_counted(given_measure, as_of, known_at):
    status = status_on(given_measure, as_of, known_at)
    by_id = {each.id: each for each in given_measure.events}
    assert all(public_on(by_id[each]) <= known_at for each in status.rests_on)
    assert not set(status.rests_on) & set(status.disputed) or status.word == "unknown"


def _days_after(as_of: date) -> list[date]:
    last = FIRST + timedelta(days=95)
    return [as_of + timedelta(days=number) for number in range(1, (last - as_of).days + 1)]
