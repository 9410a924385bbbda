"""What comes after a day, against the status worked out day by day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.measures.law.case import Case, open_case
from abeyance_screening.engine.measures.law.coming import Coming, coming_changes
from abeyance_screening.engine.measures.law.life import acts_on
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.status import DEEDS
from abeyance_screening.engine.measures.status_table import is_ahead
from tests.shipped_register import load
from tests.unit.measures.law.building import KNOWN_NOW
from tests.unit.measures.law.generating import measures
from tests.unit.measures.law.test_properties import HORIZON, any_day

ONE_DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)


def differ(before: str, after: str) -> bool:
    return before != after and not (is_ahead(before) and is_ahead(after))


def assert_told(found: Measure, case: Case, on: date, changes: tuple[Coming, ...]) -> None:
    """Whatever differs between that day and the one before is told, and nothing else.

    That a measure becomes known to the public before it begins is no change of the law.
    """
    eve = on - ONE_DAY
    told = {each.part: each for each in changes if each.on == on}
    assert len(told) == len([each for each in changes if each.on == on])
    words = case.read(eve).word, case.read(on).word
    whole = told.pop(None, None)
    assert (whole is not None) == differ(*words), (found, on)
    assert whole is None or (whole.before, whole.after) == words
    assert not (case.licence and told)
    for each in () if case.licence else case.slices:
        differs = differ(case.read(eve, (each,)).word, case.read(on, (each,)).word)
        stands = case.has_own_status(each, eve) or case.has_own_status(each, on)
        if each in told:
            assert (differs, stands) == (True, True), (found, on)
        elif differs and stands:
            assert whole is not None, (found, on)


@given(found=measures, as_of=any_day, known_at=st.sampled_from([*HORIZON, KNOWN_NOW]))
@settings(max_examples=100)
def test_each_change_is_told_on_its_day_and_none_is_invented(found, as_of, known_at):
    changes = coming_changes(found, as_of, known_at)
    assert all(each.on > as_of for each in changes)
    assert list(changes) == sorted(changes, key=lambda each: each.on)
    case = open_case(found, known_at)
    if not case.known:
        assert changes == ()
        return
    for on in (each for each in HORIZON if each > as_of):
        assert_told(found, case, on, changes)


@given(found=measures, as_of=any_day)
def test_the_first_change_of_the_whole_is_the_next_change_of_its_status(found, as_of):
    changes = [each for each in coming_changes(found, as_of, KNOWN_NOW) if each.part is None]
    following = status_on(found, as_of, KNOWN_NOW).next_change
    while following is not None and is_ahead(following.status):
        following = status_on(found, following.on, KNOWN_NOW).next_change
    if following is None:
        assert changes == []
    else:
        assert (changes[0].on, changes[0].after) == (following.on, following.status)


@given(found=measures, as_of=any_day)
def test_a_change_has_an_event_that_acts_on_its_day_or_ran_out_before(found, as_of):
    for change in coming_changes(found, as_of, KNOWN_NOW):
        acts = acts_on(change.event) == change.on and DEEDS[change.event.kind] != "note"
        ends = change.event.until in {change.on, change.on - ONE_DAY}
        delayed = change.event.kind == "delay" and change.event.effective_on == change.on
        assert acts or ((ends or delayed) and change.is_lapse)
        assert change.event.slice in {change.part, None} or change.part is None


def test_the_register_is_told_day_by_day():
    first, last = date(2025, 6, 1), date(2027, 12, 31)
    found = 0
    for each in load().measures:
        changes = coming_changes(each, first, TODAY)
        case = open_case(each, TODAY)
        if not case.counted or not (changes or any(on > first for on in case.days())):
            continue
        found += len(changes)
        # around each day of its own, and once a week
        own = [(on - first).days for on in (*case.days(), *(each.on for each in changes))]
        near = {number for day in own for number in range(day - 2, day + 3)}
        for number in range(1, (last - first).days + 1):
            if number % 7 == 0 or number in near:
                assert_told(each, case, first + timedelta(days=number), changes)
    assert found > 50
