"""Words for a company and its trade are parted from a name that is heard."""

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.company_words import without_company_words
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from abeyance_screening.engine.screening.name_variants import own_script_forms

_LISTED = ("Gazprom, PAO", "Gazprombank", "Aeroflot", "Huawei Technologies Co., Ltd.", "Huawei")
_INDEX = NameIndex.build(
    [
        IndexedName(place, 0, "primary", normalise(name), "organisation")
        for place, name in enumerate(_LISTED)
    ]
)


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        pytest.param("그룹 가스프롬", "Gazprom, PAO", id="Korean, before"),
        pytest.param("가스프롬은행", "Gazprombank", id="Korean, without a space"),
        pytest.param("กลุ่มบริษัทกาซพรอม", "Gazprom, PAO", id="Thai"),
        pytest.param("ธนาคารกาซพรอม", "Gazprombank", id="Thai, a bank"),
        pytest.param("สายการบินแอโรฟลอต", "Aeroflot", id="Thai, an airline"),
        pytest.param("קבוצת גזפרום", "Gazprom, PAO", id="Hebrew"),
        pytest.param("בנק גזפרום", "Gazprombank", id="Hebrew, a bank"),
        pytest.param("Όμιλος Γκαζπρόμ", "Gazprom, PAO", id="Greek, with an accent"),
        pytest.param("مجموعة غازبروم", "Gazprom, PAO", id="Arabic"),
        pytest.param("بنك غازبروم", "Gazprombank", id="Arabic, a bank"),
        pytest.param("गज़प्रोम कंपनी", "Gazprom, PAO", id="Hindi, after"),
        pytest.param("ファーウェイ社", "Huawei", id="Japanese"),
    ],
)
def test_a_heard_name_is_found_beside_a_word_for_a_company(written: str, listed: str) -> None:
    assert _INDEX.heard(" ".join(word.printed for word in normalise(written).words)) == []
    found = {
        _LISTED[match.name]
        for form in own_script_forms(written, None, _INDEX.heard)
        for match in _INDEX.matches(form, lists=None, threshold=DEFAULT_THRESHOLD)
    }
    assert listed in found


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("그룹", id="nothing else"),
        pytest.param("가스프롬", id="no such word"),
        pytest.param("بنكات", id="a part of a word, in a script with spaces"),
        pytest.param("Группа Газпром", id="Cyrillic, which is read"),
        pytest.param("华为集团", id="Han, which is read"),
        pytest.param("Gazprom Group", id="Latin"),
    ],
)
def test_nothing_is_parted_where_no_word_for_a_company_stands_beside_a_name(written: str) -> None:
    assert without_company_words(written) is None


def test_words_on_both_sides_are_parted_and_what_they_mean_is_kept() -> None:
    assert without_company_words("กลุ่มธนาคารกาซพรอม") == ("กาซพรอม", "group bank")
    assert without_company_words("שופרסל") is None
