"""Brands of other scripts, as newspapers print them, find the names that lists print in Latin."""

import pytest

from service.names.form import normalise_all, read_otherwise
from service.names.match import DEFAULT_THRESHOLD, score_forms


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
        pytest.param("화웨이", "Huawei Technologies", id="Hangul"),
    ],
)
def test_a_brand_of_another_script_finds_its_latin_name(asked: str, listed: str) -> None:
    forms = normalise_all(asked)
    found = score_forms((*forms, *read_otherwise(forms)), normalise_all(listed))
    assert found >= DEFAULT_THRESHOLD
