"""Ownership worked out apart from the service: by trying every set of parties, one by one.

A party is reached if it is in every set that holds the listed owners and, with any parties that
together hold enough of a further one, that one too. What is not stated is tried at nothing, at a
part and at everything.
"""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations, product

import msgspec

from service.measures.measure import OwnershipTest
from service.screening.owners.holdings import COUNTERPARTY, Holdings
from service.screening.owners.weigh import OwnershipVerdict, judge
from service.screening.question import Counterparty, Owner

TARGET = "target"
OFAC = OwnershipTest(share=Decimal(50), bound="at_least", aggregate=True, control=False)
TRIED = (Decimal(0), Decimal(30), Decimal(100))


class Edge(msgspec.Struct, frozen=True):
    """What one party holds of another."""

    owner: str
    owned: str
    share: Decimal | None
    control: bool | None = False


def edge(owner: str, owned: str, share: float | str | None, *, control: bool | None = False):
    return Edge(owner, owned, None if share is None else Decimal(str(share)), control)


def key(party: str) -> str:
    """How the service calls a party of the reference."""
    return COUNTERPARTY if party == TARGET else f"id {party}"


def question(edges: Sequence[Edge], *, everywhere: bool = False) -> Counterparty:
    """The edges as a tree of owners.

    A party's own owners stand in its first place alone, or `everywhere` but below itself.
    """
    told: set[str] = set()

    def owners(owned: str, above: tuple[str, ...]) -> tuple[Owner, ...]:
        if owned in above or (owned in told and not everywhere):
            return ()
        told.add(owned)
        return tuple(
            Owner(
                id=None if each.owner == TARGET else each.owner,
                name=each.owner,
                share=each.share,
                control=each.control,
                owners=owners(each.owner, (*above, owned)),
            )
            for each in edges
            if each.owned == owned
        )

    return Counterparty(name=TARGET, owners=owners(TARGET, ()))


def judged(edges: Sequence[Edge], listed: str, test: OwnershipTest = OFAC) -> OwnershipVerdict:
    """What the service says; `listed` are parties with a blank between them."""
    holdings = Holdings(question(edges), str)
    return judge(holdings, [key(party) for party in listed.split()], test)


def verdict(edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest) -> str:
    answers = {is_reached(tried, listed, test) for tried in completions(edges)}
    return "open" if len(answers) > 1 else "met" if answers == {True} else "not_met"


def sums(edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest) -> Decimal:
    """What is held at the least, by shares alone."""
    least = [
        msgspec.structs.replace(each, share=each.share or Decimal(0), control=False)
        for each in edges
    ]
    groups = [listed] if test.aggregate else [[each] for each in listed]
    counting = (reached(least, group, test) - {TARGET} for group in groups)
    return max((_held(least, owners) for owners in counting), default=Decimal(0))


def _held(edges: Sequence[Edge], owners: set[str]) -> Decimal:
    held = (each.share for each in edges if each.owned == TARGET and each.owner in owners)
    return sum(filter(None, held), Decimal(0))


def is_reached(edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest) -> bool:
    groups = [listed] if test.aggregate else [[each] for each in listed]
    return any(TARGET in reached(edges, group, test) for group in groups)


def reached(edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest) -> set[str]:
    """What is in all sets that are closed under the test; the target owns nothing here."""
    parties = {TARGET, *listed, *(each.owner for each in edges), *(each.owned for each in edges)}
    useful = [each for each in edges if each.owner != TARGET]
    return set.intersection(
        parties,
        *(
            found
            for found in map(set, subsets(sorted(parties)))
            if set(listed) <= found and is_closed(found, parties, useful, test)
        ),
    )


def is_closed(
    found: set[str], parties: set[str], edges: Sequence[Edge], test: OwnershipTest
) -> bool:
    return all(
        party in found
        or not is_enough([each for each in edges if each.owned == party], found, test)
        for party in parties
    )


def is_enough(edges: Sequence[Edge], owners: set[str], test: OwnershipTest) -> bool:
    held = [each for each in edges if each.owner in owners]
    total = sum(each.share or 0 for each in held)
    by_share = total >= test.share if test.bound == "at_least" else total > test.share
    return by_share or (test.control and any(each.control for each in held))


def completions(edges: Sequence[Edge]) -> Iterator[list[Edge]]:
    choices = [
        [
            msgspec.structs.replace(each, share=share, control=control)
            for share in (TRIED if each.share is None else (each.share,))
            for control in ((False, True) if each.control is None else (each.control,))
        ]
        for each in edges
    ]
    return map(list, product(*choices))


def subsets(parties: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(parties, size) for size in range(len(parties) + 1))
