"""Brands of other scripts, as newspapers print them, find the names that lists print in Latin."""

import pytest

from abeyance_screening.engine.names.form import normalise, normalise_all, read_otherwise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, score_forms


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("حزب الله", "HIZBALLAH", id="a name joined with the divine name"),
        pytest.param("بانک تجارت", "Bank Tejarat", id="a brand that is a word of trade"),
        pytest.param("بانک ملی ایران", "Bank Melli Iran", id="with a country"),
        pytest.param("חיזבאללה", "HIZBALLAH", id="Hebrew with its vowels"),
        pytest.param("גזפרום", "Gazprom", id="Hebrew without a vowel"),
        pytest.param("ファーウェイ・テクノロジーズ", "Huawei Technologies Co., Ltd.", id="kana"),
        pytest.param("ロスネフチ", "Rosneft", id="kana of a Russian brand"),
        pytest.param("ДРАЙВ ТРЕЙД", "DRIVE TRADE LLC", id="English by sound in Cyrillic"),
        pytest.param("Юнайтед Шипінг Лайнз", "United Shipping Lines", id="and a word of trade"),
        pytest.param("화웨이", "Huawei Technologies", id="Hangul"),
        pytest.param("Уральський підшипниковий завод", "Ural Bearing Plant", id="Ukrainian trade"),
        pytest.param("ПАТ «Зірка»", "JSC Zvezda", id="a brand that Ukraine translates"),
        pytest.param("НВП «Схід»", "NPP Vostok", id="and an abbreviation of trades"),
        pytest.param(
            "Федеральна державна бюджетна установа «Дослідний завод «Омега»",
            "Omega Pilot Plant",
            id="a long legal form",
        ),
        pytest.param(
            "ПрАТ «Калузький завод приладів та двигунів»",
            "Kaluga Plant of Instruments and Engines",
            id="and between words",
        ),
        pytest.param("Роснафта", "Rosneft", id="a part of a word"),
        pytest.param(
            "\u0422\u041e\u0412 \u0421\u041a «\u0413\u0443\u0434\u0437\u043e\u043d»",
            "Gudzon Shipping Co LLC",
            id="short for one trade",
        ),
        pytest.param(
            "\u041e\u041e\u041e \u0421\u041a «\u0421\u043e\u0433\u043b\u0430\u0441\u0438\u0435»",
            "Soglasie Insurance Company",
            id="or for another",
        ),
        pytest.param(
            "\u0410\u041e «\u0413\u0440\u0430\u0436\u0434\u0430\u043d\u0441\u043a\u0438\u0435 "
            "\u0421\u0430\u043c\u043e\u043b\u0451\u0442\u044b "
            "\u0421\u0443\u0445\u043e\u0433\u043e»",
            "Sukhoi Civil Aircraft",
            id="a genitive",
        ),
        pytest.param(
            "Державна корпорація з космічної діяльності «Роскосмос»",
            "Corporation for Space Activities Roskosmos",
            id="with",
        ),
        pytest.param("Рязанська нафтопереробна компанія", "Ryazan Oil Refinery", id="of a town"),
        pytest.param("Служба зовнішньої розвідки", "Foreign Intelligence Service", id="a phrase"),
    ],
)
def test_a_brand_of_another_script_finds_its_latin_name(asked: str, listed: str) -> None:
    forms = normalise_all(asked)
    found = score_forms((*forms, *read_otherwise(forms)), normalise_all(listed))
    assert found >= DEFAULT_THRESHOLD


def test_a_ukrainian_word_keeps_its_sound_beside_the_russian_word() -> None:
    assert normalise("Захід").words[0].text == "zahid"
    (other,) = read_otherwise(normalise_all("Захід"))
    assert (other.words[0].text, other.words[0].readings) == ("zapad", ("zahid",))
    assert normalise("Zakhid").words[0].readings == ()


def test_two_letters_are_and_in_cyrillic_letters_alone() -> None:
    assert [word.text for word in normalise("Сокіл та Вектор").words] == ["sokil", "vektor"]
    assert [word.text for word in normalise("Sokil Ta Vektor").words] == ["sokil", "ta", "vektor"]


def test_a_loan_word_is_read_in_questions_only_and_a_latin_name_has_no_other_reading() -> None:
    assert [word.text for word in normalise("ДРАЙВ").words] == ["draiv"]
    (other,) = read_otherwise(normalise_all("ДРАЙВ"))
    assert (other.words[0].text, other.words[0].readings) == ("drive", ("draiv",))
    assert read_otherwise(normalise_all("Draiv Société")) == ()


@pytest.mark.parametrize(
    ("ukrainian", "russian"),
    [("Олексій", "Алексей"), ("Олександр", "Александр"), ("Олена", "Елена"), ("Сергій", "Сергей")],
)
def test_a_ukrainian_given_name_is_read_like_the_russian_one(ukrainian: str, russian: str) -> None:
    (word,), (other,) = normalise(ukrainian).words, normalise(russian).words
    assert other.text in (word.text, *word.readings)


def test_a_given_name_is_not_translated() -> None:
    (person,) = normalise_all("\u5f20\u5efa\u56fd")
    assert not any(
        "nation" in word.text for form in read_otherwise([person]) for word in form.words
    )
