"""Names in Han characters, kana and Hangul, as lists print them next to their Latin names."""

import pytest

from abeyance_screening.engine.names.form import normalise, normalise_all, read_otherwise
from abeyance_screening.engine.names.form.word_types import Word
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, score_forms
from abeyance_screening.engine.names.match.name_keys import form_bits


def words(printed: str) -> list[str]:
    return [word.text for word in normalise(printed).words]


def spellings(printed: str) -> list[set[str]]:
    """Return every way to write each word."""
    return [{word.text, *word.readings} for word in normalise(printed).words]


@pytest.mark.parametrize(
    ("han", "latin"),
    [
        pytest.param("广州海格通信集团", "Guangzhou Haige Communications Group", id="brand"),
        pytest.param(
            "北京成興貿易有限公司", "Beijing Chengxing Trading Co. Ltd.", id="Japanese forms"
        ),
        pytest.param(
            "哈爾浜工程大学", "Harbin Engineering University", id="Japanese form of a city"
        ),
        pytest.param(
            "苏州中盛磁业有限公司", "SUZHOU ZHONGSHENG MAGNETIC CO LTD", id="jp_meti_eul"
        ),
        pytest.param(
            "深圳市佰联升电子科技有限公司",
            "Shenzhen Bailiansheng Electronic Technology",
            id="city with its kind",
        ),
        pytest.param(
            "辽阳石化公司", "Liaoyang Petrochemical Company", id="form that says nothing"
        ),
        pytest.param(
            "三明市海格电子有限公司", "Sanming Haige Electronics", id="a city no table knows"
        ),
        pytest.param("三十一研究所", "31 Research Institute", id="numeral"),
        pytest.param("七〇四所", "704 Institute", id="numeral digit by digit"),
        pytest.param("朝鮮光星貿易会社", "Korea Kwangsong Trading", id="Korean name in kanji"),
        pytest.param("平壌ゴム工場", "Pyongyang Rubber Plant", id="kana between Han"),
        pytest.param("조선광성무역회사", "Korea Kwangsong Trading", id="Hangul"),
        pytest.param("合作 海格电子", "Cooperation Haige Electron", id="pieces"),
        pytest.param("OKI電路技術株式会社", "OKI Circuit Technology", id="Latin inside"),
        pytest.param("三菱重工株式会社", "Mitsubishi Heavy", id="Japanese brand"),
        pytest.param("ミツビシ", "Mitsubishi", id="katakana"),
        pytest.param("习近平", "Xi Jinping", id="a person's full name"),
        pytest.param("김영남", "KIM Yongnam", id="a Korean full name"),
        pytest.param("苏州埃⽂合⾦有限公司", "Suzhou Aiwen Alloy", id="radicals for characters"),
    ],
)
def test_a_name_has_the_words_of_its_latin_name(han: str, latin: str) -> None:
    assert words(han) == words(latin)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("華為技術有限公司", "华为技术有限公司", id="traditional"),
        pytest.param("中国広核集団", "中国广核集团", id="Japanese"),
        pytest.param("佐々木", "佐佐木", id="repetition mark"),
        pytest.param("ﾐﾂﾋﾞｼ", "ミツビシ", id="half-width kana"),
        pytest.param("(株)日立", "㈱日立", id="form in a ring"),
    ],
)
def test_forms_of_the_same_characters_are_one_name(one: str, other: str) -> None:
    first, second = normalise(one), normalise(other)
    assert (first.joined, first.legal_forms) == (second.joined, second.legal_forms)
    assert [word.text for word in first.words] == [word.text for word in second.words]


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        pytest.param("バザルト", "Bazalt", id="vowels that kana add, l for r"),
        pytest.param("クポル", "Kupol", id="the first vowel is the word's own"),
        pytest.param("プログレス", "Progres", id="the first vowel is added"),
        pytest.param("テンプ", "Temp", id="m before p"),
    ],
)
def test_kana_are_read_as_the_word_of_another_language(kana: str, latin: str) -> None:
    (word,) = normalise(kana).words
    assert words(latin)[0] in word.readings


@pytest.mark.parametrize(
    ("kana", "expected"),
    [
        pytest.param("ロマシン", ["romashin"], id="machine at the end of a brand"),
        pytest.param("スターリング", ["sutaringu"], id="star at its front"),
        pytest.param("ビオングループ", ["bion", "group"], id="a brand and a long word"),
        pytest.param("マイクロエレクトロニクス", ["mikroelektronik"], id="known words alone"),
        pytest.param("チャイナ・エレクトロニクス", ["chinese", "elektron"], id="apart"),
    ],
)
def test_a_known_word_is_no_part_of_a_word_in_kana(kana: str, expected: list[str]) -> None:
    assert words(kana) == expected


