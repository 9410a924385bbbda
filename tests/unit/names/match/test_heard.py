"""Names in other scripts are heard as the listed names that they stand for, and as no others."""

from pathlib import Path

import pytest

from abeyance_screening.engine.lists.listing import EntityType, NameKind
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match.index import score_forms
from abeyance_screening.engine.names.match_types import IndexedName

_SHOPS = Path(__file__).parents[3] / "fixtures" / "match" / "shops_in_scripts.txt"
# Names of entries of the US lists of 2026-07-31, the Polish and British lists, as printed there.
_LISTED: tuple[tuple[str, NameKind, EntityType | None], ...] = (
    ("Public Joint Stock Company Gazprom", "primary", "organisation"),
    ("GAZPROM NEFT", "alias", "organisation"),
    ("GAZPROMBANK JOINT STOCK COMPANY", "primary", "organisation"),
    ("Rosneft", "alias", "organisation"),
    ("PJSC SBERBANK", "primary", "organisation"),
    ("Hikvision", "alias", "organisation"),
    ("PJSC AEROFLOT", "alias", "organisation"),
    ("Kaspersky", "alias", None),
    ("STATE CORPORATION ROSTEC", "alias", "organisation"),
    ("JSC Transneft", "primary", "organisation"),
    ("Xiaomi Corporation", "primary", "organisation"),
    ("Huawei", "alias", "organisation"),
    ("Lukoil, OAO", "primary", "organisation"),
    ("PUBLIC JOINT STOCK COMPANY SEVERSTAL", "primary", "organisation"),
    ("ROSOBORONEKSPORT OAO", "primary", "organisation"),
    ("KAMAZ PJSC", "alias", "organisation"),
    ("BANK PASARGAD", "alias", "organisation"),
    ("AIR KORYO", "primary", "organisation"),
    ("KARPIS AG", "primary", "organisation"),
    ("OOO PARTNER", "primary", "organisation"),
    ("LLC Center", "primary", "organisation"),
    ("Sahel Company", "weak_alias", "organisation"),
    ("ARMACO", "alias", "organisation"),
    ("MIRATH S.A.L.", "primary", "organisation"),
    ("Orbita", "alias", "organisation"),
    ("BELLUGA IC VE DIS TICARET LIMITED SIRKETI", "primary", "organisation"),
    ("LIMITED LIABILITY COMPANY CARBON", "primary", "organisation"),
    ("HODICO", "alias", "organisation"),
    ("PASNA", "alias", "organisation"),
    ("HASSAM", "alias", "person"),
)
INDEX = NameIndex.build(
    [
        IndexedName(place, 0, kind, normalise(printed), entity_type)
        for place, (printed, kind, entity_type) in enumerate(_LISTED)
    ]
)


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        pytest.param("غازبروم", "Gazprom", id="Arabic"),
        pytest.param("جازبروم", "Gazprom", id="as Egypt writes g"),
        pytest.param("روسنفت", "Rosneft", id="Arabic with a vowel unwritten"),
        pytest.param("سبيربنك", "SBERBANK", id="and between consonants"),
        pytest.param("هواوي", "Huawei", id="Arabic, nearly all vowels"),
        pytest.param("إيروفلوت", "AEROFLOT", id="two letters for the first vowel"),
        pytest.param("لوك أويل", "Lukoil", id="one name in two words"),
        pytest.param("غازبروم نفت", "GAZPROM NEFT", id="two words"),
        pytest.param("اسبربانک", "SBERBANK", id="Persian, which speaks a vowel first"),
        pytest.param("بانک پاسارگاد", "BANK PASARGAD", id="Persian"),
        pytest.param("היקוויז'\u05df", "Hikvision", id="Hebrew"),
        pytest.param("סברבנק", "SBERBANK", id="Hebrew without vowels"),
        pytest.param("แก๊ซพรอม", "Gazprom", id="Thai"),
        pytest.param("สเบอร์แบงก์", "SBERBANK", id="Thai with letters made silent"),
        pytest.param("로스네프트", "Rosneft", id="Korean"),
        pytest.param("가스프롬방크", "GAZPROMBANK", id="Korean, one brand and no other"),
        pytest.param("सबरबैंक", "SBERBANK", id="Hindi"),
        pytest.param("शाओमी", "Xiaomi", id="Hindi of a Chinese brand"),
        pytest.param("Γκαζπρόμ", "Gazprom", id="Greek"),
        pytest.param("Ροσομπορονεξπόρτ", "ROSOBORONEKSPORT", id="Greek, two letters for one"),
        pytest.param("როსნეფტი", "Rosneft", id="Georgian, in the nominative"),
        pytest.param("ლუკოილი", "Lukoil", id="Georgian"),
        pytest.param("ガスプロム", "Gazprom", id="Japanese"),
        pytest.param("セヴェルスターリ", "SEVERSTAL", id="Japanese of a soft l"),
        pytest.param("كاماز", "KAMAZ", id="five letters, written as they sound"),
    ],
)
def test_a_brand_is_heard_in_another_script(written: str, listed: str) -> None:
    words = normalise(written).words
    assert INDEX.heard(" ".join([word.printed for word in words]))[0].printed == listed


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("الإنماء", id="an ordinary bank"),
        pytest.param("أرامكو", id="its written vowel is in another place"),
        pytest.param("أرابياتا", id="letters that the listed name lacks"),
        pytest.param("امارات", id="a first vowel that the listed name lacks"),
        pytest.param("בלאק", id="a last vowel that is not written"),
        pytest.param("פרטנר", id="a common word"),
        pytest.param("شل", id="a weak alias"),
        pytest.param("ハッサン", id="a person's name"),
        pytest.param("설빙", id="a hard c"),
        pytest.param("パソナ", id="a short name that is written otherwise"),
        pytest.param("Газпром", id="a script that has a spelling of its own"),
        pytest.param("Gazprom", id="Latin letters"),
        pytest.param("俄气", id="Chinese characters, which have no letters"),
        pytest.param("", id="nothing"),
        pytest.param("غازبروم" * 9, id="a name too long to be one brand"),
    ],
)
def test_another_name_is_not_heard_as_a_listed_one(written: str) -> None:
    assert INDEX.heard(written) == []


def test_hardly_a_shop_is_heard_as_a_listed_brand() -> None:
    shops = _SHOPS.read_text("utf-8").splitlines()
    heard = {shop: names for shop in shops if (names := INDEX.heard(shop))}
    assert len(shops) > 600
    assert set(heard) <= {"ლუკოილი", "بانک پاسارگاد", "カルピス"}


def test_what_is_heard_less_well_is_further_away() -> None:
    (right,) = INDEX.heard("روسنيفت")
    (unwritten,) = INDEX.heard("روسنفت")
    assert 0.0 == right.misheard < unwritten.misheard < 0.5


def test_the_words_of_a_name_alone_would_not_find_it() -> None:
    listed = (normalise("Rosneft"),)
    assert score_forms((normalise("روسنفت"),), listed) < 0.2
