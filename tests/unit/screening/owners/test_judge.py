"""The puzzles of ownership, each with the sum and the chains behind its verdict."""

from decimal import Decimal

import pytest

from abeyance_screening.engine.measures.measure import OwnershipTest
from abeyance_screening.engine.screening.owners import judge
from abeyance_screening.engine.screening.question import Holdings
from tests.unit.screening.owners.reference import OFAC, TARGET, Edge, edge, judged, key, question

EU_BEFORE_2024 = OwnershipTest(share=Decimal(50), bound="more_than", aggregate=True, control=True)
ALONE = OwnershipTest(share=Decimal(50), bound="at_least", aggregate=False, control=False)
UK = OwnershipTest(share=Decimal(50), bound="more_than", aggregate=False, control=True)


@pytest.mark.parametrize(
    ("edges", "listed", "verdict", "total"),
    [
        pytest.param([edge("x", TARGET, 50)], "x", "met", "50", id="exactly the half"),
        pytest.param([edge("x", TARGET, "49.99")], "x", "not_met", "49.99", id="just under it"),
        pytest.param(
            [edge("x", TARGET, 25), edge("y", TARGET, 25)], "x y", "met", "50", id="25 and 25"
        ),
        pytest.param(
            [edge("x", TARGET, 25), edge("y", TARGET, 25)],
            "x",
            "not_met",
            "25",
            id="25 and 25 of which one is listed",
        ),
        pytest.param(
            [edge("x", TARGET, "25"), edge("y", TARGET, "24.99")],
            "x y",
            "not_met",
            "49.99",
            id="25 and 24.99",
        ),
        pytest.param(
            [edge("x", TARGET, "33.333333333333"), edge("y", TARGET, "16.666666666667")],
            "x y",
            "met",
            "50.000000000000",
            id="twelve decimals, exactly",
        ),
        pytest.param(
            [edge("x", "a", 50), edge("a", TARGET, 50)], "x", "met", "50", id="half of a half"
        ),
        pytest.param(
            [edge("x", "a", "49.99"), edge("a", TARGET, 100)],
            "x",
            "not_met",
            "0",
            id="nothing of what one holds that is not reached",
        ),
        pytest.param(
            [edge("x", "a", 50), edge("x", TARGET, 10), edge("a", TARGET, 40)],
            "x",
            "met",
            "50",
            id="directly and through another",
        ),
        pytest.param(
            [
                edge("x", "a", 25),
                edge("x", "b", 25),
                edge("a", TARGET, 50),
                edge("b", TARGET, 50),
            ],
            "x",
            "not_met",
            "0",
            id="a quarter of each half",
        ),
        pytest.param(
            [edge("x", "a", 25), edge("y", "a", 25), edge("a", "b", 50), edge("b", TARGET, 50)],
            "x y",
            "met",
            "50",
            id="25 and 25 at the start of a chain",
        ),
        pytest.param(
            [edge("a", "b", 100), edge("b", "a", 100), edge("a", TARGET, 60), edge("x", "a", 10)],
            "x",
            "not_met",
            "0",
            id="a loop proves nothing",
        ),
        pytest.param(
            [edge("a", "b", 60), edge("b", "a", 40), edge("x", "a", 50), edge("b", TARGET, 50)],
            "x",
            "met",
            "50",
            id="a loop that is reached from outside",
        ),
        pytest.param(
            [edge("x", TARGET, 40), edge("a", TARGET, 10), edge(TARGET, "a", 100)],
            "x",
            "not_met",
            "40",
            id="what the counterparty itself owns",
        ),
        pytest.param(
            [edge("x", TARGET, 50), edge(TARGET, "a", 100), edge("a", TARGET, 20)],
            "x",
            "met",
            "50",
            id="what comes back to the counterparty does not add up",
        ),
        pytest.param([edge("x", TARGET, None)], "x", "open", "0", id="a share nobody states"),
        pytest.param(
            [edge("x", TARGET, None), edge("y", TARGET, 100)],
            "x",
            "open",
            "0",
            id="a share nobody states beside a stated whole",
        ),
        pytest.param(
            [edge("x", "a", None), edge("a", TARGET, 60)], "x", "open", "0", id="open at the start"
        ),
        pytest.param(
            [edge("x", "a", 60), edge("a", TARGET, None)], "x", "open", "0", id="open at the end"
        ),
        pytest.param(
            [edge("x", "a", None), edge("a", TARGET, "49.99")],
            "x",
            "not_met",
            "0",
            id="open at the start of too little",
        ),
        pytest.param(
            [edge("x", TARGET, 50), edge("y", TARGET, None)],
            "x y",
            "met",
            "50",
            id="enough without the share nobody states",
        ),
        pytest.param(
            [edge("x", TARGET, 20), edge("y", TARGET, None)],
            "x",
            "not_met",
            "20",
            id="an owner that is not listed",
        ),
        pytest.param([edge("x", TARGET, 0)], "x", "not_met", "0", id="nothing is held"),
    ],
)
def test_listed_owners_add_up_along_and_across_chains(
    edges: list[Edge], listed: str, verdict: str, total: str
):
    found = judged(edges, listed)
    assert (found.verdict, found.sum) == (verdict, Decimal(total))


