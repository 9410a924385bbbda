"""A listed brand beside a word of another trade is another firm, beside its own it is not."""

import pytest

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match.brand import BRAND_ALONE
from abeyance_screening.engine.names.match_types import Explanation, IndexedName
from abeyance_screening.engine.screening.name_variants import question_forms
from tests.unit.names.match.reference_scorer import score


def compared(
    asked: str, listed: str, entity_type: EntityType | None = "organisation"
) -> tuple[float, Explanation]:
    """Return the score of two names, as the reference has it too, and its explanation."""
    name = IndexedName(0, 0, "primary", normalise(listed), entity_type)
    index, form = NameIndex.build([name]), normalise(asked)
    scored, explanation = index.score(form, 0), index.explain(form, 0)
    assert scored == pytest.approx(score(form, name), abs=1e-9, rel=0)
    assert explanation.log_odds == pytest.approx(sum(part.log_odds for part in explanation.parts))
    assert [match.score for match in index.matches(form, lists=None, threshold=0.01)] == [scored]
    return scored, explanation


@pytest.mark.parametrize(
    ("asked", "listed", "worth"),
    [
        pytest.param("Petropars Bakery", "PETROPARS LTD.", -1.5, id="an everyday trade"),
        pytest.param("Symmetron Clinics LLC", "SYMMETRON", -1.5, id="in the plural"),
        pytest.param("Polet Zorblaxia LLC", "POLET", -1.0, id="a word of no list"),
        pytest.param("Podiatry Metafrax", "JSC 'METAFRAX'", -1.5, id="before the brand"),
        pytest.param("Sernia B\u00e4ckerei LLC", "Sernia", -1.5, id="another language"),
        pytest.param("Parthia Dairy", "PARTHIA CARGO LLC", -1.5, id="a brand and its trade"),
        pytest.param(
            "Parthia Dairy",
            "PARTHIA CARGO LOGISTICS TRADING LLC",
            -1.5,
            id="a brand and three trades, which are no words of its own",
        ),
        pytest.param("Medialand Garage", "MEDIA LAND, LLC", -1.5, id="a brand of two words"),
        pytest.param("Novikombank Bookshop", "Новикомбанк", -1.5, id="a brand in Cyrillic"),
    ],
)
def test_a_brand_beside_a_word_of_another_trade_is_no_hit(asked, listed, worth) -> None:
    scored, explanation = compared(asked, listed)
    assert scored < DEFAULT_THRESHOLD
    assert [each.log_odds for each in explanation.parts if each.name == BRAND_ALONE] == [worth]


@pytest.mark.parametrize(
    ("asked", "listed", "entity_type"),
    [
        pytest.param("Hikvision Ezviz Ltd", "HIKVISION", None, id="a word that no firm has"),
        pytest.param("Hikvision Ezviz", "HIKVISION", None, id="two words that no firm has"),
        pytest.param("Chipgoo Electronics", "Chipgoo", "organisation", id="a trade"),
        pytest.param("CVG Minerven", "MINERVEN", "organisation", id="initials of a group"),
        pytest.param("Fatemiyoun Force", "FATEMIYOUN", "organisation", id="a word of lists"),
        pytest.param("Confideri Family Office", "CONFIDERI PTE LTD", None, id="a common word"),
        pytest.param("Symmetron Polska", "SYMMETRON", None, id="a country in its language"),
        pytest.param("Symmetron Shenzhen", "SYMMETRON", None, id="a place"),
        pytest.param("Parthia Cargo Dairy", "PARTHIA CARGO LLC", None, id="its trade met as well"),
        pytest.param("Media Land Garage", "MEDIALAND", None, id="a brand in two words"),
        pytest.param("Wagner Bakery", "WAGNER", "person", id="a person"),
        pytest.param("Новикомбанк Пекарня", "NOVIKOMBANK", None, id="a word in Cyrillic"),
    ],
)
def test_other_words_beside_a_brand_do_not_speak_against_it(asked, listed, entity_type) -> None:
    _, explanation = compared(asked, listed, entity_type)
    assert BRAND_ALONE not in {each.name for each in explanation.parts}


def test_words_of_everyday_trades_are_no_slips_of_other_trades() -> None:
    printed = {word.text for form in question_forms("Nicico Weddings") for word in form.words}
    assert printed == {"niciko", "vedings"}
