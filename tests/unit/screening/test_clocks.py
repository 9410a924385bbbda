"""Today is each authority's own."""

from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.primitives.days import ZONES, days_at, days_of
from abeyance_screening.primitives.errors import BadInputError
from tests.shipped_register import load

REGISTER = load()
D26, D27 = date(2026, 11, 26), date(2026, 11, 27)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        pytest.param(
            datetime(2026, 11, 26, 15, 59, tzinfo=UTC),
            {"CN": D26, "US": D26, "EU": D26, "JP": D27},
            id="a minute before midnight in Beijing",
        ),
        pytest.param(
            datetime(2026, 11, 26, 16, 0, tzinfo=UTC),
            {"CN": D27, "US": D26, "EU": D26, "JP": D27},
            id="midnight in Beijing",
        ),
        pytest.param(
            datetime(2026, 11, 26, 23, 0, tzinfo=UTC),
            {"CN": D27, "US": D26, "EU": D27, "UK": D26},
            id="midnight in Brussels, in winter",
        ),
        pytest.param(
            datetime(2026, 11, 27, 4, 59, tzinfo=UTC),
            {"CN": D27, "US": D26, "EU": D27, "CA": D26},
            id="a minute before midnight in Washington",
        ),
        pytest.param(
            datetime(2026, 11, 27, 5, 0, tzinfo=UTC),
            {"CN": D27, "US": D27, "EU": D27, "CA": D27},
            id="midnight in Washington",
        ),
    ],
)
def test_a_day_left_open_is_today_where_the_law_is_made(now: datetime, days: dict[str, date]):
    asked = days_of(None, None, now)
    assert {where: asked.of(where) for where in days} == {
        where: (day, day) for where, day in days.items()
    }


def test_a_day_that_is_asked_for_is_that_day_everywhere():
    late = datetime(2026, 11, 26, 23, tzinfo=UTC)
    asked = days_of(D26, None, late)
    assert asked.of("CN") == (D26, D27)
    assert days_of(None, D26, late).of("CN") == (D27, D26)
    assert days_of(D26, D26, late) == msgspec.structs.replace(asked, known_at=D26, known_at_by=())


def test_a_suspension_ends_with_the_day_of_the_authority():
    """MOFCOM 2025 No. 72 suspends until 27 November 2026; that day is read as restricted."""
    board = MeasureBoard(REGISTER)
    before = days_of(None, None, datetime(2026, 11, 26, 15, 59, tzinfo=UTC))
    after = days_of(None, None, datetime(2026, 11, 26, 16, 0, tzinfo=UTC))
    shown = [board.one("cn-2024-46-2", days) for days in (before, after)]
    assert [(each.as_of, each.status) for each in shown] == [
        (D26, "suspended"),
        (D27, "in_force_by_lapse"),
    ]


def test_every_authority_has_a_time_zone():
    ours = {"own", "unknown"}
    # New Zealand's day is that of UTC: by its own clock no afternoon of Europe would have one day.
    at_utc = {"NZ"}
    assert {each.jurisdiction for each in REGISTER.measures} - ours - at_utc == ZONES.keys()


AT_TWO = datetime(2026, 11, 10, 2, tzinfo=UTC)
LATER = datetime(2026, 12, 24, 12, tzinfo=UTC)


def test_what_was_asked_with_days_left_open_can_be_asked_again():
    assert days_at(None, None, AT_TWO, LATER) == days_of(None, None, AT_TWO)
    assert days_at(D26, None, AT_TWO, LATER) == days_of(D26, None, AT_TWO)
    assert days_at(None, None, None, LATER) == days_of(None, None, LATER)


def test_a_moment_counts_in_whatever_time_zone_it_is_written():
    in_beijing = datetime(2026, 11, 10, 10, tzinfo=ZONES["CN"])
    assert days_at(None, None, in_beijing, LATER) == days_of(None, None, AT_TWO)


@pytest.mark.parametrize(
    ("as_of", "known_at", "at", "reason"),
    [
        pytest.param(None, None, AT_TWO.replace(tzinfo=None), "no time zone", id="no zone"),
        pytest.param(D26, D27, AT_TWO, "has no effect", id="both days given"),
        pytest.param(
            None,
            None,
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
            "before or after all days",
            id="before all days",
        ),
    ],
)
def test_a_moment_that_decides_nothing_or_is_none_is_refused(as_of, known_at, at, reason: str):
    with pytest.raises(BadInputError, match=reason):
        days_at(as_of, known_at, at, LATER)
