"""Chains: the ways on which a listed owner's holdings lead to the counterparty."""

from collections import deque
from collections.abc import Collection, Iterator

from service.model.owned import OwnershipChain, OwnershipStep, Verdict
from service.model.reach import OwnershipTest
from service.ownership.holdings import NOTHING, Holdings, Stake
from service.ownership.parties import COUNTERPARTY
from service.ownership.weigh import Weighed

type _Way = tuple[Stake, ...]


def chains(
    holdings: Holdings, listed: Collection[str], weighed: Weighed, test: OwnershipTest
) -> Iterator[OwnershipChain]:
    """For each of the listed owners and each direct owner of the counterparty the best way.

    That is one on which every party counts, else one on which every party may, else any; of
    these the shortest. A way ends at the next listed owner, which needs nobody behind it.
    """
    scopes: tuple[tuple[Verdict, Collection[str]], ...] = (
        ("met", weighed.certain - set(listed)),
        ("open", weighed.possible - set(listed)),
        ("not_met", holdings.owners.keys() - set(listed)),
    )
    for owner in listed:
        shown: set[str] = set()
        for counts, through in scopes:
            for way in _ways(holdings, owner, through, control=test.control):
                if way[-1].owner not in shown:
                    shown.add(way[-1].owner)
                    yield _chain(holdings, counts, way)


def _ways(
    holdings: Holdings, start: str, through: Collection[str], *, control: bool
) -> Iterator[_Way]:
    """The shortest way to each direct owner of the counterparty, and on to the counterparty."""
    waiting: deque[tuple[str, _Way]] = deque([(start, ())])
    seen = {start}
    while waiting:
        owner, way = waiting.popleft()
        for stake in holdings.of(owner):
            if not _is_any(stake, control=control):
                continue
            if stake.owned == COUNTERPARTY:
                yield *way, stake
            elif stake.owned in through and stake.owned not in seen:
                seen.add(stake.owned)
                waiting.append((stake.owned, (*way, stake)))


def _is_any(stake: Stake, *, control: bool) -> bool:
    """Whether there is, or may be, anything in a stake that the rule looks at."""
    may_control = control and stake.control is not False
    return stake.share > NOTHING or not stake.complete or may_control


def _chain(holdings: Holdings, counts: Verdict, way: _Way) -> OwnershipChain:
    return OwnershipChain(
        owner=holdings.named(way[0].owner),
        counts=counts,
        steps=tuple(_step(holdings, stake) for stake in way),
    )


def _step(holdings: Holdings, stake: Stake) -> OwnershipStep:
    return OwnershipStep(
        owner=holdings.named(stake.owner),
        share=stake.share if stake.complete or stake.share > NOTHING else None,
        complete=stake.complete,
        control=stake.control,
        owned=holdings.named(stake.owned),
    )
