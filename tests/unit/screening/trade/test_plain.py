"""What somebody types for an item is told by its form."""

import pytest

from abeyance_screening.engine.screening.trade.items import item_from
from abeyance_screening.engine.screening.trade.transaction import Item
from tests.shipped_register import load


@pytest.mark.parametrize(
    ("text", "item"),
    [
        pytest.param("dysprosium oxide", Item(description="dysprosium oxide"), id="words"),
        pytest.param(" Ga ", Item(description="Ga"), id="a symbol"),
        pytest.param("2846.90", Item(hs="2846.90"), id="HS"),
        pytest.param("12345", Item(hs="12345"), id="HS that will be refused"),
        pytest.param("HS 2846 90", Item(hs="2846 90"), id="HS that says so"),
        pytest.param("HS code: 2846", Item(hs="2846"), id="HS that says so at length"),
        pytest.param("HS2846.90", Item(hs="2846.90"), id="HS without a blank"),
        pytest.param("hs:2846", Item(hs="2846"), id="HS and a colon"),
        pytest.param("HTSUS no. 2846.90", Item(hs="2846.90"), id="the American tariff"),
        pytest.param("CN code 2846 90", Item(hs="2846 90"), id="the European tariff"),
        pytest.param("HS pump", Item(description="HS pump"), id="HS before a word"),
        pytest.param("2846:90", Item(hs="2846:90"), id="no letter, to be refused"),
        pytest.param("28O4.61", Item(hs="28O4.61"), id="O for nought, to be refused"),
        pytest.param("7440-55-3", Item(description="7440-55-3"), id="a CAS number"),
        pytest.param(
            "7440-55-4", Item(hs="7440-55-4"), id="none by its last digit, to be refused"
        ),
        pytest.param("silicon 2804.61", Item(hs="silicon 2804.61"), id="HS amid words"),
        pytest.param(
            "silicon, HS 280461",
            Item(hs="silicon, HS 280461"),
            id="HS that says so amid words",
        ),
        pytest.param("chip 7 nm", Item(description="chip 7 nm"), id="a size"),
        pytest.param("6061-T6", Item(description="6061-T6"), id="an alloy"),
        pytest.param("A100", Item(description="A100"), id="a model"),
        pytest.param("1N4148", Item(description="1N4148"), id="a diode"),
        pytest.param("ECCN3A090", Item(control_code="3A090"), id="ECCN without a blank"),
        pytest.param("ECCN: 3A090 a", Item(control_code="3A090 a"), id="ECCN and a colon"),
        pytest.param("3a090", Item(control_code="3a090"), id="a small letter"),
        pytest.param("3AO90", Item(control_code="3AO90"), id="O for nought in an entry"),
        pytest.param("3A0901", Item(control_code="3A0901"), id="four digits to be refused"),
        pytest.param("3A090..a", Item(control_code="3A090..a"), id="an empty level"),
        pytest.param("GPU (3A090)", Item(control_code="GPU (3A090)"), id="an entry amid words"),
        pytest.param("3D printer", Item(description="3D printer"), id="no entry before a word"),
        pytest.param("3A090.a", Item(control_code="3A090.a"), id="control code"),
        pytest.param("ECCN 3A09", Item(control_code="3A09"), id="ECCN to be refused"),
        pytest.param("2846 kg", Item(description="2846 kg"), id="digits and a word"),
        pytest.param("EAR99", Item(control_code="EAR99"), id="no entry of a list"),
        pytest.param("ear 99", Item(control_code="ear 99"), id="no entry, spelled apart"),
        pytest.param("ECCN: EAR99", Item(control_code="EAR99"), id="no entry, called ECCN"),
        pytest.param("bolts (EAR99)", Item(control_code="bolts (EAR99)"), id="amid words"),
        pytest.param("gear 99", Item(description="gear 99"), id="another word"),
    ],
)
def test_an_item_is_told_by_its_form(text: str, item: Item):
    assert item_from(text) == item


def test_every_word_that_the_register_names_is_taken_for_words():
    named = {
        word
        for measure in load().measures
        for reach in measure.reaches
        for items in reach.items
        for word in (*items.words, *items.symbols)
    }
    assert {word for word in named if item_from(word).description != word} == set()
