"""A night's run tries more examples."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import multiply


def test_a_property_with_a_number_of_its_own_is_tried_as_many_times_as_often():
    tried = list[int]()

    @settings(max_examples=5, database=None)
    @given(st.integers())
    def check(number: int) -> None:
        tried.append(number)

    check()
    assert len(tried) == 5
    tried.clear()
    multiply(check, 100)
    check()
    assert len(tried) == 500


def test_what_is_no_property_stays_as_it_is():
    def check() -> None: ...

    multiply(check, 100)
    assert vars(check) == {}
