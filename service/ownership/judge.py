"""Judge: an ownership rule's test put to the owners that count for it."""

from collections.abc import Collection
from decimal import Decimal

import msgspec

from service.model.owned import OwnershipChain, Verdict
from service.model.reach import OwnershipTest
from service.ownership.chains import chains
from service.ownership.holdings import NOTHING, Holdings
from service.ownership.parties import COUNTERPARTY
from service.ownership.weigh import FURTHEST_FIRST, Weighed, furthest, weigh

MAX_CHAINS = 100


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict and how it came about; see `OwnershipFinding`.

    `possible` are the parties that count or may count as owners, by their keys.
    """

    verdict: Verdict
    by_share: Verdict
    by_control: Verdict | None
    sum: Decimal
    sum_at_most: Decimal | None
    chains: tuple[OwnershipChain, ...]
    chain_total: int
    possible: frozenset[str]


def judge(holdings: Holdings, listed: Collection[str], test: OwnershipTest) -> Judged:
    """Whether the counterparty is reached, `listed` being the keys of owners that count.

    A rule that adds up looks at them together, any other at each alone. Where it adds up only on
    a condition, what is met by adding up alone stays open.
    """
    together = _judge(holdings, listed, test)
    if test.adds_up_if is None or together.verdict != "met":
        return together
    alone = _judge(holdings, listed, msgspec.structs.replace(test, aggregate=False))
    if alone.verdict == "met":
        return together
    return msgspec.structs.replace(together, verdict="open", by_share="open")


def _judge(holdings: Holdings, listed: Collection[str], test: OwnershipTest) -> Judged:
    starts = sorted(set(listed) - {COUNTERPARTY})
    groups = [starts] if test.aggregate else [[start] for start in starts]
    weighed = [weigh(holdings, group, test) for group in groups]
    by_share = furthest([each.by_share for each in weighed])
    by_control = furthest([each.by_control for each in weighed])
    found = [
        chain
        for group, each in zip(groups, weighed, strict=True)
        for chain in chains(holdings, group, each, test)
    ]
    return Judged(
        verdict=furthest([by_share, by_control]),
        by_share=by_share,
        by_control=by_control if test.control else None,
        sum=max((each.sum for each in weighed), default=NOTHING),
        sum_at_most=_at_most(weighed),
        chains=tuple(sorted(found, key=_place)[:MAX_CHAINS]),
        chain_total=len(found),
        possible=frozenset(key for each in weighed for key in each.possible),
    )


def _at_most(weighed: Collection[Weighed]) -> Decimal | None:
    bounds = [each.sum_at_most for each in weighed]
    known = [bound for bound in bounds if bound is not None]
    return max(known, default=NOTHING) if len(known) == len(bounds) else None


def _place(chain: OwnershipChain) -> tuple[int, int, tuple[str, ...]]:
    """Those that count first, the shorter before the longer, then by name."""
    names = tuple(step.owner.name for step in chain.steps)
    return FURTHEST_FIRST.index(chain.counts), len(chain.steps), names
