"""When a process knows that it holds what the database holds."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from abeyance_screening.engine.screening.index.current import SyncState
from abeyance_screening.primitives.fair_scheduler import REST_SHARE, WORK_S, Throttle

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sight(clock: Clock) -> SyncState:
    sight = SyncState(clock)
    with sight.looking():
        pass
    return sight


def fail(sight: SyncState, *, glances: bool = False) -> None:
    def look() -> None:
        with sight.looking():
            if glances:
                sight.glance()
            raise OSError("away")

    with pytest.raises(OSError, match="away"):
        look()


def test_what_was_never_seen_is_lost():
    assert SyncState(Clock()).lost == "this process has not reached the database yet"


@pytest.mark.parametrize(
    ("seconds", "is_lost"),
    [
        pytest.param(60, False, id="a minute"),
        pytest.param(61, True, id="more than a minute"),
        pytest.param(-60, False, id="a clock set back a minute"),
        pytest.param(-61, True, id="a clock set back further"),
    ],
)
def test_it_is_lost_after_a_minute(clock: Clock, sight: SyncState, seconds: int, is_lost: bool):
    clock.go(seconds)
    assert (sight.lost is not None) == is_lost


def test_since_when_it_is_lost_stays_the_same_until_it_is_seen(clock: Clock, sight: SyncState):
    clock.go(100)
    assert (sight.lost or "").startswith("the database was last seen at 2026-11-24 12:00:00 UTC;")
    said = sight.lost
    clock.go(100)
    assert sight.lost == said
    with sight.looking():
        clock.go(1)
    assert sight.lost is None


def test_a_look_counts_from_its_beginning(clock: Clock, sight: SyncState):
    with sight.looking():
        clock.go(61)
    assert sight.lost is not None


def test_a_look_that_fails_is_none(clock: Clock, sight: SyncState):
    clock.go(50)
    fail(sight)
    clock.go(11)
    assert sight.lost is not None


def test_a_glance_keeps_it_in_sight_while_something_long_is_taken_in(
    clock: Clock, sight: SyncState
):
    with sight.looking():
        for _ in range(20):
            clock.go(10)
            sight.glance()
            assert sight.lost is None
    clock.go(60)
    assert sight.lost is None
    clock.go(1)
    assert sight.lost is not None


def test_a_glance_brings_nothing_back_into_sight(clock: Clock, sight: SyncState):
    clock.go(61)
    with sight.looking():
        sight.glance()
        assert sight.lost is not None
    assert sight.lost is None


def test_a_first_look_that_takes_long_leaves_it_in_sight(clock: Clock):
    sight = SyncState(clock)
    with sight.looking():
        for _ in range(9):
            clock.go(10)
            sight.glance()
        assert sight.lost is not None
    clock.go(60)
    assert sight.lost is None


def test_what_fails_to_be_taken_in_again_and_again_is_lost(clock: Clock, sight: SyncState):
    fail(sight)
    for _ in range(7):
        clock.go(9)
        fail(sight, glances=True)
    assert sight.lost is not None


def test_a_rest_follows_only_the_work_of_the_thread_that_works(
    monkeypatch: pytest.MonkeyPatch,
):
    """The thread that works may be one that has built an index: that was work of long ago."""
    rested = list[float]()
    monkeypatch.setattr("time.sleep", rested.append)
    while time.thread_time() < 10 * WORK_S:
        pass
    with ThreadPoolExecutor(1) as other:
        rest = other.submit(Throttle, lambda: True).result()
    rest()
    assert rested == []
    until = time.thread_time() + 2 * WORK_S
    while time.thread_time() < until:
        pass
    rest()
    assert [each > REST_SHARE * WORK_S for each in rested] == [True]
