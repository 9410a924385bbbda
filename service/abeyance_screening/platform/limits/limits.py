"""Limits: how much a key, an account and everybody without a key may ask.

Each limit is a budget of requests or counterparties. How much of it is left is written in the
database once for all processes, and none of them asks there for each request: a process leases
what it is likely to spend within a second, spends that in memory, and settles when it runs low or
a second has passed. What is leased is taken from the budget before it is spent, so all processes
together never spend more than the burst and the rate times the time since the budget was made.
While the database is away, each process counts for itself.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal

import msgspec

from abeyance_screening.platform.access.callers import ANYBODY, Caller
from abeyance_screening.platform.settings import CallerLimits, Settings
from abeyance_screening.primitives.errors import (
    BadInputError,
    QuotaExceededError,
    StoreUnavailableError,
)

Unit = Literal["requests", "counterparties"]

# A screening has at most a thousand counterparties: whatever the rate, one of them fits.
LARGEST_QUESTION = 1_000
DAY_S = 86_400
# How far ahead a process leases, by what was asked of it lately. Longer means fewer statements,
# and more that lies unused in one process while another refuses.
AHEAD_S = 1.0
# The most of a budget that one process leases ahead: with few processes the others are not short.
_MOST_AHEAD = 8
# An exhausted budget is asked again at most this often, for all keys of a process at once.
ASK_AGAIN_S = 0.1
# A process is taken to spend its lease evenly within this time, until it says what it spent. A
# lease that was not settled for twice as long is lost.
LEASE_S = AHEAD_S
SETTLE_EVERY_S = 1.0
"""How often a process gives back what lies unused."""
# A settlement takes milliseconds. After the first the database counts as away, for the second.
_SETTLE_WITHIN_S = 2.0
_AWAY_S = 5.0
# After so many settlements a request is refused though the budget has something left: others that
# wait took what was leased.
_TRIES = 5
# What sums of fractions may be off by, in requests or counterparties.
_ROUNDING = 1e-6
logger = logging.getLogger(__name__)


# --- One budget, and what a process does with it alone.


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """One limit of one holder: `rate` a second with bursts of `capacity`, or `capacity` a day.

    `name` is unique in the database, `policy` the name that callers see. `rate` 0 is a limit a
    day, from midnight to midnight UTC.
    """

    name: str
    policy: str
    unit: Unit
    capacity: int
    rate: int

    @property
    def window_s(self) -> int:
        """The seconds in which the whole capacity comes back, rounded up."""
        return math.ceil(self.capacity / self.rate) if self.rate else DAY_S


class Gcra:
    """A limit of `rate` a second with bursts of `burst`, by the generic cell rate algorithm.

    Never more than `burst + rate * t` within any `t` seconds. All it remembers is the moment at
    which everything that was taken will have come back.
    Source: ITU-T I.371, annex A, virtual scheduling.
    """

    __slots__ = ("_burst_s", "_full_at", "_one_s")

    def __init__(self, rate: float, burst: float, now: float, left: float | None = None) -> None:
        """Begin at `now` (seconds) with `left` of the burst, all of it if None."""
        self._one_s = 1 / rate
        self._burst_s = burst / rate
        self._full_at = now if left is None else now + (burst - left) / rate

    def take(self, amount: float, now: float) -> bool:
        """Take an amount at a moment, or nothing if there is less."""
        full_at = max(self._full_at, now) + amount * self._one_s
        if full_at - now > self._burst_s + _ROUNDING * self._one_s:
            return False
        self._full_at = full_at
        return True

    def left(self, now: float) -> float:
        """Return how much can be taken at a moment."""
        return (self._burst_s - max(0.0, self._full_at - now)) / self._one_s


# --- The settlement of a budget between processes.


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a budget as of a moment, and what is leased of it.

    `leased` is the lease of the process that settles, `elsewhere` what all others are likely to
    hold still of theirs.
    """

    left: float
    at: datetime
    leased: float = 0.0
    elsewhere: float = 0.0


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What a process keeps of a budget, gives back, spent without a lease, and wants.

    `least` is the smallest part of `wanted` that is of use, 0 if nobody waits.
    """

    budget: Budget
    kept: int
    returned: int
    overspent: int
    wanted: int
    least: int


class Grant(msgspec.Struct, frozen=True):
    """What a process was granted of a budget, and how much is left there."""

    granted: int
    left: float


def settle(ledger: Ledger, said: Settlement, now: datetime) -> tuple[Ledger, Grant]:
    """Return the ledger after a settlement, and what was granted.

    What the process spent is counted before what came back meanwhile, so that a spent lease does
    not keep the budget from filling up.
    """
    budget = said.budget
    returned = min(said.returned, ledger.leased)
    kept = min(said.kept, ledger.leased - returned)
    passed_s = max(0.0, (now - ledger.at).total_seconds())
    if budget.rate:
        most = max(0.0, budget.capacity - ledger.elsewhere - kept)
        left = min(most, ledger.left + returned + budget.rate * passed_s)
    elif _day(now) != _day(ledger.at):
        left = float(budget.capacity - kept)
    else:
        left = min(budget.capacity, ledger.left + returned)
    left -= said.overspent
    granted = max(0, min(said.wanted, math.floor(left + _ROUNDING)))
    if granted < said.least:
        granted = 0
    left -= granted
    settled = Ledger(left=left, at=max(now, ledger.at), leased=kept + granted)
    return settled, Grant(granted, left)


def _day(moment: datetime) -> object:
    return moment.astimezone(UTC).date()


type Settle = Callable[[Sequence[Settlement]], Coroutine[object, object, tuple[Grant, ...]]]
"""Settles budgets for this process, all or none, and returns its share of each in order."""


# --- What a process holds of a budget.


class Purse:
    """What this process may spend of a budget without asking."""

    def __init__(self, budget: Budget, now: float) -> None:
        self.budget = budget
        # what is leased and not spent, and until when
        self._held = 0
        self._lapses_at = now
        # what was asked since the last settlement, and the smallest and the sum of what waits
        self._asked = self._least = self._waiting = 0
        self._aim = 0
        self._settled_at = now - DAY_S
        self._dry_until = now
        self._left = float(budget.capacity)
        # what counts while the database is away
        self._alone: Gcra | None = None
        self._overspent = 0

    def has(self, amount: int, now: float) -> bool:
        """Whether an amount is leased."""
        return self._held >= amount and now < self._lapses_at

    def spend(self, amount: int) -> None:
        """Spend an amount that is leased."""
        self._held -= amount
        self._asked += amount

    def is_low(self, now: float) -> bool:
        """Whether a new lease is due although this one is not spent."""
        return 2 * self._held < self._aim and now >= max(
            self._dry_until, self._settled_at + ASK_AGAIN_S
        )

    def is_dry(self, amount: int, now: float) -> bool:
        """Whether a moment ago the budget had too little left for an amount."""
        return now < self._dry_until and amount > self._held + self._left

    def await_lease(self, amount: int) -> None:
        """Note an amount that somebody waits for."""
        self._least = amount if self._waiting == 0 else min(self._least, amount)
        self._waiting += amount

    def refuse(self, amount: int) -> None:
        """Note an amount that was refused, which the next lease takes into account."""
        self._asked += amount

    def is_due(self, now: float) -> bool:
        """Whether something is held, or owed, that was not settled for a while."""
        return (self._held > 0 or self._overspent > 0) and now - self._settled_at >= (
            SETTLE_EVERY_S / 2
        )

    def say(self, now: float) -> Settlement:
        """Return what to settle now; what is given back is not spent from here on."""
        passed_s = max(now - self._settled_at, ASK_AGAIN_S / 2)
        if now >= self._lapses_at and self.budget.rate:
            self._held = 0
        ahead = math.ceil((self._asked + self._waiting) / passed_s * AHEAD_S)
        most = max(1, self.budget.capacity // _MOST_AHEAD)
        # one request in a second is no reason to lease another one ahead
        self._aim = min(ahead, most) if ahead > 1 else 0
        aim = max(self._aim, self._waiting)
        held, kept = self._held, min(self._held, aim)
        least = max(0, self._least - kept) if self._waiting else 0
        self._held, self._asked, self._least, self._waiting = kept, 0, 0, 0
        self._settled_at = now
        return Settlement(
            budget=self.budget,
            kept=kept,
            returned=held - kept,
            overspent=self._overspent,
            wanted=aim - kept,
            least=least,
        )

    def receive(self, said: Settlement, share: Grant, now: float) -> None:
        """Take in what was granted; `now` is when the settlement began."""
        self._alone = None
        self._overspent -= said.overspent
        self._held += share.granted
        self._lapses_at = now + 2 * LEASE_S
        self._left = share.left
        if share.granted < said.wanted:
            self._dry_until = now + self._wait_s()

    def fail(self, said: Settlement) -> None:
        """Take back what was to be given back, since the database does not answer."""
        self._held += said.returned

    def count_alone(self, now: float) -> None:
        """Let this process count for itself from now on, from what it last knew to be left."""
        if self._alone is None:
            rate = self.budget.rate or self.budget.capacity / DAY_S
            self._alone = Gcra(rate, self.budget.capacity, now, self.left(now))

    def may_alone(self, amount: int, now: float) -> bool:
        """Whether the process that counts for itself has an amount left."""
        self.count_alone(now)
        return self._alone is not None and self._alone.left(now) + _ROUNDING / 2 >= amount

    def spend_alone(self, amount: int, now: float) -> None:
        """Spend an amount without a lease; of a day it is settled when the database is back."""
        if self._alone is not None:
            self._alone.take(amount, now)
        if not self.budget.rate:
            leased = min(self._held, amount)
            self._held -= leased
            self._overspent += amount - leased

    def left(self, now: float) -> int:
        """Return how much is left for all processes, as far as this one knows."""
        if self._alone is not None:
            return max(0, math.floor(self._alone.left(now)))
        came = self.budget.rate * max(0.0, now - self._settled_at)
        return max(0, min(self.budget.capacity, math.floor(self._left + self._held + came)))

    def field(self, now: float, moment: datetime) -> str:
        """Return what is left, and in how many seconds all of it is, as callers see it."""
        left = self.left(now)
        full_in_s = self._comes_in_s(self.budget.capacity - left, moment)
        return f'"{self.budget.policy}";r={left};t={full_in_s}'

    def comes_in_s(self, amount: int, now: float, moment: datetime) -> int:
        """Return in how many seconds an amount can be spent, rounded up; `moment` is now too."""
        return self._comes_in_s(amount - self.left(now), moment)

    def _comes_in_s(self, missing: int, moment: datetime) -> int:
        if self.budget.rate:
            return max(0, math.ceil(missing / self.budget.rate))
        if missing <= 0:
            return 0
        return math.ceil((_midnight_after(moment) - moment).total_seconds())

    def _wait_s(self) -> float:
        if not self.budget.rate:
            return AHEAD_S
        return min(AHEAD_S, max(ASK_AGAIN_S, (1 - self._left) / self.budget.rate))


def _midnight_after(moment: datetime) -> datetime:
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1)


class Purses(msgspec.Struct, frozen=True):
    """The purses of one caller, by what they count; `policy` is their header field."""

    requests: tuple[Purse, ...]
    counterparties: tuple[Purse, ...]
    policy: bytes

    @property
    def all(self) -> tuple[Purse, ...]:
        """All of them."""
        return self.requests + self.counterparties


# --- All limits of a process.


class Limiter:
    """The limits of every caller of this process."""

    def __init__(
        self,
        settings: Settings,
        settle: Settle,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        """Take the defaults, the kept budgets, a clock that never goes back, and the date's."""
        self._settings = settings
        self._settle_budgets = settle
        self._clock = clock
        self._now = now
        self._purses: dict[str, Purse] = {}
        self._of: dict[object, Purses | None] = {}
        self._short: set[Purse] = set()
        self._settling: asyncio.Task[None] | None = None
        self._is_away, self._away_until = False, clock()
        self._given_up: set[asyncio.Future[tuple[Grant, ...]]] = set()

    def purses_of(self, caller: Caller) -> Purses | None:
        """Return the purses of a caller; None for a caller without limits."""
        key = caller.key
        if key is None:
            key = (caller.account, caller.owner, caller.scopes, caller.login)
        try:
            return self._of[key]
        except KeyError:
            purses = self._made(caller)
            self._of[key] = purses
            return purses

    def charge_of(self, caller: Caller) -> Callable[[int], Awaitable[None]] | None:
        """Return the function that counts a caller's counterparties; None without a limit."""
        purses = self.purses_of(caller)
        if purses is None or not purses.counterparties:
            return None
        return partial(self.spend, purses.counterparties)

    async def spend(self, purses: Sequence[Purse], amount: int = 1) -> None:
        """Spend an amount of all of these budgets, or of none.

        Raises:
            QuotaExceededError: One of them has not so much left.
            BadInputError: One of them never has so much, so it is of no use to wait.
        """
        now = self._clock()
        for purse in purses:
            if not purse.has(amount, now):
                break
        else:
            for purse in purses:
                purse.spend(amount)
                if purse.is_low(now):
                    self._short.add(purse)
            if self._short and self._settling is None:
                self._start()
            return
        await self._spend_leased(purses, amount)

    async def settle_due(self) -> None:
        """Settle what lies unused, so that other processes have it; call it once a second."""
        now = self._clock()
        due = [each for each in self._purses.values() if each.is_due(now)]
        if due and now >= self._away_until:
            self._short.update(due)
            await self._settled()

    async def give_back(self) -> None:
        """Give everything back that was leased and not spent, at the end of the process."""
        said = [
            msgspec.structs.replace(each, kept=0, returned=each.kept + each.returned, wanted=0)
            for each in (purse.say(self._clock()) for purse in self._purses.values())
        ]
        if said:
            with suppress(StoreUnavailableError):
                await self._settle_budgets(said)

    def fields_of(self, purses: Purses) -> tuple[tuple[bytes, bytes], ...]:
        """Return the header fields that say what a caller may do and what is left of it.

        Source: draft-ietf-httpapi-ratelimit-headers-10.
        """
        now, moment = self._clock(), self._now()
        left = ", ".join([each.field(now, moment) for each in purses.all])
        return ((b"ratelimit-policy", purses.policy), (b"ratelimit", left.encode()))

    async def _spend_leased(self, purses: Sequence[Purse], amount: int) -> None:
        """Lease what is short, and spend; the rest of `spend`."""
        _check_fits(purses, amount)
        for _ in range(_TRIES):
            now = self._clock()
            if self._is_away:
                self._spend_alone(purses, amount, now)
                return
            short = [each for each in purses if not each.has(amount, now)]
            if not short:
                for purse in purses:
                    purse.spend(amount)
                return
            if any(each.is_dry(amount, now) for each in short):
                break
            for each in short:
                each.await_lease(amount)
                self._short.add(each)
            await self._settled()
        now = self._clock()
        raise self._exceeded([each for each in purses if not each.has(amount, now)], amount)

    def _spend_alone(self, purses: Sequence[Purse], amount: int, now: float) -> None:
        if now >= self._away_until and self._settling is None:
            # whether the database is back is found out while requests go on
            self._short.update(purses)
            self._start()
        short = [each for each in purses if not each.may_alone(amount, now)]
        if short:
            raise self._exceeded(short, amount)
        for each in purses:
            each.spend_alone(amount, now)

    def _exceeded(self, short: Sequence[Purse], amount: int) -> QuotaExceededError:
        now, moment = self._clock(), self._now()
        for each in short:
            each.refuse(amount)
        wait_s = max((each.comes_in_s(amount, now, moment) for each in short), default=1)
        return QuotaExceededError([each.budget.policy for each in short], max(1, wait_s))

    async def _settled(self) -> None:
        """Wait until everything that is short was settled, or the database is known to be away."""
        task = self._settling or self._start()
        await asyncio.shield(task)

    def _start(self) -> asyncio.Task[None]:
        self._settling = asyncio.create_task(self._settle())
        return self._settling

    async def _settle(self) -> None:
        """Settle what is short, with one transaction for all of it, until nothing is."""
        try:
            while self._short:
                short, self._short = (
                    sorted(self._short, key=lambda purse: purse.budget.name),
                    set(),
                )
                await self._settle_all(short)
        finally:
            self._settling = None

    async def _settle_all(self, purses: Sequence[Purse]) -> None:
        began = self._clock()
        said = [each.say(began) for each in purses]
        try:
            shares = await self._shares(said)
        except (StoreUnavailableError, TimeoutError):
            self._note_away(zip(purses, said, strict=True))
            return
        self._is_away = False
        for purse, each, share in zip(purses, said, shares, strict=True):
            purse.receive(each, share, began)

    async def _shares(self, said: Sequence[Settlement]) -> tuple[Grant, ...]:
        """Return what the database grants; one that is silent is left alone for a while."""
        asking = asyncio.ensure_future(self._settle_budgets(said))
        done, _ = await asyncio.wait({asking}, timeout=_SETTLE_WITHIN_S)
        if done:
            return asking.result()
        self._given_up.add(asking)
        asking.add_done_callback(self._given_up.discard)
        asking.cancel()
        raise TimeoutError

    def _note_away(self, pairs: Iterable[tuple[Purse, Settlement]]) -> None:
        now = self._clock()
        if not self._is_away:
            logger.warning("limits.database_unreachable")
        self._is_away, self._away_until = True, now + _AWAY_S
        for purse, each in pairs:
            purse.fail(each)

    # --- Which budgets a caller has.

    def _made(self, caller: Caller) -> Purses | None:
        own, holder = self._own_limits(caller)
        purses = [
            *self._purses_for(holder, "", own),
            *self._purses_for(
                f"account {caller.account}", "account-", self._settings.account_limits
            ),
        ]
        if not purses:
            return None
        return Purses(
            tuple(each for each in purses if each.budget.unit == "requests"),
            tuple(each for each in purses if each.budget.unit == "counterparties"),
            _policy_of(each.budget for each in purses),
        )

    def _own_limits(self, caller: Caller) -> tuple[CallerLimits, str]:
        if caller.key is not None:
            return caller.limits.over(self._settings.key_limits), f"key {caller.key}"
        if caller == ANYBODY:
            return self._settings.open_limits, "anybody"
        if caller.login is not None:
            return self._settings.key_limits, f"person {caller.account} {caller.owner}"
        return self._settings.key_limits, f"operator {caller.owner}"

    def _purses_for(self, holder: str, prefix: str, limits: CallerLimits) -> list[Purse]:
        now = self._clock()
        return [
            self._purses.setdefault(each.name, Purse(each, now))
            for each in budgets_of(holder, prefix, limits)
        ]


