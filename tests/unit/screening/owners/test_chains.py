"""The ways from listed owners to the counterparty, as a reader is shown them."""

from decimal import Decimal

from abeyance_screening.engine.screening.owners import MAX_CHAINS
from abeyance_screening.engine.screening.ownership_findings import OwnershipChain
from tests.unit.screening.owners.reference import TARGET, edge, judged


def way(chain: OwnershipChain) -> str:
    return " > ".join((chain.owner.name, *(step.owned.name for step in chain.steps)))


def test_chains_that_count_stand_before_those_that_do_not_and_short_ones_before_long_ones():
    edges = [
        edge("x", TARGET, 5),
        edge("x", "a", 50),
        edge("a", TARGET, 10),
        edge("x", "b", 10),
        edge("b", TARGET, 80),
        edge("x", "c", None),
        edge("c", TARGET, 5),
    ]
    found = judged(edges, "x")
    assert [(way(each), each.counts) for each in found.chains] == [
        ("x > target", "met"),
        ("x > a > target", "met"),
        ("x > c > target", "open"),
        ("x > b > target", "not_met"),
    ]
    assert [step.share for step in found.chains[1].steps] == [Decimal(50), Decimal(10)]
    assert [step.share for step in found.chains[2].steps] == [None, Decimal(5)]


def test_a_chain_takes_the_way_that_counts_though_a_shorter_one_does_not():
    edges = [
        edge("x", "c", 10),
        edge("c", TARGET, 10),
        edge("x", "b", 10),
        edge("b", "c", 10),
        edge("x", "a", 50),
        edge("a", "d", 50),
        edge("d", "c", 50),
    ]
    (chain,) = judged(edges[1:], "x").chains
    assert (way(chain), chain.counts) == ("x > a > d > c > target", "met")
    (chain,) = judged(edges[:4], "x").chains
    assert (way(chain), chain.counts) == ("x > c > target", "not_met")


def test_no_chain_goes_through_a_holding_of_nothing():
    edges = [edge("x", "a", 0), edge("a", TARGET, 60), edge("x", TARGET, 50)]
    assert list(map(way, judged(edges, "x").chains)) == ["x > target"]


def test_a_chain_ends_at_the_next_listed_owner():
    found = judged([edge("x", "y", 10), edge("y", TARGET, 60)], "x y")
    assert list(map(way, found.chains)) == ["y > target"]


def test_no_more_chains_are_shown_than_a_reader_can_take():
    edges = [edge(f"x{n}", "a", 1) for n in range(60)]
    edges += [edge("a", f"b{n}", 50) for n in range(2)]
    edges += [edge(f"b{n}", TARGET, 10) for n in range(2)]
    found = judged(edges, " ".join(f"x{n}" for n in range(60)))
    assert (len(found.chains), found.chain_total) == (MAX_CHAINS, 120)
