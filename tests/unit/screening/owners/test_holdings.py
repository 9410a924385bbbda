"""A tree of owners in which each party and each holding stands once."""

from decimal import Decimal

import pytest

from abeyance_screening.engine.screening.question import (
    COUNTERPARTY,
    Counterparty,
    Holdings,
    Owner,
    PartyIdentifier,
    Stake,
    places,
)


def owner(name: str, share: float | str | None, *owners: Owner, **more) -> Owner:
    stated = None if share is None else Decimal(str(share))
    return Owner(name=name, share=stated, owners=owners, **more)


def holdings(*owners: Owner, **more) -> Holdings:
    return Holdings(Counterparty(name="Target", owners=owners, **more), str.casefold)


def only(found: Holdings, owner_key: str) -> Stake:
    (stake,) = found.of(owner_key)
    return stake


def test_places_go_level_by_level_and_are_named_as_the_caller_wrote_them():
    tree = Counterparty(
        name="Target", owners=(owner("A", 1, owner("C", 1, owner("D", 1))), owner("B", 1))
    )
    assert [(each.path, each.depth, each.owner.name) for each in places(tree)] == [
        ("owners[0]", 1, "A"),
        ("owners[1]", 1, "B"),
        ("owners[0].owners[0]", 2, "C"),
        ("owners[0].owners[0].owners[0]", 3, "D"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "parties"),
    [
        pytest.param(owner("A", 1), owner("a", 1), 1, id="the same name"),
        pytest.param(owner("A", 1), owner("B", 1), 2, id="another name"),
        pytest.param(owner("A", 1, id="1"), owner("B", 1, id="1"), 1, id="the same id"),
        pytest.param(owner("A", 1, id="1"), owner("A", 1, id="2"), 2, id="another id"),
        pytest.param(owner("A", 1, id="1"), owner("a", 1), 1, id="an id and none"),
        pytest.param(owner("A", 1), owner("a", 1, id="1"), 1, id="none and an id"),
        pytest.param(owner("A", 1, id="1"), owner("B", 1), 2, id="an id and another name"),
    ],
)
def test_an_owner_is_told_by_its_id_and_without_one_by_its_name(
    first: Owner, second: Owner, parties: int
):
    assert len(holdings(first, second).owners) == parties


def test_a_name_without_an_id_that_several_ids_have_makes_them_one_party():
    found = holdings(
        owner("A", 10, id="1"), owner("A", 20, id="2"), owner("B", 5, id="3"), owner("A", 30)
    )
    assert list(found.owners) == ["id 1", "id 3"]
    assert found.owners["id 1"].ids == ("1", "2")
    assert only(found, "id 1").share == 60


def test_names_that_share_an_id_make_a_party_of_all_that_may_be_it():
    found = holdings(
        *(owner(name, 1, id=own) for name, own in ("A1", "A2", "B2", "B3", "C4")),
        owner("A", 1),
        owner("B", 1),
    )
    assert list(found.owners) == ["id 1", "id 4"]


def test_stakes_of_several_ids_stated_in_different_places_are_no_repetition():
    found = holdings(
        owner("B", 50, owner("X", 30, id="1"), owner("X", 1)),
        owner("C", 20, owner("B", 20, owner("X", 30, id="2"))),
    )
    (stake,) = [each for each in found.stakes if each.owner == "id 1"]
    assert (stake.owned, stake.share, stake.conflicting) == ("named b", 61, False)


@pytest.mark.parametrize(
    ("inner", "own_id", "is_itself"),
    [
        pytest.param(owner("target", 10), None, True, id="the same name"),
        pytest.param(owner("target", 10), "1", True, id="the same name without the id"),
        pytest.param(owner("target", 10, id="1"), "1", True, id="the same name and id"),
        pytest.param(owner("target", 10, id="2"), "1", False, id="another id"),
        pytest.param(owner("Other", 10, id="1"), "1", False, id="the same id for another name"),
    ],
)
def test_an_owner_is_the_counterparty_itself_only_by_its_name(
    inner: Owner, own_id: str | None, is_itself: bool
):
    found = holdings(owner("A", 60, inner), id=own_id)
    assert (COUNTERPARTY in found.owners) is is_itself


def test_a_name_that_the_counterparty_shares_with_an_owner_of_another_id_is_the_owners():
    found = holdings(owner("Target", 30, id="2"), owner("target", 30), id="1")
    assert list(found.owners) == ["id 2"]
    assert only(found, "id 2").share == 60


@pytest.mark.parametrize(
    ("entries", "share", "complete"),
    [
        pytest.param((owner("A", 20), owner("A", 25)), 45, True, id="both stated"),
        pytest.param((owner("A", 20), owner("A", None)), 20, False, id="one not stated"),
        pytest.param((owner("A", None),), 0, False, id="none stated"),
    ],
)
def test_a_party_twice_in_one_list_holds_both_shares(
    entries: tuple[Owner, ...], share: int, complete: bool
):
    stake = only(holdings(*entries), "named a")
    assert (stake.share, stake.complete, stake.conflicting) == (share, complete, False)


@pytest.mark.parametrize(
    ("first", "second", "share", "complete", "conflicting"),
    [
        pytest.param(30, 30, 30, True, False, id="the same"),
        pytest.param(30, 40, 40, True, True, id="different"),
        pytest.param(None, 40, 40, True, False, id="stated in one place"),
        pytest.param(0, None, 0, True, False, id="nothing, stated in one place"),
    ],
)
def test_a_holding_repeated_in_several_places_counts_once(
    first: int | None, second: int | None, share: int, complete: bool, conflicting: bool
):
    found = holdings(
        owner("A", 50, owner("B", 50, owner("X", first))), owner("B", 20, owner("X", second))
    )
    stake = only(found, "named x")
    assert (stake.owned, stake.share, stake.complete) == ("named b", share, complete)
    assert stake.conflicting is conflicting


def test_a_part_stated_in_one_place_outweighs_a_smaller_whole_in_another():
    found = holdings(
        owner("A", 50, owner("X", 25), owner("X", None)),
        owner("B", 50, owner("A", 10, owner("X", 20))),
    )
    stake = only(found, "named x")
    assert (stake.share, stake.complete, stake.conflicting) == (25, False, True)


@pytest.mark.parametrize(
    ("first", "second", "control", "conflicting"),
    [
        pytest.param(None, None, None, False, id="nowhere stated"),
        pytest.param(None, False, False, False, id="denied in one place"),
        pytest.param(None, True, True, False, id="stated in one place"),
        pytest.param(False, True, True, True, id="denied and stated"),
    ],
)
def test_control_is_taken_from_wherever_it_is_stated(
    first: bool | None, second: bool | None, control: bool | None, conflicting: bool
):
    stake = only(
        holdings(owner("A", 20, control=first), owner("A", 20, control=second)), "named a"
    )
    assert (stake.control, stake.conflicting) == (control, conflicting)


def test_a_party_is_looked_for_under_everything_that_any_place_says():
    found = holdings(
        owner("A", 20, id="1", aliases=("A1",), countries=("CN",), entity_type="organisation"),
        owner("B", 20, id="1", countries=("CN", "HK"), addresses=("1 Main Street",)),
        owner("A", 20, id="1", identifiers=(PartyIdentifier(value="123"),)),
    )
    assert found.owners["id 1"].asked == Counterparty(
        id="1",
        name="A",
        aliases=("B", "A1"),
        entity_type="organisation",
        countries=("CN", "HK"),
        addresses=("1 Main Street",),
        identifiers=(PartyIdentifier(value="123"),),
    )
