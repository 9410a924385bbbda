"""Any owners: the service and the reference agree, and more never means less."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.measures.measure import OwnershipTest
from abeyance_screening.engine.screening.owners import FURTHEST_FIRST, OwnershipVerdict, judge
from abeyance_screening.engine.screening.question import Holdings
from tests.unit.screening.owners.reference import TARGET, Edge, key, question, sums, verdict

PARTIES = ("a", "b", "c", "d")
SHARES = st.sampled_from([None, *map(Decimal, ("0", "10", "25", "49.99", "50", "50.01", "60"))])
TESTS = st.builds(
    OwnershipTest,
    share=st.sampled_from([Decimal(50), Decimal(25)]),
    bound=st.sampled_from(["at_least", "more_than"]),
    aggregate=st.booleans(),
    control=st.booleans(),
)
LISTED = st.sets(st.sampled_from(PARTIES), max_size=3)


@st.composite
def edges(draw: st.DrawFn) -> list[Edge]:
    """Up to eight holdings among the target and four others, loops with them; each pair once."""
    pairs = st.tuples(*[st.sampled_from((TARGET, *PARTIES))] * 2)
    chosen = draw(st.lists(pairs, min_size=1, max_size=8, unique=True))
    made = [
        Edge(owner, owned, draw(SHARES), draw(st.sampled_from([False, False, None, True])))
        for owner, owned in chosen
    ]
    unknown = [each for each in made if each.share is None or each.control is None]
    return [each for each in made if each not in unknown[3:]]


def judged(
    graph: Sequence[Edge], listed: set[str], test: OwnershipTest, *, everywhere: bool = False
) -> OwnershipVerdict:
    holdings = Holdings(question(graph, everywhere=everywhere), str)
    return judge(holdings, [key(each) for each in listed], test)


@settings(max_examples=150, deadline=None)
@given(graph=edges(), listed=LISTED, test=TESTS, everywhere=st.booleans())
def test_the_verdict_and_the_sum_are_those_of_trying_everything(graph, listed, test, everywhere):
    found = judged(graph, listed, test, everywhere=everywhere)
    assert found.verdict == verdict(graph, listed, test)
    assert found.sum == sums(graph, listed, test)
    by_share = [msgspec.structs.replace(each, control=False) for each in graph]
    assert found.by_share == verdict(by_share, listed, test)


@settings(deadline=None)
@given(graph=edges(), listed=LISTED, test=TESTS)
def test_control_is_a_verdict_of_its_own_only_where_the_rule_knows_it(graph, listed, test):
    found = judged(graph, listed, test)
    if not test.control:
        assert found.by_control is None
        return
    assert found.by_control is not None
    ranks = map(FURTHEST_FIRST.index, (found.by_share, found.by_control))
    assert FURTHEST_FIRST.index(found.verdict) == min(ranks)
    if all(each.control is False for each in graph):
        assert found.by_control == "not_met"


@settings(deadline=None)
@given(graph=edges(), listed=LISTED, more=st.sampled_from(PARTIES), test=TESTS)
def test_one_more_listed_owner_never_makes_it_less(graph, listed, more, test):
    before, after = judged(graph, listed, test), judged(graph, listed | {more}, test)
    assert FURTHEST_FIRST.index(after.verdict) <= FURTHEST_FIRST.index(before.verdict)
    assert after.sum >= before.sum


@settings(deadline=None)
@given(graph=edges(), listed=LISTED, test=TESTS, data=st.data())
def test_a_larger_share_never_makes_it_less(graph, listed, test, data):
    place = data.draw(st.integers(0, len(graph) - 1))
    old = graph[place]
    share = (old.share or Decimal(0)) + Decimal(15)
    raised = [*graph[:place], msgspec.structs.replace(old, share=share), *graph[place + 1 :]]
    before, after = judged(graph, listed, test), judged(raised, listed, test)
    assert after.sum >= before.sum
    if before.verdict == "met":
        assert after.verdict == "met"


@settings(deadline=None)
@given(graph=edges(), listed=LISTED, test=TESTS)
def test_a_listed_owner_whose_share_is_not_stated_is_never_cleared(graph, listed, test):
    unknown = any(
        each.owned == TARGET and each.owner in listed and each.share is None for each in graph
    )
    if unknown:
        assert judged(graph, listed, test).verdict != "not_met"


@settings(deadline=None)
@given(graph=edges(), listed=LISTED, test=TESTS, data=st.data())
def test_the_order_of_owners_never_matters(graph, listed, test, data):
    other = data.draw(st.permutations(graph))
    assert judged(graph, listed, test) == judged(other, listed, test)


@settings(deadline=None)
@given(graph=edges(), listed=LISTED, test=TESTS)
def test_a_chain_leads_from_a_listed_owner_to_the_counterparty(graph, listed, test):
    found = judged(graph, listed, test)
    assert found.chain_total == len(found.chains)
    for chain in found.chains:
        assert chain.owner.id in listed
        assert chain.steps[0].owner == chain.owner
        assert chain.steps[-1].owned.name == TARGET
        for earlier, later in zip(chain.steps, chain.steps[1:], strict=False):
            assert earlier.owned == later.owner
    if found.verdict != "not_met":
        assert (
            min(
                (each.counts for each in found.chains), key=FURTHEST_FIRST.index, default="not_met"
            )
            != "not_met"
        )
    if found.verdict == "met":
        assert "met" in {each.counts for each in found.chains}
