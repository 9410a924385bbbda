"""Owners are screened like counterparties, and what that means stands apart from direct hits."""

import asyncio
from datetime import date

import pytest

from abeyance_screening.engine.screening.answer import OwnershipResult
from abeyance_screening.engine.screening.owners import name_key, result_with_owners
from abeyance_screening.engine.screening.question import (
    MAX_HITS_IN_ALL,
    MAX_OWNERS,
    Counterparty,
    Owner,
)
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.screening.owners.listed_owners import LIST, asked, owner, ownership, screened


def verdicts(found: OwnershipResult) -> list[tuple[str, str]]:
    return [(each.rule.id, each.verdict) for each in found.findings]


def test_without_owners_nothing_is_said_of_ownership():
    result = screened()
    assert result.ownership is None
    assert result.outcome == "no_hits"


@pytest.mark.parametrize(
    ("name", "owners", "outcome"),
    [
        pytest.param("Zorbax Trading", (owner("Quilmor Shipping", 1),), "hits", id="both"),
        pytest.param("Zorbax Trading", (owner("Plain Baker", 1),), "hits", id="itself"),
        pytest.param("Plain Bakery", (owner("Quilmor Shipping", 1),), "owner_hits", id="an owner"),
        pytest.param(
            "Plain Bakery",
            (owner("Plain Baker", 10, owner("Quilmor Shipping", 0)),),
            "owner_hits",
            id="an owner's owner of nothing",
        ),
        pytest.param("Plain Bakery", (owner("Plain Baker", 100),), "no_hits", id="nobody"),
    ],
)
def test_a_listed_owner_is_an_outcome_of_its_own_behind_a_direct_hit(
    name: str, owners: tuple[Owner, ...], outcome: str
):
    result = screened(*owners, name=name)
    assert result.outcome == outcome
    assert bool(result.hits) is (outcome == "hits")
    assert result.total == len(result.hits)


def test_each_owner_stands_once_with_its_hits_and_every_place():
    found = ownership(
        owner("Plain Baker", 60, owner("Zorbax Trading", 30)),
        owner("ZORBAX trading", 10, control=True),
    )
    assert [each.name for each in found.owners] == ["Plain Baker", "ZORBAX trading"]
    baker, zorbax = found.owners
    assert (baker.outcome, baker.total, baker.hits) == ("no_hits", 0, ())
    assert [hit.listing.id for hit in zorbax.hits] == [f"{LIST}-zorbax"]
    assert [(each.at, each.owned.name, each.share, each.control) for each in zorbax.holdings] == [
        ("owners[1]", "Plain Bakery", 10, True),
        ("owners[0].owners[0]", "Plain Baker", 30, None),
    ]


def test_a_finding_names_the_rule_the_sum_the_chain_and_the_listing_behind_it():
    found = ownership(owner("Zorbax Trading", 25), owner("Quilmor Shipping", 25))
    (finding,) = found.findings
    assert (finding.rule.id, finding.rule.status) == ("rule-of-sums", "in_force")
    assert (finding.verdict, finding.sum, finding.needed) == ("met", 50, 50)
    assert (finding.bound, finding.aggregate, finding.by_control) == ("at_least", True, None)
    assert [chain.owner.name for chain in finding.chains] == ["Quilmor Shipping", "Zorbax Trading"]
    listing = finding.listed[0].listings[0]
    assert (listing.id, listing.list_code, listing.score) == (f"{LIST}-zorbax", LIST, 1)
    assert [(each.id, each.status) for each in listing.measures] == [("programme-SUM", "in_force")]


def test_owners_of_two_rules_are_not_added_up():
    found = ownership(
        owner("Zorbax Trading", 25),
        owner("Ombrell Industries", 25, control=False),
        owner("Untold Bakery", 50),
    )
    assert verdicts(found) == [("rule-of-control", "not_met"), ("rule-of-sums", "not_met")]


def test_a_listing_whose_measures_have_ended_counts_for_nothing_and_says_so():
    found = ownership(owner("Vexlin Holding", 100))
    (finding,) = found.findings
    assert (finding.verdict, finding.sum, finding.chains) == ("not_met", 0, ())
    (listed,) = finding.listed
    assert not listed.counts
    assert [(each.counts, each.measures[0].status) for each in listed.listings] == [
        (False, "ended")
    ]
    assert found.owners[0].outcome == "hits"


def test_what_else_binds_a_listed_owner_is_nothing_to_a_rule_that_an_ended_measure_brought():
    found = ownership(owner("Wuxdal Bureau", 100))
    assert verdicts(found) == [("rule-of-the-list", "met"), ("rule-of-sums", "not_met")]