def budgets_of(holder: str, prefix: str, limits: CallerLimits) -> Iterable[Budget]:
    """Yield the budgets of a holder such as `key 7`, whose policies begin with `prefix`."""
    rate = limits.requests_per_second
    if rate is not None:
        burst = limits.request_burst or rate
        yield _budget(holder, f"{prefix}requests", "requests", (burst, rate))
    rate = limits.counterparties_per_second
    if rate is not None:
        burst = limits.counterparty_burst or max(rate, LARGEST_QUESTION)
        yield _budget(holder, f"{prefix}counterparties", "counterparties", (burst, rate))
    if limits.counterparties_per_day is not None:
        day = (limits.counterparties_per_day, 0)
        yield _budget(holder, f"{prefix}counterparties-day", "counterparties", day)


def _budget(holder: str, policy: str, unit: Unit, size: tuple[int, int]) -> Budget:
    capacity, rate = size
    name = f"{holder} {policy}"
    return Budget(name=name, policy=policy, unit=unit, capacity=capacity, rate=rate)


def _policy_of(budgets: Iterable[Budget]) -> bytes:
    return ", ".join(
        f'"{each.policy}";q={each.capacity};w={each.window_s}'
        + ("" if each.unit == "requests" else f';qu="{each.unit}"')
        for each in budgets
    ).encode()


def _check_fits(purses: Iterable[Purse], amount: int) -> None:
    """Check that budgets can ever have an amount."""
    for each in purses:
        if amount > each.budget.capacity:
            reason = (
                f"are {amount:,}, and the limit {each.budget.policy!r} has room for "
                f"{each.budget.capacity:,} at once"
            )
            raise BadInputError("counterparties", reason)
