"""Evidence beside the name: it orders hits and never removes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.flow.corroborate import WEIGHTS, corroborate, rank
from service.flow.entries import identifier_key
from service.model.answer import Corroboration
from service.model.listing import Address, Identifier, Listing, Name
from service.model.question import AskedIdentifier, Counterparty

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


@pytest.mark.parametrize("value", ["1234", "N/A", "not known", "", "----"])
def test_what_is_too_short_or_has_no_digit_is_no_identifier(value: str):
    assert identifier_key(value) is None


AGREEMENT = st.sampled_from(["agrees", "differs", "unknown"])
CORROBORATIONS = st.builds(
    Corroboration,
    entity_type=AGREEMENT,
    countries=AGREEMENT,
    addresses=AGREEMENT,
    identifiers=st.just(()),
)


@given(CORROBORATIONS, CORROBORATIONS, st.floats(0, 1))
def test_evidence_decides_only_among_neighbours(one, other, score):
    furthest = 2 * sum(WEIGHTS.values())
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
