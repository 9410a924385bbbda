"""What a listing means for what the listed party owns, as the authorities put it."""

import pytest

from tests.shipped_register import load

REGISTER = load()


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        pytest.param("us-bis-affiliates-rule", "Red Flag 29", id="a share not known"),
        pytest.param("us-bis-affiliates-rule", "734.9(e)", id="goods made abroad"),
        pytest.param("us-bis-affiliates-rule", "listed only by its address", id="addresses"),
        pytest.param("us-ofac-ns-cmic", "FAQ 857", id="no rule of half for securities"),
        pytest.param("us-dod-1260h", "30 June 2026", id="contracts"),
        pytest.param("us-dod-1260h", "30 June 2027", id="goods and services"),
    ],
)
def test_the_rule_on_ownership_is_told_with_its_source(measure: str, said: str):
    ownership = REGISTER.get(measure).ownership
    assert ownership is not None
    assert said in f"{ownership.rule}"


def test_a_listing_for_securities_carries_nothing_to_what_is_owned():
    ownership = REGISTER.get("us-ofac-ns-cmic").ownership
    assert ownership is not None
    assert (ownership.applies, ownership.by) == ("no", ())


def test_the_announced_extension_does_not_reach_the_ban_of_gallium():
    assert "does not reach this suspension" in f"{REGISTER.get('cn-2024-46-2').note}"


def test_the_licence_beside_the_affiliates_rule_names_both_branches():
    events = {each.id: each for each in REGISTER.get("us-bis-affiliates-rule").events}
    licence = events["authorise-2025-09-29-general-order-7"]
    assert licence.slice is not None
    assert "A:5 and A:6" in f"{licence.slice.part}"
    assert "joint ventures" in f"{licence.slice.part}"
