"""The limits that tests set to work end what takes longer, and nothing else."""

import re
from itertools import count

import pytest

from tests.walks import TooLongError, at_most_letters


def test_work_that_never_ends_is_ended():
    with pytest.raises(TooLongError), at_most_letters(1_000_000):
        all(number >= 0 for number in count())


def test_an_expression_that_tries_every_way_is_ended_too():
    with pytest.raises(TooLongError), at_most_letters(1_000_000):
        _ = re.fullmatch("(a+)+b", "a" * 60)


def test_work_that_takes_less_goes_on_to_its_end():
    with at_most_letters(1_000_000):
        assert sum(range(1_000)) == 499_500
