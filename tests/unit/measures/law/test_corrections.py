"""A mistake is taken back, not edited: earlier knowledge still gives the answer it gave."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure
from tests.unit.measures.law.building import day, event, measure
from tests.unit.measures.law.generating import all_measures, corrected
from tests.unit.measures.law.test_properties import any_day

START = event("take_effect", "2025-01-01")
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
MISTAKE = event("suspend", "2025-11-10", "2026-05-10", id="mistake", retracted_at=NOON)
CORRECTION = event(
    "suspend", "2025-11-10", "2026-11-10", id="correction", recorded_at=NOON, replaces="mistake"
)
CORRECTED = measure(START, MISTAKE, CORRECTION)
LATE = event("suspend", "2025-11-10", "2026-11-10", recorded_at=NOON)


@pytest.mark.parametrize(
    ("known_at", "word", "rests_on"),
    [
        pytest.param("2025-11-09", "in_force", "take_effect-2025-01-01", id="before either"),
        pytest.param("2025-11-10", "in_force_by_lapse", "mistake", id="public, still a mistake"),
        pytest.param("2025-11-30", "in_force_by_lapse", "mistake", id="day before"),
        pytest.param("2025-12-01", "suspended", "correction", id="day of the correction"),
        pytest.param("2026-06-01", "suspended", "correction", id="ever since"),
    ],
)
def test_a_correction_counts_from_the_day_it_was_made(known_at: str, word: str, rests_on: str):
    status = status_on(CORRECTED, day("2026-06-01"), day(known_at))
    assert status.word == word
    assert rests_on in status.rests_on


@pytest.mark.parametrize(
    ("known_at", "word"),
    [
        pytest.param("2025-11-30", "suspended", id="day before it was taken back"),
        pytest.param("2025-12-01", "in_force", id="day it was taken back"),
    ],
)
def test_what_was_taken_back_counts_for_earlier_knowledge_alone(known_at: str, word: str):
    assert status_on(measure(START, MISTAKE), day("2026-01-01"), day(known_at)).word == word


@pytest.mark.parametrize(
    ("known_at", "word"),
    [
        pytest.param("2025-11-09", "in_force", id="not public"),
        pytest.param("2025-11-10", "suspended", id="public, not recorded yet"),
        pytest.param("2025-12-01", "suspended", id="recorded"),
    ],
)
def test_what_was_recorded_late_and_replaces_nothing_counts_from_when_it_was_public(
    known_at: str, word: str
):
    assert status_on(measure(START, LATE), day("2026-01-01"), day(known_at)).word == word


def test_a_correction_of_something_not_public_yet_waits_for_both():
    early = msgspec.structs.replace(CORRECTION, recorded_at=datetime(2025, 10, 1, tzinfo=UTC))
    given = measure(START, early)
    words = [
        status_on(given, day("2026-01-01"), day(on)).word for on in ("2025-11-09", "2025-11-10")
    ]
    assert words == ["in_force", "suspended"]


@pytest.mark.parametrize(
    ("moment", "known_at", "word"),
    [
        pytest.param("2025-12-01T00:00:00+00:00", "2025-11-30", "suspended", id="eve"),
        pytest.param("2025-12-01T00:00:00+00:00", "2025-12-01", "in_force", id="first moment"),
        pytest.param("2025-12-01T23:59:59+00:00", "2025-12-01", "in_force", id="last moment"),
        pytest.param("2025-12-02T07:59:59+08:00", "2025-12-01", "in_force", id="Beijing morning"),
        pytest.param("2025-12-02T08:00:00+08:00", "2025-12-01", "suspended", id="the next day"),
    ],
)
def test_the_day_of_a_correction_is_that_of_utc(moment: str, known_at: str, word: str):
    taken_back = msgspec.structs.replace(MISTAKE, retracted_at=datetime.fromisoformat(moment))
    assert status_on(measure(START, taken_back), day("2026-01-01"), day(known_at)).word == word


def test_a_measure_whose_only_event_was_taken_back_has_nothing_recorded():
    given = measure(msgspec.structs.replace(START, retracted_at=NOON))
    before = status_on(given, day("2026-01-01"), day("2025-11-30"))
    after = status_on(given, day("2026-01-01"), day("2025-12-01"))
    assert before.word == "in_force"
    assert (after.word, after.flags) == ("unknown", ("nothing_recorded",))


def test_an_unreadable_event_that_was_taken_back_is_read_no_more():
    strange = msgspec.structs.replace(MISTAKE, kind="vanish")
    words = [
        status_on(measure(START, strange), day("2026-01-01"), day(on)).word
        for on in ("2025-11-30", "2025-12-01")
    ]
    assert words == ["unknown", "in_force"]


@given(data=st.data(), before=all_measures(), as_of=any_day)
def test_how_the_record_came_about_changes_nothing_for_later_knowledge(
    data: st.DataObject, before: Measure, as_of: date
):
    given_measure = data.draw(corrected(before))
    left = [each for each in given_measure.events if each.retracted_at is None]
    plain = [
        msgspec.structs.replace(each, recorded_at=None, replaces=None)
        for each in data.draw(st.permutations(left))
    ]
    known_at = date(2030, 1, 1)
    clean = msgspec.structs.replace(given_measure, events=tuple(plain))
    assert status_on(given_measure, as_of, known_at) == status_on(clean, as_of, known_at)


@given(given_measure=all_measures(), as_of=any_day, known_at=any_day)
def test_what_is_corrected_tomorrow_changes_nothing_today(
    given_measure: Measure, as_of: date, known_at: date
):
    tomorrow = datetime.combine(
        known_at + timedelta(days=1), datetime.min.time(), timezone(timedelta(hours=-5))
    )
    record = [msgspec.structs.replace(e, retracted_at=tomorrow) for e in given_measure.events]
    new = [
        msgspec.structs.replace(
            each, id=f"new-{each.id}", kind="revoke", replaces=each.id, recorded_at=tomorrow
        )
        for each in given_measure.events
    ]
    later = msgspec.structs.replace(given_measure, events=(*record, *new))
    assert status_on(later, as_of, known_at) == status_on(given_measure, as_of, known_at)


@pytest.mark.parametrize(
    ("jurisdiction", "known_at", "word"),
    [
        pytest.param("US", "2025-11-30", "suspended", id="Washington: 30 November, evening"),
        pytest.param("US", "2025-11-29", "in_force_by_lapse", id="Washington: the day before"),
        pytest.param("CN", "2025-12-01", "suspended", id="Beijing: 1 December, morning"),
        pytest.param("CN", "2025-11-30", "in_force_by_lapse", id="Beijing: the day before"),
    ],
)
def test_a_correction_counts_by_the_day_of_whoever_made_the_law(
    jurisdiction: str, known_at: str, word: str
):
    """So that a question about today counts it at once, wherever it is asked."""
    at = datetime(2025, 12, 1, 0, 5, tzinfo=UTC)
    corrected = measure(
        START,
        msgspec.structs.replace(MISTAKE, retracted_at=at),
        msgspec.structs.replace(CORRECTION, recorded_at=at),
    )
    there = msgspec.structs.replace(corrected, jurisdiction=jurisdiction)
    assert status_on(there, day("2026-06-01"), day(known_at)).word == word
