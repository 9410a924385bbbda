"""Names in brackets: another name of the party, its name once more, or a part of its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise, normalise_all
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, score_forms


@pytest.mark.parametrize(
    ("printed", "others"),
    [
        pytest.param(
            "SUZHOU ZHONGSHENG MAGNETIC INDUSTRY CO., LTD. (苏州中盛磁业有限公司)",
            ("SUZHOU ZHONGSHENG MAGNETIC INDUSTRY CO., LTD.", "苏州中盛磁业有限公司"),
            id="another script",
        ),
        pytest.param(
            "バヒレフ国立機械製造科学研究所(GosNIIMash)",
            ("バヒレフ国立機械製造科学研究所", "GosNIIMash"),
            id="Latin in another script",
        ),
        pytest.param("海康\uff08Hikvision\uff09", ("海康", "Hikvision"), id="wide brackets"),
        pytest.param(
            "LTS Holding Limited (f.k.a. IPP-International Petroleum Products Ltd.)",
            ("LTS Holding Limited", "IPP-International Petroleum Products Ltd."),
            id="formerly known as",
        ),
        pytest.param(
            "Universal Enterprise Limited [aka General Technology Limited, aka Luo Luo Tech]",
            ("Universal Enterprise Limited", "General Technology Limited", "Luo Luo Tech"),
            id="several others",
        ),
        pytest.param(
            "Petersburg Electronic Company (PEC), LLC",
            ("Petersburg Electronic Company, LLC",),
            id="its own acronym",
        ),
        pytest.param(
            "PJSC Sberbank (Public Joint-Stock Company Sberbank)",
            ("PJSC Sberbank",),
            id="the same once more",
        ),
        pytest.param(
            "Stroygazmontazh-Most OOO (SGM-MOST OOO)",
            ("Stroygazmontazh-Most OOO", "SGM-MOST OOO"),
            id="another company's name",
        ),
        pytest.param("Foo (Hong Kong Limited)", (), id="a place with a legal form"),
        pytest.param("Huawei Device (Hong Kong) Co., Limited", (), id="a place"),
        pytest.param("Longford Engineering (Pvt) Ltd.", (), id="a legal form"),
        pytest.param("AL-HARAMAYN FOUNDATION (KENYA)", (), id="a country in capitals"),
        pytest.param("Al-Qaida (The Base)", (), id="a translation may be a part"),
        pytest.param("(Foo)", (), id="nothing around"),
        pytest.param("Foo ()", (), id="nothing inside"),
        pytest.param("K (AKA: AMES)", ("AMES",), id="one letter is no name"),
        pytest.param("Foo Trading", (), id="no brackets"),
    ],
)
def test_the_names_that_a_printed_name_is_made_of(printed: str, others: tuple[str, ...]) -> None:
    whole, *rest = normalise_all(printed)
    assert whole == normalise(printed)
    assert [form.joined for form in rest] == [normalise(other).joined for other in others]


@given(st.text(alphabet="aB c(\uff09\uff08)[]华Ж.,", max_size=40))
def test_any_text_has_its_whole_form_first_and_no_form_twice(printed: str) -> None:
    forms = normalise_all(printed)
    assert forms[0] == normalise(printed)
    joined = [form.joined for form in forms]
    assert len(set(joined)) == len(joined)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Sunway Tech Co., Ltd (北京旭润科技有限公司)", "SUNWAY TECH CO., LTD"),
        ("北京旭润科技有限公司", "Sunway Tech Co., Ltd (北京旭润科技有限公司)"),
        ("PJSC Sberbank (Public Joint-Stock Company Sberbank)", "PJSC SBERBANK"),
    ],
)
def test_what_is_copied_with_its_brackets_finds_the_name_without(asked: str, listed: str) -> None:
    assert score_forms(normalise_all(asked), normalise_all(listed)) >= DEFAULT_THRESHOLD
