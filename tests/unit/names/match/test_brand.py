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


@pytest.mark.parametrize(
    ("asked", "listed", "least"),
    [
        pytest.param("Renovs Group", "RENOVA GROUP", 0.7, id="six letters and a trade word"),
        pytest.param("Gemuhg Holding, Inc", "GEMUHO HOLDING, INC", 0.7, id="with legal forms"),
        pytest.param("Balo Trading FZE", "BALMO TRADING FZE", 0.6, id="a letter of five left out"),
        pytest.param("AL-Rahmaf Foundation", "AL-RAHMAH FOUNDATION", 0.6, id="beside an article"),
    ],
)
def test_a_slip_in_the_telling_word_is_charged_once(asked, listed, least) -> None:
    scored, explanation = compared(asked, listed)
    assert least < scored < 0.99
    rarest = next(each.value for each in explanation.parts if each.name == "rarest_word")
    assert rarest > max(pair.similarity for pair in explanation.pairs if pair.by == "spelling")


@pytest.mark.parametrize(
    ("asked", "listed", "entity_type"),
    [
        pytest.param("Jamon Investment", "HAMOON SEPAHAN INVESTMENT", None, id="a word left over"),
        pytest.param("Natalia Yashchenko", "Nataliya PASHCHENKO", "person", id="a person"),
        pytest.param("Batik Sdn Bhd", "BAYTIC", "organisation", id="a firm of one short word"),
        pytest.param("Quart Sdn Bhd", "QUARTA", None, id="a listing of no type"),
    ],
)
def test_a_word_that_is_only_near_is_no_slip(asked, listed, entity_type) -> None:
    assert compared(asked, listed, entity_type)[0] < DEFAULT_THRESHOLD


def test_a_firm_of_one_short_word_is_met_by_its_own_word_and_by_initials() -> None:
    assert compared("Batik Sdn Bhd", "BATIK")[0] > DEFAULT_THRESHOLD
    cut = "LIMITED LIABILITY COMPANY QZAXE"
    assert compared(cut, f"{cut}R")[0] > DEFAULT_THRESHOLD
    assert compared("Hicl Sdn Bhd", "Huawei International Co., Limited")[0] > DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param(
            "Suzhou Huoshu Electronic Technology Co., Ltd.",
            "Suzhou Gaotai Electronic Technology Co., Ltd.",
            id="a place and a trade of two words",
        ),
        pytest.param(
            "Shenzhen Jiangme Electronic Technology Co., Ltd.",
            "SHENZHEN JINGHONG ELECTRONIC TECHNOLOGY CO. LTD.",
            id="a listed word that others have too",
        ),
    ],
)
def test_firms_of_one_city_and_trade_with_two_brands_are_two_firms(asked, listed) -> None:
    scored, explanation = compared(asked, listed)
    assert scored < 0.5
    assert {(e.value, e.log_odds) for e in explanation.parts if e.name == "common_words"} == {
        (3.0, -1.5)
    }
