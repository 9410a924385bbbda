"""Numbers as they are compared: punctuation, case, scripts and leading zeros do not count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.screening.identifiers import key, plain


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        pytest.param("CHE-267.936.404", "CHE267936404", id="punctuated"),
        pytest.param("bg 201673717", "BG201673717", id="small letters"),
        pytest.param("１２３Ａ", "123A", id="full width"),  # noqa: RUF001
        pytest.param("۱۲۳۴۵", "12345", id="Persian digits"),
        pytest.param("№ 12\u00a0345", "NO12345", id="the sign for number"),
    ],
)
def test_letters_and_digits_alone_count(printed, bare):
    assert plain(printed) == bare


@pytest.mark.parametrize(
    ("bare", "shared"),
    [
        pytest.param("01074897", "1074897", id="a leading zero"),
        pytest.param("0000001", "00001", id="five digits are left"),
        pytest.param("00037", "00037", id="five digits"),
        pytest.param("C00146605", "C00146605", id="a letter before"),
        pytest.param("1234", None, id="too short"),
        pytest.param("NOTKNOWN", None, id="no digit"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_leading_zeros_do_not_count_and_short_ones_are_none(bare, shared):
    assert key(bare) == shared


@given(st.text())
def test_plain_is_plain_already(text):
    assert plain(plain(text)) == plain(text)


@given(st.text())
def test_a_key_is_its_own_key(text):
    shared = key(plain(text))
    assert shared is None or key(shared) == shared
