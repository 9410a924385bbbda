"""Limits: never more than burst and rate allow, in one process and in several that lease."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.platform.access.callers import ANYBODY, Caller
from abeyance_screening.platform.limits.limits import (
    LEASE_S,
    Gcra,
    Grant,
    Ledger,
    Limiter,
    Settlement,
    settle,
)
from abeyance_screening.platform.settings import CallerLimits, Settings
from abeyance_screening.primitives.errors import (
    BadInputError,
    QuotaExceededError,
    StoreUnavailableError,
)

START = datetime(2026, 11, 27, 23, 59, 50, tzinfo=UTC)
WAITS = st.floats(0, 3, allow_nan=False)


@given(
    st.integers(1, 200),
    st.integers(1, 5),
    st.lists(st.tuples(WAITS, st.integers(1, 300)), max_size=60),
)
def test_gcra_never_gives_more_than_burst_and_rate_within_any_time(
    rate: int, seconds: int, asked: list[tuple[float, int]]
):
    burst, now = rate * seconds, 0.0
    limit = Gcra(rate, burst, now)
    given_at = list[tuple[float, int]]()
    for wait, amount in asked:
        now += wait
        left = limit.left(now)
        if limit.take(amount, now):
            given_at.append((now, amount))
        else:
            assert amount > left - 1e-3
    for first, (start, _) in enumerate(given_at):
        spent = 0
        for at, amount in given_at[first:]:
            spent += amount
            assert spent <= burst + rate * (at - start) + 1e-3


class Clock:
    """The time of all processes, which stands still until it is moved."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s

    def now(self) -> datetime:
        return START + timedelta(seconds=self.s)


