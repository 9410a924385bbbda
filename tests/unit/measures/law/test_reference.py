"""The resolver against the reference, which was written apart from it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.measures.law.resolve import name_of, status_on
from abeyance_screening.engine.measures.measure import Measure
from tests.cases import for_each
from tests.shipped_register import load
from tests.unit.measures.law.building import KNOWN_NOW
from tests.unit.measures.law.generating import FIRST, all_measures, corrected, days
from tests.unit.measures.law.reference import answer

REGISTER = load()
NOW = date(2026, 11, 24)


def boundary_days(measure: Measure) -> Iterator[date]:
    """Every day a measure speaks of, with the day before and the day after."""
    for event in measure.events:
        for day in (event.announced_on, event.published_on, event.effective_on, event.until):
            if day is not None:
                yield from (day + timedelta(days=number) for number in (-1, 0, 1))


def _assert_agree(measure: Measure, as_of: date, known_at: date) -> None:
    ours = status_on(measure, as_of, known_at)
    theirs = answer(measure, as_of, known_at)
    assert (ours.force, ours.operation, ours.evidence, ours.word) == theirs[:4]
    assert {each.part: each.status for each in ours.slices} == {
        name_of(part): word for part, word in theirs.parts.items()
    }


@given(measure=all_measures(), known_at=days | st.just(KNOWN_NOW))
@settings(max_examples=150)
def test_every_record_reads_as_the_reference_reads_it(measure: Measure, known_at: date):
    for as_of in {FIRST, *boundary_days(measure)}:
        _assert_agree(measure, as_of, known_at)


@given(data=st.data(), measure=all_measures(), known_at=days | st.just(KNOWN_NOW), as_of=days)
@settings(max_examples=150)
def test_every_corrected_record_reads_as_the_reference_reads_it(
    data: st.DataObject, measure: Measure, known_at: date, as_of: date
):
    _assert_agree(data.draw(corrected(measure)), as_of, known_at)


@for_each("measure", {each.id: each for each in REGISTER.measures})
def test_the_register_reads_today_as_the_reference_reads_it(measure: Measure):
    _assert_agree(measure, NOW, NOW)


@for_each("measure", {each.id: each for each in REGISTER.measures[::10]})
def test_some_histories_read_as_the_reference_reads_them(measure: Measure):
    _assert_history_agrees(measure)


@pytest.mark.slow
@for_each("measure", {each.id: each for each in REGISTER.measures})
def test_the_register_reads_as_the_reference_reads_it(measure: Measure):
    _assert_history_agrees(measure)


def _assert_history_agrees(measure: Measure) -> None:
    boundaries = sorted(set(boundary_days(measure)))
    for as_of in {*boundaries, NOW}:
        for known_at in {*boundaries[:: max(1, len(boundaries) // 5)], NOW}:
            _assert_agree(measure, as_of, known_at)
