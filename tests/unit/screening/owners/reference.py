"""Ownership worked out apart from the service: by trying every set of parties, one by one.

A party is reached if it is in every set that holds the listed owners and, with any parties that
together hold enough of a further one, that one too. What is not stated is tried at nothing, at a
part and at everything; what stated shares do not account for is tried as nobody's, and as held by
those who hold something of the same party already.
"""

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations, product

import msgspec

from abeyance_screening.engine.measures.measure import OwnershipTest
from abeyance_screening.engine.screening.owners import OwnershipVerdict, judge
from abeyance_screening.engine.screening.question import (
    COUNTERPARTY,
    Counterparty,
    Holdings,
    Owner,
)

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


def judged(
    edges: Sequence[Edge], listed: str, test: OwnershipTest = OFAC, *, whole: bool = True
) -> OwnershipVerdict:
    """What the service says; `listed` are parties with a blank between them.

    `whole` adds to each party an unlisted owner of what the stated shares do not account for.
    """
    rests = rests_of(edges) if whole else {}
    others = [
        edge(f"others in {owned}", owned, str(rest)) for owned, rest in rests.items() if rest
    ]
    holdings = Holdings(question([*edges, *others]), str)
    return judge(holdings, [key(party) for party in listed.split()], test)


def verdict(edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest) -> str:
    answers = {
        is_reached(tried, listed, test, rests)
        for tried in completions(edges)
        for rests in ({}, rests_of(edges))
    }
    return "open" if len(answers) > 1 else "met" if answers == {True} else "not_met"


def rests_of(edges: Sequence[Edge]) -> dict[str, Decimal]:
    """What of each party the stated shares do not account for."""
    stated = {each.owned: Decimal(0) for each in edges}
    for each in edges:
        stated[each.owned] += each.share or Decimal(0)
    return {owned: max(Decimal(0), 100 - share) for owned, share in stated.items()}


def sums(edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest) -> Decimal:
    """What is held at the least, by shares alone."""
    least = [
        msgspec.structs.replace(each, share=each.share or Decimal(0), control=False)
        for each in edges
    ]
    groups = [listed] if test.aggregate else [[each] for each in listed]
    counting = (reached(least, group, test, {}) - {TARGET} for group in groups)
    return max((_held(least, owners) for owners in counting), default=Decimal(0))


def _held(edges: Sequence[Edge], owners: set[str]) -> Decimal:
    held = (each.share for each in edges if each.owned == TARGET and each.owner in owners)
    return sum(filter(None, held), Decimal(0))


type Rests = dict[str, Decimal]


def is_reached(
    edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest, rests: Rests
) -> bool:
    groups = [listed] if test.aggregate else [[each] for each in listed]
    return any(TARGET in reached(edges, group, test, rests) for group in groups)


def reached(
    edges: Sequence[Edge], listed: Collection[str], test: OwnershipTest, rests: Rests
) -> set[str]:
    """What is in all sets that are closed under the test; the target owns nothing here."""
    parties = {TARGET, *listed, *(each.owner for each in edges), *(each.owned for each in edges)}
    useful = [each for each in edges if each.owner != TARGET]
    return set.intersection(
        parties,
        *(
            found
            for found in map(set, subsets(sorted(parties)))
            if set(listed) <= found and is_closed(found, parties, useful, test, rests)
        ),
    )


def is_closed(
    found: set[str], parties: set[str], edges: Sequence[Edge], test: OwnershipTest, rests: Rests
) -> bool:
    return all(
        party in found
        or not is_enough(
            [each for each in edges if each.owned == party],
            found,
            test,
            rests.get(party, Decimal(0)),
        )
        for party in parties
    )


def is_enough(edges: Sequence[Edge], owners: set[str], test: OwnershipTest, rest: Decimal) -> bool:
    held = [each for each in edges if each.owner in owners]
    total = sum((each.share or Decimal(0) for each in held), Decimal(0))
    total += rest if total > 0 else 0
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
