"""What somebody types for an item is told by its form."""

import pytest

from service.goods.plain import item_from
from service.model.transaction import AskedItem


@pytest.mark.parametrize(
    ("text", "item"),
    [
        pytest.param("dysprosium oxide", AskedItem(description="dysprosium oxide"), id="words"),
        pytest.param(" Ga ", AskedItem(description="Ga"), id="a symbol"),
        pytest.param("2846.90", AskedItem(hs="2846.90"), id="HS"),
        pytest.param("12345", AskedItem(hs="12345"), id="HS that will be refused"),
        pytest.param("HS 2846 90", AskedItem(hs="2846 90"), id="HS that says so"),
        pytest.param("HS code: 2846", AskedItem(hs="2846"), id="HS that says so at length"),
        pytest.param("HS pump", AskedItem(description="HS pump"), id="HS before a word"),
        pytest.param("3A090.a", AskedItem(control_code="3A090.a"), id="control code"),
        pytest.param("ECCN 3A09", AskedItem(control_code="3A09"), id="ECCN to be refused"),
        pytest.param("2846 kg", AskedItem(description="2846 kg"), id="digits and a word"),
        pytest.param("EAR99", AskedItem(description="EAR99"), id="no entry of a list"),
    ],
)
def test_an_item_is_told_by_its_form(text: str, item: AskedItem):
    assert item_from(text) == item