@pytest.mark.parametrize(
    ("share", "test", "verdict"),
    [
        pytest.param("50", OFAC, "met", id="at least, at it"),
        pytest.param("50", EU_BEFORE_2024, "not_met", id="more than, at it"),
        pytest.param("50.01", EU_BEFORE_2024, "met", id="more than, above it"),
        pytest.param("49.99", OFAC, "not_met", id="at least, below it"),
    ],
)
def test_the_bound_decides_at_exactly_the_share(share: str, test: OwnershipTest, verdict: str):
    assert judged([edge("x", TARGET, share)], "x", test).verdict == verdict


@pytest.mark.parametrize(
    ("edges", "verdict", "total"),
    [
        pytest.param([edge("x", TARGET, 30), edge("y", TARGET, 30)], "not_met", "30", id="two"),
        pytest.param([edge("x", TARGET, 51), edge("y", TARGET, 30)], "met", "51", id="one alone"),
        pytest.param(
            [edge("x", "a", 60), edge("x", TARGET, 30), edge("a", TARGET, 25)],
            "met",
            "55",
            id="one directly and through another",
        ),
        pytest.param(
            [edge("x", "a", 30), edge("y", "a", 30), edge("a", TARGET, 60)],
            "not_met",
            "0",
            id="two behind another",
        ),
    ],
)
def test_a_rule_that_adds_nothing_up_looks_at_each_listed_owner_alone(
    edges: list[Edge], verdict: str, total: str
):
    found = judged(edges, "x y", UK)
    assert (found.verdict, found.by_control, found.sum) == (verdict, "not_met", Decimal(total))


@pytest.mark.parametrize(
    ("edges", "by_share", "by_control", "verdict"),
    [
        pytest.param([edge("x", TARGET, 10, control=True)], "not_met", "met", "met", id="stated"),
        pytest.param(
            [edge("x", TARGET, 10, control=None)], "not_met", "open", "open", id="not stated"
        ),
        pytest.param(
            [edge("x", TARGET, 10, control=False)], "not_met", "not_met", "not_met", id="denied"
        ),
        pytest.param(
            [edge("x", TARGET, 60, control=None)], "met", "open", "met", id="beside the share"
        ),
        pytest.param(
            [edge("x", "a", 10, control=True), edge("a", TARGET, 60)],
            "not_met",
            "met",
            "met",
            id="of one that has the share",
        ),
        pytest.param(
            [edge("x", "a", 60), edge("a", TARGET, 10, control=True)],
            "not_met",
            "met",
            "met",
            id="by one that is reached",
        ),
        pytest.param(
            [edge("x", "a", 10, control=True), edge("a", TARGET, 50)],
            "not_met",
            "not_met",
            "not_met",
            id="of one that has too little",
        ),
        pytest.param(
            [edge("x", "a", 10, control=True), edge("a", TARGET, 0), edge("x", TARGET, 60)],
            "met",
            "not_met",
            "met",
            id="of one that has nothing",
        ),
        pytest.param(
            [edge("x", "a", 10, control=None), edge("a", TARGET, 60)],
            "not_met",
            "open",
            "open",
            id="of one that has the share, not stated",
        ),
        pytest.param(
            [edge("y", "x", 1, control=None), edge("x", TARGET, 60)],
            "met",
            "not_met",
            "met",
            id="of one that is listed itself",
        ),
        pytest.param(
            [edge("a", TARGET, 60, control=True)],
            "not_met",
            "not_met",
            "not_met",
            id="by one unlisted",
        ),
    ],
)
def test_control_stands_apart_from_the_share(
    edges: list[Edge], by_share: str, by_control: str, verdict: str
):
    found = judged(edges, "x y", EU_BEFORE_2024)
    assert (found.by_share, found.by_control, found.verdict) == (by_share, by_control, verdict)


