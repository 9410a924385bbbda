"""However an owner is written, in one entry or in two, with its id or without: never less."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.measures.measure import OwnershipTest
from abeyance_screening.engine.screening.owners import FURTHEST_FIRST, OwnershipVerdict, judge
from abeyance_screening.engine.screening.question import Counterparty, Holdings, Owner

TARGET = "target"
SHARES = st.sampled_from([None, *map(Decimal, ("10", "30", "40", "50", "60"))])
CONTROL = st.sampled_from([None, False, True])
TESTS = st.builds(
    OwnershipTest,
    share=st.just(Decimal(50)),
    bound=st.sampled_from(["at_least", "more_than"]),
    aggregate=st.booleans(),
    control=st.booleans(),
)
# Two parties may be called x, and even by the name of the counterparty.
ENDS = st.sampled_from(["x", "y", TARGET]).flatmap(
    lambda name: st.builds(
        Owner,
        name=st.just(name),
        id=st.sampled_from([None, f"{name} 1", f"{name} 2"]),
        share=SHARES,
        control=CONTROL,
    )
)


def between(name: str, *inner: st.SearchStrategy[Owner]) -> st.SearchStrategy[Owner]:
    return st.builds(
        Owner,
        name=st.just(name),
        id=st.sampled_from([None, name]),
        share=SHARES,
        control=CONTROL,
        owners=st.tuples(*inner),
    )


# Each party's owners stand in one place: what stands in two is a holding stated again.
TREES = st.builds(
    Counterparty,
    name=st.just(TARGET),
    owners=st.tuples(
        between("a", ENDS, ENDS), between("b", ENDS, between("c", ENDS, ENDS)), ENDS, ENDS
    ),
)


def halves(owner: Owner, ids: tuple[str | None, str | None]) -> tuple[Owner, Owner]:
    part = None if owner.share is None else Decimal(5)
    rest = None if owner.share is None else owner.share - Decimal(5)
    return (
        msgspec.structs.replace(owner, share=part, id=ids[0]),
        msgspec.structs.replace(owner, share=rest, id=ids[1], owners=()),
    )


def ids_of_halves(owner: Owner) -> set[tuple[str | None, str | None]]:
    """With the name of the counterparty and no id at all it would be the counterparty itself."""
    ids = {(owner.id, owner.id), (owner.id, None), (None, owner.id)}
    return ids if owner.name == TARGET else ids | {(None, None)}


def splits[T: Counterparty](party: T) -> Iterator[T]:
    """The party with each of its owners, at any depth, written in two entries."""
    for place, owner in enumerate(party.owners):
        before, after = party.owners[:place], party.owners[place + 1 :]
        for ids in ids_of_halves(owner):
            made = (*before, *halves(owner, ids), *after)
            yield msgspec.structs.replace(party, owners=made)
        for inner in splits(owner):
            yield msgspec.structs.replace(party, owners=(*before, inner, *after))


def judged(party: Counterparty, listed: set[str], test: OwnershipTest) -> OwnershipVerdict:
    """Whoever has the name of a listed party may be it."""
    holdings = Holdings(party, str)
    keys = [key for key, each in holdings.owners.items() if listed & set(each.names)]
    return judge(holdings, keys, test)


@settings(deadline=None)
@given(party=TREES, listed=st.sets(st.sampled_from(["x", "y", TARGET]), min_size=1), test=TESTS)
def test_an_owner_in_two_entries_never_counts_for_less_than_in_one(
    party: Counterparty, listed: set[str], test: OwnershipTest
):
    before = judged(party, listed, test)
    for split in splits(party):
        after = judged(split, listed, test)
        assert FURTHEST_FIRST.index(after.verdict) <= FURTHEST_FIRST.index(before.verdict)
        assert after.sum >= before.sum