@pytest.mark.parametrize(
    ("japanese", "latin"),
    [
        pytest.param("国営学術生産企業バザルト", "State Scientific Production Enterprise Bazalt"),
        pytest.param("A.S.ロモフ名称機械製造工場", "A.S. Romofu and Machine Building Plant"),
    ],
)
def test_organisations_abroad_have_the_words_of_their_english_name(
    japanese: str, latin: str
) -> None:
    ours, theirs = normalise(japanese).words, normalise(latin).words
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert other.text in (one.text, *one.readings)


@pytest.mark.parametrize(
    ("japanese", "others"),
    [
        pytest.param("株式会社バザルト", ("JSC", "AO", "Co., Ltd.", "Corp."), id="joint stock"),
        pytest.param("有限会社バザルト", ("LLC", "OOO", "Ltd."), id="limited"),
    ],
)
def test_a_japanese_form_is_at_odds_with_none_that_it_may_be(
    japanese: str, others: tuple[str, ...]
) -> None:
    for other in others:
        assert form_bits(normalise(japanese)) & form_bits(normalise(f"Bazalt {other}"))
    assert not form_bits(normalise(japanese)) & form_bits(normalise("Bazalt GmbH"))


def test_characters_that_sound_alike_are_different_names() -> None:
    assert normalise("海格").joined != normalise("海歌").joined
    assert words("海格") == words("海歌")


@pytest.mark.parametrize(
    ("printed", "place", "spelling"),
    [
        pytest.param("长城科技", 0, "zhangcheng", id="the other reading of a character"),
        pytest.param("绿源科技", 0, "lviuan", id="u with two dots as v"),
        pytest.param("烽火病院", 0, "ponghva", id="Korean where nothing says Chinese"),
        pytest.param("朝鲜恩德贸易会社", 1, "eundeok", id="as the South spells it"),
        pytest.param("东方电气集团", 0, "dongfang", id="a known word in pinyin"),
        pytest.param("航天科工二院", 2, "sekond", id="an ordinal as a word"),
        pytest.param("박지성", 0, "park", id="a surname as written abroad"),
        pytest.param("金正恩", 0, "kim", id="the surname Kim"),
        pytest.param("金正恩", 1, "iongun", id="a given name"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_word_are_readings(printed: str, place: int, spelling: str) -> None:
    assert spelling in normalise(printed).words[place].readings


def test_readings_are_few_and_none_is_the_word_itself() -> None:
    for printed in ("长城科技", "烽火病院", "조선광성무역회사", "三菱重工", "第一研究院"):
        for word in normalise(printed).words:
            assert len(word.readings) <= 4
            assert word.text not in word.readings


def test_latin_words_have_no_readings() -> None:
    assert normalise("Haige").words == (Word("haige", "Haige", 1.0, "h"),)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param("华为技术有限公司", ("co ltd",), id="Chinese"),
        pytest.param("삼성전자 주식회사", ("co ltd",), id="Korean"),
        pytest.param("辽阳石化公司", (), id="company and no more"),
    ],
)
def test_a_form_that_says_nothing_has_no_code(printed: str, expected: tuple[str, ...]) -> None:
    assert normalise(printed).legal_forms == expected


def test_one_character_is_a_word_at_the_end_only() -> None:
    assert words("江钢厂") == words("Jianggang Plant")
    assert len(words("厂江")) == 1


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("龙芯中科", "Loongson Zhongke Technology Co., Ltd", id="meaning and sound"),
        pytest.param("摩尔线程", "Moore Threads", id="two words"),
        pytest.param("寒武纪", "Cambrian", id="a name of a brand of its own"),
        pytest.param("盛美半导体", "Shengmei Semiconductor", id="by sound"),
        pytest.param("中國鐵建", "China Railway Construction Corp Ltd", id="abbreviated trade"),
        pytest.param(
            "中国移动通信集团", "China Mobile Communications Group", id="word of a trade"
        ),
        pytest.param("中国核工业集团", "China National Nuclear Corporation", id="national"),
    ],
)
def test_a_chinese_question_is_asked_by_sound_and_by_meaning(asked: str, listed: str) -> None:
    forms = normalise_all(asked)
    found = score_forms((*forms, *read_otherwise(forms)), normalise_all(listed))
    assert found >= DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("华光科技有限公司", "Brilliance Technology", id="a common word alone"),
        pytest.param("凤凰贸易", "Phoenix Trading", id="the name of many"),
        pytest.param("光明乳业", "Bright Future Dairy", id="half of the meaning"),
    ],
)
def test_a_common_word_is_not_taken_for_a_brand(asked: str, listed: str) -> None:
    forms = normalise_all(asked)
    found = score_forms((*forms, *read_otherwise(forms)), normalise_all(listed))
    assert found < DEFAULT_THRESHOLD


def test_a_translation_is_never_the_same_name_and_names_no_listed_word() -> None:
    forms = normalise_all("摩尔线程")
    (other,) = read_otherwise(forms)
    assert [word.text for word in other.words] == ["more", "thread"]
    assert other.spelled == forms[0].spelled
    assert read_otherwise(normalise_all("Moore Threads 北京")) == ()
