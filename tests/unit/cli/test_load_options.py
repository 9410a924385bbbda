"""What a list of one's own is held to, as it is given on the command line."""

import click
import pytest
from msgspec import UNSET

from abeyance_screening.engine.lists.edition import ExpectedEntries
from abeyance_screening.features.lists.cli import _EntryRange, _MaxAge


@pytest.mark.parametrize(
    ("printed", "days"),
    [
        pytest.param("1", 1, id="the least"),
        pytest.param("030", 30, id="leading nought"),
        pytest.param("999999999", 999_999_999, id="the most"),
        pytest.param("none", None, id="none"),
    ],
)
def test_an_age_is_a_number_of_days_or_none(printed: str, days: int | None):
    assert _MaxAge().convert(printed, None, None) == days


@pytest.mark.parametrize("printed", ["0", "-1", "1.5", "", "x", "٣", "1000000000", "None", "30 d"])
def test_what_is_no_age_is_refused(printed: str):
    with pytest.raises(click.BadParameter, match="is not a number of days such as 30"):
        _MaxAge().convert(printed, None, None)


@pytest.mark.parametrize(
    ("printed", "least", "most"),
    [
        pytest.param("1900..2100", 1900, 2100, id="both"),
        pytest.param("1900..", 1900, None, id="at least"),
        pytest.param("..2100", None, 2100, id="at most"),
        pytest.param("7..7", 7, 7, id="exactly"),
    ],
)
def test_an_expected_size_has_one_limit_or_two(printed: str, least: int, most: int):
    limits = _EntryRange().convert(printed, None, None)
    assert limits == ExpectedEntries(least, most)
    assert str(limits) == printed


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        pytest.param("", "is not a range such as 1900..2100", id="blank"),
        pytest.param("..", "is not a range", id="no limit"),
        pytest.param("1900", "is not a range", id="one number"),
        pytest.param("1900-2100", "is not a range", id="another sign"),
        pytest.param("-1..3", "is not a range", id="below zero"),
        pytest.param("1..9999999999", "is not a range", id="more than the database holds"),
        pytest.param("2100..1900", "contains no possible number of entries", id="upside down"),
        pytest.param("0..0", "contains no possible number of entries", id="an empty list"),
    ],
)
def test_what_is_no_expected_size_is_refused(printed: str, message: str):
    with pytest.raises(click.BadParameter, match=message):
        _EntryRange().convert(printed, None, None)


def test_what_is_not_given_stays_as_it_is():
    assert _MaxAge().convert(UNSET, None, None) is UNSET
    assert _EntryRange().convert(UNSET, None, None) is UNSET
    assert _EntryRange().convert("none", None, None) is None


@pytest.mark.parametrize(
    ("limits", "count", "holds"),
    [
        pytest.param(ExpectedEntries(2, 4), 1, False, id="one too few"),
        pytest.param(ExpectedEntries(2, 4), 2, True, id="the least"),
        pytest.param(ExpectedEntries(2, 4), 4, True, id="the most"),
        pytest.param(ExpectedEntries(2, 4), 5, False, id="one too many"),
        pytest.param(ExpectedEntries(None, 4), 0, True, id="no least"),
        pytest.param(ExpectedEntries(2, None), 9, True, id="no most"),
    ],
)
def test_both_limits_are_within_what_is_expected(limits: ExpectedEntries, count: int, holds: bool):
    assert limits.holds(count) == holds
