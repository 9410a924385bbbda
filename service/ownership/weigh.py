"""Weigh: how far the listed owners reach through what they hold.

A party that meets the test counts as an owner with everything it holds; shares are never
multiplied. So X with half of A, which has half of B, reaches B, and X with 40 percent of A does
not. Only what starts at a listed owner counts: owners that hold each other prove nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

import msgspec

from service.model.owned import Verdict
from service.model.reach import OwnershipTest
from service.ownership.holdings import NOTHING, Holdings, Stake
from service.ownership.parties import COUNTERPARTY

FURTHEST_FIRST: tuple[Verdict, ...] = ("met", "open", "not_met")


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """What a group of listed owners comes to; see `OwnershipFinding`.

    `certain` are the parties that count as owners, the listed ones with them, `possible` those
    that may, for all that is stated.
    """

    by_share: Verdict
    by_control: Verdict
    sum: Decimal
    sum_at_most: Decimal | None
    certain: frozenset[str]
    possible: frozenset[str]


class _Reading(msgspec.Struct, frozen=True):
    """A test as it is read: where `doubtful`, whatever is not stated may be enough for it."""

    test: OwnershipTest
    doubtful: bool

    def by_share(self, stake: Stake, held: Decimal) -> bool:
        """Whether what counting owners hold of a party is enough, this stake among it."""
        if self.doubtful and not stake.complete:
            return True
        needed = self.test.share
        return held >= needed if self.test.bound == "at_least" else held > needed

    def by_control(self, stake: Stake) -> bool:
        """Whether the stake is one that controls."""
        stated = stake.control is True
        return self.test.control and (stated or (self.doubtful and stake.control is None))

    def by_either(self, stake: Stake, held: Decimal) -> bool:
        """Whether the party is reached by the one or by the other."""
        return self.by_share(stake, held) or self.by_control(stake)

    def holds(self, stake: Stake) -> bool:
        """Whether there is anything in the stake to pass on."""
        return stake.share > NOTHING or (self.doubtful and not stake.complete)


class _Spread(msgspec.Struct, frozen=True):
    """The parties that count, and how much of each party those together hold."""

    reached: frozenset[str]
    held: Mapping[str, Decimal]


def furthest(verdicts: Collection[Verdict]) -> Verdict:
    """Met before open before not met, which is that of nobody."""
    return min(verdicts, key=FURTHEST_FIRST.index) if verdicts else "not_met"


def weigh(holdings: Holdings, listed: Collection[str], test: OwnershipTest) -> Weighed:
    """What these listed owners, taken together, come to. The counterparty is none of them."""
    sure, doubtful = _Reading(test, doubtful=False), _Reading(test, doubtful=True)
    shares = _spread(holdings, listed, sure.by_share)
    at_most = _spread(holdings, listed, doubtful.by_share)
    certain = _spread(holdings, listed, sure.by_either)
    possible = _spread(holdings, listed, doubtful.by_either)
    return Weighed(
        by_share=_verdict(shares.reached, at_most.reached),
        by_control=_verdict(
            _by_help_of_control(holdings, listed, certain, sure),
            _by_help_of_control(holdings, listed, possible, doubtful),
        ),
        sum=shares.held.get(COUNTERPARTY, NOTHING),
        sum_at_most=_bounded(holdings, at_most),
        certain=certain.reached,
        possible=possible.reached,
    )


def _spread(
    holdings: Holdings, listed: Collection[str], reaches: Callable[[Stake, Decimal], bool]
) -> _Spread:
    """From the listed owners on, each party once; the counterparty passes nothing on."""
    reached: set[str] = set()
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    waiting = list(listed)
    while waiting:
        owner = waiting.pop()
        if owner in reached:
            continue
        reached.add(owner)
        for stake in _passed_on(holdings, owner):
            held[stake.owned] += stake.share
            if reaches(stake, held[stake.owned]):
                waiting.append(stake.owned)
    return _Spread(frozenset(reached), held)


def _by_help_of_control(
    holdings: Holdings, listed: Collection[str], spread: _Spread, reading: _Reading
) -> set[str]:
    """The reached parties on whose way from a listed owner control stands somewhere."""
    helped: set[str] = set()
    waiting = [
        stake.owned
        for owner in spread.reached
        for stake in _passed_on(holdings, owner)
        if reading.by_control(stake)
    ]
    while waiting:
        party = waiting.pop()
        if party in helped or party in listed:
            continue
        helped.add(party)
        waiting += [
            stake.owned
            for stake in _passed_on(holdings, party)
            if reading.holds(stake) and _is_enough(holdings, stake.owned, spread, reading)
        ]
    return helped


def _is_enough(holdings: Holdings, owned: str, spread: _Spread, reading: _Reading) -> bool:
    counting = (stake for stake in holdings.into(owned) if stake.owner in spread.reached)
    return any(reading.by_share(stake, spread.held[owned]) for stake in counting)


def _passed_on(holdings: Holdings, owner: str) -> tuple[Stake, ...]:
    return () if owner == COUNTERPARTY else holdings.of(owner)


def _verdict(certain: Collection[str], possible: Collection[str]) -> Verdict:
    if COUNTERPARTY in certain:
        return "met"
    return "open" if COUNTERPARTY in possible else "not_met"


def _bounded(holdings: Holdings, at_most: _Spread) -> Decimal | None:
    counting = [stake for stake in holdings.into(COUNTERPARTY) if stake.owner in at_most.reached]
    if all(stake.complete for stake in counting):
        return at_most.held.get(COUNTERPARTY, NOTHING)
    return None
