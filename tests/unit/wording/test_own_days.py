"""The day of a status beside it, where the answer is about another one."""

from datetime import UTC, date, datetime

import pytest

from abeyance_screening.engine.wording.notes import (
    SEATS,
    as_of_in_words,
    known_at_in_words,
    own_day,
)
from abeyance_screening.primitives.days import ZONES, Days, days_of

NINTH, TENTH = date(2026, 11, 9), date(2026, 11, 10)


def test_every_jurisdiction_with_a_clock_has_a_place():
    assert SEATS.keys() == ZONES.keys()


@pytest.mark.parametrize(
    ("on", "jurisdictions", "asked", "line"),
    [
        pytest.param(
            NINTH,
            ("US",),
            TENTH,
            "Status of 9 Nov 2026: in Washington that day had not ended.",
            id="still yesterday",
        ),
        pytest.param(
            TENTH,
            ("CN",),
            NINTH,
            "Status of 10 Nov 2026: in Beijing that day had begun.",
            id="tomorrow already",
        ),
        pytest.param(
            NINTH,
            ("US", "CA", "US", "UN"),
            TENTH,
            "Status of 9 Nov 2026: in New York, Ottawa and Washington that day had not ended.",
            id="several",
        ),
        pytest.param(TENTH, ("US",), TENTH, None, id="the same day"),
        pytest.param(None, ("US",), TENTH, None, id="not on record"),
    ],
)
def test_a_day_is_told_where_it_is_another_one(on, jurisdictions, asked, line):
    own = own_day(on, jurisdictions, asked)
    assert (None if own is None else own.line) == line


def test_where_there_is_no_room_the_day_and_the_place_are_told():
    own = own_day(NINTH, ("US",), TENTH)
    assert own is not None
    assert own.brief == "9 Nov 2026 in Washington"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (
            datetime(2026, 11, 9, 18, tzinfo=UTC),
            "9 Nov 2026 UTC; 10 Nov 2026 in Beijing, Canberra, Hong Kong, Seoul, Taipei and Tokyo",
        ),
        (
            datetime(2026, 11, 10, 4, 59, tzinfo=UTC),
            "10 Nov 2026 UTC; 9 Nov 2026 in New York, Ottawa and Washington",
        ),
        (datetime(2026, 11, 10, 5, 0, tzinfo=UTC), "10 Nov 2026"),
    ],
    ids=["Beijing ahead", "Washington behind", "one day everywhere"],
)
def test_the_day_asked_about_names_whose_day_is_another(now: datetime, words: str):
    assert as_of_in_words(days_of(None, None, now), None) == words
    assert known_at_in_words(days_of(None, None, now), None) == words
    assert as_of_in_words(days_of(TENTH, None, now), None) == "10 Nov 2026"


def test_a_moment_is_told_with_its_time():
    at = datetime(2026, 11, 10, 6, 5, tzinfo=UTC)
    days = Days(as_of=TENTH, known_at=TENTH)
    assert as_of_in_words(days, at) == "10 Nov 2026, 06:05 UTC"