class Ledgers:
    """The budgets of a database in memory, for all processes."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.is_away, self.times = clock, False, 0
        self.kept: dict[str, Ledger] = {}
        self.leases: dict[tuple[str, int], tuple[float, float]] = {}

    def of(self, process: int) -> "Ledgers.Of":
        return Ledgers.Of(self, process)

    class Of:
        """The same as one process settles them."""

        def __init__(self, all_: "Ledgers", process: int) -> None:
            self.all, self.process = all_, process

        async def settle(self, said: Sequence[Settlement]) -> tuple[Grant, ...]:
            await asyncio.sleep(0)
            if self.all.is_away:
                raise StoreUnavailableError
            self.all.times += 1
            return tuple(map(self._settle, said))

        def _settle(self, said: Settlement) -> Grant:
            name, now = said.budget.name, self.all.clock.s
            leases = self.all.leases
            full = Ledger(left=said.budget.capacity, at=self.all.clock.now())
            kept = self.all.kept.get(name, full)
            ledger = Ledger(
                left=kept.left,
                at=kept.at,
                leased=leases.get((name, self.process), (0.0, 0.0))[0],
                elsewhere=sum(
                    amount * (lapses_at - now) / LEASE_S
                    for (other, process), (amount, lapses_at) in leases.items()
                    if other == name and process != self.process and lapses_at > now
                ),
            )
            settled, share = settle(ledger, said, self.all.clock.now())
            self.all.kept[name] = settled
            leases[name, self.process] = (settled.leased, now + LEASE_S)
            return share


KEY = Caller(key=7, account="main", owner="erp", scopes=frozenset({"screen"}))


def limited(
    processes: int, limits: CallerLimits, **more: Any
) -> tuple[Clock, Ledgers, list[Limiter]]:
    clock = Clock()
    ledgers = Ledgers(clock)
    settings = Settings(data_dir=Path(), key_limits=limits, **more)
    return (
        clock,
        ledgers,
        [
            Limiter(settings, ledgers.of(each).settle, clock, clock.now)
            for each in range(processes)
        ],
    )


async def spends(limiter: Limiter, amount: int = 1, caller: Caller = KEY) -> bool:
    """Whether a request, or a question about more counterparties than one, is let through."""
    purses = limiter.purses_of(caller)
    assert purses is not None
    try:
        await limiter.spend(purses.requests if amount == 1 else purses.counterparties, amount)
    except QuotaExceededError:
        return False
    return True


@pytest.mark.parametrize(
    ("processes", "asked_per_second", "expected_per_second"),
    [
        pytest.param(4, 400, 100, id="four processes, far too much"),
        pytest.param(4, 120, 100, id="four processes, somewhat too much"),
        pytest.param(2, 90, 90, id="two processes, less than the limit"),
        pytest.param(1, 1_000, 100, id="one process"),
    ],
)
async def test_what_all_processes_let_through_is_exact_and_costs_few_settlements(
    processes: int, asked_per_second: int, expected_per_second: int
):
    clock, ledgers, limiters = limited(processes, CallerLimits(requests_per_second=100))
    passed, seconds = 0, 20
    for number in range(asked_per_second * seconds):
        clock.s = number / asked_per_second
        passed += await spends(limiters[number * 7 // 3 % processes])
        if number % asked_per_second == 0:
            for each in limiters:
                await each.settle_due()
    burst = 100 if expected_per_second < asked_per_second else 0
    expected = burst + expected_per_second * seconds
    assert passed <= 100 + 100 * seconds
    assert passed == pytest.approx(expected, rel=0.03)
    assert ledgers.times / seconds / processes <= 11


@given(st.lists(st.tuples(st.floats(0, 0.7), st.integers(0, 2), st.integers(1, 60)), max_size=80))
def test_processes_never_spend_more_than_the_limit_however_they_take_turns(
    asked: list[tuple[float, int, int]],
):
    async def play() -> None:
        limits = CallerLimits(counterparties_per_second=20, counterparty_burst=60)
        clock, _, limiters = limited(3, limits)
        passed = 0
        for wait, process, amount in asked:
            clock.s += wait
            passed += amount * await spends(limiters[process], amount + (amount == 1))
            if amount % 3 == 0:
                await limiters[process].settle_due()
            assert passed <= 60 + 20 * clock.s + 1e-3

    asyncio.run(play())


async def test_a_day_is_counted_once_for_all_processes_and_begins_anew_at_midnight():
    limits = CallerLimits(counterparties_per_day=1_000)
    clock, ledgers, limiters = limited(2, limits)
    passed = [await spends(limiters[number % 2], 30) for number in range(40)]
    assert sum(passed) == 33
    for each in limiters:
        await each.give_back()
    restarted = Limiter(
        Settings(data_dir=Path(), key_limits=limits), ledgers.of(9).settle, clock, clock.now
    )
    assert not await spends(restarted, 30)
    assert await spends(restarted, 10)
    purses = restarted.purses_of(KEY)
    assert purses is not None
    assert restarted.fields_of(purses) == (
        (b"ratelimit-policy", b'"counterparties-day";q=1000;w=86400;qu="counterparties"'),
        (b"ratelimit", b'"counterparties-day";r=0;t=10'),
    )
    with pytest.raises(QuotaExceededError) as refused:
        await restarted.spend(purses.counterparties, 2)
    assert refused.value.retry_after_s == 10
    clock.s = 11.0
    assert await spends(restarted, 900)
    with pytest.raises(BadInputError, match=r"counterparties: are 1,001, .* room for 1,000"):
        await restarted.spend(purses.counterparties, 1_001)


async def test_while_the_database_is_away_each_process_counts_alone_and_owes_the_days_part():
    limits = CallerLimits(requests_per_second=10, counterparties_per_day=1_000)
    clock, ledgers, (limiter,) = limited(1, limits)
    assert await spends(limiter, 300)
    ledgers.is_away = True
    clock.s = 1.0
    assert sum([await spends(limiter) for _ in range(30)]) == 10
    clock.s = 2.0
    assert sum([await spends(limiter) for _ in range(30)]) == 10
    assert await spends(limiter, 500)
    assert not await spends(limiter, 300)
    ledgers.is_away, clock.s = False, 7.0
    await limiter.settle_due()
    kept = ledgers.kept["key 7 counterparties-day"]
    assert kept.left + kept.leased == 200


async def test_an_account_limits_its_keys_together_and_a_keys_own_limits_go_before_the_settings():
    _, _, (limiter,) = limited(
        1,
        CallerLimits(requests_per_second=1),
        account_limits=CallerLimits(requests_per_second=30),
        open_limits=CallerLimits(requests_per_second=2),
    )
    own = Caller(
        key=8,
        account="main",
        owner="x",
        scopes=KEY.scopes,
        limits=CallerLimits(requests_per_second=20),
    )
    assert sum([await spends(limiter, caller=own) for _ in range(99)]) == 20
    assert sum([await spends(limiter, caller=KEY) for _ in range(9)]) == 1
    assert sum([await spends(limiter, caller=ANYBODY) for _ in range(9)]) == 2
    # somebody who logged in is limited like a key, and apart from an operator of the same name
    for login in ("session", None):
        anna = Caller(key=None, account="side", owner="anna", scopes=KEY.scopes, login=login)
        assert sum([await spends(limiter, caller=anna) for _ in range(9)]) == 1
    other = Caller(key=9, account="main", owner="y", scopes=KEY.scopes, limits=own.limits)
    assert sum([await spends(limiter, caller=other) for _ in range(99)]) == 7
