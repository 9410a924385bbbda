"""Evidence beside the name: it orders hits and never removes one."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.lists.listing import Address, Identifier, Listing, Name
from service.screening.answer import Corroboration, DifferentIdentifier
from service.screening.question import AskedIdentifier, Counterparty
from service.screening.screen import ANOTHERS_NUMBER, WEIGHTS, corroborate, rank

LISTING = Listing(
    id="us_bis_el-1",
    list_code="us_bis_el",
    names=(Name(text="Huawei Technologies Co., Ltd.", kind="primary"),),
    entity_type="organisation",
    countries=("CN", "HK"),
    addresses=(Address(text="Bantian Huawei Base, Longgang District, Shenzhen, 518129, China"),),
    identifiers=(Identifier(kind="USCC", value="914403001922038216"),),
)


@pytest.mark.parametrize(
    ("counterparty", "axis", "agreement"),
    [
        pytest.param({}, "countries", "unknown", id="no country given"),
        pytest.param({"countries": ("HK", "FR")}, "countries", "agrees", id="one country shared"),
        pytest.param({"countries": ("FR",)}, "countries", "differs", id="no country shared"),
        pytest.param({"entity_type": "organisation"}, "entity_type", "agrees", id="same type"),
        pytest.param({"entity_type": "person"}, "entity_type", "differs", id="another type"),
        pytest.param(
            {"addresses": ("Bantian, Longgang District, Shenzhen",)},
            "addresses",
            "agrees",
            id="part of the address",
        ),
        pytest.param(
            {"addresses": ("1 Main Street, Springfield",)},
            "addresses",
            "differs",
            id="another address",
        ),
    ],
)
def test_each_kind_of_evidence_agrees_differs_or_says_nothing(counterparty, axis, agreement):
    found = corroborate(Counterparty(name="Huawei", **counterparty), LISTING)
    assert getattr(found, axis) == agreement


def test_a_listing_that_says_nothing_neither_agrees_nor_differs():
    bare = Listing(id="x-1", list_code="x", names=LISTING.names)
    counterparty = Counterparty(
        name="Huawei", countries=("CN",), entity_type="person", addresses=("Shenzhen, China",)
    )
    assert corroborate(counterparty, bare) == Corroboration(
        entity_type="unknown", countries="unknown", addresses="unknown", identifiers=()
    )


def test_an_identifier_meets_however_it_is_punctuated():
    asked = AskedIdentifier(value="9144 0300-1922 038216")
    found = corroborate(Counterparty(name="Huawei", identifiers=(asked,)), LISTING)
    assert found.identifiers == ("USCC: 914403001922038216",)


def asking(*identifiers: tuple[str | None, str], **more) -> Counterparty:
    asked = tuple(AskedIdentifier(kind=kind, value=value) for kind, value in identifiers)
    return Counterparty(name="Huawei", identifiers=asked, **more)


def test_a_number_in_the_name_meets_like_one_beside_it():
    found = corroborate(Counterparty(name="Huawei, USCC 914403001922038216"), LISTING)
    assert found.identifiers == ("USCC: 914403001922038216",)


def test_another_number_of_a_kind_that_a_party_has_once_differs():
    found = corroborate(asking(("USCC", "9133 0000 734507783B")), LISTING)
    assert found.identifiers == ()
    assert found.identifiers_differ == (
        DifferentIdentifier(
            kind="USCC", asked=("9133 0000 734507783B",), listed=("914403001922038216",)
        ),
    )


@pytest.mark.parametrize(
    "identifiers",
    [
        pytest.param(
            [("USCC", "91330000734507783B"), ("USCC", "914403001922038216")], id="one of"
        ),
        pytest.param([("LEI", "HWUPKR0MPOU8FGXBT394")], id="a kind that the listing has not"),
        pytest.param([("Passport", "914403001922038")], id="a kind that a party has many of"),
        pytest.param([("USCC", "91330000734507783A")], id="one that is wrong in itself"),
        pytest.param([(None, "123456")], id="no kind"),
    ],
)
def test_numbers_differ_only_where_both_sides_have_right_ones_and_share_none(identifiers):
    assert corroborate(asking(*identifiers), LISTING).identifiers_differ == ()


AGREEMENT = st.sampled_from(["agrees", "differs", "unknown"])
CORROBORATIONS = st.builds(
    Corroboration,
    entity_type=AGREEMENT,
    countries=AGREEMENT,
    addresses=AGREEMENT,
    identifiers=st.just(()),
    identifiers_differ=st.sampled_from(
        [(), (DifferentIdentifier(kind="IMO", asked=("9187629",), listed=("9187643",)),)]
    ),
)


@given(CORROBORATIONS, CORROBORATIONS, st.floats(0, 1))
def test_evidence_decides_only_among_neighbours(one, other, score):
    furthest = 2 * sum(WEIGHTS.values()) + ANOTHERS_NUMBER
    assert rank(score, one) < rank(score + furthest + 0.01, other)


@given(CORROBORATIONS, st.floats(0, 1), st.floats(0, 1))
def test_an_identifier_that_met_stands_before_any_score(corroboration, score, other):
    met = Corroboration(
        entity_type=corroboration.entity_type,
        countries=corroboration.countries,
        addresses=corroboration.addresses,
        identifiers=("USCC: 1",),
    )
    assert rank(score, met) > rank(other, corroboration)


@given(CORROBORATIONS, CORROBORATIONS, st.floats(0, 1))
def test_anothers_number_stands_behind_any_neighbour_that_is_not_contradicted(one, other, score):
    differs = msgspec.structs.replace(
        one,
        identifiers_differ=(
            DifferentIdentifier(kind="IMO", asked=("9187629",), listed=("9187643",)),
        ),
    )
    silent = msgspec.structs.replace(
        other, entity_type="unknown", countries="unknown", addresses="unknown"
    )
    silent = msgspec.structs.replace(silent, identifiers_differ=())
    assert rank(score, differs) < rank(score, silent)
