from datetime import date, datetime, timedelta, timezone
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.measures.law.coming import announced_to_come, coming_changes, lapsed
from abeyance_screening.engine.measures.law.life import (
    ALWAYS,
    acts_on,
    in_order,
    public_on,
    term_of,
)
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import (
    Event,
    EventKind,
    LapseEffect,
    UntilBound,
    UntilState,
)
from abeyance_screening.engine.measures.status import DEEDS
from abeyance_screening.engine.measures.status_table import StatusWord
from tests.unit.measures.law.building import day, event, maybe_day, measure

_FIRST_MOMENT = datetime.min.replace(tzinfo=timezone(timedelta(hours=9)))
_LAST_MOMENT = datetime.max.replace(tzinfo=timezone(-timedelta(hours=9)))


@pytest.mark.parametrize(
    ("announced", "published", "effective", "public"),
    [
        pytest.param("2025-09-29", "2025-09-30", "2025-09-29", "2025-09-29", id="announced first"),
        pytest.param("2025-07-03", "2025-06-30", "2025-07-01", "2025-06-30", id="published first"),
        pytest.param("2025-10-12", None, "2025-09-30", "2025-10-12", id="in force in secret"),
        pytest.param(None, None, "2025-12-31", "2025-12-31", id="effective day alone"),
        pytest.param(None, "2025-09-02", "2025-12-31", "2025-09-02", id="published early"),
    ],
)
def test_an_event_is_public_from_its_first_public_day(
    announced: str | None, published: str | None, effective: str, public: str
):
    given = event(
        "take_effect",
        effective,
        announced_on=maybe_day(announced),
        published_on=maybe_day(published),
    )
    assert public_on(given) == day(public)


@pytest.mark.parametrize(
    ("kind", "announced", "published", "effective", "acts"),
    [
        pytest.param("list", "2025-01-01", "2025-01-05", "2025-01-03", "2025-01-03", id="stated"),
        pytest.param("list", "2025-01-01", "2025-01-05", None, "2025-01-05", id="published"),
        pytest.param("suspend", "2025-01-01", None, None, "2025-01-01", id="announced"),
        pytest.param("delay", None, "2025-01-05", "2025-02-01", "2025-01-05", id="delay binds"),
    ],
)
def test_an_event_acts_on_its_effective_day_or_what_comes_nearest(
    kind: EventKind, announced: str | None, published: str | None, effective: str | None, acts: str
):
    given = event(
        kind,
        effective,
        announced_on=maybe_day(announced),
        published_on=maybe_day(published),
    )
    assert acts_on(given) == day(acts)


def test_an_event_without_any_day_was_always_there():
    given = event("take_effect", None, day_state="not_recorded")
    assert acts_on(given) == public_on(given) == ALWAYS


@pytest.mark.parametrize(
    ("kind", "bound", "last"),
    [
        pytest.param("suspend", "inclusive", "2026-11-10", id="relief through the day"),
        pytest.param("suspend", "exclusive", "2026-11-09", id="relief up to the day"),
        pytest.param("suspend", "unknown", "2026-11-09", id="relief, bound unknown"),
        pytest.param("suspend", None, "2026-11-09", id="relief, bound not given"),
        pytest.param("authorise", "unknown", "2026-11-09", id="licence, bound unknown"),
        pytest.param("delay", "unknown", "2026-11-09", id="delay, bound unknown"),
        pytest.param("renew", "inclusive", "2026-11-10", id="own term through the day"),
        pytest.param("renew", "exclusive", "2026-11-09", id="own term up to the day"),
        pytest.param("renew", "unknown", "2026-11-10", id="own term, bound unknown"),
    ],
)
def test_an_unknown_bound_is_read_as_restricted_on_the_day(
    kind: EventKind, bound: UntilBound | None, last: str
):
    term = term_of(event(kind, "2025-11-10", "2026-11-10", until_bound=bound))
    assert term.last == day(last)
    assert term.runs_on(day(last))
    assert term.lapses_on is not None
    assert not term.runs_on(term.lapses_on)


@pytest.mark.parametrize(
    ("kind", "state", "readable"),
    [
        pytest.param("suspend", "none_stated", True, id="open-ended"),
        pytest.param("suspend", "not_recorded", False, id="nobody recorded it"),
        pytest.param("suspend", "conditional", False, id="on a condition"),
        pytest.param("suspend", None, False, id="not even a reason"),
        pytest.param("stay", None, True, id="a court's stay is open by nature"),
        pytest.param("not_enforced", None, True, id="non-enforcement is open by nature"),
        pytest.param("stay", "not_recorded", False, id="a dated stay whose end was not read"),
    ],
)
def test_an_end_nobody_recorded_is_not_an_open_end(
    kind: EventKind, state: UntilState | None, readable: bool
):
    term = term_of(event(kind, "2025-11-10", until_state=state))
    assert term.readable is readable
    assert term.runs_on(date(2030, 1, 1)) is readable


def test_a_delay_without_an_end_moves_the_start_to_its_effective_day():
    given = event("delay", "2026-03-01", published_on=day("2026-01-01"))
    assert term_of(given).lapses_on == day("2026-03-01")


def test_of_two_acts_of_one_day_the_stricter_comes_last():
    acts = [event("resume", "2026-01-01"), event("suspend", "2026-01-01")]
    assert [each.kind for each in sorted(acts, key=in_order)] == ["suspend", "resume"]


_ANY_DAY = st.sampled_from(
    [date.min, date(1, 1, 2), date(2026, 11, 9), date(9999, 12, 30), date.max]
)
_ANY_EVENT = st.builds(
    Event,
    id=st.sampled_from(["one", "two", "three"]),
    kind=st.sampled_from(sorted(DEEDS)),
    announced_on=st.none() | _ANY_DAY,
    published_on=st.none() | _ANY_DAY,
    effective_on=st.none() | _ANY_DAY,
    until=st.none() | _ANY_DAY,
    until_bound=st.sampled_from(get_args(UntilBound)) | st.none(),
    lapse_effect=st.sampled_from(get_args(LapseEffect)) | st.none(),
    confidence=st.sampled_from(["verified_primary", "disputed"]),
    replaces=st.none() | st.just("one"),
    recorded_at=st.none() | st.sampled_from([_FIRST_MOMENT, _LAST_MOMENT]),
)


@given(
    events=st.lists(_ANY_EVENT, min_size=1, max_size=3, unique_by=lambda each: each.id),
    kind=st.sampled_from(["rule", "general_licence"]),
    as_of=_ANY_DAY,
    known_at=_ANY_DAY,
)
def test_the_first_and_the_last_day_there_are_can_be_worked_out(
    events: list[Event], kind: str, as_of: date, known_at: date
):
    given_measure = msgspec.structs.replace(measure(*events), kind=kind)
    assert status_on(given_measure, as_of, known_at).word in get_args(StatusWord)
    assert all(each.on > as_of for each in coming_changes(given_measure, as_of, known_at))
    assert all(each.on > as_of for each in announced_to_come(given_measure, as_of, known_at))
    assert isinstance(lapsed(given_measure, date.min, date.max, known_at), dict)
