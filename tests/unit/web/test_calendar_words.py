"""Words of the calendar, on both sides of each boundary."""

from datetime import date, timedelta

import pytest

from service.web.calendar_words import away, counted, place, places

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-14, "14 days ago"),
        (-2, "two days ago"),
        (-1, "yesterday"),
        (0, "today"),
        (1, "tomorrow"),
        (2, "in two days"),
        (10, "in ten days"),
        (11, "in 11 days"),
    ],
)
def test_how_far_a_day_is(days, words):
    assert away(TODAY + timedelta(days=days), TODAY) == words


def test_counts_are_words_up_to_ten():
    assert counted(1, "change", "changes") == "one change"
    assert counted(10, "change", "changes") == "ten changes"
    assert counted(1234, "change", "changes") == "1,234 changes"


def test_places_are_named_once_each():
    assert places(["CN", "US", "CN"]) == "China and United States"
    assert places(["EU"]) == "European Union"
    assert place("NL") == "Netherlands"
    assert place("ZZ-none") == "ZZ-none"