@pytest.mark.parametrize(
    ("as_of", "counts"),
    [
        pytest.param(date(2020, 5, 31), False, id="the day before it was listed"),
        pytest.param(date(2020, 6, 1), True, id="the day it was listed"),
    ],
)
def test_a_listing_counts_from_the_day_it_took_effect(as_of: date, counts: bool):
    (finding,) = ownership(owner("Zorbax Trading", 100), as_of=as_of).findings
    assert finding.listed[0].counts is counts
    assert finding.verdict == ("met" if counts else "not_met")


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        pytest.param(date(2025, 11, 9), "in_force", id="the day before the suspension"),
        pytest.param(date(2025, 12, 1), "suspended", id="suspended"),
        pytest.param(date(2026, 11, 10), "in_force_by_lapse", id="the day after"),
    ],
)
def test_the_verdict_leaves_the_status_of_the_rule_aside(as_of: date, status: str):
    (finding,) = ownership(owner("Yttrig Foundation", 50), as_of=as_of).findings
    assert (finding.rule.status, finding.verdict) == (status, "met")


def test_a_rule_that_no_measure_names_rests_on_all_that_bind_the_party():
    (finding,) = ownership(owner("Yttrig Foundation", 100)).findings
    assert (finding.rule.id, finding.verdict) == ("rule-of-the-list", "met")
    measures = finding.listed[0].listings[0].measures
    assert [(each.id, each.status) for each in measures] == [("programme-PLAIN", "in_force")]


def test_what_binds_on_the_day_stands_before_what_does_not():
    found = ownership(
        owner("Yttrig Foundation", 50),
        owner("Zorbax Trading", 10),
        owner("Untold Bakery", 40),
        as_of=date(2025, 12, 1),
    )
    assert verdicts(found) == [("rule-of-sums", "not_met"), ("rule-of-the-list", "met")]


def test_control_nobody_states_stays_open_and_is_asked_for():
    found = ownership(owner("Ombrell Industries", 10), owner("Plain Baker", 90))
    (finding,) = found.findings
    assert (finding.by_share, finding.by_control, finding.verdict) == ("not_met", "open", "open")
    asked = [each for each in found.not_known if "controls" in each]
    assert asked == [
        "Whether Ombrell Industries controls Plain Bakery by other means is not stated."
    ]


def test_an_owner_without_a_share_is_never_cleared():
    found = ownership(owner("Plain Baker", 100, owner("Zorbax Trading", None)))
    assert verdicts(found) == [("rule-of-sums", "open")]
    assert "What share of Plain Baker Zorbax Trading holds is not stated." in found.not_known


def test_a_hit_that_is_not_shown_counts_all_the_same():
    found = ownership(owner("Number3 Kryptonade", 100), limit=1)
    (kryptonade,) = found.owners
    assert len(kryptonade.hits) == 1 < kryptonade.total
    assert {each.rule.id for each in found.findings} == {"rule-of-sums", "rule-of-the-list"}


def test_hits_of_owners_count_where_they_are_not_shown_and_where_they_were_found_before():
    owners = tuple(owner("Number3 Kryptonade", 0, id=str(n)) for n in range(MAX_OWNERS))
    (first, *_) = ownership(*owners, limit=1).owners
    assert len(first.hits) == 1
    fit = MAX_HITS_IN_ALL // (first.total * MAX_OWNERS)
    screener, party = asked(*owners, limit=1)
    asyncio.run(_results(screener, party, fit))
    with pytest.raises(BadInputError, match="20,000 hits in all, including those of owners"):
        asyncio.run(_results(screener, party, 1))


async def _results(screener: Screener, party: Counterparty, times: int) -> None:
    for _ in range(times):
        await result_with_owners(screener, party)


def test_an_owner_written_with_an_id_and_without_is_one_party_that_holds_both_shares():
    found = ownership(owner("Zorbax Trading", 30, id="7"), owner("ZORBAX trading", 30))
    assert [(each.id, len(each.holdings)) for each in found.owners] == [("7", 2)]
    assert [(each.verdict, each.sum) for each in found.findings] == [("met", 60)]


def test_owners_whose_common_name_cannot_tell_them_apart_are_added_up_and_said_to_be():
    found = ownership(
        owner("Zorbax Trading", 20, id="7"),
        owner("Zorbax Trading", 20, id="8"),
        owner("Zorbax Trading", 20),
    )
    assert [(each.verdict, each.sum) for each in found.findings] == [("met", 60)]
    assert any("with the id 7 or 8 is not known" in each for each in found.not_known)


def test_the_counterpartys_own_listing_is_no_listing_of_an_owner():
    result = screened(
        owner("Plain Baker", 100, owner("Zorbax Trading", 100)), name="Zorbax Trading"
    )
    assert result.outcome == "hits"
    assert result.ownership is not None
    assert verdicts(result.ownership) == [("rule-of-sums", "not_met")]


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        pytest.param("OOO Rosneft", "Rosneft OOO", True, id="form before and after"),
        pytest.param("Роснефть", "ROSNEFT", True, id="scripts"),
        pytest.param("Miller", "Miller GmbH", False, id="with and without a form"),
        pytest.param("Miller Ltd", "Miller GmbH", False, id="another form"),
        pytest.param("Miller Trading", "Trading Miller", False, id="another order"),
    ],
)
def test_a_name_stands_for_one_party_in_any_spelling_of_it(first: str, second: str, is_one: bool):
    assert (name_key(first) == name_key(second)) is is_one
