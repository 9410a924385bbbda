"""The keys by which trials are made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.bench.plain_folding import script_of, scripts_in, spelling, whole_name


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        pytest.param("Hikvision Co., Ltd.", "HIKVISION CO LTD", True, id="punctuation and case"),
        pytest.param("Nestlé S.A.", "NESTLE SA", True, id="accents and dots"),
        pytest.param("Hikvision Ltd", "Hikvision LLC", False, id="another legal form"),
    ],
)
def test_a_spelling_stands_apart_from_case_and_punctuation_alone(
    one: str, other: str, alike: bool
):
    assert (spelling(one) == spelling(other)) is alike


def test_a_whole_name_leaves_legal_forms_out_unless_there_is_nothing_else():
    assert whole_name("PJSC Rosneft") == whole_name("Rosneft OAO") == "rosneft"
    assert whole_name("\u041e\u0410\u041e Роснефть") == whole_name("Роснефть ПАО") == "роснефть"
    assert whole_name("Co. Ltd") == "coltd"


@pytest.mark.parametrize(
    ("printed", "script"),
    [
        ("Hikvision", "Latin"),
        ("海康威视", "Han"),
        ("ソニー", "Han"),
        ("Ростех", "Cyrillic"),
        ("Green Pine Associated Corporation (青松連合)", "Latin"),
        ("شركة", "Arabic"),
        ("27", "Latin"),
    ],
)
def test_the_script_of_a_name_is_that_of_most_letters(printed: str, script: str):
    assert script_of(printed) == script


def test_every_script_in_a_name_is_seen():
    assert scripts_in("Green Pine (青松連合)") == {"Latin", "Han"}


@given(st.text())
def test_any_text_has_keys(printed: str):
    assert spelling(printed) != "" or printed == ""
    assert script_of(printed)
