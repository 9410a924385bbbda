"""Many cases in one test."""

import pytest

from tests.cases import for_each


def test_all_cases_are_tried_and_those_that_fail_are_told_by_name():
    tried = list[int]()

    @for_each("number", {"one": 1, "two": 2, "three": 3, "four": 4})
    def check(number: int) -> None:
        tried.append(number)
        if number == 4:
            pytest.fail("four is too many")
        assert number % 2

    with pytest.raises(pytest.fail.Exception) as told:
        check()
    assert tried == [1, 2, 3, 4]
    said = str(told.value)
    assert said.startswith("two: assert (2 % 2)")
    assert said.endswith("\nfour: four is too many")


def test_an_error_is_no_failed_case_and_says_in_which_case_it_is():
    @for_each("number, divisor", {"by one": (1, 1), "by zero": (1, 0)})
    def check(number: int, divisor: int) -> None:
        assert number // divisor

    with pytest.raises(ZeroDivisionError) as told:
        check()
    assert told.value.__notes__ == ["in the case by zero"]


@for_each("name", {"the file's own": "fixture"})
def test_other_arguments_are_fixtures(name: str, request: pytest.FixtureRequest):
    assert name == "fixture"
    assert request.node.name == "test_other_arguments_are_fixtures"


def test_a_test_without_cases_fails():
    @for_each("number", {})
    def check(number: int) -> None:
        assert number

    with pytest.raises(AssertionError, match="no case"):
        check()