@pytest.mark.parametrize("test", [OFAC, UK], ids=["together", "alone"])
def test_nobody_who_counts_reaches_nothing(test: OwnershipTest):
    found = judged([edge("x", TARGET, 100)], "", test)
    assert (found.verdict, found.sum, found.sum_at_most) == ("not_met", 0, 0)
    assert found.chains == ()


@pytest.mark.parametrize(
    ("edges", "at_most"),
    [
        pytest.param([edge("x", TARGET, 20)], Decimal(20), id="all is stated"),
        pytest.param(
            [edge("x", "a", None), edge("a", TARGET, 60), edge("x", TARGET, 20)],
            Decimal(80),
            id="whether another counts is open",
        ),
        pytest.param([edge("x", TARGET, None)], None, id="the share itself is open"),
        pytest.param(
            [edge("x", TARGET, 20), edge("a", TARGET, None)], Decimal(20), id="that of another is"
        ),
    ],
)
def test_the_sum_has_an_upper_bound_where_the_counterpartys_own_shares_are_stated(
    edges: list[Edge], at_most: Decimal | None
):
    assert judged(edges, "x").sum_at_most == at_most


def test_the_counterparty_is_no_owner_of_itself():
    holdings = Holdings(question([edge(TARGET, TARGET, 60)]), str)
    assert judge(holdings, [key(TARGET)], OFAC).verdict == "not_met"


@pytest.mark.parametrize(
    ("edges", "verdict", "at_most"),
    [
        pytest.param([edge("x", TARGET, 49)], "open", "100", id="49 listed, 51 of unknown owners"),
        pytest.param([edge("x", TARGET, 1)], "open", "100", id="1 listed, 99 of unknown owners"),
        pytest.param(
            [edge("x", TARGET, 49), edge("y", TARGET, 51)],
            "not_met",
            "49",
            id="49 listed, 51 of an owner that is not",
        ),
        pytest.param(
            [edge("x", TARGET, 40), edge("y", TARGET, 50)],
            "open",
            "50",
            id="the unknown rest is just enough",
        ),
        pytest.param(
            [edge("x", TARGET, 40), edge("y", TARGET, "50.01")],
            "not_met",
            "49.99",
            id="the unknown rest is just too little",
        ),
        pytest.param(
            [edge("x", "a", 10), edge("a", TARGET, 60), edge("y", TARGET, 40)],
            "open",
            "60",
            id="an unknown rest on the way",
        ),
        pytest.param([edge("y", TARGET, 10)], "not_met", "0", id="no listed owner at all"),
        pytest.param([edge("x", TARGET, 0)], "not_met", "0", id="a listed owner of nothing"),
    ],
)
@pytest.mark.parametrize("test", [OFAC, ALONE], ids=["together", "alone"])
def test_what_no_stated_share_accounts_for_may_be_a_listed_owners(
    edges: list[Edge], verdict: str, at_most: str, test: OwnershipTest
):
    found = judged(edges, "x", test, whole=False)
    assert (found.verdict, found.sum_at_most) == (verdict, Decimal(at_most))
