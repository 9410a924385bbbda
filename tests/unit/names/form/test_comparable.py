"""A name that cannot be compared, or only in part, gets a reason."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import has_letters, why_not_comparable


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param("GmbH", "legal form", id="legal form"),
        pytest.param("Co., Ltd.", "legal form", id="legal form of two words"),
        pytest.param("有限公司", "legal form", id="legal form in Han"),
        pytest.param("\u337f", "legal form", id="legal form as one sign"),
        pytest.param("\u041e\u041e\u041e", "legal form", id="legal form in Cyrillic"),
        pytest.param("A", "one letter", id="one letter"),
        pytest.param("华", "one letter", id="one Han character"),
        pytest.param("-- A.", "one letter", id="one letter among signs"),
        pytest.param("\u16a0\u16a2\u16a6", "U+16A0", id="Runic"),
        pytest.param("Huawei \u16a0", "U+16A0", id="Runic next to a name"),
        pytest.param("\u202e", "no letter", id="right-to-left override alone"),
        pytest.param("\u202eIEWAUH", "turns the order", id="right-to-left override"),
        pytest.param("H\ufffdAWEI", "U+FFFD", id="broken encoding"),
        pytest.param("H\ue000AWEI", "U+E000", id="private use"),
        pytest.param("---", "no letter", id="signs"),
        pytest.param("???", "no letter", id="question marks"),
    ],
)
def test_a_name_that_cannot_be_compared_says_why(printed: str, reason: str) -> None:
    assert reason in (why_not_comparable(printed) or "")


@pytest.mark.parametrize(
    "printed",
    [
        "Huawei",
        "ⒽⓊⒶⓌⒺⒾ",
        "DJI",
        "华为",
        "42",
        "11420 CORP.",
        "株式会社バザルト",
        "กรุงเทพ",
        "कंपनी",
        "الفارس",
        "Ελλάς",
        "한국",
        "Holding",
        "Société d'Électricité",
        "Foo™ ☃ Ltd",
        "Bar No. 7",
        "\u200eFoo Trading\u200f",
    ],
)
def test_other_names_can_be_compared(printed: str) -> None:
    assert why_not_comparable(printed) is None


@pytest.mark.parametrize("printed", ["ⒽⓊⒶⓌⒺⒾ", "\u337f", "\uff28", "\u2460"])
def test_letters_are_letters_however_they_are_printed(printed: str) -> None:
    assert has_letters(printed)


@given(st.text(max_size=30))
def test_any_text_is_judged_and_none_without_letters_passes(printed: str) -> None:
    reason = why_not_comparable(printed)
    if not any(map(str.isalnum, unicodedata.normalize("NFKC", printed))):
        assert reason is not None
