"""The names of an index of a given size, and its figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.bench.speed import fill_up, measure_apart, questions_of

LISTED = ["Hikvision", "Huawei Technologies", "Bank of Kunlun"]
ORDINARY = ["River Valley Dairy Limited", "W & S MEDICAL LIMITED", "Nordlicht Pumpen GmbH"]


@given(st.integers(1, 60))
def test_an_index_has_exactly_so_many_names_listed_ones_first(size: int):
    filled = fill_up(LISTED, ORDINARY, size)
    assert len(filled.names) == size
    assert list(filled.names[:3]) == LISTED[:size]
    assert filled.listed + filled.made + len(ORDINARY[: size - filled.listed]) == size
    assert all(filled.names)


def test_names_are_made_of_the_words_of_ordinary_ones_the_same_every_time():
    filled = fill_up(LISTED, ORDINARY, 20)
    words = {word for name in ORDINARY for word in name.split()}
    assert filled.made == 14
    assert all(set(name.split()) <= words for name in filled.names[6:])
    assert filled == fill_up(LISTED, ORDINARY, 20)
    with pytest.raises(ValueError, match=r"\[\]"):
        fill_up(LISTED, [], 20)


def test_half_the_questions_are_listed_names_without_a_letter():
    asked = questions_of(LISTED, ORDINARY, 4)
    assert len(asked) == 4
    assert sum(name in ORDINARY for name in asked) == 2
    assert not set(asked) & set(LISTED)


def test_an_index_is_measured_in_a_process_of_its_own():
    names = fill_up(LISTED, ORDINARY, 500)
    figures = measure_apart(names, questions_of(LISTED, ORDINARY, 6))
    assert (figures.names, figures.made, figures.questions) == (500, 494, 6)
    assert 0 < figures.p50_us <= figures.p99_us
    assert figures.names_a_second == pytest.approx(1e6 / figures.mean_us)
    assert figures.memory_mb > 0
